"""No room grows too big, and no sentence is kept for a code that nothing raises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from workstation.presenters.message_words import MESSAGES

PACKAGE = Path(__file__).resolve().parents[2] / "workstation"
LINES = 520
# What joins many parts may be longer, but not by much; a split takes its line away.
LONGER = {"bootstrap.py": 600, "ui/actions.py": 560, "ui/shell.py": 600}
FUNCTION = 84


@cache
def modules() -> dict[str, str]:
    """Text by path, without the versions of the database, whose tables are one long list."""
    found = {p.relative_to(PACKAGE).as_posix(): p for p in sorted(PACKAGE.rglob("*.py"))}
    return {
        name: path.read_text(encoding="utf-8")
        for name, path in found.items()
        if "migrations/versions" not in name
    }


def functions(text: str) -> Iterator[tuple[str, int]]:
    """(name, lines) of each function, told by how far its lines stand in."""
    begun: list[tuple[int, str, int]] = []
    last = 0
    for number, line in enumerate([*text.splitlines(), "end"], 1):
        inside = line.lstrip()
        if not inside:
            continue
        far = len(line) - len(inside)
        while begun and far <= begun[-1][0] and not inside.startswith((")", "]")):
            _, name, first = begun.pop()
            yield name, last - first + 1
        if found := re.match(r"(?:async )?def (\w+)", inside):
            begun.append((far, found[1], number))
        last = number


def test_no_module_is_too_long() -> None:
    lines = {name: text.count("\n") for name, text in modules().items()}
    assert {n: count for n, count in lines.items() if count > LONGER.get(n, LINES)} == {}
    assert LONGER.keys() <= lines.keys()


def test_no_function_is_too_long() -> None:
    every = [(n, *one) for n, text in modules().items() for one in functions(text)]
    assert len(every) > 5000  # they are found at all
    assert [one for one in every if one[2] > FUNCTION] == []


def test_every_sentence_of_a_code_is_of_a_code_that_is_raised() -> None:
    program = "\n".join(t for n, t in modules().items() if "message_words" not in n)
    told = set(re.findall(r'"([a-z_0-9]+(?:\.[a-z_0-9]+)+)"', program))
    ends = set(re.findall(r'f"\{\w+\}((?:\.[a-z_0-9]+)+)"', program))  # f"{family}.reason.short"
    never = [c for c in MESSAGES if c not in told and not any(c.endswith(e) for e in ends)]
    assert never == []
