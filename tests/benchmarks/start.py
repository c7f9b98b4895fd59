"""From starting the program to its window, its sign-in page, and the first painted page of the queue.

Run: python tests/benchmarks/start.py [ROUNDS]
Each round starts fresh processes in turn: a plain QMainWindow, the program to its first frame (the
window with its ground) and on to its sign-in page, in which a password can be typed, the
program signed in at once, and the program signed in after a password's worth of typing. The plain
window of the same rounds is what the others are compared with. Unlocking a store is slow on purpose
(Argon2id), so what it takes is told apart and taken out of the figures of the queue.

Warm is as it is started every day: Python's compiled files and the files of the disk are at hand.
Cold is the first start after the computer was switched on: the program's files are dropped from
memory before each process, as far as nobody else uses them.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.figures import of_runs
from tests.benchmarks.start_driver import FORM, PLAIN, QUEUE, SIGN_IN

WINDOW_SHARE, QUEUE_SHARE = 1.4, 2.8
READY = "names for screen readers, languages, colours of the look and the clinic's line are made with the page"
AT_ONCE = (
    "database, rules and pages are imported first, which is most of the time between;"
    " documents' libraries come behind the queue, the desk's while the password is checked;"
    " see Enter after typing"
)
TYPED = "the first page of the queue, its tabs and its preview are built and worded in Python"
TYPING_MS = 4000  # 18 characters by somebody who types fast
PAUSE_MS, FAILURE_MS = 50, 100
SHARED = "the window shares the interpreter with the lane that imports the rest"
FOLDER = "derm-workstation"  # below where a system keeps the data of programs
IN_CI = bool(os.environ.get("CI"))
ROUNDS, COLD_ROUNDS = (1, 1) if IN_CI else (7, 3)
FEW = 4 if IN_CI else None  # consultations of the store; all of the demonstration


def started(compiled: Path, *arguments: str) -> dict[str, float]:
    """Moments of one start in ms since its process began; ``pause`` is a length."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(compiled)
    environment["PYTHONPATH"] = str(ROOT)
    driver = str(Path(__file__).with_name("start_driver.py"))
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, driver, *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        timeout=300,
    )
    if done.returncode:
        said = (*done.stdout.splitlines()[-3:], *done.stderr.splitlines()[-3:])
        raise RuntimeError(f"a start ended with {done.returncode}: {' | '.join(said)}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    pause = found.pop("pause", 0.0)
    return {name: (at - start) * 1000 for name, at in found.items()} | {"pause": pause * 1000}


def program_files(compiled: Path) -> Iterator[Path]:
    """What a start may read: libraries, the program, its content and forms, compiled files."""
    import PySide6

    libraries = Path(str(PySide6.__file__)).parents[1]
    for folder in (libraries, ROOT / "workstation", ROOT / "forms", ROOT / "resources", compiled):
        yield from (path for path in folder.rglob("*") if path.is_file())


def forget(files: Sequence[Path]) -> None:
    """Drop files from memory; what another process has open in memory stays."""
    for path in files:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(handle)


def unlock_milliseconds(store: Path, login: str, password: str) -> float:
    """What deriving the key of a password takes, which is slow on purpose."""
    from workstation.adapters.system import passwords, store_file

    row = store_file.read(store / store_file.FILE_NAME).of(login)
    assert row is not None
    spans = []
    for _ in range(3):
        start = time.perf_counter()
        passwords.derive(password, row.salt, row.cost)
        spans.append((time.perf_counter() - start) * 1000)
    return statistics.median(spans)


def tell(runs: Sequence[dict[str, dict[str, float]]], unlock: float, how: str) -> list[float]:
    """Tell the figures of rounds; their ratios."""
    window = statistics.median(run["plain"]["painted"] for run in runs)
    form = statistics.median(run["form"]["painted"] for run in runs)
    print(
        f"{how}: plain QMainWindow painted {window:.0f} ms, with one form and style {form:.0f} ms;"
        f" unlocking alone {unlock:.0f} ms"
    )
    waits = [run["typed"]["pause"] for run in runs]
    told = [
        of_runs(
            f"start to the painted window, {how}",
            [run["sign_in"]["painted"] for run in runs],
            window * WINDOW_SHARE,
            "1.4 x plain window",
        ),
        of_runs(
            f"start to painted sign-in page, {how}, beside a bare form",
            [run["sign_in"]["ready"] for run in runs],
            form * WINDOW_SHARE,
            "1.4 x a bare window with that form",
            why=READY,
        ),
        of_runs(
            f"start, signing in at once, to the first queue page, {how}",
            [run["at_once"]["queue"] - unlock for run in runs],
            window * QUEUE_SHARE,
            "2.8 x plain window",
            why=AT_ONCE,
        ),
        of_runs(
            f"Enter after typing to the first queue page, {how}",
            [run["typed"]["queue"] - run["typed"]["entered"] - unlock for run in runs],
            window * QUEUE_SHARE,
            "2.8 x plain window",
            why=TYPED,
        ),
        of_runs(
            f"longest a key waits while the rest is loaded, {how}",
            waits,
            PAUSE_MS,
            "goal; above 100 is a failure",
            why=SHARED if statistics.median(waits) <= FAILURE_MS else "",
        ),
    ]
    return [figure.ratio for figure in told]


def main(arguments: Sequence[str]) -> int:
    """Print the figures; 1 when one is over its limit."""
    rounds = int(arguments[0]) if arguments else ROUNDS
    from tests.benchmarks.demonstration import demonstration
    from workstation import showcase

    with tempfile.TemporaryDirectory() as place:
        store, compiled = Path(place) / FOLDER / "store", Path(place) / "compiled"
        demonstration(store, FEW)
        who = (str(store), showcase.LOGIN, showcase.PASSWORD)

        def one_round(files: Sequence[Path] = ()) -> dict[str, dict[str, float]]:
            found = {}
            for name, words in (
                ("plain", (PLAIN,)),
                ("form", (FORM,)),
                ("sign_in", (SIGN_IN, str(store))),
                ("at_once", (QUEUE, *who, "0")),
                ("typed", (QUEUE, *who, str(TYPING_MS))),
            ):
                forget(files)
                found[name] = started(compiled, *words)
            return found

        one_round()  # compiles what Python keeps compiled
        unlock = unlock_milliseconds(store, showcase.LOGIN, showcase.PASSWORD)
        ratios = tell([one_round() for _ in range(rounds)], unlock, "warm")
        if hasattr(os, "posix_fadvise"):
            files = list(program_files(compiled))
            cold = [one_round(files) for _ in range(min(rounds, COLD_ROUNDS))]
            ratios += tell(cold, unlock, "cold")
    return 0 if max(ratios) <= 1 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
