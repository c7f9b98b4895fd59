"""Entering one result by hand: what is typed, the band it stands in, and what it asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from workstation.content.catalogue import Catalogue
from workstation.content.result_levels import result_levels
from workstation.domain.after_signing import Asked, asked_by
from workstation.domain.facts import Origin
from workstation.domain.ids import PatientId, ResultId, UserId, new_id
from workstation.domain.laboratory import LabTest, ThresholdBand, own_value
from workstation.domain.rems_record import PREGNANCY_TESTS
from workstation.domain.results import LabResult, TestSetting
from workstation.domain.units import converted
from workstation.language import of_content, tr
from workstation.presenters import labs_wording as words
from workstation.presenters import typed, wording

# Four digits need no colon; fewer could be read in two ways.
_TIME = re.compile(r"([01]?[0-9](?=:)|[01][0-9]|2[0-3]):?([0-5][0-9])")
FASTING = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Segment:
    """One band of the bar; ``cut`` is the value at its right edge, "" for the last."""

    text: str
    kind: str
    cut: str


@dataclass(frozen=True, slots=True)
class EarlierView:
    """One earlier value of the test."""

    on: str
    value: str
    times: str


@dataclass(frozen=True, slots=True)
class EntryState:
    """The form as filled in. ``problem`` says why it cannot be saved yet ("" when it can)."""

    patient: PatientId
    row: str  # key of the board's row it was opened for
    title: str
    about: str
    tests: tuple[tuple[str, str], ...]
    test: str
    value: str
    unit: str
    units: tuple[str, ...]
    limit: str
    drawn: str
    time: str
    laboratory: str
    fasting: str
    setting: str
    needs_fasting: bool
    is_word: bool
    segments: tuple[Segment, ...]
    needle: float | None  # 0 to 1 along the bar
    needle_text: str
    kind: str
    verdict: str
    because: str
    goes: str
    earlier: tuple[EarlierView, ...]
    problem: str
    field: str  # the field that ``problem`` is about
    corrects: ResultId | None
    is_unchanged: bool  # shows a stored result as it stands
    touched: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed; everything else follows from it."""

    patient: PatientId
    row: str
    title: str
    about: str
    wanted: tuple[str, ...]
    role: str
    test: str
    value: str = ""
    unit: str = ""
    limit: str = ""
    drawn: str = ""
    time: str = ""
    laboratory: str = ""
    fasting: str = ""
    setting: str = ""
    stored: LabResult | None = None  # the result shown, when one is
    touched: bool = False

    def with_field(self, field: str, text: str, catalogue: Catalogue) -> Filled:
        """The form after a field was changed; another test takes its own unit."""
        if getattr(self, field) == text:
            return self
        changes: dict[str, Any] = {field: text, "touched": True}
        made: Filled = replace(self, **changes)
        if field == "test":
            test = catalogue.tests.get(text)
            made = replace(made, unit=(test.unit or "") if test else "", value="", limit="")
        return made


def of_result(filled: Filled, result: LabResult) -> Filled:
    """The form showing a stored result."""
    minute = result.drawn_minute
    return replace(
        filled,
        test=result.test,
        value=result.value if isinstance(result.value, str) else wording.number(result.value),
        unit=result.unit or "",
        limit="" if result.upper_limit is None else wording.number(result.upper_limit),
        drawn=wording.day(result.collected),
        time="" if minute is None else f"{minute // 60:02d}:{minute % 60:02d}",
        laboratory=result.laboratory or "",
        fasting={True: "yes", False: "no", None: "unknown"}[result.fasting],
        setting=result.setting.value if result.setting is not None else "",
        stored=result,
        touched=False,
    )


def read(
    filled: Filled, catalogue: Catalogue, today: date, by: UserId, now: datetime
) -> LabResult | tuple[str, str]:
    """The result to store, or (field, sentence) of what is missing or does not fit."""
    test = catalogue.tests.get(filled.test)
    if test is None:
        return "test", tr(words.WORD_MISSING)
    value: Decimal | str
    if _is_word(test):
        if filled.value not in dict(words.WORDS):
            return "value", tr(words.WORD_MISSING)
        value = filled.value
    else:
        number = typed.parse_number(filled.value)
        if number is None:
            return "value", tr(words.VALUE_MISSING)
        value = number
    if isinstance(value, Decimal) and not _meant(value, filled.unit or test.unit, test, catalogue):
        return "value", tr(words.VALUE_OTHER_UNIT, unit=filled.unit or test.unit)
    limit = typed.parse_number(filled.limit) if filled.limit.strip() else None
    if filled.limit.strip() and (limit is None or limit <= 0):
        return "limit", tr(words.LIMIT_WRONG)
    collected = typed.parse_day(filled.drawn, today)
    if collected is None:
        return "drawn", tr(words.DAY_MISSING)
    if collected > today:
        return "drawn", tr(words.DAY_AHEAD)
    at = _TIME.fullmatch(filled.time.strip())
    if filled.time.strip() and at is None:
        return "time", tr(words.TIME_WRONG)
    return LabResult(
        id=ResultId(new_id()),
        test=test.id,
        value=value,
        unit=None if isinstance(value, str) else (filled.unit or test.unit),
        upper_limit=None if isinstance(value, str) else limit,
        collected=collected,
        setting=_setting(filled, test),
        fasting=FASTING.get(filled.fasting) if test.fasting else None,
        hours_since_alcohol=None,
        role=filled.role if _is_word(test) and filled.role in _ROLES else None,
        laboratory=filled.laboratory.strip() or None,
        origin=Origin.CLINICIAN,
        recorded_by=by,
        recorded_at=now,
        corrects=filled.stored.id if filled.stored is not None else None,
        drawn_minute=int(at[1]) * 60 + int(at[2]) if at is not None else None,
    )


_ROLES = frozenset({"T1", "T2", "monthly", "end", "post"})


def _meant(value: Decimal, unit: str | None, test: LabTest, catalogue: Catalogue) -> bool:
    """Whether a value can be meant in its unit; a unit that nobody converts is judged later."""
    own = converted(value, unit, test.unit, test.id, catalogue.thresholds.conversions)
    return own is None or test.lowest is None or own >= test.lowest


def _setting(filled: Filled, test: LabTest) -> TestSetting | None:
    if not _is_word(test):
        return TestSetting.MEDICAL
    known = filled.setting in {s.value for s in TestSetting}
    return TestSetting(filled.setting) if known else None


def _is_word(test: LabTest) -> bool:
    return test.id in PREGNANCY_TESTS


def shown(
    filled: Filled,
    catalogue: Catalogue,
    results: Sequence[LabResult],
    today: date,
    by: UserId,
    now: datetime,
    *,
    is_open: bool,
    on_medicine: bool,
) -> EntryState:
    """The form with the value in its bands, what it asks for and earlier values."""
    test = catalogue.tests[filled.test]
    found = read(filled, catalogue, today, by, now)
    result = found if isinstance(found, LabResult) else _for_the_bar(filled, test, today, now)
    asked = None if result is None else _asked(result, test, catalogue, on_medicine=on_medicine)
    bands = [b for b in catalogue.thresholds.of(test.id) if not b.condition and not b.words]
    edges = words.edges(bands)
    needle = _needle(result, test, catalogue, bands)
    kind, verdict, because = "info", "", tr(words.TYPE_VALUE)
    if asked is not None:
        kind, verdict, because = words.judged(asked, test)
    same_kind = PREGNANCY_TESTS if test.id in PREGNANCY_TESTS else frozenset({test.id})
    older = [r for r in results if r.test in same_kind and r != filled.stored]
    return EntryState(
        patient=filled.patient,
        row=filled.row,
        title=filled.title,
        about=filled.about,
        tests=_choices(filled, catalogue),
        test=filled.test,
        value=filled.value,
        unit=filled.unit,
        units=_units(test, catalogue),
        limit=filled.limit,
        drawn=filled.drawn,
        time=filled.time,
        laboratory=filled.laboratory,
        fasting=filled.fasting,
        setting=filled.setting,
        needs_fasting=test.fasting,
        is_word=_is_word(test),
        segments=_segments(bands),
        needle=needle,
        needle_text=_needle_text(result, test, catalogue, bands) if needle is not None else "",
        kind=kind,
        verdict=verdict,
        because=because,
        goes="" if asked is None else words.goes_to(asked, is_open=is_open),
        earlier=tuple(_earlier(r, edges) for r in reversed(older))[:6],
        problem="" if isinstance(found, LabResult) else found[1],
        field="" if isinstance(found, LabResult) else found[0],
        corrects=filled.stored.id if filled.stored is not None else None,
        is_unchanged=filled.stored is not None and not filled.touched,
        touched=filled.touched,
    )


def _for_the_bar(filled: Filled, test: LabTest, today: date, now: datetime) -> LabResult | None:
    """The value alone, while the rest is not filled in yet: it stands on the bar as it is typed."""
    if _is_word(test):
        value: Decimal | str | None = filled.value if filled.value in dict(words.WORDS) else None
    else:
        value = typed.parse_number(filled.value)
    if value is None:
        return None
    limit = typed.parse_number(filled.limit)
    return LabResult(
        ResultId("typed"), test.id, value, filled.unit or test.unit,
        limit if limit else None, today, None,
        FASTING.get(filled.fasting) if test.fasting else None, None, None, None,
        Origin.CLINICIAN, None, now, None,
    )  # fmt: skip


def _asked(result: LabResult, test: LabTest, catalogue: Catalogue, *, on_medicine: bool) -> Asked:
    return asked_by(
        result,
        test,
        catalogue.thresholds,
        result_levels(),
        catalogue.triage,
        on_medicine=on_medicine,
    )


def _choices(filled: Filled, catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    """Tests that can be entered: those wanted first, then all with bands, then the rest."""
    drawn = [t for t in catalogue.tests.values() if t.system and not t.contains]
    inside = [
        part
        for id in filled.wanted
        for part in (catalogue.tests[id].contains or (id,))
        if id in catalogue.tests
    ]
    order = [
        *inside,
        *(t.id for t in drawn if catalogue.thresholds.of(t.id)),
        *(t.id for t in drawn),
    ]
    listed = [id for id in dict.fromkeys(order) if id in catalogue.tests]
    return tuple(
        (id, f"{of_content(catalogue.tests[id].name)} \u00b7 {catalogue.tests[id].loinc}")
        for id in listed
    )


def _units(test: LabTest, catalogue: Catalogue) -> tuple[str, ...]:
    own = (test.unit,) if test.unit else ()
    more = (c.unit for c in catalogue.thresholds.conversions if c.test == test.id)
    return tuple(dict.fromkeys((*own, *more)))


def _segments(bands: Sequence[ThresholdBand]) -> tuple[Segment, ...]:
    return tuple(
        Segment(
            tr(words.BAR.get(band.action, band.action.split("_")[0])),
            words.GATES.get(band.action, ("warn", ""))[0],
            ""
            if band.high is None
            else f"{wording.number(band.high)}{words.NBSP + words.TIMES if band.per_upper_limit else ''}",
        )
        for band in bands
    )


def _position(
    result: LabResult | None, test: LabTest, catalogue: Catalogue, bands: Sequence[ThresholdBand]
) -> Decimal | None:
    """The value in the unit of the cut values (own unit, or times the limit)."""
    if result is None or not bands:
        return None
    number = own_value(test, result, catalogue.thresholds)
    if number is None:
        return None
    if not bands[0].per_upper_limit:
        return number
    limit = result.upper_limit
    return None if limit is None or limit <= 0 else number / limit


def _needle(
    result: LabResult | None, test: LabTest, catalogue: Catalogue, bands: Sequence[ThresholdBand]
) -> float | None:
    """Where the value stands: every band is as wide as the next, and linear inside."""
    at = _position(result, test, catalogue, bands)
    if at is None:
        return None
    for number, band in enumerate(bands):
        low, high = band.low or Decimal(0), band.high
        if high is not None and (at > high or (at == high and not band.high_inclusive)):
            continue
        if high is None:
            # Half of the last band for the first doubling beyond its edge, then ever less.
            share = 1 - float(low / at) if at > 0 else 0.0
        else:
            share = float((at - low) / (high - low)) if high > low else 0.0
        return (number + min(max(share, 0.0), 1.0)) / len(bands)
    return 1.0


def _needle_text(
    result: LabResult | None, test: LabTest, catalogue: Catalogue, bands: Sequence[ThresholdBand]
) -> str:
    at = _position(result, test, catalogue, bands)
    if at is None:
        return ""
    shown = wording.number(words.rounded(at, words.edges(bands)))
    return f"{shown}{words.NBSP}{words.TIMES}" if bands[0].per_upper_limit else shown


def _earlier(result: LabResult, edges: tuple[Decimal, ...]) -> EarlierView:
    times = ""
    if result.upper_limit and isinstance(result.value, Decimal):
        times = words.times(result.value, result.upper_limit, edges)
    return EarlierView(wording.day(result.collected), words.value(result), times)
