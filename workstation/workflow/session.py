"""Signing in, unlocking and the PIN: who is at the desk and may sign."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from workstation.domain.accounts import Permission
from workstation.domain.errors import NotAllowed, Refused
from workstation.domain.ids import UserId
from workstation.workflow.desk import Desk, Session, require, require_active
from workstation.workflow.ports import Unlocked

PIN_TRIES = 5
PIN_LENGTH = 6
PIN_PAUSE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class PinAccepted:
    """The PIN is right."""


@dataclass(frozen=True, slots=True)
class PinRefused:
    """The PIN is wrong; ``tries_left`` before signing closes."""

    tries_left: int


@dataclass(frozen=True, slots=True)
class PinClosed:
    """Too many wrong PINs: closed until a time, and the password is needed."""

    until: datetime


PinAnswer = PinAccepted | PinRefused | PinClosed


def signed_in(desk: Desk, unlocked: Unlocked) -> Session:
    """The session of the user whose password opened the store; audited.

    Raises:
        NotAllowed: ``session.user.inactive``.
    """
    with desk.store.writing(unlocked.user, desk.station) as unit:
        user = unit.user(unlocked.user)
        if user is None or not user.active:
            raise NotAllowed("session.user.inactive")
        unit.audit("session.signed_in", user.id, {})
    return Session(user, unlocked.key)


def sign_in(desk: Desk, login: str, password: str) -> Session:
    """Sign in on a store that is already open (unlock or switch user).

    A right password also forgets wrong PINs and opens signing again.

    Raises:
        NotAllowed: ``session.password.wrong``, ``session.user.inactive``.
    """
    unlocked = desk.keys.unlock(login, password)
    session = signed_in(desk, unlocked)
    with desk.store.writing(session.user.id, desk.station) as unit:
        if unit.pin_state(session.user.id)[1]:
            unit.set_pin_tries(session.user.id, 0, None)
    return session


def emergency(desk: Desk, session: Session, reason: str) -> Session:
    """Read-only access for somebody whose role does not see records; audited, to be reviewed.

    Raises:
        Refused: ``session.emergency.reason`` for a reason that is too short.
        NotAllowed: ``session.user.inactive``.
    """
    require_active(session)
    if len(reason.strip()) < desk.catalogue.rulebook.shortest_reason:
        raise Refused("session.emergency.reason")
    with desk.store.writing(session.user.id, desk.station) as unit:
        unit.audit("session.emergency", session.user.id, {"reason": reason.strip()})
    return replace(session, emergency=True)


def locked(desk: Desk, user: UserId, cause: str) -> None:
    """Record that the desk was locked; ``cause`` is ``idle``, ``key`` or ``system``."""
    with desk.store.writing(user, desk.station) as unit:
        unit.audit("session.locked", user, {"cause": cause})


def check_pin(desk: Desk, session: Session, pin: str) -> PinAnswer:
    """Check the PIN; wrong tries are counted durably before the answer is given."""
    require(session, Permission.SIGN)
    now = desk.clock.now()
    # The try is counted before the PIN is checked, so that a kill in between cannot save it, and
    # in the transaction that asks whether one is left, so that tries at once cannot share one.
    with desk.store.writing(session.user.id, desk.station) as unit:
        verifier, wrong, closed_until = unit.pin_state(session.user.id)
        if wrong >= PIN_TRIES or (closed_until is not None and now < closed_until):
            return PinClosed(closed_until or now)
        wrong += 1
        until = now + PIN_PAUSE if wrong >= PIN_TRIES else None
        unit.set_pin_tries(session.user.id, wrong, until)
    if desk.keys.pin_matches(verifier, pin):
        with desk.store.writing(session.user.id, desk.station) as unit:
            unit.set_pin_tries(session.user.id, 0, None)
        return PinAccepted()
    with desk.store.writing(session.user.id, desk.station) as unit:
        unit.audit("session.pin_refused", session.user.id, {"wrong": wrong})
    return PinClosed(until) if until is not None else PinRefused(PIN_TRIES - wrong)
