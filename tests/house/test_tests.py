"""Every test can fail: it asserts something, of the thing itself, and no fault is swallowed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
FAILS = {"raises", "fail", "waitUntil", "waitSignal", "waitExposed", "check_call", "check_output"}
MOCKS = {"mock", "unittest.mock", "Mock", "MagicMock", "AsyncMock", "create_autospec"}
WIDE = ("Exception", "BaseException", "AssertionError")


@dataclass
class Survey:
    """What is told of all tests by reading each file once."""

    can_fail: set[str] = field(default_factory=set)
    calls: list[tuple[str, str, set[str]]] = field(default_factory=list)  # file, function, names
    always: list[str] = field(default_factory=list)
    mocked: list[str] = field(default_factory=list)
    swallowed: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)


@cache
def survey() -> Survey:
    found = Survey()
    for path in sorted(TESTS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            where = f"{path.relative_to(TESTS).as_posix()}:{getattr(node, 'lineno', 0)}"
            match node:
                case ast.FunctionDef():
                    names = set(called(node))
                    found.calls.append((where, node.name, names))
                    if names & FAILS or any(
                        isinstance(one, ast.Assert | ast.Raise) for one in ast.walk(node)
                    ):
                        found.can_fail.add(node.name)
                    found.unexplained += [
                        f"{where}: {said}"
                        for said in map(ast.unparse, node.decorator_list)
                        if ("mark.skip" in said or "mark.xfail" in said) and "reason=" not in said
                    ]
                case ast.Assert() if _always(node.test):
                    found.always.append(f"{where}: {ast.unparse(node.test)}")
                case ast.Import() | ast.ImportFrom():
                    found.mocked += [where for alias in node.names if alias.name in MOCKS]
                case ast.ExceptHandler(type=None | ast.Name(), body=body) if (
                    node.type is None or ast.unparse(node.type) in WIDE
                ) and all(isinstance(one, ast.Pass | ast.Continue | ast.Return) for one in body):
                    found.swallowed.append(where)
    return found


def called(function: ast.FunctionDef) -> Iterator[str]:
    """Last names of what a function calls."""
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
                yield name


def _always(asked: ast.expr) -> bool:
    """A constant, a tuple in place of a comparison, ``or True``, a length not below nothing."""
    match asked:
        case ast.Constant() | ast.Tuple():
            return True
        case ast.BoolOp(op=ast.Or(), values=values):
            return any(isinstance(one, ast.Constant) and bool(one.value) for one in values)
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="len")),
            ops=[ast.GtE()],
            comparators=[ast.Constant(value=0)],
        ):
            return True
    return False


def test_every_test_can_fail() -> None:
    can = set(survey().can_fail)
    for _ in range(3):  # through what it calls
        can |= {name for _, name, calls in survey().calls if calls & can}
    tests = [(w, name) for w, name, _ in survey().calls if name.startswith("test_")]
    assert len(tests) > 1500
    assert [f"{where} {name}" for where, name in tests if name not in can] == []


def test_no_assertion_holds_whatever_happens() -> None:
    assert survey().always == []


def test_nothing_is_mocked_and_no_fault_is_swallowed() -> None:
    assert (survey().mocked, survey().swallowed) == ([], [])


def test_what_is_left_out_says_why() -> None:
    assert survey().unexplained == []
