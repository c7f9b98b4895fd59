"""What the program notes for whoever looks after it: codes, ids, counts and places in the source.

A note is never a sentence. A text may quote what was read or typed, and then a log would hold what
nobody may find outside the records.
"""

from __future__ import annotations

import logging
import re
import traceback
from pathlib import Path

from workstation.domain.errors import WorkstationError

NAME = "workstation"
ALLOWED = frozenset(
    {
        "bytes",
        "category",
        "code",
        "consultation",
        "count",
        "document",
        "errno",
        "lane",
        "line",
        "milliseconds",
        "module",
        "page",
        "photo",
        "report",
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


def note(
    code: str,
    *,
    level: int = logging.INFO,
    error: BaseException | None = None,
    **fields: str | int,
) -> None:
    """Note ``code`` (dotted) with allow-listed fields, and where an error came from.

    Raises:
        ValueError: the code is not dotted, or a field is not on the list.
    """
    unknown = fields.keys() - ALLOWED
    if unknown or not _CODE.match(code):
        raise ValueError(f"not for the log: {code} {sorted(unknown)}")
    logging.getLogger(NAME).log(
        level, code, exc_info=error, extra={"event_code": code, "event_fields": fields}
    )


def places(error: BaseException) -> str:
    """Type, code and places of an error and its causes, one a line, without their texts."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        name = f"{type(current).__module__}.{type(current).__qualname__}"
        code = current.code if isinstance(current, WorkstationError) else ""
        lines.append(f"{name} {code}".rstrip())
        lines += [
            f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(current.__traceback__)
        ]
        current = current.__cause__ or current.__context__
    return "\n".join(lines)
