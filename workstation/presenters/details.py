"""Details of the patient beside any step: this intake with what changed, earlier visits, documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workstation.domain.consultation import Answer, Consultation
from workstation.domain.dates import day_in
from workstation.domain.documents import DocumentKind, SignedDocument
from workstation.domain.ids import ConsultationId
from workstation.language import noted, of_content, plural, tr
from workstation.presenters import clinical_wording as words
from workstation.presenters import wording
from workstation.presenters.case import CaseFile
from workstation.presenters.case_state import CaseChange, CaseState, Happened
from workstation.presenters.followup_trends import Trends, trends
from workstation.presenters.jobs import Lane
from workstation.presenters.observable import Event
from workstation.workflow import followup
from workstation.workflow.appraisal import ISOTRETINOIN
from workstation.workflow.followup import EarlierVisit

KINDS = {
    DocumentKind.PRESCRIPTION: noted("Prescription"),
    DocumentKind.MONITORING_PLAN: noted("Lab-monitoring plan"),
    DocumentKind.RECORD: noted("Record"),
    DocumentKind.VOID_NOTICE: noted("Void notice"),
}
LOADING = noted("Reading the earlier visits")
NOT_READ = noted("The earlier visits could not be read.")


@dataclass(frozen=True, slots=True)
class IntakeLine:
    """One intake answer; ``was`` is last visit's when ``changed``."""

    question: str
    answer: str
    changed: bool
    was: str


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit: its day, what was found and what was prescribed."""

    day: str
    detail: str
    lesions: str
    current: bool


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One signed document."""

    title: str
    day: str


@dataclass(frozen=True)
class DetailsState:
    """The column; ``note`` says that something is still being read or could not be."""

    asked: str
    changed: str
    intake: tuple[IntakeLine, ...]
    visits: tuple[VisitLine, ...]
    trends: Trends | None
    documents: tuple[DocumentLine, ...]
    note: str


class DetailsPresenter:
    """Reads the earlier visits when the column is first looked at; follows the open consultation."""

    def __init__(self, case: CaseFile) -> None:
        self._case = case
        self.changed: Event[DetailsState | None] = Event()
        self.state: DetailsState | None = None
        self._earlier: tuple[EarlierVisit, ...] | None = None
        self._documents: Mapping[ConsultationId, tuple[SignedDocument, ...]] = {}
        self._shown = self._asked = False
        self._note = ""
        case.changed.subscribe(self._on_case)

    def show(self, shown: bool) -> None:
        """The column is looked at, or not any more."""
        self._shown = shown
        state = self._case.state
        if not shown or state is None:
            return
        if not self._asked:
            self._load(state)
        self._render()

    def _on_case(self, change: CaseChange) -> None:
        if change.happened in (Happened.OPENED, Happened.CLOSED):
            self._earlier, self._documents = None, {}
            self._asked, self._note, self.state = False, "", None
            self.changed.emit(None)
            self.show(self._shown)
        elif change.happened in (Happened.EDITED, Happened.RESULT) and self._shown:
            self._render()

    def _load(self, state: CaseState) -> None:
        self._asked, generation = True, state.generation
        desk, session = self._case.desk, self._case.session

        def work() -> tuple[
            tuple[EarlierVisit, ...], Mapping[ConsultationId, tuple[SignedDocument, ...]]
        ]:
            earlier = followup.earlier_visits(desk, session, state.past)
            return earlier, followup.documents_of(desk, session, state.past)

        def done(
            found: tuple[
                tuple[EarlierVisit, ...], Mapping[ConsultationId, tuple[SignedDocument, ...]]
            ],
        ) -> None:
            now = self._case.state
            if now is not None and now.generation == generation:
                self._earlier, self._documents = found
                self._render()

        def failed(_: Exception) -> None:
            now = self._case.state
            if now is not None and now.generation == generation:
                self._asked, self._note = False, tr(NOT_READ)
                self._render()

        self._case.jobs.submit(work, done, failed, Lane.READ, "details.earlier")

    def _render(self) -> None:
        state = self._case.state
        if state is None or not self._shown:
            return
        earlier, zone = self._earlier or (), self._case.clinic.time_zone
        last = earlier[-1].consultation if earlier else None
        intake = intake_lines(state.consultation, last)
        changes = sum(line.changed for line in intake)
        since = (
            tr(" since {day}", day=wording.day(day_in(zone, last.submitted_at)))
            if last is not None
            else ""
        )
        self.state = DetailsState(
            asked=wording.day(day_in(zone, state.consultation.submitted_at)),
            changed=tr("{changes} changed{since}", changes=changes, since=since)
            if last is not None
            else "",
            intake=intake,
            visits=_visits(state, earlier, zone),
            trends=self._trends(state, earlier),
            documents=self._signed(earlier),
            note=self._note or ("" if self._earlier is not None else tr(LOADING)),
        )
        self.changed.emit(self.state)

    def _trends(self, state: CaseState, earlier: tuple[EarlierVisit, ...]) -> Trends | None:
        catalogue = self._case.desk.catalogue
        return trends(
            state.consultation,
            earlier,
            state.appraisal,
            catalogue,
            catalogue.medicines[ISOTRETINOIN],
            self._case.desk.clock.today(),
            counted=bool(state.draft.annotations),
        )

    def _signed(self, earlier: tuple[EarlierVisit, ...]) -> tuple[DocumentLine, ...]:
        return tuple(
            DocumentLine(f"{KINDS[d.kind]} {d.number}", wording.day(visit.visit.on))
            for visit in reversed(earlier)
            for d in self._documents.get(visit.visit.consultation, ())
        )


def intake_lines(now: Consultation, before: Consultation | None) -> tuple[IntakeLine, ...]:
    """Every answer of this intake as sent; those that last visit answered otherwise say how."""
    old: dict[str, Answer] = {a.link_id: a for a in before.answers} if before is not None else {}
    lines = []
    for answer in now.answers:
        was = old.get(answer.link_id)
        changed = before is not None and was is not None and was.text != answer.text
        text = answer.text or tr(wording.NOT_KNOWN)
        earlier = was.text if changed and was is not None else ""
        lines.append(IntakeLine(answer.question, text, changed, earlier))
    return tuple(lines)


def _visits(
    state: CaseState, earlier: tuple[EarlierVisit, ...], zone: str
) -> tuple[VisitLine, ...]:
    counted = bool(state.draft.annotations)
    tally = state.appraisal.tally
    now = plural(tally.total, "{n} lesion", "{n} lesions") if counted else tr("not counted yet")
    grade = of_content(state.appraisal.grade.label) if counted else ""
    this = " \u00b7 ".join(t for t in (tr("This consultation"), grade) if t)
    lines = [VisitLine(wording.day(day_in(zone, state.consultation.submitted_at)), this, now, True)]
    for one in reversed(earlier):
        visit = one.visit
        parts = []
        if visit.daily is not None:
            parts.append(tr("{daily} a day", daily=wording.amount(visit.daily, "mg")))
        if visit.grade:
            parts.append(words.upper_first(of_content(visit.grade)))
        total = dict(visit.counts).get("total")
        lesions = plural(total, "{n} lesion", "{n} lesions") if total is not None else ""
        day = wording.day(day_in(zone, one.consultation.submitted_at))
        lines.append(VisitLine(day, " \u00b7 ".join(parts), lesions, False))
    return tuple(lines)
