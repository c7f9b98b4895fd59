"""What all commands on a store share: options, opening, saying."""

from __future__ import annotations

import argparse
import errno
import getpass
import io
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.domain.errors import WorkstationError

if TYPE_CHECKING:
    from workstation.adapters.inbox.source import FolderReader
    from workstation.bootstrap import Opened

OK, FAILED, USAGE = 0, 1, 2


def never_lack_a_letter() -> None:
    """What the output's encoding lacks is written as its number; a command never ends in a word.

    What goes into a file or a pipe is UTF-8 on Windows too.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a program without a console has none
            if sys.platform == "win32" and not stream.isatty():
                stream.reconfigure(encoding="utf-8")
            stream.reconfigure(errors="backslashreplace")


def on_store(parser: argparse.ArgumentParser) -> None:
    """The options of every command on a store: where it is, who signs in, JSON or not."""
    parser.add_argument("--store", type=Path, metavar="DIR", help="folder of the records")
    parser.add_argument("--user", metavar="NAME", help="who signs in")
    parser.add_argument(
        "--password-file", metavar="FILE", help="file with the password, or - for standard input"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def open_named(options: argparse.Namespace) -> Opened:
    """The store that the options name, opened with a password typed or read from a file."""
    from workstation import bootstrap

    return bootstrap.open_desk(records(options), *credentials(options))


def records(options: argparse.Namespace) -> Path:
    """The folder of records that the options name; said before anybody types a password."""
    from workstation import stores
    from workstation.adapters.system import folders

    folder: Path = options.store or folders.default_store()
    if not stores.exists(folder):
        raise WorkstationError("store.moved" if stores.moved(folder) else "store.none")
    return folder


def credentials(options: argparse.Namespace) -> tuple[str, str]:
    """User name and password, typed or read from a file, asked once; never from the arguments."""
    known: tuple[str, str] | None = getattr(options, "known", None)
    if known is None:
        known = options.known = _asked(options)
    return known


def _asked(options: argparse.Namespace) -> tuple[str, str]:
    user = options.user or typed("User: ")
    if options.password_file == "-":
        password = sys.stdin.readline().rstrip("\n")
    elif options.password_file:
        password = text_of(Path(options.password_file)).rstrip("\n")
    else:
        password = typed("Password: ", secret=True)
    return user, password


def typed(asked: str, *, secret: bool = False) -> str:
    """What somebody types; raises WorkstationError ``command.nobody`` where nobody can."""
    try:
        # Where nobody sits, what is asked would only stand in the output.
        return getpass.getpass(asked) if secret else input(asked if sys.stdin.isatty() else "")
    except EOFError as error:
        raise WorkstationError("command.nobody") from error


def text_of(path: Path) -> str:
    """A file of words for a command; raises WorkstationError ``command.file.*``."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise WorkstationError("command.file.text", file=str(path)) from error


def say(
    options: argparse.Namespace, rows: Sequence[Mapping[str, object]], lines: Iterable[str]
) -> None:
    """Print rows as JSON or as lines."""
    if options.json:
        print(json.dumps(rows, indent=1))
    else:
        for line in lines:
            print(line)


def sentence(error: WorkstationError) -> str:
    """An error in words."""
    from workstation.presenters import command_words

    return command_words.message_for(error).line


def of_file(error: OSError, asked: Path | None = None) -> WorkstationError:
    """A file or folder that a command cannot use: why, and which one (``asked`` when it says none)."""
    known = {
        errno.ENOENT: "missing",
        errno.ENOTDIR: "missing",
        errno.EACCES: "rights",
        errno.EPERM: "rights",
        errno.EROFS: "rights",
        errno.ENOSPC: "room",
        errno.EDQUOT: "room",
    }
    why = known.get(error.errno or 0, "fault")
    return WorkstationError(f"command.file.{why}", file=str(error.filename or asked or "?"))


def package_reader() -> FolderReader:
    """The reader of packages, by the installed content; no store is needed."""
    from workstation import assets
    from workstation.adapters.inbox.source import FolderReader
    from workstation.content import catalogue

    loaded = catalogue.load(assets.resource("clinical"))
    return FolderReader(loaded.tests.values(), loaded.facts)


class Told:
    """A count on a terminal, one line that is written over; Ctrl+C stops between two.

    ``what`` is the word before the count, as in "Importing 3 of 40".
    """

    def __init__(self, what: str, of: int) -> None:
        self._what, self._of = what, of
        self._shown = sys.stderr.isatty() and of > 1

    def at(self, done: int) -> None:
        """``done`` are finished, the next one begins."""
        if self._shown:
            end = "\n" if done + 1 == self._of else ""
            print(f"\r{self._what} {done + 1:,} of {self._of:,}", end=end, file=sys.stderr)

    def stopped(self, done: int) -> None:
        """Say after Ctrl+C what is left and that nothing is lost."""
        left = self._of - done
        print(f"\nStopped; {left:,} left. The same command goes on.", file=sys.stderr)


def counted() -> Callable[[int, int], None] | None:
    """Progress on a terminal, one line that is written over."""
    if not sys.stderr.isatty():
        return None

    def told(done: int, of: int) -> None:
        if done == of or done % 100 == 0:
            print(f"\r{done:,} of {of:,} files", end="\n" if done == of else "", file=sys.stderr)

    return told
