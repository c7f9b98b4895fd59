"""A second record of the audit trail's newest entry, in a file of its own, to notice a rollback.

The file grows by one line a commit: sequence number, digest, keyed mark. It is written after the
commit, so it may lag behind the database but never lead it, unless the database was set back.
A torn last line (power cut) is passed over.
"""

from __future__ import annotations

import hmac
import re
import threading
from pathlib import Path
from typing import Protocol

from workstation.domain.audit import Entry

_LINE = re.compile(r"(\d{1,12}) ([0-9a-f]{64}) ([0-9a-f]{64})\Z")
_ROLL_OVER = 1_000_000  # bytes


class AppendingFiles(Protocol):
    """What the second record needs of durable files."""

    def write(self, path: Path, content: bytes) -> None:
        """Put ``content`` under ``path`` before returning."""
        ...

    def append(self, path: Path, content: bytes, *, sync: bool) -> None:
        """Add ``content`` at the end of ``path``."""
        ...


class HeadFile:
    """The record at ``path``, its lines marked with a 32-byte ``key``."""

    def __init__(self, path: Path, key: bytes, durable: AppendingFiles) -> None:
        self._path = path
        self._key = key
        self._durable = durable
        self._lock = threading.Lock()
        self._newest = 0

    def note(self, entry: Entry, *, sync: bool) -> None:
        """Record a committed entry; ``sync`` waits for the disk (signing, closing)."""
        line = self._line(entry.seq, entry.digest)
        with self._lock:
            if entry.seq < self._newest or (entry.seq == self._newest and not sync):
                return  # a later commit was faster
            if self._path.exists() and self._path.stat().st_size > _ROLL_OVER:
                self._durable.write(self._path, line)
            else:
                # A torn line before this one must not swallow it.
                self._durable.append(self._path, b"\n" + line, sync=sync)
            self._newest = entry.seq

    def newest(self) -> tuple[int, str] | None:
        """(sequence number, digest) of the highest line with a right mark, or None."""
        try:
            lines = self._path.read_text("ascii", errors="replace").splitlines()
        except FileNotFoundError:
            return None
        best: tuple[int, str] | None = None
        for text in lines:
            found = _LINE.match(text)
            if found is None:
                continue
            seq, digest = int(found[1]), found[2]
            right = hmac.compare_digest(self._mark(seq, digest), found[3])
            if right and (best is None or seq > best[0]):
                best = (seq, digest)
        return best

    def _line(self, seq: int, digest: str) -> bytes:
        return f"{seq} {digest} {self._mark(seq, digest)}\n".encode("ascii")

    def _mark(self, seq: int, digest: str) -> str:
        return hmac.new(self._key, f"{seq} {digest}".encode("ascii"), "sha256").hexdigest()
