"""What a signature leaves behind besides its documents: status, grade, counts, supply, day of return."""

from __future__ import annotations

from datetime import date

from workstation.domain.consultation import Status
from workstation.domain.dates import add_days
from workstation.domain.dosing import Dispensed
from workstation.domain.draft import DecisionKind, Draft, GradeOverride
from workstation.domain.visits import was_counted
from workstation.workflow.appraisal import Appraisal
from workstation.workflow.ports import SigningOutcome


def of_signing(draft: Draft, appraisal: Appraisal, today: date, edition: str) -> SigningOutcome:
    """The outcome of signing ``draft`` on ``today``; ``edition`` names the content it rests on."""
    dose, regimen = appraisal.dose, appraisal.regimen
    decision = appraisal.decision
    prescribes = decision is not None and decision.kind is DecisionKind.PRESCRIBE
    tally = appraisal.tally
    override = draft.override
    counted = was_counted(draft, tally) or not appraisal.acne
    back = _returns_on(appraisal, today)
    return SigningOutcome(
        status=_status(appraisal, back),
        returns_on=back,
        grade=_grade(appraisal, override) if counted or override is not None else "",
        counts=(
            ("comedones", tally.comedones),
            ("inflammatory", tally.inflammatory),
            ("nodules_cysts", tally.nodules_cysts),
            ("total", tally.total),
        )
        if appraisal.acne and counted
        else (),
        daily=dose.daily if prescribes and dose is not None else None,
        weight=dose.weight if dose is not None else None,
        dispensed=(
            Dispensed(
                on=today,
                daily=dose.daily,
                days=regimen.supply_days,
                formulation=regimen.formulation,
                weight=dose.weight,
                capsules=len(regimen.morning) + len(regimen.evening),
            )
            if prescribes and dose is not None and regimen is not None
            else None
        ),
        content_edition=edition,
    )


def _grade(appraisal: Appraisal, override: GradeOverride | None) -> str:
    """The grade that stands: outside acne the clinician's global one, and no count grade."""
    if not appraisal.acne:
        return appraisal.global_grade or ""
    return override.grade if override is not None else appraisal.grade.grade


def _status(appraisal: Appraisal, back: date | None) -> Status:
    decision = appraisal.decision
    if decision is not None and decision.kind is DecisionKind.START_WORK_UP:
        return Status.WAITING_FOR_WORK_UP
    return Status.CLOSED if back is None else Status.DEFERRED


def _returns_on(appraisal: Appraisal, today: date) -> date | None:
    """Day on which it comes back by itself: a work-up, or treatment that ended with a test left.

    After treatment that is the first day of the latest test, which is the one a month after.
    """
    if appraisal.work_up is not None:
        return appraisal.work_up.return_on
    if appraisal.after is None or appraisal.plan is None:
        return None
    left = [point.window.first for point in appraisal.plan.tests if point.state != "done"]
    tomorrow = add_days(today, 1)
    return max(*left, tomorrow) if left else None
