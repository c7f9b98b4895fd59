"""Commands that check, keep, move and bring back whole stores."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.cli_parts import (
    FAILED,
    OK,
    USAGE,
    counted,
    credentials,
    on_store,
    open_named,
    records,
    say,
    text_of,
    typed,
)
from workstation.domain.errors import WorkstationError

if TYPE_CHECKING:
    from workstation.bootstrap import Opened
    from workstation.domain.ids import PatientId


def verbs(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Commands that keep, move and bring back whole stores."""
    audit = commands.add_parser(
        "audit", help="check the audit trail's chain, every row and file, and list entries"
    )
    audit.add_argument("--last", type=int, default=20, metavar="N", help="entries to list (20)")
    audit.add_argument(
        "--exported", type=Path, metavar="FILE", help="check an exported trail instead (CSV)"
    )
    on_store(audit)
    audit.set_defaults(command=_audit)

    fired = commands.add_parser(
        "analytics", help="how often each safety rule fired and was reasoned away"
    )
    on_store(fired)
    fired.set_defaults(command=_analytics)

    backup = commands.add_parser("backup", help="write an encrypted backup and read it back")
    backup.add_argument("--to", type=Path, required=True, metavar="DIR", help="folder of backups")
    on_store(backup)
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
    on_store(restore)
    restore.set_defaults(command=_restore)

    erase = commands.add_parser("erase-patient", help="erase a person as far as the law allows")
    erase.add_argument("--reason", required=True, help="why; kept on the audit trail")
    over = commands.add_parser("export-patient", help="write everything of one person to a folder")
    over.add_argument("--to", type=Path, required=True, metavar="DIR", help="new folder, in clear")
    for parser, command in ((erase, _erase), (over, _hand_over)):
        parser.add_argument("record", metavar="RECORD", help="the person's record number")
        parser.add_argument("born", type=_day, metavar="BORN", help="date of birth, YYYY-MM-DD")
        on_store(parser)
        parser.set_defaults(command=command)

    clock = commands.add_parser(
        "confirm-clock", help="say that the clock is right after it had stood ahead"
    )
    clock.add_argument("--reason", required=True, help="how it came so; kept on the audit trail")
    on_store(clock)
    clock.set_defaults(command=_confirm_clock)

    recover = commands.add_parser("recover", help="set a new password by the recovery key")
    on_store(recover)
    recover.set_defaults(command=_recover)

    move = commands.add_parser("move-store", help="carry the records to a clinic's server")
    _on_server(move)
    on_store(move)
    move.set_defaults(command=_move_store)

    join = commands.add_parser("join-clinic", help="work on a clinic's server from this computer")
    _on_server(join)
    join.set_defaults(command=_join_clinic)


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


def _backup(options: argparse.Namespace) -> int:
    from workstation.workflow import backup

    with closing(open_named(options)) as opened:
        made = backup.make(opened.desk, opened.session, opened.backups, options.to, counted())
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
    say(options, [row], [line])
    return OK


def _restore(options: argparse.Namespace) -> int:
    from workstation import bootstrap

    if options.check:
        found = bootstrap.check_backup(options.backup)
        line = f"Whole: made {found.made_at:%Y-%m-%d %H:%M} UTC, {found.blobs} files."
        say(options, [{"whole": True, "files": found.blobs, "rows": found.rows}], [line])
        return OK
    if options.drill:
        tried = bootstrap.restore_drill(options.backup, *credentials(options), counted())
        line = (
            f"Restored and opened in {tried.seconds:.1f} s: {tried.rows['consultation']} "
            f"consultations, {tried.photos_and_documents} photos and documents. Thrown away again."
        )
        say(options, [{"seconds": tried.seconds, "rows": tried.rows}], [line])
        return OK
    if options.to is None:
        print("Say where to restore to: --to DIR (a new folder).", file=sys.stderr)
        return USAGE
    with closing(
        bootstrap.restore(options.backup, options.to, *credentials(options), counted())
    ) as opened:
        say(options, [{"store": str(opened.folder)}], [f"Restored: {opened.folder}"])
    return OK


def _patient(opened: Opened, options: argparse.Namespace) -> PatientId:
    with opened.desk.store.reading() as unit:
        found = unit.board.patients_by_record(options.record, options.born)
    if len(found) != 1:
        raise WorkstationError("export.patient.none")
    return found[0]


def _confirm_clock(options: argparse.Namespace) -> int:
    from workstation.workflow import clock

    with closing(open_named(options)) as opened:
        latest = clock.confirm(opened.desk, opened.session, options.reason)
        now = opened.desk.clock.now()
    lines = [
        f"Confirmed: it is {now:%Y-%m-%d %H:%M} UTC; entries reach to {latest:%Y-%m-%d %H:%M}."
    ]
    say(options, [{"now": now.isoformat(), "latest": latest.isoformat()}], lines)
    return OK


def _erase(options: argparse.Namespace) -> int:
    from workstation.workflow import person, settings

    with closing(open_named(options)) as opened:
        patient = _patient(opened, options)
        erased = person.erase(opened.desk, opened.session, patient, options.reason)
        years = settings.read(opened.desk, opened.session).number(person.RETENTION)
    until = person.kept_until(erased, years)
    lines = [
        f"Erased: consultations {erased.consultations}, entries {erased.rows}, "
        f"files {len(erased.files)}.",
        f"Kept until {until.date()}, as the law wants: {', '.join(erased.kept)}."
        if until is not None
        else "Nothing signed had to be kept; the name is gone too.",
        "The audit trail stays; it holds no names. Backups made before still hold everything.",
    ]
    told = {"kept": list(erased.kept), "kept_until": until.isoformat() if until else None}
    say(options, [{**told, "rows": erased.rows, "files": len(erased.files)}], lines)
    return OK


def _hand_over(options: argparse.Namespace) -> int:
    from workstation.adapters.exports.person import FolderHandover
    from workstation.workflow import person

    with closing(open_named(options)) as opened:
        patient = _patient(opened, options)
        held = person.hand_over(opened.desk, opened.session, patient, FolderHandover(options.to))
    number = "1 consultation" if len(held) == 1 else f"{len(held)} consultations"
    words = f"{number} written to {options.to}, in clear: give it to the patient."
    say(options, [{"consultations": len(held), "folder": str(options.to)}], [words])
    return OK


def _move_store(options: argparse.Namespace) -> int:
    from workstation import bootstrap

    folder = records(options)
    moved = bootstrap.move_to_server(
        folder, *credentials(options), options.server, options.vault, options.to, counted()
    )
    line = (
        f"{moved.rows['consultation']} consultations and {moved.files} files carried over, every "
        f"table and file compared. Open {options.to} from now on; the old folder no longer opens."
    )
    say(options, [{"rows": moved.rows, "files": moved.files}], [line])
    return OK


def _recover(options: argparse.Namespace) -> int:
    """The recovery key and the new password are typed, or are two lines of the password file."""
    from workstation import bootstrap

    folder = records(options)
    user = options.user or typed("User: ")
    if options.password_file:
        given = options.password_file
        lines = (sys.stdin.read() if given == "-" else text_of(Path(given))).splitlines()
        code, password = (*lines, "", "")[:2]
    else:
        code = typed("Recovery key: ", secret=True)
        password = typed("New password: ", secret=True)
        if typed("New password again: ", secret=True) != password:
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


def _audit(options: argparse.Namespace) -> int:
    from workstation import bootstrap

    if options.exported is not None:
        return _audit_exported(options.exported)
    with closing(open_named(options)) as opened:
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


def _audit_exported(path: Path) -> int:
    """Whether an exported trail is unbroken; its head is what later signed documents carry."""
    from workstation.adapters.exports import tables
    from workstation.domain.audit import first_break

    try:
        content = path.read_bytes()
    except OSError:
        print(f"{path.name}: cannot be read", file=sys.stderr)
        return USAGE
    entries = tables.audit_of(content)
    broken = first_break(entries)
    if broken is not None:
        print(f"The exported trail was changed: first at entry {broken}.")
        return FAILED
    head = f", the last one {entries[-1].digest}" if entries else ""
    print(f"{len(entries)} entries, chain whole{head}.")
    return OK


def _analytics(options: argparse.Namespace) -> int:
    from workstation.workflow import firings

    with closing(open_named(options)) as opened:
        uses = firings.analytics(opened.desk, opened.session)
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
