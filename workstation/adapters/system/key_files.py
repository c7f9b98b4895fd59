"""Where a store's sealed file and wrapped keys lie: a folder, or the clinic's server.

Names are ``store.toml``, ``keys/authority.bin`` and ``keys/<user>.p12``. Nothing in them is
readable without a password of the store.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from workstation.adapters.system.durable import Durable


class KeyFiles(Protocol):
    """Whole files by name, durable when ``write`` returns."""

    def read(self, name: str) -> bytes:
        """The content; raises FileNotFoundError."""
        ...

    def write(self, name: str, content: bytes) -> None:
        """Put ``content`` under ``name`` before returning."""
        ...

    def remove(self, name: str) -> None:
        """Remove a file; fine when it is gone."""
        ...

    def names(self) -> tuple[str, ...]:
        """All names, in order."""
        ...

    def exclusive(self) -> AbstractContextManager[None]:
        """Keep every other station from changing anything meanwhile."""
        ...


class FolderKeyFiles:
    """The files of a store folder of one's own."""

    def __init__(self, folder: Path, durable: Durable) -> None:
        self._folder = folder
        self._durable = durable

    def read(self, name: str) -> bytes:
        """The content; raises FileNotFoundError."""
        return (self._folder / name).read_bytes()

    def write(self, name: str, content: bytes) -> None:
        """Put ``content`` under ``name`` before returning."""
        self._durable.write(self._folder / name, content)

    def remove(self, name: str) -> None:
        """Remove a file; fine when it is gone."""
        self._durable.remove(self._folder / name)

    def names(self) -> tuple[str, ...]:
        """All names, in order."""
        kept = [path for path in self._folder.glob("keys/*") if path.suffix in (".p12", ".bin")]
        return tuple(sorted(path.relative_to(self._folder).as_posix() for path in kept))

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """One program holds a folder of its own: the ring's lock is enough."""
        yield
