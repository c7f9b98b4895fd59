"""What the safety rules say of a consultation that nobody has opened, as the queue's preview lists it."""

from __future__ import annotations

from workstation.domain.accounts import Permission, may
from workstation.domain.consultation import Consultation
from workstation.domain.rules import Finding
from workstation.domain.safety import Evaluation, Level
from workstation.language import of_content, plural, stored, tr
from workstation.workflow.appraisal import Situation, appraise
from workstation.workflow.desk import Desk, Session

ICONS = {
    Level.STOP: ("octagon-x", "danger"),
    Level.HOLD: ("octagon-x", "danger"),
    Level.OVERRIDE: ("triangle-alert", "warn"),
    Level.WARN: ("triangle-alert", "warn"),
    Level.INFO: ("info", "info"),
}
SHOWN = 6
PRESCRIBER = "prescription."  # facts about who prescribes
NOT_KNOWN = stored("{label}: not known", label="")  # ends the title of a must-ask


def weighed(desk: Desk, session: Session, found: Consultation) -> Evaluation:
    """What the safety rules say about a consultation and its draft as stored.

    To whoever signs nothing here it is not said that they have no licence: somebody else prescribes.
    """
    signs = may(session.user, Permission.SIGN)
    with desk.store.reading() as unit:
        history = unit.history(found.id)
        past = unit.past_visits(found.patient.id, found.submitted_at)
        clinic = unit.clinic()
    situation = Situation(
        desk.catalogue,
        session.user if signs else None,
        clinic,
        desk.clock.now(),
        desk.clock.today(),
    )
    evaluation = appraise(found, history.draft, past, situation).evaluation
    if signs:
        return evaluation
    known = tuple(f for f in evaluation.findings if not _of_signer(f))
    return Evaluation(known, evaluation.passed)


def _of_signer(finding: Finding) -> bool:
    """Whether it is open only because nobody is there yet who would prescribe."""
    return bool(finding.unknown) and all(n.startswith(PRESCRIBER) for n in finding.unknown)


def lines(evaluation: Evaluation) -> tuple[tuple[str, str, str], ...]:
    """(icon, colour role, sentence) of the findings, worst first, then the checks passed."""
    shown = evaluation.findings[:SHOWN]
    made = tuple((*ICONS[f.level], _title(f)) for f in shown if f.level in ICONS)
    more = len(evaluation.findings) - len(shown)
    if more > 0:
        words = plural(more, "{n} more line", "{n} more lines") + tr(" in Treat")
        made += (("info", "text3", words),)
    passed = plural(len(evaluation.passed), "{n} check", "{n} checks")
    return (*made, ("circle-check", "ok", tr("{passed} passed", passed=passed)))


def _title(finding: Finding) -> str:
    """What a finding is about; one that fired because nothing is known says that it does not know.

    Before a first prescription there is no dose, so what rests on it is not known here.
    """
    if finding.code.startswith("ASK-"):  # says so itself
        return tr("{label}: not known", label=of_content(finding.title.removesuffix(NOT_KNOWN)))
    title = of_content(finding.title)
    return tr("{title}: not known yet", title=title) if finding.unknown else title
