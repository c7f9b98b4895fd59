"""The calendar file, read back by another reader of RFC 5545."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from tests import document_cases as cases
from workstation.adapters.exports.calendar import LINE, calendar
from workstation.domain.calendar import CalendarEntry
from workstation.domain.rems import Category
from workstation.workflow.plan_calendar import entries

MADE = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Co", "Cn")), max_size=120
)


@given(TEXT, TEXT, st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 40))
@settings(max_examples=80, deadline=None)
def test_any_text_and_span_come_back_and_no_line_is_too_long(
    title: str, description: str, first: date, days: int
) -> None:
    last = first + timedelta(days=days)
    raw = calendar([CalendarEntry("u1@x", title, description, first, last)], MADE, "Plan one")
    assert all(len(line) <= LINE for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    read = Calendar.from_ical(raw)
    (event,) = read.walk("VEVENT")
    assert event.errors == []
    printable = "".join(c for c in title if c.isprintable())
    assert str(event["SUMMARY"]) == printable
    assert event["DTSTART"].dt == first and event["DTEND"].dt == last + timedelta(days=1)
    assert str(read["X-WR-CALNAME"]) == "Plan one"


def test_a_plan_has_every_point_to_come_and_no_name_in_a_title() -> None:
    subject = cases.subject(category=Category.CAN)
    plan = subject.appraisal.plan
    assert plan is not None
    found = entries(plan, subject.catalogue, "MP-2026-0418", subject.clinic)
    raw = calendar(found, MADE, "Monitoring plan MP-2026-0418")
    events = Calendar.from_ical(raw).walk("VEVENT")
    assert len({str(event["UID"]) for event in events}) == len(events) == len(found)
    who = subject.consultation.patient
    for event in events:
        title = str(event["SUMMARY"]).casefold()
        assert who.family.casefold() not in title and who.given.casefold() not in title
        assert "pregnancy" not in title and "isotretinoin" not in title
    spans = {(e.first, e.last) for e in found}
    ahead = [p for p in plan.tests if p.state != "done"]
    assert ahead and all((p.days.first, p.days.last) in spans for p in ahead)
    post = next(p for p in ahead if p.role == "post")
    assert any(e["DTSTART"].dt == post.days.first for e in events)
    assert who.family.encode() not in raw


def test_a_minors_calendar_tells_of_no_pregnancy_test() -> None:
    subject = cases.subject(category=Category.CAN)
    plan = subject.appraisal.plan
    assert plan is not None
    for minor in (False, True):
        found = entries(plan, subject.catalogue, "MP-2026-0418", subject.clinic, minor=minor)
        told = " ".join(f"{one.title} {one.description}" for one in found).casefold()
        assert ("pregnan" in told or "hcg" in told) is not minor
        assert "lipid" in told


def test_only_tests_that_ask_for_it_are_taken_fasting() -> None:
    subject = cases.subject(category=Category.CAN)
    plan, tests = subject.appraisal.plan, subject.catalogue.tests
    assert plan is not None
    found = entries(plan, subject.catalogue, "MP-2026-0418", subject.clinic)
    fasting = " ".join(one.description for one in found if "fasting" in one.title)
    fed = " ".join(one.description for one in found if "fasting" not in one.title)
    ahead = {p.test for p in plan.tests if p.state != "done" and p.test in tests} & {
        id for id, test in tests.items() if test.loinc
    }
    assert {tests[id].fasting for id in ahead} == {True, False}
    for id in ahead:
        asked, other = (fasting, fed) if tests[id].fasting else (fed, fasting)
        assert tests[id].name in asked and tests[id].name not in other, id
