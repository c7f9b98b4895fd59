"""Signing, trust, documents and what leaves: what is said of each stable code."""

from __future__ import annotations

from workstation.language import Sentence, noted

MESSAGES: dict[str, tuple[Sentence, Sentence]] = {
    "explain.unknown": (
        noted("No signed document here has this number."),
        noted("Compare it with the page, or look for the document in Records."),
    ),
    "explain.notice": (
        noted("A void notice rests on a person\u2019s word, not on rules."),
        noted("Its reason stands beside the document that it made void."),
    ),
    "explain.amended": (
        noted("This version was amended."),
        noted("The one in its place says what was decided. Choose that one."),
    ),
    "explain.amending": (
        noted("This consultation is being amended now."),
        noted("Its draft is on the way to something else. Look again when that is signed."),
    ),
    "explain.erased": (
        noted("What this was signed on has been erased."),
        noted("The signed document is kept as the law asks; open it to read it."),
    ),
    "content.edition.unknown": (
        noted("The rules of that day are not kept here."),
        noted("The signed file stands as it is. A newer program brings the older editions along."),
    ),
    "sign.key.none": (
        noted("You have no signing key here."),
        noted("Consultations can be drafted, not signed. Ask the administrator for a key."),
    ),
    "sign.key.lost": (
        noted("The file of your signing key is gone."),
        noted(
            "Consultations can be drafted, not signed. Ask the administrator to bring it back from a backup (folder keys), then sign in again. If it is lost for good, revoke it and make a new key in Settings, Signing keys; what was signed stays valid."
        ),
    ),
    "sign.key.damaged": (
        noted("The file of your signing key is damaged."),
        noted(
            "Consultations can be drafted, not signed. Ask the administrator to bring it back from a backup (folder keys), then sign in again, and to look at the disk. A new key does not repair it: make one in Settings, Signing keys, only if there is no backup; what was signed stays valid."
        ),
    ),
    "sign.key.unread": (
        noted("The file of your signing key cannot be read now."),
        noted(
            "Consultations can be drafted, not signed. Look whether the disk or the clinic\u2019s server answers, then lock the desk and unlock it."
        ),
    ),
    "sign.key.expired": (
        noted("The signing key has expired."),
        noted("Consultations can be drafted, not signed. Renew it in Settings, Signing keys."),
    ),
    "sign.key.revoked": (
        noted("Your signing key is revoked."),
        noted(
            "Consultations can be drafted, not signed. Make a new one in Settings, Signing keys."
        ),
    ),
    "trust.revoked.already": (noted("This key is revoked already."), noted("Nothing was changed.")),
    "trust.serial.unknown": (noted("No such key was issued here."), noted("Nothing was changed.")),
    "trust.serial": (noted("This is no serial number of a key."), noted("Nothing was changed.")),
    "trust.since": (noted("The day lies in the future."), noted("Nothing was changed.")),
    "trust.reason": (noted("Choose one of the reasons."), noted("Nothing was changed.")),
    "timestamp.none": (
        noted("No time stamp server is set."),
        noted("Set its address in the clinic\u2019s settings."),
    ),
    "timestamp.already": (
        noted("This document has the highest level already."),
        noted("Nothing was changed."),
    ),
    "timestamp.server": (
        noted("The time stamp server was not reached."),
        noted("Nothing was changed. Try again later."),
    ),
    "timestamp.answer": (
        noted("The time stamp server\u2019s answer does not fit the question."),
        noted("Nothing was changed. Try again, or ask who runs the server."),
    ),
    "timestamp.refused": (
        noted("The time stamp server refused."),
        noted("Nothing was changed. Ask who runs the server."),
    ),
    "timestamp.untrusted": (
        noted("The time stamp is of an authority this clinic does not trust."),
        noted("Nothing was changed. Add its certificate to the trusted time authorities."),
    ),
    "timestamp.file": (
        noted("This file cannot take a time stamp."),
        noted("Nothing was changed."),
    ),
    "document.stamped.already": (
        noted("Somebody else added a time stamp meanwhile."),
        noted("Look at the document again."),
    ),
    "trust.anchor.known": (
        noted("This authority is trusted already."),
        noted("Nothing was changed."),
    ),
    "trust.anchor.unreadable": (
        noted("The file holds no certificate that can be read."),
        noted("Nothing was changed. Choose a certificate file (.pem, .crt, .der)."),
    ),
    "trust.anchor.kind": (
        noted("The certificate is not an authority\u2019s."),
        noted("Nothing was changed. Choose the certificate of the authority itself."),
    ),
    "trust.anchor.expired": (
        noted("The authority\u2019s certificate is not valid today."),
        noted("Nothing was changed."),
    ),
    "server.address": (
        noted(
            "The FHIR server\u2019s address must be https://\u2026 without a name or password in it."
        ),
        noted("Nothing was sent or fetched."),
    ),
    "server.unreachable": (
        noted("The FHIR server cannot be reached, or it stayed busy."),
        noted("What was fetched so far is kept; the same command goes on."),
    ),
    "server.certificate": (
        noted(
            "The FHIR server\u2019s certificate does not hold: it has ended, is for another name, or nobody trusted signed it."
        ),
        noted(
            "Nothing was sent or fetched. Ask who runs the server; --authorities names whom to trust."
        ),
    ),
    "server.refused": (
        noted("The FHIR server refused."),
        noted("Ask who runs the server; the token may have ended."),
    ),
    "server.answer": (
        noted("The FHIR server\u2019s answer cannot be used."),
        noted("What was fetched so far is kept. Ask who runs the server."),
    ),
    "export.dicom.extra": (
        noted("DICOM needs an optional part of the program."),
        noted("Nothing was written. It is installed by: pip install 'derm-workstation[dicom]'."),
    ),
    "export.answer": (
        noted("An answer of this consultation fits no published question."),
        noted("Nothing was written."),
    ),
    "document.ended.already": (
        noted("This document no longer holds already."),
        noted("Nothing was changed. Its versions show what is in its place."),
    ),
    "void.reason.short": (
        noted("Say in at least 10 characters why."),
        noted("Nothing was made void."),
    ),
    "amend.open.already": (
        noted("This consultation is being amended already."),
        noted("Open it from the queue to go on, or give the amendment up there."),
    ),
    "amend.later_visit": (
        noted("A later visit of this patient was signed."),
        noted(
            "Nothing was changed. Make the document void, or write the change into the next visit."
        ),
    ),
    "document.glyph.missing": (
        noted("A name or text holds a character that cannot be printed ({first})."),
        noted("Nothing was signed. Write it in Latin, Greek or Cyrillic letters, then look again."),
    ),
    "document.overflow": (
        noted("A name or text is too long for its place on the page."),
        noted("Nothing was signed. Shorten it, then look again."),
    ),
    "leaflet.guardian.adult": (
        noted("Only a minor\u2019s plan has a copy for a guardian."),
        noted("Give the plan to the patient in person."),
    ),
    "export.plan.none": (
        noted("No plan was signed for this patient."),
        noted("A calendar is written of a signed plan. Sign one first."),
    ),
    "export.folder.silent": (
        noted("The folder does not answer."),
        noted("The file may not be there. Check the network, then export it again."),
    ),
    "export.not_empty": (noted("The folder is not empty."), noted("Choose a new folder.")),
    "export.record.none": (
        noted("No consultation here has this record number."),
        noted("Nothing was written. Write it as it stands on the page, with letters and dash."),
    ),
    "export.patient.none": (
        noted("No patient here has this record number and birth date, or several do."),
        noted("Nothing was written. Check both."),
    ),
}
