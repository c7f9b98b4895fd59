"""Queue, consultation, photos, results and identity: what is said of each stable code."""

from __future__ import annotations

from workstation.language import Sentence, noted

MESSAGES: dict[str, tuple[Sentence, Sentence]] = {
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
            "The clinic\u2019s own model needs the extra assist (onnxruntime), which is not installed."
        ),
        noted(
            "Nothing was proposed. Install derm-workstation[assist], or take detector.toml away."
        ),
    ),
    "detector.model": (
        noted("The clinic\u2019s own model could not be used."),
        noted("Nothing was proposed. Compare the model with detector.toml."),
    ),
    "content.detector.invalid": (
        noted("The description of the clinic\u2019s own model, detector.toml, is wrong."),
        noted(
            "Nothing was proposed. It needs name, version, model, width, height, classes, threshold."
        ),
    ),
    "detector.none": (
        noted("This computer has no detector."),
        noted("Nothing was changed. Annotate by hand."),
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
        noted(
            "What was saved before stays; an edit made since then does not. Open it again from the queue."
        ),
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
    "identity.unanswered": (
        noted("Nothing was said about whom this is."),
        noted("There is no answer that could be taken back."),
    ),
    "identity.unknown": (noted("This was not in doubt."), noted("Look at the consultation again.")),
    "result.news": (
        noted("Another result of this patient came in meanwhile."),
        noted("It is listed now: look at it, then settle."),
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
