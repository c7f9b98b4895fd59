"""Whether a consultation is about whom it says it is: doubts raised at intake, settled by a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from workstation.domain.ids import ConsultationId, PatientId, UserId
from workstation.domain.patient import PatientSnapshot, Sex

OPEN = "IDENTITY-OPEN"
"""Code of the gate while a doubt is not settled, or is settled as somebody else's."""


class Doubt(Enum):
    """What makes one look twice."""

    CONFLICT = "conflict"  # the same record number with another name, birth date or sex
    SIMILAR = "similar"  # another record number with a like name and a like birth date
    PHOTO = "photo"  # a photo that came with another patient's consultation


class Settled(Enum):
    """What a person found."""

    SAME = "same"  # one and the same person
    DIFFERENT = "different"  # two people
    OPEN = "open"  # the answer before it was taken back: it is in doubt again


@dataclass(frozen=True, slots=True)
class Settlement:
    """Who settled a doubt, how and when."""

    settled: Settled
    by: UserId
    at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as another consultation knows them."""

    patient: PatientId
    consultation: ConsultationId
    family: str
    given: str
    born: date
    sex: Sex
    external_id: str


@dataclass(frozen=True, slots=True)
class IdentityDoubt:
    """One doubt about a consultation; ``other`` is whom it may be confused with."""

    doubt: Doubt
    other: Person
    answer: Settlement | None = None

    @property
    def key(self) -> tuple[str, ConsultationId]:
        """What tells it from the others of its consultation."""
        return self.doubt.value, self.other.consultation

    @property
    def is_answered(self) -> bool:
        """Whether an answer stands."""
        return self.answer is not None and self.answer.settled is not Settled.OPEN

    @property
    def is_open(self) -> bool:
        """Whether signing waits for it.

        A photo, a record number and a name must belong to this patient: "two people" about the
        first two means that this consultation holds what is somebody else's, and stays closed.
        """
        if self.answer is None or self.answer.settled is Settled.OPEN:
            return True
        return self.answer.settled is Settled.DIFFERENT and self.doubt is not Doubt.SIMILAR


def conflicts(here: PatientSnapshot, known: Person, folded: tuple[str, str, str, str]) -> bool:
    """Whether a record number stands for somebody else than before.

    ``folded`` are the family and given names here and there, without accents and case.
    """
    return folded[:2] != folded[2:] or here.born != known.born or _differ(here.sex, known.sex)


def _differ(one: Sex, other: Sex) -> bool:
    return one is not other and Sex.UNKNOWN not in (one, other)


def near_birth(one: date, other: date, within: timedelta) -> bool:
    """Whether two birth dates may be one, mistyped: close, day and month swapped, or one part off."""
    if abs(one - other) <= within:
        return True
    if one.year == other.year and (one.month, one.day) == (other.day, other.month):
        return True
    parts = zip((one.year, one.month, one.day), (other.year, other.month, other.day), strict=True)
    return sum(a == b for a, b in parts) == 2
