"""A consultation as an intake package: the reader's inverse, so that what went out comes in equal."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO
from typing import Any

from workstation.adapters.inbox import vocabulary as v
from workstation.adapters.inbox.node import LINE
from workstation.adapters.inbox.questionnaire import Questionnaire
from workstation.domain.consultation import RequestKind
from workstation.domain.dosing import Dispensed
from workstation.domain.facts import Fact
from workstation.domain.patient import PatientSnapshot
from workstation.domain.photo import View
from workstation.domain.results import LabResult

Json = dict[str, Any]

SUFFIX = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic"}
_TERMS = "http://terminology.hl7.org/CodeSystem/"
_WORDS = {word: code for code, word in v.RESULT_WORDS.items()}
_CONSENTS = {name: kind for kind, name in v.CONSENT_FACTS.items()}
_FURTHEST = timezone(timedelta(hours=14))


@dataclass(frozen=True, slots=True)
class OtherLine:
    """A result of a test that the clinic's content does not know, kept as it was sent."""

    loinc: str
    value: Decimal | str
    unit: str
    on: date


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What goes into one package. ``items`` are those of the response, as FHIR JSON.

    ``record`` are facts that a clinic's own record states; ``loinc`` gives the code of each test id.
    """

    system: str
    external_id: str
    sent: datetime
    answered: date
    request: RequestKind
    visit: int
    patient: PatientSnapshot
    form: Questionnaire
    items: Sequence[Json]
    photos: Sequence[tuple[View, str, bytes]]
    record: Sequence[Fact] = ()
    results: Sequence[LabResult] = ()
    loinc: Mapping[str, str] = field(default_factory=dict)
    lines: Sequence[OtherLine] = ()
    dispensed: Sequence[Dispensed] = ()


def zip_package(out: Outgoing) -> bytes:
    """The package as a zip of ``bundle.json`` and photo files; the same input gives the same bytes."""
    members: list[tuple[str, bytes]] = []
    for number, (view, kind, content) in enumerate(out.photos, 1):
        name = f"photos/{number:02d}-{view.value.replace('_', '-')}.{SUFFIX[kind]}"
        members.append((name, content))
    raw = _plain(bundle(out, [name for name, _ in members]))
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in (("bundle.json", raw), *members):
            member = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED if name.endswith("json") else 0
            member.external_attr = 0o100600 << 16
            archive.writestr(member, content)
    return stream.getvalue()


def json_package(out: Outgoing) -> bytes:
    """The package as one JSON file with the photos inside."""
    return _plain(bundle(out, None))


def bundle(out: Outgoing, names: Sequence[str] | None) -> Json:
    """The Bundle; ``names`` are the photos' files, ``None`` puts them inside."""
    made = _Bundle(out)
    entries = [*made.entries(), *made.photos(names)]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "identifier": {"system": out.system, "value": out.external_id},
        "timestamp": out.sent.isoformat(),
        "entry": entries,
    }


def concept(system: str, code: str, display: str | None = None) -> Json:
    """A CodeableConcept of one coding."""
    coding = {"system": system, "code": code}
    return {"coding": [{**coding, "display": display} if display else coding]}


def quantity(value: Decimal | int, unit: str) -> Json:
    """A quantity in a UCUM unit."""
    return {"value": value, "unit": unit, "system": v.UCUM, "code": unit}


class _Bundle:
    def __init__(self, out: Outgoing) -> None:
        self._out = out
        self._subject = self._url("Patient", 0)
        self._numbers: dict[str, int] = {}

    def _url(self, *parts: object) -> str:
        marks = "/".join(str(p) for p in (self._out.system, self._out.external_id, *parts))
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, marks)}"

    def _entry(self, resource: Json) -> Json:
        kind = str(resource["resourceType"])
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return {"fullUrl": self._url(kind, self._numbers[kind]), "resource": resource}

    @property
    def _about(self) -> Json:
        return {"reference": self._subject}

    def entries(self) -> Iterator[Json]:
        out = self._out
        yield {"fullUrl": self._subject, "resource": _patient(out.patient, out.system)}
        yield self._entry(self._order())
        yield self._entry(
            {
                "resourceType": "QuestionnaireResponse",
                "questionnaire": out.form.canonical,
                "status": "completed",
                "subject": self._about,
                "authored": out.answered.isoformat(),
                **({"item": list(out.items)} if out.items else {}),
            }
        )
        for result in out.results:
            if result.test in out.loinc:
                yield self._entry(self._result(result))
        for line in out.lines:
            yield self._entry(self._observed(line.loinc, line.on, line.value, line.unit))
        for fact in out.record:
            yield self._entry(self._consent(fact) if fact.name in _CONSENTS else self._chart(fact))
        for name in _or_none(out.patient.medicines, v.NO_MEDICINE, "No current medication"):
            yield self._entry(self._medicine(name))
        for name in _or_none(out.patient.allergies, v.NO_KNOWN_ALLERGY, "No known allergy"):
            yield self._entry(self._allergy(name))
        for supply in out.dispensed:
            yield self._entry(self._dispense(supply))

    def photos(self, names: Sequence[str] | None) -> Iterator[Json]:
        for number, (view, kind, content) in enumerate(self._out.photos):
            digest = hashlib.sha256(content).hexdigest()
            attachment: Json = {
                "contentType": kind,
                "extension": [{"url": v.SHA256, "valueString": digest}],
            }
            if names is None:
                attachment["data"] = base64.b64encode(content).decode()
            else:
                attachment["url"] = names[number]
            yield self._entry(
                {
                    "resourceType": "Media",
                    "status": "completed",
                    "view": concept(v.VIEW, view.value),
                    "subject": self._about,
                    "content": attachment,
                }
            )

    def _order(self) -> Json:
        sent = self._out.sent
        # A specimen may be younger than the day in UTC: the day is then that of a zone ahead.
        if any(r.collected > sent.date() for r in self._out.results):
            sent = sent.astimezone(_FURTHEST)
        return {
            "resourceType": "ServiceRequest",
            "status": "active",
            "intent": "proposal",
            "code": concept(v.REQUEST, self._out.request.value),
            "subject": self._about,
            "authoredOn": sent.isoformat(),
            "extension": [{"url": v.VISIT, "valuePositiveInt": self._out.visit}],
        }

    def _observed(self, loinc: str, on: date, value: Decimal | str, unit: str | None) -> Json:
        found: Json = {
            "resourceType": "Observation",
            "status": "final",
            "code": concept(v.LOINC, loinc),
            "subject": self._about,
            "effectiveDateTime": on.isoformat(),
        }
        if isinstance(value, Decimal):
            found["valueQuantity"] = quantity(value, unit or "1")
        else:
            found["valueCodeableConcept"] = concept(v.SNOMED, _WORDS[value], value.capitalize())
        return found

    def _result(self, result: LabResult) -> Json:
        loinc = self._out.loinc[result.test]
        found = self._observed(loinc, result.collected, result.value, result.unit)
        found["issued"] = result.recorded_at.isoformat()
        if result.upper_limit is not None:
            found["referenceRange"] = [{"high": quantity(result.upper_limit, result.unit or "1")}]
        if result.laboratory:
            found["performer"] = [{"display": result.laboratory}]
        extra: list[Json] = []
        if result.setting is not None:
            extra.append({"url": v.SETTING, "valueCode": result.setting.value})
        if result.role is not None:
            extra.append({"url": v.ROLE, "valueCode": result.role})
        if result.fasting is not None:
            extra.append({"url": v.FASTING, "valueBoolean": result.fasting})
        if result.hours_since_alcohol is not None:
            extra.append({"url": v.HOURS_SINCE_ALCOHOL, "valueInteger": result.hours_since_alcohol})
        return {**found, "extension": extra} if extra else found

    def _chart(self, fact: Fact) -> Json:
        found: Json = {
            "resourceType": "Observation",
            "status": "final",
            "code": concept(v.CHART, fact.name),
            "subject": self._about,
            "effectiveDateTime": fact.as_of.isoformat(),
        }
        if isinstance(fact.value, bool):
            return {**found, "valueBoolean": fact.value}
        if isinstance(fact.value, date):
            return {**found, "valueDateTime": fact.value.isoformat()}
        codes = fact.value if isinstance(fact.value, tuple) else (str(fact.value),)
        codings = [{"system": v.ANSWER, "code": code} for code in codes]
        return {**found, "valueCodeableConcept": {"coding": codings}}

    def _consent(self, fact: Fact) -> Json:
        assert isinstance(fact.value, date)
        return {
            "resourceType": "Consent",
            "status": "active",
            "scope": concept(v.CONSENT_SCOPE, "treatment"),
            "category": [concept(v.CONSENT, _CONSENTS[fact.name])],
            "patient": self._about,
            "dateTime": fact.value.isoformat(),
            "policyRule": {"text": "Consent as kept by the sender"},
        }

    def _medicine(self, name: str | Json) -> Json:
        found: Json = {
            "resourceType": "MedicationStatement",
            "status": "active",
            "subject": self._about,
        }
        if isinstance(name, str) and len(name) > LINE:
            # The reader joined a long name and its dosage with ", ": they are parted there again.
            name, _, dosage = name.partition(", ")
            found["dosage"] = [{"text": dosage}]
        found["medicationCodeableConcept"] = name if isinstance(name, dict) else {"text": name}
        return found

    def _allergy(self, name: str | Json) -> Json:
        return {
            "resourceType": "AllergyIntolerance",
            "clinicalStatus": concept(v.ALLERGY_STATUS, "active"),
            "verificationStatus": concept(v.ALLERGY_CHECK, "confirmed"),
            "code": name if isinstance(name, dict) else {"text": name},
            "patient": self._about,
        }

    def _dispense(self, supply: Dispensed) -> Json:
        daily = {
            "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
            "doseAndRate": [{"doseQuantity": quantity(supply.daily, "mg")}],
        }
        return {
            "resourceType": "MedicationDispense",
            "status": "completed",
            "medicationCodeableConcept": {"text": "ISOtretinoin capsules"},
            "subject": self._about,
            "daysSupply": quantity(supply.days, "d"),
            "whenHandedOver": supply.on.isoformat(),
            "dosageInstruction": [daily],
            "extension": [
                {"url": v.COURSE_FORMULATION, "valueCode": supply.formulation},
                {"url": v.WEIGHT, "valueQuantity": quantity(supply.weight, "kg")},
            ],
        }


def _or_none(names: tuple[str, ...] | None, code: str, display: str) -> Iterable[str | Json]:
    """Names; the coded statement that there is none; nothing when it was not recorded."""
    if names is None:
        return ()
    if not names:
        return ({**concept(v.SNOMED, code, display), "text": display},)
    return names


def _patient(who: PatientSnapshot, system: str) -> Json:
    identifiers: list[Json] = [
        {"type": concept(v.IDENTIFIER_TYPE, "MR"), "system": system, "value": who.external_id}
    ]
    if who.rems_id is not None:
        identifiers.append({"system": v.REMS_ID, "value": who.rems_id})
    official: Json = {"use": "official", "family": who.family, "given": [who.given]}
    if who.title:
        official["prefix"] = [who.title]
    names = [official]
    if who.native_name:
        writing = {"url": v.NAME_WRITING, "valueCode": "IDE"}
        names.append({"extension": [writing], "text": who.native_name})
    found: Json = {
        "resourceType": "Patient",
        "identifier": identifiers,
        "name": names,
        "gender": who.sex.value,
        "birthDate": who.born.isoformat(),
    }
    if who.contact.phone:
        found["telecom"] = [{"system": "phone", "value": who.contact.phone}]
    if who.address is not None:
        found["address"] = [
            {
                "use": "home",
                "line": [who.address.line],
                "city": who.address.city,
                "state": who.address.state,
                "postalCode": who.address.postal_code,
                "country": "US",
            }
        ]
    if who.contact.emergency_name:
        contact: Json = {
            "relationship": [concept(v.RELATION, "C")],
            "name": {"text": who.contact.emergency_name},
        }
        if who.contact.emergency_phone:
            contact["telecom"] = [{"system": "phone", "value": who.contact.emergency_phone}]
        found["contact"] = [contact]
    return found


def _plain(made: Json) -> bytes:
    return json.dumps(made, ensure_ascii=False, indent=1, default=plain_number).encode()


def plain_number(value: object) -> int | float:
    """A decimal as JSON writes it."""
    if not isinstance(value, Decimal):
        raise TypeError(type(value).__name__)
    return int(value) if value == value.to_integral_value() else float(value)
