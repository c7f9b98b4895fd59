"""The photo canvas by real mouse and key events: counting, re-typing, moving, hiding, undo."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.assess_world import Assessing, annotation, assessing
from workstation.domain.counting import tally
from workstation.domain.draft import ItemKind, Key
from workstation.domain.lesions import COUNTED, EIGHT_KEYS, LesionType, Point, ZoneId
from workstation.domain.photo import View
from workstation.domain.zones import outlines_of
from workstation.presenters.canvas import stands_at
from workstation.presenters.canvas import walk as walk_of
from workstation.presenters.pictures import Pixels
from workstation.presenters.tools import Tool
from workstation.ui.assess import extents, overlay, placing, plates
from workstation.ui.assess.canvas import PhotoCanvas
from workstation.ui.photo import glyphs
from workstation.ui.photo.pyramid import build
from workstation.ui.theme import theme

FACES = (View.FRONT, View.LEFT45, View.RIGHT45)
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier


@dataclass
class Bench:
    """A canvas on a consultation with blank photos."""

    world: Assessing
    canvas: PhotoCanvas

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
        QTest.keyClick(self.canvas, key, modifiers)

    def click(self, x: int, y: int, button: Qt.MouseButton = LEFT, mods=PLAIN) -> None:
        QTest.mouseClick(self.canvas, button, mods, QPoint(x, y))

    def drag(self, points: list[tuple[int, int]], mods=PLAIN) -> None:
        QTest.mousePress(self.canvas, LEFT, mods, QPoint(*points[0]))
        for x, y in points[1:]:
            QTest.mouseMove(self.canvas, QPoint(x, y))
        QTest.mouseRelease(self.canvas, LEFT, mods, QPoint(*points[-1]))

    def at(self, number: int) -> tuple[int, int]:
        place = self.canvas.view.to_widget(self.world.annotations[number].at)
        return round(place.x()), round(place.y())

    def image(self) -> QImage:
        return self.canvas.grab().toImage()


@pytest.fixture
def bench(qapp: QApplication) -> Iterator[Bench]:
    theme.set_mode("light")
    theme.apply(qapp)
    world = assessing(views=FACES)
    canvas = PhotoCanvas()
    canvas.resize(868, 668)
    canvas.attach(world.presenter)
    canvas.render_state(world.presenter.state)
    grey = bytes((150, 150, 150, 255)) * (300 * 400)
    canvas.show_picture(build(Pixels(300, 400, grey)))
    canvas.show()
    canvas.activateWindow()
    canvas.setFocus()
    QTest.qWaitForWindowActive(canvas)
    yield Bench(world, canvas)
    canvas.close()


def test_thirty_lesions_of_five_types_take_thirty_clicks_and_five_keys(bench: Bench) -> None:
    keys = clicks = 0
    for digit in range(1, 6):
        bench.press(Qt.Key(Qt.Key.Key_0 + digit))
        keys += 1
        for n in range(6):
            before = len(bench.world.annotations)
            QTest.mousePress(bench.canvas, LEFT, PLAIN, QPoint(260 + n * 60, 60 + digit * 90))
            # Added in the input event itself, before the button is up.
            assert len(bench.world.annotations) == before + 1
            QTest.mouseRelease(bench.canvas, LEFT, PLAIN, QPoint(260 + n * 60, 60 + digit * 90))
            clicks += 1
    assert (keys, clicks, len(bench.world.annotations)) == (5, 30, 30)
    kinds = [a.type for a in bench.world.annotations]
    assert [kinds.count(k) for k in EIGHT_KEYS] == [6, 6, 6, 6, 6, 0, 0, 0]
    assert bench.world.presenter.selection == ()


def test_the_click_lands_on_the_pixel_under_the_pointer(bench: Bench) -> None:
    bench.click(433, 301)
    at = bench.world.annotations[0].at
    back = bench.canvas.view.to_widget(at)
    assert abs(back.x() - 433) < 0.01
    assert abs(back.y() - 301) < 0.01
    assert bench.world.annotations[0].author == bench.world.made.session.user.id


def test_clicks_beside_the_photo_add_nothing(bench: Bench) -> None:
    bench.click(3, 300)
    assert not bench.world.annotations


def test_two_fast_clicks_add_two(bench: Bench) -> None:
    QTest.mouseClick(bench.canvas, LEFT, PLAIN, QPoint(430, 200))
    QTest.mouseDClick(bench.canvas, LEFT, PLAIN, QPoint(430, 300))
    assert len(bench.world.annotations) >= 2


def test_retype_move_and_remove_are_one_step_each(bench: Bench) -> None:
    bench.click(430, 200)
    assert bench.world.steps == 1
    bench.click(*bench.at(0))
    assert bench.world.presenter.selection == (bench.world.annotations[0].id,)
    bench.press(Qt.Key.Key_5)
    assert bench.world.annotations[0].type is LesionType.NODULE
    assert bench.world.presenter.tools.type is LesionType.OPEN_COMEDONE
    assert bench.world.steps == 2
    before = bench.world.annotations[0].at
    x, y = bench.at(0)
    bench.drag([(x, y), (x + 5, y + 5), (x + 20, y + 31), (x + 40, y + 50)])
    assert bench.world.steps == 3
    after = bench.world.annotations[0].at
    assert after.x - before.x == pytest.approx(40 / bench.canvas.view.zoom, abs=2)
    assert after.y - before.y == pytest.approx(50 / bench.canvas.view.zoom, abs=2)
    bench.press(Qt.Key.Key_Delete)
    assert not bench.world.annotations
    assert bench.world.steps == 4
    for _ in range(3):
        bench.world.presenter.undo()
    assert bench.world.annotations[0].type is LesionType.OPEN_COMEDONE
    assert bench.world.annotations[0].at == before
    bench.world.presenter.redo()
    assert bench.world.annotations[0].type is LesionType.NODULE


def test_escape_cancels_a_drag_and_shift_keeps_it_straight(bench: Bench) -> None:
    bench.click(430, 200)
    before = bench.world.annotations[0].at
    x, y = bench.at(0)
    QTest.mousePress(bench.canvas, LEFT, PLAIN, QPoint(x, y))
    QTest.mouseMove(bench.canvas, QPoint(x + 30, y + 30))
    bench.press(Qt.Key.Key_Escape)
    QTest.mouseRelease(bench.canvas, LEFT, PLAIN, QPoint(x + 30, y + 30))
    assert bench.world.annotations[0].at == before
    assert bench.world.steps == 1
    bench.press(Qt.Key.Key_V)
    gesture = bench.canvas.gestures
    QTest.mousePress(bench.canvas, LEFT, PLAIN, QPoint(x, y))
    move = QPointF(x + 40, y + 8)
    from PySide6.QtGui import QMouseEvent

    for _ in range(2):
        gesture.move(
            QMouseEvent(
                QEvent.Type.MouseMove, move, bench.canvas.mapToGlobal(move), LEFT, LEFT, SHIFT
            )
        )
    assert gesture.offset.y() == 0
    QTest.mouseRelease(bench.canvas, LEFT, SHIFT, QPoint(x + 40, y + 8))
    assert bench.world.annotations[0].at.y == pytest.approx(before.y)


def test_lasso_selects_and_acts_in_one_step(bench: Bench) -> None:
    for x in (300, 360, 420, 550):
        bench.click(x, 300)
    bench.press(Qt.Key.Key_L)
    bench.drag([(270, 270), (270, 330), (450, 330), (450, 270), (280, 268)])
    assert len(bench.world.presenter.selection) == 3
    bench.press(Qt.Key.Key_3)
    assert [a.type for a in bench.world.annotations].count(LesionType.PAPULE) == 3
    assert bench.world.steps == 5
    bench.press(Qt.Key.Key_Backspace)
    assert len(bench.world.annotations) == 1
    assert bench.world.steps == 6
    bench.world.presenter.undo()
    assert len(bench.world.annotations) == 4


def walk(bench: Bench, across: int, down: int) -> None:
    """Move the crosshair by multiples of twenty pixels, with the arrows alone."""
    for count, forth, back in (
        (across, Qt.Key.Key_Right, Qt.Key.Key_Left),
        (down, Qt.Key.Key_Down, Qt.Key.Key_Up),
    ):
        for _ in range(abs(count) // 20):
            bench.press(forth if count > 0 else back, SHIFT)


def test_lasso_border_and_measure_work_without_a_mouse(bench: Bench) -> None:
    for x in (400, 440, 620):
        bench.click(x, 334)
    bench.press(Qt.Key.Key_Escape)
    bench.press(Qt.Key.Key_L)
    bench.press(Qt.Key.Key_Return)  # the crosshair, in the middle: (434, 334)
    walk(bench, -80, -60)
    for across, down in ((160, 0), (0, 120), (-160, 0), (-60, 0)):
        bench.press(Qt.Key.Key_Return)
        walk(bench, across, down)
    bench.press(Qt.Key.Key_Return)
    bench.press(Qt.Key.Key_Backspace)  # the corner too far out is taken back, no annotation is
    assert len(bench.world.annotations) == 3
    walk(bench, 60, 0)
    assert not bench.world.presenter.selection
    bench.press(Qt.Key.Key_Return)  # on the last corner: the line ends
    assert len(bench.world.presenter.selection) == 2
    bench.press(Qt.Key.Key_Escape)
    bench.press(Qt.Key.Key_O)
    bench.press(Qt.Key.Key_Return)
    bench.press(Qt.Key.Key_Return)
    for across, down in ((60, 0), (0, 60)):
        walk(bench, across, down)
        bench.press(Qt.Key.Key_Return)
    assert len(bench.world.annotations) == 3
    walk(bench, -60, -60)
    bench.press(Qt.Key.Key_Return)  # on the first corner
    drawn = bench.world.annotations[3]
    xs = [bench.canvas.view.to_widget(p).x() for p in drawn.border]
    assert max(xs) - min(xs) == pytest.approx(60, abs=1)
    bench.press(Qt.Key.Key_Escape)
    bench.press(Qt.Key.Key_M)
    bench.press(Qt.Key.Key_Return)
    bench.press(Qt.Key.Key_Return)
    walk(bench, 40, 0)
    before = bench.image()
    bench.press(Qt.Key.Key_Escape)  # a line begun is dropped and measures nothing
    assert bench.canvas.ruler is None and bench.image() != before
    bench.press(Qt.Key.Key_Return)
    walk(bench, 40, 0)
    bench.press(Qt.Key.Key_Return)
    assert bench.canvas.ruler is not None
    first, second = bench.canvas.ruler
    assert (second.x - first.x) * bench.canvas.view.zoom == pytest.approx(40, abs=1)


def test_close_to_another_is_added_with_a_chip_and_del_removes_it(bench: Bench) -> None:
    bench.click(430, 300)
    bench.click(430, 305)  # on the glyph: selects
    assert len(bench.world.annotations) == 1
    bench.press(Qt.Key.Key_Escape)
    bench.click(430, 305, mods=SHIFT)
    assert len(bench.world.annotations) == 2
    state = bench.world.presenter.state
    assert state is not None
    assert any("Close to another" in chip for chip in state.chips)
    bench.press(Qt.Key.Key_Delete)
    assert len(bench.world.annotations) == 1


def test_walk_by_keyboard_and_add_at_the_crosshair(bench: Bench) -> None:
    bench.press(Qt.Key.Key_Right)
    bench.press(Qt.Key.Key_Right, SHIFT)
    bench.press(Qt.Key.Key_Return)
    bench.press(Qt.Key.Key_Down, SHIFT)
    bench.press(Qt.Key.Key_Down, SHIFT)
    bench.press(Qt.Key.Key_Down, SHIFT)
    bench.press(Qt.Key.Key_4)
    bench.press(Qt.Key.Key_Return)
    assert len(bench.world.annotations) == 2
    assert bench.world.annotations[1].type is LesionType.PUSTULE
    assert bench.world.annotations[1].at.y > bench.world.annotations[0].at.y
    bench.press(Qt.Key.Key_J)
    first = bench.world.presenter.selection
    bench.press(Qt.Key.Key_J)
    assert bench.world.presenter.selection != first
    bench.press(Qt.Key.Key_K)
    assert bench.world.presenter.selection == first
    x = bench.world.made.case.state.draft.annotations[0].at.x
    bench.press(Qt.Key.Key_Left, SHIFT)
    moved = next(a for a in bench.world.annotations if a.id == first[0])
    assert moved.at.x == pytest.approx(x - 10 / bench.canvas.view.zoom)


def test_select_tool_adds_only_on_double_click(bench: Bench) -> None:
    bench.press(Qt.Key.Key_V)
    bench.click(400, 300)
    assert not bench.world.annotations
    QTest.mouseDClick(bench.canvas, LEFT, PLAIN, QPoint(400, 300))
    assert len(bench.world.annotations) == 1
    assert bench.world.presenter.tools.tool is Tool.SELECT


def test_right_click_asks_for_the_menu_beside_the_lesion(bench: Bench) -> None:
    asked: list[tuple[QPointF, object, object]] = []
    bench.canvas.menu_wanted.connect(lambda *args: asked.append(args))
    bench.click(430, 300)
    bench.click(430, 300, RIGHT)
    bench.click(500, 400, RIGHT)
    assert asked[0][1] == bench.world.annotations[0].id
    assert asked[1][1] is None
    place = bench.canvas.mapFromGlobal(asked[1][0])
    assert place.x() - 500 >= plates.CLEAR
    assert len(bench.world.annotations) == 1


def test_hold_h_hides_and_focus_loss_shows_again(bench: Bench) -> None:
    bench.click(430, 300)
    QTest.mouseMove(bench.canvas, QPoint(700, 600))
    with_mark = bench.image()
    QTest.keyPress(bench.canvas, Qt.Key.Key_H)
    QTest.qWait(230)
    hidden = bench.image()
    assert hidden != with_mark
    assert bench.canvas.hidden_marks
    QTest.keyRelease(bench.canvas, Qt.Key.Key_H)
    assert not bench.canvas.hidden_marks
    bench.press(Qt.Key.Key_H)  # a tap toggles
    assert bench.canvas.hidden_marks
    bench.press(Qt.Key.Key_H)
    assert not bench.canvas.hidden_marks
    QTest.keyPress(bench.canvas, Qt.Key.Key_H)
    assert bench.canvas.hidden_marks
    other = QWidget()
    other.show()
    bench.canvas.clearFocus()
    assert not bench.canvas.hidden_marks
    assert not bench.canvas.keys.space
    other.close()


def test_repeats_of_a_held_key_are_ignored(bench: Bench) -> None:
    QTest.keyPress(bench.canvas, Qt.Key.Key_Q)
    assert bench.canvas.loupe
    for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress):
        repeat = QKeyEvent(kind, Qt.Key.Key_Q, PLAIN, "q", True)
        QApplication.sendEvent(bench.canvas, repeat)
    assert bench.canvas.loupe
    QTest.keyRelease(bench.canvas, Qt.Key.Key_Q)
    assert not bench.canvas.loupe


def test_single_letters_can_be_switched_off(bench: Bench) -> None:
    bench.canvas.letters = lambda: False
    bench.press(Qt.Key.Key_L)
    bench.press(Qt.Key.Key_3)
    QTest.keyPress(bench.canvas, Qt.Key.Key_H)
    assert bench.world.presenter.tools.tool is Tool.MARK
    assert bench.world.presenter.tools.type is LesionType.OPEN_COMEDONE
    assert not bench.canvas.hidden_marks
    bench.press(Qt.Key.Key_Right)
    bench.press(Qt.Key.Key_Return)
    assert len(bench.world.annotations) == 1


def test_zoom_stays_at_the_pointer_and_pan_moves(bench: Bench) -> None:
    view = bench.canvas.view
    under = view.to_photo(QPointF(300, 250))
    bench.canvas.zoom_by(3, QPointF(300, 250))
    after = view.to_photo(QPointF(300, 250))
    assert (after.x, after.y) == pytest.approx((under.x, under.y))
    before = view.to_widget(Point(600, 800))
    QTest.keyPress(bench.canvas, Qt.Key.Key_Space)
    bench.drag([(300, 300), (320, 310), (340, 330)])
    QTest.keyRelease(bench.canvas, Qt.Key.Key_Space)
    moved = view.to_widget(Point(600, 800)) - before
    assert (moved.x(), moved.y()) == pytest.approx((40, 30))
    assert not bench.world.annotations
    bench.press(Qt.Key.Key_0)
    assert view.fitted
    bench.press(Qt.Key.Key_Z)
    assert view.percent == 100


def test_zoom_is_kept_per_photo(bench: Bench) -> None:
    bench.canvas.zoom_by(2, QPointF(400, 300))
    middle = bench.canvas.view.to_photo(QPointF(bench.canvas.rect().center()))
    zoom = bench.canvas.view.zoom
    bench.press(Qt.Key.Key_N)
    assert bench.canvas.view.fitted
    bench.press(Qt.Key.Key_P)
    again = bench.canvas.view.to_photo(QPointF(bench.canvas.rect().center()))
    assert bench.canvas.view.zoom == pytest.approx(zoom)
    assert (again.x, again.y) == pytest.approx((middle.x, middle.y))


def test_corners_are_dragged_with_the_select_tool(bench: Bench) -> None:
    bench.press(Qt.Key.Key_V)
    label = bench.world.presenter.state.labels[0]
    at = bench.canvas.view.to_widget(label.polygon[2])
    x, y = round(at.x()), round(at.y())
    bench.drag([(x, y), (x - 8, y - 8), (x - 20, y - 15)])
    assert bench.world.steps == 1
    moved = bench.world.presenter.state.labels[0].polygon[2]
    place = bench.canvas.view.to_widget(moved)
    assert (place.x(), place.y()) == pytest.approx((x - 20, y - 15), abs=1)
    bench.world.presenter.undo()
    assert bench.world.presenter.state.labels[0].polygon == label.polygon


def test_references_are_drawn_lighter(bench: Bench) -> None:
    def strength(*, reference: bool) -> float:
        picture = glyphs.stamp(LesionType.NODULE, reference=reference, scale=1, ratio=1).toImage()
        return max(
            picture.pixelColor(x, y).alphaF()
            for x in range(picture.width())
            for y in range(picture.height())
        )

    assert strength(reference=False) == pytest.approx(1, abs=0.01)
    assert strength(reference=True) == pytest.approx(0.45, abs=0.03)
    bench.press(Qt.Key.Key_5)
    bench.world.presenter.add(Point(850, 800))  # left cheek: counts on Left 45°
    bench.world.presenter.add(Point(600, 320))  # forehead: counts here
    marks = [bench.canvas.marks.get(a.id) for a in bench.world.annotations]
    assert [m.reference for m in marks] == [True, False]
    state = bench.world.presenter.state
    assert "1 lighter annotation is reference: counted on its own photo" in state.chips
    assert "At least" in state.rubric.card.word


def test_every_type_has_its_own_shape_and_colour(qapp: QApplication) -> None:
    def ink(kind: LesionType) -> tuple[bytes, str]:
        picture = glyphs.stamp(kind, reference=False, scale=1, ratio=2).toImage()
        grey = picture.scaled(40, 40).convertToFormat(QImage.Format.Format_Alpha8)
        return bytes(grey.constBits()), glyphs.colour_of(kind).name()

    inks = [ink(kind) for kind in EIGHT_KEYS]
    assert len({shape for shape, _ in inks}) == 8
    assert len({colour for _, colour in inks}) == 8
    # The casing lies outside the colour: dark at the rim of every glyph.
    for kind in EIGHT_KEYS:
        picture = glyphs.stamp(kind, reference=False, scale=1, ratio=2).toImage()
        row = [picture.pixelColor(x, picture.height() // 2) for x in range(picture.width())]
        solid = [c for c in row if c.alphaF() > 0.6]
        assert solid[0].lightnessF() < 0.45, kind


def test_nothing_is_drawn_near_the_pointer(bench: Bench) -> None:
    state = bench.world.presenter.state
    shown = placing.label_plates(state.labels, bench.canvas.view, [])
    for plate in shown:
        assert not plates.clear_of(plate.rect, plate.rect.center())
        assert not plates.clear_of(plate.rect, plate.rect.topLeft() - QPointF(20, 0))
        assert plates.clear_of(plate.rect, plate.rect.topLeft() - QPointF(30, 0))
    area = bench.canvas.view.area
    for x in range(20, 860, 60):
        for y in range(20, 660, 60):
            at = QPointF(x, y)
            assert plates.clear_of(overlay.note_rect(at, area, at, QSizeF(204, 62)), at)


def differing(one: QImage, other: QImage) -> list[QPoint]:
    """Pixels in which two pictures differ, every third of each row and column."""
    places = (QPoint(x, y) for y in range(0, one.height(), 3) for x in range(0, one.width(), 3))
    return [p for p in places if one.pixel(p) != other.pixel(p)]


def test_a_selected_lesion_out_of_sight_is_named_at_the_edge_with_the_way_to_it(
    bench: Bench,
) -> None:
    canvas, presenter = bench.canvas, bench.world.presenter
    presenter.toggle_zones()
    bench.click(400, 640)
    canvas.zoom_by(4, QPointF(430, 10))
    without = bench.image()
    (only,) = bench.world.annotations
    presenter.select((only.id,))
    at, area = canvas.place_of(only.id), canvas.view.area
    assert not QRectF(canvas.rect()).contains(at)
    plate = placing.pointing(presenter.state.selected.title, at, area, ())
    assert plate is not None and plate.text.startswith("\u2193 ")  # below
    assert plate.rect.bottom() > area.height() - 20 and plate.rect.left() >= 12
    changed = differing(without, bench.image())
    assert changed
    assert all(plate.rect.adjusted(-1, -1, 1, 1).contains(QPointF(p)) for p in changed)
    for x, y, arrow in (
        (-9, -9, "\u2196"),
        (400, -9, "\u2191"),
        (9e3, 90, "\u2192"),
        (-9, 9e3, "\u2199"),
    ):
        said = placing.pointing("Nodule", QPointF(x, y), area, ())
        assert said is not None and said.text == f"{arrow} Nodule"
        assert QRectF(QPointF(0, 0), area).contains(said.rect)


def test_labels_keep_off_annotations_where_there_is_room(bench: Bench) -> None:
    canvas, presenter = bench.canvas, bench.world.presenter
    rng = random.Random(8)
    upon = 0
    for _ in range(12):
        canvas.fit()
        canvas.zoom_by(rng.uniform(1, 4), QPointF(rng.uniform(0, 860), rng.uniform(0, 660)))
        for plate in placing.label_plates(presenter.state.labels, canvas.view, ()):
            presenter.add(canvas.view.to_photo(plate.rect.center()), LesionType.PAPULE)
            upon += 1
        spots = canvas.marks.spots(canvas.view.across, (canvas.view.zoom, canvas.view.y))
        shown = placing.label_plates(presenter.state.labels, canvas.view, (), spots)
        for plate in shown:
            assert not any(plate.rect.contains(QPointF(x, y)) for x, y in spots.tolist())
        while presenter.state.can_undo:
            presenter.undo()
    assert upon > 40


def test_the_line_to_the_note_passes_under_what_is_to_be_read(bench: Bench) -> None:
    canvas, presenter = bench.canvas, bench.world.presenter
    presenter.toggle_zones()
    presenter.use(Tool.SELECT)
    canvas.zoom_by(3, QPointF(430, 300))
    presenter.add(canvas.view.to_photo(QPointF(720, 30)), LesionType.PAPULE)
    (only,) = bench.world.annotations
    long = "\u2013".join(["a chip"] * 12)
    canvas.render_state(replace(presenter.state, chips=("", long, long)))
    chips = [p.rect for p in plates.chip_plates(("", long, long), canvas.view.area.width())]
    without = bench.image()
    presenter.select((only.id,))
    canvas.render_state(replace(presenter.state, chips=("", long, long)))
    at = canvas.place_of(only.id)
    kept = [r.adjusted(0, 0, -1, -1) for r in chips if plates.clear_of(r, at)]
    changed = differing(without, bench.image())
    assert len(kept) == 3 and not any(r.contains(QPointF(p)) for r in kept[:2] for p in changed)


def test_a_canvas_without_room_shows_nothing_and_fails_at_nothing(bench: Bench) -> None:
    """A page that was not entered yet has no height; its consultation may be closed all the same."""
    for size in (QSizeF(868, 0), QSizeF(0, 668), QSizeF(0, 0)):
        bench.canvas.view.resize(size)
        bench.canvas.fit()
        assert bench.canvas.view.to_photo(QPointF(10, 10)) is not None
        bench.canvas.render_state(None)
        bench.canvas.render_state(bench.world.presenter.state)


def test_labels_lie_on_the_canvas_and_never_upon_another(bench: Bench) -> None:
    rng, canvas = random.Random(5), bench.canvas
    whole = QRectF(QPointF(0, 0), canvas.view.area)
    chips = [p.rect for p in plates.chip_plates(bench.world.presenter.state.chips, whole.width())]
    for _ in range(60):
        canvas.fit()
        canvas.zoom_by(rng.uniform(1, 6), QPointF(rng.uniform(0, 860), rng.uniform(0, 660)))
        shown = placing.label_plates(bench.world.presenter.state.labels, canvas.view, chips)
        rects = [*chips, *(p.rect for p in shown)]
        for n, rect in enumerate(rects):
            assert whole.contains(rect)
            assert not any(rect.intersects(other) for other in rects[n + 1 :])


def test_the_surround_is_the_same_in_both_themes(bench: Bench, qapp: QApplication) -> None:
    for mode in ("light", "dark"):
        theme.set_mode(mode)
        assert bench.image().pixelColor(3, 500) == QColor("#2A2A2A")
    theme.set_mode("light")


def _recount(world: Assessing) -> int:
    """Counted afresh from what the store journalled, with nothing kept from before."""
    made = world.made
    draft = made.memory.history(made.id).draft
    photos = made.memory.consultations[made.id].photos
    from workstation.content.zones import standard

    outlines = outlines_of(photos, standard(), draft.outlines, draft.mirrored)
    found = tally(photos, draft.annotations, outlines, draft.owners)
    return sum(p.counts and p.annotation.type in COUNTED for p in found.placed)


def _zone_event(bench: Bench, rng: random.Random, spot: tuple[int, int]) -> None:
    presenter = bench.world.presenter
    at = bench.canvas.view.to_photo(QPointF(*spot))
    zone = presenter.zone_at(at)
    choices = presenter.owner_choices(zone)
    if choices and rng.random() < 0.5:
        presenter.own_zone(zone, rng.choice(choices).photo)
    elif rng.random() < 0.5:
        presenter.move_midline("whole", at)
    else:
        nearest = presenter.nearest_corner(at)
        if nearest is not None:
            presenter.move_corner(*nearest, at)


def _random_events(bench: Bench, number: int, seed: int) -> None:
    rng = random.Random(seed)
    first = bench.world.made.case.state.draft
    keys = [Qt.Key.Key_J, Qt.Key.Key_K, Qt.Key.Key_N, Qt.Key.Key_P, Qt.Key.Key_T, Qt.Key.Key_R,
            Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Right,
            Qt.Key.Key_V, Qt.Key.Key_B, Qt.Key.Key_L, Qt.Key.Key_O, Qt.Key.Key_X]  # fmt: skip
    for step in range(number):
        act = rng.random()
        spot = (rng.randint(190, 670), rng.randint(5, 660))
        if act < 0.45:
            bench.click(*spot, mods=SHIFT if rng.random() < 0.2 else PLAIN)
        elif act < 0.6:
            far = (rng.randint(190, 670), rng.randint(5, 660))
            bench.drag([spot, ((spot[0] + far[0]) // 2, (spot[1] + far[1]) // 2 + 4), far])
        elif act < 0.75:
            bench.press(Qt.Key(Qt.Key.Key_0 + rng.randint(1, 8)))
        elif act < 0.91:
            bench.press(rng.choice(keys))
        elif act < 0.93:
            _zone_event(bench, rng, spot)
        elif act < 0.97:
            bench.world.presenter.undo()
        else:
            bench.world.presenter.redo()
        if step % 25 == 0:
            assert bench.world.total == _recount(bench.world)
            on_canvas = set(bench.canvas.marks.ids)
            photo = bench.world.presenter.photo
            assert on_canvas == {a.id for a in bench.world.annotations if a.photo == photo.id}
    table = bench.world.presenter.state.rubric.table
    assert bench.world.total == _recount(bench.world) == table.total == sum(table.counted)
    assert sum(item.badge for item in bench.world.presenter.state.strip) == table.total
    while bench.world.made.case.state.history.past:
        bench.world.presenter.undo()
    assert dict(bench.world.made.case.state.draft.items) == dict(first.items)
    assert bench.world.total == 0


def test_counts_agree_after_random_events_and_undo_gives_the_first_state(bench: Bench) -> None:
    _random_events(bench, 500, 11)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_ten_thousand_random_events(bench: Bench) -> None:
    _random_events(bench, 10_000, 12)


def test_dragging_while_a_nodule_is_placed_draws_its_size_in_one_step(bench: Bench) -> None:
    bench.press(Qt.Key.Key_5)
    bench.drag([(430, 130), (440, 130), (460, 130)])
    placed = bench.world.annotations[0]
    assert placed.radius == pytest.approx(30 / bench.canvas.view.zoom)
    assert bench.world.steps == 1
    assert len(bench.world.annotations) == 1 == bench.world.total
    bench.world.presenter.undo()
    assert not bench.world.annotations
    bench.world.presenter.redo()
    assert bench.world.annotations[0] == placed
    bench.press(Qt.Key.Key_3)
    bench.drag([(420, 300), (430, 300), (460, 300)])
    assert bench.world.annotations[1].radius is None  # a papule is a point


def test_a_border_drawn_by_hand_is_one_lesion_and_moves_as_a_whole(bench: Bench) -> None:
    bench.press(Qt.Key.Key_O)
    bench.drag([(300, 200), (360, 200), (360, 260), (300, 260), (300, 205)])
    drawn = bench.world.annotations[0]
    assert len(drawn.border) >= 4
    assert bench.world.total == 1 == bench.world.steps
    middle = bench.canvas.view.to_widget(drawn.at)
    assert 300 <= middle.x() <= 360 and 200 <= middle.y() <= 260
    bench.press(Qt.Key.Key_V)
    bench.drag([(round(middle.x()), round(middle.y())), (400, 300), (430, 320)])
    moved = bench.world.annotations[0]
    steps = {
        (round(b.x - a.x, 6), round(b.y - a.y, 6))
        for a, b in zip((drawn.at, *drawn.border), (moved.at, *moved.border), strict=True)
    }
    assert len(steps) == 1 and steps != {(0.0, 0.0)}
    assert bench.world.steps == 2


def test_a_scribble_that_encloses_nothing_adds_nothing(bench: Bench) -> None:
    bench.press(Qt.Key.Key_O)
    bench.drag([(300, 200), (303, 200)])
    assert not bench.world.annotations


def test_a_mirrored_photo_is_turned_round_and_annotations_follow_the_skin(bench: Bench) -> None:
    half = bytes((20, 20, 20, 255)) * 150 + bytes((220, 220, 220, 255)) * 150
    bench.canvas.show_picture(build(Pixels(300, 400, half * 400)))
    bench.press(Qt.Key.Key_3)
    bench.click(300, 330)  # on the dark half
    place = bench.world.annotations[0].at
    zone = bench.world.made.case.state.appraisal.tally.placed[0].zone
    assert bench.image().pixelColor(250, 200).lightness() < 60
    bench.press(Qt.Key.Key_X)
    assert bench.image().pixelColor(250, 200).lightness() > 200
    assert bench.world.annotations[0].at == place
    x, _ = bench.at(0)
    assert x == pytest.approx(868 - 300, abs=2)
    turned = bench.world.made.case.state.appraisal.tally.placed[0].zone
    assert {zone, turned} == {ZoneId.RIGHT_CHEEK, ZoneId.LEFT_CHEEK}
    bench.click(x, 330)
    assert bench.world.presenter.selection == (bench.world.annotations[0].id,)
    bench.press(Qt.Key.Key_Right)
    assert bench.at(0)[0] == x + 1  # right on the screen is right, mirrored or not
    bench.drag([(x + 1, 330), (x + 40, 330), (x + 61, 330)])
    assert bench.at(0)[0] == pytest.approx(x + 61, abs=1)
    for _ in range(3):
        bench.world.presenter.undo()
    assert bench.image().pixelColor(250, 200).lightness() < 60
    assert bench.world.annotations[0].at == place


def test_what_was_drawn_by_hand_stays_where_it_shows_when_a_photo_is_mirrored(bench: Bench) -> None:
    presenter, view = bench.world.presenter, bench.canvas.view
    before = next(z for z in presenter.state.labels if z.zone is ZoneId.LEFT_CHEEK)
    presenter.move_corner(ZoneId.LEFT_CHEEK, 0, Point(before.polygon[0].x + 20, 500))
    presenter.move_midline("top", Point(500, 0))
    shown = [view.to_widget(p) for p in _outline(bench, ZoneId.LEFT_CHEEK)]
    line = view.to_widget(presenter.state.midline.top)
    steps = bench.world.steps
    presenter.mirror()
    assert bench.world.steps == steps + 1
    view = bench.canvas.view
    for a, b in zip(shown, _outline(bench, ZoneId.LEFT_CHEEK), strict=True):
        assert (view.to_widget(b) - a).manhattanLength() < 0.01
    assert (view.to_widget(presenter.state.midline.top) - line).manhattanLength() < 0.01


def _outline(bench: Bench, zone: ZoneId) -> tuple[Point, ...]:
    return next(z.polygon for z in bench.world.presenter.state.labels if z.zone is zone)


def test_the_midline_is_dragged_by_its_grips_with_the_select_tool(bench: Bench) -> None:
    bench.press(Qt.Key.Key_V)
    line = bench.world.presenter.state.midline
    whole = extents.grips(line, bench.canvas.view)["whole"].toPoint()
    bench.drag([(whole.x(), whole.y()), (whole.x() + 10, whole.y()), (whole.x() + 40, whole.y())])
    moved = bench.world.presenter.state.midline
    assert moved.top.x == pytest.approx(line.top.x + 40 / bench.canvas.view.zoom)
    assert moved.bottom.x == moved.top.x and moved.top.y == line.top.y
    assert bench.world.steps == 1
    bench.world.presenter.undo()
    assert bench.world.presenter.state.midline == line


def test_the_ruler_speaks_millimetres_only_after_calibration_on_that_photo(bench: Bench) -> None:
    canvas, presenter = bench.canvas, bench.world.presenter
    bench.press(Qt.Key.Key_M)
    bench.drag([(300, 300), (320, 300), (400, 300)])
    assert "no scale" in canvas.ruler_text(*canvas.ruler)
    presenter.set_scale(*canvas.ruler, 20.0)
    assert canvas.ruler_text(*canvas.ruler) == "20.0 mm"
    bench.press(Qt.Key.Key_N)
    assert canvas.ruler is None
    bench.drag([(300, 300), (320, 300), (400, 300)])
    assert "no scale" in canvas.ruler_text(*canvas.ruler)
    presenter.undo()  # shows the photo the scale was set on
    assert presenter.photo.view is View.FRONT
    assert presenter.state.mm_per_px is None


def test_a_zone_counts_on_the_photo_that_is_chosen_for_it(bench: Bench) -> None:
    presenter = bench.world.presenter
    presenter.add(Point(840, 800), LesionType.PAPULE)
    assert bench.world.total == 0  # the left cheek counts on its own photo
    choices = presenter.owner_choices(ZoneId.LEFT_CHEEK)
    assert [c.name for c in choices if c.current] == ["Left 45°"]
    presenter.own_zone(ZoneId.LEFT_CHEEK, presenter.photo.id)
    assert bench.world.total == 1
    assert bench.world.steps == 2
    presenter.undo()
    assert bench.world.total == 0


def test_zone_corners_are_added_moved_and_removed_without_a_mouse(bench: Bench) -> None:
    presenter = bench.world.presenter
    corners = _outline(bench, ZoneId.NOSE)
    at = Point((corners[0].x + corners[1].x) / 2, (corners[0].y + corners[1].y) / 2 + 4)
    presenter.add_corner_at(ZoneId.NOSE, at)
    assert _outline(bench, ZoneId.NOSE) == (corners[0], at, *corners[1:])
    assert presenter.nearest_corner(at) == (ZoneId.NOSE, 1)
    presenter.remove_corner(ZoneId.NOSE, 1)
    assert _outline(bench, ZoneId.NOSE) == corners
    presenter.reset_zone(ZoneId.NOSE)
    assert not presenter.is_drawn(ZoneId.NOSE)


def test_assistive_technology_gets_the_annotations_as_a_list(bench: Bench) -> None:
    listed = QAccessible.queryAccessibleInterface(bench.canvas.spoken)
    assert listed.role() == QAccessible.Role.List and listed.childCount() == 0
    assert listed.text(QAccessible.Text.Name) == "Annotations of this photo"
    for x, key in ((430, Qt.Key.Key_5), (470, Qt.Key.Key_3)):
        bench.press(key)
        bench.click(x, 130)
    names = [listed.child(i).text(QAccessible.Text.Name) for i in range(listed.childCount())]
    assert names == ["Nodule, forehead, 1 of 2", "Papule, forehead, 2 of 2"]
    bench.press(Qt.Key.Key_J)
    bench.canvas.spoken.follow()
    assert [listed.child(i).state().selected for i in range(2)] == [True, False]
    place = bench.canvas.mapToGlobal(QPoint(430, 130))
    assert listed.child(0).rect().contains(place) and not listed.child(1).rect().contains(place)
    assert not listed.child(0).state().invisible
    index = bench.canvas.spoken.indexAt(QPoint(470, 130))
    assert index.data() == names[1]
    bench.canvas.spoken.setCurrentIndex(index)  # as a screen reader chooses
    assert bench.world.presenter.selection == (bench.canvas.listed()[1].id,)
    bench.press(Qt.Key.Key_Delete)
    bench.canvas.spoken.follow()
    assert listed.childCount() == 1


def test_the_spoken_list_takes_no_room_no_pointer_and_no_focus(bench: Bench) -> None:
    spoken = bench.canvas.spoken
    assert spoken.isVisible() and spoken.size() == bench.canvas.size()
    assert spoken.focusPolicy() == Qt.FocusPolicy.NoFocus
    painted: list[QEvent.Type] = []

    class Watch(QObject):
        def eventFilter(self, about: QObject, event: QEvent) -> bool:
            painted.extend([event.type()] * (event.type() == QEvent.Type.Paint))
            return False

    watch = Watch()
    spoken.viewport().installEventFilter(watch)
    bench.canvas.grab()
    bench.canvas.repaint()
    assert not painted
    bench.press(Qt.Key.Key_5)
    bench.click(430, 130)
    assert bench.world.total == 1


def test_what_an_edit_repairs_looks_as_if_all_were_drawn_anew(bench: Bench) -> None:
    """250 annotations, none upon another; each edit repaints only the squares that it touched."""
    canvas, case = bench.canvas, bench.world.made.case
    rng = random.Random(5)
    photo = bench.world.presenter.photo
    assert photo is not None
    cells = [(x, y) for x in range(20) for y in range(20)]
    rng.shuffle(cells)

    def at(cell: tuple[int, int]) -> Point:
        return Point((cell[0] + 0.5) * photo.width / 20, (cell[1] + 0.5) * photo.height / 20)

    used = {f"m{i}": cells.pop() for i in range(250)}
    marks = {
        id_: annotation(id_, photo.id, rng.choice(list(LesionType)), (at(c).x, at(c).y))
        for id_, c in used.items()
    }
    case.put("many", [(Key.of(ItemKind.ANNOTATION, i), a) for i, a in marks.items()])

    def picture() -> QImage:
        canvas._settle()
        return canvas.grab().toImage()

    picture()
    repaired = 0
    for step in range(24):
        id_ = rng.choice(sorted(marks))
        act = ("move", "type", "remove", "add", "size", "undo")[step % 6]
        if act == "move":
            marks[id_] = replace(marks[id_], at=at(cells.pop()))
        elif act == "type":
            marks[id_] = replace(marks[id_], type=rng.choice(list(LesionType)))
        elif act == "size":
            marks[id_] = replace(marks[id_], radius=rng.uniform(20, 30))
        elif act == "remove":
            marks.pop(id_)
        elif act == "add":
            id_ = f"n{step}"
            marks[id_] = annotation(id_, photo.id, LesionType.CYST, (at(cells.pop()).x, 40.0))
            marks[id_] = replace(marks[id_], at=at(cells.pop()))
        if act == "undo":
            case.undo()
            marks = {a.id: a for a in bench.world.annotations}
        else:
            case.put(act, [(Key.of(ItemKind.ANNOTATION, id_), marks.get(id_))])
        repaired += canvas.resting.kept
        quick = picture()
        canvas.resting.forget()
        assert picture() == quick, act
    assert repaired == 24


@pytest.mark.parametrize("seed", range(3))
def test_where_an_annotation_stands_is_its_place_in_the_walk(bench: Bench, seed: int) -> None:
    rng, case = random.Random(seed), bench.world.made.case
    photo = bench.world.presenter.photo
    assert photo is not None
    made = [
        annotation(f"a{n}", photo.id, LesionType.PAPULE, (rng.randrange(4) * 300, rng.randrange(9)))
        for n in range(40)
    ]
    case.put("many", [(Key.of(ItemKind.ANNOTATION, a.id), a) for a in made])
    tally = case.state.appraisal.tally
    ids = walk_of(tally, photo.id)
    for number, id_ in enumerate(ids, start=1):
        assert stands_at(tally, photo.id, id_) == (number, 40)
