"""The Sign step: what is signed in six lines, the pages themselves, the PIN, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from workstation.domain.accounts import Permission, may
from workstation.domain.documents import DocumentKind, SignedDocument
from workstation.domain.errors import WorkstationError
from workstation.domain.pixels import Pixels
from workstation.language import tr
from workstation.presenters import clinical_wording as words
from workstation.presenters import gate_words, sign_wording, stamping
from workstation.presenters.calendar_file import CalendarFile
from workstation.presenters.case import CaseFile
from workstation.presenters.case_state import CaseChange, CaseState, Happened
from workstation.presenters.jobs import Lane, expected
from workstation.presenters.observable import Event
from workstation.presenters.pin_entry import PinEntry
from workstation.presenters.sign_attempt import UNCONFIRMED, Outcome, attempt, exported, looked_up
from workstation.presenters.sign_pages import SignPages
from workstation.presenters.sign_state import DocumentTab, LineState, SignedNotice, SignState
from workstation.workflow import assess, sign, signed_files, timestamps
from workstation.workflow.ports.pages import ON_PAPER
from workstation.workflow.sign import Previews

QUIET = timedelta(milliseconds=500)


class SignPresenter:
    """Shows the previews and signs; nothing says *signed* before the store has committed."""

    def __init__(self, case: CaseFile) -> None:
        self._case = case
        self.changed: Event[SignState] = Event()
        self.signed: Event[SignedNotice] = Event()
        self.blocked: Event[str] = Event()  # signing closed while this step was shown: why
        self.failed: Event[str] = Event()
        self.calendar = CalendarFile(case, self.failed.emit)
        self._unconfirmed: Previews | None = None
        self.stamped: Event[str] = Event()  # what came of the time stamps after signing
        self._server = ""  # of time stamps; "" is none
        self._entered = False
        self._photo: tuple[int, bytes] = (-1, b"")
        self._pages = SignPages(case, self._tell, self._failed)
        self._pin = PinEntry(case.desk.clock)
        self._note = ""
        self._working = ""
        self._export = True
        self._quiet_until: datetime | None = None
        self._subscription = case.changed.subscribe(self._on_case)

    def close(self) -> None:
        """Stop listening to the consultation."""
        self._subscription.close()

    @property
    def state(self) -> SignState | None:
        """The screen now; None when no consultation is open."""
        return None if self._case.state is None else self._screen(self._case.state)

    @property
    def is_quiet(self) -> bool:
        """Whether keys are ignored because something was signed a moment ago."""
        return self._quiet_until is not None and self._case.desk.clock.now() < self._quiet_until

    # -- verbs

    def enter(self) -> None:
        """Render the previews of the draft as it stands."""
        state = self._case.state
        self._entered = True
        self._pin.begin()
        if state is None:
            return
        self._load_photo(state)
        if state.appraisal.decision is None:
            return
        if not self._may_sign:
            self._tell()
            return
        shown = (state.generation, state.revision)
        if shown == self._pages.made and self._pages.previews is not None:
            self._tell()
            return
        self._forget()
        if state.unsaved:
            # Numbers and bytes come from the store: wait until the last edit is durable.
            self._working = "preview"
            self._tell()
            return
        self._request_preview(state)

    def leave(self) -> None:
        """Forget digits typed so far."""
        self._entered = False
        self._pin.clear()
        self._note = ""

    def show(self, index: int) -> None:
        """Bring a document's tab to the front."""
        if self._pages.show(index):
            self._tell()

    def show_next(self, step: int) -> None:
        """Next or previous document tab."""
        documents = self._pages.documents
        if documents:
            self.show((self._pages.current + step) % len(documents))

    def set_export(self, wanted: bool) -> None:
        """Whether signed files are written to the outbox."""
        self._export = wanted
        self._tell()

    def digit(self, digit: str) -> None:
        """Type one PIN digit."""
        state = self._case.state
        if state is None or not state.appraisal.gate.is_open:
            return
        if self._working != "sign" and self._pin.type(digit):
            self._note = ""
            self._tell()

    def erase(self) -> None:
        """Take the last digit back."""
        self._pin.erase()
        self._tell()

    def draft_pages(self, done: Callable[[str, tuple[Pixels, ...]], None]) -> None:
        """(number, pages) of the document in front, for a draft on paper."""
        self._pages.for_paper(done)

    def signed_pages(
        self, document: SignedDocument, done: Callable[[str, tuple[Pixels, ...]], None]
    ) -> None:
        """(number, pages) of a signed document, for paper; audited."""
        desk, session = self._case.desk, self._case.session
        self._case.jobs.submit(
            lambda: signed_files.for_print(desk, session, document, ON_PAPER),
            lambda pages: done(document.number, pages),
            self._failed,
            Lane.STORE,
        )

    def sign(self) -> None:
        """Sign all documents when the gate is open and the PIN is complete."""
        state, previews = self._case.state, self._pages.previews
        if state is None or self._working or self.is_quiet:
            return
        refused = self._refusal(state)
        if refused or previews is None:
            self._say(refused)
            return
        if self._unconfirmed is not None:
            self._check(self._unconfirmed, state.generation)
            return
        pin = self._pin.handed_over()
        self._working = "sign"
        self._tell()
        generation, token, export = state.generation, state.token, self._export
        desk, session = self._case.desk, self._case.session
        now = export and not self._server  # else when the time stamps are in the files

        def done(outcome: Outcome) -> None:
            self._working = ""
            if self._case.state is None or self._case.state.generation != generation:
                return
            if isinstance(outcome.answer, sign.Signed) and self._server:
                self._stamp(outcome.answer.documents, export=export)
            self._answered(outcome, generation)

        def failed(error: Exception) -> None:
            if isinstance(error, WorkstationError) and error.code == UNCONFIRMED:
                self._check(previews, generation)
            else:
                self._failed(error)

        self._case.jobs.submit(
            lambda: attempt(desk, session, previews, token, pin, export=now),
            done,
            failed,
            Lane.STORE,
            "sign",
        )

    def _check(self, previews: Previews, generation: int) -> None:
        """The server went away in the commit: nothing is said until the store has said it."""
        desk, session = self._case.desk, self._case.session
        self._unconfirmed, self._working, self._note = previews, "sign", tr(sign_wording.CHECKING)
        self._tell()

        def done(outcome: Outcome | None) -> None:
            self._unconfirmed, self._working = None, ""
            if self._case.state is None or self._case.state.generation != generation:
                return
            if outcome is None:
                self._note = tr(sign_wording.NOT_STORED)
                self.failed.emit(self._note)
                self._tell()
            else:
                self._answered(outcome, generation)

        def failed(error: Exception) -> None:
            self._failed(error)
            if isinstance(error, WorkstationError) and error.code == UNCONFIRMED:
                self._note = tr(sign_wording.STILL_OPEN)
                self._tell()

        self._case.jobs.submit(
            lambda: looked_up(desk, session, previews), done, failed, Lane.STORE, "sign"
        )

    def _stamp(self, documents: tuple[SignedDocument, ...], *, export: bool) -> None:
        desk, session = self._case.desk, self._case.session
        stamping.after_signing(
            self._case.jobs,
            desk,
            session,
            documents,
            self.stamped.emit,
            lambda: exported(desk, session, documents) if export else "",
        )

    @property
    def _may_sign(self) -> bool:
        return may(self._case.session.user, Permission.SIGN)

    def _refusal(self, state: CaseState) -> str:
        """Why signing cannot even be tried; the workflow asks the gate again."""
        if not self._may_sign:
            return tr(sign_wording.NOT_YOURS_TO_SIGN)
        if not state.appraisal.gate.is_open:
            return gate_words.gate(state.appraisal)
        if self._pages.previews is None:
            return tr(sign_wording.NOT_READY)
        return self._pin.refusal()

    # -- inside

    def _request_preview(self, state: CaseState) -> None:
        self._working = "preview"
        shown = (state.generation, state.revision)
        self._pages.wait_for(shown)
        desk, session = self._case.desk, self._case.session
        self._tell()

        def work() -> tuple[Previews, str]:
            made = sign.preview(desk, session, state.consultation.id, state.token)
            with desk.store.reading() as unit:
                return made, timestamps.server(unit)

        def done(came: tuple[Previews, str]) -> None:
            previews, self._server = came
            if shown == self._pages.made:
                self._working = ""
                self._pages.take(previews)

        self._case.jobs.submit(
            work,
            done,
            self._failed,
            Lane.STORE,
            "sign.preview",
        )

    def _answered(self, outcome: Outcome, generation: int) -> None:
        match outcome.answer:
            case sign.Signed(documents=documents, message=message, unwritten=unwritten):
                now = self._case.desk.clock.now()
                self._quiet_until = now + QUIET
                text = sign_wording.signed(documents[0].number, now, outcome.zone)
                problem = sign_wording.not_where_they_should_be(
                    outcome.exported, unwritten, message
                )
                self._forget()
                state = self._case.state
                planned = any(d.kind is DocumentKind.MONITORING_PLAN for d in documents)
                whose = state.consultation.patient.id if state is not None and planned else None
                self.signed.emit(SignedNotice(documents, text, outcome.next, problem, whose))
                state = self._case.state
                # The shell closes it to open the next one; without a shell it is closed here.
                if state is not None and state.generation == generation:
                    self._case.forget()
            case sign.Blocked(because=because):
                self._forget()
                self._case.refresh()
                # What the store knew and this desk did not is there before Treat is entered, so
                # that it opens on the line.
                self._case.look_again(lambda: self._stop(gate_words.gate_codes(because)))
            case sign.PinNotAccepted(answer=answer):
                self._say(self._pin.refused(answer))
            case sign.NoKey(code=code):
                self._say(words.problem(code))
            case sign.Changed():
                state = self._case.state
                self._pages.forget()
                self._note = tr(sign_wording.CHANGED_SINCE_PREVIEW)
                if state is not None:
                    self._request_preview(state)

    def _say(self, note: str) -> None:
        self._note = note
        self._tell()

    def _stop(self, because: str) -> None:
        if self._entered:
            self.blocked.emit(because)

    def _load_photo(self, state: CaseState) -> None:
        face = state.consultation.face
        if face is None or self._photo[0] == state.generation:
            return

        def done(content: bytes) -> None:
            self._photo = (state.generation, content)
            self._tell()

        self._case.jobs.submit(
            lambda: assess.thumbnail(self._case.desk, state.consultation, face.id),
            done,
            lambda _: None,  # no picture is no reason not to sign: name and date of birth stand
            Lane.READ,
            "sign.photo",
        )

    def _failed(self, error: Exception) -> None:
        self._working = ""
        self._note = words.problem(expected(error).code)
        self.failed.emit(self._note)
        self._tell()

    def _on_case(self, change: CaseChange) -> None:
        state = change.state
        if state is None:
            self._photo = (-1, b"")
            self._forget()
            return
        if change.happened is Happened.SAVED and self._working == "preview":
            self._request_preview(state)
        elif change.happened is Happened.OPENED:
            self._forget()
        elif change.happened in (Happened.EDITED, Happened.RESULT):
            self._changed_underneath(state, change.happened)

    def _changed_underneath(self, state: CaseState, happened: Happened) -> None:
        """What is on the pages is no longer what would be signed."""
        self._forget()
        if not self._entered:
            return
        if not state.appraisal.gate.is_open:
            self._stop(gate_words.gate(state.appraisal))
            return
        self._note = tr(sign_wording.CHANGED_SINCE_PREVIEW)
        if state.unsaved:
            self._working = "preview"
            self._tell()
        elif happened is Happened.RESULT:
            self._request_preview(state)

    def _forget(self) -> None:
        self._pages.forget()
        self._pin.clear()
        self._note = ""
        self._working = ""

    def _tell(self) -> None:
        state = self._case.state
        if state is not None:
            self.changed.emit(self._screen(state))

    def _screen(self, state: CaseState) -> SignState:
        patient = state.consultation.patient
        today: date = self._case.desk.clock.today()
        user = self._case.session.user
        documents = self._pages.documents
        kinds = tuple(preview.document.kind for preview in documents)
        photo = self._photo[1] if self._photo[0] == state.generation else b""
        return SignState(
            generation=state.generation,
            patient=patient.display_name + (f" ({patient.title})" if patient.title else ""),
            born=f"{words.born(patient.born, today)} \u00b7 {words.sex(patient.sex)}",
            identity=words.identity(patient.external_id),
            photo=photo,
            lines=tuple(
                LineState(*line)
                for line in sign_wording.signing_lines(
                    state, kinds, self._case.desk.catalogue.directed
                )
            ),
            documents=tuple(
                DocumentTab(
                    tr(sign_wording.KIND_NAMES[preview.document.kind]),
                    preview.document.number,
                    self._pages.of(index),
                    sign_wording.document_notes(preview.document.kind),
                )
                for index, preview in enumerate(documents)
            ),
            current=self._pages.current,
            signer=", ".join(part for part in (user.name, user.credentials) if part),
            key=sign_wording.key_line(self._case.session, today, self._server),
            digits=self._pin.typed,
            pin_note=self._note or self._pin.progress(),
            warned=bool(self._note),
            pin_closed=self._pin.is_closed,
            closed=gate_words.gate(state.appraisal)
            if self._may_sign
            else tr(sign_wording.NOT_YOURS_TO_SIGN),
            working=self._working,
            export=self._export,
            may_sign=self._may_sign,
        )
