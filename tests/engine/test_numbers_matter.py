"""Shift each clinical number of the engine's content by one step: some explicit test must fail."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from workstation.assets import resource

HERE = Path(__file__).parent
TESTS = {
    "rubrics": ("test_count_rubric.py", "test_other_schemes.py"),
    "formulary": ("test_dose_arithmetic.py", "test_prescription_checks.py"),
    "rems": ("test_rems_engine.py",),
    "monitoring": ("test_laboratory_bands.py", "test_monitoring_plan.py"),
    "prescription": ("test_prescription_checks.py",),
}
SEARCHING = (
    "not always_sum and not lies_outside and not never and not additive and not second_reckoning"
)
NUMBER = re.compile(r"(?<![\w.\"-])\d+(?:\.\d+)?(?![\w.\"-])")
SKIPPED = (
    "subtitle",
    "name",
    "bad",
    "write",
    "schema",
    "edition",
    "as_of",
    "code",
    "loinc",
    "title",
    "label",
    "advice",
    "because",
    "pattern",
)
SLICE = 8


@dataclass(frozen=True)
class Place:
    """One number of one file."""

    file: str
    line: int
    start: int
    end: int
    text: str

    def shifted(self, by: int) -> str:
        exponent = Decimal(self.text).as_tuple().exponent
        return str(Decimal(self.text) + by * Decimal(1).scaleb(int(exponent)))


def places() -> list[Place]:
    found = []
    root = resource("clinical")
    for folder in TESTS:
        for path in sorted((root / folder).glob("*.toml")):
            table = ""
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
                if line.startswith("["):
                    table = line
                key = line.partition("=")[0].strip()
                if line.startswith(("#", "[")) or table == "[[example]]" or key in SKIPPED:
                    continue
                value = line.find("=") + 1
                found += [
                    Place(f"{folder}/{path.name}", number, m.start(), m.end(), m.group())
                    for m in NUMBER.finditer(line, value)
                ]
    return found


def survives(place: Place, by: int, folder: Path) -> str | None:
    """None when a test noticed the shift, else a sentence naming the number."""
    if Decimal(place.text) + by < 0:
        return None
    copy = folder / "clinical"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(resource("clinical"), copy)
    path = copy / place.file
    lines = path.read_text(encoding="utf-8").splitlines()
    line = lines[place.line]
    lines[place.line] = line[: place.start] + place.shifted(by) + line[place.end :]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    files = [str(HERE / name) for name in TESTS[place.file.partition("/")[0]]]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:xdist", "-p", "no:pytestqt", "-p",
         "no:cacheprovider", "-o", "addopts=", "-o", "filterwarnings=", "-k", SEARCHING, *files],
        env=os.environ | {"ENGINE_CONTENT": str(copy)},
        cwd=HERE.parent.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )  # fmt: skip
    if done.returncode == 1:
        return None
    assert done.returncode == 0, done.stdout + done.stderr
    return f"{place.file}:{place.line + 1} {line.strip()} ({place.text} to {place.shifted(by)})"


def test_there_are_numbers_to_shift():
    found = places()
    assert len(found) > 240
    assert {p.file.partition("/")[0] for p in found} == set(TESTS)


def test_a_slice_of_the_numbers_matters(tmp_path):
    found = places()
    step = len(found) // SLICE
    survivors = [survives(place, 1, tmp_path) for place in found[:: step or 1]]
    assert [s for s in survivors if s] == []


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("by", [1, -1])
def test_every_number_matters(tmp_path, by):
    survivors = [survives(place, by, tmp_path) for place in places()]
    assert [s for s in survivors if s] == []
