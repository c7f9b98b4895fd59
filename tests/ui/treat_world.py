"""A desk in memory with the people of the demonstration, for the Treat and Sign steps."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.inline_jobs import InlineJobs
from workstation import assets
from workstation.adapters.inbox.source import FolderReader
from workstation.content import catalogue
from workstation.content.catalogue import Catalogue
from workstation.demo import packages
from workstation.demo.people import PEOPLE
from workstation.domain.accounts import ClinicProfile, Licence, Role, User
from workstation.domain.audit import Entry
from workstation.domain.consultation import Claim, Consultation, ContactTry, QueueRow, Status
from workstation.domain.draft import Draft, Edit, History
from workstation.domain.errors import Conflict
from workstation.domain.facts import Fact, FactValue, Origin
from workstation.domain.ids import ConsultationId, UserId, VaultAddress, new_id
from workstation.domain.messages import Message, SentMessage
from workstation.domain.results import LabResult
from workstation.domain.second_read import SecondRead
from workstation.domain.triage import LevelChange
from workstation.presenters.case import CaseFile
from workstation.workflow.appraisal import Situation
from workstation.workflow.desk import Desk, Session
from workstation.workflow.ports import SigningOutcome

NOW = datetime(2026, 11, 23, 20, 42, tzinfo=UTC)
TODAY = date(2026, 11, 23)
PIN = "246810"
ME = User(
    UserId("u1"), "r.kessler", "Rosa Kessler", "MD", Role.DERMATOLOGIST, "1234567893",
    tuple(Licence(s, f"MD1842{n:02d}") for n, s in enumerate(("OR", "WA", "CA", "TX", "NY", "FL"))),
    "aa", True, NOW,
)  # fmt: skip
CLINIC = ClinicProfile(
    "Northlake Dermatology", "410 Harbor Street, Suite 6", "Portland", "OR", "97205",
    "+1 503 555 0142", "America/Los_Angeles", "letter", "",
)  # fmt: skip


@cache
def content() -> Catalogue:
    """The clinical content as shipped."""
    return catalogue.load(assets.resource("clinical"))


class SetClock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return TODAY


@dataclass
class Memory:
    """One consultation's store: what was written is what is read; edits are journalled in order."""

    consultations: dict[str, Consultation]
    past: tuple[Any, ...] = ()
    is_demonstration: bool = True
    is_shared: bool = False
    users: dict[str, User] = field(default_factory=lambda: {"u1": ME})
    journal: dict[str, History] = field(default_factory=dict)
    documents_of: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    outcomes: list[SigningOutcome] = field(default_factory=list)
    audited: list[tuple[str, str]] = field(default_factory=list)
    tries: int = 0
    closed_until: datetime | None = None
    numbers: dict[tuple[str, str], str] = field(default_factory=dict)
    waiting: tuple[QueueRow, ...] = ()
    set_here: dict[str, dict[str, str]] = field(default_factory=dict)
    appraised: dict[str, Any] = field(default_factory=dict)
    reads: dict[tuple[str, str, int], SecondRead] = field(default_factory=dict)

    def second_reads(self, id: ConsultationId) -> tuple[SecondRead, ...]:
        return tuple(read for key, read in sorted(self.reads.items()) if key[0] == id)

    def append_second_read(self, read: SecondRead, edit: Edit) -> None:
        key = (read.consultation, read.reader, read.round)
        stored = self.reads.get(key, SecondRead(read.consultation, read.reader, read.round, ()))
        if len(stored.edits) != len(read.edits):
            raise Conflict("second_read.stale")
        self.reads[key] = stored.after(edit)

    @property
    def board(self) -> NoBoard:
        return NoBoard()

    @contextmanager
    def reading(self) -> Iterator[Memory]:
        yield self

    @contextmanager
    def writing(self, actor: str, station: str) -> Iterator[Memory]:
        yield self

    def clinic(self) -> ClinicProfile:
        return CLINIC

    def user(self, id: UserId) -> User | None:
        return self.users.get(id)

    def consultation(self, id: ConsultationId) -> Consultation | None:
        return self.consultations.get(id)

    def history(self, id: ConsultationId) -> History:
        return self.journal.get(id, History.of(Draft.empty(id)))

    def step_to_move(self, id: ConsultationId, step: int) -> Edit | None:
        past = self.history(id)
        return next(iter(past.past[-1:] if step < 0 else past.future), None)

    def versions(self, id: ConsultationId) -> tuple[()]:
        return ()

    def past_visits(self, patient: str, before: datetime) -> tuple[Any, ...]:
        return self.past

    def queue(self, wanted: Any, user: UserId, now: datetime) -> tuple[QueueRow, ...]:
        return self.waiting

    def read_by(self, reader: UserId, ids: Sequence[ConsultationId]) -> dict[ConsultationId, bool]:
        return {}

    def contacts(self, id: ConsultationId) -> tuple[ContactTry, ...]:
        return ()

    def queue_counts(self, user: UserId, now: datetime) -> dict[str, int]:
        return {}

    def audit(self, action: str, subject: str, detail: dict[str, object]) -> None:
        self.audited.append((action, subject))

    def audit_of(self, subject: str, actions: Sequence[str]) -> tuple[Entry, ...]:
        return ()

    def audit_head(self) -> Entry | None:
        return None

    def append_edit(self, id: ConsultationId, token: int, revision: int, edit: Edit) -> int:
        assert self.consultations[id].revision == revision
        self.journal[id] = self.history(id).do(edit)
        return self._next(id)

    def move_cursor(self, id: ConsultationId, token: int, revision: int, step: int) -> int:
        past = self.history(id)
        self.journal[id] = past.undo() if step < 0 else past.redo()
        return self._next(id)

    def add_result(self, patient: str, result: LabResult) -> None:
        for id, found in self.consultations.items():
            self.consultations[id] = replace(found, results=(*found.results, result))

    def add_contact(self, id: ConsultationId, contact: ContactTry) -> None:
        found = self.consultations[id]
        self.consultations[id] = replace(found, contacts=(*found.contacts, contact))

    def reserve_number(self, id: ConsultationId, kind: str, year: int) -> str:
        head = {
            "prescription": "RX",
            "prescription_directed": "RD",
            "monitoring_plan": "LP",
            "record": "RC",
            "photo_sheet": "PS",
        }[kind]
        return self.numbers.setdefault((id, kind), f"{head}-{year}-0418")

    def settings(self, scope: str) -> dict[str, str]:
        return dict(self.set_here.get(scope, {}))

    def set_setting(self, scope: str, name: str, content: str | None) -> None:
        self.set_here.setdefault(scope, {})[name] = content or ""

    def documents(self, id: ConsultationId) -> tuple[Any, ...]:
        return self.documents_of.get(id, ())

    def document_by_digest(self, pdf_digest: str) -> Any:
        every = (d for some in self.documents_of.values() for d in some)
        return next((d for d in every if d.pdf_digest == pdf_digest), None)

    def revocations(self) -> tuple[()]:
        return ()

    def stamps(self, id: object) -> tuple[()]:
        return ()

    def pin_state(self, user: UserId) -> tuple[str, int, datetime | None]:
        return "verifier", self.tries, self.closed_until

    def set_pin_tries(self, user: UserId, wrong: int, closed_until: datetime | None) -> None:
        self.tries, self.closed_until = wrong, closed_until

    def finish(
        self, id: ConsultationId, token: int, revision: int, documents: Any, outcome: SigningOutcome
    ) -> None:
        self.documents_of[id] = tuple(documents)
        self.outcomes.append(outcome)
        self.consultations[id] = replace(self.consultations[id], status=outcome.status, claim=None)

    def claim(self, id: Any, user: Any, station: str, now: datetime, until: datetime) -> Claim:
        claim = Claim(user, station, now, until, 7)
        self.consultations[id] = replace(self.consultations[id], claim=claim)
        return claim

    def set_status(self, id: Any, token: int, status: Status, returns_on: Any) -> None:
        self.consultations[id] = replace(self.consultations[id], status=status)

    def renew(self, id: Any, token: int, until: datetime) -> bool:
        return True

    def release(self, id: Any, token: int) -> None:
        self.consultations[id] = replace(self.consultations[id], claim=None)

    def document_end(self, id: Any) -> None:
        return None

    def amendment(self, id: Any) -> None:
        """Nothing here is a correction of something signed."""

    def set_appraised(self, id: Any, appraised: Any) -> None:
        self.appraised[id] = appraised

    def set_level(self, id: Any, change: LevelChange) -> None:
        self.consultations[id] = replace(self.consultations[id], level_change=change)

    def add_message(
        self, id: Any, message: Message, by: UserId, at: datetime, year: int
    ) -> SentMessage:
        found = self.consultations[id]
        sent = SentMessage(f"ME-{year}-{len(found.messages) + 1:04d}", message, by, at)
        self.consultations[id] = replace(found, messages=(*found.messages, sent))
        return sent

    def _next(self, id: ConsultationId) -> int:
        self.consultations[id] = replace(
            self.consultations[id], revision=self.consultations[id].revision + 1
        )
        return self.consultations[id].revision


class NoBoard:
    """A Labs board that nobody looks at."""

    def plan_of(self, patient: Any) -> None:
        return None

    def results_of(self, patient: Any) -> tuple[Any, ...]:
        return ()

    unread_of = results_of

    def put(self, *args: Any) -> None:
        """Rows are not looked at here."""

    set_read = keep_plan = put


class Files:
    """A vault in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, content: bytes) -> VaultAddress:
        address = VaultAddress(hashlib.sha256(content).hexdigest())
        self.kept[address] = content
        return address

    def get(self, address: VaultAddress) -> bytes:
        return self.kept[address]

    def write(self, name: str, content: bytes) -> Path:
        self.kept[name] = content
        return Path(name)

    def write_text(self, name: str, text: str) -> Path:
        return self.write(name, text.encode())

    def write_beside(self, given: Any) -> tuple[Path, ...]:
        return (self.write(f"{given.document.number}.fhir.json", b"{}"),)


class Pen:
    """Appends a mark instead of a signature and says that it is valid."""

    def sign(self, pdf: bytes, *rest: Any) -> bytes:
        return pdf + b"%signed\n"

    def verify(self, pdf: bytes, certificate: str | None = None) -> Any:
        state = "valid" if pdf.endswith(b"%signed\n") else "unsigned"
        return SimpleNamespace(state=state)


class Keys:
    """Knows one PIN."""

    def pin_matches(self, verifier: str, pin: str) -> bool:
        return pin == PIN

    def document_key(self) -> bytes:
        return bytes(32)

    def document_signature(self, content: bytes) -> bytes:
        return hashlib.sha512(content).digest()


class NamedKey:
    """A key in name only."""

    serial = "aa"
    expires = NOW + timedelta(days=300)
    on_token = False

    def ready(self, pin: str) -> Any:
        return nullcontext(self)


@dataclass
class World:
    """An open consultation at a desk."""

    memory: Memory
    desk: Desk
    session: Session
    case: CaseFile
    files: Files
    clock: SetClock
    id: ConsultationId

    def fact(self, name: str) -> FactValue | None:
        """A fact as the appraisal has it."""
        assert self.case.state is not None
        return self.case.state.appraisal.facts.value(name)

    def recorded(self, name: str) -> Fact | None:
        """A fact recorded by the clinician at this visit."""
        assert self.case.state is not None
        return next((f for f in self.case.state.draft.facts if f.name == name), None)


@cache
def received(key: str) -> Consultation:
    """The newest consultation of a person of the demonstration, without its photos."""
    who = next(p for p in PEOPLE if p.key == key)
    kind, content_ = packages.package(who, who.visits[-1], TODAY, NOW)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / f"package.{kind}"
        path.write_bytes(content_)
        got = FolderReader(content().tests.values()).read(path)
    return Consultation(
        id=ConsultationId(new_id()), patient=got.patient, visit=got.visit, previous=None,
        request=got.request, source=got.source, submitted_at=got.submitted_at, received_at=NOW,
        answers=got.answers, facts=got.facts, photos=(), results=got.results,
        dispensed=got.dispensed, prior_courses=got.prior_courses, own_words=got.own_words,
        status=Status.READY, returns_on=None, claim=None, contacts=(), revision=0,
        content_edition=None,
    )  # fmt: skip


def world(
    key: str = "marsh-elena", change: Callable[[Consultation], Consultation] = lambda c: c
) -> World:
    """A desk with that person's consultation open."""
    from workstation.adapters.documents.renderer import PdfRenderer

    consultation = change(received(key))
    memory = Memory({consultation.id: consultation})
    files, clock = Files(), SetClock()
    desk = Desk(
        store=memory,  # what the Treat and Sign steps reach of a store
        vault=files,
        photos=SimpleNamespace(),  # no photo is decoded here
        reader=SimpleNamespace(),  # nothing is received here
        renderer=PdfRenderer(),
        signer=Pen(),  # the signature itself is tested with its adapter
        keys=Keys(),  # only the PIN is asked
        outbox=files,
        clock=clock,
        catalogue=content(),
        station="test",
    )
    key_of = NamedKey()
    session = Session(ME, key_of)
    case = CaseFile(desk, session, InlineJobs())
    case.open(consultation.id)
    return World(memory, desk, session, case, files, clock, consultation.id)


def answered(name: str, value: FactValue, on: date = TODAY) -> Fact:
    """An intake answer."""
    return Fact(name, value, Origin.INTAKE, on, "intake")


def with_facts(*facts: Fact) -> Callable[[Consultation], Consultation]:
    """A consultation whose intake also said ``facts``."""
    return lambda c: replace(c, facts=(*c.facts, *facts))


def situation(made: World) -> Situation:
    """What appraisals depend on."""
    return made.case.situation()
