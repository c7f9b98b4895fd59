"""The vault on a clinic's shared folder, which may stop answering: every act ends, or says so.

A share that is gone keeps a program waiting for as long as the system likes. Here an act that takes
long is watched: while the share answers, it may take its time; when the share does not, the act is
given up within ``GONE_SECONDS`` and everything after it at once, until the share answers again.
"""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Generic, TypeVar

from workstation.adapters.vault.blobs import DurableFiles, FolderVault
from workstation.domain.errors import WorkstationError
from workstation.domain.ids import VaultAddress

T = TypeVar("T")
GONE_SECONDS = 5.0
_WATCHED_AFTER, _MAY_THINK = 1.0, 3.0  # seconds; together below GONE_SECONDS
# How systems say that a file server does not answer any more; some exist on some systems alone.
_BROKEN_OFF = frozenset(
    number
    for name in (
        *("EIO", "ENOTCONN", "ESTALE", "ETIMEDOUT", "EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN"),
        *("ENETUNREACH", "ENETRESET", "ECONNRESET", "ECONNABORTED", "ECONNREFUSED", "EPIPE"),
        *("ENOLINK", "EREMOTEIO", "ENXIO", "ENODEV"),
    )
    if (number := getattr(errno, name, None)) is not None
)


class SharedVault(FolderVault):
    """As ``FolderVault``; every act also raises WorkstationError ``vault.share.gone``.

    Args:
        answers: returns once the share has answered; the default asks for its free room, which
            no system answers from memory.
    """

    def __init__(
        self,
        folder: Path,
        *,
        key: bytes,
        address_key: bytes,
        durable: DurableFiles,
        answers: Callable[[Path], object] | None = None,
    ) -> None:
        super().__init__(folder, key=key, address_key=address_key, durable=durable)
        self._answers = answers or _asked_for_room
        self._waiting: threading.Thread | None = None  # a question that is not answered yet

    def put(self, content: bytes) -> VaultAddress:
        """Store ``content``; never beside a share that was unmounted."""

        def work() -> VaultAddress:
            self._refuse_unmounted()
            return super(SharedVault, self).put(content)

        return self._watched(work)

    def get(self, address: VaultAddress) -> bytes:
        """The content, checked; ``vault.blob.missing`` only when the share is there."""

        def work() -> bytes:
            self._refuse_unmounted()
            return super(SharedVault, self).get(address)

        return self._watched(work)

    def sealed(self, address: VaultAddress) -> bytes:
        """The file as it lies there."""
        return self._watched(lambda: super(SharedVault, self).sealed(address))

    def addresses(self) -> Iterator[VaultAddress]:
        """All addresses stored, in order."""

        def work() -> list[VaultAddress]:
            self._refuse_unmounted()
            return list(super(SharedVault, self).addresses())

        return iter(self._watched(work))

    def has(self, address: VaultAddress) -> bool:
        """Whether the file lies there."""

        def work() -> bool:
            self._refuse_unmounted()
            return super(SharedVault, self).has(address)

        return self._watched(work)

    def remove(self, address: VaultAddress) -> None:
        """Remove a file that no row names."""
        self._watched(lambda: super(SharedVault, self).remove(address))

    def _refuse_unmounted(self) -> None:
        # A new vault gets all its folders at once; an empty mount point has none of them.
        try:
            there = (self._folder / "00").is_dir()
        except OSError as error:  # the server is dead, the mount still stands
            raise WorkstationError("vault.share.gone") from error
        if not there:
            raise WorkstationError("vault.share.gone")

    def _told_apart(self, work: Callable[[], T]) -> T:
        """What a share that breaks away in the middle looks like is not what a file is worth."""
        try:
            return work()
        except (OSError, WorkstationError) as error:
            reasons = (error, error.__cause__)
            if any(isinstance(one, OSError) and one.errno in _BROKEN_OFF for one in reasons):
                raise WorkstationError("vault.share.gone") from error
            self._refuse_unmounted()
            raise

    def _watched(self, unsure: Callable[[], T]) -> T:
        def work() -> T:
            return self._told_apart(unsure)

        if self._waiting is not None and self._waiting.is_alive():
            raise WorkstationError("vault.share.gone")
        act: _Act[T] = _Act(work)
        act.join(_WATCHED_AFTER)
        while act.is_alive():
            question: _Act[object] = _Act(lambda: self._answers(self._folder))
            question.join(_MAY_THINK)
            if question.is_alive():
                self._waiting = question
                raise WorkstationError("vault.share.gone")
            act.join(_WATCHED_AFTER)
        return act.result()


class _Act(threading.Thread, Generic[T]):
    """Something done beside; it may never end, and the program does not wait for it at its own end."""

    def __init__(self, work: Callable[[], T]) -> None:
        super().__init__(name="share", daemon=True)
        self._work = work
        self._outcome: list[T] = []
        self._error: BaseException | None = None
        self.start()

    def run(self) -> None:
        """Keep what came of it."""
        try:
            self._outcome.append(self._work())
        except BaseException as error:  # raised again where it is waited for
            self._error = error

    def result(self) -> T:
        """The outcome, or the error raised again."""
        if self._error is not None:
            raise self._error
        return self._outcome[0]


def _asked_for_room(folder: Path) -> object:
    ask = getattr(os, "statvfs", os.stat)  # Windows has no other question
    return ask(folder)
