"""One desk for the tests of a file that need no desk of their own (fixture ``desk``)."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow

from tests.ui.assess_world import assessing
from tests.ui.desk_of_pages import desk_of, settle
from tests.ui.treat_world import World
from workstation.domain.photo import View
from workstation.ui.shell import Shell

Desk = tuple[QMainWindow, Shell, World]
KEY = "marsh-elena"
KEPT = ("consultations", "journal", "set_here")


@dataclass(frozen=True)
class Standing:
    """A desk that stays, its size, and what its store held when it was set up."""

    desk: Desk
    size: QSize
    at_first: dict[str, object]

    def as_at_first(self) -> Desk:
        """The consultation is opened anew as it came in, at its first step.

        Nothing is annotated, answered or undone, and no notice or list is left open.
        """
        window, shell, world = self.desk
        shell._list.hide()
        shell._keys.hide()
        window.resize(self.size)
        world.case.close()  # the queue is shown
        for name, held in copy.deepcopy(self.at_first).items():
            setattr(world.memory, name, held)
        world.case.open(world.id)
        shell.toasts.clear()
        window.activateWindow()
        QTest.qWaitForWindowActive(window, 60_000)
        settle()
        assert (shell.current, shell.toasts.text) == ("assess", "")
        assert shell.problemStrip.isHidden()
        state = world.case.state
        assert state is not None and state.unsaved == 0
        assert not state.history.past and not state.history.future
        return self.desk


@contextmanager
def standing_desk() -> Iterator[Standing]:
    """Marsh's consultation with blank photos, for several tests; closed and deleted afterwards."""
    made = assessing(KEY, views=tuple(View)).made
    with desk_of(KEY, made) as (window, shell, world):
        held = {name: getattr(world.memory, name) for name in KEPT}
        yield Standing((window, shell, world), window.size(), copy.deepcopy(held))
