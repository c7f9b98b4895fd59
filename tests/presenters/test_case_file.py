"""The open consultation under slow work: nothing lands in another one, and *saved* is true."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from workstation.domain.accounts import Role, User
from workstation.domain.consultation import Claim, Status
from workstation.domain.draft import Draft, Edit, History, ItemKind, Key, Note
from workstation.domain.errors import Conflict, WorkstationError
from workstation.domain.ids import ConsultationId, PhotoId, UserId
from workstation.presenters import case as case_module
from workstation.presenters.case import NOT_SAVED, CaseFile
from workstation.presenters.case_state import CaseChange, Happened
from workstation.presenters.jobs import Lane
from workstation.presenters.pictures import Arrived, Pictures
from workstation.workflow import assess, work_up
from workstation.workflow.desk import Session

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
ME = User(
    UserId("u1"), "login", "Rosa Kessler", "MD", Role.DERMATOLOGIST, None, (), None, True, NOW
)
IDS = tuple(ConsultationId(f"c{n}") for n in range(4))
NOTE = Key.of(ItemKind.NOTE, "assessment")


@dataclass(frozen=True)
class Stored:
    """As much of a consultation as the open one needs."""

    id: ConsultationId
    patient: Any
    status: Status
    claim: Claim | None
    revision: int
    submitted_at: datetime = NOW


@dataclass
class Shelf:
    """A store in memory with claims, revisions and journals; each unit is one transaction."""

    kept: dict[ConsultationId, Stored]
    histories: dict[ConsultationId, History]
    token: int = 0
    writes: list[tuple[str, ConsultationId]] = field(default_factory=list)
    broken: bool = False

    @contextmanager
    def reading(self) -> Iterator[Shelf]:
        yield self

    @contextmanager
    def writing(self, actor: str, station: str) -> Iterator[Shelf]:
        if self.broken:
            raise WorkstationError("store.disk.full")
        yield self

    def clinic(self) -> Any:
        return SimpleNamespace(time_zone="UTC")

    def settings(self, scope: str) -> dict[str, str]:
        return {}

    def user(self, id: UserId) -> User:
        return ME

    def audit(self, action: str, subject: str, detail: dict[str, object]) -> None:
        self.writes.append((action, ConsultationId(subject)))

    def consultation(self, id: ConsultationId) -> Stored | None:
        return self.kept.get(id)

    def history(self, id: ConsultationId) -> History:
        return self.histories[id]

    def step_to_move(self, id: ConsultationId, step: int) -> Edit | None:
        history = self.histories[id]
        return next(iter(history.past[-1:] if step < 0 else history.future), None)

    def versions(self, id: ConsultationId) -> tuple[()]:
        return ()

    def past_visits(self, patient: str, before: datetime) -> tuple[()]:
        return ()

    def claim(
        self, id: ConsultationId, user: UserId, station: str, now: datetime, until: datetime
    ) -> Claim | None:
        held = self.kept[id].claim
        if held is not None and held.user != user:
            return None
        if held is None:
            self.token += 1
        token = self.token if held is None else held.token
        claim = Claim(user, station, now, until, token)
        self.kept[id] = replace(self.kept[id], claim=claim)
        return claim

    def renew(self, id: ConsultationId, token: int, until: datetime) -> bool:
        held = self.kept[id].claim
        return held is not None and held.token == token

    def release(self, id: ConsultationId, token: int) -> None:
        held = self.kept[id].claim
        if held is not None and held.token == token:
            self.kept[id] = replace(self.kept[id], claim=None)

    def set_status(self, id: ConsultationId, token: int, status: Status, on: Any) -> None:
        self.kept[id] = replace(self.kept[id], status=status)

    def _held(self, id: ConsultationId, token: int, revision: int) -> None:
        held = self.kept[id].claim
        if held is None or held.token != token:
            raise Conflict("consultation.claim.lost")
        if self.kept[id].revision != revision:
            raise Conflict("consultation.revision.stale")

    def append_edit(self, id: ConsultationId, token: int, revision: int, edit: Edit) -> int:
        self._held(id, token, revision)
        self.histories[id] = self.histories[id].do(edit)
        self.kept[id] = replace(self.kept[id], revision=revision + 1)
        return revision + 1

    def move_cursor(self, id: ConsultationId, token: int, revision: int, step: int) -> int:
        self._held(id, token, revision)
        history = self.histories[id]
        self.histories[id] = history.undo() if step < 0 else history.redo()
        self.kept[id] = replace(self.kept[id], revision=revision + 1)
        return revision + 1

    def sign(self, id: ConsultationId) -> None:
        self.kept[id] = replace(self.kept[id], status=Status.CLOSED, claim=None)


@dataclass
class _Pending:
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None]
    lane: Lane
    key: str | None

    def cancel(self) -> None:
        self.done = lambda _: None


class SlowJobs:
    """Runs a job when the test says so, and brings its answer back when the test says so.

    As on a desk, STORE jobs run in order and answers come back in the order work ended; between
    the two anything may happen on the screen.
    """

    def __init__(self) -> None:
        self.waiting: list[_Pending] = []
        self.answers: list[Callable[[], None]] = []

    def submit(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None],
        lane: Lane,
        key: str | None = None,
    ) -> Any:
        if key is not None:
            self.waiting = [w for w in self.waiting if (w.lane, w.key) != (lane, key)]
        job = _Pending(work, done, failed, lane, key)
        self.waiting.append(job)
        return job

    def run_one(self) -> None:
        if not self.waiting:
            return
        job = self.waiting.pop(0)
        try:
            answer = job.work()
        except Exception as error:
            caught = error
            self.answers.append(lambda: job.failed(caught))
        else:
            self.answers.append(lambda: job.done(answer))

    def bring_one(self) -> None:
        if self.answers:
            self.answers.pop(0)()

    def settle(self) -> None:
        while self.waiting or self.answers:
            self.run_one()
            self.bring_one()


@pytest.fixture(autouse=True)
def _rows_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_up, "given_back", lambda *_: None)


Loaded = Any  # (consultation, photo): whose photo these pixels are


def photo_of(id: ConsultationId, chance: random.Random) -> PhotoId:
    return PhotoId(f"{id}-photo{chance.randint(0, 2)}")


class Desktop:
    """A case file on a shelf, with what it told and the photos that reached its screen."""

    def __init__(self) -> None:
        kept = {id: Stored(id, SimpleNamespace(id=f"p-{id}"), Status.READY, None, 0) for id in IDS}
        self.shelf = Shelf(kept, {id: History.of(Draft.empty(id)) for id in IDS})
        self.jobs = SlowJobs()
        self.clock = SimpleNamespace(now=lambda: NOW, today=lambda: date(2026, 11, 23))
        desk: Any = SimpleNamespace(
            store=self.shelf, clock=self.clock, station="s", catalogue=None, shipped=None
        )
        self.case = CaseFile(desk, Session(ME, None), self.jobs)
        self.told: list[CaseChange] = []
        self.case.changed.subscribe(self.told.append)
        self.shown: dict[ConsultationId, Draft] = {}
        self.case.changed.subscribe(self._note)
        self.photo_jobs = SlowJobs()
        self.pictures: Pictures[Loaded] = Pictures(
            desk, self.photo_jobs, lambda pixels: pixels, lambda _: 1, budget=3
        )
        self.arrived: list[Arrived[Loaded]] = []
        self.pictures.arrived.subscribe(self._arrives)
        self.case.changed.subscribe(self._show_photos)

    def _show_photos(self, change: CaseChange) -> None:
        """As the Assess page does: photos of what is open, and of nothing else."""
        if change.happened is Happened.OPENED or change.state is None:
            self.pictures.show(change.state.consultation if change.state is not None else None)

    def _arrives(self, arrived: Arrived[Loaded]) -> None:
        state = self.case.state
        assert state is not None, "a photo reached a screen that shows nobody"
        assert arrived.picture == (state.consultation.id, arrived.photo)
        self.arrived.append(arrived)

    def look(self, chance: random.Random) -> None:
        """Ask for a photo of what is open, or ahead for those of another consultation."""
        state = self.case.state
        if state is not None and chance.random() < 0.8:
            photo = photo_of(state.consultation.id, chance)
            self.pictures.want(photo, full=chance.random() < 0.5)
        else:
            next_one = self.shelf.kept[chance.choice(IDS)]
            self.pictures.ahead(next_one, (photo_of(next_one.id, chance),))

    def _note(self, change: CaseChange) -> None:
        state = change.state
        if state is None:
            return
        # Every part of what screens are told is of one and the same consultation.
        assert state.draft.consultation == state.consultation.id
        assert state.appraisal == ("appraised", state.consultation.id, state.draft)
        self.shown[state.consultation.id] = state.draft
        if change.happened is Happened.SAVED:
            assert state.unsaved == 0
            assert self.shelf.histories[state.consultation.id].draft == state.draft
            assert self.shelf.kept[state.consultation.id].revision == state.revision

    def open(self, id: ConsultationId) -> None:
        self.case.open(id)
        self.jobs.settle()

    def edit(self, text: str) -> None:
        self.case.put("note.written", ((NOTE, Note(text)),))


@pytest.fixture(autouse=True)
def _appraised_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """An appraisal or a photo here only says of what it was made: mixing two up would show."""
    for read in ("preview_pixels", "full_pixels"):
        monkeypatch.setattr(assess, read, lambda _, consultation, photo: (consultation.id, photo))
    monkeypatch.setattr(
        case_module,
        "appraise",
        lambda consultation, draft, past, situation: ("appraised", consultation.id, draft),
    )


ACTS = (
    *("open", "close", "sign", "renew", "undo", "redo"),
    *("edit",) * 6,
    *("run",) * 6,
    *("bring",) * 6,
    *("look",) * 4,
    *("decode",) * 4,
    *("arrive",) * 4,
)


def _act(desktop: Desktop, chance: random.Random, step: int) -> None:
    case, jobs = desktop.case, desktop.jobs
    match chance.choice(ACTS):
        case "open":
            case.open(chance.choice(IDS))
        case "edit" if case.state is not None:
            desktop.edit(f"{case.state.consultation.id}:{step}")
        case "undo" if case.state is not None:
            case.undo()
        case "redo" if case.state is not None:
            case.redo()
        case "close":
            case.close()
        case "sign" if case.state is not None and not case.state.unsaved:
            desktop.shelf.sign(case.state.consultation.id)
            case.forget()
        case "renew":
            case.renew()
        case "run":
            jobs.run_one()
        case "bring":
            jobs.bring_one()
        case "look":
            desktop.look(chance)
        case "decode":
            chance.shuffle(desktop.photo_jobs.waiting)  # two decode at a time, and none is alike
            desktop.photo_jobs.run_one()
        case "arrive":
            desktop.photo_jobs.bring_one()


@pytest.mark.parametrize(
    "sequences",
    [400, pytest.param(10_000, marks=[pytest.mark.long, pytest.mark.timeout(20_000)])],
)
def test_random_sequences_write_into_the_right_consultation(sequences: int) -> None:
    switched = saved = written = photos = 0
    for seed in range(sequences):
        chance, desktop = random.Random(seed), Desktop()
        if seed % 4:
            desktop.open(chance.choice(IDS))
        for step in range(chance.randint(16, 160)):
            _act(desktop, chance, step)
        desktop.jobs.settle()
        desktop.photo_jobs.settle()
        _right(desktop, seed)
        photos += len(desktop.arrived)
        switched += sum(c.happened is Happened.OPENED for c in desktop.told)
        saved += sum(c.happened is Happened.SAVED for c in desktop.told)
        written += sum(len(h.past) for h in desktop.shelf.histories.values())
    # The sequences really did something.
    least = (sequences, sequences // 4, sequences * 5 // 2, sequences // 4)
    told = (switched, saved, written, photos)
    assert all(seen > wanted for seen, wanted in zip(told, least, strict=True)), told


def _right(desktop: Desktop, seed: int) -> None:
    state = desktop.case.state
    for id in IDS:
        for number in range(3):
            kept = desktop.pictures.best(PhotoId(f"{id}-photo{number}"))
            assert kept is None or (state is not None and state.consultation.id == id), seed
        history, stored = desktop.shelf.histories[id], desktop.shelf.kept[id]
        for edit in (*history.past, *history.future):
            for change in edit.changes:
                assert isinstance(change.after, Note), seed
                assert change.after.text.startswith(f"{id}:"), seed
        if id in desktop.shown:
            assert history.draft == desktop.shown[id], seed  # nothing shown was lost
        mine = state is not None and state.consultation.id == id
        if stored.status is not Status.CLOSED:
            # What no screen shows is held by nobody.
            assert (stored.claim is not None) == mine, (seed, id)
    if state is not None:
        assert state.unsaved == 0, seed
        assert state.revision == desktop.shelf.kept[state.consultation.id].revision, seed
    assert not [c for c in desktop.told if c.happened is Happened.FAILED], seed


def test_saved_is_told_only_when_the_last_edit_is_durable() -> None:
    desktop = Desktop()
    desktop.open(IDS[0])
    for text in ("c0:a", "c0:b", "c0:c"):
        desktop.edit(text)
    told = desktop.told
    for left in (2, 1):
        desktop.jobs.run_one()
        desktop.jobs.bring_one()
        assert desktop.case.state is not None and desktop.case.state.unsaved == left
        assert told[-1].happened is Happened.EDITED
    desktop.jobs.run_one()
    assert told[-1].happened is Happened.EDITED  # durable, but the answer is not back yet
    desktop.jobs.bring_one()
    assert told[-1].happened is Happened.SAVED


def test_a_stale_opening_is_dropped_and_given_back() -> None:
    desktop = Desktop()
    desktop.case.open(IDS[0])
    desktop.jobs.run_one()  # claimed in the store, not yet shown
    desktop.case.open(IDS[1])
    desktop.jobs.settle()
    state = desktop.case.state
    assert state is not None and state.consultation.id == IDS[1]
    assert desktop.shelf.kept[IDS[0]].claim is None
    assert [c.happened for c in desktop.told] == [Happened.OPENED]


def test_leaving_while_it_opens_opens_nothing() -> None:
    desktop = Desktop()
    desktop.case.open(IDS[0])
    desktop.jobs.run_one()
    desktop.case.close()
    desktop.jobs.settle()
    assert desktop.case.state is None
    assert desktop.shelf.kept[IDS[0]].claim is None


def test_opening_the_same_again_keeps_the_claim() -> None:
    desktop = Desktop()
    desktop.case.open(IDS[0])
    desktop.jobs.run_one()
    desktop.case.open(IDS[0])
    desktop.jobs.settle()
    desktop.edit("c0:x")
    desktop.jobs.settle()
    assert desktop.told[-1].happened is Happened.SAVED


def test_a_failed_opening_gives_the_claim_back(monkeypatch: pytest.MonkeyPatch) -> None:
    desktop = Desktop()

    def damaged(id: ConsultationId) -> History:
        raise WorkstationError("draft.journal.broken")

    monkeypatch.setattr(desktop.shelf, "history", damaged)
    desktop.open(IDS[0])
    assert desktop.case.state is None
    assert desktop.told[-1].problem == "draft.journal.broken"
    assert desktop.shelf.kept[IDS[0]].claim is None


def test_an_edit_that_fails_is_never_called_saved_and_never_silent() -> None:
    desktop = Desktop()
    desktop.open(IDS[0])
    desktop.shelf.broken = True
    desktop.edit("c0:lost")
    desktop.jobs.settle()
    assert desktop.told[-1].problem == "store.disk.full"
    assert desktop.case.state is not None and desktop.case.state.unsaved == 1
    desktop.edit("c0:lost too")
    desktop.case.close()  # left before the disk answered: it is told all the same
    desktop.jobs.settle()
    problems = [c.problem for c in desktop.told if c.happened is Happened.FAILED]
    assert problems == ["store.disk.full", NOT_SAVED]
    assert Happened.SAVED not in [c.happened for c in desktop.told]
    assert desktop.shelf.histories[IDS[0]].past == ()


def test_a_held_or_closed_consultation_is_said_and_not_shown() -> None:
    desktop = Desktop()
    other = Claim(UserId("u2"), "s", NOW, NOW + timedelta(minutes=20), 7)
    desktop.shelf.kept[IDS[0]] = replace(desktop.shelf.kept[IDS[0]], claim=other)
    desktop.shelf.sign(IDS[1])
    desktop.open(IDS[0])
    desktop.open(IDS[1])
    assert [c.problem for c in desktop.told] == ["consultation.held", "consultation.gone"]
    assert desktop.case.state is None
    with pytest.raises(WorkstationError) as caught:
        desktop.edit("nobody")
    assert caught.value.code == "case.none_open"


def test_a_lost_claim_is_told_once_for_the_consultation_that_is_open() -> None:
    desktop = Desktop()
    desktop.open(IDS[0])
    desktop.case.renew()
    desktop.case.open(IDS[1])
    desktop.jobs.settle()
    assert Happened.FAILED not in [c.happened for c in desktop.told]
    desktop.shelf.release(IDS[1], desktop.shelf.token)
    desktop.case.renew()
    desktop.jobs.settle()
    assert desktop.told[-1].problem == "consultation.claim.lost"
