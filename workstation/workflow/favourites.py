"""Favourite prescriptions: a user's own and the clinic's, kept in the store as settings."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal, InvalidOperation

from workstation.domain.accounts import Permission
from workstation.domain.directions import DirectedMedicine, faults
from workstation.domain.draft import Directed
from workstation.workflow import settings
from workstation.workflow.desk import Desk, Session, require

OWN, SHARED = "prescribing.favourites", "prescribing.clinic_favourites"
_WHOLE = ("days", "refills")
_FIELDS = tuple(field.name for field in fields(Directed))


@dataclass(frozen=True, slots=True)
class Favourite:
    """One kept prescription; ``shared`` ones are the clinic's."""

    item: Directed
    shared: bool


def favourites(desk: Desk, session: Session) -> tuple[Favourite, ...]:
    """The user's own, then the clinic's; what the formulary no longer allows is left out.

    Raises:
        NotAllowed: ``session.permission``.
    """
    require(session, Permission.TREAT)
    kept = settings.read(desk, session)
    listed = desk.catalogue.directed
    return (
        *(Favourite(item, False) for item in _read(kept[OWN], listed)),
        *(Favourite(item, True) for item in _read(kept[SHARED], listed)),
    )


def keep(desk: Desk, session: Session, item: Directed, *, shared: bool) -> None:
    """Keep a prescription; one that is kept already stays once.

    Raises:
        NotAllowed: ``session.permission``, also for the clinic's without the right.
    """
    _change(desk, session, shared, lambda held: (*(i for i in held if i != item), item))


def forget(desk: Desk, session: Session, favourite: Favourite) -> None:
    """Take a kept prescription away.

    Raises:
        NotAllowed: ``session.permission``, also for the clinic's without the right.
    """
    _change(
        desk, session, favourite.shared, lambda held: tuple(i for i in held if i != favourite.item)
    )


def _change(
    desk: Desk,
    session: Session,
    shared: bool,
    change: Callable[[tuple[Directed, ...]], tuple[Directed, ...]],
) -> None:
    require(session, Permission.TREAT)
    name = SHARED if shared else OWN
    held = _read(settings.read(desk, session)[name], desk.catalogue.directed)
    settings.change(desk, session, name, _write(change(held)))


def _write(items: tuple[Directed, ...]) -> str:
    rows = [
        {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in asdict(item).items()
        }
        for item in items
    ]
    return json.dumps(rows, separators=(",", ":"), sort_keys=True)


def _read(text: str, listed: Mapping[str, DirectedMedicine]) -> tuple[Directed, ...]:
    try:
        rows = json.loads(text)
    except ValueError:
        return ()
    items = (_item(row) for row in rows) if isinstance(rows, list) else ()
    return tuple(item for item in items if item is not None and not faults(item, listed))


def _item(row: object) -> Directed | None:
    if not isinstance(row, dict) or set(row) != set(_FIELDS):
        return None
    try:
        values = {**row, "quantity": Decimal(str(row["quantity"]))}
        item = Directed(**values)
    except (InvalidOperation, TypeError):
        return None
    words = all(isinstance(row[name], str) for name in _FIELDS[:7])
    whole = all(type(row[name]) is int for name in _WHOLE)
    return item if words and whole and isinstance(row["substitution_permitted"], bool) else None
