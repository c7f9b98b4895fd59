"""What an undo or redo did, in words, where the page shown does not show it."""

from __future__ import annotations

from workstation.domain.draft import Edit
from workstation.domain.facts import Fact
from workstation.language import tr
from workstation.presenters import content_words
from workstation.presenters.case import CaseFile
from workstation.presenters.recovery import summed


def taken_back(edit: Edit, case: CaseFile) -> str:
    """``Undone: 1 answer (Most drinks on one day).``"""
    return tr("Undone: {what}.", what=_named(edit, case))


def done_again(edit: Edit, case: CaseFile) -> str:
    """``Redone: 1 annotation added.``"""
    return tr("Redone: {what}.", what=_named(edit, case))


def _named(edit: Edit, case: CaseFile) -> str:
    facts = content_words.facts(case.desk.catalogue)
    items = (change.after or change.before for change in edit.changes)
    asked = [facts[item.name].label for item in items if isinstance(item, Fact)]
    words = summed((edit,))
    return f"{words} ({', '.join(asked)})" if asked else words
