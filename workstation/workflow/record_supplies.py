"""Earlier supplies on the record: how each counts towards the cumulative dose, and why."""

from __future__ import annotations

from workstation.content.documents import Texts
from workstation.domain.supply_taken import Counted
from workstation.workflow.subject import Subject
from workstation.workflow.written import day, number


def supplies(subject: Subject, texts: Texts) -> list[tuple[str, str]]:
    """One pair for the last supply and for each earlier one that does not count whole."""
    found = subject.appraisal.supplies
    shown = [one for one in found[:-1] if one.without] + list(found[-1:])
    return [(texts("supplies.label", day=day(one.supply.on)), _counts(one, texts)) for one in shown]


def _counts(one: Counted, texts: Texts) -> str:
    if one.taken is None:
        return texts("supplies.never")
    days = {"days": number(one.taken.days), "of": number(one.supply.days)}
    parts = []
    if one.taken.on != one.supply.on:
        parts.append(texts("supplies.from", day=day(one.taken.on)))
    parts.append(texts("supplies.less" if one.without else "supplies.whole", **days))
    parts += [texts(f"supplies.{code}") for code in one.doubts]
    said = one.report
    if said is not None and not said.empty and said.silent_on_days:
        parts.append(texts("supplies.silent"))
    return "; ".join(parts)
