"""Supplies as they were taken: what counts, what does not, and what silence means."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.consultation import PastVisit
from workstation.domain.dosing import Dispensed
from workstation.domain.facts import Fact, FactValue, Origin
from workstation.domain.ids import ConsultationId
from workstation.domain.supply_taken import Counted, counted, taken

MARCH = date(2026, 3, 8)
VISIT = date(2026, 4, 7)  # 30 days later: all 30 days of the supply were due


def supply(on: date = MARCH, capsules: int | None = 2, *, handed_over: bool = False) -> Dispensed:
    return Dispensed(on, Decimal(30), 30, "conventional", Decimal(60), capsules, handed_over)


def said(on: date = VISIT, by: Origin = Origin.INTAKE, **values: FactValue) -> tuple[Fact, ...]:
    return tuple(Fact(f"follow_up.{name}", value, by, on, "") for name, value in values.items())


def visit(on: date, answered: tuple[Fact, ...] = (), *, withdrawn: bool = False) -> PastVisit:
    return PastVisit(ConsultationId("v"), 1, on, None, (), None, None, (), answered, withdrawn)


def one(*facts: Fact, of: Dispensed | None = None) -> Counted:
    (found,) = counted((of or supply(),), (), facts)
    return found


def test_silence_takes_nothing_off_and_says_so() -> None:
    found = one()
    assert found.taken == supply() and found.doubts == ("unanswered",)


def test_a_supply_never_picked_up_does_not_count() -> None:
    found = one(*said(picked_up=False))
    assert found.taken is None and taken((found,)) == () and found.ends is None


@pytest.mark.parametrize(
    ("answers", "days", "doubts"),
    [
        ({"picked_up": True, "days_missed": 0}, 30, ()),
        ({"picked_up": True, "days_missed": 3}, 27, ()),
        # 12 capsules at 2 a day are 6 days not taken; 13 are 6 whole days as well.
        ({"capsules_left": 12}, 24, ()),
        ({"capsules_left": 13}, 24, ()),
        # 3 days by word, 6 by capsules: the fewer are taken off.
        ({"days_missed": 3, "capsules_left": 12}, 27, ("disagree",)),
        ({"days_missed": 6, "capsules_left": 12}, 24, ()),
        ({"days_missed": 99}, 0, ()),
    ],
)
def test_missed_days_and_capsules_left(
    answers: dict[str, FactValue], days: int, doubts: tuple[str, ...]
) -> None:
    found = one(*said(**answers))
    assert found.taken is not None
    assert (found.taken.days, found.doubts) == (days, doubts)


def test_capsules_of_days_still_to_come_are_not_missed() -> None:
    # On 04-Apr 27 days were due (08-Mar to 03-Apr): 6 capsules are the 3 days still to come.
    early = date(2026, 4, 4)
    assert one(*said(early, capsules_left=6)).without == 0
    assert one(*said(early, capsules_left=10)).without == 2


def test_capsules_left_need_capsules_a_day() -> None:
    found = one(*said(capsules_left=12), of=supply(capsules=None))
    assert found.without == 0 and found.doubts == ("capsules",)


def test_the_first_capsule_moves_the_supply_and_what_it_may_last() -> None:
    found = one(*said(picked_up_on=date(2026, 3, 10), first_capsule_on=date(2026, 3, 12)))
    assert found.taken is not None and found.taken.on == date(2026, 3, 12)
    assert found.ends == date(2026, 4, 10) and found.last == date(2026, 4, 10)
    # Four days missed: their capsules may last four days longer.
    later = one(*said(first_capsule_on=date(2026, 3, 12), days_missed=4))
    assert later.last == date(2026, 4, 14)


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 5, 1)])
def test_a_day_outside_the_supply_moves_nothing(day: date) -> None:
    found = one(*said(picked_up_on=day, days_missed=0))
    assert found.taken == supply() and found.doubts == ("earlier_day",)


def test_a_record_of_handing_over_stands_against_not_picked_up() -> None:
    found = one(*said(picked_up=False), of=supply(handed_over=True))
    assert found.taken is not None and found.doubts == ("handed_over",)


def test_the_clinician_knows_better_than_a_day_the_patient_gave() -> None:
    facts = (*said(picked_up_on=MARCH), *said(by=Origin.CLINICIAN, picked_up=False))
    assert one(*facts).taken is None
    assert one(*said(picked_up_on=MARCH, picked_up=False)).doubts == ("disagree",)


def test_each_visit_speaks_of_the_supply_before_it() -> None:
    may = date(2026, 4, 7)
    past = (visit(may, said(date(2026, 4, 7), picked_up=True, days_missed=2)),)
    first, second = counted((supply(), supply(may)), past, said(date(2026, 5, 7), picked_up=False))
    assert (first.without, second.taken) == (2, None)
    assert first.doubts == ()


def test_after_a_void_prescription_nothing_is_said_about_the_one_before() -> None:
    # 06-Jun was made void: "not picked up" on 13-Jun is about that one.
    past = (
        visit(
            date(2026, 6, 6), said(date(2026, 6, 6), picked_up_on=date(2026, 5, 7)), withdrawn=True
        ),
    )
    (found,) = counted((supply(date(2026, 5, 7)),), past, said(date(2026, 6, 13), picked_up=False))
    assert found.taken is not None and found.taken.days == 30


def test_a_report_written_after_midnight_elsewhere_is_not_about_its_own_supply() -> None:
    past = (visit(VISIT, said(VISIT + timedelta(days=1), picked_up=False)),)
    first, second = counted((supply(), supply(VISIT)), past, ())
    assert first.taken is None and second.taken == supply(VISIT)


answers = st.fixed_dictionaries(
    {},
    optional={
        "picked_up": st.booleans(),
        "picked_up_on": st.dates(date(2026, 3, 1), date(2026, 5, 1)),
        "first_capsule_on": st.dates(date(2026, 3, 1), date(2026, 5, 1)),
        "days_missed": st.integers(0, 60),
        "capsules_left": st.integers(0, 200),
    },
)


@given(answers, st.dates(date(2026, 3, 9), date(2026, 6, 1)), st.sampled_from([None, 1, 2, 4]))
def test_nothing_counts_twice_or_below_nothing(
    values: dict[str, FactValue], on: date, capsules: int | None
) -> None:
    found = one(*said(on, **values), of=supply(capsules=capsules))
    if found.taken is None:
        assert values.get("picked_up") is False
        return
    assert 0 <= found.taken.days <= 30 and found.taken.days + found.without == 30
    assert MARCH <= found.taken.on <= max(on, MARCH)
    # No more is taken off than either answer says, nor more than was due by then.
    due = (on - found.taken.on).days
    assert found.without <= max(0, due)
    if "days_missed" in values:
        assert found.without <= int(values["days_missed"])
    if "capsules_left" in values and capsules:
        assert found.without <= int(values["capsules_left"]) // capsules
    if not {"days_missed", "capsules_left"} & set(values):
        assert found.without == 0
