"""The port ``Store`` over one database: read units are snapshots, write units are transactions."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine

from workstation import log
from workstation.adapters.store import audit, seals, signing, snapshot
from workstation.adapters.store.engine import transaction
from workstation.adapters.store.heads import HeadFile
from workstation.adapters.store.read_unit import SqlReadUnit
from workstation.adapters.store.standing import Standings
from workstation.adapters.store.write_unit import SqlWriteUnit
from workstation.domain.dates import Clock, ClockJump
from workstation.domain.errors import NotAllowed, WorkstationError


class SqlStore:
    """The port ``Store``; ``heads`` is None where a server keeps the second audit record.

    ``moved`` is the file that is there once the records were carried to a server: nothing is
    written here any more, by a window that stayed open meanwhile either.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        *,
        demonstration: bool,
        heads: HeadFile | None,
        watch: audit.Watch | None = None,
        moved: Path | None = None,
    ) -> None:
        self._opened: Engine | None = engine
        self._clock = clock
        self._watch = watch
        self._moved = moved
        self._jump: ClockJump | None = None
        self._demonstration = demonstration
        self._heads = heads
        self._head_unwritten = False
        self._standings = Standings()

    @property
    def is_demonstration(self) -> bool:
        """Whether this store was made for demonstration data only."""
        return self._demonstration

    @property
    def is_shared(self) -> bool:
        """Whether its records lie on a clinic's server."""
        return self._engine.dialect.name == "postgresql"

    @property
    def _engine(self) -> Engine:
        if self._opened is None:
            raise NotAllowed("session.closed")
        return self._opened

    @contextlib.contextmanager
    def reading(self) -> Iterator[SqlReadUnit]:
        """A read unit: one snapshot."""
        with transaction(self._engine, write=False) as connection:
            yield SqlReadUnit(connection)

    @contextlib.contextmanager
    def writing(self, actor: str, station: str) -> Iterator[SqlWriteUnit]:
        """A write unit by ``actor`` (a user id, or ``system``).

        Raises:
            NotAllowed: ``session.user.inactive``, ``session.user.changed`` (``Standings``).
            WorkstationError: ``store.moved``.
        """
        with transaction(self._engine, write=True) as connection:
            # Asked as the one writer: a move renames the file as the one writer too.
            if self._moved is not None and self._moved.exists():
                raise WorkstationError("store.moved")
            standing = self._standings.now(connection, actor)
            unit = SqlWriteUnit(connection, self._clock, actor, station, self._watch)
            yield unit
            if not unit.arrived:
                self._standings.check(actor, standing)
        if unit.arrived:
            self._standings.arrived(actor, standing)
        if unit.jumped is not None:
            self._jump = unit.jumped
            if self._watch is not None:
                self._watch.settle()
        if unit.newest is not None and self._heads is not None:
            try:
                self._heads.note(unit.newest, sync=unit.signed)
            except WorkstationError:
                # The commit stands, so this must not look like a failure of it.
                self._head_unwritten = True

    def look_at_clock(self) -> ClockJump | None:
        """The newest jump of the computer's clock while this store is open, None when there is none.

        One that nothing has told of yet goes on the trail now.
        """
        with transaction(self._engine, write=False) as connection:
            backwards = audit.clock_jump(audit.head(connection), self._clock.now())
        if backwards is not None or (self._watch is not None and self._watch.jump() is not None):
            with self.writing("system", "") as unit:
                unit.tell_clock()
        return self._jump

    def audit_faults(self) -> tuple[str, ...]:
        """What is wrong with the audit trail and the rows, as codes; empty when nothing is.

        ``audit.broken:n``: entry n does not follow. ``audit.rolled_back``: the second record
        knows an entry that the database does not have. ``audit.head.missing``: there are entries
        and no second record. ``audit.head.unwritten``: it could not be kept up. Then every row that
        is not as the program left it (``seals.faults``).
        """
        key = self._engine.get_execution_options().get(seals.KEY)
        with transaction(self._engine, write=False) as connection:
            broken = audit.broken_at(connection)
            rows = seals.faults(connection, key) if isinstance(key, bytes) else ()
        first = () if broken is None else (f"audit.broken:{broken}",)
        return (*first, *self.rollback_faults(), *rows)

    def rollback_faults(self) -> tuple[str, ...]:
        """The part of ``audit_faults`` that is quick enough for every opening."""
        if self._heads is None:
            return ()
        if self._head_unwritten:
            return ("audit.head.unwritten",)
        kept = self._heads.newest()  # read first: a commit in between only adds entries
        with transaction(self._engine, write=False) as connection:
            if kept is None:
                return ("audit.head.missing",) if audit.head(connection) is not None else ()
            same = audit.digest_at(connection, kept[0]) == kept[1]
        return () if same else ("audit.rolled_back",)

    def snapshot(self, path: Path, key: bytes) -> None:
        """Write the database as it stands to ``path``, encrypted under ``key`` (``snapshot.take``)."""
        snapshot.take(self._engine, path, key)

    def skip_numbers(self, least: int) -> dict[str, int]:
        """After a restore: go on with every document series past the next full ``least``.

        Numbers may have been given after the backup was made; none is given twice. Returns the
        last number of each series (``RX-2026``) that is passed over.
        """
        with transaction(self._engine, write=True) as connection:
            return signing.skip_numbers(connection, least)

    def close(self) -> None:
        """Make the second audit record durable, fold the write-ahead log in, disconnect.

        Units asked for afterwards raise NotAllowed ``session.closed``; closing again is harmless.
        """
        if self._opened is None:
            return
        engine, self._opened = self._opened, None  # the engine holds the database key
        try:
            with transaction(engine, write=False) as connection:
                newest = audit.head(connection)
            if newest is not None and self._heads is not None:
                try:
                    self._heads.note(newest, sync=True)
                except WorkstationError as error:  # it only watches; it must not block
                    log.note("store.heads.unwritten", level=logging.WARNING, error=error)
        finally:
            engine.dispose()
