"""Queue and audit trail as CSV for spreadsheets; no cell is ever taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from workstation.domain.audit import Entry
from workstation.domain.consultation import QueueRow
from workstation.domain.triage import TriageLevel

_FORMULA = "=+-@\t\r\uff1d\uff0b\uff0d\uff20'"
_QUEUE = (
    "consultation", "level", "flags", "status", "deadline", "submitted", "family", "given", "born",
    "record", "request", "visit", "stands_out", "photos", "views_missing", "severity",
)  # fmt: skip
_AUDIT = ("seq", "at", "actor", "station", "action", "subject", "detail", "previous", "digest")


def safe(text: str) -> str:
    """Text that a spreadsheet shows as it is; an apostrophe goes before what would be a formula."""
    return f"'{text}" if text.lstrip(" ")[:1] and text.lstrip(" ")[0] in _FORMULA else text


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


def _written(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
    return out.getvalue()
