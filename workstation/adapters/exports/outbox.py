"""The outbox folder: signed PDFs and messages under their numbers, written whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from workstation.adapters.exports.calendar import calendar
from workstation.adapters.exports.orders import sidecar
from workstation.adapters.exports.whole_file import write_whole
from workstation.domain.calendar import CalendarEntry
from workstation.domain.errors import WorkstationError
from workstation.domain.orders import Orders

_NUMBER = re.compile(r"[A-Z]{2}-\d{4}-\d{4,}")


class FolderOutbox:
    """Writes into one folder; a file name never carries more than the document number."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, number: str, pdf: bytes) -> Path:
        """Durably write one PDF; an equal file already there is left as it is.

        Raises:
            WorkstationError: ``export.number`` for a malformed number, ``export.folder`` when the
                folder cannot be written.
        """
        return self._write(number, "pdf", pdf)

    def write_text(self, number: str, text: str) -> Path:
        """Durably write one message as UTF-8 text.

        Raises:
            WorkstationError: as ``write``.
        """
        return self._write(number, "txt", text.encode())

    def write_calendar(
        self, number: str, name: str, entries: Sequence[CalendarEntry], made: datetime
    ) -> Path:
        """Durably write one calendar file (``.ics``).

        Raises:
            WorkstationError: as ``write``.
        """
        return self._write(number, "ics", calendar(entries, made, name))

    def write_beside(self, given: Orders) -> tuple[Path, ...]:
        """Durably write what a signed document orders: FHIR (``.fhir.json``), days (``.ics``).

        Raises:
            WorkstationError: as ``write``.
        """
        number, made = given.document.number, [("fhir.json", sidecar(given))]
        if given.days:
            name, at = given.calendar_name, given.document.signed_at
            made.append(("ics", calendar(given.days, at, name)))
        return tuple(self._write(number, suffix, content) for suffix, content in made)

    def _write(self, number: str, suffix: str, content: bytes) -> Path:
        if not _NUMBER.fullmatch(number):
            raise WorkstationError("export.number")
        return write_whole(self._folder / f"{number}.{suffix}", content)
