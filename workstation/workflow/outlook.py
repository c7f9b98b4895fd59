"""What the queue shows of a consultation: level, deadline and the one fact that stands out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from workstation.domain.consultation import Consultation, PastVisit, RequestKind
from workstation.domain.errors import Conflict
from workstation.domain.ids import ConsultationId
from workstation.domain.photo import QualityCode
from workstation.domain.safety import Finding, Level
from workstation.domain.triage import TriageLevel, TriageRules, raised_since
from workstation.domain.zones import REQUIRED_VIEWS
from workstation.workflow.appraisal import Appraisal, Situation, appraise
from workstation.workflow.desk import Desk
from workstation.workflow.ports import Appraised, ReadUnit, WriteUnit
from workstation.workflow.pressing import raised

# What only the desk settles (who prescribes, which dose, which indication) is no news at intake.
SETTLED_AT_THE_DESK = ("prescription.", "dose.", "indication.", "course.cumulative")
ASSESSED = frozenset({"ISO-DX", "T-SCAR"})
ASKS_FOR_ISOTRETINOIN = frozenset(
    {
        RequestKind.ISOTRETINOIN_START,
        RequestKind.ISOTRETINOIN_MONTH,
        RequestKind.ISOTRETINOIN_END,
    }
)
GRADED = "graded"  # where a severity comes from: the reading that is going on
AMENDED = "Opened to amend"  # kept with the row in English, as all that stands out
VIEW_NAMES = {"front": "Front", "left45": "Left 45\u00b0", "right45": "Right 45\u00b0"}


def for_queue(
    consultation: Consultation, appraisal: Appraisal, past: tuple[PastVisit, ...]
) -> Appraised:
    """The row's stored part; nothing of it is ever used to decide about signing."""
    text, level = _stands_out(consultation, appraisal, past)
    severity, source = _severity(consultation, appraisal, past)
    return Appraised(
        level=int(appraisal.triage.level),
        flag_codes=tuple(flag.code for flag in appraisal.triage.flags),
        deadline=appraisal.triage.deadline,
        stands_out=text,
        stands_out_level=level,
        severity=severity,
        severity_source=source,
    )


def as_it_stands(
    desk: Desk, unit: ReadUnit, id: ConsultationId
) -> tuple[Consultation, Appraisal, tuple[PastVisit, ...]]:
    """A stored consultation appraised with its draft as last saved.

    Raises:
        Conflict: ``consultation.gone``.
    """
    consultation = unit.consultation(id)
    if consultation is None:
        raise Conflict("consultation.gone")
    past = unit.past_visits(consultation.patient.id, consultation.submitted_at)
    situation = Situation(desk.catalogue, None, unit.clinic(), desk.clock.now(), desk.clock.today())
    return consultation, appraise(consultation, unit.history(id).draft, past, situation), past


def renew(desk: Desk, unit: WriteUnit, id: ConsultationId) -> Appraisal:
    """Bring the row up to date with what is known now; the appraisal it was made from.

    Raises:
        Conflict: ``consultation.gone``.
    """
    consultation, appraisal, past = as_it_stands(desk, unit, id)
    shown = row_of(desk, unit, consultation, appraisal, past)
    if shown.level < TriageLevel.URGENT and unit.amendment(id) is not None:
        # What its answers lack is said in Treat; in the queue it is no request that nobody read.
        shown = replace(shown, stands_out=AMENDED, stands_out_level="info")
    unit.set_appraised(id, shown)
    return appraisal


def row_of(
    desk: Desk,
    unit: ReadUnit,
    consultation: Consultation,
    appraisal: Appraisal,
    past: tuple[PastVisit, ...],
) -> Appraised:
    """The row's stored part with what is on record besides: unread results, and its clock."""
    shown = raised(desk, unit, consultation, for_queue(consultation, appraisal, past))
    return _clocked(consultation, shown, desk.catalogue.triage, desk.clock.now())


def row_once_read(
    desk: Desk, consultation: Consultation, appraisal: Appraisal, past: tuple[PastVisit, ...]
) -> Appraised:
    """The row's stored part when no result of the patient is unread any more, with its clock."""
    shown = for_queue(consultation, appraisal, past)
    return _clocked(consultation, shown, desk.catalogue.triage, desk.clock.now())


def _clocked(
    consultation: Consultation, shown: Appraised, rules: TriageRules, now: datetime
) -> Appraised:
    """The row with the deadline of its level, from when that level's target began to run."""
    level = TriageLevel(shown.level)
    since = raised_since(
        level,
        shown=consultation.level_shown,
        received=consultation.level_received,
        raised_at=consultation.raised_at,
        now=now,
    )
    begun = since or consultation.clock_from or consultation.submitted_at
    target = rules.targets[level].first_look
    return replace(shown, deadline=begun + target, raised_at=since)


def start_anew(desk: Desk, unit: WriteUnit, id: ConsultationId) -> None:
    """What comes back into sight is waited for anew: the target of its level runs from now.

    A pause holds the clock of a routine or priority consultation alone: that of a red flag runs on.
    """
    found = unit.consultation(id)
    if found is not None and (found.level_shown or TriageLevel.ROUTINE) < TriageLevel.URGENT:
        unit.start_clock(id, desk.clock.now())


def _stands_out(
    consultation: Consultation, appraisal: Appraisal, past: tuple[PastVisit, ...]
) -> tuple[str, str]:
    """The worst fact in words, and how it is marked: stop, warn, info, ok or wait."""
    flags = appraisal.triage.flags
    if flags and appraisal.triage.level >= TriageLevel.PRIORITY:
        return flags[0].title, "stop" if flags[0].level >= TriageLevel.URGENT else "warn"
    if consultation.request not in ASKS_FOR_ISOTRETINOIN:
        return _photos(consultation)
    findings = [f for f in appraisal.evaluation.findings if not _settled_later(f)]
    asked = [f for f in findings if f.code.startswith("ASK-")]
    told = [f for f in findings if f not in asked and f.code not in ASSESSED]
    stops = [f for f in told if f.level is Level.STOP]
    holds = [f for f in told if f.level is Level.HOLD]
    if stops:
        return stops[0].title, "stop"
    first_visit = not appraisal.supplies and (not past or bool(consultation.dispensed))
    waiting = [f for f in holds if f.waits_for_work_up]
    if first_visit and len(waiting) > 1 and len(waiting) == len(holds):
        return "First visit: work-up needed", "info"
    if holds:
        return _first(holds), "stop"
    if asked:
        return f"{len(asked)} question{'s' if len(asked) > 1 else ''} not answered", "stop"
    overrides = [f for f in told if f.level is Level.OVERRIDE]
    if overrides:
        return _first(overrides), "warn"
    photos = _photos(consultation)
    if photos[1] != "ok":
        return photos
    return ("Unchanged since last month", "ok") if past else ("No flags from intake", "ok")


def _settled_later(finding: Finding) -> bool:
    return bool(finding.unknown) and all(
        name.startswith(SETTLED_AT_THE_DESK) for name in finding.unknown
    )


def _first(findings: list[Finding]) -> str:
    more = len(findings) - 1
    return f"{findings[0].title}, {more} more" if more else findings[0].title


def _photos(consultation: Consultation) -> tuple[str, str]:
    supplied = {photo.view for photo in consultation.photos}
    missing = [VIEW_NAMES[v.value] for v in REQUIRED_VIEWS if v not in supplied]
    if missing:
        return f"Photo missing: {', '.join(missing)}", "warn"
    if any(QualityCode.FOCUS in photo.quality for photo in consultation.photos):
        return "A photo is blurred", "warn"
    return "No flags from intake", "ok"


def _severity(
    consultation: Consultation, appraisal: Appraisal, past: tuple[PastVisit, ...]
) -> tuple[str, str]:
    if appraisal.tally.placed:
        return appraisal.grade.label, GRADED
    last = next((visit for visit in reversed(past) if visit.grade), None)
    if last is not None and last.grade is not None:
        return last.grade.capitalize(), "last visit"
    said = next((f for f in consultation.facts if f.name == "severity.reported"), None)
    return (str(said.value).capitalize(), "patient says") if said is not None else ("", "")
