"""The open consultation as the steps see it, and what they are told of it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum

from workstation.domain.consultation import Consultation, PastVisit
from workstation.domain.draft import Draft, History, Reason
from workstation.domain.versions import Version
from workstation.workflow.appraisal import Appraisal
from workstation.workflow.earlier import Earlier


class Happened(Enum):
    """What kind of change listeners are told of."""

    OPENED = "opened"
    EDITED = "edited"  # draft changed: ``edit`` says what
    RESULT = "result"  # a result or contact was recorded
    SAVED = "saved"  # everything so far is durable
    CLOSED = "closed"
    HELD = "held"  # could not open: somebody has it (``problem`` has the code, ``detail`` the name)
    FAILED = "failed"  # ``problem`` has the code


@dataclass(frozen=True)
class CaseState:
    """The consultation on the screens. ``generation`` changes with each opened consultation."""

    generation: int
    consultation: Consultation
    past: tuple[PastVisit, ...]
    token: int
    history: History
    revision: int
    appraisal: Appraisal
    unsaved: int
    saved_at: datetime | None
    earlier: Earlier = Earlier()
    versions: tuple[Version, ...] = ()  # that the sender sent after the first
    recovered: int = 0  # edits made in a sitting that ended without closing the consultation

    @property
    def earlier_reasons(self) -> tuple[Reason, ...]:
        """Reasons given at earlier visits."""
        return self.earlier.reasons

    @property
    def draft(self) -> Draft:
        """The draft as shown."""
        return self.history.draft

    def differs_in_saving_alone(self, other: CaseState) -> bool:
        """Whether both are the same but for what is saved by now: whatever rests on one holds."""
        return all(getattr(self, name) is getattr(other, name) for name in _BUT_SAVING)


_BUT_SAVING = tuple(f.name for f in fields(CaseState) if f.name not in ("unsaved", "saved_at"))


@dataclass(frozen=True)
class CaseChange:
    """One notice to the screens; ``state`` is None when no consultation is open."""

    happened: Happened
    state: CaseState | None
    problem: str = ""
    detail: str = ""
