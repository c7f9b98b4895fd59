"""Prescription fields, error-prone forms and state law from ``prescription/*.toml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from workstation.content.sources import cited
from workstation.content.tables import Table, read
from workstation.domain.explain import Source
from workstation.domain.prescription import LintRule, Prescription, PrescriptionRules, StateLaw


def read_prescription_rules(folder: Path, sources: Mapping[str, Source]) -> PrescriptionRules:
    """Required fields, words of directions, tall-man names and states.

    Raises:
        ContentError: ``content.field.unknown`` for a field no prescription has, or a fault of a
            file.
    """
    top = read(folder / "rules.toml")
    top.whole("schema")
    times = []
    for table in top.tables("frequency"):
        times.append((table.text("words"), table.decimal("times")))
        cited(table, sources)
        table.done()
    rules = PrescriptionRules(
        edition=top.text("edition"),
        required=_fields(top, "required"),
        required_rems=_fields(top, "required_rems"),
        frequencies=tuple(times),
        tall_man=top.texts("tall_man"),
        states=_states(read(folder / "states.toml"), sources),
        source=cited(top, sources),
    )
    top.done()
    return rules


def read_lint(path: Path, sources: Mapping[str, Source]) -> tuple[LintRule, ...]:
    """Error-prone forms in file order; each must find its own bad example and not its correction.

    Raises:
        ContentError: ``content.lint.pattern``, ``content.lint.example`` or a fault of the file.
    """
    top = read(path)
    top.whole("schema")
    top.text("edition")
    rules = []
    for table in top.tables("lint"):
        try:
            pattern = re.compile(table.text("pattern"))
        except re.error as error:
            raise table.wrong("content.lint.pattern", "pattern") from error
        rule = LintRule(
            code=table.text("code"),
            pattern=pattern,
            bad=table.text("bad"),
            write=table.text("write"),
            source=cited(table, sources),
        )
        if not pattern.search(rule.bad) or pattern.search(rule.write):
            raise table.wrong("content.lint.example", "bad")
        rules.append(rule)
        table.done()
    top.done()
    return tuple(rules)


def _states(top: Table, sources: Mapping[str, Source]) -> tuple[StateLaw, ...]:
    top.whole("schema")
    top.text("edition")
    top.day("as_of")
    cited(top, sources)
    usual = top.whole("age_of_majority")
    states = []
    for table in top.tables("state"):
        own = table.maybe_whole("age_of_majority")
        states.append(
            StateLaw(
                code=table.text("code"),
                name=table.text("name"),
                age_of_majority=usual if own is None else own,
                electronic_only=table.maybe_flag("electronic_only"),
                source=cited(table, sources),
            )
        )
        table.done()
    top.done()
    return tuple(states)


def _fields(top: Table, key: str) -> tuple[str, ...]:
    names = top.texts(key)
    if not set(names) <= {field.name for field in fields(Prescription)}:
        raise top.wrong("content.field.unknown", key)
    return names
