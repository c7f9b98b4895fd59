"""This month beside the last: the patient's answers, and whether the short way is open."""

from __future__ import annotations

from datetime import date

from workstation.domain.facts import Facts
from workstation.domain.safety import Level
from workstation.language import plural, tr
from workstation.presenters import followup_words as words
from workstation.presenters import wording
from workstation.presenters.followup_looked import Looked
from workstation.presenters.followup_state import (
    AnswerLine,
    ShortWayState,
)
from workstation.presenters.supply_words import taken_state
from workstation.workflow.followup import Open


def answers(looked: Looked) -> tuple[AnswerLine, ...]:
    """This month's answers in full; what was not answered says so, and nothing is filled in."""
    state, registry = looked.state, looked.catalogue.facts
    facts = state.appraisal.facts
    before = _facts_before(looked)
    cannot = facts.value("pregnancy.category") == "CNGP"
    lines = []
    for label, names in words.ANSWERS:
        if cannot and label in words.ONLY_CAN:
            continue
        known = [n for n in names if n in facts]
        lacking = [n for n in names if n not in facts and n not in words.MAY_LACK]
        alone = len(names) == 1
        parts = [words.answer(registry[n], facts.value(n), alone=alone) for n in known]
        parts += [words.unanswered(registry[n], alone=alone) for n in lacking]
        was = [
            words.answer(registry[n], before.value(n), alone=alone)
            for n in known
            if n in before
            and before.value(n) != facts.value(n)
            and not isinstance(before.value(n), date)
        ]
        icon = "unknown" if lacking else _icon(looked, known)
        value = _joined(parts)
        lines.append(AnswerLine(tr(label), value, _joined(was), icon))
    return (*lines, *_supply(looked))


def _supply(looked: Looked) -> tuple[AnswerLine, ...]:
    """How the last supply counts, from these answers."""
    found = taken_state(looked.state.appraisal.supplies, looked.catalogue.facts)
    if found is None:
        return ()
    return (AnswerLine(tr("Supply"), found.lines[0], "", "unknown" if found.doubtful else "ok"),)


def _joined(parts: list[str]) -> str:
    """Parts as one sentence without a stop."""
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


def _facts_before(looked: Looked) -> Facts:
    last = looked.earlier[-1] if looked.earlier else None
    return Facts((*last.consultation.facts, *last.draft.facts)) if last is not None else Facts()


def _icon(looked: Looked, names: list[str]) -> str:
    level = Level.OK
    for finding in looked.state.appraisal.evaluation.findings:
        if any(read.name in names for read in finding.reads):
            level = max(level, finding.level)
    if level > Level.INFO:
        return "warn"
    return "info" if level is Level.INFO else "ok"


def short_way(looked: Looked) -> ShortWayState | None:
    """The card of the next supply."""
    way, registry = looked.way, looked.catalogue.facts
    if way is None:
        return None
    if not isinstance(way, Open):
        why = dict.fromkeys(words.why(w, registry) for w in way.why)
        return ShortWayState(False, tr("Not like last month"), tr("look closely"), (), tuple(why))
    regimen = way.trial.regimen
    lines = [words.repeated(regimen, looked.medicine)] if regimen is not None else []
    ledger = way.trial.ledger
    if (
        regimen is not None
        and ledger is not None
        and ledger.days_left == regimen.supply_days < looked.medicine.max_supply_days
    ):
        lines.append(tr(words.LAST_DAYS))
    if ledger is not None and ledger.target_reached_on is not None and ledger.remaining > 0:
        target = wording.amount(looked.medicine.target_low, "mg/kg")
        lines.append(
            tr(
                "Reaches {target} on {day}.",
                target=target,
                day=wording.day(ledger.target_reached_on),
            )
        )
    elif ledger is not None and ledger.remaining <= 0:
        target = wording.amount(looked.medicine.target_low, "mg/kg")
        lines.append(
            tr("The lower target of {target} is reached: is another month needed?", target=target)
        )
    lines += [f"{words.change(c, registry)}." for c in way.changed]
    if way.accepted:
        given = plural(len(way.accepted), "{n} reason", "{n} reasons")
        lines.append(tr("{given} of last month given again: the facts are the same.", given=given))
    return ShortWayState(
        True, tr("Repeat last, nothing changed"), tr("fast path"), tuple(lines), ()
    )
