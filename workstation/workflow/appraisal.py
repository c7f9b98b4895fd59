"""One consultation appraised: count, grade, facts, safety, dose, REMS, plan and the sign gate.

This is the join the product exists for, and the only place where it is made: screens show it, and
signing asks it again. It is a pure function of what is stored, the content and the day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from workstation.content.zones import standard
from workstation.domain.consultation import Consultation, PastVisit
from workstation.domain.decisions import DecisionReason, DecisionRules
from workstation.domain.derivation import Case
from workstation.domain.dosing import Combination, DosePlan, Ledger
from workstation.domain.draft import DecisionChoice, DecisionDetail, Directed, Draft, Regimen
from workstation.domain.facts import Facts
from workstation.domain.ids import PhotoId
from workstation.domain.lesions import Tally, ZoneId, ZoneOutline
from workstation.domain.protocol_choice import ProtocolOptions
from workstation.domain.protocols import MonitoringPlan
from workstation.domain.rems import RemsTimeline
from workstation.domain.rems_checklist import RemsMonth
from workstation.domain.rems_windows import EndOfCourse
from workstation.domain.safety import Evaluation
from workstation.domain.schemes_opinions import Opinions
from workstation.domain.severity import Counts, Grade
from workstation.domain.supply_taken import Counted
from workstation.domain.triage import Triage
from workstation.domain.work_up import WorkUp
from workstation.domain.zones import missing_views, outlines_of, owners, zones_by_photo
from workstation.workflow.basket import ISOTRETINOIN
from workstation.workflow.following import Follows, Situation, follow, newer_from
from workstation.workflow.gate import Gate, gate_of, of_the_right_person, with_news_seen
from workstation.workflow.recall import Recall
from workstation.workflow.remembered import counted, graded, opinions

__all__ = ["ISOTRETINOIN", "Appraisal", "Gate", "Situation", "appraise"]


@dataclass(frozen=True)
class Appraisal:
    """All that follows from a consultation and its draft on one day.

    ``plan`` is the course's plan, or the work-up's own tests when a work-up is chosen; ``work_up``
    carries what only a work-up has; ``protocol`` is what it follows and what else may be chosen.
    ``treatable`` says whether anything here can be prescribed.
    """

    treatable: bool
    tally: Tally
    grade: Grade
    facts: Facts
    triage: Triage
    decision: DecisionChoice | None
    evaluation: Evaluation
    regimen: Regimen | None
    combinations: tuple[Combination, ...]
    dose: DosePlan | None
    ledger: Ledger | None
    rems: RemsTimeline | None
    plan: MonitoringPlan | None
    work_up: WorkUp | None
    opinions: Opinions
    gate: Gate
    protocol: ProtocolOptions | None = None
    directed: tuple[Directed, ...] = ()  # medicines prescribed by directions
    course: bool = True  # isotretinoin is what is decided about
    faults: tuple[str, ...] = ()  # what the pages to be signed lack or break
    detail: DecisionDetail | None = None  # of the decision chosen
    reason: DecisionReason | None = None  # the coded one in it
    after: EndOfCourse | None = None  # dates that follow from a last dose
    supplies: tuple[Counted, ...] = ()  # of earlier visits, each as it counts
    site: Callable[[], tuple[RemsMonth, ...]] = field(default=tuple, repr=False, compare=False)

    @cached_property
    def rems_months(self) -> tuple[RemsMonth, ...]:
        """What has to stand on the REMS site; worked out for those who show it."""
        return self.site()

    @property
    def acne(self) -> bool:
        """Whether acne is judged here: otherwise no acne grade counts, only the clinician's own."""
        return self.opinions.applies

    @property
    def global_grade(self) -> str | None:
        """The clinician's own global grade of an indication outside acne, when it was given."""
        grade = self.facts.value("indication.global_grade")
        return grade if isinstance(grade, str) and not self.acne else None


def appraise(
    consultation: Consultation,
    draft: Draft,
    past: tuple[PastVisit, ...],
    situation: Situation,
) -> Appraisal:
    """Work everything out; pure.

    What rests on nothing that changed since the last call is taken from there: one more lesion
    that leaves the grade as it is costs a count, not an evaluation.
    """
    found = _tally(consultation, draft)
    given = (*consultation.facts, *draft.facts)
    scarring = next((f.value for f in reversed(given) if f.name == "severity.scarring"), None)
    counts = Counts(
        found.comedones,
        found.inflammatory,
        found.nodules_cysts,
        scarring if isinstance(scarring, bool) else None,
    )
    grade = graded(situation.catalogue.rubric, counts, _missing(consultation, found))
    case = _case(consultation, draft, past, situation, counts, grade)
    follows = _FOLLOWED.of(
        (
            *(consultation, past, situation.catalogue, situation.prescriber, situation.clinic),
            *(
                situation.today,
                case.rems_today,
                situation.earlier_reasons,
                situation.earlier_entries,
            ),
            *(grade.grade, counts.nodules_cysts, counts.active_deep_scarring),
            *(case.decision, case.regimen, *case.directed, None),
            *(*case.recorded, None, *draft.reasons, None),
            *(*draft.plan_edits, None, *draft.details, None, *draft.rems_entries),
            draft.protocol,
            situation.stock,
        ),
        lambda: follow(case, draft, situation),
    )
    decision, dose, detail = case.decision, follows.dose, _detail(draft, case.decision)
    rules = situation.catalogue.decisions
    return Appraisal(
        treatable=follows.treatable,
        tally=found,
        grade=grade,
        facts=follows.facts,
        triage=follows.triage,
        decision=decision,
        evaluation=follows.evaluation,
        regimen=case.regimen,
        combinations=follows.combinations,
        dose=dose,
        ledger=follows.ledger,
        rems=follows.rems,
        plan=follows.plan,
        work_up=follows.work_up,
        opinions=opinions(
            situation.catalogue.schemes,
            consultation.photos,
            found,
            draft.midlines,
            grade,
            follows.facts,
            draft.mirrored,
        ),
        protocol=follows.protocol,
        gate=of_the_right_person(
            with_news_seen(gate_of(case, follows, detail, rules), consultation), consultation
        ),
        directed=case.directed,
        course=follows.course,
        faults=follows.faults,
        detail=detail,
        reason=_coded(decision, detail, rules),
        after=follows.after,
        supplies=follows.supplies,
        site=follows.site,
    )


_FOLLOWED: Recall[Follows] = Recall()


_OUTLINED: Recall[tuple[ZoneOutline, ...]] = Recall()


def _case(
    consultation: Consultation,
    draft: Draft,
    past: tuple[PastVisit, ...],
    situation: Situation,
    counts: Counts,
    grade: Grade,
) -> Case:
    return Case(
        consultation=consultation,
        recorded=draft.facts,
        counts=counts,
        grade=grade.grade,
        decision=draft.decision,
        regimen=draft.regimen(ISOTRETINOIN),
        dose=None,
        past=past,
        catalogue=situation.catalogue,
        rems=situation.catalogue.rems_on(situation.today, newer_from(situation.clinic)),
        prescriber=situation.prescriber,
        clinic=situation.clinic,
        now=situation.now,
        today=situation.today,
        protocol=draft.protocol,
        directed=draft.directed,
    )


def _detail(draft: Draft, decision: DecisionChoice | None) -> DecisionDetail | None:
    return None if decision is None else draft.detail(decision.kind)


def _coded(
    decision: DecisionChoice | None, detail: DecisionDetail | None, rules: DecisionRules
) -> DecisionReason | None:
    if decision is None or detail is None:
        return None
    return rules.find(decision.kind, detail.reason)


def counted_of(consultation: Consultation, draft: Draft) -> Tally:
    """What a draft counts on the photos of a consultation, and the zone of each annotation."""
    return _tally(consultation, draft)


def owners_of(consultation: Consultation, draft: Draft) -> dict[ZoneId, PhotoId]:
    """The photo on which each zone of a consultation counts."""
    photos = consultation.photos
    return owners(photos, zones_by_photo(photos, _outlines(consultation, draft)), draft.owners)


def _outlines(consultation: Consultation, draft: Draft) -> tuple[ZoneOutline, ...]:
    photos, drawn, mirrored = consultation.photos, draft.outlines, draft.mirrored
    return _OUTLINED.of(
        (photos, *sorted(mirrored), None, *drawn),
        lambda: outlines_of(photos, standard(), drawn, mirrored),
    )


def _tally(consultation: Consultation, draft: Draft) -> Tally:
    outlines = _outlines(consultation, draft)
    return counted(consultation.photos, outlines, draft.annotations, draft.owners)


def _missing(consultation: Consultation, found: Tally) -> tuple[str, ...]:
    unlinked = tuple(f"zone:{zone.value}" for zone, _ in found.unlinked)
    return (*missing_views(consultation.photos), *unlinked)
