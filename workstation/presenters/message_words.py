"""What is said of each stable code: (what happened, what to do)."""

from __future__ import annotations

from workstation.language import Sentence, noted
from workstation.presenters import message_words_keeping, message_words_papers, message_words_work

MESSAGES: dict[str, tuple[Sentence, Sentence]] = {
    **message_words_keeping.MESSAGES,
    **message_words_papers.MESSAGES,
    **message_words_work.MESSAGES,
}

# What is said of a code that has no sentence of its own, by how it begins; the first that fits.
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
