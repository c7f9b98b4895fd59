"""What is said of each stable code: (what happened, what to do)."""

from __future__ import annotations

from workstation.language import Sentence, noted

MESSAGES: dict[str, tuple[Sentence, Sentence]] = {
    "session.password.wrong": (
        noted("User name or password not accepted."),
        noted("Nothing was opened. Check Caps Lock and try again."),
    ),
    "session.user.inactive": (
        noted("This account is switched off."),
        noted("Nothing was opened. Ask the clinic administrator to switch it on."),
    ),
    "annotations.format": (
        noted("This file does not hold annotations of this program."),
        noted("Nothing was changed. Choose a file written by Export annotations."),
    ),
    "annotations.photo": (
        noted("A photo of this file is not a photo of this consultation."),
        noted(
            "Nothing was changed. Photos are compared by their bytes: choose the file of this consultation."
        ),
    ),
    "annotations.place": (
        noted("An annotation of this file lies outside its photo."),
        noted("Nothing was changed. Ask where the file comes from."),
    ),
    "annotations.differs": (
        noted("The regions of this report are not where its text says."),
        noted("Nothing was changed. It was altered after it was written: ask where it comes from."),
    ),
    "second_read.blinded": (
        noted("Your own second reading of this consultation is still open."),
        noted("Nothing was changed. Finish it first: until then you are blinded."),
    ),
    "second_read.none": (
        noted("No second reading of this consultation is finished."),
        noted("Nothing was changed. The second reader finishes it, then it can be compared."),
    ),
    "second_read.finished": (
        noted("This second reading is finished."),
        noted("Nothing was changed. Start another one to read again."),
    ),
    "second_read.stale": (
        noted("This second reading went on in another window."),
        noted("Your last annotation was not saved. Open the reading again."),
    ),
    "second_read.reader": (
        noted("This second reading belongs to another reader."),
        noted("Nothing was changed. Start your own."),
    ),
    "detector.extra_missing": (
        noted(
            "The clinic's own model needs the extra assist (onnxruntime), which is not installed."
        ),
        noted(
            "Nothing was proposed. Install derm-workstation[assist], or take detector.toml away."
        ),
    ),
    "detector.model": (
        noted("The clinic's own model could not be used."),
        noted("Nothing was proposed. Compare the model with detector.toml."),
    ),
    "content.detector.invalid": (
        noted("The description of the clinic's own model, detector.toml, is wrong."),
        noted(
            "Nothing was proposed. It needs name, version, model, width, height, classes, threshold."
        ),
    ),
    "detector.none": (
        noted("This computer has no detector."),
        noted("Nothing was changed. Annotate by hand."),
    ),
    "backup.none": (
        noted("There is no backup in this folder."),
        noted("Nothing was changed. Choose the folder that holds manifest.json."),
    ),
    "backup.newer": (
        noted("This backup was made by a newer version of the program."),
        noted("Nothing was changed. Install that version, then restore."),
    ),
    "backup.damaged": (
        noted("This backup is damaged: a file is not as it was written."),
        noted("Nothing was restored. Use an older or another backup, and look at the disk."),
    ),
    "backup.changed": (
        noted("This backup was changed after it was made."),
        noted("Nothing was restored. Use another backup, and find out who could write to it."),
    ),
    "backup.inside": (
        noted("The backup folder lies inside the records."),
        noted("No backup was made. Choose a folder on another disk."),
    ),
    "backup.folder": (
        noted("The backup folder cannot be written."),
        noted(
            "No backup was made; the records are not touched. Connect the disk, or choose another folder."
        ),
    ),
    "store.server.plain_text": (
        noted("The connection to the server would not be encrypted and checked."),
        noted("Nothing was sent. Use sslmode=verify-full with the server's certificate."),
    ),
    "store.server.password": (
        noted("A password stands in the server's address."),
        noted(
            "Nothing was sent. Take it out: it belongs in the password file of PostgreSQL (pgpass)."
        ),
    ),
    "store.vault.missing": (
        noted("The shared folder of photos and documents is not there."),
        noted("Nothing was opened. Connect the shared folder, then try again."),
    ),
    "store.vault.not_empty": (
        noted("The shared folder holds something already."),
        noted("Nothing was copied. Give a new, empty folder."),
    ),
    "store.copy.not_empty": (
        noted("The target holds records already."),
        noted("Nothing was copied. Give a new, empty database."),
    ),
    "store.copy.differs": (
        noted("What was copied does not read back the same."),
        noted(
            "Nothing counts as copied; the records are not touched. Look at the disk, then try again."
        ),
    ),
    "account.last_administrator": (
        noted("This is the last account that administers the clinic."),
        noted("Nothing was changed. Give another account that right first."),
    ),
    "session.pin.needed": (
        noted("Who signs needs a PIN."),
        noted("Nothing was changed. Enter 6 digits."),
    ),
    "session.login.taken": (
        noted("This user name is taken."),
        noted("Nothing was changed. Choose another one."),
    ),
    "session.login.unknown": (
        noted("There is no account of this name."),
        noted("Nothing was changed. Check the spelling."),
    ),
    "session.recovery.wrong": (
        noted("The recovery key is not accepted."),
        noted("Nothing was changed. Type the 25 characters as printed; capitals do not matter."),
    ),
    "session.emergency.reason": (
        noted("Emergency access needs a reason of at least 10 characters."),
        noted("Nothing was opened. Write why; it is kept and reviewed."),
    ),
    "settings.unknown": (
        noted("This setting does not exist."),
        noted("Nothing was changed."),
    ),
    "settings.value": (
        noted("This value does not fit the setting."),
        noted("Nothing was changed. Choose one of the values offered."),
    ),
    "session.permission": (
        noted("Your role does not include this."),
        noted("Nothing was changed. A dermatologist of the clinic can do it."),
    ),
    "session.waits": (
        noted("Too many tries in a row."),
        noted("Signing in is closed for a short while. Wait, then try again."),
    ),
    "consultation.held": (
        noted("{detail} has this consultation open."),
        noted("It can be opened here as soon as it is closed there."),
    ),
    "consultation.gone": (
        noted("This consultation is no longer in the queue."),
        noted("It was signed or withdrawn meanwhile. Press F5 for the queue as it is now."),
    ),
    "consultation.claim.lost": (
        noted("This consultation is now open somewhere else."),
        noted("Your work up to here is saved. Go back to the queue and open it again."),
    ),
    "consultation.revision.stale": (
        noted("This consultation was changed in another window."),
        noted("The last edit was not saved. Close it and open it again to go on."),
    ),
    "draft.edit.stale": (
        noted("The last edit no longer fits."),
        noted("It was not saved. Close the consultation and open it again to go on."),
    ),
    "consultation.signed.already": (
        noted("This consultation is already signed."),
        noted("Nothing was signed twice. The signed documents are kept with it."),
    ),
    "consultation.status.move": (
        noted("The consultation cannot go there from where it stands."),
        noted("Nothing was changed. Press F5 to see where it stands now."),
    ),
    "consultation.contact.missing": (
        noted("Call first: this is a red flag without a contact record."),
        noted("It stays in the queue with its clock running. Record a try to reach the patient."),
    ),
    "queue.defer.day": (
        noted("That day is not to come any more."),
        noted("Nothing was changed. Choose a day after today."),
    ),
    "queue.level.reason": (
        noted("Lowering a level needs a reason."),
        noted(
            "Nothing was changed. Write it in at least 10 characters; it is kept in the audit trail."
        ),
    ),
    "case.none_open": (
        noted("No consultation is open."),
        noted("Open one from the queue first."),
    ),
    "photo.not_of_this_consultation": (
        noted("This photo does not belong to this consultation."),
        noted("It is not shown. Close the consultation and open it again."),
    ),
    "vault.share.gone": (
        noted("The clinic's shared folder does not answer."),
        noted("Nothing was changed. Check the network, then do it again."),
    ),
    "vault.blob.damaged": (
        noted("A photo file is damaged."),
        noted("The other photos are fine. Ask for a new photo, or restore a backup."),
    ),
    "vault.blob.missing": (
        noted("A photo file is missing."),
        noted("The other photos are fine. Ask for a new photo, or restore a backup."),
    ),
    "store.disk.full.at": (
        noted("No room left on the disk of {folder}."),
        noted(
            "Your draft is kept in memory. Make room there, then save again; nothing needs repair."
        ),
    ),
    "store.disk.full": (
        noted("No room left on this disk."),
        noted(
            "Your draft is kept in memory. Free 200 MB, then save again. Signing is closed until then."
        ),
    ),
    "store.busy": (
        noted("The records folder is busy."),
        noted("Another program holds it. What you did is kept; it is tried again."),
    ),
    "store.missing": (
        noted("There is no records folder here."),
        noted("Choose another folder, or set up a new clinic."),
    ),
    "store.version": (
        noted("This records folder was written by a newer version."),
        noted("Nothing was opened, so nothing is lost. Install that version to go on."),
    ),
    "store.weak": (
        noted("This computer cannot protect the password well enough."),
        noted("No records folder was made. Free memory and try again."),
    ),
    "store.exists": (
        noted("There is already a records folder here."),
        noted("Nothing was changed. Sign in to it, or choose another folder."),
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
    "rules.levels.unreadable": (
        noted("The clinic\u2019s stricter rule levels cannot be read."),
        noted("Nothing was opened, so that no rule is less strict than decided. Ask for support."),
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
    "erase.nobody": (
        noted("Nobody is on record under that number."),
        noted("Perhaps it is erased already."),
    ),
    "erase.open": (
        noted("A consultation of this person is not closed."),
        noted("Close or withdraw it first, then erase."),
    ),
    "erase.reason": (
        noted("The reason is too short."),
        noted("Write why, in at least 10 characters."),
    ),
    "person.stopped": (
        noted("The copy was stopped."),
        noted("The folder is not whole: remove it before you begin again."),
    ),
    "emergency.own": (
        noted("Your own access is reviewed by somebody else."),
        noted("An administrator, an auditor or a dermatologist can."),
    ),
    "emergency.reviewed": (
        noted("Somebody has reviewed this access meanwhile."),
        noted("What was found stays as it is."),
    ),
    "emergency.unknown": (
        noted("There is no such access on the audit trail."),
        noted("Close this window and open it again."),
    ),
    "colleague.reason": (
        noted("The reason is too short."),
        noted("Write why, in at least 10 characters."),
    ),
    "identity.unanswered": (
        noted("Nothing was said about whom this is."),
        noted("There is no answer that could be taken back."),
    ),
    "identity.unknown": (noted("This was not in doubt."), noted("Look at the consultation again.")),
    "export.not_empty": (noted("The folder is not empty."), noted("Choose a new folder.")),
    "export.patient.none": (
        noted("No patient here has this record number and birth date, or several do."),
        noted("Nothing was written. Check both."),
    ),
    "result.contact.missing": (
        noted("Write who was told and what was agreed."),
        noted("An emergent or urgent result is not closed before."),
    ),
    "intake.results.patient": (
        noted("No patient here has this record number and birth date, or several do."),
        noted("The results wait in the refused folder until somebody has looked."),
    ),
    "intake.photo.unreadable": (
        noted("A photo could not be read."),
        noted("The others are fine. Ask for a new photo, or try again."),
    ),
}


FAMILIES: tuple[tuple[str, tuple[Sentence, Sentence]], ...] = (
    ("session.", (noted("Signing in did not work."), noted("Nothing was opened. Try again."))),
    (
        "store.",
        (
            noted("The records folder did not answer."),
            noted("Nothing was lost. Try again in a moment."),
        ),
    ),
    ("vault.", (noted("A stored file could not be read."), noted("The rest is fine. Try again."))),
    (
        "consultation.",
        (noted("The consultation did not change."), noted("Press F5 and look again.")),
    ),
    (
        "message.",
        (noted("The message was not sent."), noted("Nothing was changed. Write it and try again.")),
    ),
    ("queue.", (noted("The consultation did not change."), noted("Press F5 and look again."))),
    (
        "draft.",
        (noted("The last edit was not saved."), noted("Close the consultation and open it again.")),
    ),
    (
        "intake.results.",
        (
            noted("Results were not taken."),
            noted("The file waits in the refused folder with the reason."),
        ),
    ),
    (
        "intake.hl7",
        (
            noted("Results were not taken."),
            noted("The file waits in the refused folder with the reason."),
        ),
    ),
    (
        "result.",
        (noted("The result was not recorded."), noted("Nothing was changed. Look at it again.")),
    ),
    (
        "intake.",
        (
            noted("A package was not taken."),
            noted("Nothing of it is kept in the queue. Ask for it again."),
        ),
    ),
    ("photo", (noted("A photo could not be shown."), noted("The others are fine. Try again."))),
    (
        "document.",
        (
            noted("The document could not be drawn."),
            noted("Nothing was signed. Check the entries."),
        ),
    ),
    (
        "sign.",
        (noted("Signing did not happen."), noted("Nothing was signed. Look at the page again.")),
    ),
    (
        "void.",
        (noted("The document was not made void."), noted("It still holds. Look at it again.")),
    ),
    (
        "amend.",
        (
            noted("The consultation was not opened again."),
            noted("The signed documents still hold."),
        ),
    ),
    (
        "export.",
        (noted("The file could not be written."), noted("The signature stands. Export it again.")),
    ),
    (
        "content.",
        (
            noted("A rule file cannot be used."),
            noted("Nothing can be signed until it is corrected."),
        ),
    ),
)
