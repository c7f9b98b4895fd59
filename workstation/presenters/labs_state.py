"""What the Labs page shows: rows, the result under review, and the words of both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workstation.domain.ids import ConsultationId, DocumentId, ResultId
from workstation.language import tr
from workstation.presenters import labs_wording as words
from workstation.presenters import wording
from workstation.presenters.labs_entry import EntryState
from workstation.workflow.desk import Desk
from workstation.workflow.ports.board import DueFilter, DueRow

Row = DueRow  # as pages name it


@dataclass(frozen=True, slots=True)
class RowView:
    """One row in words."""

    key: str
    state: str
    chip: tuple[str, str, str]  # words, icon, kind
    name: str
    about: str
    tests: str
    value: str
    note: str
    trend: tuple[float, ...]
    day: str
    day_note: str
    day_role: str
    face: str  # consultation with the photo, "" for none
    spoken: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """An item to be settled: what its results ask for, and what may be taken back."""

    consultation: ConsultationId
    title: str
    lines: tuple[tuple[str, str, str], ...]  # kind, what to do, why
    document: DocumentId | None
    prescription: str  # number of the prescription that may be undispensed, "" for none
    until: str
    pharmacy: str
    message: str
    needs_contact: bool
    asked: tuple[ResultId, ...] = ()  # every result it is about


@dataclass(frozen=True, slots=True)
class LabsState:
    """The whole page. ``rows`` are in order; their words are made when they are first shown.

    ``note`` says why the form or item on the right was refused, ``told`` what was done, which need
    not be of who stands there now.
    """

    wanted: DueFilter = DueFilter()
    rows: tuple[DueRow, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    index: int = -1
    entry: EntryState | None = None
    review: ReviewView | None = None
    loaded: bool = False
    refreshed: str = ""
    problem: wording.Problem | None = None
    note: str = ""
    told: str = ""
    unseen: wording.Problem | None = None  # why this user's role sees no result

    @property
    def selected(self) -> DueRow | None:
        """The row selected."""
        return self.rows[self.index] if 0 <= self.index < len(self.rows) else None

    def count(self, key: str) -> int:
        """How many there are of a filter."""
        return dict(self.counts).get(key, 0)


def key_of(row: DueRow) -> str:
    """What a row is about; it stays when others come and go."""
    return "|".join((row.patient, row.result or "", row.role, *row.tests))


def worded(row: DueRow, key: str, desk: Desk, today: date) -> RowView:
    """A row of the board in words, as of ``today``."""
    value, note = words.last_value(row)
    day, day_note, role = words.dated(row, today)
    state, *look = words.STATES[row.state]
    chip = (tr(state), look[0], look[1])
    tests = words.tests(row, desk.catalogue.tests)
    name, about = words.name(row), words.about(row, today)
    return RowView(
        key=key,
        state=row.state,
        chip=chip,
        name=name,
        about=about,
        tests=tests,
        value=value,
        note=note,
        trend=words.trend(row.readings),
        day=day,
        day_note=day_note,
        day_role=role,
        face=row.consultation,
        spoken=words.spoken((chip[0], name, about, tests, value, note, day, day_note)),
    )
