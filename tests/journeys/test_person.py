"""Everything of one person: handed over whole, then erased as far as the law allows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.journeys.clinic_day import Clinic
from workstation.adapters.exports.person import FolderHandover
from workstation.demo.people import person
from workstation.domain.accounts import Role
from workstation.domain.errors import Conflict, NotAllowed, Refused
from workstation.domain.records import RecordsFilter
from workstation.workflow import person as people
from workstation.workflow import records, sign


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
    assert clinic.opened.check() == ()
    assert [a for a in clinic.actions() if a.startswith("person.")] == [
        "person.handed_over",
        "person.erased",
    ]
    with pytest.raises(Conflict) as again:
        people.erase(clinic.desk, administrator, patient, "The patient has asked for it")
    assert again.value.code == "erase.nobody"
