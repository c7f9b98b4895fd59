"""How a benchmark tells a figure: one line for a reader, one record for the table of all.

``python -m tests.benchmarks`` sets ``FIGURES`` to a file that gathers the records.
"""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Figure:
    """What was measured beside what it is compared with, both in ``unit``.

    ``limit`` is a settled goal, or what a peer or the bare limit took in the same run (``against``
    says which). ``spread`` is (smallest, largest) of the runs. ``why`` says in a few words what the
    time goes into where the limit is known to be missed; it is read out only when it is, and where
    the script gives none that of ``reasons`` counts.
    """

    name: str
    value: float
    unit: str
    limit: float
    against: str
    spread: tuple[float, float] = (0.0, 0.0)
    why: str = ""

    @classmethod
    def of(cls, record: dict[str, Any]) -> Figure:
        """The figure of a record as it was written."""
        least, most = record.get("spread", (0.0, 0.0))
        return cls(**{**record, "spread": (least, most)})

    @property
    def ratio(self) -> float:
        """The figure as a share of its limit: above 1 it is missed."""
        return self.value / self.limit if self.limit else 0.0

    @property
    def verdict(self) -> str:
        """``met``, ``explained`` (missed, and why is known) or ``MISSED``."""
        if self.ratio <= 1:
            return "met"
        return "explained" if self.because else "MISSED"

    @property
    def because(self) -> str:
        """By how much the limit is missed, and why; "" while that is not known."""
        from tests.benchmarks import reasons  # not there beside a peer, where nothing is judged

        why = self.why or reasons.of(self.name, self.ratio)
        over = f"{self.value - self.limit:.2f} {self.unit} over, {(self.ratio - 1) * 100:.0f} %"
        return f"{over}: {why}" if why else ""

    def line(self) -> str:
        """One line for a reader, and the reason below it when the limit is missed."""
        said = (
            f"{self.name:64} {self.value:9.2f} {self.unit:4} limit {self.limit:9.2f}"
            f" ({self.against})  ratio {self.ratio:5.2f}  {self.verdict}"
        )
        return f"{said}\n    because: {self.because}" if self.verdict == "explained" else said


def tell(figure: Figure) -> Figure:
    """Print the line, and add the record where the table of all gathers them."""
    print(figure.line(), flush=True)
    gathered = os.environ.get("FIGURES")
    if gathered:
        with Path(gathered).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(figure)) + "\n")
    return figure


def of_runs(
    name: str,
    runs: Sequence[float],
    limit: float,
    against: str,
    *,
    unit: str = "ms",
    why: str = "",
) -> Figure:
    """Tell the median of ``runs`` with their spread."""
    spread = (min(runs), max(runs))
    return tell(Figure(name, statistics.median(runs), unit, limit, against, spread, why))


def resident() -> float:
    """Memory of this process in MiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
