"""Parts of an appraisal that are worked out anew only when what they rest on has changed.

Each names all it rests on, and is given nothing else: a fact that is not named cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workstation.domain import severity
from workstation.domain.clinical_case import Case
from workstation.domain.counting import Count, Ground, count, count_on, ground
from workstation.domain.facts import Facts
from workstation.domain.ids import PhotoId
from workstation.domain.lesions import Annotation, Cell, Midline, Tally, ZoneOutline, ZoneOwner
from workstation.domain.photo import Photo
from workstation.domain.plan import Course, plan_tests
from workstation.domain.protocols import MonitoringPlan, ProtocolChoice
from workstation.domain.rems_windows import Category
from workstation.domain.results import LabResult
from workstation.domain.schemes import GagsScore
from workstation.domain.schemes_opinions import (
    Opinions,
    SchemeRules,
    assess_schemes,
    gags_score,
    scheme_facts,
)
from workstation.domain.severity import Counts, Grade, Rubric
from workstation.workflow.recall import Recall

_GROUNDED: Recall[Ground] = Recall()
_COUNTED: Recall[Count] = Recall()
_GRADED: Recall[Grade] = Recall()
_OPINED: Recall[Opinions] = Recall()
_KINDS: Recall[tuple[Cell, ...]] = Recall()
_SCORED: Recall[GagsScore] = Recall()
_PLANNED: Recall[MonitoringPlan] = Recall()


def counted(
    photos: Sequence[Photo],
    outlines: tuple[ZoneOutline, ...],
    annotations: tuple[Annotation, ...],
    chosen: tuple[ZoneOwner, ...],
) -> Tally:
    """The tally, counted on from the last one while photos, outlines and owners are the same."""
    on = _GROUNDED.of((photos, outlines, *chosen), lambda: ground(photos, outlines, chosen))

    def counting() -> Count:
        last = _COUNTED.last
        if last is not None and last.ground is on:
            return count_on(last, annotations)
        return count(on, annotations)

    return _COUNTED.of((on, annotations), counting).tally


def graded(rubric: Rubric, counts: Counts, missing: tuple[str, ...]) -> Grade:
    """The count grade."""
    numbers = (counts.comedones, counts.inflammatory, counts.nodules_cysts)
    return _GRADED.of(
        (rubric, *numbers, counts.active_deep_scarring, *missing),
        lambda: severity.grade(rubric, counts, missing),
    )


def opinions(
    schemes: SchemeRules,
    photos: Sequence[Photo],
    counted: Tally,
    midlines: Iterable[Midline],
    grade: Grade,
    facts: Facts,
    mirrored: frozenset[PhotoId],
) -> Opinions:
    """The schemes beside the count rubric, from the facts that they name."""
    lines = tuple(midlines)
    named = scheme_facts(schemes)
    seen = facts.only(named)
    return _OPINED.of(
        (
            *(schemes, photos, counted, grade),
            *(*lines, None, *sorted(mirrored), None),
            *(seen.value(name) for name in named),
        ),
        lambda: assess_schemes(
            schemes,
            photos,
            counted,
            lines,
            grade,
            seen,
            mirrored,
            _scored(schemes, photos, counted),
        ),
    )


def _scored(schemes: SchemeRules, photos: Sequence[Photo], counted: Tally) -> GagsScore:
    """GAGS, which one lesion more of a type that its zone has already does not change."""
    kinds, known = tuple([cell for cell, _ in counted.annotated]), _KINDS.last
    if known is not None and known == kinds:
        kinds = known  # the very same, as another answer is told by
    else:
        _KINDS.of((kinds,), lambda: kinds)
    return _SCORED.of((schemes, photos, kinds), lambda: gags_score(schemes, photos, counted))


def planned(
    case: Case,
    choice: ProtocolChoice,
    category: Category | None,
    course: Course,
    results: tuple[LabResult, ...],
) -> MonitoringPlan:
    """The points of a course that goes on, from content and day of ``case`` and ``results`` alone."""
    content, rems, today = case.catalogue, case.rems, case.today
    return _PLANNED.of(
        (
            *(content, rems, category, today),
            *(choice.baseline, choice.during, choice.until_normal, choice.because),
            *(course.next_on, course.supplies, course.supply_days, course.peak_from),
            *(course.contraception_start, course.drinks, None),
            *(day for supply in course.picked_up for day in (supply.on, supply.days)),
            *(None, *results),
        ),
        lambda: plan_tests(
            choice=choice,
            rules=content.plan_rules,
            tests=content.tests,
            thresholds=content.thresholds,
            rems=rems,
            category=category,
            course=course,
            results=results,
            today=today,
        ),
    )
