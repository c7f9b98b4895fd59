"""How numbers, amounts, words for numbers and dates are written on documents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

NO_BREAK_SPACE = "\u00a0"
NO_BREAK_HYPHEN = "\u2011"

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SMALL = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS_END = 1_000_000


def words(number: int) -> str:
    """``number`` in English words, 0 to 999,999: ``one hundred and twenty-five``.

    Raises:
        ValueError: for a negative number or one of a million or more.
    """
    if not 0 <= number < _WORDS_END:
        raise ValueError("only 0 to 999,999 is written in words")
    if number < 20:
        return _SMALL[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        return _TENS[tens] + (f"-{_SMALL[rest]}" if rest else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return f"{_SMALL[hundreds]} hundred" + (f" and {words(rest)}" if rest else "")
    thousands, rest = divmod(number, 1000)
    link = " and " if 0 < rest < 100 else " "
    return f"{words(thousands)} thousand" + (f"{link}{words(rest)}" if rest else "")


def figures_and_words(number: int) -> str:
    """``30 (thirty)``, as a quantity stands on a prescription."""
    return f"{number}{NO_BREAK_SPACE}({words(number)})"


def number(value: Decimal | int) -> str:
    """Figures with a leading zero, no trailing zero, and commas from 1,000."""
    if isinstance(value, int):
        return f"{value:,}"
    plain = f"{value:,f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def rounded(value: Decimal, places: int = 2) -> Decimal:
    """A worked-out number to at most ``places`` decimals (halves to even)."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent >= -places:
        return value
    return value.quantize(Decimal(1).scaleb(-places))


def amount(value: Decimal | int, unit: str) -> str:
    """Figures and unit that no line break can part: ``0.48 mg/kg``."""
    return f"{number(value)}{NO_BREAK_SPACE}{unit}"


def day(when: date, months: tuple[str, ...] = _MONTHS) -> str:
    """``22-Nov-2026`` with hyphens that no line break can part; ``months`` of another language."""
    return NO_BREAK_HYPHEN.join((f"{when.day:02d}", months[when.month - 1], str(when.year)))


def span(first: date, last: date) -> str:
    """``16-Dec to 23-Dec-2026``: the year once when both days share it, one day alone once."""
    if first == last:
        return day(first)
    start = day(first)
    return f"{start[: -len('-2026')] if first.year == last.year else start} to {day(last)}"


def in_threes(identifier: str) -> str:
    """A record number with its last run of digits in groups of three: ``MK-204 817``."""
    head = identifier.rstrip("0123456789")
    digits = identifier[len(head) :]
    if len(digits) < 5:
        return identifier
    first = len(digits) % 3
    groups = ([digits[:first]] if first else []) + [
        digits[i : i + 3] for i in range(first, len(digits), 3)
    ]
    return head.replace("-", NO_BREAK_HYPHEN) + NO_BREAK_SPACE.join(groups)


def unbroken(text: str) -> str:
    """``text`` that no line break can part: a telephone number."""
    return text.replace(" ", NO_BREAK_SPACE).replace("-", NO_BREAK_HYPHEN)


def listed(items: tuple[str, ...], link: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {link} {items[-1]}"


def plain(text: str) -> str:
    """``text`` with ordinary spaces and hyphens, for checks that read characters."""
    return text.replace(NO_BREAK_SPACE, " ").replace(NO_BREAK_HYPHEN, "-")
