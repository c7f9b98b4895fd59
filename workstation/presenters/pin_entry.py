"""Typing the PIN: the digits so far, and what keeps them from signing yet."""

from __future__ import annotations

from datetime import datetime

from workstation.domain.dates import Clock
from workstation.language import tr
from workstation.presenters import sign_wording
from workstation.workflow.session import PIN_LENGTH, PinAnswer, PinClosed, wait_of

DIGITS = frozenset("0123456789")


class PinEntry:
    """The digits leave it once, to be checked; the store alone knows whether they are right."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._digits = ""
        self._waits_until: datetime | None = None  # the wait after a wrong PIN
        self.is_closed = False  # only the password opens it again

    @property
    def typed(self) -> int:
        """How many digits are in."""
        return len(self._digits)

    def type(self, digit: str) -> bool:
        """Take one digit; False when it is none, or all are in."""
        fits = not self.is_closed and self.typed < PIN_LENGTH
        if fits and len(digit) == 1 and digit in DIGITS:
            self._digits += digit
            return True
        return False

    def erase(self) -> None:
        """Take the last digit back."""
        self._digits = self._digits[:-1]

    def clear(self) -> None:
        """Forget what was typed."""
        self._digits = ""

    def begin(self) -> None:
        """Ask again: whether entry is still closed is what the store says at the next signature."""
        self.is_closed = False

    def handed_over(self) -> str:
        """The digits, which are forgotten here."""
        digits, self._digits = self._digits, ""
        return digits

    def refusal(self) -> str:
        """Why the digits cannot be checked yet; "" when they can. They stay until they are."""
        if self.typed < PIN_LENGTH:
            return tr(sign_wording.PIN_INCOMPLETE)
        now, until = self._clock.now(), self._waits_until
        return "" if until is None or until <= now else sign_wording.pin_waits(until - now)

    def refused(self, answer: PinAnswer) -> str:
        """Note what the store said of the digits, and say it."""
        self.is_closed = isinstance(answer, PinClosed)
        self._waits_until = self._clock.now() + wait_of(answer)
        return sign_wording.pin_not_accepted(answer)

    def progress(self) -> str:
        """How far the entry is, in words."""
        return sign_wording.pin_progress(self.typed, PIN_LENGTH)
