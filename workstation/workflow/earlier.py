"""What earlier visits of a patient decided: the last prescription, the pharmacy, the reasons given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workstation.domain.consultation import PastVisit
from workstation.domain.draft import DecisionKind, Draft, Pharmacy, Reason
from workstation.domain.rems_checklist import RemsEntry
from workstation.workflow.ports import ReadUnit


@dataclass(frozen=True)
class Earlier:
    """``draft`` and ``on`` are of the last visit that prescribed; None when none did.

    ``pharmacy`` is the newest one recorded at any earlier visit: it is the patient's own.
    """

    draft: Draft | None = None
    on: date | None = None
    pharmacy: Pharmacy | None = None
    reasons: tuple[Reason, ...] = ()
    entries: tuple[RemsEntry, ...] = ()


def earlier_visits(unit: ReadUnit, past: tuple[PastVisit, ...]) -> Earlier:
    """What the visits of ``past`` (oldest first) leave for the one that is open."""
    found = Earlier()
    for visit in past:
        draft = unit.history(visit.consultation).draft
        decision = draft.decision
        prescribed = decision is not None and decision.kind is DecisionKind.PRESCRIBE
        found = Earlier(
            draft if prescribed else found.draft,
            visit.on if prescribed else found.on,
            draft.pharmacy or found.pharmacy,
            (*found.reasons, *draft.reasons),
            (*found.entries, *draft.rems_entries),
        )
    return found
