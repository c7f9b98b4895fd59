"""Keeping the records safe while the desk is in use: backups, room, the trail, the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workstation.domain.dates import ClockJump
from workstation.domain.errors import WorkstationError
from workstation.language import plural, tr
from workstation.presenters import wording
from workstation.presenters.emergency import waiting
from workstation.presenters.fault_words import fault_words
from workstation.presenters.jobs import Jobs, Lane, expected
from workstation.presenters.observable import Event
from workstation.workflow import backup
from workstation.workflow.backup import BackupMade, Backups
from workstation.workflow.desk import Desk, Session
from workstation.workflow.keeping import INTAKE_BELOW, WARN_BELOW

RETRY = 15  # looks to wait after a backup that failed


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to be told: ``level`` danger, warn or info."""

    level: str
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class _Found:
    """What one look found: free bytes, how the clock was set, the backup that was made."""

    free: int
    jump: ClockJump | None
    made: BackupMade | None = None
    unreviewed: int = 0  # emergency accesses that wait for this user


class KeepingPresenter:
    """Looks once a minute; ``notice`` is the worst that is to be told, None when all is well."""

    def __init__(
        self,
        desk: Desk,
        session: Session,
        jobs: Jobs,
        backups: Backups,
        folder: Path,
        free: Callable[[], int],
        faults: tuple[str, ...],
        clock: Callable[[], ClockJump | None] = lambda: None,
    ) -> None:
        self.session = session
        self.changed: Event[Notice | None] = Event()
        self.notice: Notice | None = None
        self._desk, self._jobs, self._backups = desk, jobs, backups
        self._folder, self._free, self._clock = folder, free, clock
        self._changed_outside = _outside(faults) if faults else None
        self._backup_failed: Notice | None = None
        self._room: Notice | None = None
        self._jumped: Notice | None = None
        self._jump_read: ClockJump | None = None
        self._jump: ClockJump | None = None
        self._unreviewed = self._unreviewed_read = 0
        self._keyless_read = ""
        self._busy = False
        self._wait = 0

    def look(self) -> None:
        """Measure the room and make a backup when one is due, off the UI thread."""
        if self._busy:
            return
        self._busy = True
        try_backup = self._wait == 0
        self._wait = max(0, self._wait - 1)
        self._jobs.submit(lambda: self._work(try_backup), self._done, self._failed, Lane.WORK)

    def look_at_accesses(self) -> None:
        """Count the accesses to review again: one was reviewed here."""

        def done(unreviewed: int) -> None:
            self._unreviewed = unreviewed
            self._tell()

        def failed(error: Exception) -> None:
            expected(error)  # the next look tells

        self._jobs.submit(
            lambda: waiting(self._desk, self.session),
            done,
            failed,
            Lane.READ,
            "keeping.accesses",
        )

    def put_away(self) -> None:
        """The notice was read: what is still so comes back at the next look that finds it."""
        self._changed_outside = None
        self._backup_failed = None
        self._jumped, self._jump_read = None, self._jump
        self._unreviewed_read, self._keyless_read = self._unreviewed, self.session.keyless
        self._tell()

    def _work(self, try_backup: bool) -> _Found:
        free, jump, unreviewed = self._free(), self._clock(), waiting(self._desk, self.session)
        folder = backup.due(self._desk, self.session, self._backups) if try_backup else None
        made = None
        if folder is not None:
            made = backup.make(self._desk, self.session, self._backups, folder)
        return _Found(free, jump, made, unreviewed)

    def _done(self, found: _Found) -> None:
        free, made, self._jump = found.free, found.made, found.jump
        self._busy = False
        if made is not None:
            self._backup_failed = None
        self._room = _room(free, self._folder)
        self._unreviewed = found.unreviewed
        if self._jump is not None and self._jump != self._jump_read:
            self._jumped = _set(self._jump)
        self._tell()

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self._wait = RETRY
        code = error.code if isinstance(error, WorkstationError) else "backup.failed"
        said = wording.message(code)
        self._backup_failed = Notice("warn", tr("The scheduled backup was not made."), said.line)
        self._tell()
        expected(error)

    def _tell(self) -> None:
        notice = self._changed_outside or self._jumped or self._room or self._backup_failed
        if notice is None and self.session.keyless not in ("", self._keyless_read):
            said = wording.message(self.session.keyless)
            notice = Notice("danger", said.title, said.detail)
        if notice is None and self._unreviewed > self._unreviewed_read:
            notice = _accesses(self._unreviewed)
        if notice != self.notice:
            self.notice = notice
            self.changed.emit(notice)


def _room(free: int, folder: Path) -> Notice | None:
    if free >= WARN_BELOW:
        return None
    left = tr("{free} MiB are free on the disk of {folder}.", free=free >> 20, folder=folder)
    if free < INTAKE_BELOW:
        return Notice(
            "danger",
            tr("The disk is nearly full. New consultations wait in the inbox."),
            tr("{left} Signing goes on. Make room; nothing needs repair afterwards.", left=left),
        )
    return Notice("warn", tr("The disk is getting full."), tr("{left} Make room soon.", left=left))


def _accesses(number: int) -> Notice:
    title = plural(
        number, "{n} emergency access waits for review.", "{n} emergency accesses wait for review."
    )
    return Notice("info", title, tr("Records, More, Emergency access."))


def _set(jump: ClockJump) -> Notice:
    before, after = wording.moment(jump.before), wording.moment(jump.after)
    if jump.after > jump.before:
        title = tr("The computer\u2019s clock was set forward.")
        detail = tr(
            "It went from {before} to {after}: set it right before you sign.",
            before=before,
            after=after,
        )
    else:
        title = tr("The computer\u2019s clock was set back.")
        detail = tr(
            "It went from {before} to {after}: nothing is signed until it is set right, or an administrator confirms it in Records, More.",
            before=before,
            after=after,
        )
    return Notice("danger", title, detail)


def _outside(faults: tuple[str, ...]) -> Notice:
    kinds = fault_words(faults)
    more = tr(", and more") if len(kinds) > 3 else ""
    return Notice(
        "danger",
        tr("The records were changed outside this program, or set back."),
        tr(
            "Found when the records were opened: {faults}{more}. Tell whoever is responsible; \u201cworkstation audit\u201d names everything.",
            faults=", ".join(kinds[:3]),
            more=more,
        ),
    )
