"""Generated consultations: seeded, each aimed at one clause, question, flag or side effect.

A consultation starts from safe answers, gets the answers that make its target come true, a few
random other answers, and sometimes a question left open. What a target needs of computed facts is
kept beside it (``forced``), because no intake form answers a computed fact. Many prescribe a basket:
medicines by directions beside isotretinoin, or without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from itertools import islice
from random import Random
from types import MappingProxyType

from tests.safety import cases
from workstation.content.witness import witnesses
from workstation.domain.conditions import Condition, Truth
from workstation.domain.consultation import Consultation, RequestKind
from workstation.domain.draft import DecisionChoice, DecisionKind, Draft, ItemKind, Key, Regimen
from workstation.domain.facts import Fact, FactKind, Facts, FactSpec, FactValue, Freshness, Origin
from workstation.domain.rules import Rule
from workstation.workflow.appraisal import Situation

ISOTRETINOIN = "isotretinoin"
REQUESTS = (RequestKind.ISOTRETINOIN_START, RequestKind.ISOTRETINOIN_MONTH)
UNLISTED = DecisionChoice(DecisionKind.PRESCRIBE, "advice", "Z71.1", None)
WAYS = 12  # witnesses a target chooses from
CALM_BESIDE = ("azelaic_acid", "benzoyl_peroxide", "clindamycin_topical")


@dataclass(frozen=True)
class Target:
    """What a consultation is aimed at, and the ways to make it come true."""

    code: str
    medicine: str
    ways: tuple[Mapping[str, FactValue | None], ...]


@dataclass(frozen=True)
class Made:
    """One generated consultation with its draft, and computed facts its target needs."""

    seed: int
    target: Target
    consultation: Consultation
    draft: Draft
    situation: Situation
    forced: Facts
    gone: tuple[str, ...]  # facts that its target needs to be unknown


@cache
def targets() -> tuple[Target, ...]:
    """Every clause of every rule, every question, red flag and side effect; and calm ones."""
    content = cases.content()
    found = []
    for rule in content.rulebook.rules:
        medicine = (rule.medicines or (ISOTRETINOIN,))[0]
        ways = [way for text in _ways_in(rule) for way in _ways(text)]
        found.append(Target(rule.code, medicine, tuple(ways)))
    for ask in content.rulebook.asks:
        asked = _ways(ask.asked_when.text) if ask.asked_when is not None else ({},)
        ways = [{**way, ask.spec.name: None} for way in asked]
        medicine = ISOTRETINOIN if ISOTRETINOIN in ask.medicines else ask.medicines[0]
        found.append(Target(ask.code, medicine, tuple(ways)))
    for flag in (*content.triage.flags, *content.triage.symptoms):
        found.append(Target(flag.code, ISOTRETINOIN, _ways(flag.when.text)))
    return tuple(found)


CALM = Target("", ISOTRETINOIN, ({},))


def generated(number: int, seed: int = 1) -> Iterator[Made]:
    """``number`` consultations; the same seed always gives the same ones."""
    every = targets()
    for n in range(number):
        rng = Random(f"{seed}:{n}")
        target = CALM if n % 8 == 7 else every[(n - n // 8) % len(every)]
        yield _made(n, rng, target)


# -- inside ----------------------------------------------------------------------------------------


def _ways_in(rule: Rule) -> Iterator[str]:
    outer = [f"({rule.applies.text})"] if rule.applies is not None else []
    before: list[str] = []
    for clause in rule.clauses:
        yield " and ".join((*outer, *before, f"({clause.when.text})"))
        before.append(f"not ({clause.when.text})")


def _ways(text: str) -> tuple[Mapping[str, FactValue | None], ...]:
    return tuple(islice(witnesses(text, cases.content().facts), WAYS))


def _made(number: int, rng: Random, target: Target) -> Made:
    registry = cases.content().facts
    way = rng.choice(target.ways) if target.ways else {}
    values: dict[str, FactValue | None] = {fact.name: fact.value for fact in cases.safe_answers()}
    can = way.get("pregnancy.category") == "CGP" or rng.random() < 0.15
    if can:
        values |= {fact.name: fact.value for fact in cases.can()}
    if target is not CALM and rng.random() < 0.35:
        for spec in rng.sample(_askable(), rng.randint(1, 2)):
            values[spec.name] = _random_value(rng, spec)
    if target is not CALM and rng.random() < 0.2:
        values[rng.choice(_asked()).spec.name] = None
    values |= {n: v for n, v in way.items() if n in registry}
    answers = tuple(
        cases.said(name, value, _origin(registry[name]))
        for name, value in values.items()
        if value is not None and registry[name].freshness is not Freshness.COMPUTED
    )
    # A way asks for a computed fact; the consultation cannot give it by itself.
    forced = Facts(
        Fact(name, value, Origin.DERIVED, cases.TODAY, "generated")
        for name, value in way.items()
        if value is not None and registry[name].freshness is Freshness.COMPUTED
    )
    consultation = _consultation(rng, target, answers, can)
    gone = tuple(name for name, value in way.items() if value is None)
    return Made(number, target, consultation, _draft(rng, target), _situation(), forced, gone)


def _consultation(
    rng: Random, target: Target, answers: tuple[Fact, ...], can: bool
) -> Consultation:
    results = cases.baseline(cases.TODAY - timedelta(days=rng.randint(0, 40)))
    if target is CALM:
        results = cases.baseline()
    if can and rng.random() < 0.7:
        ago = rng.randint(0, 9)
        second = cases.TODAY - timedelta(days=ago)
        results += (
            cases.lab(
                "hcg_urine", "negative", second - timedelta(days=rng.randint(19, 40)), role="T1"
            ),
            cases.lab(
                "hcg_urine",
                rng.choice(("negative",) * 6 + ("positive", "equivocal")),
                second,
                role="T2",
            ),
        )
    dispensed = (cases.SUPPLY,) if rng.random() < 0.2 and target is not CALM else ()
    if rng.random() < 0.25 and target is not CALM:
        results += (
            cases.lab("alt", rng.choice((30, 90, 130, 210, 410)), cases.TODAY),
            cases.lab("tg", rng.choice((120, 320, 620, 1100)), cases.TODAY, upper=150),
        )
    request = REQUESTS[bool(dispensed)]
    if rng.random() < 0.03:
        request = RequestKind.MELASMA
    contacts = (cases.call(),) if rng.random() < 0.4 else ()
    return cases.consultation(
        facts=answers, results=results, dispensed=dispensed, request=request, contacts=contacts
    )


def _draft(rng: Random, target: Target) -> Draft:
    items: dict[Key, object] = {}
    if target is not CALM and rng.random() < 0.03:
        items[Key.of(ItemKind.DECISION)] = UNLISTED
        return Draft(cases.consultation().id, MappingProxyType(items))
    alone = target.medicine != ISOTRETINOIN and rng.random() < 0.4  # prescribed by directions
    if rng.random() < 0.96 or target is CALM:
        decision = cases.PRESCRIBE if alone else _decision(rng, target)
        items[Key.of(ItemKind.DECISION)] = decision
    if (rng.random() < 0.96 or target is CALM) and not alone:
        items[Key.of(ItemKind.REGIMEN, ISOTRETINOIN)] = _regimen(rng)
    for name in _beside(rng, target, alone=alone):
        usual = rng.choice(cases.content().directed[name].usuals)
        items[Key.of(ItemKind.DIRECTED, name)] = usual.directed
    return Draft(cases.consultation().id, MappingProxyType(items))


def _beside(rng: Random, target: Target, *, alone: bool) -> tuple[str, ...]:
    """Medicines by directions in the basket: that of the target, others beside it, or none."""
    if target is CALM:
        return tuple(rng.sample(CALM_BESIDE, rng.choice((0, 0, 1, 2))))
    named = [_listed(target.medicine)] if alone else []
    if rng.random() < 0.3:
        named += rng.sample(sorted(cases.content().directed), rng.choice((1, 2)))
    return tuple(dict.fromkeys(named))


def _listed(medicine: str) -> str:
    """The first medicine by directions of which a product holds ``medicine``."""
    found = cases.content().directed.items()
    return next(n for n, m in found if any(medicine in p.components for p in m.products))


def _decision(rng: Random, target: Target) -> DecisionChoice:
    if target.medicine != ISOTRETINOIN:
        return DecisionChoice(DecisionKind.START_WORK_UP, "severe acne", "L70.0", target.medicine)
    if target is not CALM and rng.random() < 0.15:
        return DecisionChoice(DecisionKind.START_WORK_UP, "severe acne", "L70.0", None)
    return cases.PRESCRIBE


def _regimen(rng: Random) -> Regimen:
    twenty = Decimal(20)
    if rng.random() < 0.85:
        return cases.TWENTY_TWICE
    morning = rng.choice(((twenty,), (twenty, twenty), (Decimal(40), Decimal(40)), ()))
    return replace(cases.TWENTY_TWICE, morning=morning)


def _situation() -> Situation:
    return Situation(cases.content(), cases.PRESCRIBER, cases.CLINIC, cases.NOW, cases.TODAY)


def _origin(spec: FactSpec) -> Origin:
    return spec.said_by[0] if spec.said_by else Origin.CLINICIAN


@cache
def _askable() -> tuple[FactSpec, ...]:
    kinds = (FactKind.YES_NO, FactKind.CHOICE, FactKind.CHOICES)
    return tuple(
        s
        for s in cases.content().facts.values()
        if s.freshness is not Freshness.COMPUTED and s.kind in kinds and s.safe is not None
    )


@cache
def _asked():
    return tuple(a for a in cases.content().rulebook.asks if ISOTRETINOIN in a.medicines)


def _random_value(rng: Random, spec: FactSpec) -> FactValue:
    codes = [code for code, _ in spec.choices]
    if spec.kind is FactKind.YES_NO:
        return rng.random() < 0.5
    if spec.kind is FactKind.CHOICE:
        return rng.choice(codes)
    return tuple(rng.sample(codes, rng.randint(0, min(2, len(codes)))))


def holds(condition: Condition | None, facts: Facts) -> bool:
    """Whether a question's precondition is certainly met."""
    return condition is None or condition.decide(facts) is Truth.YES
