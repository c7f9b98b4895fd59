"""The Sign page: the PIN typed with no click, a gate no key passes, pages, and calm afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from pypdfium2 import PdfDocument
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget

from tests.presenters.test_sign import negative
from tests.ui.treat_pages import Shown, clipped, press, settle, sign_page, unnamed, write
from tests.ui.treat_world import ME, PIN, TODAY, World, world
from workstation.domain.accounts import Role
from workstation.domain.documents import DocumentKind
from workstation.presenters.treat import TreatPresenter
from workstation.ui.sign.calm import Calm
from workstation.workflow.desk import Session

K = Qt.Key


def closed() -> World:
    made = world()
    TreatPresenter(made.case).enter()
    return made


def ready() -> World:
    made = closed()
    negative(made)
    return made


def signed(shown: Shown) -> bool:
    return bool(shown.world.memory.documents_of)


def test_digits_go_to_the_pin_with_no_click_and_enter_signs(qtbot) -> None:
    shown = sign_page(ready())
    told: list[str] = []
    shown.page.signed.connect(told.append)
    assert QApplication.focusWidget() is shown.page
    write(PIN[:5])
    press(K.Key_Return)
    assert not signed(shown)
    write(PIN[5])
    assert shown.page.primary().enabled and shown.page.signButton.isEnabled()
    press(K.Key_Return)
    assert signed(shown) and len(told) == 1
    assert shown.toasts[-1].startswith("Signed ")
    assert shown.page.calm.active


def test_a_name_with_two_marks_on_a_letter_is_shown_whole(qtbot) -> None:
    """As painted: the tilde of an \u1ec4 that is cut off makes another name of it."""
    name = sign_page(ready()).page.patientName
    name.setText("NGUY\u1ec4N")
    settle()
    name.resize(name.width(), name.sizeHint().height())

    def inked() -> int:
        image = name.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
        at = range(image.width())
        paper = image.pixel(0, image.height() - 1)
        return sum(any(image.pixel(x, y) != paper for x in at) for y in range(image.height()))

    least = inked()
    name.setContentsMargins(0, 20, 0, 20)
    name.resize(name.width(), name.sizeHint().height())
    assert least == inked()


def test_backspace_takes_a_digit_back_and_the_boxes_never_show_digits(qtbot) -> None:
    shown = sign_page(ready())
    write("24")
    press(K.Key_Backspace)
    filled = [box for box in shown.page.boxes if box._dot.text()]
    assert len(filled) == 1
    assert {box._dot.text() for box in shown.page.boxes} == {"\u25cf", ""}


def test_a_closed_gate_is_closed_on_every_path(qtbot) -> None:
    shown = sign_page(closed())
    write(PIN)
    press(K.Key_Return)
    press(K.Key_Enter)
    shown.page.signButton.click()
    shown.page.activate_primary()
    shown.presenter.sign()
    assert not signed(shown) and shown.world.memory.tries == 0
    primary = shown.page.primary()
    assert not primary.enabled and "1 blocker" in primary.reason
    assert "1 blocker" in shown.page.pin_note.text()


def test_a_wrong_pin_is_said_and_the_focus_stays(qtbot) -> None:
    shown = sign_page(ready())
    write("000000")
    press(K.Key_Return)
    said = "PIN not accepted. 4 tries left, the next one in 2\u00a0s."
    assert shown.page.pin_note.text() == said
    assert shown.page.pin_note.property("role") == "error"
    assert QApplication.focusWidget() is shown.page and not signed(shown)
    assert not any(box._dot.text() for box in shown.page.boxes)
    shown.world.clock.at += timedelta(seconds=2)
    write(PIN)
    press(K.Key_Return)
    assert signed(shown)


def test_escape_goes_back_and_the_digits_are_forgotten(qtbot) -> None:
    shown = sign_page(ready())
    write("246")
    press(K.Key_Escape)
    assert shown.gone == ["treat"]
    shown.page.leave()
    shown.page.enter()
    settle()
    assert shown.presenter.state.digits == 0


def test_documents_by_tab_and_pages_by_key(qtbot) -> None:
    shown = sign_page(ready())
    tabs = shown.page.tabs
    assert [tabs.tabText(n).split("   ")[0].replace("\u2011", "-") for n in range(tabs.count())] == [
        "Prescription", "Lab-monitoring plan", "Record",
    ]  # fmt: skip
    shown.page.next_document()
    shown.page.next_document()
    settle()
    assert tabs.currentIndex() == 2
    bar = shown.page.preview.verticalScrollBar()
    assert bar.maximum() > 0 and bar.value() == 0
    press(K.Key_PageDown)
    assert bar.value() > 0


def test_a_result_that_closes_signing_leads_back(qtbot) -> None:
    from tests.presenters.test_sign import _pregnancy

    shown = sign_page(ready())
    heard: list[bool] = []
    shown.page.blocked.connect(lambda: heard.append(True))
    positive = {"value": "positive", "specimen": "hcg_serum:medical", "collected": TODAY}
    TreatPresenter(shown.world.case).record(_pregnancy(shown.world), positive)
    settle()
    assert heard == [True] and "blocker" in shown.toasts[-1]
    assert not shown.page.primary().enabled


@pytest.mark.parametrize("size", [(1280, 800), (1440, 900), (2560, 1440)])
@pytest.mark.parametrize("make", [ready, closed])
def test_no_text_is_clipped_and_all_is_named(qtbot, make, size) -> None:
    shown = sign_page(make(), size)
    assert (shown.window.width(), shown.window.height()) == size
    assert clipped(shown.page) == []
    assert unnamed(shown.page) == []


def test_pages_keep_their_shape(qtbot) -> None:
    from workstation.ui.sign.preview import PageView

    for size in ((1280, 800), (2560, 1440)):
        shown = sign_page(ready(), size)
        page = shown.page.preview.widget().findChild(PageView)
        assert abs(page.height() / page.width() - 11 / 8.5) < 0.01


# -- calm


class Desk(QWidget):
    """A field and a button with a shortcut."""

    def __init__(self) -> None:
        super().__init__()
        rows = QVBoxLayout(self)
        self.field, self.button = QLineEdit(), QPushButton("Go")
        rows.addWidget(self.field)
        rows.addWidget(self.button)
        self.pressed = 0
        QShortcut(Qt.Key.Key_F5, self).activated.connect(self._count)
        self.field.returnPressed.connect(self._count)

    def _count(self) -> None:
        self.pressed += 1


@pytest.fixture
def desk(qtbot):
    made = Desk()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.field.setFocus()
    return made


def typed(desk: Desk, text: str) -> None:
    """As a keyboard does it: by the window."""
    for letter in text:
        QTest.keyClick(desk.windowHandle(), letter)


def clicked(desk: Desk) -> None:
    where = desk.button.geometry().center()
    none = Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(desk.windowHandle(), Qt.MouseButton.LeftButton, none, where)


def test_keys_of_the_first_half_second_do_nothing(qtbot, desk) -> None:
    calm = Calm(desk, quiet_ms=3_600_000)  # however slowly this machine types
    calm.start()
    typed(desk, "abc")
    QTest.keyClick(desk.windowHandle(), Qt.Key.Key_F5)
    assert desk.field.text() == "" and desk.pressed == 0
    calm._quiet.setInterval(20)
    qtbot.waitUntil(lambda: not calm._quiet.isActive())
    typed(desk, "abc")
    assert desk.field.text() == "abc"


def test_enter_waits_for_an_arrow_or_the_pointer(qtbot, desk) -> None:
    calm = Calm(desk, quiet_ms=10)
    calm.start()
    qtbot.wait(60)
    QTest.keyClick(desk.windowHandle(), Qt.Key.Key_Return)
    assert desk.pressed == 0 and calm.active
    QTest.keyClick(desk.windowHandle(), Qt.Key.Key_Left)
    QTest.keyClick(desk.windowHandle(), Qt.Key.Key_Return)
    assert desk.pressed == 1 and not calm.active


def test_a_click_ends_the_wait(qtbot, desk) -> None:
    calm = Calm(desk, quiet_ms=10)
    calm.start()
    qtbot.wait(60)
    at = QPointF(3, 3)
    move = QMouseEvent(
        QEvent.Type.MouseMove, at, desk.mapToGlobal(at), Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(desk.windowHandle(), move)
    assert calm.active, "a move that moved nothing is no sign of life"
    clicked(desk)
    assert not calm.active


def test_a_window_that_opens_meanwhile_is_held_as_well(qtbot, desk) -> None:
    calm = Calm(desk, quiet_ms=10)
    calm.start()
    qtbot.wait(60)
    later = Desk()
    qtbot.addWidget(later)
    later.show()
    later.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWindow() is later.windowHandle())
    later.field.setFocus()
    QTest.keyClick(later.windowHandle(), Qt.Key.Key_Return)
    assert later.pressed == 0 and calm.active
    QTest.keyClick(later.windowHandle(), Qt.Key.Key_Left)
    QTest.keyClick(later.windowHandle(), Qt.Key.Key_Return)
    assert later.pressed == 1


def test_no_widget_is_listened_to_while_enter_waits(qtbot, desk, monkeypatch) -> None:
    calm = Calm(desk, quiet_ms=10)
    watched: list[type] = []
    calm.start()
    shipped = Calm.eventFilter
    monkeypatch.setattr(
        Calm,
        "eventFilter",
        lambda self, one, event: watched.append(type(one)) or shipped(self, one, event),
    )
    typed(desk, "a")
    desk.resize(300, 200)
    qtbot.wait(60)
    assert watched and not any(issubclass(one, QWidget) for one in watched)
    calm._waits = False


def test_after_signing_the_notice_offers_to_view_and_to_print(qtbot) -> None:
    shown = sign_page(ready())
    shown.page.offer_records(True)
    asked: list[str] = []
    shown.page.record_wanted.connect(asked.append)
    write(PIN)
    press(K.Key_Return)
    assert list(shown.links)[:2] == ["View", "Print"]
    signed_now = next(iter(shown.world.memory.documents_of.values()))
    shown.links["View"]()
    assert asked == [signed_now[0].number]


def test_who_may_not_sign_is_told_once_and_has_nothing_to_type(qtbot) -> None:
    made = ready()
    made.case.session = Session(replace(ME, name="Dana Cole", role=Role.NURSE), None)
    shown = sign_page(made)
    page = shown.page
    hidden = (page.pinCard, page.signButton, page.exportBox, page.afterTitle, page.aside)
    assert not any(part.isVisible() for part in hidden)
    assert page.heading.text() == "What a dermatologist signs" and shown.toasts == []
    assert all(key not in ("0\u20139", "\u21b5") for key, _ in page.key_hints())
    primary = page.primary()
    assert not primary.enabled and "role" in primary.reason
    write(PIN)
    press(K.Key_Return)
    assert not signed(shown) and made.memory.tries == 0


def test_the_left_list_says_of_lesions_what_the_record_says(qtbot) -> None:
    shown = sign_page(ready())  # a later visit at which nothing was marked
    assert shown.presenter.state is not None
    first = shown.presenter.state.lines[0]
    made = shown.presenter._pages.previews
    record = next(p for p in made.documents if p.document.kind is DocumentKind.RECORD)
    with PdfDocument(record.pdf) as pdf:
        words = pdf[0].get_textpage().get_text_range()
    assert first.title == "Lesions not annotated"
    assert "Lesions were not annotated" in words
