"""Commands by which consultations come in and go out; the parser lines are in ``cli``."""

from __future__ import annotations

import argparse
import hashlib
import json
import secrets
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.domain.consultation import RequestKind
from workstation.domain.errors import Refused
from workstation.domain.photo import View

if TYPE_CHECKING:
    from workstation.adapters.inbox.deidentified import Clean
    from workstation.adapters.inbox.server import FhirServer
    from workstation.adapters.inbox.source import FolderReader
    from workstation.adapters.inbox.validation import Checked
    from workstation.bootstrap import Opened
    from workstation.workflow.handing_over import HandedOver
    from workstation.workflow.ports import ReceivedPhoto

OK, FAILED, USAGE = 0, 1, 2
ASKED = tuple(r.value for r in RequestKind if r is not RequestKind.RESULT)
FACE_VIEWS = frozenset(
    {View.FRONT, View.LEFT45, View.RIGHT45, View.CHIN_UP, View.HAIRLINE, View.OTHER}
)


def verbs(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parsers of these commands."""
    check = commands.add_parser(
        "validate-package", help="say everything that is wrong with intake packages"
    )
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check.add_argument("--json", action="store_true", help="print JSON")
    check.set_defaults(command=validate_package)

    new = commands.add_parser(
        "new-package", help="make an intake package from a folder of photos and a file of answers"
    )
    new.add_argument("--photos", type=Path, metavar="DIR", help="JPEG, PNG, WebP or HEIC files")
    new.add_argument("--answers", type=Path, metavar="FILE.toml", help="see --template")
    new.add_argument(
        "--out", type=Path, metavar="FILE", help=".zip, or .json with the photos inside"
    )
    new.add_argument(
        "--template",
        choices=ASKED,
        metavar="REQUEST",
        help="print an answers file to fill in, for acne, isotretinoin_start, rosacea and so on",
    )
    new.add_argument(
        "--patient-bundle",
        type=Path,
        metavar="FILE.json",
        help="another system's FHIR patient bundle: a request that awaits the patient",
    )
    new.add_argument("--request", choices=ASKED, default="acne", help="of --patient-bundle (acne)")
    new.add_argument("--language", choices=("en", "es"), default="en", help="of the template")
    new.set_defaults(command=new_package)


def tell(done: int, of: int) -> None:
    """The count on a terminal, one line that is written over; Ctrl+C stops between two packages."""
    if sys.stderr.isatty() and of > 1:
        print(
            f"\rImporting {done + 1} of {of}", end="\n" if done + 1 == of else "", file=sys.stderr
        )


# -- packages of others


def validate_package(options: argparse.Namespace) -> int:
    """Each file with all its faults; exit 0 only when all would be taken."""
    from workstation.adapters.inbox.validation import check
    from workstation.adapters.photos.decoder import PhotoDecoder

    reader = _reader()
    rows: list[dict[str, object]] = []
    with closing(PhotoDecoder()) as decoder:

        def examine(photo: ReceivedPhoto, on: date) -> None:
            if decoder.examine(photo.content, on).media_type != photo.declared_type:
                raise Refused("intake.photo.type")

        for file in options.files:
            checked = check(file, reader, examine)
            rows.append(_row(file, checked))
            if not options.json:
                print("\n".join(_report(file, checked)))
    if options.json:
        print(json.dumps(rows, indent=1))
    return FAILED if any(row["faults"] for row in rows) else OK


def _reader() -> FolderReader:
    from workstation import assets
    from workstation.adapters.inbox.source import FolderReader
    from workstation.content import catalogue

    loaded = catalogue.load(assets.resource("clinical"))
    return FolderReader(loaded.tests.values(), loaded.facts)


def _row(file: Path, checked: Checked) -> dict[str, object]:
    from workstation.adapters.inbox.folder import sentence_for

    return {
        "file": file.name,
        "valid": not checked.faults,
        "faults": [
            {"code": f.code, "why": sentence_for(f.code), **f.context} for f in checked.faults
        ],
        "missing_views": [view.value for view in checked.missing_views],
        "unanswered": [link for link, _ in checked.unanswered],
    }


def _report(file: Path, checked: Checked) -> list[str]:
    from workstation.adapters.inbox.folder import sentence_for
    from workstation.adapters.inbox.validation import place

    faults = checked.faults
    if not faults:
        found = checked.received
        number = len(found.photos) if found is not None else 0
        photos = "1 photo" if number == 1 else f"{number} photos"
        holds = photos if found is not None else "laboratory results"
        lines = [f"{file.name}: valid, {holds}. It would be taken."]
        if checked.missing_views:
            views = ", ".join(view.value for view in checked.missing_views)
            lines.append(f"  Views that are not there (the dermatologist may ask): {views}")
        if checked.unanswered:
            lines.append(
                "  Questions without an answer (each must be asked before a prescription):"
            )
            lines += [f"    {link}: {words}" for link, words in checked.unanswered]
        return lines
    count = "1 problem" if len(faults) == 1 else f"{len(faults)} problems"
    lines = [f"{file.name}: {count}. It would be refused."]
    for number, fault in enumerate(faults, 1):
        rest = dict(fault.context)
        where = place(str(rest.pop("where", "")))
        details = "; ".join(f"{key}: {value}" for key, value in rest.items())
        at = f"at {where}: " if where else ""
        more = f" ({details})" if details else ""
        lines.append(f"  {number}. {at}{sentence_for(fault.code)}{more} [{fault.code}]")
    return lines


# -- packages of our own


def new_package(options: argparse.Namespace) -> int:
    """Write a package that intake takes, or say everything that stands in its way."""
    from workstation.adapters.inbox import authoring, writing
    from workstation.adapters.inbox.folder import sentence_for
    from workstation.adapters.inbox.validation import check
    from workstation.adapters.system.clock import SystemClock

    if options.template:
        print(authoring.template(RequestKind(options.template), options.language), end="")
        return OK
    if options.patient_bundle and options.out is not None:
        from workstation.adapters.inbox.patient_bundle import from_patient_bundle

        now = SystemClock("UTC").now()
        try:
            made = from_patient_bundle(options.patient_bundle, RequestKind(options.request), now)
        except Refused as error:
            print(sentence_for(error.code), file=sys.stderr)
            return FAILED
        options.out.write_bytes(writing.json_package(made))
        print("\n".join(_report(options.out, check(options.out, _reader()))))
        return OK
    if options.photos is None or options.answers is None or options.out is None:
        print("Give --photos DIR, --answers FILE.toml and --out FILE, or --template REQUEST.")
        return USAGE
    if options.out.suffix not in (".zip", ".json"):
        print("The package is written as .zip or .json.", file=sys.stderr)
        return USAGE
    reader = _reader()
    try:
        out, faults = authoring.gather(
            options.photos, options.answers, SystemClock("UTC").now(), reader.tests
        )
    except Refused as error:
        print(f"{options.answers.name}: {error.context.get('reason')}", file=sys.stderr)
        return FAILED
    if faults:
        print(f"Nothing was written. {options.answers.name}:", file=sys.stderr)
        print("\n".join(f"  {fault}" for fault in faults), file=sys.stderr)
        return FAILED
    write = writing.json_package if options.out.suffix == ".json" else writing.zip_package
    options.out.write_bytes(write(out))
    checked = check(options.out, reader)
    print("\n".join(_report(options.out, checked)))
    if checked.faults:
        options.out.unlink()
    return FAILED if checked.faults else OK


# -- out of the house


def export_verbs(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    on_store: Callable[[argparse.ArgumentParser], None],
    opened: Callable[[argparse.Namespace], Opened],
) -> None:
    """The parser of ``export``; ``on_store`` adds the store's options, ``opened`` opens it."""
    out = commands.add_parser(
        "export", help="write consultations as packages, or queue and audit trail as CSV"
    )
    out.add_argument("what", choices=("consultation", "patient", "deidentified", "queue", "audit"))
    out.add_argument("--consultation", metavar="ID", action="append", default=[])
    out.add_argument("--patient", metavar="RECORD", help="the patient's record number")
    out.add_argument("--out", type=Path, required=True, metavar="PATH", help="folder, or CSV file")
    out.add_argument("--key-file", type=Path, metavar="FILE", help="deidentified: made when new")
    out.add_argument(
        "--hide-faces", action="store_true", help="deidentified: only counted zones of the face"
    )
    on_store(out)
    out.set_defaults(command=lambda options: export(options, opened))


def export(options: argparse.Namespace, opened: Callable[[argparse.Namespace], Opened]) -> int:
    """Write what is asked for; every export is audited."""
    with closing(opened(options)) as store:
        if options.what in ("queue", "audit"):
            return _tables(options, store)
        return _packages(options, store)


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
    from workstation.adapters.exports.outcome import outcome_bundle
    from workstation.adapters.inbox import deidentified, retelling, writing
    from workstation.domain.ids import ConsultationId
    from workstation.workflow import handing_over

    desk, session = store.desk, store.session
    ids = [ConsultationId(id) for id in options.consultation]
    if options.patient:
        ids += handing_over.of_patient(desk, session, options.patient)
    if not ids or (options.what == "deidentified") != (options.key_file is not None):
        print("Name --consultation or --patient; deidentified also needs --key-file.")
        return USAGE
    options.out.mkdir(parents=True, exist_ok=True)
    tests = _reader().tests
    for number, id in enumerate(ids, 1):
        given = handing_over.consultation(desk, session, id, options.what)
        out = retelling.retold(given.consultation, given.photos, tests)
        if options.what == "deidentified":
            clean = _cleaner(store, given, options.hide_faces)
            out = deidentified.deidentified(out, _key(options.key_file), clean)
            (options.out / f"{out.external_id}.zip").write_bytes(writing.zip_package(out))
            continue
        (options.out / f"consultation-{number:03d}.zip").write_bytes(writing.zip_package(out))
        outcome = json.dumps(outcome_bundle(given), ensure_ascii=False, indent=1)
        (options.out / f"consultation-{number:03d}.outcome.json").write_text(outcome, "utf-8")
    print(f"{len(ids)} written to {options.out}.")
    return OK


def _key(path: Path) -> bytes:
    if not path.exists():
        with path.open("xb") as file:
            path.chmod(0o600)
            file.write(secrets.token_bytes(32))
    return path.read_bytes()


def _cleaner(store: Opened, given: HandedOver, hide: bool) -> Clean:
    """Photos decoded in the capped child and written anew: nothing but pixels goes over."""
    from workstation.adapters.photos.anew import written_anew
    from workstation.content.zones import standard
    from workstation.domain.zones import outlines_of

    photos = {photo.digest: photo for photo in given.consultation.photos}
    draft = given.draft
    outlines = outlines_of(given.consultation.photos, standard(), draft.outlines, draft.mirrored)

    def clean(view: View, content: bytes) -> tuple[str, bytes]:
        photo = photos[hashlib.sha256(content).hexdigest()]
        kept = None
        if hide and view in FACE_VIEWS:
            kept = [o.polygon for o in outlines if o.photo == photo.id]
        return "image/jpeg", written_anew(store.desk.photos.decode(content), kept)

    return clean


# -- a FHIR server


def server_verbs(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    on_store: Callable[[argparse.ArgumentParser], None],
    opened: Callable[[argparse.Namespace], Opened],
) -> None:
    """The parser of ``fhir-server``: the only command that goes out to a network by itself."""
    out = commands.add_parser(
        "fhir-server", help="fetch packages from a FHIR server, or send results back to it"
    )
    out.add_argument("what", choices=("pull", "send"))
    out.add_argument("--server", required=True, metavar="URL", help="its base address, https://…")
    out.add_argument("--token-file", type=Path, metavar="FILE", help="bearer token")
    out.add_argument("--authorities", type=Path, metavar="FILE.pem", help="whose certificates")
    out.add_argument("--consultation", action="append", default=[], metavar="ID")
    out.add_argument("--subject", metavar="Patient/ID", help="send: the patient on the server")
    on_store(out)
    out.set_defaults(command=lambda options: fhir_server(options, opened))


def fhir_server(options: argparse.Namespace, opened: Callable[[argparse.Namespace], Opened]) -> int:
    """Pull fills the inbox folder and takes in what came; send creates each result once."""
    import time

    from workstation.adapters.inbox.server import STATE, FhirServer, ServerPlace

    token = options.token_file.read_text(encoding="utf-8").strip() if options.token_file else ""
    server = FhirServer(ServerPlace(options.server, token, options.authorities), time.sleep)
    if options.what == "send" and not (options.consultation and options.subject):
        print("Name --consultation and --subject.", file=sys.stderr)
        return USAGE
    with closing(opened(options)) as store:
        if options.what == "send":
            return _send(options, store, server)
        return _pull(store, server, store.folder / STATE)


def _pull(store: Opened, server: FhirServer, state: Path) -> int:
    from workstation.adapters.inbox.folder import Arrival, FolderInbox, sentence_for
    from workstation.workflow import intake

    inbox = FolderInbox(store.inbox)
    new = refused = number = 0
    for number, file in enumerate(server.pull(store.inbox, state), 1):
        if sys.stderr.isatty():
            print(f"\rFetched {number}", end="", file=sys.stderr)
        try:
            answer = intake.take(store.desk, file)
        except Refused as refusal:
            refused += 1
            kept = inbox.refuse(Arrival(file), refusal)
            print(f"{kept.name}: refused. {sentence_for(refusal.code)}")
            continue
        new += not isinstance(answer, intake.AlreadyHere)
        inbox.accept(Arrival(file))
    print(f"{number} fetched, {new} new or changed, {refused} refused.")
    return FAILED if refused else OK


def _send(options: argparse.Namespace, store: Opened, server: FhirServer) -> int:
    from workstation.adapters.exports.outcome import outcome_entries
    from workstation.domain.ids import ConsultationId
    from workstation.workflow import handing_over

    created = there = 0
    for id in options.consultation:
        given = handing_over.consultation(
            store.desk, store.session, ConsultationId(id), "fhir-server"
        )
        for resource in outcome_entries(given, {"reference": options.subject}):
            if server.send(resource):
                created += 1
            else:
                there += 1
    print(f"{created} sent, {there} there already.")
    return OK
