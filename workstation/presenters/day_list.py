"""The day list: what is open, in service order, for a pocket. Initials and numbers, no names."""

from __future__ import annotations

from workstation.language import noted, plural, tr
from workstation.presenters import wording
from workstation.presenters.paper_list import PaperList
from workstation.presenters.queue_rows import QueueState, RowView

HEADS = (
    noted("Triage"),
    noted("Waiting"),
    noted("Initials"),
    noted("ID"),
    noted("Request"),
    noted("Photos"),
    noted("Severity"),
    noted("Dr"),
)
TITLE = noted("Day list")
FOR_WHOM = noted("Initials and numbers only. Shred it at the end of the day.")


def day_list(state: QueueState, day: str, clinic: str) -> PaperList:
    """What the queue lists now. ``day`` and ``clinic`` stand below the title."""
    counted = plural(len(state.rows), "{n} consultation", "{n} consultations")
    return PaperList(
        tr(TITLE),
        (f"{clinic} \u00b7 {day} \u00b7 {counted}", tr(FOR_WHOM)),
        tuple(tr(head) for head in HEADS),
        tuple(_row(row) for row in state.rows),
    )


def _row(view: RowView) -> tuple[str, ...]:
    row = view.row
    initials = "".join(f"{word[:1].upper()}." for word in (row.given, row.family) if word)
    return (
        str(wording.TRIAGE[view.level]),
        f"{view.waiting}, {view.left}".strip(", "),
        initials,
        wording.groups_of_three(row.external_id),
        f"{view.request} {view.stage}".strip(),
        view.photos,
        view.severity,
        row.claimed_initials,
    )
