"""``workstation check-content``: the check of clinical content and of test vectors."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from workstation.cli_parts import FAILED, OK, USAGE


def verbs(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of this command."""
    check = commands.add_parser(
        "check-content", help="check all clinical content and its examples; run test vectors"
    )
    check.add_argument("--cases", type=Path, metavar="FILE.json", help="vectors to run as well")
    check.add_argument(
        "--overlay", type=Path, metavar="DIR", help="a clinic's own rules to check over it"
    )
    check.add_argument(
        "--schemas", action="store_true", help="print what the cases of every kind hold, and stop"
    )
    check.add_argument(
        "--untranslated",
        action="store_true",
        help="list texts without their words in another language, and let them pass",
    )
    check.add_argument(
        "--recalled", action="store_true", help="list each statement that was never looked up"
    )
    check.add_argument(
        "--keep", action="store_true", help="keep the rules in force as an older edition, and stop"
    )
    check.add_argument("--json", action="store_true", help="print the results as JSON")
    check.set_defaults(command=_check_content)


def _check_content(options: argparse.Namespace) -> int:
    from workstation import assets
    from workstation.content import catalogue, check, vectors
    from workstation.content.editions import keep

    if options.schemas:
        return _schemas(options)
    if options.overlay is not None:
        options.overlay.stat()  # a folder that is not there would pass as one without rules
    clinical = assets.resource("clinical")
    if options.keep:
        print(f"Kept: {keep(clinical)}")
        return OK
    report = check.check(
        clinical, assets.resource("intake"), options.overlay, assets.resource("language")
    )
    cases = vectors.run(options.cases, catalogue.load(clinical)) if options.cases else ()
    bad = [case for case in cases if not case.passed]
    if options.json:
        plain = [vectors.plain(case) for case in cases]
        told = list(report.lines(recalled=True))
        print(json.dumps({"content": told, "cases": plain}, indent=1, default=str))
    else:
        for line in report.lines(options.recalled):
            print(line)
        for case in bad:
            print(case.text())
        if options.cases:
            print(f"{len(cases) - len(bad)} of {len(cases)} cases as expected")
    if any(case.unsupported for case in bad):
        return USAGE
    spoken = options.untranslated or not report.untold
    return OK if report.passed and spoken and not bad else FAILED


def _schemas(options: argparse.Namespace) -> int:
    from workstation import assets
    from workstation.content.vector_schemas import read_schemas

    kinds = read_schemas(assets.resource("authoring", "vector-kinds.toml"))
    if options.json:
        print(json.dumps([kind.plain() for kind in kinds], indent=1))
    else:
        print("\n".join(line for kind in kinds for line in kind.lines()))
    return OK
