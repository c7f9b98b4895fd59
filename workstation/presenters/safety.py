"""The safety panel as text and controls: findings in four fixed groups, nothing pre-selected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo

from workstation.content.catalogue import Catalogue
from workstation.domain.consultation import Consultation
from workstation.domain.draft import Reason
from workstation.domain.explain import FactRead
from workstation.domain.facts import Facts, FactSpec, Origin
from workstation.domain.safety import Finding, Level
from workstation.language import noted, of_content, plural, tr
from workstation.presenters import (
    basket_wording,
    contact_lines,
    content_words,
    grown_old,
    safety_ways,
)
from workstation.presenters import clinical_wording as words
from workstation.presenters.contact_lines import CallSheet
from workstation.presenters.controls import ControlState, control_of
from workstation.workflow.appraisal import Appraisal
from workstation.workflow.gate import CONTACT

COUNSEL = "counsel"
HELD_WORK_UP = noted("Held until the work-up is done")
HELD_PRESCRIPTION = noted("Would hold a prescription")
QUESTION = "ASK-"  # a question of a prescription; others that hold one stay in sight
COUNSEL_CODE = "COUNSEL"
NOTHING_OLD = Facts()


@dataclass(frozen=True, slots=True)
class LineState:
    """One finding as shown. ``level`` is stop, hold, override, warn or info.

    ``reads`` are the answers the rule rests on, worded with origin and date; ``answer`` is the
    reason given ("" when none); ``members`` are the codes folded into a counselling line.
    """

    code: str
    level: str
    title: str
    detail: str
    advice: str
    source: str
    tag: str
    reads: tuple[str, ...]
    control: ControlState | None
    reasons: tuple[tuple[str, str], ...]
    is_open: bool
    waits: bool
    answer: str
    members: tuple[str, ...] = ()
    contact: CallSheet | None = None
    removes: tuple[tuple[str, str], ...] = ()  # (medicine, words): taking it out clears the line
    where: str = ""  # where it is cleared when not here
    earlier: str = ""  # the reason of an earlier visit for the same facts, one key to accept


@dataclass(frozen=True, slots=True)
class PassedState:
    """One passed check with what was answered."""

    code: str
    title: str
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SafetyState:
    """The panel: blockers, lines that wait for the work-up, reasons, information, passed."""

    blocks: tuple[LineState, ...]
    waits: tuple[LineState, ...]
    reasons: tuple[LineState, ...]
    infos: tuple[LineState, ...]
    passed: tuple[PassedState, ...]
    topics: str  # what the passed checks asked about
    summary: str
    held: str = ""  # heading of the lines that may stand
    folded: tuple[LineState, ...] = ()  # what only a prescription asks
    work_up: bool = False  # whether those lines wait for a work-up
    old: tuple[LineState, ...] = ()  # answers of this visit that are confirmed in one step

    @property
    def lines(self) -> tuple[LineState, ...]:
        """All lines in the order shown."""
        return (*self.old, *self.blocks, *self.waits, *self.reasons, *self.infos, *self.folded)

    @property
    def fold_title(self) -> str:
        """What stands on the closed row of what is not asked."""
        return plural(
            len(self.folded),
            "{n} point of a prescription, not asked here",
            "{n} points of a prescription, not asked here",
        )

    @property
    def open(self) -> tuple[LineState, ...]:
        """Lines that keep the signature closed, in the order shown."""
        return tuple(line for line in (*self.old, *self.blocks, *self.reasons) if line.is_open)


def panel(
    appraisal: Appraisal,
    consultation: Consultation,
    catalogue: Catalogue,
    *,
    work_up: bool,
    without_medicine: bool = False,
    zone: tzinfo | None = None,
    earlier: tuple[Reason, ...] = (),
    old: Facts = NOTHING_OLD,
) -> SafetyState:
    """The panel for an appraisal; for a work-up the holds that may stand are their own group.

    For a decision without medicine that is every line but those the gate still asks for.

    An open contact with the patient stands first, whatever else blocks. ``earlier`` are reasons of
    earlier visits: one that was given for the very same facts is offered again, and counts only
    once somebody accepts it. ``old`` are answers of this visit that hold no longer.
    """
    blocks: list[LineState] = []
    waits: list[LineState] = []
    reasons: list[LineState] = []
    infos: list[LineState] = []
    folded: list[LineState] = []
    counselling: list[Finding] = []
    for found in appraisal.evaluation.findings:
        finding = content_words.finding(found, appraisal.facts, catalogue)
        if finding.level is Level.WARN and finding.group == COUNSEL:
            counselling.append(finding)
            continue
        line = _line(finding, appraisal, consultation, catalogue, zone)
        line = _with_ways(line, finding, appraisal, consultation, catalogue)
        line = _remembered(line, finding, earlier, old, catalogue)
        if without_medicine and finding.code not in appraisal.gate.because:
            if finding.code.startswith(QUESTION) or Level.INFO < finding.level < Level.HOLD:
                folded.append(line)
            else:
                (waits if finding.level >= Level.HOLD else infos).append(line)
        elif finding.level >= Level.HOLD:
            (waits if work_up and finding.waits_for_work_up else blocks).append(line)
        elif finding.level >= Level.WARN:
            reasons.append(line)
        else:
            infos.append(line)
    if counselling and not without_medicine:
        reasons.append(_counsel(counselling))
    if appraisal.treatable and _owes_contact(appraisal, consultation, blocks):
        blocks.append(_contact(appraisal, consultation, catalogue, zone))
    if not work_up:
        blocks += [
            _lacking(code, appraisal, consultation, catalogue)
            for code in appraisal.faults
            if all(line.code != code for line in blocks)
        ]
    blocks.sort(key=lambda line: line.code != CONTACT)
    blocks = _once(blocks)
    passed = tuple(
        PassedState(check.code, check.title, _reads(check.reads))
        for check in (content_words.passed(one, catalogue) for one in appraisal.evaluation.passed)
    )
    return SafetyState(
        tuple(blocks),
        tuple(waits),
        tuple(reasons),
        tuple(infos),
        passed,
        _topics(appraisal),
        words.blockers(len(blocks)),
        tr(HELD_PRESCRIPTION if without_medicine else HELD_WORK_UP),
        tuple(folded),
        work_up,
        () if without_medicine else _to_confirm(appraisal, old, catalogue),
    )


def _with_ways(
    line: LineState,
    finding: Finding,
    appraisal: Appraisal,
    consultation: Consultation,
    catalogue: Catalogue,
) -> LineState:
    """A line with what clears it, here or elsewhere."""
    ways = safety_ways.ways(finding, line.control, appraisal, consultation, catalogue)
    return replace(line, control=ways.control, removes=ways.removes, where=ways.where)


def _remembered(
    line: LineState,
    finding: Finding,
    earlier: tuple[Reason, ...],
    old: Facts,
    catalogue: Catalogue,
) -> LineState:
    """A line with the reason an earlier visit had, and beside a question what was answered once."""
    reads = line.reads
    if old and finding.code.startswith(QUESTION):
        then = (grown_old.said(n, old, catalogue) for n in _asked(finding, catalogue.facts))
        reads = (*reads, *filter(None, then))
    return replace(line, reads=reads, earlier=safety_ways.same_as(finding, earlier))


def _to_confirm(appraisal: Appraisal, old: Facts, catalogue: Catalogue) -> tuple[LineState, ...]:
    """One line for past illness and allergies that were answered at this visit and grew old."""
    names = grown_old.confirmable(appraisal.evaluation.open, old, catalogue)
    if not names:
        return ()
    title, detail = grown_old.title(names, old, catalogue)
    registry = catalogue.facts
    return (
        LineState(
            code=grown_old.CODE,
            level="warn",
            title=title,
            detail=detail,
            advice=tr(grown_old.ADVICE),
            source=tr(grown_old.WHY),
            tag="",
            reads=(),
            control=None,
            reasons=(),
            is_open=True,
            waits=False,
            answer="",
            members=tuple(registry[name].ask_code or "" for name in names),
        ),
    )


def _lacking(
    code: str, appraisal: Appraisal, consultation: Consultation, catalogue: Catalogue
) -> LineState:
    """What the page to be signed lacks or breaks, and where that is set right."""
    said, where = basket_wording.fault(code)
    source = catalogue.prescription.source
    names = safety_ways.ANSWERS.get(code, ())
    return LineState(
        code=code,
        level="hold",
        title=said,
        detail="",
        advice="",
        source=source.citation,
        tag=source.tag.value,
        reads=(),
        control=control_of("answer", names, (), consultation, catalogue, appraisal.facts),
        reasons=(),
        is_open=True,
        waits=False,
        answer="",
        where="" if names else where,
    )


def _topics(appraisal: Appraisal) -> str:
    labels = (
        words.lower_first(of_content(read.label))
        for check in appraisal.evaluation.passed
        for read in check.reads
        if read.fact is not None and read.fact.origin is not Origin.DERIVED
    )
    return ", ".join(dict.fromkeys(labels))


def _once(lines: list[LineState]) -> list[LineState]:
    """How to reach the patient stands in the first line that needs it, and nowhere else."""
    first = next((n for n, line in enumerate(lines) if line.contact is not None), len(lines))
    return [
        replace(line, contact=None) if n > first and line.contact is not None else line
        for n, line in enumerate(lines)
    ]


def _owes_contact(
    appraisal: Appraisal, consultation: Consultation, blocks: list[LineState]
) -> bool:
    owed = appraisal.triage.needs_contact and not consultation.called
    return owed and all(line.code != CONTACT for line in blocks)


def _contact(
    appraisal: Appraisal, consultation: Consultation, catalogue: Catalogue, zone: tzinfo | None
) -> LineState:
    """The contact line when only the gate asks for it: a red flag never hangs on one rule file."""
    flag = next(iter(appraisal.triage.flags), None)
    return LineState(
        code=CONTACT,
        level="hold",
        title=tr(words.CONTACT_TITLE),
        detail=of_content(flag.title) if flag is not None else "",
        advice="",
        source=flag.source.citation if flag is not None else "",
        tag=flag.source.tag.value if flag is not None else "",
        reads=(),
        control=control_of("contact", (), (), consultation, catalogue, appraisal.facts),
        reasons=(),
        is_open=True,
        waits=False,
        answer="",
        contact=contact_lines.call_sheet(consultation, appraisal.triage, zone),
    )


def _line(
    finding: Finding,
    appraisal: Appraisal,
    consultation: Consultation,
    catalogue: Catalogue,
    zone: tzinfo | None,
) -> LineState:
    control, given = finding.control, finding.reason
    labels = {reason.code: reason.label for reason in finding.reasons}
    calls = control is not None and control.kind == "contact"
    flags = "; ".join(of_content(flag.title) for flag in appraisal.triage.flags)
    asked = finding.code == CONTACT and bool(flags)
    return LineState(
        code=finding.code,
        level=finding.level.name.lower(),
        title=finding.title,
        detail=flags if asked else finding.detail,
        advice=finding.advice,
        source=finding.source.citation,
        tag=finding.source.tag.value,
        reads=()
        if asked
        else _reads(finding.reads, _asked(finding, catalogue.facts), brief=bool(finding.detail)),
        control=None
        if control is None
        else control_of(
            control.kind, control.names, finding.reads, consultation, catalogue, appraisal.facts
        ),
        reasons=tuple((reason.code, reason.label) for reason in finding.reasons),
        is_open=finding.is_open,
        waits=finding.waits_for_work_up,
        answer="" if given is None else (given.text or labels.get(given.code, tr(words.SEEN))),
        contact=contact_lines.call_sheet(consultation, appraisal.triage, zone) if calls else None,
    )


def _asked(finding: Finding, registry: Mapping[str, FactSpec]) -> frozenset[str]:
    """A must-ask's own fact: its title says already that it is not known."""
    return frozenset(name for name in finding.unknown if registry[name].ask_code == finding.code)


def _counsel(findings: list[Finding]) -> LineState:
    still_open = [finding for finding in findings if finding.is_open]
    return LineState(
        code=COUNSEL_CODE,
        level="warn",
        title=words.counsel(tuple(finding.title for finding in findings)),
        detail=tr(words.COUNSEL_DETAIL),
        advice="",
        source="; ".join(dict.fromkeys(finding.source.citation for finding in findings)),
        tag=findings[0].source.tag.value,
        reads=_reads(tuple(read for f in findings for read in f.reads), brief=True),
        control=None,
        reasons=(),
        is_open=bool(still_open),
        waits=False,
        answer=tr("" if still_open else words.COUNSELLED),
        members=tuple(finding.code for finding in findings),
    )


def _reads(
    reads: tuple[FactRead, ...], skip: frozenset[str] = frozenset(), *, brief: bool = False
) -> tuple[str, ...]:
    """Answers with origin and date, then what was worked out, then in one phrase the unknown.

    ``brief`` leaves the last two out: the line says them in its own words.
    """
    shown = [read for read in reads if read.name not in skip and read.name not in words.UNSHOWN]
    known = [read for read in shown if read.fact is not None]
    said = [r for r in known if r.fact is not None and r.fact.origin is not Origin.DERIVED]
    if brief:
        return tuple(dict.fromkeys(words.fact_read(read) for read in said))
    worked_out = [words.fact_read(read) for read in known if read not in said]
    unknown = [words.lower_first(read.label) for read in shown if read.fact is None]
    found = [*(words.fact_read(read) for read in said), *worked_out]
    if unknown:
        found.append(tr("Not known: {unknown}", unknown=", ".join(unknown)))
    return tuple(dict.fromkeys(found))
