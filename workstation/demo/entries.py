"""Bundle entries of one visit: the patient, what is asked for, answers, results, what is on record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from workstation.demo.answers import response
from workstation.demo.fhir import (
    LOINC,
    ROOT,
    SENDER,
    SNOMED,
    TERMS,
    Json,
    concept,
    quantity,
    url_of,
)
from workstation.demo.histories import Told
from workstation.demo.people import Person, Visit
from workstation.demo.records import Lab
from workstation.domain.dosing import Dispensed

_WORDS = {
    "negative": ("260385009", "Negative"),
    "positive": ("10828004", "Positive"),
    "equivocal": ("42425007", "Equivocal"),
}


def entries_of(
    who: Person,
    visit: Visit,
    said: Told,
    by: timedelta,
    sent: datetime,
) -> Iterable[Json]:
    """Entries of everything but the photos."""
    subject = {"reference": url_of(who.key)}
    numbers: dict[str, int] = {}

    def entry(resource: Json) -> Json:
        kind = resource["resourceType"]
        numbers[kind] = numbers.get(kind, 0) + 1
        url = url_of(who.key, visit.number, kind, numbers[kind])
        return {"fullUrl": url, "resource": resource}

    yield {"fullUrl": subject["reference"], "resource": _patient(who, said)}
    yield entry(
        {
            "resourceType": "ServiceRequest",
            "status": "active",
            "intent": "proposal",
            "code": concept(ROOT + "request", who.request),
            "subject": subject,
            "authoredOn": sent.isoformat(),
            "extension": [{"url": ROOT + "visit", "valuePositiveInt": visit.number}],
        }
    )
    yield entry(response(who, said, subject, sent, by))
    for lab in said.labs:
        yield entry(_observation(lab, subject, by))
    for name, value, on in said.chart:
        yield entry(_chart(name, value, on + by, subject))
    for kind, on in said.consents:
        yield entry(_consent(kind, on + by, subject))
    for medicine in _or_none(said.medicines, "787481004", "No current medication"):
        yield entry(
            {
                "resourceType": "MedicationStatement",
                "status": "active",
                "medicationCodeableConcept": medicine,
                "subject": subject,
            }
        )
    for allergy in _or_none(said.allergies, "716186003", "No known allergy"):
        yield entry(
            {
                "resourceType": "AllergyIntolerance",
                "clinicalStatus": concept(TERMS + "allergyintolerance-clinical", "active"),
                "verificationStatus": concept(
                    TERMS + "allergyintolerance-verification", "confirmed"
                ),
                "code": allergy,
                "patient": subject,
            }
        )
    for supply in said.supplies:
        yield entry(_dispense(replace(supply, on=supply.on + by), subject))


def _or_none(names: tuple[str, ...] | None, code: str, display: str) -> tuple[Json, ...]:
    """Concepts by name; the coded statement that there is none; nothing when not recorded."""
    if names is None:
        return ()
    if not names:
        coding = {"system": SNOMED, "code": code, "display": display}
        return ({"coding": [coding], "text": display},)
    return tuple({"text": name} for name in names)


def _patient(who: Person, said: Told) -> Json:
    identifiers: list[Json] = [
        {
            "type": concept(TERMS + "v2-0203", "MR"),
            "system": SENDER,
            "value": who.mrn.replace(" ", ""),
        }
    ]
    if said.rems_id is not None:
        identifiers.append({"system": ROOT + "rems-patient", "value": said.rems_id})
    names: list[Json] = [
        {"use": "official", "family": who.family, "given": [who.given], "prefix": [who.title]}
    ]
    if who.native_name:
        writing = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation"
        names.append({"extension": [{"url": writing, "valueCode": "IDE"}], "text": who.native_name})
    found: Json = {
        "resourceType": "Patient",
        "identifier": identifiers,
        "name": names,
        "telecom": [{"system": "phone", "value": who.phone, "use": "mobile"}],
        "gender": who.sex,
        "birthDate": who.born.isoformat(),
        "address": [
            {
                "use": "home",
                "line": [who.address.street],
                "city": who.address.city,
                "state": who.address.state,
                "postalCode": who.address.zip,
                "country": "US",
            }
        ],
    }
    if said.emergency.name:
        found["contact"] = [
            {
                "relationship": [concept(TERMS + "v2-0131", "C")],
                "name": {"text": said.emergency.name},
                "telecom": [{"system": "phone", "value": said.emergency.phone}],
            }
        ]
    return found


def _observation(lab: Lab, subject: Json, by: timedelta) -> Json:
    found: Json = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": lab.loinc, "display": lab.name}]},
        "subject": subject,
        "effectiveDateTime": (lab.on + by).isoformat(),
        "performer": [{"display": "Cascade Demonstration Laboratory"}],
    }
    extra: list[Json] = [{"url": ROOT + "setting", "valueCode": "medical"}]
    if lab.role is not None:
        extra.append({"url": ROOT + "role", "valueCode": lab.role})
    if lab.fasting is not None:
        extra.append({"url": ROOT + "fasting", "valueBoolean": lab.fasting})
        extra.append({"url": ROOT + "hours-since-alcohol", "valueInteger": 48})
    found["extension"] = extra
    if isinstance(lab.value, Decimal):
        found["valueQuantity"] = quantity(lab.value, lab.unit or "")
        if lab.upper is not None:
            found["referenceRange"] = [{"high": quantity(lab.upper, lab.unit or "")}]
    else:
        code, display = _WORDS[lab.value]
        coding = {"system": SNOMED, "code": code, "display": display}
        found["valueCodeableConcept"] = {"coding": [coding]}
    return found


def _chart(name: str, value: Any, on: date, subject: Json) -> Json:
    found: Json = {
        "resourceType": "Observation",
        "status": "final",
        "code": concept(ROOT + "chart", name),
        "subject": subject,
        "effectiveDateTime": on.isoformat(),
    }
    if isinstance(value, bool):
        found["valueBoolean"] = value
    else:
        found["valueCodeableConcept"] = concept(ROOT + "answer", str(value))
    return found


def _consent(kind: str, on: date, subject: Json) -> Json:
    return {
        "resourceType": "Consent",
        "status": "active",
        "scope": concept(TERMS + "consentscope", "treatment"),
        "category": [concept(ROOT + "consent", kind)],
        "patient": subject,
        "dateTime": on.isoformat(),
        "policyRule": {"text": "Teledermatology consent of the demonstration clinic"},
    }


def _dispense(supply: Dispensed, subject: Json) -> Json:
    daily = {
        "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
        "doseAndRate": [{"doseQuantity": quantity(supply.daily, "mg")}],
    }
    return {
        "resourceType": "MedicationDispense",
        "status": "completed",
        "medicationCodeableConcept": {"text": "ISOtretinoin capsules"},
        "subject": subject,
        "daysSupply": quantity(supply.days, "d"),
        "whenHandedOver": supply.on.isoformat(),
        "dosageInstruction": [daily],
        "extension": [
            {"url": ROOT + "formulation", "valueCode": supply.formulation},
            {"url": ROOT + "weight", "valueQuantity": quantity(supply.weight, "kg")},
        ],
    }
