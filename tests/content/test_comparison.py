"""Two versions of the content: each rule and number that differs, old and new, with its source."""

from __future__ import annotations

import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from workstation import assets
from workstation.content.comparison import NAMES, Change, Turn, compare, kept
from workstation.content.editions import keep

SHIPPED = assets.resource("clinical")


@pytest.fixture
def older(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "older"))


def altered(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def only(changes: tuple[Change, ...]) -> Change:
    (found,) = changes
    return found


def test_the_same_content_differs_in_nothing(older: Path) -> None:
    assert compare(older, SHIPPED).changes == ()


def test_a_number_is_told_with_both_values_and_the_source_it_rests_on(older: Path) -> None:
    altered(older, "formulary/isotretinoin.toml", "goal = 0.8", "goal = 0.75")
    found = only(compare(older, SHIPPED).changes)
    assert (found.turn, found.file) == (Turn.CHANGED, "formulary/isotretinoin.toml")
    assert (found.entry, found.field) == (("range micronized",), "goal")
    assert (found.before, found.after) == (Decimal("0.75"), Decimal("0.8"))
    assert "Isotretinoin label, section 2" in found.source


def test_a_rule_is_known_by_its_code_wherever_it_stands(older: Path) -> None:
    path = older / "rules/minoxidil.toml"
    head, *rules = path.read_text(encoding="utf-8").split("[[rule]]\n")
    path.write_text(head + "".join(f"[[rule]]\n{one}" for one in reversed(rules)), encoding="utf-8")
    assert compare(older, SHIPPED).changes == ()
    altered(older, "rules/minoxidil.toml", "MTO-SCALP", "MTO-HEAD")
    removed, added = sorted(compare(older, SHIPPED).changes, key=lambda one: one.turn.value)[::-1]
    assert (removed.turn, removed.entry, removed.after) == (Turn.REMOVED, ("MTO-HEAD",), None)
    assert (added.turn, added.entry, added.before) == (Turn.ADDED, ("MTO-SCALP",), None)
    assert added.after["level"] == "HOLD" and "example" not in added.after


def test_worked_examples_are_left_out(older: Path) -> None:
    altered(
        older, "rules/minoxidil.toml", 'facts = { "allergies.known" = ["minoxidil"] }', "facts = {}"
    )
    assert compare(older, SHIPPED).changes == ()


def test_one_of_several_clauses_without_a_name_is_told_by_its_place(older: Path) -> None:
    altered(older, "rules/minoxidil.toml", 'level = "STOP"', 'level = "HOLD"')
    found = only(compare(older, SHIPPED).changes)
    assert found.entry == ("MTO-HYP", "clause 1") and found.field == "level"
    assert (found.before, found.after) == ("HOLD", "STOP")
    assert found.source == "Topical minoxidil drug facts"


def test_every_number_of_every_file_is_seen_when_it_moves(older: Path) -> None:
    line = re.compile(r"^([a-z_]+) = (\d+)$", re.MULTILINE)
    moved = 0

    def move(found: re.Match[str]) -> str:
        nonlocal moved
        if found[1] in NAMES or found[1] == "schema":
            return found[0]  # a name moves an entry, not a number
        moved += 1
        return f"{found[1]} = {int(found[2]) + 1}"

    for path in older.rglob("*.toml"):
        if "rules" not in path.parts:  # examples of rules hold numbers too
            text = path.read_text(encoding="utf-8")
            rules, example, rest = text.partition("[[example]]")
            path.write_text(line.sub(move, rules) + example + rest, encoding="utf-8")
    changes = compare(older, SHIPPED).changes
    assert moved > 100
    assert sum(one.turn is Turn.CHANGED for one in changes) == len(changes) == moved
    assert all(one.before == one.after + 1 for one in changes)


def test_a_file_that_came_or_went_is_told_whole_and_kept_editions_are_offered(older: Path) -> None:
    (older / "rules/minoxidil.toml").unlink()
    assert only(compare(older, SHIPPED).changes).turn is Turn.ADDED
    keep(older)
    assert kept(older) == (compare(older, SHIPPED).older[0],)
    assert len(compare(older, SHIPPED).changes) == 1  # what is kept is not compared with itself
