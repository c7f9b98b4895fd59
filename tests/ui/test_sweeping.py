"""What is unreachable ends on the window's own thread, whichever thread made it."""

from __future__ import annotations

import gc
import threading

import pytest
from PySide6.QtTest import QTest

from tests.ui import made_up
from tests.ui.desktop import small_window
from workstation.presenters.jobs import Lane
from workstation.ui import sweeping
from workstation.ui.application import application


class Circle:
    """Holds itself; tells the thread it ends on."""

    def __init__(self, told: list[threading.Thread]) -> None:
        self.told, self.itself = told, self

    def __del__(self) -> None:
        self.told.append(threading.current_thread())


@pytest.fixture
def window():
    application()
    made = small_window(made_up.SmallDesk())
    made.show()
    made.sign_in("r.kessler", made_up.OnePassword.password)
    while made.shell is None or made.jobs.busy:
        QTest.qWait(5)
    made.attendance.tick.stop()  # seconds pass when the test says so
    yield made
    made.close()
    assert gc.isenabled()


def made_on_a_lane(window, count: int) -> list[threading.Thread]:
    """So many circles, made and left on a lane."""
    told: list[threading.Thread] = []
    ended: list[None] = []
    for lane in (Lane.WORK, Lane.READ):
        window.jobs.submit(
            lambda: [Circle(told) for _ in range(count // 2)] and None, ended.append, print, lane
        )
    while len(ended) < 2:
        QTest.qWait(5)
    return told


def test_what_a_lane_leaves_ends_on_the_thread_of_the_window(window):
    told = made_on_a_lane(window, 3 * sweeping.YOUNG)
    assert told == []
    window.attendance.second()
    assert len(told) == 2 * (3 * sweeping.YOUNG // 2)
    assert set(told) == {threading.main_thread()}


def test_what_was_looked_at_once_ends_as_well_when_the_desk_is_covered(window):
    kept = [Circle([])]
    told = kept[0].told
    gc.collect()  # old by now
    kept.clear()
    window._sweeping.look()
    assert told == []
    window.lock()
    while not told:
        QTest.qWait(5)
    assert told == [threading.main_thread()]
