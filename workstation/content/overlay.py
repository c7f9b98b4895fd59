"""A clinic's own files over the shipped rules: they may add rules and tighten levels, nothing else.

``rules/*.toml`` holds further rules in the shipped form. ``levels.toml`` makes levels stricter::

    [[level]]
    code = "ISO-EYE"
    level = "OVERRIDE"
    reasons = [["eye_clinic", "Seen by the eye clinic"]]
    decided_by = "A B, MD"
    on = 2026-11-23
    why = "Two night drivers last year"

Only INFO, WARN and OVERRIDE move, and only upwards. A finding says in which file it was decided.
A clinic's files are looked at in their folder and come into force by Settings, which keeps their
texts in the store (``workflow.own_rules``): nothing that lies on a disk in clear decides alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from workstation.content.catalogue import Catalogue
from workstation.content.rules import OTHER, by_medicine, rules_in
from workstation.content.tables import Table, parse, text_of
from workstation.domain.errors import ContentError
from workstation.domain.explain import Source, Tag
from workstation.domain.rules import CodedReason, Level, Rule

CLINIC = "clinic"
MOVABLE = (Level.INFO, Level.WARN, Level.OVERRIDE)
LEVELS, RULES = "levels.toml", "rules"


@dataclass(frozen=True, slots=True)
class Tightening:
    """A level made stricter: for whom it counts, who decided it, when and why."""

    code: str
    level: Level
    reasons: tuple[CodedReason, ...]
    decided_by: str
    on: date
    why: str
    file: str
    line: int


def files_of(folder: Path) -> Mapping[str, str]:
    """The texts of a clinic's folder by name: ``levels.toml`` and ``rules/*.toml``, no others.

    Raises:
        ContentError: ``content.file.unreadable``.
    """
    wanted = [folder / LEVELS, *sorted((folder / RULES).glob("*.toml"))]
    return {path.relative_to(folder).as_posix(): text_of(path) for path in wanted if path.is_file()}


def over(content: Catalogue, files: Mapping[str, str]) -> Catalogue:
    """``content`` with the clinic's files laid over it; itself when they say nothing.

    Raises:
        ContentError: ``content.overlay.loosens`` for a level that is not stricter or a HOLD or STOP,
            ``content.overlay.rule`` for an unknown code, ``content.overlay.taken`` for a code that
            exists or that other rules yield to, or any fault of a rule file, with file and line.
    """
    added = _added(content, files)
    tightenings = _tightenings(files.get(LEVELS))
    if not added and not tightenings:
        return content
    book = content.rulebook
    rules = {rule.code: rule for rule in (*book.rules, *added)}
    for tightening in tightenings:
        rules[tightening.code] = tightened(rules.get(tightening.code), tightening)
    every = tuple(rules.values())
    laid = replace(book, rules=every, rules_of=by_medicine(every, lambda rule: rule.medicines))
    return replace(content, rulebook=laid, digest=_digest(content, files))


# -- inside ----------------------------------------------------------------------------------------


def _added(content: Catalogue, files: Mapping[str, str]) -> tuple[Rule, ...]:
    tops = tuple(
        parse(files[name], name.rpartition("/")[2])
        for name in sorted(files)
        if name.startswith(f"{RULES}/")
    )
    if not tops:
        return ()
    sources: Mapping[str, Source] = {
        **content.sources,
        CLINIC: Source(CLINIC, "Rule of this clinic", Tag.PROJECT),
    }
    added = rules_in(tops, content.facts, sources).rules
    taken = {rule.code for rule in content.rulebook.rules}
    taken |= {code for rule in content.rulebook.rules for code in rule.subsumed_by}
    taken |= {ask.code for ask in content.rulebook.asks}
    for rule in added:
        if rule.code in taken:
            raise ContentError(
                "content.overlay.taken", file=rule.file, line=rule.line, rule=rule.code
            )
    return tuple(_named(rule) for rule in added)


def _named(rule: Rule) -> Rule:
    """The rule with its clinic file said in every clause."""
    place = f"{CLINIC}/{rule.file}:{rule.line}"
    return replace(rule, clauses=tuple(replace(c, decided_in=place) for c in rule.clauses))


def _tightenings(text: str | None) -> tuple[Tightening, ...]:
    if text is None:
        return ()
    top = parse(text, LEVELS)
    top.whole("schema")
    found = tuple(_tightening(table) for table in top.tables("level"))
    top.done()
    return found


def _tightening(table: Table) -> Tightening:
    word = table.text("level")
    if word not in Level.__members__ or Level[word] is Level.OK:
        raise table.wrong("content.overlay.level", "level")
    reasons = []
    if "reasons" in table:
        pairs = table.value("reasons")
        if not isinstance(pairs, list) or not all(
            isinstance(p, list) and len(p) == 2 and all(isinstance(x, str) and x for x in p)
            for p in pairs
        ):
            raise table.wrong("content.rule.reasons", "reasons")
        reasons = [CodedReason(code, label) for code, label in pairs]
    for key in ("decided_by", "on", "why"):
        if key not in table:
            raise table.wrong("content.overlay.who", key)
    found = Tightening(
        code=table.text("code"),
        level=Level[word],
        reasons=tuple(reasons),
        decided_by=table.text("decided_by"),
        on=table.day("on"),
        why=table.text("why"),
        file=table.file,
        line=table.line(),
    )
    table.done()
    return found


def tightened(rule: Rule | None, by: Tightening) -> Rule:
    """``rule`` with its movable clauses raised to the new level.

    A clause that waits for a work-up no longer does: only shipped HOLDs may stand while one is
    signed. Counselling raised above a warning leaves its line and is answered by itself.
    """

    def wrong(code: str) -> ContentError:
        return ContentError(code, file=by.file, line=by.line, rule=by.code)

    if rule is None:
        raise wrong("content.overlay.rule")
    place = f"{CLINIC}/{by.file}:{by.line}"
    clauses = tuple(
        replace(
            clause,
            level=by.level,
            if_unknown=max(clause.if_unknown, min(by.level, Level.HOLD)),
            waits_for_work_up=False,
            decided_in=place,
        )
        if clause.level in MOVABLE and clause.level < by.level
        else clause
        for clause in rule.clauses
    )
    if clauses == rule.clauses:
        raise wrong("content.overlay.loosens")
    reasons = (*by.reasons, OTHER) if by.reasons else rule.reasons
    if by.level is Level.OVERRIDE and len(reasons) < 2:
        raise wrong("content.rule.reasons")
    group = "" if by.level > Level.WARN else rule.group
    return replace(rule, clauses=clauses, reasons=reasons, group=group)


def _digest(content: Catalogue, files: Mapping[str, str]) -> str:
    """The content's digest with every byte of the clinic's files."""
    digest = hashlib.sha256(content.digest.encode())
    for name in sorted(files):
        written = files[name].encode()
        digest.update(f"{name}\0{len(written)}\0".encode() + written)
    return digest.hexdigest()
