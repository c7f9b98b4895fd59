"""A level that the clinic raises holds at once here, and elsewhere at the next opening or signature."""

from __future__ import annotations

from dataclasses import replace

from tests.inline_jobs import InlineJobs
from tests.journeys.clinic_day import Clinic
from workstation.demo.people import person
from workstation.domain.rules import Level
from workstation.presenters.case import CaseFile
from workstation.presenters.settings import SettingsPresenter
from workstation.workflow import queue, rule_levels, sign

WHY = ("Seen by the eye clinic",)
FAMILY = person("nguyen-minh-duc").family


def movable(clinic: Clinic, fired: list[str]) -> str:
    """A rule that fired as information and that a clinic may raise until it needs a reason."""
    book = clinic.desk.catalogue.rulebook
    rules = {rule.code: rule for rule in book.rules}
    return next(c for c in fired if c in rules and Level.OVERRIDE in rule_levels.choices(rules[c]))


def test_another_station_signs_by_what_the_clinic_has_decided_by_then(clinic: Clinic) -> None:
    hand = clinic.take(FAMILY)
    hand.prescribe()
    shown = sign.preview(clinic.desk, clinic.session, hand.id, hand.token)
    fired = [one.code for one in hand.appraisal.evaluation.findings if one.level is Level.INFO]
    code = movable(clinic, fired)
    other = replace(clinic.desk)  # another station on the same store
    rule_levels.raise_level(
        other, clinic.session, code, Level.OVERRIDE, "Two drivers at night", WHY
    )
    assert other.levels != "[]" and clinic.desk.levels == "[]"

    answer = sign.sign(clinic.desk, clinic.session, shown, hand.token, "000000")
    assert isinstance(answer, sign.Blocked) and code in answer.because
    rule_levels.shipped_again(other, clinic.session, code)
    hand.reload()
    assert isinstance(hand.sign(), sign.Signed)


def test_the_open_consultation_is_judged_anew_at_once_and_others_when_they_open(
    clinic: Clinic,
) -> None:
    hand = clinic.take(FAMILY)
    hand.prescribe()
    fired = [one.code for one in hand.appraisal.evaluation.findings if one.level is Level.INFO]
    code = movable(clinic, fired)
    queue.release(clinic.desk, clinic.session, hand.id, hand.token)
    away = replace(clinic.desk)
    case = CaseFile(clinic.desk, clinic.session, InlineJobs())
    case.open(hand.id)
    assert case.state is not None and case.state.appraisal.gate.is_open
    own = SettingsPresenter(clinic.desk, clinic.session, InlineJobs())
    own.levels_changed.subscribe(lambda _: case.refresh() if case.state is not None else None)
    own.raise_level(code, Level.OVERRIDE, "Two drivers at night", WHY)
    assert case.state.appraisal.gate.because == (code,)
    case.close()

    there = CaseFile(away, clinic.session, InlineJobs())
    there.open(hand.id)
    assert there.state is not None and there.state.appraisal.gate.because == (code,)
    own.shipped_again(code)
    there.close()
    there.open(hand.id)
    assert there.state is not None and there.state.appraisal.gate.is_open
    there.close()
    assert clinic.desk.catalogue is clinic.desk.shipped
