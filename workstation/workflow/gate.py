"""Whether signing is open, with every code that keeps it closed."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.domain import identity
from workstation.domain.consultation import Consultation
from workstation.domain.decisions import WITHOUT_MEDICINE, DecisionRules, missing
from workstation.domain.derivation import Case
from workstation.domain.draft import DecisionDetail, DecisionKind
from workstation.domain.safety import Evaluation, Level
from workstation.workflow.following import Follows

CONTACT, DECISION, REGIMEN, MEDICINE, REQUEST = (
    "TRIAGE-CONTACT",
    "DECISION-MISSING",
    "REGIMEN-MISSING",
    "MEDICINE-MISSING",
    "NOT-TREATABLE",
)


DETAIL, SENT_ONLY, UNSEEN = "DECISION-DETAIL", "DECISION-SENT", "VERSION-UNSEEN"
OWN_MISFIT = "RULES-OWN-MISFIT"


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether this may be signed now. ``because`` holds codes of what keeps it closed, worst first.

    Codes are finding codes, what a page lacks (``RX-*``, ``E-*``), or ``DECISION-MISSING``,
    ``REGIMEN-MISSING``, ``MEDICINE-MISSING``, ``TRIAGE-CONTACT``, ``NOT-TREATABLE``,
    ``DECISION-DETAIL`` (its reason or last day is missing), ``DECISION-SENT`` (it is sent to the
    patient, never signed), ``VERSION-UNSEEN`` (a later version that nobody looked at), or
    ``RULES-OWN-MISFIT`` (the clinic's own rules do not fit the program's and were not asked).
    """

    because: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Nothing keeps it closed."""
        return not self.because


def of_the_right_person(gate: Gate, consultation: Consultation) -> Gate:
    """The gate, closed first of all while it is in doubt whom the consultation is about."""
    if any(doubt.is_open for doubt in consultation.doubts):
        return Gate((identity.OPEN, *gate.because))
    return gate


def with_news_seen(gate: Gate, consultation: Consultation) -> Gate:
    """The gate, closed while the sender sent something else that nobody has looked at.

    What the clinician recorded before it goes before what the patient says now, so a person has to
    see that they differ.
    """
    return Gate((UNSEEN, *gate.because)) if consultation.unseen else gate


def gate_of(
    case: Case, follows: Follows, detail: DecisionDetail | None, rules: DecisionRules
) -> Gate:
    """The gate of a case by what follows from it; whom it is about is asked afterwards."""
    decision = case.decision
    kind = None if decision is None else decision.kind
    # Asked here as well as by the rules: a red flag never depends on one content file alone.
    owed = follows.triage.needs_contact and not case.consultation.called
    if kind is DecisionKind.ASK_PATIENT:
        return Gate((CONTACT, SENT_ONLY) if owed else (SENT_ONLY,))
    if kind is not None and kind in WITHOUT_MEDICINE:
        return Gate(_without_medicine(kind, detail, rules, follows.evaluation, owed=owed))
    if not follows.treatable:
        return Gate((REQUEST,))
    work_up = kind is DecisionKind.START_WORK_UP
    because = [
        finding.code
        for finding in follows.evaluation.open
        if not (work_up and finding.waits_for_work_up and finding.level is Level.HOLD)
    ]
    if owed and CONTACT not in because:
        because.insert(0, CONTACT)
    if case.catalogue.own_misfit:
        because.insert(0, OWN_MISFIT)
    if decision is None:
        because.append(DECISION)
    elif work_up:
        bridge = decision.bridge
        if bridge and case.catalogue.plan_rules.bridge_of(bridge) is None:
            because.append(MEDICINE)  # only what is listed was judged, and no capsules are
    else:
        because += [code for code in follows.faults if code not in because]
        if follows.dose is None and (case.regimen is not None or not case.directed):
            because.append(REGIMEN if follows.course else MEDICINE)
    return Gate(tuple(because))


def _without_medicine(
    kind: DecisionKind,
    detail: DecisionDetail | None,
    rules: DecisionRules,
    evaluation: Evaluation,
    *,
    owed: bool,
) -> tuple[str, ...]:
    """What keeps a decision without medicine closed: nothing that only a prescription needs.

    A course is not *ended* over an open STOP: that is stopping, which tells the patient so.
    """
    because = [CONTACT] if owed else []
    if kind is DecisionKind.END_COURSE:
        because += [f.code for f in evaluation.open if f.level is Level.STOP]
    if missing(kind, detail, rules):
        because.append(DETAIL)
    return tuple(because)
