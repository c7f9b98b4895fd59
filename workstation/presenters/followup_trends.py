"""Trends of a course on one time axis, and the layout of labels that must not overlap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.content.catalogue import Catalogue
from workstation.domain import supply_taken
from workstation.domain.consultation import Consultation
from workstation.domain.dosing import Medicine
from workstation.domain.laboratory import ThresholdBand, own_value
from workstation.domain.results import LabResult, standing
from workstation.language import Sentence, noted, of_content, tr
from workstation.presenters import clinical_wording as words
from workstation.presenters import wording
from workstation.workflow.appraisal import Appraisal
from workstation.workflow.followup import EarlierVisit

LESION_LINES = (
    ("total", noted("Total"), "text"),
    ("inflammatory", noted("Inflam."), "accent"),
    ("nodules_cysts", "N + C", "sevText"),
)
LABS = ("tg", "alt")
UNITS = {"mg/dL": "mg/dL", "U/L": "U/L"}


@dataclass(frozen=True, slots=True)
class Line:
    """Points (day of the axis, value) under one name; ``end`` is the label at its last point."""

    end: str
    colour: str
    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """A value that is not to be passed, with its name."""

    value: float
    name: str


@dataclass(frozen=True, slots=True)
class Trend:
    """One chart. ``levels`` are words for heights, where heights are not numbers.

    ``missing`` says why there is no line yet; every chart has a line or that.
    """

    title: str
    detail: str
    lines: tuple[Line, ...]
    limits: tuple[Limit, ...] = ()
    levels: tuple[tuple[float, str], ...] = ()
    banded: bool = False
    from_zero: bool = True
    spoken: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """What to expect from one day of the axis to another; ``detail`` in whole sentences."""

    first: int
    last: int
    label: str
    short: str
    detail: str


@dataclass(frozen=True, slots=True)
class Trends:
    """All charts over one axis of days since the first visit shown."""

    days: int
    ticks: tuple[tuple[int, str], ...]
    bands: tuple[Band, ...]
    charts: tuple[Trend, ...]


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> tuple[float, ...]:
    """Places for labels in the order of ``wanted``, at least ``gap`` apart, each near its own.

    Labels that would overlap are moved apart by as little as possible in all (least squares). They
    stay between ``low`` and ``high`` when there is room for all; else they fill it evenly, closer.
    """
    if not wanted:
        return ()
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    room = max(0.0, high - low)
    if len(wanted) > 1:
        gap = min(gap, room / (len(wanted) - 1))
    # With the gaps taken out the order is all that is left to keep: pool what violates it.
    groups: list[list[float]] = []  # (sum, count)
    for rank, i in enumerate(order):
        groups.append([wanted[i] - rank * gap, 1.0])
        while len(groups) > 1 and (groups[-2][0] / groups[-2][1] > groups[-1][0] / groups[-1][1]):
            total, count = groups.pop()
            groups[-1][0] += total
            groups[-1][1] += count
    placed: list[float] = []
    for total, count in groups:
        placed += [total / count] * int(count)
    ceiling = high - (len(wanted) - 1) * gap
    found = [0.0] * len(wanted)
    for rank, i in enumerate(order):
        found[i] = min(max(placed[rank], low), ceiling) + rank * gap
    return tuple(found)


def _month(visit: int) -> str:
    """A visit on the axis, numbered as the title above its photo numbers it."""
    return f"M{visit - 1}" if visit > 1 else tr("Start")


def trends(
    consultation: Consultation,
    earlier: tuple[EarlierVisit, ...],
    appraisal: Appraisal,
    catalogue: Catalogue,
    medicine: Medicine,
    on: date,
    *,
    counted: bool,
) -> Trends | None:
    """All charts of a course up to ``on``; None before the second visit.

    ``counted`` says whether this visit's lesions have been counted: an uncounted visit has no point.
    """
    if not earlier:
        return None
    taken = supply_taken.taken(appraisal.supplies)
    begin = min(earlier[0].visit.on, *(d.on for d in taken), on)
    days = max(1, (on - begin).days)
    start = min((d.on for d in taken), default=None)

    def at(day: date) -> int:
        return min(max((day - begin).days, 0), days)

    ticks = [(at(v.visit.on), _month(v.consultation.visit)) for v in earlier]
    ticks.append((days, _month(consultation.visit)))
    charts = [_lesions(earlier, appraisal, at, days, counted=counted)]
    grade = _grades(earlier, appraisal, catalogue, at, days, counted=counted)
    charts += [grade] if grade.lines else []
    charts += [c for c in (_laboratory(t, consultation, catalogue, at) for t in LABS) if c]
    charts += [c for c in (_dose(appraisal, at, days), _weight(earlier, appraisal, at, days)) if c]
    return Trends(days, tuple(ticks), _bands(medicine, start, begin, days), tuple(charts))


def _lesions(
    earlier: tuple[EarlierVisit, ...],
    appraisal: Appraisal,
    at: Callable[[date], int],
    days: int,
    *,
    counted: bool,
) -> Trend:
    tally = appraisal.tally
    now = {
        "total": tally.total,
        "inflammatory": tally.inflammatory,
        "nodules_cysts": tally.nodules_cysts,
    }
    lines = []
    for key, name, colour in LESION_LINES:
        points = [
            (at(v.visit.on), float(dict(v.visit.counts)[key]))
            for v in earlier
            if key in dict(v.visit.counts)
        ]
        if counted:
            points.append((days, float(now[key])))
        if points:
            lines.append(Line(f"{name} {wording.number(points[-1][1])}", colour, tuple(points)))
    return Trend(
        tr("Lesion counts"),
        tr("graded: each lesion once, all views"),
        tuple(lines),
        banded=True,
        spoken=_spoken(tr("Lesion counts"), lines) if lines else tr("Not counted yet"),
        missing="" if lines else tr("Not counted yet"),
    )


def _grades(
    earlier: tuple[EarlierVisit, ...],
    appraisal: Appraisal,
    catalogue: Catalogue,
    at: Callable[[date], int],
    days: int,
    *,
    counted: bool,
) -> Trend:
    rank = {grade: float(i) for i, (grade, _) in enumerate(catalogue.rubric.grades)}
    labels = dict(catalogue.rubric.grades)
    points = [(at(v.visit.on), rank[v.visit.grade]) for v in earlier if v.visit.grade in rank]
    last = next((v.visit.grade for v in reversed(earlier) if v.visit.grade in rank), None)
    if counted and appraisal.grade.grade in rank:
        points.append((days, rank[appraisal.grade.grade]))
        last = appraisal.grade.grade
    line = Line(labels.get(last or "", ""), "text", tuple(points))
    return Trend(
        tr("Grade"),
        catalogue.rubric.id,
        (line,) if points else (),
        levels=tuple((rank[g], text) for g, text in catalogue.rubric.grades),
        spoken=tr("Grade, newest: {end}", end=line.end),
    )


def _laboratory(
    id: str, consultation: Consultation, catalogue: Catalogue, at: Callable[[date], int]
) -> Trend | None:
    test = catalogue.tests.get(id)
    if test is None:
        return None
    found = [
        (r, value)
        for r in standing(consultation.results)
        if r.test == id and (value := own_value(test, r, catalogue.thresholds)) is not None
    ]
    if not found:
        return None
    points = tuple((at(r.collected), float(value)) for r, value in found)
    newest, value = found[-1]
    limits = _limits(catalogue.thresholds.of(id), newest)
    name = SHORT.get(id, test.name)
    lines = (Line(f"{name} {wording.number(value)}", "text", points),)
    unit = UNITS.get(test.unit or "", test.unit or "")
    details = [unit] if unit else []
    if test.fasting:
        details.append(tr("fasting"))
    if newest.upper_limit is not None:
        details.append(
            tr("upper limit {upper_limit}", upper_limit=wording.number(newest.upper_limit))
        )
    return Trend(
        words.upper_first(test.name),
        ", ".join(details),
        lines,
        limits,
        spoken=_spoken(test.name, lines),
    )


SHORT = {"tg": "TG", "alt": "ALT"}


def _limits(bands: Iterable[ThresholdBand], newest: LabResult) -> tuple[Limit, ...]:
    """Where the content says hold; as a value, with the laboratory's own limit where it needs one."""
    for band in bands:
        if band.low is None or band.condition or not band.action.startswith(("hold", "reduce_or")):
            continue
        word = tr("hold") if band.action.startswith("hold") else tr("lower or hold")
        if not band.per_upper_limit:
            sign = "" if band.low_inclusive else "> "
            return (Limit(float(band.low), f"{word} {sign}{wording.number(band.low)}"),)
        if newest.upper_limit is not None:
            value = float(band.low * newest.upper_limit)
            return (Limit(value, f"{word} > {wording.number(band.low)}\u00d7"),)
    return ()


def _dose(appraisal: Appraisal, at: Callable[[date], int], days: int) -> Trend | None:
    supplies = supply_taken.taken(appraisal.supplies)
    if not supplies:
        return None
    points = [(at(d.on), float(d.daily)) for d in supplies]
    if appraisal.regimen is not None:
        points.append((days, float(appraisal.regimen.daily)))
    lines = (Line(f"{wording.number(Decimal(str(points[-1][1])))}\u00a0mg", "text", tuple(points)),)
    return Trend(tr("Dose"), tr("mg a day"), lines, spoken=_spoken(tr("Dose in mg a day"), lines))


def _weight(
    earlier: tuple[EarlierVisit, ...], appraisal: Appraisal, at: Callable[[date], int], days: int
) -> Trend | None:
    points = [(at(v.visit.on), float(v.visit.weight)) for v in earlier if v.visit.weight]
    now = appraisal.facts.value("patient.weight")
    if isinstance(now, (int, Decimal)) and not isinstance(now, bool):
        points.append((days, float(now)))
    if not points:
        return None
    lines = (Line(f"{wording.number(Decimal(str(points[-1][1])))}\u00a0kg", "text", tuple(points)),)
    return Trend(
        tr("Weight"), "kg", lines, from_zero=False, spoken=_spoken(tr("Weight in kg"), lines)
    )


def _bands(medicine: Medicine, start: date | None, begin: date, days: int) -> tuple[Band, ...]:
    """The course as the article expects it, counted from the first capsule."""
    if start is None:
        return ()
    offset = (start - begin).days
    found = []
    for bucket in medicine.response:
        first = offset + bucket.first_day - 1
        last = days if bucket.last_day is None else min(days, offset + bucket.last_day)
        if first < days:
            detail = ", ".join(
                str(EXPECTED.get(code, code.replace("_", " "))) for code in bucket.expect
            )
            label = of_content(bucket.label).replace("-", "\u2013")
            short = label.replace(tr("Weeks "), tr("W")).replace(tr("Months "), tr("M"))
            found.append(Band(max(0, first), last, label, short, f"{label}: {detail}"))
    return tuple(found)


EXPECTED: Mapping[str, Sentence] = {
    "dryness": noted("dry skin"),
    "chapped_lips": noted("chapped lips"),
    "temporary_flare": noted("a flare for a while"),
    "possible_purge": noted("new spots may still come up at once"),
    "redness": noted("redness"),
    "swelling": noted("swelling"),
    "fewer_breakouts": noted("then fewer breakouts"),
    "much_reduced_or_cleared": noted("much reduced or gone"),
    "many_stay_clear": noted("many stay clear"),
    "some_need_a_second_course": noted("some need a second course"),
}


def _spoken(title: str, lines: Iterable[Line]) -> str:
    parts = []
    for line in lines:
        values = ", ".join(wording.number(Decimal(str(v))) for _, v in line.points)
        parts.append(f"{line.end}: {values}")
    return f"{title}. {'. '.join(parts)}"
