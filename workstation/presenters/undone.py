"""Undo and redo, each shown where the edit was made; what the page cannot show is said in words."""

from __future__ import annotations

from collections.abc import Callable

from workstation.domain.draft import Edit
from workstation.domain.facts import Fact
from workstation.language import tr
from workstation.presenters import content_words
from workstation.presenters.case import CaseFile
from workstation.presenters.recovery import summed


def take_back(case: CaseFile, shows: Callable[[Edit], bool], say: Callable[[str], None]) -> None:
    """Take the last edit back. ``shows`` brings its place into view, and tells whether it could."""
    if case.state is None or not case.state.history.past:
        return
    edit = case.state.history.past[-1]
    seen = shows(edit)
    case.undo()
    if not seen:
        say(taken_back(edit, case))


def do_again(case: CaseFile, shows: Callable[[Edit], bool], say: Callable[[str], None]) -> None:
    """Apply the last undone edit again, as ``take_back`` takes it back."""
    if case.state is None or not case.state.history.future:
        return
    edit = case.state.history.future[0]
    seen = shows(edit)
    case.redo()
    if not seen:
        say(done_again(edit, case))


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
