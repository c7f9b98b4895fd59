"""How a generated person's record is written down: results, consents and answers in short form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

from workstation.domain.facts import FactValue


class Silence(Enum):
    """A question without a usable answer."""

    UNSAID = "unsaid"
    NOT_KNOWN = "not_known"


UNSAID, NOT_KNOWN = Silence.UNSAID, Silence.NOT_KNOWN
Said = FactValue | Silence


@dataclass(frozen=True, slots=True)
class Lab:
    """One result by LOINC code; ``value`` is a number or negative, positive, equivocal."""

    on: date
    loinc: str
    name: str
    value: Decimal | str
    unit: str | None = None
    upper: Decimal | None = None
    role: str | None = None
    fasting: bool | None = None


@dataclass(frozen=True, slots=True)
class Emergency:
    """Who is called in an emergency, and whether they may be told why."""

    name: str
    phone: str
    told: bool | Silence = True


@dataclass(frozen=True, slots=True)
class Record:
    """One person's whole record; ``by_visit`` changes the answers of single visits."""

    weight: tuple[str, ...]
    always: Mapping[str, Said] = field(default_factory=dict)
    by_visit: Mapping[int, Mapping[str, Said]] = field(default_factory=dict)
    chart: tuple[tuple[str, FactValue, date], ...] = ()
    consents: tuple[tuple[str, date], ...] = ()
    labs: tuple[Lab, ...] = ()
    supplies: tuple[tuple[str, str], ...] = ()  # (day, daily mg); weight is the visit's before it
    medicines: tuple[str, ...] | None = ()
    allergies: tuple[str, ...] | None = ()
    emergency: Emergency = Emergency("", "")
    location: str | Silence = ""
    words: tuple[str, ...] = ()
    other_medicines: str = ""


_ALT, _TG, _HCG = "1742-6", "2571-8", "2106-3"


def blood(day: str, alt: str, tg: str, role: str) -> tuple[Lab, ...]:
    """ALT and fasting triglycerides of one day, with the upper limits of the laboratory."""
    on = date.fromisoformat(day)
    return (
        Lab(on, _ALT, "ALT", Decimal(alt), "U/L", Decimal(40), role),
        Lab(on, _TG, "Triglycerides", Decimal(tg), "mg/dL", Decimal(150), role, fasting=True),
    )


def pregnancy_tests(role: str, *days: str, value: str = "negative") -> tuple[Lab, ...]:
    """Urine pregnancy tests of one role, each taken at the laboratory."""
    return tuple(
        Lab(date.fromisoformat(d), _HCG, "Pregnancy test, urine", value, role=role) for d in days
    )


def enrolled(day: str, category: str) -> tuple[tuple[str, FactValue, date], ...]:
    """The clinic's record once the REMS knows everybody."""
    on = date.fromisoformat(day)
    return (
        ("pregnancy.category", category, on),
        ("rems.patient_enrolled", True, on),
        ("rems.prescriber_enrolled", True, on),
        ("rems.pharmacy_certified", True, on),
    )


def signed(treatment: str, rems: str = "", guardian: str = "") -> tuple[tuple[str, date], ...]:
    """Consents by kind; a kind without a day was not signed."""
    kinds = (("treatment", treatment), ("rems", rems), ("guardian", guardian))
    return tuple((kind, date.fromisoformat(day)) for kind, day in kinds if day)


def can(methods: tuple[str, ...], since: str, cycle: str) -> dict[str, Said]:
    """Answers of somebody who can become pregnant and uses ``methods``."""
    return {
        "pregnancy.potential": "yes",
        "pregnancy.uterus": True,
        "pregnancy.ovaries": True,
        "contraception.methods": methods,
        "contraception.started": date.fromisoformat(since) if since else UNSAID,
        "pregnancy.cycle": cycle,
    }


def period(day: str) -> dict[str, Said]:
    return {"pregnancy.last_period": date.fromisoformat(day)}


def questions(*days: str, first: int = 2) -> dict[int, dict[str, Said]]:
    """Monthly REMS questions answered, by visit from ``first`` on."""
    return {n: {"rems.questions_on": date.fromisoformat(d)} for n, d in enumerate(days, first)}


def together(
    *parts: Mapping[int, Mapping[str, Said]],
) -> dict[int, dict[str, Said]]:
    """Answers by visit from several parts."""
    found: dict[int, dict[str, Said]] = {}
    for part in parts:
        for number, answers in part.items():
            found.setdefault(number, {}).update(answers)
    return found


CANNOT: dict[str, Said] = {"pregnancy.potential": "no"}
TRIED: dict[str, Said] = {"course.failed": ("topical", "antibiotic_oral")}
LIPS: dict[str, Said] = {"symptoms.now": ("dry_lips",)}
PILL, CONDOM, IUD = "combined_pill", "male_condom", "hormonal_IUD"
GENERAL: dict[str, Said] = {
    "pressure.systolic": 118,
    "pressure.diastolic": 74,
    "postpartum.days": UNSAID,
    "kidney.egfr": UNSAID,
    "kidney.creatinine": UNSAID,
}
ACNE: dict[str, Said] = {**GENERAL, "course.failed": ("topical",)}
