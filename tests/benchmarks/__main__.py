"""All benchmarks by one command, as one table.

    python -m tests.benchmarks [NAME...]           run, print the table, compare with the last accepted
    python -m tests.benchmarks --accept [NAME...]  and keep it as the baseline
    python -m tests.benchmarks peers [--make DIR]  beside labelme and napari (about 1 GiB, Xvfb)

The baseline holds the machine, the versions, each median with its spread, and the ratio to what it is
compared with. A figure over its limit is listed again at the end; nothing here judges a commit.
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
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
BASELINE = HERE / "baseline.json"
# In the order of a day: start, photos, edits, rules, documents, records, intake; with the words each
# is run with, so that all of them take some ten minutes on a quiet machine. What takes longer has
# commands of its own: ``store.py stations soak server``, ``queue_sizes.py 1000000``, ``peers``.
ALL: dict[str, tuple[str, ...]] = {
    "start": (), "idle": (), "photos": (), "canvas": (), "edits": (), "engine": (), "treat": (),
    "gaps": (), "lists": (), "queue_sizes": (), "documents": (), "store": ("small", "edits", "cipher"),
    "keeping": (), "labs_board": (), "intake": (), "intake_window": (),
}  # fmt: skip
PEERS = "peers"
LIBRARIES = ("PySide6_Essentials", "SQLAlchemy", "pillow", "numpy", "reportlab", "pyHanko")


def gathered(name: str, more: Sequence[str] = ()) -> tuple[list[dict[str, Any]], int]:
    """The figures of one benchmark, run in a process of its own, and its exit status."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "figures"
        around = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "FIGURES": str(file)}
        print(f"\n== {name}", flush=True)
        script = [sys.executable, str(HERE / f"{name}.py"), *ALL.get(name, ()), *more]
        begun = time.monotonic()
        done = subprocess.run(script, env=around, check=False)
        print(f"   {name}: {time.monotonic() - begun:.0f} s", flush=True)
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [{"benchmark": name, **json.loads(line)} for line in lines], done.returncode


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


def row(figure: dict[str, Any], before: dict[str, Any] | None) -> str:
    """One line of the table."""
    ratio = figure["value"] / figure["limit"] if figure["limit"] else 0.0
    changed = "" if before is None else f"  was {before['value']:.2f}"
    over = "  OVER" if ratio > 1 else ""
    return (
        f"{figure['benchmark']:13} {figure['name']:64} {figure['value']:10.2f} {figure['unit']:4}"
        f" {figure['limit']:10.2f} {figure['against']:34} {ratio:6.2f}{changed}{over}"
    )


def main() -> int:
    """Run, print, keep; 1 when a benchmark could not run, else 0."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("names", nargs="*", choices=[*ALL, PEERS, []], metavar="NAME")
    words.add_argument("--accept", action="store_true")
    words.add_argument("--make", metavar="DIR", help="where the peers are, or are to be installed")
    options = words.parse_args()
    names = options.names or list(ALL)
    kept = (
        json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {"figures": []}
    )
    before = {(one["benchmark"], one["name"]): one for one in kept["figures"]}
    found: list[dict[str, Any]] = []
    silent = []
    for name in names:
        more = ("--make", options.make) if name == PEERS and options.make else ()
        figures, status = gathered(name, more)
        found += figures
        if not figures:
            silent.append(f"{name} (exit {status})")
    lines = [row(one, before.get((one["benchmark"], one["name"]))) for one in found]
    print("\n== all", *lines, sep="\n")
    over = [line for line in lines if line.endswith("OVER")]
    print(f"\n{len(lines)} figures, {len(over)} over their limit", *over, sep="\n")
    if silent:
        print("Told no figure:", ", ".join(silent))
    if options.accept:
        fresh = {**before, **{(one["benchmark"], one["name"]): one for one in found}}
        text = json.dumps({"machine": machine(), "figures": list(fresh.values())}, indent=1)
        BASELINE.write_text(text + "\n", encoding="utf-8")
    return 1 if silent else 0


if __name__ == "__main__":
    sys.exit(main())
