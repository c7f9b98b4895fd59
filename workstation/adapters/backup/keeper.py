"""The port ``Backups`` over an open store folder."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from workstation.adapters.backup import making, manifest
from workstation.adapters.store.folder import OpenStore
from workstation.domain.errors import WorkstationError
from workstation.workflow.backup import BackupMade, Progress


class FolderBackups:
    """Backups of one open store folder."""

    def __init__(self, opened: OpenStore) -> None:
        self._opened = opened

    def make(self, backups: Path, keep: int, progress: Progress | None) -> BackupMade:
        """Write, verify and rotate; raises as ``making.make``."""
        made = making.make(self._opened, backups, keep=keep, progress=progress)
        return BackupMade(
            folder=made.folder,
            made_at=made.manifest.made_at,
            consultations=made.manifest.rows.get("consultation", 0),
            files=made.manifest.blobs,
            copied=made.copied,
            removed=made.removed,
        )

    def newest(self, backups: Path) -> datetime | None:
        """When the newest backup with a readable manifest was made."""
        for folder in reversed(making.existing(making.place_of(backups, self._opened.id))):
            try:
                return manifest.read(folder).manifest.made_at
            except WorkstationError:
                continue  # it is no backup any more, so an older one counts and the reminder comes
        return None
