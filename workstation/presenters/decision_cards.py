"""The card of a decision besides prescribing: reason, dates, what is missing, the message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from workstation.content.messages import LANGUAGES, read_messages
from workstation.domain.decisions import ENDS_TREATMENT, WITHOUT_MEDICINE, missing
from workstation.domain.draft import DecisionDetail, DecisionKind, Item, ItemKind, Key
from workstation.domain.messages import GUARDIAN, PATIENT, SILENT, Message, SentMessage
from workstation.domain.photo import View
from workstation.language import noted, of_content, tr
from workstation.presenters import clinical_wording as words
from workstation.presenters import wording
from workstation.presenters.case import CaseFile
from workstation.presenters.case_state import CaseState
from workstation.presenters.jobs import Lane, expected
from workstation.presenters.sign_wording import KIND_NAMES
from workstation.workflow import compose, message_text, messages
from workstation.workflow.gate import CONTACT

MINOR = "patient.minor"
TEXT_LABELS = {
    DecisionKind.ASK_PATIENT: noted("A question of your own"),
    DecisionKind.SEE_IN_PERSON: noted("What you ask for"),
    DecisionKind.DECLINE: noted("Your advice"),
    DecisionKind.STOP_TREATMENT: noted("Your note"),
    DecisionKind.END_COURSE: noted("Your note"),
}
STILL = {
    "reason": noted("Choose the reason."),
    "text": noted("Write the reason in a few words."),
    "last_dose": noted("Enter the last day with a capsule."),
}
PHOTO_FAULTS = {
    "missing": noted("missing"),
    "blurred": noted("not sharp"),
    "small": noted("too small"),
    "again": noted("asked for"),
}
AUDIENCES = {
    PATIENT: noted("To the patient"),
    GUARDIAN: noted("To the guardian"),
    SILENT: noted("No message"),
}
NOT_A_DAY = noted("The last day with a capsule is a day, no later than the end of the supply.")
NOTHING_MISSING = noted("Every must-ask is answered and the three views are usable.")
CALL_FIRST = noted("Call first: a red flag has no contact record")


@dataclass(frozen=True, slots=True)
class ReasonState:
    """One coded reason; ``proposed`` when a fired flag leads to it."""

    id: str
    label: str
    when: str
    chosen: bool
    proposed: bool


@dataclass(frozen=True, slots=True)
class MessageState:
    """The message as it would go out; ``edited`` when it is no longer the draft."""

    language: str
    languages: tuple[tuple[str, str], ...]
    audience: str
    audiences: tuple[tuple[str, str], ...]
    text: str
    edited: bool
    note: str


@dataclass(frozen=True, slots=True)
class DecisionCardState:
    """Everything below the decision row for a decision besides prescribing and work-up.

    ``tick``: whether a guardian may read the text; None where nothing is asked (an adult, or no
    text). ``send`` says why it cannot be sent, or "" when it can; None for decisions that are signed.
    """

    kind: DecisionKind
    title: str
    reasons: tuple[ReasonState, ...]
    still: str
    text_label: str
    text: str
    tick: bool | None
    last_dose: date | None
    asks_last_dose: bool
    steps: tuple[str, ...]
    dates: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]  # (photo or answer, words)
    nothing: str
    documents: str
    returns: str
    message: MessageState
    sent: tuple[tuple[str, str], ...]
    send: str | None


class DecisionCards:
    """State and verbs of that card; every verb is one undo step until signed or sent."""

    def __init__(self, case: CaseFile, said: Callable[[str], None]) -> None:
        self._case, self._said = case, said

    # -- verbs

    def arrive(self, kind: DecisionKind) -> DecisionDetail | None:
        """What a decision that ends treatment starts with: a last day; None when it has a detail."""
        state = self._case.present
        if kind not in ENDS_TREATMENT or state.draft.detail(kind) is not None:
            return None
        today = self._case.desk.clock.today()
        last = today
        if kind is DecisionKind.END_COURSE:
            ends = [s.ends for s in state.appraisal.supplies if s.ends is not None]
            last = max(ends, default=today)
        return DecisionDetail(last_dose=last)

    def asking_for(self, view: View) -> list[tuple[Key, Item | None]]:
        """What asking for a photo of ``view`` puts into the draft; an edited message gets a line."""
        state, kind = self._case.present, DecisionKind.ASK_PATIENT
        detail = state.draft.detail(kind) or DecisionDetail()
        views = tuple(dict.fromkeys((*detail.views, view.value)))
        puts: list[tuple[Key, Item | None]] = [
            (Key.of(ItemKind.DETAIL, kind.value), replace(detail, views=views))
        ]
        message = state.draft.message(kind.value)
        if message is not None and view.value not in detail.views:
            line = message_text.photo_line(message.language, view.value, message_text.AGAIN)
            text = f"{message.text.rstrip()}\n\n{line}\n"
            puts.append((Key.of(ItemKind.MESSAGE, kind.value), replace(message, text=text)))
        return puts

    def set_reason(self, reason: str) -> None:
        """Choose a coded reason of the decision chosen."""
        kind, detail = self._chosen()
        if self._case.desk.catalogue.decisions.find(kind, reason) is not None:
            self._put("decision.reason", kind, replace(detail, reason=reason))

    def set_text(self, text: str) -> None:
        """Set the words that go to the patient or the next clinician."""
        kind, detail = self._chosen()
        said = text.strip()
        if said != detail.text:
            self._put("decision.text", kind, replace(detail, text=said, guardian_reads=False))

    def let_guardian_read(self, may_read: bool) -> None:
        """Tick that a minor's letter prints the text, or take the tick away."""
        kind, detail = self._chosen()
        if detail.text:
            self._put("decision.text_open", kind, replace(detail, guardian_reads=may_read))

    def set_last_dose(self, day: date) -> str:
        """Set the last day with a capsule; a sentence when that day cannot be."""
        kind, detail = self._chosen()
        if kind not in ENDS_TREATMENT or day == detail.last_dose:
            return ""  # a field that is left because another decision was taken says nothing
        state = self._case.present
        ends = [supply.last for supply in state.appraisal.supplies]
        if day > max((*ends, self._case.desk.clock.today())):
            return tr(NOT_A_DAY)
        self._put("decision.last_dose", kind, replace(detail, last_dose=day))
        return ""

    def set_message(self, text: str) -> None:
        """Keep the message as edited."""
        kind, _ = self._chosen()
        message = self._message(self._case.present, kind)
        if text.strip() != message.text.strip():
            self._put_message(kind, replace(message, text=text.strip() + "\n"))

    def draft_message(self, language: str, audience: str) -> None:
        """Draft the message anew for a language and a reader; what was edited is dropped."""
        kind, _ = self._chosen()
        self._put_message(kind, self._drafted(self._case.present, kind, language, audience))

    def send(self, sent: Callable[[SentMessage], None]) -> None:
        """Send the questions; the consultation waits for the patient and leaves this desk."""
        state = self._case.present
        message = self._message(state, DecisionKind.ASK_PATIENT)
        case = self._case

        def done(one: SentMessage) -> None:
            if case.state is not None and case.state.generation == state.generation:
                case.forget()
            sent(one)

        def failed(error: Exception) -> None:
            told = wording.message_for(expected(error))
            self._said(told.line)

        case.jobs.submit(
            lambda: messages.ask_patient(case.desk, case.session, state.consultation.id, message),
            done,
            failed,
            Lane.STORE,
        )

    # -- state

    def card(self) -> DecisionCardState | None:
        """The card of the decision chosen; None while it is a prescription or a work-up."""
        state = self._case.state
        if state is None or state.appraisal.decision is None:
            return None
        kind = state.appraisal.decision.kind
        if kind not in WITHOUT_MEDICINE and kind is not DecisionKind.ASK_PATIENT:
            return None
        detail = state.draft.detail(kind) or DecisionDetail()
        rules = self._case.desk.catalogue.decisions
        fired = tuple(flag.code for flag in state.appraisal.triage.flags)
        asks = kind is DecisionKind.ASK_PATIENT
        reasons = () if asks else rules.of(kind)
        chosen = rules.find(kind, detail.reason)
        wanted = self._wanted(state) if asks else None
        zone = wording.zone(self._case.clinic.time_zone)
        return DecisionCardState(
            kind=kind,
            title=tr(words.DECISIONS[kind]),
            reasons=tuple(
                ReasonState(
                    r.id,
                    of_content(r.label),
                    of_content(r.when),
                    r.id == detail.reason,
                    bool({*r.flags} & {*fired}),
                )
                for r in reasons
            ),
            still=tr(STILL.get(missing(kind, detail, rules), "")),
            text_label=tr(TEXT_LABELS[kind]),
            text=detail.text,
            tick=detail.guardian_reads if self._ticks(state, kind, detail) else None,
            last_dose=detail.last_dose,
            asks_last_dose=kind in ENDS_TREATMENT,
            steps=chosen.steps if chosen is not None else (),
            dates=_dates(state),
            missing=self._missing(wanted) if wanted is not None else (),
            nothing=tr(NOTHING_MISSING) if wanted is not None and not wanted else "",
            documents=_documents(state),
            returns=_returns(state),
            message=self._shown_message(state, kind),
            sent=tuple(
                (f"{wording.moment(one.at, zone)}", f"{one.number}, {_read_as(one)}")
                for one in reversed(state.consultation.messages)
            ),
            send=_send_refusal(state) if asks else None,
        )

    # -- inside

    @staticmethod
    def _ticks(state: CaseState, kind: DecisionKind, detail: DecisionDetail) -> bool:
        """Whether the text could stand in a letter that a guardian may read."""
        minor = state.appraisal.facts.value(MINOR) is not False
        return minor and bool(detail.text) and kind in WITHOUT_MEDICINE

    def _chosen(self) -> tuple[DecisionKind, DecisionDetail]:
        state = self._case.present
        decision = state.appraisal.decision
        assert decision is not None, "the card is shown with a decision only"
        return decision.kind, state.draft.detail(decision.kind) or DecisionDetail()

    def _put(self, label: str, kind: DecisionKind, detail: DecisionDetail) -> None:
        self._case.put_one(label, ItemKind.DETAIL, kind.value, detail)

    def _put_message(self, kind: DecisionKind, message: Message) -> None:
        self._case.put_one("message.edited", ItemKind.MESSAGE, kind.value, message)

    def _wanted(self, state: CaseState) -> message_text.Wanted:
        missing = message_text.wanted(
            state.consultation, state.appraisal, self._case.desk.catalogue
        )
        return message_text.with_asked(missing, state.draft.detail(DecisionKind.ASK_PATIENT))

    def _missing(self, wanted: message_text.Wanted) -> tuple[tuple[str, str], ...]:
        facts = self._case.desk.catalogue.facts
        asked = tuple(("answer", of_content(facts[name].label)) for name in wanted.facts)
        photos = tuple(
            (
                "photo",
                tr(
                    "Photo {view}: {photo_faults}",
                    view=wording.VIEW[View(view)],
                    photo_faults=PHOTO_FAULTS[why],
                ),
            )
            for view, why in wanted.views
        )
        return (*photos, *asked)

    def _drafted(
        self, state: CaseState, kind: DecisionKind, language: str, audience: str
    ) -> Message:
        return message_text.drafted(
            kind,
            state.consultation,
            state.appraisal,
            self._case.clinic,
            self._case.desk.catalogue,
            language=language,
            audience=audience,
        )

    def _message(self, state: CaseState, kind: DecisionKind) -> Message:
        edited = state.draft.message(kind.value)
        return edited or self._drafted(state, kind, LANGUAGES[0], PATIENT)

    def _shown_message(self, state: CaseState, kind: DecisionKind) -> MessageState:
        message = self._message(state, kind)
        minor = state.appraisal.facts.value(MINOR) is not False
        asks = kind is DecisionKind.ASK_PATIENT
        shown = [PATIENT, *((GUARDIAN,) if minor else ()), *(() if asks else (SILENT,))]
        fresh = self._drafted(state, kind, message.language, message.audience)
        return MessageState(
            language=message.language,
            languages=tuple((code, read_messages(code)("name")) for code in LANGUAGES),
            audience=message.audience,
            audiences=tuple((code, tr(AUDIENCES[code])) for code in shown),
            text=message.text,
            edited=message.text != fresh.text,
            note=tr("Left out for a guardian: pregnancy, contraception, mood.")
            if message.audience == GUARDIAN
            else "",
        )


def _read_as(sent: SentMessage) -> str:
    purpose = sent.message.purpose.replace("_", " ")
    who = tr("guardian") if sent.message.audience == GUARDIAN else tr("patient")
    return tr(
        "{purpose}, to the {who}, {language}",
        purpose=purpose,
        who=who,
        language=read_messages(sent.message.language)("name"),
    )


def _send_refusal(state: CaseState) -> str:
    return tr(CALL_FIRST) if CONTACT in state.appraisal.gate.because else ""


def _documents(state: CaseState) -> str:
    kinds = compose.kinds_for(state.appraisal)
    names = wording.joined(tuple(tr(KIND_NAMES[kind]) for kind in kinds))
    return (
        tr("Signs {names}; no medicine", names=names)
        if kinds
        else tr("Sends a message; nothing is signed")
    )


def _dates(state: CaseState) -> tuple[tuple[str, str], ...]:
    end = state.appraisal.after
    if end is None:
        return ()
    said = [
        (tr("Test at the end"), words.day(end.end_test_due)),
        (tr("Test a month after, not before"), words.day(end.post_test_earliest)),
        (tr("Two methods through"), words.day(end.contraception_through)),
        (tr("No breast-feeding through"), words.day(end.breast_feeding_through)),
        (tr("No blood donation through"), words.day(end.donation_through)),
    ]
    plan = state.appraisal.plan
    tested = {point.role for point in plan.tests} if plan is not None else set()
    if "post" not in tested:  # cannot become pregnant: no test, no methods
        said = said[-1:]
    return tuple(said)


def _returns(state: CaseState) -> str:
    plan, after = state.appraisal.plan, state.appraisal.after
    if after is None or plan is None:
        return ""
    left = [point.window.first for point in plan.tests if point.state != "done"]
    return tr("Returns {day}", day=words.day(max(left))) if left else ""
