"""Functions of a source text, told by how far its lines stand in: a hundred times a parser's pace."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Found(NamedTuple):
    """A function: its name, the number of its first line, its lines from ``def`` to the last."""

    name: str
    first: int
    lines: tuple[str, ...]


def functions_of(text: str) -> Iterator[Found]:
    """Every function and method, inner ones too."""
    lines = text.splitlines()
    begun: list[tuple[int, str, int]] = []
    last = 0
    for number, line in enumerate([*lines, "end"], 1):
        inside = line.lstrip()
        if not inside:
            continue
        far = len(line) - len(inside)
        while begun and far <= begun[-1][0] and not inside.startswith((")", "]")):
            _, name, first = begun.pop()
            yield Found(name, first, tuple(lines[first - 1 : last]))
        if found := re.match(r"(?:async )?def (\w+)", inside):
            begun.append((far, found[1], number))
        last = number
