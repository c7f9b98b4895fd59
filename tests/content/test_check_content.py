"""The check of all content: each kind of fault is found, with file, line and a sentence."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from workstation.assets import resource
from workstation.content import check_words
from workstation.content.check import check, recalled
from workstation.content.witness import reachable, witnesses
from workstation.domain.explain import Tag

ROOT = resource("clinical")
FORMS = resource("intake")
ISO = "rules/isotretinoin.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT, tmp_path / "clinical"))


def change(folder: Path, file: str, old: str, new: str) -> int:
    """Replace once; the line on which ``old`` began."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, (file, old)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_shipped_content_is_sound() -> None:
    report = check(ROOT, FORMS, languages=resource("language"))
    assert report.faults == ()
    assert report.untold == ()
    assert report.passed
    assert report.rules == 191
    assert report.examples >= 527
    assert report.lines()[-1].endswith(", faults: 0")


def test_a_text_without_its_translation_is_named(tmp_path: Path) -> None:
    languages = Path(shutil.copytree(resource("language"), tmp_path / "language"))
    path = languages / "es" / "clinical.toml"
    text = path.read_text(encoding="utf-8")
    assert '\n"Patient reached on" = ' in text
    path.write_text(text.replace('\n"Patient reached on" = ', '\n"Patient found on" = '))
    report = check(ROOT, languages=languages)
    (text,) = report.untold
    assert (text.code, text.about) == ("content.text.untold", "Patient reached on")
    assert report.passed and text.text() in report.lines()
    assert "language/es" in text.text()


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        (ISO, 'level = "STOP"\n', 'level = "STOP"\nlevle = "STOP"\n', "content.key.unknown"),
        (ISO, 'source = "label', 'sauce = "label', "content.key.missing"),
        (ISO, 'source = "phq"', 'source = "hearsay"', "content.source.unknown"),
        ("monitoring/thresholds.toml", "high = 150\n", "high = 151\n", "content.band.hole"),
        ("rubrics/sev-1.toml", "high = 14\n", "high = 15\n", "content.rubric.hole"),
        (ISO, 'subsumed_by = ["ISO-PREG-POS"]', 'subsumed_by = ["ISO-NOBODY"]',
         "content.rule.subsumed"),
        (ISO, 'medicines = ["isotretinoin"]', 'medicines = ["isotretinoine"]',
         "content.rule.medicine"),
        (ISO, "alcohol.most > drinks(1) and alcohol.agreed_on <= visit.today",
         "alcohol.most > drinks(1) and alcohol.most < drinks(1)", "content.rule.unreachable"),
        (ISO, 'facts = { "mood.phq2" = 3, "mood.item9" = 1 }\nlevel = "HOLD"',
         'facts = { "mood.phq2" = 3, "mood.item9" = 1 }\nlevel = "WARN"',
         "content.rule.example.otherwise"),
        ("rems/rs-2026.toml", "sensitivity = 25", "sensitivity = 20", "content.rems.sensitivity"),
        ("handout/es.toml", 'id = "hair"', 'id = "nails"', "content.handout.keys"),
    ],
)  # fmt: skip
def test_each_kind_of_fault(folder, file, old, new, code) -> None:
    line = change(folder, file, old, new)
    report = check(folder, FORMS)
    found = [fault for fault in report.faults if fault.code == code]
    assert found, [fault.text() for fault in report.faults]
    fault = found[0]
    assert fault.file == file.rpartition("/")[2]
    assert fault.line >= 1
    assert not report.passed
    assert re.fullmatch(rf"{fault.file}:{fault.line}: [A-Z].*\..*", fault.text())
    if code in ("content.key.unknown", "content.source.unknown"):
        assert fault.line == line + (code == "content.key.unknown")


def test_a_red_flag_nothing_can_raise(folder) -> None:
    change(folder, "triage.toml", 'when = "mood.item9 >= points(1)"',
           'when = "mood.item9 >= points(1) and mood.item9 < points(1)"')  # fmt: skip
    (fault,) = check(folder).faults
    assert fault.about == "T-SUI-SCREEN"
    lines = (folder / "triage.toml").read_text(encoding="utf-8").splitlines()
    assert '"T-SUI-SCREEN"' in lines[fault.line - 1]


@pytest.mark.parametrize(
    ("file", "old", "code"),
    [
        ("indications.toml", '"hydroquinone"', "content.indication.medicine"),
        ("monitoring/plan.toml", 'medicine = "azelaic_acid"', "content.rule.medicine"),
    ],
)
def test_a_medicine_nobody_knows_is_found_at_its_line(folder, file, old, code) -> None:
    line = change(
        folder, file, old, old.replace("hydroquinone", "hq").replace("azelaic", "azelaik")
    )
    found = [f for f in check(folder).faults if f.code == code]
    assert [f.line for f in found] == [line]


def test_a_must_ask_that_no_questionnaire_holds(tmp_path) -> None:
    forms = Path(shutil.copytree(FORMS, tmp_path / "intake"))
    path = forms / "isotretinoin-month.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"fact:history.pancreatitis"', '"fact:x.y"'), encoding="utf-8")
    (fault,) = check(ROOT, forms).faults
    assert fault.code == "content.questionnaire.missing"
    assert fault.about == "ASK-PANC (history.pancreatitis) in isotretinoin-month.json"
    lines = (ROOT / "facts.toml").read_text(encoding="utf-8").splitlines()
    assert lines[fault.line - 1] == "[[fact]]"
    assert lines[fault.line] == 'name = "history.pancreatitis"'
    path.write_text("{", encoding="utf-8")
    assert [f.code for f in check(ROOT, forms).faults] == ["content.questionnaire.unreadable"]


def test_a_clinic_folder_is_checked_over_the_content(tmp_path) -> None:
    (fault,) = check(ROOT, FORMS, tmp_path).faults
    assert fault.code == "content.overlay.none"
    (tmp_path / "levels.toml").write_text(
        'schema = 1\n[[level]]\ncode = "ISO-PREG-POS"\nlevel = "INFO"\n'
        'decided_by = "A"\non = 2026-11-23\nwhy = "W"\n',
        encoding="utf-8",
    )
    (fault,) = check(ROOT, FORMS, tmp_path).faults
    assert (fault.code, fault.file, fault.line) == ("content.overlay.loosens", "levels.toml", 2)
    rules = tmp_path / "rules"
    rules.mkdir()
    (tmp_path / "levels.toml").unlink()
    (rules / "own.toml").write_text(
        'schema = 1\nedition = "1"\n[[rule]]\ncode = "OWN"\nmedicines = ["isotretinoin"]\n'
        'title = "T"\nsource = "clinic"\nlevel = "HOLD"\nwhen = "lactation.now"\n'
        '[[rule.example]]\nfacts = {}\nlevel = "HOLD"\n',
        encoding="utf-8",
    )
    (fault,) = check(ROOT, FORMS, tmp_path).faults
    assert (fault.code, fault.file, fault.line) == (
        "content.rule.example.otherwise", "own.toml", 10
    )  # fmt: skip


def test_what_was_recalled_is_listed_with_counts() -> None:
    report = check(ROOT, FORMS)
    assert report.recalled
    for statement in report.recalled:
        text = (ROOT / statement.file).read_text(encoding="utf-8").splitlines()
        assert text[statement.line - 1].startswith("source = "), statement
    assert f"{len(report.recalled)} statements recalled" in report.lines()[0]
    whole = "\n".join(report.lines(recalled=True))
    assert f"rules/isotretinoin.toml: {sum(s.file == ISO for s in report.recalled)}" in whole


def test_older_editions_are_not_listed(folder) -> None:
    from workstation.content.editions import keep

    before = check(folder)
    keep(folder)
    after = check(folder)
    assert (after.digest, after.recalled, after.faults) == (
        before.digest, before.recalled, before.faults
    )  # fmt: skip


def test_every_code_of_the_readers_has_a_sentence() -> None:
    package = Path(check_words.__file__).parent
    codes = set()
    for path in package.glob("*.py"):
        if path.name not in ("check_words.py", "vectors.py", "vector_facts.py"):
            codes |= set(re.findall(r'"(content\.[a-z_.]+[a-z])"', path.read_text("utf-8")))
    codes = {c for c in codes if not c.startswith("content.cases.")}
    assert codes - set(check_words.SENTENCES) == set()
    assert set(check_words.SENTENCES) - codes == set()
    assert all(s.endswith(".") and s[0].isupper() for s in check_words.SENTENCES.values())


def test_a_witness_makes_its_condition_true() -> None:
    from workstation.content.catalogue import load

    facts = load(ROOT).facts
    for text in (
        "patient.age < years(12)",
        "'soy' in allergies.known and 'peanut' in allergies.known",
        "not known(indication.text) or not known(indication.global_grade)",
        "course.last_dose + months(2) <= visit.today",
        "dose.excipients_read == dose.product",
    ):
        assert reachable(text, facts), text
    for text in (
        "patient.age < years(12) and patient.age > years(12)",
        "known(indication.text) and not known(indication.text)",
        "lactation.now and not lactation.now",
    ):
        assert list(witnesses(text, facts)) == [], text


def test_sources_say_how_far_they_were_checked() -> None:
    from workstation.content.catalogue import load

    content = load(ROOT)
    assert {source.tag for source in content.sources.values()} <= set(Tag)
    assert len(recalled(ROOT, content.sources)) == len(check(ROOT).recalled)
