"""The command line: every command works on real stores and real files, or says why it cannot."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from workstation import (
    __version__,
    cli_annotations,
    cli_content,
    cli_exchange,
    cli_explain,
    cli_handing_over,
    cli_records,
    cli_server,
    cli_trust,
    cli_verify,
    cli_window,
)
from workstation.cli_parts import (
    FAILED,
    OK,
    USAGE,
    Told,
    never_lack_a_letter,
    of_file,
    on_store,
    open_named,
    say,
    sentence,
)
from workstation.cli_window import Wanted
from workstation.domain.errors import Refused, WorkstationError

if TYPE_CHECKING:
    from workstation.workflow.results import Filed


def make_demonstration(wanted: Wanted) -> None:
    """Make the demonstration clinic when it is not there yet, and say how to get in."""
    from workstation import showcase
    from workstation.adapters.system.clock import SystemClock

    clock = SystemClock(showcase.CLINIC.time_zone)
    showcase.prepare(wanted.folder, clock=clock, fresh=wanted.fresh, tell=print)
    print(f"User {showcase.LOGIN}, password '{showcase.PASSWORD}', PIN {showcase.PIN}")


def run(arguments: Sequence[str]) -> int | Wanted:
    """Run one command; the exit status: 0 done, 1 failed or found something, 2 wrong words."""
    never_lack_a_letter()
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int | Wanted] = options.command
    try:
        return command(options)
    except WorkstationError as error:
        return _fail(error)
    except KeyboardInterrupt:
        return FAILED
    except BrokenPipeError:
        # Whoever reads the output has read enough; nothing more is written, at the end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        return _fail(of_file(error, getattr(options, "out", None) or getattr(options, "to", None)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="workstation",
        description=(
            "Dermatology Workstation: photo consultations from lesion count to a signed "
            "prescription and lab-monitoring plan. Without a command the window opens on your own "
            "records; the first start sets them up."
        ),
        epilog="To try it with generated patients: workstation demo",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.set_defaults(command=cli_window.window)
    cli_window.looks(parser)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    demo = commands.add_parser(
        "demo", help="open the demonstration clinic (generated people, nobody real)"
    )
    cli_window.look(demo)
    demo.add_argument("--store", type=Path, metavar="DIR", help="where the demonstration is kept")
    demo.add_argument("--fresh", action="store_true", help="throw the demonstration away first")
    demo.set_defaults(command=_demo)

    opening = commands.add_parser(
        cli_window.OPEN, help="open the window, and hand it packages as a file manager does"
    )
    cli_window.looks(opening)
    opening.add_argument("files", nargs="*", type=Path, metavar="FILE")
    opening.set_defaults(command=_open)

    tour = commands.add_parser(
        "tour", help="drive the window through the main job and leave the evidence"
    )
    cli_window.look(tour)
    tour.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to leave it")
    tour.set_defaults(command=_tour)

    take = commands.add_parser(
        "import", help="take consultation packages and laboratory results into a store"
    )
    take.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="package, or folder of packages"
    )
    on_store(take)
    take.set_defaults(command=_import)

    dates = commands.add_parser(
        "calendar", help="write a signed plan as a calendar file (.ics) without names in titles"
    )
    dates.add_argument("record", metavar="RECORD", help="the patient's record number")
    dates.add_argument("--born", required=True, metavar="YYYY-MM-DD", help="and birth date")
    on_store(dates)
    dates.set_defaults(command=_calendar)

    queue = commands.add_parser("queue", help="list what waits, most pressing first")
    on_store(queue)
    queue.set_defaults(command=_queue)

    for part in (
        cli_annotations,
        cli_content,
        cli_exchange,
        cli_explain,
        cli_records,
        cli_verify,
    ):
        part.verbs(commands)
    for other in (cli_handing_over, cli_server, cli_trust):
        other.verbs(commands, on_store, open_named)
    return parser


# -- commands with a window: said here, done by ``__main__``, which alone may start one


def _open(options: argparse.Namespace) -> int | Wanted:
    from workstation import bootstrap, stores
    from workstation.adapters.inbox.hand_in import hand_in

    wanted = cli_window.window(options)
    if options.files and not stores.exists(wanted.folder):
        print("There are no records yet. Start the program once, then open the file again.")
        return FAILED
    for file in options.files:
        file.stat()  # none is handed over when one of them is not there
    if options.files:
        hand_in(wanted.folder / bootstrap.INBOX, options.files)
    return wanted


def _demo(options: argparse.Namespace) -> Wanted:
    if not cli_window.has_display():
        print("No display here, so no window can open. The tour runs instead, offscreen:")
        return Wanted("tour", Path("tour-out"), options.theme, options.size)
    from workstation import showcase

    folder = showcase.demo_folder(options.store)
    return Wanted("demo", folder, options.theme, options.size, fresh=options.fresh)


def _tour(options: argparse.Namespace) -> Wanted:
    return Wanted("tour", options.out, options.theme, options.size)


# -- commands on a store


def _import(options: argparse.Namespace) -> int:
    from workstation.adapters.inbox.folder import sentence_for
    from workstation.workflow import intake
    from workstation.workflow.results import Filed

    for path in options.paths:
        path.stat()  # nothing is taken in when one of them is not there
    files = [
        found
        for path in options.paths
        for found in (sorted(path.iterdir()) if path.is_dir() else [path])
        if found.is_file()
    ]
    results: list[dict[str, str]] = []
    with closing(open_named(options)) as opened:
        told = Told("Importing", len(files))
        for number, file in enumerate(files):
            told.at(number)
            try:
                answer = intake.bring(opened.desk, opened.session, file)
                if isinstance(answer, Filed):
                    results.append(_filed(file.name, answer))
                    continue
                kind = intake.WORDS[type(answer)]
                results.append({"file": file.name, "result": kind, "consultation": answer.id})
                if not isinstance(answer, intake.AlreadyHere) and answer.scripts:
                    mixes = " and ".join(answer.scripts)
                    results[-1]["why"] = f"Its patient's name mixes {mixes} letters: look twice."
            except Refused as refusal:
                sentence = sentence_for(refusal.code)
                results.append(
                    {"file": file.name, "result": "refused", "why": sentence, "code": refusal.code}
                )
            except KeyboardInterrupt:
                told.stopped(number)
                break
    say(
        options,
        results,
        (f"{r['file']}: {r['result']}" + (f". {r['why']}" if "why" in r else "") for r in results),
    )
    return FAILED if any(r["result"] == "refused" for r in results) else OK


def _filed(name: str, answer: Filed) -> dict[str, str]:
    """What became of a file of laboratory results."""
    if answer.again:
        return {"file": name, "result": "already here", "results": "0"}
    said = {"file": name, "result": "results stored", "results": str(answer.taken)}
    if answer.left_out:
        said["why"] = f"Not known here and left out: {', '.join(answer.left_out)}."
    if answer.item is not None:
        said["consultation"] = answer.item
    return said


def _calendar(options: argparse.Namespace) -> int:

    from workstation.workflow import plan_calendar

    try:
        born = date.fromisoformat(options.born)
    except ValueError:
        print("Write the birth date as 2003-03-14.", file=sys.stderr)
        return USAGE
    with closing(open_named(options)) as opened:
        with opened.desk.store.reading() as unit:
            found = unit.board.patients_by_record(options.record, born)
        if len(found) != 1:
            raise WorkstationError("export.patient.none")
        path = plan_calendar.export(opened.desk, opened.session, found[0])
    say(options, [{"file": str(path)}], [str(path)])
    return OK


def _queue(options: argparse.Namespace) -> int:
    from workstation.domain.triage import TriageLevel
    from workstation.workflow import queue
    from workstation.workflow.ports import QueueFilter

    with closing(open_named(options)) as opened:
        rows = queue.page(opened.desk, opened.session, QueueFilter(scope="all")).rows
    listed = [
        {
            "consultation": row.id,
            "level": TriageLevel(row.level).name,
            "codes": list(row.flag_codes),
            "status": row.status.value,
            "deadline": row.deadline.isoformat(),
            "patient": f"{row.family.upper()}, {row.given}",
            "record": row.external_id,
            "request": row.request.value,
            "stands_out": row.stands_out,
        }
        for row in rows
    ]
    say(
        options,
        listed,
        (
            f"{r['level']:9} {r['status']:19} {r['patient']:34} {r['consultation']}  "
            f"{r['stands_out']}"
            for r in listed
        ),
    )
    return OK


def _fail(error: WorkstationError) -> int:
    print(sentence(error), file=sys.stderr)
    where = ", ".join(f"{key} {value}" for key, value in error.context.items())
    print(f"({error.code}{': ' + where if where else ''})", file=sys.stderr)
    return FAILED
