"""The audit trail: entries chained by digest, so that any later change shows."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

_WITNESS = "audit "
_WITNESSED = re.compile(rf"{_WITNESS}(\d{{1,12}}) ([0-9a-f]{{64}})\Z")
SIGNED_IN = "session.signed_in"
GENESIS = "0" * len(hashlib.sha256().hexdigest())


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to what, when; ``detail`` is canonical JSON with old and new values.

    ``digest`` is SHA-256 over all other fields, ``previous`` the digest of the entry before.
    """

    seq: int
    at: datetime
    actor: str
    station: str
    action: str
    subject: str
    detail: str
    previous: str
    digest: str


def chained(
    *,
    seq: int,
    at: datetime,
    actor: str,
    station: str,
    action: str,
    subject: str,
    detail: str,
    previous: str,
) -> Entry:
    """The next entry of a chain whose head is ``previous``."""
    digest = _digest(seq, at, actor, station, action, subject, detail, previous)
    return Entry(seq, at, actor, station, action, subject, detail, previous, digest)


def witness(entry: Entry | None) -> str:
    """The trail's head as a signed document carries it, so that records set back are noticed."""
    return "" if entry is None else f"{_WITNESS}{entry.seq} {entry.digest}"


def witnessed(text: str) -> tuple[int, str] | None:
    """(sequence number, digest) of ``witness``; None of any other text."""
    found = _WITNESSED.match(text)
    return None if found is None else (int(found[1]), found[2])


def first_break(entries: Iterable[Entry]) -> int | None:
    """Sequence number of the first entry that does not follow, or None when all do."""
    previous, expected = GENESIS, 1
    for entry in entries:
        good = _digest(
            entry.seq,
            entry.at,
            entry.actor,
            entry.station,
            entry.action,
            entry.subject,
            entry.detail,
            entry.previous,
        )
        if entry.seq != expected or entry.previous != previous or entry.digest != good:
            return expected
        previous, expected = entry.digest, expected + 1
    return None


def _digest(
    seq: int,
    at: datetime,
    actor: str,
    station: str,
    action: str,
    subject: str,
    detail: str,
    previous: str,
) -> str:
    fields = [seq, at.isoformat(), actor, station, action, subject, detail, previous]
    plain = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
