"""The log file, and what libraries say: neither can carry patient data.

A line holds a code with allow-listed ids and counts (``workstation.log``). Of what anybody else
logs, warns of or lets fall, it holds who and where; the words are withheld, from the screen too,
because they may quote what was read. ``python -X dev`` shows them to a developer.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import warnings
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from workstation import log

FILE = "workstation.log"
FILES, FILE_BYTES = 5, 1_000_000
_WORD = re.compile(r"[A-Za-z0-9_.:+-]{1,64}\Z")
_kept: list[tuple[Path, logging.Handler]] = []  # the file that is written, if any


class AllowListFormatter(logging.Formatter):
    """One line a record: time, level, logger, code, fields; never a message or an argument.

    A record that was not made by ``log.note`` shows its logger and level only. An exception shows
    its types, codes and source lines, never its text, which may quote what was read.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line of ``record``, with the exception's places below it."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        code = getattr(record, "event_code", "text.withheld")
        fields: Mapping[str, object] = getattr(record, "event_fields", {})
        parts = [at, record.levelname, record.name, code]
        parts += [f"{name}={_shown(value)}" for name, value in sorted(fields.items())]
        line = " ".join(parts)
        if record.exc_info and record.exc_info[1] is not None:
            line += "\n  " + log.places(record.exc_info[1]).replace("\n", "\n  ")
        return line


def withhold() -> None:
    """From now on nothing that a library says reaches the screen as text; first thing of a program."""
    if sys.flags.dev_mode:
        return
    logging.raiseExceptions = False  # a record that cannot be written would be printed whole
    logging.lastResort = None
    warnings.showwarning = _warned
    sys.unraisablehook = _let_fall
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_on_thread


def keep(folder: Path) -> ExitStack:
    """Write the log into ``folder`` (5 files of 1 MB, of the user alone) until the answer is closed.

    One file at a time: another folder ends the one before.
    """
    from logging.handlers import RotatingFileHandler

    kept = ExitStack()
    kept.callback(_end)
    if _kept and _kept[0][0] == folder:
        return kept
    _end()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = RotatingFileHandler(
        folder / FILE, maxBytes=FILE_BYTES, backupCount=FILES - 1, encoding="utf-8", delay=True
    )
    target.setFormatter(AllowListFormatter())
    logging.getLogger().addHandler(target)
    logging.getLogger(log.NAME).setLevel(logging.INFO)
    _kept.append((folder, target))
    return kept


def _end() -> None:
    while _kept:
        _, target = _kept.pop()
        logging.getLogger().removeHandler(target)
        target.close()


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    log.note(
        "library.warned",
        level=logging.WARNING,
        category=category.__name__,
        module=Path(filename).name,
        line=lineno,
    )


def _let_fall(given: sys.UnraisableHookArgs) -> None:
    log.note("program.error.ignored", level=logging.ERROR, error=given.exc_value)


def _uncaught(kind: type[BaseException], error: BaseException, trace: object) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log.note("program.error", level=logging.ERROR, error=error)
    sys.stderr.write(f"{log.places(error)}\n")


def _uncaught_on_thread(given: threading.ExceptHookArgs) -> None:
    if given.exc_value is not None:
        _uncaught(given.exc_type, given.exc_value, given.exc_traceback)


def _shown(value: object) -> str:
    if isinstance(value, int):
        return str(value)
    text = str(value)
    return text if _WORD.match(text) else "withheld"
