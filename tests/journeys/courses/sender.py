"""Writes the intake packages of a made-up patient, visit by visit, as a stranger's system would.

Answers go by the ``linkId`` of the published forms; what is not said is "no", "none" or 0, and
what is said to be ``None`` stays unanswered.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

ROOT = "urn:derm-workstation:intake:"
TERMS = "http://terminology.hl7.org/CodeSystem/"
UCUM, LOINC, SNOMED = "http://unitsofmeasure.org", "http://loinc.org", "http://snomed.info/sct"
SENDER = "urn:courses:clinic"
RESOURCES = Path(__file__).parents[3] / "resources"
PHOTO = RESOURCES / "demo" / "photos" / "marsh-elena" / "1-front.jpg"
VALUE = {
    "boolean": "valueBoolean",
    "integer": "valueInteger",
    "decimal": "valueDecimal",
    "date": "valueDate",
    "string": "valueString",
    "text": "valueString",
}
NEVER_ASSUMED = frozenset(
    {
        *("mood-phq9", "mood-item9", "follow-up-days-missed"),
        *("follow-up-picked-up-on", "follow-up-first-capsule-on", "follow-up-capsules-left"),
    }
)
Json = dict[str, Any]


@dataclass(frozen=True)
class Blood:
    """ALT in U/L (limit 40) or fasting triglycerides in mg/dL (limit 150), 48 hours after alcohol."""

    test: str  # alt, tg
    value: str
    on: str
    role: str


@dataclass(frozen=True)
class Sent:
    """A made-up person."""

    key: str
    family: str
    given: str
    born: str
    sex: str


@dataclass(frozen=True)
class Package:
    """One visit's package."""

    number: int
    on: datetime  # when it was sent
    form: str  # isotretinoin-first, isotretinoin-month
    answers: Mapping[str, Any]
    chart: Mapping[str, Any]  # what the clinic has on record: category and enrolment
    chart_on: str
    consents: Mapping[str, str]  # kind -> day
    blood: tuple[Blood, ...] = ()
    hcg: tuple[tuple[str, str, str], ...] = ()  # (value, day, role), urine at the laboratory
    medicines: tuple[str, ...] = ()


def write(folder: Path, who: Sent, sent: Package) -> Path:
    """Put one package into an inbox folder."""
    entries = [{"resource": r, "fullUrl": f"urn:uuid:{n:08d}-0000-4000-8000-{sent.number:012d}"}
               for n, r in enumerate(_resources(who, sent), 1)]  # fmt: skip
    entries[0]["fullUrl"] = _subject(who)["reference"]
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "identifier": {"system": SENDER, "value": f"{who.key}-{sent.number}"},
        "timestamp": sent.on.isoformat(),
        "entry": entries,
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("bundle.json", json.dumps(bundle))
        archive.writestr("photos/01-front.jpg", PHOTO.read_bytes())
    path = folder / f"{who.key}-{sent.number}.zip"
    path.write_bytes(out.getvalue())
    return path


def _subject(who: Sent) -> Json:
    mark = hashlib.sha256(who.key.encode()).hexdigest()
    return {"reference": f"urn:uuid:{mark[:8]}-{mark[8:12]}-4000-8000-{mark[20:32]}"}


def _resources(who: Sent, sent: Package) -> Iterable[Json]:
    subject = _subject(who)
    yield {
        "resourceType": "Patient",
        "identifier": [
            {"type": _concept(TERMS + "v2-0203", "MR"), "system": SENDER, "value": who.key}
        ],
        "name": [{"use": "official", "family": who.family, "given": [who.given]}],
        "telecom": [{"system": "phone", "value": "+1 503 555 0190", "use": "mobile"}],
        "gender": who.sex,
        "birthDate": who.born,
        "address": [
            {"use": "home", "line": ["12 Course Street"], "city": "Portland", "state": "OR",
             "postalCode": "97201", "country": "US"}
        ],
    }  # fmt: skip
    first = sent.form == "isotretinoin-first"
    yield {
        "resourceType": "ServiceRequest",
        "status": "active",
        "intent": "proposal",
        "code": _concept(ROOT + "request", "isotretinoin_start" if first else "isotretinoin_month"),
        "subject": subject,
        "authoredOn": sent.on.isoformat(),
        "extension": [{"url": ROOT + "visit", "valuePositiveInt": sent.number}],
    }
    yield _answers(sent, subject)
    for result in sent.blood:
        yield _blood(result, subject)
    for value, on, role in sent.hcg:
        yield _observation(subject, "2106-3", on, role) | {
            "valueCodeableConcept": _concept(SNOMED, {"negative": "260385009",
                                                      "positive": "10828004"}[value])
        }  # fmt: skip
    for name, value in sent.chart.items():
        told: Json = {
            "resourceType": "Observation",
            "status": "final",
            "code": _concept(ROOT + "chart", name),
            "subject": subject,
            "effectiveDateTime": sent.chart_on,
        }
        if isinstance(value, bool):
            told["valueBoolean"] = value
        else:
            told["valueCodeableConcept"] = _concept(ROOT + "answer", value)
        yield told
    for kind, on in sent.consents.items():
        yield {
            "resourceType": "Consent",
            "status": "active",
            "scope": _concept(TERMS + "consentscope", "treatment"),
            "category": [_concept(ROOT + "consent", kind)],
            "patient": subject,
            "dateTime": on,
            "policyRule": {"text": "Consent of the clinic"},
        }
    yield from _medicines(sent.medicines, subject)
    yield {
        "resourceType": "Media",
        "status": "completed",
        "view": _concept(ROOT + "view", "front"),
        "subject": subject,
        "content": {
            "contentType": "image/jpeg",
            "url": "photos/01-front.jpg",
            "extension": [
                {"url": ROOT + "sha256",
                 "valueString": hashlib.sha256(PHOTO.read_bytes()).hexdigest()}
            ],
        },
    }  # fmt: skip


def _medicines(names: tuple[str, ...], subject: Json) -> Iterable[Json]:
    none = {"coding": [{"system": SNOMED, "code": "787481004"}], "text": "No current medication"}
    for medicine in [{"text": name} for name in names] or [none]:
        yield {
            "resourceType": "MedicationStatement",
            "status": "active",
            "medicationCodeableConcept": medicine,
            "subject": subject,
        }
    yield {
        "resourceType": "AllergyIntolerance",
        "clinicalStatus": _concept(TERMS + "allergyintolerance-clinical", "active"),
        "verificationStatus": _concept(TERMS + "allergyintolerance-verification", "confirmed"),
        "code": {
            "coding": [{"system": SNOMED, "code": "716186003"}],
            "text": "No known allergy",
        },
        "patient": subject,
    }


def _answers(sent: Package, subject: Json) -> Json:
    form = json.loads((RESOURCES / "intake" / f"{sent.form}.json").read_text(encoding="utf-8"))
    known = {question["linkId"] for question in form["item"]}
    assert set(sent.answers) <= known, set(sent.answers) - known
    items: list[Json] = []
    given: dict[str, Any] = {}
    for question in form["item"]:
        if not _asked(question, given):
            continue
        link = question["linkId"]
        value = given[link] = _said(question, sent.answers)
        item: Json = {"linkId": link, "text": question["text"]}
        if value is not None:
            item["answer"] = _answer(question, value)
        items.append(item)
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{form['url']}|{form['version']}",
        "status": "completed",
        "subject": subject,
        "authored": sent.on.isoformat(),
        "item": items,
    }


def _asked(question: Json, given: Mapping[str, Any]) -> bool:
    for condition in question.get("enableWhen", ()):
        wanted = condition.get("answerBoolean", condition.get("answerCoding", {}).get("code"))
        matches = given.get(condition["question"]) == wanted
        return matches if condition["operator"] == "=" else not matches
    return True


def _said(question: Json, answers: Mapping[str, Any]) -> Any:
    link = question["linkId"]
    if link in answers:
        return answers[link]
    if link in NEVER_ASSUMED:
        return None
    if link == "follow-up-picked-up":
        return True
    if question["type"] == "choice":
        return () if question.get("repeats") else None
    return {"boolean": False, "integer": 0}.get(question["type"], 0 if "alcohol" in link else None)


def _answer(question: Json, value: Any) -> list[Json]:
    if question["type"] != "choice":
        return [{VALUE[question["type"]]: value.isoformat() if isinstance(value, date) else value}]
    displays = {
        o["valueCoding"]["code"]: o["valueCoding"]["display"] for o in question["answerOption"]
    }
    codes = value if isinstance(value, tuple) else (value,)
    return [
        {"valueCoding": {"system": ROOT + "answer", "code": code, "display": displays[code]}}
        for code in codes or ("none-of-these",)
    ]


def _observation(subject: Json, loinc: str, on: str, role: str) -> Json:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": _concept(LOINC, loinc),
        "subject": subject,
        "effectiveDateTime": on,
        "performer": [{"display": "Course Laboratory"}],
        "extension": [
            {"url": ROOT + "setting", "valueCode": "medical"},
            {"url": ROOT + "role", "valueCode": role},
        ],
    }


def _blood(result: Blood, subject: Json) -> Json:
    loinc, unit, limit = {"alt": ("1742-6", "U/L", 40), "tg": ("2571-8", "mg/dL", 150)}[result.test]
    found = _observation(subject, loinc, result.on, result.role)
    if result.test == "tg":
        found["extension"] += [
            {"url": ROOT + "fasting", "valueBoolean": True},
            {"url": ROOT + "hours-since-alcohol", "valueInteger": 48},
        ]
    found["valueQuantity"] = _quantity(int(result.value), unit)
    found["referenceRange"] = [{"high": _quantity(limit, unit)}]
    return found


def _quantity(value: int, unit: str) -> Json:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def _concept(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}
