"""The Contact page: ways with their keys, the record of a try, the clock's words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from tests.ui import treat_pages
from tests.ui.treat_pages import Shown, press, settle, write
from tests.ui.treat_world import NOW, World, world
from workstation.domain.consultation import Consultation
from workstation.domain.patient import Contact
from workstation.presenters import wording
from workstation.presenters.contact import NEEDS_OUTCOME, NEEDS_REACHED, ContactPresenter
from workstation.ui.contact.page import ContactPage
from workstation.ui.widgets import Button

K = Qt.Key
WHO = "becker-jonas"


def shown(made: World, size: tuple[int, int] = (1440, 900)) -> Shown:
    """The Contact page, entered."""
    return treat_pages._shown(made, ContactPresenter(made.case), ContactPage, size)


def contact_of(change: Callable[[Contact], Contact]) -> Callable[[Consultation], Consultation]:
    """A consultation with other ways to reach the patient."""
    return lambda c: replace(c, patient=replace(c.patient, contact=change(c.patient.contact)))


def words(found: Shown) -> str:
    """All that the page says."""
    return "\n".join(w.text() for w in found.page.findChildren(QLabel) if not w.isHidden())


def test_each_number_and_the_place_are_copied_by_their_key(qtbot) -> None:
    found = shown(world(WHO))
    contact = found.world.memory.consultations[found.world.id].patient.contact
    for key, wanted in (
        (K.Key_1, contact.phone),
        (K.Key_2, contact.emergency_phone),
        (K.Key_3, contact.present_location),
    ):
        QGuiApplication.clipboard().clear()
        press(key)
        assert wanted
        assert QGuiApplication.clipboard().text() == wanted
    caps = [b.get_key() for b in found.page.findChildren(Button) if b.text() == "Copy"]
    assert caps == ["1", "2", "3"]
    assert found.toasts[0] == "Phone: copied"


def test_digits_are_text_in_the_outcome(qtbot) -> None:
    found = shown(world(WHO))
    QGuiApplication.clipboard().setText("before")
    found.page.trying.outcome.setFocus()
    write("room 123")
    assert found.page.trying.outcome.toPlainText() == "room 123"
    assert QGuiApplication.clipboard().text() == "before"


def test_what_was_not_given_says_so_and_copies_nothing(qtbot) -> None:
    missing = contact_of(
        lambda c: replace(c, phone="", emergency_name="", emergency_phone="", present_location="")
    )
    found = shown(world(WHO, missing))
    assert words(found).count("Not recorded") == 3
    assert not [b for b in found.page.findChildren(Button) if b.text() == "Copy"]
    QGuiApplication.clipboard().setText("before")
    press(K.Key_1)
    assert QGuiApplication.clipboard().text() == "before"


@pytest.mark.parametrize("size", [(1280, 800), (1440, 900), (2560, 1440)])
def test_a_telephone_number_is_never_broken(size, qtbot) -> None:
    found = shown(world(WHO), size)
    contact = found.world.memory.consultations[found.world.id].patient.contact
    for number in (contact.phone, contact.emergency_phone):
        assert number.replace(" ", "\u00a0").replace("-", "\u2011") in words(found)
    assert treat_pages.clipped(found.page) == []
    assert treat_pages.unnamed(found.page) == []


def test_a_try_needs_its_answer_and_its_outcome(qtbot) -> None:
    found = shown(world(WHO))
    page = found.page
    page.activate_primary()
    assert page.trying.problem.text() == str(NEEDS_REACHED) and page.trying.problem.isVisible()
    assert QApplication.focusWidget() is page.trying.reached.buttons()[0]
    press(K.Key_Space)
    page.activate_primary()
    assert page.trying.problem.text() == str(NEEDS_OUTCOME)
    assert QApplication.focusWidget() is page.trying.outcome
    assert found.world.memory.consultations[found.world.id].contacts == ()


def test_no_answer_with_a_next_try(qtbot) -> None:
    found = shown(world(WHO))
    page = found.page
    press(K.Key_Return)  # I am calling now: the form is where it goes on
    assert "Calling since" in page.alerted.text()
    press(K.Key_Right)  # from Yes to No answer
    assert (
        page.trying.reached.checkedButton() is None
        or page.trying.reached.checkedButton().text() != "Yes"
    )
    press(K.Key_Space)
    assert page.trying.reached.checkedButton().text() == "No answer"
    page.trying.outcome.setFocus()
    write("rang ten times")
    page.trying.again.setCurrentIndex(page.trying.again.findData(3))
    page.activate_primary()
    settle()
    tried = found.world.memory.consultations[found.world.id].contacts[-1]
    assert tried.reached == "no_answer"
    assert (tried.outcome, tried.again_at) == ("rang ten times", NOW + timedelta(minutes=3))
    assert tried.at == NOW
    assert "next try at" in page.waiting.text()
    assert page.trying.reached.checkedButton() is None
    assert page.trying.outcome.toPlainText() == ""
    found.world.clock.at = NOW + timedelta(minutes=4)
    found.presenter.tick()
    assert "next try was due" in page.waiting.text()


def test_reached_needs_no_next_try_and_then_it_goes_on(qtbot) -> None:
    found = shown(world(WHO))
    page = found.page
    assert page.primary().text == "Save this try"
    press(K.Key_Return)
    press(K.Key_Space)
    assert not page.trying.again.isEnabled()
    page.trying.outcome.setFocus()
    write("safe, with his mother; 988 called together")
    page.activate_primary()
    settle()
    assert found.world.memory.consultations[found.world.id].contacts[-1].reached == "yes"
    assert page.primary().text == "Continue to Assess"
    assert page.step_chip() == ("ok", "Recorded")
    page.activate_primary()
    assert found.gone == ["assess"]


def test_the_clock_says_what_is_true(qtbot) -> None:
    found = shown(world(WHO))
    consultation = found.world.memory.consultations[found.world.id]
    target = found.world.case.state.appraisal.triage.target
    found.world.clock.at = consultation.submitted_at + target * 0.5
    found.presenter.tick()
    assert "is alerted at" in found.page.alerted.text()
    # From three quarters of the target everybody is told, and nothing is late before its end.
    found.world.clock.at = consultation.submitted_at + target - timedelta(minutes=2)
    found.presenter.tick()
    assert "Waiting since" in found.page.waiting.text()
    assert "over" not in found.page.waiting.text()
    assert "is alerted since" in found.page.alerted.text()
    found.world.clock.at = consultation.submitted_at + target + timedelta(minutes=7)
    found.presenter.tick()
    assert "7\u00a0min over" in found.page.waiting.text()
    end = wording.clock(consultation.submitted_at + target, found.presenter._zone())
    assert found.page.alerted.text().endswith(f"overdue since {end}")


def test_tab_goes_round_inside_the_page(qtbot) -> None:
    found = shown(world(WHO))
    page, seen = found.page, []
    for _ in range(30):
        press(K.Key_Tab)
        focus = page.focusWidget()
        assert focus is not None and page.isAncestorOf(focus)
        seen.append(focus)
    assert page.calling in seen and page.trying.outcome in seen and page.trying.who in seen
