"""Numbers and days as typed: read exactly, or not at all."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation import language
from workstation.presenters import wording
from workstation.presenters.typed import parse_day, parse_number

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("62", "62"),
        (" 62.5 ", "62.5"),
        ("62,5", "62.5"),
        ("0.5", "0.5"),
        (".5", "0.5"),
        ("1,000", "1000"),
        ("1,000.5", "1000.5"),
        ("12,345,678", "12345678"),
    ],
)
def test_numbers_that_are_taken(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    ["", " ", "-5", "+5", "1e3", "1_000", "NaN", "Infinity", "1,00,0", "0,500", "1234,500", "5 mg",
     "\u0663", "\u00b2", "1..2", "1,2,3", "9" * 40],
)  # fmt: skip
def test_numbers_that_are_not(text: str) -> None:
    assert parse_number(text) is None


@given(st.decimals(min_value=0, max_value=999_999, places=2))
def test_a_number_as_the_screen_writes_it_reads_back(value: Decimal) -> None:
    assert parse_number(wording.number(value)) == value


@given(st.text("0123456789.,-+ e\u00bd\u0663\u2212x", max_size=7))
def test_any_text_is_a_number_of_its_own_digits_or_nothing(text: str) -> None:
    value = parse_number(text)
    if value is not None:
        assert value >= 0 and value.is_finite()
        digits = "".join(c for c in text if c.isascii() and c.isdigit())
        assert "".join(map(str, value.as_tuple().digits)).strip("0") in digits


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_a_day_as_the_screen_writes_it_reads_back(day: date) -> None:
    assert parse_day(wording.day(day), TODAY) == day
    assert parse_day(day.isoformat(), TODAY) == day
    assert parse_day(wording.day(day).replace("\u2011", " ").lower(), TODAY) == day


@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_a_day_of_each_month_reads_back_in_every_language_of_the_screen(spoken: str) -> None:
    language.use(spoken)
    try:
        for month in range(1, 13):
            day = date(2026, month, 9)
            assert parse_day(wording.day(day), TODAY) == day, wording.day(day)
    finally:
        language.use(language.ENGLISH)


@given(st.integers(min_value=0, max_value=9999))
def test_days_ago(days: int) -> None:
    assert parse_day(f"-{days}", TODAY) == TODAY - timedelta(days=days)


def test_today_and_yesterday() -> None:
    assert parse_day("t", TODAY) == TODAY
    assert parse_day("Y", TODAY) == date(2026, 11, 22)
    assert parse_day("5 November 2026", TODAY) == date(2026, 11, 5)


@pytest.mark.parametrize(
    "text",
    ["", "1/2/2026", "01-02-2026", "21-Nov-26", "31-Feb-2026", "21-junk-2026", "21-no-2026",
     "2026-13-01", "-\u00b2", "-99999999", "0000-01-01", "tomorrow"],
)  # fmt: skip
def test_days_that_are_not(text: str) -> None:
    assert parse_day(text, TODAY) is None


@given(st.text(max_size=14))
def test_any_text_is_a_day_or_nothing(text: str) -> None:
    found = parse_day(text, TODAY)
    assert found is None or isinstance(found, date)


def test_a_year_that_nobody_can_mean_is_not_a_day() -> None:
    for text in ("0206-06-01", "1-Jun-0206", "1899-12-31"):
        assert parse_day(text, TODAY) is None
    assert parse_day("1900-01-01", TODAY) == date(1900, 1, 1)
