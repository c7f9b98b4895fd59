"""Annotations and readings by command on a real store, in a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from clinic_day import copy_of

from workstation.showcase import LOGIN, PASSWORD

# One process takes all commands, one a line: starting eight would cost more than they do.
CHILD = """
import contextlib, io, json, sys
from workstation import cli
for line in sys.stdin:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cli.run(json.loads(line))
    print(json.dumps([code, out.getvalue(), err.getvalue()]), flush=True)
"""


@dataclass(frozen=True)
class Done:
    """What a command gave."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def run(base_store: Path, tmp_path: Path) -> Iterator[Run]:
    folder, secret = copy_of(base_store, tmp_path / "store"), tmp_path / "password"
    secret.write_text(PASSWORD)
    env = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "QT_QPA_PLATFORM")}
    opened = ["--store", str(folder), "--user", LOGIN, "--password-file", str(secret)]
    with subprocess.Popen(
        [sys.executable, "-c", CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=env,
    ) as child:
        assert child.stdin is not None and child.stdout is not None

        def ran(*words: str) -> Done:
            assert child.stdin is not None and child.stdout is not None
            child.stdin.write(json.dumps([*words, *opened]) + "\n")
            child.stdin.flush()
            return Done(*json.loads(child.stdout.readline()))

        yield ran
        child.stdin.close()


def test_out_in_read_again_and_compared(run: Run, tmp_path: Path) -> None:
    id_ = json.loads(run("queue", "--json").stdout)[0]["consultation"]
    on = ("--consultation", id_)
    coco = tmp_path / "out.json"
    done = run("export-annotations", *on, "--out", str(coco), "--json")
    assert done.returncode == 0, done.stderr
    whole = json.loads(coco.read_text())
    image = next(i for i in whole["images"] if i["workstation"]["view"] == "front")
    kinds = {row["name"]: row["id"] for row in whole["categories"]}
    places = [(image["width"] * x, image["height"] * 0.3) for x in (0.4, 0.5, 0.6)]
    whole["annotations"] = [
        annotation(number, image, kinds["PA"], place) for number, place in enumerate(places)
    ]
    coco.write_text(json.dumps(whole))

    done = run("import-annotations", *on, str(coco), "--json")
    assert json.loads(done.stdout) == [{"changed": 3}], done.stderr
    table = tmp_path / "out.csv"
    assert run("export-annotations", *on, "--format", "csv", "--out", str(table)).returncode == 0
    assert json.loads(run("import-annotations", *on, str(table), "--json").stdout) == [
        {"changed": 0}
    ]

    whole["annotations"] = whole["annotations"][:2]
    coco.write_text(json.dumps(whole))
    done = run("second-read", *on, str(coco), "--json")
    assert json.loads(done.stdout) == [{"annotations": 2, "round": 1}], done.stderr

    whole = json.loads(run("agreement", *on).stdout)
    found = whole["consultations"][0]
    every = [(t["first"], t["second"]) for t in found["types"]]
    assert every == [(3, 2)]
    assert (found["paired"], len(found["first_only"]), found["second_only"]) == (2, 1, [])

    wrong = tmp_path / "wrong.json"
    wrong.write_text("{}")
    refused = run("import-annotations", *on, str(wrong))
    assert refused.returncode == 1 and "annotations.format" in refused.stderr


def annotation(
    number: int, image: dict[str, Any], kind: int, at: tuple[float, float]
) -> dict[str, Any]:
    own = {
        "id": f"a{number}",
        "at": list(at),
        "radius": None,
        "border": [],
        "note": "",
        "author": "x",
        "made_at": "2026-11-22T09:30:00+00:00",
        "made_by": "clinician",
        "counted_here": False,
        "same_as": None,
        "proposal": None,
    }
    return {"id": number + 1, "image_id": image["id"], "category_id": kind, "workstation": own}
