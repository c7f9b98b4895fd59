"""Where one course ends and the next begins: what an ended course took is not part of the next one.

A course is ended by the letter that a clinician signed, and by what patient and chart say of earlier
courses. Treatment that was only stopped may go on in the same course; yet once the month of
contraception after its last dose is over, whoever can become pregnant begins anew with both tests.
Sources: isotretinoin.md 2 (second course), ipledge.md 4 to 6 (two methods from a month before to a
month after).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from workstation.domain.clinical_case import Case
from workstation.domain.decisions import ENDS_TREATMENT
from workstation.domain.facts import Facts
from workstation.domain.freshness import holding
from workstation.domain.rems_windows import end_of_course

PREVIOUS, LAST_DOSE = "course.previous", "course.last_dose"


def of_this_course(case: Case) -> Case:
    """The case with the supplies of this course alone: those after the last dose of an earlier one.

    A decision that ends treatment is about the course that took them, so it keeps all of them.
    """
    decision, seen = case.decision, case.consultation
    if not seen.dispensed or (decision is not None and decision.kind in ENDS_TREATMENT):
        return case
    said = (f for f in (*seen.facts, *case.recorded) if f.name in (PREVIOUS, LAST_DOSE))
    visit_days = case.catalogue.derivation.visit_days
    told = holding(said, case.catalogue.facts, case.today, visit_days, seen.patient.born)
    if not had_earlier(case, told):
        return case
    end = earlier_end(case, told)
    kept = tuple(s for s in seen.dispensed if end is None or s.on > end)
    if len(kept) == len(seen.dispensed):
        return case
    return replace(case, consultation=replace(seen, dispensed=kept))


def had_earlier(case: Case, facts: Facts) -> bool:
    """Whether an earlier course is on record here, was reported, or is answered with yes."""
    seen = case.consultation
    here = any(end.of_course for end in seen.ended)
    return here or bool(seen.prior_courses) or facts.value(PREVIOUS) is True


def earlier_end(case: Case, facts: Facts) -> date | None:
    """Last dose of the newest earlier course; None without one, and while an end is not known.

    What was answered goes before what came in with the request, and neither takes back what the
    clinic itself signed.
    """
    answered = facts.value(LAST_DOSE)
    reported = [course.last_dose for course in case.consultation.prior_courses]
    told = [answered] if isinstance(answered, date) else reported
    here = [end.last_dose for end in case.consultation.ended if end.of_course]
    known = [day for day in told if day is not None]
    return None if len(known) < len(told) else _last((*known, *here))


def rems_from(case: Case, facts: Facts) -> date | None:
    """The day up to which tests and supplies prove nothing for the months to come; None: all count.

    ``case`` holds the supplies of this course, ``facts`` the end of an earlier one.
    """
    earlier, decision = facts.value(LAST_DOSE), case.decision
    ends = decision is not None and decision.kind in ENDS_TREATMENT
    stopped = _last(e.last_dose for e in case.consultation.ended if not (e.of_course or ends))
    taken = _last(supply.on for supply in case.consultation.dispensed)
    found = [earlier] if isinstance(earlier, date) else []
    if (
        stopped is not None
        and (taken is None or taken <= stopped)
        and case.today > end_of_course(case.rems, stopped).contraception_through
    ):
        found.append(stopped)
    return _last(found)


def _last(days: Iterable[date]) -> date | None:
    return max(days, default=None)
