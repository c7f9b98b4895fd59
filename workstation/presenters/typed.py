"""What people type into fields: numbers and days, read exactly or not at all."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from workstation.domain.dates import add_days
from workstation.language import noted
from workstation.presenters import moments

DAY_HELP = noted(
    "Write the day as 21-Nov-2026, t for today, y for yesterday, or -3 for three days ago."
)
NUMBER_HELP = noted("Write a number, as 62 or 62.5.")
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
SHORTEST_MONTH = 3
FIRST_YEAR = 1900  # nothing that a patient remembers is older: 0206 is a slip for 2026
LONGEST_NUMBER = 12
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
_DECIMAL = re.compile(r"([0-9]+([.,][0-9]+)?|\.[0-9]+)")
_AGO = re.compile(r"-([0-9]{1,4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_WORDED = re.compile(r"([0-9]{1,2})[- ]([a-z]+)[- ,]+([0-9]{4})")


def parse_number(text: str) -> Decimal | None:
    """The number typed, never negative; None for anything else.

    Commas between groups of three are thousands, as the screen itself writes them (``1,000``);
    one other comma is a decimal comma (``62,5``).
    """
    plain = text.strip()
    if not plain or len(plain) > LONGEST_NUMBER:
        return None
    if _THOUSANDS.fullmatch(plain):
        return Decimal(plain.replace(",", ""))
    if _DECIMAL.fullmatch(plain) is None:
        return None
    whole, comma, part = plain.partition(",")
    if comma and len(part) == 3:  # 0,500 and 1234,500 could be either: not guessed
        return None
    return Decimal(f"{whole}.{part}" if comma else plain)


def parse_day(text: str, today: date) -> date | None:
    """The day typed: ``21-Nov-2026``, ``2026-11-21``, ``t``, ``y`` or ``-3``; None otherwise.

    What ``wording.day`` writes is read back in every language of the screen.

    Slashes and two-digit years are refused: day, month and year cannot be told apart. So is a year
    before 1900.
    """
    plain = text.strip().lower().replace("\u2011", "-")
    if plain in ("t", "today"):
        return today
    if plain in ("y", "yesterday"):
        return add_days(today, -1)
    ago = _AGO.fullmatch(plain)
    if ago is not None:
        return add_days(today, -int(ago[1]))
    iso = _ISO.fullmatch(plain)
    if iso is not None:
        return _day(iso[1], int(iso[2]), iso[3])
    worded = _WORDED.fullmatch(plain)
    if worded is None or len(worded[2]) < SHORTEST_MONTH:
        return None
    return _day(worded[3], _month(worded[2]), worded[1])


def _month(word: str) -> int:
    """1 to 12 for an English month or its beginning, or one as the screen writes it; else 0."""
    english = (n for n, name in enumerate(MONTHS, 1) if name.startswith(word))
    shown = (n for n, name in enumerate(moments.MONTHS, 1) if str(name).lower() == word)
    return next(shown, 0) or next(english, 0)


def _day(year: str, month: int, day: str) -> date | None:
    try:
        found = date(int(year), month, int(day))
    except ValueError:
        return None
    return found if found.year >= FIRST_YEAR else None
