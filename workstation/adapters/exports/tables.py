"""Queue and audit trail as CSV for spreadsheets; no cell is ever taken for a formula.

A spreadsheet of another country parts cells at semicolons or tabs and begins a row at every line
break, so the places after those are looked at too.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime

from workstation.domain.audit import Entry
from workstation.domain.consultation import QueueRow
from workstation.domain.errors import Refused
from workstation.domain.triage import TriageLevel

_FORMULA = "=+\\-@\\t\\r\uff1d\uff0b\uff0d\uff20'"
_BEGINNING = re.compile(rf"((?:\A|[;|\t\r\n])\s*)(?=[{_FORMULA}])")
_MARKED = re.compile(rf"((?:\A|[;|\t\r\n])\s*)'(?=[{_FORMULA}])")
_QUEUE = (
    "consultation", "level", "flags", "status", "deadline", "submitted", "family", "given", "born",
    "record", "request", "visit", "stands_out", "photos", "views_missing", "severity",
)  # fmt: skip
_AUDIT = ("seq", "at", "actor", "station", "action", "subject", "detail", "previous", "digest")


def safe(text: str) -> str:
    """Text that a spreadsheet shows as it is; an apostrophe goes before what would be a formula."""
    return _BEGINNING.sub(r"\1'", text)


def plain(text: str) -> str:
    """The text that ``safe`` was given."""
    return _MARKED.sub(r"\1", text)


def queue_csv(rows: Iterable[QueueRow]) -> str:
    """The queue as listed, one row each (RFC 4180)."""
    return _written(
        _QUEUE,
        (
            (
                row.id, TriageLevel(row.level).name, " ".join(row.flag_codes), row.status.value,
                row.deadline.isoformat(), row.submitted_at.isoformat(), row.family, row.given,
                row.born.isoformat(), row.external_id, row.request.value, str(row.visit),
                row.stands_out, str(row.photo_count), " ".join(row.views_missing), row.severity,
            )
            for row in rows
        ),
    )  # fmt: skip


def audit_csv(entries: Iterable[Entry]) -> str:
    """Audit entries with their chain, one row each."""
    return _written(
        _AUDIT,
        (
            (
                str(e.seq), e.at.isoformat(), e.actor, e.station, e.action, e.subject, e.detail,
                e.previous, e.digest,
            )
            for e in entries
        ),
    )  # fmt: skip


def audit_of(content: bytes) -> tuple[Entry, ...]:
    """The entries of a file of ``audit_csv``, whatever was done to them meanwhile.

    Raises:
        Refused: ``audit.export.form`` when it is no such table.
    """
    try:
        text = content.decode("utf-8-sig")
        header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        if tuple(header) != _AUDIT:
            raise ValueError("header")
        return tuple(_entry(*map(plain, row)) for row in rows)
    except (ValueError, TypeError, csv.Error) as error:
        raise Refused("audit.export.form") from error


def _entry(seq: str, at: str, *texts: str) -> Entry:
    return Entry(int(seq), datetime.fromisoformat(at), *texts)


def _written(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
    return out.getvalue()
