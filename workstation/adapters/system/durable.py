"""Files that survive a power cut: temporary file, fsync, rename, fsync of the folder."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

from workstation.domain.errors import WorkstationError

PART = ".part"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class Durable:
    """Writes whole files so that after any crash either the old or the new one is there.

    Args:
        before: called with the step's name (``create``, ``write``, ``sync``, ``rename``,
            ``sync_folder``, ``make_folder``, ``remove``, ``append``) before each system call; an
            OSError raised there is treated as that call failing. Tests pass one that fails at the
            n-th call.

    Every method raises WorkstationError ``store.disk.full`` (no room; context ``folder``) or
    ``store.disk.fault`` (context ``errno``, ``step``); a file that was there before is then unchanged.
    """

    def __init__(self, before: Callable[[str], None] | None = None) -> None:
        self._before = before

    def write(self, path: Path, content: bytes) -> None:
        """Put ``content`` under ``path``, replacing what was there, before returning."""
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PART}")
        try:
            with self._step("create", path):
                handle = os.open(part, _WRITE_NEW, 0o600)
            try:
                with self._step("write", path):
                    _write_all(handle, content)
                with self._step("sync", path):
                    os.fsync(handle)
            finally:
                os.close(handle)
            with self._step("rename", path):
                part.replace(path)
        except WorkstationError:
            with contextlib.suppress(OSError):  # what failed before is what is told
                part.unlink(missing_ok=True)
            raise
        self.sync_folder(path.parent)

    def append(self, path: Path, content: bytes, *, sync: bool) -> None:
        """Add ``content`` at the end of ``path`` (made when missing); fsync when ``sync``."""
        with self._step("append", path):
            handle = os.open(path, _APPEND, 0o600)
            try:
                _write_all(handle, content)
                if sync:
                    os.fsync(handle)
            finally:
                os.close(handle)

    def make_folder(self, path: Path) -> None:
        """Make a private folder (its parent exists) and its entry durable; fine when there."""
        if path.is_dir():
            return
        with self._step("make_folder", path):
            path.mkdir(mode=0o700, exist_ok=True)
        self.sync_folder(path.parent)

    def remove(self, path: Path) -> None:
        """Remove a file durably; fine when it is gone already."""
        with self._step("remove", path):
            path.unlink(missing_ok=True)
        self.sync_folder(path.parent)

    def sync_folder(self, path: Path) -> None:
        """Make the names in a folder durable (folders cannot be opened for this on Windows)."""
        if os.name == "nt":
            return
        with self._step("sync_folder", path / PART):
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    @contextlib.contextmanager
    def _step(self, name: str, path: Path) -> Iterator[None]:
        try:
            if self._before is not None:
                self._before(name)
            yield
        except OSError as error:
            number = error.errno or 0
            if number in _FULL:
                raise WorkstationError(
                    "store.disk.full", step=name, folder=str(path.parent)
                ) from error
            raise WorkstationError("store.disk.fault", errno=number, step=name) from error


_BINARY = getattr(os, "O_BINARY", 0)  # Windows would translate line ends without it
_WRITE_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND | _BINARY


def sweep(folder: Path) -> int:
    """Remove temporary files that a crash left in ``folder`` (not below); how many."""
    left = tuple(folder.glob(f".*{PART}"))
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _write_all(handle: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(handle, view) :]
