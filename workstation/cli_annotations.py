"""Commands on annotations: out as files and back, second readings, agreement."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.cli_parts import FAILED, OK, on_store, open_named, say

if TYPE_CHECKING:
    from workstation.domain.exchange import Exchanged


def verbs(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parsers of these commands."""
    out = commands.add_parser(
        "export-annotations", help="write a consultation's annotations as COCO JSON, CSV or FHIR"
    )
    out.add_argument(
        "--consultation", required=True, metavar="ID", help="as workstation queue lists it"
    )
    out.add_argument("--format", choices=("coco", "csv", "fhir"), default="coco")
    out.add_argument("--out", type=Path, required=True, metavar="FILE", help="where to write it")
    on_store(out)
    out.set_defaults(command=_export_annotations)

    back = commands.add_parser(
        "import-annotations", help="merge a file of export-annotations back, as one undo step"
    )
    back.add_argument("--consultation", required=True, metavar="ID", help="where they belong")
    _takes_file(back)
    on_store(back)
    back.set_defaults(command=_import_annotations)

    second = commands.add_parser(
        "second-read", help="take a file of annotations as your own second reading, and finish it"
    )
    second.add_argument("--consultation", required=True, metavar="ID", help="what was read")
    _takes_file(second)
    on_store(second)
    second.set_defaults(command=_second_read)

    agree = commands.add_parser(
        "agreement", help="how far second readings agree with the first: ICC(2,1), weighted kappa"
    )
    agree.add_argument(
        "--consultation", required=True, action="append", metavar="ID", help="may be repeated"
    )
    agree.add_argument("--format", choices=("json", "csv"), default="json")
    on_store(agree)
    agree.set_defaults(command=_agreement)


def _takes_file(command: argparse.ArgumentParser) -> None:
    """The file of annotations that a command reads, in any form that is written here."""
    command.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="COCO or FHIR JSON (.json), CSV (.csv) or report of export dicom (.dcm)",
    )


def _export_annotations(options: argparse.Namespace) -> int:
    from workstation.adapters.exports import annotation_files
    from workstation.domain.ids import ConsultationId
    from workstation.workflow import exchange

    with closing(open_named(options)) as opened:
        found = exchange.export(opened.desk, opened.session, ConsultationId(options.consultation))
    text = annotation_files.written(found, options.format)
    try:
        options.out.write_text(text, encoding="utf-8", newline="")
    except OSError:
        print(f"{options.out.name}: cannot be written", file=sys.stderr)
        return FAILED
    number = len(found.annotations)
    say(options, [{"annotations": number}], (f"{number} annotations written",))
    return OK


def _import_annotations(options: argparse.Namespace) -> int:
    from workstation.domain.ids import ConsultationId
    from workstation.workflow import exchange

    given = _read(options.file)
    with closing(open_named(options)) as opened:
        changed = exchange.take(
            opened.desk, opened.session, ConsultationId(options.consultation), given
        )
    say(options, [{"changed": changed}], (f"{changed} items changed, as one undo step",))
    return OK


def _read(file: Path) -> Exchanged:
    """What a file of annotations holds; a DICOM report is read in the capped child."""
    from workstation.adapters.exports import annotation_files, coco
    from workstation.adapters.photos.decoder import PhotoDecoder

    file.stat()
    if file.suffix.lower() != ".dcm":
        return annotation_files.read(file)
    with closing(PhotoDecoder()) as decoder:
        return coco.read(decoder.report(annotation_files.content(file)))


def _second_read(options: argparse.Namespace) -> int:
    from workstation.domain.ids import ConsultationId
    from workstation.workflow import second_read

    given = _read(options.file)
    with closing(open_named(options)) as opened:
        desk, session = opened.desk, opened.session
        begun = second_read.begin(desk, session, ConsultationId(options.consultation))
        read = second_read.take(desk, session, begun, given)
        read = second_read.finish(desk, session, read)
    number = len(read.draft.annotations)
    said = f"{number} annotations read, round {read.round}, finished"
    say(options, [{"annotations": number, "round": read.round}], (said,))
    return OK


def _agreement(options: argparse.Namespace) -> int:
    from workstation.adapters.exports import agreement
    from workstation.domain.ids import ConsultationId
    from workstation.workflow import second_read

    with closing(open_named(options)) as opened:
        found = {
            id_: second_read.agreement(opened.desk, opened.session, ConsultationId(id_))
            for id_ in options.consultation
        }
        grades = [grade for grade, _ in opened.desk.catalogue.rubric.grades]
    write = agreement.to_csv if options.format == "csv" else agreement.to_json
    sys.stdout.write(write(found, grades))
    return OK
