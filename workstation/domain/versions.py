"""A later version of a consultation that its sender sent: what differs from what was here before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from workstation.domain.consultation import Consultation
from workstation.domain.ids import UserId
from workstation.domain.patient import PatientSnapshot
from workstation.domain.photo import Photo
from workstation.domain.results import LabResult


class Changed(Enum):
    """What kind of thing differs."""

    ANSWER = "answer"
    OWN_WORDS = "own_words"
    PATIENT = "patient"
    RECORD = "record"  # a statement of the sender's record, a consent
    PHOTO = "photo"
    RESULT = "result"
    SUPPLY = "supply"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs; an empty ``before`` or ``after`` means that it was not there.

    ``about`` is the question, or a code word of what it is (``name``, ``allergies``, a view, a test).
    """

    kind: Changed
    about: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version that came after the first: ``number`` counts from 2."""

    number: int
    package_digest: str
    submitted_at: datetime
    received_at: datetime
    differences: tuple[Difference, ...]
    seen_by: UserId | None = None
    seen_at: datetime | None = None


def differences(before: Consultation, after: Consultation) -> tuple[Difference, ...]:
    """What a person who knows ``before`` must be told of ``after``, in the order of the form."""
    found: list[Difference] = []
    old = {a.link_id: a for a in before.answers}
    new = {a.link_id: a for a in after.answers}
    for link, answer in new.items():
        said = old[link].text if link in old else ""
        if said != answer.text:
            found.append(Difference(Changed.ANSWER, answer.question, said, answer.text))
    found += [
        Difference(Changed.ANSWER, answer.question, answer.text, "")
        for link, answer in old.items()
        if link not in new
    ]
    if before.own_words != after.own_words:
        found.append(Difference(Changed.OWN_WORDS, "own_words", before.own_words, after.own_words))
    found += _of_patient(before.patient, after.patient)
    found += _of_record(before, after)
    found += _of_photos(before.photos, after.photos)
    known = {r.id for r in before.results}
    found += [
        Difference(Changed.RESULT, r.test, "", _result(r))
        for r in after.results
        if r.id not in known
    ]
    found += [
        Difference(Changed.SUPPLY, d.on.isoformat(), "", f"{d.daily} mg, {d.days} d")
        for d in after.dispensed
        if d not in before.dispensed
    ]
    return tuple(found)


def _of_patient(before: PatientSnapshot, after: PatientSnapshot) -> list[Difference]:
    def shown(who: PatientSnapshot) -> dict[str, str]:
        home = who.address
        return {
            "name": f"{who.display_name} {who.native_name or ''}".strip(),
            "born": who.born.isoformat(),
            "sex": who.sex.value,
            "phone": who.contact.phone or "",
            "emergency": " ".join(
                p for p in (who.contact.emergency_name, who.contact.emergency_phone) if p
            ),
            "present_location": who.contact.present_location or "",
            "address": f"{home.line}, {home.city}, {home.state} {home.postal_code}" if home else "",
            "allergies": _listed(who.allergies),
            "medicines": _listed(who.medicines),
            "rems_id": who.rems_id or "",
        }

    old, new = shown(before), shown(after)
    return [Difference(Changed.PATIENT, k, old[k], new[k]) for k in old if old[k] != new[k]]


def _listed(names: tuple[str, ...] | None) -> str:
    if names is None:
        return ""
    return "; ".join(names) or "none"


def _of_record(before: Consultation, after: Consultation) -> list[Difference]:
    answered = {f.name for c in (before, after) for f in c.facts if f.source.startswith("intake ")}
    old = {f.name: str(f.value) for f in before.facts if f.name not in answered}
    new = {f.name: str(f.value) for f in after.facts if f.name not in answered}
    return [
        Difference(Changed.RECORD, name, old.get(name, ""), new.get(name, ""))
        for name in (*new, *(n for n in old if n not in new))
        if old.get(name) != new.get(name)
    ]


def _of_photos(before: tuple[Photo, ...], after: tuple[Photo, ...]) -> list[Difference]:
    known = {p.digest for p in before}
    return [
        Difference(Changed.PHOTO, p.view.value, "", "new") for p in after if p.digest not in known
    ]


def _result(result: LabResult) -> str:
    unit = f" {result.unit}" if result.unit else ""
    return f"{result.value}{unit} ({result.collected.isoformat()})"
