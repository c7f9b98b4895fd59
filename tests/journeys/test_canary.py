"""Marked patient data through a whole journey: afterwards none of it lies anywhere in clear."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from clinic_day import Clinic, Hand, alt_result, copy_of, package_file

from workstation import bootstrap
from workstation.adapters.system import logs
from workstation.bootstrap import INBOX, OUTBOX
from workstation.demo.people import person
from workstation.domain.draft import ItemKind, Key, Note
from workstation.domain.errors import WorkstationError
from workstation.workflow import assess, intake, queue, second_read, settings, sign, signed_files

ROOT = Path(__file__).resolve().parents[2]
FAMILY, GIVEN, NATIVE = (
    "Quillfeathermoor",
    "Zephyrinette",
    "\u0416\u0438\u0440\u0430\u0444\u043e\u0432",
)
BORN = date(1987, 1, 3)
NOTE = "Marzipanharvest behind the left ear"
STREET, PHONE, RECORD = "77 Xylophonegasse", "+1 503 555 0199", "MK-987 654"
# In clear on purpose: packages as their senders wrote them, and files that were exported to be
# given away. Both folders lie beside the records, and the clinic empties them.
EXCEPTED = (INBOX, OUTBOX)


def planted() -> tuple[bytes, ...]:
    """Every planted text in every spelling in which it may be written somewhere."""
    texts = [FAMILY, FAMILY.upper(), GIVEN, NATIVE, NOTE, "Marzipanharvest", STREET, PHONE]
    texts += [RECORD, RECORD.replace(" ", ""), "987654", "5550199"]
    texts += [BORN.isoformat(), BORN.strftime("%d-%b-%Y"), BORN.strftime("%d\u2011%b\u2011%Y")]
    found = {t.encode(coding) for t in texts for coding in ("utf-8", "utf-16-le", "utf-16-be")}
    # Nor any photo, page or table in clear, whoever it is of.
    return (
        *sorted(found),
        b"Exif\0\0",
        b"JFIF\0",
        b"%PDF-",
        b"SQLite format 3",
        b"DEMONSTRATION ONLY",
    )


def leaks(place: Path, skip: tuple[str, ...] = ()) -> list[tuple[str, bytes]]:
    wanted = planted()
    found = []
    for path in sorted(place.rglob("*")):
        inside = path.relative_to(place)
        if inside.parts[0] in skip:
            continue
        name = str(inside).encode()
        raw = path.read_bytes() if path.is_file() else b""
        found += [(str(inside), mark) for mark in wanted if mark in name or mark in raw]
    return found


@pytest.fixture
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Path]]:
    """Own folders for temporary files and for the log, which is kept as the program keeps it."""
    temporary, log = tmp_path / "temporary", tmp_path / "log"
    temporary.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    loggers = [logging.getLogger(n) for n in ("sqlalchemy", "pyhanko", "PIL", "workstation")]
    usual = [logger.level for logger in loggers]
    kept = logs.keep(log)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    yield temporary, log
    # By ``setLevel``, which the loggers below take notice of: they would go on telling everything.
    for logger, level in zip(loggers, usual, strict=True):
        logger.setLevel(level)
    kept.close()


def journey(clinic: Clinic, sent: Path) -> None:
    """Receive, look, count, note, record, sign, export; and a refusal and an error on the way."""
    who = person("nguyen-minh-duc")
    who = replace(
        who, family=FAMILY, given=GIVEN, native_name=NATIVE, born=BORN, mrn=RECORD, phone=PHONE,
        address=replace(who.address, street=STREET),
    )  # fmt: skip
    visit = replace(who.visit(1), views=("front", "left45"))
    path = package_file(sent, who, visit)
    stored = intake.receive(clinic.desk, path)
    assert isinstance(stored, intake.Stored)
    broken = sent / f"{FAMILY}.zip"
    broken.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(WorkstationError) as refused:
        intake.receive(clinic.desk, broken)
    logging.getLogger("workstation.intake").exception("refused", exc_info=refused.value)
    hand = Hand.take(clinic.desk, clinic.session, stored.id)
    assert hand.consultation.patient.family == FAMILY
    assert hand.consultation.patient.born == BORN
    for photo in hand.consultation.photos:
        assess.preview_pixels(clinic.desk, hand.consultation, photo.id)
    hand.annotate(4)
    hand.put("note.written", (Key.of(ItemKind.NOTE, "assessment"), Note(NOTE)))
    hand.result(alt_result(hand, "21"))
    hand.contact(f"{NOTE}; will call {PHONE}")
    hand.prescribe()
    answer = hand.sign()
    assert isinstance(answer, sign.Signed), answer
    for document in answer.documents:
        signed_files.export(clinic.desk, clinic.session, document)
    assert queue.next_waiting(clinic.desk, clinic.session, stored.id) is not None
    # The parts beside the main job: a setting, a second reading, a message, an upset of identity.
    settings.change(clinic.desk, clinic.session, "backup.folder", str(sent.parent / "backups"))
    reader = clinic.colleague()
    begun = second_read.begin(clinic.desk, reader, stored.id)
    puts = [(Key.of(ItemKind.NOTE, "assessment"), Note(NOTE))]
    edit = begun.read.draft.put("note.written", puts, reader.user.id, clinic.clock.now())
    with pytest.raises(WorkstationError):  # a second reading holds annotations alone
        second_read.commit(clinic.desk, reader, begun.read, edit)
    clinic.opened.backups.make(sent.parent / "backups", 2, None)


def test_no_patient_data_lies_in_clear(
    base_store: Path,
    tmp_path: Path,
    surroundings: tuple[Path, Path],
    open_clinic: Callable[[Path], Clinic],
    caplog: pytest.LogCaptureFixture,
) -> None:
    temporary, log = surroundings
    folder = copy_of(base_store, tmp_path / "store")
    clinic = open_clinic(folder)
    journey(clinic, tmp_path / "sent")
    # While the store is open: also the write-ahead log, and whatever a crash would leave.
    assert (folder / "workstation.db-wal").stat().st_size > 0
    assert leaks(folder, EXCEPTED) == []
    assert leaks(temporary) == []
    bootstrap.Opened.close(clinic.opened)
    assert leaks(folder, EXCEPTED) == []
    assert leaks(temporary) == [] and not list(temporary.iterdir())
    assert any(log.rglob("*")) and leaks(log) == []
    # Exported files and packages are found, so an empty answer elsewhere means something.
    outbox = {mark for _, mark in leaks(folder / OUTBOX)}
    assert b"%PDF-" in outbox
    assert FAMILY.encode() in {mark for _, mark in leaks(tmp_path / "sent")}
    for path in (folder / OUTBOX).iterdir():
        assert not [mark for mark in planted() if mark in path.name.encode()]
    # A backup is as closed as the records, its list of contents too.
    assert any(f.is_file() for f in (tmp_path / "backups").rglob("*"))
    assert leaks(tmp_path / "backups") == []
    # The entries of the trail are inside the encrypted database, and carry ids only even there.
    again = open_clinic(folder)
    with again.desk.store.reading() as unit:
        entries = unit.audit_entries(0, 100_000)
    for entry in entries:
        told = repr(entry).encode()
        assert not [mark for mark in planted() if mark in told], entry.action


def test_what_qt_libraries_and_lanes_quote_stays_out_of_log_reports_and_screen(
    base_store: Path, tmp_path: Path
) -> None:
    folder = copy_of(base_store, tmp_path / "store")
    quoted = f"{FAMILY}, {GIVEN} {RECORD}: {NOTE}"
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("talking_child.py")), str(folder)],
        input=quoted, capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = (done.stdout + done.stderr).encode()
    assert not [mark for mark in planted() if mark in said], said
    assert leaks(folder, EXCEPTED) == []
    reports = list((folder / "reports").glob("fault-*.txt"))
    assert len(reports) == 2  # of the timer and of the thread
    told = (folder / "reports" / logs.FILE).read_text()
    for what in (
        "store.opened", "qt.said category=default", "library.warned category=UserWarning",
        "sqlalchemy.engine.Engine text.withheld", "job.failed lane=work", "builtins.KeyError",
        "WorkstationError inbox.package.broken", "fault.reported report=", "talking_child.py:",
    ):  # fmt: skip
        assert what in told, (what, told)
