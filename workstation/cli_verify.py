"""``workstation verify``: a signed file, or the QR code of a prescription, is what it says or not."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from workstation.cli_parts import FAILED, OK, USAGE, on_store, open_named

VERDICTS = {
    "valid": "Valid: exactly as it was signed.",
    "changed": "Changed since it was signed. Do not use it.",
    "untrusted": "Signed, but not by this clinic. Ask where it comes from.",
    "unsigned": "Not signed.",
    "broken": "Not a readable PDF.",
}
STANDINGS = {
    "current": " It is the current version.",
    "amended": " It was amended: {by} is in its place. Do not use it.",
    "void": " It is void by notice {by}. Do not use it.",
}
CODES = {
    "valid": "Valid: the clinic signed exactly these words.",
    "changed": "Changed: the clinic did not sign these words. Do not use it.",
    "untrusted": "Not confirmed by this clinic. Ask where it comes from.",
    "broken": "Not a QR code of this program.",
}


def verbs(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of this command."""
    verify = commands.add_parser(
        "verify", help="say whether a signed document, or a prescription's QR code, is genuine"
    )
    verify.add_argument("file", type=Path, nargs="?", metavar="FILE.pdf")
    verify.add_argument(
        "--qr", metavar="CODE", help="the QR code: its text, or a text, picture or PDF that has it"
    )
    verify.add_argument(
        "--certificate",
        type=Path,
        metavar="FILE",
        help="with --qr: the clinic's certificate for its QR codes; then no store is needed",
    )
    verify.add_argument("--name", metavar="NAME", help="with --qr: is it of this patient,")
    verify.add_argument("--born", metavar="YYYY-MM-DD", help="born on this day?")
    on_store(verify)
    verify.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Check the file or the code."""
    if (options.file is None) == (options.qr is None):
        print("Give a file, or a code with --qr.", file=sys.stderr)
        return USAGE
    if options.qr is not None:
        return _code(options)
    from workstation import bootstrap

    try:
        pdf = options.file.read_bytes()
    except OSError:
        print(f"{options.file.name}: cannot be read", file=sys.stderr)
        return USAGE
    with closing(open_named(options)) as opened:
        found = bootstrap.verify(opened, pdf)
    if options.json:
        print(json.dumps(found, indent=1))
    else:
        print(_verdict(found))
    return OK if found["holds"] else FAILED


def _code(options: argparse.Namespace) -> int:
    from workstation import bootstrap

    born = None
    if (options.name is None) != (options.born is None):
        print("--name and --born go together.", file=sys.stderr)
        return USAGE
    if options.born is not None:
        try:
            born = date.fromisoformat(options.born)
        except ValueError:
            print("Write the birth date as 2003-03-14.", file=sys.stderr)
            return USAGE
    who = None if born is None else (options.name, born)
    codes = bootstrap.codes_of(options.qr)
    if options.certificate is not None:
        try:
            certificate = options.certificate.read_bytes()
        except OSError:
            print(f"{options.certificate.name}: cannot be read", file=sys.stderr)
            return USAGE
        found = [bootstrap.verify_code_outside(code, certificate, who) for code in codes]
    else:
        with closing(open_named(options)) as opened:
            found = [bootstrap.verify_code(opened, code, who) for code in codes]
    if options.json:
        print(json.dumps(found, indent=1))
    else:
        print("\n\n".join(_said(one) for one in found))
    return OK if all(one["holds"] for one in found) else FAILED


def _said(found: Mapping[str, Any]) -> str:
    lines = [CODES[str(found["state"])]]
    says = found["says"]
    if says:
        lines.append(
            f"It says: document {says['number']}, record code {says['record_code']}, "
            f"issued {says['issued']}, dispense by {says['dispense_by'] or 'no date given'}."
        )
        lines += [
            f"  {one['name']}: {one['quantity']} {one['unit'].lower()}, "
            f"{one['days']} days, refills {one['refills']}"
            for one in says["items"]
        ]
        lines.append("Compare this with the page.")
    if found["of_patient"] is not None:
        lines.append(
            "It was made for this patient."
            if found["of_patient"]
            else "It was not made for this patient. Do not use it."
        )
    if found["standing"]:
        lines.append(f"This store holds it.{STANDINGS[found['standing']]}".format(by=found["by"]))
    elif found["certificate"]:
        lines.append(f"Certificate: {found['certificate']}. Whether it is void, the clinic knows.")
    return "\n".join((*lines, *(str(code) for code in found["because"])))


def _verdict(found: Mapping[str, Any]) -> str:
    lines = [VERDICTS[str(found["state"])]]
    if found["signer"]:
        lines.append(f"Signed by {found['signer']}, {found['signed_at']}, {found['level']}.")
    number = found["number"]
    known = f"It is document {number} of this store." if number else "This store does not hold it."
    if found["patient"]:
        known += f" Patient {found['patient']}."
    known += STANDINGS.get(str(found["standing"]), "").format(by=found["successor"])
    return "\n".join((*lines, known, *(str(code) for code in found["because"])))
