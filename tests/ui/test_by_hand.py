"""What working a whole day by keyboard in a real window brought to light."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from tests.ui.desk_of_pages import settle
from tests.ui.standing_desk import Desk
from tests.ui.treat_pages import treat_page
from tests.ui.treat_world import content, world
from workstation import language
from workstation.domain.errors import WorkstationError
from workstation.domain.explain import value_text
from workstation.domain.lesions import Point
from workstation.domain.rules import Evaluation
from workstation.presenters import queue_findings, queue_rows, wording
from workstation.presenters.guide import chapter
from workstation.ui import layouts
from workstation.ui.queue.bands import Band
from workstation.ui.queue.preview import PreviewPanel
from workstation.ui.widgets import Toasts
from workstation.ui.widgets.side_list import SideList

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def annotate(shell, times: int = 1) -> QWidget:
    """Some annotations in the middle of the photo shown; the canvas."""
    shell.go("assess")
    canvas = shell.page("assess").canvas
    canvas.setFocus()
    settle()
    for at in range(times):
        shell.page("assess").presenter.add(Point(300.0 + 40 * at, 300.0))
    return canvas


def test_undo_from_another_photo_shows_the_photo_it_changes(desk: Desk) -> None:
    _, shell, _ = desk
    canvas = annotate(shell)
    presenter = shell.page("assess").presenter
    before = presenter.state.photo.id
    QTest.keyClick(canvas, Qt.Key.Key_N)
    assert presenter.state.photo.id != before
    shell.commands.trigger("undo")
    assert presenter.state.photo.id == before
    assert shell.toasts.text == ""  # it is seen
    QTest.keyClick(canvas, Qt.Key.Key_N)
    shell.commands.trigger("redo")
    assert presenter.state.photo.id == before


def test_undo_of_what_another_page_shows_is_said_with_what_was_asked(desk: Desk) -> None:
    _, shell, _ = desk
    annotate(shell)
    shell.go("treat")
    settle()
    shell.commands.trigger("undo")
    assert shell.toasts.text == "Undone: 1 proposed prescription."
    shell.commands.trigger("undo")
    assert shell.toasts.text == "Undone: 1 annotation added."
    shell.commands.trigger("redo")
    assert shell.toasts.text == "Redone: 1 annotation added."
    shell.go("assess")
    shell.page("assess").presenter.record_sign("severity.scarring", True)
    shell.go("queue")
    shell.commands.trigger("undo")
    assert shell.toasts.text.startswith("Undone: 1 answer (")


def test_a_notice_that_offers_undo_goes_when_something_else_would_be_undone(desk: Desk) -> None:
    _, shell, world = desk
    canvas = annotate(shell, 2)
    QTest.keyClick(canvas, Qt.Key.Key_J)
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert "removed" in shell.toasts.text
    shell.commands.trigger("undo")
    assert len(world.case.state.draft.annotations) == 2
    assert shell.toasts.text == ""


def test_a_notice_leaves_the_field_free_in_which_one_types(desk: Desk) -> None:
    _, shell, _ = desk
    canvas = annotate(shell, 2)
    page = shell.page("assess")
    QTest.keyClick(canvas, Qt.Key.Key_J)
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    page.entry_bar.ask("Length of this line", "", lambda _: "", unit="mm")
    settle()
    toast = shell.toasts._toast
    bar = page.entry_bar
    covered = bar.rect().translated(bar.mapToGlobal(QPoint(0, 0)))
    assert not covered.intersects(toast.rect().translated(toast.mapToGlobal(QPoint(0, 0))))


def test_a_digit_on_a_line_that_asks_a_number_begins_it_and_is_not_lost() -> None:
    safety = treat_page(world("park-jun-ho")).page.safety
    code = next(
        code
        for code, card in safety._cards.items()
        if card.control is not None
        and not card.waiting
        and card.control.fields[0].state.kind.value in ("whole", "number")
    )
    card = safety._cards[code]
    card.setFocus()
    QTest.keyClicks(card, "2")
    assert card.control.fields[0].editor.text() == "2"
    assert card.control.fields[0].editor.hasFocus()


@pytest.mark.parametrize("page", ["queue", "assess", "treat"])
def test_help_tells_of_the_page_it_was_asked_on_and_escape_goes_back_there(
    page: str, desk: Desk
) -> None:
    assert chapter(page)
    _, shell, _ = desk
    shell.go(page)
    shell._from = page
    shell.go("back")
    assert shell.current == page


def test_a_command_that_is_not_there_is_said(desk: Desk) -> None:
    _, shell, _ = desk
    shell.go("assess")
    shell._list.toggle()
    shell._list._field.setText("zebra")
    assert shell._list.shown == () and "zebra" in shell._list._none.text()
    assert shell._list._none.isVisible()
    shell._list._field.setText("undo")
    assert not shell._list._none.isVisible()


def test_one_of_a_unit_is_said_in_the_singular() -> None:
    specs = content().facts
    assert value_text(specs["follow_up.capsules_left"], 1) == "1 capsule"
    assert value_text(specs["follow_up.capsules_left"], 2) == "2 capsules"
    assert value_text(specs["follow_up.capsules_left"], 0) == "0 capsules"
    assert value_text(specs["follow_up.capsules_left"], Decimal("1.0")) == "1 capsule"


def test_a_window_asks_for_no_more_room_than_the_screen_has(qtbot, qapp) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    room = window.screen().availableSize()
    window.setMinimumSize(room + QSize(200, 200))
    window.resize(room + QSize(300, 300))
    layouts.fit_window(window)
    assert window.minimumHeight() < room.height() and window.minimumWidth() <= room.width()
    assert window.isMaximized()


def test_notices_know_no_bars_where_there_are_none(qtbot) -> None:
    area = QWidget()
    qtbot.addWidget(area)
    area.resize(800, 600)
    QPushButton("x", area)
    notices = Toasts(area)
    notices.lift(area)
    notices.show("Saved")
    assert notices._toast.geometry().bottom() < 600


def test_what_the_queue_keeps_in_english_is_said_whole_in_spanish() -> None:
    evaluation = world("park-jun-ho").case.state.appraisal.evaluation
    asked = next(f for f in evaluation.findings if f.code.startswith("ASK-"))
    language.use("es")
    try:
        lines = queue_findings.lines(Evaluation((asked,), ()))
        label = language.of_content(asked.title.removesuffix(": not known"))
        assert label not in asked.title and lines[0][2].startswith(label)
        assert "not known" not in lines[0][2], lines
        kept = queue_rows.stands_out("Photo missing: Left 45\u00b0, Right 45\u00b0")
        assert kept == "Falta foto: Izq. 45\u00b0, Der. 45\u00b0", kept
        advice = "Stop now; report to iPLEDGE and FDA MedWatch; refer to an obstetrician"
        kept = queue_rows.stands_out(f"Pregnancy test, urine positive: {advice}, 1 more")
        assert kept == "Prueba de embarazo, orina positiva: Suspender ya, 1 m\u00e1s", kept
    finally:
        language.use("en")


def test_of_a_result_the_queue_says_the_first_thing_it_asks_for() -> None:
    advice = "Stop now; report to iPLEDGE and FDA MedWatch; refer to an obstetrician"
    said = queue_rows.stands_out(f"Pregnancy test, urine positive: {advice}")
    assert said == "Pregnancy test, urine positive: Stop now"
    assert queue_rows.stands_out("First visit: work-up needed") == "First visit: work-up needed"


@pytest.mark.parametrize("code", ["store.disk.full", "store.server.gone"])
def test_what_cannot_be_written_now_is_kept_said_and_written_later(
    code, monkeypatch, desk: Desk
) -> None:
    _, shell, world = desk
    annotate(shell)
    memory, case = world.memory, world.case
    written = len(memory.history(case.state.consultation.id).past)

    def refused(*_: object) -> int:
        raise WorkstationError(code)

    with monkeypatch.context() as full:
        full.setattr(memory, "append_edit", refused)
        annotate(shell, 3)
        said = shell.problemStrip.text
        assert wording.message(code).title in said and "another window" not in said
        assert len(case.state.draft.annotations) == 4 and case.state.unsaved == 3
        shell.edits.close()
        assert case.state is not None and "would be lost" in shell.toasts.text
        shell._watch()
        assert case.waits_to_save and not shell.problemStrip.isHidden()
    shell._watch()
    assert case.state.unsaved == 0 and not case.waits_to_save
    assert shell.problemStrip.isHidden()
    assert len(memory.history(case.state.consultation.id).past) == written + 3
    annotate(shell)
    assert len(memory.history(case.state.consultation.id).past) == written + 4
    shell.edits.close()
    assert case.state is None


def test_a_photo_that_cannot_be_shown_is_said_and_not_annotated(desk: Desk) -> None:
    _, shell, world = desk
    canvas = annotate(shell)
    canvas.show_picture(None, wording.message("vault.blob.damaged").line)
    annotate(shell)
    assert len(world.case.state.draft.annotations) == 1
    canvas.problem = ""
    annotate(shell)
    assert len(world.case.state.draft.annotations) == 2


def test_what_a_screen_reader_selects_in_a_list_of_pages_is_shown(qtbot) -> None:
    pages = SideList("Pages")
    qtbot.addWidget(pages)
    pages.addItems(["One", "Two", "Three"])
    pages.setCurrentRow(0)
    pages.selectionModel().select(
        pages.model().index(2, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect
    )
    qtbot.waitUntil(lambda: pages.currentRow() == 2)


def test_a_long_title_of_a_band_leaves_its_words_their_room(qtbot) -> None:
    band = Band()
    qtbot.addWidget(band)
    band.resize(800, 60)
    words = "Mia Halvorsen: nobody has it open yet. Jonas Becker: nobody has it open yet."
    for title, most in (
        ("1 emergent: contact first.", 60),
        ("2 de emergencia y 1 urgente, cerca de su plazo o pasada: contacte primero.", 80),
    ):
        band.say("danger", "phone-call", title, words, ("Open Halvorsen", "phone", lambda: None))
        settle()
        assert band.heightForWidth(800) <= most or band.sizeHint().height() <= most
        assert band._detail.width() > 380


def test_the_preview_shows_no_empty_chips_before_there_is_one(desk: Desk) -> None:
    _, shell, _ = desk
    panel = PreviewPanel(shell.page("queue")._presenter, shell)
    assert panel._words.isHidden()
