"""What a signed document orders: medicines as dispensed, or a plan of tests with its days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.domain.accounts import ClinicProfile, User
from workstation.domain.calendar import CalendarEntry
from workstation.domain.consultation import Consultation
from workstation.domain.documents import SignedDocument
from workstation.domain.laboratory import LabTest
from workstation.domain.protocols import MonitoringPlan

MORNING, EVENING = "MORN", "EVE"  # codes of FHIR's event timing


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose: when in the day ("" as the text says), milligrams (None where they say nothing)."""

    when: str
    milligrams: Decimal | None


@dataclass(frozen=True, slots=True)
class MedicationOrder:
    """One product of one strength as prescribed; ``document`` is the number it stands on."""

    document: str
    key: str  # tells the products of one document apart
    name: str
    rxnorm: str  # "" where none is known: micronized capsules, medicines by directions
    form: str
    route: str
    sig: str
    doses: tuple[Dose, ...]
    quantity: int
    unit: str
    days: int
    refills: int
    substitution: bool
    issued: date
    dispense_by: date | None
    indication: str
    icd10: str


@dataclass(frozen=True)
class Orders:
    """One signed document with what it orders: medicines, or a plan with its days."""

    document: SignedDocument
    consultation: Consultation
    prescriber: User | None
    clinic: ClinicProfile
    icd10: str
    indication: str
    medications: tuple[MedicationOrder, ...] = ()
    plan: MonitoringPlan | None = None
    tests: Mapping[str, LabTest] | None = None
    days: tuple[CalendarEntry, ...] = ()
    calendar_name: str = ""
    fasting: str = ""  # what a patient is told who has to come fasting
