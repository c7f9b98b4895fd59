"""Favourite prescriptions: a user's own and the clinic's, kept in the store as settings."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from decimal import Decimal, InvalidOperation

from workstation.content.catalogue import Catalogue
from workstation.domain.accounts import Permission
from workstation.domain.directions import faults
from workstation.domain.draft import Directed
from workstation.domain.kept import KeptRegimen, is_kept
from workstation.workflow import settings
from workstation.workflow.desk import Desk, Session, require

OWN, SHARED = "prescribing.favourites", "prescribing.clinic_favourites"
_WHOLE = ("days", "refills")
_FIELDS = tuple(field.name for field in fields(Directed))


Kept = Directed | KeptRegimen


@dataclass(frozen=True, slots=True)
class Favourite:
    """One kept prescription; ``shared`` ones are the clinic's."""

    item: Kept
    shared: bool


def favourites(desk: Desk, session: Session) -> tuple[Favourite, ...]:
    """The user's own, then the clinic's; what the formulary no longer allows is left out.

    Raises:
        NotAllowed: ``session.permission``.
    """
    require(session, Permission.TREAT)
    kept = settings.read(desk, session)
    return (
        *(Favourite(item, False) for item in _read(kept[OWN], desk.catalogue)),
        *(Favourite(item, True) for item in _read(kept[SHARED], desk.catalogue)),
    )


def keep(desk: Desk, session: Session, item: Kept, *, shared: bool) -> None:
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
    change: Callable[[tuple[Kept, ...]], tuple[Kept, ...]],
) -> None:
    require(session, Permission.TREAT)
    name = SHARED if shared else OWN
    held = _read(settings.read(desk, session)[name], desk.catalogue)
    settings.change(desk, session, name, _write(change(held)))


def _write(items: tuple[Kept, ...]) -> str:
    rows = [
        {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in asdict(item).items()
        }
        for item in items
    ]
    return json.dumps(rows, separators=(",", ":"), sort_keys=True)


def _read(text: str, catalogue: Catalogue) -> tuple[Kept, ...]:
    try:
        rows = json.loads(text)
    except ValueError:
        return ()  # a shortcut that cannot be read is none; nothing clinical rests on it
    found: list[Kept] = []
    for row in rows if isinstance(rows, list) else ():
        item, regimen = _item(row), is_kept(row, catalogue.medicines)
        if item is not None and not faults(item, catalogue.directed):
            found.append(item)
        elif regimen is not None:
            found.append(regimen)
    return tuple(found)


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
