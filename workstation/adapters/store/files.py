"""The files that the rows name, compared with those that lie in the vault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Protocol

from sqlalchemy import Connection, select

from workstation.adapters.store.erasure import SqlErasing
from workstation.adapters.store.schema import (
    consultation_content,
    consultation_version,
    document,
    document_stamp,
)
from workstation.adapters.store.unit_of_work import SqlStore
from workstation.domain.errors import Corrupt
from workstation.domain.ids import VaultAddress

_OF_PHOTO = ("original", "preview", "thumbnail")
_AT_ONCE = 500


class Files(Protocol):
    """What is asked of the vault."""

    def addresses(self) -> Iterator[VaultAddress]:
        """All addresses stored."""
        ...

    def get(self, address: VaultAddress) -> bytes:
        """The content, checked; raises Corrupt."""
        ...


def faults(store: SqlStore, files: Files) -> tuple[str, ...]:
    """Files that are not as the program left them: ``file.damaged:address``, ``file.missing``.

    Reads and decrypts every file, so it takes as long as reading the whole vault.
    """
    with store.reading() as unit:
        named = _named(unit._connection)
    found = []
    for address in files.addresses():
        named.discard(address)
        try:
            files.get(address)
        except Corrupt as error:
            if error.code != "vault.blob.missing":  # taken away since it was listed: erased
                found.append(f"file.damaged:{address}")
    return (*found, *(f"file.missing:{address}" for address in sorted(named)))


def _named(connection: Connection) -> set[VaultAddress]:
    """Files of documents, their time stamps and the photos of every version, but what was erased.

    Rows of documents stay when their files are erased; those of consultations go with their photos.
    """
    found = {
        VaultAddress(address)
        for table in (document, document_stamp)
        for address in connection.scalars(select(table.c.address))
    } - set(SqlErasing(connection).files_to_remove())
    for table in (consultation_content, consultation_version):
        texts = connection.execution_options(yield_per=_AT_ONCE).scalars(select(table.c.content))
        for text in texts:
            for photo in json.loads(text)["photos"]:
                found.update(VaultAddress(photo[name]) for name in _OF_PHOTO)
    return found
