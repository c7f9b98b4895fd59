"""Proposals with real keys and clicks in the page, the slider in sight, and a clinic's own model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.detection.test_onnx import described, model
from tests.inline_jobs import InlineJobs
from tests.presenters.test_assist import FACES, FOUND, Drawn, one
from tests.ui.assess_world import Assessing, assessing
from workstation.adapters.detection.onnx_model import OnnxDetector
from workstation.domain.lesions import LesionType, MadeBy
from workstation.ui.assess.page import AssessPage
from workstation.ui.commands import Commands
from workstation.ui.page import PageTools
from workstation.ui.theme import theme
from workstation.workflow.appraisal import Appraisal

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
# Content of the window without rail, banner, step bar and status bar.
WINDOWS = {"1280x800": (1216, 675), "1440x900": (1376, 775), "2560x1440": (2496, 1315)}


class Shown:
    """The page with a detector that proposes what it is told."""

    def __init__(self, detector: Any, size: tuple[int, int]) -> None:
        self.world: Assessing = assessing(views=FACES)
        object.__setattr__(self.world.made.desk, "detector", detector)
        self.said: list[str] = []
        tools = PageTools(
            Commands(), InlineJobs(), lambda t, _: self.said.append(t), self.said.append
        )
        self.page = AssessPage(self.world.presenter, tools)
        self.page.resize(*size)
        self.page.show()
        self.page.activateWindow()
        QTest.qWaitForWindowActive(self.page)
        self.page.enter()
        self.settle()

    def settle(self) -> None:
        for _ in range(4):
            QApplication.processEvents()

    def key(self, key: Qt.Key, mods: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.page.canvas, key, mods)
        self.settle()

    @property
    def state(self) -> Any:
        return self.page.assist.presenter.state

    @property
    def open(self) -> list[int]:
        return [p.number for p in self.state.proposals]

    @property
    def made(self) -> list[LesionType]:
        return [a.type for a in self.world.annotations]

    @property
    def appraisal(self) -> Appraisal:
        assert self.world.made.case.state is not None
        return self.world.made.case.state.appraisal


@pytest.fixture
def show(qapp: QApplication) -> Iterator[Callable[..., Shown]]:
    theme.set_mode("light")
    theme.apply(qapp)
    pages: list[AssessPage] = []

    def make(detector: Any = None, size: tuple[int, int] = (1376, 775)) -> Shown:
        shown = Shown(detector or Drawn(FOUND), size)
        pages.append(shown.page)
        return shown

    yield make
    for page in pages:
        page.close()


def test_keys_walk_accept_retype_and_refuse(show: Callable[..., Shown]) -> None:
    shown = show()
    shown.key(Qt.Key.Key_A)
    assert shown.open == [1, 2, 3, 4] and not shown.made
    shown.key(Qt.Key.Key_J)
    assert shown.state.selected.number == 1
    shown.key(Qt.Key.Key_J)
    shown.key(Qt.Key.Key_K)
    assert shown.state.selected.number == 1
    shown.key(Qt.Key.Key_Return)
    assert shown.made == [LesionType.PAPULE] and shown.open == [2, 3, 4]
    assert shown.state.selected.number == 2
    shown.key(Qt.Key.Key_Delete)
    assert shown.open == [3, 4] and shown.made == [LesionType.PAPULE]
    assert shown.state.selected.number == 3
    shown.key(Qt.Key.Key_6)
    assert shown.made == [LesionType.PAPULE, LesionType.CYST] and shown.open == [4]
    origin = shown.world.annotations[-1]
    assert origin.made_by is MadeBy.ACCEPTED_DETECTION
    assert origin.proposal is not None and origin.proposal.type is LesionType.NODULE
    QTest.keyClick(shown.page.canvas, Qt.Key.Key_A)
    shown.key(Qt.Key.Key_Delete)  # off: nothing is selected, nothing is removed
    assert len(shown.made) == 2


def test_a_zone_and_all_shown_are_one_step_each(show: Callable[..., Shown]) -> None:
    shown = show()
    shown.key(Qt.Key.Key_A)
    shown.key(Qt.Key.Key_J)
    steps = shown.world.steps
    shown.key(Qt.Key.Key_Return, SHIFT)  # the forehead's likely ones
    assert len(shown.made) == 2 and shown.world.steps == steps + 1
    assert shown.open == [2, 4]
    shown.key(Qt.Key.Key_Return, SHIFT | CTRL)
    assert len(shown.made) == 4 and shown.world.steps == steps + 2
    assert shown.open == []
    shown.world.presenter.undo()
    shown.world.presenter.undo()
    assert not shown.made and shown.open == [1, 2, 3, 4]


def test_a_click_selects_a_proposal_and_the_slider_shows_fewer_or_more(
    show: Callable[..., Shown],
) -> None:
    shown = show()
    shown.key(Qt.Key.Key_A)
    canvas, panel = shown.page.canvas, shown.page.assist.panel
    place = canvas.view.to_widget(FOUND[3].at)
    where = QPoint(round(place.x()), round(place.y()))
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    assert shown.state.selected.number == 4 and not shown.made
    panel.slider.setFocus()
    for _ in range(3):  # 35, 40, 45, 50
        QTest.keyClick(panel.slider, Qt.Key.Key_Right)
    assert shown.open == [1, 3, 4]
    QTest.keyClick(panel.slider, Qt.Key.Key_Home)
    assert shown.open == [1, 2, 3, 4, 5]
    for button, number in ((panel.rows[0].button, 2), (panel.accept, 5)):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert len(shown.made) == number


@pytest.mark.parametrize("size", WINDOWS.values(), ids=WINDOWS.keys())
def test_the_slider_is_in_sight_without_scrolling(
    show: Callable[..., Shown], size: tuple[int, int]
) -> None:
    many = tuple(one(n, 100 + 150 * (n % 8), 200 + 130 * (n // 8), 0.9) for n in range(72))
    shown = show(Drawn(many), size)
    shown.key(Qt.Key.Key_A)
    area, slider = shown.page.panel.area, shown.page.assist.panel.slider
    place = slider.mapTo(area.viewport(), slider.rect().bottomLeft())
    assert slider.isVisible() and 0 <= place.y() < area.viewport().height()


def test_what_stands_open_changes_neither_count_nor_gate_nor_what_is_signed(
    show: Callable[..., Shown],
) -> None:
    shown = show()
    before = shown.appraisal
    shown.key(Qt.Key.Key_A)
    shown.key(Qt.Key.Key_R)  # what is found at once is shown with the next change
    spoken = shown.page.panel.grade.spoken
    assert spoken.startswith("Not counted yet.") and "4 proposals are open" in spoken
    after = shown.appraisal
    assert (after.tally, after.grade, after.gate) == (before.tally, before.grade, before.gate)


def test_a_clinics_own_model_proposes_in_the_window(
    show: Callable[..., Shown], tmp_path: Path
) -> None:
    model(tmp_path, [[20, 20, 30, 30, 0.9, 1], [40, 40, 44, 44, 0.7, 0]])
    shown = show(OnnxDetector(described(tmp_path)))
    shown.key(Qt.Key.Key_A)
    assert sorted(p.type.value for p in shown.state.proposals) == ["NO", "PA"]
    assert "your clinic\u2019s model own" in shown.state.foot.replace("'", "\u2019")
    assert shown.state.foot.startswith("Experimental.")
    shown.key(Qt.Key.Key_Return, SHIFT | CTRL)
    assert sorted(k.value for k in shown.made) == ["NO", "PA"]
