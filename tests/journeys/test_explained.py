"""Why a document was signed, told later: by the rules of its day, from the records as they were."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from clinic_day import TODAY, Clinic, with_plain_pages

from tests.journeys.test_amend_and_void import amending, make_void, signed
from workstation import cli, showcase
from workstation.assets import resource
from workstation.content.catalogue import load
from workstation.domain.documents import DocumentState
from workstation.domain.errors import WorkstationError
from workstation.domain.rules import Level
from workstation.presenters import explaining
from workstation.workflow import retold, rule_levels, sign, viewing
from workstation.workflow.retold import Explained


def explained(clinic: Clinic, number: str) -> Explained:
    return retold.explain(clinic.desk, clinic.session, number)


def refused(clinic: Clinic, number: str) -> str:
    with pytest.raises(WorkstationError) as caught:
        explained(clinic, number)
    return caught.value.code


def test_every_document_of_a_signature_comes_out_word_for_word(clinic: Clinic) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    hand, documents = signed(clinic)
    clinic.clock.later(days=400)
    for document in documents:
        found = explained(clinic, document.number)
        assert (found.same, found.retold.exact, found.end) == (True, True, None), document.kind
        assert found.appraisal.gate.is_open
    with clinic.desk.store.reading() as unit:
        looks = unit.audit_of(hand.id, (viewing.VIEWED,))
    assert len(looks) == 1  # one look within the hour, however many documents
    told = explaining.told_of(found)
    answered = [line for point in told.findings for line in point.lines if "Answered" in line]
    assert len(answered) == sum(
        one.reason is not None for one in found.appraisal.evaluation.findings
    )

    # What changes afterwards is told apart: rules from letterhead.
    with clinic.desk.store.writing(clinic.session.user.id, "desk") as unit:
        unit.set_clinic(replace(unit.clinic(), name="Another Name"))
    found = explained(clinic, documents[0].number)
    assert (found.same, found.retold.exact) == (False, True)
    make_void(clinic, documents[0].id)
    found = explained(clinic, documents[0].number)
    assert found.end is not None and found.end.state is DocumentState.VOID
    assert [one.tone for one in explaining.told_of(found).proofs] == ["ok", "info", "danger"]


def test_an_amended_document_is_told_by_the_one_in_its_place(clinic: Clinic) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    hand, old = signed(clinic)
    clinic.clock.later(minutes=30)
    again = amending(clinic, hand)
    assert refused(clinic, old[0].number) == "explain.amending"
    answer = again.sign()
    assert isinstance(answer, sign.Signed), answer
    assert refused(clinic, old[0].number) == "explain.amended"
    for document in answer.documents:  # each names what it replaces, and the record says why
        assert explained(clinic, document.number).same, document.kind
    listed = [one.document.number for one in retold.listed(clinic.desk, clinic.session, 100)]
    assert {one.number for one in answer.documents} <= set(listed)
    assert not {one.number for one in old} & set(listed)
    notice = make_void(clinic, answer.documents[0].id).notice.number
    assert refused(clinic, notice) == "explain.notice"
    assert refused(clinic, "RX-1999-0001") == "explain.unknown"


def test_levels_of_the_clinic_are_those_of_the_signature(clinic: Clinic) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    _, before = signed(clinic)
    book = clinic.desk.catalogue.rulebook
    code = next(r.code for r in book.rules if Level.WARN in rule_levels.choices(r))
    rule_levels.raise_level(clinic.desk, clinic.session, code, Level.WARN, "Decided today")
    assert explained(clinic, before[0].number).retold.exact  # as shipped, although stricter now
    _, after = signed(clinic, "Al-Hashimi")
    assert explained(clinic, after[0].number).retold.exact
    rule_levels.shipped_again(clinic.desk, clinic.session, code)
    found = explained(clinic, after[0].number)  # by the trail, although nobody decides so any more
    assert found.retold.exact and found.same
    assert found.retold.catalogue.rulebook.rule(code).clauses[0].decided_in.startswith("clinic/")
    assert explaining.told_of(found).proofs[0].tone == "ok"


def test_an_older_edition_tells_what_it_said_then(clinic: Clinic, tmp_path: Path) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    _, documents = signed(clinic)
    was = clinic.desk.catalogue
    newer = Path(shutil.copytree(resource("clinical"), tmp_path / "clinical"))
    shutil.copytree(resource("clinical"), newer / "editions" / was.edition)
    for path in newer.rglob("*.toml"):
        if "editions" not in path.parts:
            text = path.read_text(encoding="utf-8")
            path.write_text(re.sub(r'(?m)^edition = "[^"]+"', 'edition = "2031-01-01"', text))
    later = replace(clinic.desk, catalogue=load(newer), shipped=None)
    found = retold.explain(later, clinic.session, documents[0].number, newer)
    assert later.catalogue.edition == "2031.01.01"
    assert (found.retold.edition, found.retold.exact, found.same) == (was.edition, True, True)

    shutil.rmtree(newer / "editions")
    with pytest.raises(WorkstationError) as caught:
        retold.explain(later, clinic.session, documents[0].number, newer)
    assert caught.value.code == "content.edition.unknown"


def test_the_command_tells_rules_and_only_when_asked_the_patient(
    clinic: Clinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    hand, documents = signed(clinic)
    family, number = clinic.look(hand.id).patient.family, documents[0].number
    store = clinic.opened.folder
    clinic.opened.close()
    secret = tmp_path / "password"
    secret.write_text(showcase.PASSWORD, encoding="utf-8")
    where = (
        *("--store", str(store), "--user", showcase.LOGIN, "--password-file", str(secret)),
        *("--last", "5"),
    )
    assert cli.run(["explain", *where, "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert number in [row["number"] for row in listed]
    assert listed[0]["signed_at"].startswith(TODAY.isoformat()[:7])

    assert cli.run(["explain", number, *where]) == 0
    said = capsys.readouterr().out
    assert "byte for byte" in said and family.casefold() not in said.casefold()
    assert cli.run(["explain", number, *where, "--answers"]) == 0
    said = capsys.readouterr().out
    assert family.casefold() in said.casefold() and "What was decided" in said
    assert cli.run(["explain", number, *where, "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["exact"] and row["same_document"] and row["gate_open"] and "patient" not in row

    assert cli.run(["explain", "RX-1999-0001", *where]) == 1
    out = capsys.readouterr()
    assert out.out == "" and "No signed document here has this number." in out.err
