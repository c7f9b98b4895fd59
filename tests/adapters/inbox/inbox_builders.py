"""A small valid package, to be broken in one place by each test."""

import base64
import copy
import hashlib
import json
import zipfile
from functools import cache
from io import BytesIO

from workstation.assets import resource as file_of
from workstation.content.facts import read_facts
from workstation.content.sources import read_sources

ROOT = "urn:derm-workstation:intake:"
SUBJECT = "urn:uuid:00000000-0000-4000-8000-000000000001"
PHOTO_A, PHOTO_B = b"\xff\xd8\xff" + b"a" * 300, b"\xff\xd8\xff" + b"b" * 300


class Test:
    """What the reader needs of a laboratory test."""

    __test__ = False

    def __init__(self, id, loinc, also=()):
        self.id, self.loinc, self.also, self.system = id, loinc, also, "http://loinc.org"


TESTS = (Test("alt", "1742-6"), Test("tg", "2571-8", ("3048-6",)), Test("hcg_urine", "2106-3"))


@cache
def registry():
    """The fact registry of the content."""
    sources = read_sources(file_of("clinical", "sources.toml"))
    return read_facts(file_of("clinical", "facts.toml"), sources)


def concept(system, code):
    return {"coding": [{"system": system, "code": code}]}


def coding(code):
    return {"valueCoding": {"system": ROOT + "answer", "code": code}}


def quantity(value, unit):
    return {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}


def entry(number, resource):
    return {
        "fullUrl": f"urn:uuid:00000000-0000-4000-8000-0000000001{number:02d}",
        "resource": resource,
    }


def media(name_or_data, content, view="front"):
    attachment = {
        "contentType": "image/jpeg",
        "extension": [{"url": ROOT + "sha256", "valueString": hashlib.sha256(content).hexdigest()}],
        **name_or_data,
    }
    return {
        "resourceType": "Media",
        "status": "completed",
        "view": concept(ROOT + "view", view),
        "subject": {"reference": SUBJECT},
        "content": attachment,
    }


def lab(**changes):
    found = {
        "resourceType": "Observation",
        "status": "final",
        "code": concept("http://loinc.org", "1742-6"),
        "subject": {"reference": SUBJECT},
        "effectiveDateTime": "2026-11-18",
        "performer": [{"display": "Some Laboratory"}],
        "valueQuantity": quantity(22, "U/L"),
        "referenceRange": [{"high": quantity(40, "U/L")}],
    }
    found.update(changes)
    return {k: v for k, v in found.items() if v is not None}


def bundle(photos=True, extra=()):
    """The bundle of a zipped package with two photos."""
    entries = [
        {
            "fullUrl": SUBJECT,
            "resource": {
                "resourceType": "Patient",
                "identifier": [
                    {
                        "type": concept("http://terminology.hl7.org/CodeSystem/v2-0203", "MR"),
                        "system": "urn:clinic",
                        "value": "MK-204817",
                    }
                ],
                "name": [
                    {"use": "official", "family": "Marsh", "given": ["Elena"], "prefix": ["Ms"]}
                ],
                "telecom": [{"system": "phone", "value": "+1 503 555 0110"}],
                "gender": "female",
                "birthDate": "2003-03-14",
            },
        },
        entry(
            1,
            {
                "resourceType": "ServiceRequest",
                "status": "active",
                "intent": "proposal",
                "code": concept(ROOT + "request", "isotretinoin_start"),
                "subject": {"reference": SUBJECT},
                "authoredOn": "2026-11-21T20:21:00-08:00",
                "extension": [{"url": ROOT + "visit", "valuePositiveInt": 2}],
            },
        ),
        entry(
            2,
            {
                "resourceType": "QuestionnaireResponse",
                "questionnaire": ROOT + "questionnaire:isotretinoin-first|1",
                "status": "completed",
                "subject": {"reference": SUBJECT},
                "authored": "2026-11-21T20:21:00-08:00",
                "item": [
                    {"linkId": "patient-weight", "answer": [{"valueDecimal": 61.5}]},
                    {"linkId": "lactation-now", "answer": [{"valueBoolean": False}]},
                    {"linkId": "own-words", "answer": [{"valueString": "It hurts.\nPlease help."}]},
                ],
            },
        ),
    ]
    if photos:
        entries.append(entry(3, media({"url": "photos/a.jpg"}, PHOTO_A)))
        entries.append(entry(4, media({"url": "photos/b.jpg"}, PHOTO_B, "left45")))
    entries.extend(entry(10 + n, resource) for n, resource in enumerate(extra))
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "identifier": {"system": "urn:clinic", "value": "package-1"},
        "entry": entries,
    }


def resource(bundle_, kind, number=0):
    return [e["resource"] for e in bundle_["entry"] if e["resource"]["resourceType"] == kind][
        number
    ]


def answers(bundle_, *items):
    """The bundle with other answers."""
    made = copy.deepcopy(bundle_)
    resource(made, "QuestionnaireResponse")["item"] = list(items)
    return made


def zipped(bundle_=None, members=None, raw=None, method=zipfile.ZIP_DEFLATED):
    """Bytes of a zip package; ``members`` replaces the photo files by name."""
    out = BytesIO()
    plain = raw if raw is not None else json.dumps(bundle_ or bundle()).encode()
    if members is None:
        members = {"photos/a.jpg": PHOTO_A, "photos/b.jpg": PHOTO_B}
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("bundle.json", plain)
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def inline(first=PHOTO_A, second=PHOTO_B):
    """The bundle with both photos inside it: one as data, one as a Binary."""
    made = bundle(photos=False)
    made["entry"].append(entry(3, media({"data": base64.b64encode(first).decode()}, first)))
    url = "urn:uuid:00000000-0000-4000-8000-000000000199"
    made["entry"].append(entry(4, media({"url": url}, second, "left45")))
    binary = {
        "resourceType": "Binary",
        "contentType": "image/jpeg",
        "data": base64.b64encode(second).decode(),
    }
    made["entry"].append({"fullUrl": url, "resource": binary})
    return made
