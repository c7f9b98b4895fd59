"""Reasons and routes of the decisions besides prescribing, from ``decisions.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from workstation.content.sources import cited
from workstation.content.tables import Table, read
from workstation.domain.decisions import DecisionReason, DecisionRules
from workstation.domain.draft import DecisionKind
from workstation.domain.explain import Source

ROUTES = frozenset({"", "emergency", "urgent", "soon"})


def read_decisions(
    path: Path, sources: Mapping[str, Source], flags: frozenset[str]
) -> DecisionRules:
    """All reasons in file order; ``flags`` are the codes that triage knows.

    Raises:
        ContentError: ``content.decision.kind``, ``content.decision.twice``,
            ``content.decision.route``, ``content.decision.flag``, or a fault of the file.
    """
    top = read(path)
    top.whole("schema")
    top.text("edition")
    found: list[DecisionReason] = []
    for table in top.tables("reason"):
        made = _reason(table, sources, flags)
        if any((made.decision, made.id) == (other.decision, other.id) for other in found):
            raise table.wrong("content.decision.twice", "id")
        found.append(made)
    top.done()
    return DecisionRules(tuple(found))


def _reason(table: Table, sources: Mapping[str, Source], flags: frozenset[str]) -> DecisionReason:
    kind, route = table.text("decision"), table.maybe_text("route") or ""
    if kind not in {decision.value for decision in DecisionKind}:
        raise table.wrong("content.decision.kind", "decision")
    if route not in ROUTES:
        raise table.wrong("content.decision.route", "route")
    named = table.maybe_texts("flags")
    if not set(named) <= flags:
        raise table.wrong("content.decision.flag", "flags")
    made = DecisionReason(
        decision=DecisionKind(kind),
        id=table.text("id"),
        label=table.text("label"),
        route=route,
        when=table.maybe_text("when") or "",
        private=bool(table.maybe_flag("private")),
        flags=named,
        steps=table.maybe_texts("steps"),
        source=cited(table, sources),
    )
    table.done()
    return made
