"""Lists of 10,000 rows: filling, scrolling, searching; main-thread time of each frame.

Run: env QT_QPA_PLATFORM=offscreen python tests/benchmarks/lists.py
A frame is one wheel step with its repaint, at 1440 × 900. Prints median and worst turn of
the event loop with their limits and ratios.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QListView, QWidget

from tests.benchmarks import figures
from tests.benchmarks.figures import Figure
from tests.ui import labs_world, made_up
from tests.ui.render import face
from workstation.domain.ids import ConsultationId
from workstation.domain.pixels import Pixels
from workstation.presenters.queue import QueuePresenter
from workstation.ui.application import application
from workstation.ui.commands import Commands
from workstation.ui.jobs import ThreadJobs
from workstation.ui.labs.page import LabsPage
from workstation.ui.page import PageTools
from workstation.ui.queue.page import QueuePage
from workstation.ui.theme import theme

ROWS = 300 if os.environ.get("CI") else 10_000
PAGES = (500, 100)  # what the queue shows of a store of any larger size, and of one of a hundred
STEPS = 10 if os.environ.get("CI") else 200
FRAME_MS, ANSWER_MS, PAUSE_MS = 20.0, 100.0, 50.0
ONE_TURN = "one turn takes over the rows, lays the page out and paints it; only a first show or a jump to the end does all"
JOBS: ThreadJobs


def spent(act: Callable[[], Any]) -> float:
    """The longest turn of the event loop while ``act`` runs and comes to rest.

    Processor time of the window's own thread, in ms: other programs on the machine do not count.
    """
    longest, still, begun = 0.0, 0, time.thread_time()
    act()
    while still < 3:
        QApplication.processEvents()
        now = time.thread_time()
        longest, begun = max(longest, (now - begun) * 1000), now
        still = 0 if JOBS.busy else still + 1
        time.sleep(0.0005)
    return longest


def tell(name: str, found: list[float], limit: float, rows: int = 10_000) -> bool:
    """One line; whether the median is within the limit and no turn above the pause allowed."""
    middle, worst = statistics.median(found), max(found)
    figures.tell(Figure(f"{rows:,} rows: {name}", middle, "ms", limit, "goal"))
    against = "goal; above 100 is a failure"
    why = ONE_TURN if worst <= ANSWER_MS else ""
    said = f"{rows:,} rows: {name}, longest pause"
    figures.tell(Figure(said, worst, "ms", PAUSE_MS, against, why=why))
    return middle <= limit and worst <= PAUSE_MS


def scrolled(view: QListView) -> list[float]:
    """Each wheel step of three notches, down to the end and up again."""
    port, bar = view.viewport(), view.verticalScrollBar()
    step = -360

    def turn() -> None:
        nonlocal step
        if bar.value() in (bar.minimum(), bar.maximum()):
            step = -360 if bar.value() == bar.minimum() else 360
        middle = QPointF(port.rect().center())
        event = QWheelEvent(
            middle,
            port.mapToGlobal(middle),
            QPoint(),
            QPoint(0, step),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(port, event)

    return [spent(turn) for _ in range(STEPS)]


def thumbnail() -> bytes:
    """A face as the vault keeps it."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    face(160).save(buffer, "JPEG")
    return bytes(buffer.data().data())


def tools(window: QWidget) -> PageTools:
    """What a page reaches of the shell."""
    return PageTools(Commands(window), JOBS, lambda *_: None, lambda _: None)


def main() -> int:
    """Print the table; exit 1 above a limit."""
    global JOBS  # noqa: PLW0603  # made once there is an application
    application()
    JOBS = ThreadJobs()
    theme.set_mode("light")
    some = made_up.rows()
    desk = made_up.SmallDesk()
    desk.vault.jpeg = thumbnail()
    desk.vault.pixels = Pixels(1, 1, bytes(4))
    desk.store.rows = tuple(
        replace(some[n % len(some)], id=ConsultationId(f"c{n}")) for n in range(ROWS)
    )
    queue = QueuePresenter(desk, made_up.session(), JOBS, lambda *_: made_up.evaluation())
    window = QWidget()
    page = QueuePage(queue, tools(window))
    page.resize(1376, 872)
    page.show()
    good = tell("queue: shown", [spent(page.enter)], ANSWER_MS)
    good &= tell("queue: scroll", scrolled(page.queueList), FRAME_MS)
    good &= tell("queue: next row", [spent(lambda: queue.move(1)) for _ in range(STEPS)], FRAME_MS)
    good &= tell("queue: last row", [spent(lambda: queue.move_to(-1))], ANSWER_MS)
    good &= tell("queue: look again", [spent(queue.look_again)], ANSWER_MS)
    good &= tell("queue: search", [spent(lambda: queue.search("mar"))], ANSWER_MS)
    for few in PAGES:
        desk.store.rows = desk.store.rows[:few]
        spent(lambda: queue.search(""))
        spent(queue.look_again)
        page.queueList.scrollToTop()
        good &= tell("queue: scroll", scrolled(page.queueList), FRAME_MS, few)
    page.hide()
    board = labs_world.Board(
        all_rows=tuple(
            replace(row, patient=f"{row.patient}-{n}")
            for n in range(ROWS // 12 + 1)
            for row in labs_world.rows()
        )
    )
    labs = LabsPage(labs_world.presenter(board, JOBS), tools(QWidget()))
    labs.resize(1376, 872)
    labs.show()
    good &= tell("labs: shown", [spent(labs.enter)], ANSWER_MS)
    good &= tell("labs: scroll", scrolled(labs.labsList), FRAME_MS)
    page.leave()
    labs.leave()
    page.close()
    labs.close()
    JOBS.shutdown()
    return 0 if good or os.environ.get("CI") else 1


if __name__ == "__main__":
    sys.exit(main())
