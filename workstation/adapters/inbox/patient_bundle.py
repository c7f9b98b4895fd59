"""Another system's patient bundle (as Synthea writes them) as a request that awaits the patient.

Of such a bundle only who the patient is, how to reach them, allergies and medicines in force are
taken. Everything else must be asked: no answer and no photo comes with it, so nothing is known.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

from workstation.adapters.inbox.answers_file import form_for
from workstation.adapters.inbox.manifest import read_manifest
from workstation.adapters.inbox.node import LINE
from workstation.adapters.inbox.writing import Outgoing
from workstation.domain.consultation import RequestKind
from workstation.domain.errors import Refused
from workstation.domain.ids import PatientId
from workstation.domain.patient import Address, Contact, PatientSnapshot, Sex

SENDER = "urn:derm-workstation:intake:patient-bundle"
_IN_FORCE = ("active", "intended", "on-hold")
_STATE = re.compile(r"[A-Z]{2}")


def from_patient_bundle(path: Path, request: RequestKind, now: datetime) -> Outgoing:
    """A package of the patient in the bundle at ``path``, without answers and photos.

    Raises:
        Refused: ``intake.json.*``, ``intake.bundle.kind``, ``intake.patient.*``.
    """
    try:
        found = read_manifest(path.read_bytes())
    except OSError as error:
        raise Refused("intake.file.unreadable") from error
    entries = found.get("entry")
    if found.get("resourceType") != "Bundle" or not isinstance(entries, list):
        raise Refused("intake.bundle.kind")
    try:
        resources = [e["resource"] for e in entries]
        patients = [r for r in resources if r["resourceType"] == "Patient"]
        if len(patients) != 1:
            raise Refused("intake.bundle.once", where="Patient")
        who = _patient(patients[0], _allergies(resources), _medicines(resources))
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise Refused("intake.patient.name") from error
    sent = now.replace(microsecond=0)
    return Outgoing(
        system=SENDER,
        external_id=f"{who.external_id}-{request.value}",
        sent=sent,
        answered=sent.date(),
        request=request,
        visit=1,
        patient=who,
        form=form_for(request),
        items=[],
        photos=[],
    )


def _patient(
    given: dict[str, Any], allergies: tuple[str, ...] | None, medicines: tuple[str, ...] | None
) -> PatientSnapshot:
    records = [i["value"] for i in given["identifier"] if "MR" in _codes(i.get("type"))]
    name = next((n for n in given["name"] if n.get("use") == "official"), given["name"][0])
    phones = [t["value"] for t in given.get("telecom", ()) if t.get("system") == "phone"]
    return PatientSnapshot(
        id=PatientId("new"),
        external_id=str((records or [given["identifier"][0]["value"]])[0]),
        family=str(name["family"]),
        given=" ".join(name["given"]),
        title=" ".join(name["prefix"]) if name.get("prefix") else None,
        native_name=None,
        born=date.fromisoformat(given["birthDate"]),
        sex=Sex(given.get("gender", "unknown")),
        address=_address(given.get("address", [{}])[0]),
        contact=Contact(str(phones[0]) if phones else None, None, None, None, None),
        allergies=allergies,
        medicines=medicines,
        rems_id=None,
    )


def _codes(concept: dict[str, Any] | None) -> list[str]:
    return [str(c.get("code")) for c in (concept or {}).get("coding", ())]


def _address(home: dict[str, Any]) -> Address | None:
    state = str(home.get("state", ""))
    parts = (home.get("line"), home.get("city"), home.get("postalCode"))
    if not _STATE.fullmatch(state) or not all(parts):
        return None
    return Address(", ".join(home["line"]), str(home["city"]), state, str(home["postalCode"]))


def _allergies(resources: list[dict[str, Any]]) -> tuple[str, ...] | None:
    listed = [_named(r["code"]) for r in resources if r["resourceType"] == "AllergyIntolerance"]
    return tuple(dict.fromkeys(listed)) or None


def _medicines(resources: list[dict[str, Any]]) -> tuple[str, ...] | None:
    listed = [
        _named(r["medicationCodeableConcept"])
        for r in resources
        if r["resourceType"] in ("MedicationRequest", "MedicationStatement")
        and r.get("status") in _IN_FORCE
        and "medicationCodeableConcept" in r
    ]
    return tuple(dict.fromkeys(listed)) or None


def _named(concept: dict[str, Any]) -> str:
    return str(concept.get("text") or concept["coding"][0]["display"])[:LINE]
