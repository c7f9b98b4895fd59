"""No room grows too big, and no sentence is kept for a code that nothing raises."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from functions_of import functions_of

from workstation.presenters.message_words import MESSAGES

TESTS = Path(__file__).resolve().parents[1]
PACKAGE = TESTS.parent / "workstation"
LINES = 520
# What joins many parts may be longer, but not by much; a split takes its line away.
LONGER: dict[str, int] = {}
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


def test_no_module_is_too_long() -> None:
    lines = {name: text.count("\n") for name, text in modules().items()}
    assert {n: count for n, count in lines.items() if count > LONGER.get(n, LINES)} == {}
    assert LONGER.keys() <= lines.keys()


def test_no_function_is_too_long() -> None:
    every = [(n, one) for n, text in modules().items() for one in functions_of(text)]
    assert len(every) > 5000  # they are found at all
    long = [(n, one.name, len(one.lines)) for n, one in every if len(one.lines) > FUNCTION]
    assert long == []


def test_every_sentence_of_a_code_is_of_a_code_that_is_raised() -> None:
    program = "\n".join(t for n, t in modules().items() if "message_words" not in n)
    told = set(re.findall(r'"([a-z_0-9]+(?:\.[a-z_0-9]+)+)"', program))
    ends = set(re.findall(r'f"\{\w+\}((?:\.[a-z_0-9]+)+)"', program))  # f"{family}.reason.short"
    never = [c for c in MESSAGES if c not in told and not any(c.endswith(e) for e in ends)]
    assert never == []


def test_whoever_silences_a_check_says_why() -> None:
    mute = re.compile(r"# (?:type: ignore(?:\[[a-z,-]+\])?|noqa(?:: [A-Z0-9, ]+)?|pragma.*)\s*$")
    tests = {p.name: p.read_text(encoding="utf-8") for p in sorted(TESTS.rglob("*.py"))}
    found = [
        f"{name}:{number}"
        for name, text in (modules() | tests).items()
        for number, line in enumerate(text.splitlines(), 1)
        if mute.search(line)
    ]
    assert found == []
    # No type checker reads the tests.
    assert [name for name, text in tests.items() if "# type: " + "ignore" in text] == []


def test_whoever_catches_everything_says_why() -> None:
    wide = re.compile(r"^ *except(?: \(?(?:Base)?Exception\b[^:\n]*)?:")
    found, silent = 0, []
    for name, text in modules().items():
        lines = text.splitlines()
        for number, line in enumerate(lines):
            if wide.match(line):
                found += 1
                told = "#" in line or lines[number + 1].lstrip().startswith("#")
                silent += [] if told else [f"{name}:{number + 1}"]
    assert found > 20  # they are found at all
    assert silent == []
