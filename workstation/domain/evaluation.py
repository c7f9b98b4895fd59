"""How rules become findings: must-asks first, then each rule's clauses over three-valued facts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.domain.draft import Reason
from workstation.domain.explain import FactRead, filled, read_of
from workstation.domain.facts import Facts, FactSpec, FactValue, trusted
from workstation.domain.rules import (
    Ask,
    Clause,
    Control,
    Evaluation,
    Finding,
    Level,
    PassedCheck,
    Rule,
    RuleBook,
)

ACKNOWLEDGED = "acknowledged"
OTHER = "other"
REGISTRY = "facts.toml"  # where must-asks are decided
TODAY = "visit.today"
_UNBOUND = frozenset({TODAY, "visit.submitted_on", "prescription.issue_on"})
_REASONED = (Level.WARN, Level.OVERRIDE)
_NONE: Mapping[str, Ask] = {}
_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What a rule came to: its level, the clause that decided, and what was missing."""

    level: Level
    clause: Clause
    unknown: tuple[str, ...]


class Evaluator:
    """One evaluation of a rule book over one set of facts."""

    def __init__(
        self,
        book: RuleBook,
        facts: Facts,
        reasons: tuple[Reason, ...],
        registry: Mapping[str, FactSpec],
    ) -> None:
        self._book = book
        self._registry = registry
        self._facts = trusted(facts, registry)
        self._values = self._facts.plain
        self._reasons = reasons
        self._asked: frozenset[str] = frozenset()
        self._silent: set[str] = set()
        self._read: dict[str, FactRead] = {}  # worded once, however many rules read it

    def evaluate(self, medicines: tuple[str, ...]) -> Evaluation:
        """All findings, highest level first and then table order, and the checks passed."""
        book = self._book
        asks = self._asks(medicines)
        self._asked = frozenset([ask.spec.name for ask, _ in asks])
        findings = [self._ask_finding(ask, medicine) for ask, medicine in asks]
        fired: dict[str, tuple[str, ...]] = {}
        for medicine in ("", *medicines):
            rules = book.rules_of.get(medicine, ())
            let, out = book.sieve_of(medicine)(self._values.get)
            self._silent.update([rules[number].code for number in out])
            for number in let:
                rule = rules[number]
                verdict = self._verdict(rule)
                if verdict is not None and verdict.level is not Level.OK:
                    fired[rule.code] = rule.subsumed_by
                    findings.append(self._finding(rule, medicine, verdict))
        kept = _ordered(_kept(findings, fired))
        return Evaluation(kept, lambda: self._checks(medicines, fired))

    def _checks(
        self, medicines: tuple[str, ...], fired: Collection[str]
    ) -> tuple[PassedCheck, ...]:
        """Rules that were evaluated and did not fire, in table order."""
        return tuple(
            self._passed(rule)
            for medicine in ("", *medicines)
            for rule in self._book.rules_of.get(medicine, ())
            if rule.code not in fired and rule.code not in self._silent
        )

    # -- must-asks -----------------------------------------------------------------------------

    def _asks(self, medicines: tuple[str, ...]) -> list[tuple[Ask, str]]:
        """Unanswered must-asks, each once, with the first medicine that needs it.

        A question whose own precondition is unknown waits while the precondition is asked; when
        nothing asks for the precondition, the question itself fires.
        """
        unanswered: dict[str, tuple[Ask, str]] = {}
        values, asks = self._values, self._book.asks_by_name
        for medicine in medicines:
            for name, ask in asks.get(medicine, _NONE).items():
                if name not in values and name not in unanswered:
                    unanswered[name] = ask, medicine
        firing: list[tuple[Ask, str]] = []
        for ask, medicine in unanswered.values():
            wanted = True if ask.asked_when is None else ask.asked_when.holds(self._values)
            if wanted or (wanted is None and not self._precondition_asked(ask, unanswered)):
                firing.append((ask, medicine))
        return firing

    def _precondition_asked(self, ask: Ask, unanswered: Mapping[str, tuple[Ask, str]]) -> bool:
        reads = () if ask.asked_when is None else ask.asked_when.reads
        return any(name in unanswered and unanswered[name][0].asked_when is None for name in reads)

    def _ask_finding(self, ask: Ask, medicine: str) -> Finding:
        """The finding of an unanswered question; it rests on no fact, so it is made once."""
        made = self._book.asked.get((ask.code, medicine))
        if made is None:
            made = self._asked_finding(ask, medicine)
            self._book.asked[ask.code, medicine] = made
        return made

    def _asked_finding(self, ask: Ask, medicine: str) -> Finding:
        spec = ask.spec
        return Finding(
            code=ask.code,
            medicine=medicine,
            level=Level.HOLD,
            title=f"{spec.label}: not known",
            detail=spec.question,
            advice="",
            source=self._book.ask_source,
            reads=self._reads((spec.name,)),
            control=Control(spec.control, (spec.name,)),
            reasons=(),
            group="",
            waits_for_work_up=spec.waits_for_work_up,
            facts_digest=self._digest(ask.code, Level.HOLD, (spec.name,)),
            reason=None,
            unknown=(spec.name,),
            decided_in=REGISTRY,
        )

    # -- rules ---------------------------------------------------------------------------------

    def _finding(self, rule: Rule, medicine: str, verdict: _Verdict) -> Finding:
        clause, level, unknown = verdict.clause, verdict.level, verdict.unknown
        reason = self._reason(rule, level)
        if rule.group and reason is not None and self._given_earlier(reason):
            level, reason = Level.INFO, None
        return Finding.untold(
            lambda: self._told(rule, verdict),
            code=rule.code,
            medicine=medicine,
            level=level,
            source=rule.source,
            control=self._control(rule, unknown),
            reasons=rule.reasons if level in _REASONED else (),
            group=rule.group,
            waits_for_work_up=clause.waits_for_work_up,
            reason=reason,
            unknown=unknown,
            decided_in=clause.decided_in or f"{rule.file}:{rule.line}",
        )

    def _told(self, rule: Rule, verdict: _Verdict) -> tuple[object, ...]:
        """What a finding says to people, in the order of ``TOLD``."""
        clause, unknown = verdict.clause, verdict.unknown
        names = clause.when.reads
        if rule.applies is not None:
            names = (*rule.applies.reads, *names)
        return (
            self._words(clause.title or rule.title),
            self._not_known(unknown) if unknown else self._words(clause.detail or rule.detail),
            self._words(clause.advice or rule.advice),
            self._reads(tuple(dict.fromkeys(names))),
            self._bound(rule, verdict.level),
        )

    def _bound(self, rule: Rule, level: Level) -> str:
        """The digest of what a reason is given for.

        A counselling point is talked through once; any other reason was given for what was shown.
        """
        names = rule.reads if rule.group else (*rule.reads, *rule.told)
        return self._digest(rule.code, level, names)

    def _verdict(self, rule: Rule) -> _Verdict | None:
        """The strictest of the deciding clause and of the unknown clauses before it; None: silent."""
        values = self._values
        applies = True if rule.applies is None else rule.applies.holds(values)
        if applies is False:
            self._silent.add(rule.code)
            return None
        best: _Verdict | None = None
        for clause in rule.clauses:
            holds = clause.when.holds(values)
            if holds is False:
                continue
            if holds and applies:
                if best is None or clause.level > best.level:
                    best = _Verdict(clause.level, clause, ())
                break
            outer = () if applies or rule.applies is None else rule.applies.reads
            missing = self._missing((*outer, *clause.when.reads))
            if self._asked.intersection(missing):
                self._silent.add(rule.code)  # its ASK finding holds in the meantime
            elif clause.if_unknown is not Level.OK and (
                best is None or clause.if_unknown > best.level
            ):
                best = _Verdict(clause.if_unknown, clause, missing)
        return best

    def _missing(self, names: Iterable[str]) -> tuple[str, ...]:
        """Names without a value, and what an unasked question hangs on."""
        found: dict[str, None] = {}
        for name in names:
            if name not in self._facts:
                found[name] = None
                found.update(dict.fromkeys(self._precondition(name)))
        return tuple(found)

    def _precondition(self, name: str) -> tuple[str, ...]:
        """Unknown facts on which the question or the computation of ``name`` rests."""
        ask = self._book.ask_of.get(name)
        asked_when = () if ask is None or ask.asked_when is None else ask.asked_when.reads
        rests_on = (*self._registry[name].computed_from, *asked_when)
        return tuple(n for n in rests_on if n not in self._facts)

    def _passed(self, rule: Rule) -> PassedCheck:
        return PassedCheck(rule.code, self._words(rule.title), self._reads(rule.reads), rule.source)

    # -- reasons -------------------------------------------------------------------------------

    def _reason(self, rule: Rule, level: Level) -> Reason | None:
        given = [reason for reason in self._reasons if reason.finding == rule.code]
        if not given or level not in _REASONED:
            return None
        digest = self._bound(rule, level)
        for reason in reversed(given):
            if reason.facts_digest == digest:
                acceptable = _acceptable(reason, rule, level, self._book.shortest_reason)
                return reason if acceptable else None
        return None

    def _given_earlier(self, reason: Reason) -> bool:
        today = self._facts.value(TODAY)
        return isinstance(today, date) and reason.on < today

    def _digest(self, code: str, level: Level, names: tuple[str, ...]) -> str:
        values = {n: _plain(self._facts.value(n)) for n in names if n not in _UNBOUND}
        text = _canonical([code, level.name, values])
        return hashlib.sha256(text.encode()).hexdigest()

    # -- words ---------------------------------------------------------------------------------

    def _control(self, rule: Rule, unknown: tuple[str, ...]) -> Control | None:
        if rule.control is not None or not unknown:
            return rule.control
        askable = tuple(n for n in unknown if self._registry[n].question)
        return Control("answer", askable) if askable else None

    def _not_known(self, names: tuple[str, ...]) -> str:
        return "Not known: " + ", ".join(self._registry[n].label for n in names) + "."

    def _words(self, template: str) -> str:
        return filled(template, self._facts, self._registry) if "{" in template else template

    def _reads(self, names: tuple[str, ...]) -> tuple[FactRead, ...]:
        read = self._read
        for name in names:
            if name not in read:
                read[name] = read_of(name, self._facts, self._registry)
        return tuple([read[name] for name in names])


def _acceptable(reason: Reason, rule: Rule, level: Level, shortest: int) -> bool:
    if reason.code == OTHER:
        return len(reason.text.strip()) >= shortest
    if level is Level.WARN and reason.code == ACKNOWLEDGED:
        return True
    return any(reason.code == coded.code for coded in rule.reasons)


def _kept(findings: list[Finding], subsumed: Mapping[str, tuple[str, ...]]) -> list[Finding]:
    """Findings without those that a fired code at the same level or above makes redundant."""
    levels: dict[str, Level] = {}
    for finding in findings:
        if finding.level > levels.get(finding.code, Level.OK):
            levels[finding.code] = finding.level
    return [
        f
        for f in findings
        if not any(levels.get(code, Level.OK) >= f.level for code in subsumed.get(f.code, ()))
    ]


def _ordered(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda f: -f.level))


def _plain(value: FactValue | None) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, tuple):
        return sorted(value)
    return value
