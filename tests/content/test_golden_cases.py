"""Every published worked case comes out, and nothing unknown is skipped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workstation.assets import resource
from workstation.content import vectors
from workstation.content.catalogue import load
from workstation.domain.errors import ContentError

GOLDEN = Path(__file__).with_name("golden-cases.json")
EDGES = Path(__file__).with_name("edge-cases.json")
IDS = [case["id"] for case in json.loads(GOLDEN.read_text(encoding="utf-8"))["cases"]]


@pytest.fixture(scope="module")
def content():
    return load(resource("clinical"))


@pytest.fixture(scope="module")
def results(content):
    return {result.id: result for result in vectors.run(GOLDEN, content)}


@pytest.mark.parametrize("case", IDS)
def test_case(results, case):
    assert results[case].passed, results[case].text()


def test_every_edge_of_a_number_is_where_the_texts_have_it(content):
    """Below, at and above each number of the clinical texts, written from them alone."""
    found = vectors.run(EDGES, content)
    assert len(found) > 500 and {r.kind for r in found} == set(vectors.kinds()) - {"combinations"}
    assert [r.text() for r in found if not r.passed] == []


def test_a_word_nobody_knows_is_no_symptom(content):
    result = one(content, "symptom", {"symptoms": ["the_vapours"]}, {})
    assert result.fault == "content.cases.word"


@pytest.mark.parametrize("left_out", ["id", "kind", "expected"])
def test_a_file_with_a_case_of_another_form_is_refused_whole(content, tmp_path, left_out):
    case = {"id": "X", "kind": "npi", "inputs": {"npi": "1"}, "expected": {}}
    del case[left_out]
    path = tmp_path / "cases.json"
    path.write_text(json.dumps({"schema": vectors.SCHEMA, "cases": [case]}), encoding="utf-8")
    with pytest.raises(ContentError, match="shape"):
        vectors.run(path, content)


def test_every_case_is_run_once(results):
    assert len(results) == len(IDS)


def one(content, kind, inputs, expected):
    return vectors.run_one(
        {"id": "X", "kind": kind, "inputs": inputs, "expected": expected}, content
    )


def test_unknown_kinds_are_reported_not_skipped(content):
    result = one(content, "horoscope", {}, {})
    assert result.unsupported and not result.passed
    assert result.text() == "X horoscope: not supported"


def test_a_wrong_expectation_fails_and_says_what_differs(content):
    result = one(content, "npi", {"npi": "1234567893"}, {"valid": False})
    assert result.differs == ("valid",) and "expected False" in result.text()
    assert vectors.plain(result)["actual"] == {"valid": True}


def test_an_expected_key_that_nobody_writes_fails(content):
    assert one(content, "npi", {"npi": "1234567893"}, {"beauty": None}).differs == ("beauty",)


@pytest.mark.parametrize(
    ("kind", "inputs", "fault"),
    [("npi", {}, "content.cases.inputs"), ("window", {"category": "X"}, "content.cases.inputs"),
     ("check", {"drug": "isotretinoin", "facts": ["moonstruck"]}, "content.cases.word"),
     ("check", {"drug": "water", "facts": []}, "content.cases.medicine"),
     ("count_rubric", {"comedones": -1, "inflammatory": 0, "nodules_cysts": 0},
      "severity.count.negative")],
)  # fmt: skip
def test_inputs_nobody_understands_fail(content, kind, inputs, fault):
    result = one(content, kind, inputs, {})
    assert result.fault == fault and not result.passed and fault in result.text()


def test_codes_compare_as_sets_and_reason_codes_in_order(content):
    sig = {"text": "Apply 1 drop OU QHS"}
    assert one(content, "sig_lint", sig, {"codes": ["E-EAREYE", "E-HS"]}).passed
    assert not one(content, "sig_lint", sig, {"codes": ["E-HS"]}).passed
    counts = {"comedones": 0, "inflammatory": 50, "nodules_cysts": 0}
    assert not one(content, "count_rubric", counts, {"reason_codes": ["M-T", "M-I"]}).passed


def test_every_kind_is_listed(content):
    used = {case["kind"] for case in json.loads(GOLDEN.read_text(encoding="utf-8"))["cases"]}
    assert used <= set(vectors.kinds())


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"schema": "other", "cases": []}', '{"schema": "golden-cases/1"}']
)
def test_files_of_another_shape_are_refused(content, tmp_path, text):
    path = tmp_path / "cases.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match="content.cases"):
        vectors.run(path, content)
