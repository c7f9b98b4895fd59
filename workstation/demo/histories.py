"""What the generated people told with each visit: answers, results, supplies, consents, own words.

Dates are those of the table in ``people``; every person's record is written once, and a visit sees
what had happened by its day. Answers start from "no" and "none" and a person's own lines change
them; ``UNSAID`` leaves a question open and ``NOT_KNOWN`` answers it with "I do not know".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType

from workstation.demo.people import Person, Visit
from workstation.demo.records import Emergency, Lab, Record, Said, Silence
from workstation.demo.records_isotretinoin import ISOTRETINOIN
from workstation.demo.records_other import OTHER
from workstation.domain.dosing import Dispensed
from workstation.domain.facts import FactValue


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that comes with one visit besides its photos."""

    answers: Mapping[str, Said]
    chart: tuple[tuple[str, FactValue, date], ...]
    consents: tuple[tuple[str, date], ...]
    labs: tuple[Lab, ...]
    supplies: tuple[Dispensed, ...]
    medicines: tuple[str, ...] | None  # None: not recorded
    allergies: tuple[str, ...] | None
    emergency: Emergency
    location: str | Silence
    own_words: str
    other_medicines: str
    rems_id: str | None


SUPPLY_DAYS = 30

_RECORDS: Mapping[str, Record] = {**ISOTRETINOIN, **OTHER}


def told(who: Person, visit: Visit) -> Told:
    """What ``who`` sent with ``visit``."""
    record = _RECORDS[who.key]
    by_day = visit.day
    answers: dict[str, Said] = {**record.always, **record.by_visit.get(visit.number, {})}
    if record.weight:
        answers["patient.weight"] = Decimal(_at(record.weight, visit.number))
    supplies = tuple(s for s in _supplies(who, record) if s.on < by_day)
    if supplies:
        answers |= _follow_up(supplies[-1], visit.day, answers)
    consents = tuple((k, d) for k, d in record.consents if d <= by_day)
    signed = {"treatment": "consent.patient_on", "guardian": "consent.guardian_on"}
    answers |= {signed[k]: d for k, d in consents if k in signed}
    chart = tuple(c for c in record.chart if c[2] <= by_day)
    return Told(
        answers=MappingProxyType(answers),
        chart=chart,
        consents=consents,
        labs=tuple(lab for lab in record.labs if lab.on <= by_day),
        supplies=supplies,
        medicines=record.medicines,
        allergies=record.allergies,
        emergency=record.emergency,
        location=record.location or _home(who),
        own_words=_at(record.words, visit.number),
        other_medicines=record.other_medicines,
        rems_id=_rems_id(who) if any(c[0] == "rems.patient_enrolled" for c in chart) else None,
    )


def _at(values: tuple[str, ...], number: int) -> str:
    return values[min(number, len(values)) - 1] if values else ""


def _home(who: Person) -> str:
    return f"At home, {who.address.street}, {who.address.city}"


def _rems_id(who: Person) -> str:
    return f"DEMO-{who.mrn.removeprefix('MK-').replace(' ', '')}"


def _supplies(who: Person, record: Record) -> tuple[Dispensed, ...]:
    found = []
    for day, daily in record.supplies:
        on = date.fromisoformat(day)
        number = max((v.number for v in who.visits if v.day <= on), default=1)
        weight = Decimal(_at(record.weight, number))
        found.append(Dispensed(on, Decimal(daily), SUPPLY_DAYS, "conventional", weight))
    return tuple(found)


def _follow_up(last: Dispensed, on: date, answers: Mapping[str, Said]) -> dict[str, Said]:
    used = (on - last.on).days
    capsules = int(last.daily / (Decimal(30) if last.daily % 30 == 0 else Decimal(40)))
    left = max(0, (SUPPLY_DAYS - used) * capsules)
    usual: dict[str, Said] = {
        "follow_up.picked_up": True,
        "follow_up.picked_up_on": last.on,
        "follow_up.first_capsule_on": last.on,
        "follow_up.days_missed": 0,
        "follow_up.capsules_left": left,
    }
    return {name: value for name, value in usual.items() if name not in answers}


def shifted(value: Said, by: timedelta) -> Said:
    """A value with its date moved; other values as they are."""
    return value + by if isinstance(value, date) else value
