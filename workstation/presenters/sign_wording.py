"""Sentences of the Sign step: what is signed, who gets it, and what the PIN came to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Protocol

from workstation.domain import directions
from workstation.domain.decisions import WITHOUT_MEDICINE
from workstation.domain.directions import DirectedMedicine
from workstation.domain.documents import DocumentKind
from workstation.domain.draft import DecisionKind, Draft
from workstation.domain.messages import SentMessage
from workstation.domain.visits import was_counted
from workstation.language import noted, of_content, plural, tr
from workstation.presenters import basket_wording, dose_words, gate_words, wording
from workstation.presenters import clinical_wording as words
from workstation.presenters.stamping import server_line
from workstation.workflow.appraisal import Appraisal
from workstation.workflow.desk import Session
from workstation.workflow.session import PinAnswer, PinClosed, PinRefused, PinTooSoon


class Decided(Protocol):
    """An appraised draft: of the open consultation, or as it was signed."""

    @property
    def appraisal(self) -> Appraisal:
        """What follows from it."""

    @property
    def draft(self) -> Draft:
        """What was recorded and decided."""


EXPIRES_SOON = 30  # days
PIN_INCOMPLETE = noted("Type all 6 digits of the PIN.")
CHANGED_SINCE_PREVIEW = noted(
    "Something changed since this preview was made. Look at the new pages, then sign."
)
NOT_YOURS_TO_SIGN = noted(
    "Your role does not include signing. A dermatologist of the clinic opens this consultation and signs it."
)
NOT_READY = noted("The pages are not ready yet.")
ON_RECORD = noted("Lesion counts, mood, alcohol and the reasons: they stay on the Record.")
KIND_NAMES = {
    DocumentKind.PRESCRIPTION: noted("Prescription"),
    DocumentKind.PRESCRIPTION_DIRECTED: noted("Prescription, other medicines"),
    DocumentKind.MONITORING_PLAN: noted("Lab-monitoring plan"),
    DocumentKind.RECORD: noted("Record"),
    DocumentKind.REFERRAL: noted("Referral"),
    DocumentKind.DECLINE_LETTER: noted("Letter with advice"),
    DocumentKind.STOP_LETTER: noted("Stop letter"),
    DocumentKind.END_LETTER: noted("End-of-course letter"),
    DocumentKind.VOID_NOTICE: noted("Void notice"),
    DocumentKind.HANDOUT: noted("Handout"),
    DocumentKind.GUARDIAN_PLAN: noted("Plan for a guardian"),
    DocumentKind.PHOTO_SHEET: noted("Photo sheet"),
}


LETTERS = frozenset(
    {DocumentKind.DECLINE_LETTER, DocumentKind.STOP_LETTER, DocumentKind.END_LETTER}
)


def pin_progress(typed: int, length: int) -> str:
    """How many digits are in."""
    return tr(
        "{typed} of {length} digits \u00b7 Enter signs when all {length} are in",
        typed=typed,
        length=length,
    )


def pin_not_accepted(answer: PinAnswer) -> str:
    """What came of a PIN that does not sign."""
    match answer:
        case PinRefused(tries_left=left, wait=wait):
            return plural(
                left,
                "PIN not accepted. {n} try left, the next one in {seconds}\u00a0s.",
                "PIN not accepted. {n} tries left, the next one in {seconds}\u00a0s.",
                seconds=_seconds(wait),
            )
        case PinTooSoon(left=left):
            return pin_waits(left)
        case PinClosed():
            return tr(
                "Signing is closed after 5 wrong PINs. "
                "Lock the screen and sign in with your password to open it."
            )
    return ""


def pin_waits(left: timedelta) -> str:
    """The wait after a wrong PIN still runs."""
    return tr(
        "Wait {seconds}\u00a0s more, then sign again. This try was not counted.",
        seconds=_seconds(left),
    )


def _seconds(span: timedelta) -> int:
    """Whole seconds, never too few."""
    return -(-span // timedelta(seconds=1))


def key_line(session: Session, today: date, server: str = "") -> str:
    """Which key signs, until when, and what the time rests on."""
    key = session.key
    if key is None and session.keyless:
        return wording.message(session.keyless).title
    if key is None:
        return tr("You have no signing key here: consultations can be drafted, not signed.")
    ends = key.expires.date()
    left = (ends - today).days
    if left < 0:
        return tr(
            "The signing key expired on {day}. Renew it in Settings, Signing keys.",
            day=wording.day(ends),
        )
    soon = ""
    if left <= EXPIRES_SOON:
        days = plural(left, "{n} day", "{n} days")
        soon = tr(" It ends in {days}: renew it in Settings, Signing keys.", days=days)
    return tr(
        "Own certificate, valid to {day}, no later change allowed.{soon} {server_line}",
        day=wording.day(ends),
        soon=soon,
        server_line=server_line(server),
    )


def signed(document: str, at: datetime, zone: str) -> str:
    """The short notice after signing."""
    return tr(
        "Signed {clock} \u00b7 Document {document}",
        clock=wording.clock(at, wording.zone(zone)),
        document=document,
    )


def not_where_they_should_be(exported: str, unwritten: str, message: SentMessage | None) -> str:
    """Which files are missing in the outbox after signing, by the codes of why; "" when none is."""
    said = [wording.message(code).line for code in dict.fromkeys((exported, unwritten)) if code]
    if unwritten and message is not None:
        said.append(
            tr(
                "Message {number} is on record and not in the outbox: tell the patient another way.",
                number=message.number,
            )
        )
    return " ".join(said)


def document_notes(kind: DocumentKind) -> tuple[tuple[str, str, str], ...]:
    """(icon, title, words) beside a document: who gets it, what is left out, what governs it."""
    if kind in (DocumentKind.PRESCRIPTION, DocumentKind.PRESCRIPTION_DIRECTED):
        return (
            ("users", tr("Who gets it"), tr("The pharmacy and the patient.")),
            ("eye-off", tr("Left out"), tr(ON_RECORD)),
            ("map-pin", tr("State"), tr("The license printed covers the patient\u2019s state.")),
        )
    if kind is DocumentKind.MONITORING_PLAN:
        return (
            ("users", tr("Who gets it"), tr("The laboratory and the patient.")),
            ("eye-off", tr("Left out"), tr(ON_RECORD)),
            ("flask-conical", tr("Protocol"), tr("Tests follow the protocol named on the page.")),
        )
    if kind is DocumentKind.REFERRAL:
        return (
            ("users", tr("Who gets it"), tr("The patient, for whoever sees them next.")),
            ("eye-off", tr("Left out"), tr("Doses, and for a minor whatever is private.")),
        )
    if kind in LETTERS:
        return (
            ("users", tr("Who gets it"), tr("The patient.")),
            ("eye-off", tr("Left out"), tr("For a minor: pregnancy, contraception and mood.")),
        )
    return (
        ("users", tr("Who gets it"), tr("The clinic\u2019s own record.")),
        ("file-text", tr("Contents"), tr("Answers, reasons, counts and rules in full.")),
    )


def signing_lines(
    state: Decided,
    kinds: tuple[DocumentKind, ...],
    listed: Mapping[str, DirectedMedicine],
) -> tuple[tuple[str, str, str], ...]:
    """(icon, title, detail) of what is about to be signed."""
    return (
        _grade(state),
        *_treatment(state, listed),
        *_plan(state),
        _safety(state),
        *((_documents(kinds),) if kinds else ()),
    )


def _grade(state: Decided) -> tuple[str, str, str]:
    tally, grade = state.appraisal.tally, state.appraisal.grade
    override = state.draft.override
    if not state.appraisal.acne:
        own = state.appraisal.global_grade
        named = state.appraisal.decision
        what = (
            of_content(named.indication)
            if named is not None and named.indication
            else tr("Not acne")
        )
        graded = of_content(own.replace("_", " ")) if own else tr("not graded")
        return "scan-face", f"{what}: {graded}", tr("Your global grade; acne rubrics do not apply.")
    if override is None and not was_counted(state.draft, tally):
        return "scan-face", tr("Lesions not annotated"), tr("No count and no grade is signed.")
    shown = (
        words.upper_first(of_content(override.grade.replace("_", " ")))
        if override
        else of_content(grade.label)
    )
    if grade.at_least and override is None:
        shown = tr("At least {shown}", shown=words.lower_first(shown))
    title = tr(
        "{shown} acne: {lesions}, {nodules_cysts} nodules and cysts",
        shown=shown,
        lesions=plural(tally.total, "{n} lesion", "{n} lesions"),
        nodules_cysts=wording.number(tally.nodules_cysts),
    )
    detail = tr("No override.")
    if override is not None:
        detail = tr(
            "The rubric says {label}; yours is signed beside it.",
            label=words.lower_first(of_content(grade.label)),
        )
    return "scan-face", title, detail


def _treatment(
    state: Decided, listed: Mapping[str, DirectedMedicine]
) -> tuple[tuple[str, str, str], ...]:
    appraisal = state.appraisal
    decision, dose, regimen = appraisal.decision, appraisal.dose, appraisal.regimen
    if decision is not None and decision.kind is DecisionKind.START_WORK_UP:
        back = ""
        if appraisal.work_up is not None:
            back = tr(" Returns {day} or with results.", day=words.day(appraisal.work_up.return_on))
        return (
            (
                "flask-conical",
                tr("Work-up, no medicine yet"),
                tr("Lab order and plan.{back}", back=back),
            ),
        )
    if decision is not None and decision.kind in WITHOUT_MEDICINE:
        return (_without_medicine(state, decision.kind),)
    others = _directed(state, listed)
    if dose is None or regimen is None:
        return others
    pick_up = words.pick_up_by(appraisal)
    last = tr(" Last pick-up {day}.", day=words.day(pick_up)) if pick_up is not None else ""
    title = tr(
        "ISOtretinoin {daily} a day for {supply_days}",
        daily=wording.amount(dose.daily, "mg"),
        supply_days=wording.amount(dose.supply_days, "days"),
    )
    made = dose_words.combination(regimen.morning, regimen.evening)
    return (("pill", title, tr("{made}. Refills 0 (zero).{last}", made=made, last=last)), *others)


def _directed(
    state: Decided, listed: Mapping[str, DirectedMedicine]
) -> tuple[tuple[str, str, str], ...]:
    """A line for each medicine prescribed by directions."""
    lines = []
    for item in state.appraisal.directed:
        found = directions.resolve(item, listed)
        said = "" if found is None else basket_wording.dispense(item, found)
        lines.append(("pill", basket_wording.item_title(item, found), said))
    return tuple(lines)


def _without_medicine(state: Decided, kind: DecisionKind) -> tuple[str, str, str]:
    """What is decided instead, with its reason."""
    reason = state.appraisal.reason
    said = f"{of_content(reason.label)}." if reason is not None else ""
    return "file-text", tr("{decisions}, no medicine", decisions=words.DECISIONS[kind]), said


def _plan(state: Decided) -> tuple[tuple[str, str, str], ...]:
    plan = state.appraisal.plan
    if plan is None or not plan.tests:
        return ()
    title = tr(
        "Monitoring plan, {plan_title}", plan_title=words.plan_title(len(plan.tests), plan.ends)
    )
    ahead = sorted((t for t in plan.tests if t.state in ("planned", "due")), key=lambda t: t.due)
    following = tr("Next: {window}. ", window=words.window(ahead[0].window)) if ahead else ""
    return (
        (
            "calendar",
            title,
            tr("{following}Protocol {protocol}.", following=following, protocol=plan.protocol),
        ),
    )


def _safety(state: Decided) -> tuple[str, str, str]:
    appraisal = state.appraisal
    closed = gate_words.gate(appraisal)
    if closed:
        return "octagon-x", closed, ""
    given = sum(finding.reason is not None for finding in appraisal.evaluation.findings)
    waits = sum(f.waits_for_work_up and f.is_open for f in appraisal.evaluation.findings)
    parts = [plural(len(appraisal.evaluation.passed), "{n} check", "{n} checks") + tr(" passed")]
    if given:
        parts.append(plural(given, "{n} reason", "{n} reasons") + tr(" given or seen"))
    if waits:
        parts.append(tr("{waits} held until the work-up is done", waits=waits))
        return "shield-check", tr("Nothing blocks this decision"), " \u00b7 ".join(parts)
    decision = appraisal.decision
    if decision is not None and decision.kind in WITHOUT_MEDICINE:
        return "shield-check", tr("Nothing blocks this decision"), " \u00b7 ".join(parts)
    return "shield-check", tr("No blockers, every must-ask answered"), " \u00b7 ".join(parts)


def _documents(kinds: tuple[DocumentKind, ...]) -> tuple[str, str, str]:
    title = tr(
        "{documents}, each signed, one PIN",
        documents=plural(len(kinds), "{n} document", "{n} documents"),
    )
    return "file-text", title, ", ".join(tr(KIND_NAMES[kind]) for kind in kinds)


CHECKING = noted("Not confirmed, checking. The server went away while this was being stored.")
STILL_OPEN = noted(
    "Not confirmed yet: the server does not answer. Press Sign to check again; nothing is signed twice."
)
NOT_STORED = noted("It was not signed: nothing was stored. Sign again.")
