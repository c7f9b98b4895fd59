"""The audit trail's rows: chained in the transaction of what they tell, and checked as a whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Protocol

from sqlalchemy import Connection, insert, select

from workstation.adapters.store.columns import AnyRow
from workstation.adapters.store.schema import audit
from workstation.domain.audit import GENESIS, Entry, chained, first_break
from workstation.domain.dates import ClockJump

_AT_ONCE = 2000
_BACKWARDS = timedelta(minutes=2)
# Made once: every edit asks for the one and says the other.
_NEWEST = select(audit).order_by(audit.c.seq.desc()).limit(1)
_ENTERED = insert(audit)


class Watch(Protocol):
    """Notices a clock that is set forward while the program runs."""

    def jump(self) -> ClockJump | None:
        """How the clock was set since it was last taken for right."""
        ...

    def settle(self) -> None:
        """Take the clock for right from now on."""
        ...


def append(
    connection: Connection,
    newest: Entry | None,
    *,
    at: datetime,
    actor: str,
    station: str,
    action: str,
    subject: str,
    detail: dict[str, object],
) -> Entry:
    """Store the entry after ``newest``, the head as read in this write transaction, which keeps
    others from taking its number.
    """
    entry = chained(
        seq=1 if newest is None else newest.seq + 1,
        at=at.astimezone(UTC),
        actor=actor,
        station=station,
        action=action,
        subject=subject,
        detail=canonical(detail),
        previous=GENESIS if newest is None else newest.digest,
    )
    connection.execute(
        _ENTERED,
        {
            "seq": entry.seq,
            "at": entry.at,
            "actor": entry.actor,
            "station": entry.station,
            "action": entry.action,
            "subject": entry.subject,
            "detail": entry.detail,
            "previous": entry.previous,
            "digest": entry.digest,
        },
    )
    return entry


def clock_jump(newest: Entry | None, now: datetime) -> ClockJump | None:
    """The clock lies more than 2 minutes before the newest entry.

    The same jump is told once: the entry about it carries the earlier time, and what follows is
    compared with that. A gap forward cannot be told from a weekend by the trail alone: a
    ``Watch`` tells it while the program runs.
    """
    if newest is None or newest.at - now.astimezone(UTC) <= _BACKWARDS:
        return None
    return ClockJump(newest.at, now.astimezone(UTC))


def entries(connection: Connection, after: int = 0, limit: int = 1000) -> tuple[Entry, ...]:
    """Entries with a sequence number above ``after``, in order."""
    found = connection.execute(
        select(audit).where(audit.c.seq > after).order_by(audit.c.seq).limit(limit)
    )
    return tuple(_entry(row) for row in found)


def about(connection: Connection, subject: str, actions: Sequence[str]) -> tuple[Entry, ...]:
    """Entries about one subject with one of these actions, in order."""
    found = connection.execute(
        select(audit)
        .where(audit.c.subject == subject, audit.c.action.in_(actions))
        .order_by(audit.c.seq)
    )
    return tuple(_entry(row) for row in found)


def head(connection: Connection) -> Entry | None:
    """The newest entry."""
    row = connection.execute(_NEWEST).one_or_none()
    return None if row is None else _entry(row)


def broken_at(connection: Connection) -> int | None:
    """Sequence number of the first entry that does not follow, or None when all do."""
    return first_break(_all(lambda after: entries(connection, after, _AT_ONCE)))


def digest_at(connection: Connection, seq: int) -> str | None:
    """Digest of one entry."""
    return connection.scalar(select(audit.c.digest).where(audit.c.seq == seq))


def canonical(detail: dict[str, object]) -> str:
    """Canonical JSON: sorted keys, days and moments ISO, decimals as text."""
    return json.dumps(detail, sort_keys=True, separators=(",", ":"), default=_plain)


def _all(read: Callable[[int], tuple[Entry, ...]]) -> Iterator[Entry]:
    after = -(2**31)  # a forged entry may carry any number
    while found := read(after):
        yield from found
        after = found[-1].seq


def _entry(row: AnyRow) -> Entry:
    return Entry(
        seq=row.seq,
        at=row.at,
        actor=row.actor,
        station=row.station,
        action=row.action,
        subject=row.subject,
        detail=row.detail,
        previous=row.previous,
        digest=row.digest,
    )


def _plain(value: object) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(type(value).__name__)
