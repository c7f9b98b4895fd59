"""The Assess page: layout, strip, panel, photos that arrive late, and the keyboard path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QWidget,
)

from tests.inline_jobs import InlineJobs
from tests.ui import treat_pages
from tests.ui.assess_world import Assessing, annotation, assessing, blank
from workstation.domain.consultation import PastVisit, RequestKind
from workstation.domain.draft import ItemKind, Key, Note
from workstation.domain.ids import ConsultationId, PhotoId, new_id
from workstation.domain.lesions import LesionType, Point, ZoneId
from workstation.domain.photo import View
from workstation.presenters.assess_state import PhotoAsk
from workstation.presenters.jobs import Lane
from workstation.presenters.pictures import Pictures, Pixels
from workstation.presenters.tools import Adjustment
from workstation.ui.assess import plates
from workstation.ui.assess.page import AssessPage
from workstation.ui.commands import Commands
from workstation.ui.page import PageTools
from workstation.ui.theme import theme

FACES = (View.FRONT, View.LEFT45, View.RIGHT45)
# Content of the window without rail, banner, step bar and status bar.
WINDOWS = {"1280x800": (1216, 675), "1440x900": (1376, 775), "2560x1440": (2496, 1315)}


@dataclass
class LateJobs:
    """Keeps jobs until they are let go."""

    kept: list[tuple[Callable[[], Any], Callable[[Any], None]]] = field(default_factory=list)

    def submit(self, work: Any, done: Any, failed: Any, lane: Lane, key: str | None = None) -> Any:
        self.kept.append((work, done))
        return InlineJobs().submit(lambda: None, lambda _: None, lambda _: None, lane)

    def let_go(self) -> None:
        kept, self.kept = self.kept, []
        for work, done in kept:
            done(work())


@dataclass
class Shown:
    """A page in a window."""

    world: Assessing
    page: AssessPage
    window: QWidget
    said: list[str]

    def resize(self, size: tuple[int, int]) -> None:
        self.window.resize(*size)
        for _ in range(3):
            QApplication.processEvents()


@pytest.fixture
def show(qapp: QApplication) -> Iterator[Callable[..., Shown]]:
    windows: list[QWidget] = []
    theme.set_mode("light")
    theme.apply(qapp)

    def make(world: Assessing | None = None, jobs: Any = None) -> Shown:
        world = world or assessing(views=FACES)
        said: list[str] = []
        tools = PageTools(
            Commands(), jobs or InlineJobs(), lambda t, _: said.append(t), said.append
        )
        window = QWidget()
        page = AssessPage(world.presenter, tools, window)
        page.setGeometry(0, 0, 1376, 775)
        window.resize(1376, 775)
        from PySide6.QtWidgets import QVBoxLayout

        layout = QVBoxLayout(window)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page)
        window.show()
        window.activateWindow()
        page.enter()
        QTest.qWaitForWindowActive(window)
        windows.append(window)
        return Shown(world, page, window, said)

    yield make
    for window in windows:
        window.close()


@pytest.mark.parametrize("size", WINDOWS.values(), ids=WINDOWS.keys())
@pytest.mark.parametrize("scale", [1.0, 1.4])
def test_the_photo_keeps_its_room_and_nothing_overlaps(
    show: Callable[..., Shown], size: tuple[int, int], scale: float
) -> None:
    shown = show()
    theme.set_text_scale(scale)
    try:
        shown.resize(size)
        page = shown.page
        assert (shown.window.width(), shown.window.height()) == size
        if scale == 1.0:
            assert page.canvas.width() >= 740
            assert page.canvas.height() >= 590
        boxes = [
            QRect(w.mapTo(page, w.rect().topLeft()), w.size())
            for w in (page.strip, page.toolbar, page.canvas, page.palette_, page.panel)
        ]
        for i, one in enumerate(boxes):
            assert page.rect().contains(one)
            for other in boxes[i + 1 :]:
                assert not one.intersects(other)
        # The longest grade word there is: it takes the width that there is, and is not cut.
        many = [annotation(f"c{n}", "front", LesionType.OPEN_COMEDONE) for n in range(20)]
        puts = [(Key.of(ItemKind.ANNOTATION, a.id), a) for a in many]
        shown.world.made.case.put("many", puts)
        shown.resize(size)
        assert page.panel.grade.word.text() == "At least moderate"
        inner = page.panel.area.widget()
        assert inner.width() <= page.panel.area.viewport().width()
        assert not treat_pages.clipped(page.panel.grade)
        buttons = [b for b in page.palette_.buttons.values()]
        for left, right in zip(buttons, buttons[1:], strict=False):
            assert right.x() - left.geometry().right() >= 4
        assert buttons[-1].geometry().right() <= page.palette_.width()
    finally:
        theme.set_text_scale(1.0)


def test_every_control_has_a_name_and_is_large_enough(show: Callable[..., Shown]) -> None:
    shown = show(assessing())
    kinds = (QAbstractButton, QComboBox, QLineEdit)
    for kind in kinds:
        for widget in shown.page.findChildren(kind):
            if widget.objectName().startswith("qt_"):
                continue
            assert widget.accessibleName(), (type(widget), widget.objectName())
            if widget.isVisible() and isinstance(widget, QAbstractButton):
                assert min(widget.width(), widget.height()) >= 24, widget.accessibleName()
    assert "annotations" in shown.page.canvas.accessibleDescription()


def test_the_strip_keeps_hanging_order_and_shows_what_is_missing(
    show: Callable[..., Shown],
) -> None:
    shown = show(assessing())
    tiles = [t.item for t in shown.page.strip.tiles]
    assert [t.name for t in tiles] == [
        "Front", "Left 45°", "Right 45°", "Chin up", "Hairline", "Chest", "Upper back", "Shoulders",
    ]  # fmt: skip
    assert tiles[7].photo is None
    assert shown.page.strip.tiles[7].accessibleName() == "Shoulders: not supplied"
    assert tiles[6].chip == "Blurred"
    assert shown.page.presenter.state.supplied == "7 of 8"
    assert all(shown.page.strip.has_thumbnail(t.photo) for t in tiles if t.photo)
    assert shown.page.canvas.pyramid is not None


def test_labels_badges_table_and_total_agree(show: Callable[..., Shown]) -> None:
    shown = show()
    presenter = shown.world.presenter
    for n, photo in enumerate(presenter.photos):
        presenter.show(photo.id)
        for i in range(12):
            kind = list(LesionType)[(i + n) % 9]
            presenter.add(Point(200 + 70 * i, 300 + 90 * ((i * 5) % 13)), kind)
    state = presenter.state
    for photo in presenter.photos:
        presenter.show(photo.id)
        state = presenter.state
        numbers = [label.text.split()[-1] for label in state.labels]
        labelled = sum(int(n) for n in numbers if n.isdigit())
        badge = next(item.badge for item in state.strip if item.photo == photo.id)
        assert labelled == badge
    table = state.rubric.table
    total = next(b.count for b in state.rubric.bars if b.id == "total")
    assert sum(item.badge for item in state.strip) == sum(table.counted) == table.total == total


def test_no_photo_of_another_consultation_arrives_after_a_switch(
    show: Callable[..., Shown],
) -> None:
    jobs = LateJobs()
    shown = show(jobs=jobs)
    world = shown.world
    first = world.made.case.state.consultation
    other = replace(
        first, id=ConsultationId(new_id()), photos=blank((View.CHEST,)), revision=0, claim=None
    )
    world.made.memory.consultations[other.id] = other
    late, jobs.kept = jobs.kept, []
    assert late
    world.made.case.open(other.id)
    QApplication.processEvents()
    for work, done in late:
        done(work())
    assert shown.page.canvas.pyramid is None
    assert not any(shown.page.strip.has_thumbnail(p.id) for p in first.photos)
    jobs.let_go()
    assert shown.page.canvas.pyramid is not None
    assert world.presenter.photo.view is View.CHEST


def test_pictures_drop_the_least_wanted_when_memory_is_full() -> None:
    world = assessing(views=FACES)
    pictures: Pictures[Pixels] = Pictures(
        world.made.desk, InlineJobs(), lambda p: p, lambda p: len(p.data), budget=2 * 60 * 80 * 4
    )
    pictures.show(world.made.case.state.consultation)
    for view in ("front", "left45", "right45"):
        pictures.want(PhotoId(view))
    assert pictures.held <= 2 * 60 * 80 * 4
    assert pictures.best(PhotoId("front")) is None
    assert pictures.best(PhotoId("right45")) is not None
    pictures.want(PhotoId("right45"), full=True)
    assert pictures.best(PhotoId("right45"))[1] is True


def test_full_pixels_are_asked_for_only_past_the_preview(show: Callable[..., Shown]) -> None:
    jobs = LateJobs()
    shown = show(jobs=jobs)
    jobs.let_go()
    assert shown.page.canvas.pyramid.width == 60
    wanted = [full for _, full in shown.page.feed.pictures._asked]
    assert True in wanted  # the preview of a blank photo is tiny: full detail is fetched at once
    shown.page.leave()
    assert shown.page.feed.pictures.held == 0
    assert shown.page.canvas.pyramid is None


def test_override_needs_a_reason_and_is_undone_in_one_step(show: Callable[..., Shown]) -> None:
    shown = show()
    grade = shown.page.panel.grade
    grade.open.click()
    assert grade.form.isVisible()
    grade.form.taken.emit()
    assert grade.form.problem.text() == "Choose the grade."
    grade.form.grade.setCurrentIndex(grade.form.grade.findData("severe"))
    grade.form.reason.setCurrentIndex(grade.form.reason.findData("other"))
    grade.form.text.setText("short")
    grade.form.taken.emit()
    assert "10 characters" in grade.form.problem.text()
    grade.form.text.setText("Nodules on the back seen in person")
    grade.form.taken.emit()
    assert not grade.form.isVisible()
    assert grade.word.text() == "Severe (you)"
    assert "Rubric says" in grade.own.text()
    assert shown.world.steps == 1
    shown.world.presenter.undo()
    assert "(you)" not in grade.word.text()


def test_signs_are_recorded_by_key_and_click(show: Callable[..., Shown]) -> None:
    shown = show()
    _, scarring, _, burden, failed = shown.page.panel.sign_rows
    burden.setFocus()
    QTest.keyClick(burden, Qt.Key.Key_Y)
    assert shown.world.made.recorded("severity.psychosocial").value is True
    QTest.keyClick(burden, Qt.Key.Key_N)
    assert burden.sign.state is False
    assert "recorded here" in burden.sign.detail
    QTest.keyClick(burden, Qt.Key.Key_Delete)
    assert shown.world.made.recorded("severity.psychosocial") is None
    QTest.mouseClick(scarring, Qt.MouseButton.LeftButton)
    assert scarring.sign.state is True
    menu = failed.menu()
    labels = [a.text() for a in menu.actions() if a.text()]
    assert "Antibiotic by mouth" in labels
    next(a for a in menu.actions() if a.text() == "None tried").trigger()
    assert shown.world.made.recorded("course.failed").value == ("none",)
    assert failed.sign.state is False


def test_the_note_is_one_edit_when_it_is_left(show: Callable[..., Shown]) -> None:
    shown = show()
    note = shown.page.panel.note
    note.setFocus()
    QTest.keyClicks(note, "Nodulocystic, q h 3 b")
    assert shown.world.steps == 0
    shown.page.canvas.setFocus()
    assert shown.world.steps == 1
    assert shown.world.presenter.state.note == "Nodulocystic, q h 3 b"
    assert not shown.world.annotations
    shown.world.presenter.undo()
    assert note.toPlainText() == ""


def test_other_requests_show_photos_and_counts_but_no_grade(show: Callable[..., Shown]) -> None:
    shown = show(assessing(views=FACES, change=lambda c: replace(c, request=RequestKind.MELASMA)))
    shown.world.presenter.add(Point(600, 300))
    panel = shown.page.panel
    assert not panel.grade.isVisible()
    assert "melasma" in panel.not_graded.text()
    assert panel.counts.table.total == 1


def test_the_last_visit_is_shown(show: Callable[..., Shown]) -> None:
    world = assessing(views=FACES)
    past = PastVisit(
        ConsultationId("c0"), 1, date(2026, 10, 22), "severe", (("total", 46),), None, None, ()
    )
    case = world.made.case
    case.state = replace(case.state, past=(past,))
    world.presenter._render()
    shown = show(world)
    assert "22\u2011Oct\u20112026" in shown.page.panel.past_section.remark.text()
    assert "46" in shown.page.panel.past_rows.text()


def test_the_list_mirrors_the_selection(show: Callable[..., Shown]) -> None:
    shown = show()
    shown.resize(WINDOWS["2560x1440"])
    presenter = shown.world.presenter
    presenter.add(Point(600, 300), LesionType.NODULE)
    presenter.add(Point(600, 400), LesionType.PAPULE)
    panel = shown.page.panel
    assert panel.list_section.is_open
    assert panel.rows_model.rowCount() == 2
    panel.rows_view.setCurrentIndex(panel.rows_model.index(1))
    assert presenter.selection == (panel.rows_model.rows[1].id,)
    presenter.walk(1)
    assert panel.rows_view.currentIndex().row() == 0
    index = panel.rows_model.index(0)
    assert "1 of 2" in index.data(Qt.ItemDataRole.AccessibleTextRole)


def test_undo_on_another_photo_shows_that_photo(show: Callable[..., Shown]) -> None:
    shown = show()
    presenter = shown.world.presenter
    presenter.add(Point(600, 300))
    presenter.step_photo(1)
    assert presenter.photo.view is View.LEFT45
    presenter.undo()
    assert presenter.photo.view is View.FRONT
    assert not shown.world.annotations


def test_links_are_made_by_picking_the_twin(show: Callable[..., Shown]) -> None:
    shown = show()
    presenter = shown.world.presenter
    presenter.add(Point(600, 300))
    owner = shown.world.annotations[0].id
    presenter.show(PhotoId("left45"))
    presenter.add(Point(400, 300))
    twin = shown.world.annotations[1].id
    assert presenter.state.rubric.table.below
    presenter.begin_link(twin)
    assert presenter.photo.view is View.FRONT
    presenter.select((owner,))
    assert shown.world.annotations[1].same_as == owner
    assert not presenter.state.rubric.table.below
    assert shown.world.total == 1


def test_measure_sets_the_scale_and_then_a_size(show: Callable[..., Shown]) -> None:
    shown = show()
    page, presenter = shown.page, shown.world.presenter
    page.canvas.tell_measured(Point(100, 100), Point(100, 300))
    assert page.entry_bar.isVisible()
    page.entry_bar.field.setText("many")
    page.entry_bar.take.click()
    assert page.entry_bar.isVisible()
    page.entry_bar.field.setText("20")
    page.entry_bar.take.click()
    assert not page.entry_bar.isVisible()
    assert presenter.state.mm_per_px == pytest.approx(0.1)
    presenter.add(Point(600, 300), LesionType.NODULE)
    presenter.walk(1)
    page.canvas.measured.emit(Point(570, 300), Point(640, 300))
    assert presenter.state.selected.detail.startswith("7 mm")


def test_the_view_can_be_adjusted_and_says_so(show: Callable[..., Shown]) -> None:
    shown = show(assessing())
    page, presenter = shown.page, shown.world.presenter
    at = QPointF(page.canvas.rect().center()).toPoint()
    plain = page.canvas.grab().toImage().pixelColor(at)
    presenter.toggle_adjusting()
    assert page.adjust_bar.isVisible()
    presenter.adjust(Adjustment(brightness=60))
    assert "Adjusted view" in presenter.state.chips
    assert page.canvas.grab().toImage().pixelColor(at).lightness() > plain.lightness()
    presenter.toggle_adjusting()
    assert "Adjusted view" not in presenter.state.chips
    assert presenter.tools.adjustment.is_neutral


def test_focus_mode_hides_the_panels(show: Callable[..., Shown]) -> None:
    shown = show()
    before = shown.page.canvas.width()
    QTest.keyClick(shown.page.canvas, Qt.Key.Key_G)
    QApplication.processEvents()
    assert not shown.page.panel.isVisible()
    assert shown.page.canvas.width() > before
    QTest.keyClick(shown.page.canvas, Qt.Key.Key_G)
    assert shown.page.panel.isVisible()


def test_a_cell_of_the_table_leads_to_its_photo(show: Callable[..., Shown]) -> None:
    shown = show()
    presenter = shown.world.presenter
    presenter.show(PhotoId("left45"))
    presenter.add(Point(600, 800), LesionType.NODULE)
    presenter.show(PhotoId("front"))
    presenter.add(Point(600, 300), LesionType.PAPULE)
    counts = shown.page.panel.counts
    hit = None
    for x in range(0, counts.width(), 4):
        for y in range(0, counts.height(), 6):
            place = counts.cell_at(QPointF(x, y))
            if place == ("left45", LesionType.NODULE):
                hit = QPointF(x, y)
    assert hit is not None
    QTest.mouseClick(counts, Qt.MouseButton.LeftButton, pos=hit.toPoint())
    assert presenter.photo.view is View.LEFT45
    assert shown.page.canvas._blink


def test_keys_reach_the_photo_through_the_action_table(show: Callable[..., Shown]) -> None:
    shown = show()
    canvas, presenter = shown.page.canvas, shown.world.presenter
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_6)
    assert presenter.tools.type is LesionType.CYST
    QTest.keyClick(canvas, Qt.Key.Key_R)
    assert presenter.tools.zones is False
    assert shown.page.tools.commands.trigger("canvas.photo_next")
    assert presenter.photo.view is View.LEFT45
    ids = {action.id for action, _ in shown.page.tools.commands.available()}
    assert {"canvas.mark", "canvas.remove", "canvas.adjust"} <= ids


def test_the_next_consultation_is_at_hand_when_it_is_opened(show: Callable[..., Shown]) -> None:
    world = assessing(views=FACES)
    first = world.made.case.state.consultation
    other = replace(
        first,
        id=ConsultationId(new_id()),
        photos=tuple(replace(p, id=PhotoId(f"n-{p.id}")) for p in blank(FACES)),
        revision=0,
        claim=None,
    )
    world.made.memory.consultations[other.id] = other
    row = SimpleNamespace(id=other.id, claimed_by=None)
    world.made.memory.waiting = (row,)
    shown = show(world)
    assert {p for p in shown.page.feed.pictures._ahead} == {"n-front", "n-left45"}
    shown.page.leave()  # treating and signing the first
    world.made.case.close()
    jobs = LateJobs()
    shown.page.feed.pictures._jobs = jobs
    shown.page.tools = replace(shown.page.tools, jobs=jobs)
    world.made.case.open(other.id)
    assert world.presenter.photo.id == "n-front"
    assert shown.page.canvas.pyramid is not None  # before any job of this consultation ran
    assert not shown.page.feed.pictures._ahead


def test_pictures_fetched_ahead_are_dropped_when_another_consultation_is_opened() -> None:
    world = assessing(views=FACES)
    pictures: Pictures[Pixels] = Pictures(
        world.made.desk, InlineJobs(), lambda p: p, lambda p: len(p.data)
    )
    here = world.made.case.state.consultation
    following, third = (replace(here, id=ConsultationId(name)) for name in ("next", "third"))
    pictures.show(here)
    pictures.ahead(following, [PhotoId("front")])
    assert pictures.held and pictures.best(PhotoId("front")) is None
    pictures.drop()
    assert pictures.held
    pictures.show(third)
    assert not pictures.held
    pictures.show(following)
    assert pictures.best(PhotoId("front")) is None


def test_a_photo_is_asked_for_by_its_view_and_with_what_was_wrong(
    show: Callable[..., Shown],
) -> None:
    world = assessing()
    shown = show(world)
    strip = shown.page.strip
    assert not strip.ask.isVisible()  # nobody can ask yet
    asked: list[PhotoAsk] = []
    world.presenter.ask_patient = asked.append
    shown.page.enter()
    assert strip.ask.isVisible()
    QTest.mouseClick(strip.ask, Qt.MouseButton.LeftButton)
    missing = next(t for t in strip.tiles if t.item.photo is None)
    missing.click()
    assert [(a.view, a.reasons) for a in asked] == [(View.SHOULDERS, ())] * 2
    blurred = next(p for p in world.presenter.photos if p.quality)
    world.presenter.show(blurred.id)
    QTest.mouseClick(strip.ask, Qt.MouseButton.LeftButton)
    assert (asked[-1].view, asked[-1].reasons) == (blurred.view, ("Not sharp",))


def test_recovered_work_is_offered_compared_and_can_be_taken_back(
    show: Callable[..., Shown],
) -> None:
    world = assessing(views=FACES)
    for x in (500, 600, 700):
        world.presenter.add(Point(x, 300), LesionType.PAPULE)
    world.presenter.walk(1)
    world.presenter.move(world.presenter.selection, 5, 5)
    id, kept = world.made.id, world.made.memory.consultations[world.made.id]
    world.made.case.forget()  # the program ends: nothing gives the consultation back
    assert kept.claim is not None
    world.made.case.open(id)
    shown = show(world)
    strip = shown.page.recovery
    assert strip.isVisible()
    assert "Recovered work from 12:42. 3 annotations." in _words(strip)
    strip.comparing.click()
    assert "Since 12:42: 3 annotations added, 1 move." in _words(strip)
    strip.before.click()
    assert not strip.isVisible()
    assert world.annotations == ()
    for _ in range(4):
        world.presenter.redo()
    assert len(world.annotations) == 3
    world.made.case.forget()
    world.made.case.open(id)
    assert strip.isVisible()
    strip.keep.click()
    assert not strip.isVisible() and len(world.annotations) == 3
    world.made.case.close()
    world.made.case.open(id)
    assert not strip.isVisible()


def test_what_is_done_since_is_no_recovered_work_and_going_back_takes_it_back_too(
    show: Callable[..., Shown],
) -> None:
    world = assessing(views=FACES)
    world.made.case.put_one("note.assessment", ItemKind.NOTE, "assessment", Note("Both cheeks."))
    id = world.made.id
    world.made.case.forget()
    world.made.case.open(id)
    shown = show(world)
    strip = shown.page.recovery
    assert "Recovered work from 12:42. 1 change of the note." in _words(strip)
    for x in (500, 600):
        world.presenter.add(Point(x, 300), LesionType.PAPULE)
    assert "Recovered work from 12:42. 1 change of the note." in _words(strip)
    strip.comparing.click()
    assert "Since 12:42: 1 change of the note." in _words(strip)
    strip.before.click()
    assert world.annotations == () and not strip.isVisible()
    state = world.made.case.state
    assert state is not None and state.draft.get(ItemKind.NOTE, "assessment") is None


def _words(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_counts_by_zone_are_sums_of_the_same_cells(show: Callable[..., Shown]) -> None:
    shown = show()
    presenter, counts = shown.world.presenter, shown.page.panel.counts
    for view, spots in ((0, ((600, 300), (600, 750), (600, 1100))), (1, ((600, 800),))):
        presenter.show(presenter.photos[view].id)
        for spot in spots:
            presenter.add(Point(*spot), LesionType.PAPULE)
    table = presenter.state.rubric.table
    for row in table.rows:
        assert sum(row.by_zone) == sum(row.cells) == row.total
    assert sum(table.zone_counted) == sum(table.counted) == table.total == shown.world.total
    counts.setFocus()
    QTest.keyClick(counts, Qt.Key.Key_Space)
    assert counts.by_zone and counts.accessibleName() == "Counts by zone"
    presenter.show(presenter.photos[2].id)
    left = table.zones.index(ZoneId.LEFT_CHEEK)
    edge = counts._edges()[counts._columns.index(left)]
    row = [r.type for r in table.rows].index(LesionType.PAPULE)
    spot = QPointF(edge - 4, counts._head() + (row + 0.5) * counts._line())
    QTest.mouseClick(counts, Qt.MouseButton.LeftButton, pos=spot.toPoint())
    assert presenter.photo.view is View.LEFT45  # where the left cheek counts
    assert len(shown.page.canvas._blink) == 1
    QTest.keyClick(counts, Qt.Key.Key_Space)
    assert not counts.by_zone


def test_what_was_half_typed_zoomed_and_selected_is_there_after_the_lock(
    show: Callable[..., Shown],
) -> None:
    shown = show()
    page, presenter = shown.page, shown.world.presenter
    presenter.add(Point(600, 300), LesionType.NODULE)
    presenter.walk(1)
    page.canvas.view.zoom_to(2.0, QPointF(300, 200))
    place, chosen = page.canvas.view.to_photo(QPointF(0, 0)), presenter.selection
    page.ask_note(chosen[0])
    QTest.keyClicks(page.entry_bar.field, "tender sin")
    page.leave()
    assert page.feed.pictures.held == 0
    page.enter()
    assert page.entry_bar.isVisible() and page.entry_bar.field.text() == "tender sin"
    assert page.entry_bar.field.hasFocus()
    QTest.keyClicks(page.entry_bar.field, "ce May")
    QTest.keyClick(page.entry_bar.field, Qt.Key.Key_Return)
    assert shown.world.annotations[0].note == "tender since May"
    assert presenter.selection == chosen
    assert page.canvas.view.to_photo(QPointF(0, 0)) == place and page.canvas.view.zoom == 2.0


def test_a_note_never_covers_the_lesion_it_is_about(show: Callable[..., Shown]) -> None:
    shown = show()
    page, presenter = shown.page, shown.world.presenter
    for at in ((600, 20), (600, 800), (600, 1580), (20, 1580)):
        presenter.add(Point(*at), LesionType.NODULE)
    for made in shown.world.annotations:
        presenter.select((made.id,))
        page.ask_note(made.id)
        lesion = page.canvas.place_of(made.id)
        assert not page.entry_bar.geometry().adjusted(-24, -24, 24, 24).contains(lesion.toPoint())
        page.entry_bar.close_entry()


def test_the_photo_says_which_view_it_is(show: Callable[..., Shown]) -> None:
    canvas = show().page.canvas
    assert canvas.state is not None
    chip = plates.chip_plates(canvas.state.chips, canvas.width())[0].rect.toRect()
    said = canvas.grab(chip).toImage()
    canvas.state = replace(canvas.state, chips=())
    assert canvas.grab(chip).toImage() != said


def test_the_list_is_filled_when_a_larger_window_opens_it(show: Callable[..., Shown]) -> None:
    shown = show()
    shown.resize(WINDOWS["1280x800"])
    shown.world.presenter.add(Point(600, 300), LesionType.PAPULE)
    assert not shown.page.panel.list_section.is_open
    shown.resize(WINDOWS["2560x1440"])
    assert shown.page.panel.list_section.is_open
    assert [row.text for row in shown.page.panel.rows_model.rows] == ["Papule"]


def test_one_key_unfolds_the_counts_in_a_low_window(show: Callable[..., Shown]) -> None:
    shown = show()
    shown.resize(next(iter(WINDOWS.values())))
    section = shown.page.panel.counts_section
    assert not section.is_open
    shown.page.canvas.setFocus()
    QTest.keyClick(shown.page.canvas, Qt.Key.Key_S)
    QApplication.processEvents()
    assert section.is_open
    view, area = section.body, shown.page.panel.area.viewport()
    top = view.mapTo(area, QPoint(0, 0)).y()
    assert 0 <= top < area.height()
    QTest.keyClick(shown.page.canvas, Qt.Key.Key_S)
    assert not section.is_open


def test_a_page_that_is_made_while_a_consultation_is_open_draws_what_is_annotated(show) -> None:
    world = assessing(views=FACES)
    world.presenter.add(Point(600, 320))
    world.presenter.add(Point(620, 420))
    shown = show(world)
    assert len(shown.page.canvas.marks) == 2 == len(world.annotations)
    world.presenter.add(Point(640, 520))
    assert len(shown.page.canvas.marks) == 3
