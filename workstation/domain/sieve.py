"""A sieve over many conditions: one generated function that names those which are not certainly NO.

Of some hundred rules only a handful come to anything for one patient. A sieve asks all of them in
plain Python, each fact looked up once; what it lets through is then judged by its own three-valued
condition, so that a sieve never decides anything by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from workstation.domain.dates import add_months

if TYPE_CHECKING:
    from workstation.domain.facts import FactValue
    from workstation.domain.rules import Condition

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
    made: Sieve = fixed["sift"]  # type: ignore[assignment]
    return made
