"""The content author's guide is true: its examples load and hold, its table is the published one."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.safety import cases
from workstation import assets
from workstation.content import catalogue, overlay
from workstation.content.check import check
from workstation.content.own_leaflets import read_own_leaflets
from workstation.content.rubrics import read_schemes
from workstation.content.vector_schemas import read_schemas as read_kinds
from workstation.domain.errors import ContentError

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
    (tmp_path / "levels.toml").write_text(levels[0], encoding="utf-8")
    laid = overlay.over(cases.content(), overlay.files_of(tmp_path))
    assert "OWN-LENSES" in {rule.code for rule in laid.rulebook.rules}
    report = check(assets.resource("clinical"), assets.resource("intake"), tmp_path)
    assert report.passed, report.lines()


def test_the_guide_adds_a_rubric_and_a_leaflet_by_one_file_each(tmp_path: Path) -> None:
    clinical = Path(shutil.copytree(assets.resource("clinical"), tmp_path / "clinical"))
    (rubric,) = (block for block in BLOCKS if 'kind = "counts"' in block)
    (leaflet,) = (block for block in BLOCKS if "[[section]]" in block)
    (clinical / "rubrics" / "a-own.toml").write_text(rubric, encoding="utf-8")
    (clinical / "leaflets" / "sun.en.toml").write_text(leaflet, encoding="utf-8")
    report = check(clinical, assets.resource("intake"))
    assert report.passed, report.lines()
    content = catalogue.load(clinical)
    assert content.rubric.id == "SEV-1"  # the first file by name does not grade by being first
    assert [one.id for one in content.schemes.beside] == ["OWN-COUNTS"]
    assert "sun.en" in read_own_leaflets(clinical, content.sources)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("{dermatologist}", "{patient}", "content.leaflet.slot"),
        ("{dermatologist}", "{dermatologist", "content.leaflet.slot"),
        ("Wear a hat.", "A hat will cure you.", "content.handout.claim"),
        ('language = "en"', 'language = "fr"', "content.leaflet.language"),
        ('source = "project"', 'source = "hearsay"', "content.source.unknown"),
        ("intro =", "lead =", "content.key.missing"),
    ],
)
def test_a_faulty_leaflet_is_named(tmp_path: Path, old: str, new: str, code: str) -> None:
    (leaflet,) = (block for block in BLOCKS if "[[section]]" in block)
    assert old in leaflet
    shutil.copytree(assets.resource("clinical", "handout"), tmp_path / "handout")
    (tmp_path / "leaflets").mkdir()
    (tmp_path / "leaflets" / "sun.en.toml").write_text(leaflet.replace(old, new, 1), "utf-8")
    with pytest.raises(ContentError) as caught:
        read_own_leaflets(tmp_path, cases.content().sources)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [("sev-1.toml", "grades = true\n", ""), ("own.toml", 'id = "OWN-COUNTS"', 'id = "SEV-1"'),
     ("own.toml", 'kind = "counts"', 'kind = "counts"\ngrades = true')],
)  # fmt: skip
def test_exactly_one_rubric_grades(tmp_path: Path, file: str, old: str, new: str) -> None:
    folder = Path(shutil.copytree(assets.resource("clinical", "rubrics"), tmp_path / "rubrics"))
    (rubric,) = (block for block in BLOCKS if 'kind = "counts"' in block)
    (folder / "own.toml").write_text(rubric, encoding="utf-8")
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_schemes(folder, cases.content().sources)
    assert caught.value.code == "content.rubric.grading"


def test_every_kind_of_worked_case_stands_in_the_guide_with_its_inputs() -> None:
    rows = {
        match[1]: match[0] for match in re.finditer(r"^\| `(\w+)` \|.*$", GUIDE, flags=re.MULTILINE)
    }
    known = {schema.id: schema for schema in read_kinds(KINDS)}
    assert set(rows) == set(known)
    for id, schema in known.items():
        for name in (*schema.required, *schema.optional, *schema.outputs):
            assert name in rows[id], (id, name)
