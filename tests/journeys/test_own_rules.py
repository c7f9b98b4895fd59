"""A clinic's own rules: taken in from a folder, in force everywhere, in every signature, told again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.content.test_overlay import HEAD, OWN, level
from tests.inline_jobs import InlineJobs
from tests.journeys.clinic_day import Clinic, with_plain_pages
from tests.journeys.test_amend_and_void import signed
from tests.journeys.test_explained import explained
from tests.safety.answers import write
from workstation.domain.errors import Corrupt, NotAllowed, Refused
from workstation.domain.rules import Level
from workstation.presenters import gate_words, settings_compare, settings_rules
from workstation.presenters.settings import SettingsPresenter
from workstation.workflow import own_rules, rule_levels, settings, sign
from workstation.workflow.gate import OWN_MISFIT

ALWAYS = OWN.replace("eyes.risks & ['contact_lenses_soft']", "known(patient.weight)").replace(
    '"eyes.risks" = ["contact_lenses_soft"]', '"patient.weight" = 60'
)
FAMILY = "Nguyễn"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "rules/own.toml", ALWAYS)
    write(tmp_path, "levels.toml", HEAD + level("ISO-EYE", "HOLD"))
    (tmp_path / "notes.toml").write_text("not a rule\n")
    return tmp_path


def take_in(clinic: Clinic, folder: Path) -> None:
    own_rules.take_in(clinic.desk, clinic.session, folder)
    rule_levels.follow(clinic.desk)


def test_a_rule_of_the_clinic_closes_the_gate_at_every_station(
    clinic: Clinic, folder: Path
) -> None:
    hand = clinic.take(FAMILY)
    hand.prescribe()
    assert hand.appraisal.gate.is_open
    shown = sign.preview(clinic.desk, clinic.session, hand.id, hand.token)
    other = replace(clinic.desk)  # another station on the same store
    own_rules.take_in(other, clinic.session, folder)
    assert clinic.desk.own == ""  # this one has not heard of it
    answer = sign.sign(clinic.desk, clinic.session, shown, hand.token, hand.pin)
    assert isinstance(answer, sign.Blocked) and "OWN-CONTACTS" in answer.because
    own_rules.take_out(other, clinic.session)
    hand.reload()
    assert isinstance(hand.sign(), sign.Signed)
    trail = clinic.actions()
    assert trail.count("settings.changed") == 2


def test_they_hold_after_a_restart_and_are_told_again_when_they_are_gone(
    clinic: Clinic, folder: Path, open_clinic: Callable[..., Clinic]
) -> None:
    (folder / "rules/own.toml").unlink()  # a level alone, so that something can be signed
    take_in(clinic, folder)
    at, clock = clinic.opened.folder, clinic.clock
    clinic.opened.close()
    again = open_clinic(at, clock)
    again.opened.desk = with_plain_pages(again.desk)
    eye = again.desk.catalogue.rulebook.rule("ISO-EYE")
    assert {clause.level for clause in eye.clauses} == {Level.HOLD}
    assert again.desk.catalogue.digest != again.desk.shipped.digest
    _, documents = signed(again)
    own_rules.take_out(again.desk, again.session)
    rule_levels.follow(again.desk)
    assert again.desk.catalogue is again.desk.shipped
    found = explained(again, documents[0].number)
    assert found.retold.exact and found.same
    assert found.retold.catalogue.rulebook.rule("ISO-EYE") == eye


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("levels.toml", HEAD + level("ISO-PREG-POS", "WARN"), "content.overlay.loosens"),
        ("rules/own.toml", OWN.replace("OWN-CONTACTS", "ISO-EYE"), "content.overlay.taken"),
        ("rules/own.toml", OWN.replace('level = "HOLD"', 'level = "INFO"', 1), "content.rule.example.otherwise"),
        ("rules/own.toml", OWN.replace('["isotretinoin"]', '["isotretinoine"]'), "content.rule.medicine"),
        ("rules/own.toml", "not toml", "content.file.syntax"),
    ],
)  # fmt: skip
def test_a_folder_with_a_fault_changes_nothing(
    clinic: Clinic, tmp_path: Path, name: str, text: str, fault: str
) -> None:
    write(tmp_path, name, text)
    with pytest.raises(Refused, match="rules.own.fault") as caught:
        own_rules.take_in(clinic.desk, clinic.session, tmp_path)
    assert caught.value.context["fault"] == fault
    assert caught.value.context["file"] == name.rpartition("/")[2]
    assert own_rules.taken(clinic.desk, clinic.session) is None


def test_an_empty_folder_one_too_large_and_a_nurse_are_refused(
    clinic: Clinic, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match="rules.own.none"):
        own_rules.take_in(clinic.desk, clinic.session, tmp_path)
    write(tmp_path, "rules/own.toml", f"# {'x' * 100_000}\n{OWN}")
    with pytest.raises(Refused, match="rules.own.large"):
        own_rules.take_in(clinic.desk, clinic.session, tmp_path)
    nurse = replace(clinic.session, user=replace(clinic.session.user, active=False))
    with pytest.raises(NotAllowed):
        own_rules.take_in(clinic.desk, nurse, tmp_path)


def test_rules_that_fit_no_more_prescribe_nothing_but_a_treatment_can_be_stopped(
    clinic: Clinic,
) -> None:
    """As after a newer program, whose facts or codes are others: never the shipped rules alone."""
    hand = clinic.take(FAMILY)
    hand.prescribe()
    gone = ALWAYS.replace("patient.weight", "patient.gone")
    kept = json.dumps({"files": {"rules/own.toml": gone}, "by": "A B", "on": "2026-11-23"})
    settings.change(clinic.desk, clinic.session, own_rules.NAME, kept)
    shown = sign.preview(clinic.desk, clinic.session, hand.id, hand.token)
    assert clinic.desk.catalogue.own_misfit and own_rules.files(clinic.desk) == ()
    refused = sign.sign(clinic.desk, clinic.session, shown, hand.token, hand.pin)
    assert isinstance(refused, sign.Blocked) and refused.because == (OWN_MISFIT,)
    assert "own rules" in gate_words.gate_codes(refused.because)
    clinic.assert_unsigned(hand.id)
    own_rules.take_out(clinic.desk, clinic.session)
    hand.reload()
    assert isinstance(hand.sign(), sign.Signed) and not clinic.desk.catalogue.own_misfit


@pytest.mark.parametrize(
    "kept", ["[", "[]", '{"files": 3}', '{"files": {"a": 1}}', '{"by": 1, "x": 2}']
)
def test_what_cannot_be_read_never_falls_back_to_the_shipped_rules(
    clinic: Clinic, kept: str
) -> None:
    with pytest.raises(Corrupt, match="rules.own.unreadable"):
        own_rules.over(clinic.desk.catalogue, kept)


def test_settings_takes_a_folder_in_and_out(clinic: Clinic, folder: Path) -> None:
    presenter = SettingsPresenter(clinic.desk, clinic.session, InlineJobs())
    presenter.load()
    said: list[str] = []
    presenter.said.subscribe(lambda notice: said.append(notice[0]))
    presenter.take_in_rules(folder)
    assert said == ["The rules of the folder hold here from now on."]
    assert presenter.own_files == ("levels.toml", "rules/own.toml")
    rows = settings_rules.rows(clinic.desk.catalogue, presenter.state)
    assert {row.code for row in rows if row.by_clinic} == {"OWN-CONTACTS", "ISO-EYE"}
    own = settings_rules.shown(clinic.desk.catalogue, presenter.state, "OWN-CONTACTS")
    assert own is not None and own.decided == "clinic/own.toml:4" and not own.raised
    number, line = settings_rules.overlay_line(presenter.state, rows, misfit=False)
    assert number == "2" and "2 files of its own" in line
    compared = settings_compare.of_clinic(
        settings_rules.shipped_rules(clinic.desk), clinic.desk.catalogue.rulebook.rules, ()
    )
    assert {(row.entry, row.turn, row.before, row.after) for row in compared.rows} == {
        ("ISO-EYE", "changed", "WARN", "HOLD"),
        ("OWN-CONTACTS", "added", "", "HOLD"),
    }
    presenter.take_in_rules(folder / "rules")  # nothing there that is a rule folder
    assert presenter.state.problem is not None and presenter.state.about == "own_rules"
    assert presenter.own_files == ("levels.toml", "rules/own.toml")
    presenter.take_out_rules()
    assert presenter.own_files == () and clinic.desk.catalogue is clinic.desk.shipped
