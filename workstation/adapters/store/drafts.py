"""The draft and its journal: every edit is a row for good, and so is the item it changed.

An edit row names its ``parent``, the edit in force when it was made (0: none); the consultation
keeps a cursor, the last edit in force. Undo moves the cursor to the parent. Redo moves it to the
newest child, which is right because making an edit after an undo makes a newer child there. So
undone and dropped edits stay on record without being in the line.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select, update

from workstation.adapters.store import queue, rows
from workstation.adapters.store.columns import AnyRow
from workstation.adapters.store.schema import consultation as c
from workstation.adapters.store.schema import edit as e
from workstation.adapters.store.schema import item as i
from workstation.domain.draft import Change, Draft, Edit, History, Item, Key
from workstation.domain.errors import Conflict, Corrupt
from workstation.domain.ids import ConsultationId

_FEW_KEYS = 40
_Placed = tuple[int, Item]

# What each edit says to the database: made once, since making it costs more than running it.
_ITEM = (i.c.kind, i.c.name, i.c.position, i.c.content)
_ONE = (
    i.c.consultation == bindparam("of"),
    i.c.kind == bindparam("what"),
    i.c.name == bindparam("called"),
)
_HELD = select(*_ITEM).where(*_ONE)
_DROPPED = delete(i).where(*_ONE)
_PUT = insert(i)
_JOURNAL = insert(e)
_EDIT = select(e.c.parent, e.c.content).where(
    e.c.consultation == bindparam("of"), e.c.seq == bindparam("at")
)
_MOVED = update(c).where(c.c.id == bindparam("of"))


def history(connection: Connection, id: ConsultationId) -> History:
    """The draft with its undo history, exactly as the edits made it (empty when none).

    Raises:
        Corrupt: ``draft.journal.broken`` when journal and items do not agree.
    """
    cursor = connection.scalar(select(c.c.edit_cursor).where(c.c.id == id)) or 0
    parents: dict[int, int] = {}
    newest_child: dict[int, int] = {}
    content: dict[int, str] = {}
    for seq, parent, text in connection.execute(
        select(e.c.seq, e.c.parent, e.c.content).where(e.c.consultation == id).order_by(e.c.seq)
    ):
        parents[seq], newest_child[parent], content[seq] = parent, seq, text
    past = tuple(reversed(_walk(cursor, parents.get)))
    future = _walk(newest_child.get(cursor, 0), newest_child.get)
    if any(seq not in content for seq in past):
        raise Corrupt("draft.journal.broken", consultation=id)
    return History(
        draft=_draft(connection, id),
        past=tuple(rows.edit_from_text(content[seq]) for seq in past),
        future=tuple(rows.edit_from_text(content[seq]) for seq in future),
    )


def append_edit(
    connection: Connection, id: ConsultationId, token: int, revision: int, edit: Edit
) -> int:
    """Apply and journal one edit; the new revision.

    Raises:
        Conflict: ``consultation.claim.lost``, ``consultation.revision.stale``,
            ``consultation.closed``, ``draft.edit.stale``.
    """
    row = _writable(connection, id, token, revision)
    added = _apply(connection, id, edit, row.item_count)
    seq = row.edit_count + 1
    connection.execute(
        _JOURNAL,
        {
            "consultation": id,
            "seq": seq,
            "parent": row.edit_cursor,
            "content": rows.edit_to_text(edit),
        },
    )
    return _moved(connection, id, revision, cursor=seq, edits=seq, items=row.item_count + added)


def move_cursor(
    connection: Connection, id: ConsultationId, token: int, revision: int, step: int
) -> int:
    """Undo (-1) or redo (+1) one edit; the new revision, or the old one when there is none.

    Raises:
        Conflict: as ``append_edit``.
    """
    row = _writable(connection, id, token, revision)
    found = _step(connection, id, row.edit_cursor, step)
    if found is None:
        return revision
    edit, seq, parent = found
    applied, cursor = (edit.reversed(), parent) if step < 0 else (edit, seq)
    added = _apply(connection, id, applied, row.item_count)
    return _moved(
        connection,
        id,
        revision,
        cursor=cursor,
        edits=row.edit_count,
        items=row.item_count + added,
    )


def step_to_move(connection: Connection, id: ConsultationId, step: int) -> Edit | None:
    """The edit that one step of undo (-1) or redo (+1) is about; None when there is none.

    Raises:
        Corrupt: ``draft.journal.broken``.
    """
    cursor = connection.scalar(select(c.c.edit_cursor).where(c.c.id == id)) or 0
    found = _step(connection, id, cursor, step)
    return None if found is None else found[0]


def return_to(
    connection: Connection, id: ConsultationId, token: int, revision: int, cursor: int
) -> int:
    """Take edits back, or make them again, until ``cursor`` is the last in force; the new revision.

    Raises:
        Conflict: as ``append_edit``.
        Corrupt: ``draft.journal.broken``.
    """
    row = _writable(connection, id, token, revision)
    parents: dict[int, int] = {}
    content: dict[int, str] = {}
    for seq, parent, text in connection.execute(
        select(e.c.seq, e.c.parent, e.c.content).where(e.c.consultation == id)
    ):
        parents[seq], content[seq] = parent, text
    now, then = _walk(row.edit_cursor, parents.get), _walk(cursor, parents.get)
    if any(seq not in content for seq in (*now, *then)):
        raise Corrupt("draft.journal.broken", consultation=id)
    shared = set(now) & set(then)
    count = row.item_count
    for seq in now:
        if seq not in shared:
            count += _apply(connection, id, rows.edit_from_text(content[seq]).reversed(), count)
    for seq in reversed(then):
        if seq not in shared:
            count += _apply(connection, id, rows.edit_from_text(content[seq]), count)
    return _moved(connection, id, revision, cursor=cursor, edits=row.edit_count, items=count)


def _step(
    connection: Connection, id: ConsultationId, cursor: int, step: int
) -> tuple[Edit, int, int] | None:
    """The edit to undo or redo from ``cursor``, with its number and that of its parent."""
    if step not in (-1, 1):
        raise ValueError("one step at a time")
    wanted = cursor if step < 0 else _newest_child(connection, id, cursor)
    if not wanted:
        return None
    found = connection.execute(_EDIT, {"of": id, "at": wanted}).one_or_none()
    if found is None:
        raise Corrupt("draft.journal.broken", consultation=id)
    return rows.edit_from_text(found.content), wanted, found.parent


def _writable(connection: Connection, id: ConsultationId, token: int, revision: int) -> AnyRow:
    row = queue.held(connection, id, token)
    if not row.is_open:
        raise Conflict("consultation.closed", consultation=id)
    if row.revision != revision:
        raise Conflict("consultation.revision.stale", consultation=id, revision=row.revision)
    return row


def _moved(
    connection: Connection,
    id: ConsultationId,
    revision: int,
    *,
    cursor: int,
    edits: int,
    items: int,
) -> int:
    connection.execute(
        _MOVED,
        {
            "of": id,
            "edit_cursor": cursor,
            "edit_count": edits,
            "item_count": items,
            "revision": revision + 1,
        },
    )
    return revision + 1


def _apply(connection: Connection, id: ConsultationId, edit: Edit, count: int) -> int:
    """Write what each key holds after ``edit``; how many positions were given out.

    As in a dict, a new key goes to the end and a replaced one keeps its place.
    """
    before = _items(connection, id, {change.key for change in edit.changes})
    after = dict(before)
    added = 0
    for change in edit.changes:
        held = after.get(change.key)
        if (None if held is None else held[1]) != change.before:
            raise Conflict("draft.edit.stale", label=edit.label)
        if change.after is None:
            after.pop(change.key, None)
        elif held is None:
            added += 1
            after[change.key] = (count + added, change.after)
        else:
            after[change.key] = (held[0], change.after)
    _write(connection, id, before, after, edit.changes)
    return added


def _write(
    connection: Connection,
    id: ConsultationId,
    before: dict[Key, _Placed],
    after: dict[Key, _Placed],
    changes: tuple[Change, ...],
) -> None:
    touched = dict.fromkeys(change.key for change in changes)
    gone = [key for key in touched if key in before and before[key] != after.get(key)]
    new = [key for key in touched if key in after and before.get(key) != after[key]]
    if len(gone) == 1:
        connection.execute(_DROPPED, {"of": id, "what": gone[0].kind, "called": gone[0].name})
        gone = []
    for start in range(0, len(gone), _FEW_KEYS):
        connection.execute(
            delete(i).where(i.c.consultation == id, _one_of(gone[start : start + _FEW_KEYS]))
        )
    if new:
        connection.execute(
            _PUT,
            [
                {
                    "consultation": id,
                    "kind": key.kind,
                    "name": key.name,
                    "position": after[key][0],
                    "content": rows.item_to_text(after[key][1]),
                }
                for key in new
            ],
        )


def _items(connection: Connection, id: ConsultationId, keys: set[Key]) -> dict[Key, _Placed]:
    if len(keys) == 1:
        (only,) = keys
        found = connection.execute(_HELD, {"of": id, "what": only.kind, "called": only.name})
    else:
        wanted = select(*_ITEM).where(i.c.consultation == id)
        if len(keys) <= _FEW_KEYS:
            wanted = wanted.where(_one_of(sorted(keys)))
        found = connection.execute(wanted)
    return {
        key: (position, rows.item_from_text(content))
        for kind, name, position, content in found
        if (key := Key(kind, name)) in keys
    }


def _one_of(keys: list[Key]) -> Any:
    return or_(
        i.c.kind.is_(None), *(and_(i.c.kind == key.kind, i.c.name == key.name) for key in keys)
    )


def _draft(connection: Connection, id: ConsultationId) -> Draft:
    found = connection.execute(
        select(i.c.kind, i.c.name, i.c.content).where(i.c.consultation == id).order_by(i.c.position)
    )
    items = {Key(kind, name): rows.item_from_text(content) for kind, name, content in found}
    return Draft(id, MappingProxyType(items))


def _newest_child(connection: Connection, id: ConsultationId, parent: int) -> int:
    newest = select(func.max(e.c.seq)).where(e.c.consultation == id, e.c.parent == parent)
    return connection.scalar(newest) or 0


def _walk(start: int, follow: Callable[[int, int], int | None]) -> list[int]:
    line: list[int] = []
    at = start
    while at:
        line.append(at)
        at = follow(at, 0) or 0
    return line
