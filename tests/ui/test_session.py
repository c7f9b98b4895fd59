"""Signing in, locking and unlocking: nothing about a patient outside the desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QWidget,
)

from tests.inline_jobs import InlineJobs
from tests.ui import made_up
from tests.ui.desktop import SmallDoors, small_window
from workstation.presenters.session import LOOK_EVERY, SessionPresenter
from workstation.presenters.setup import ClinicSetup, founded, problems
from workstation.ui import ground, layouts
from workstation.ui.application import application
from workstation.ui.faults import Faults, described
from workstation.ui.session.setup import SetupPage
from workstation.ui.theme import theme
from workstation.ui.window import TITLE, Window

PASSWORD = made_up.OnePassword.password


@pytest.fixture(autouse=True)
def _app():
    application()
    theme.set_mode("light")


class Holder:
    def __init__(self, session):
        self.session = session


@pytest.fixture
def desk():
    return made_up.SmallDesk()


@pytest.fixture
def presenter(desk):
    session = made_up.session()
    made = SessionPresenter(desk, session, InlineJobs(), (Holder(session),))
    made.holder = made._holders[0]
    return made


# -- presenter


def test_it_warns_30_seconds_ahead_and_locks_at_the_deadline(presenter, desk):
    desk.clock.at += timedelta(minutes=4, seconds=29)
    presenter.tick()
    assert presenter.state.warning is None and not presenter.state.locked
    desk.clock.at += timedelta(seconds=11)
    presenter.tick()
    assert presenter.state.warning == 20
    presenter.touch()
    assert presenter.state.warning is None
    desk.clock.at += timedelta(minutes=5)
    presenter.tick()
    assert presenter.state.locked
    assert "after 5 minutes without use" in presenter.state.locked_line


def test_a_clock_set_back_does_not_keep_the_desk_open(presenter, desk, monkeypatch):
    passed = [1000.0]
    monkeypatch.setattr("workstation.presenters.session.time.monotonic", lambda: passed[0])
    presenter.touch()
    desk.clock.at -= timedelta(hours=2)
    passed[0] += 299
    presenter.tick()
    assert not presenter.state.locked and presenter.state.warning == 1
    passed[0] += 1
    presenter.tick()
    assert presenter.state.locked


@pytest.mark.parametrize(
    ("change", "locks"),
    [({"active": False}, True), ({"administers": True}, True), ({"name": "R. Other"}, False)],
)
def test_an_account_changed_at_another_desk_is_locked_out(presenter, desk, change, locks):
    presenter.tick()
    now = replace(made_up.ME, **change)
    desk.store.user = lambda id: now
    for _ in range(LOOK_EVERY):
        presenter.tick()
    assert presenter.state.locked is locks
    if locks:
        assert "because this account was changed" in presenter.state.locked_line
        assert presenter.holder.session.key is None


def test_auto_lock_is_never_off(presenter):
    presenter.set_minutes(0)
    assert presenter.minutes == 1
    presenter.set_minutes(600)
    assert presenter.minutes == 15


def test_locking_drops_the_signing_key_everywhere_and_unlocking_brings_it_back(presenter, desk):
    presenter.lock("key")
    assert presenter.session.key is None and presenter.holder.session.key is None
    assert ("session.locked", "u1") in desk.store.audited
    presenter.unlock(PASSWORD)
    assert not presenter.state.locked
    assert presenter.holder.session.key is not None


def test_a_wrong_password_stays_locked_and_says_what_to_do(presenter):
    presenter.lock("key")
    presenter.unlock("not this one, surely")
    assert presenter.state.locked and presenter.holder.session.key is None
    assert presenter.state.problem.title == "User name or password not accepted."


def test_another_users_password_does_not_unlock(presenter, desk, monkeypatch):
    other = replace(made_up.ME, id="u2")
    presenter.lock("key")
    monkeypatch.setattr(desk.store, "user", lambda id: other)
    presenter.unlock(PASSWORD)
    assert presenter.state.locked


def test_touching_a_locked_desk_does_not_open_it(presenter):
    presenter.lock("key")
    presenter.touch()
    presenter.tick()
    assert presenter.state.locked


# -- window


@pytest.fixture
def window(qtbot, desk):
    made = small_window(desk)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    return made


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_ground_comes_first_and_what_was_typed_meanwhile_is_kept(qtbot, desk, mode):
    theme.set_mode(mode)
    wanted = theme.colour("bg")
    said = []
    made = Window(
        SmallDoors(desk), ground=ground.colour(mode), dress=lambda: said.append("dressed")
    )
    qtbot.addWidget(made)
    assert made.sign_in_page is None and not said
    with qtbot.waitSignal(made.begun):
        made.show()
        first = made.grab().toImage()  # painted: the page follows with the next turn
        qtbot.keyClicks(made, "correct")
    assert first.pixelColor(first.width() // 2, first.height() // 2) == wanted
    assert said == ["dressed"] and made.sign_in_page.passwordField.text() == "correct"
    made.close()


def signed_in(window: Window, qtbot) -> Window:
    with qtbot.waitSignal(window.opened):
        window.sign_in("r.kessler", PASSWORD)
    qtbot.waitUntil(lambda: not window.jobs.busy)
    return window


def texts(widget: QWidget) -> str:
    found = [w.text() for w in widget.findChildren(QLabel) if w.isVisible()]
    found += [w.text() for w in widget.findChildren(QLineEdit) if w.isVisible()]
    found += [w.accessibleName() for w in widget.findChildren(QWidget) if w.isVisible()]
    return " ".join(found)


def test_the_password_field_has_the_focus_at_once(window):
    assert window.focusWidget() is window.sign_in_page.passwordField


def test_enter_signs_in(window, qtbot):
    page = window.sign_in_page
    qtbot.keyClicks(page.passwordField, PASSWORD)
    with qtbot.waitSignal(window.opened):
        qtbot.keyClick(page.passwordField, Qt.Key.Key_Return)
    assert window.shell is not None and window.shell.current == "queue"


def test_the_focus_ring_follows_the_tab_key(window, qtbot):
    qtbot.waitUntil(window.isActiveWindow)
    window.sign_in_page.signInButton.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(window._ring.isVisible)
    corner = window.sign_in_page.signInButton.mapTo(window, QPoint(0, 0))
    assert window._ring.geometry().contains(corner)
    window.sign_in_page.passwordField.setFocus()
    assert not window._ring.isVisible()


def test_a_wrong_password_says_so_and_keeps_nothing(window, qtbot):
    page = window.sign_in_page
    with qtbot.waitSignal(window.failed):
        window.sign_in("r.kessler", "wrong")
    assert "not accepted" in page.problemStrip.text
    assert page.passwordField.text() == "" and window.shell is None
    assert page.passwordField.isEnabled()


def test_the_lock_page_and_the_title_show_no_patient_data(window, qtbot):
    signed_in(window, qtbot)
    window.shell._renewing.start()
    QGuiApplication.clipboard().setText("MARSH, Elena")
    window.lock()
    shown = texts(window)
    for row in made_up.rows():
        assert row.family.lower() not in shown.lower()
        assert row.external_id not in shown
    assert not window.shell._renewing.isActive()  # the claim runs out by itself
    assert window.windowTitle() == TITLE
    assert QGuiApplication.clipboard().text() == ""
    assert window.centralWidget().currentWidget() is window.lock_page
    assert window.focusWidget() is window.lock_page.passwordField


def test_the_inbox_goes_on_being_emptied_while_the_queue_is_locked(window, qtbot):
    signed_in(window, qtbot)
    looks = []
    window._desktop.queue.poll_inbox = lambda: looks.append(window._desktop.session.state.locked)
    window.shell._watch()
    assert looks == []  # its page asks
    window.lock()
    window.shell._watch()
    assert looks == [True]


def test_after_a_wrong_password_at_the_lock_the_next_one_is_typed_at_once(window, qtbot):
    signed_in(window, qtbot)
    window.lock()
    page = window.lock_page
    for wrong in ("wrong", "wrong again"):
        page.passwordField.setText(wrong)
        page.passwordField._eye.setFocus()
        page.unlockButton.click()
        qtbot.waitUntil(lambda: window.focusWidget() is page.passwordField)
        assert page.passwordField.text() == "" and "not accepted" in page.problemStrip.text


def test_ctrl_l_locks_and_no_desk_key_acts_behind_the_cover(window, qtbot):
    signed_in(window, qtbot)
    page = window.shell.page("queue")
    qtbot.waitUntil(page.queueList.hasFocus)
    qtbot.keyClick(page.queueList, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.centralWidget().currentWidget() is window.lock_page
    assert window.shell.commands.available() == ()
    assert window.shell.commands.trigger("queue.claim") is False


def test_no_window_over_the_desk_is_seen_while_it_is_locked(window, qtbot):
    """A document that is read, a PIN half typed, and what a lane opens when the desk is locked."""
    signed_in(window, qtbot)
    page = window.shell.page("queue")
    reader, late = QDialog(page), QDialog(page)
    why, pin = QLineEdit(reader), QLineEdit(reader)
    pin.setEchoMode(QLineEdit.EchoMode.Password)
    reader.open()
    why.setText("An error of writing")
    pin.setText("2468")
    menu = QMenu(page)
    menu.addAction("MARSH, Elena")
    menu.popup(QPoint(40, 40))
    qtbot.waitUntil(lambda: reader.isVisible() and menu.isVisible())
    window.lock()
    assert not reader.isVisible() and not menu.isVisible()
    assert QApplication.activeModalWidget() is None  # the password can be typed
    late.open()
    qtbot.waitUntil(lambda: not late.isVisible())
    window.lock_page.passwordField.setText(PASSWORD)
    qtbot.keyClick(window.lock_page.passwordField, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.centralWidget().currentWidget() is window.shell)
    assert reader.isVisible() and reader.isModal() and late.isVisible()
    assert (why.text(), pin.text()) == ("An error of writing", "")
    for dialog in (late, reader):
        dialog.reject()
    answers = []
    QTimer.singleShot(0, window.lock)  # while somebody waits for a file's name
    ask = QFileDialog(page)
    answers.append(ask.exec())
    assert answers == [QDialog.DialogCode.Rejected] and not ask.isVisible()


def test_locking_drops_decoded_pictures_and_unlocking_restores_the_page(window, qtbot, desk):
    signed_in(window, qtbot)
    page = window.shell.page("queue")
    page._presenter.select("c05")
    qtbot.waitUntil(lambda: not window.jobs.busy)
    page.searchField.setText("o")
    page._search._timer.stop()  # half-typed: another row would be chosen when it is looked for
    window.lock()
    assert page._faces._kept == {} and page._preview.photo.image is None
    with qtbot.waitSignal(window.shell.commands.refused, timeout=100, raising=False):
        window.lock_page.passwordField.setText(PASSWORD)
        qtbot.keyClick(window.lock_page.passwordField, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.centralWidget().currentWidget() is window.shell)
    assert window.shell.current == "queue" and page.searchField.text() == "o"
    assert page._presenter.state.selected == "c05"
    assert window.lock_page.passwordField.text() == ""


def test_switching_user_closes_the_store_and_asks_who_is_next(window, qtbot):
    signed_in(window, qtbot)
    doors = window._doors
    window.lock()
    window.lock_page.switchButton.click()
    assert doors.closed == 1 and window.shell is None
    assert window.centralWidget().currentWidget() is window.sign_in_page
    signed_in(window, qtbot)
    assert window.shell.current == "queue"


def test_who_was_here_last_types_only_the_password_and_who_comes_instead_says_who(
    qtbot, desk
) -> None:
    def asked(another: bool = False) -> tuple[str, bool]:
        made.show_sign_in(another=another)
        page = made.sign_in_page
        return page.userBox.currentText(), made.focusWidget() is page.passwordField

    made = small_window(desk)
    qtbot.addWidget(made)
    made._doors.logins = lambda: ("a.first", "r.kessler", "s.last")
    made.show()
    made.activateWindow()
    QSettings().remove(layouts.LAST)
    assert asked() == ("a.first", True)
    signed_in(made, qtbot)
    layouts.for_user("")
    assert asked() == ("r.kessler", True)
    assert asked(another=True) == ("a.first", False)
    made.close()


def test_closing_the_window_finishes_writing(window, qtbot):
    signed_in(window, qtbot)
    window.lock()
    window.close()
    assert ("session.locked", "u1") in window._doors.desk.store.audited
    assert window._doors.closed == 1


# -- first run

GOOD = ClinicSetup(
    Path("/nowhere/new"), "Northlake", "1 Lake Street", "Duluth", "MN", "55802", "218 555 0100",
    "America/Chicago", "Rosa Kessler", "MD", "MN", "12345", "1234567893", "r.kessler",
    "a long enough sentence", "a long enough sentence", "246810", "246810",
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"npi": "1234567890"}, "npi"),
        ({"password": "too short", "password_again": "too short"}, "password"),
        ({"password": "aaaaaaaaaaaaaaaaaa", "password_again": "aaaaaaaaaaaaaaaaaa"}, "password"),
        ({"password_again": "something else"}, "password_again"),
        ({"pin": "123456", "pin_again": "123456"}, "pin"),
        ({"pin": "111111", "pin_again": "111111"}, "pin"),
        ({"pin": "12345", "pin_again": "12345"}, "pin"),
        ({"state": "XX"}, "state"),
        ({"login": "Rosa Kessler"}, "login"),
        ({"folder": Path("relative")}, "folder"),
        ({"clinic": ""}, "clinic"),
    ],
)
def test_each_wrong_entry_is_named(change, field):
    assert [name for name, _ in problems(replace(GOOD, **change))] == [field]


def test_complete_entries_found_a_clinic_with_its_dermatologist():
    assert problems(GOOD) == ()
    clinic, user = founded(GOOD, datetime(2026, 11, 22, tzinfo=UTC))
    assert clinic.time_zone == "America/Chicago" and clinic.rems_2026_effective == ""
    assert user.licences[0].state == "MN" and user.certificate is None


def test_a_folder_that_holds_something_is_refused(tmp_path):
    (tmp_path / "note.txt").write_text("mine")
    assert dict(problems(replace(GOOD, folder=tmp_path)))["folder"].startswith("This folder holds")


def test_the_first_run_goes_step_by_step_and_ends_with_the_recovery_key(qtbot, desk):
    window = Window(SmallDoors(desk, exists=False))
    qtbot.addWidget(window)
    window.show()
    page = window.setup_page
    assert isinstance(page, SetupPage)
    page.set_text("folder", str(GOOD.folder))
    page.button.click()
    assert page.at == 1 and not page.button.isEnabled()  # nothing typed: closed, with the reason
    assert "Name as it is printed" in page._reason.text()
    for name in page._fields:
        page.set_text(name, str(getattr(GOOD, name)))
    page.set_text("pin_again", "135790")
    assert not page.button.isEnabled() and "Not the same" in page._reason.text()
    page.set_text("pin_again", GOOD.pin)
    # Enter goes on from a field, from a list to choose from and from a box to tick.
    for at, name in ((2, "pin_again"), (3, "time_zone"), (4, "npi")):
        qtbot.keyClick(page._fields[name], Qt.Key.Key_Return)
        assert page.at == at
    assert not page.button.isEnabled()  # the rules are not read yet
    page._accept.setChecked(True)
    qtbot.keyClick(page._accept, Qt.Key.Key_Enter)
    qtbot.waitUntil(lambda: page.at == 5)
    assert window._doors.created == [GOOD]
    assert page._key.text() == "RECOVERY-KEY-IN-GROUPS" and not page.button.isEnabled()
    assert window.shell is None  # nobody goes on without having kept it
    page._kept.setChecked(True)
    with qtbot.waitSignal(window.opened):
        page.button.click()
    assert window.shell is not None


def test_a_first_run_that_was_stopped_goes_on_without_its_secrets(qtbot, desk):
    doors = SmallDoors(desk, exists=False)
    window = Window(doors)
    qtbot.addWidget(window)
    page = window.setup_page
    for name in page._fields:
        page.set_text(name, str(getattr(GOOD, name)))
    page._edited("npi")
    assert not set(doors.kept) & {"password", "password_again", "pin", "pin_again"}
    again = Window(doors)
    qtbot.addWidget(again)
    assert again.setup_page._text("npi") == GOOD.npi and again.setup_page._text("pin") == ""


# -- faults


@pytest.mark.uncaught
def test_a_report_names_places_and_no_values(tmp_path, qtbot):
    try:
        raise ValueError("MARSH, Elena is pregnant")
    except ValueError as error:
        text = described(error)
        number = Faults(tmp_path).report(error)
    assert "Elena" not in text and "ValueError" in text and "test_session.py" in text
    assert "Elena" not in (tmp_path / f"fault-{number}.txt").read_text()


@pytest.mark.uncaught
def test_a_fault_that_telling_it_brings_again_is_told_once(tmp_path, qtbot):
    """As when a notice is shown and showing it is what goes wrong: the window stays usable."""
    faults = Faults(tmp_path)
    told = []

    def fails() -> None:
        try:
            raise RuntimeError("deleted")
        except RuntimeError as error:
            faults._caught(type(error), error, error.__traceback__)

    def tell(number: str) -> None:
        told.append(number)
        if len(told) < 100:
            fails()

    faults.happened.connect(tell)
    fails()
    QTest.qWait(50)
    assert len(told) == 1 and len(list(tmp_path.glob("fault-*.txt"))) == 1
    try:
        {}["another"]
    except KeyError as error:
        faults._caught(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: len(told) == 2)


def test_a_fault_is_told_where_one_works_with_what_to_do(desk, qtbot):
    from workstation.ui.application import _tell_fault

    window = small_window(desk)
    qtbot.addWidget(window)
    window.show()
    _tell_fault(window, "1a2b3c4d")
    assert "1a2b3c4d" in window.sign_in_page.problemStrip.text
    assert "comes back" in window.sign_in_page.problemStrip.text
