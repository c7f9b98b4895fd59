"""How long a change of weight, dose or basket takes from verb to painted screen.

Run: env QT_QPA_PLATFORM=offscreen python tests/benchmarks/treat.py
Prints for each change the median and the worst of 20, the median of the processor's own time, the
limit and the ratio. On a busy machine the processor's time is the figure to compare.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtWidgets import QApplication, QWidget

from tests.benchmarks.figures import Figure, tell
from tests.ui.treat_pages import settle, treat_page
from tests.ui.treat_world import CLINIC, ME, TODAY, World, world
from workstation.adapters.documents.renderer import PdfRenderer
from workstation.domain.documents import DocumentKind
from workstation.workflow.compose import compose
from workstation.workflow.subject import Subject

LIMIT_MS = 100.0
TIMES = 20


def timed(change: Callable[[int], None], page: QWidget) -> list[tuple[float, float]]:
    """(elapsed, processor) ms of each change until the page is laid out and painted again."""
    spans = []
    for n in range(TIMES):
        settle()
        start, worked = time.perf_counter(), time.process_time()
        change(n)
        QApplication.processEvents()
        page.repaint()
        spans.append(((time.perf_counter() - start) * 1000, (time.process_time() - worked) * 1000))
    return spans


def subject(made: World) -> Subject:
    """The open consultation as it would be composed now."""
    state = made.case.state
    assert state is not None
    return Subject(
        state.consultation,
        state.draft,
        state.appraisal,
        ME,
        CLINIC,
        {kind: f"RX-2026-{n:04d}" for n, kind in enumerate(DocumentKind)},
        TODAY,
        made.desk.catalogue,
        True,
    )


def main() -> int:
    """Print one row per change; exit 1 when a median is above the limit."""
    shown = treat_page(world("nguyen-minh-duc"))
    presenter = shown.presenter
    doses = ("30", "40", "50", "60")
    weights = ("70", "71", "72", "73")
    rows = [("dose", timed(lambda n: presenter.dose.set_daily(doses[n % 4]), shown.page))]
    rows.append(("weight", timed(lambda n: presenter.dose.set_weight(weights[n % 4]), shown.page)))
    renderer = PdfRenderer()

    def to_the_page(n: int) -> None:
        presenter.dose.set_daily(doses[n % 4])
        renderer.pages(renderer.render(compose(subject(shown.world))[0]), 2.0)

    rows.append(("dose, with the prescription's page,", timed(to_the_page, shown.page)))
    presenter.basket.add("spironolactone")
    presenter.basket.add("tretinoin_topical")
    days = ("30", "60")
    rows.append(
        (
            "days in a basket of 3",
            timed(lambda n: presenter.basket.set_days("spironolactone", days[n % 2]), shown.page),
        )
    )
    worst = 0.0
    for name, spans in rows:
        median = statistics.median(elapsed for elapsed, _ in spans)
        worked = statistics.median(worked for _, worked in spans)
        worst = max(worst, median)
        clock = [elapsed for elapsed, _ in spans]
        against = f"goal; processor {worked:.1f}"
        spread = (min(clock), max(clock))
        tell(Figure(f"treat: {name} to painted screen", median, "ms", LIMIT_MS, against, spread))
    return 0 if worst <= LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
