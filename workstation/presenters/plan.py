"""The monitoring plan as lanes and as a table: the same points, drawn twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workstation.content.catalogue import Catalogue
from workstation.domain.dates import DateWindow
from workstation.domain.facts import Facts
from workstation.domain.monitoring import MonitoringPlan, PlannedTest
from workstation.domain.plan_edits import movable, numbered
from workstation.domain.rems import Category, RemsTimeline
from workstation.language import Sentence, noted, tr
from workstation.presenters import clinical_wording as words

LANES: tuple[tuple[str, Sentence, str], ...] = (
    ("contraception", noted("Two methods"), "shield-check"),
    ("pregnancy", noted("Pregnancy test", "lane"), "baby"),
    ("lipids", noted("Fasting lipids"), "droplet"),
    ("liver", noted("ALT, AST"), "flask-conical"),
    ("mood", noted("Visit, mood"), "brain"),
    ("supply", noted("Pick up supply"), "package"),
)


NOTED = frozenset({"lipids", "liver"})


@dataclass(frozen=True, slots=True)
class PointState:
    """One point; ``state`` is done, due, missing or planned (three glyph shapes).

    ``allowed`` are the days it may be moved to (None: it cannot be), ``rule`` says why those.
    """

    on: date
    window: DateWindow
    state: str
    text: str
    key: str = ""
    allowed: DateWindow | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class RowState:
    """One point as a line of the table; ``on`` is the day it stands for now."""

    key: str
    on: date
    when: str
    what: str
    state: str
    why: str
    chosen: bool
    allowed: DateWindow | None
    rule: str


@dataclass(frozen=True, slots=True)
class LaneState:
    """One lane with its points; ``band`` is a bar over days with a text inside."""

    id: str
    title: str
    icon: str
    points: tuple[PointState, ...]
    band: DateWindow | None
    band_text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlanState:
    """The timeline. ``bands``: (title, first, last, kind) behind the lanes, left to right."""

    title: str
    note: str
    first: date
    last: date
    today: date
    lanes: tuple[LaneState, ...]
    bands: tuple[tuple[str, date, date, str], ...]
    ticks: tuple[tuple[date, str], ...]
    rows: tuple[RowState, ...]


def panel(
    plan: MonitoringPlan | None,
    rems: RemsTimeline | None,
    facts: Facts,
    catalogue: Catalogue,
    today: date,
) -> PlanState | None:
    """The plan's points by lane; people who cannot become pregnant have four lanes."""
    if plan is None or not plan.tests:
        return None
    first = min((today, *(t.window.first for t in plan.tests)))
    last = max((plan.ends, *(t.window.last for t in plan.tests)))
    can = rems is not None and rems.category is Category.CAN
    keyed = numbered(plan)
    lanes = tuple(
        _lane(id, tr(title), icon, (plan, keyed, today), facts, catalogue, first, last)
        for id, title, icon in LANES
        if can or id not in ("contraception", "pregnancy")
    )
    return PlanState(
        title=words.plan_title(len(plan.tests), plan.ends),
        note=words.because_of(plan.because),
        first=first,
        last=last,
        today=today,
        lanes=lanes,
        bands=_bands(plan, first, last),
        ticks=_ticks(plan, first, last),
        rows=tuple(
            _row(key, test, catalogue, today)
            for key, test in sorted(keyed, key=lambda pair: (pair[1].due, pair[1].test))
        ),
    )


def _lane(
    id: str,
    title: str,
    icon: str,
    of: tuple[MonitoringPlan, tuple[tuple[str, PlannedTest], ...], date],
    facts: Facts,
    catalogue: Catalogue,
    first: date,
    last: date,
) -> LaneState:
    plan, keyed, today = of
    points = tuple(
        PointState(
            test.due,
            test.window,
            test.state,
            words.planned(test, catalogue),
            key,
            movable(test, today),
            words.days_allowed(test.window, movable(test, today)),
        )
        for key, test in keyed
        if lane_of(test, catalogue) == id
    )
    band, text = None, ""
    started = facts.value("contraception.started")
    if id == "contraception" and isinstance(started, date):
        # Until the month after the last dose is over, not until the last point of the plan.
        until = last if plan.contraception is None else plan.contraception.last
        shown = max(first, started)
        band = DateWindow(shown, max(shown, until))
        named = words.methods(facts.value("contraception.methods"), catalogue)
        text = (
            tr(
                "{named}, {first} to {last}",
                named=named,
                first=words.day(started),
                last=words.day(until),
            )
            if named
            else ""
        )
    extra = next((t.because for t in plan.tests if t.because and lane_of(t, catalogue) == id), "")
    note = words.upper_first(words.because_of(extra)) if id in NOTED else ""
    return LaneState(id, title, icon, points, band, text, note)


def _row(key: str, test: PlannedTest, catalogue: Catalogue, today: date) -> RowState:
    allowed = movable(test, today)
    return RowState(
        key=key,
        on=test.due,
        when=words.window(test.window),
        what=words.planned(test, catalogue),
        state=tr(words.CHOSEN if test.chosen else words.POINT_STATES[test.state]),
        why=words.plan_because(test.because),
        chosen=test.chosen,
        allowed=allowed,
        rule=tr(words.POINT_DONE)
        if test.state == "done"
        else words.days_allowed(test.window, allowed),
    )


def lane_of(test: PlannedTest, catalogue: Catalogue) -> str:
    """The lane a planned point belongs to."""
    if test.role == "visit":
        return "mood"
    if test.role == "pick_up":
        return "supply"
    known = catalogue.tests.get(test.test)
    return known.lane if known is not None else test.test


def _bands(
    plan: MonitoringPlan, first: date, last: date
) -> tuple[tuple[str, date, date, str], ...]:
    bands = []
    ends = next((t.due for t in plan.tests if t.role == "end"), plan.ends)  # the last dose
    if first < plan.start:
        bands.append((tr(words.WORK_UP), first, plan.start, "quiet"))
    if plan.flare is not None:
        bands.append((tr(words.FLARE), max(first, plan.flare.first), plan.flare.last, "flare"))
        if plan.flare.last < ends:
            bands.append((tr(words.TREATMENT), plan.flare.last, ends, "plain"))
    if ends < last:
        bands.append((tr(words.AFTER), ends, last, "quiet"))
    return tuple(bands)


def _ticks(plan: MonitoringPlan, first: date, last: date) -> tuple[tuple[date, str], ...]:
    visits = sorted(
        {t.due for t in plan.tests if t.role in ("visit", "post", "T1")} | {first, last}
    )
    kept: list[date] = []
    gap = max(1, (last - first).days // 9)
    for day in visits:
        if not kept or (day - kept[-1]).days >= gap:
            kept.append(day)
    if kept[-1] != last:
        # The last day is always named; the one before gives way when it stands too near.
        kept = [*(kept if (last - kept[-1]).days >= gap else kept[:-1]), last]
    return tuple((day, words.short_day(day)) for day in kept)
