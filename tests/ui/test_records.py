"""The Records page over a small real clinic: list, verdict, versions, corrections, audit trail."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

sys.path.append(str(Path(__file__).resolve().parents[1] / "journeys"))

from tests.ui import render_records as drawn
from workstation import showcase
from workstation.domain.documents import DocumentState
from workstation.ui.correct_dialog import CorrectDialog
from workstation.ui.flowing import Flowing
from workstation.ui.records.dialogs import GiveUpDialog, ReadDialog
from workstation.ui.records.explaining import ExplainingDialog
from workstation.ui.records.table import paint_number
from workstation.ui.widgets import FocusRing, Words


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    clinic = drawn.worked(tmp_path_factory.mktemp("records"))
    window, shell = drawn.window_of(clinic)
    window.resize(1280, 800)
    window.show()
    shell.resume()
    shell.go("records")
    drawn.settle()
    yield clinic, window, shell.page("records")
    window.close()
    clinic.opened.close()


def words(page: Any) -> str:
    return " ".join(
        label.text() for label in page._document.findChildren(QLabel) if label.isVisible()
    )


def test_rows_stand_alike_and_are_found_by_number_code_and_name(world: Any) -> None:
    _, _, page = world
    shown = page._presenter.state
    states = [row.state for row in shown.rows]
    assert shown.counts == {"current": 11, "amended": 0, "void": 1, "all": 12}
    assert states.count(DocumentState.VOID) == 1
    void = next(row for row in shown.rows if row.state is DocumentState.VOID)
    code = void.signed[0].content_digest[:8].upper()
    for text in (void.number, f"{code[:4]}-{code[4:]}", "al-hashimi"):
        page._presenter.find(text)
        assert void.key in [row.key for row in page._presenter.state.rows], text
    page._presenter.find("nobody of that name")
    assert page._presenter.state.rows == () and page._presenter.state.empty
    page._presenter.find("")


def test_the_panel_says_in_words_what_a_document_is_worth(world: Any) -> None:
    _, _, page = world
    page._presenter.show_tab("documents")
    rows = page._presenter.state.rows
    void = next(row for row in rows if row.state is DocumentState.VOID)
    page._presenter.select(void.key)
    drawn.settle()
    said = words(page)
    for part in ("Genuine and unchanged", "equals the store", "Void", "VN\u20112026\u20110001"):
        assert part.replace("\u2011", "-") in said.replace("\u2011", "-"), part
    assert not page._document.void.isEnabled()


def test_a_changed_copy_and_a_foreign_file_are_never_green(world: Any, tmp_path: Path) -> None:
    clinic, _, page = world
    row = page._presenter.state.rows[-1]
    pdf = bytearray(clinic.desk.vault.get(row.signed[0].address))
    pdf[len(pdf) // 3] ^= 1
    for content in (bytes(pdf), b"hello"):
        path = tmp_path / "copy.pdf"
        path.write_bytes(content)
        page._presenter.verify_path(str(path))
        drawn.settle()
        detail = page._presenter.state.detail
        assert detail.verdict_state in ("changed", "broken")
        assert "Genuine" not in words(page)


def test_keys_move_and_read_and_the_trail_is_whole(world: Any) -> None:
    clinic, _, page = world
    page._presenter.show_tab("documents")
    page._presenter.select(page._presenter.state.rows[0].key)
    page.lists[0].setFocus()
    drawn.settle()
    first = page._presenter.state.selected
    QTest.keyClick(page.lists[0], Qt.Key.Key_J)
    assert page._presenter.state.selected != first
    QTest.keyClick(page.lists[0], Qt.Key.Key_V)
    assert clinic.actions()[-1] == "document.verified"
    page.open_document()
    drawn.settle()
    reader = page.findChild(ReadDialog)
    assert reader is not None and reader.windowTitle().split("-")[0] in ("RX", "MP", "CR", "VN")
    reader.reject()
    page._next_tab()
    drawn.settle()
    trail = page._presenter.state.trail
    assert trail.whole
    assert [row.act for row in trail.every[:2]] == ["Looked at", "Verified"]
    page._presenter.show_group("signing")
    assert all(
        row.action.startswith(("document", "leaflet", "consultation.reopened"))
        for row in page._presenter.state.trail.rows
    )
    page._next_tab()


def test_why_it_was_signed_is_told_by_one_key(world: Any) -> None:
    _, window, page = world
    page._presenter.show_tab("documents")
    row = next(r for r in page._presenter.state.rows if r.number.startswith("RX"))
    page._presenter.select(row.key)
    window.activateWindow()
    page.lists[0].setFocus()
    drawn.settle()
    QTest.keyClick(page.lists[0], Qt.Key.Key_W)
    drawn.settle()
    dialog = page.findChild(ExplainingDialog)
    assert dialog is not None and dialog.isVisible()
    said = " ".join(one.text() for one in dialog.findChildren(QLabel) if one.isVisible())
    assert row.number in said.replace("\u2011", "-")
    assert "byte for byte" in said and "word for word what was signed" in said
    dialog.reject()


def test_void_from_the_page_asks_for_reason_and_pin(world: Any) -> None:
    _, _, page = world
    rows = page._presenter.state.rows
    row = next(r for r in rows if r.number == "RX-2026-0002")
    page._presenter.select(row.key)
    page.void()
    drawn.settle()
    dialog = page.findChildren(CorrectDialog)[-1]
    dialog.activateWindow()
    dialog.keep.setFocus(Qt.FocusReason.TabFocusReason)
    drawn.settle()
    (ring,) = dialog.findChildren(FocusRing)
    assert ring.isVisible() and ring.geometry().contains(dialog.keep.geometry())
    dialog.do.click()
    assert "Choose a reason" in dialog.note.text()
    dialog.reason.setCurrentIndex(dialog.reason.findData("writing_error"))
    dialog.pin.setText("000000")
    dialog.do.click()
    assert "PIN not accepted" in dialog.note.text()
    drawn.settle()
    for words in dialog.findChildren(Flowing):  # nothing is cut when the note appears
        assert words.height() >= words.heightForWidth(words.width()), words.text()
    page._presenter._desk.clock.later(seconds=2)
    dialog.pin.setText(showcase.PIN)
    dialog.do.click()
    QApplication.processEvents()
    drawn.settle()
    assert page._presenter.state.counts["void"] == 2
    assert page._presenter.state.detail.row.state is DocumentState.VOID
    assert not page._document.void.isEnabled()  # as it is now, not as it was chosen
    page.window().activateWindow()
    drawn.settle()
    assert page.window().focusWidget() is page.lists[0], "its button can be pressed no more"


def test_the_verbs_of_a_document_are_in_the_command_list_with_why_not(world: Any) -> None:
    _, _, page = world
    presenter, commands = page._presenter, page._tools.commands
    void = next(r for r in presenter.state.rows if r.number == "RX-2026-0002")
    every = [r for r in presenter.state.rows if r.number.startswith("RX")]
    current = next(r for r in every if r.state is DocumentState.CURRENT)
    verbs = ("print", "export", "handout", "amend", "void", "explain", "verify", "open")

    def reasons() -> dict[str, str]:
        return {a.id.removeprefix("records."): why for a, why in commands.available()}

    presenter.select(current.key)
    assert not any(reasons()[verb] for verb in verbs) and reasons()["give_up"]
    presenter.select(void.key)
    assert {verb for verb in verbs if reasons()[verb]} == {"void"}
    presenter.select("")
    assert all(reasons()[verb] for verb in verbs)


def test_tab_goes_through_the_panel_as_it_stands(world: Any) -> None:
    _, _, page = world
    presenter, panel = page._presenter, page._document
    row = next(r for r in presenter.state.rows if len(r.signed) > 2)
    presenter.select(row.key)
    drawn.settle()
    at, seen = panel._tabs[0], []
    for _ in range(10):
        seen.append(at)
        at = at.nextInFocusChain()
        while not (at.focusPolicy() & Qt.FocusPolicy.TabFocus):
            at = at.nextInFocusChain()
    assert seen[: len(panel._tabs)] == panel._tabs
    assert seen[len(panel._tabs) :][:4] == [panel.open, panel.print, panel.export, panel.handout]


def test_amend_from_the_page_opens_the_consultation(world: Any) -> None:
    _, _, page = world
    row = next(r for r in page._presenter.state.rows if r.number == "RX-2026-0002")
    page._presenter.select(row.key)
    opened: list[str] = []
    page.open_wanted.disconnect()
    page.open_wanted.connect(opened.append)
    page.amend()
    dialog = page.findChildren(CorrectDialog)[-1]
    dialog.reason.setCurrentIndex(dialog.reason.findData("dose_change"))
    dialog.do.click()
    assert opened == [row.consultation]
    page.enter()  # back from the consultation, on the same row
    drawn.settle()
    assert page._presenter.state.selected == row.key
    assert not page._document.give_up.isHidden()


def test_an_open_amendment_is_given_up_from_the_page(world: Any) -> None:
    clinic, _, page = world
    row = next(r for r in page._presenter.state.rows if r.number == "RX-2026-0002")
    page._presenter.select(row.key)
    drawn.settle()
    panel = page._document
    assert not panel.give_up.isHidden() and page._presenter.state.detail.amending
    page.give_up()
    dialog = page.findChildren(GiveUpDialog)[-1]
    dialog.reject()
    assert page._presenter.state.detail.amending  # asked first
    page.give_up()
    page.findChildren(GiveUpDialog)[-1].do.click()
    drawn.settle()
    assert panel.give_up.isHidden()
    assert clinic.actions()[-1] == "consultation.amendment_given_up"
    with clinic.desk.store.reading() as unit:
        assert unit.amendment(row.consultation) is None


def test_documents_below_a_number_keep_to_their_column(qtbot: Any) -> None:
    wide, room = 100, 140
    picture = QImage(wide + 60, 66, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    area = QRectF(0, 0, wide, 66)
    paint_number(painter, area, Words("RX\u20112026\u20110019"), "Prescription, Lab plan, Record")
    painter.end()
    white = picture.pixel(room + 10, 2)
    beyond = range(wide + 1, picture.width())
    assert all(picture.pixel(x, y) == white for x in beyond for y in range(66))
    below = range(33, 66)  # both lines of the documents stand there
    written = [y for y in below if any(picture.pixel(x, y) != white for x in range(wide))]
    assert written and written[-1] - written[0] > 15
