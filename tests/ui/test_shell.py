"""The shell: pages, banner, steps, gate, and a title without a name."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget

from tests.inline_jobs import InlineJobs
from tests.ui import made_up
from workstation import assets
from workstation.domain.draft import Draft, History
from workstation.domain.facts import Fact, Facts, Origin
from workstation.presenters import banner as presented
from workstation.presenters.banner import BannerPresenter, banner
from workstation.presenters.case import CaseFile
from workstation.presenters.case_state import CaseChange, CaseState, Happened
from workstation.presenters.queue import QueuePresenter
from workstation.presenters.session import SessionPresenter
from workstation.ui.application import application
from workstation.ui.banner import PatientBanner
from workstation.ui.page import Primary
from workstation.ui.queue.page import QueuePage
from workstation.ui.shell import RENEW_MS, Shell
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, Chip

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _app():
    application()
    theme.set_text_scale(1.0)
    theme.set_mode("light")


class StepPage(QWidget):
    """A page that only keeps what the shell told it."""

    changed = Signal()
    signed = Signal(str)
    blocked = Signal()
    record_wanted = Signal(str)

    def offer_records(self, there):
        self.there = there

    def __init__(self, tools, parent=None):
        super().__init__(parent)
        self.tools = tools
        self.told: list[str] = []
        self.reason = ""
        column = QVBoxLayout(self)
        self.inside = Button(text="Inside")
        column.addWidget(self.inside)

    def key_hints(self):
        return (("F8", "next open item"),)

    def primary(self):
        return Primary("Continue", "Ctrl \u21b5", not self.reason, self.reason)

    def activate_primary(self):
        self.told.append("forward")

    def step_chip(self):
        return ("danger", "2 blockers") if self.reason else None

    def enter(self):
        self.told.append("enter")

    def leave(self):
        self.told.append("leave")


def fact(name, value):
    return Fact(name, value, Origin.INTAKE, date(2026, 11, 20), "intake")


def state_of(facts=(), *, needs_contact=False, row=3, contacts=()) -> CaseState:
    found = replace(made_up.consultation(made_up.rows()[row]), contacts=contacts)
    appraisal = SimpleNamespace(
        facts=Facts(facts), triage=SimpleNamespace(needs_contact=needs_contact)
    )
    history = History.of(Draft.empty(found.id))
    return CaseState(1, found, (), 7, history, 0, appraisal, 0, None)


@pytest.fixture
def shell(qtbot):
    desk, session, jobs = made_up.SmallDesk(), made_up.session(), InlineJobs()
    case = CaseFile(desk, session, jobs)
    queue = QueuePresenter(desk, session, jobs, lambda *_: made_up.evaluation())
    who = SessionPresenter(desk, session, jobs, (case, queue))
    pages = {"queue": lambda tools, parent: QueuePage(queue, tools, parent)}
    pages |= {step: StepPage for step in ("contact", "assess", "treat", "sign")}
    pages["settings"] = StepPage
    made = Shell(who, queue, case, BannerPresenter(case), pages)
    made.begin()
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.resume()
    made.case = case
    return made


def opened(shell, **given):
    shell.case.state = state_of(**given)
    shell.case.changed.emit(CaseChange(Happened.OPENED, shell.case.state))
    arrive(shell)


def arrive(shell):
    while shell.arriving:
        QApplication.processEvents()


def test_steps_need_an_open_consultation(shell):
    shell.go("treat")
    assert shell.current == "queue"
    assert "Open a consultation" in shell.toasts.text


def test_a_consultation_opens_on_assess_and_a_red_flag_on_contact(shell):
    opened(shell)
    assert shell.current == "assess" and shell.patientBanner.isVisible()
    shell.case.close()
    arrive(shell)
    assert shell.current == "queue" and not shell.patientBanner.isVisible()
    opened(shell, needs_contact=True)
    assert shell.current == "contact"


def test_a_claim_is_renewed_while_it_is_open_and_somebody_is_there(shell, monkeypatch):
    renewed = []
    monkeypatch.setattr(shell._case, "renew", lambda: renewed.append(1))
    assert not shell._renewing.isActive()
    opened(shell)
    for step in ("treat", "assess"):
        shell.go(step)
        assert shell._renewing.isActive() and shell._renewing.interval() == RENEW_MS
    assert renewed == []
    shell.away(True)
    assert not shell._renewing.isActive()
    shell.away(False)  # at once, and then as before
    assert shell._renewing.isActive() and renewed == [1]
    shell._case.close()
    shell.away(True)
    shell.away(False)
    assert not shell._renewing.isActive() and renewed == [1]


def test_leaving_a_page_is_told_before_the_next_is_entered(shell):
    opened(shell)
    shell.go("treat")
    arrive(shell)
    assert shell.page("assess").told == ["enter", "leave"]
    assert shell.page("treat").told == ["enter"]


def test_the_banner_stands_at_the_same_place_on_every_step(shell):
    opened(shell)
    places = set()
    for step in ("assess", "treat", "sign"):
        shell.go(step)
        arrive(shell)
        names = [g.mapTo(shell, g.rect().topLeft()).toTuple() for g in shell.patientBanner.groups]
        places.add((shell.patientBanner.geometry().getRect(), tuple(names)))
    assert len(places) == 1
    assert shell.patientBanner.name == "MARSH, Elena"


def test_the_gate_holds_on_every_path(shell, qtbot):
    opened(shell)
    shell.go("treat")
    page = shell.page("treat")
    page.told.clear()
    page.reason = "Signing opens when both blockers are resolved"
    page.changed.emit()
    assert not shell.stepBar.primary_button.isEnabled()
    qtbot.mouseClick(shell.stepBar.primary_button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(page.inside, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert shell.commands.trigger("forward") is False
    assert "forward" not in page.told
    page.reason = ""
    page.changed.emit()
    qtbot.keyClick(page.inside, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.told == ["forward"]


def test_the_command_list_shows_only_what_exists_and_why_not(shell, qtbot):
    shell._list.toggle()
    assert "go.queue" in shell._list.shown and "undo" in shell._list.shown
    assert "canvas.lasso" not in shell._list.shown
    assert dict((a.id, r) for a, r in shell.commands.available())["go.sign"]


def test_the_keys_sheet_lists_bound_actions(shell):
    shell._keys.toggle()
    assert shell._keys.isVisible()
    shell._keys.toggle()
    assert not shell._keys.isVisible()


def test_a_failed_write_is_said_where_it_is_seen(shell):
    opened(shell)
    shell.case.changed.emit(
        CaseChange(Happened.FAILED, shell.case.state, problem="consultation.claim.lost")
    )
    assert "open somewhere else" in shell.problemStrip.text
    assert not shell.problemStrip.isHidden()
    shell.case.state = replace(shell.case.state, unsaved=1)
    shell.case.changed.emit(
        CaseChange(Happened.FAILED, shell.case.state, problem="store.disk.full")
    )
    assert "not saved" in shell.statusLine.text


def test_somebody_who_holds_it_is_named(shell):
    shell.case.changed.emit(
        CaseChange(Happened.HELD, None, problem="consultation.held", detail="Anna Lee")
    )
    assert shell.problemStrip.text.startswith("Anna Lee has this consultation open.")
    assert shell.problemStrip.isVisible()
    shell.go("settings")  # "this consultation" is none of another page
    arrive(shell)
    assert not shell.problemStrip.isVisible()


def test_the_demonstration_strip_is_always_there(shell):
    for step in ("queue", "assess"):
        opened(shell)
        shell.go(step)
        assert shell.demonstrationStrip.isVisible()


def test_every_visible_control_has_a_name(shell):
    opened(shell)
    for button in shell.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.accessibleName() or button.text(), button


def test_every_visible_button_is_at_least_24_by_24(shell):
    opened(shell)
    for button in shell.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.width() >= 24 and button.height() >= 24, button.text()


def test_the_lock_warning_shows_and_goes(shell):
    state = shell._session.state
    shell._session.changed.emit(replace(state, warning=30))
    assert shell.lockWarning.isVisible()
    shell._session.changed.emit(replace(state, warning=None))
    assert not shell.lockWarning.isVisible()


# -- banner


def test_missing_values_are_said_and_known_ones_worded():
    empty = banner(state_of(), TODAY)
    assert (empty.weight, empty.weight_missing) == ("Not known", True)
    full = banner(
        state_of([fact(presented.WEIGHT, Decimal("62.0")), fact("pregnancy.category", "CGP")]),
        TODAY,
    )
    assert full.weight == "62\u00a0kg" and full.chips == (("warn", "Can become pregnant"),)
    assert full.born == "14\u2011Mar\u20112003  (23y)"
    assert full.allergies == "No known drug allergies"


def test_the_banner_reads_facts_that_the_content_knows():
    listed = tomllib.loads(assets.resource("clinical", "facts.toml").read_text(encoding="utf-8"))
    known = {fact["name"] for fact in listed["fact"]}
    read = (
        presented.WEIGHT,
        presented.WEIGHED,
        presented.CATEGORY,
        presented.POTENTIAL,
        presented.PREGNANT,
        presented.MINOR,
        presented.GUARDIAN,
    )
    assert set(read) <= known


def test_unknown_pregnancy_potential_is_not_shown_as_no():
    assert banner(state_of(), TODAY).chips == ()
    said = banner(state_of([fact("pregnancy.potential", "yes")]), TODAY)
    assert said.chips == (("warn", "Can become pregnant"),)


def test_pregnancy_outranks_and_minors_show_their_consent():
    chips = banner(
        state_of([fact("pregnancy.now", True), fact("patient.minor", True)]), TODAY
    ).chips
    assert chips == (("danger", "Pregnant"), ("warn", "Minor, consent not on file"))


def test_the_day_it_came_in_is_the_clinics_day():
    state = state_of()
    late = replace(state.consultation, received_at=datetime(2026, 11, 23, 3, 24, tzinfo=UTC))
    shown = banner(replace(state, consultation=late), TODAY, zone=ZoneInfo("America/Los_Angeles"))
    assert "received 22\u2011Nov\u20112026\u00a019:24" in shown.consultation


def test_allergies_not_recorded_are_not_none():
    state = state_of()
    patient = replace(state.consultation.patient, allergies=None)
    unknown = replace(state, consultation=replace(state.consultation, patient=patient))
    assert banner(unknown, TODAY).allergies == "Not recorded"


@pytest.mark.parametrize("width", [1216, 1376])
def test_a_forty_letter_name_is_not_cut(shell, qtbot, width):
    opened(shell)
    long = replace(
        banner(shell.case.state, TODAY),
        name="WOLFESCHLEGELSTEINHAUSENBERGERDORFFWELCH, Maximiliane",
        allergies="penicillin, sulfonamides, isotretinoin, peanut oil",
    )
    shell.resize(width + 64, 900)
    shell.patientBanner.show_banner(long)
    qtbot.wait(1)
    assert shell.patientBanner.name == long.name
    label = shell.patientBanner._name
    needed = max(label.fontMetrics().horizontalAdvance(t) for t in label.text().split("\n"))
    qtbot.waitUntil(lambda: label.width() >= needed)


@pytest.mark.parametrize("width", [1216, 1376])
def test_warnings_about_the_name_are_said_until_the_consultation_is_closed(shell, width):
    shell.resize(width + 64, 900)
    shell._banner.similar = lambda _: "MARCH, Elena"
    facts = (fact("pregnancy.potential", "yes"),)
    opened(shell, facts=facts)
    shell._banner.similar = lambda _: ""  # the list moves on; the warning stays
    opened(shell, facts=facts)
    state = shell.case.state
    who = replace(state.consultation.patient, family="M\u0430rsh")
    shell._banner._show(replace(state, consultation=replace(state.consultation, patient=who)), b"")
    chips = [c for c in shell.patientBanner.findChildren(Chip) if c.isVisible()]
    assert [c.text for c in chips][:2] == [
        "Letters mixed: Latin, Cyrillic",
        "Similar name: MARCH, Elena",
    ]
    assert "\u0430" in chips[0].toolTip() and "\u0430" in chips[0].accessibleDescription()
    shell.patientBanner.layout().activate()
    for chip in shell.patientBanner.findChildren(Chip):
        if chip.isVisible():
            assert chip.width() >= chip.sizeHint().width()
            assert chip.mapTo(shell.patientBanner, chip.rect().bottomRight()).x() <= width
            assert shell.patientBanner.rect().contains(chip.geometry())


def test_a_line_runs_along_when_the_patient_changes_and_none_with_reduced_motion(qtbot):
    one = presented.Banner(
        generation=1,
        name="MARSH, Elena",
        title="Ms",
        born="14-Mar-2003",
        sex="Female",
        identifier="MK-1",
        weight="61 kg",
        weight_on="",
        weight_missing=False,
        allergies="None",
        allergies_missing=False,
        chips=(),
        consultation="",
        photo=b"",
    )
    made = PatientBanner()
    qtbot.addWidget(made)
    made.resize(1200, 56)
    made.show()
    made.show_banner(one)
    assert made.swept < 1.0
    qtbot.waitUntil(lambda: made.swept == 1.0)
    made.show_banner(replace(one, weight="62 kg"))  # the same patient
    assert made.swept == 1.0
    theme.set_reduced_motion(True)
    try:
        made.show_banner(replace(one, identifier="MK-2"))
        assert made.swept == 1.0
    finally:
        theme.set_reduced_motion(False)
