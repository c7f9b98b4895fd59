"""Signing certificates of the clinic: whose they are, taking one's own in, and one out of use.

What was signed before a certificate was revoked stays valid; from then on nothing it signs counts,
here and in every file that is checked. A certificate of another authority is trusted as itself,
with its chain; nobody else of that authority is.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime

from workstation.domain.accounts import Permission, User, may
from workstation.domain.errors import Conflict, NotAllowed, Refused
from workstation.domain.ids import UserId
from workstation.domain.trust import REVOCATION_REASONS, SIGNING, Anchor, Revocation
from workstation.workflow.desk import Desk, Session, require, require_active
from workstation.workflow.ports import AdoptedKey, ReadUnit, SigningKey, TokenPlace, WriteUnit

KEY = "signing.key"  # what is noted of an account's certificate
_TAKEN, _REPLACED = "trust.key_taken", "trust.key_replaced"
_SERIAL = re.compile(r"[0-9a-f]{1,40}")


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A certificate in use or revoked; ``owner`` is None when no account has it any more.

    ``expires`` is None for a key that nobody signed in with yet: it is closed. ``issuer`` is ""
    for one of the clinic's own authority.
    """

    serial: str
    owner: User | None
    expires: datetime | None
    revocation: Revocation | None
    issuer: str = ""
    where: str = ""  # label of its token
    mine: bool = False


def listed(desk: Desk, session: Session) -> tuple[KeyRow, ...]:
    """Certificates of all accounts, then the revoked ones that nobody has any more.

    Raises:
        NotAllowed: ``session.permission`` unless an administrator or a dermatologist asks.
    """
    _may(session)
    with desk.store.reading() as unit:
        users = [user for user in unit.users() if user.certificate]
        revoked = {one.serial: one for one in unit.revocations()}
        known = {user.id: _noted(unit, user) for user in users}
    rows = [
        KeyRow(
            user.certificate or "",
            user,
            known[user.id].ends,
            revoked.pop(user.certificate or "", None),
            known[user.id].issuer,
            known[user.id].where,
            user.id == session.user.id,
        )
        for user in users
    ]
    return (*rows, *(KeyRow(serial, None, None, one) for serial, one in revoked.items()))


@dataclass(frozen=True, slots=True)
class _Noted:
    ends: datetime | None = None
    issuer: str = ""
    where: str = ""


def note(unit: WriteUnit, user: User, key: SigningKey | AdoptedKey) -> None:
    """Keep until when a certificate is valid, so that the clinic sees it before it ends."""
    issuer, where = "", ""
    if isinstance(key, AdoptedKey):
        issuer, where = key.issuer if key.chain else "", key.where
    elif _noted_serial(unit, user) == key.serial:
        return  # it was noted, with what the key itself does not tell
    plain = {
        "serial": key.serial,
        "ends": key.expires.isoformat(),
        "issuer": issuer,
        "where": where,
    }
    unit.set_setting(user.id, KEY, json.dumps(plain))


def _noted_serial(unit: ReadUnit, user: User) -> str:
    return str(json.loads(unit.settings(user.id).get(KEY, "{}")).get("serial", ""))


def _noted(unit: ReadUnit, user: User) -> _Noted:
    held = json.loads(unit.settings(user.id).get(KEY, "{}"))
    if held.get("serial") != user.certificate:
        return _Noted()  # a certificate that nobody signed in with yet
    return _Noted(datetime.fromisoformat(held["ends"]), held["issuer"], held["where"])


# -- one's own


def import_file(
    desk: Desk, session: Session, password: str, content: bytes, file_password: str
) -> Session:
    """Sign from now on with one's own key out of a PKCS#12 file; audited.

    ``password`` is the account's, ``file_password`` the file's. The session that comes back holds
    the new key.

    Raises:
        NotAllowed: ``session.permission``, ``session.password.*``.
        Refused: ``key.import.*`` with why the key cannot sign here.
    """
    require(session, Permission.SIGN)
    owner, revoked = _account(desk, session)
    adopted = desk.keys.adopt_file(owner, password, content, file_password, revoked)
    return _taken(desk, session, password, adopted, "file")


def use_token(desk: Desk, session: Session, password: str, place: TokenPlace, pin: str) -> Session:
    """Sign from now on with the key on a token, whose PIN becomes the signing PIN; audited.

    A key without a certificate on the token gets one of the clinic's authority.

    Raises:
        NotAllowed: ``session.permission``, ``session.password.*``.
        Refused: ``key.import.*``, ``token.key.*``, ``session.pin.*``.
        WorkstationError: ``token.*``.
    """
    require(session, Permission.SIGN)
    owner, revoked = _account(desk, session)
    adopted = desk.keys.adopt_token(owner, password, place, pin, revoked)
    return _taken(desk, session, password, adopted, "token", pin)


def renew(desk: Desk, session: Session, password: str) -> Session:
    """Sign from now on with a new key of the clinic's own authority; audited.

    Raises:
        NotAllowed: ``session.permission``, ``session.password.*``.
    """
    require(session, Permission.SIGN)
    owner, _ = _account(desk, session)
    return _taken(desk, session, password, desk.keys.renew(owner, password), "clinic")


def _account(desk: Desk, session: Session) -> tuple[User, frozenset[str]]:
    with desk.store.reading() as unit:
        owner = unit.user(session.user.id)
        revoked = frozenset(one.serial for one in unit.revocations())
    if owner is None or not owner.active:
        raise NotAllowed("session.user.inactive")
    return owner, revoked


def _taken(
    desk: Desk,
    session: Session,
    password: str,
    adopted: AdoptedKey,
    origin: str,
    pin: str | None = None,
) -> Session:
    """Put the new certificate on record: who is trusted, and that the account signs with it."""
    verifier = desk.keys.pin_verifier(pin) if pin is not None else None
    with desk.store.writing(session.user.id, desk.station) as unit:
        user = unit.user(session.user.id)
        if user is None:
            raise NotAllowed("session.user.inactive")
        if adopted.chain and adopted.fingerprint not in {
            one.fingerprint for one in unit.anchors() if one.purpose == SIGNING
        }:
            unit.add_anchor(
                Anchor(
                    adopted.fingerprint,
                    SIGNING,
                    adopted.name,
                    adopted.expires,
                    adopted.chain,
                    user.id,
                    desk.clock.now(),
                )
            )
        now = replace(user, certificate=adopted.serial)
        unit.set_user(now)
        note(unit, now, adopted)
        if verifier is not None:
            unit.set_pin(user.id, verifier)
        if user.certificate and user.certificate != adopted.serial:
            # The clinic's own trail knows every key that was ever in use: each can be revoked.
            unit.audit(_REPLACED, user.certificate, {"by": adopted.serial})
        unit.audit(
            _TAKEN,
            adopted.serial,
            {
                "from": origin,
                "name": adopted.name,
                "issuer": adopted.issuer,
                "ends": adopted.expires.date().isoformat(),
                "before": user.certificate or "",
            },
        )
    key = desk.keys.unlock(user.login, password).key
    return replace(session, user=now, key=key)


# -- out of use


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
        known = (
            any(user.certificate == serial for user in unit.users())
            or unit.was_signed_with(serial)
            or unit.audit_of(serial, (_TAKEN, _REPLACED))
        )
        if not known:
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
