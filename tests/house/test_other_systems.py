"""Nothing that one system lacks is imported before it was asked which one this is.

What a module or a call is missing on Windows or macOS is found by ``.ci/packaging/other-systems``,
which asks the type checker; that takes a minute for each, so it is run before a release.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "workstation"
NOT_EVERYWHERE = {
    "_posixshmem", "_winapi", "crypt", "fcntl", "grp", "msvcrt", "posix", "pty", "pwd", "readline",
    "resource", "syslog", "termios", "tty", "winreg", "winsound",
}  # fmt: skip


def found_in(text: str) -> tuple[list[str], list[str]]:
    """Names of such modules that ``text`` imports, and of those it imports without asking first."""
    asked = re.compile(r"sys\.platform|os\.name")
    every: list[str] = []
    unasked: list[str] = []

    def look(node: ast.AST, safe: bool) -> None:
        names = (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        for name in names:
            if name.partition(".")[0] in NOT_EVERYWHERE:
                every.append(name)
                if not safe:
                    unasked.append(name)
        body = getattr(node, "body", [])
        inside = isinstance(node, ast.FunctionDef)
        asks = inside and any(asked.search(ast.unparse(s)) for s in body if isinstance(s, ast.If))
        for child in ast.iter_child_nodes(node):
            look(child, safe or asks)

    look(ast.parse(text), safe=False)
    return every, unasked


def test_a_module_of_one_system_is_imported_where_the_system_was_asked() -> None:
    named = re.compile(rf"^\s*(?:import|from)\s.*\b(?:{'|'.join(NOT_EVERYWHERE)})\b", re.MULTILINE)
    texts = {p: p.read_text(encoding="utf-8") for p in PACKAGE.rglob("*.py")}
    found = {p: found_in(text) for p, text in texts.items() if named.search(text)}
    assert {str(p): unasked for p, (_, unasked) in found.items() if unasked} == {}
    assert len([name for every, _ in found.values() for name in every]) >= 3


def test_an_import_at_the_top_or_in_a_function_that_does_not_ask_is_found() -> None:
    assert found_in("import fcntl")[1] == ["fcntl"]
    assert found_in("def f():\n    import resource")[1] == ["resource"]
    safe = "def f():\n    if sys.platform == 'win32':\n        return\n    import resource"
    assert found_in(safe) == (["resource"], [])


def test_no_date_is_written_with_what_only_one_system_knows() -> None:
    """``%-d`` is a fault on Windows."""
    dashed = re.compile(r"""%-[dmyHIMSj]|%#[dmyHIMSj]""")
    assert [
        str(p) for p in PACKAGE.rglob("*.py") if dashed.search(p.read_text(encoding="utf-8"))
    ] == []
