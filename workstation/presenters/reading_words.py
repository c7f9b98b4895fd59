"""Sentences of a second reading and of the agreement of two readings."""

from __future__ import annotations

from datetime import datetime, tzinfo

from workstation.domain.agreement import Agreement
from workstation.language import noted, plural, tr
from workstation.presenters import wording

TITLE = noted("Second reading")
BLINDED = noted("You see the photos and your own annotations, nothing of the first reading.")
DONE = noted("Reading finished. It can be compared now and no longer changed.")


def about(
    round_: int, made: int, saved_at: datetime | None, unsaved: int, zone: tzinfo | None
) -> str:
    """``Round 1 · 12 annotations · saved 13:42:08``."""
    parts = [tr("Round {round}", round=round_), plural(made, "{n} annotation", "{n} annotations")]
    if unsaved:
        parts.append(tr("saving"))
    elif saved_at is not None:
        parts.append(
            tr("saved {clock_seconds}", clock_seconds=wording.clock_seconds(saved_at, zone))
        )
    return " \u00b7 ".join(parts)


AGREEMENT = noted("Agreement of two readings")
FEW_PAIRS = 30  # below this a coefficient says little; it qualifies words only
NOT_TOLD = noted("not told")
"""Where a coefficient has nothing to stand on: nothing varies, or too little was counted."""


def compared(reader: str, at: datetime, zone: tzinfo | None) -> str:
    """Whose reading is laid over the first one, and when it was finished."""
    local = at.astimezone(zone) if zone is not None else at
    who = reader or tr("A colleague")
    return tr(
        "{who}, finished {day} {clock}",
        who=who,
        day=wording.day(local.date()),
        clock=wording.clock(local),
    )


def figure(value: float | None) -> str:
    """A coefficient in two digits, or that it cannot be told."""
    if value is None:
        return tr(NOT_TOLD)
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "\u2212")  # never a minus before nought


def interval(ends: tuple[float, float] | None) -> str:
    """The 95 % confidence interval of a coefficient; "" where it cannot be told."""
    if ends is None:
        return ""
    return tr("95\u00a0% {low} to {high}", low=figure(ends[0]), high=figure(ends[1]))


def caution(found: Agreement) -> str:
    """What keeps the figures from being a judgement of two readers."""
    pairs = len(found.paired.both)
    said = [
        tr(
            "From one consultation: {lesions} marked by both readers. The figures describe these photos, not the readers.",
            lesions=plural(pairs, "{n} lesion", "{n} lesions"),
        )
    ]
    if pairs < FEW_PAIRS:
        said.append(
            tr(
                "Kappa from fewer than {few_pairs} pairs moves with every single lesion.",
                few_pairs=FEW_PAIRS,
            )
        )
    if any(t.icc is None for t in found.types):
        said.append(
            tr(
                "\u201c{not_told}\u201d: the counts do not vary over the zones.",
                not_told=tr(NOT_TOLD).capitalize(),
            )
        )
    return " ".join(said)


def legend(found: Agreement) -> tuple[str, str, str]:
    """Marked by both, by the first reader alone, by the second alone."""
    paired = found.paired
    return (
        tr("{both} marked by both", both=len(paired.both)),
        tr("{first_only} by the first reader alone: ring, 1", first_only=len(paired.first_only)),
        tr(
            "{second_only} by the second reader alone: square, 2",
            second_only=len(paired.second_only),
        ),
    )


def written(name: str) -> str:
    """Where a file went."""
    return tr("Written to the outbox: {name}", name=name)


def exported(number: int, name: str) -> str:
    """What was written and where."""
    return tr(
        "{annotations} written to the outbox: {name}",
        annotations=plural(number, "{n} annotation", "{n} annotations"),
        name=name,
    )


def imported(changed: int) -> str:
    """What a file of annotations changed."""
    if not changed:
        return tr("Everything in this file is here already. Nothing was changed.")
    return tr(
        "{items} taken from the file, as one step", items=plural(changed, "{n} item", "{n} items")
    )
