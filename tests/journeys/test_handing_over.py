"""What goes out comes in equal; what is de-identified names nobody; tables compute nothing."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import time
from dataclasses import replace
from datetime import time as time_of_day
from datetime import timedelta

import pytest
from clinic_day import ONE_PHOTO, package_file
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from test_amend_and_void import signed

from tests.inline_jobs import InlineJobs
from workstation import bootstrap, cli
from workstation.adapters.exports import far_file, tables
from workstation.adapters.exports.outcome import outcome_bundle
from workstation.adapters.inbox import deidentified, retelling, writing
from workstation.adapters.photos.anew import written_anew
from workstation.demo.people import PEOPLE
from workstation.domain.lesions import Point
from workstation.presenters.jobs import Lane
from workstation.workflow import handing_over, intake
from workstation.workflow.verify import verify_stored

# R4 code tables (http://hl7.org/fhir/R4/valuesets.html): the library accepts any word here.
R4 = {
    ("DocumentReference", "status"): {"current", "superseded", "entered-in-error"},
    ("DocumentReference", "docStatus"): {"preliminary", "final", "amended", "entered-in-error"},
    ("MedicationRequest", "status"): {
        "active", "on-hold", "cancelled", "completed", "entered-in-error", "stopped", "draft",
        "unknown",
    },
    ("MedicationRequest", "intent"): {
        "proposal", "plan", "order", "original-order", "reflex-order", "filler-order",
        "instance-order", "option",
    },
    ("Patient", "gender"): {"male", "female", "other", "unknown"},
    ("ServiceRequest", "status"): {
        "draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown",
    },
    ("ServiceRequest", "intent"): {
        "proposal", "plan", "directive", "order", "original-order", "reflex-order",
        "filler-order", "instance-order", "option",
    },
    ("QuestionnaireResponse", "status"): {
        "in-progress", "completed", "amended", "entered-in-error", "stopped",
    },
    ("Media", "status"): {
        "preparation", "in-progress", "not-done", "on-hold", "stopped", "completed",
        "entered-in-error", "unknown",
    },
    ("Observation", "status"): {
        "registered", "preliminary", "final", "amended", "corrected", "cancelled",
        "entered-in-error", "unknown",
    },
    ("MedicationStatement", "status"): {
        "active", "completed", "entered-in-error", "intended", "stopped", "on-hold", "unknown",
        "not-taken",
    },
    ("Consent", "status"): {
        "draft", "proposed", "active", "rejected", "inactive", "entered-in-error",
    },
    ("MedicationDispense", "status"): {
        "preparation", "in-progress", "cancelled", "on-hold", "completed", "entered-in-error",
        "stopped", "declined", "unknown",
    },
}  # fmt: skip


NOON = time_of_day(12)


def valid_r4(bundle):
    """By an independent library (R4B), and by the code tables of R4 that it does not know."""
    from fhir.resources.R4B.bundle import Bundle

    Bundle.model_validate_json(json.dumps(bundle, default=writing.plain_number))
    checked = 0
    for entry in bundle.get("entry", ()):
        resource = entry["resource"]
        for (kind, key), allowed in R4.items():
            if resource["resourceType"] == kind and key in resource:
                assert resource[key] in allowed, (kind, key)
                checked += 1
    return checked


def retold(clinic, id):
    given = handing_over.consultation(clinic.desk, clinic.session, id, "copy")
    out = retelling.retold(given.consultation, given.photos, clinic.desk.reader.tests)
    return given, out


@pytest.mark.parametrize("write", [writing.zip_package, writing.json_package])
def test_every_consultation_comes_back_equal(clinic, tmp_path, write):
    reader = clinic.desk.reader
    ids = [row.id for row in handing_over.queue(clinic.desk, clinic.session)]
    assert len(ids) >= 8
    for id in ids:
        given, out = retold(clinic, id)
        path = tmp_path / "out"
        path.write_bytes(write(out))
        got, was = reader.read(path), given.consultation
        assert got.patient == was.patient
        assert (got.request, got.visit, got.submitted_at) == (
            was.request, was.visit, was.submitted_at
        )  # fmt: skip
        assert got.answers == was.answers and got.own_words == was.own_words
        assert sorted(got.facts, key=str) == sorted(was.facts, key=str)
        assert [(p.view, p.digest) for p in got.photos] == [(p.view, p.digest) for p in was.photos]
        assert got.dispensed == was.dispensed and got.prior_courses == was.prior_courses
        assert {r.id for r in got.results} == {
            r.id for r in was.results if r.collected <= was.submitted_at.date()
        }
        assert (got.source.system, got.source.external_id) == (
            was.source.system, was.source.external_id
        )  # fmt: skip


def test_every_visit_of_the_table_of_people_survives_the_round_trip(clinic, tmp_path):
    """All generated people, without a store: read, told again, read again."""
    reader, seen = clinic.desk.reader, 0
    for who in PEOPLE:
        for visit in who.visits:
            path = package_file(tmp_path, who, replace(visit, views=ONE_PHOTO))
            first = reader.read(path)
            made = intake.consultation_of(clinic.desk, first)
            photos = [(p.view, p.declared_type, p.content) for p in first.photos]
            out = retelling.retold(made, photos, reader.tests)
            path.write_bytes(writing.zip_package(out))
            again = reader.read(path)
            assert replace(again, source=first.source, facts=()) == replace(first, facts=())
            assert sorted(again.facts, key=str) == sorted(first.facts, key=str)
            seen += 1
    assert seen > 30


def test_packages_and_outcomes_are_valid_r4(clinic):
    checked = 0
    for row in handing_over.queue(clinic.desk, clinic.session):
        _, out = retold(clinic, row.id)
        checked += valid_r4(writing.bundle(out, None))
    assert checked > 50
    (signed, *_) = handing_over.of_patient(clinic.desk, clinic.session, "MK-204817")
    given, _ = retold(clinic, signed)
    bundle = outcome_bundle(given)
    assert valid_r4(bundle) >= 2
    kinds = [e["resource"]["resourceType"] for e in bundle["entry"]]
    assert kinds.count("DocumentReference") == len(given.documents) > 0


def test_what_is_deidentified_names_nobody_and_keeps_intervals(clinic):
    given, out = retold(clinic, clinic.waiting("Marsh"))
    drawn = [replace(one, laboratory="Harbor Laboratories") for one in out.results]
    out = replace(out, results=drawn)
    assert out.results and out.sent.time() != NOON
    key, other = b"k" * 32, b"o" * 32

    def clean(view, content):
        return "image/jpeg", written_anew(clinic.desk.photos.decode(content))

    hidden = deidentified.deidentified(out, key, clean)
    raw = writing.zip_package(hidden) + writing.json_package(hidden)
    who = given.consultation.patient
    for word in (who.family, who.given, who.external_id, who.contact.phone, who.address.line):
        assert word.encode() not in raw
    for day in {r.collected for r in out.results} | {out.sent.date()}:
        assert day.isoformat().encode() not in raw
    assert b"Harbor" not in raw and hidden.sent.time() == NOON
    assert b"Exif" not in hidden.photos[0][2] and b"http" not in hidden.photos[0][2]
    gaps = [a.collected - b.collected for a, b in zip(out.results, hidden.results, strict=True)]
    assert len(set(gaps)) == 1 and timedelta(0) < gaps[0] <= timedelta(364)
    assert hidden.answered == out.answered - gaps[0]
    assert (
        hidden.patient.external_id
        != deidentified.deidentified(out, other, clean).patient.external_id
    )
    assert deidentified.deidentified(out, key, clean) == hidden
    assert not any("valueString" in a for i in hidden.items for a in i["answer"])


def test_only_kept_zones_of_a_photo_are_seen():
    from workstation.domain.pixels import Pixels

    pixels = Pixels(40, 20, bytes([200, 200, 200, 0]) * 800)
    square = [Point(0, 0), Point(19, 0), Point(19, 19), Point(0, 19)]
    image = Image.open(io.BytesIO(written_anew(pixels, [square])))
    assert image.getpixel((5, 10))[0] > 180 and image.getpixel((35, 10))[0] < 20
    assert image.getexif() == {} and "comment" not in image.info


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "\t=1",
        "\r=1",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff201",
        " =1",
        "\u00a0=1",
        "x;=1",
        "x\t=1",
        "a\n=1",
    ],
)
def test_no_cell_is_a_formula(clinic, text):
    row = replace(handing_over.queue(clinic.desk, clinic.session)[0], family=text, given=text)
    (cells,) = list(csv.DictReader(io.StringIO(tables.queue_csv([row]), newline="")))
    assert tables.plain(cells["family"]) == text and cells["family"] == cells["given"]
    assert cells["family"].count("'") == text.count("'") + 1
    # Parted at another sign, as a spreadsheet of another country does it, no cell begins a formula.
    written = tables.queue_csv([row])
    for sign in (";", "\t", "|"):
        for cells in csv.reader(io.StringIO(written, newline=""), delimiter=sign):
            assert not [c for c in cells if c.lstrip()[:1] in "=+-@" and c.strip()]


@given(st.text(st.sampled_from(";|\t\r\n' =+-@a\"\uff1d\u00a0"), max_size=9))
def test_what_is_marked_can_be_told_back_and_begins_nothing(text):
    marked = tables.safe(text)
    assert tables.plain(marked) == text
    for part in re.split(r"[;|\t\r\n]", marked):
        assert part.lstrip()[:1] not in tuple("=+-@\uff1d")


def test_an_exported_trail_equals_the_chain_and_tells_of_any_change(
    clinic, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(cli, "open_named", lambda options: clinic.opened)
    monkeypatch.setattr(clinic.opened, "close", lambda: None)
    hostile = ("=1+1", "+A1", "@SUM(A1)", "\t=2", "two\r\nlines;=3", "\u202eevil", "'=4")
    with clinic.desk.store.writing(clinic.session.user.id, "=desk") as unit:
        for text in hostile:
            unit.audit("test.planted", text, {"what": text})
    with clinic.desk.store.reading() as unit:
        chain = unit.audit_entries(0, 100_000)
    file = tmp_path / "trail.csv"
    assert cli.run(["export", "audit", "--out", str(file)]) == 0
    written = file.read_bytes().decode()
    assert tables.audit_of(written.encode()) == chain
    for cells in csv.reader(io.StringIO(written, newline="")):
        assert not [c for c in cells if c.lstrip()[:1] in tuple("=+-@\uff1d")]
    with clinic.desk.store.reading() as unit:
        (last,) = unit.audit_entries(chain[-1].seq, 10)
    assert (last.action, json.loads(last.detail)) == ("audit.exported", {"entries": len(chain)})
    capsys.readouterr()

    def told(text):
        file.write_bytes(text.encode())
        status = cli.run(["audit", "--exported", str(file)])
        captured = capsys.readouterr()
        return status, captured.out + captured.err

    assert told(written) == (
        0,
        f"{len(chain)} entries, chain whole, the last one {chain[-1].digest}.\n",
    )
    for place in range(4, len(chain), 7):
        for other in ("subject", "detail", "actor", "station", "action", "at", "digest"):
            entry = chain[place]
            later = entry.at + timedelta(microseconds=1)
            forged = replace(
                entry, **{other: later if other == "at" else f"{getattr(entry, other)}x"}
            )
            found = told(tables.audit_csv((*chain[:place], forged, *chain[place + 1 :])))
            assert found == (1, f"The exported trail was changed: first at entry {entry.seq}.\n")
    cut = told(tables.audit_csv(chain[:3] + chain[4:]))
    assert cut == (1, "The exported trail was changed: first at entry 4.\n")
    # A cut end leaves a whole chain with another head, which signed documents of later contradict.
    assert chain[-2].digest in told(tables.audit_csv(chain[:-1]))[1]
    assert told("seq,at\n1,2")[0] == told("")[0] == 1


def test_the_trail_is_exported_from_the_window(clinic, tmp_path):
    records = bootstrap.presenters(clinic.opened, InlineJobs()).records
    with clinic.desk.store.reading() as unit:
        chain = unit.audit_entries(0, 100_000)
    said = []
    records.told.subscribe(said.append)
    records.export_trail(str(tmp_path / "trail.csv"))
    assert tables.audit_of((tmp_path / "trail.csv").read_bytes()) == chain
    assert said == [f"{len(chain)} entries exported to trail.csv."]
    assert records.state.trail.every[0].action == "audit.exported"


class Lanes(InlineJobs):
    """Notes on which lane each job ran."""

    def __init__(self):
        self.seen = []

    def submit(self, work, done, failed, lane, key=None):
        self.seen.append(lane)
        return super().submit(work, done, failed, lane, key)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a file whose opening waits")
def test_a_folder_that_goes_away_in_mid_export_keeps_nothing_of_the_records_waiting(
    clinic, tmp_path, monkeypatch
):
    monkeypatch.setattr(far_file, "STILL_SECONDS", 0.1)
    _, documents = signed(clinic)
    lanes = Lanes()
    records = bootstrap.presenters(clinic.opened, lanes).records
    said, failed = [], []
    records.told.subscribe(said.append)
    records.failed.subscribe(failed.append)
    pipe = tmp_path / ".trail.csv.part"
    os.mkfifo(pipe)
    lanes.seen.clear()
    records.export_trail(str(tmp_path / "trail.csv"))
    assert lanes.seen == [Lane.STORE, Lane.WORK]  # what is written far away is on no lane of edits
    assert "The folder does not answer." in str(failed) and said == []
    for document in documents:
        assert verify_stored(clinic.desk, clinic.session, document).holds
    with pipe.open("rb") as late:
        late.read()
    while pipe.exists():
        time.sleep(0.005)
    monkeypatch.undo()  # a folder that answers may be slow
    records.export_trail(str(tmp_path / "trail.csv"))
    assert len(said) == 1 and (tmp_path / "trail.csv").stat().st_size > 1000
    assert clinic.opened.check() == ()


def test_the_command_writes_what_import_takes(clinic, tmp_path, monkeypatch, capsys):
    """Equal but for what a photo tells beside its pixels, and with --originals byte for byte."""
    monkeypatch.setattr(cli, "open_named", lambda options: clinic.opened)
    monkeypatch.setattr(clinic.opened, "close", lambda: None)
    ids = handing_over.of_patient(clinic.desk, clinic.session, "MK-204817")
    reader, decoder = clinic.desk.reader, clinic.desk.photos
    for more in ([], ["--originals"]):
        out = tmp_path / f"out{len(more)}"
        command = ["export", "patient", "--patient", "MK-204817", "--out", str(out), *more]
        assert cli.run(command) == 0
        assert sorted(p.name for p in out.iterdir()) == [
            f"consultation-00{n}.{end}" for n in (1, 2) for end in ("outcome.json", "zip")
        ]
        for number, id in enumerate(ids, 1):
            was = clinic.look(id)
            got = reader.read(out / f"consultation-{number:03d}.zip")
            assert (got.patient, got.answers, got.own_words) == (
                was.patient, was.answers, was.own_words
            )  # fmt: skip
            assert sorted(got.facts, key=str) == sorted(was.facts, key=str)
            assert [p.view for p in got.photos] == [p.view for p in was.photos] != []
            for photo, before in zip(got.photos, was.photos, strict=True):
                original = clinic.desk.vault.get(before.original)
                assert (photo.digest == before.digest) == bool(more)
                assert b"Exif" in original and photo.content.count(b"Canon") == 0
                ours, theirs = (decoder.decode(c) for c in (photo.content, original))
                assert bytes(ours.data) == bytes(theirs.data)
                seen = decoder.examine(photo.content, was.submitted_at.date())
                assert (seen.taken_at, seen.quality) == (before.taken_at, before.quality)
    assert re.search("2 written", capsys.readouterr().out)
    assert cli.run(["export", "patient", "--patient", "204817", "--out", str(tmp_path / "no")]) == 1
    assert "No consultation here has this record number." in capsys.readouterr().err
    assert not (tmp_path / "no").exists()


def test_a_package_told_again_is_the_consultation_it_came_from(clinic, tmp_path):
    id = clinic.waiting("Marsh")
    _, out = retold(clinic, id)
    path = tmp_path / "again.zip"
    path.write_bytes(writing.zip_package(out))
    assert intake.receive(clinic.desk, path) == intake.AlreadyHere(id)
