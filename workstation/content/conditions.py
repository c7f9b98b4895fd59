"""The rule language: whitelisted conditions over facts, compiled once to three-valued closures.

``pregnancy.now or pregnancy.test.state == 'positive'``; ``patient.age < years(12)``;
``visit.today - patient.last_seen > days(35)``; ``course.last_dose + months(2) <= visit.today``;
``'soy' in allergies.known``; ``medicines.now & ['doxycycline', 'minocycline']``;
``known(consent.patient_on)``. A fact nobody answered makes a comparison UNKNOWN; ``and``, ``or`` and
``not`` follow Kleene. Numbers carry the unit of the fact they are compared with.

Each condition also comes as two-valued Python text, whether it may be YES, for the sieve that passes
over most rules at once (``domain.conditions``): "may be YES" of a part is "not certainly NO", and ``not``
turns it into "is not certainly YES".
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from workstation.content import deciding
from workstation.domain.conditions import Condition, local
from workstation.domain.errors import ContentError
from workstation.domain.facts import FactKind, FactSpec

Fault = Callable[[str], ContentError]

_ORDER: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_SIGNS: Mapping[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class _Operand:
    """A value in a condition: ``sort`` is ``number:<unit>``, ``day`` or ``text``.

    ``said`` is the value as Python text, which holds while none of ``names`` is None.
    """

    sort: str
    value: deciding.Value
    said: str
    names: tuple[str, ...] = ()
    spec: FactSpec | None = None
    literal: tuple[str, ...] = ()


def compile_condition(text: str, registry: Mapping[str, FactSpec], fault: Fault) -> Condition:
    """The condition that ``text`` states.

    ``fault`` makes the error for a code, so that it carries the file and line of the text.

    Raises:
        ContentError: ``content.condition.syntax``, ``.construct``, ``.name`` (a bare name),
            ``.call``, ``.unit``, ``.kind``, ``.choice`` or ``content.fact.unknown``.
    """
    if len(text) > _LONGEST:
        raise fault("content.condition.syntax")
    try:
        tree = ast.parse(" ".join(text.split()), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise fault("content.condition.syntax") from error
    reader = _Reader(registry, fault)
    truth = reader.truth(tree.body)
    return Condition(text, tuple(reader.reads), truth.decide, truth.may, tuple(reader.fixed))


class _Reader:
    """Turns one syntax tree into closures, noting the facts it reads in order."""

    def __init__(self, registry: Mapping[str, FactSpec], fault: Fault) -> None:
        self.reads: dict[str, None] = {}
        self.fixed: list[object] = []  # what the text states, named k0, k1, ... in Python text
        self._registry = registry
        self._fault = fault

    # -- truth ---------------------------------------------------------------------------------

    def truth(self, node: ast.expr) -> deciding.Truth:
        """A closure giving True, False or None (unknown), and the same as Python text."""
        if isinstance(node, ast.BoolOp):
            return self._joined(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return deciding.negated(self.truth(node.operand))
        if isinstance(node, ast.Compare):
            return self._comparison(node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd):
            return self._overlap(node)
        if isinstance(node, ast.Call):
            return self._known(node)
        if isinstance(node, ast.Attribute):
            spec = self._fact(node)
            if spec.kind is not FactKind.YES_NO:
                raise self._wrong("content.condition.kind")
            name = local(spec.name)
            return deciding.Truth(
                deciding.value_of(spec.name), f"{name} is not False", f"{name} is True"
            )
        if isinstance(node, ast.Name):
            raise self._wrong("content.condition.name")
        raise self._wrong("content.condition.construct")

    def _joined(self, node: ast.BoolOp) -> deciding.Truth:
        parts = [self.truth(value) for value in node.values]
        every = isinstance(node.op, ast.And)
        word = " and " if every else " or "
        decides = tuple(part.decide for part in parts)
        return deciding.Truth(
            deciding.all_of(decides) if every else deciding.any_of(decides),
            f"({word.join(part.may for part in parts)})",
            f"({word.join(part.must for part in parts)})",
        )

    def _comparison(self, node: ast.Compare) -> deciding.Truth:
        if len(node.ops) != 1:
            raise self._wrong("content.condition.construct")
        op = node.ops[0]
        if isinstance(op, (ast.In, ast.NotIn)):
            inside = self._membership(node.left, node.comparators[0])
            return inside if isinstance(op, ast.In) else deciding.negated(inside)
        compare = _ORDER.get(type(op))
        if compare is None:
            raise self._wrong("content.condition.construct")
        left, right = self._operand(node.left), self._operand(node.comparators[0])
        self._same_sort(left, right, ordered=not isinstance(op, (ast.Eq, ast.NotEq)))
        decide = deciding.compared(compare, left.value, right.value)
        if isinstance(node.left, ast.Attribute) and left.spec is not None and right.spec is None:
            decide = deciding.against(compare, left.spec.name, right.value({}))
        said = f"{left.said} {_SIGNS[type(op)]} {right.said}"
        return deciding.asked(decide, (*left.names, *right.names), said)

    def _same_sort(self, left: _Operand, right: _Operand, *, ordered: bool) -> None:
        if left.spec is None and right.spec is None:
            raise self._wrong("content.condition.construct")
        if left.sort != right.sort:
            numeric = {left.sort.split(":")[0], right.sort.split(":")[0]} == {"number"}
            raise self._wrong("content.condition.unit" if numeric else "content.condition.kind")
        if left.sort == "text":
            if ordered:
                raise self._wrong("content.condition.kind")
            self._check_choices(left.spec or right.spec, left.literal + right.literal)

    def _membership(self, left: ast.expr, right: ast.expr) -> deciding.Truth:
        if isinstance(left, ast.Constant) and isinstance(left.value, str):
            within = self._fact(right)
            if within.kind is not FactKind.CHOICES:
                raise self._wrong("content.condition.kind")
            self._check_choices(within, (left.value,))
            return self._shares(within.name, frozenset((left.value,)))
        spec = self._fact(left)
        if spec.kind not in (FactKind.CHOICE, FactKind.TEXT):
            raise self._wrong("content.condition.kind")
        wanted = self._strings(right)
        self._check_choices(spec, wanted)
        words, name = frozenset(wanted), local(spec.name)
        return deciding.asked(
            deciding.one_of(spec.name, words), (name,), f"{name} in {self._said(words)}"
        )

    def _overlap(self, node: ast.BinOp) -> deciding.Truth:
        spec = self._fact(node.left)
        if spec.kind is not FactKind.CHOICES:
            raise self._wrong("content.condition.kind")
        wanted = self._strings(node.right)
        self._check_choices(spec, wanted)
        return self._shares(spec.name, frozenset(wanted))

    def _shares(self, fact: str, wanted: frozenset[str]) -> deciding.Truth:
        name = local(fact)
        said = f"not {self._said(wanted)}.isdisjoint({name})"
        return deciding.asked(deciding.has(fact, wanted), (name,), said)

    def _known(self, node: ast.Call) -> deciding.Truth:
        if not isinstance(node.func, ast.Name) or node.func.id != "known":
            raise self._wrong("content.condition.call")
        if len(node.args) != 1 or node.keywords:
            raise self._wrong("content.condition.call")
        name = self._fact(node.args[0]).name
        said = f"{local(name)} is not None"
        return deciding.Truth(lambda values: name in values, said, said)

    # -- values --------------------------------------------------------------------------------

    def _operand(self, node: ast.expr) -> _Operand:
        if isinstance(node, ast.Attribute):
            return self._fact_operand(node)
        if isinstance(node, ast.Call):
            return self._quantity(node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
            return self._arithmetic(node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            literal = node.value
            said = self._said(literal)
            return _Operand("text", lambda values: literal, said, literal=(literal,))
        if isinstance(node, ast.Constant):
            bare = isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
            raise self._wrong("content.condition.unit" if bare else "content.condition.construct")
        if isinstance(node, ast.Name):
            raise self._wrong("content.condition.name")
        raise self._wrong("content.condition.construct")

    def _fact_operand(self, node: ast.Attribute) -> _Operand:
        spec = self._fact(node)
        sorts = {
            FactKind.WHOLE: f"number:{spec.unit}",
            FactKind.NUMBER: f"number:{spec.unit}",
            FactKind.DAY: "day",
            FactKind.CHOICE: "text",
            FactKind.TEXT: "text",
        }
        if spec.kind not in sorts:
            raise self._wrong("content.condition.kind")
        name = local(spec.name)
        return _Operand(sorts[spec.kind], deciding.value_of(spec.name), name, (name,), spec)

    def _quantity(self, node: ast.Call) -> _Operand:
        if not isinstance(node.func, ast.Name) or node.func.id == "known" or node.keywords:
            raise self._wrong("content.condition.call")
        unit = node.func.id
        if unit not in ("days", "months") and not _is_unit(unit, self._registry):
            raise self._wrong("content.condition.call")
        amount = self._amount(node)
        # A whole number is compared with whole ones many times faster than a decimal is.
        whole = int(amount) if amount == amount.to_integral_value() else amount
        return _Operand(f"number:{unit}", lambda values: amount, self._said(whole))

    def _amount(self, node: ast.Call) -> Decimal:
        value = node.args[0] if len(node.args) == 1 else None
        if not isinstance(value, ast.Constant) or isinstance(value.value, bool):
            raise self._wrong("content.condition.unit")
        if not isinstance(value.value, (int, float)):
            raise self._wrong("content.condition.unit")
        return Decimal(repr(value.value))

    def _arithmetic(self, node: ast.BinOp) -> _Operand:
        left, right = self._operand(node.left), self._operand(node.right)
        minus = isinstance(node.op, ast.Sub)
        if left.sort == "day" and right.sort == "day" and minus:
            said = f"({left.said} - {right.said}).days"
            names = (*left.names, *right.names)
            return _Operand(
                "number:days", deciding.between(left.value, right.value), said, names, left.spec
            )
        sign = -1 if minus else 1
        if left.sort == "day" and right.sort in ("number:days", "number:months"):
            if right.spec is not None or right.value({}) % 1:
                raise self._wrong("content.condition.unit")
            count = sign * int(right.value({}))
            if right.sort == "number:days":
                moved, said = deciding.by_days(left.value, count), self._said(timedelta(days=count))
                said = f"({left.said} + {said})"
            else:
                moved = deciding.by_months(left.value, count)
                said = f"add_months({left.said}, {self._said(count)})"
            return _Operand("day", moved, said, left.names, left.spec)
        raise self._wrong("content.condition.kind")

    # -- names ---------------------------------------------------------------------------------

    def _fact(self, node: ast.expr) -> FactSpec:
        parts: list[str] = []
        here: ast.expr = node
        while isinstance(here, ast.Attribute):
            parts.append(here.attr)
            here = here.value
        if not isinstance(here, ast.Name):
            raise self._wrong("content.condition.construct")
        if not parts:
            raise self._wrong("content.condition.name")
        name = ".".join((here.id, *reversed(parts)))
        if name not in self._registry:
            raise self._wrong("content.fact.unknown")
        self.reads[name] = None
        return self._registry[name]

    def _strings(self, node: ast.expr) -> tuple[str, ...]:
        if not isinstance(node, (ast.List, ast.Tuple)) or not node.elts:
            raise self._wrong("content.condition.construct")
        found: list[str] = []
        for part in node.elts:
            if not isinstance(part, ast.Constant) or not isinstance(part.value, str):
                raise self._wrong("content.condition.construct")
            found.append(part.value)
        return tuple(found)

    def _check_choices(self, spec: FactSpec | None, words: tuple[str, ...]) -> None:
        if spec is None or spec.kind is FactKind.TEXT:
            return
        allowed = {value for value, _ in spec.choices}
        if any(word not in allowed for word in words):
            raise self._wrong("content.condition.choice")

    def _said(self, fixed: object) -> str:
        """The name under which Python text finds something that the condition states."""
        self.fixed.append(fixed)
        return f"k{len(self.fixed) - 1}"

    def _wrong(self, code: str) -> ContentError:
        return self._fault(code)


def _is_unit(word: str, registry: Mapping[str, FactSpec]) -> bool:
    return any(spec.unit == word for spec in registry.values())
