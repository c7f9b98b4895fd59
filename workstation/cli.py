"""The command line: every command works on real stores and real files, or says why it cannot."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from workstation import __version__, cli_exchange, cli_trust
from workstation.domain.errors import Refused, WorkstationError

if TYPE_CHECKING:
    from workstation.bootstrap import Opened
    from workstation.domain.ids import PatientId
    from workstation.workflow.results import Filed

APT_LINE = (
    "sudo apt-get install -y libgl1 libegl1 libfontconfig1 libdbus-1-3 libxkbcommon0 libglib2.0-0"
)
APT_X = (
    "sudo apt-get install -y libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-image0 "
    "libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0 libx11-xcb1"
)
OK, FAILED, USAGE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """A window (``window``, ``demo``) or the ``tour`` is wanted: on which folder, how it looks."""

    kind: str
    folder: Path
    theme: str
    size: tuple[int, int] | None
    fresh: bool = False


def make_demonstration(wanted: Wanted) -> None:
    """Make the demonstration clinic when it is not there yet, and say how to get in."""
    from workstation import showcase
    from workstation.adapters.system.clock import SystemClock

    clock = SystemClock(showcase.CLINIC.time_zone)
    showcase.prepare(wanted.folder, clock=clock, fresh=wanted.fresh, tell=print)
    print(f"User {showcase.LOGIN}, password '{showcase.PASSWORD}', PIN {showcase.PIN}")


def run(arguments: Sequence[str]) -> int | Wanted:
    """Run one command; the exit status: 0 done, 1 failed or found something, 2 wrong words."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int | Wanted] = options.command
    try:
        return command(options)
    except WorkstationError as error:
        return _fail(error)
    except KeyboardInterrupt:
        return FAILED


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
    parser.set_defaults(command=_window)
    _looks(parser)
    parser.add_argument("--store", type=Path, metavar="DIR", help="folder of the records")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    demo = commands.add_parser(
        "demo", help="open the demonstration clinic (generated people, nobody real)"
    )
    _looks(demo)
    demo.add_argument("--store", type=Path, metavar="DIR", help="where the demonstration is kept")
    demo.add_argument("--fresh", action="store_true", help="throw the demonstration away first")
    demo.set_defaults(command=_demo)

    tour = commands.add_parser(
        "tour", help="drive the window through the main job and leave the evidence"
    )
    _looks(tour)
    tour.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to leave it")
    tour.set_defaults(command=_tour)

    take = commands.add_parser(
        "import", help="take consultation packages and laboratory results into a store"
    )
    take.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="package, or folder of packages"
    )
    _on_store(take)
    take.set_defaults(command=_import)

    dates = commands.add_parser(
        "calendar", help="write a signed plan as a calendar file (.ics) without names in titles"
    )
    dates.add_argument("record", metavar="RECORD", help="the patient's record number")
    dates.add_argument("--born", required=True, metavar="YYYY-MM-DD", help="and birth date")
    _on_store(dates)
    dates.set_defaults(command=_calendar)

    queue = commands.add_parser("queue", help="list what waits, most pressing first")
    _on_store(queue)
    queue.set_defaults(command=_queue)

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
    check.add_argument("--json", action="store_true", help="print the results as JSON")
    check.set_defaults(command=_check_content)

    verify = commands.add_parser("verify", help="say whether a signed document is what was signed")
    verify.add_argument("file", type=Path, metavar="FILE.pdf")
    _on_store(verify)
    verify.set_defaults(command=_verify)

    _annotation_verbs(commands)
    cli_exchange.verbs(commands)
    cli_exchange.export_verbs(commands, _on_store, _opened)
    cli_exchange.server_verbs(commands, _on_store, _opened)

    audit = commands.add_parser("audit", help="check the audit trail's chain and list its entries")
    audit.add_argument("--last", type=int, default=20, metavar="N", help="entries to list (20)")
    _on_store(audit)
    audit.set_defaults(command=_audit)
    cli_trust.verbs(commands, _on_store, _opened)
    _records(commands)
    return parser


def _records(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Commands that keep, move and bring back whole stores."""
    fired = commands.add_parser(
        "analytics", help="how often each safety rule fired and was reasoned away"
    )
    _on_store(fired)
    fired.set_defaults(command=_analytics)

    backup = commands.add_parser("backup", help="write an encrypted backup and read it back")
    backup.add_argument("--to", type=Path, required=True, metavar="DIR", help="folder of backups")
    _on_store(backup)
    backup.set_defaults(command=_backup)

    restore = commands.add_parser("restore", help="bring a backup back into a new folder")
    restore.add_argument("backup", type=Path, metavar="BACKUP", help="folder of one backup")
    restore.add_argument("--to", type=Path, metavar="DIR", help="new folder of the records")
    restore.add_argument(
        "--drill", action="store_true", help="restore privately, open everything, throw it away"
    )
    restore.add_argument(
        "--check", action="store_true", help="only compare the files (no password needed)"
    )
    _on_store(restore)
    restore.set_defaults(command=_restore)

    erase = commands.add_parser("erase-patient", help="erase a person as far as the law allows")
    erase.add_argument("--reason", required=True, help="why; kept on the audit trail")
    over = commands.add_parser("export-patient", help="write everything of one person to a folder")
    over.add_argument("--to", type=Path, required=True, metavar="DIR", help="new folder, in clear")
    for parser, command in ((erase, _erase), (over, _hand_over)):
        parser.add_argument("record", metavar="RECORD", help="the person's record number")
        parser.add_argument("born", type=_day, metavar="BORN", help="date of birth, YYYY-MM-DD")
        _on_store(parser)
        parser.set_defaults(command=command)

    recover = commands.add_parser("recover", help="set a new password by the recovery key")
    _on_store(recover)
    recover.set_defaults(command=_recover)

    move = commands.add_parser("move-store", help="carry the records to a clinic's server")
    _on_server(move)
    _on_store(move)
    move.set_defaults(command=_move_store)

    join = commands.add_parser("join-clinic", help="work on a clinic's server from this computer")
    _on_server(join)
    join.set_defaults(command=_join_clinic)


def _annotation_verbs(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    out = commands.add_parser(
        "export-annotations", help="write a consultation's annotations as COCO JSON or CSV"
    )
    out.add_argument(
        "--consultation", required=True, metavar="ID", help="as workstation queue lists it"
    )
    out.add_argument("--format", choices=("coco", "csv"), default="coco")
    out.add_argument("--out", type=Path, required=True, metavar="FILE", help="where to write it")
    _on_store(out)
    out.set_defaults(command=_export_annotations)

    back = commands.add_parser(
        "import-annotations", help="merge a file of export-annotations back, as one undo step"
    )
    back.add_argument("--consultation", required=True, metavar="ID", help="where they belong")
    back.add_argument("file", type=Path, metavar="FILE", help="COCO JSON (.json) or CSV (.csv)")
    _on_store(back)
    back.set_defaults(command=_import_annotations)

    second = commands.add_parser(
        "second-read", help="take a file of annotations as your own second reading, and finish it"
    )
    second.add_argument("--consultation", required=True, metavar="ID", help="what was read")
    second.add_argument("file", type=Path, metavar="FILE", help="COCO JSON (.json) or CSV (.csv)")
    _on_store(second)
    second.set_defaults(command=_second_read)

    agree = commands.add_parser(
        "agreement", help="how far second readings agree with the first: ICC(2,1), weighted kappa"
    )
    agree.add_argument(
        "--consultation", required=True, action="append", metavar="ID", help="may be repeated"
    )
    agree.add_argument("--format", choices=("json", "csv"), default="json")
    _on_store(agree)
    agree.set_defaults(command=_agreement)


def _looks(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--theme", choices=("light", "dark", "system"), default="light")
    parser.add_argument("--size", type=_size, metavar="WxH", help="window size, as 1440x900")


def _on_store(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", type=Path, metavar="DIR", help="folder of the records")
    parser.add_argument("--user", metavar="NAME", help="who signs in")
    parser.add_argument(
        "--password-file", metavar="FILE", help="file with the password, or - for standard input"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def _on_server(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--server",
        required=True,
        metavar="URL",
        help="postgresql+psycopg://user@host/database?sslmode=verify-full, without a password",
    )
    parser.add_argument(
        "--vault", type=Path, required=True, metavar="DIR", help="shared folder of photos and PDFs"
    )
    parser.add_argument(
        "--to", type=Path, required=True, metavar="DIR", help="new folder of this computer's part"
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("write the date as 2003-03-14") from None


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise argparse.ArgumentTypeError("write the size as 1440x900")
    return int(width), int(height)


# -- commands with a window: said here, done by ``__main__``, which alone may start one


def _window(options: argparse.Namespace) -> Wanted:
    from workstation.adapters.system import folders

    return Wanted("window", options.store or folders.default_store(), options.theme, options.size)


def _demo(options: argparse.Namespace) -> Wanted:
    if not has_display():
        print("No display here, so no window can open. The tour runs instead, offscreen:")
        return Wanted("tour", Path("tour-out"), options.theme, options.size)
    from workstation import showcase

    folder = showcase.demo_folder(options.store)
    return Wanted("demo", folder, options.theme, options.size, fresh=options.fresh)


def _tour(options: argparse.Namespace) -> Wanted:
    return Wanted("tour", options.out, options.theme, options.size)


def has_display() -> bool:
    """Whether a window can open here."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def no_window_system(error: ImportError) -> int:
    """Say which libraries the window system lacks, with the line that installs them."""
    print(f"The window system's libraries are not complete: {error}", file=sys.stderr)
    print(f"Install them with:\n  {APT_LINE}\n  {APT_X}", file=sys.stderr)
    return FAILED


# -- commands on a store


def _import(options: argparse.Namespace) -> int:
    from workstation.adapters.inbox.folder import sentence_for
    from workstation.workflow import intake
    from workstation.workflow.results import Filed

    files = [
        found
        for path in options.paths
        for found in (sorted(path.iterdir()) if path.is_dir() else [path])
        if found.is_file()
    ]
    results: list[dict[str, str]] = []
    with closing(_opened(options)) as opened:
        for number, file in enumerate(files):
            cli_exchange.tell(number, len(files))
            try:
                answer = intake.take(opened.desk, file)
                if isinstance(answer, Filed):
                    results.append(_filed(file.name, answer))
                    continue
                kind = intake.WORDS[type(answer)]
                results.append({"file": file.name, "result": kind, "consultation": answer.id})
            except Refused as refusal:
                sentence = sentence_for(refusal.code)
                results.append(
                    {"file": file.name, "result": "refused", "why": sentence, "code": refusal.code}
                )
            except KeyboardInterrupt:
                left = len(files) - number
                print(f"Stopped; {left} files left. The same command goes on.", file=sys.stderr)
                break
    _say(
        options,
        results,
        (f"{r['file']}: {r['result']} {r.get('why', '')}".rstrip() for r in results),
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
    from datetime import date

    from workstation.workflow import plan_calendar

    try:
        born = date.fromisoformat(options.born)
    except ValueError:
        print("Write the birth date as 2003-03-14.", file=sys.stderr)
        return USAGE
    with closing(_opened(options)) as opened:
        with opened.desk.store.reading() as unit:
            found = unit.board.patients_by_record(options.record, born)
        if len(found) != 1:
            raise WorkstationError("export.patient.none")
        path = plan_calendar.export(opened.desk, opened.session, found[0])
    _say(options, [{"file": str(path)}], [str(path)])
    return OK


def _queue(options: argparse.Namespace) -> int:
    from workstation.domain.triage import TriageLevel
    from workstation.workflow import queue
    from workstation.workflow.ports import QueueFilter

    with closing(_opened(options)) as opened:
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
    _say(
        options,
        listed,
        (
            f"{r['level']:9} {r['status']:19} {r['patient']:34} {r['consultation']}  "
            f"{r['stands_out']}"
            for r in listed
        ),
    )
    return OK


def _check_content(options: argparse.Namespace) -> int:
    from workstation import assets
    from workstation.content import catalogue, check, vectors

    if options.schemas:
        return _schemas(options)
    clinical = assets.resource("clinical")
    report = check.check(clinical, assets.resource("intake"), options.overlay)
    cases = vectors.run(options.cases, catalogue.load(clinical)) if options.cases else ()
    bad = [case for case in cases if not case.passed]
    if options.json:
        plain = [vectors.plain(case) for case in cases]
        print(json.dumps({"content": list(report.lines()), "cases": plain}, indent=1, default=str))
    else:
        for line in report.lines():
            print(line)
        for case in bad:
            print(case.text())
        if options.cases:
            print(f"{len(cases) - len(bad)} of {len(cases)} cases as expected")
    if any(case.unsupported for case in bad):
        return USAGE
    return OK if report.passed and not bad else FAILED


def _schemas(options: argparse.Namespace) -> int:
    from workstation import assets
    from workstation.content.vector_schemas import read_schemas

    kinds = read_schemas(assets.resource("authoring", "vector-kinds.toml"))
    if options.json:
        print(json.dumps([kind.plain() for kind in kinds], indent=1))
    else:
        print("\n".join(line for kind in kinds for line in kind.lines()))
    return OK


def _verify(options: argparse.Namespace) -> int:
    from workstation import bootstrap

    try:
        pdf = options.file.read_bytes()
    except OSError:
        print(f"{options.file.name}: cannot be read", file=sys.stderr)
        return USAGE
    with closing(_opened(options)) as opened:
        found = bootstrap.verify(opened, pdf)
    if options.json:
        print(json.dumps(found, indent=1))
    else:
        print(_verdict(found))
    return OK if found["holds"] else FAILED


def _export_annotations(options: argparse.Namespace) -> int:
    from workstation.adapters.exports import annotation_csv, coco
    from workstation.domain.ids import ConsultationId
    from workstation.workflow import exchange

    with closing(_opened(options)) as opened:
        found = exchange.export(opened.desk, opened.session, ConsultationId(options.consultation))
    text = coco.write(found) if options.format == "coco" else annotation_csv.write(found)
    try:
        options.out.write_text(text, encoding="utf-8", newline="")
    except OSError:
        print(f"{options.out.name}: cannot be written", file=sys.stderr)
        return FAILED
    number = len(found.annotations)
    _say(options, [{"annotations": number}], (f"{number} annotations written",))
    return OK


def _second_read(options: argparse.Namespace) -> int:
    from workstation.adapters.exports import annotation_files
    from workstation.domain.ids import ConsultationId
    from workstation.workflow import second_read

    given = annotation_files.read(options.file)
    with closing(_opened(options)) as opened:
        desk, session = opened.desk, opened.session
        begun = second_read.begin(desk, session, ConsultationId(options.consultation))
        read = second_read.take(desk, session, begun, given)
        read = second_read.finish(desk, session, read)
    number = len(read.draft.annotations)
    said = f"{number} annotations read, round {read.round}, finished"
    _say(options, [{"annotations": number, "round": read.round}], (said,))
    return OK


def _agreement(options: argparse.Namespace) -> int:
    from workstation.adapters.exports import agreement
    from workstation.domain.ids import ConsultationId
    from workstation.workflow import second_read

    with closing(_opened(options)) as opened:
        found = {
            id_: second_read.agreement(opened.desk, opened.session, ConsultationId(id_))
            for id_ in options.consultation
        }
        grades = [grade for grade, _ in opened.desk.catalogue.rubric.grades]
    write = agreement.to_csv if options.format == "csv" else agreement.to_json
    sys.stdout.write(write(found, grades))
    return OK


def _import_annotations(options: argparse.Namespace) -> int:
    from workstation.adapters.exports import annotation_files
    from workstation.domain.ids import ConsultationId
    from workstation.workflow import exchange

    given = annotation_files.read(options.file)
    with closing(_opened(options)) as opened:
        changed = exchange.take(
            opened.desk, opened.session, ConsultationId(options.consultation), given
        )
    _say(options, [{"changed": changed}], (f"{changed} items changed, as one undo step",))
    return OK


def _audit(options: argparse.Namespace) -> int:
    from workstation import bootstrap

    with closing(_opened(options)) as opened:
        report = bootstrap.check_audit(opened, options.last)
    if options.json:
        print(json.dumps(report, indent=1))
    else:
        for entry in report["entries"]:
            print(
                f"{entry['seq']:>6} {entry['at']} {entry['actor']:34} {entry['action']} {entry['subject']}"
            )
        print(report["sentence"])
    return OK if report["whole"] else FAILED


def _analytics(options: argparse.Namespace) -> int:
    from workstation.workflow import alerts

    with closing(_opened(options)) as opened:
        uses = alerts.analytics(opened.desk, opened.session)
    rows = [
        {
            "code": use.code,
            "title": use.title,
            "level": use.level,
            "fired": use.fired,
            "waived": use.waived,
            "percent": use.percent,
            "cleared": use.cleared,
            "stands": use.stands,
            "listed": use.often,
            "reasons": dict(use.reasons),
        }
        for use in uses
    ]
    if options.json:
        print(json.dumps(rows, indent=1))
        return OK
    print(f"{'rule':28} {'level':9} {'fired':>6} {'waived':>7} {'%':>4} {'cleared':>8}  listed")
    for use in uses:
        print(
            f"{use.code:28} {use.level:9} {use.fired:>6} {use.waived:>7} {use.percent:>4} "
            f"{use.cleared:>8}  {'yes' if use.often else ''}"
        )
    return OK


def _backup(options: argparse.Namespace) -> int:
    from workstation.workflow import backup

    with closing(_opened(options)) as opened:
        made = backup.make(opened.desk, opened.session, opened.backups, options.to, _counted())
    row = {
        "backup": str(made.folder),
        "consultations": made.consultations,
        "files": made.files,
        "copied": made.copied,
        "removed_backups": made.removed,
    }
    line = (
        f"{made.consultations} consultations and {made.files} encrypted files, {made.copied} new, "
        f"written and read back: {made.folder}"
    )
    _say(options, [row], [line])
    return OK


def _restore(options: argparse.Namespace) -> int:
    from workstation import bootstrap

    if options.check:
        found = bootstrap.check_backup(options.backup)
        line = f"Whole: made {found.made_at:%Y-%m-%d %H:%M} UTC, {found.blobs} files."
        _say(options, [{"whole": True, "files": found.blobs, "rows": found.rows}], [line])
        return OK
    if options.drill:
        tried = bootstrap.restore_drill(options.backup, *_credentials(options), _counted())
        line = (
            f"Restored and opened in {tried.seconds:.1f} s: {tried.rows['consultation']} "
            f"consultations, {tried.photos_and_documents} photos and documents. Thrown away again."
        )
        _say(options, [{"seconds": tried.seconds, "rows": tried.rows}], [line])
        return OK
    if options.to is None:
        print("Say where to restore to: --to DIR (a new folder).", file=sys.stderr)
        return USAGE
    with closing(
        bootstrap.restore(options.backup, options.to, *_credentials(options), _counted())
    ) as opened:
        _say(options, [{"store": str(opened.folder)}], [f"Restored: {opened.folder}"])
    return OK


def _patient(opened: Opened, options: argparse.Namespace) -> PatientId:
    with opened.desk.store.reading() as unit:
        found = unit.board.patients_by_record(options.record, options.born)
    if len(found) != 1:
        raise WorkstationError("export.patient.none")
    return found[0]


def _erase(options: argparse.Namespace) -> int:
    from workstation.workflow import person, settings

    with closing(_opened(options)) as opened:
        patient = _patient(opened, options)
        erased = person.erase(opened.desk, opened.session, patient, options.reason)
        years = settings.read(opened.desk, opened.session).number(person.RETENTION)
    until = person.kept_until(erased, years)
    lines = [
        f"Erased: {erased.consultations} consultations, {erased.rows} entries, "
        f"{len(erased.files)} files.",
        f"Kept until {until.date()}, as the law wants: {', '.join(erased.kept)}."
        if until is not None
        else "Nothing signed had to be kept; the name is gone too.",
        "The audit trail stays; it holds no names. Backups made before still hold everything.",
    ]
    told = {"kept": list(erased.kept), "kept_until": until.isoformat() if until else None}
    _say(options, [{**told, "rows": erased.rows, "files": len(erased.files)}], lines)
    return OK


def _hand_over(options: argparse.Namespace) -> int:
    from workstation.adapters.exports.person import FolderHandover
    from workstation.workflow import person

    with closing(_opened(options)) as opened:
        patient = _patient(opened, options)
        held = person.hand_over(opened.desk, opened.session, patient, FolderHandover(options.to))
    words = f"{len(held)} consultations written to {options.to}, in clear: give it to the patient."
    _say(options, [{"consultations": len(held), "folder": str(options.to)}], [words])
    return OK


def _move_store(options: argparse.Namespace) -> int:
    from workstation import bootstrap
    from workstation.adapters.system import folders

    folder = options.store or folders.default_store()
    if not bootstrap.exists(folder):
        raise WorkstationError("store.none")
    moved = bootstrap.move_to_server(
        folder, *_credentials(options), options.server, options.vault, options.to, _counted()
    )
    line = (
        f"{moved.rows['consultation']} consultations and {moved.files} files carried over, every "
        f"table and file compared. Open {options.to} from now on; the old folder no longer opens."
    )
    _say(options, [{"rows": moved.rows, "files": moved.files}], [line])
    return OK


def _recover(options: argparse.Namespace) -> int:
    """The recovery key and the new password are typed, or are two lines of the password file."""
    from workstation import bootstrap
    from workstation.adapters.system import folders

    folder = options.store or folders.default_store()
    if not bootstrap.exists(folder):
        raise WorkstationError("store.none")
    user = options.user or input("User: ")
    if options.password_file:
        typed = sys.stdin.read() if options.password_file == "-" else None
        lines = (typed or Path(options.password_file).read_text(encoding="utf-8")).splitlines()
        code, password = (*lines, "", "")[:2]
    else:
        code = getpass.getpass("Recovery key: ")
        password = getpass.getpass("New password: ")
        if getpass.getpass("New password again: ") != password:
            print("The two are not the same. Nothing was changed.", file=sys.stderr)
            return FAILED
    bootstrap.recover(folder, code, user, password)
    print(
        "The new password opens the records. The signing key was lost with the old one: the "
        "clinic's administrator gives a new PIN and certificate in Settings."
    )
    return OK


def _join_clinic(options: argparse.Namespace) -> int:
    from workstation import bootstrap

    bootstrap.join_clinic(options.server, options.vault, options.to)
    print(f"This computer works on the clinic's server. Start: workstation --store {options.to}")
    return OK


def _counted() -> Callable[[int, int], None] | None:
    """Progress on a terminal, one line that is written over."""
    if not sys.stderr.isatty():
        return None

    def told(done: int, of: int) -> None:
        if done == of or done % 100 == 0:
            print(f"\r{done:,} of {of:,} files", end="\n" if done == of else "", file=sys.stderr)

    return told


def _opened(options: argparse.Namespace) -> Opened:
    from workstation import bootstrap
    from workstation.adapters.system import folders

    folder = options.store or folders.default_store()
    if not bootstrap.exists(folder):
        raise WorkstationError("store.none")
    return bootstrap.open_desk(folder, *_credentials(options))


def _credentials(options: argparse.Namespace) -> tuple[str, str]:
    user = options.user or input("User: ")
    if options.password_file == "-":
        password = sys.stdin.readline().rstrip("\n")
    elif options.password_file:
        password = Path(options.password_file).read_text(encoding="utf-8").rstrip("\n")
    else:
        password = getpass.getpass("Password: ")
    return user, password


def _say(
    options: argparse.Namespace, rows: Sequence[Mapping[str, object]], lines: Iterable[str]
) -> None:
    if options.json:
        print(json.dumps(rows, indent=1))
    else:
        for line in lines:
            print(line)


def _fail(error: WorkstationError) -> int:
    print(_sentence(error), file=sys.stderr)
    where = ", ".join(f"{key} {value}" for key, value in error.context.items())
    print(f"({error.code}{': ' + where if where else ''})", file=sys.stderr)
    return FAILED


def _sentence(error: WorkstationError) -> str:
    from workstation.presenters import wording

    told = wording.message_for(error)
    return f"{told.title} {told.detail}"


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


def _verdict(found: Mapping[str, object]) -> str:
    lines = [VERDICTS[str(found["state"])]]
    if found["signer"]:
        lines.append(f"Signed by {found['signer']}, {found['signed_at']}, {found['level']}.")
    number = found["number"]
    known = f"It is document {number} of this store." if number else "This store does not hold it."
    if found["patient"]:
        known += f" Patient {found['patient']}."
    known += STANDINGS.get(str(found["standing"]), "").format(by=found["successor"])
    return "\n".join((*lines, known, *(str(code) for code in found["because"])))  # type: ignore[attr-defined]  # a list of codes
