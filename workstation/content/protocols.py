"""Laboratory tests, thresholds, protocols and plan rules from ``monitoring/*.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from workstation.content.sources import cited
from workstation.content.tables import Table, read
from workstation.domain.explain import Source
from workstation.domain.laboratory import (
    Combined,
    LabTest,
    Standing,
    ThresholdBand,
    Thresholds,
)
from workstation.domain.protocols import (
    Bridge,
    Enrolment,
    MoreNeeded,
    OwnLimits,
    PlanRules,
    Protocol,
)
from workstation.domain.units import Conversion

LANES = frozenset({"pregnancy", "lipids", "liver", "mood", "supply", "contraception"})
SHARED = frozenset({"tests.toml", "thresholds.toml", "plan.toml"})


def read_tests(path: Path, sources: Mapping[str, Source]) -> Mapping[str, LabTest]:
    """All tests and points of the plan by id, in file order.

    Raises:
        ContentError: ``content.test.twice``, ``content.test.lane``, or a fault of the file.
    """
    top = read(path)
    top.whole("schema")
    top.text("edition")
    system = top.text("system")
    found: dict[str, LabTest] = {}
    for table in top.tables("test"):
        test = LabTest(
            id=table.text("id"),
            name=table.text("name"),
            loinc=table.text("loinc"),
            specimen=table.text("specimen"),
            fasting=table.flag("fasting"),
            unit=table.maybe_text("unit"),
            lane=table.text("lane"),
            source=cited(table, sources),
            system=system,
            also=table.maybe_texts("also"),
            contains=table.maybe_texts("contains"),
            lowest=table.maybe_decimal("lowest"),
        )
        if test.lane not in LANES:
            raise table.wrong("content.test.lane", "lane")
        if test.id in found:
            raise table.wrong("content.test.twice", "id")
        found[test.id] = test
        table.done()
    for table in top.tables("point"):
        source, lane = cited(table, sources), table.text("lane")
        id_, name = table.text("id"), table.text("name")
        found[id_] = LabTest(id_, name, "", "", False, None, lane, source)
        table.done()
    top.done()
    return MappingProxyType(found)


def read_thresholds(
    path: Path, sources: Mapping[str, Source], tests: Mapping[str, LabTest]
) -> Thresholds:
    """All bands with unit conversion and combined findings.

    Raises:
        ContentError: ``content.test.unknown``, ``content.band.*`` or a fault of the file.
    """
    top = read(path)
    top.whole("schema")
    thresholds = Thresholds(
        edition=top.text("edition"),
        bands=tuple(_band(t, sources, tests) for t in top.tables("band")),
        conversions=tuple(_conversion(t, sources, tests) for t in top.tables("conversion")),
        alcohol_hours=top.whole("alcohol_hours"),
        combined=_combined(top, sources),
        standing=_standing(top.table("standing"), sources),
    )
    top.done()
    _without_holes(top.tables("band"), thresholds)
    return thresholds


def read_protocol(
    path: Path, sources: Mapping[str, Source], tests: Mapping[str, LabTest]
) -> Protocol:
    """One protocol; draws and days are as the file has them.

    Raises:
        ContentError: ``content.protocol.during``, ``content.test.unknown``, or a fault of the file.
    """
    top = read(path)
    top.whole("schema")
    protocol = Protocol(
        id=top.text("id"),
        edition=top.text("edition"),
        title=top.text("title"),
        baseline=_known(top, "baseline", tests),
        during=_known(top, "during", tests),
        during_from=top.text("during_from"),
        during_days=top.whole("during_days"),
        monthly=top.flag("monthly"),
        not_in_protocol=top.texts("not_in_protocol"),
        source=cited(top, sources),
    )
    if protocol.during_from not in ("start", "peak") or protocol.during_days < 1:
        raise top.wrong("content.protocol.during", "during_from")
    top.done()
    return protocol


def read_protocols(
    folder: Path, sources: Mapping[str, Source], tests: Mapping[str, LabTest]
) -> Mapping[str, Protocol]:
    """All protocols by id: every file of the folder but those that protocols share."""
    paths = sorted(path for path in folder.glob("*.toml") if path.name not in SHARED)
    found = (read_protocol(path, sources, tests) for path in paths)
    return MappingProxyType({p.id: p for p in found})


def read_plan_rules(
    path: Path,
    sources: Mapping[str, Source],
    tests: Mapping[str, LabTest],
    protocols: Mapping[str, Protocol],
    facts: frozenset[str],
) -> PlanRules:
    """How protocols become dates; facts it names must be registered.

    Raises:
        ContentError: ``content.protocol.unknown``, ``content.fact.unknown``, or a fault of the file.
    """
    top = read(path)
    top.whole("schema")
    rules = PlanRules(
        edition=top.text("edition"),
        default=top.text("default"),
        more=top.text("more"),
        baseline_days=top.whole("baseline_days"),
        early_days=top.whole("early_days"),
        flare_first_day=top.whole("flare_first_day"),
        flare_last_day=top.whole("flare_last_day"),
        normal_results=top.whole("normal_results"),
        laboratory_days=top.whole("laboratory_days"),
        more_needed=tuple(_more(t, sources, tests, facts) for t in top.tables("more_needed")),
        enrolment=tuple(_enrolment(t, sources, facts) for t in top.tables("enrolment")),
        own=_own(top.table("own"), sources, tests),
        bridges=tuple(_bridge(t, sources) for t in top.tables("bridge")),
        source=cited(top, sources),
    )
    for key in ("default", "more"):
        if top.text(key) not in protocols:
            raise top.wrong("content.protocol.unknown", key)
    top.done()
    return rules


def _own(table: Table, sources: Mapping[str, Source], tests: Mapping[str, LabTest]) -> OwnLimits:
    limits = OwnLimits(
        least=_known(table, "least", tests),
        shortest_days=table.whole("shortest_days"),
        longest_days=table.whole("longest_days"),
        source=cited(table, sources),
    )
    if not 1 <= limits.shortest_days <= limits.longest_days:
        raise table.wrong("content.protocol.during", "shortest_days")
    table.done()
    return limits


def _bridge(table: Table, sources: Mapping[str, Source]) -> Bridge:
    bridge = Bridge(
        table.text("medicine"), table.text("title"), table.text("note"), cited(table, sources)
    )
    table.done()
    return bridge


def _band(
    table: Table, sources: Mapping[str, Source], tests: Mapping[str, LabTest]
) -> ThresholdBand:
    low, high = table.maybe_decimal("low"), table.maybe_decimal("high")
    band = ThresholdBand(
        test=table.text("test"),
        low=low,
        low_inclusive=low is not None and table.flag("low_inclusive"),
        high=high,
        high_inclusive=high is not None and table.flag("high_inclusive"),
        per_upper_limit=table.maybe_flag("per_upper_limit") or False,
        action=table.text("action"),
        advice=table.text("advice"),
        source=cited(table, sources),
        words=table.maybe_texts("words"),
        condition=table.maybe_text("condition") or "",
        acts_unprepared=table.maybe_flag("acts_unprepared") or False,
        repeat_days=table.maybe_whole("repeat_days"),
    )
    if band.test not in tests:
        raise table.wrong("content.test.unknown", "test")
    table.done()
    return band


def _without_holes(tables: tuple[Table, ...], thresholds: Thresholds) -> None:
    """Bands of one test and condition follow each other: where one ends the next begins."""
    last: dict[tuple[str, str], ThresholdBand] = {}
    for table, band in zip(tables, thresholds.bands, strict=True):
        if band.words:
            continue
        key = band.test, band.condition
        before = last.get(key)
        if before is None:
            sound = band.low is None
        else:
            sound = before.high == band.low and before.high_inclusive is not band.low_inclusive
        if not sound:
            raise table.wrong("content.band.hole", test=band.test)
        last[key] = band
    for table, band in zip(tables, thresholds.bands, strict=True):
        if band in last.values() and band.high is not None:
            raise table.wrong("content.band.hole", test=band.test)


def _conversion(
    table: Table, sources: Mapping[str, Source], tests: Mapping[str, LabTest]
) -> Conversion:
    row = Conversion(
        test=table.text("test"),
        unit=table.text("unit"),
        multiply_by=table.maybe_decimal("multiply_by") or Decimal(1),
        divide_by=table.maybe_decimal("divide_by") or Decimal(1),
        source=cited(table, sources),
    )
    if row.test not in tests:
        raise table.wrong("content.test.unknown", "test")
    table.done()
    return row


def _combined(top: Table, sources: Mapping[str, Source]) -> Combined:
    hy, muscle = top.table("hy"), top.table("muscle")
    combined = Combined(
        hy_code=hy.text("code"),
        hy_alt=hy.decimal("alt"),
        hy_bilirubin=hy.decimal("bilirubin"),
        hy_action=hy.text("action"),
        muscle_code=muscle.text("code"),
        muscle_ck=muscle.decimal("ck"),
        muscle_action=muscle.text("action"),
    )
    for table in (hy, muscle):
        cited(table, sources)  # each names where it is from
        table.done()
    return combined


def _standing(table: Table, sources: Mapping[str, Source]) -> Standing:
    standing = Standing(
        stop=frozenset(table.texts("stop")),
        hold=frozenset(table.texts("hold")),
        lower=frozenset(table.texts("lower")),
        kept=table.text("kept"),
        source=cited(table, sources),
    )
    table.done()
    return standing


def _more(
    table: Table,
    sources: Mapping[str, Source],
    tests: Mapping[str, LabTest],
    facts: frozenset[str],
) -> MoreNeeded:
    row = MoreNeeded(
        id=table.text("id"),
        because=table.text("because"),
        fact=table.maybe_text("fact"),
        above=table.maybe_decimal("above"),
        one_of=table.maybe_texts("one_of"),
        test=table.maybe_text("test"),
        at_least=table.maybe_decimal("at_least"),
        above_upper_limits=table.maybe_decimal("above_upper_limits"),
        source=cited(table, sources),
    )
    if row.fact is not None and row.fact not in facts:
        raise table.wrong("content.fact.unknown", "fact")
    if row.test is not None and row.test not in tests:
        raise table.wrong("content.test.unknown", "test")
    table.done()
    return row


def _enrolment(table: Table, sources: Mapping[str, Source], facts: frozenset[str]) -> Enrolment:
    row = Enrolment(
        id=table.text("id"),
        title=table.text("title"),
        who=table.text("who"),
        fact=table.text("fact"),
        only_can=table.maybe_flag("only_can") or False,
        source=cited(table, sources),
    )
    if row.fact not in facts:
        raise table.wrong("content.fact.unknown", "fact")
    table.done()
    return row


def _known(top: Table, key: str, tests: Mapping[str, LabTest]) -> tuple[str, ...]:
    names = top.texts(key)
    if not set(names) <= set(tests):
        raise top.wrong("content.test.unknown", key)
    return names
