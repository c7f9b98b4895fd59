"""A sieve lets through exactly what is not certainly NO, whatever is known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from hypothesis import given

from tests.safety.answers import shipped
from tests.safety.test_conditions import TREES, A, B, condition, facts_for, truths, written
from workstation.domain.conditions import Condition, sieve
from workstation.domain.facts import FactKind, FactSpec, FactValue

NUMBERS = (0, 1, 2, 3, 4, 5, 7, 8, 12, 13, 18, 20, 27, 35, 65, 140, 499, 500, 1000)
TODAY = date(2026, 3, 1)


def may(one: Condition, values: dict[str, FactValue]) -> bool:
    return one.holds(values) is not False


@given(TREES, TREES, truths, truths, truths)
def test_a_sieve_never_decides(tree, other, a, b, c) -> None:
    one, two = condition(written(tree)), condition(written(other))
    values = dict(facts_for(a, b, c).plain)
    let, out = sieve([(one, (two,)), (None, (one, two)), (None, ())])(values.get)
    assert (0 in out) == (not may(one, values))
    assert (0 in let) == (may(one, values) and may(two, values))
    assert (1 in let) == (may(one, values) or may(two, values))
    assert 2 not in let and out in ([], [0])


def test_rows_keep_their_order_and_their_own_constants() -> None:
    first = condition("patient.age < years(12)")
    second = condition("patient.age < years(18) and alcohol.most > drinks(1)")
    sift = sieve([(None, (second,)), (None, (first,)), (None, (second, first))])
    assert sift({"patient.age": 15, "alcohol.most": Decimal(2)}.get) == ([0, 2], [])
    assert sift({"patient.age": 11, "alcohol.most": Decimal(1)}.get) == ([1, 2], [])
    assert sift({}.get) == ([0, 1, 2], [])
    assert sieve([(condition(f"{A} and {B}"), (first,))])({A: False}.get) == ([], [0])


def every_condition() -> Iterator[Condition]:
    clinic = shipped()
    for rule in clinic.book.rules:
        yield from (clause.when for clause in rule.clauses)
        if rule.applies is not None:
            yield rule.applies
    yield from (ask.asked_when for ask in clinic.book.asks if ask.asked_when is not None)
    for row in (*clinic.triage.flags, *clinic.triage.symptoms):
        yield from (c for c in (row.when, row.alarm) if c is not None)


def value(chance: Random, spec: FactSpec) -> FactValue:
    codes = [code for code, _ in spec.choices]
    made: dict[FactKind, FactValue] = {
        FactKind.YES_NO: chance.random() < 0.5,
        FactKind.CHOICE: chance.choice(codes) if codes else "",
        FactKind.CHOICES: tuple(chance.sample(codes, min(2, len(codes)))),
        FactKind.WHOLE: chance.choice(NUMBERS),
        FactKind.NUMBER: Decimal(chance.choice(NUMBERS)) + Decimal(chance.choice(("0", "0.5"))),
        FactKind.DAY: TODAY + timedelta(days=chance.randint(-70, 40)),
        FactKind.TEXT: chance.choice(("L70.0", "CA")),
    }
    return made[spec.kind]


def test_the_sieve_agrees_with_every_condition_of_the_content() -> None:
    conditions = tuple(every_condition())
    sift = sieve((None, (one,)) for one in conditions)
    ever: set[int] = set()
    for seed in range(60):
        chance = Random(seed)
        values = {
            name: value(chance, spec)
            for name, spec in shipped().registry.items()
            if chance.random() < (0.9, 0.5)[seed % 2]
        }
        let, out = sift(values.get)
        assert let == [n for n, one in enumerate(conditions) if may(one, values)]
        assert out == []
        ever.update(set(range(len(conditions))) - set(let))
    assert len(conditions) > 300
    assert len(ever) > len(conditions) * 0.9  # each was passed over at some time
