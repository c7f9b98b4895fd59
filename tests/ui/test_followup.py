"""The Compare page: photos kept together, alignment, what is said of missing photos, charts, keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.inline_jobs import InlineJobs
from tests.ui.desk_of_pages import settle
from tests.ui.followup_world import Following, following
from workstation.domain.alignment import Alignment
from workstation.domain.lesions import Point
from workstation.presenters.followup_state import Fate, Mode
from workstation.presenters.pictures import Pixels
from workstation.ui.application import application
from workstation.ui.commands import Commands
from workstation.ui.followup.page import FollowupPage
from workstation.ui.followup.painted import NEWER, OLDER
from workstation.ui.page import PageTools
from workstation.ui.photo.pyramid import build
from workstation.ui.theme import theme


class Shown:
    """A page over two visits, on a window of its own."""

    def __init__(self, *, counted: bool = False, before: bool = True) -> None:
        application()
        theme.set_mode("light")
        self.world: Following = following(counted=counted, before=before)
        self.gone: list[str] = []
        self.commands = Commands()
        tools = PageTools(self.commands, InlineJobs(), lambda *_: None, self.gone.append)
        self.page = FollowupPage(self.world.presenter, tools)
        self.page.resize(1300, 760)
        self.page.show()
        self.page.activateWindow()
        self.page.enter()
        settle()

    def end(self) -> None:
        self.page.close()
        self.page.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    @property
    def canvas(self):
        return self.page.canvas

    @property
    def state(self):
        return self.world.state

    def key(self, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.canvas, key, modifier)
        settle()


@pytest.fixture
def shown() -> Iterator[Shown]:
    made = Shown()
    yield made
    made.end()


@pytest.fixture
def counted() -> Iterator[Shown]:
    made = Shown(counted=True)
    yield made
    made.end()


# -- together (G1)


def dot(width: int, height: int, share: tuple[float, float]) -> Pixels:
    """Grey with one bright square at a place given as shares of width and height."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#505050"))
    side = max(6.0, width / 90)
    painter = QPainter(image)
    middle = QPointF(width * share[0], height * share[1])
    painter.fillRect(
        QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side), QColor("#00FF00")
    )
    painter.end()
    return Pixels(width, height, bytes(image.constBits()))


def middle_of_green(image: QImage, left: float, right: float) -> tuple[float, float]:
    """Centroid of the square between two columns of a picture, below the plates at its top."""
    picture = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(picture.constBits(), np.uint8)
    pixels = rows.reshape(picture.height(), picture.bytesPerLine() // 4, 4)
    part = pixels[90:, int(left) : int(right)].astype(int)
    ys, xs = np.nonzero((part[..., 1] > 150) & (part[..., 2] < 120) & (part[..., 0] < 120))
    assert len(xs), "the square shows"
    return float(xs.mean() + int(left) - left), float(ys.mean())


@pytest.mark.parametrize("factor", [1.0, 1.7, 6.0])
def test_both_photos_show_the_same_place_within_a_pixel_at_any_zoom(shown, factor) -> None:
    """Real paint of two photos of different sizes, seen from outside the widget's own arithmetic."""
    share = (0.55, 0.52)
    canvas = shown.canvas
    canvas.blockSignals(True)  # the drawn photos must not come in between
    for side in (OLDER, NEWER):
        pane = shown.state.older if side == OLDER else shown.state.newer
        width = pane.photo.width // (2 if side == OLDER else 1)
        height = pane.photo.height // (2 if side == OLDER else 1)
        canvas.show_picture(side, build(dot(width, height, share)))
    shown.world.presenter.hide(True)
    pane = canvas.rect_of(NEWER)
    canvas.zoom_by(factor, (NEWER, QPointF(pane.width() * 0.53, pane.height() * 0.52)))
    canvas.pan(OLDER, 13, -7)
    canvas.pointer = canvas.crosshair = None
    canvas._settle()
    settle()
    image = canvas.grab().toImage()
    older, newer = canvas.rect_of(OLDER), canvas.rect_of(NEWER)
    one = middle_of_green(image, older.left(), older.right())
    other = middle_of_green(image, newer.left(), newer.right())
    assert abs(one[0] - other[0]) <= 1.0 and abs(one[1] - other[1]) <= 1.0, (one, other)


def test_unlocked_each_photo_moves_alone_and_locking_brings_them_together(shown) -> None:
    canvas = shown.canvas
    shown.key(Qt.Key.Key_S)
    assert not shown.state.synced
    before = canvas.place(OLDER)
    canvas.zoom_by(3, (NEWER, QPointF(100, 100)))
    assert canvas.place(OLDER) == before != canvas.place(NEWER)
    shown.key(Qt.Key.Key_S)
    assert canvas.view(OLDER).zoom == canvas.view(NEWER).zoom


def test_the_crosshair_stands_at_one_place_of_the_skin_in_both_panes(shown) -> None:
    canvas = shown.canvas
    shown.key(Qt.Key.Key_Right)
    shown.key(Qt.Key.Key_Right)
    spot = canvas.crosshair
    on_older = canvas.place(OLDER).inverted()[0].map(canvas.view(OLDER).to_widget(spot))
    on_newer = canvas.place(NEWER).inverted()[0].map(canvas.view(NEWER).to_widget(spot))
    across = shown.state.across.apply(Point(on_older.x(), on_older.y()))
    assert across.x == pytest.approx(on_newer.x()) and across.y == pytest.approx(on_newer.y())


# -- alignment


def test_three_pairs_of_clicks_are_one_step_that_is_kept_and_undone(shown) -> None:
    canvas, case = shown.canvas, shown.world.made.case
    steps = len(case.state.history.past)
    shown.key(Qt.Key.Key_A)
    assert "left photo" in shown.state.aligning.prompt
    older, newer = canvas.rect_of(OLDER), canvas.rect_of(NEWER)
    for dx, dy in ((160, 200), (260, 210), (210, 420)):
        QTest.mouseClick(
            canvas, Qt.MouseButton.LeftButton, pos=(older.topLeft() + QPointF(dx, dy)).toPoint()
        )
        assert "right photo" in shown.state.aligning.prompt
        QTest.mouseClick(
            canvas,
            Qt.MouseButton.LeftButton,
            pos=(newer.topLeft() + QPointF(dx + 24, dy - 12)).toPoint(),
        )
    settle()
    assert shown.state.aligning is None and shown.state.aligned
    assert len(case.state.history.past) == steps + 1
    photos = shown.state.newer.photo.id, shown.state.older.photo.id
    item = case.state.draft.alignment(*photos)
    assert isinstance(item, Alignment) and len(item.pairs) == 3
    for older_at, newer_at in item.pairs:
        laid = shown.state.across.apply(older_at)
        assert laid.x == pytest.approx(newer_at.x) and laid.y == pytest.approx(newer_at.y)
    case.undo()
    assert not shown.state.aligned


def test_the_alignment_can_be_made_by_keys_and_given_up(shown) -> None:
    shown.key(Qt.Key.Key_A)
    shown.key(Qt.Key.Key_Right)
    shown.key(Qt.Key.Key_Return)
    shown.key(Qt.Key.Key_Return)
    aligning = shown.state.aligning
    assert (len(aligning.older), len(aligning.newer)) == (1, 1)
    shown.key(Qt.Key.Key_Escape)
    assert shown.state.aligning is None
    assert not shown.world.made.case.state.history.past


# -- visits, views, modes


def test_keys_walk_visits_and_views_and_say_what_is_missing(shown) -> None:
    last = shown.state.older.when
    shown.key(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert shown.state.older.when != last
    shown.key(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)  # there is none before it
    shown.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert shown.state.older.when == last
    seen = []
    for _ in range(5):
        seen.append(shown.state.view_name)
        if shown.state.older.photo is None:
            assert shown.state.older.missing.startswith(f"No {shown.state.view_name} photo on ")
            assert shown.canvas.picture(OLDER) is None
        shown.key(Qt.Key.Key_N)
    assert shown.state.view_name == seen[0] and len(set(seen)) == 5
    assert "Chest" in seen  # sent this month only


def test_swipe_flicker_and_hide_show_other_pixels_and_end(shown) -> None:
    canvas = shown.canvas
    still = canvas.grab().toImage()
    shown.key(Qt.Key.Key_W)
    assert shown.state.mode is Mode.SWIPE
    swiped = canvas.grab().toImage()
    shown.key(Qt.Key.Key_Left)
    assert canvas.divider < 0.5 and canvas.grab().toImage() != swiped
    shown.key(Qt.Key.Key_W)
    QTest.keyPress(canvas, Qt.Key.Key_F)
    settle()
    assert canvas.flicker and canvas.grab().toImage() != still
    QTest.keyRelease(canvas, Qt.Key.Key_F)
    assert not canvas.flicker
    QTest.keyPress(canvas, Qt.Key.Key_H)
    settle()
    assert shown.state.hidden
    QTest.keyPress(canvas, Qt.Key.Key_F)
    canvas.clearFocus()
    QApplication.processEvents()
    assert not shown.state.hidden and not canvas.flicker, "losing the focus ends every hold"


# -- counts


def test_before_counting_no_zero_is_shown(shown) -> None:
    assert shown.state.newer.count == ""
    assert {row.now for row in shown.state.visible} == {"\u2013"}
    assert {row.now for row in shown.state.graded} == {"\u2013"}
    assert shown.state.figures[0].number == "\u2013"
    assert all(line.points[-1][0] < shown.state.trends.days for line in _lesion_lines(shown))


def test_visible_and_graded_counts_are_apart_and_add_up(counted) -> None:
    state, case = counted.state, counted.world.made.case.state
    here = [a for a in case.draft.annotations if a.photo == state.newer.photo.id]
    marks = state.newer.marks
    assert len(marks) == len(here)
    assert sum(int(row.now) for row in state.visible) == int(state.newer.count)
    assert sum(int(row.now) for row in state.graded) == case.appraisal.tally.total
    assert state.visible_title != state.graded_title
    fates = [m.fate for m in marks]
    gone = [m for m in state.older.marks if m.fate is Fate.GONE]
    new, same = fates.count(Fate.NEW), fates.count(Fate.SAME)
    assert state.fates == f"{same} same \u00b7 {new} new \u00b7 {len(gone)} gone"
    assert len(state.listed) == len(marks) + len(gone)
    assert all(line.points[-1][0] == state.trends.days for line in _lesion_lines(counted))


def _lesion_lines(shown: Shown):
    return shown.state.trends.charts[0].lines


def test_choosing_in_the_list_brings_the_lesion_into_sight(counted) -> None:
    counted.canvas.zoom_by(6, (NEWER, QPointF(5, 5)))
    counted.page.panel.list.setCurrentRow(3)
    row = counted.state.listed[3]
    spot = counted.canvas.crosshair
    assert spot is not None and (spot.x, spot.y) == (row.x, row.y)
    at = counted.canvas.view(NEWER).to_widget(spot)
    area = counted.canvas.rect_of(NEWER).size()
    assert 0 <= at.x() <= area.width() and 0 <= at.y() <= area.height()


# -- charts and answers (G3)


def test_a_course_that_nobody_counted_says_so_where_the_counts_would_be() -> None:
    shown = Shown(before=False)
    try:
        chart = shown.page.panel.charts[0]
        assert chart._trend.lines == () and chart.end_labels() == []
        assert chart.accessibleDescription().startswith("Not counted yet")
        bare = chart.grab().toImage()
        lettered = _ink(bare, chart._area())
        chart.show_trend(shown.state.trends, replace(chart._trend, missing=" "))
        assert lettered > _ink(chart.grab().toImage(), chart._area()), "the words are drawn"
    finally:
        shown.end()


def _ink(image: QImage, area: QRectF) -> int:
    """Pixels of the text's colour in a part of a picture."""
    words = theme.colour("text2").rgb()
    part = image.copy(area.toRect()).convertToFormat(QImage.Format.Format_RGB32)
    return sum(part.pixel(x, y) == words for y in range(part.height()) for x in range(part.width()))


def test_the_axis_numbers_a_visit_as_the_title_above_its_photo_does(counted) -> None:
    state = counted.state
    told = [text for _, text in state.trends.ticks]
    months = [pane.title.removeprefix("Month ") for pane in (state.older, state.newer)]
    assert all(month.isdigit() for month in months)
    assert told[-2:] == [f"M{month}" for month in months]


@pytest.mark.parametrize("scale", [1.0, 1.4])
def test_labels_of_every_chart_keep_apart_and_limits_are_named(counted, scale) -> None:
    theme.set_text_scale(scale)
    settle()
    try:
        charts = counted.page.panel.charts
        assert len(charts) >= 5
        lefts = set()
        for chart in charts:
            labels = chart.end_labels()
            for (_, _, one), (_, _, other) in pairwise(sorted(labels, key=lambda r: r[2].top())):
                assert other.top() >= one.bottom() - 0.01
            assert all(place.right() <= chart.width() for _, _, place in labels)
            lefts.add(round(chart._area().left()))
        assert len(lefts) == 1, "all plots share one time axis"
        details = {c._trend.title: c._trend for c in charts}
        assert details["Triglycerides"].limits and "mg/dL" in details["Triglycerides"].detail
        assert details["ALT"].limits and "U/L" in details["ALT"].detail
    finally:
        theme.set_text_scale(1.0)


def test_this_months_answers_are_in_full_and_none_is_filled_in(shown) -> None:
    lines = {line.label: line for line in shown.state.answers}
    assert {"Pregnancy", "Contraception", "Mood", "Side effects"} <= set(lines)
    facts = shown.world.made.case.state.appraisal.facts
    assert facts.value("mood.phq2") is not None and "PHQ" in lines["Mood"].value
    assert not shown.world.made.case.state.draft.facts


def test_every_action_has_a_verb_and_c_leads_to_the_annotations(shown) -> None:
    shown.key(Qt.Key.Key_C)
    assert shown.gone == ["assess"]
    assert shown.page.primary().enabled


def test_leaving_drops_every_decoded_picture(shown) -> None:
    assert shown.canvas.picture(OLDER) is not None
    shown.page.leave()
    assert all(p.held == 0 for p in shown.page.pictures.values())
    shown.page.enter()
    settle()
    assert shown.canvas.picture(OLDER) is not None
