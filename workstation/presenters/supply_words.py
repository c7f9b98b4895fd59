"""What the last supply counts for, in words, and the answers that can be given about it here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workstation.domain.facts import FactSpec
from workstation.domain.supply_taken import NAMES, Counted
from workstation.language import noted, plural, tr
from workstation.presenters import wording
from workstation.presenters.controls import ControlState, fact_field

DOUBTS = {
    "unanswered": noted("picking it up and missed days not answered, so all of it is counted"),
    "disagree": noted("the answers do not agree, so the fewer days are taken off"),
    "handed_over": noted(
        "said not to be picked up, yet handed over by the record, so it is counted"
    ),
    "earlier_day": noted("a day said lies before this supply and is left aside"),
    "capsules": noted("capsules left reduce nothing, because capsules a day are not known"),
}
MISSED_UNKNOWN = noted("missed days not answered, so none are taken off")


@dataclass(frozen=True, slots=True)
class TakenState:
    """How earlier supplies count: a sentence each, and the control that answers for the last."""

    lines: tuple[str, ...]
    doubtful: bool
    control: ControlState


def taken_state(
    supplies: tuple[Counted, ...], registry: Mapping[str, FactSpec]
) -> TakenState | None:
    """The last supply, and every earlier one that does not count whole; None before any."""
    if not supplies:
        return None
    shown = [one for one in supplies[:-1] if one.without] + [supplies[-1]]
    fields = tuple(fact_field(registry[name]) for name in NAMES)
    doubtful = bool(supplies[-1].doubts) or _silent(supplies[-1])
    return TakenState(
        tuple(line(one) for one in reversed(shown)),
        doubtful,
        ControlState("answer", NAMES, fields),
    )


def line(one: Counted) -> str:
    """``Supply of 08-Mar-2026: first capsule 10-Mar-2026, 27 of 30 days counted (3 not taken).``"""
    supply, taken = one.supply, one.taken
    parts = []
    if taken is None:
        parts.append(tr("never picked up, not counted"))
    else:
        if taken.on != supply.on:
            parts.append(tr("from {day}", day=wording.day(taken.on)))
        if one.without:
            off = plural(one.without, "{n} day", "{n} days")
            parts.append(
                tr(
                    "{days} of {supply} days counted, {off} not taken",
                    days=taken.days,
                    supply=supply.days,
                    off=off,
                )
            )
        elif not one.doubts:
            parts.append(tr("all {days} days counted", days=supply.days))
        parts += [tr(DOUBTS[code]) for code in one.doubts]
        if _silent(one):
            parts.append(tr(MISSED_UNKNOWN))
    return tr("Supply of {day}: {parts}.", day=wording.day(supply.on), parts="; ".join(parts))


def _silent(one: Counted) -> bool:
    """Something was answered, yet neither missed days nor capsules left."""
    said = one.report
    if said is None or said.empty or one.taken is None:
        return False
    return said.silent_on_days
