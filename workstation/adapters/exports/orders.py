"""What a signed document orders as FHIR R4: MedicationRequest, CarePlan, ServiceRequest.

Each file is a collection that stands by itself: patient, prescriber and clinic are in it.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from workstation.domain.orders import Dose, MedicationOrder, Orders
from workstation.domain.patient import Sex

Json = dict[str, Any]
Reference = Callable[[str], Json]

NUMBER = "urn:derm-workstation:document-number"
PRESCRIPTION = "urn:derm-workstation:prescription"  # the number of the document it stands on
LOINC = "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
NPI = "http://hl7.org/fhir/sid/us-npi"
UCUM = "http://unitsofmeasure.org"
_SEX = {Sex.FEMALE: "female", Sex.MALE: "male"}
_NO_TEST = frozenset({"visit", "pick_up"})
_UCUM_UNITS = frozenset({"g", "mL"})
_DAY = {"unit": "d", "system": UCUM, "code": "d"}


def sidecar(given: Orders) -> bytes:
    """The file beside a signed document, UTF-8."""
    made = [*_people(given), *_ordered(given)]
    number = given.document.number

    def url(name: str) -> str:
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{NUMBER}/{number}/{name}')}"

    entries = [{"fullUrl": url(name), "resource": build(_pointing(url))} for name, build in made]
    bundle = {
        "resourceType": "Bundle",
        "identifier": {"system": NUMBER, "value": number},
        "type": "collection",
        "timestamp": given.document.signed_at.isoformat(),
        "entry": entries,
    }
    return (json.dumps(bundle, indent=1, ensure_ascii=False) + "\n").encode()


def _pointing(url: Callable[[str], str]) -> Reference:
    return lambda name: {"reference": url(name)}


Made = tuple[str, Callable[[Reference], Json]]


def _people(given: Orders) -> list[Made]:
    who, clinic, doctor = given.consultation.patient, given.clinic, given.prescriber
    patient: Json = {
        "resourceType": "Patient",
        "identifier": [{"system": given.consultation.source.system, "value": who.external_id}],
        "name": [{"family": who.family, "given": [who.given]}],
        "birthDate": who.born.isoformat(),
        "gender": _SEX.get(who.sex, "unknown"),
    }
    if who.address is not None:
        place = who.address
        patient["address"] = [
            {
                "line": [place.line],
                "city": place.city,
                "state": place.state,
                "postalCode": place.postal_code,
            }
        ]
    organization: Json = {
        "resourceType": "Organization",
        "name": clinic.name,
        "telecom": [{"system": "phone", "value": clinic.phone}],
    }
    practitioner: Json = {"resourceType": "Practitioner"}
    if doctor is not None:
        practitioner["name"] = [{"text": f"{doctor.name}, {doctor.credentials}".rstrip(", ")}]
        if doctor.npi:
            practitioner["identifier"] = [{"system": NPI, "value": doctor.npi}]
    return [
        ("patient", lambda _: patient),
        ("prescriber", lambda _: practitioner),
        ("clinic", lambda _: organization),
    ]


def _ordered(given: Orders) -> list[Made]:
    if given.plan is None:
        return [(f"medication/{one.key}", _medication(one, given)) for one in given.medications]
    tests = [point for point in given.plan.tests if point.state != "done"]
    requests: list[Made] = []
    for n, point in enumerate(tests, 1):
        if point.role not in _NO_TEST:
            requests.append((f"test/{n}", _request(given, point, n)))
    return [("plan", _care_plan(given, tests)), *requests]


def _medication(one: MedicationOrder, given: Orders) -> Callable[[Reference], Json]:
    def build(to: Reference) -> Json:
        at = given.document.signed_at
        made = medication_request(one, to("patient"), at)
        return {**made, "requester": to("prescriber")}

    return build


def medication_request(one: MedicationOrder, subject: Json, at: datetime) -> Json:
    """One product as ordered; its number is that of its document, so a new version is another."""
    window = {"start": one.issued.isoformat()}
    if one.dispense_by is not None:
        window["end"] = one.dispense_by.isoformat()
    return {
        "resourceType": "MedicationRequest",
        "identifier": [
            {"system": NUMBER, "value": f"{one.document}/{one.key}"},
            {"system": PRESCRIPTION, "value": one.document},
        ],
        "groupIdentifier": {"system": NUMBER, "value": one.document},
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": _product(one),
        "subject": subject,
        "authoredOn": at.isoformat(),
        "reasonCode": [_reason(one.icd10, one.indication)],
        "dosageInstruction": _dosage(one),
        "dispenseRequest": {
            "validityPeriod": window,
            "numberOfRepeatsAllowed": one.refills,
            "quantity": _quantity(one),
            "expectedSupplyDuration": {"value": one.days, **_DAY},
        },
        "substitution": {"allowedBoolean": one.substitution},
    }


def _product(one: MedicationOrder) -> Json:
    made: Json = {"text": f"{one.name} {one.form}"}
    return {**made, "coding": [{"system": RXNORM, "code": one.rxnorm}]} if one.rxnorm else made


def _quantity(one: MedicationOrder) -> Json:
    made: Json = {"value": one.quantity, "unit": one.unit}
    return {**made, "system": UCUM, "code": one.unit} if one.unit in _UCUM_UNITS else made


def _dosage(one: MedicationOrder) -> list[Json]:
    route = {"text": one.route}
    if not one.doses:
        return [{"text": one.sig, "route": route}]
    return [
        {"sequence": n, "text": one.sig, "timing": _timing(dose), "route": route, **_amount(dose)}
        for n, dose in enumerate(one.doses, 1)
    ]


def _timing(dose: Dose) -> Json:
    return {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "when": [dose.when]}}


def _amount(dose: Dose) -> Json:
    if dose.milligrams is None:
        return {}
    whole = dose.milligrams == dose.milligrams.to_integral_value()
    value = int(dose.milligrams) if whole else float(dose.milligrams)
    quantity = {"value": value, "unit": "mg", "system": UCUM, "code": "mg"}
    return {"doseAndRate": [{"doseQuantity": quantity}]}


def _care_plan(given: Orders, tests: list[Any]) -> Callable[[Reference], Json]:
    plan = given.plan
    assert plan is not None  # asked by the caller

    def build(to: Reference) -> Json:
        activities: list[Json] = []
        for n, point in enumerate(tests, 1):
            if point.role in _NO_TEST:
                activities.append(
                    {
                        "detail": {
                            "status": "not-started",
                            "code": {"text": point.role.replace("_", " ")},
                            "scheduledPeriod": _period(point.days.first, point.days.last),
                        }
                    }
                )
            else:
                activities.append({"reference": to(f"test/{n}")})
        made: Json = {
            "resourceType": "CarePlan",
            "identifier": [{"system": NUMBER, "value": given.document.number}],
            "status": "active",
            "intent": "plan",
            "title": f"Laboratory monitoring, protocol {plan.protocol}",
            "subject": to("patient"),
            "period": _period(plan.start, plan.ends),
            "created": given.document.signed_at.isoformat(),
            "author": to("prescriber"),
        }
        return {**made, "activity": activities} if activities else made

    return build


def _request(given: Orders, point: Any, number: int) -> Callable[[Reference], Json]:
    tests: Mapping[str, Any] = given.tests or {}
    test = tests.get(point.test)

    def build(to: Reference) -> Json:
        code: Json = {"text": point.test if test is None else test.name}
        if test is not None and test.loinc:
            code["coding"] = [
                {"system": test.system or LOINC, "code": test.loinc, "display": test.name}
            ]
        made: Json = {
            "resourceType": "ServiceRequest",
            "identifier": [{"system": NUMBER, "value": f"{given.document.number}/{number}"}],
            "requisition": {"system": NUMBER, "value": given.document.number},
            "status": "active",
            "intent": "order",
            "code": code,
            "subject": to("patient"),
            "occurrencePeriod": _period(point.days.first, point.days.last),
            "authoredOn": given.document.signed_at.isoformat(),
            "requester": to("prescriber"),
            "performerType": {"text": "Laboratory"},
            "note": [{"text": point.role}],
        }
        if given.icd10 or given.indication:
            made["reasonCode"] = [_reason(given.icd10, given.indication)]
        if test is not None and test.fasting:
            made["patientInstruction"] = given.fasting
        return made

    return build


def _reason(icd10: str, text: str) -> Json:
    made: Json = {"text": text} if text else {}
    if icd10:
        made["coding"] = [{"system": ICD10, "code": icd10}]
    return made


def _period(first: date, last: date) -> Json:
    return {"start": first.isoformat(), "end": last.isoformat()}
