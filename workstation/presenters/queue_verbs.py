"""The queue's verbs that ask something first: ask for photos, defer, set the level, say who called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from workstation.content.messages import LANGUAGES, read_messages
from workstation.domain.consultation import Consultation, ContactTry
from workstation.domain.dates import add_days
from workstation.domain.errors import Conflict
from workstation.domain.ids import ConsultationId
from workstation.domain.messages import PATIENT, Message
from workstation.domain.photo import View
from workstation.domain.triage import TriageLevel
from workstation.language import noted, tr
from workstation.presenters import contact_lines, typed, wording
from workstation.presenters.contact import NEEDS_OUTCOME, NEEDS_REACHED
from workstation.presenters.jobs import Lane, expected
from workstation.presenters.observable import Event
from workstation.presenters.queue import QueuePresenter
from workstation.presenters.queue_rows import RowView
from workstation.presenters.typed_over import kept
from workstation.workflow import assess, emergency, messages, triage
from workstation.workflow.messages import Questions

ASK, DEFER, LEVEL, CONTACT = "ask", "defer", "level", "contact"
CALL_FIRST = noted(
    "Call first: this is a red flag without a contact record. It stays in the queue with its clock running until somebody tried to reach the patient."
)
SHOWN_VIEWS = tuple(view for view in View if view is not View.OTHER)
LATER = (
    (noted("Tomorrow"), 1),
    (noted("In 3 days"), 3),
    (noted("In a week"), 7),
    (noted("In 2 weeks"), 14),
)
NEEDS_DAY = noted("Enter the day it comes back, like 30-Nov-2026.")
NEEDS_REQUEST = noted("Choose a photo to ask for, or write what you ask.")
PURPOSE = "ask_patient"


@dataclass(frozen=True, slots=True)
class VerbState:
    """An open form. ``refused`` says why the verb is not possible at all ("" when it is).

    ``views`` are (view, words, asked for) of the ask form; ``levels`` (level, words, is now);
    ``ways`` how somebody is reached, and ``who`` may be, of the contact form.
    """

    kind: str
    id: ConsultationId
    title: str
    refused: str = ""
    problem: str = ""
    views: tuple[tuple[str, str, bool], ...] = ()
    language: str = LANGUAGES[0]
    languages: tuple[tuple[str, str], ...] = ()
    text: str = ""
    days: tuple[tuple[str, date], ...] = ()
    levels: tuple[tuple[TriageLevel, str, bool], ...] = ()
    ways: tuple[contact_lines.Way, ...] = ()
    who: tuple[str, ...] = ()


class QueueVerbs:
    """Forms over the selected row; what is done is told with ``said``."""

    def __init__(self, queue: QueuePresenter) -> None:
        self._queue = queue
        self._questions: Questions | None = None
        self._draft = ""  # as drafted, before anything was typed
        self.state: VerbState | None = None
        self.changed: Event[VerbState | None] = Event()
        self.said: Event[str] = Event()

    # -- opening and closing

    def ask(self) -> None:
        """Ask for photos (and for the answers that are missing)."""
        row = self._row()
        if row is None:
            return
        name = row.name
        queue = self._queue

        def done(found: Questions) -> None:
            self._questions = found
            views = tuple(
                (view.value, tr(wording.VIEW[view]), view.value in dict(found.wanted.views))
                for view in SHOWN_VIEWS
            )
            shown = VerbState(
                ASK,
                row.id,
                tr("Ask {name}", name=name),
                refused=tr(CALL_FIRST) if found.owes_contact else "",
                views=views,
                languages=tuple((code, read_messages(code)("name")) for code in LANGUAGES),
            )
            self._draft_anew(shown, None)

        queue.jobs.submit(
            lambda: messages.questions(queue.desk, queue.session, row.id),
            done,
            self._failed,
            Lane.READ,
            "verb",
        )

    def defer(self) -> None:
        """Put the row off until a day."""
        row = self._row()
        if row is None:
            return
        queue = self._queue
        today = queue.desk.clock.today()
        days = tuple((tr(text), add_days(today, n)) for text, n in LATER)
        shown = VerbState(DEFER, row.id, tr("Defer {name}", name=row.name), days=days)

        def done(owed: bool) -> None:
            self._show(replace(shown, refused=tr(CALL_FIRST) if owed else ""))

        queue.jobs.submit(
            lambda: triage.owes_contact(queue.desk, queue.session, row.id),
            done,
            self._failed,
            Lane.READ,
            "verb",
        )

    def level(self) -> None:
        """Set another triage level."""
        row = self._row()
        if row is None:
            return
        levels = tuple(
            (level, tr(wording.TRIAGE[level]), level == row.level)
            for level in sorted(TriageLevel, reverse=True)
        )
        self._show(
            VerbState(LEVEL, row.id, tr("Triage level of {name}", name=row.name), levels=levels)
        )

    def contact(self) -> None:
        """Record that somebody tried to reach the patient; nothing is claimed for it."""
        row = self._row()
        if row is None:
            return
        queue, name = self._queue, row.name

        def done(found: Consultation | None) -> None:
            if found is None:
                self._failed(Conflict("consultation.gone"))
                return
            who = found.patient
            self._show(
                VerbState(
                    CONTACT,
                    row.id,
                    tr("Contact with {name}", name=name),
                    ways=contact_lines.ways_in_full(who)[:2],
                    who=contact_lines.whom(who),
                )
            )

        queue.jobs.submit(
            lambda: emergency.look(queue.desk, queue.session, row.id),
            done,
            self._failed,
            Lane.READ,
            "verb",
        )

    def cancel(self) -> None:
        """Close the form; nothing is changed."""
        self._show(None)

    # -- filling

    def toggle_view(self, view: str, typed: str | None = None) -> None:
        """Ask for a view too, or no longer; the message is drafted anew around what was typed."""
        state = self.state
        if state is None:
            return
        views = tuple((v, words, on != (v == view)) for v, words, on in state.views)
        self._draft_anew(replace(state, views=views), typed)

    def choose_language(self, language: str, typed: str | None = None) -> None:
        """Draft the message in another language, around what was typed."""
        if self.state is not None:
            self._draft_anew(replace(self.state, language=language), typed)

    def _draft_anew(self, state: VerbState, typed: str | None) -> None:
        draft = self._drafted(state)
        text = draft if typed is None else kept(self._draft, typed, draft)
        self._draft = draft
        self._show(replace(state, text=text))

    # -- doing

    def send(self, text: str) -> None:
        """Send the message as it stands."""
        state = self.state
        if state is None or state.refused:
            return
        if self._asks_nothing(state, text):
            self._show(replace(state, problem=tr(NEEDS_REQUEST)))
            return
        message = Message(PURPOSE, state.language, PATIENT, text.strip() + "\n")
        self._do(
            lambda: (
                messages.ask_patient(
                    self._queue.desk, self._queue.session, state.id, message
                ).number
            ),
            lambda number: tr(
                "Sent {number}. The consultation waits for the patient.", number=number
            ),
        )

    def defer_until(self, text: str) -> None:
        """Put off until the day typed."""
        state = self.state
        if state is None or state.refused:
            return
        day = typed.parse_day(text, self._queue.desk.clock.today())
        if day is None:
            self._show(replace(state, problem=tr(NEEDS_DAY)))
            return
        self._do(
            lambda: triage.defer(self._queue.desk, self._queue.session, state.id, day),
            lambda _: tr("Deferred until {day}.", day=wording.day(day)),
        )

    def set_level(self, level: TriageLevel, reason: str) -> None:
        """Set the level; lowering without a reason is said and not done."""
        state = self.state
        if state is None:
            return
        self._do(
            lambda: triage.set_level(
                self._queue.desk, self._queue.session, state.id, level, reason
            ),
            lambda _: tr("Level set to {triage}.", triage=wording.TRIAGE[level]),
        )

    def record_contact(self, who: str, reached: str, outcome: str) -> None:
        """Record one try now; what is missing is said."""
        state = self.state
        if state is None:
            return
        lacks = NEEDS_REACHED if reached not in dict(contact_lines.REACHED) else ""
        lacks = lacks or ("" if outcome.strip() else NEEDS_OUTCOME)
        if lacks:
            self._show(replace(state, problem=tr(lacks)))
            return
        queue = self._queue
        by, at = queue.session.user.id, queue.desk.clock.now()
        tried = ContactTry(by, at, who, reached, outcome.strip())
        self._do(
            lambda: assess.record_contact(queue.desk, queue.session, state.id, tried),
            lambda _: tr("The contact is recorded."),
        )

    # -- inside

    def _row(self) -> RowView | None:
        at = self._queue.state.index
        return self._queue.state.rows[at] if at >= 0 else None

    def _asks_nothing(self, state: VerbState, text: str) -> bool:
        """Whether no photo is chosen, no answer is missing, and nothing was written besides."""
        asks = self._questions is not None and self._questions.wanted.facts
        chosen = any(on for _, _, on in state.views)
        return not asks and not chosen and text.strip() in ("", self._draft.strip())

    def _drafted(self, state: VerbState) -> str:
        found = self._questions
        if found is None:
            return ""
        faults = dict(found.wanted.views)
        asked = tuple((view, faults.get(view, "missing")) for view, _, on in state.views if on)
        return found.text(state.language, asked)

    def _do(self, work: Callable[[], object], say: Callable[[object], str]) -> None:
        def done(answer: object) -> None:
            self._show(None)
            self.said.emit(say(answer))
            self._queue.refresh()
            self._queue.read_selected()

        self._queue.jobs.submit(work, done, self._failed, Lane.STORE)

    def _failed(self, error: Exception) -> None:
        told = wording.message_for(expected(error))
        if self.state is None:
            self.said.emit(told.line)
        else:
            self._show(replace(self.state, problem=told.line))

    def _show(self, state: VerbState | None) -> None:
        self.state = state
        self.changed.emit(state)
