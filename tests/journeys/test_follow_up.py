"""The short way through an unchanged month, and everything that must close it, on a real store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from clinic_day import NOW, TODAY, Clinic, Hand, package_file, small

from workstation.demo import packages
from workstation.domain.alignment import Alignment
from workstation.domain.consultation import Consultation, PastVisit, RequestKind
from workstation.domain.draft import DecisionChoice, DecisionKind, Draft, ItemKind, Key, Regimen
from workstation.domain.facts import Fact, Origin
from workstation.domain.ids import PhotoId, ResultId, new_id
from workstation.domain.lesions import Point
from workstation.domain.results import LabResult, TestSetting
from workstation.domain.safety import Level
from workstation.workflow import followup, intake, sign
from workstation.workflow.appraisal import ISOTRETINOIN, Situation

Change = Callable[[Consultation], Consultation]


@dataclass(frozen=True)
class Month:
    """All that the short way is worked out from."""

    consultation: Consultation
    draft: Draft
    past: tuple[PastVisit, ...]
    earlier: tuple[followup.EarlierVisit, ...]
    situation: Situation

    def way(self, change: Change = lambda c: c) -> followup.ShortWay:
        return followup.short_way(
            change(self.consultation), self.draft, self.past, self.earlier, self.situation
        )


def read(hand: Hand) -> Month:
    """The open consultation as it stands."""
    case = hand.case
    with hand.desk.store.reading() as unit:
        clinic, user = unit.clinic(), unit.user(hand.session.user.id)
    return Month(
        hand.consultation,
        hand.history.draft,
        case.past,
        followup.earlier_visits(hand.desk, hand.session, case.past),
        Situation(
            hand.desk.catalogue,
            user,
            clinic,
            hand.desk.clock.now(),
            hand.desk.clock.today(),
            case.earlier_reasons,
        ),
    )


@pytest.fixture(scope="session")
def kept() -> dict[str, Month]:
    """One month for all questions that change nothing stored."""
    return {}


@pytest.fixture
def month(clinic: Clinic, tmp_path: Path, kept: dict[str, Month]) -> Hand:
    """A woman in her fourth month, with nothing changed since a visit that was really signed."""
    who, before = small("lindqvist-astrid", 4)
    clinic.go_back(packages.sent_at(before, TODAY) + timedelta(hours=2))
    stored = intake.receive(clinic.desk, package_file(tmp_path, who, before))
    hand = Hand.take(clinic.desk, clinic.session, stored.id)
    hand.treat(who)
    assert isinstance(hand.sign(), sign.Signed), hand.appraisal.gate
    clinic.clock.at = NOW
    stored = intake.receive(clinic.desk, package_file(tmp_path, *small("lindqvist-astrid", 5)))
    hand = Hand.take(clinic.desk, clinic.session, stored.id)
    kept.setdefault("month", read(hand))
    return hand


@pytest.fixture
def unchanged(kept: dict[str, Month], request: pytest.FixtureRequest) -> Month:
    """The month, made once."""
    if "month" not in kept:
        request.getfixturevalue("month")
    return kept["month"]


def said(name: str, value: Any) -> Change:
    """The month form answered otherwise."""
    fact = Fact(name, value, Origin.INTAKE, TODAY, "intake")

    def change(consultation: Consultation) -> Consultation:
        kept = tuple(f for f in consultation.facts if f.name != name)
        return replace(consultation, facts=(*kept, fact))

    return change


def silent(name: str) -> Change:
    """The month form left a question out."""
    return lambda c: replace(c, facts=tuple(f for f in c.facts if f.name != name))


def drawn(test: str, value: Decimal, limit: Decimal | None) -> Change:
    """A newer result."""
    result = LabResult(
        ResultId(new_id()), test, value, "U/L" if test == "alt" else "mg/dL", limit,
        TODAY - timedelta(days=1), TestSetting.MEDICAL, True, 48, None, "lab", Origin.LABORATORY,
        None, NOW, None,
    )  # fmt: skip
    return lambda c: replace(c, results=(*c.results, result))


def no_test(consultation: Consultation) -> Consultation:
    """No pregnancy test since the last supply."""
    kept = tuple(
        r
        for r in consultation.results
        if not (r.test.startswith("hcg") and r.collected > TODAY - timedelta(days=25))
    )
    return replace(consultation, results=kept)


def heavier(share: Decimal) -> Change:
    """Another weight today."""

    def change(consultation: Consultation) -> Consultation:
        weight = next(f for f in consultation.facts if f.name == "patient.weight")
        return said("patient.weight", Decimal(str(weight.value)) * (1 + share))(consultation)

    return change


def test_an_unchanged_month_repeats_last_month_up_to_the_target(month: Hand) -> None:
    """6,300 mg of 60.1 kg x 120 = 7,212 mg are taken: 912 mg are 16 days of 60 mg, not 30."""
    found = read(month).way()
    assert isinstance(found, followup.Open), found
    last = read(month).earlier[-1].draft
    held = dict(found.puts)
    before = last.regimen(ISOTRETINOIN)
    assert before is not None and before.supply_days == 30
    assert held[Key.of(ItemKind.REGIMEN, ISOTRETINOIN)] == replace(before, supply_days=16)
    assert found.trial.gate.is_open
    month.put("followup.repeated", *found.puts)
    assert month.appraisal.gate.is_open
    # It answered no question of the patient's: the draft holds decision, dose and reasons alone.
    assert month.history.draft.facts == ()
    assert isinstance(month.sign(), sign.Signed)


CLOSED: dict[str, tuple[Change, str]] = {
    "a test is missing": (no_test, "pregnancy_test"),
    "a method was missed": (said("contraception.missed", True), "answer"),
    "sex without two methods": (said("contraception.unprotected", True), "answer"),
    "other methods": (said("contraception.methods", ("male_condom",)), "finding"),
    "mood is worse": (said("mood.phq2", 3), "answer"),
    "item 9": (said("mood.item9", 1), "answer"),
    "mood not answered": (silent("mood.phq2"), "answer"),
    "contraception not answered": (silent("contraception.methods"), "answer"),
    "pregnant": (said("pregnancy.now", True), "answer"),
    "a new side effect": (said("symptoms.now", ("dry_lips", "headache")), "answer"),
    "a new medicine": (said("medicines.now", ("doxycycline",)), "answer"),
    "drinks": (said("alcohol.most", 5), "answer"),
    "ALT is high": (drawn("alt", Decimal(100), Decimal(40)), "lab_value"),
    "ALT without a limit": (drawn("alt", Decimal(30), None), "lab_value"),
    "fat is borderline": (drawn("tg", Decimal(180), Decimal(150)), "lab_value"),
    "weight up by 6 %": (heavier(Decimal("0.06")), "weight"),
    "weight down by 6 %": (heavier(Decimal("-0.06")), "weight"),
    "no weight": (silent("patient.weight"), "weight_missing"),
    "the course ends": (
        lambda c: replace(c, request=RequestKind.ISOTRETINOIN_END),
        "course_end",
    ),
}


@pytest.mark.parametrize("case", CLOSED)
def test_each_change_closes_it_and_says_why(unchanged: Month, case: str) -> None:
    change, code = CLOSED[case]
    found = unchanged.way(change)
    assert isinstance(found, followup.Not), case
    assert code in {w.code for w in found.why}, found.why


def test_what_was_chosen_at_this_visit_closes_it_and_an_alignment_is_kept(month: Hand) -> None:
    first = read(month).way()
    assert isinstance(first, followup.Open)
    regimen = dict(first.puts)[Key.of(ItemKind.REGIMEN, ISOTRETINOIN)]
    assert isinstance(regimen, Regimen)
    month.put(
        "dose.set", (Key.of(ItemKind.REGIMEN, ISOTRETINOIN), replace(regimen, supply_days=15))
    )
    found = read(month).way()
    assert isinstance(found, followup.Not)
    assert "other_regimen" in {w.code for w in found.why}
    decision = dict(first.puts)[Key.of(ItemKind.DECISION)]
    assert isinstance(decision, DecisionChoice)
    month.put(
        "decision.chosen",
        (Key.of(ItemKind.DECISION), replace(decision, kind=DecisionKind.START_WORK_UP)),
    )
    found = read(month).way()
    assert isinstance(found, followup.Not)
    assert {"other_regimen", "other_decision"} <= {w.code for w in found.why}

    pairs = tuple((Point(10.5 * n, n * n), Point(11.25 * n, n * n + 3)) for n in (1, 2, 3))
    item = Alignment(PhotoId("now"), PhotoId("then"), pairs)
    key = Key.of(ItemKind.ALIGNMENT, Alignment.name(item.photo, item.older))
    month.put("alignment.set", (key, item))
    with month.desk.store.reading() as unit:
        stored = unit.history(month.id)
    assert stored.draft.alignment(PhotoId("now"), PhotoId("then")) == item
    assert stored.undo().draft.alignment(PhotoId("now"), PhotoId("then")) is None


def test_an_open_way_never_stands_beside_an_open_finding(unchanged: Month) -> None:
    found = unchanged.way()
    assert isinstance(found, followup.Open)
    assert not found.trial.evaluation.open
    above = [f for f in found.trial.evaluation.findings if f.level > Level.INFO]
    assert all(f.reason is not None for f in above)
