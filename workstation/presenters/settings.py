"""Settings: what is in force for the user and the clinic, and each change as one undoable act."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TypeVar

from workstation.domain.accounts import ClinicProfile, Permission, User, may
from workstation.domain.dosing import Product
from workstation.domain.rules import Level
from workstation.language import noted, tr
from workstation.presenters import wording
from workstation.presenters.jobs import Jobs, Lane
from workstation.presenters.observable import Event
from workstation.presenters.settings_accounts import AccountVerbs
from workstation.presenters.settings_state import SettingsState
from workstation.presenters.signing_keys import SigningKeysPresenter
from workstation.workflow import (
    accounts,
    backup,
    clinic_profile,
    firings,
    own_rules,
    rule_levels,
    settings,
    stock,
)
from workstation.workflow.desk import Desk, Session
from workstation.workflow.firings import RuleUse
from workstation.workflow.own_rules import OwnRules
from workstation.workflow.rule_levels import RaisedLevel
from workstation.workflow.settings import Settings

T = TypeVar("T")
_Read = tuple[Settings, ClinicProfile, tuple[User, ...], tuple[RaisedLevel, ...], OwnRules | None]
WHOLE = noted(
    "The records are whole: every row and every entry of the trail is as the program left it."
)


class SettingsPresenter(AccountVerbs):
    """Holds the settings in force; ``changed`` follows each change, ``said`` carries notices.

    A notice is (words, undo); undo is None for what cannot be undone.
    """

    def __init__(
        self,
        desk: Desk,
        session: Session,
        jobs: Jobs,
        *,
        backups: backup.Backups | None = None,
        check: Callable[[], tuple[str, ...]] | None = None,
        folder: Path | None = None,
    ) -> None:
        self.desk = desk
        self.session = session
        self.jobs = jobs
        self.folder = folder
        self.changed: Event[SettingsState] = Event()
        self.said: Event[tuple[str, Callable[[], None] | None]] = Event()
        self.levels_changed: Event[None] = Event()  # what is open is judged anew
        self.stock_changed: Event[None] = Event()  # doses are offered of other strengths
        self._backups, self._check = backups, check
        self.keys = SigningKeysPresenter(desk, lambda: self.session, jobs, self.said)
        self.state = SettingsState(values=settings.read(desk, session))

    # -- reading

    def may(self, permission: Permission) -> bool:
        """Whether the user may do that."""
        return may(self.session.user, permission)

    @property
    def administers(self) -> bool:
        """Whether the user sees the clinic's accounts and letterhead."""
        return self.may(Permission.ADMINISTER)

    @property
    def prescribes(self) -> bool:
        """Whether the user may change what concerns medicine."""
        return self.may(Permission.SIGN)

    @property
    def own_files(self) -> tuple[str, ...]:
        """Names of the clinic's own files of rules that are in force at this desk."""
        return own_rules.files(self.desk)

    def load(self) -> None:
        """Read everything the pages show."""

        def work() -> _Read:
            people = accounts.listed(self.desk, self.session) if self.administers else ()
            return (
                settings.read(self.desk, self.session),
                clinic_profile.read(self.desk, self.session),
                people,
                rule_levels.raised(self.desk, self.session),
                own_rules.taken(self.desk, self.session),
            )

        def done(found: _Read) -> None:
            values, clinic, people, raised, own = found
            self._set(
                values=values, clinic=clinic, people=people, raised=raised, own=own, problem=None
            )

        self.jobs.submit(work, done, self._failed("read"), Lane.READ, "settings.load")

    def load_uses(self) -> None:
        """How often each rule fired and was waived; reads the whole trail, so only when asked."""
        if not self.may(Permission.VIEW):
            return

        def done(uses: tuple[RuleUse, ...]) -> None:
            self._set(uses={use.code: use for use in uses})

        self.jobs.submit(
            lambda: firings.analytics(self.desk, self.session),
            done,
            self._failed("uses"),
            Lane.READ,
            "settings.uses",
        )

    def load_backup(self) -> None:
        """When the newest backup was made."""
        folder = self.state.values["backup.folder"]
        if not folder or self._backups is None:
            self._set(newest="")
            return
        backups = self._backups
        self.jobs.submit(
            lambda: backups.newest(Path(folder)),
            lambda at: self._set(newest=wording.moment(at) if at is not None else ""),
            self._failed("backup"),
            Lane.WORK,
            "settings.newest",
        )

    # -- settings

    def change(self, name: str, content: str | None, *, words: str = "") -> None:
        """Change one setting at once; the notice offers to take it back."""
        kept = self.state.values
        old = kept.own.get(name) or kept.clinic.get(name)

        def work() -> Settings:
            settings.change(self.desk, self.session, name, content)
            return settings.read(self.desk, self.session)

        def done(values: Settings) -> None:
            self._set(values=values, problem=None, about="")
            if words:
                self.said.emit((words, lambda: self.change(name, old)))

        self._write(work, done, name)

    def keep_strength(
        self, product: Product, strength: Decimal, kept: bool, *, words: str = ""
    ) -> None:
        """Keep a strength of a product in stock, or no longer; the notice offers to take it back."""

        def work() -> Settings:
            stock.keep(self.desk, self.session, product, strength, kept=kept)
            return settings.read(self.desk, self.session)

        def done(values: Settings) -> None:
            self._set(values=values, problem=None, about="")
            if words:
                undo = partial(self.keep_strength, product, strength, not kept)
                self.said.emit((words, undo))
            self.stock_changed.emit(None)

        self._write(work, done, stock.NAME)

    def set_letterhead(self, profile: ClinicProfile) -> None:
        """Store the letterhead."""
        before = self.state.clinic

        def done(clinic: ClinicProfile) -> None:
            self._set(clinic=clinic, problem=None, about="")
            undo = None if before is None else (lambda: self.set_letterhead(before))
            self.said.emit((tr("Letterhead changed. New documents carry it."), undo))

        self._write(
            lambda: clinic_profile.set_letterhead(self.desk, self.session, profile),
            done,
            "letterhead",
        )

    def mark_reviewed(self) -> None:
        """Keep that this user looked through all rules today, and in which version."""
        catalogue, today = self.desk.catalogue, self.desk.clock.today()
        told = {"on": today.isoformat(), "by": self.session.user.name, "stamp": catalogue.stamp}
        self.change("rules.reviewed", json.dumps(told), words=tr("Rules reviewed today."))

    def set_rems_date(self, day: date | None) -> None:
        """Say from which day the newer REMS rules hold."""
        known = self.state.clinic.rems_2026_effective if self.state.clinic else ""
        before = date.fromisoformat(known) if known else None

        def done(clinic: ClinicProfile) -> None:
            self._set(clinic=clinic, problem=None, about="")
            words = (
                tr("Newer iPLEDGE rules from {day}.", day=wording.day(day))
                if day
                else tr("Date taken away.")
            )
            self.said.emit((words, lambda: self.set_rems_date(before)))

        self._write(
            lambda: clinic_profile.set_rems_date(self.desk, self.session, day), done, "rems"
        )

    def set_protocol(self, id: str | None) -> None:
        """Choose the protocol that consultations begin with."""
        chosen = self.state.clinic.protocol if self.state.clinic else None
        before = chosen.id if chosen is not None else None

        def done(clinic: ClinicProfile) -> None:
            self._set(clinic=clinic, problem=None, about="")
            self.said.emit(
                (tr("Protocol changed for new plans."), lambda: self.set_protocol(before))
            )

        self._write(
            lambda: clinic_profile.set_protocol(self.desk, self.session, id), done, "protocol"
        )

    # -- rules

    def raise_level(self, code: str, level: Level, why: str, reasons: tuple[str, ...]) -> None:
        """Make a rule stricter for this clinic."""

        def done(raised: tuple[RaisedLevel, ...]) -> None:
            self._set(raised=raised, problem=None, about="")
            words = tr("{code} is {name} here from now on.", code=code, name=level.name)
            self.said.emit((words, lambda: self.shipped_again(code)))
            self.levels_changed.emit(None)

        self._write(
            lambda: rule_levels.raise_level(self.desk, self.session, code, level, why, reasons),
            done,
            "rules",
        )

    def shipped_again(self, code: str) -> None:
        """Go back to a rule's shipped level."""

        def done(raised: tuple[RaisedLevel, ...]) -> None:
            self._set(raised=raised, problem=None, about="")
            self.said.emit((tr("{code} is as shipped from now on.", code=code), None))
            self.levels_changed.emit(None)

        self._write(lambda: rule_levels.shipped_again(self.desk, self.session, code), done, "rules")

    def take_in_rules(self, folder: Path) -> None:
        """Put the rules of a folder in force for the clinic."""
        first = self.state.own is None

        def work() -> OwnRules:
            own = own_rules.take_in(self.desk, self.session, folder)
            rule_levels.follow(self.desk)
            return own

        def done(own: OwnRules) -> None:
            self._set(own=own, problem=None, about="")
            words = tr("The rules of the folder hold here from now on.")
            self.said.emit((words, self.take_out_rules if first else None))
            self.levels_changed.emit(None)

        self._write(work, done, "own_rules")

    def take_out_rules(self) -> None:
        """Go back to the rules as they ship."""

        def work() -> None:
            own_rules.take_out(self.desk, self.session)
            rule_levels.follow(self.desk)

        def done(_: None) -> None:
            self._set(own=None, problem=None, about="")
            self.said.emit((tr("The clinic\u2019s own rules are taken out."), None))
            self.levels_changed.emit(None)

        self._write(work, done, "own_rules")

    # -- records

    def back_up(self) -> None:
        """Make a backup now, with progress."""
        folder = self.state.values["backup.folder"]
        if self._backups is None or not folder or self.state.busy:
            return
        backups = self._backups
        self._set(busy="backup", progress=(0, 0), problem=None, about="")

        def told(done: int, total: int) -> None:
            self._progress = (done, total)

        def done(made: backup.BackupMade) -> None:
            self._set(busy="", progress=None, newest=wording.moment(made.made_at))
            self.said.emit(
                (tr("Backup made and read back: {files} files.", files=made.files), None)
            )

        self.jobs.submit(
            lambda: backup.make(self.desk, self.session, backups, Path(folder), told),
            done,
            self._failed("backup"),
            Lane.WORK,
        )

    _progress: tuple[int, int] = (0, 0)

    def poll_progress(self) -> None:
        """Show how far a backup is; asked by the page while one is made."""
        if self.state.busy == "backup" and self.state.progress != self._progress:
            self._set(progress=self._progress)

    def check(self) -> None:
        """Check the whole trail and every row."""
        if self._check is None or self.state.busy:
            return
        self._set(busy="check", checked="", problem=None)

        def done(faults: tuple[str, ...]) -> None:
            said = (
                tr(WHOLE)
                if not faults
                else tr("Changed outside the program: {faults}.", faults=", ".join(faults))
            )
            self._set(busy="", checked=said)

        self.jobs.submit(self._check, done, self._failed("check"), Lane.WORK)

    # -- inside

    def _write(self, work: Callable[[], T], done: Callable[[T], None], about: str) -> None:
        self.jobs.submit(work, done, self._failed(about), Lane.STORE)
