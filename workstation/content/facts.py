"""The registry of facts: reads ``facts.toml`` and refuses an entry that cannot be asked or shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from workstation.content.tables import Table, read
from workstation.domain.explain import UNIT_WORDS, Source
from workstation.domain.facts import FactKind, FactSpec, FactValue, Freshness, Origin

E = TypeVar("E", bound=Enum)

_NAME = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")
_CHOICE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_\-]*$")
CONTROLS = frozenset(
    {
        "answer",
        "pregnancy_test",
        "lab_result",
        "contraception",
        "alcohol",
        "weight",
        "rems",
        "contact",
    }
)


def read_facts(path: Path, sources: Mapping[str, Source]) -> Mapping[str, FactSpec]:
    """All facts of the registry by name, in file order.

    Raises:
        ContentError: ``content.fact.*`` or a fault of the file, with file and line.
    """
    top = read(path)
    top.whole("schema")
    top.text("edition")
    found: dict[str, FactSpec] = {}
    codes: set[str] = set()
    lines: dict[str, Table] = {}
    for table in top.tables("fact"):
        spec = _fact(table, sources)
        if spec.name in found:
            raise table.wrong("content.fact.twice", "name", fact=spec.name)
        if spec.ask_code is not None and spec.ask_code in codes:
            raise table.wrong("content.fact.ask.twice", "ask", fact=spec.name)
        codes.add(spec.ask_code or "")
        found[spec.name] = spec
        lines[spec.name] = table
    for name, spec in found.items():
        if any(source not in found for source in spec.computed_from):
            raise lines[name].wrong("content.fact.unknown", "computed_from", fact=name)
    top.done()
    return MappingProxyType(found)


def value_of(table: Table, key: str, spec: FactSpec) -> FactValue:
    """The value under ``key`` as a value of ``spec``; ``key`` may be the fact's own name.

    Raises:
        ContentError: ``content.fact.value`` when it is not of the fact's kind or choices.
    """
    raw = table.value(key)
    value = tuple(raw) if isinstance(raw, list) else raw
    if spec.kind is FactKind.NUMBER and isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    if not spec.accepts(value):
        raise table.wrong("content.fact.value", key, fact=spec.name)
    accepted: FactValue = value
    return accepted


def _fact(table: Table, sources: Mapping[str, Source]) -> FactSpec:
    name = table.text("name")
    if not _NAME.match(name):
        raise table.wrong("content.fact.name", "name", fact=name)
    kind = _member(table, "kind", FactKind)
    freshness = _member(table, "freshness", Freshness)
    unit = table.maybe_text("unit")
    if (kind in (FactKind.WHOLE, FactKind.NUMBER)) != (unit is not None):
        raise table.wrong("content.fact.unit", "unit" if unit else "name", fact=name)
    if unit is not None and unit not in UNIT_WORDS:
        raise table.wrong("content.fact.unit", "unit", fact=name)
    fresh_days = table.maybe_whole("fresh_days")
    if (freshness is Freshness.DAYS) != (fresh_days is not None):
        raise table.wrong("content.fact.fresh", "freshness", fact=name)
    limited = "lowest" in table or "highest" in table or "days_ahead" in table
    if (fresh_days is not None or limited) and table.text("source") not in sources:
        raise table.wrong("content.source.unknown", "source", source=table.text("source"))
    ask = table.maybe_text("ask")
    question = table.maybe_text("question") or ""
    if ask is not None and not question and freshness is not Freshness.COMPUTED:
        raise table.wrong("content.fact.question", "ask", fact=name)
    control = table.maybe_text("control") or "answer"
    if control not in CONTROLS:
        raise table.wrong("content.fact.control", "control", fact=name)
    bare = FactSpec(
        name=name,
        kind=kind,
        label=table.text("label"),
        question=question,
        unit=unit,
        choices=_choices(table, kind),
        ask_code=ask,
        asked_when=table.maybe_text("asked_when") or "",
        freshness=freshness,
        fresh_days=fresh_days,
        safe=None,
        group=table.text("group"),
        asked_for=table.texts("asked_for") if ask else (),
        said_by=_origins(table, freshness),
        kept_when_stale=table.maybe_flag("kept_when_stale") or False,
        waits_for_work_up=table.maybe_flag("waits_for_work_up") or False,
        control=control,
        computed_from=table.maybe_texts("computed_from"),
        lowest=_limit(table, "lowest", kind),
        highest=_limit(table, "highest", kind),
        days_ahead=_ahead(table, kind),
    )
    safe = value_of(table, "safe", bare) if "safe" in table else None
    table.done()
    return replace(bare, safe=safe)


def _limit(table: Table, key: str, kind: FactKind) -> Decimal | None:
    limit = table.maybe_decimal(key)
    if limit is not None and kind not in (FactKind.WHOLE, FactKind.NUMBER):
        raise table.wrong("content.fact.limit", key)
    return limit


def _ahead(table: Table, kind: FactKind) -> int:
    ahead = table.maybe_whole("days_ahead") or 0
    if ahead < 0 or (ahead and kind is not FactKind.DAY):
        raise table.wrong("content.fact.limit", "days_ahead")
    return ahead


def _member(table: Table, key: str, kind: type[E]) -> E:
    word = table.text(key)
    for member in kind:
        if member.value == word:
            return member
    raise table.wrong("content.word.unknown", key)


def _choices(table: Table, kind: FactKind) -> tuple[tuple[str, str], ...]:
    wanted = kind in (FactKind.CHOICE, FactKind.CHOICES)
    if wanted != ("choices" in table):
        raise table.wrong("content.fact.choices", "name")
    if not wanted:
        return ()
    pairs = table.value("choices")
    if not isinstance(pairs, list) or not pairs:
        raise table.wrong("content.fact.choices", "choices")
    found: dict[str, str] = {}
    for pair in pairs:
        good = isinstance(pair, list) and len(pair) == 2 and all(isinstance(x, str) for x in pair)
        if not good or not _CHOICE.match(pair[0]) or not pair[1].strip() or pair[0] in found:
            raise table.wrong("content.fact.choices", "choices")
        found[pair[0]] = pair[1]
    return tuple(found.items())


def _origins(table: Table, freshness: Freshness) -> tuple[Origin, ...]:
    if freshness is Freshness.COMPUTED:
        return (Origin.DERIVED,)
    words = table.maybe_texts("said_by")
    known = {o.value: o for o in Origin}
    if any(word not in known for word in words):
        raise table.wrong("content.fact.origin", "said_by")
    return tuple(known[word] for word in words)
