"""What has to stand on the REMS site each month, on both sides of every edge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from engine_results import hcg
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.dates import DateWindow
from workstation.domain.ids import UserId
from workstation.domain.rems import Category, RemsRecord, Supplied
from workstation.domain.rems_checklist import OPEN, RemsEntry, checklist

D = date.fromisoformat
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
PAIR = ("combined_pill", "male_condom")
BLANK = RemsRecord(
    category=Category.CAN, prescriber_certified=True, enrolled_on=D("2026-01-02"),
    consent_on=D("2026-01-02"), methods=PAIR, contraception_start=D("2026-01-01"),
    tests=(hcg("2026-01-05", "T1"),), failure_on=None, visit_on=None, confirmed_on=None,
    questions_on=None, supplies=(), last_dose=None, menses_on=None, regular_menses=False,
)  # fmt: skip


def made(content, record, today, entries=(), newer_from=None):
    return checklist(
        content.checklist,
        lambda anchor: content.rems_on(anchor, newer_from),
        record,
        content.contraception,
        {entry.row: entry for entry in entries},
        D(today) if isinstance(today, str) else today,
    )


def row(months, key):
    return next(r for m in months for r in m.rows if r.key == key)


def entered(months, key, on):
    return RemsEntry(key, D(on) if isinstance(on, str) else on, UserId("u"), "A. B.",
                     row(months, key).value)  # fmt: skip


def states(months):
    return {r.key: r.state for m in months for r in m.rows}


def test_nothing_is_listed_before_a_category(content):
    assert made(content, replace(BLANK, category=None), "2026-02-06") == ()


def test_the_authorisation_is_never_an_entry(content):
    for entry in content.checklist.entries:
        assert "rma" not in entry.title.lower() and "authori" not in entry.title.lower()
        assert entry.who in ("prescriber", "patient")
        assert entry.source.citation


def test_the_first_month_waits_for_the_second_test_and_then_has_a_week(content):
    before = made(content, BLANK, "2026-02-01")
    assert states(before) == {
        "enrol:0": "confirmed", "first_test:0": "due", "counselled:1": "waiting",
        "methods:1": "waiting", "test:1": "waiting", "comprehension:1": "waiting",
    }  # fmt: skip
    tested = replace(BLANK, tests=(*BLANK.tests, hcg("2026-02-06", "T2")))
    for today, state in (("2026-02-06", "due"), ("2026-02-12", "due"), ("2026-02-13", "overdue")):
        found = made(content, tested, today)
        assert {states(found)[f"{id}:1"] for id in
                ("counselled", "methods", "test", "comprehension")} == {state}  # fmt: skip
        assert row(found, "test:1").window == DateWindow(D("2026-02-06"), D("2026-02-12"))
    assert row(found, "test:1").expected == (("result", "negative"), ("collected", D("2026-02-06")))


def test_a_confirmation_holds_until_what_it_confirmed_changes(content):
    tested = replace(BLANK, tests=(*BLANK.tests, hcg("2026-02-06", "T2")))
    shown = made(content, tested, "2026-02-07")
    kept = [entered(shown, f"{id}:1", "2026-02-07") for id in ("methods", "test", "counselled")]
    found = made(content, tested, "2026-02-08", kept)
    assert [states(found)[e.row] for e in kept] == ["confirmed"] * 3
    other = made(content, replace(tested, methods=("patch", "male_condom")), "2026-02-08", kept)
    assert states(other)["methods:1"] == "again" and states(other)["test:1"] == "confirmed"
    # The first window was missed: the test after the lock-out asks for everything anew.
    again = replace(tested, tests=(*tested.tests, hcg("2026-02-26", "T2")))
    late = made(content, again, "2026-02-26", kept)
    assert [states(late)[e.row] for e in kept] == ["again"] * 3


def test_what_was_confirmed_waits_while_no_test_opens_the_month(content):
    tested = replace(BLANK, tests=(*BLANK.tests, hcg("2026-02-06", "T2")))
    kept = entered(made(content, tested, "2026-02-07"), "methods:1", "2026-02-07")
    other = replace(BLANK, methods=("patch", "male_condom"))  # the test was corrected away
    found = row(made(content, other, "2026-02-08", [kept]), "methods:1")
    assert (found.state, found.window, found.entry) == ("waiting", None, kept)


def test_a_pair_that_is_not_acceptable_cannot_be_confirmed(content):
    tested = replace(
        BLANK, tests=(*BLANK.tests, hcg("2026-02-06", "T2")), methods=("combined_pill",)
    )
    found = row(made(content, tested, "2026-02-07"), "methods:1")
    assert (found.state, found.complete, found.expected) == ("waiting", False, ())


def test_a_positive_test_is_entered_the_same_day_and_nothing_else_is_confirmed(content):
    course = replace(
        BLANK,
        supplies=(Supplied(D("2026-02-10"), 30),),
        tests=(*BLANK.tests, hcg("2026-02-06", "T2"), hcg("2026-03-10", "monthly", "positive")),
    )
    found = made(content, course, "2026-03-10")
    assert row(found, "test:2").expected[0] == ("result", "positive")
    assert states(found)["test:2"] == "due"
    assert states(made(content, course, "2026-03-11"))["test:2"] == "overdue"
    assert {states(found)[f"{id}:2"] for id in ("counselled", "methods", "comprehension")} == {
        "waiting"
    }


def test_a_month_that_was_supplied_is_proved_and_what_was_confirmed_stays(content):
    course = replace(
        BLANK,
        supplies=(Supplied(D("2026-02-10"), 30),),
        tests=(*BLANK.tests, hcg("2026-02-06", "T2")),
    )
    shown = made(content, course, "2026-03-01")
    assert states(shown)["test:1"] == "passed" and not shown[1].open
    kept = RemsEntry("methods:1", D("2026-02-07"), UserId("u"), "A. B.", "methods=other")
    assert states(made(content, course, "2026-03-01", [kept]))["methods:1"] == "confirmed"


def test_the_monthly_test_is_asked_for_while_its_window_can_reach_the_next_supply(content):
    # 30 days from 10 February 2026 end on 11 March; a test of 6 March opens 6 to 12 March.
    course = replace(
        BLANK,
        supplies=(Supplied(D("2026-02-10"), 30),),
        tests=(*BLANK.tests, hcg("2026-02-06", "T2")),
    )
    for today, state in (("2026-03-05", "waiting"), ("2026-03-06", "waiting"),
                         ("2026-03-12", "waiting"), ("2026-03-13", "overdue")):  # fmt: skip
        found = row(made(content, course, today), "test:2")
        assert (found.state, found.window) == (
            state, DateWindow(D("2026-03-06"), D("2026-03-12")),
        )  # fmt: skip


def test_who_cannot_is_asked_monthly_by_the_old_rules_and_once_by_the_new(content):
    record = replace(
        BLANK, category=Category.CANNOT, methods=(), contraception_start=None, tests=(),
        visit_on=D("2026-09-01"), supplies=(Supplied(D("2026-08-01"), 30),),
    )  # fmt: skip
    old = made(content, record, "2026-09-01")
    assert [r.key for m in old for r in m.rows] == [
        "enrol:0", "counselled_visit:1", "counselled_visit:2",
    ]  # fmt: skip
    assert row(old, "counselled_visit:2").window == DateWindow(D("2026-09-01"), D("2026-09-30"))
    new = made(content, record, "2026-09-01", newer_from=D("2026-08-01"))
    assert [r.key for m in new for r in m.rows] == ["enrol:0", "counselled_once:0"]
    # The rule set of a month is that of its own anchor.
    mixed = made(content, record, "2026-09-01", newer_from=D("2026-08-15"))
    assert [(m.number, m.rules) for m in mixed] == [(0, "RS-2021"), (1, "RS-2021")]


@pytest.mark.parametrize(
    ("last", "week", "post"),
    [("2026-01-31", "2026-02-06", ("2026-03-02", "2026-03-08")),
     ("2028-01-30", "2028-02-05", ("2028-02-29", "2028-03-06")),
     ("2027-12-31", "2028-01-06", ("2028-01-30", "2028-02-05"))],
)  # fmt: skip
def test_end_of_the_course_and_a_month_after(content, last, week, post):
    record = replace(BLANK, supplies=(Supplied(D("2026-01-01"), 30),), last_dose=D(last))
    months = made(content, record, last)
    assert row(months, "end:-1").window == DateWindow(D(last), D(week))
    assert row(months, "post_test:-1").window == DateWindow(D(post[0]), D(post[1]))
    assert states(months)["end:-1"] == "due" and states(months)["post_test:-1"] == "waiting"
    after = made(content, record, D(post[1]) + timedelta(1))
    assert states(after)["post_test:-1"] == "overdue"
    done = replace(record, tests=(*BLANK.tests, hcg(last), hcg(post[0])))
    found = made(content, done, post[0])
    assert row(found, "end_test:-1").expected[1] == ("collected", D(last))
    assert row(found, "post_test:-1").expected[1] == ("collected", D(post[0]))
    late = replace(record, tests=(*BLANK.tests, hcg(post[0])))  # that day's is none of the end
    assert row(made(content, late, post[0]), "end_test:-1").expected == ()


@given(
    DAYS, st.lists(st.integers(20, 45), max_size=5), st.integers(0, 60), st.booleans(),
    st.sampled_from(list(Category)), st.one_of(st.none(), DAYS),
)  # fmt: skip
def test_whatever_the_dates(content, first, gaps, later, tested, category, newer_from):
    supplies, day = [], first
    for gap in gaps:
        supplies.append(Supplied(day, 30))
        day += timedelta(gap)
    today = day + timedelta(later)
    tests = (hcg(today.isoformat(), "monthly" if supplies else "T2"),) if tested else ()
    record = replace(
        BLANK, category=category, supplies=tuple(reversed(supplies)), tests=tests, visit_on=today
    )
    months = made(content, record, today, newer_from=newer_from)
    numbers = [m.number for m in months]
    assert numbers == sorted(set(numbers)) and all(0 <= n <= len(supplies) + 1 for n in numbers)
    keys = [r.key for m in months for r in m.rows]
    assert len(keys) == len(set(keys))
    for month in months:
        anchored = month.anchor or month.supplied_on or today
        if month.number:
            newer = newer_from is not None and anchored >= newer_from
            assert month.rules == ("RS-2026" if newer else "RS-2021")
        for one in month.rows:
            assert category.value in one.rule.categories
            assert one.window is None or one.window.first <= one.window.last
            if month.supplied_on is not None:
                assert one.state not in OPEN
            if one.state == "overdue":
                assert one.window is not None and today > one.window.last
            if one.state == "due":
                assert one.complete and one.window is not None and today in one.window
    # Confirming all that is due leaves nothing due on that day.
    due = [r for m in months for r in m.rows if r.state == "due"]
    kept = [RemsEntry(r.key, today, UserId("u"), "A. B.", r.value) for r in due]
    settled = states(made(content, record, today, kept, newer_from))
    assert all(settled[r.key] == "confirmed" for r in due)


def test_an_entry_stays_with_its_row_and_what_begins_a_course_may_be_entered_before(content):
    tested = replace(BLANK, tests=(*BLANK.tests, hcg("2026-02-06", "T2")))
    shown = made(content, tested, "2026-02-07")
    early = entered(shown, "first_test:0", "2026-01-05")  # at the start no date binds it
    month = entered(shown, "test:1", "2026-02-07")
    found = made(content, tested, "2026-02-08", [early, month])
    assert states(found)["first_test:0"] == states(found)["test:1"] == "confirmed"
    assert row(found, "first_test:0").entry == early and row(found, "test:1").entry == month
    assert row(found, "methods:1").entry is None


def test_the_start_follows_the_rules_of_the_day_of_enrolment(content):
    newer = D("2026-02-01")
    start = made(content, BLANK, "2026-02-10", newer_from=newer)[0]
    assert (start.number, start.rules) == (0, "RS-2021")
    late = replace(BLANK, enrolled_on=D("2026-02-03"), consent_on=D("2026-02-03"))
    assert made(content, late, "2026-02-10", newer_from=newer)[0].rules == "RS-2026"
    nobody = replace(BLANK, enrolled_on=None, consent_on=None)
    assert made(content, nobody, "2026-02-10", newer_from=newer)[0].rules == "RS-2026"
    assert made(content, nobody, "2026-01-20", newer_from=newer)[0].rules == "RS-2021"


def test_an_answer_on_record_proves_this_month_and_not_a_past_one(content):
    tested = replace(
        BLANK, tests=(*BLANK.tests, hcg("2026-02-06", "T2")), questions_on=D("2026-02-07")
    )
    now = row(made(content, tested, "2026-02-08"), "comprehension:1")
    assert (now.state, now.proved_on) == ("confirmed", D("2026-02-07"))
    taken = replace(tested, supplies=(Supplied(D("2026-02-10"), 30),))
    past = row(made(content, taken, "2026-02-20"), "comprehension:1")
    assert (past.state, past.proved_on) == ("passed", None)
