"""Everything of one person as files in a folder: photos, signed documents, and one JSON."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path

from workstation.domain.errors import WorkstationError
from workstation.workflow.person import Held


class FolderHandover:
    """Writes into a new or empty folder; it holds patient data in clear, for the patient."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if folder.exists() and any(folder.iterdir()):
            raise WorkstationError("export.not_empty")

    def file(self, name: str, content: bytes) -> None:
        """Write one file; raises WorkstationError ``export.folder``."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self._folder / name).write_bytes(content)
        except OSError as error:
            raise WorkstationError("export.folder", errno=error.errno or 0) from error

    def record(self, held: tuple[Held, ...]) -> None:
        """Write ``record.json``."""
        text = json.dumps(_plain(held), ensure_ascii=False, indent=1)
        self.file("record.json", text.encode("utf-8", errors="backslashreplace"))


def _plain(value: object) -> object:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case Enum():
            return value.value
        case dict():
            return {str(_plain(key)): _plain(item) for key, item in value.items()}
        case tuple() | list() | frozenset() | set():
            return [_plain(item) for item in value]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return str(value)
