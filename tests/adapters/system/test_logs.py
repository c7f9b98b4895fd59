"""The log says what happened and where, and quotes nobody."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from workstation import log
from workstation.adapters.system import logs
from workstation.domain.errors import WorkstationError

NAME = "Quillfeather"


@pytest.fixture
def written(tmp_path: Path):
    """What the log holds by now."""
    kept = logs.keep(tmp_path / "reports")

    def written() -> str:
        return (tmp_path / "reports" / logs.FILE).read_text()

    yield written
    kept.close()


def test_codes_and_allowed_fields_are_noted_and_nothing_else(written) -> None:
    log.note("store.opened", consultation="c1", count=3)
    assert written().rstrip().endswith("INFO workstation store.opened consultation=c1 count=3")
    for fields in ({"name": NAME}, {"family": NAME}):
        with pytest.raises(ValueError, match="not for the log"):
            log.note("store.opened", **fields)
    with pytest.raises(ValueError, match="not for the log"):
        log.note(f"Patient {NAME}")
    log.note("a.b", user=f"Mary {NAME}")
    assert NAME not in written() and "a.b user=withheld" in written()


def test_foreign_messages_and_exception_texts_are_withheld(written) -> None:
    logging.getLogger("some.library").warning("cannot parse %s", NAME)
    try:
        try:
            raise ValueError(NAME)
        except ValueError as error:
            raise WorkstationError("store.disk.full", step="write") from error
    except WorkstationError as error:
        log.note("job.failed", error=error, lane="store")
        logging.getLogger("some.library").exception(NAME)
    text = written()
    assert NAME not in text
    assert "WARNING some.library text.withheld" in text
    assert "WorkstationError store.disk.full" in text and "ValueError" in text
    assert "test_logs.py:" in text


def test_the_file_is_the_users_own_does_not_grow_and_ends(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(logs, "FILE_BYTES", 2000)
    place = tmp_path / "reports"
    for _ in range(2):  # a second opening of the same records goes on in the same file
        kept = logs.keep(place)
        log.note("store.opened")
    assert (place / logs.FILE).read_text().count("store.opened") == 2
    if sys.platform != "win32":
        assert place.stat().st_mode & 0o077 == 0
    for _ in range(logs.FILES * 2000 // 50):
        log.note("store.opened", count=1)
    assert len(list(place.iterdir())) == logs.FILES
    assert all(f.stat().st_size <= 2000 for f in place.iterdir())
    kept.close()
    before = (place / logs.FILE).read_text()
    log.note("store.closed")
    assert (place / logs.FILE).read_text() == before


@pytest.mark.skipif(sys.platform == "win32", reason="core files are of other systems")
def test_a_crash_leaves_no_file_of_the_memory() -> None:
    told = (
        "import resource, sys\nfrom workstation.__main__ import main\n"
        "sys.argv = ['workstation', '--version']\n"
        "try:\n    main()\n"
        "except SystemExit:\n    print(resource.getrlimit(resource.RLIMIT_CORE))\n"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("(0, 0)\n")


TALKS = """
import logging, sys, threading, warnings
from pathlib import Path
from workstation.adapters.system import logs

logs.withhold()
kept = logs.keep(Path(sys.argv[1]))
name = sys.stdin.read()
logging.getLogger("sqlalchemy.engine").error("INSERT %s", name)
logging.getLogger("x").error("%d", name)  # cannot be formatted: Python would print it
warnings.warn(name)
thread = threading.Thread(target=lambda: {}[name])
thread.start(); thread.join()
def fall():
    class Falls:
        def __del__(self):
            raise ValueError(name)
    Falls()
fall()
raise LookupError(name)
"""


def test_what_libraries_say_reaches_neither_screen_nor_log(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TALKS, str(tmp_path)],
        input=NAME, capture_output=True, text=True, check=False,
    )  # fmt: skip
    told = (tmp_path / logs.FILE).read_text()
    assert NAME not in done.stdout + done.stderr + told
    assert "LookupError" in done.stderr and done.returncode == 1
    for who in ("sqlalchemy.engine text", "category=UserWarning", "KeyError", "error.ignored"):
        assert who in told, told
