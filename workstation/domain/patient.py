"""The patient as this consultation knows them, and how to reach them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from workstation.domain.ids import PatientId


class Sex(Enum):
    """Recorded sex, shown as written; never used to infer who can become pregnant."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Address:
    """Postal address in the United States; ``state`` is the two-letter code."""

    line: str
    city: str
    state: str
    postal_code: str


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the patient and who may be told."""

    phone: str | None
    emergency_name: str | None
    emergency_phone: str | None
    emergency_may_be_told: bool | None
    present_location: str | None


@dataclass(frozen=True, slots=True)
class PatientSnapshot:
    """Who the consultation is about, as sent with it.

    ``external_id`` is the sender's identifier (record number) and is shown in groups of three.
    ``allergies`` is ``None`` when not recorded and empty when none are known.
    """

    id: PatientId
    external_id: str
    family: str
    given: str
    title: str | None
    native_name: str | None
    born: date
    sex: Sex
    address: Address | None
    contact: Contact
    allergies: tuple[str, ...] | None
    medicines: tuple[str, ...] | None
    rems_id: str | None

    @property
    def display_name(self) -> str:
        """``FAMILY, Given`` as every screen and page shows it."""
        return f"{self.family.upper()}, {self.given}"
