"""Coverage-guided fuzzing of the package reader: nothing but its own refusals may come out.

Run: python tests/fuzz/package_reader.py [-max_total_time=240] [FOLDER OF INPUTS]
Needs: pip install atheris (not part of the test extra). Both shapes are read from the same bytes: as
they are (the first bytes decide), and as the bundle inside a zip that is otherwise right. The strict
reader and the validator must agree on what is taken.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "adapters" / "inbox")]

with atheris.instrument_imports(include=["workstation", "zipfile", "json"]):
    import inbox_builders as builders

    from workstation.adapters.inbox import hl7_results  # noqa: F401  # read by read_any
    from workstation.adapters.inbox.source import FolderReader
    from workstation.adapters.inbox.validation import check
    from workstation.domain.errors import Refused

READER = FolderReader(builders.TESTS, builders.registry())
FOLDER = Path(tempfile.mkdtemp(prefix="package-fuzz-"))
FILE = FOLDER / "package"


def one(data: bytes) -> None:
    """Read one input in both shapes."""
    for content in (data, builders.zipped(raw=data) if data[:1] == b"{" else b""):
        if not content:
            continue
        FILE.write_bytes(content)
        try:
            READER.read_any(FILE)
            taken = True
        except Refused:
            taken = False
        if taken != (check(FILE, READER).faults == ()):
            raise AssertionError("reader and validator differ")


def seeds(folder: Path) -> None:
    """A few valid packages to begin from."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {
        "zip": builders.zipped(),
        "inline": json.dumps(builders.inline()).encode(),
        "plain": json.dumps(builders.bundle(photos=False, extra=(builders.lab(),))).encode(),
        "hl7": b"MSH|^~\\&|LAB|X|Y|Z|20261118||ORU^R01|1|P|2.5.1\rPID|1||MK-1\r",
    }
    for name, content in made.items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    inputs = [Path(a) for a in sys.argv[1:] if not a.startswith("-")] or [FOLDER / "inputs"]
    seeds(inputs[0])
    options = [a for a in sys.argv[1:] if a.startswith("-")] or ["-max_total_time=240"]
    atheris.Setup([sys.argv[0], "-max_len=16384", *options, str(inputs[0])], one)
    atheris.Fuzz()
