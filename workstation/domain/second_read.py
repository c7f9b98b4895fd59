"""A second reading: the photos of a consultation annotated afresh, without sight of the first.

It is a journal of edits that only grows; what it holds is what replaying the journal gives. Taking
an edit back is another edit. The last edit closes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from types import MappingProxyType

from workstation.domain.draft import Draft, Edit, History, ItemKind
from workstation.domain.errors import Conflict
from workstation.domain.ids import ConsultationId, UserId

STARTED = "second_read.start"
FINISHED = "second_read.finish"
UNDONE, REDONE = "second_read.undo", "second_read.redo"
DRAWN = frozenset({ItemKind.ANNOTATION.value, ItemKind.SCALE.value})
"""What a second reader may draw; the zones are the first reader's, so that both count alike."""


@dataclass(frozen=True)
class SecondRead:
    """One reading by one reader; ``round`` counts this reader's readings of the consultation."""

    consultation: ConsultationId
    reader: UserId
    round: int
    edits: tuple[Edit, ...]

    @property
    def finished(self) -> bool:
        """Whether the reader closed it: only then may anybody compare it."""
        return bool(self.edits) and self.edits[-1].label == FINISHED

    @cached_property
    def draft(self) -> Draft:
        """What the reader has drawn so far."""
        return replayed(self.consultation, self.edits)

    @property
    def history(self) -> History:
        """The same with what can be undone and done again, also after a restart."""
        history = History.of(Draft.empty(self.consultation))
        for edit in self.edits:
            if edit.label == UNDONE:
                history = history.undo()
            elif edit.label == REDONE:
                history = history.redo()
            elif edit.changes:
                history = history.do(edit)
        return history

    def after(self, edit: Edit) -> SecondRead:
        """The reading with one more edit.

        Raises:
            Conflict: ``second_read.finished``, ``second_read.kind`` for what a second reader may
                not touch, ``draft.edit.stale``.
        """
        if self.finished:
            raise Conflict("second_read.finished")
        if not {change.key.kind for change in edit.changes} <= DRAWN:
            raise Conflict("second_read.kind")
        draft = self.draft.apply(edit)
        after = SecondRead(self.consultation, self.reader, self.round, (*self.edits, edit))
        after.__dict__["draft"] = draft  # the same as replaying, without reading every edit again
        return after


def taken_back(history: History, by: UserId, at: datetime) -> Edit:
    """The edit that journals one step of undo; ``history`` has one to undo."""
    return replace(history.past[-1].reversed(), label=UNDONE, by=by, at=at)


def done_again(history: History, by: UserId, at: datetime) -> Edit:
    """The edit that journals one step of redo; ``history`` has one to do again."""
    return replace(history.future[0], label=REDONE, by=by, at=at)


def replayed(consultation: ConsultationId, edits: Sequence[Edit]) -> Draft:
    """The draft that a journal of edits gives."""
    draft = Draft.empty(consultation)
    for edit in edits:
        draft = draft.apply(edit)
    return draft


def on_the_same_skin(first: Draft, second: Draft) -> Draft:
    """The second reader's annotations on the first reader's zones, so that both count alike."""
    kept = {k: v for k, v in first.items.items() if k.kind != ItemKind.ANNOTATION.value}
    own = {k: v for k, v in second.items.items() if k.kind == ItemKind.ANNOTATION.value}
    return Draft(first.consultation, MappingProxyType({**kept, **own}))
