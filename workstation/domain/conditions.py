"""Conditions over three-valued facts, and the sieve that passes over those that are certainly NO.

Of some hundred rules only a handful come to anything for one patient. A sieve is one generated
function that asks all of them in plain Python, each fact looked up once; what it lets through is
then judged by its own three-valued condition, so that a sieve never decides anything by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import cast

from workstation.domain.dates import add_months
from workstation.domain.facts import Facts, FactValue


class Truth(Enum):
    """Kleene's three values."""

    NO = "no"
    UNKNOWN = "unknown"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled condition: its text, the facts it reads in order, and its verdict.

    ``holds`` answers over plain values by name (``Facts.plain``): True, False, or None when unknown.
    ``may`` is Python text that is true unless the verdict is NO, for a sieve; ``fixed`` are the values
    it calls k0, k1, ...
    """

    text: str
    reads: tuple[str, ...]
    holds: Callable[[Mapping[str, FactValue]], bool | None]
    may: str = "True"
    fixed: tuple[object, ...] = ()

    def decide(self, facts: Facts) -> Truth:
        """The verdict over facts."""
        found = self.holds(facts.plain)
        return Truth.UNKNOWN if found is None else Truth.YES if found else Truth.NO


Sieve = Callable[[Callable[[str], "FactValue | None"]], tuple[list[int], list[int]]]
"""Asked with a look-up of values by fact name (None: unknown), it gives the numbers of the rows of
which a condition may hold, and of those that do not apply."""

_FIXED = re.compile(r"\bk(\d+)\b")


def local(name: str) -> str:
    """The Python name of a fact; different facts have different ones."""
    return f"f_{name.replace('_', '__').replace('.', '_o_')}"


def sieve(rows: Iterable[tuple[Condition | None, tuple[Condition, ...]]]) -> Sieve:
    """A sieve over rows of (for whom the row applies, its conditions)."""
    names: dict[str, str] = {}
    fixed: dict[str, object] = {"add_months": add_months}
    body: list[str] = []

    def may(condition: Condition) -> str:
        names.update((local(name), name) for name in condition.reads)
        first = len(fixed)
        fixed.update((f"k{first + n}", value) for n, value in enumerate(condition.fixed))
        return _FIXED.sub(lambda found: f"k{first + int(found[1])}", condition.may)

    for number, (applies, conditions) in enumerate(rows):
        some = " or ".join(map(may, conditions)) or "False"
        if applies is None:
            body.append(f"    if {some}: let.append({number})")
        else:
            body.append(f"    if not ({may(applies)}): out.append({number})")
            body.append(f"    elif {some}: let.append({number})")
    known = [f"    {name} = get({fact!r})" for name, fact in names.items()]
    lines = ("def sift(get):", "    let, out = [], []", *known, *body, "    return let, out")
    # The text is made of the whitelisted constructs of the rule language alone: names of facts,
    # comparisons and constants that are handed over as values.
    exec(compile("\n".join(lines), "<sieve>", "exec"), fixed)
    return cast("Sieve", fixed["sift"])
