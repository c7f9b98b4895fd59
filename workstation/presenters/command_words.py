"""What the command line says of a stable code where the window's words would not fit there."""

from __future__ import annotations

from workstation.domain.errors import WorkstationError
from workstation.language import Sentence, noted
from workstation.presenters import wording

NOT_WHOLE = noted("What is there already is not whole: remove it, then try again.")
SENTENCES: dict[str, tuple[Sentence, Sentence]] = {
    "command.nobody": (
        noted("Nobody can be asked here."),
        noted("Nothing was opened. Give the user with --user and the words by --password-file."),
    ),
    "command.file.missing": (
        noted("{file} is not there."),
        noted("Check the spelling; the folder around it has to be there too."),
    ),
    "command.file.rights": (
        noted("{file} may not be used by this account of the computer."),
        noted("Give it the right, or choose another place."),
    ),
    "command.file.room": (noted("No room left on the disk of {file}."), NOT_WHOLE),
    "command.file.fault": (
        noted("{file} cannot be read or written."),
        noted("Look at the disk, or choose another place."),
    ),
    "command.file.text": (
        noted("{file} is no text (UTF-8)."),
        noted("Nothing was changed. Write it with a plain editor."),
    ),
    "consultation.gone": (
        noted("No open consultation here has this number."),
        noted("The numbers are listed by: workstation queue."),
    ),
    "store.disk.full": (
        noted("No room left on this disk."),
        noted("Nothing counts as done that was not said to be. Make room, then try again."),
    ),
    "store.disk.full.at": (
        noted("No room left on the disk of {folder}."),
        noted("Nothing counts as done that was not said to be. Make room, then try again."),
    ),
    "content.cases.unreadable": (
        noted("The file of cases cannot be read as JSON."),
        noted("No case was tried. Look at the file."),
    ),
    "content.cases.shape": (
        noted("The file of cases has another form."),
        noted("No case was tried. The form is printed by: workstation check-content --schemas."),
    ),
    "export.folder": (noted("A file could not be written: no room, or no right."), NOT_WHOLE),
}


def message_for(error: WorkstationError) -> wording.Problem:
    """The sentences for an error of a command."""
    return wording.message(error.code, context=error.context, own=SENTENCES)
