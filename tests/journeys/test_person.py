"""Everything of one person: handed over whole, then erased as far as the law allows."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.inline_jobs import InlineJobs
from tests.journeys.clinic_day import NOW, OTHER_PASSWORD, TODAY, Clinic, renumbered, small
from workstation import showcase
from workstation.adapters.exports.person import FolderHandover
from workstation.demo.people import person
from workstation.domain.accounts import Role
from workstation.domain.errors import Conflict, NotAllowed, Refused
from workstation.domain.records import RecordsFilter
from workstation.presenters.colleagues import ColleaguesPresenter
from workstation.presenters.observable import Event
from workstation.presenters.person import PersonPresenter, PersonState
from workstation.workflow import colleagues, intake, records, retold, sign
from workstation.workflow import person as people
from workstation.workflow.desk import Session


def test_a_person_is_handed_over_and_then_erased(clinic: Clinic, tmp_path: Path) -> None:
    hand = clinic.take(person("nguyen-minh-duc").family)
    hand.prescribe()
    done = hand.sign()
    assert isinstance(done, sign.Signed)
    patient, id = hand.consultation.patient.id, hand.consultation.id
    photo = hand.consultation.photos[0]

    folder = tmp_path / "for the patient"
    held = people.hand_over(clinic.desk, clinic.session, patient, FolderHandover(folder))
    assert [one.consultation.id for one in held] == [id]
    for document in done.documents:
        assert (folder / f"{document.number}.pdf").read_bytes().startswith(b"%PDF-")
    assert next(folder.glob("visit-01-photo-01-*")).read_bytes() == clinic.desk.vault.get(
        photo.original
    )
    told = json.loads((folder / "record.json").read_text())
    assert told[0]["consultation"]["patient"]["family"] == person("nguyen-minh-duc").family
    assert told[0]["history"]["draft"]

    administrator = clinic.colleague(Role.ADMINISTRATOR, "office")
    with pytest.raises(NotAllowed):
        people.erase(clinic.desk, clinic.session, patient, "The patient has asked for it")
    with pytest.raises(Refused):
        people.erase(clinic.desk, administrator, patient, "asked")
    erased = people.erase(clinic.desk, administrator, patient, "The patient has asked for it")
    assert set(erased.kept) == {document.number for document in done.documents}
    with clinic.desk.store.reading() as unit:
        assert unit.consultation(id) is None
    kept = records.page(clinic.desk, clinic.session, RecordsFilter("", None, 100)).rows
    assert {row.document.number for row in kept} >= set(erased.kept)
    for document in done.documents:  # what was signed can still be read and proved
        assert clinic.desk.vault.get(document.address).startswith(b"%PDF-")
    with pytest.raises(Refused) as unexplained:
        retold.explain(clinic.desk, clinic.session, done.documents[0].number)
    assert unexplained.value.code == "explain.erased"
    assert clinic.opened.check() == ()
    assert [a for a in clinic.actions() if a.startswith("person.")] == [
        "person.handed_over",
        "person.erased",
    ]
    with pytest.raises(Conflict) as again:
        people.erase(clinic.desk, administrator, patient, "The patient has asked for it")
    assert again.value.code == "erase.nobody"


class Killed(BaseException):
    """The computer stops."""


def test_what_was_signed_goes_after_its_time_and_a_kill_between_is_made_up_for(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hand = clinic.take(person("nguyen-minh-duc").family)
    hand.prescribe()
    done = hand.sign()
    assert isinstance(done, sign.Signed)
    who, vault = hand.consultation.patient, clinic.desk.vault
    photo = hand.consultation.photos[0].original
    files = {document.address for document in done.documents}
    someone = clinic.take(person("al-hashimi-noor").family)
    someone.prescribe()
    assert isinstance(someone.sign(), sign.Signed)
    administrator = clinic.colleague(Role.ADMINISTRATOR, "office")
    reason = "The patient has asked for it"
    people.erase(clinic.desk, administrator, who.id, reason)
    assert not vault.has(photo) and all(map(vault.has, files))

    clinic.clock.at += timedelta(days=4000)
    left = people.survey(clinic.desk, administrator, who.external_id, who.born)
    assert (left.consultations, left.documents, left.kept) == (0, len(files), ())

    def kill(address: object) -> None:
        raise Killed

    with monkeypatch.context() as stopped, pytest.raises(Killed):
        stopped.setattr(vault, "remove", kill)
        people.erase(clinic.desk, administrator, who.id, reason)
    assert all(map(vault.has, files))
    assert clinic.opened.check() == ()

    # The same photo is sent again, and stays when the next erasure makes up for the kill.
    sender, visit = small("nguyen-minh-duc", 1)
    package = renumbered(tmp_path, sender, replace(visit, number=2), TODAY, NOW)
    came = intake.receive(clinic.desk, package)
    assert isinstance(came, intake.Stored), came
    assert clinic.look(came.id).photos[0].original == photo
    people.erase(clinic.desk, administrator, someone.consultation.patient.id, reason)
    assert not any(map(vault.has, files)) and vault.has(photo)
    assert clinic.opened.check() == ()


def shown(clinic: Clinic, session: Session) -> tuple[PersonPresenter, list[PersonState]]:
    """The window about one person, as that user sees it."""
    made = PersonPresenter(clinic.desk, lambda: session, InlineJobs(), FolderHandover)
    seen: list[PersonState] = []
    made.changed.subscribe(seen.append)
    made.begin()
    return made, seen


def test_the_window_copies_and_erases_after_the_password_and_the_typed_number(
    clinic: Clinic, tmp_path: Path
) -> None:
    hand = clinic.take(person("nguyen-minh-duc").family)
    hand.prescribe()
    assert isinstance(hand.sign(), sign.Signed)
    who = hand.consultation.patient
    window, seen = shown(clinic, clinic.session)
    window.find(who.external_id, "the day before")
    assert window.state.problem and not window.state.found
    window.find(who.external_id, who.born.isoformat())
    assert window.state.title == who.display_name and not window.state.may_erase
    assert "3 signed documents" in window.state.lines
    assert "RX-" in window.state.kept and "10 years" in window.state.kept

    window.copy(str(tmp_path / "no"), "not the password")
    assert window.state.problem and not (tmp_path / "no").exists()
    window.copy(str(tmp_path / "out"), showcase.PASSWORD)
    assert window.state.result.startswith("1 consultation written")
    files = [path.name for path in (tmp_path / "out").iterdir()]
    assert len(files) == 1 + len(hand.consultation.photos) + 3

    office = clinic.colleague(Role.ADMINISTRATOR, "office")
    window, seen = shown(clinic, office)
    window.find(who.external_id, who.born.isoformat())
    assert window.state.title.startswith("Record MK")  # who may not read records reads no name
    assert window.state.may_erase and not window.state.may_copy
    window.erase("The patient has asked for it", "something else", OTHER_PASSWORD)
    assert window.state.problem.startswith("Type MK")
    window.erase("asked", who.external_id, OTHER_PASSWORD)
    assert window.state.problem.startswith("The reason is too short.")
    window.erase("The patient has asked for it", who.external_id, "not the password")
    assert window.state.problem and "person.erased" not in clinic.actions()
    window.erase("The patient has asked for it", who.external_id, OTHER_PASSWORD)
    assert window.state.result.startswith("Erased: 1 consultation") and not window.state.found
    assert "RX-" in window.state.result
    window.find(who.external_id, who.born.isoformat())
    assert "3 signed documents" in window.state.lines
    assert window.state.open.startswith("What is left has to be kept")


def test_a_copy_is_stopped_and_an_open_consultation_is_not_erased(
    clinic: Clinic, tmp_path: Path
) -> None:
    id = clinic.waiting("Marsh")
    who = clinic.look(id).patient
    stopping = []

    class Stops(FolderHandover):
        def file(self, name: str, content: bytes) -> None:
            super().file(name, content)
            stopping[0].stop()

    window = PersonPresenter(clinic.desk, lambda: clinic.session, InlineJobs(), Stops)
    stopping.append(window)
    window.begin()
    window.find(who.external_id, who.born.isoformat())
    assert window.state.open.startswith("1 consultation is not closed")
    window.copy(str(tmp_path / "part"), showcase.PASSWORD)
    assert window.state.problem.startswith("The copy was stopped.")
    assert not (tmp_path / "part" / "record.json").exists()

    office = clinic.colleague(Role.ADMINISTRATOR, "office")
    other, _ = shown(clinic, office)
    other.find(who.external_id, who.born.isoformat())
    other.erase("The patient has asked for it", who.external_id, OTHER_PASSWORD)
    assert other.state.problem.startswith("A consultation of this person is not closed.")


def test_what_a_colleague_has_open_is_given_back_with_a_reason(clinic: Clinic) -> None:
    hand = clinic.take("Marsh")
    told: Event[str] = Event()
    said: list[str] = []
    told.subscribe(said.append)
    office = clinic.colleague(Role.ADMINISTRATOR, "office")
    window = ColleaguesPresenter(clinic.desk, lambda: office, InlineJobs(), told)
    window.load()
    (line,) = window.state.lines
    assert line.words.startswith("1 consultation, the oldest since")
    window.give_back(line.user, "ill")
    assert window.state.problem and clinic.look(hand.id).claim is not None
    window.give_back(line.user, "Taken ill at noon")
    assert said == ["1 consultation given back to the queue."] and window.state.lines == ()
    assert "consultation.handed_on" in clinic.actions()
    with pytest.raises(Conflict):  # the other desk can no longer change it
        hand.annotate(1)
    again = clinic.take("Marsh")
    again.annotate(1)

    nurse = clinic.colleague(Role.NURSE, "nurse")
    window = ColleaguesPresenter(clinic.desk, lambda: nurse, InlineJobs(), told)
    window.load()
    assert window.state.refused and window.state.lines == ()
    with pytest.raises(NotAllowed):
        colleagues.give_back(clinic.desk, nurse, line.user, "Taken ill at noon")
