"""What came of a consultation as FHIR R4: signed documents and what was prescribed."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workstation.adapters.exports.orders import NUMBER, PRESCRIPTION, medication_request
from workstation.domain.documents import DocumentKind, DocumentState, SignedDocument
from workstation.workflow.handing_over import HandedOver

__all__ = ["KIND", "NUMBER", "PRESCRIPTION", "Ended", "ended", "outcome_bundle", "outcome_entries"]

Json = dict[str, Any]

KIND = "urn:derm-workstation:document-kind"
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
    signed = {document.number: document.signed_at for document, _ in given.documents}
    return [
        *found,
        *(medication_request(one, subject, signed[one.document]) for one in given.medications),
    ]


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
