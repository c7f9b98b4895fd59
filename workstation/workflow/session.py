"""Signing in, unlocking and the PIN: who is at the desk and may sign."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from workstation.domain.accounts import Permission
from workstation.domain.audit import SIGNED_IN
from workstation.domain.errors import NotAllowed, Refused
from workstation.domain.ids import UserId
from workstation.workflow import signing_keys
from workstation.workflow.desk import Desk, Session, require, require_active
from workstation.workflow.ports import Unlocked

EMERGENCY = "session.emergency"
PIN_TRIES = 5
PIN_LENGTH = 6
# After each wrong PIN the next try is taken only so many seconds later; after the last one signing
# is closed until the password is given.
PIN_WAITS = tuple(timedelta(seconds=s) for s in (2, 5, 15, 60))


@dataclass(frozen=True, slots=True)
class PinAccepted:
    """The PIN is right."""


@dataclass(frozen=True, slots=True)
class PinRefused:
    """The PIN is wrong; ``tries_left`` before signing closes, the next one after ``wait``."""

    tries_left: int
    wait: timedelta


@dataclass(frozen=True, slots=True)
class PinTooSoon:
    """The PIN was not looked at, nor counted: the wait after a wrong one runs for ``left``."""

    tries_left: int
    left: timedelta


@dataclass(frozen=True, slots=True)
class PinClosed:
    """Too many wrong PINs: signing is closed until the password is given."""


PinAnswer = PinAccepted | PinRefused | PinTooSoon | PinClosed


def signed_in(desk: Desk, unlocked: Unlocked) -> Session:
    """The session of the user whose password opened the store; audited.

    The password also forgets wrong PINs and opens signing again; a wait that runs goes on.

    Raises:
        NotAllowed: ``session.user.inactive``.
    """
    with desk.store.writing(unlocked.user, desk.station) as unit:
        user = unit.user(unlocked.user)
        if user is None or not user.active:
            raise NotAllowed("session.user.inactive")
        if unlocked.key is not None and unlocked.key.serial == user.certificate:
            signing_keys.note(unit, user, unlocked.key)
        _, wrong, until = unit.pin_state(user.id)
        if wrong:
            unit.set_pin_tries(user.id, 0, until)
        missing: dict[str, object] = {"key": unlocked.keyless} if unlocked.keyless else {}
        unit.audit(SIGNED_IN, user.id, missing)
    return Session(user, unlocked.key, keyless=unlocked.keyless)


def sign_in(desk: Desk, login: str, password: str) -> Session:
    """Sign in on a store that is already open (unlock or switch user).

    Raises:
        NotAllowed: ``session.password.wrong``, ``session.user.inactive``.
    """
    return signed_in(desk, desk.keys.unlock(login, password))


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
        unit.audit(EMERGENCY, session.user.id, {"reason": reason.strip()})
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
        verifier, wrong, until = unit.pin_state(session.user.id)
        if wrong >= PIN_TRIES:
            return PinClosed()
        left = _left(now, until)
        if left > timedelta(0):
            return PinTooSoon(PIN_TRIES - wrong, left)
        wrong += 1
        wait = PIN_WAITS[wrong - 1] if wrong < PIN_TRIES else None
        unit.set_pin_tries(session.user.id, wrong, None if wait is None else now + wait)
    if desk.keys.pin_matches(verifier, pin):
        with desk.store.writing(session.user.id, desk.station) as unit:
            unit.set_pin_tries(session.user.id, 0, None)
        return PinAccepted()
    with desk.store.writing(session.user.id, desk.station) as unit:
        unit.audit("session.pin_refused", session.user.id, {"wrong": wrong})
    return PinClosed() if wait is None else PinRefused(PIN_TRIES - wrong, wait)


def wait_of(answer: PinAnswer) -> timedelta:
    """How long after ``answer`` no PIN is looked at."""
    match answer:
        case PinRefused(wait=wait):
            return wait
        case PinTooSoon(left=left):
            return left
    return timedelta(0)


def _left(now: datetime, until: datetime | None) -> timedelta:
    """What is left of a wait; a clock that was set back cannot lengthen it."""
    return timedelta(0) if until is None else min(until - now, PIN_WAITS[-1])
