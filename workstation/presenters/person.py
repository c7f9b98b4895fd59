"""One person's records: a copy for the patient, and erasing as far as the law allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from workstation.domain.accounts import Permission, may
from workstation.domain.errors import WorkstationError
from workstation.language import noted, plural, tr
from workstation.presenters import wording
from workstation.presenters.jobs import Jobs, Lane
from workstation.presenters.observable import Event, Followed
from workstation.presenters.typed import parse_day
from workstation.workflow import accounts, person, settings
from workstation.workflow.desk import Desk, Session
from workstation.workflow.person import Handover, Held, Survey
from workstation.workflow.ports.person import Erased

STOPPED = "person.stopped"
NO_COPY = noted("Your role does not hand out records. A dermatologist or a nurse can.")
NO_ERASE = noted("Only an administrator of the clinic erases records.")
WHO_WRONG = noted("Write the birth date as 14-Mar-2003.")
COPY = noted(
    "Photos, answers, drafts, results, messages and signed documents are written to a new folder, "
    "in clear. It is for the patient: whoever finds the folder can read it."
)
ERASE = noted(
    "Photos, answers, drafts, results and messages go, on every station, and cannot be brought back. "
    "Backups made before hold them until those are let go."
)
KEPT_BY_LAW = noted(
    "The audit trail stays, without names. What was signed stays for {years} years after the signature, "
    "with the name in its index: that is the clinic’s retention time, in Settings."
)


@dataclass(frozen=True)
class PersonState:
    """The window about one person. ``about`` says which part ``problem`` and ``result`` belong to.

    ``confirm`` is what must be typed before erasing: the record number as it was given.
    """

    title: str = ""
    lines: tuple[str, ...] = ()
    kept: str = ""
    confirm: str = ""
    may_copy: bool = False
    may_erase: bool = False
    open: str = ""  # why nothing can be erased yet
    busy: str = ""  # find | copy | erase
    progress: tuple[int, int] | None = None
    about: str = ""
    problem: str = ""
    result: str = ""

    @property
    def found(self) -> bool:
        """Whether somebody was found."""
        return bool(self.title)


class _Counted:
    """Counts what is written, and stops when asked."""

    def __init__(self, to: Handover) -> None:
        self._to, self.done, self.stopped = to, 0, False

    def file(self, name: str, content: bytes) -> None:
        """Write one file."""
        if self.stopped:
            raise WorkstationError(STOPPED)
        self._to.file(name, content)
        self.done += 1

    def record(self, held: tuple[Held, ...]) -> None:
        """Write the rest."""
        if self.stopped:
            raise WorkstationError(STOPPED)
        self._to.record(held)


class PersonPresenter(Followed[PersonState]):
    """``into`` makes where a person's files are written to, from a folder that is new or empty."""

    def __init__(
        self,
        desk: Desk,
        session: Callable[[], Session],
        jobs: Jobs,
        into: Callable[[Path], Handover],
    ) -> None:
        self._desk, self._session, self._jobs, self._into = desk, session, jobs, into
        self.changed: Event[PersonState] = Event()
        self.erased: Event[None] = Event()  # lists of records are out of date
        self._survey: Survey | None = None
        self._counted: _Counted | None = None
        self._zone: tzinfo | None = None
        self.state = PersonState()

    def begin(self) -> None:
        """Nobody is looked at yet."""
        user = self._session().user
        self._survey = None
        copies = may(user, Permission.VIEW) and may(user, Permission.EXPORT)
        self.state = PersonState(may_copy=copies, may_erase=may(user, Permission.ADMINISTER))
        self.changed.emit(self.state)

    @property
    def years(self) -> int:
        """The clinic's retention time."""
        return settings.read(self._desk, self._session()).number(person.RETENTION)

    def find(self, record: str, born: str) -> None:
        """Look for the person of a record number and a birth date as typed."""
        day = parse_day(born, self._desk.clock.today())
        if day is None or not record.strip():
            self._set(about="find", problem=tr(WHO_WRONG), title="", lines=())
            return
        desk, session, number = self._desk, self._session(), record.strip()
        self._set(busy="find", about="find", problem="", result="")

        def work() -> tuple[Survey, int, str]:
            with desk.store.reading() as unit:
                zone = unit.clinic().time_zone
            return person.survey(desk, session, number, day), self.years, zone

        def done(found: tuple[Survey, int, str]) -> None:
            survey, years, zone = found
            self._survey, self._zone = survey, wording.zone(zone)
            self._show(survey, number, years)

        self._jobs.submit(work, done, self._failed("find"), Lane.READ, "person.find")

    def copy(self, folder: str, password: str) -> None:
        """Write everything into a folder, with a count."""
        survey = self._survey
        if survey is None or self.state.busy:
            return
        desk, session = self._desk, self._session()
        self._set(
            busy="copy",
            about="copy",
            problem="",
            result="",
            progress=(0, survey.photos + survey.documents),
        )

        def work() -> tuple[Held, ...]:
            accounts.confirm(desk, session, password)
            self._counted = counted = _Counted(self._into(Path(folder)))
            return person.hand_over(desk, session, survey.patient, counted)

        def done(held: tuple[Held, ...]) -> None:
            written = plural(len(held), "{n} consultation", "{n} consultations")
            words = tr(
                "{written} written, in clear. Give the folder to the patient.", written=written
            )
            self._set(busy="", progress=None, result=words)

        self._jobs.submit(work, done, self._failed("copy"), Lane.WORK)

    def stop(self) -> None:
        """Stop the copy after the file that is being written."""
        if self._counted is not None:
            self._counted.stopped = True

    def poll_progress(self) -> None:
        """Show how far a copy is; asked while one is made."""
        counted, at = self._counted, self.state.progress
        if counted is not None and at is not None and counted.done != at[0]:
            self._set(progress=(counted.done, at[1]))

    def erase(self, reason: str, typed: str, password: str) -> None:
        """Erase, when what was typed is the record number that was found."""
        survey = self._survey
        if survey is None or self.state.busy:
            return
        if typed.strip() != self.state.confirm:
            words = tr("Type {number} to confirm.", number=self.state.confirm)
            self._set(about="erase", problem=words, result="")
            return
        desk, session = self._desk, self._session()
        self._set(busy="erase", about="erase", problem="", result="")

        def work() -> tuple[Erased, int]:
            accounts.confirm(desk, session, password)
            return person.erase(desk, session, survey.patient, reason), self.years

        def done(made: tuple[Erased, int]) -> None:
            erased, years = made
            self._survey = None
            self._set(busy="", title="", lines=(), kept="", result=self._told(erased, years))
            self.erased.emit(None)

        # On the writer lane: an edit of the same person that is under way comes first.
        self._jobs.submit(work, done, self._failed("erase"), Lane.STORE)

    # -- inside

    def _show(self, survey: Survey, number: str, years: int) -> None:
        lines = (
            plural(survey.consultations, "{n} consultation", "{n} consultations"),
            plural(survey.photos, "{n} photo", "{n} photos"),
            plural(survey.documents, "{n} signed document", "{n} signed documents"),
        )
        kept = (
            tr(
                "Kept until {day}: {numbers}.",
                day=wording.day(survey.kept_until.astimezone(self._zone).date()),
                numbers=", ".join(survey.kept),
            )
            if survey.kept_until is not None
            else tr("Nothing signed has to be kept: the name goes too.")
        )
        waits = ""
        if survey.open:
            waits = plural(
                survey.open,
                "{n} consultation is not closed. Close it first by a signed decision.",
                "{n} consultations are not closed. Close them first by signed decisions.",
            )
        elif not survey.consultations and len(survey.kept) == survey.documents:
            waits = tr("What is left has to be kept for now.")
        self._set(
            busy="",
            title=survey.name or tr("Record {number}", number=wording.groups_of_three(number)),
            lines=lines,
            kept=f"{tr(KEPT_BY_LAW, years=years)} {kept}",
            confirm=number,
            open=waits,
        )

    def _told(self, erased: Erased, years: int) -> str:
        said = tr(
            "Erased: {consultations}, {entries}, {files}.",
            consultations=plural(erased.consultations, "{n} consultation", "{n} consultations"),
            entries=plural(erased.rows, "{n} entry", "{n} entries"),
            files=plural(len(erased.files), "{n} file", "{n} files"),
        )
        until = person.kept_until(erased, years)
        if until is None:
            return f"{said} {tr('Nothing signed had to be kept; the name is gone too.')}"
        day = wording.day(until.astimezone(self._zone).date())
        numbers = ", ".join(erased.kept)
        return f"{said} {tr('Kept until {day}: {numbers}.', day=day, numbers=numbers)}"

    def _failed(self, about: str) -> Callable[[Exception], None]:
        def failed(error: Exception) -> None:
            self._counted = None
            if not isinstance(error, WorkstationError):
                self._set(busy="", progress=None)
                raise error
            told = wording.message_for(error)
            self._set(
                busy="",
                progress=None,
                about=about,
                problem=told.line,
                **({"title": "", "lines": ()} if about == "find" else {}),
            )

        return failed
