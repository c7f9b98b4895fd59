"""Theme, icons, forms, actions, jobs and widgets keep their promises."""

from __future__ import annotations

import gc
import sys
import threading
import time

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QEnterEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation import assets
from workstation.presenters.jobs import Lane
from workstation.ui import form, icons
from workstation.ui.actions import ACTIONS, BY_ID, CONTEXTS, WINDOW_CONTEXTS
from workstation.ui.application import application
from workstation.ui.commands import Commands
from workstation.ui.jobs import ThreadJobs
from workstation.ui.panels import next_panel
from workstation.ui.queue.page import QueuePage
from workstation.ui.session.lock import LockPage
from workstation.ui.session.sign_in import SignInPage
from workstation.ui.shell import Shell
from workstation.ui.theme import contrast, theme, tokens
from workstation.ui.widgets import (
    CHIP_KINDS,
    Button,
    Chip,
    PasswordField,
    SearchField,
    Strip,
    Toasts,
    label,
)
from workstation.ui.widgets.focus import FocusRing, tab_as_laid_out
from workstation.ui.widgets.sized import on_its_line, on_line_of_controls


@pytest.fixture(autouse=True)
def _app():
    application()
    theme.set_text_scale(1.0)
    theme.set_mode("light")
    yield
    theme.set_text_scale(1.0)
    theme.set_mode("light")


# -- colours and type


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_listed_pair_has_its_contrast(mode):
    table = tokens()[mode]
    for front, back, least in tokens()["contrast"]["pairs"]:
        ratio = contrast(QColor(table[front]), QColor(table[back]))
        assert ratio >= least, f"{front} on {back}: {ratio:.2f}"


def test_both_themes_name_the_same_tokens():
    assert set(tokens()["light"]) == set(tokens()["dark"])


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_chips_are_readable_and_always_carry_a_word_or_icon(mode):
    theme.set_mode(mode)
    for kind, seen in CHIP_KINDS.items():
        assert contrast(theme.colour(seen.text), theme.colour(seen.fill)) >= 4.5, kind


def test_style_sheet_leaves_no_token_unreplaced():
    assert "@" not in theme.style_sheet().split("*/", 1)[1]


def test_no_font_is_under_11_px_even_at_small_text():
    theme.set_text_scale(0.9)
    for role in tokens()["type"]:
        assert theme.font(role).pixelSize() >= 11


def test_unknown_token_is_refused():
    with pytest.raises(KeyError):
        theme.colour("mauve")


def test_switching_the_theme_reaches_icons_and_sheet(qtbot):
    button = QPushButton()
    qtbot.addWidget(button)
    icons.dress(button, "lock", "accent", 18)
    light, sheet = button.icon().pixmap(18).toImage(), theme.style_sheet()
    theme.set_mode("dark")
    qtbot.waitUntil(lambda: not theme.restyling.busy)
    assert button.icon().pixmap(18).toImage() != light
    assert theme.style_sheet() != sheet


# -- icons


def test_every_action_and_chip_has_its_icon_file():
    for action in ACTIONS:
        assert icons.source(action.icon)
    for seen in CHIP_KINDS.values():
        assert not seen.icon or icons.source(seen.icon)
    assert "ISC" in assets.resource("icons", "LICENSE.txt").read_text()


def test_icons_are_drawn_at_the_device_pixel_ratio():
    sharp = icons.pixmap("inbox", "text", 18, 2.0)
    assert (sharp.width(), sharp.devicePixelRatio()) == (36, 2.0)


# -- forms


@pytest.mark.parametrize(
    ("page", "name"),
    [(QueuePage, "queue"), (SignInPage, "sign_in"), (LockPage, "lock"), (Shell, "shell")],
)
def test_forms_hold_what_their_pages_declare(page, name, qtbot):
    assert form.declared(page)

    class Bare(QWidget):
        __annotations__ = form.declared(page)

    bare = Bare()
    qtbot.addWidget(bare)
    form.load(bare, name)
    for child, kind in form.declared(page).items():
        assert isinstance(getattr(bare, child), kind)


def test_a_form_without_a_declared_child_is_refused(qtbot):
    class Wants(QWidget):
        nothingLabel: QLabel

    made = Wants()
    qtbot.addWidget(made)
    with pytest.raises(form.FormError, match="nothingLabel is missing"):
        form.load(made, "lock")


def test_a_child_of_the_wrong_type_is_refused(qtbot):
    class Wants(QWidget):
        nameLabel: QLineEdit

    made = Wants()
    qtbot.addWidget(made)
    with pytest.raises(form.FormError, match="nameLabel is a QLabel"):
        form.load(made, "lock")


# -- actions


def test_no_key_is_bound_twice_where_it_would_clash():
    for context in CONTEXTS:
        reach = {context} | WINDOW_CONTEXTS
        keys: dict[str, str] = {}
        for action in ACTIONS:
            if action.context in reach:
                for key in action.keys:
                    name = QKeySequence(key).toString()
                    assert name, f"{action.id}: {key} is no key"
                    assert name not in keys, f"{key}: {action.id} and {keys[name]} in {context}"
                    keys[name] = action.id


RESERVED = {
    "F10", "F3", "Alt+F4", "Ctrl+Space", "Ctrl+Esc", "Ctrl+Shift+U", "Ctrl+.", "Ctrl+;",
    "Ctrl+Q", "Ctrl+H", "Ctrl+M", "[", "]", "'", '"', "Tab",
}  # fmt: skip


def test_no_key_is_one_that_a_system_keeps_for_itself():
    for action in ACTIONS:
        for key in action.keys:
            name = QKeySequence(key).toString()
            assert name not in RESERVED
            assert "Meta" not in name and "Ctrl+Alt" not in name
            assert not (name.startswith("Alt+") and len(name) == 5)


def test_ids_are_unique_and_contexts_known():
    assert len(BY_ID) == len(ACTIONS)
    assert {a.context for a in ACTIONS} <= set(CONTEXTS)


class Bench(QWidget):
    """A list and a text field side by side."""

    def __init__(self):
        super().__init__()
        self.listed, self.field = QListWidget(), QLineEdit()
        column = QVBoxLayout(self)
        column.addWidget(self.listed)
        column.addWidget(self.field)
        self.done: list[str] = []
        self.commands = Commands(self)
        self.reason = ""
        self.commands.bind(
            "queue.claim", self.listed, lambda: self.done.append("claim"), focus=True
        )
        self.commands.bind("commands", self, lambda: self.done.append("commands"))
        self.commands.bind(
            "forward", self, lambda: self.done.append("forward"), lambda: self.reason
        )


@pytest.fixture
def bench(qtbot):
    made = Bench()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_single_letters_are_dead_in_text_fields(bench, qtbot):
    bench.field.setFocus()
    qtbot.keyClick(bench.field, Qt.Key.Key_C)
    assert bench.done == [] and bench.field.text() == "c"
    bench.listed.setFocus()
    qtbot.keyClick(bench.listed, Qt.Key.Key_C)
    assert bench.done == ["claim"]


def test_single_letters_can_be_switched_off_while_other_keys_stay(bench, qtbot):
    bench.commands.set_single_letters(False)
    bench.listed.setFocus()
    qtbot.keyClick(bench.listed, Qt.Key.Key_C)
    qtbot.keyClick(bench.listed, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert bench.done == ["commands"]


def test_window_keys_win_over_text_fields(bench, qtbot):
    bench.field.setText("kept")
    bench.field.setFocus()
    bench.field.home(False)
    qtbot.keyClick(bench.field, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert bench.done == ["commands"] and bench.field.text() == "kept"


def test_the_gate_holds_for_keys_and_for_the_command_list(bench, qtbot):
    bench.reason = "Two blockers are open."
    refused: list[str] = []
    bench.commands.refused.connect(refused.append)
    qtbot.keyClick(bench.listed, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert bench.commands.trigger("forward") is False
    assert bench.done == [] and refused == [bench.reason] * 2
    assert dict((a.id, r) for a, r in bench.commands.available())["forward"] == bench.reason
    bench.reason = ""
    assert bench.commands.trigger("forward") is True


def test_nothing_acts_while_suspended(bench, qtbot):
    bench.commands.suspend(True)
    qtbot.keyClick(bench.listed, Qt.Key.Key_C)
    assert bench.commands.trigger("forward") is False
    assert bench.commands.available() == () and bench.done == []


# -- jobs


@pytest.fixture
def jobs():
    made = ThreadJobs()
    yield made
    made.shutdown()


def raise_it(error):
    raise error


def test_results_arrive_on_the_ui_thread(jobs, qtbot):
    seen = []
    jobs.submit(
        threading.get_ident,
        lambda there: seen.append((there, threading.get_ident())),
        raise_it,
        Lane.READ,
    )
    qtbot.waitUntil(lambda: bool(seen))
    there, here = seen[0]
    assert here == threading.get_ident() and there != here


def test_a_failure_is_handed_to_failed(jobs, qtbot):
    seen = []
    jobs.submit(lambda: 1 // 0, lambda _: seen.append("done"), seen.append, Lane.WORK)
    qtbot.waitUntil(lambda: bool(seen))
    assert isinstance(seen[0], ZeroDivisionError)


def test_the_store_lane_keeps_order(jobs, qtbot):
    order: list[int] = []
    seen: list[int] = []
    for n in range(50):
        jobs.submit(
            lambda n=n: order.append(n), lambda _, n=n: seen.append(n), raise_it, Lane.STORE
        )
    qtbot.waitUntil(lambda: len(seen) == 50)
    assert order == list(range(50)) == seen


def test_a_key_drops_older_pending_work(jobs, qtbot):
    gate = threading.Event()
    seen: list[str] = []
    jobs.submit(gate.wait, lambda _: None, raise_it, Lane.STORE)
    for name in ("first", "second", "third"):
        jobs.submit(lambda name=name: name, seen.append, raise_it, Lane.STORE, "same")
    jobs.submit(lambda: "other", seen.append, raise_it, Lane.STORE)
    gate.set()
    qtbot.waitUntil(lambda: len(seen) == 2)
    qtbot.wait(20)
    assert seen == ["third", "other"]


def test_a_cancelled_ticket_is_not_heard(jobs, qtbot):
    seen: list[str] = []
    jobs.submit(lambda: time.sleep(0.02) or "a", seen.append, raise_it, Lane.STORE).cancel()
    jobs.submit(lambda: "b", seen.append, raise_it, Lane.STORE)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == ["b"]


def test_shutting_down_finishes_the_store_lane(qtbot):
    made = ThreadJobs()
    written: list[int] = []
    for n in range(20):
        made.submit(
            lambda n=n: (time.sleep(0.002), written.append(n)), lambda _: None, raise_it, Lane.STORE
        )
    made.shutdown()
    assert written == list(range(20))


def test_one_bad_listener_does_not_lose_the_other_results(jobs, qtbot, monkeypatch):
    caught = []
    monkeypatch.setattr(sys, "excepthook", lambda *given: caught.append(given[0]))
    seen: list[str] = []
    jobs.submit(lambda: "a", lambda _: 1 // 0, raise_it, Lane.STORE)
    jobs.submit(lambda: "b", seen.append, raise_it, Lane.STORE)
    qtbot.waitUntil(lambda: bool(seen))
    assert caught == [ZeroDivisionError]


# -- widgets


def test_a_busy_button_keeps_its_width_and_takes_no_click(qtbot):
    button = Button(text="Record", key="\u21b5")
    qtbot.addWidget(button)
    button.show()
    before = button.sizeHint()
    clicks = []
    button.clicked.connect(lambda: clicks.append(1))
    button.set_busy(True)
    assert button.sizeHint() == before
    assert button.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    button.set_busy(False)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert clicks == [1]


def test_small_widgets_have_names_for_assistive_technology(qtbot):
    for made, name in (
        (Chip(kind="warn", text="Priority"), "Priority"),
        (Button(text="Open"), "Open"),
        (SearchField(hint="Find"), "Find"),
        (PasswordField(), "Password"),
    ):
        qtbot.addWidget(made)
        assert made.accessibleName() == name


def test_caps_lock_is_noticed_from_the_letters_typed(qtbot):
    field = PasswordField()
    qtbot.addWidget(field)
    told: list[bool] = []
    field.caps_lock.connect(told.append)
    qtbot.keyClicks(field, "A")  # sent without Shift: only Caps Lock can do this
    qtbot.keyClicks(field, "b")
    assert told == [True, False]


def test_the_eye_shows_and_hides_the_password(qtbot):
    field = PasswordField()
    qtbot.addWidget(field)
    field.show()
    eye = field.findChild(QPushButton)
    qtbot.mouseClick(eye, Qt.MouseButton.LeftButton)
    assert field.echoMode() == QLineEdit.EchoMode.Normal
    assert eye.accessibleName() == "Hide password"
    field.hide_again()
    assert field.echoMode() == QLineEdit.EchoMode.Password and field.text() == ""


def test_a_toast_offers_its_link_and_only_one_shows(qtbot):
    area = QWidget()
    qtbot.addWidget(area)
    area.resize(800, 600)
    area.show()
    toasts = Toasts(area)
    undone = []
    toasts.show("first")
    toasts.show("3 annotations removed", (("Undo", lambda: undone.append(1)),))
    assert toasts.text == "3 annotations removed"
    link = next(b for b in area.findChildren(QPushButton) if b.text() == "Undo")
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert undone == [1]


def test_a_notice_that_stays_comes_back_behind_others_until_it_is_closed(qtbot):
    area = QWidget()
    qtbot.addWidget(area)
    area.resize(800, 600)
    area.show()
    toasts = Toasts(area)

    def follow(name: str) -> None:
        qtbot.mouseClick(
            next(b for b in toasts._toast.findChildren(QPushButton) if b.text() == name),
            Qt.MouseButton.LeftButton,
        )

    toasts.show("Something did not work", stays=True)
    toasts.show("An emergent consultation", stays=True)
    toasts.show("Undone")
    assert toasts.text == "Undone"
    toasts._toast.timer.setInterval(0)
    toasts._toast.timer.start()
    qtbot.waitUntil(lambda: toasts.text == "An emergent consultation")
    follow("Close")
    assert toasts.text == "Something did not work"
    toasts.show("3 annotations removed", (("Undo", lambda: None),))
    follow("Undo")
    assert toasts.text == "Something did not work"
    follow("Close")
    assert toasts.text == ""


@pytest.mark.parametrize("stays", [True, False])
def test_reading_a_toast_never_starts_the_clock_of_one_that_stays(qtbot, stays):
    area = QWidget()
    qtbot.addWidget(area)
    area.resize(800, 600)
    area.show()
    Toasts(area).show("Signed, but not printed", stays=stays)
    (toast,) = (w for w in area.children() if w.isWidgetType())
    toast.enterEvent(QEnterEvent(QPointF(8, 8), QPointF(8, 8), QPointF(8, 8)))
    assert not toast.timer.isActive()
    toast.leaveEvent(QEvent(QEvent.Type.Leave))
    assert toast.timer.isActive() is not stays


@pytest.mark.parametrize("scale", [1.0, 1.4])
@pytest.mark.parametrize(("large", "small"), [("title", "body3"), ("panel", "caption")])
def test_small_words_stand_on_the_line_of_a_title(qtbot, scale, large, small):
    theme.set_text_scale(scale)
    try:
        line = QWidget()
        qtbot.addWidget(line)
        row = QHBoxLayout(line)
        title, words = label("Hamburg", large, line), label("Hamburg", small, line)
        field = QPushButton("Hamburg", line)
        on_its_line(title, words)
        for part in (title, words):
            row.addWidget(part)
        alone = QWidget(line)
        beside = QHBoxLayout(alone)
        heading = label("Hamburg", "title", alone)
        on_line_of_controls(heading)
        beside.addWidget(heading)
        beside.addWidget(field)
        row.addWidget(alone)
        line.show()
        QApplication.processEvents()

        def foot(part: QLabel | QPushButton) -> float:
            inside = part.contentsRect() if isinstance(part, QLabel) else part.rect()
            metrics = part.fontMetrics()
            top = part.mapTo(line, inside.topLeft()).y()
            return top + (inside.height() - metrics.height()) / 2 + metrics.ascent()

        assert title.fontMetrics().height() > words.fontMetrics().height()
        assert abs(foot(title) - foot(words)) <= 1
        assert abs(foot(heading) - foot(field)) <= 1
    finally:
        theme.set_text_scale(1.0)


def test_a_strip_says_all_and_clears(qtbot):
    strip = Strip()
    qtbot.addWidget(strip)
    strip.say("danger", "No room left on this disk.", "Free 200 MB, then save again.")
    assert strip.text == "No room left on this disk. Free 200 MB, then save again."
    assert not strip.isHidden()
    strip.clear()
    assert strip.isHidden()


# -- the toolkit itself


def test_the_toolkit_does_not_lose_references_to_none(qtbot):
    """PySide6 6.12.0 on Python 3.11 did, and aborted the process after a while."""
    field = QLineEdit()
    qtbot.addWidget(field)

    def exercise():
        for _ in range(2000):
            field.setText("x")
            field.parentWidget()
            field.style().unpolish(field)
            theme.colour("text").isValid()

    exercise()
    gc.collect()
    before = sys.getrefcount(None)
    exercise()
    gc.collect()
    lost = before - sys.getrefcount(None)
    assert lost < 500


# -- focus


def test_the_ring_follows_a_control_whose_box_is_gone(qtbot):
    window, first, second = QWidget(), QWidget(), QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    button = QPushButton("Here")
    for box in (first, second):
        QVBoxLayout(box)
        column.addWidget(box)
    first.layout().addWidget(button)
    ring = FocusRing(window)
    window.show()
    button.setFocus()
    qtbot.waitUntil(ring.isVisible)
    second.layout().addWidget(button)
    first.deleteLater()
    QApplication.sendPostedEvents(first, QEvent.Type.DeferredDelete)
    assert not shiboken6.isValid(first)
    window.resize(window.width() + 80, window.height() + 80)
    button.setFocus()
    settle = button.mapTo(window, QPoint(0, 0))
    qtbot.waitUntil(lambda: ring.geometry().contains(QRect(settle, button.size()).center()))


def test_the_buttons_of_a_strip_are_reached_where_it_stands(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    above, strip, below = QLineEdit(), Strip(), QLineEdit()
    for part in (above, strip, below):
        column.addWidget(part)
    window.show()
    for _ in range(2):  # said again, its buttons are others
        strip.say("info", "Something", button=("Do", lambda: None), link=("Rather", lambda: None))
        window.activateWindow()
        above.setFocus()
        QTest.qWaitForWindowActive(window)
        QApplication.processEvents()  # new buttons of a strip in sight are shown only then
        seen = []
        for _ in range(3):
            QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
            now = window.focusWidget()
            seen.append(now.text() if isinstance(now, QPushButton) else now)
        assert seen == ["Do", "Rather", below]


def test_a_button_taken_away_takes_nothing_else_with_it(qtbot):
    """PySide files answers of Qt's focus chain under who was asked; what is filed goes with it."""
    window, area, inner = QWidget(), QScrollArea(), QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(area)
    area.setWidget(inner)
    area.setWidgetResizable(True)
    column = QVBoxLayout(inner)
    strip, fields = Strip(), [QLineEdit() for _ in range(3)]
    column.addWidget(fields[0])
    column.addWidget(strip)
    for field in fields[1:]:
        column.addWidget(field)
    window.show()
    kept = [window, area, inner, strip, *fields, *inner.findChildren(QWidget)]
    for n in range(3):
        strip.say("info", str(n), button=("Do", lambda: None), link=("Rather", lambda: None))
        tab_as_laid_out(inner)
        next_panel(window, fields[0], forward=True)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        assert all(shiboken6.isValid(one) for one in kept), n
    code = assets.root() / "workstation"
    asked = [p.name for p in code.rglob("*.py") if "InFocusChain()" in p.read_text("utf-8")]
    assert asked == []
