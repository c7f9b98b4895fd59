"""The Contact step: a red flag's clock, how to reach the patient, the steps, and the record of tries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from workstation.content.catalogue import Catalogue
from workstation.domain.accounts import Permission, may
from workstation.domain.consultation import ContactTry, RequestKind
from workstation.domain.draft import ItemKind
from workstation.domain.facts import Origin
from workstation.domain.results import LabResult
from workstation.domain.safety import Level
from workstation.domain.triage import TriageLevel, escalation
from workstation.language import noted, of_content, tr
from workstation.presenters import (
    clinical_wording,
    contact_lines,
    content_words,
    labs_wording,
    voiding,
    wording,
)
from workstation.presenters.case import CaseFile
from workstation.presenters.case_state import CaseChange, CaseState, Happened
from workstation.presenters.contact_lines import Way
from workstation.presenters.jobs import Lane, expected
from workstation.presenters.observable import Event
from workstation.workflow import undispensed, void
from workstation.workflow.undispensed import VoidOffer

NEEDS_REACHED = noted("Choose whether somebody was reached.")
NEEDS_OUTCOME = noted("Write what was said or agreed.")
_SAID = {
    "yes": noted("reached"),
    "no_answer": noted("no answer"),
    "voicemail": noted("voicemail"),
    "someone_else": noted("someone else answered"),
}
ANSWERS = 6
TESTED = "pregnancy.test.result"  # worked out of results, and a result is no answer
NOTHING_TO_VOID = noted("No signed prescription of this patient may still be dispensed.")
NOT_POSSIBLE = noted(
    "Asking for photos, deferring and signing wait until a contact is recorded. Lowering the level needs a reason and is recorded."
)


@dataclass(frozen=True, slots=True)
class StopState:
    """A signed prescription that may still be dispensed, and whom to call.

    ``may_void`` says whether this user can sign the notice; ``phone`` is copied.
    """

    number: str
    text: str
    pharmacy: str
    phone: str
    may_void: bool


@dataclass(frozen=True, slots=True)
class ContactState:
    """The whole step. ``share`` is the part of the target time that has passed, 0 to 1."""

    generation: int
    level: str
    emergent: bool
    codes: str
    title: str
    words: str
    passed: str
    target: str
    share: float
    late: bool
    waiting: str  # since when, the target, and the next try
    tick: float  # share at which every prescriber is alerted
    alerted: str  # who is alerted, or when that happens
    calling: str  # since when a call is under way, or ""
    ways: tuple[Way, ...]
    steps: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]
    tries: tuple[tuple[str, str], ...]
    recorded: bool
    who: tuple[str, ...]
    stop: StopState | None = None


class ContactPresenter:
    """Shows the red flags of the open consultation and records tries to reach the patient."""

    def __init__(self, case: CaseFile) -> None:
        self._case = case
        self.changed: Event[ContactState] = Event()
        self.told: Event[str] = Event()
        self._calling: tuple[int, datetime] | None = None  # generation, when the call began
        self._offer: tuple[int, VoidOffer | None] = (-1, None)
        self.stop: Callable[[], None] = lambda: None  # stopping the treatment is decided too
        self._subscription = case.changed.subscribe(self._on_case)

    def close(self) -> None:
        """Stop listening."""
        self._subscription.close()

    @property
    def state(self) -> ContactState | None:
        """The step now; None when no consultation is open."""
        state = self._case.state
        return None if state is None else self._screen(state)

    @property
    def next_tries(self) -> tuple[int, ...]:
        """Minutes until the next call, to choose from; 0 is none."""
        return (0, *self._case.desk.catalogue.triage.next_tries)

    def tick(self) -> None:
        """The clock moved on."""
        state = self._case.state
        if state is not None:
            self.changed.emit(self._screen(state))

    def call(self) -> None:
        """A call begins now; the try is recorded with this time when it is saved."""
        state = self._case.state
        if state is not None:
            self._calling = (state.generation, self._case.desk.clock.now())
            self.changed.emit(self._screen(state))

    def record(self, who: str, reached: str, outcome: str, again: int = 0) -> str:
        """Record one try; a sentence when something is missing, else "".

        ``again`` is in how many minutes the next try is meant to be (0: none).
        """
        state = self._case.state
        if state is None:
            return ""
        if reached not in dict(contact_lines.REACHED):
            return tr(NEEDS_REACHED)
        if not outcome.strip():
            return tr(NEEDS_OUTCOME)
        now = self._case.desk.clock.now()
        began = now
        if self._calling is not None and self._calling[0] == state.generation:
            began = self._calling[1]
        self._calling = None
        due = now + timedelta(minutes=again) if again else None
        by = self._case.session.user.id
        self._case.record_contact(ContactTry(by, began, who, reached, outcome.strip(), due))
        return ""

    def void(self, code: str, text: str, pin: str, done: Callable[[str], None]) -> None:
        """Make the undispensed prescription void and choose to stop; ``done`` gets "" or why not.

        The notice is signed with the PIN, so it is not undone; the decision can be.
        """
        state, found = self._case.state, self._offered()
        if state is None or found is None:
            done(tr(NOTHING_TO_VOID))
            return
        desk, session, document = self._case.desk, self._case.session, found.document

        def answered(answer: void.VoidAnswer) -> None:
            if not isinstance(answer, void.Voided):
                done(voiding.refused(answer))
                return
            now = self._case.state
            if now is not None and now.generation == state.generation:
                self._offer = (state.generation, None)
                if may(session.user, Permission.TREAT):
                    self.stop()
                self.tick()
            self.told.emit(labs_wording.voided(document.number, answer))
            done("")

        def failed(error: Exception) -> None:
            done(clinical_wording.problem(expected(error).code))

        self._case.jobs.submit(
            lambda: voiding.make_void(desk, session, document.id, void.EndReason(code, text), pin),
            answered,
            failed,
            Lane.STORE,
        )

    def look(self) -> None:
        """Read whether a signed prescription may still be dispensed."""
        state = self._case.state
        if state is None or self._offer[0] == state.generation:
            return
        desk, session, generation = self._case.desk, self._case.session, state.generation

        def done(found: VoidOffer | None) -> None:
            now = self._case.state
            if now is not None and now.generation == generation:
                self._offer = (generation, found)
                self.tick()

        def failed(error: Exception) -> None:
            self.told.emit(clinical_wording.problem(expected(error).code))

        self._case.jobs.submit(
            lambda: undispensed.offer(desk, session, state.consultation.id),
            done,
            failed,
            Lane.READ,
            "contact.offer",
        )

    def _offered(self) -> VoidOffer | None:
        state, (generation, found) = self._case.state, self._offer
        return found if state is not None and generation == state.generation else None

    def _stop(self) -> StopState | None:
        found = self._offered()
        if found is None:
            return None
        session, known = self._case.session, found.pharmacy
        signed = wording.moment(found.document.signed_at, self._zone())
        return StopState(
            number=found.document.number,
            text=tr(
                "{number}, signed {signed}, may be dispensed until {day}.",
                number=found.document.number,
                signed=signed,
                day=wording.day(found.until),
            ),
            pharmacy=labs_wording.pharmacy(known),
            phone=known.phone if known is not None else "",
            may_void=may(session.user, Permission.SIGN) and session.key is not None,
        )

    def _on_case(self, change: CaseChange) -> None:
        if change.state is not None and change.happened is not Happened.SAVED:
            self.changed.emit(self._screen(change.state))

    def _screen(self, state: CaseState) -> ContactState:
        consultation, triage = state.consultation, state.appraisal.triage
        now = self._case.desk.clock.now()
        passed = max(timedelta(0), now - known_since(state))
        share = passed / triage.target if triage.target else 0.0
        zone = self._zone()
        urgent = [flag for flag in triage.flags if flag.level >= TriageLevel.URGENT]
        shown = urgent or list(triage.flags)
        patient = consultation.patient
        steps = [of_content(step) for flag in shown for step in flag.steps]
        return ContactState(
            generation=state.generation,
            level=tr(wording.TRIAGE[triage.level]),
            emergent=triage.level is TriageLevel.EMERGENT,
            codes=", ".join(flag.code for flag in shown),
            title="; ".join(of_content(flag.title) for flag in shown),
            words=f"\u201c{consultation.own_words}\u201d" if consultation.own_words else "",
            passed=wording.duration(passed),
            target=tr("of {duration}", duration=wording.duration(triage.target)),
            share=min(1.0, share),
            late=share >= 1.0,
            waiting=self._waiting(state, now, passed, zone),
            tick=self._case.desk.catalogue.triage.escalate_at,
            alerted=self._alerted(state, now, zone),
            calling=self._since(state, zone),
            ways=contact_lines.ways_in_full(patient),
            steps=(
                *dict.fromkeys(steps),
                tr("Record the contact. It is needed before this can end."),
            ),
            answers=_answers(state, self._case.desk.catalogue),
            tries=tuple(
                (
                    wording.moment(tried.at, zone),
                    f"{wording.kept(tried.who)}, {_SAID[tried.reached]}: {tried.outcome}{_again(tried, zone)}",
                )
                for tried in reversed(consultation.contacts)
            ),
            recorded=consultation.called,
            who=contact_lines.whom(patient),
            stop=self._stop(),
        )

    def _zone(self) -> tzinfo | None:
        return wording.zone(self._case.clinic.time_zone)

    def _since(self, state: CaseState, zone: tzinfo | None) -> str:
        if self._calling is None or self._calling[0] != state.generation:
            return ""
        return tr(
            "Calling since {clock}. Record how it went.",
            clock=wording.clock(self._calling[1], zone),
        )

    def _alerted(self, state: CaseState, now: datetime, zone: tzinfo | None) -> str:
        """When every signed-in prescriber is alerted, unless somebody has tried to call."""
        if state.consultation.called:
            return ""
        triage = state.appraisal.triage
        triage = replace(triage, deadline=known_since(state) + triage.target)
        at = escalation(self._case.desk.catalogue.triage, triage)
        if triage.deadline <= now:
            return tr(
                "Every prescriber\u2019s queue shows it as overdue since {clock}",
                clock=wording.clock(triage.deadline, zone),
            )
        if at <= now:
            return tr("Every prescriber is alerted since {clock}", clock=wording.clock(at, zone))
        return tr("Every prescriber is alerted at {clock}", clock=wording.clock(at, zone))

    def _waiting(
        self, state: CaseState, now: datetime, passed: timedelta, zone: tzinfo | None
    ) -> str:
        target = state.appraisal.triage.target
        since = wording.moment(known_since(state), zone)
        said = tr(
            "Waiting since {since}, target {duration}",
            since=since,
            duration=wording.duration(target),
        )
        over = passed - target
        if over >= timedelta(minutes=1):
            said += tr(", {duration} over", duration=wording.duration(over))
        tried = state.consultation.contacts
        due = tried[-1].again_at if tried else None
        if due is not None:
            said += tr(
                " \u00b7 next try was due {clock}" if due <= now else " \u00b7 next try at {clock}",
                clock=wording.clock(due, zone),
            )
        return said


def known_since(state: CaseState) -> datetime:
    """When the target of this level began to run; for one that an answer here raised, since then."""
    consultation, level = state.consultation, state.appraisal.triage.level
    shown = consultation.level_shown
    if shown is None or level <= shown:
        return consultation.waits_since
    answered = (
        edit.at
        for edit in reversed(state.history.past)
        if any(change.key.kind == ItemKind.FACT.value for change in edit.changes)
    )
    return next(answered, consultation.waits_since)


def _again(tried: ContactTry, zone: tzinfo | None) -> str:
    if tried.again_at is None:
        return ""
    stop = "" if tried.outcome[-1:] in ".!?" else "."
    return tr("{stop} Next try {clock}.", stop=stop, clock=wording.clock(tried.again_at, zone))


def _answers(state: CaseState, catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    """What was answered or measured and holds the prescription; else what was worked out.

    Of an item about results these are the results: it has no answers of its own.

    A test stands before an answer that it contradicts: "pregnant: no" beside a positive test misleads.
    """
    about = state.consultation
    if about.request is RequestKind.RESULT:
        came = [r for r in reversed(about.results) if r.recorded_at >= about.waits_since]
        lines = ((_test(one, catalogue), _value(one)) for one in came)
        return tuple(dict.fromkeys(lines))[:ANSWERS]
    reads = [
        content_words.read(read, catalogue)
        for finding in state.appraisal.evaluation.findings
        if finding.level in (Level.STOP, Level.HOLD) and not finding.code.startswith("ASK-")
        for read in finding.reads
        if read.fact is not None
    ]
    tested = [read for read in reads if read.name == TESTED]
    said = [read for read in reads if read.fact and read.fact.origin is not Origin.DERIVED]
    shown = ((read.label, read.value_text) for read in (*tested, *said) or reads)
    return tuple(dict.fromkeys(shown))[:ANSWERS]


def _test(result: LabResult, catalogue: Catalogue) -> str:
    test = catalogue.tests.get(result.test)
    return result.test if test is None else of_content(test.name)


def _value(result: LabResult) -> str:
    """``positive, 28-Nov-2026``."""
    said = result.value
    value = of_content(said) if isinstance(said, str) else wording.amount(said, result.unit or "")
    return f"{value.strip()}, {wording.day(result.collected)}"
