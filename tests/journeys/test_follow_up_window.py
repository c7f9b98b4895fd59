"""An unchanged month at the real window: from the queue to the signature, counted in keystrokes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from clinic_day import NOW, TODAY, Clinic, DeskClock, Hand, package_file, small
from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from workstation import bootstrap, showcase
from workstation.demo import packages
from workstation.domain.consultation import Status
from workstation.domain.documents import DocumentKind
from workstation.ui.application import StoreDoors, application
from workstation.ui.doors import Desktop
from workstation.ui.jobs import ThreadJobs
from workstation.ui.pages import makers
from workstation.ui.window import Window
from workstation.workflow import intake, sign

BUDGET = 14
PATIENCE = 60.0


class ClockedDoors(StoreDoors):
    """Opens the store on the day of the test."""

    def open(self, login: str, password: str, jobs: ThreadJobs) -> Desktop:
        opened = bootstrap.open_desk(self.folder, login, password, clock=DeskClock())
        made = bootstrap.presenters(opened, jobs)
        return Desktop(made.session, made.queue, made.case, made.banner, makers(made), opened.close)


class Typist:
    """Presses real keys on whatever has the focus, and counts them."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.pressed = 0

    def key(self, key: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        self.pressed += 1 if modifier == Qt.KeyboardModifier.NoModifier else 2
        QTest.keyClick(focus, key, modifier)

    def until(self, good: Callable[[], Any], what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not good():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            time.sleep(0.01)  # let the lanes have the interpreter
            assert time.monotonic() < end, what


def test_an_unchanged_month_is_signed_within_fourteen_keystrokes(
    clinic: Clinic, tmp_path: Path
) -> None:
    who, before = small("lindqvist-astrid", 4)
    clinic.go_back(packages.sent_at(before, TODAY) + timedelta(hours=2))
    stored = intake.receive(clinic.desk, package_file(tmp_path, who, before))
    hand = Hand.take(clinic.desk, clinic.session, stored.id)
    hand.treat(who)
    assert isinstance(hand.sign(), sign.Signed)
    clinic.clock.at = NOW
    stored = intake.receive(clinic.desk, package_file(tmp_path, *small("lindqvist-astrid", 5)))
    folder = clinic.opened.folder
    clinic.opened.close()

    application()
    window = Window(ClockedDoors(folder, demo=True))
    window.resize(1440, 900)
    window.show()
    window.activateWindow()
    try:
        window.sign_in(showcase.LOGIN, showcase.PASSWORD)
        typist = Typist(window)
        typist.until(lambda: window.shell is not None and not window.jobs.busy, "the desk opens")
        shell = window.shell
        assert shell is not None
        queue = shell.page("queue")
        presenter = queue._presenter  # which row is chosen is set-up
        presenter.select(stored.id)
        typist.until(queue.queueList.hasFocus, "the list has the focus")

        typist.key(Qt.Key.Key_Return)
        compare = shell.page("followup")
        typist.until(lambda: shell.current == "followup", "the first step is to compare")
        state = compare.presenter
        typist.until(
            lambda: state.state is not None and state.state.short_way is not None, "it is read"
        )
        assert state.state.short_way.open, state.state.short_way.why
        shown = {line.label: line.value for line in state.state.answers}
        assert {"Pregnancy", "Contraception", "Mood", "Side effects"} <= set(shown)
        typist.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        typist.until(lambda: shell.current == "sign", "the short way leads to Sign")
        page = shell.page("sign")
        typist.until(
            lambda: page.tabs.count() and not window.jobs.busy,
            "the pages are rendered",
        )
        for digit in showcase.PIN:
            typist.key(Qt.Key(ord(digit)))
        done: list[Any] = []
        page.signed.connect(done.append)
        typist.key(Qt.Key.Key_Return)
        typist.until(lambda: done, "it is signed")
        typist.until(lambda: not window.jobs.busy, "everything is stored")
    finally:
        window.close()
    assert typist.pressed <= BUDGET, typist.pressed
    again = bootstrap.open_desk(folder, showcase.LOGIN, showcase.PASSWORD, clock=DeskClock())
    try:
        with again.desk.store.reading() as unit:
            closed = unit.consultation(stored.id)
            documents = unit.documents(stored.id)
            facts = unit.history(stored.id).draft.facts
    finally:
        again.close()
    assert closed is not None and closed.status is Status.CLOSED
    assert [d.kind for d in documents] == [
        DocumentKind.PRESCRIPTION,
        DocumentKind.MONITORING_PLAN,
        DocumentKind.RECORD,
    ]
    assert facts == (), "no answer was given for the patient"
