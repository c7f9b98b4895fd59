"""REMS rule sets and contraception lists from ``rems/*.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workstation.content.sources import cited
from workstation.content.tables import Table, read
from workstation.domain.contraception import ContraceptionLists, Method
from workstation.domain.explain import Source
from workstation.domain.rems_checklist import (
    PHASES,
    PROOFS,
    VALUES,
    WHO,
    ChecklistRules,
    EntryRule,
)
from workstation.domain.rems_windows import Category, RemsRules

KINDS = frozenset({"primary", "secondary", "abstinence", "never"})


def read_rems(folder: Path, sources: Mapping[str, Source]) -> Mapping[str, RemsRules]:
    """All rule sets (``rs-*.toml``) by id, oldest first."""
    found = (_rules(read(path), sources) for path in sorted(folder.glob("rs-*.toml")))
    return MappingProxyType({rules.id: rules for rules in found})


def read_checklist(path: Path, sources: Mapping[str, Source]) -> ChecklistRules:
    """What has to be entered on the site, in file order.

    Raises:
        ContentError: ``content.checklist.word``, ``content.checklist.twice`` or a
            fault of the file.
    """
    top = read(path)
    top.whole("schema")
    top.text("edition")
    cited(top, sources)
    found: list[EntryRule] = []
    for table in top.tables("entry"):
        made = EntryRule(
            id=table.text("id"),
            title=table.text("title"),
            phase=table.text("phase"),
            who=table.text("who"),
            categories=table.texts("categories"),
            rule_sets=table.maybe_texts("rule_sets"),
            values=table.texts("values"),
            proof=table.maybe_text("proof") or "",
            source=cited(table, sources),
        )
        words = (
            ("phase", {made.phase}, set(PHASES)),
            ("who", {made.who}, set(WHO)),
            ("categories", set(made.categories), {category.value for category in Category}),
            ("values", set(made.values), set(VALUES)),
            ("proof", {made.proof} - {""}, set(PROOFS)),
            ("rule_sets", set(made.rule_sets), {p.stem.upper() for p in path.parent.glob("rs-*")}),
        )
        for name, used, known in words:
            if not used <= known:
                raise table.wrong("content.checklist.word", name)
        if any(made.id == other.id for other in found):
            raise table.wrong("content.checklist.twice", "id")
        table.done()
        found.append(made)
    rules = ChecklistRules(tuple(found), top.text("day_format"))
    top.done()
    return rules


def read_contraception(path: Path, sources: Mapping[str, Source]) -> ContraceptionLists:
    """The listed methods.

    Raises:
        ContentError: ``content.method.kind``, ``content.method.twice`` or a fault of the file.
    """
    top = read(path)
    top.whole("schema")
    top.text("id")
    methods: list[Method] = []
    for table in top.tables("method"):
        method = Method(
            id=table.text("id"),
            label=table.text("label"),
            kind=table.text("kind"),
            hormonal=table.flag("hormonal"),
            source=cited(table, sources),
        )
        if method.kind not in KINDS:
            raise table.wrong("content.method.kind", "kind")
        if any(method.id == other.id for other in methods):
            raise table.wrong("content.method.twice", "id")
        methods.append(method)
        table.done()
    lists = ContraceptionLists(top.text("edition"), tuple(methods), top.whole("methods_needed"))
    top.done()
    return lists


def _rules(top: Table, sources: Mapping[str, Source]) -> RemsRules:
    top.whole("schema")
    rules = RemsRules(
        id=top.text("id"),
        edition=top.text("edition"),
        window_can_days=top.whole("window_can_days"),
        window_cannot_days=top.maybe_whole("window_cannot_days"),
        t1_t2_days=top.whole("t1_t2_days"),
        contraception_days=top.whole("contraception_days"),
        first_fill_lockout_days=top.maybe_whole("first_fill_lockout_days"),
        monthly_counselling_cannot=top.flag("monthly_counselling_cannot"),
        post_test_days=top.whole("post_test_days"),
        post_months=top.whole("post_months"),
        breast_feeding_days=top.whole("breast_feeding_days"),
        menses_first_day=top.whole("menses_first_day"),
        menses_last_day=top.whole("menses_last_day"),
        source=cited(top, sources),
        title=top.text("title"),
        menopause_months=top.whole("menopause_months"),
        sensitivity=top.whole("sensitivity"),
        closes_in=_zone(top, "closes_in"),
    )
    if rules.window_can_days < 1 or rules.menses_last_day < rules.menses_first_day:
        raise top.wrong("content.rems.window", "window_can_days")
    top.done()
    return rules


def _zone(top: Table, key: str) -> str:
    zone = top.maybe_text(key) or ""
    if zone:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise top.wrong("content.word.unknown", key) from error
    return zone
