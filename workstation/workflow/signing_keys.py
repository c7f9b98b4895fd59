"""Signing certificates of the clinic: whose they are, and taking one out of use.

What was signed before a certificate was revoked stays valid; from then on nothing it signs counts,
here and in every file that is checked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from workstation.domain.accounts import Permission, User, may
from workstation.domain.errors import Conflict, NotAllowed, Refused
from workstation.domain.ids import UserId
from workstation.domain.trust import REVOCATION_REASONS, Revocation
from workstation.workflow.desk import Desk, Session, require, require_active
from workstation.workflow.ports import ReadUnit

_SERIAL = re.compile(r"[0-9a-f]{1,40}")


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A certificate in use or revoked; ``owner`` is None when no account has it any more.

    ``expires`` is known for the signed-in user's own key alone: the others are closed.
    """

    serial: str
    owner: User | None
    expires: datetime | None
    revocation: Revocation | None


def listed(desk: Desk, session: Session) -> tuple[KeyRow, ...]:
    """Certificates of all accounts, then the revoked ones that nobody has any more.

    Raises:
        NotAllowed: ``session.permission`` unless an administrator or a dermatologist asks.
    """
    _may(session)
    with desk.store.reading() as unit:
        users = unit.users()
        revoked = {one.serial: one for one in unit.revocations()}
    own = session.key
    rows = [
        KeyRow(
            user.certificate,
            user,
            own.expires if own is not None and own.serial == user.certificate else None,
            revoked.pop(user.certificate, None),
        )
        for user in users
        if user.certificate
    ]
    return (*rows, *(KeyRow(serial, None, None, one) for serial, one in revoked.items()))


def revoke(
    desk: Desk, session: Session, serial: str, reason: str, since: datetime | None = None
) -> Revocation:
    """Take a certificate out of use from ``since`` (now when None); audited, and for good.

    An earlier ``since`` is for a key that was stolen: what it signed from then on is untrusted.
    A dermatologist may revoke the own certificate, an administrator any.

    Raises:
        NotAllowed: ``session.permission``, ``session.user.inactive``.
        Refused: ``trust.reason``, ``trust.serial``, ``trust.since`` (in the future).
        Conflict: ``trust.revoked.already``, ``trust.serial.unknown`` (never issued here).
    """
    _may(session)
    serial = serial.strip().lower().lstrip("0")
    if serial != session.user.certificate:
        require(session, Permission.ADMINISTER)
    now = desk.clock.now()
    if reason not in REVOCATION_REASONS:
        raise Refused("trust.reason")
    if not _SERIAL.fullmatch(serial):
        raise Refused("trust.serial")
    if since is not None and since > now:
        raise Refused("trust.since")
    made = Revocation(serial, since or now, reason, UserId(session.user.id), now)
    with desk.store.writing(session.user.id, desk.station) as unit:
        owned = any(user.certificate == serial for user in unit.users())
        if not owned and not unit.was_signed_with(serial):
            raise Conflict("trust.serial.unknown")
        unit.add_revocation(made)
        unit.audit(
            "trust.key_revoked",
            serial,
            {"reason": reason, "since": made.since.isoformat(timespec="seconds")},
        )
    return made


def revoked_since(unit: ReadUnit, serial: str | None) -> datetime | None:
    """From when a certificate no longer counts; None while it does."""
    return next((one.since for one in unit.revocations() if one.serial == serial), None)


def _may(session: Session) -> None:
    require_active(session)
    if not (may(session.user, Permission.SIGN) or may(session.user, Permission.ADMINISTER)):
        raise NotAllowed("session.permission", permission=Permission.ADMINISTER.value)
