"""Commands on intake packages: check those of others, make one of one's own."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.cli_parts import FAILED, OK, USAGE, package_reader
from workstation.domain.consultation import RequestKind
from workstation.domain.errors import Refused

if TYPE_CHECKING:
    from workstation.adapters.inbox.validation import Checked
    from workstation.workflow.ports import ReceivedPhoto

ASKED = tuple(r.value for r in RequestKind if r is not RequestKind.RESULT)


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
    new.add_argument(
        "--photos", type=Path, metavar="DIR", help="JPEG, PNG, WebP, HEIC or DICOM files"
    )
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


# -- packages of others


def validate_package(options: argparse.Namespace) -> int:
    """Each file with all its faults; exit 0 only when all would be taken."""
    from workstation.adapters.inbox.validation import check
    from workstation.adapters.photos.decoder import PhotoDecoder

    for file in options.files:
        file.stat()  # one that is not there is a slip of the keys, no fault of a package
    read = package_reader()
    rows: list[dict[str, object]] = []
    with closing(PhotoDecoder()) as decoder:

        def examine(photo: ReceivedPhoto, on: date) -> None:
            if decoder.examine(photo.content, on).media_type != photo.declared_type:
                raise Refused("intake.photo.type")

        for file in options.files:
            checked = check(file, read, examine)
            rows.append(_row(file, checked))
            if not options.json:
                print("\n".join(_report(file, checked)))
    if options.json:
        print(json.dumps(rows, indent=1))
    return FAILED if any(row["faults"] for row in rows) else OK


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
        "name_scripts": list(_mixed(checked)),
    }


def _mixed(checked: Checked) -> tuple[str, ...]:
    """Scripts that the patient's name mixes, if it does."""
    from workstation.domain.scripts import mixed_name

    if checked.received is None:
        return ()
    who = checked.received.patient
    found = mixed_name(who.family, who.given, who.native_name)
    return found.scripts if found is not None else ()


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
        if scripts := _mixed(checked):
            mixes = " and ".join(scripts)
            lines.append(f"  The patient's name mixes {mixes} letters: is every letter right?")
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
    from workstation.adapters.inbox import answers_file, authoring, writing
    from workstation.adapters.inbox.folder import sentence_for
    from workstation.adapters.inbox.validation import check
    from workstation.adapters.photos.decoder import PhotoDecoder
    from workstation.adapters.system.clock import SystemClock

    if options.template:
        print(answers_file.template(RequestKind(options.template), options.language), end="")
        return OK
    if options.patient_bundle and options.out is not None:
        from workstation.adapters.inbox.patient_bundle import from_patient_bundle

        options.patient_bundle.stat()
        now = SystemClock("UTC").now()
        try:
            made = from_patient_bundle(options.patient_bundle, RequestKind(options.request), now)
        except Refused as error:
            print(sentence_for(error.code), file=sys.stderr)
            return FAILED
        options.out.write_bytes(writing.json_package(made))
        print("\n".join(_report(options.out, check(options.out, package_reader()))))
        return OK
    if options.photos is None or options.answers is None or options.out is None:
        print("Give --photos DIR, --answers FILE.toml and --out FILE, or --template REQUEST.")
        return USAGE
    if options.out.suffix not in (".zip", ".json"):
        print("The package is written as .zip or .json.", file=sys.stderr)
        return USAGE
    for given in (options.photos, options.answers):
        given.stat()
    read = package_reader()
    try:
        with closing(PhotoDecoder()) as decoder:
            out, faults = authoring.gather(
                options.photos,
                options.answers,
                SystemClock("UTC").now(),
                read.tests,
                decoder.unwrap,
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
    checked = check(options.out, read)
    print("\n".join(_report(options.out, checked)))
    if checked.faults:
        options.out.unlink()
    return FAILED if checked.faults else OK
