"""What the acne schemes other than the count rubric make of one consultation, each by itself.

Nothing is averaged: IGA and Leeds are the clinician's, GAGS and Hayashi are computed, and candidacy
by the guideline and by the label stand apart. Acne only: another indication has no opinions here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from workstation.domain.counting import stretch
from workstation.domain.facts import Facts
from workstation.domain.ids import PhotoId
from workstation.domain.lesions import (
    COMEDONES,
    COUNTED,
    DEFAULT_OWNER,
    FACE_ZONES,
    INFLAMMATORY,
    NODULES_CYSTS,
    SCARS,
    LesionType,
    Midline,
    Placed,
    Tally,
    ZoneId,
)
from workstation.domain.photo import Photo, View
from workstation.domain.schemes import (
    Candidacy,
    CandidacyRules,
    Gags,
    GagsScore,
    Hayashi,
    HayashiGrade,
    IgaHint,
    Leeds,
    candidacy,
    disagree,
    gags,
    hayashi,
    iga_hint,
)
from workstation.domain.severity import UNJUDGED_SCARRING, Grade, Rubric
from workstation.domain.severity import grade as graded

LEFT, RIGHT = "left", "right"
SCHEMES_DISAGREE = "SCHEMES-DISAGREE"
_BANDS = (("clear", "none", "mild"), ("moderate",), ("severe", "very severe"))
_NAMES = ("mild", "moderate", "severe")
_WORST: tuple[tuple[str, frozenset[LesionType]], ...] = (
    ("nodule", NODULES_CYSTS),
    ("pustule", frozenset({LesionType.PUSTULE})),
    ("papule", frozenset({LesionType.PAPULE})),
    ("comedone", COMEDONES),
)
_REGIONS: tuple[tuple[str, tuple[ZoneId, ...]], ...] = (
    ("forehead", (ZoneId.FOREHEAD,)),
    ("right_cheek", (ZoneId.RIGHT_CHEEK,)),
    ("left_cheek", (ZoneId.LEFT_CHEEK,)),
    ("nose", (ZoneId.NOSE,)),
    ("chin", (ZoneId.CHIN,)),
    ("chest_upper_back", (ZoneId.CHEST, ZoneId.UPPER_BACK)),
)
_SIDE_OF_ZONE = {ZoneId.LEFT_CHEEK: LEFT, ZoneId.RIGHT_CHEEK: RIGHT}
_SIDE_OF_VIEW = {View.LEFT45: LEFT, View.RIGHT45: RIGHT}
_MIDDLE = frozenset(FACE_ZONES) - _SIDE_OF_ZONE.keys()
_FACE = frozenset(FACE_ZONES)
_FACING = frozenset({View.FRONT, View.CHIN_UP, View.HAIRLINE})
_AREAS: tuple[tuple[str, frozenset[ZoneId]], ...] = (
    ("face", _FACE),
    ("chest", frozenset({ZoneId.CHEST})),
    ("back", frozenset({ZoneId.UPPER_BACK})),
    ("shoulders", frozenset({ZoneId.SHOULDERS})),
)
# By photo of the consultation asked about last: what was counted on both sides of its midline.
_PARTED: dict[PhotoId, tuple[tuple[Placed, ...], Midline, int, int]] = {}


class SchemeRules(Protocol):
    """What the schemes' content gives; the catalogue's ``schemes`` fulfil it."""

    @property
    def gags(self) -> Gags: ...
    @property
    def hayashi(self) -> Hayashi: ...
    @property
    def iga_hint(self) -> IgaHint: ...
    @property
    def leeds(self) -> Leeds: ...
    @property
    def candidacy(self) -> CandidacyRules: ...
    @property
    def beside(self) -> tuple[Rubric, ...]: ...


@dataclass(frozen=True, slots=True)
class Halves:
    """Inflammatory lesions on each half of the face; ``unplaced`` could not be given a side.

    ``at_least`` is True while a view of the face is missing or a lesion has no side.
    """

    left: int
    right: int
    unplaced: int
    at_least: bool


@dataclass(frozen=True, slots=True)
class Opinions:
    """All schemes beside the count rubric. ``applies`` is False for an indication outside acne.

    ``iga`` is the clinician's pick or None; ``iga_hint`` (0 to 4) only suggests and is never stored
    as the grade; ``hint_beyond`` says that it lies beyond the scale. ``leeds`` are the atlas grades
    picked, by site. ``bands`` are the computed schemes as mild, moderate or severe; ``codes`` holds
    SCHEMES-DISAGREE when two of them lie two bands apart. ``extent`` names the areas with counted
    lesions. ``beside`` are the grades of further count rubrics, of the same counts.
    """

    applies: bool
    iga: int | None
    iga_hint: int | None
    hint_beyond: bool
    gags: GagsScore | None
    hayashi: HayashiGrade | None
    halves: Halves | None
    leeds: tuple[tuple[str, int], ...]
    bands: tuple[tuple[str, str], ...]
    codes: tuple[str, ...]
    candidacy: Candidacy | None
    extent: tuple[str, ...]
    beside: tuple[Grade, ...] = ()


_READ = (
    "indication.acne",
    "severity.iga",
    "severity.scarring",
    "severity.psychosocial",
    "course.failed",
    "pregnancy.now",
    "pregnancy.category",
    "patient.age",
)
NONE = Opinions(False, None, None, False, None, None, None, (), (), (), None, ())


def assess_schemes(
    rules: SchemeRules,
    photos: Sequence[Photo],
    counted: Tally,
    midlines: Iterable[Midline],
    grade: Grade,
    facts: Facts,
    mirrored: frozenset[PhotoId] = frozenset(),
    score: GagsScore | None = None,
) -> Opinions:
    """Every scheme beside the count rubric, from the counted annotations and what is known.

    ``midlines`` are those the clinician dragged; a photo without one is halved in its middle. While
    the indication is not known it is taken for acne. ``score`` is ``gags_score`` of the same, where
    it is known.
    """
    if facts.value("indication.acne") is False:
        return NONE
    comedones = inflammatory = nodules = 0
    for (_, zone, kind), n in counted.cells:
        if zone in _FACE:
            comedones += n if kind in COMEDONES else 0
            inflammatory += n if kind in INFLAMMATORY else 0
            nodules += n if kind in NODULES_CYSTS else 0
    hint, beyond = iga_hint(rules.iga_hint, comedones, inflammatory, nodules)
    if score is None:
        score = gags_score(rules, photos, counted)
    halves = half_faces(photos, counted, midlines, mirrored)
    half = hayashi(rules.hayashi, halves.left, halves.right, nodules)
    bands = _bands(grade, score, half)
    ranks = tuple(_rank(band) for _, band in bands)
    iga = picked_iga(rules.iga_hint, facts)
    seen = {zone for (_, zone, kind), _ in counted.cells if kind in COUNTED}
    unseen = tuple([what for what in grade.missing if what != UNJUDGED_SCARRING])
    return Opinions(
        applies=True,
        iga=iga,
        iga_hint=hint,
        hint_beyond=beyond,
        gags=score,
        hayashi=half,
        halves=halves,
        leeds=_leeds(rules.leeds, facts),
        bands=bands,
        codes=(SCHEMES_DISAGREE,) if disagree(ranks) else (),
        candidacy=_candidacy(rules.candidacy, counted, grade, facts, iga),
        extent=tuple([area for area, zones in _AREAS if not zones.isdisjoint(seen)]),
        beside=tuple([graded(one, grade.counts, unseen) for one in rules.beside]),
    )


def gags_score(rules: SchemeRules, photos: Sequence[Photo], counted: Tally) -> GagsScore:
    """GAGS; of the annotations it reads no number, only which types there are in which zones."""
    return gags(rules.gags, *worst_lesions(photos, counted))


def scheme_facts(rules: SchemeRules) -> tuple[str, ...]:
    """Names of the facts that ``assess_schemes`` reads; it may be given these alone."""
    return _read(rules.leeds.sites)


@lru_cache
def _read(sites: tuple[tuple[str, int], ...]) -> tuple[str, ...]:
    return (*_READ, *(_leeds_fact(site) for site, _ in sites))


def _leeds_fact(site: str) -> str:
    return f"severity.leeds_{site}"


def picked_iga(scale: IgaHint, facts: Facts) -> int | None:
    """The clinician's pick; a number outside the scale is none."""
    picked = _whole(facts, "severity.iga")
    return picked if picked is not None and 0 <= picked < len(scale.grades) else None


def worst_lesions(
    photos: Sequence[Photo], counted: Tally
) -> tuple[dict[str, str | None], dict[str, str]]:
    """(worst lesion of each region seen as a whole, None when not; worst of those seen in part).

    A region counts as seen when the usual photo of each of its zones was taken. A lesion that is
    annotated on any photo is there, whichever photo counts it.
    """
    views = {photo.view for photo in photos}
    whole: dict[str, str | None] = {}
    partly: dict[str, str] = {}
    by_zone: dict[ZoneId, set[LesionType]] = {zone: set() for zone in ZoneId}
    for (_, zone, kind), _ in counted.annotated:
        by_zone[zone].add(kind)
    for region, zones in _REGIONS:
        worst = _worst(set().union(*[by_zone[zone] for zone in zones]))
        if all(DEFAULT_OWNER[zone] in views for zone in zones):
            whole[region] = worst
        else:
            whole[region] = None
            partly[region] = worst
    return whole, partly


def half_faces(
    photos: Sequence[Photo],
    counted: Tally,
    midlines: Iterable[Midline],
    mirrored: frozenset[PhotoId] = frozenset(),
) -> Halves:
    """Inflammatory lesions by half of the face; the halves are the patient's.

    A cheek has its side; elsewhere an oblique view gives it, and on a frontal one the midline, on
    a ``mirrored`` photo the other way round.
    """
    by_id = {photo.id: photo for photo in photos}
    halves = {LEFT: 0, RIGHT: 0, None: 0}
    facing: set[PhotoId] = set()  # with lesions that the midline parts
    for (where, zone, kind), number in counted.cells:
        if kind not in INFLAMMATORY or zone not in _FACE:
            continue
        if zone in _MIDDLE and by_id[where].view in _FACING:
            facing.add(where)
        else:
            halves[_SIDE_OF_ZONE.get(zone) or _SIDE_OF_VIEW.get(by_id[where].view)] += number
    for other in tuple(_PARTED):  # another thread may be adding its own
        if other not in by_id:
            _PARTED.pop(other, None)
    lines = {line.photo: line for line in midlines}
    for where in facing:
        line = lines.get(where) or Midline.middle(by_id[where])
        left, right = _parted(counted.placed, line)
        if where in mirrored:
            left, right = right, left
        halves[LEFT] += left
        halves[RIGHT] += right
    views = {photo.view for photo in photos}
    missing = any(v not in views for v in (View.FRONT, View.LEFT45, View.RIGHT45))
    unplaced = halves[None]
    return Halves(halves[LEFT], halves[RIGHT], unplaced, missing or unplaced > 0)


def side_of(line: Midline, x: float, y: float) -> str:
    """The half on which a point lies; the patient's right is on the left of the photo.

    A point on the line belongs to the patient's left half.
    """
    top, bottom = line.top, line.bottom
    if top.y == bottom.y:
        across = (top.x + bottom.x) / 2
    else:
        across = top.x + (y - top.y) * (bottom.x - top.x) / (bottom.y - top.y)
    return RIGHT if x < across else LEFT


# -- inside ----------------------------------------------------------------------------------------


def _parted(placed: tuple[Placed, ...], line: Midline) -> tuple[int, int]:
    """Left and right of a photo's midline: inflammatory lesions that count there, in zones that lie
    on both halves.

    Counted on from the last answer for that line: only where the lesions differ from then.
    """
    last = _PARTED.get(line.photo)
    if last is None or last[1] != line:
        left, right = _sides(placed, line)
    else:
        before, _, left, right = last
        gone, come = stretch(before, placed)
        for sign, part in ((-1, before[gone]), (1, placed[come])):
            more = _sides(part, line)
            left, right = left + sign * more[0], right + sign * more[1]
    _PARTED[line.photo] = placed, line, left, right
    return left, right


def _sides(placed: Iterable[Placed], line: Midline) -> tuple[int, int]:
    right = number = 0
    for p in placed:
        a = p.annotation
        if p.counts and a.photo == line.photo and a.type in INFLAMMATORY and p.zone in _MIDDLE:
            number += 1
            right += side_of(line, a.at.x, a.at.y) == RIGHT
    return number - right, right


def _worst(types: set[LesionType]) -> str:
    return next((name for name, some in _WORST if not types.isdisjoint(some)), "none")


def _bands(grade: Grade, score: GagsScore, half: HayashiGrade) -> tuple[tuple[str, str], ...]:
    """Computed schemes as mild, moderate or severe; a scheme without a result has no band."""
    named = [(grade.rubric, grade.grade), ("HAYASHI", half.grade)]
    if score.grade is not None:
        named.append(("GAGS", score.grade))
    return tuple((scheme, _NAMES[_rank(found)]) for scheme, found in named)


def _rank(grade: str) -> int:
    return next(rank for rank, names in enumerate(_BANDS) if grade in names)


def _leeds(rules: Leeds, facts: Facts) -> tuple[tuple[str, int], ...]:
    picked = [(site, _whole(facts, _leeds_fact(site)), top) for site, top in rules.sites]
    return tuple((site, n) for site, n, top in picked if n is not None and 1 <= n <= top)


def _candidacy(
    rules: CandidacyRules, counted: Tally, grade: Grade, facts: Facts, iga: int | None
) -> Candidacy:
    scarring = _flag(facts, "severity.scarring")
    marked = bool(counted.annotated)
    if any(kind in SCARS for (_, _, kind), _ in counted.annotated):
        scarring = True
    failed = facts.value("course.failed")
    tried = set(failed) - {"none"} if isinstance(failed, tuple) else None
    pregnant = _flag(facts, "pregnancy.now")
    if pregnant is None and facts.value("pregnancy.category") == "CNGP":
        pregnant = False
    return candidacy(
        rules,
        count_grade=grade.grade,
        iga=iga,
        psychosocial_burden=_flag(facts, "severity.psychosocial"),
        scarring=scarring,
        failed_standard_therapy=None if tried is None else bool(tried),
        age=_whole(facts, "patient.age"),
        nodules=grade.counts.nodules_cysts if marked else None,  # nobody has counted yet
        failed_systemic_antibiotic=None if tried is None else "antibiotic_oral" in tried,
        pregnant=pregnant,
    )


def _flag(facts: Facts, name: str) -> bool | None:
    value = facts.value(name)
    return value if isinstance(value, bool) else None


def _whole(facts: Facts, name: str) -> int | None:
    value = facts.value(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
