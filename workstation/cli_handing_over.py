"""Commands by which consultations go out of the house, and tables for spreadsheets."""

from __future__ import annotations

import argparse
import hashlib
import json
import secrets
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.cli_parts import FAILED, OK, USAGE, Told, package_reader
from workstation.domain.errors import Refused
from workstation.domain.photo import View

if TYPE_CHECKING:
    from workstation.adapters.inbox.deidentified import Clean
    from workstation.bootstrap import Opened
    from workstation.workflow.handing_over import HandedOver

FACE_VIEWS = frozenset(
    {View.FRONT, View.LEFT45, View.RIGHT45, View.CHIN_UP, View.HAIRLINE, View.OTHER}
)


def verbs(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    on_store: Callable[[argparse.ArgumentParser], None],
    opened: Callable[[argparse.Namespace], Opened],
) -> None:
    """The parser of ``export``; ``on_store`` adds the store's options, ``opened`` opens it."""
    out = commands.add_parser(
        "export", help="write consultations as packages or DICOM, or queue and audit trail as CSV"
    )
    out.add_argument(
        "what",
        choices=("consultation", "patient", "deidentified", "dicom", "queue", "audit", "document"),
    )
    out.add_argument("--consultation", metavar="ID", action="append", default=[])
    out.add_argument("--patient", metavar="RECORD", help="the patient's record number")
    out.add_argument("--number", metavar="NUMBER", help="document: number of a signed document")
    out.add_argument("--out", type=Path, metavar="PATH", help="folder, or CSV file")
    out.add_argument("--key-file", type=Path, metavar="FILE", help="deidentified: made when new")
    out.add_argument(
        "--hide-faces",
        action="store_true",
        help="deidentified: of a face only the skin around each annotation",
    )
    out.add_argument(
        "--originals",
        action="store_true",
        help="consultation, patient: photos as they were sent, with place and camera in them",
    )
    on_store(out)
    out.set_defaults(command=lambda options: export(options, opened))


def export(options: argparse.Namespace, opened: Callable[[argparse.Namespace], Opened]) -> int:
    """Write what is asked for; every export is audited."""
    if (options.what == "document") != (options.number is not None):
        print("document needs --number, and nothing else does.", file=sys.stderr)
        return USAGE
    if (options.out is None) != (options.what == "document"):
        print("Say where with --out; a document goes to the outbox.", file=sys.stderr)
        return USAGE
    with closing(opened(options)) as store:
        if options.what == "document":
            return _document(options, store)
        if options.what in ("queue", "audit"):
            return _tables(options, store)
        return _packages(options, store)


def _document(options: argparse.Namespace, store: Opened) -> int:
    """A signed document with what it orders beside it, into the outbox."""
    from workstation.domain.errors import Conflict
    from workstation.workflow import signed_files

    with store.desk.store.reading() as unit:
        known = unit.document_by_number(options.number)
    if known is None:
        raise Conflict("export.document.unknown")
    made = signed_files.export(store.desk, store.session, known)
    for path in (made.path, *made.beside):
        print(path)
    return OK


def _tables(options: argparse.Namespace, store: Opened) -> int:
    from workstation.adapters.exports import tables
    from workstation.workflow import handing_over

    if options.what == "queue":
        rows = handing_over.queue(store.desk, store.session)
        text, number = tables.queue_csv(rows), len(rows)
    else:
        entries = handing_over.audit_trail(store.desk, store.session)
        text, number = tables.audit_csv(entries), len(entries)
    options.out.write_text(text, encoding="utf-8", newline="")
    print(f"{number} rows. An apostrophe stands before what a spreadsheet would compute.")
    return OK


def _packages(options: argparse.Namespace, store: Opened) -> int:
    from workstation.domain.ids import ConsultationId
    from workstation.workflow import handing_over

    desk, session = store.desk, store.session
    ids = [ConsultationId(id) for id in options.consultation]
    if options.patient:
        of_one = handing_over.of_patient(desk, session, options.patient)
        if not of_one:
            raise Refused("export.record.none")
        ids += of_one
    if not ids or (options.what == "deidentified") != (options.key_file is not None):
        print("Name --consultation or --patient; deidentified also needs --key-file.")
        return USAGE
    options.out.mkdir(parents=True, exist_ok=True, mode=0o700)
    told = Told("Exporting", len(ids))
    with closing(_Writer(options, store)) as writer:
        for number, id in enumerate(ids):
            told.at(number)
            try:
                given = handing_over.consultation(desk, session, id, options.what)
                writer.write(number + 1, given)
            except KeyboardInterrupt:
                told.stopped(number)
                return FAILED
    print(f"{len(ids)} written to {options.out}.")
    return OK


class _Writer:
    """Writes one consultation after another in the form that was asked for."""

    def __init__(self, options: argparse.Namespace, store: Opened) -> None:
        from workstation.adapters.photos.decoder import PhotoDecoder

        self._options, self._store = options, store
        self._tests = package_reader().tests
        self._decoder = PhotoDecoder()

    def close(self) -> None:
        """Stop the decode children."""
        self._decoder.close()

    def write(self, number: int, given: HandedOver) -> None:
        """Write the consultation, which is the ``number``-th."""
        if self._options.what == "dicom":
            self._dicom(number, given)
        elif self._options.what == "deidentified":
            self._deidentified(given)
        else:
            self._package(number, given)

    def _package(self, number: int, given: HandedOver) -> None:
        from workstation.adapters.exports.outcome import outcome_bundle
        from workstation.adapters.inbox import retelling, writing

        out, photos = self._options.out, given.photos
        if not self._options.originals:
            photos = tuple((view, *self._decoder.bare(content)) for view, _, content in photos)
        made = retelling.retold(given.consultation, photos, self._tests)
        (out / f"consultation-{number:03d}.zip").write_bytes(writing.zip_package(made))
        outcome = json.dumps(outcome_bundle(given), ensure_ascii=False, indent=1)
        (out / f"consultation-{number:03d}.outcome.json").write_text(outcome, "utf-8")

    def _deidentified(self, given: HandedOver) -> None:
        from workstation.adapters.inbox import deidentified, retelling, writing

        options = self._options
        made = retelling.retold(given.consultation, given.photos, self._tests)
        clean = _cleaner(self._store, given, options.hide_faces)
        made = deidentified.deidentified(made, _key(options.key_file), clean)
        (options.out / f"{made.external_id}.zip").write_bytes(writing.zip_package(made))

    def _dicom(self, number: int, given: HandedOver) -> None:
        """A VL Photographic object for each photo and a measurement report of all annotations."""
        from workstation.adapters.dicom.folder import Objects
        from workstation.workflow import handing_over

        folder = self._options.out / f"consultation-{number:03d}"
        drawn, reader = handing_over.drawn(self._store.desk, given)
        contents = tuple(content for _, _, content in given.photos)
        objects = Objects(folder, given.consultation, contents, drawn, reader, self._decoder.frame)
        for _ in contents:
            objects.next_photo()
        objects.finish()


def _key(path: Path) -> bytes:
    if not path.exists():
        with path.open("xb") as file:
            path.chmod(0o600)
            file.write(secrets.token_bytes(32))
    return path.read_bytes()


def _cleaner(store: Opened, given: HandedOver, hide: bool) -> Clean:
    """Photos decoded in the capped child and written anew: nothing but pixels goes over."""
    from workstation.adapters.photos.anew import spots, written_anew

    photos = {photo.digest: photo for photo in given.consultation.photos}

    def clean(view: View, content: bytes) -> tuple[str, bytes]:
        photo = photos[hashlib.sha256(content).hexdigest()]
        # Whole zones of a face would show its eyes: only the skin around each annotation stays.
        kept = spots(photo, given.draft.annotations) if hide and view in FACE_VIEWS else None
        return "image/jpeg", written_anew(store.desk.photos.decode(content), kept)

    return clean
