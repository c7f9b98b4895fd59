"""The engine's content files: faults name file and line, and the digest sees every byte."""

from __future__ import annotations

import shutil

import pytest

from workstation.assets import resource
from workstation.content.catalogue import fingerprint, load
from workstation.domain.errors import ContentError


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "clinical"
    shutil.copytree(resource("clinical"), copy)
    return copy


def change(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, (file, old)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


SEV = "rubrics/sev-1.toml"
ISO = "formulary/isotretinoin.toml"
BANDS = "monitoring/thresholds.toml"


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        (SEV, "high = 14\n", "high = 13\n", "content.rubric.hole"),
        (SEV, "low = 0\n", "low = 1\n", "content.rubric.hole"),
        (SEV, 'grade = "mild"', 'grade = "mildish"', "content.rubric.unknown"),
        (SEV, 'code = "M-N"', 'code = "M-X"', "content.rubric.unknown"),
        (SEV, 'scar_grade = "severe"', 'scar_grade = "worst"', "content.rubric.unknown"),
        (SEV, 'id = "comedones"', 'id = "freckles"', "content.rubric.criterion"),
        (SEV, 'codes = ["M-T"]', 'codes = ["M-I"]', "content.rubric.example"),
        (SEV, 'kind = "counts"', 'kind = "guess"', "content.rubric.kind"),
        ("rubrics/gags.toml", "high = 18", "high = 40", "content.rubric.hole"),
        ("rubrics/hayashi.toml", 'title = "', 'colour = "red"\ntitle = "', "content.key.unknown"),
        (ISO, 'formulation = "lidose"', 'formulation = "liquid"', "content.medicine.formulation"),
        (ISO, "start = 0.5", "start = 1.5", "content.medicine.range"),
        (ISO, "first_day = 29", "first_day = 28", "content.medicine.response"),
        (ISO, "target_low = 120", "target_low = 151", "content.medicine.target"),
        (ISO, "strengths = [10, 20, 30, 40]", "strengths = [20, 10]", "content.medicine.strengths"),
        (ISO, "factor = 0.8", "factor = 0", "content.medicine.equivalent"),
        (ISO, 'source = "rxnorm"', 'source = "hearsay"', "content.source.unknown"),
        (BANDS, "high = 150\n", "high = 151\n", "content.band.hole"),
        (BANDS, 'test = "tg"\nunit', 'test = "tea"\nunit', "content.test.unknown"),
        ("monitoring/tests.toml", 'lane = "liver"', 'lane = "left"', "content.test.lane"),
        ("monitoring/tests.toml", 'id = "ast"', 'id = "alt"', "content.test.twice"),
        ("monitoring/label.toml", '"alt"', '"all"', "content.test.unknown"),
        ("monitoring/label.toml", '"start"', '"spring"', "content.protocol.during"),
        ("monitoring/plan.toml", 'default = "', 'default = "X', "content.protocol.unknown"),
        ("monitoring/plan.toml", "history.diabetes", "history.gout", "content.fact.unknown"),
        ("monitoring/plan.toml", "rems.consent_on", "rems.luck", "content.fact.unknown"),
        ("rems/rs-2021.toml", "window_can_days = 7", "window_can_days = 0", "content.rems.window"),
        ("rems/rs-2026.toml", "sensitivity = 25", "", "content.key.missing"),
        ("rems/contraception.toml", 'kind = "primary"', 'kind = "first"', "content.method.kind"),
        ("rems/contraception.toml", 'id = "ring"', 'id = "patch"', "content.method.twice"),
        ("prescription/rules.toml", '"patient_name"', '"patient_nick"', "content.field.unknown"),
        ("prescription/lint.toml", 'bad = "20.0 mg"', 'bad = "20 mg"', "content.lint.example"),
        ("prescription/lint.toml", "pattern = '[@&<>]'", "pattern = '['", "content.lint.pattern"),
        (
            "prescription/states.toml",
            "age_of_majority = 18",
            'age_of_majority = "18"',
            "content.key.kind",
        ),
    ],
)
def test_a_fault_names_its_file_and_line(folder, file, old, new, code):
    change(folder, file, old, new)
    with pytest.raises(ContentError) as caught:
        load(folder)
    assert caught.value.code == code
    assert caught.value.context["file"] == file.rpartition("/")[2]
    assert int(caught.value.context["line"]) >= 1


def test_the_line_is_the_line(folder):
    line = change(folder, "rems/rs-2021.toml", "t1_t2_days = 19", 't1_t2_days = "19"')
    with pytest.raises(ContentError) as caught:
        load(folder)
    assert caught.value.context["line"] == line


def test_the_digest_sees_every_file(folder):
    before = load(folder).digest
    for path in sorted(folder.rglob("*.toml")):
        text = path.read_text(encoding="utf-8")
        path.write_text(text + "# one more word\n", encoding="utf-8")
        assert fingerprint(folder)[1] != before, path.name
        path.write_text(text, encoding="utf-8")
    assert fingerprint(folder)[1] == before


def test_a_protocol_is_added_by_a_file(folder):
    text = (folder / "monitoring/label.toml").read_text(encoding="utf-8")
    (folder / "monitoring/later.toml").write_text(
        text.replace('id = "LABEL"', 'id = "LATER"'), encoding="utf-8"
    )
    assert "LATER" in load(folder).protocols


def test_everything_is_there():
    content = load(resource("clinical"))
    assert content.edition.startswith("2026.")
    assert set(content.protocols) == {"DELPHI-2022", "AAD-2024", "LABEL", "MONTHLY", "CUSTOM"}
    assert content.plan_rules.default == "DELPHI-2022"
    assert set(content.rems) == {"RS-2021", "RS-2026"}
    assert content.rubric.id == "SEV-1" and set(content.rubrics) == {"SEV-1"}
    assert content.alcohol_hours == 36
    assert content.medicines["isotretinoin"].rems
    assert {t.lane for t in content.tests.values()} >= {
        "pregnancy",
        "lipids",
        "liver",
        "mood",
        "supply",
    }
