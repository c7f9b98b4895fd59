"""The vault folder: encrypted, content-addressed files, durable before ``put`` returns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from workstation.adapters.vault import cipher
from workstation.domain.errors import Corrupt, NotAllowed
from workstation.domain.ids import VaultAddress


class DurableFiles(Protocol):
    """What the vault needs of durable file writing."""

    def write(self, path: Path, content: bytes) -> None:
        """Put ``content`` under ``path`` before returning."""
        ...

    def make_folder(self, path: Path) -> None:
        """Make a folder durably; fine when it is there."""
        ...

    def remove(self, path: Path) -> None:
        """Remove a file durably; fine when it is gone."""
        ...

    def sync_folder(self, path: Path) -> None:
        """Make the names in a folder durable."""
        ...


class FolderVault:
    """Files ``ab/abcd...`` below one folder, which may be shared by stations.

    Args:
        folder: existing folder of the vault.
        key: 32 bytes that encrypt.
        address_key: 32 bytes that make addresses.
        durable: writes the files.
    """

    def __init__(
        self, folder: Path, *, key: bytes, address_key: bytes, durable: DurableFiles
    ) -> None:
        self._folder = folder
        self._keys: tuple[bytes, bytes] | None = (key, address_key)
        self._durable = durable

    def prepare(self) -> None:
        """Make the 256 folders below a new vault, durably."""
        for first in range(256):
            (self._folder / f"{first:02x}").mkdir(mode=0o700, exist_ok=True)
        self._durable.sync_folder(self._folder)

    @staticmethod
    def is_prepared(folder: Path) -> bool:
        """Whether ``folder`` is a vault, of whatever clinic."""
        return (folder / "00").is_dir() and (folder / "ff").is_dir()

    def put(self, content: bytes) -> VaultAddress:
        """Store ``content``; the same content gives the same address and one file.

        A file already there is read back first and replaced when it is damaged.
        """
        address = cipher.address_of(content, self._open_keys()[1])
        path = self._path(address)
        if path.is_file() and self._holds(address):
            self._durable.sync_folder(path.parent)  # another writer may not have got that far
            return address
        self._durable.make_folder(path.parent)
        self._durable.write(path, cipher.seal(content, address, self._open_keys()[0]))
        return address

    def get(self, address: VaultAddress) -> bytes:
        """The content, checked.

        Raises:
            Corrupt: ``vault.blob.missing`` or ``vault.blob.damaged``.
        """
        keys = self._open_keys()
        if not cipher.is_address(address):
            raise Corrupt("vault.blob.missing")
        try:
            sealed = self._path(address).read_bytes()
        except FileNotFoundError as error:
            raise Corrupt("vault.blob.missing", address=address) from error
        except OSError as error:
            raise Corrupt("vault.blob.damaged", address=address) from error
        return cipher.open_sealed(sealed, address, *keys)

    def sealed(self, address: VaultAddress) -> bytes:
        """The file as it lies there, encrypted; raises Corrupt ``vault.blob.missing``."""
        try:
            return self._path(address).read_bytes()
        except OSError as error:
            raise Corrupt("vault.blob.missing", address=address) from error

    def addresses(self) -> Iterator[VaultAddress]:
        """All addresses stored, in order; for verification and backup."""
        for path in sorted(self._folder.glob("[0-9a-f][0-9a-f]/*")):
            if cipher.is_address(path.name):
                yield VaultAddress(path.name)

    def has(self, address: VaultAddress) -> bool:
        """Whether the file lies there; it is not read."""
        return cipher.is_address(address) and self._path(address).is_file()

    def remove(self, address: VaultAddress) -> None:
        """Remove a file that no row names (a refused package's photos); fine when gone."""
        if cipher.is_address(address):
            self._durable.remove(self._path(address))

    def close(self) -> None:
        """Drop the keys; ``put`` and ``get`` then raise NotAllowed ``session.closed``."""
        self._keys = None

    def _open_keys(self) -> tuple[bytes, bytes]:
        if self._keys is None:
            raise NotAllowed("session.closed")
        return self._keys

    def _holds(self, address: VaultAddress) -> bool:
        try:
            self.get(address)
        except Corrupt:
            return False
        return True

    def _path(self, address: VaultAddress) -> Path:
        return self._folder / address[:2] / address
