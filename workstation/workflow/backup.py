"""Backups: who may make one, when the next is due, and what of it goes on the audit trail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from workstation.domain.accounts import Permission, may
from workstation.workflow import settings
from workstation.workflow.desk import Desk, Session, require

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup that was written and read back."""

    folder: Path
    made_at: datetime
    consultations: int
    files: int
    copied: int
    removed: int


class Backups(Protocol):
    """Backups of the open store."""

    def make(self, backups: Path, keep: int, progress: Progress | None) -> BackupMade:
        """Write, verify and rotate; raises ``backup.*`` and ``store.disk.*`` errors."""
        ...

    def newest(self, backups: Path) -> datetime | None:
        """When the newest finished backup below ``backups`` was made."""
        ...


def make(
    desk: Desk,
    session: Session,
    backups: Backups,
    folder: Path,
    progress: Progress | None = None,
) -> BackupMade:
    """Make a backup below ``folder`` now.

    Raises:
        NotAllowed: ``session.permission``; else what ``Backups.make`` says.
    """
    require(session, Permission.BACK_UP)
    made = backups.make(folder, settings.read(desk, session).number("backup.keep"), progress)
    with desk.store.writing(session.user.id, desk.station) as unit:
        unit.audit(
            "backup.made",
            made.folder.name,
            {"consultations": made.consultations, "files": made.files, "removed": made.removed},
        )
    return made


def due(desk: Desk, session: Session, backups: Backups) -> Path | None:
    """The folder to back up to when a backup is due now; None when not, or none is set."""
    kept = settings.read(desk, session)
    if not kept["backup.folder"] or not may(session.user, Permission.BACK_UP):
        return None
    folder = Path(kept["backup.folder"])
    newest = backups.newest(folder)
    every = timedelta(hours=kept.number("backup.every"))
    return folder if newest is None or desk.clock.now() - newest >= every else None
