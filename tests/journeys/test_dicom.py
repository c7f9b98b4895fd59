"""A consultation goes out as DICOM and its annotations and photos come in again, by the commands."""

from __future__ import annotations

import re
from pathlib import Path

import pydicom
import pytest
from clinic_day import Clinic

from tests.inline_jobs import InlineJobs
from workstation import cli
from workstation.adapters.dicom import codes, writing
from workstation.domain.draft import ItemKind
from workstation.domain.lesions import LesionType
from workstation.presenters.case import CaseFile
from workstation.presenters.exchange import ExchangePresenter
from workstation.workflow import queue

ANSWERS = """
request = "acne"
sender = "urn:example:clinic"
package = "from-dicom"
[patient]
record = "MK-204817"
family = "MARSH"
given = "Elena"
born = 2003-03-14
sex = "female"
[answers]
lactation-now = false
"""


@pytest.fixture
def out(clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The consultation of one patient, annotated and written as DICOM; (folder of its files)."""
    hand = clinic.take("Marsh")
    hand.annotate(3, LesionType.NODULE)
    monkeypatch.setattr(clinic.opened, "close", lambda: None)
    for opener in ("workstation.cli.open_named", "workstation.cli_annotations.open_named"):
        monkeypatch.setattr(opener, lambda options: clinic.opened)
    folder = tmp_path / "dicom"
    command = ["export", "dicom", "--consultation", hand.id, "--out", str(folder)]
    assert cli.run(command) == 0
    (made,) = folder.iterdir()
    return made


def test_out_and_in_again(
    out: Path, clinic: Clinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos = sorted(out.glob("photo-*.dcm"))
    report = out / "report.dcm"
    found = clinic.look(clinic.waiting("Marsh"))
    assert len(photos) == len(found.photos) > 0
    classes = {pydicom.dcmread(p, stop_before_pixels=True).SOPClassUID for p in photos}
    assert classes == {codes.VL_PHOTOGRAPHIC}
    assert "consultation.exported" in clinic.actions()

    command = ["import-annotations", "--consultation", found.id, str(report)]
    assert cli.run(command) == 0 and "0 items changed" in capsys.readouterr().out
    hand = clinic.take("Marsh")
    before = hand.history.draft.annotations
    hand.put("Erased", *((key, None) for key in hand.history.draft.items
                         if key.kind == ItemKind.ANNOTATION.value))  # fmt: skip
    assert hand.history.draft.annotations == ()
    assert cli.run(command) == 0 and "3 items changed" in capsys.readouterr().out
    with clinic.desk.store.reading() as unit:
        after = unit.history(found.id).draft.annotations
    assert sorted(after, key=str) == sorted(before, key=str)


def test_objects_and_answers_become_a_package_of_the_same_patient_only(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers, package = tmp_path / "answers.toml", tmp_path / "made.zip"
    (out / "report.dcm").unlink()
    command = [
        "new-package", "--photos", str(out), "--answers", str(answers), "--out", str(package),
    ]  # fmt: skip
    answers.write_text(ANSWERS)
    assert cli.run(command) == 0
    assert re.search(r"valid, \d photo", capsys.readouterr().out) and package.exists()
    package.unlink()

    answers.write_text(ANSWERS.replace("MK-204817", "OTHER-1").replace("2003", "2001"))
    assert cli.run(command) == 1 and not package.exists()
    said = capsys.readouterr().err
    assert "somebody else: another record number, day of birth than [patient]" in said

    unnamed = pydicom.dcmread(out / "photo-01.dcm")
    for key in ("PatientID", "PatientName", "PatientBirthDate", "PatientSex"):
        setattr(unnamed, key, "")
    for path in out.iterdir():
        path.unlink()
    (out / "scan").write_bytes(writing.encoded(unnamed))
    answers.write_text(ANSWERS)
    assert cli.run(command) == 1
    assert "scan: does not say whose it is" in capsys.readouterr().err
    answers.write_text(ANSWERS.replace("[answers]", '[photos]\n"scan" = "front"\n[answers]'))
    assert cli.run(command) == 0

    (out / "scan").write_bytes(b"\0" * 128 + b"DICM")
    assert cli.run(command) == 1
    assert "damaged" in capsys.readouterr().err


def test_an_object_by_itself_says_what_to_do(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["validate-package", str(out / "photo-01.dcm")]) == 1
    assert "workstation new-package" in capsys.readouterr().out


def test_without_the_optional_part_it_is_said(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(cli, "open_named", lambda options: clinic.opened)
    monkeypatch.setattr(writing, "available", lambda: False)
    id = clinic.waiting("Marsh")
    assert cli.run(["export", "dicom", "--consultation", id, "--out", str(tmp_path / "o")]) == 1
    assert "derm-workstation[dicom]" in capsys.readouterr().err


def on_screen(clinic: Clinic) -> tuple[CaseFile, ExchangePresenter, list[str], list[str]]:
    """An annotated consultation open in the window; (case, presenter, what was said, progress)."""
    hand = clinic.take("Marsh")
    hand.annotate(3, LesionType.NODULE)
    queue.release(clinic.desk, clinic.session, hand.id, hand.token)
    case = CaseFile(clinic.desk, clinic.session, InlineJobs())
    case.open(hand.id)
    presenter = ExchangePresenter(case)
    said: list[str] = []
    counted: list[str] = []
    presenter.told.subscribe(said.append)
    presenter.took.subscribe(said.append)
    presenter.refused.subscribe(lambda message: said.append(message.title))
    presenter.dicom.changed.subscribe(lambda at: counted.append(at.text if at else ""))
    return case, presenter, said, counted


def test_the_window_writes_objects_with_a_count_and_takes_the_report_back(clinic: Clinic) -> None:
    case, presenter, said, counted = on_screen(clinic)
    assert case.state is not None
    photos = len(case.state.consultation.photos)
    presenter.dicom.begin()
    folder = clinic.opened.folder / "outbox" / f"dicom-{case.state.consultation.id}"
    assert len(list(folder.glob("photo-*.dcm"))) == photos and (folder / "report.dcm").is_file()
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]  # nothing half made
    assert f"Writing DICOM, photo {photos} of {photos}" in counted and counted[-1] == ""
    assert said[-1].endswith(folder.name)

    presenter.read(folder / "report.dcm")
    assert said[-1].startswith("Everything in this file is here already")
    drawn = [key for key in case.state.draft.items if key.kind == ItemKind.ANNOTATION.value]
    case.put("Erased", tuple((key, None) for key in drawn))
    presenter.read(folder / "report.dcm")
    assert len(case.state.draft.annotations) == 3

    presenter.read(folder / "photo-01.dcm")
    assert said[-1] == "This file does not hold annotations of this program."


def test_writing_is_left_off_when_asked_and_nothing_remains(clinic: Clinic) -> None:
    case, presenter, said, counted = on_screen(clinic)
    presenter.dicom.changed.subscribe(
        lambda at: presenter.dicom.cancel() if at is not None and at.done == 1 else None
    )
    presenter.dicom.begin()
    assert counted[-1] == "" and said == []
    outbox = clinic.opened.folder / "outbox"
    assert not outbox.exists() or list(outbox.iterdir()) == []


def test_the_window_says_what_the_optional_part_is_and_how_it_comes(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, presenter, said, counted = on_screen(clinic)
    monkeypatch.setattr(writing, "available", lambda: False)
    presenter.dicom.begin()
    assert said == ["DICOM needs an optional part of the program."] and counted[-1] == ""
    presenter.read(tmp_path / "report.dcm")
    assert said[1:] == ["DICOM needs an optional part of the program."]
