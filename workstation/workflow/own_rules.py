"""A clinic's own rules, taken in from a folder: kept in its store, laid over the shipped ones.

The texts of the files are kept, not the place of the folder: every desk works by the same ones, they
are sealed with the other settings and stand whole on the audit trail, and nobody changes them by
writing to a disk. They add and tighten, never loosen (``content.overlay``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from workstation.content import overlay
from workstation.content.catalogue import Catalogue
from workstation.domain.accounts import Permission
from workstation.domain.errors import ContentError, Corrupt, Refused
from workstation.domain.rules import Rule
from workstation.workflow import settings
from workstation.workflow.desk import Desk, Session, require, require_active
from workstation.workflow.ports import ReadUnit

NAME = "rules.own"
NONE = ""


@dataclass(frozen=True, slots=True)
class OwnRules:
    """The clinic's files by name, who took them in, and on which day."""

    files: Mapping[str, str] = field(default_factory=dict)
    by: str = ""
    on: str = ""


def taken(desk: Desk, session: Session) -> OwnRules | None:
    """The clinic's own rules as they were taken in; None when there are none.

    Raises:
        NotAllowed: ``session.user.inactive``.
        Corrupt: ``rules.own.unreadable``.
    """
    require_active(session)
    with desk.store.reading() as unit:
        return _read(kept_in(unit))


def kept_in(unit: ReadUnit) -> str:
    """What the store keeps of them; "" for none."""
    return unit.settings(settings.CLINIC).get(NAME, NONE)


def files(desk: Desk) -> tuple[str, ...]:
    """Names of the files by which this desk works at this moment."""
    own = None if desk.catalogue.own_misfit else _read(desk.own)
    return () if own is None else tuple(sorted(own.files))


def take_in(desk: Desk, session: Session, folder: Path) -> OwnRules:
    """Put the rules of a folder in force for the whole clinic, in place of those taken in before.

    They are checked whole first, with their worked examples, and nothing changes when any is wrong.

    Raises:
        NotAllowed: ``session.permission``.
        Refused: ``rules.own.none`` when the folder has none; ``rules.own.fault`` with ``fault``,
            ``file``, ``line`` and ``about`` of the first fault; ``rules.own.large``.
    """
    from workstation.content.check import own_faults  # a whole check, which most desks never make

    require(session, Permission.SIGN)
    shipped = desk.shipped or desk.catalogue
    try:
        files = overlay.files_of(folder)
    except ContentError as error:
        raise Refused("rules.own.fault", fault=error.code, about="", **_place(error)) from error
    if not files:
        raise Refused("rules.own.none")
    fault = next(iter(own_faults(shipped, files)), None)
    if fault is not None:
        raise Refused(
            "rules.own.fault", fault=fault.code, file=fault.file, line=fault.line, about=fault.about
        )
    if overlay.over(shipped, files) is shipped:
        raise Refused("rules.own.none")
    user = session.user
    name = f"{user.name}, {user.credentials}" if user.credentials else user.name
    own = OwnRules(files, name, desk.clock.today().isoformat())
    written = json.dumps(asdict(own), sort_keys=True, ensure_ascii=False)
    if not settings.BY_NAME[NAME].accepts(written):
        raise Refused("rules.own.large")
    settings.change(desk, session, NAME, written)
    return own


def take_out(desk: Desk, session: Session) -> None:
    """Go back to the shipped rules; levels that were raised in Settings stay raised.

    Raises:
        NotAllowed: ``session.permission``.
    """
    require(session, Permission.SIGN)
    settings.change(desk, session, NAME, None)


def over(content: Catalogue, kept: str) -> Catalogue:
    """``content`` with the clinic's own rules, as its store keeps them.

    Raises:
        Corrupt: ``rules.own.unreadable``.
        ContentError: they no longer fit ``content``: a newer program's facts or codes are others.
    """
    own = _read(kept)
    return content if own is None else overlay.over(content, own.files)


def fitted(content: Catalogue, kept: str) -> Catalogue:
    """As ``over``; where they do not fit, ``content`` without them, by which no medicine is signed.

    As after a newer program: the shipped rules alone would be less strict than the clinic decided.

    Raises:
        Corrupt: ``rules.own.unreadable``.
    """
    try:
        return over(content, kept)
    except ContentError:
        return replace(content, own_misfit=True)


def is_own(rule: Rule) -> bool:
    """Whether the clinic's files decided about a rule."""
    return any(clause.decided_in.startswith(f"{overlay.CLINIC}/") for clause in rule.clauses)


def _read(kept: str) -> OwnRules | None:
    if kept == NONE:
        return None
    try:
        own = OwnRules(**json.loads(kept))
        if not all(isinstance(one, str) for pair in own.files.items() for one in pair):
            raise TypeError
    except (ValueError, TypeError, AttributeError) as error:
        raise Corrupt("rules.own.unreadable") from error
    return own


def _place(error: ContentError) -> dict[str, str | int]:
    return {"file": str(error.context.get("file", "")), "line": int(error.context.get("line", 1))}
