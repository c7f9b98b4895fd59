"""The engine's content files: faults name file and line, and the digest sees every byte."""

from __future__ import annotations

import shutil

import pytest

from workstation.assets import resource
from workstation.content import check, result_levels, vector_schemas, vectors
from workstation.content.catalogue import fingerprint, load
from workstation.content.messages import read_messages
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
DECIDE, FOR, FACTS = "decisions.toml", "indications.toml", "facts.toml"
GEL, SITE = "formulary/directed/adapalene.toml", "rems/checklist.toml"


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
        (DECIDE, 'decision = "decline"', 'decision = "shrug"', "content.decision.kind"),
        (DECIDE, 'id = "other_first"', 'id = "not_indicated"', "content.decision.twice"),
        (DECIDE, 'tag = "PROJECT"', 'route = "slowly"', "content.decision.route"),
        (DECIDE, 'tag = "PROJECT"', 'flags = ["T-NONE"]', "content.decision.flag"),
        (FOR, 'icd10 = "L70.0"', 'icd10 = "acne"', "content.indication.code"),
        (FOR, 'icd10 = "L71.9"', 'icd10 = "L70.0"', "content.indication.code"),
        (FOR, '["acne", ', '["spots", ', "content.indication.request"),
        (FOR, 'off_label = ["sp', 'off_label = ["doxycycline", "sp', "content.indication.medicine"),
        ("follow_up.toml", "percent = 5", "percent = 0", "content.follow_up.percent"),
        ("follow_up.toml", "percent = 5", "percent = 101", "content.follow_up.percent"),
        (GEL, "packs = [45]", "packs = [45, 30]", "content.directed.pack"),
        (GEL, "packs = [45]", "packs = [0]", "content.directed.pack"),
        (GEL, 'id = "area"', 'id = "face"', "content.directed.part"),
        (GEL, 'text = "a thin film"', 'text = "none"\nunits = 0', "content.directed.part"),
        (GEL, 'strength = "0.1 %"', 'strength = "9 %"', "content.directed.usual"),
        (SITE, 'id = "first_test"', 'id = "enrol"', "content.checklist.twice"),
        (SITE, 'phase = "start"', 'phase = "dawn"', "content.checklist.word"),
        (SITE, '["RS-2026"]', '["RS-1999"]', "content.checklist.word"),
        (FACTS, "days_ahead = 365", "lowest = 1", "content.fact.limit"),
        (
            FACTS,
            'kind = "yes_no"',
            'kind = "yes_no"\ndays_ahead = 3\nsource = "project"',
            "content.fact.limit",
        ),
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


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('level = "URGENT"', 'level = "SOON"', "content.results.level"),
        ('actions = ["stop"]', 'actions = ["stop", "stop_now"]', "content.results.twice"),
    ],
)
def test_a_level_of_results_is_one_and_each_action_has_one(folder, monkeypatch, old, new, code):
    change(folder, "results.toml", old, new)
    monkeypatch.setattr(result_levels, "resource", lambda _, name: folder / name)
    with pytest.raises(ContentError) as caught:
        result_levels.result_levels.__wrapped__()
    assert caught.value.code == code


def test_what_a_product_holds_is_known_to_rules_and_questions(folder):
    change(folder, GEL, 'components = ["adapalene"]', 'components = ["moonshine"]')
    found = check.check(folder).faults
    assert [one.code for one in found] == ["content.directed.component"]
    assert "moonshine" in found[0].about


def test_words_in_a_language_nobody_wrote_are_refused():
    with pytest.raises(ContentError) as caught:
        read_messages("xx")
    assert caught.value.code == "content.language.unknown"


@pytest.mark.parametrize(
    "text",
    ["[]", '{"schema": 0, "cases": []}', '{"schema": 1}', '{"schema": 1, "cases": [{"id": "a"}]}'],
)
def test_worked_cases_of_another_shape_are_refused(tmp_path, text):
    path = tmp_path / "cases.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        vectors.run(path, load(resource("clinical")))
    assert caught.value.code == "content.cases.shape"


def test_inputs_of_worked_cases_are_of_types_that_exist(tmp_path):
    path = tmp_path / "kinds.toml"
    text = resource("authoring", "vector-kinds.toml").read_text(encoding="utf-8")
    path.write_text(text.replace('= "number"', '= "numbre"', 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        vector_schemas.read_schemas(path)
    assert caught.value.code == "content.cases.type"


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
