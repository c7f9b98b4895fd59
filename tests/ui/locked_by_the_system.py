"""A window on a bus of its own; run by ``test_os_lock``, since a process knows one system bus."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.ui import made_up
from tests.ui.desktop import small_window
from workstation.ui.application import application

logind = subprocess.Popen(
    [sys.executable, str(Path(__file__).with_name("small_logind.py"))],
    stdin=subprocess.PIPE,
    stdout=subprocess.PIPE,
    text=True,
)
assert logind.stdin is not None and logind.stdout is not None
assert logind.stdout.readline() == "ready\n"


def say(word: str) -> None:
    assert logind.stdin is not None
    logind.stdin.write(f"{word}\n")
    logind.stdin.flush()


def holds() -> bool:
    assert logind.stdout is not None
    say("holds")
    return logind.stdout.readline() == "held\n"


def until(true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, what
        QApplication.processEvents()
        time.sleep(0.005)


application()
window = small_window(made_up.SmallDesk())
window.show()
pages = window.centralWidget()


def covered() -> bool:
    return pages.currentWidget() is window.lock_page


def work() -> None:
    """At the desk, with a patient's photo in sight."""
    if window.shell is None:
        window.sign_in("r.kessler", made_up.OnePassword.password)
    else:
        window.lock_page.passwordField.setText(made_up.OnePassword.password)
        window.lock_page.unlockButton.click()
    until(lambda: window.shell is not None and pages.currentWidget() is window.shell, "signed in")


try:
    until(lambda: window._system is not None, "listening behind the first page")
    assert window._system.listening
    until(lambda: window._system.is_holding, "logind waits for the window")
    assert holds()
    work()
    assert not covered()
    say("lock")
    until(covered, "locked with the session")
    work()
    say("sleep")
    until(covered, "covered before the computer sleeps")
    assert window._doors.desk.store.audited.count(("session.locked", "u1")) == 2
    until(lambda: not holds(), "the computer may sleep once it is covered")
    say("wake")
    until(lambda: window._system.is_holding and holds(), "waited for again")
    assert covered()  # waking opens nothing
    print("covered")
finally:
    logind.stdin.close()
    logind.wait()
