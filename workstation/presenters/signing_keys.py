"""Signing keys in Settings: whose they are, until when, and taking one in or out of use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.domain.accounts import Permission, may
from workstation.domain.errors import WorkstationError
from workstation.language import noted, plural, tr
from workstation.presenters import wording
from workstation.presenters.jobs import Jobs, Lane
from workstation.presenters.observable import Event, Followed
from workstation.workflow import signing_keys
from workstation.workflow.desk import Desk, Session
from workstation.workflow.ports import TokenPlace
from workstation.workflow.signing_keys import KeyRow

if TYPE_CHECKING:
    from datetime import date, tzinfo

ENDS_SOON = 30  # days
LARGEST_FILE = 256 * 1024  # bytes
GROUP = 4
REASONS = {
    "replaced": noted("Replaced by another key"),
    "key_lost": noted("Key lost"),
    "key_stolen": noted("Key stolen, or used by somebody else"),
    "left_clinic": noted("Left the clinic"),
    "name_changed": noted("Name changed"),
}


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One certificate: (chip kind, chip words) say how it stands; ``more`` are dates and issuer."""

    serial: str
    name: str
    chip: tuple[str, str]
    more: tuple[str, ...]
    mine: bool
    may_revoke: bool
    spoken: str


@dataclass(frozen=True)
class KeysState:
    """The page. ``about`` is the act that ``problem`` belongs to; ``done`` the one that worked."""

    lines: tuple[KeyLine, ...] = ()
    busy: str = ""
    problem: wording.Problem | None = None
    about: str = ""
    done: str = ""


class SigningKeysPresenter(Followed[KeysState]):
    """Imports, tokens, renewal and revocation; ``renewed`` hands the session with its new key on."""

    def __init__(
        self,
        desk: Desk,
        session: Callable[[], Session],
        jobs: Jobs,
        said: Event[tuple[str, Callable[[], None] | None]],
    ) -> None:
        self._desk, self._session, self._jobs, self._said = desk, session, jobs, said
        self.changed: Event[KeysState] = Event()
        self.renewed: Callable[[Session], None] = lambda _: None
        self.state = KeysState()

    @property
    def signs(self) -> bool:
        """Whether the user signs, and so has a key."""
        return may(self._session().user, Permission.SIGN)

    @property
    def shown(self) -> bool:
        """Whether the user sees the clinic's keys."""
        return self.signs or may(self._session().user, Permission.ADMINISTER)

    def load(self) -> None:
        """Read the list again."""
        if not self.shown:
            return
        session = self._session()

        def work() -> tuple[tuple[KeyRow, ...], str]:
            rows = signing_keys.listed(self._desk, session)
            with self._desk.store.reading() as unit:
                return rows, unit.clinic().time_zone

        def done(found: tuple[tuple[KeyRow, ...], str]) -> None:
            rows, zone = found
            today = self._desk.clock.today()
            administers = may(session.user, Permission.ADMINISTER)
            lines = tuple(line(row, today, wording.zone(zone), administers) for row in rows)
            lines = tuple(_as_found(one, session) for one in lines)
            self._set(lines=tuple(sorted(lines, key=lambda one: not one.mine)))

        self._jobs.submit(work, done, self._failed("read"), Lane.READ, "settings.signing")

    # -- one's own

    def import_file(self, path: str, file_password: str, password: str) -> None:
        """Sign with one's own key out of a PKCS#12 file."""

        def work() -> Session:
            file = Path(path)
            try:
                if file.stat().st_size > LARGEST_FILE:
                    raise WorkstationError("key.import.unreadable")
                content = file.read_bytes()
            except OSError as error:
                raise WorkstationError("key.import.unreadable") from error
            return signing_keys.import_file(
                self._desk, self._session(), password, content, file_password
            )

        self._take("import", work, tr("Key imported. You sign with it from now on."))

    @staticmethod
    def place(module: str, label: str, key: str) -> TokenPlace:
        """Where a token's key lies, as typed."""
        return TokenPlace(module.strip(), label.strip(), key.strip())

    def use_token(self, place: TokenPlace, pin: str, password: str) -> None:
        """Sign with the key on a token."""
        self._take(
            "token",
            lambda: signing_keys.use_token(self._desk, self._session(), password, place, pin),
            tr("The token signs from now on. Its PIN is your signing PIN."),
        )

    def renew(self, password: str) -> None:
        """Sign with a new key of the clinic."""
        self._take(
            "renew",
            lambda: signing_keys.renew(self._desk, self._session(), password),
            tr("You have a new key. What the old one signed stays valid."),
        )

    # -- the clinic's

    def revoke(self, serial: str, reason: str, since: date | None) -> None:
        """Take a key out of use for good; from the start of ``since``, now when None."""
        moment = None if since is None else datetime.combine(since, time(), UTC)

        def done(_: object) -> None:
            self._set(busy="", done="revoke")
            self._said.emit((tr("The key is revoked. Nothing more is signed with it."), None))
            self.load()

        self._set(busy="revoke", problem=None, about="", done="")
        self._jobs.submit(
            lambda: signing_keys.revoke(self._desk, self._session(), serial, reason, moment),
            done,
            self._failed("revoke"),
            Lane.STORE,
        )

    def save_code_certificate(self, path: str) -> None:
        """Write the certificate with which anybody can check the clinic's QR codes."""

        def work() -> str:
            try:
                Path(path).write_bytes(self._desk.keys.document_certificate())
            except OSError as error:
                raise WorkstationError("export.folder") from error
            return Path(path).name

        self._jobs.submit(
            work,
            lambda name: self._said.emit((tr("Saved as {name}.", name=name), None)),
            self._failed("code"),
            Lane.WORK,
        )

    # -- inside

    def _take(self, about: str, work: Callable[[], Session], words: str) -> None:
        self._set(busy=about, problem=None, about="", done="")

        def done(session: Session) -> None:
            self.renewed(session)
            self._set(busy="", done=about)
            self._said.emit((words, None))
            self.load()

        self._jobs.submit(work, done, self._failed(about), Lane.STORE)

    def _failed(self, about: str) -> Callable[[Exception], None]:
        def failed(error: Exception) -> None:
            if not isinstance(error, WorkstationError):
                self._set(busy="")
                raise error
            self._set(busy="", problem=wording.message_for(error), about=about)

        return failed


def _as_found(one: KeyLine, session: Session) -> KeyLine:
    """One's own certificate whose key is not there says so before anything else."""
    if not (one.mine and session.keyless and one.chip[0] == "ok"):
        return one
    told = wording.message(session.keyless)
    return replace(
        one,
        chip=("danger", tr("No key")),
        more=(told.line, *one.more),
        spoken=f"{one.spoken}, {told.title}",
    )


def line(row: KeyRow, today: date, zone: tzinfo | None, administers: bool) -> KeyLine:
    """A certificate as the page shows it."""
    name = row.owner.name if row.owner is not None else tr("Nobody any more")
    chip, more = ("ok", tr("In use")), []
    if row.expires is not None:
        ends = row.expires.astimezone(zone).date()
        left = (ends - today).days
        more.append(tr("Valid to {day}", day=wording.day(ends)))
        if left < 0:
            chip, more = ("danger", tr("Ended")), [tr("Ended on {day}", day=wording.day(ends))]
        elif left <= ENDS_SOON:
            chip = ("warn", plural(left, "Ends in {n} day", "Ends in {n} days"))
    elif row.owner is not None:
        more.append(tr("End known after the next sign-in"))
    ended = row.revocation
    if ended is not None:
        chip = ("danger", tr("Revoked"))
        since = wording.moment(ended.since, zone)
        why = tr(REASONS[ended.reason])
        more.insert(
            0, tr("Revoked since {since}: {why}", since=since, why=why[:1].lower() + why[1:])
        )
    if row.owner is not None:
        issuer = (
            tr("Issued by {issuer}", issuer=row.issuer)
            if row.issuer
            else tr("Issued by this clinic")
        )
        on_token = tr("{issuer}, on token {token}", issuer=issuer, token=row.where)
        more.append(on_token if row.where else issuer)
    digits = row.serial.upper()
    more.append(tr("Serial {first} \u2026 {last}", first=digits[:GROUP], last=digits[-GROUP:]))
    return KeyLine(
        row.serial,
        name,
        chip,
        tuple(more),
        row.mine,
        ended is None and (row.mine or administers),
        f"{name}: {chip[1]}. {'. '.join(more)}",
    )
