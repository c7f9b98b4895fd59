"""Safety rules from ``rules/*.toml``: conditions compiled, levels checked, worked examples kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, TypeVar

from workstation.content.conditions import compile_condition
from workstation.content.facts import CONTROLS, value_of
from workstation.content.sources import cited
from workstation.content.tables import Table, read
from workstation.domain.conditions import Condition
from workstation.domain.errors import ContentError
from workstation.domain.explain import Source, slots
from workstation.domain.facts import Fact, Facts, FactSpec, Origin
from workstation.domain.rules import (
    Ask,
    Clause,
    CodedReason,
    Control,
    Example,
    Level,
    Rule,
    RuleBook,
)

T = TypeVar("T")

ANY = "*"
ASK_SOURCE = "project"
OTHER = CodedReason("other", "Other (in words)")
EXAMPLE_DAY = date(2026, 6, 10)  # the day on which worked examples take place
_GROUPS = frozenset({"", "counsel"})


@dataclass(frozen=True, slots=True)
class _Words:
    """Texts of a rule or clause."""

    title: str
    detail: str
    advice: str


def read_rules(
    folder: Path, registry: Mapping[str, FactSpec], sources: Mapping[str, Source]
) -> RuleBook:
    """All rules of a folder, files in name order, with the must-asks of the registry.

    Raises:
        ContentError: ``content.rule.*``, ``content.condition.*``, ``content.fact.*`` or a fault of
            a file, always with file and line.
    """
    return rules_in((read(path) for path in sorted(folder.glob("*.toml"))), registry, sources)


def rules_in(
    tops: Iterable[Table], registry: Mapping[str, FactSpec], sources: Mapping[str, Source]
) -> RuleBook:
    """As ``read_rules``, of files that are read already."""
    rules: list[Rule] = []
    codes: set[str] = set()
    editions: list[str] = []
    shortest = 1
    for top in tops:
        top.whole("schema")
        editions.append(top.text("edition"))
        shortest = max(shortest, top.maybe_whole("shortest_reason") or 1)
        for table in top.tables("rule"):
            rule = _rule(table, registry, sources)
            if rule.code in codes:
                raise table.wrong("content.rule.twice", "code", rule=rule.code)
            codes.add(rule.code)
            rules.append(rule)
        top.done()
    refuse_circles([(rule, rule.file, rule.line) for rule in rules])
    asks = compile_asks(registry, sources)
    return RuleBook(
        edition=max(editions, default=""),
        rules=tuple(rules),
        asks=asks,
        ask_source=sources[ASK_SOURCE],
        rules_of=by_medicine(rules, lambda rule: rule.medicines),
        asks_of=by_medicine(asks, lambda ask: ask.medicines),
        ask_of=MappingProxyType({ask.spec.name: ask for ask in asks}),
        shortest_reason=shortest,
    )


class _Yielding(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def subsumed_by(self) -> tuple[str, ...]: ...


def refuse_circles(all_of_them: Sequence[tuple[_Yielding, str, int]]) -> None:
    """Refuse a code that yields to itself, at once or through others: none of them would be left.

    Each comes with its file and line.

    Raises:
        ContentError: ``content.rule.circle``.
    """
    yields: dict[str, set[str]] = {}
    for one, _, _ in all_of_them:
        yields.setdefault(one.code, set()).update(one.subsumed_by)
    for one, file, line in all_of_them:
        reached, ahead = set[str](), list(yields[one.code])
        while ahead:
            other = ahead.pop()
            if other == one.code:
                raise ContentError("content.rule.circle", file=file, line=line, rule=one.code)
            if other not in reached:
                reached.add(other)
                ahead.extend(yields.get(other, ()))


def compile_asks(
    registry: Mapping[str, FactSpec], sources: Mapping[str, Source]
) -> tuple[Ask, ...]:
    """The must-asks of the registry with their compiled preconditions, in registry order.

    Raises:
        ContentError: ``content.source.unknown``, ``content.condition.*`` with file and line.
    """
    if ASK_SOURCE not in sources:
        raise ContentError("content.source.unknown", file="sources.toml", line=1)
    found = []
    for spec in registry.values():
        if spec.ask_code is None:
            continue
        condition = None
        if spec.asked_when:
            condition = compile_condition(spec.asked_when, registry, _registry_fault(spec))
        found.append(Ask(spec, spec.ask_code, spec.asked_for, condition))
    return tuple(found)


def condition_at(table: Table, key: str, registry: Mapping[str, FactSpec]) -> Condition:
    """The condition under ``key``, with errors at that line."""
    return compile_condition(table.text(key), registry, lambda code: table.wrong(code, key))


def example_facts(table: Table, registry: Mapping[str, FactSpec]) -> tuple[Facts, tuple[str, ...]]:
    """Facts of a worked example and the names it leaves unknown."""
    given = table.maybe_table("facts")
    found = []
    for name in () if given is None else given.keys():
        if given is None or name not in registry:
            raise table.wrong("content.fact.unknown", "facts", fact=name)
        value = value_of(given, name, registry[name])
        found.append(Fact(name, value, Origin.CLINICIAN, EXAMPLE_DAY, "example"))
    if given is not None:
        given.done()
    unknown = table.maybe_texts("unknown")
    for name in unknown:
        if name not in registry:
            raise table.wrong("content.fact.unknown", "unknown", fact=name)
    return Facts(found), unknown


def _rule(table: Table, registry: Mapping[str, FactSpec], sources: Mapping[str, Source]) -> Rule:
    code = table.text("code")
    medicines = table.texts("medicines")
    words = _texts(table, registry, _Words("", "", ""), needs_title=True)
    waits = table.maybe_flag("waits_for_work_up") or False
    applies = condition_at(table, "applies", registry) if "applies" in table else None
    clauses = _clauses(table, registry, waits=waits)
    reasons = _reasons(table)
    levels = {c.level for c in clauses} | {c.if_unknown for c in clauses}
    if Level.OVERRIDE in levels and len(reasons) < 2:
        raise table.wrong("content.rule.reasons", "code", rule=code)
    if reasons and not levels & {Level.WARN, Level.OVERRIDE}:
        raise table.wrong("content.rule.reasons", "reasons", rule=code)
    group = table.maybe_text("group") or ""
    if group not in _GROUPS:
        raise table.wrong("content.rule.group", "group", rule=code)
    conditions = [c.when for c in clauses] + ([applies] if applies is not None else [])
    rule = Rule(
        code=code,
        medicines=() if ANY in medicines else medicines,
        applies=applies,
        clauses=clauses,
        title=words.title,
        detail=words.detail,
        advice=words.advice,
        source=cited(table, sources),
        control=_control(table, registry),
        reasons=reasons,
        group=group,
        subsumed_by=table.maybe_texts("subsumed_by"),
        reads=tuple(dict.fromkeys(name for c in conditions for name in c.reads)),
        told=_told(words, clauses),
        examples=_examples(table, registry),
        file=table.file,
        line=table.line(),
    )
    table.done()
    return rule


def _told(words: _Words, clauses: tuple[Clause, ...]) -> tuple[str, ...]:
    texts = [words.title, words.detail, words.advice]
    texts += [text for c in clauses for text in (c.title, c.detail, c.advice)]
    return tuple(dict.fromkeys(name for text in texts for name in slots(text)))


def _clauses(table: Table, registry: Mapping[str, FactSpec], *, waits: bool) -> tuple[Clause, ...]:
    tables = table.maybe_tables("clause") or (table,)
    if tables != (table,) and ("when" in table or "level" in table):
        raise table.wrong("content.rule.clauses", "clause")
    found = [_clause(one, registry, waits=waits, own=one is not table) for one in tables]
    for number, clause in enumerate(found):
        stricter = any(later.level > clause.level for later in found[number + 1 :])
        if clause.if_unknown < min(clause.level, Level.HOLD) and not stricter:
            # An unknown fact may only be passed over when a stricter clause decides after it.
            raise tables[number].wrong("content.rule.unknown_as_no", "when")
    return tuple(found)


def _clause(table: Table, registry: Mapping[str, FactSpec], *, waits: bool, own: bool) -> Clause:
    level = _level(table, "level")
    if level is Level.OK and not own:
        raise table.wrong("content.rule.level", "level")
    when = condition_at(table, "when", registry)
    unknown = _level(table, "if_unknown") if "if_unknown" in table else min(level, Level.HOLD)
    words = _texts(table, registry, _Words("", "", ""), needs_title=False) if own else None
    own_waits = table.maybe_flag("waits_for_work_up") if own else None
    if own:
        table.done()
    return Clause(
        level=level,
        when=when,
        if_unknown=unknown,
        title=words.title if words else "",
        detail=words.detail if words else "",
        advice=words.advice if words else "",
        waits_for_work_up=waits if own_waits is None else own_waits,
    )


def _texts(
    table: Table, registry: Mapping[str, FactSpec], default: _Words, *, needs_title: bool
) -> _Words:
    found = _Words(
        table.text("title") if needs_title else table.maybe_text("title") or default.title,
        table.maybe_text("detail") or default.detail,
        table.maybe_text("advice") or default.advice,
    )
    for key, text in (("title", found.title), ("detail", found.detail), ("advice", found.advice)):
        for name in slots(text):
            if name not in registry:
                raise table.wrong("content.fact.unknown", key, fact=name)
    return found


def _control(table: Table, registry: Mapping[str, FactSpec]) -> Control | None:
    inner = table.maybe_table("control")
    if inner is None:
        return None
    kind, names = inner.text("kind"), inner.maybe_texts("names")
    if kind not in CONTROLS:
        raise inner.wrong("content.rule.control", "kind")
    for name in names:
        if kind != "lab_result" and name not in registry:
            raise inner.wrong("content.fact.unknown", "names", fact=name)
    inner.done()
    return Control(kind, names)


def _reasons(table: Table) -> tuple[CodedReason, ...]:
    if "reasons" not in table:
        return ()
    pairs = table.value("reasons")
    good = isinstance(pairs, list) and all(
        isinstance(p, list) and len(p) == 2 and all(isinstance(x, str) and x for x in p)
        for p in pairs
    )
    if not good or not pairs:
        raise table.wrong("content.rule.reasons", "reasons")
    return (*(CodedReason(code, label) for code, label in pairs), OTHER)


def _examples(table: Table, registry: Mapping[str, FactSpec]) -> tuple[Example, ...]:
    tables = table.tables("example")
    if not tables:
        raise table.wrong("content.rule.example", "example")
    found = []
    for one in tables:
        facts, unknown = example_facts(one, registry)
        found.append(Example(facts, unknown, _level(one, "level"), one.line()))
        one.done()
    return tuple(found)


def _level(table: Table, key: str) -> Level:
    word = table.text(key)
    if word not in Level.__members__:
        raise table.wrong("content.rule.level", key)
    return Level[word]


def by_medicine(
    items: Iterable[T], medicines: Callable[[T], tuple[str, ...]]
) -> Mapping[str, tuple[T, ...]]:
    """Items by each medicine they name, in their order; under "" those of every prescription."""
    found: dict[str, list[T]] = {}
    for item in items:
        for medicine in medicines(item) or ("",):
            found.setdefault(medicine, []).append(item)
    return MappingProxyType({medicine: tuple(some) for medicine, some in found.items()})


def _registry_fault(spec: FactSpec) -> Callable[[str], ContentError]:
    return lambda code: ContentError(code, file="facts.toml", line=1, fact=spec.name)
