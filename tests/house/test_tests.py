"""Every test can fail: it asserts something, of the thing itself, and no fault is swallowed."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from functions_of import functions_of

TESTS = Path(__file__).resolve().parents[1]
FAILS = re.compile(
    r"^\s*(assert|raise)\b|\b(raises|fail|waitUntil|waitSignal|waitExposed|check_call)\(|check=True",
    re.MULTILINE,
)
WIDE = r"except(?: \(?(?:Base)?Exception\b.*| AssertionError\b.*)?:"


@cache
def texts() -> dict[str, str]:
    """Text by path, of all but this file."""
    paths = [p for p in sorted(TESTS.rglob("*.py")) if p != Path(__file__).resolve()]
    return {p.relative_to(TESTS).as_posix(): p.read_text(encoding="utf-8") for p in paths}


def test_every_test_can_fail() -> None:
    bodies = [(where, one.name, "\n".join(one.lines)) for where, text in texts().items()
              for one in functions_of(text)]  # fmt: skip
    can = {name for _, name, body in bodies if FAILS.search(body)}
    calls = {
        (where, name): set(re.findall(r"(\w+)\(", body.split("\n", 1)[-1]))
        for where, name, body in bodies
    }
    for _ in range(3):  # through what it calls
        can |= {name for (_, name), called in calls.items() if called & can}
    tests = [key for key in calls if key[1].startswith("test_")]
    assert len(tests) > 1500
    assert [f"{where} {name}" for where, name in tests if name not in can] == []


WRONG = {
    # whatever happens
    r"^\s*assert (?:True|1|f?\"[^\"]*\")\s*(?:,.*)?$": "assert True",
    r"^\s*assert .*\bor True\b": "assert found or True",
    r"^\s*assert len\(.*\) >= 0$": "    assert len(found) >= 0",
    # of nothing that is tested
    r"\b(?:Mock|MagicMock|AsyncMock|create_autospec)\(": "signer = Mock()",
    # any fault is swallowed
    rf"^\s*{WIDE}\s*(?:#.*)?\n\s+(?:pass|continue|return)\b": "    except Exception as e:\n  pass",
    # left out without a word
    r"mark\.(?:skip|xfail)(?!if)\b(?!\(reason=)": "@pytest.mark.skip\ndef test_it():",
    r"mark\.skipif\((?:(?!reason=)[^@])*?\n(?:def|class) ": "@pytest.mark.skipif(WIN)\ndef test_it():",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_no_test_is_written_so(wrong: str) -> None:
    assert re.search(wrong, WRONG[wrong], re.MULTILINE)  # it is seen where it stands
    found = [
        f"{where}:{text.count(chr(10), 0, one.start()) + 1}"
        for where, text in texts().items()
        for one in re.finditer(wrong, text, re.MULTILINE)
    ]
    assert found == []


def test_each_fault_of_content_is_tried() -> None:
    source = TESTS.parent / "workstation" / "content"
    raised = {
        code
        for path in source.glob("*.py")
        if path.name != "check_words.py"
        for code in re.findall(r"\"(content(?:\.[a-z_]+)+)\"", path.read_text(encoding="utf-8"))
    }
    every = "\n".join(texts().values())
    assert len(raised) > 80  # they are found at all
    assert [code for code in sorted(raised) if f'"{code}"' not in every] == []
