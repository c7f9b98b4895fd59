"""The content author's guide is true: its examples load and hold, its table is the published one."""

from __future__ import annotations

import re
from pathlib import Path

from tests.safety import cases
from workstation import assets
from workstation.content import overlay
from workstation.content.check import check
from workstation.content.vector_schemas import read_schemas

GUIDE = assets.resource("docs", "content-author.md").read_text(encoding="utf-8")
KINDS = assets.resource("authoring", "vector-kinds.toml")
BLOCKS = re.findall(r"```toml\n(.*?)```", GUIDE, flags=re.DOTALL)


def test_the_examples_of_the_guide_are_a_clinics_overlay_that_passes_the_check(
    tmp_path: Path,
) -> None:
    rules = [block for block in BLOCKS if "[[rule]]" in block]
    levels = [block for block in BLOCKS if "[[level]]" in block]
    assert (len(rules), len(levels)) == (1, 1)
    (tmp_path / "rules").mkdir()
    head = 'schema = 1\nedition = "2026-11-28"\n\n'
    (tmp_path / "rules" / "own.toml").write_text(head + rules[0], encoding="utf-8")
    (tmp_path / "levels.toml").write_text("schema = 1\n" + levels[0], encoding="utf-8")
    laid = overlay.over(cases.content(), tmp_path)
    assert "OWN-LENSES" in {rule.code for rule in laid.rulebook.rules}
    report = check(assets.resource("clinical"), assets.resource("intake"), tmp_path)
    assert report.passed, report.lines()


def test_every_kind_of_worked_case_stands_in_the_guide_with_its_inputs() -> None:
    rows = {
        match[1]: match[0] for match in re.finditer(r"^\| `(\w+)` \|.*$", GUIDE, flags=re.MULTILINE)
    }
    known = {schema.id: schema for schema in read_schemas(KINDS)}
    assert set(rows) == set(known)
    for id, schema in known.items():
        for name in (*schema.required, *schema.optional, *schema.outputs):
            assert name in rows[id], (id, name)
