"""An edit paints only what it changed: what stands on the screen is what painting all would give."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.inline_jobs import InlineJobs
from tests.ui.assess_world import Assessing, assessing
from workstation.domain.lesions import EIGHT_KEYS
from workstation.domain.photo import View
from workstation.ui.assess.charts import CriterionBar
from workstation.ui.assess.page import AssessPage
from workstation.ui.assess.steady import SteadyText
from workstation.ui.commands import Commands
from workstation.ui.page import PageTools
from workstation.ui.theme import theme

Pixels = NDArray[np.uint32]
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def shown(qapp: QApplication) -> Iterator[tuple[Assessing, AssessPage]]:
    theme.set_mode("light")
    theme.apply(qapp)
    world = assessing(views=(View.FRONT, View.LEFT45, View.RIGHT45))
    page = AssessPage(
        world.presenter, PageTools(Commands(), InlineJobs(), lambda *_: None, lambda _: None)
    )
    page.resize(1376, 800)
    page.show()
    page.enter()
    _settled(page)
    yield world, page
    page.close()
    theme.set_text_scale(1.0)


def _settled(page: AssessPage) -> None:
    for _ in range(4):
        QApplication.processEvents()
    page.canvas._settle()
    QApplication.processEvents()


def _on_screen(page: AssessPage) -> Pixels:
    QApplication.processEvents()
    return _pixels(page.screen().grabWindow(page.winId()))


def _whole(page: AssessPage) -> Pixels:
    """Everything drawn from the start, nothing taken from pictures that are kept."""
    page.canvas.resting.forget()
    page.canvas.readings._state = None
    for text in page.findChildren(SteadyText):
        text._picture = None
    for bar in page.findChildren(CriterionBar):
        bar._still = None
    return _pixels(page.grab())


def _pixels(picture: QPixmap) -> Pixels:
    image = picture.toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint32)
    return rows.reshape(image.height(), image.width()).copy()


def _step(world: Assessing, page: AssessPage, rng: random.Random) -> None:
    canvas, presenter = page.canvas, world.presenter
    act = rng.random()
    spot = QPoint(rng.randint(260, 620), rng.randint(20, canvas.height() - 20))
    if act < 0.5:
        presenter.choose_type(rng.choice(EIGHT_KEYS))
        QTest.mouseMove(canvas, spot)
        QApplication.processEvents()
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, SHIFT, spot)
    elif act < 0.6:
        at = canvas.view.to_photo(QPointF(spot))
        presenter.add(at, rng.choice(EIGHT_KEYS), near=canvas.near())
    elif act < 0.7 and world.annotations:
        presenter.remove((rng.choice(world.annotations).id,))
    elif act < 0.76 and world.annotations:
        presenter.retype((rng.choice(world.annotations).id,), rng.choice(EIGHT_KEYS))
    elif act < 0.82 and world.annotations:
        presenter.move((rng.choice(world.annotations).id,), rng.uniform(-90, 90), 40)
    elif act < 0.86:
        presenter.walk(1)
    elif act < 0.96:
        presenter.undo()
    else:
        presenter.redo()


def test_what_an_edit_painted_is_what_painting_everything_gives(shown) -> None:
    world, page = shown
    rng = random.Random(3)
    for step in range(48):
        if step == 30:
            theme.set_mode("dark")
            theme.set_text_scale(1.2)
            _settled(page)
        _step(world, page, rng)
        if step % 6 == 0:
            seen = _on_screen(page)
            wrong = np.argwhere(seen != _whole(page))
            assert not len(wrong), (step, len(wrong), wrong[:3])
    theme.set_mode("light")


def test_one_lesion_more_paints_a_small_part_of_the_page(shown) -> None:
    world, page = shown
    canvas = page.canvas
    for n in range(12):
        world.presenter.add(canvas.view.to_photo(QPointF(400, 60 + 30 * n)))
    _settled(page)
    QApplication.processEvents()
    before = _on_screen(page)
    canvas._at_rest.fill(Qt.GlobalColor.magenta)  # whoever paints the photo again shows it
    canvas._outlines = None
    world.presenter.add(canvas.view.to_photo(QPointF(420, 77)))
    after = _on_screen(page)
    assert 0 < np.count_nonzero(before != after) < 0.02 * before.size
