"""How a patient's results raise what the queue shows: the level of the worst one, in one line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from workstation.content.result_levels import result_levels
from workstation.domain.after_signing import Asked, asked_by
from workstation.domain.consultation import Consultation, RequestKind
from workstation.domain.dates import add_months
from workstation.domain.ids import PatientId
from workstation.domain.results import LabResult, standing
from workstation.domain.triage import TriageLevel
from workstation.workflow.desk import Desk
from workstation.workflow.ports import Appraised, ReadUnit
from workstation.workflow.ports.board import SignedPlan

MARKS = {
    TriageLevel.EMERGENT: "stop",
    TriageLevel.URGENT: "stop",
    TriageLevel.PRIORITY: "warn",
    TriageLevel.ROUTINE: "info",
}


def unread(desk: Desk, unit: ReadUnit, patient: PatientId) -> tuple[Asked, ...]:
    """What the patient's unread results ask for, worst first."""
    ids = frozenset(unit.board.unread_of(patient))
    known = standing(unit.board.results_of(patient))
    on = on_medicine(desk, unit.board.plan_of(patient))
    return judged(desk, (r for r in known if r.id in ids), on=on)


def of_item(desk: Desk, unit: ReadUnit, item: Consultation) -> tuple[Asked, ...]:
    """What the newest results of each test ask for that an item is about, worst first.

    These came in after signing, or were left unread by a signature: then the item's clock runs
    from them.
    """
    patient = item.patient.id
    signed = unit.board.plan_of(patient)
    known = standing(unit.board.results_of(patient))
    unread_ids = frozenset(unit.board.unread_of(patient))
    since = None if signed is None else min(signed.signed_at, item.clock_from or signed.signed_at)
    newest = {r.test: r for r in known}
    recent = [r for r in known if since is None or r.recorded_at >= since or r.id in unread_ids]
    on = on_medicine(desk, signed)
    return judged(desk, (r for r in recent if newest[r.test].id == r.id), on=on)


def judged(desk: Desk, results: Iterable[LabResult], *, on: bool) -> tuple[Asked, ...]:
    """What results ask for, worst first; ``on``: the patient takes the medicine."""
    content = desk.catalogue
    made = [
        asked_by(
            result,
            content.tests[result.test],
            content.thresholds,
            result_levels(),
            content.triage,
            on_medicine=on,
        )
        for result in results
        if result.test in content.tests
    ]
    order = sorted(
        range(len(made)),
        key=lambda at: (-1 - (made[at].level or 0) if made[at].level is not None else 0, at),
    )
    return tuple(made[at] for at in order)


def on_medicine(desk: Desk, signed: SignedPlan | None) -> bool:
    """Whether a signed course still concerns a pregnancy or a side effect of today."""
    today = desk.clock.today()
    last = signed.plan.last_dose if signed is not None else None
    months = desk.catalogue.rems_on(today, None).post_months  # the same month as contraception
    return last is not None and today <= add_months(last, months)


def raised(desk: Desk, unit: ReadUnit, found: Consultation, shown: Appraised) -> Appraised:
    """The row as it is shown: its own level, or that of the worst result above it."""
    is_item = found.request is RequestKind.RESULT
    if is_item:
        shown = replace(shown, severity="", severity_source="")
    asked = of_item(desk, unit, found) if is_item else unread(desk, unit, found.patient.id)
    pressing = [one for one in asked if one.level is not None]
    if not pressing:
        return shown
    worst = pressing[0]
    level = worst.level or TriageLevel.ROUTINE
    if not is_item and level <= shown.level:
        return shown
    words = _words(desk, worst, len(pressing) - 1)
    return replace(
        shown, level=max(level, shown.level), stands_out=words, stands_out_level=MARKS[level]
    )


def _words(desk: Desk, worst: Asked, more: int) -> str:
    """The result and what it asks for, in one line."""
    result = worst.result
    name = desk.catalogue.tests[result.test].name
    value = f"{result.value} {result.unit or ''}".strip()
    advice = worst.band.advice if worst.band is not None else "Nothing may be concluded yet"
    if worst.limit_missing:
        advice = "The laboratory\u2019s upper limit is missing"
    others = f", {more} more" if more else ""
    return f"{name} {value}: {advice}{others}"
