"""Accounts of the clinic: who there is, what each may do, passwords, PINs and the recovery key."""

from __future__ import annotations

from dataclasses import replace

from workstation.domain.accounts import Permission, User, may
from workstation.domain.errors import Conflict, NotAllowed, Refused
from workstation.domain.ids import UserId
from workstation.workflow.desk import Desk, Session, require, require_active
from workstation.workflow.ports import ReadUnit

GIVEN = "account.given_password"
"""Setting of a user whose password somebody else chose: on until they choose their own."""


def listed(desk: Desk, session: Session) -> tuple[User, ...]:
    """All accounts, by login; those switched off too."""
    require(session, Permission.ADMINISTER)
    with desk.store.reading() as unit:
        return unit.users()


def add(desk: Desk, session: Session, user: User, password: str, pin: str | None) -> User:
    """Make an account; who may sign needs a PIN and gets a certificate.

    Raises:
        NotAllowed: ``session.permission``. Conflict: ``session.login.taken``.
        Refused: ``session.password.*``, ``session.pin.*``, ``session.pin.needed``,
            ``session.login.form``.
    """
    require(session, Permission.ADMINISTER)
    pin = _pin_of(user, pin)
    with desk.store.reading() as unit:
        if unit.user_by_login(user.login) is not None:
            raise Conflict("session.login.taken")
    # Keys first: a login without an account opens nothing and is replaced at the next attempt.
    serial = desk.keys.add_user(user, password, pin)
    made = replace(user, certificate=serial, active=True)
    verifier = desk.keys.pin_verifier(pin) if pin is not None else None
    with desk.store.writing(session.user.id, desk.station) as unit:
        unit.add_user(made)
        unit.set_setting(made.id, GIVEN, "on")
        if verifier is not None:
            unit.set_pin(made.id, verifier)
        unit.audit("account.added", made.id, _told(made))
    return made


def change(desk: Desk, session: Session, user: User) -> None:
    """Change an account's name, role, licences or whether it is switched on.

    Its certificate stays. Who is switched off loses what opens the store; switching on again
    needs ``reset_password``.

    Raises:
        NotAllowed: ``session.permission``, ``account.last_administrator``.
        Conflict: ``session.user.unknown``.
    """
    require(session, Permission.ADMINISTER)
    with desk.store.writing(session.user.id, desk.station) as unit:
        before = _known(unit, user.id)
        after = replace(user, login=before.login, certificate=before.certificate)
        others = [other for other in unit.users() if other.id != user.id]
        if not any(may(one, Permission.ADMINISTER) for one in (*others, after)):
            raise NotAllowed("account.last_administrator")
        unit.set_user(after)
        unit.audit("account.changed", user.id, {"before": _told(before), "after": _told(after)})
    if before.active and not after.active:
        desk.keys.forget_user(before.login)


def reset_password(
    desk: Desk, session: Session, user: UserId, new_password: str, pin: str | None
) -> User:
    """Give an account a new password (and, who may sign, a new PIN and certificate).

    What was signed with the certificate before stays valid.

    Raises:
        As ``add``; Conflict: ``session.user.unknown``.
    """
    require(session, Permission.ADMINISTER)
    with desk.store.reading() as unit:
        known = replace(_known(unit, user), active=True)
    pin = _pin_of(known, pin)
    serial = desk.keys.reset_password(known, new_password, pin)
    changed = replace(known, certificate=serial)
    with desk.store.writing(session.user.id, desk.station) as unit:
        unit.set_user(changed)
        unit.set_setting(user, GIVEN, "on")
        if pin is not None:
            unit.set_pin(user, desk.keys.pin_verifier(pin))
        unit.audit("account.password_reset", user, {"certificate": serial})
    return changed


def confirm(desk: Desk, session: Session, password: str) -> None:
    """Ask the person at the desk who they are once more, before what cannot be taken back.

    Raises:
        NotAllowed: ``session.user.inactive``, ``session.password.*``.
    """
    require_active(session)
    desk.keys.unlock(session.user.login, password)


def change_own_password(desk: Desk, session: Session, password: str, new_password: str) -> None:
    """Change one's own password; the old one must be right. PIN and certificate stay.

    Raises:
        NotAllowed: ``session.user.inactive``, ``session.password.*``.
        Refused: ``session.password.*``.
    """
    require_active(session)
    desk.keys.change_password(session.user.login, password, new_password)
    with desk.store.writing(session.user.id, desk.station) as unit:
        unit.set_setting(session.user.id, GIVEN, None)
        unit.audit("account.password_changed", session.user.id, {})


def change_own_pin(desk: Desk, session: Session, password: str, pin: str) -> None:
    """Change one's own PIN; the password must be right.

    Raises:
        NotAllowed: ``session.permission``, ``session.password.*``.
        Refused: ``session.pin.*``, ``token.pin.change`` when the PIN is a token's.
    """
    require(session, Permission.SIGN)
    key = desk.keys.unlock(session.user.login, password).key
    if key is not None and key.on_token:
        raise Refused("token.pin.change")
    verifier = desk.keys.pin_verifier(pin)
    with desk.store.writing(session.user.id, desk.station) as unit:
        unit.set_pin(session.user.id, verifier)
        unit.audit("account.pin_changed", session.user.id, {})


def new_recovery_key(desk: Desk, session: Session) -> str:
    """A recovery key, to be printed once; the one before stops working.

    Raises:
        NotAllowed: ``session.permission``.
    """
    require(session, Permission.ADMINISTER)
    code = desk.keys.new_recovery_key()
    with desk.store.writing(session.user.id, desk.station) as unit:
        unit.audit("account.recovery_key", session.user.id, {})
    return code


def _pin_of(user: User, pin: str | None) -> str | None:
    if not may(replace(user, active=True), Permission.SIGN):
        return None
    if pin is None:
        raise NotAllowed("session.pin.needed")
    return pin


def _known(unit: ReadUnit, id: UserId) -> User:
    found = unit.user(id)
    if found is None:
        raise Conflict("session.user.unknown", user=id)
    return found


def _told(user: User) -> dict[str, object]:
    return {
        "login": user.login,
        "name": user.name,
        "role": user.role.value,
        "administers": user.administers,
        "active": user.active,
        "licences": [f"{one.state} {one.number}" for one in user.licences],
        "certificate": user.certificate,
    }
