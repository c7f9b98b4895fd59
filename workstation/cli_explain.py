"""``workstation explain``: why a document was signed, by the rules and numbers of its day."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from contextlib import closing

from workstation.cli_parts import FAILED, OK, on_store, open_named, say

NEWEST = 50  # documents listed unless more are asked for


def verbs(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of this command."""
    explain = commands.add_parser(
        "explain",
        help="tell why a document was signed, by the rules of its day; without a number, list them",
    )
    explain.add_argument("number", nargs="?", metavar="NUMBER", help="of a signed document")
    explain.add_argument(
        "--answers",
        action="store_true",
        help="with the patient\u2019s name and answers; without it only rules are told",
    )
    explain.add_argument(
        "--last", type=int, default=NEWEST, metavar="N", help=f"documents to list ({NEWEST})"
    )
    on_store(explain)
    explain.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Tell one document, or list all; 1 when the rules of its day are not there byte for byte."""
    return _list(options) if options.number is None else _explain(options)


def _list(options: argparse.Namespace) -> int:
    from workstation.workflow import retold

    with closing(open_named(options)) as opened:
        found = retold.listed(opened.desk, opened.session, max(0, options.last))
    rows = [
        {
            "number": one.document.number,
            "kind": one.document.kind.value,
            "signed_at": one.document.signed_at.isoformat(timespec="minutes"),
            "edition": one.stamp,
            "consultation": one.document.consultation,
        }
        for one in found
    ]
    lines = (
        f"{r['number']:16} {r['kind']:24} {r['signed_at']}  {r['edition']}  {r['consultation']}"
        for r in rows
    )
    say(
        options,
        rows,
        lines
        if rows
        else (
            "There is no signed document here that can be explained; those of an erased person cannot.",
        ),
    )
    return OK


def _explain(options: argparse.Namespace) -> int:
    from workstation.presenters import explaining
    from workstation.presenters.explaining import Point
    from workstation.workflow import retold

    with closing(open_named(options)) as opened:
        found = retold.explain(opened.desk, opened.session, options.number)
    told = explaining.told_of(found)
    answers = bool(options.answers)
    sections = (
        ("", told.proofs, True),
        ("What was decided", told.decided if answers else (), True),
        ("What stood in the way, and the answer", told.findings, answers),
        ("", (told.passed,) if told.passed is not None else (), answers),
    )
    lines = [f"{told.title}. {told.about}"]
    if answers:
        lines.append(f"Patient: {told.name}.")
    for heading, points, whole in sections:
        if heading and points:
            lines += ["", f"{heading}:"]
        lines += _lines(points, whole)
    if not answers:
        lines += ["", "The decision and the answers are told with --answers."]

    def plain(points: Iterable[Point], whole: bool) -> list[dict[str, object]]:
        return [
            {
                "tone": p.tone, "code": p.code, "says": p.title, "source": p.source,
                **({"rests_on": list(p.lines)} if whole else {}),
            }
            for p in points
        ]  # fmt: skip

    row: dict[str, object] = {
        "number": told.number,
        "edition": found.retold.edition,
        "exact": told.exact,
        "same_document": found.same,
        "gate_open": found.appraisal.gate.is_open,
        "findings": plain(told.findings, answers),
        "passed": told.passed.code.split(", ") if told.passed is not None else [],
    }
    if answers:
        row |= {"patient": told.name, "decided": plain(told.decided, True)}
    say(options, [row], lines)
    return OK if told.exact else FAILED


def _lines(points: Iterable[object], whole: bool) -> list[str]:
    from workstation.presenters.explaining import Point

    made = []
    for point in points:
        assert isinstance(point, Point)
        code = f"  [{point.code}]" if point.code else ""
        made.append(f"{point.tone:6} {point.title}{code}")
        if whole:
            made += [f"       {line}" for line in point.lines]
        if point.source:
            made.append(f"       {point.source}")
    return made
