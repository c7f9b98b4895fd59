"""Queue pages, counts and claims: column selects on one narrow table, nothing is evaluated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    true,
    update,
)

from workstation.adapters.store import pace, rows
from workstation.adapters.store.accounts import clinic_zone
from workstation.adapters.store.columns import AnyRow, Moment
from workstation.adapters.store.names import folded
from workstation.adapters.store.schema import account
from workstation.adapters.store.schema import consultation as c
from workstation.domain.consultation import Claim, QueueRow, RequestKind, Status
from workstation.domain.errors import Conflict
from workstation.domain.ids import ConsultationId, PatientId, UserId
from workstation.workflow.ports import QueueFilter

CLOSED = frozenset({Status.CLOSED, Status.WITHDRAWN})
_OPEN = c.c.is_open == true()
_ORDER = (c.c.level.desc(), c.c.deadline, c.c.submitted_at, c.c.id)
_NAMES_AT_ONCE = 500
_SHOWN = (
    c.c.id,
    c.c.patient,
    c.c.level,
    c.c.flag_codes,
    c.c.stands_out,
    c.c.stands_out_level,
    c.c.submitted_at,
    c.c.deadline,
    c.c.status,
    c.c.returns_on,
    c.c.request,
    c.c.visit,
    c.c.family,
    c.c.given,
    c.c.born,
    c.c.sex,
    c.c.external_id,
    c.c.photo_count,
    c.c.views_missing,
    c.c.severity,
    c.c.severity_source,
    c.c.claim_user,
    account.c.initials,
    c.c.claim_until,
    c.c.clock_from,
    c.c.raised_at,
    c.c.sounds_like,
)
_SOUNDS_LIKE = -1  # position in _SHOWN


def page(
    connection: Connection, wanted: QueueFilter, user: UserId, now: datetime
) -> tuple[QueueRow, ...]:
    """Rows by level, then deadline, then age; without wanted statuses all open ones."""
    found = connection.execute(
        select(*_SHOWN)
        .select_from(c.outerjoin(account, account.c.id == c.c.claim_user))
        .where(*_conditions(wanted, user, now))
        .order_by(*_ORDER)
        .limit(wanted.limit)
    ).all()
    similar = _similar(connection, sorted({row[_SOUNDS_LIKE] for row in found}))
    return tuple(_row(row, now, similar) for row in found)


def counts(connection: Connection, user: UserId, now: datetime) -> dict[str, int]:
    """Counts of open consultations by ``scope:x``, ``level:n``, ``status:x`` and ``request:x``, and
    ``signed_today`` (consultations this user signed since the clinic's midnight) with
    ``median_seconds`` from claim to signature (0 while unknown)."""
    made: Counter[str] = Counter(
        {
            **{f"scope:{scope}": 0 for scope in ("mine", "all", "others")},
            **{f"status:{status.value}": 0 for status in Status if status not in CLOSED},
            **{f"request:{request.value}": 0 for request in RequestKind},
        }
    )
    # Of what is open: what was closed over the years is the far larger part. By the very columns of
    # its index, so that nothing is sorted; claims are few, and whose they are is said here.
    by = (c.c.status, c.c.level, c.c.request, c.c.claim_user, c.c.claim_until)
    grouped = select(*by, func.count()).where(_OPEN).group_by(*by)
    for status, level, request, holder, until, number in connection.execute(grouped):
        scope = "mine" if holder in (None, user) or until <= now else "others"
        made[f"status:{status}"] += number
        made[f"level:{level}"] += number
        made[f"request:{request}"] += number
        made["scope:all"] += number
        made[f"scope:{scope}"] += number
    zone = ZoneInfo(clinic_zone(connection))
    midnight = datetime.combine(now.astimezone(zone).date(), time(0), zone)
    signed = pace.signed_since(connection, user, midnight)
    made["signed_today"] = len(signed)
    taken = pace.median_taken(connection, user, midnight, signed)
    made["median_seconds"] = round(taken.total_seconds()) if taken is not None else 0
    return dict(made)


def claim(
    connection: Connection,
    id: ConsultationId,
    user: UserId,
    station: str,
    now: datetime,
    until: datetime,
) -> Claim | None:
    """Take it if unclaimed, expired or this user's; None when held, closed or not there.

    The token rises whenever the holder or the station changes, so that writes of the one before
    fail; the same user at the same station keeps token and start.
    """
    again = and_(c.c.claim_user == user, c.c.claim_station == station, c.c.claim_until > now)
    free = or_(c.c.claim_user.is_(None), c.c.claim_until <= now, c.c.claim_user == user)
    taken = connection.execute(
        update(c)
        .where(c.c.id == id, _OPEN, free)
        .values(
            claim_token=case((again, c.c.claim_token), else_=c.c.claim_token + 1),
            claim_taken_at=case((again, c.c.claim_taken_at), else_=literal(now, Moment())),
            claim_user=user,
            claim_station=station,
            claim_until=until,
        )
    )
    if taken.rowcount != 1:
        return None
    row = connection.execute(
        select(
            c.c.claim_user,
            c.c.claim_station,
            c.c.claim_taken_at,
            c.c.claim_until,
            c.c.claim_token,
        ).where(c.c.id == id)
    ).one()
    return claim_of(row)


def renew(connection: Connection, id: ConsultationId, token: int, until: datetime) -> bool:
    """Extend a claim that nobody took meanwhile."""
    kept = connection.execute(
        update(c)
        .where(c.c.id == id, c.c.claim_token == token, c.c.claim_user.is_not(None))
        .values(claim_until=until)
    )
    return kept.rowcount == 1


def release(connection: Connection, id: ConsultationId, token: int) -> None:
    """Give the claim back; nothing when it is not held with ``token``."""
    connection.execute(update(c).where(c.c.id == id, c.c.claim_token == token).values(**no_claim()))


def no_claim() -> dict[str, None]:
    """Column values of an unclaimed consultation (the token stays)."""
    return {
        "claim_user": None,
        "claim_station": None,
        "claim_taken_at": None,
        "claim_until": None,
    }


def claim_of(row: AnyRow) -> Claim | None:
    """The claim in a row with the claim columns."""
    if row.claim_user is None:
        return None
    return Claim(
        user=UserId(row.claim_user),
        station=row.claim_station,
        taken_at=row.claim_taken_at,
        until=row.claim_until,
        token=row.claim_token,
    )


_HELD = select(
    c.c.patient,
    c.c.status,
    c.c.is_open,
    c.c.revision,
    c.c.claim_user,
    c.c.claim_token,
    c.c.edit_cursor,
    c.c.edit_count,
    c.c.item_count,
    c.c.sitting,
    c.c.submitted_at,
).where(c.c.id == bindparam("of"))  # made once: every edit asks it


def held(connection: Connection, id: ConsultationId, token: int) -> AnyRow:
    """The consultation's row when ``token`` is its claim's; writers build on it.

    Raises:
        Conflict: ``consultation.gone`` or ``consultation.claim.lost``.
    """
    row = connection.execute(_HELD, {"of": id}).one_or_none()
    if row is None:
        raise Conflict("consultation.gone", consultation=id)
    if row.claim_user is None or row.claim_token != token:
        raise Conflict("consultation.claim.lost", consultation=id)
    return row


def _conditions(wanted: QueueFilter, user: UserId, now: datetime) -> Iterable[ColumnElement[bool]]:
    if not wanted.statuses & CLOSED:
        yield _OPEN
    if wanted.statuses:
        yield c.c.status.in_(sorted(status.value for status in wanted.statuses))
    unclaimed = or_(c.c.claim_user.is_(None), c.c.claim_until <= now)
    if wanted.scope == "mine":
        yield or_(unclaimed, c.c.claim_user == user)
    elif wanted.scope == "others":
        yield and_(c.c.claim_user != user, c.c.claim_until > now)
    elif wanted.scope != "all":
        raise ValueError(f"unknown scope {wanted.scope!r}")
    if wanted.levels:
        levels = sorted(wanted.levels)
        # One level by equality: of a list the database sorts every row before it shows a page.
        yield c.c.level == levels[0] if len(levels) == 1 else c.c.level.in_(levels)
    if wanted.requests:
        yield c.c.request.in_(sorted(request.value for request in wanted.requests))
    for word in folded(wanted.text).split():
        yield c.c.search_text.contains(word, autoescape=True)


def _similar(connection: Connection, keys: list[str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """By key that several people of the open queue share: two of them, (patient, shown name)."""
    pairs: dict[str, tuple[str, str]] = {}
    for some in _batches(keys):
        shared = (
            select(c.c.sounds_like, func.min(c.c.patient), func.max(c.c.patient))
            .where(_OPEN, c.c.sounds_like.in_(some))
            .group_by(c.c.sounds_like)
            .having(func.min(c.c.patient) != func.max(c.c.patient))
        )
        for key, first, last in connection.execute(shared):
            pairs[key] = (first, last)
    shown: dict[str, str] = {}
    for some in _batches(sorted({patient for pair in pairs.values() for patient in pair})):
        people = select(c.c.patient, c.c.family, c.c.given).where(c.c.patient.in_(some))
        for patient, family, given in connection.execute(people.order_by(c.c.submitted_at)):
            shown[patient] = f"{family.upper()}, {given}"
    return {
        key: tuple((patient, shown[patient]) for patient in pair) for key, pair in pairs.items()
    }


def _batches(values: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(values), _NAMES_AT_ONCE):
        yield values[start : start + _NAMES_AT_ONCE]


def _row(row: AnyRow, now: datetime, similar: dict[str, tuple[tuple[str, str], ...]]) -> QueueRow:
    # Unpacked by position, in the order of _SHOWN: named access costs more than the query.
    (
        id, patient, level, flag_codes, stands_out, stands_out_level, submitted_at, deadline,
        status, returns_on, request, visit, family, given, born, sex, external_id, photo_count,
        views_missing, severity, severity_source, claim_user, initials, claim_until, clock_from,
        raised_at, sounds_like,
    ) = row  # fmt: skip
    claimed = claim_user is not None and claim_until > now
    others = (name for other, name in similar.get(sounds_like, ()) if other != patient)
    return QueueRow(
        id=ConsultationId(id),
        patient=PatientId(patient),
        level=level,
        flag_codes=rows.texts_from(flag_codes),
        stands_out=stands_out,
        stands_out_level=stands_out_level,
        submitted_at=submitted_at,
        deadline=deadline,
        status=Status(status),
        returns_on=returns_on,
        request=RequestKind(request),
        visit=visit,
        family=family,
        given=given,
        born=born,
        sex=sex,
        external_id=external_id,
        photo_count=photo_count,
        views_missing=rows.texts_from(views_missing),
        severity=severity,
        severity_source=severity_source,
        claimed_by=UserId(claim_user) if claimed else None,
        claimed_initials=(initials or "") if claimed else "",
        claimed_until=claim_until if claimed else None,
        similar_name=next(others, ""),
        since=raised_at or clock_from or submitted_at,
    )
