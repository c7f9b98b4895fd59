"""Packages on their way in: from the inbox folder or dropped on the queue, one at a time, with a count."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from workstation.domain.errors import NotAllowed, Refused
from workstation.language import noted, tr
from workstation.presenters import script_words, wording
from workstation.presenters.in_turn import InTurn
from workstation.presenters.jobs import Jobs, Lane
from workstation.presenters.observable import Event
from workstation.workflow import intake, queue
from workstation.workflow.desk import Desk, Session
from workstation.workflow.intake import AlreadyHere, Stored, Updated

TOLD_AFTER = timedelta(seconds=2)
SHOWN_EVERY = 10  # packages between two looks of the list at what came
MOST_REASONS = 3
MANY = 10  # photos of a package, above which they are counted too


class Arrival(Protocol):
    """A package that was taken out of the inbox folder."""

    @property
    def path(self) -> Path:
        """Where it lies meanwhile."""
        ...


class Inbox(Protocol):
    """The watched folder."""

    def arrivals(self) -> Sequence[Any]:
        """Take what has settled."""
        ...

    def accept(self, arrival: Any) -> Path:
        """Move a stored package away."""
        ...

    def refuse(self, arrival: Any, error: Refused) -> Path:
        """Put a package aside with its reason."""
        ...

    def put_back(self, arrival: Any) -> None:
        """Offer a package again later."""
        ...


@dataclass(frozen=True)
class Taking:
    """How far it is. ``told`` once it takes longer than two seconds; ``refused`` are (file, reason)."""

    done: int = 0
    of: int = 0
    new: int = 0
    again: int = 0
    told: bool = False
    dropped: bool = False  # somebody put the files here and waits for an answer
    refused: tuple[tuple[str, str], ...] = ()
    noticed: tuple[tuple[str, str], ...] = ()  # taken, with something to look at
    photos: tuple[int, int] = (0, 0)  # looked at, of how many, in the package that is being read

    @property
    def busy(self) -> bool:
        """Whether packages are still to come."""
        return self.done < self.of

    @property
    def title(self) -> str:
        """``Importing 12 of 40``, or what became of them; "" when nothing is to be said."""
        if self.busy:
            if not self.told:
                return ""
            words = tr("Importing {done} of {of}", done=self.done + 1, of=self.of)
            seen, photos = self.photos
            if photos <= MANY:
                return words
            return f"{words}, {tr('photo {done} of {of}', done=min(seen + 1, photos), of=photos)}"
        if not self.of or not (self.dropped or self.refused or self.noticed):
            return ""
        parts = [
            tr(words, n=f"{number:,}")
            for number, words in (
                (self.new, noted("{n} taken")),
                (self.again, noted("{n} here already")),
                (len(self.refused), noted("{n} refused")),
            )
            if number
        ]
        return ", ".join(parts)

    @property
    def detail(self) -> str:
        """The first refusals with their reasons, then the first notices."""
        if self.busy:
            return ""
        said = (*self.refused, *self.noticed)
        lines = [f"{name}: {why}" for name, why in said[:MOST_REASONS]]
        more = len(said) - MOST_REASONS
        return "  ".join(lines) + (tr("  And {more} more.", more=more) if more > 0 else "")


class Arrivals:
    """Takes packages in, one job each on the WORK lane. Called on the UI thread."""

    def __init__(
        self,
        desk: Desk,
        session: Callable[[], Session],
        jobs: Jobs,
        inbox: Inbox,
        arrived: Callable[[], None],
        reason: Callable[[str], str],
    ) -> None:
        self._desk, self._session, self._jobs, self._inbox = desk, session, jobs, inbox
        self._arrived, self._reason = arrived, reason
        self.in_turn: Jobs = InTurn(jobs)  # for looking; wired as one for all
        self.changed: Event[Taking] = Event()
        self.state = Taking()
        self._waiting: deque[tuple[Path, Any]] = deque()
        self._looking = False
        self._running = False
        self._begun: datetime | None = None
        self._watch = intake.Watch()

    def poll(self) -> None:
        """Show how far a large package is; asked by the page while packages come in."""
        state, watch, begun = self.state, self._watch, self._begun
        if not self._running or begun is None:
            return
        told = state.told or self._desk.clock.now() - begun >= TOLD_AFTER
        photos = (watch.photos, watch.of)
        if told != state.told or (told and photos != state.photos):
            self._set(replace(state, told=told, photos=photos))

    def look(self) -> None:
        """Take what has settled in the folder; does nothing while an earlier look is at work."""
        if self._looking or self._running:
            return
        self._looking = True

        def work() -> tuple[int, Sequence[Any]]:
            return queue.wake(self._desk), self._inbox.arrivals()

        def done(found: tuple[int, Sequence[Any]]) -> None:
            self._looking = False
            woken, arrivals = found
            if woken:
                self._arrived()
            self._put([(a.path, a) for a in arrivals], dropped=False)

        self.in_turn.submit(work, done, self._look_failed, Lane.WORK)

    def add(self, paths: Sequence[Path]) -> None:
        """Take files that were dropped here; folders give the files in them. They stay where they are."""

        def work() -> list[Path]:
            return [
                file
                for path in paths
                for file in (sorted(path.iterdir()) if path.is_dir() else [path])
                if file.is_file() and not file.is_symlink()
            ]

        self._jobs.submit(
            work,
            lambda files: self._put([(file, None) for file in files], dropped=True),
            self._raise,
            Lane.WORK,
        )

    def cancel(self) -> None:
        """Stop before the next photo; what was not stored is offered again later."""
        self._watch.stopped = True
        left, self._waiting = list(self._waiting), deque()
        arrivals = [arrival for _, arrival in left if arrival is not None]

        def work() -> None:
            for arrival in arrivals:
                self._inbox.put_back(arrival)

        if arrivals:
            self._jobs.submit(work, lambda _: None, self._raise, Lane.WORK)
        self._set(replace(self.state, of=self.state.of - len(left)))

    def dismiss(self) -> None:
        """What became of them was read."""
        if not self.state.busy:
            self._set(Taking())

    # -- inside

    def _put(self, files: list[tuple[Path, Any]], *, dropped: bool) -> None:
        if not files:
            return
        if not self._running:
            self._begun = self._desk.clock.now()
            self.state = Taking()
        self._waiting.extend(files)
        state = self.state
        self._set(replace(state, of=state.of + len(files), dropped=state.dropped or dropped))
        if not self._running:
            self._next()

    def _next(self) -> None:
        if not self._waiting:
            self._running = False
            self._set(self.state)
            return
        self._running = True
        path, arrival = self._waiting.popleft()
        self._watch = watch = intake.Watch()
        session = self._session()

        def done(outcome: tuple[str, str, tuple[str, ...]]) -> None:
            what, code, scripts = outcome
            state = self.state
            begun, now = self._begun, self._desk.clock.now()
            refused = state.refused
            if what == "refused":
                refused = (*refused, (path.name, self._why(code)))
            noticed = state.noticed
            if scripts:
                noticed = (*noticed, (path.name, f"{script_words.short(scripts)}."))
            if code == intake.STOPPED:
                refused = state.refused  # nobody refused it: it was asked to wait
            state = replace(
                state,
                photos=(0, 0),
                done=state.done + 1,
                new=state.new + (what == "new"),
                again=state.again + (what == "again"),
                refused=refused,
                noticed=noticed,
                told=state.told or (begun is not None and now - begun >= TOLD_AFTER),
            )
            self._set(state)
            if (
                what == "new"
                and (state.new % SHOWN_EVERY == 0 or not self._waiting)
                or not self._waiting
                and state.new
            ):
                self._arrived()
            self._next()

        self._jobs.submit(
            lambda: self._take(session, path, arrival, watch), done, self._failed, Lane.WORK
        )

    def _take(
        self, session: Session, path: Path, arrival: Any, watch: intake.Watch
    ) -> tuple[str, str, tuple[str, ...]]:
        """(new | again | refused, code of a refusal, scripts that a name mixes), off the window."""
        try:
            answer = (
                intake.bring(self._desk, session, path, watch)
                if arrival is None
                else intake.take(self._desk, path, watch)
            )
        except NotAllowed as refusal:
            return "refused", refusal.code, ()
        except Refused as refusal:
            if arrival is not None and refusal.code in (intake.NO_ROOM, intake.STOPPED):
                self._inbox.put_back(arrival)
            elif arrival is not None:
                self._inbox.refuse(arrival, refusal)
            return "refused", refusal.code, ()
        if arrival is not None:
            self._inbox.accept(arrival)
        what = "again" if isinstance(answer, AlreadyHere) else "new"
        scripts = answer.scripts if isinstance(answer, Stored | Updated) else ()
        return what, "", scripts

    def _why(self, code: str) -> str:
        return wording.message(code).line if code.startswith("session.") else self._reason(code)

    def _failed(self, error: Exception) -> None:
        self._running = False
        self._waiting.clear()
        self._set(Taking())
        raise error

    def _look_failed(self, error: Exception) -> None:
        self._looking = False
        raise error

    @staticmethod
    def _raise(error: Exception) -> None:
        raise error

    def _set(self, state: Taking) -> None:
        self.state = state
        self.changed.emit(state)
