"""Facts that make a condition come true, found from its text: proof that a rule can be reached."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import product

from workstation.content.conditions import compile_condition
from workstation.content.rules import EXAMPLE_DAY
from workstation.domain.conditions import Condition, Truth
from workstation.domain.errors import ContentError
from workstation.domain.facts import Fact, FactKind, Facts, FactSpec, FactValue, Origin

Values = Mapping[str, FactValue | None]  # None: must stay unknown
TODAY = "visit.today"
_TRIES = 20_000  # ways looked at before giving up
_FEWEST_DAYS_OF_A_MONTH, _MOST_DAYS_OF_A_MONTH = 28, 31


def witnesses(text: str, registry: Mapping[str, FactSpec]) -> Iterator[Values]:
    """Assignments of the facts in ``text`` that make it true, simplest first.

    Only facts the condition needs are given; a value of ``None`` has to stay unknown. Ends without
    one when the condition can never be true (or none was found among the first ways looked at).
    """
    tree = ast.parse(" ".join(text.split()), mode="eval").body
    solver = _Solver(registry)
    for number, found in enumerate(solver.ways(tree, True, {})):
        if number >= _TRIES:
            return
        yield found


def reachable(text: str, registry: Mapping[str, FactSpec]) -> bool:
    """Whether some facts make the condition true."""
    condition = compile_condition(text, registry, _fault)
    return any(condition.decide(as_facts(f)) is Truth.YES for f in witnesses(text, registry))


def as_facts(values: Values) -> Facts:
    """The known values as facts of the day on which worked examples take place."""
    known = {TODAY: EXAMPLE_DAY, **{n: v for n, v in values.items() if v is not None}}
    return Facts(Fact(n, v, Origin.CLINICIAN, EXAMPLE_DAY, "witness") for n, v in known.items())


class _Solver:
    """Walks a condition and extends an assignment until every needed part holds."""

    def __init__(self, registry: Mapping[str, FactSpec]) -> None:
        self._registry = registry
        self._parts: dict[int, tuple[str, Condition]] = {}

    def ways(self, node: ast.expr, wanted: bool, given: Values) -> Iterator[Values]:
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield from self.ways(node.operand, not wanted, given)
        elif isinstance(node, ast.BoolOp):
            if isinstance(node.op, ast.And) is wanted:
                yield from self._every(node.values, wanted, given)
            else:
                for part in node.values:
                    yield from self.ways(part, wanted, given)
        else:
            yield from self._atom(node, wanted, given)

    def _every(self, parts: list[ast.expr], wanted: bool, given: Values) -> Iterator[Values]:
        if not parts:
            yield given
            return
        for found in self.ways(parts[0], wanted, given):
            yield from self._every(parts[1:], wanted, found)

    def _atom(self, node: ast.expr, wanted: bool, given: Values) -> Iterator[Values]:
        if id(node) not in self._parts:  # one tree, so that a node stays itself
            text = ast.unparse(node)
            self._parts[id(node)] = text, compile_condition(text, self._registry, _fault)
        text, condition = self._parts[id(node)]
        names = [n for n in condition.reads if n != TODAY]
        options = [self._options(n, text, given) for n in names]
        for values in product(*options):
            found = {**given, **dict(zip(names, values, strict=True))}
            verdict = condition.decide(as_facts(found))
            if verdict is (Truth.YES if wanted else Truth.NO):
                yield found

    def _options(self, name: str, text: str, given: Values) -> tuple[FactValue | None, ...]:
        if name in given:
            return self._wider(name, text, given[name])
        if text.startswith("known("):
            return (*self._candidates(name, text), None)
        return self._candidates(name, text)

    def _wider(self, name: str, text: str, value: FactValue | None) -> tuple[FactValue | None, ...]:
        """The value held, or a longer list when another part names further choices."""
        if not isinstance(value, tuple):
            return (value,)
        more = tuple(dict.fromkeys((*value, *self._named(name, text))))
        return (value,) if more == value else (value, more)

    def _named(self, name: str, text: str) -> tuple[str, ...]:
        offered = {code for code, _ in self._registry[name].choices}
        return tuple(v for v in _literals(text) if isinstance(v, str) and v in offered)

    def _candidates(self, name: str, text: str) -> tuple[FactValue, ...]:
        spec = self._registry[name]
        if spec.kind is FactKind.YES_NO:
            return (True, False)
        if spec.kind is FactKind.CHOICE:
            return tuple(dict.fromkeys((*self._named(name, text), *(c for c, _ in spec.choices))))
        if spec.kind is FactKind.CHOICES:
            named = self._named(name, text)
            others = tuple((c,) for c, _ in spec.choices if c not in named)
            return (*((c,) for c in named), (), *others[-1:])
        if spec.kind is FactKind.DAY:
            return _days(text)
        if spec.kind is FactKind.TEXT:
            return ("x",)
        near = _amounts(text)
        if spec.kind is FactKind.WHOLE:
            return tuple(int(n) for n in near if not n % 1 and n >= 0)
        return near


@lru_cache(maxsize=1024)  # the same parts of a condition are asked about again and again
def _literals(text: str) -> tuple[object, ...]:
    """The constants in a condition's text, in order."""
    return tuple(n.value for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Constant))


def _amounts(text: str) -> tuple[Decimal, ...]:
    """Zero, one, and numbers on both sides of those in the text."""
    found = [Decimal(0), Decimal(1)]
    for literal in _literals(text):
        if isinstance(literal, (int, float)):
            number = Decimal(repr(literal))
            step = Decimal(1).scaleb(int(number.as_tuple().exponent))
            found += [number, number + step, number - step]
    return tuple(dict.fromkeys(found))


def _days(text: str) -> tuple[date, ...]:
    found = [EXAMPLE_DAY]
    for number in _amounts(text):
        if number % 1:
            continue
        for size in (1, _FEWEST_DAYS_OF_A_MONTH, _MOST_DAYS_OF_A_MONTH):
            span = timedelta(days=int(number) * size)
            found += [EXAMPLE_DAY - span, EXAMPLE_DAY + span]
            found += [EXAMPLE_DAY - span - timedelta(days=1), EXAMPLE_DAY + span + timedelta(1)]
    return tuple(dict.fromkeys(found))


def _fault(code: str) -> ContentError:
    return ContentError(code, file="", line=1)
