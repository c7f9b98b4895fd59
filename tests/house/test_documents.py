"""What README and ARCHITECTURE say is there is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "README.md"])
def test_every_path_named_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:workstation|resources|forms|tests|\.ci)/[^`<>]*)`", text))
    assert named
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_each_screen_family_of_rules_and_document_is_on_the_map() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    maps = text.split("## Where things are")[1].split("## Word list")[0]
    named = set(re.findall(r"`((?:workstation|resources)/[^`]*)`", maps))
    parts = [*(ROOT / "workstation" / "ui").iterdir(), *(ROOT / "workstation/adapters").iterdir()]
    folders = [one for one in parts if (one / "__init__.py").is_file()]
    content = [one for one in (ROOT / "resources/clinical").iterdir() if one.name[0] != "."]
    documents = (ROOT / "resources/documents").glob("*.en.toml")
    every = [one.relative_to(ROOT).as_posix() for one in (*folders, *content, *documents)]
    assert len(every) > 40
    known = {path.rstrip("/") for path in named}
    within = {path for path in every if any(one.startswith(f"{path}/") for one in known)}
    assert sorted(set(every) - known - within) == []


def test_readme_names_every_command() -> None:
    from workstation import cli

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    actions = cli._parser()._subparsers
    assert actions is not None
    commands = set(actions._group_actions[0].choices or ())
    assert commands
    assert [c for c in sorted(commands) if f"workstation {c}" not in text] == []


_FAMILIES = {"R-DUR": 7, "R-IN": 5, "R-SAF": 6, "R-SEC": 7, "R-AUD": 5}
PROMISES = [f"{family}-{n + 1}" for family, many in _FAMILIES.items() for n in range(many)]


def test_every_promise_of_the_records_names_tests_that_are_there() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (R-[A-Z]+-\d+) [^|]*\| ([^|]*) \|$", text, flags=re.MULTILINE)
    assert [name for name, _ in rows] == PROMISES
    missing = []
    for name, cell in rows:
        named = re.findall(r"`([\w/]+\.py)::(\w+)`", cell)
        assert named, name
        for path, test in named:
            file = ROOT / "tests" / path
            source = file.read_text(encoding="utf-8") if file.is_file() else ""
            if not re.search(rf"^def {test}\(", source, flags=re.MULTILINE):
                missing.append(f"{name}: {path}::{test}")
    assert missing == []
