"""Safety rules in Settings: one row a rule, and everything about the one that is looked at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from workstation.content.catalogue import NEWER, OLDER, Catalogue
from workstation.domain.explain import Tag
from workstation.domain.rules import Level, Rule
from workstation.language import noted, of_content, plural, tr
from workstation.presenters import wording
from workstation.presenters.paper_list import PaperList
from workstation.presenters.settings_state import SettingsState
from workstation.workflow import own_rules, rule_levels
from workstation.workflow.desk import Desk

ALL, CHANGED, WAIVED = "all", "changed", "waived"
OFTEN = 50  # percent of firings that were reasoned away: listed
TAGS = {
    Tag.READ: noted("read"),
    Tag.RECALLED: noted("recalled"),
    Tag.SEED: noted("article"),
    Tag.PROJECT: noted("ours"),
}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule as the table shows it; ``waived`` is percent, None while it never fired."""

    code: str
    title: str
    level: str
    by_clinic: bool
    source: str
    tag: str
    waived: int | None
    fired: int
    often: bool


@dataclass(frozen=True, slots=True)
class RuleShown:
    """The rule looked at. ``ladder`` is (level, whether it can be chosen, why not)."""

    row: RuleRow
    detail: str
    advice: str
    citation: str
    reads: tuple[str, ...]
    used: str
    ladder: tuple[tuple[str, bool, str], ...]
    why: str
    decided: str
    needs_reasons: bool
    raised: bool  # in Settings: there is a shipped level to go back to


def rows(content: Catalogue, state: SettingsState) -> tuple[RuleRow, ...]:
    """Every rule and must-ask, the strictest first."""
    raised = {one.code for one in state.raised}
    uses = state.uses or {}
    found = [_row(rule, raised, uses) for rule in content.rulebook.rules]
    found += [
        RuleRow(
            ask.code,
            tr("Asked: {label}", label=of_content(ask.spec.label)),
            "HOLD",
            False,
            content.rulebook.ask_source.citation,
            tr(TAGS[content.rulebook.ask_source.tag]),
            None,
            0,
            False,
        )
        for ask in content.rulebook.asks
    ]
    return tuple(sorted(found, key=lambda row: (-Level[row.level], row.code)))


def fitting(found: tuple[RuleRow, ...], which: str, words: str) -> tuple[RuleRow, ...]:
    """Those of a chip that hold every word."""
    wanted = words.lower().split()
    return tuple(
        row
        for row in found
        if (which != CHANGED or row.by_clinic)
        and (which != WAIVED or row.often)
        and all(w in f"{row.code} {row.title} {row.source}".lower() for w in wanted)
    )


def shown(content: Catalogue, state: SettingsState, code: str) -> RuleShown | None:
    """Everything about one rule; None for a must-ask, which has no level to change."""
    rule = next((r for r in content.rulebook.rules if r.code == code), None)
    if rule is None:
        return None
    raised = next((one for one in state.raised if one.code == code), None)
    row = _row(rule, {one.code for one in state.raised}, state.uses or {})
    reads = tuple(
        of_content(content.facts[name].label) for name in rule.reads if name in content.facts
    )
    used = tr("Not yet fired at a signature")
    if row.fired:
        used = tr(
            "Fired at {signatures}, waived in {waived}\u00a0%",
            signatures=plural(row.fired, "{n} signature", "{n} signatures"),
            waived=row.waived,
        )
    return RuleShown(
        row=row,
        detail=of_content(rule.detail),
        advice=of_content(rule.advice),
        citation=rule.source.citation,
        reads=reads,
        used=used,
        ladder=_ladder(rule),
        why=raised.why if raised is not None else "",
        decided=f"{raised.decided_by}, {raised.on}" if raised is not None else _in_file(rule),
        needs_reasons=len(rule.reasons) < 2,
        raised=raised is not None,
    )


def overlay_line(state: SettingsState, found: tuple[RuleRow, ...], misfit: bool) -> tuple[str, str]:
    """(rules that are the clinic's or stricter here, where they come from)."""
    number = str(sum(row.by_clinic for row in found))
    if misfit:
        return number, tr(
            "Its own rules do not fit this version: nothing is prescribed. Take them in anew, or out."
        )
    told = []
    if state.raised or state.own is None:
        changed = plural(len(state.raised), "{n} rule", "{n} rules")
        told.append(tr("{changed} stricter in this clinic", changed=changed))
    if state.own is not None:
        files = plural(len(state.own.files), "{n} file", "{n} files")
        day = wording.day(date.fromisoformat(state.own.on))
        told.append(
            tr("{files} of its own, by {who}, {day}", files=files, who=state.own.by, day=day)
        )
    return number, ". ".join(told)


def _in_file(rule: Rule) -> str:
    """The clinic's own file that decided about a rule."""
    return next(
        (c.decided_in for c in rule.clauses if c.decided_in)
        if own_rules.is_own(rule)
        else iter(()),
        "",
    )


def rems_line(content: Catalogue, state: SettingsState) -> tuple[str, str]:
    """(rule set in use, what it waits for)."""
    effective = state.clinic.rems_2026_effective if state.clinic is not None else ""
    older, newer = content.rems[OLDER], content.rems[NEWER]
    if not effective:
        return older.id, tr("{id} waits for its date", id=newer.id)
    return f"{older.id}, {newer.id}", tr(
        "{id} for cycles from {effective}", id=newer.id, effective=effective
    )


def shipped_rules(desk: Desk) -> tuple[Rule, ...]:
    """The rules as they ship, without what this clinic made stricter."""
    return (desk.shipped or desk.catalogue).rulebook.rules


def review_line(content: Catalogue, state: SettingsState) -> tuple[str, str, bool]:
    """(day of the last review, by whom and of what, whether it was of these very rules)."""
    try:
        told = json.loads(state.values["rules.reviewed"])
        on, by, stamp = date.fromisoformat(told["on"]), str(told["by"]), str(told["stamp"])
    except (ValueError, KeyError, TypeError):
        return tr("Not yet"), "", False
    if stamp == content.stamp:
        return wording.day(on), tr("{who}, of these very rules", who=by), True
    return (
        wording.day(on),
        tr("{who}, of {stamp}: before the last change", who=by, stamp=stamp),
        False,
    )


def _row(rule: Rule, raised: set[str], uses: Mapping[str, object]) -> RuleRow:
    use = uses.get(rule.code)
    percent = getattr(use, "percent", None)
    return RuleRow(
        rule.code,
        of_content(rule.title),
        rule_levels.shipped_level(rule).name,
        rule.code in raised or own_rules.is_own(rule),
        rule.source.citation,
        tr(TAGS[rule.source.tag]),
        percent,
        getattr(use, "fired", 0),
        percent is not None and percent > OFTEN,
    )


def _ladder(rule: Rule) -> tuple[tuple[str, bool, str], ...]:
    now = rule_levels.shipped_level(rule)
    open_to = rule_levels.choices(rule)
    steps = []
    for level in (Level.INFO, Level.WARN, Level.OVERRIDE, Level.HOLD, Level.STOP):
        if level is now:
            steps.append((level.name, False, tr("In force.")))
        elif level >= Level.HOLD:
            steps.append((level.name, False, tr("HOLD and STOP are set by the rule set alone.")))
        elif level in open_to and level > now:
            steps.append((level.name, True, ""))
        else:
            steps.append((level.name, False, tr("A clinic may only make a rule stricter.")))
    return tuple(steps)


def on_paper(content: Catalogue, found: tuple[RuleRow, ...]) -> PaperList:
    """Every rule with its level and source, to be read and checked away from the screen."""
    lines = (
        tr("Rule set {edition}, digest {digest}", edition=content.edition, digest=content.digest),
        tr("Level as in force in this clinic. What is tagged recalled or ours waits for a check."),
    )
    return PaperList(
        tr("Safety rules and their sources"),
        lines,
        (tr("Rule"), tr("Asks about"), tr("Level"), tr("Source"), tr("Checked")),
        tuple((r.code, r.title, r.level, r.source, str(r.tag)) for r in found),
    )
