"""The layering of ARCHITECTURE.md, the naming rules and what may not stand in the code."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "workstation"
MODULES = sorted(PACKAGE.rglob("*.py"))
BANNED = (
    "utils",
    "helpers",
    "helper",
    "manager",
    "handler",
    "common",
    "misc",
    "info",
    "base",
    "core",
)
# Unit conversion and calendar arithmetic may know how many months a year has.
ARITHMETIC = {"f_distribution.py", "alignment.py", "dates.py", "units.py"}


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _parsed(path: Path) -> ast.Module:
    return ast.parse(_text(path))


def test_import_contracts_are_kept() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_no_module_or_class_has_a_banned_name() -> None:
    bad = [str(p.relative_to(ROOT)) for p in MODULES if p.stem in BANNED]
    for path in MODULES:
        for name in re.findall(r"^\s*class (\w+)", _text(path), re.MULTILINE):
            words = re.findall(r"[A-Z][a-z]+", name)
            bad += [f"{path.name}:{name}" for w in words if w.lower() in BANNED]
    assert bad == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(p.relative_to(ROOT))
        for p in MODULES
        if _text(p).strip() and not re.match(r'(#.*\n)*r?"""\s*\S', _text(p))
    ]
    assert silent == []


def test_domain_holds_no_clinical_number() -> None:
    found = []
    for path in (PACKAGE / "domain").rglob("*.py"):
        if path.name in ARITHMETIC:
            continue
        for node in ast.walk(_parsed(path)):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, (int, float, complex))
                and not isinstance(node.value, bool)
                and node.value not in (0, 1, 2)
            ):
                found.append((path.name, node.value))
            written = _number_in_words(node)
            if written is not None and written not in ("0", "1", "2", "-1"):
                found.append((path.name, written))
    memory = {
        # What is remembered, not medicine: places between two counts, documents being signed.
        ("zones.py", 50_000),
        ("documents.py", 8),
    }
    assert [f for f in found if f not in memory] == []


def _number_in_words(node: ast.AST) -> str | None:
    """The text of a number made from a string: ``Decimal("0.5")``, ``int("30")``."""
    if (
        isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"Decimal", "int", "float", "Fraction"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ):
        return node.args[0].value
    return None


def test_now_is_asked_of_the_clock_alone() -> None:
    bad = []
    for path in MODULES:
        if path.relative_to(PACKAGE).as_posix() == "adapters/system/clock.py":
            continue
        if not re.search(r"\.(now|today|utcnow)\(", _text(path)):
            continue  # most modules need no second look
        for node in ast.walk(_parsed(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                name = ast.unparse(node.func)
                if re.search(r"(datetime|date)\.(now|today|utcnow)$", name):
                    bad.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert bad == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"https?://(pypi\.org|files\.pythonhosted|registry\.npmjs|deb\.debian)",
        r"/root/|/home/[a-z]",
    ],
)
def test_no_file_names_a_machine_or_a_registry(pattern: str) -> None:
    folders = ("workstation", "resources", "forms", "tests", ".ci")
    inside = (path for folder in folders for path in (ROOT / folder).rglob("*"))
    kinds = {".py", ".md", ".toml", ".ui", ".json", ".qss", ".txt", ""}
    texts = [
        path
        for path in (*inside, *ROOT.iterdir())
        if path.is_file()
        and path.suffix in kinds
        and path.name not in (".git", Path(__file__).name)
    ]
    assert ROOT / "pyproject.toml" in texts and len(texts) > len(MODULES)
    bad = [
        str(path.relative_to(ROOT))
        for path in texts
        if re.search(pattern, path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert bad == []
