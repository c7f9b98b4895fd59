"""Why signing is closed, in words."""

from __future__ import annotations

from workstation.domain.identity import OPEN as IDENTITY_OPEN
from workstation.domain.safety import Level
from workstation.language import plural, tr
from workstation.presenters import basket_wording
from workstation.workflow.appraisal import Appraisal
from workstation.workflow.gate import OWN_MISFIT, UNSEEN


def gate(appraisal: Appraisal) -> str:
    """Why signing is closed, in words; "" when it is open."""
    because = appraisal.gate.because
    if not because:
        return ""
    if not {IDENTITY_OPEN, UNSEEN, OWN_MISFIT}.isdisjoint(because):
        return gate_codes(because)
    blocking = sum(
        f.code in because and f.level >= Level.HOLD for f in appraisal.evaluation.findings
    )
    reasons = sum(f.code in because and f.level < Level.HOLD for f in appraisal.evaluation.findings)
    if blocking or reasons:
        resolved = plural(blocking, "{n} blocker is resolved", "{n} blockers are resolved")
        given = plural(reasons, "{n} reason is given", "{n} reasons are given")
        if blocking and reasons:
            return tr("Signing opens when {resolved} and {given}", resolved=resolved, given=given)
        return tr("Signing opens when {done}", done=resolved if blocking else given)
    return gate_codes(because)


def gate_codes(because: tuple[str, ...]) -> str:
    """Why signing is closed, from codes alone."""
    sentences = {
        IDENTITY_OPEN: tr("Signing opens when it is settled whom this consultation is about"),
        UNSEEN: tr("Signing opens when you have seen what was sent again, listed above"),
        OWN_MISFIT: tr(
            "The clinic\u2019s own rules do not fit this version. Take them in anew, or out, in Settings"
        ),
        "DECISION-MISSING": tr("Signing opens when a decision is chosen"),
        "REGIMEN-MISSING": tr("Signing opens when the dose is worked out. Enter the weight"),
        "MEDICINE-MISSING": tr("Signing opens when a medicine is chosen"),
        "TRIAGE-CONTACT": tr("Signing opens when a contact with the patient is recorded"),
        "DECISION-DETAIL": tr("Signing opens when reason and last day of this decision are given"),
        "DECISION-SENT": tr("This is sent to the patient, not signed. Send the message in Treat"),
        "NOT-TREATABLE": tr("Nothing can be prescribed for this request. Choose another decision"),
        "CLOCK-BEHIND": tr(
            "This computer\u2019s clock is behind the records. Set it right, or see Records, More"
        ),
    }
    for code, sentence in sentences.items():
        if code in because:
            return sentence
    faults = [basket_wording.fault(code) for code in because if code.startswith(("RX-", "E-"))]
    if faults:
        return tr("Signing is closed. {fault}. {where}", fault=faults[0][0], where=faults[0][1])
    return tr("Signing is closed: {because}", because=", ".join(because))
