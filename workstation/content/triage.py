"""Triage content: red flags, side effects, pregnancy results and waiting-time targets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

from workstation.content.rules import condition_at, refuse_circles
from workstation.content.sources import cited
from workstation.content.tables import Table, read
from workstation.domain.explain import Source
from workstation.domain.facts import FactSpec
from workstation.domain.triage import (
    ACTIONS,
    FlagRule,
    PregnancyResultRule,
    SymptomRule,
    Targets,
    TriageLevel,
    TriageRules,
)

_RESULTS = frozenset({"negative", "equivocal", "positive"})


def read_triage(
    path: Path, registry: Mapping[str, FactSpec], sources: Mapping[str, Source]
) -> TriageRules:
    """All triage content.

    Raises:
        ContentError: ``content.triage.*``, ``content.condition.*`` or a fault of the file.
    """
    top = read(path)
    top.whole("schema")
    edition = top.text("edition")
    share = top.table("escalation")
    escalate_at = float(share.decimal("share"))
    cited(share, sources)
    share.done()
    calling = top.table("calling")
    tries = tuple(int(minutes) for minutes in calling.decimals("next_try_minutes"))
    cited(calling, sources)
    calling.done()
    targets = dict(_target(table, sources) for table in top.tables("target"))
    if set(targets) != set(TriageLevel):
        raise top.wrong("content.triage.targets", "target")
    flags = tuple(_flag(table, registry, sources) for table in top.tables("flag"))
    symptoms = tuple(_symptom(table, registry, sources) for table in top.tables("symptom"))
    refuse_circles([(flag, path.name, 1) for flag in flags])
    refuse_circles([(symptom, path.name, 1) for symptom in symptoms])
    results = tuple(_result(table, sources) for table in top.tables("pregnancy_result"))
    top.done()
    return TriageRules(
        edition, MappingProxyType(targets), escalate_at, tries, flags, symptoms, results, registry
    )


def _target(table: Table, sources: Mapping[str, Source]) -> tuple[TriageLevel, Targets]:
    level = _level(table)
    first_look = timedelta(minutes=table.whole("first_look_minutes"))
    decision = timedelta(minutes=table.whole("decision_minutes"))
    cited(table, sources)
    table.done()
    return level, Targets(first_look, decision)


def _flag(
    table: Table, registry: Mapping[str, FactSpec], sources: Mapping[str, Source]
) -> FlagRule:
    rule = FlagRule(
        code=table.text("code"),
        level=_level(table),
        when=condition_at(table, "when", registry),
        alarm=condition_at(table, "alarm", registry) if "alarm" in table else None,
        title=table.text("title"),
        steps=table.texts("steps"),
        subsumed_by=table.maybe_texts("subsumed_by"),
        source=cited(table, sources),
    )
    table.done()
    return rule


def _symptom(
    table: Table, registry: Mapping[str, FactSpec], sources: Mapping[str, Source]
) -> SymptomRule:
    action = table.text("action")
    if action not in ACTIONS:
        raise table.wrong("content.triage.action", "action")
    rule = SymptomRule(
        code=table.text("code"),
        when=condition_at(table, "when", registry),
        alarm=condition_at(table, "alarm", registry) if "alarm" in table else None,
        action=action,
        level=_level(table),
        title=table.text("title"),
        advice=table.text("advice"),
        subsumed_by=table.maybe_texts("subsumed_by"),
        source=cited(table, sources),
    )
    table.done()
    return rule


def _result(table: Table, sources: Mapping[str, Source]) -> PregnancyResultRule:
    result = table.text("result")
    if result not in _RESULTS:
        raise table.wrong("content.triage.result", "result")
    rule = PregnancyResultRule(
        result=result,
        on_medicine=table.flag("on_medicine"),
        code=table.maybe_text("code") or "",
        action=table.text("action"),
        level=_level(table),
        tell=table.maybe_texts("tell"),
        source=cited(table, sources),
    )
    table.done()
    return rule


def _level(table: Table) -> TriageLevel:
    word = table.text("level")
    if word not in TriageLevel.__members__:
        raise table.wrong("content.triage.level", "level")
    return TriageLevel[word]
