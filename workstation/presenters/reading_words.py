"""Sentences of a second reading and of the agreement of two readings."""

from __future__ import annotations

from datetime import datetime, tzinfo

from workstation.domain.agreement import Agreement
from workstation.presenters import wording

TITLE = "Second reading"
BLINDED = "You see the photos and your own annotations, nothing of the first reading."
DONE = "Reading finished. It can be compared now and no longer changed."


def about(
    round_: int, made: int, saved_at: datetime | None, unsaved: int, zone: tzinfo | None
) -> str:
    """``Round 1 · 12 annotations · saved 13:42:08``."""
    parts = [f"Round {round_}", wording.count(made, "annotation")]
    if unsaved:
        parts.append("saving")
    elif saved_at is not None:
        parts.append(f"saved {wording.clock_seconds(saved_at, zone)}")
    return " \u00b7 ".join(parts)


AGREEMENT = "Agreement of two readings"
FEW_PAIRS, FEW_CELLS = 30, 10  # below these a coefficient says little; they qualify words only
NOT_TOLD = "not told"
"""Where a coefficient has nothing to stand on: nothing varies, or too little was counted."""


def compared(reader: str, at: datetime, zone: tzinfo | None) -> str:
    """Whose reading is laid over the first one, and when it was finished."""
    local = at.astimezone(zone) if zone is not None else at
    who = reader or "A colleague"
    return f"{who}, finished {wording.day(local.date())} {wording.clock(local)}"


def figure(value: float | None) -> str:
    """A coefficient in two digits, or that it cannot be told."""
    if value is None:
        return NOT_TOLD
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "\u2212")  # never a minus before nought


def caution(found: Agreement) -> str:
    """What keeps the figures from being a judgement of two readers."""
    pairs = len(found.paired.both)
    said = [
        f"From one consultation: {wording.count(pairs, 'lesion')} marked by both readers. "
        "The figures describe these photos, not the readers."
    ]
    if pairs < FEW_PAIRS:
        said.append(f"Kappa from fewer than {FEW_PAIRS} pairs moves with every single lesion.")
    if any(t.icc is None for t in found.types):
        said.append(f"\u201c{NOT_TOLD.capitalize()}\u201d: the counts do not vary over the zones.")
    return " ".join(said)


def legend(found: Agreement) -> tuple[str, str, str]:
    """Marked by both, by the first reader alone, by the second alone."""
    paired = found.paired
    return (
        f"{len(paired.both)} marked by both",
        f"{len(paired.first_only)} by the first reader alone: ring, 1",
        f"{len(paired.second_only)} by the second reader alone: square, 2",
    )


def written(name: str) -> str:
    """Where a file went."""
    return f"Written to the outbox: {name}"


def exported(number: int, name: str) -> str:
    """What was written and where."""
    return f"{wording.count(number, 'annotation')} written to the outbox: {name}"


def imported(changed: int) -> str:
    """What a file of annotations changed."""
    if not changed:
        return "Everything in this file is here already. Nothing was changed."
    return f"{wording.count(changed, 'item')} taken from the file, as one step"
