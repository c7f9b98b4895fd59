"""Sentences of the Records page: states, verdicts, versions, and acts of the audit trail."""

from __future__ import annotations

import json
from datetime import tzinfo

from workstation.domain.audit import Entry
from workstation.domain.documents import DocumentKind, DocumentState
from workstation.language import noted, tr
from workstation.presenters import wording
from workstation.workflow.signed_files import Exported
from workstation.workflow.verify import NOT_ISSUED, OTHER_PATIENT, SET_BACK, FileVerdict

KINDS = {
    DocumentKind.PRESCRIPTION: noted("Prescription"),
    DocumentKind.MONITORING_PLAN: noted("Plan"),
    DocumentKind.RECORD: noted("Record"),
    DocumentKind.VOID_NOTICE: noted("Void notice"),
    DocumentKind.HANDOUT: noted("Handout"),
    DocumentKind.GUARDIAN_PLAN: noted("Plan for a guardian"),
    DocumentKind.PHOTO_SHEET: noted("Photo sheet"),
}
STATES = {
    DocumentState.CURRENT: noted("Current"),
    DocumentState.AMENDED: noted("Amended"),
    DocumentState.VOID: noted("Void"),
}
STATE_CHIPS = {  # (kind of chip, icon)
    DocumentState.CURRENT: ("ok", "circle-check"),
    DocumentState.AMENDED: ("warn", "pencil"),
    DocumentState.VOID: ("danger", "octagon-x"),
}
VOID_REASONS = {
    "wrong_patient": noted("Issued for another patient"),
    "writing_error": noted("An error of writing"),
    "result_after_signing": noted("A safety check after signing"),
    "stopped_by_prescriber": noted("Treatment stopped by the prescriber"),
    "patient_request": noted("At the patient\u2019s request"),
    "not_picked_up": noted("Not picked up in time"),
    "other": noted("Another reason, in words"),
}
AMEND_REASONS = {
    "writing_error": noted("An error of writing"),
    "dose_change": noted("Another dose"),
    "instructions": noted("Other directions"),
    "plan_change": noted("Another monitoring plan"),
    "other": noted("Another reason, in words"),
}
VERDICTS = {
    "valid": noted("Genuine and unchanged"),
    "changed": noted("Changed since signing"),
    "untrusted": noted("Not a document of this clinic\u2019s store"),
    "unsigned": noted("Not signed"),
    "broken": noted("Not a readable PDF"),
}
WRONG = {  # what a code means, in a sentence
    "signature.digest": noted("Bytes inside the signed part differ from what was signed."),
    "signature.value": noted("The signature does not belong to these bytes."),
    "signature.coverage": noted("Bytes were added or the signature does not cover the whole file."),
    "signature.revisions": noted("The file holds changes made after signing."),
    "signature.several": noted("The file holds more than one signature."),
    "signature.fields": noted("The file holds form fields that signing never makes."),
    "signature.certification": noted("The mark that forbids later changes is missing."),
    "signature.none": noted("There is no signature in the file."),
    "signature.file.header": noted("The file is not a PDF."),
    "signature.file.unreadable": noted("The file cannot be read as a PDF of this program."),
    "signature.signer.other": noted("Another person signed it than the store says."),
    "signature.certificate.foreign": noted("The certificate is not of this clinic."),
    "signature.certificate.expired": noted("The certificate has expired."),
    "signature.certificate.time": noted("It was signed outside the certificate\u2019s validity."),
    "signature.certificate.revoked": noted("The certificate was revoked before it was signed."),
    "signature.timestamp.encoding": noted(
        "The time stamp is not written as this program writes it."
    ),
    "signature.timestamp.certificates": noted(
        "The time stamp carries other certificates than it should."
    ),
    "signature.timestamp.early": noted("The time stamp is older than the signature."),
    "signature.timestamp.value": noted("The time stamp belongs to other bytes."),
    "signature.timestamp.foreign": noted(
        "The time stamp is of an authority this clinic does not trust."
    ),
    "signature.certificates": noted("It carries other certificates than signing puts in."),
    "signature.cms.encoding": noted("The signature is not written as signing writes it."),
    "signature.cms.value": noted("The signature is not written as signing writes it."),
    NOT_ISSUED: noted("The signature is sound, but this store never issued these bytes."),
    OTHER_PATIENT: noted("It is a sound document of another patient."),
    SET_BACK: noted(
        "It was signed on records that are not these any more: the store was set back since."
    ),
}
ACTS = {  # action: (icon, words)
    "session.signed_in": ("user", noted("Signed in")),
    "session.locked": ("lock", noted("Locked")),
    "session.emergency": ("eye", noted("Emergency access")),
    "session.emergency_read": ("eye", noted("Read by emergency access")),
    "session.emergency_reviewed": ("shield-check", noted("Emergency access reviewed")),
    "session.pin_refused": ("lock", noted("PIN not accepted")),
    "consultation.received": ("inbox", noted("Received")),
    "consultation.viewed": ("eye", noted("Looked at")),
    "consultation.claimed": ("folder", noted("Opened and claimed")),
    "consultation.released": ("folder", noted("Closed")),
    "consultation.handed_on": ("users", noted("Given back for a colleague")),
    "person.handed_over": ("download", noted("Copy for the patient written")),
    "person.erased": ("octagon-x", noted("Records of a person erased")),
    "consultation.returned": ("clock", noted("Back in the queue")),
    "consultation.reopened": ("pencil", noted("Opened to amend")),
    "consultation.amendment_given_up": ("undo-2", noted("Amendment given up")),
    "consultation.escalated": ("siren", noted("Escalated to every prescriber")),
    "consultation.alerted": ("siren", noted("Alerted")),
    "draft.edited": ("pencil", noted("Edited")),
    "draft.undone": ("undo-2", noted("Undone")),
    "draft.redone": ("redo-2", noted("Done again")),
    "result.recorded": ("flask-conical", noted("Result recorded")),
    "contact.recorded": ("phone-call", noted("Contact recorded")),
    "document.signed": ("circle-check", noted("Signed")),
    "document.voided": ("octagon-x", noted("Made void")),
    "document.timestamped": ("clock", noted("Time stamp added")),
    "station.joined": ("users", noted("A station joined the clinic")),
    "clock.jumped": ("clock", noted("Clock was set")),
    "clock.confirmed": ("clock", noted("Clock confirmed to be right")),
    "trust.anchor_added": ("shield-check", noted("Time authority trusted")),
    "trust.key_taken": ("key-round", noted("Signing key taken into use")),
    "trust.key_replaced": ("key-round", noted("Signing key replaced by another")),
    "trust.key_revoked": ("octagon-x", noted("Signing key revoked")),
    "document.code_verified": ("shield-check", noted("QR code verified")),
    "document.verified": ("shield-check", noted("Verified")),
    "document.exported": ("download", noted("Exported")),
    "document.printed": ("printer", noted("Printed")),
    "leaflet.made": ("file-text", noted("Leaflet made")),
}
GROUPS = {  # chips of the audit trail: what their entries start with
    "signing": (noted("Signing"), ("document.", "leaflet.", "consultation.reopened")),
    "access": (noted("Access"), ("session.", "person.")),
    "clinical": (noted("Clinical"), ("draft.", "result.", "contact.", "consultation.")),
    "settings": (
        noted("Settings"),
        ("settings.", "setting.", "account.", "user.", "clinic.", "backup.", "trust."),
    ),
}
SIGNED_BEFORE = noted("what was signed before stays valid")
NOT_FOR_ROLE = noted("Your role does not include the audit trail.")
MARKS = {  # across each page of what holds no more, on the screen and on paper
    DocumentState.AMENDED: noted("Amended, not valid"),
    DocumentState.VOID: noted("Void, not valid"),
}
NO_SIGNER = noted("A dermatologist with a signing key makes documents void or amends them.")
IS_NOTICE = noted("A void notice stands for good.")
IS_AMENDED = noted("A later version replaced it. Choose that one.")
IS_VOID = noted("It is void already.")
NO_PAPER = noted("No printer is set up here, so it was written to the outbox as {name}.")
NO_ROWS = noted("No document matches.")
NOTHING_SIGNED = noted("Nothing is signed yet. Documents stand here as soon as they are.")


def act(action: str) -> tuple[str, str]:
    """(icon, words) of an action; one without words of its own is told by its code."""
    known = ACTS.get(action)
    if known is None:
        return "file-text", action.replace("_", " ").replace(".", ": ")
    return known[0], tr(known[1])


def verdict_lines(found: FileVerdict, zone: tzinfo | None) -> tuple[tuple[str, str, str], ...]:
    """(state ok | info | danger | warn, title, detail) of a verdict, in the order they are read."""
    made: list[tuple[str, str, str]] = []
    if found.state != "valid":
        wrong = [str(WRONG.get(code, code)) for code in found.because] or [
            tr(VERDICTS[found.state])
        ]
        made += [("danger", sentence, "") for sentence in dict.fromkeys(wrong)]
    digest = found.digest.upper()
    short = f"SHA-256 {digest[:4]} {digest[4:8]} \u2026 {digest[-4:]}"
    if found.document is not None:
        made.append(
            ("ok", tr("Bytes are the signed bytes"), tr("{short} equals the store", short=short))
        )
    else:
        made.append(("info", tr("This store does not hold these bytes"), short))
    if found.state == "valid":
        after = tr("no later change allowed")
        if found.stamped_at is not None:
            after = tr("only a time stamp lies after it")
        made.append(
            ("ok", tr("Signature covers the whole file"), tr("one signature, {after}", after=after))
        )
    if found.signer:
        when = wording.moment(found.signed_at, zone) if found.signed_at else ""
        made.append(
            (
                "ok" if found.state == "valid" else "info",
                tr("Signed by {signer}", signer=found.signer),
                when,
            )
        )
        timed = found.level not in ("", "B-B")
        made.append(
            (
                "ok",
                tr("Time stamped by an authority ({level})", level=found.level),
                wording.moment(found.stamped_at, zone) if found.stamped_at else "",
            )
            if timed
            else (
                "info",
                tr("Time is this computer\u2019s"),
                tr("no time stamp is in the file (B\u2011B)"),
            )
        )
    if found.revoked_since is not None:
        since = wording.moment(found.revoked_since, zone)
        made.append(
            ("info", tr("The signing key is revoked since {since}", since=since), tr(SIGNED_BEFORE))
        )
    if found.standing is DocumentState.AMENDED:
        made.append(
            ("warn", tr("Amended"), tr("{successor} is in its place", successor=found.successor))
        )
    elif found.standing is DocumentState.VOID:
        made.append(("danger", tr("Void"), tr("by notice {successor}", successor=found.successor)))
    elif found.standing is DocumentState.CURRENT:
        made.append(("ok", tr("It is the current version"), ""))
    return tuple(made)


def detail_pairs(entry: Entry) -> tuple[tuple[str, str], ...]:
    """What an entry holds besides who, when and what, as label and value."""
    try:
        held = json.loads(entry.detail)
    except ValueError:
        return ((tr("Detail"), entry.detail),)
    return tuple(
        (wording_of(key), str(value)) for key, value in held.items() if value not in (None, "")
    )


def wording_of(key: str) -> str:
    """A stored key as a label: ``notice_pdf`` is "Notice pdf"."""
    text = key.replace("_", " ")
    return text[:1].upper() + text[1:]


def exported(made: Exported) -> str:
    """Where a document and the files beside it are."""
    folder, name = made.path.parent.name, made.path.name
    if not made.beside:
        return tr("Exported to {folder} as {name}.", folder=folder, name=name)
    beside = ", ".join(one.name for one in made.beside)
    return tr(
        "Exported to {folder} as {name}, beside it {beside}.",
        folder=folder,
        name=name,
        beside=beside,
    )


def corrections(state: DocumentState, kind: DocumentKind, *, signs: bool) -> tuple[str, str]:
    """Why a document is not made void and not amended; "" where it can be."""
    if not signs:
        return (tr(NO_SIGNER), tr(NO_SIGNER))
    if kind is DocumentKind.VOID_NOTICE:
        return (tr(IS_NOTICE), tr(IS_NOTICE))
    if state is DocumentState.AMENDED:
        return (tr(IS_AMENDED), tr(IS_AMENDED))
    return (tr(IS_VOID) if state is DocumentState.VOID else "", "")
