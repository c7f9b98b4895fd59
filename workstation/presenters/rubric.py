"""The rubric panel in words and proportions: grade card, bars, other signs, counts by photo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workstation.domain.consultation import PastVisit
from workstation.domain.draft import GradeOverride
from workstation.domain.facts import Facts
from workstation.domain.indications import Indication, settled
from workstation.domain.lesions import Tally, ZoneId
from workstation.domain.photo import Photo, View
from workstation.domain.severity import Band, Criterion, CriterionResult, Grade
from workstation.language import chosen, noted, of_content, plural, tr
from workstation.presenters import wording
from workstation.presenters.case_state import CaseState
from workstation.presenters.clinical_wording import lower_first
from workstation.presenters.counts import CountsTable, PastLine, counts_table, past_line
from workstation.presenters.criteria import LEVELS, NOT_COUNTED, Bar, bar, grade_word, rule
from workstation.presenters.schemes import NOTHING, SchemesShown
from workstation.presenters.severity_signs import Sign, marks_of_skin, signs
from workstation.presenters.tools import (
    VIEW_NAMES,
    ZONE_NAMES,
)
from workstation.workflow.recall import Recall

SHORTEST_REASON = 10
OTHER_REASON = "other"
OVERRIDE_REASONS = (
    ("seen_in_person", noted("Seen in person")),
    ("extent", noted("Extent beyond the photos")),
    ("photos_mislead", noted("Photos mislead (light, make-up, focus)")),
    ("scarring_risk", noted("Scarring, or high risk of it")),
    ("course", noted("Course of the disease")),
    (OTHER_REASON, noted("Other, in words")),
)
_NAMED_ZONES = 2


@dataclass(frozen=True, slots=True)
class OverrideShown:
    """The clinician's own grade as the card shows it."""

    grade: str
    word: str
    reason_code: str
    reason: str


@dataclass(frozen=True, slots=True)
class GradeCard:
    """The result: the word, why, and what keeps it a lower bound."""

    word: str
    rubric: str
    level: int
    cause: str
    missing: str
    at_least: bool
    override: OverrideShown | None

    @property
    def heading(self) -> str:
        """The grade that stands: the clinician's when there is one."""
        return tr("{word} (you)", word=self.override.word) if self.override else self.word

    @property
    def spoken(self) -> str:
        """The card as text."""
        own = f"{self.heading}. " if self.override else ""
        return " ".join(p for p in (f"{own}{self.word}.", self.cause, self.missing) if p)


@dataclass(frozen=True, slots=True)
class RubricState:
    """Everything the panel shows; ``card`` is None where no acne grade applies."""

    card: GradeCard | None
    not_graded: str
    bars: tuple[Bar, ...]
    legend_gap: str
    signs: tuple[Sign, ...]
    table: CountsTable
    past: PastLine | None
    grades: tuple[tuple[str, str], ...]
    schemes: SchemesShown = NOTHING


def rubric_state(
    *,
    judged: str,
    photos: Sequence[Photo],
    tally: Tally,
    grade: Grade,
    override: GradeOverride | None,
    facts: Facts,
    failed_choices: tuple[tuple[str, str], ...],
    past: Sequence[PastVisit],
    extent_choices: tuple[tuple[str, str], ...] = (),
    extent: tuple[str, ...] = (),
    schemes: SchemesShown = NOTHING,
    open_proposals: int = 0,
    counted: bool = True,
) -> RubricState:
    """The panel for one consultation as it stands; pure.

    ``judged`` names an indication that is not acne, "" where acne is judged. Photos that nobody
    annotated are not ``counted``: a zero there would be a guess, so no grade is said.
    """
    table = counts_table(photos, tally)
    if judged:
        text = tr(
            "This is about {judged}. Photos can be looked at and annotated; the acne grade does not apply. Your own global grade is given with the treatment.",
            judged=judged,
        )
        return RubricState(None, text, (), "", (), table, None, ())
    gap, grades = _SCALED.of(
        (chosen(), *(r.criterion for r in grade.results)), lambda: (_gap(grade), _grades(grade))
    )
    return RubricState(
        grade_card(grade, tally, override, open_proposals, counted=counted),
        "",
        tuple([_bar(result, counted=counted) for result in grade.results]),
        gap,
        _signs(tally, facts, failed_choices, extent_choices, extent),
        table,
        past_line(past, grade),
        grades,
        schemes,
    )


# What a lesion more does not change is told as it was told last; each names all that it rests on.
_SCALED: Recall[tuple[str, tuple[tuple[str, str], ...]]] = Recall()
_SIGNS: Recall[tuple[Sign, ...]] = Recall()
_BARS: dict[str, Recall[Bar]] = {}


def _bar(result: CriterionResult, *, counted: bool) -> Bar:
    kept = _BARS.setdefault(result.criterion.id, Recall())
    given = (result.criterion, result.band, result.grade, result.count, counted, chosen())
    return kept.of(given, lambda: bar(result, counted=counted))


def _signs(
    tally: Tally,
    facts: Facts,
    failed: tuple[tuple[str, str], ...],
    areas: tuple[tuple[str, str], ...],
    extent: tuple[str, ...],
) -> tuple[Sign, ...]:
    given = (*marks_of_skin(tally), facts, failed, areas, *extent, chosen())
    return _SIGNS.of(given, lambda: signs(tally, facts, failed, areas, extent))


def judged(state: CaseState, indications: Sequence[Indication]) -> str:
    """The indication of a consultation in which acne is not judged; "" where it is."""
    if state.appraisal.acne:
        return ""
    decision = state.appraisal.decision
    if decision is not None and decision.indication.strip():
        return lower_first(of_content(decision.indication.strip()))
    found = settled(indications, state.consultation.request, decision)
    return lower_first(of_content(found.label)) if found is not None else tr("another indication")


# -- grade card


def grade_card(
    grade: Grade,
    tally: Tally,
    override: GradeOverride | None,
    open_proposals: int = 0,
    *,
    counted: bool = True,
) -> GradeCard:
    """The card's words; while proposals stand open no grade but the highest is a whole one."""
    # The highest grade is never a lower bound: nothing that is accepted can raise it.
    more = open_proposals > 0 and LEVELS.get(grade.grade, 0) < max(LEVELS.values())
    at_least = grade.at_least or more
    label = of_content(grade.label)
    word = tr("At least {label}", label=label.lower()) if at_least else label
    why, level = cause(grade), LEVELS.get(grade.grade, 2)
    if not counted:
        word, at_least, level = tr(NOT_COUNTED), False, 0
        why = tr(
            "Nothing is annotated yet, so there is no grade. Clear skin is graded with Override."
        )
    shown = None
    if override is not None:
        coded = str(dict(OVERRIDE_REASONS).get(override.reason_code, ""))
        reason = override.reason_text or coded
        if override.reason_text and override.reason_code != OTHER_REASON:
            reason = f"{coded}: {override.reason_text}"
        shown = OverrideShown(
            override.grade, grade_word(override.grade), override.reason_code, reason
        )
    return GradeCard(
        word,
        grade.rubric,
        level,
        why,
        " ".join(w for w in (missing_words(grade, tally), open_words(open_proposals)) if w),
        at_least,
        shown,
    )


def open_words(proposals: int) -> str:
    """That proposals stand open, which never count; "" when none does."""
    if not proposals:
        return ""
    return plural(
        proposals,
        "{n} proposal is open; proposals never count.",
        "{n} proposals are open; proposals never count.",
    )


def cause(grade: Grade) -> str:
    """Why the rubric says so: the criteria that decided, each with its number and its rule."""
    fired = [r for r in grade.results if r.band.code and r.band.code in grade.codes]
    by_scar = len(fired) < len(grade.codes)
    if not grade.counts.total:
        return tr(
            "Because no comedone, papule, pustule, nodule or cyst is counted on these photos."
        )
    if not fired and not by_scar:
        holding = [
            tr(
                "{name} {count} (rule: {rule})",
                name=_name(r.criterion),
                count=r.count,
                rule=rule(r.band),
            )
            for r in grade.results
        ]
        return tr(
            "Because every count is in the lowest band: {counts}.",
            counts=wording.joined(tuple(holding)),
        )
    because = [
        tr(
            "{name} is {count} (rule: {rule}{from_})"
            if _singular(r.criterion)
            else "{name} are {count} (rule: {rule}{from_})",
            name=_name(r.criterion),
            count=r.count,
            rule=rule(r.band),
            from_=_from(r.band),
        )
        for r in fired
    ]
    if by_scar:
        because.append(tr("active acne causes deep scarring"))
    text = tr("Because {reasons}.", reasons=wording.joined(tuple(because)))
    others = [r for r in grade.results if r not in fired and r.grade != grade.grade]
    best = max((LEVELS.get(r.grade, 0) for r in others), default=0)
    rest = [r for r in others if LEVELS.get(r.grade, 0) == best]
    if best > LEVELS["mild"]:
        words = wording.joined(tuple(f"{_name(r.criterion)} {r.count}" for r in rest))
        text += tr(
            " {criteria} alone would be {grade}.",
            criteria=words[0].upper() + words[1:],
            grade=of_content(rest[0].grade.replace("_", " ")),
        )
    return text


def missing_words(grade: Grade, tally: Tally) -> str:
    """What was not seen, not counted or not judged; each makes the grade a lower bound."""
    views = [
        tr(VIEW_NAMES[View(m.partition(":")[2])]) for m in grade.missing if m.startswith("view:")
    ]
    sentences = []
    if views:
        sentences.append(
            tr(
                "{views} is missing." if len(views) == 1 else "{views} are missing.",
                views=wording.joined(tuple(views)),
            )
        )
    waiting = dict(tally.unlinked)
    zones = [ZoneId(m.partition(":")[2]) for m in grade.missing if m.startswith("zone:")]
    if zones:
        number = sum(waiting.get(zone, 0) for zone in zones)
        names = wording.joined(tuple(tr(ZONE_NAMES[zone]).lower() for zone in zones))
        if len(zones) > _NAMED_ZONES:
            names = tr("{zones} zones", zones=len(zones))
        sentences.append(
            plural(
                number,
                "{n} annotation in {names} is reference, not counted.",
                "{n} annotations in {names} are reference, not counted.",
                names=names,
            )
        )
    if any(m.startswith("fact:") for m in grade.missing):
        sentences.append(tr("Active deep scarring is not judged yet."))
    return " ".join(sentences)


def override_problem(grade: str, reason_code: str, reason_text: str) -> str:
    """Why an override cannot be taken yet, in words; "" when it can."""
    if not grade:
        return tr("Choose the grade.")
    if reason_code not in dict(OVERRIDE_REASONS):
        return tr("Choose the reason.")
    if reason_code == OTHER_REASON and len(reason_text.strip()) < SHORTEST_REASON:
        return tr(
            "Write the reason in at least {shortest_reason} characters.",
            shortest_reason=SHORTEST_REASON,
        )
    return ""


# -- words


def _gap(grade: Grade) -> str:
    """Which schemes fill the gaps of the bands."""
    gaps = sorted({b.filled_by for r in grade.results for b in r.criterion.bands if b.filled_by})
    return tr("gap, {gaps}", gaps=tr(" and ").join(gaps)) if gaps else ""


def _grades(grade: Grade) -> tuple[tuple[str, str], ...]:
    """The grades that the rubric can give, with their words."""
    offered = {"clear", *(b.grade for r in grade.results for b in r.criterion.bands)}
    return tuple((id_, grade_word(id_)) for id_ in LEVELS if id_ in offered)


def _name(criterion: Criterion) -> str:
    return tr("total") if criterion.id == "total" else of_content(criterion.title).lower()


def _singular(criterion: Criterion) -> bool:
    return criterion.id == "total"


def _from(band: Band) -> str:
    return tr(", from {filled_by}", filled_by=band.filled_by) if band.filled_by else ""
