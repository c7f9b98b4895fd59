"""Numbers, words, amounts and dates as documents write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.workflow import written


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (1, "one"),
        (13, "thirteen"),
        (20, "twenty"),
        (21, "twenty-one"),
        (30, "thirty"),
        (60, "sixty"),
        (90, "ninety"),
        (100, "one hundred"),
        (105, "one hundred and five"),
        (120, "one hundred and twenty"),
        (999, "nine hundred and ninety-nine"),
        (1000, "one thousand"),
        (1001, "one thousand and one"),
        (12_345, "twelve thousand three hundred and forty-five"),
    ],
)
def test_words(number: int, words: str) -> None:
    assert written.words(number) == words


@given(st.integers(0, 999_999))
def test_words_name_each_number_once(number: int) -> None:
    small = {written.words(n): n for n in range(100)}
    spoken = written.words(number).replace(" and ", " ")
    total = part = 0
    for word in spoken.split():
        if word == "thousand":
            total, part = part * 1000, 0
        elif word == "hundred":
            part *= 100
        else:
            part += small[word]
    assert total + part == number


@pytest.mark.parametrize("number", [-1, 1_000_000])
def test_other_numbers_are_not_written_in_words(number: int) -> None:
    with pytest.raises(ValueError, match="only 0 to"):
        written.words(number)


@given(st.decimals("0", "99999", places=3))
def test_amounts_have_a_leading_zero_and_no_trailing_one(value: Decimal) -> None:
    text = written.number(value)
    assert Decimal(text.replace(",", "")) == value
    assert not text.startswith(".")
    assert not ("." in text and text.endswith(("0", ".")))
    assert written.amount(value, "mg") == f"{text}\u00a0mg"


@given(st.decimals("0", "99999", places=7))
def test_worked_out_numbers_have_at_most_two_decimals(value: Decimal) -> None:
    shown = Decimal(written.number(written.rounded(value)).replace(",", ""))
    assert shown.as_tuple().exponent >= -2
    assert abs(shown - value) <= Decimal("0.005")
    assert written.rounded(Decimal("0.5")) == Decimal("0.5")


def test_telephone_numbers_cannot_be_broken() -> None:
    shown = written.unbroken("+1 503 555-0142")
    assert " " not in shown
    assert "-" not in shown
    assert written.plain(shown) == "+1 503 555-0142"


def test_thousands_have_a_comma() -> None:
    assert written.number(1000) == "1,000"
    assert written.number(Decimal("7440")) == "7,440"
    assert written.number(Decimal("999")) == "999"
    assert written.number(Decimal("1E+3")) == "1,000"


def test_days_and_spans_cannot_be_broken() -> None:
    assert written.plain(written.day(date(2026, 11, 2))) == "02-Nov-2026"
    assert "-" not in written.day(date(2026, 11, 22))
    assert (
        written.plain(written.span(date(2026, 12, 16), date(2026, 12, 23)))
        == "16-Dec to 23-Dec-2026"
    )
    assert (
        written.plain(written.span(date(2026, 12, 30), date(2027, 1, 2)))
        == "30-Dec-2026 to 02-Jan-2027"
    )
    assert written.plain(written.span(date(2026, 12, 30), date(2026, 12, 30))) == "30-Dec-2026"


@pytest.mark.parametrize(
    ("identifier", "shown"),
    [
        ("MK-204817", "MK-204 817"),
        ("1234567", "1 234 567"),
        ("A12", "A12"),
        ("X-1234", "X-1234"),
        ("", ""),
    ],
)
def test_record_numbers_are_shown_in_threes(identifier: str, shown: str) -> None:
    assert written.plain(written.in_threes(identifier)) == shown


def test_lists() -> None:
    assert written.listed(()) == ""
    assert written.listed(("a",)) == "a"
    assert written.listed(("a", "b")) == "a and b"
    assert written.listed(("a", "b", "c"), "or") == "a, b or c"
