"""Sentences of the Records page: states, verdicts, versions, and acts of the audit trail."""

from __future__ import annotations

import json
from datetime import tzinfo

from workstation.domain.audit import Entry
from workstation.domain.documents import DocumentKind, DocumentState
from workstation.presenters import wording
from workstation.workflow.verify import NOT_ISSUED, OTHER_PATIENT, FileVerdict

KINDS = {
    DocumentKind.PRESCRIPTION: "Prescription",
    DocumentKind.MONITORING_PLAN: "Plan",
    DocumentKind.RECORD: "Record",
    DocumentKind.VOID_NOTICE: "Void notice",
    DocumentKind.HANDOUT: "Handout",
    DocumentKind.GUARDIAN_PLAN: "Plan for a guardian",
    DocumentKind.PHOTO_SHEET: "Photo sheet",
}
STATES = {
    DocumentState.CURRENT: "Current",
    DocumentState.AMENDED: "Amended",
    DocumentState.VOID: "Void",
}
STATE_CHIPS = {  # (kind of chip, icon)
    DocumentState.CURRENT: ("ok", "circle-check"),
    DocumentState.AMENDED: ("warn", "pencil"),
    DocumentState.VOID: ("danger", "octagon-x"),
}
VOID_REASONS = {
    "wrong_patient": "Issued for another patient",
    "writing_error": "An error of writing",
    "result_after_signing": "A safety check after signing",
    "stopped_by_prescriber": "Treatment stopped by the prescriber",
    "patient_request": "At the patient\u2019s request",
    "not_picked_up": "Not picked up in time",
    "other": "Another reason, in words",
}
AMEND_REASONS = {
    "writing_error": "An error of writing",
    "dose_change": "Another dose",
    "instructions": "Other directions",
    "plan_change": "Another monitoring plan",
    "other": "Another reason, in words",
}
VERDICTS = {
    "valid": "Genuine and unchanged",
    "changed": "Changed since signing",
    "untrusted": "Not a document of this clinic\u2019s store",
    "unsigned": "Not signed",
    "broken": "Not a readable PDF",
}
WRONG = {  # what a code means, in a sentence
    "signature.digest": "Bytes inside the signed part differ from what was signed.",
    "signature.value": "The signature does not belong to these bytes.",
    "signature.coverage": "Bytes were added or the signature does not cover the whole file.",
    "signature.revisions": "The file holds changes made after signing.",
    "signature.several": "The file holds more than one signature.",
    "signature.fields": "The file holds form fields that signing never makes.",
    "signature.certification": "The mark that forbids later changes is missing.",
    "signature.none": "There is no signature in the file.",
    "signature.file.header": "The file is not a PDF.",
    "signature.file.unreadable": "The file cannot be read as a PDF of this program.",
    "signature.signer.other": "Another person signed it than the store says.",
    "signature.certificate.foreign": "The certificate is not of this clinic.",
    "signature.certificate.expired": "The certificate has expired.",
    "signature.certificate.time": "It was signed outside the certificate\u2019s validity.",
    "signature.certificate.revoked": "The certificate was revoked before it was signed.",
    "signature.timestamp.encoding": "The time stamp is not written as this program writes it.",
    "signature.timestamp.certificates": "The time stamp carries other certificates than it should.",
    "signature.timestamp.early": "The time stamp is older than the signature.",
    "signature.timestamp.value": "The time stamp belongs to other bytes.",
    "signature.timestamp.foreign": "The time stamp is of an authority this clinic does not trust.",
    "signature.certificates": "It carries other certificates than signing puts in.",
    "signature.cms.encoding": "The signature is not written as signing writes it.",
    "signature.cms.value": "The signature is not written as signing writes it.",
    NOT_ISSUED: "The signature is sound, but this store never issued these bytes.",
    OTHER_PATIENT: "It is a sound document of another patient.",
}
ACTS = {  # action: (icon, words)
    "session.signed_in": ("user", "Signed in"),
    "session.locked": ("lock", "Locked"),
    "session.pin_refused": ("lock", "PIN not accepted"),
    "consultation.received": ("inbox", "Received"),
    "consultation.claimed": ("folder", "Opened and claimed"),
    "consultation.released": ("folder", "Closed"),
    "consultation.returned": ("clock", "Back in the queue"),
    "consultation.reopened": ("pencil", "Opened to amend"),
    "consultation.amendment_given_up": ("undo-2", "Amendment given up"),
    "consultation.escalated": ("siren", "Escalated to every prescriber"),
    "consultation.alerted": ("siren", "Alerted"),
    "draft.edited": ("pencil", "Edited"),
    "draft.undone": ("undo-2", "Undone"),
    "draft.redone": ("redo-2", "Done again"),
    "result.recorded": ("flask-conical", "Result recorded"),
    "contact.recorded": ("phone-call", "Contact recorded"),
    "document.signed": ("circle-check", "Signed"),
    "document.voided": ("octagon-x", "Made void"),
    "document.timestamped": ("clock", "Time stamp added"),
    "trust.anchor_added": ("shield-check", "Time authority trusted"),
    "trust.key_revoked": ("octagon-x", "Signing key revoked"),
    "document.verified": ("shield-check", "Verified"),
    "document.exported": ("download", "Exported"),
    "document.printed": ("printer", "Printed"),
    "leaflet.made": ("file-text", "Leaflet made"),
}
GROUPS = {  # chips of the audit trail: what their entries start with
    "signing": ("Signing", ("document.", "leaflet.", "consultation.reopened")),
    "access": ("Access", ("session.",)),
    "clinical": ("Clinical", ("draft.", "result.", "contact.", "consultation.")),
    "settings": (
        "Settings",
        ("settings.", "setting.", "account.", "user.", "clinic.", "backup.", "trust."),
    ),
}
SIGNED_BEFORE = "what was signed before stays valid"
NOT_FOR_ROLE = "Your role does not include the audit trail."
NO_ROWS = "No document matches."
NOTHING_SIGNED = "Nothing is signed yet. Documents stand here as soon as they are."


def act(action: str) -> tuple[str, str]:
    """(icon, words) of an action; one without words of its own is told by its code."""
    known = ACTS.get(action)
    return (
        known if known is not None else ("file-text", action.replace("_", " ").replace(".", ": "))
    )


def verdict_lines(found: FileVerdict, zone: tzinfo | None) -> tuple[tuple[str, str, str], ...]:
    """(state ok | info | danger | warn, title, detail) of a verdict, in the order they are read."""
    made: list[tuple[str, str, str]] = []
    if found.state != "valid":
        wrong = [WRONG.get(code, code) for code in found.because] or [VERDICTS[found.state]]
        made += [("danger", sentence, "") for sentence in dict.fromkeys(wrong)]
    digest = found.digest.upper()
    short = f"SHA-256 {digest[:4]} {digest[4:8]} \u2026 {digest[-4:]}"
    if found.document is not None:
        made.append(("ok", "Bytes are the signed bytes", f"{short} equals the store"))
    else:
        made.append(("info", "This store does not hold these bytes", short))
    if found.state == "valid":
        after = "no later change allowed"
        if found.stamped_at is not None:
            after = "only a time stamp lies after it"
        made.append(("ok", "Signature covers the whole file", f"one signature, {after}"))
    if found.signer:
        when = wording.moment(found.signed_at, zone) if found.signed_at else ""
        made.append(("ok" if found.state == "valid" else "info", f"Signed by {found.signer}", when))
        timed = found.level not in ("", "B-B")
        made.append(
            (
                "ok",
                f"Time stamped by an authority ({found.level})",
                wording.moment(found.stamped_at, zone) if found.stamped_at else "",
            )
            if timed
            else ("info", "Time is this computer\u2019s", "no time stamp is in the file (B-B)")
        )
    if found.revoked_since is not None:
        since = wording.moment(found.revoked_since, zone)
        made.append(("info", f"The signing key is revoked since {since}", SIGNED_BEFORE))
    if found.standing is DocumentState.AMENDED:
        made.append(("warn", "Amended", f"{found.successor} is in its place"))
    elif found.standing is DocumentState.VOID:
        made.append(("danger", "Void", f"by notice {found.successor}"))
    elif found.standing is DocumentState.CURRENT:
        made.append(("ok", "It is the current version", ""))
    return tuple(made)


def detail_pairs(entry: Entry) -> tuple[tuple[str, str], ...]:
    """What an entry holds besides who, when and what, as label and value."""
    try:
        held = json.loads(entry.detail)
    except ValueError:
        return (("Detail", entry.detail),)
    return tuple(
        (wording_of(key), str(value)) for key, value in held.items() if value not in (None, "")
    )


def wording_of(key: str) -> str:
    """A stored key as a label: ``notice_pdf`` is "Notice pdf"."""
    text = key.replace("_", " ")
    return text[:1].upper() + text[1:]
