"""What the queue page shows, in words: rows, preview, the emergent strip; pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from workstation.domain.consultation import Consultation, QueueRow
from workstation.domain.ids import ConsultationId, PhotoId, UserId
from workstation.domain.photo import View
from workstation.domain.triage import TriageLevel
from workstation.language import heard, of_content, plural, stored, tr
from workstation.presenters import script_words, wording
from workstation.workflow.escalation import Escalated
from workstation.workflow.ports import QueueFilter
from workstation.workflow.queue import PAUSED

VIEWS = 8
MISSING = stored("Photo missing: {views}", views="")  # kept, before the names of views
VIEWS_IN_ENGLISH = {name.template: name for name in wording.VIEW.values()}
SOON = 0.75  # share of the target after which waiting stands out
STAND_OUT_ICONS = {
    "stop": ("octagon-x", "danger"),
    "warn": ("triangle-alert", "warn"),
    "info": ("info", "info"),
    "ok": ("circle-check", "ok"),
    "wait": ("clock", "text3"),
}


@dataclass(frozen=True, slots=True)
class RowView:
    """One row in words. ``late`` is "", ``soon`` (75 % of the target) or ``late``."""

    row: QueueRow
    level: TriageLevel
    waiting: str
    left: str
    late: str
    name: str
    about: str
    request: str
    stage: str
    stands_out_icon: str
    stands_out_role: str
    photos: str
    photos_missing: bool
    mine: bool

    @property
    def id(self) -> ConsultationId:
        """The consultation."""
        return self.row.id

    @property
    def stands_out(self) -> str:
        """The one fact, kept with the row in English, in words."""
        return stands_out(self.row.stands_out)

    @property
    def severity(self) -> str:
        """The grade kept with the row, in words."""
        return of_content(self.row.severity)

    @property
    def severity_source(self) -> str:
        """Who said so."""
        return heard(self.row.severity_source, "graded", "last visit", "patient says")

    @property
    def spoken(self) -> str:
        """The whole row for assistive technology."""
        parts = (
            wording.TRIAGE[self.level],
            self.name,
            self.about,
            f"{self.request} {self.stage}".strip(),
            self.stands_out,
            tr("waiting {waiting}, {left}", waiting=self.waiting, left=self.left),
            tr("photos {photos}", photos=self.photos),
            f"{self.severity}, {self.severity_source}",
        )
        return "; ".join(str(p) for p in parts if p)


@dataclass(frozen=True, slots=True)
class PreviewView:
    """The selected consultation beside the list."""

    id: ConsultationId
    name: str
    title: str
    level: TriageLevel
    identity: str
    facts: tuple[tuple[str, str], ...]
    stands_out: tuple[tuple[str, str, str], ...]  # icon, colour role, sentence
    findings: tuple[tuple[str, str, str], ...]  # the same, once the rules have answered
    front: PhotoId | None
    others: tuple[tuple[PhotoId, str], ...]  # id, name of the view
    similar_name: str
    mixed: tuple[str, str] = ("", "")  # chip and sentence about scripts that the name mixes


@dataclass(frozen=True, slots=True)
class EmergentView:
    """The strip above the list while an EMERGENT consultation is open."""

    title: str
    detail: str
    first: ConsultationId
    open_text: str


@dataclass(frozen=True)
class QueueState:
    """What the queue page shows. ``news`` counts rows that wait for F5.

    ``places`` says where each row stands: of ten thousand none is looked for one by one.
    """

    rows: tuple[RowView, ...] = ()
    places: Mapping[ConsultationId, int] = field(default_factory=dict, compare=False, repr=False)
    counts: tuple[tuple[str, int], ...] = ()
    wanted: QueueFilter = QueueFilter()
    selected: ConsultationId | None = None
    preview: PreviewView | None = None
    emergent: EmergentView | None = None
    news: int = 0
    loaded: bool = False
    refreshed: str = ""
    problem: wording.Problem | None = None
    unseen: wording.Problem | None = None  # why this user's role sees no consultation

    def count(self, key: str) -> int:
        """Number beside a filter (``scope:mine``, ``level:3``, ``status:ready``)."""
        return dict(self.counts).get(key, 0)

    @property
    def shown_counts(self) -> frozenset[str]:
        """Filters that have something behind them."""
        return frozenset(key for key, count in self.counts if count)

    @property
    def index(self) -> int:
        """Position of the selected row, -1 without one."""
        return -1 if self.selected is None else self.place(self.selected)

    def place(self, id: ConsultationId) -> int:
        """Position of a row, -1 when it is not listed."""
        if len(self.places) == len(self.rows):
            return self.places.get(id, -1)
        return next((i for i, row in enumerate(self.rows) if row.id == id), -1)

    @property
    def filtered(self) -> bool:
        """Whether anything but the scope limits the list."""
        wanted = self.wanted
        return bool(wanted.levels or wanted.statuses or wanted.requests or wanted.text)


def stands_out(kept: str) -> str:
    """What the queue keeps of a consultation in English, in words."""
    said = of_content(kept)
    if said != kept:
        return said
    title, _, more = kept.rpartition(", ")
    if title and more.endswith(" more"):
        number = more.removesuffix(" more")
        return tr("{title}, {number} more", title=stands_out(title), number=number)
    views = kept.removeprefix(MISSING)
    if views != kept:
        named = (tr(VIEWS_IN_ENGLISH.get(name, name)) for name in views.split(", "))
        return tr("Photo missing: {views}", views=", ".join(named))
    said = heard(
        kept,
        "First visit: work-up needed",
        "{n} question not answered",
        "{n} questions not answered",
        "Unchanged since last month",
        "Opened to amend",
        "No flags from intake",
        "A photo is blurred",
    )
    test, colon, advice = kept.partition(": ")
    return _result(test, advice) if said == kept and colon else said


def _result(test: str, advice: str) -> str:
    """A result and the first thing it asks for: two lines have no room for all of it."""
    words = test.split(" ")
    ends = (
        at for at in range(len(words), 0, -1) if of_content(name := " ".join(words[:at])) != name
    )
    at = next(ends, len(words))
    value = [of_content(word) for word in words[at:]]
    named = " ".join((of_content(" ".join(words[:at])), *value))
    said = heard(
        of_content(advice),
        "Nothing may be concluded yet",
        "The laboratory\u2019s upper limit is missing",
    )
    first = said.partition(";")[0]
    return f"{named}: {first}"


def row_view(row: QueueRow, now: datetime, today: date, user: UserId) -> RowView:
    """One row worded for ``user`` at ``now``."""
    level = TriageLevel(row.level)
    waiting, left, late = _waiting(row, now, level)
    request, stage = wording.request(row.request, row.visit)
    icon, role = STAND_OUT_ICONS.get(row.stands_out_level, STAND_OUT_ICONS["info"])
    return RowView(
        row=row,
        level=level,
        waiting=waiting,
        left=left,
        late=late,
        name=f"{row.family.upper()}, {row.given}",
        about=f"{wording.age(row.born, today)} {_sex_letter(row.sex)}".strip(),
        request=request,
        stage=stage,
        stands_out_icon=icon,
        stands_out_role=role,
        photos=tr("{there} of {views}", there=VIEWS - len(row.views_missing), views=VIEWS),
        photos_missing=len(row.views_missing) > VIEWS // 2 - 1,
        mine=row.claimed_by == user and (row.claimed_until is None or row.claimed_until > now),
    )


def preview_view(
    found: Consultation, view: RowView | None, today: date, zone: tzinfo | None
) -> PreviewView:
    """The selected consultation worded; ``view`` is its row."""
    patient = found.patient
    mixed = script_words.of_patient(patient)
    request, stage = wording.request(found.request, found.visit)
    front = found.face.id if found.face is not None else None
    level = view.level if view is not None else TriageLevel.ROUTINE
    facts = [(tr("Asks for"), f"{request}, {stage}" if stage else request)]
    if found.own_words.strip():
        facts.append((tr("In own words"), f"\u201c{found.own_words.strip()}\u201d"))
    known = patient.medicines
    facts.append(
        (
            tr("Takes"),
            tr(wording.NOT_KNOWN) if known is None else wording.joined(known) or tr("Nothing"),
        )
    )
    facts.append((tr("Sent"), wording.moment(found.submitted_at, zone)))
    lines: tuple[tuple[str, str, str], ...] = ()
    if view is not None and view.row.stands_out:
        lines = ((view.stands_out_icon, view.stands_out_role, view.stands_out),)
    if found.claim is not None and view is not None and view.row.claimed_by and not view.mine:
        lines += (
            (
                "user",
                "text2",
                tr("Open with {claimed_initials}", claimed_initials=view.row.claimed_initials),
            ),
        )
    missing = view.row.views_missing if view is not None else ()
    if missing:
        names = wording.joined(tuple(tr(wording.VIEW[View(v)]) for v in missing))
        lines += (("image-off", "text2", tr("Not supplied: {names}", names=names)),)
    return PreviewView(
        id=found.id,
        name=patient.display_name,
        title=patient.title or "",
        level=level,
        identity=" \u00b7 ".join(
            (
                tr(
                    "Born {day} ({age})",
                    day=wording.day(patient.born),
                    age=wording.age(patient.born, today),
                ),
                tr(wording.SEX[patient.sex][0]),
                wording.groups_of_three(patient.external_id),
            )
        ),
        facts=tuple(facts),
        stands_out=lines,
        findings=(),
        front=front,
        others=tuple(
            (photo.id, tr(wording.VIEW[photo.view])) for photo in found.photos if photo.id != front
        ),
        similar_name=view.row.similar_name if view is not None else "",
        mixed=(script_words.short(mixed.scripts), script_words.whole(mixed))
        if mixed is not None
        else ("", ""),
    )


def _sex_letter(sex: str) -> str:
    return {"female": "F", "male": "M", "other": "X"}.get(sex, "")


def _waiting(row: QueueRow, now: datetime, level: TriageLevel) -> tuple[str, str, str]:
    if row.status in PAUSED and level < TriageLevel.URGENT:
        sent = wording.duration(now - row.submitted_at)
        return tr("paused"), tr("{waited} ago", waited=sent), ""
    since = row.since or row.submitted_at
    waited = wording.duration(now - since)
    target = (row.deadline - since).total_seconds()
    spent = (now - since).total_seconds()
    if abs(row.deadline - now) < timedelta(minutes=1):
        return waited, tr("due now"), "late"
    gap = wording.duration(row.deadline - now)
    if now > row.deadline:
        return waited, tr("{gap} late", gap=gap), "late"
    return (
        waited,
        tr("{gap} left", gap=gap),
        "soon" if target > 0 and spent >= SOON * target else "",
    )


def places_of(rows: Sequence[RowView]) -> dict[ConsultationId, int]:
    """Where each row stands."""
    return {row.row.id: at for at, row in enumerate(rows)}


def emergent_view(
    rows: tuple[RowView, ...],
    escalated: tuple[Escalated, ...] = (),
    zone: tzinfo | None = None,
) -> EmergentView | None:
    """The strip above the list: what is EMERGENT, and what is URGENT and near or past its target.

    Every signed-in prescriber's queue asks for this by itself, whoever has the consultation and
    whatever the list is narrowed to.
    """
    waits = tuple(row for row in rows if row.row.status not in PAUSED)
    open_now = tuple(row for row in rows if row.level is TriageLevel.EMERGENT)
    overdue = tuple(row for row in waits if row.level is TriageLevel.URGENT and row.late)
    emergent, open_now = len(open_now), (*open_now, *overdue)
    if not open_now:
        return None
    said = []
    for view in open_now[:3]:
        who = f"{view.row.given} {view.row.family}"
        if view.mine:
            said.append(tr("{who}: yours.", who=who))
        elif view.row.claimed_by:
            said.append(
                tr(
                    "{who}: open with {claimed_initials}.",
                    who=who,
                    claimed_initials=view.row.claimed_initials,
                )
            )
        elif view.row.called_at is not None:
            at = wording.clock(view.row.called_at, zone)
            said.append(tr("{who}: called at {at}, nobody has it open.", who=who, at=at))
        else:
            said.append(tr("{who}: nobody has it open yet.", who=who))
    shown = {view.row.id for view in open_now}
    names = [name for one in escalated if one.consultation in shown for name in one.names]
    if names:
        said.append(tr("Alerted: {joined}.", joined=wording.joined(tuple(dict.fromkeys(names)))))
    free = next((v for v in open_now if not v.row.claimed_by), open_now[0])
    return EmergentView(
        _counted(emergent, len(overdue)),
        " ".join(said),
        free.id,
        tr("Open {family}", family=free.row.family),
    )


def _counted(emergent: int, overdue: int) -> str:
    said = [tr("{emergent} emergent", emergent=emergent)] if emergent else []
    if overdue:
        said.append(
            plural(
                overdue,
                "{n} urgent, near or past its target",
                "{n} urgent, near or past their target",
            )
        )
    return tr("{joined}: contact first.", joined=wording.joined(tuple(said)))
