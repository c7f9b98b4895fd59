"""Sentences of the Sign step: what is signed, who gets it, and what the PIN came to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from workstation.domain import directions
from workstation.domain.decisions import WITHOUT_MEDICINE
from workstation.domain.directions import DirectedMedicine
from workstation.domain.documents import DocumentKind
from workstation.domain.draft import DecisionKind
from workstation.presenters import basket_wording, wording
from workstation.presenters import clinical_wording as words
from workstation.presenters.case import CaseState
from workstation.presenters.stamping import server_line
from workstation.workflow.ports import SigningKey

EXPIRES_SOON = 30  # days
PIN_INCOMPLETE = "Type all 6 digits of the PIN."
CHANGED_SINCE_PREVIEW = (
    "Something changed since this preview was made. Look at the new pages, then sign."
)
NOT_READY = "The pages are not ready yet."
ON_RECORD = "Lesion counts, mood, alcohol and the reasons: they stay on the Record."
KIND_NAMES = {
    DocumentKind.PRESCRIPTION: "Prescription",
    DocumentKind.PRESCRIPTION_DIRECTED: "Prescription, other medicines",
    DocumentKind.MONITORING_PLAN: "Lab-monitoring plan",
    DocumentKind.RECORD: "Record",
    DocumentKind.REFERRAL: "Referral",
    DocumentKind.DECLINE_LETTER: "Letter with advice",
    DocumentKind.STOP_LETTER: "Stop letter",
    DocumentKind.END_LETTER: "End-of-course letter",
    DocumentKind.VOID_NOTICE: "Void notice",
    DocumentKind.HANDOUT: "Handout",
    DocumentKind.GUARDIAN_PLAN: "Plan for a guardian",
    DocumentKind.PHOTO_SHEET: "Photo sheet",
}


LETTERS = frozenset(
    {DocumentKind.DECLINE_LETTER, DocumentKind.STOP_LETTER, DocumentKind.END_LETTER}
)


def pin_progress(typed: int, length: int) -> str:
    """How many digits are in."""
    return f"{typed} of {length} digits \u00b7 Enter signs when all {length} are in"


def pin_refused(left: int) -> str:
    """A wrong PIN."""
    return f"PIN not accepted. {left} {'try' if left == 1 else 'tries'} left."


def pin_closed(until: datetime, zone: str) -> str:
    """Too many wrong PINs."""
    return (
        f"Signing is closed until {wording.moment(until, wording.zone(zone))} after 5 wrong PINs. "
        "Lock the screen and sign in with your password to open it."
    )


def key_line(key: SigningKey | None, today: date, server: str = "") -> str:
    """Which key signs, until when, and what the time rests on."""
    if key is None:
        return "You have no signing key here: consultations can be drafted, not signed."
    ends = key.expires.date()
    left = (ends - today).days
    if left < 0:
        return (
            f"The signing key expired on {wording.day(ends)}. Ask the administrator for a new one."
        )
    soon = ""
    if left <= EXPIRES_SOON:
        days = wording.count(left, "day")
        soon = f" It ends in {days}: ask the administrator for a new one."
    return (
        f"Own certificate, valid to {wording.day(ends)}, no later change allowed.{soon} "
        f"{server_line(server)}"
    )


def signed(document: str, at: datetime, zone: str) -> str:
    """The short notice after signing."""
    return f"Signed {wording.clock(at, wording.zone(zone))} \u00b7 Document {document}"


def document_notes(kind: DocumentKind) -> tuple[tuple[str, str, str], ...]:
    """(icon, title, words) beside a document: who gets it, what is left out, what governs it."""
    if kind in (DocumentKind.PRESCRIPTION, DocumentKind.PRESCRIPTION_DIRECTED):
        return (
            ("users", "Who gets it", "The pharmacy and the patient."),
            ("eye-off", "Left out", ON_RECORD),
            ("map-pin", "State", "The license printed covers the patient\u2019s state."),
        )
    if kind is DocumentKind.MONITORING_PLAN:
        return (
            ("users", "Who gets it", "The laboratory and the patient."),
            ("eye-off", "Left out", ON_RECORD),
            ("flask-conical", "Protocol", "Tests follow the protocol named on the page."),
        )
    if kind is DocumentKind.REFERRAL:
        return (
            ("users", "Who gets it", "The patient, for whoever sees them next."),
            ("eye-off", "Left out", "Doses, and for a minor whatever is private."),
        )
    if kind in LETTERS:
        return (
            ("users", "Who gets it", "The patient."),
            ("eye-off", "Left out", "For a minor: pregnancy, contraception and mood."),
        )
    return (
        ("users", "Who gets it", "The clinic\u2019s own record."),
        ("file-text", "Contents", "Answers, reasons, counts and rules in full."),
    )


def signing_lines(
    state: CaseState,
    kinds: tuple[DocumentKind, ...],
    listed: Mapping[str, DirectedMedicine],
) -> tuple[tuple[str, str, str], ...]:
    """(icon, title, detail) of what is about to be signed."""
    return (
        _grade(state),
        *_treatment(state, listed),
        *_plan(state),
        _safety(state),
        _documents(kinds),
    )


def _grade(state: CaseState) -> tuple[str, str, str]:
    tally, grade = state.appraisal.tally, state.appraisal.grade
    override = state.draft.override
    if not state.appraisal.acne:
        own = state.appraisal.global_grade
        named = state.appraisal.decision
        what = named.indication if named is not None and named.indication else "Not acne"
        graded = own.replace("_", " ") if own else "not graded"
        return "scan-face", f"{what}: {graded}", "Your global grade; acne rubrics do not apply."
    shown = words.upper_first(override.grade.replace("_", " ")) if override else grade.label
    if grade.at_least and override is None:
        shown = f"At least {words.lower_first(shown)}"
    title = (
        f"{shown} acne: {wording.count(tally.total, 'lesion')}, "
        f"{wording.number(tally.nodules_cysts)} nodules and cysts"
    )
    detail = "No override."
    if override is not None:
        detail = f"The rubric says {words.lower_first(grade.label)}; yours is signed beside it."
    return "scan-face", title, detail


def _treatment(
    state: CaseState, listed: Mapping[str, DirectedMedicine]
) -> tuple[tuple[str, str, str], ...]:
    appraisal = state.appraisal
    decision, dose, regimen = appraisal.decision, appraisal.dose, appraisal.regimen
    if decision is not None and decision.kind is DecisionKind.START_WORK_UP:
        back = ""
        if appraisal.work_up is not None:
            back = f" Returns {words.day(appraisal.work_up.return_on)} or with results."
        return (("flask-conical", "Work-up, no medicine yet", f"Lab order and plan.{back}"),)
    if decision is not None and decision.kind in WITHOUT_MEDICINE:
        return (_without_medicine(state, decision.kind),)
    others = _directed(state, listed)
    if dose is None or regimen is None:
        return others
    pick_up = words.pick_up_by(appraisal)
    last = f" Last pick-up {words.day(pick_up)}." if pick_up is not None else ""
    title = (
        f"ISOtretinoin {wording.amount(dose.daily, 'mg')} a day "
        f"for {wording.amount(dose.supply_days, 'days')}"
    )
    made = words.combination(regimen.morning, regimen.evening)
    return (("pill", title, f"{made}. Refills 0 (zero).{last}"), *others)


def _directed(
    state: CaseState, listed: Mapping[str, DirectedMedicine]
) -> tuple[tuple[str, str, str], ...]:
    """A line for each medicine prescribed by directions."""
    lines = []
    for item in state.appraisal.directed:
        found = directions.resolve(item, listed)
        said = "" if found is None else basket_wording.dispense(item, found)
        lines.append(("pill", basket_wording.item_title(item, found), said))
    return tuple(lines)


def _without_medicine(state: CaseState, kind: DecisionKind) -> tuple[str, str, str]:
    """What is decided instead, with its reason."""
    reason = state.appraisal.reason
    said = f"{reason.label}." if reason is not None else ""
    return "file-text", f"{words.DECISIONS[kind]}, no medicine", said


def _plan(state: CaseState) -> tuple[tuple[str, str, str], ...]:
    plan = state.appraisal.plan
    if plan is None or not plan.tests:
        return ()
    title = f"Monitoring plan, {words.plan_title(len(plan.tests), plan.ends)}"
    ahead = sorted((t for t in plan.tests if t.state in ("planned", "due")), key=lambda t: t.due)
    following = f"Next: {words.window(ahead[0].window)}. " if ahead else ""
    return (("calendar", title, f"{following}Protocol {plan.protocol}."),)


def _safety(state: CaseState) -> tuple[str, str, str]:
    appraisal = state.appraisal
    closed = words.gate(appraisal)
    if closed:
        return "octagon-x", closed, ""
    given = sum(finding.reason is not None for finding in appraisal.evaluation.findings)
    waits = sum(f.waits_for_work_up and f.is_open for f in appraisal.evaluation.findings)
    parts = [wording.count(len(appraisal.evaluation.passed), "check") + " passed"]
    if given:
        parts.append(wording.count(given, "reason") + " given or seen")
    if waits:
        parts.append(f"{waits} held until the work-up is done")
        return "shield-check", "Nothing blocks this decision", " \u00b7 ".join(parts)
    decision = appraisal.decision
    if decision is not None and decision.kind in WITHOUT_MEDICINE:
        return "shield-check", "Nothing blocks this decision", " \u00b7 ".join(parts)
    return "shield-check", "No blockers, every must-ask answered", " \u00b7 ".join(parts)


def _documents(kinds: tuple[DocumentKind, ...]) -> tuple[str, str, str]:
    title = f"{wording.count(len(kinds), 'document')}, each signed, one PIN"
    return "file-text", title, ", ".join(KIND_NAMES[kind] for kind in kinds)


CHECKING = "Not confirmed, checking. The server went away while this was being stored."
STILL_OPEN = (
    "Not confirmed yet: the server does not answer. Press Sign to check again; "
    "nothing is signed twice."
)
NOT_STORED = "It was not signed: nothing was stored. Sign again."
