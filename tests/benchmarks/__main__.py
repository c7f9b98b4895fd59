"""All benchmarks by one command, as one table.

    python -m tests.benchmarks [NAME...]           run, print the table, compare with the last accepted
    python -m tests.benchmarks --accept [NAME...]  and keep what ran as the baseline
    python -m tests.benchmarks --kept              run nothing: the table as it was last accepted
    python -m tests.benchmarks --whole             what takes long as well, beside the peers too
    python -m tests.benchmarks peers [--make DIR]  beside labelme and napari (about 1 GiB, Xvfb)

A row is our figure, the goal or the limit of the same run, and their ratio. What did not run now
stands in the table as it was last accepted, marked ``kept``, so that the table is always whole; a
figure taken while other programs held the processor says at which load. A missed goal is followed
by how much it is missed and why; one without a reason is listed again at the end, and the exit is 1,
as it is when a benchmark told nothing or was never kept. Under CI no time is judged.

The baseline holds the machine, the versions, each median with its spread, and the ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from tests.benchmarks.demonstration import PLACE
from tests.benchmarks.figures import Figure

HERE = Path(__file__).resolve().parent
BASELINE = HERE / "baseline.json"


class Run(NamedTuple):
    """A script beside this file and the words it is run with."""

    script: str
    words: tuple[str, ...] = ()


# In the order of a day: start, photos, edits, rules, documents, records, intake. All of them take a
# quarter of an hour on a quiet machine; what follows takes as long again.
ALL: dict[str, Run] = {
    **{
        name: Run(name)
        for name in (
            "start", "idle", "photos", "canvas", "edits", "engine", "treat", "gaps", "watchdog",
            "lists", "queue_sizes", "documents",
        )
    },
    "store": Run("store", ("small", "edits", "cipher")),
    **{name: Run(name) for name in ("keeping", "labs_board", "intake", "intake_window")},
}  # fmt: skip
PEERS = "peers"
LONG: dict[str, Run] = {
    "queue_million": Run("queue_sizes", ("100", "1000", "1000000")),
    "restore": Run("store", ("restore",)),
    "soak": Run("store", ("soak",)),
    "server": Run("store", ("server",)),
    PEERS: Run(PEERS),
}
EVERY = {**ALL, **LONG}
LIBRARIES = ("PySide6_Essentials", "SQLAlchemy", "pillow", "numpy", "reportlab", "pyHanko")
WIDTH = 66
QUIET = 1.2  # load average up to which a machine of two cores has one free


class Row(NamedTuple):
    """A figure in the table: of which benchmark, whether measured now, and what else ran before it.

    ``load`` is the load average when its benchmark began.
    """

    benchmark: str
    figure: Figure
    fresh: bool
    load: float = 0.0

    @property
    def marks(self) -> str:
        """What stands at the end of its line."""
        busy = f"  at load {self.load:.1f}" if self.load > QUIET else ""
        return f"{busy}{'' if self.fresh else '  kept'}"


def gathered(name: str, more: Sequence[str] = ()) -> tuple[list[Row], int]:
    """The figures of one benchmark, run in a process of its own, and its exit status."""
    run = EVERY[name]
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "figures"
        around = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "FIGURES": str(file)}
        print(f"\n== {name}", flush=True)
        script = [sys.executable, str(HERE / f"{run.script}.py"), *run.words, *more]
        begun, load = time.monotonic(), busy()
        done = subprocess.run(script, env=around, check=False)
        print(f"   {name}: {time.monotonic() - begun:.0f} s", flush=True)
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    rows = [Row(name, Figure.of(json.loads(line)), True, load) for line in lines]
    return rows, done.returncode


def busy() -> float:
    """How many programs want the processor now, as the system averages it over a minute."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


def machine() -> dict[str, Any]:
    """What the figures hold for."""
    model = platform.processor() or platform.machine()
    cpus = Path("/proc/cpuinfo")
    if cpus.exists():
        rows = cpus.read_text(encoding="utf-8").splitlines()
        model = next(
            (r.partition(":")[2].strip() for r in rows if r.startswith("model name")), model
        )
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in LIBRARIES},
    }


def kept() -> list[Row]:
    """The figures that were last accepted."""
    if not BASELINE.exists():
        return []
    listed = json.loads(BASELINE.read_text(encoding="utf-8"))["figures"]
    return [
        Row(one.pop("benchmark"), Figure.of(one), fresh=False, load=load)
        for one in listed
        for load in (one.pop("load", 0.0),)
    ]


def accept(rows: Iterable[Row]) -> None:
    """Keep ``rows`` as the baseline, in the order of the benchmarks."""
    figures = [
        {"benchmark": row.benchmark, "load": round(row.load, 1), **asdict(row.figure)}
        for row in rows
    ]
    text = json.dumps({"machine": machine(), "figures": figures}, indent=1)
    BASELINE.write_text(text + "\n", encoding="utf-8")


def whole(found: list[Row], before: list[Row]) -> list[Row]:
    """What ran now, and what was accepted of the benchmarks that did not run."""
    ran = {row.benchmark for row in found}
    rows = [*found, *(row for row in before if row.benchmark not in ran)]
    order = list(EVERY)
    return sorted((row for row in rows if row.benchmark in EVERY), key=lambda r: order.index(r[0]))


def lacking(rows: Iterable[Row]) -> list[str]:
    """Benchmarks of which no figure stands in the table, in their order."""
    told = {row.benchmark for row in rows}
    return [name for name in EVERY if name not in told]


def line(row: Row, before: Figure | None) -> str:
    """One row of the table, its reason below it when the limit is missed."""
    figure = row.figure
    changed = "" if before is None or not row.fresh else f"  was {before.value:.2f}"
    said = (
        f"{row.benchmark:13} {figure.name:{WIDTH}} {figure.value:10.2f} {figure.unit:4}"
        f" {figure.limit:10.2f} {figure.against:38} {figure.ratio:6.2f}  {figure.verdict}"
        f"{changed}{row.marks}"
    )
    return f"{said}\n{'':14}because: {figure.because}" if figure.verdict == "explained" else said


def said(rows: list[Row], before: list[Row]) -> list[str]:
    """The table: a head, every row, and how many goals are met, explained and missed."""
    earlier = {(row.benchmark, row.figure.name): row.figure for row in before}
    lines = [line(row, earlier.get((row.benchmark, row.figure.name))) for row in rows]
    head = f"{'':13} {'':{WIDTH}} {'ours':>10} {'':4} {'limit':>10} {'which is':38} {'ratio':>6}"
    verdicts = [row.figure.verdict for row in rows]
    explained, missed = verdicts.count("explained"), verdicts.count("MISSED")
    sum_of = f"{len(rows)} figures: {verdicts.count('met')} met, {explained} explained, {missed} missed without a reason"
    return [head, *lines, "", sum_of, *(one for one in lines if "  MISSED" in one)]


def main() -> int:
    """Run, print, keep; 1 when a benchmark lacks or a goal is missed without a reason."""
    words = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    words.add_argument(
        "names", nargs="*", choices=[*EVERY, []], metavar="NAME", help=" ".join(EVERY)
    )
    words.add_argument("--accept", action="store_true", help="keep what ran as the baseline")
    words.add_argument("--kept", action="store_true", help="run nothing, print what was accepted")
    words.add_argument("--whole", action="store_true", help="run what takes long as well")
    words.add_argument("--make", metavar="DIR", help="where the peers are, or are to be installed")
    options = words.parse_args()
    names = [] if options.kept else options.names or list(EVERY if options.whole else ALL)
    before, found, silent = kept(), [], []
    with tempfile.TemporaryDirectory() as shared:
        os.environ[PLACE] = shared
        for name in names:
            more = ("--make", options.make) if name == PEERS and options.make else ()
            rows, status = gathered(name, more)
            found += rows
            if not rows:
                silent.append(f"{name} (exit {status})")
    load = f", load {busy():.1f}" if names else ""
    print(f"\n== all{load}")
    table = whole(found, before)
    print(*said(table, before), sep="\n")
    untold = lacking(table)
    if untold:
        print("Neither run nor kept:", ", ".join(untold))
    if silent:
        print("Told no figure:", ", ".join(silent))
    if options.accept:
        accept(table)
    unexplained = bool(untold) or any(row.figure.verdict == "MISSED" for row in table)
    return 1 if silent or (unexplained and not os.environ.get("CI")) else 0


if __name__ == "__main__":
    sys.exit(main())
