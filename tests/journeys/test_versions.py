"""The same consultation twice is one; a later version shows what differs and leaves the draft alone."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from clinic_day import ONE_PHOTO, package_file, small

from workstation.demo.people import person
from workstation.domain.consultation import Status
from workstation.domain.draft import ItemKind, Key, Note
from workstation.domain.errors import Refused
from workstation.domain.identity import Doubt, Settled
from workstation.domain.photo import View
from workstation.domain.triage import TriageLevel
from workstation.domain.versions import Changed
from workstation.presenters import news
from workstation.workflow import identity, intake, versions
from workstation.workflow.ports import QueueFilter

FAMILY, PERSON = "Marsh", "marsh-elena"


def changed(path: Path, change, at: str = "2026-11-23T12:00:00-08:00", photos=()) -> Path:
    """The package as its sender sends it again: another moment, and what ``change`` does to it."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    bundle = json.loads(members.pop("bundle.json"))
    resources = [e["resource"] for e in bundle["entry"]]
    request = next(r for r in resources if r["resourceType"] == "ServiceRequest")
    sent = datetime.fromisoformat(request["authoredOn"])
    request["authoredOn"] = at or (sent - timedelta(minutes=1)).isoformat()
    change(bundle, resources)
    members.update(photos)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("bundle.json", json.dumps(bundle))
        for name, content in members.items():
            archive.writestr(name, content)
    again = path.with_name("again.zip")
    again.write_bytes(out.getvalue())
    return again


def rows(clinic):
    with clinic.desk.store.reading() as unit:
        return unit.queue(QueueFilter(scope="all"), clinic.session.user.id, clinic.clock.now())


def answered(link, value):
    def change(bundle, resources):
        items = next(r for r in resources if r["resourceType"] == "QuestionnaireResponse")["item"]
        items[:] = [i for i in items if i["linkId"] != link]
        items.append({"linkId": link, "answer": [value]})

    return change


@pytest.fixture
def first(tmp_path) -> Path:
    path = package_file(tmp_path / "in", *small(PERSON, 2))
    assert path.suffix == ".zip"
    return path


def test_the_same_package_twice_is_one(clinic, first):
    before = len(clinic.actions())
    id = clinic.waiting(FAMILY)
    assert intake.receive(clinic.desk, first) == intake.AlreadyHere(id)
    assert intake.receive(clinic.desk, first) == intake.AlreadyHere(id)
    assert len(clinic.actions()) == before


def test_a_later_version_is_told_and_the_draft_stays(clinic, first):
    hand = clinic.take(FAMILY)
    hand.put("note", (Key.of(ItemKind.NOTE), Note("half-written")))
    again = changed(first, answered("alcohol-most", {"valueDecimal": 5}))
    answer = intake.receive(clinic.desk, again)
    assert isinstance(answer, intake.Updated) and answer.id == hand.consultation.id
    (difference,) = answer.version.differences
    assert difference.kind is Changed.ANSWER and difference.after == "5 drinks"
    found = versions.news(clinic.desk, clinic.session, answer.id, hand.case.token, 0)
    assert found is not None
    facts = {f.name: f.value for f in found.consultation.facts}
    assert facts["alcohol.most"] == 5
    with clinic.desk.store.reading() as unit:
        history = unit.history(answer.id)
    assert history.draft.get(ItemKind.NOTE) == Note("half-written")
    assert (
        found.consultation.claim is not None and found.consultation.claim.token == hand.case.token
    )
    hand.put(
        "note", (Key.of(ItemKind.NOTE), Note("and on"))
    )  # the claim and the revision still hold
    # Received once more, in either version, it changes nothing.
    assert intake.receive(clinic.desk, again) == intake.AlreadyHere(answer.id)
    assert intake.receive(clinic.desk, first) == intake.AlreadyHere(answer.id)
    assert clinic.actions().count("consultation.updated") == 1


def test_the_level_follows_a_later_version(clinic, first):
    id = clinic.waiting(FAMILY)
    again = changed(first, answered("symptoms-self-harm", {"valueBoolean": True}))
    intake.receive(clinic.desk, again)
    row = next(r for r in rows(clinic) if r.id == id)
    assert (row.level, row.flag_codes) == (TriageLevel.EMERGENT, ("T-SUI",))


def test_new_photos_come_and_old_ones_stay(clinic, first):
    more = person(PERSON).visit(2)
    full = package_file(first.parent, person(PERSON), more)
    with zipfile.ZipFile(full) as archive:
        names = archive.namelist()
        bundle = json.loads(archive.read("bundle.json"))
        left = next(n for n in names if "left45" in n)
        content = archive.read(left)
    entry = next(
        e
        for e in bundle["entry"]
        if e["resource"]["resourceType"] == "Media" and e["resource"]["content"].get("url") == left
    )

    def change(made, resources):
        made["entry"] = [e for e in made["entry"] if e["resource"]["resourceType"] != "Media"]
        made["entry"].append(entry)

    with zipfile.ZipFile(first) as archive:
        old = [n for n in archive.namelist() if n.startswith("photos/")]
    old_id = clinic.look(clinic.waiting(FAMILY)).photos[0].id
    again = changed(first, change, photos=((left, content),))
    with zipfile.ZipFile(again) as archive:
        kept = {n: archive.read(n) for n in archive.namelist() if n not in old}
    with zipfile.ZipFile(again, "w") as archive:
        for name, raw in kept.items():
            archive.writestr(name, raw)
    answer = intake.receive(clinic.desk, again)
    assert isinstance(answer, intake.Updated)
    photos = clinic.look(answer.id).photos
    assert [p.view for p in photos] == [View(ONE_PHOTO[0]), View.LEFT45]
    assert photos[0].id == old_id
    assert [d.about for d in answer.version.differences] == ["left45"]


def test_what_cannot_follow_is_refused(clinic, first):
    def other_patient(bundle, resources):
        resources[0]["identifier"][0]["value"] = "SOMEBODY"

    def other_visit(bundle, resources):
        next(r for r in resources if r["resourceType"] == "ServiceRequest")["extension"][0][
            "valuePositiveInt"
        ] = 7

    for change, at, code in (
        (other_patient, "2026-11-23T12:00:00-08:00", "intake.update.patient"),
        (other_visit, "2026-11-23T12:00:00-08:00", "intake.update.request"),
        (answered("alcohol-most", {"valueDecimal": 1}), "", "intake.update.older"),
    ):  # fmt: skip
        with pytest.raises(Refused) as error:
            intake.receive(clinic.desk, changed(first, change, at))
        assert error.value.code == code


def test_what_was_signed_stays_and_the_news_is_a_matter_of_its_own(clinic, tmp_path):
    done = package_file(tmp_path / "in", *small(PERSON, 1))
    before = {r.id for r in rows(clinic)}
    again = changed(done, answered("mood-ideation", {"valueBoolean": True}))
    answer = intake.receive(clinic.desk, again)
    assert isinstance(answer, intake.Stored) and answer.id not in before
    new = clinic.look(answer.id)
    assert new.status is Status.READY and "#" in new.source.external_id
    assert intake.receive(clinic.desk, again) == intake.AlreadyHere(answer.id)


def test_the_patient_who_was_awaited_is_back(clinic, first):
    id = clinic.waiting(FAMILY)
    with clinic.desk.store.writing(clinic.session.user.id, "desk") as unit:
        unit.set_status(id, 0, Status.AWAITING_PATIENT, None)
    intake.receive(clinic.desk, changed(first, answered("alcohol-most", {"valueDecimal": 5})))
    assert clinic.look(id).status is Status.READY


def test_the_strip_lists_what_differs_until_it_is_seen(clinic, first):
    hand = clinic.take(FAMILY)

    def change(bundle, resources):
        answered("alcohol-most", {"valueDecimal": 5})(bundle, resources)
        resources[0]["address"][0]["city"] = "Salem"

    answer = intake.receive(clinic.desk, changed(first, change))
    catalogue = clinic.desk.catalogue

    def shown():
        with clinic.desk.store.reading() as unit:
            return news.view(unit.versions(answer.id), catalogue, None)

    view = shown()
    assert view is not None and "2 things changed" in view.title
    assert any(line.endswith("5 drinks") and news.ARROW in line for line in view.lines)
    assert any(line.startswith("Address: ") and "Salem" in line for line in view.lines)
    assert versions.seen(clinic.desk, clinic.session, hand.consultation.id, 1) == 0
    assert versions.seen(clinic.desk, clinic.session, hand.consultation.id, 2) == 1
    assert shown() is None
    assert versions.seen(clinic.desk, clinic.session, hand.consultation.id, 2) == 0
    assert clinic.actions()[-1] == "consultation.update.seen"


def test_signing_waits_until_what_was_sent_again_is_seen(clinic, first):
    """The clinician's "no" of before goes before the patient's "yes": somebody has to see it."""
    hand = clinic.take(FAMILY)
    hand.fact("alcohol.most", 0)
    intake.receive(clinic.desk, changed(first, answered("alcohol-most", {"valueDecimal": 5})))
    hand.reload()
    assert hand.appraisal.facts.value("alcohol.most") == 0
    assert hand.appraisal.gate.because[0] == "VERSION-UNSEEN"
    versions.seen(clinic.desk, clinic.session, hand.id, 2)
    hand.reload()
    assert "VERSION-UNSEEN" not in hand.appraisal.gate.because
    later = changed(
        first, answered("alcohol-most", {"valueDecimal": 6}), "2026-11-23T13:00:00-08:00"
    )
    intake.receive(clinic.desk, later)
    hand.reload()
    assert hand.appraisal.gate.because[0] == "VERSION-UNSEEN"


def renamed(family, born="1999-02-03"):
    def change(bundle, resources):
        resources[0]["name"][0]["family"] = family
        resources[0]["birthDate"] = born

    return change


def test_another_name_under_the_same_number_is_in_doubt_again(clinic, first):
    hand = clinic.take(FAMILY)
    assert hand.consultation.doubts == ()
    for at, family in (("12", "Somebody"), ("13", "Other")):
        intake.receive(clinic.desk, changed(first, renamed(family), f"2026-11-23T{at}:00:00-08:00"))
        hand.reload()
        (doubt,) = hand.consultation.doubts
        assert (doubt.doubt, doubt.is_open) == (Doubt.CONFLICT, True)
        assert hand.appraisal.gate.because[0] == "IDENTITY-OPEN"
        identity.settle(clinic.desk, clinic.session, hand.id, doubt, Settled.SAME)
    # The same name sent once more brings nothing into doubt.
    last = changed(
        first,
        lambda b, r: (renamed("Other")(b, r), answered("alcohol-most", {"valueDecimal": 5})(b, r)),
        "2026-11-23T14:00:00-08:00",
    )
    assert isinstance(intake.receive(clinic.desk, last), intake.Updated)
    hand.reload()
    assert not any(doubt.is_open for doubt in hand.consultation.doubts)
