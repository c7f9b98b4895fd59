"""One consultation: what came in, where it stands, who holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from workstation.domain.dosing import Dispensed
from workstation.domain.facts import Fact
from workstation.domain.identity import IdentityDoubt
from workstation.domain.ids import ConsultationId, DocumentId, PatientId, UserId
from workstation.domain.messages import SentMessage
from workstation.domain.patient import PatientSnapshot
from workstation.domain.photo import Photo, View
from workstation.domain.results import LabResult
from workstation.domain.triage import LevelChange, TriageLevel


class RequestKind(Enum):
    """What the patient asks for."""

    ACNE = "acne"
    ISOTRETINOIN_START = "isotretinoin_start"
    ISOTRETINOIN_MONTH = "isotretinoin_month"
    ISOTRETINOIN_END = "isotretinoin_end"
    MELASMA = "melasma"
    HAIR_LOSS = "hair_loss"
    LASHES = "lashes"
    ANTI_AGEING = "anti_ageing"
    ROSACEA = "rosacea"
    RESULT = "result"  # no request of the patient: a result that came in after signing
    HIDRADENITIS = "hidradenitis"


class Status(Enum):
    """Where a consultation stands; the allowed moves are in ``MOVES``."""

    READY = "ready"
    IN_REVIEW = "in_review"
    AWAITING_PATIENT = "awaiting_patient"
    WAITING_FOR_WORK_UP = "waiting_for_work_up"
    DEFERRED = "deferred"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


MOVES: dict[Status, frozenset[Status]] = {
    Status.READY: frozenset(
        {Status.IN_REVIEW, Status.AWAITING_PATIENT, Status.DEFERRED, Status.WITHDRAWN}
    ),
    Status.IN_REVIEW: frozenset(
        {
            Status.READY,
            Status.AWAITING_PATIENT,
            Status.DEFERRED,
            Status.WAITING_FOR_WORK_UP,
            Status.CLOSED,
            Status.WITHDRAWN,
        }
    ),
    Status.AWAITING_PATIENT: frozenset({Status.READY, Status.IN_REVIEW, Status.WITHDRAWN}),
    Status.DEFERRED: frozenset({Status.READY, Status.IN_REVIEW, Status.WITHDRAWN}),
    # A later visit of the same patient carries the work-up's results: the waiting one is over.
    Status.WAITING_FOR_WORK_UP: frozenset(
        {Status.READY, Status.IN_REVIEW, Status.CLOSED, Status.WITHDRAWN}
    ),
    Status.CLOSED: frozenset(),
    Status.WITHDRAWN: frozenset(),
}
# Nobody looks at these by itself: a red flag must not end up there before somebody called.
OUT_OF_SIGHT = frozenset(
    {
        Status.AWAITING_PATIENT,
        Status.DEFERRED,
        Status.WAITING_FOR_WORK_UP,
        Status.CLOSED,
        Status.WITHDRAWN,
    }
)


def owes_contact(level: TriageLevel | int, contacts: int, new: Status) -> bool:
    """Whether a move to ``new`` is refused: URGENT or higher, and nobody tried to call."""
    return level >= TriageLevel.URGENT and not contacts and new in OUT_OF_SIGHT


@dataclass(frozen=True, slots=True)
class Answer:
    """One intake answer as sent: for people to read; facts are derived from it."""

    link_id: str
    number: str  # Q11
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where the consultation came from."""

    system: str
    external_id: str
    package_digest: str
    file_kind: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Who holds the consultation, until when; every write carries ``token``."""

    user: UserId
    station: str
    taken_at: datetime
    until: datetime
    token: int


@dataclass(frozen=True, slots=True)
class ContactTry:
    """One attempt to reach a patient with a red flag."""

    by: UserId
    at: datetime
    who: str
    reached: str  # yes | no_answer | voicemail | someone_else
    outcome: str
    again_at: datetime | None = None  # when the next try is meant to be


@dataclass(frozen=True, slots=True)
class PriorCourse:
    """An earlier isotretinoin course reported at intake."""

    last_dose: date | None
    cumulative: Decimal | None  # mg/kg


@dataclass(frozen=True, slots=True)
class TreatmentEnd:
    """Treatment that a letter signed here ended, with its last day with a capsule.

    ``of_course``: the course is over; otherwise it was stopped, and may go on.
    """

    last_dose: date
    of_course: bool


@dataclass(frozen=True, slots=True)
class Consultation:
    """One consultation as received, and where it stands."""

    id: ConsultationId
    patient: PatientSnapshot
    visit: int
    previous: ConsultationId | None
    request: RequestKind
    source: Delivery
    submitted_at: datetime
    received_at: datetime
    answers: tuple[Answer, ...]
    facts: tuple[Fact, ...]  # from intake, with origin and date
    photos: tuple[Photo, ...]
    results: tuple[LabResult, ...]  # of the patient, all visits, as known now
    dispensed: tuple[Dispensed, ...]  # supplies of earlier visits, of every course here
    prior_courses: tuple[PriorCourse, ...]
    own_words: str
    status: Status
    returns_on: date | None
    claim: Claim | None
    contacts: tuple[ContactTry, ...]
    revision: int
    content_edition: str | None  # edition used when signed
    level_received: TriageLevel = TriageLevel.ROUTINE  # as it came in
    level_change: LevelChange | None = None
    messages: tuple[SentMessage, ...] = ()  # sent to the patient, oldest first
    doubts: tuple[IdentityDoubt, ...] = ()  # about who it is, each with what a person found
    ended: tuple[TreatmentEnd, ...] = ()  # of earlier visits, oldest first
    unseen: int = 0  # later versions of it that differ and that nobody said they saw
    level_shown: TriageLevel | None = None  # what its row in the queue says; None before it has one
    clock_from: datetime | None = (
        None  # since it came back or was opened to amend; None: since sent
    )
    raised_at: datetime | None = None  # since when a level stands that is above what came in

    @property
    def waits_since(self) -> datetime:
        """When the target of its level began to run."""
        return self.raised_at or self.clock_from or self.submitted_at

    @property
    def called(self) -> bool:
        """Whether somebody tried to call since its level is what it is.

        What was said before a red flag was known cannot have been about it.
        """
        known = self.raised_at
        return any(known is None or tried.at >= known for tried in self.contacts)

    @property
    def face(self) -> Photo | None:
        """The photo that stands for the patient: Front, else the first."""
        return next((p for p in self.photos if p.view is View.FRONT), next(iter(self.photos), None))


@dataclass(frozen=True, slots=True)
class PastVisit:
    """An earlier consultation of the same patient, for the follow-up strip and repeat-last.

    ``answered`` is what was said then about the supply before it, and the pregnancy category;
    ``withdrawn`` when its prescription was made void and none took its place.
    """

    consultation: ConsultationId
    visit: int
    on: date
    grade: str | None
    counts: tuple[tuple[str, int], ...]  # (comedones|inflammatory|nodules_cysts|total, n)
    daily: Decimal | None
    weight: Decimal | None
    documents: tuple[DocumentId, ...]
    answered: tuple[Fact, ...] = ()
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class QueueRow:
    """What one queue row shows, without loading the consultation."""

    id: ConsultationId
    patient: PatientId
    level: int
    flag_codes: tuple[str, ...]
    stands_out: str
    stands_out_level: str  # stop | warn | info | ok | wait
    submitted_at: datetime
    deadline: datetime
    status: Status
    returns_on: date | None
    request: RequestKind
    visit: int
    family: str
    given: str
    born: date
    sex: str
    external_id: str
    photo_count: int
    views_missing: tuple[str, ...]
    severity: str
    severity_source: str  # patient says | last visit | graded
    claimed_by: UserId | None
    claimed_initials: str
    claimed_until: datetime | None
    similar_name: str
    since: datetime | None = None  # when the target of its level began to run; None: when sent
    called_at: datetime | None = None  # last try to call since then; read for red flags alone
