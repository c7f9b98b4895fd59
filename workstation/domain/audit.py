"""The audit trail: entries chained by digest, so that any later change shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

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
