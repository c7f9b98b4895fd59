"""The published inputs of every kind of worked case are those its row reads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.safety import cases
from workstation.assets import resource
from workstation.content import vectors
from workstation.content.vector_schemas import KindSchema, read_schemas
from workstation.domain.errors import ContentError

FILE = resource("authoring", "vector-kinds.toml")
SCHEMAS = read_schemas(FILE)
BY_KIND = {schema.id: schema for schema in SCHEMAS}
GOLDEN = json.loads(Path(__file__).with_name("golden-cases.json").read_text(encoding="utf-8"))


def outcome(schema: KindSchema, inputs: dict[str, object]) -> vectors.CaseResult:
    case = {"id": "x", "kind": schema.id, "inputs": inputs, "expected": {}}
    return vectors.run_one(case, cases.content())


def test_every_kind_is_published_once() -> None:
    assert tuple(sorted(BY_KIND)) == vectors.kinds()
    assert len(SCHEMAS) == len(BY_KIND)


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.id)
def test_the_example_runs_and_every_required_input_is_missed(schema: KindSchema) -> None:
    found = outcome(schema, dict(schema.example))
    assert found.fault == "" and sorted(found.actual) == sorted(schema.outputs)
    assert set(schema.required) <= set(schema.example)
    for name in schema.required:
        without = {key: value for key, value in schema.example.items() if key != name}
        assert outcome(schema, without).fault, name


def test_golden_cases_hold_only_published_inputs_and_outputs() -> None:
    for case in GOLDEN["cases"]:
        schema = BY_KIND[case["kind"]]
        assert set(case["inputs"]) <= {*schema.required, *schema.optional}, case["id"]
        assert set(schema.required) <= set(case["inputs"]), case["id"]


def test_an_unknown_type_is_refused(tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8").replace('= "whole"', '= "integer"', 1)
    changed = tmp_path / FILE.name
    changed.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=r"content\.cases\.type"):
        read_schemas(changed)


def test_the_command_prints_them() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "workstation", "check-content", "--schemas", "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    printed = json.loads(done.stdout)
    assert {one["kind"] for one in printed} == set(vectors.kinds())
    assert printed[0]["example"]
