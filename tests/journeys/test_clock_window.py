"""A clock that had stood ahead is confirmed from the window, and signing is open again."""

from __future__ import annotations

from dataclasses import replace

from clinic_day import Clinic
from PySide6.QtWidgets import QApplication, QWidget

from tests.inline_jobs import InlineJobs
from workstation import bootstrap
from workstation.ui.application import application
from workstation.ui.records.clock import ClockDialog
from workstation.workflow import sign
from workstation.workflow.desk import Session


def opened(clinic: Clinic, *, administers: bool) -> tuple[ClockDialog, QWidget]:
    """The window over this clinic, for who administers it or does not."""
    application()
    user = replace(clinic.session.user, administers=administers)
    clinic.opened.session = Session(user, clinic.session.key)
    parent = QWidget()
    dialog = ClockDialog(bootstrap.presenters(clinic.opened, InlineJobs()).records.clock, parent)
    dialog.open()
    QApplication.processEvents()
    assert dialog.isVisible()
    return dialog, parent


def test_a_clock_that_had_stood_ahead_is_confirmed_in_the_window(clinic: Clinic) -> None:
    hand = clinic.take("Nguyễn")
    hand.prescribe()
    dialog, parent = opened(clinic, administers=True)
    assert not dialog.confirm_button.isVisible() and "nothing to confirm" in dialog.note.text()
    dialog.close()
    clinic.clock.later(hours=-5)
    shown = hand.preview()
    assert hand.sign(shown) == sign.Blocked((sign.CLOCK_BEHIND,))
    dialog, asked_by_others = opened(clinic, administers=False)
    assert not dialog.confirm_button.isVisible() and "administrator" in dialog.note.text()
    dialog.close()
    dialog, kept = opened(clinic, administers=True)
    assert dialog.state_strip.isVisible() and len(dialog.times.text().splitlines()) == 2
    dialog.reason.setText("ahead")
    dialog.confirm_button.click()
    assert "at least 10 characters" in dialog.problem.text
    assert hand.sign(shown) == sign.Blocked((sign.CLOCK_BEHIND,))
    dialog.reason.setText("The battery of the board was empty")
    dialog.confirm_button.click()
    assert not dialog.confirm_button.isVisible() and not dialog.state_strip.isVisible()
    dialog.close()
    clinic.clock.later(seconds=1)
    assert isinstance(hand.sign(hand.preview()), sign.Signed)
    assert parent and asked_by_others and kept
