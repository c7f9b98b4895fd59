"""The Labs board in SQL: one narrow table, whose rows know the days between which they show."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import overload

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, insert, or_, select

from workstation.adapters.store import rows
from workstation.adapters.store.board_schema import due as d
from workstation.adapters.store.board_schema import result_message, signed_plan, unread_result
from workstation.adapters.store.columns import AnyRow
from workstation.adapters.store.names import folded, search_text
from workstation.adapters.store.schema import consultation as c
from workstation.adapters.store.schema import result
from workstation.domain.board import READ, BoardRow, Reading
from workstation.domain.consultation import Delivery, RequestKind, Status
from workstation.domain.ids import ConsultationId, PatientId, ResultId, UserId
from workstation.domain.protocols import MonitoringPlan
from workstation.domain.results import LabResult
from workstation.workflow.ports.board import SOON, DueFilter, DueRow, OpenOne, SignedPlan

STATES = ("read", "overdue", "open", "due", "later")
GROUPS = ("pregnancy", "blood", "after")
_SHOWN = (
    d.c.patient, d.c.position, d.c.consultation, d.c.family, d.c.given, d.c.born, d.c.sex,
    d.c.external_id, d.c.lane, d.c.role, d.c.tests, d.c.due_on, d.c.window_first, d.c.window_last,
    d.c.result, d.c.readings, d.c.start_on, d.c.last_dose,
)  # fmt: skip
_AT_ONCE = 500


class SqlBoard:
    """The port ``BoardWriting`` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- reading

    def page(self, wanted: DueFilter, user: UserId, today: date) -> tuple[DueRow, ...]:
        """Rows by state, then day, then name."""
        rank = _rank(today)
        found = self._connection.execute(
            select(*_SHOWN, rank)
            .where(*_conditions(wanted, user, today))
            .order_by(rank, d.c.due_on, d.c.family, d.c.patient, d.c.position)
            .limit(wanted.limit)
        ).all()
        return tuple(_row(row) for row in found)

    def counts(self, user: UserId, today: date) -> dict[str, int]:
        """Counts by ``state:x``, ``group:x``, ``mine`` and ``all``."""
        rank = _rank(today)
        mine = case((d.c.signer == user, 1), else_=0)
        made: Counter[str] = Counter(
            {**{f"state:{s}": 0 for s in STATES}, **{f"group:{g}": 0 for g in GROUPS}}
        )
        made["mine"] = made["all"] = 0
        grouped = (
            select(rank, d.c.lane, d.c.is_after, mine, func.count())
            .where(*_conditions(DueFilter(), user, today))
            .group_by(rank, d.c.lane, d.c.is_after, mine)
        )
        for place, lane, after, own, number in self._connection.execute(grouped):
            made[f"state:{STATES[place]}"] += number
            made[f"group:{lane}"] += number
            made["group:after"] += number if after else 0
            made["mine"] += number if own else 0
            made["all"] += number
        return dict(made)

    def plan_of(self, patient: PatientId) -> SignedPlan | None:
        """The newest signed plan of a patient."""
        row = self._connection.execute(
            select(signed_plan)
            .where(signed_plan.c.patient == patient)
            .order_by(signed_plan.c.seq.desc())
            .limit(1)
        ).one_or_none()
        if row is None:
            return None
        return SignedPlan(
            plan=rows.from_text(row.content, MonitoringPlan),
            consultation=ConsultationId(row.consultation),
            signer=UserId(row.signer),
            signed_at=row.signed_at,
        )

    def results_of(self, patient: PatientId) -> tuple[LabResult, ...]:
        """Every result of a patient, in the order they were recorded."""
        found = self._connection.scalars(
            select(result.c.content).where(result.c.patient == patient).order_by(result.c.seq)
        )
        return tuple(rows.from_text(content, LabResult) for content in found)

    def unread_of(self, patient: PatientId) -> tuple[ResultId, ...]:
        """Results of a patient that nobody has read."""
        found = self._connection.scalars(
            select(unread_result.c.result)
            .where(unread_result.c.patient == patient)
            .order_by(unread_result.c.result)
        )
        return tuple(ResultId(id) for id in found)

    def patients_by_record(self, record_number: str, born: date) -> tuple[PatientId, ...]:
        """Patients with that record number and that birth date."""
        found = self._connection.scalars(
            select(c.c.patient)
            .where(c.c.external_id == record_number, c.c.born == born)
            .distinct()
            .order_by(c.c.patient)
        )
        return tuple(PatientId(id) for id in found)

    def newest(self, patient: PatientId) -> ConsultationId | None:
        """The newest consultation that the patient sent."""
        found = self._connection.scalar(
            select(c.c.id)
            .where(c.c.patient == patient, c.c.request != RequestKind.RESULT.value)
            .order_by(c.c.submitted_at.desc(), c.c.id)
            .limit(1)
        )
        return None if found is None else ConsultationId(found)

    def open_of(self, patient: PatientId) -> tuple[OpenOne, ...]:
        """Consultations of the patient that are not closed, newest first."""
        found = self._connection.execute(
            select(c.c.id, c.c.request, c.c.status, c.c.claim_user)
            .where(c.c.patient == patient, c.c.is_open)
            .order_by(c.c.submitted_at.desc(), c.c.id)
        )
        return tuple(
            OpenOne(ConsultationId(id), RequestKind(request), Status(status), holder is not None)
            for id, request, status, holder in found
        )

    def message(self, system: str, external_id: str) -> tuple[str, PatientId] | None:
        """(digest, patient) of a message received under a sender's identifier."""
        m = result_message.c
        row = self._connection.execute(
            select(m.digest, m.patient).where(
                m.source_system == system, m.source_external_id == external_id
            )
        ).one_or_none()
        return None if row is None else (row.digest, PatientId(row.patient))

    # -- writing

    def keep_plan(self, patient: PatientId, signed: SignedPlan) -> None:
        """Keep a plan as signed."""
        self._connection.execute(
            insert(signed_plan).values(
                patient=patient,
                consultation=signed.consultation,
                signer=signed.signer,
                signed_at=signed.signed_at,
                content=rows.to_text(signed.plan),
            )
        )

    def put(self, patient: PatientId, rows_: Sequence[BoardRow]) -> None:
        """Replace the rows of a patient."""
        self._connection.execute(delete(d).where(d.c.patient == patient))
        if not rows_:
            return
        who = self._connection.execute(
            select(c.c.family, c.c.given, c.c.born, c.c.sex, c.c.external_id)
            .where(c.c.patient == patient)
            .order_by(c.c.submitted_at.desc(), c.c.id)
            .limit(1)
        ).one()
        pictured = self._connection.scalar(
            select(c.c.id)
            .where(c.c.patient == patient, c.c.photo_count > 0)
            .order_by(c.c.submitted_at.desc(), c.c.id)
            .limit(1)
        )
        signer = self._connection.scalar(
            select(signed_plan.c.signer)
            .where(signed_plan.c.patient == patient)
            .order_by(signed_plan.c.seq.desc())
            .limit(1)
        )
        person = {
            "patient": patient,
            "consultation": pictured or "",
            "signer": signer or "",
            "family": who.family,
            "given": who.given,
            "born": who.born,
            "sex": who.sex,
            "external_id": who.external_id,
            "search_text": search_text(who.family, who.given, who.external_id),
        }
        self._connection.execute(
            insert(d), [{**person, **_columns(at, row)} for at, row in enumerate(rows_)]
        )

    def set_unread(self, patient: PatientId, result_: ResultId) -> None:
        """A result has come in that somebody has to read."""
        self._connection.execute(insert(unread_result).values(result=result_, patient=patient))

    def set_read(self, results: Sequence[ResultId]) -> None:
        """These results were read."""
        for start in range(0, len(results), _AT_ONCE):
            some = results[start : start + _AT_ONCE]
            self._connection.execute(
                delete(unread_result).where(unread_result.c.result.in_(list(some)))
            )

    def note_message(self, source: Delivery, patient: PatientId, at: datetime) -> None:
        """Remember a message, so that the same one has no effect again."""
        self._connection.execute(
            insert(result_message).values(
                source_system=source.system,
                source_external_id=source.external_id,
                digest=source.package_digest,
                patient=patient,
                received_at=at,
            )
        )


class _Readings(Sequence[Reading]):
    """Earlier values, read from their text when first looked at: a page shows a few dozen rows."""

    __slots__ = ("_read", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._read: tuple[Reading, ...] | None = None

    def _values(self) -> tuple[Reading, ...]:
        if self._read is None:
            self._read = rows.from_text(self._text, tuple[Reading, ...])
        return self._read

    @overload
    def __getitem__(self, index: int) -> Reading: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Reading]: ...
    def __getitem__(self, index: int | slice) -> Reading | Sequence[Reading]:
        return self._values()[index]

    def __len__(self) -> int:
        return len(self._values())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, _Readings):
            return self._text == other._text
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(self._text)


def _rank(today: date) -> ColumnElement[int]:
    """The place of a row's state in ``STATES`` on a day."""
    return case(
        (d.c.is_read, 0),
        (d.c.window_last < today, 1),
        (d.c.window_first <= today, 2),
        (d.c.window_first <= today + timedelta(days=SOON), 3),
        else_=4,
    )


def _conditions(wanted: DueFilter, user: UserId, today: date) -> Iterator[ColumnElement[bool]]:
    yield d.c.shown_to >= today
    yield d.c.shown_from <= today
    if wanted.states:
        yield _rank(today).in_(sorted(STATES.index(state) for state in wanted.states))
    if wanted.groups:
        yield or_(*(_in_group(group) for group in sorted(wanted.groups)))
    if wanted.mine:
        yield d.c.signer == user
    for word in folded(wanted.text).split():
        tests = or_(
            d.c.tests.contains(word, autoescape=True), d.c.lane.contains(word, autoescape=True)
        )
        yield or_(d.c.search_text.contains(word, autoescape=True), tests)


def _in_group(group: str) -> ColumnElement[bool]:
    if group == "after":
        return and_(d.c.is_after)
    if group not in GROUPS:
        raise ValueError(f"unknown group {group!r}")
    return d.c.lane == group


def _columns(position: int, row: BoardRow) -> dict[str, object]:
    return {
        "position": position,
        "is_read": row.kind == READ,
        "lane": row.lane,
        "role": row.role,
        "is_after": row.is_after,
        "tests": rows.texts_to(row.tests),
        "due_on": row.due,
        "window_first": row.window.first,
        "window_last": row.window.last,
        "shown_from": row.shown_from,
        "shown_to": row.shown_to,
        "result": row.result,
        "start_on": row.start,
        "last_dose": row.last_dose,
        "readings": _text(row.readings),
    }


def _text(readings: Iterable[Reading]) -> str:
    return json.dumps([json.loads(rows.to_text(one)) for one in readings], separators=(",", ":"))


def _row(row: AnyRow) -> DueRow:
    # Unpacked by position, in the order of _SHOWN: named access costs more than the query.
    (
        patient, position, consultation, family, given, born, sex, external_id, lane, role, tests,
        due_on, first, last, result_, readings, start, last_dose, rank,
    ) = row  # fmt: skip
    return DueRow(
        patient=PatientId(patient),
        position=position,
        consultation=ConsultationId(consultation),
        family=family,
        given=given,
        born=born,
        sex=sex,
        external_id=external_id,
        state=STATES[rank],
        lane=lane,
        role=role,
        tests=rows.texts_from(tests),
        due=due_on,
        first=first,
        last=last,
        result=None if result_ is None else ResultId(result_),
        readings=_Readings(readings),
        start=start,
        last_dose=last_dose,
    )
