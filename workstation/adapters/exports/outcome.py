"""What came of a consultation as FHIR R4: signed documents and what was prescribed."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workstation.domain.directions import Resolved, sentence
from workstation.domain.documents import DocumentKind, DocumentState, SignedDocument
from workstation.domain.draft import Directed, ItemKind, Regimen
from workstation.workflow.handing_over import HandedOver

Json = dict[str, Any]

KIND = "urn:derm-workstation:document-kind"
NUMBER = "urn:derm-workstation:document-number"
PRESCRIPTION = "urn:derm-workstation:prescription"
_UCUM = "http://unitsofmeasure.org"
_UCUM_UNITS = frozenset({"g", "mL"})
_PRESCRIBING = frozenset({DocumentKind.PRESCRIPTION, DocumentKind.PRESCRIPTION_DIRECTED})
_STATUS: Mapping[DocumentState, tuple[str, str]] = {
    DocumentState.CURRENT: ("current", "final"),
    DocumentState.AMENDED: ("superseded", "final"),
    DocumentState.VOID: ("entered-in-error", "entered-in-error"),
}


def outcome_entries(given: HandedOver, subject: Json) -> list[Json]:
    """DocumentReference of each signed document, MedicationRequest of a prescription that holds.

    ``subject`` is the reference to the patient, as the receiver knows them. While a consultation is
    being amended its draft is not what was signed: then the documents are told alone.
    """
    found = [_referred(d, pdf, _state(given, d), subject) for d, pdf in given.documents]
    if given.being_amended:
        return found
    for document, _ in given.documents:
        if _state(given, document) is not DocumentState.CURRENT:
            continue
        if document.kind is DocumentKind.PRESCRIPTION:
            found += [
                _capsules(item, document, subject)
                for item in given.draft.of_kind(ItemKind.REGIMEN)
                if isinstance(item, Regimen)
            ]
        elif document.kind is DocumentKind.PRESCRIPTION_DIRECTED:
            found += [_directed(item, of, document, subject) for item, of in given.directed]
    return found


@dataclass(frozen=True, slots=True)
class Ended:
    """What a receiver must change about a document that no longer holds.

    ``status`` is that of the MedicationRequests made of it, empty when it prescribed nothing.
    """

    number: str
    reference: Mapping[str, str]
    status: str


def ended(given: HandedOver) -> list[Ended]:
    """The documents that no longer hold, with what changes where they were told before."""
    found = []
    for document, _ in given.documents:
        state = _state(given, document)
        if state is DocumentState.CURRENT:
            continue
        status, doc_status = _STATUS[state]
        request = "entered-in-error" if state is DocumentState.VOID else "cancelled"
        found.append(
            Ended(
                document.number,
                {"status": status, "docStatus": doc_status},
                request if document.kind in _PRESCRIBING else "",
            )
        )
    return found


def _state(given: HandedOver, document: SignedDocument) -> DocumentState:
    states = {end.document: end.state for end in given.ends}
    return states.get(document.id, DocumentState.CURRENT)


def _referred(document: SignedDocument, pdf: bytes, state: DocumentState, subject: Json) -> Json:
    status, doc_status = _STATUS[state]
    return {
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


def _capsules(item: Regimen, document: SignedDocument, subject: Json) -> Json:
    def dose(when: str, strengths: tuple[Any, ...]) -> Json:
        total = sum(strengths)
        quantity = {"value": float(total), "unit": "mg", "system": _UCUM, "code": "mg"}
        return {
            "text": f"{total} mg in the {'morning' if when == 'MORN' else 'evening'}, with food",
            "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "when": [when]}},
            "doseAndRate": [{"doseQuantity": quantity}],
        }

    doses = [("MORN", item.morning), ("EVE", item.evening)]
    return _request(
        document,
        subject,
        item.medicine,
        f"{item.medicine} {item.formulation}",
        [dose(when, s) for when, s in doses if s],
        {"numberOfRepeatsAllowed": 0, "expectedSupplyDuration": _days(item.supply_days)},
        substitution=item.substitution_permitted,
    )


def _directed(item: Directed, of: Resolved, document: SignedDocument, subject: Json) -> Json:
    unit = of.product.unit
    quantity: Json = {"value": float(item.quantity), "unit": unit}
    if unit in _UCUM_UNITS:
        quantity |= {"system": _UCUM, "code": unit}
    name = of.product.name if of.product.brand else of.medicine.name
    return _request(
        document,
        subject,
        item.medicine,
        f"{name} {item.strength} {of.product.form}",
        [{"text": sentence(item, of)}],
        {
            "numberOfRepeatsAllowed": item.refills,
            "quantity": quantity,
            "expectedSupplyDuration": _days(item.days),
        },
        substitution=item.substitution_permitted,
    )


def _request(
    document: SignedDocument,
    subject: Json,
    medicine: str,
    text: str,
    dosage: list[Json],
    dispense: Json,
    *,
    substitution: bool,
) -> Json:
    """One MedicationRequest; its number is that of its document, so that a new version is another."""
    return {
        "resourceType": "MedicationRequest",
        "identifier": [
            {"system": NUMBER, "value": f"{document.number}/{medicine}"},
            {"system": PRESCRIPTION, "value": document.number},
        ],
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": text},
        "subject": subject,
        "authoredOn": document.signed_at.isoformat(),
        "dosageInstruction": dosage,
        "dispenseRequest": dispense,
        "substitution": {"allowedBoolean": substitution},
    }


def _days(number: int) -> Json:
    return {"value": number, "unit": "d", "system": _UCUM, "code": "d"}
