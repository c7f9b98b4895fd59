"""Small judgements that much rests on, at their limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest

from tests.safety import cases
from workstation.domain.alignment import Alignment
from workstation.domain.consultation import OUT_OF_SIGHT, Status, owes_contact
from workstation.domain.decisions import ENDS_TREATMENT, WITHOUT_MEDICINE, missing
from workstation.domain.derivation import derive_with_triage
from workstation.domain.draft import DecisionDetail, DecisionKind
from workstation.domain.identity import near_birth
from workstation.domain.kept import kept_of, regimen_of
from workstation.domain.triage import TriageLevel, escalates_at, escalation

DAY = date(2026, 6, 10)


@pytest.mark.parametrize(("level", "status"), list(product(TriageLevel, Status)))
def test_a_red_flag_leaves_nobodys_sight_before_somebody_called(
    level: TriageLevel, status: Status
) -> None:
    pressing = level in (TriageLevel.URGENT, TriageLevel.EMERGENT)
    assert owes_contact(level, 0, status) is (pressing and status in OUT_OF_SIGHT)
    assert not owes_contact(level, 1, status)


@pytest.mark.parametrize("level", list(TriageLevel))
def test_it_is_shown_to_everybody_at_a_share_of_its_target(level: TriageLevel) -> None:
    rules = cases.content().triage
    sent = datetime(2026, 6, 10, 8, tzinfo=UTC)
    target = rules.targets[level].first_look
    at = escalates_at(rules, level, sent + target)
    assert at == sent + target * rules.escalate_at
    assert sent < at < sent + target


@pytest.mark.parametrize("kind", sorted(WITHOUT_MEDICINE, key=lambda kind: kind.value))
def test_what_a_decision_without_medicine_still_needs(kind: DecisionKind) -> None:
    rules = cases.content().decisions
    coded = next(one.id for one in rules.of(kind) if one.id != "other")
    last = date(2026, 6, 1) if kind in ENDS_TREATMENT else None

    def lacks(reason: str, text: str = "", last_dose: date | None = last) -> str:
        return missing(kind, DecisionDetail(reason, text, last_dose), rules)

    assert missing(kind, None, rules) == lacks("") == lacks("invented") == "reason"
    assert lacks(coded) == lacks(coded, "word") == ""
    assert lacks("other") == lacks("other", " word ") == "text"
    assert lacks("other", "two words") == ""
    assert lacks(coded, last_dose=None) == ("last_dose" if kind in ENDS_TREATMENT else "")


def test_a_prescription_lacks_no_reason() -> None:
    assert missing(DecisionKind.PRESCRIBE, None, cases.content().decisions) == ""


@pytest.mark.parametrize(
    ("other", "near"),
    [
        (date(1990, 3, 4), True),
        (date(1990, 3, 6), True),
        (date(1990, 3, 7), True),  # one part off
        (date(1990, 4, 3), True),  # day and month swapped
        (date(1991, 4, 3), False),
        (date(1991, 3, 4), True),
        (date(1990, 7, 4), True),
        (date(1991, 3, 7), False),
        (date(1991, 7, 4), False),
    ],
)
def test_birth_dates_that_may_be_one(other: date, near: bool) -> None:
    born, within = date(1990, 3, 4), timedelta(days=2)
    assert near_birth(born, other, within) is near_birth(other, born, within) is near


def test_a_window_of_the_rems_closes_by_the_day_of_the_rems() -> None:
    """Late in the evening in California the day in the East is another one already."""
    made = cases.case()
    rules = replace(made.rems, closes_in="America/New_York")
    evening = datetime(2026, 6, 11, 5, 0, tzinfo=UTC)  # 22:00 on the 10th, 1:00 on the 11th
    assert replace(made, rems=rules, now=evening).rems_today == date(2026, 6, 11)
    morning = datetime(2026, 6, 10, 15, 0, tzinfo=UTC)
    assert replace(made, rems=rules, now=morning).rems_today == DAY
    ahead = replace(made, rems=rules, now=morning, today=date(2026, 6, 12))
    assert ahead.rems_today == date(2026, 6, 12)  # never an earlier day than the clinic's
    assert replace(made, rems=replace(rules, closes_in=""), now=evening).rems_today == DAY


def test_a_favourite_keeps_the_dose_by_weight() -> None:
    medicine = cases.content().medicines["isotretinoin"]
    kept = kept_of(cases.TWENTY_TWICE, Decimal(80))
    assert (kept.per_kg, kept.days, kept.product) == (Decimal("0.5"), 30, "claravis")
    again = regimen_of(kept, medicine, Decimal(80))
    assert again is not None and again.daily == Decimal(40)
    heavier = regimen_of(kept, medicine, Decimal(120))
    assert heavier is not None and heavier.daily == Decimal(60)


def test_each_pair_of_photos_has_an_alignment_of_its_own() -> None:
    names = {Alignment.name(one, two) for one, two in (("a", "b"), ("a", "c"), ("b", "a"))}
    assert len(names) == 3


def test_an_escalation_is_the_same_from_triage_and_from_a_row() -> None:
    _, triage = derive_with_triage(cases.case())
    rules = cases.content().triage
    assert escalation(rules, triage) == escalates_at(rules, triage.level, triage.deadline)
