"""The words of the intake package format as the demo's sender uses them, and small FHIR elements."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

Json = dict[str, Any]

ROOT = "urn:derm-workstation:intake:"
SENDER = "urn:derm-workstation:demo:clinic"
UCUM, LOINC = "http://unitsofmeasure.org", "http://loinc.org"
SNOMED = "http://snomed.info/sct"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
TERMS = "http://terminology.hl7.org/CodeSystem/"


def url_of(*parts: object) -> str:
    """A URN that stays the same for the same parts."""
    mark = hashlib.sha256("/".join(str(p) for p in parts).encode()).hexdigest()
    return f"urn:uuid:{mark[:8]}-{mark[8:12]}-4{mark[13:16]}-8{mark[17:20]}-{mark[20:32]}"


def concept(system: str, code: str) -> Json:
    """A CodeableConcept of one coding."""
    return {"coding": [{"system": system, "code": code}]}


def quantity(value: Decimal | int, unit: str) -> Json:
    """A quantity in a UCUM unit."""
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}
