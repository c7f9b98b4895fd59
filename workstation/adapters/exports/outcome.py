"""What came of a consultation as FHIR R4: signed documents and what was prescribed."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workstation.domain.documents import DocumentKind, DocumentState
from workstation.domain.draft import ItemKind, Regimen
from workstation.workflow.handing_over import HandedOver

Json = dict[str, Any]

KIND = "urn:derm-workstation:document-kind"
NUMBER = "urn:derm-workstation:document-number"
_UCUM = "http://unitsofmeasure.org"
_STATUS: Mapping[DocumentState, tuple[str, str]] = {
    DocumentState.CURRENT: ("current", "final"),
    DocumentState.AMENDED: ("superseded", "final"),
    DocumentState.VOID: ("entered-in-error", "entered-in-error"),
}


def outcome_entries(given: HandedOver, subject: Json) -> list[Json]:
    """DocumentReference of each signed document, MedicationRequest of a prescription that holds.

    ``subject`` is the reference to the patient, as the receiver knows them.
    """
    states = {end.document: end.state for end in given.ends}
    found = []
    prescription: datetime | None = None
    for document, pdf in given.documents:
        state = states.get(document.id, DocumentState.CURRENT)
        status, doc_status = _STATUS[state]
        if document.kind is DocumentKind.PRESCRIPTION and state is DocumentState.CURRENT:
            prescription = document.signed_at
        found.append(
            {
                "resourceType": "DocumentReference",
                "identifier": [{"system": NUMBER, "value": document.number}],
                "status": status,
                "docStatus": doc_status,
                "type": {"coding": [{"system": KIND, "code": document.kind.value}]},
                "subject": subject,
                "date": document.signed_at.isoformat(),
                "content": [
                    {
                        "attachment": {
                            "contentType": "application/pdf",
                            "data": base64.b64encode(pdf).decode(),
                        }
                    }
                ],
            }
        )
    if prescription is not None:
        found += [
            _requested(item, given, subject, prescription)
            for key, item in given.draft.items.items()
            if key.kind == ItemKind.REGIMEN.value and isinstance(item, Regimen)
        ]
    return found


def outcome_bundle(given: HandedOver) -> Json:
    """All of it as a collection, about the patient by the sender's own record number."""
    source, who = given.consultation.source, given.consultation.patient
    subject = {"identifier": {"system": source.system, "value": who.external_id}}
    entries = []
    for number, resource in enumerate(outcome_entries(given, subject)):
        marks = f"{source.system}/{source.external_id}/outcome/{number}"
        url = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, marks)}"
        entries.append({"fullUrl": url, "resource": resource})
    bundle: Json = {
        "resourceType": "Bundle",
        "type": "collection",
        "identifier": {"system": source.system, "value": f"{source.external_id}/outcome"},
    }
    return {**bundle, "entry": entries} if entries else bundle


def _requested(item: Regimen, given: HandedOver, subject: Json, at: datetime) -> Json:
    def dose(when: str, strengths: tuple[Any, ...]) -> Json:
        total = sum(strengths)
        quantity = {"value": float(total), "unit": "mg", "system": _UCUM, "code": "mg"}
        return {
            "text": f"{total} mg in the {'morning' if when == 'MORN' else 'evening'}, with food",
            "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "when": [when]}},
            "doseAndRate": [{"doseQuantity": quantity}],
        }

    doses = [("MORN", item.morning), ("EVE", item.evening)]
    days = {"value": item.supply_days, "unit": "d", "system": _UCUM, "code": "d"}
    return {
        "resourceType": "MedicationRequest",
        "identifier": [{"system": NUMBER, "value": f"{given.consultation.id}-{item.medicine}"}],
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": f"{item.medicine} {item.formulation}"},
        "subject": subject,
        "authoredOn": at.isoformat(),
        "dosageInstruction": [dose(when, s) for when, s in doses if s],
        "dispenseRequest": {"numberOfRepeatsAllowed": 0, "expectedSupplyDuration": days},
        "substitution": {"allowedBoolean": item.substitution_permitted},
    }
