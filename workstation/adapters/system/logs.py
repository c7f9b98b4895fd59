"""Log files that cannot carry patient data: only an event code and allow-listed ids and counts."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from workstation.domain.errors import WorkstationError

ALLOWED = frozenset(
    {
        "bytes",
        "code",
        "consultation",
        "count",
        "document",
        "errno",
        "lane",
        "milliseconds",
        "page",
        "photo",
        "revision",
        "seconds",
        "seq",
        "size",
        "state",
        "station",
        "step",
        "user",
        "version",
    }
)
_CODE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+\Z")
_WORD = re.compile(r"[A-Za-z0-9_.:+-]{1,64}\Z")
_ROOT = "workstation"


def event(logger: logging.Logger, level: int, code: str, **fields: str | int) -> None:
    """Log ``code`` (dotted) with allow-listed fields.

    Raises:
        ValueError: the code is not dotted, or a field is not on the list.
    """
    unknown = fields.keys() - ALLOWED
    if unknown or not _CODE.match(code):
        raise ValueError(f"not for the log: {code} {sorted(unknown)}")
    logger.log(level, code, extra={"event_code": code, "event_fields": fields})


class AllowListFormatter(logging.Formatter):
    """One line a record: time, level, logger, code, fields; never a message or an argument.

    A record that was not made by ``event`` shows its logger and level only. An exception shows
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
            line += "\n" + exception_places(record.exc_info[1])
        return line


def exception_places(error: BaseException) -> str:
    """Type, code and places of an exception and its causes, without their messages."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        name = type(current).__name__
        code = current.code if isinstance(current, WorkstationError) else ""
        lines.append(f"  {name} {code}".rstrip())
        lines += [
            f"    {Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(current.__traceback__)
        ]
        current = current.__cause__ or current.__context__
    return "\n".join(lines)


def log_to(folder: Path, level: int = logging.INFO) -> logging.Handler:
    """Send all log records to ``folder/workstation.log`` (5 files of 1 MB), formatted as above."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = RotatingFileHandler(
        folder / "workstation.log", maxBytes=1_000_000, backupCount=4, encoding="utf-8", delay=True
    )
    target.setFormatter(AllowListFormatter())
    root = logging.getLogger()
    root.addHandler(target)
    logging.getLogger(_ROOT).setLevel(level)
    return target


def _shown(value: object) -> str:
    if isinstance(value, int):
        return str(value)
    text = str(value)
    return text if _WORD.match(text) else "withheld"
