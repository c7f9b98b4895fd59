"""Other acne schemes beside the count rubric: GAGS, Hayashi, the IGA hint and who is a candidate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workstation.domain.errors import WorkstationError
from workstation.domain.explain import Source


@dataclass(frozen=True, slots=True)
class ScoreBand:
    """Scores up to ``high`` (inside; None = no upper end) give ``grade``; bands are in order."""

    high: int | None
    grade: str


@dataclass(frozen=True, slots=True)
class Gags:
    """Global Acne Grading System: a factor per region, a worth per worst lesion, score bands."""

    id: str
    edition: str
    title: str
    factors: tuple[tuple[str, int], ...]  # (region, factor)
    worths: tuple[tuple[str, int], ...]  # (worst lesion, worth)
    bands: tuple[ScoreBand, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class GagsScore:
    """``score`` and ``grade`` are None while a region was not seen; ``lower_bound`` always counts."""

    score: int | None
    grade: str | None
    lower_bound: int
    unseen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hayashi:
    """Inflammatory count of the worse half of the face."""

    id: str
    edition: str
    title: str
    bands: tuple[ScoreBand, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class HayashiGrade:
    """``half`` is the worse one (``left`` or ``right``; the patient's). Nodules are not counted."""

    grade: str
    half: str
    count: int
    nodules_not_counted: bool


@dataclass(frozen=True, slots=True)
class HintStep:
    """Counts inside all limits (None = no limit) suggest ``hint``; the first step that fits wins."""

    most_comedones: int | None
    most_inflammatory: int | None
    most_nodules: int | None
    hint: int


@dataclass(frozen=True, slots=True)
class IgaGrade:
    """One step of the IGA, named and described for the clinician who picks it."""

    name: str
    words: str
    source: Source


@dataclass(frozen=True, slots=True)
class IgaHint:
    """A hint at the clinician's global impression, never stored as an IGA.

    ``grades`` is the scale itself from 0 upwards: the clinician picks a place in it.
    """

    id: str
    edition: str
    severe_nodules: int
    severe_inflammatory: int
    severe_hint: int
    beyond_nodules: int
    steps: tuple[HintStep, ...]
    grades: tuple[IgaGrade, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Leeds:
    """Leeds revised: an atlas to pick from. ``sites`` are (site, highest grade); lowest is 1."""

    id: str
    edition: str
    title: str
    sites: tuple[tuple[str, int], ...]
    source: Source


@dataclass(frozen=True, slots=True)
class CandidacyRules:
    """Numbers of the label indication and the guideline."""

    id: str
    edition: str
    severe_grade: str
    severe_iga: int
    label_age: int
    label_nodules: int
    source: Source


@dataclass(frozen=True, slots=True)
class Candidacy:
    """Whether the guideline and the label support isotretinoin, with what decided it.

    A value is None when an answer that would decide it is unknown.
    """

    guideline_candidate: bool | None
    severe_equivalent: bool | None
    on_label: bool | None
    because: tuple[str, ...]


def gags(
    scheme: Gags, worst: Mapping[str, str | None], partly: Mapping[str, str] | None = None
) -> GagsScore:
    """GAGS from the worst lesion per region; a region absent or None was not seen.

    ``partly`` gives the worst lesion of regions of which only a part was seen: they leave the score
    open and raise the lower bound.

    Raises:
        WorkstationError: ``severity.lesion.unknown`` for a lesion the scheme does not know.
    """
    worths = dict(scheme.worths)
    seen_in_part = partly or {}
    for lesion in (*worst.values(), *seen_in_part.values()):
        if lesion is not None and lesion not in worths:
            raise WorkstationError("severity.lesion.unknown", lesion=lesion)
    unseen = tuple(region for region, _ in scheme.factors if worst.get(region) is None)
    total = 0
    for region, factor in scheme.factors:
        lesion = worst.get(region) or seen_in_part.get(region)
        if lesion is not None:
            total += factor * worths[lesion]
    if unseen:
        return GagsScore(None, None, total, unseen)
    return GagsScore(total, banded(scheme.bands, total), total, ())


def hayashi(scheme: Hayashi, left: int, right: int, nodules: int) -> HayashiGrade:
    """Hayashi's grade from inflammatory counts per half of the face; the worse half decides."""
    half, count = ("left", left) if left >= right else ("right", right)
    return HayashiGrade(banded(scheme.bands, count), half, count, nodules > 0)


def iga_hint(rules: IgaHint, comedones: int, inflammatory: int, nodules: int) -> tuple[int, bool]:
    """(hint 0 to 4, whether it lies beyond the scale) from counts of the face.

    Raises:
        WorkstationError: ``severity.hint.none`` when the content has no step for the counts.
    """
    if nodules >= rules.severe_nodules or inflammatory > rules.severe_inflammatory:
        return rules.severe_hint, nodules > rules.beyond_nodules
    for step in rules.steps:
        if (
            _within(comedones, step.most_comedones)
            and _within(inflammatory, step.most_inflammatory)
            and _within(nodules, step.most_nodules)
        ):
            return step.hint, False
    raise WorkstationError("severity.hint.none")


def candidacy(
    rules: CandidacyRules,
    *,
    count_grade: str | None,
    iga: int | None,
    psychosocial_burden: bool | None,
    scarring: bool | None,
    failed_standard_therapy: bool | None,
    age: int | None,
    nodules: int | None,
    failed_systemic_antibiotic: bool | None,
    pregnant: bool | None,
) -> Candidacy:
    """Guideline and label criteria; an unknown answer leaves a result open, never false.

    ``nodules`` is None while nothing is annotated: then the label's counts are open as well.
    """
    severe_count = None if count_grade is None else count_grade == rules.severe_grade
    severe_iga = None if iga is None else iga >= rules.severe_iga
    criteria = (
        ("severe_count", severe_count),
        ("severe_iga", severe_iga),
        ("psychosocial_burden", psychosocial_burden),
        ("scarring", scarring),
        ("failed_standard_therapy", failed_standard_therapy),
    )
    label = (
        None if age is None else age >= rules.label_age,
        None if pregnant is None else not pregnant,
        None if nodules is None else nodules >= rules.label_nodules,
        None if nodules is None else severe_count,
        failed_systemic_antibiotic,
    )
    return Candidacy(
        guideline_candidate=_any(tuple(value for _, value in criteria)),
        severe_equivalent=_any((psychosocial_burden, scarring, severe_count, severe_iga)),
        on_label=_all(label),
        because=tuple(name for name, value in criteria if value),
    )


def banded(bands: tuple[ScoreBand, ...], number: int) -> str:
    """The grade of the first band that reaches ``number``."""
    return next(b.grade for b in bands if b.high is None or number <= b.high)


def disagree(ranks: tuple[int, ...]) -> bool:
    """Whether computed schemes lie two or more bands apart (mild 1, moderate 2, severe 3)."""
    return bool(ranks) and max(ranks) - min(ranks) >= 2


def _within(count: int, most: int | None) -> bool:
    return most is None or count <= most


def _any(values: tuple[bool | None, ...]) -> bool | None:
    if any(v is True for v in values):
        return True
    return None if any(v is None for v in values) else False


def _all(values: tuple[bool | None, ...]) -> bool | None:
    if any(v is False for v in values):
        return False
    return None if any(v is None for v in values) else True
