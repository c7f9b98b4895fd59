"""A copy of the advisories names every pin it touches, and says when it is too old to tell."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / ".ci" / "packaging"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="a shell script")

PINS = "".join(
    f"{pin} \\\n    --hash=sha256:00\n"
    for pin in ("big-lens==2.0.1 ; python_version < '3.12'", "big-lens==3.1", "small==1.4.post1")
)


def record(number: int, *, package: str = "big-lens", **fields: Any) -> dict[str, Any]:
    """One record; ``events`` and ``versions`` go to its package, the rest to the record itself."""
    affected: dict[str, Any] = {"package": {"name": package, "ecosystem": fields.pop("of", "PyPI")}}
    if "events" in fields:
        affected["ranges"] = [{"type": "ECOSYSTEM", "events": fields.pop("events")}]
    if "versions" in fields:
        affected["versions"] = fields.pop("versions")
    one = {
        "id": f"PYSEC-{number}",
        "aliases": [f"CVE-{number}"],
        "modified": "2026-03-01T00:00:00Z",
    }
    return {**one, "affected": [affected], "summary": "overflows", **fields}


def asked(
    at: Path, *records: dict[str, Any], exceptions: str = "", today: str = "2026-03-02"
) -> subprocess.CompletedProcess[str]:
    at.mkdir(exist_ok=True)
    for name in ("weaknesses", "advisories.py"):
        shutil.copy(PACKAGING / name, at)
    (at / "requirements.txt").write_text(PINS)
    (at / "weaknesses.txt").write_text(exceptions)
    for one in records:
        below = at / "copy" / "vulns" / one["id"]
        below.mkdir(parents=True)
        (below / f"{one['id']}.json").write_text(json.dumps(one, indent=1))
    return subprocess.run(
        [at / "weaknesses", "--advisories", "copy", today],
        cwd=at, env={**os.environ, "PYTHON": sys.executable}, capture_output=True, text=True, check=False,
    )  # fmt: skip


CASES = {
    "from the first to before the repair": ([{"introduced": "0"}, {"fixed": "3.1"}], {"2.0.1"}),
    "the repaired version itself is well": ([{"introduced": "2.0.2"}, {"fixed": "3.1"}], set()),
    "the version it came with is not": ([{"introduced": "3.1"}], {"3.1"}),
    "the last affected one is affected": (
        [{"introduced": "0"}, {"last_affected": "2.0.1"}],
        {"2.0.1"},
    ),
    "never repaired": ([{"introduced": "0"}], {"2.0.1", "3.1"}),
    "came again": (
        [{"introduced": "0"}, {"fixed": "2.0"}, {"introduced": "3.0rc1"}, {"fixed": "3.2"}],
        {"3.1"},
    ),
    "events in any order": ([{"fixed": "3.1"}, {"introduced": "0"}], {"2.0.1"}),
    "a repair that cannot be read repairs nothing": (
        [{"introduced": "3"}, {"fixed": "?"}],
        {"3.1"},
    ),
    "a beginning that cannot be read has begun": ([{"introduced": "?"}], {"2.0.1", "3.1"}),
}


def test_every_edge_of_a_range(tmp_path: Path) -> None:
    """All cases in one folder, each as a record of its own, so that one run tells of all."""
    done = asked(tmp_path, *(record(n, events=e) for n, (e, _) in enumerate(CASES.values())))
    told = {tuple(line.split()[1:4]) for line in done.stdout.splitlines() if line[:8] == "AFFECTED"}
    for number, (name, (_events, versions)) in enumerate(CASES.items()):
        found = {v.rstrip(":") for p, v, r in told if (p, r) == ("big-lens", f"PYSEC-{number},")}
        assert found == versions, name
    assert done.returncode == 1


def test_names_and_versions_are_compared_and_not_spelled(tmp_path: Path) -> None:
    done = asked(
        tmp_path,
        record(1, package="Big_Lens", versions=["2.0.1.0"]),
        record(2, package="small", versions=["1.4-1"]),
        record(3, package="smaller", events=[{"introduced": "0"}]),
        record(4, package="small", of="npm", events=[{"introduced": "0"}]),
        record(5, package="small", events=[{"introduced": "0"}], withdrawn="2026-02-01T00:00:00Z"),
        record(6, package="small"),  # names no version: all of them
    )
    told = [line.split(";")[0] for line in done.stdout.splitlines() if line[:8] == "AFFECTED"]
    assert told == [
        "AFFECTED: big-lens 2.0.1: PYSEC-1, CVE-1",
        "AFFECTED: small 1.4.post1: PYSEC-2, CVE-2",
        "AFFECTED: small 1.4.post1: PYSEC-6, CVE-6",
    ]


@pytest.mark.parametrize(
    ("exceptions", "ends", "word"),
    [
        ("", 1, "AFFECTED"),
        ("CVE-7 2026-03-02 never reached from a photo\n", 0, "excepted"),
        ("PYSEC-7 2026-03-02 never reached from a photo\n", 0, "excepted"),
        ("CVE-8 2026-03-02 never reached from a photo\n", 1, "AFFECTED"),
    ],
)
def test_only_a_dated_exception_lets_one_pass(
    tmp_path: Path, exceptions: str, ends: int, word: str
) -> None:
    done = asked(tmp_path, record(7, events=[{"introduced": "3"}]), exceptions=exceptions)
    assert (done.returncode, word in done.stdout) == (ends, True), done.stderr


def test_an_old_copy_and_an_empty_one_tell_nothing(tmp_path: Path) -> None:
    harmless = record(1, events=[{"introduced": "0"}, {"fixed": "1"}])
    assert asked(tmp_path / "new", harmless, today="2026-03-08").returncode == 0
    old = asked(tmp_path / "old", harmless, today="2026-03-09")
    assert (old.returncode, "of 2026-03-01" in old.stderr) == (1, True)
    # A record dated by a slip of the pen into the future does not make the copy a new one.
    slip = record(2, events=[{"introduced": "0"}, {"fixed": "1"}], modified="2027-01-01T00:00:00Z")
    assert asked(tmp_path / "slip", harmless, slip, today="2026-03-09").returncode == 1
    (tmp_path / "none" / "copy").mkdir(parents=True)
    assert asked(tmp_path / "none").returncode == 2


def test_the_records_may_be_yaml(tmp_path: Path) -> None:
    below = tmp_path / "copy"
    below.mkdir()
    (below / "PYSEC-9.yaml").write_text(
        'id: PYSEC-9\nmodified: "2026-03-01T10:00:00Z"\ndetails: reads past the end\naffected:\n'
        '- package:\n    name: small\n    ecosystem: PyPI\n  ranges:\n  - type: ECOSYSTEM\n'
        '    events:\n    - introduced: "0"\n    - fixed: "2"\n  versions:\n  - "1.0"\n'
    )  # fmt: skip
    done = asked(tmp_path)
    assert "AFFECTED: small 1.4.post1: PYSEC-9; repaired in 2: reads past the end" in done.stdout
