"""Second readings: a journal of its own beside the draft, which it never touches."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, insert, select

from workstation.adapters.store import rows
from workstation.adapters.store.schema import second_read_edit as e
from workstation.domain.draft import Edit
from workstation.domain.errors import Conflict
from workstation.domain.ids import ConsultationId, UserId
from workstation.domain.second_read import FINISHED, SecondRead

_AT_ONCE = 500


def second_reads(connection: Connection, id: ConsultationId) -> tuple[SecondRead, ...]:
    """All second readings of a consultation, by reader and round."""
    found: dict[tuple[str, int], list[Edit]] = {}
    wanted = select(e.c.reader, e.c.round, e.c.content).where(e.c.consultation == id)
    for reader, number, content in connection.execute(
        wanted.order_by(e.c.reader, e.c.round, e.c.seq)
    ):
        found.setdefault((reader, number), []).append(rows.edit_from_text(content))
    return tuple(
        SecondRead(id, UserId(reader), number, tuple(edits))
        for (reader, number), edits in found.items()
    )


def finished_by(
    connection: Connection, reader: UserId, ids: Sequence[ConsultationId]
) -> dict[ConsultationId, bool]:
    """Which of these consultations a reader has begun to read, and whether the newest is closed."""
    found: dict[ConsultationId, bool] = {}
    for start in range(0, len(ids), _AT_ONCE):
        here = (e.c.reader == reader) & e.c.consultation.in_(ids[start : start + _AT_ONCE])
        rounds = select(e.c.consultation, func.max(e.c.round).label("round")).where(here)
        newest = rounds.group_by(e.c.consultation).subquery()
        last = (
            select(e.c.consultation, e.c.round, func.max(e.c.seq).label("seq"))
            .join(
                newest,
                (newest.c.consultation == e.c.consultation) & (newest.c.round == e.c.round),
            )
            .where(here)
            .group_by(e.c.consultation, e.c.round)
            .subquery()
        )
        wanted = select(e.c.consultation, e.c.content).join(
            last,
            (last.c.consultation == e.c.consultation)
            & (last.c.round == e.c.round)
            & (last.c.seq == e.c.seq),
        )
        for id, content in connection.execute(wanted.where(here)):
            found[ConsultationId(id)] = rows.edit_from_text(content).label == FINISHED
    return found


def append(connection: Connection, read: SecondRead, edit: Edit) -> None:
    """Journal one more edit of ``read``, which holds the edits stored so far.

    Raises:
        Conflict: ``second_read.stale`` when the store holds more or fewer of them.
    """
    here = (
        (e.c.consultation == read.consultation)
        & (e.c.reader == read.reader)
        & (e.c.round == read.round)
    )
    stored = connection.scalar(select(func.count()).where(here)) or 0
    if stored != len(read.edits):
        raise Conflict("second_read.stale")
    connection.execute(
        insert(e).values(
            consultation=read.consultation,
            reader=read.reader,
            round=read.round,
            seq=stored + 1,
            content=rows.edit_to_text(edit),
        )
    )
