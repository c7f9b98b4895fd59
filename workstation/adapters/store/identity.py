"""Who may be confused with whom: looked for at intake, kept with the consultation, only ever added to."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, Select, and_, bindparam, func, insert, or_, select

from workstation.adapters.store import names, rows
from workstation.adapters.store.columns import AnyRow
from workstation.adapters.store.identity_schema import identity_answer as answers
from workstation.adapters.store.identity_schema import identity_doubt as doubts
from workstation.adapters.store.identity_schema import photo_seen
from workstation.adapters.store.schema import consultation as c
from workstation.domain.consultation import Consultation
from workstation.domain.errors import Conflict
from workstation.domain.identity import (
    Doubt,
    IdentityDoubt,
    Person,
    Settlement,
    conflicts,
    near_birth,
)
from workstation.domain.ids import ConsultationId, PatientId
from workstation.domain.patient import Sex

_PERSON = (c.c.patient, c.c.id, c.c.family, c.c.given, c.c.born, c.c.sex, c.c.external_id)
NEAR = timedelta(days=31)  # a birth date a month off is a slip of the pen, not another person
_DOUBTS = (  # made once: it is asked each time a consultation is read
    select(doubts.c.doubt, doubts.c.other, doubts.c.content)
    .where(doubts.c.consultation == bindparam("id"))
    .order_by(doubts.c.doubt, doubts.c.other)
)
_MOST = 5  # of one kind: more would hide the one that matters


class SqlIdentities:
    """The port ``Identities`` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def doubts_about(self, new: Consultation) -> tuple[IdentityDoubt, ...]:
        """What is in doubt about a consultation that is about to be stored."""
        told_apart = self._told_apart(new.patient.id)
        found = (*self._conflict(new), *self._similar(new, told_apart), *self._photos(new))
        return tuple(found)

    def add(self, id: ConsultationId, doubts_: tuple[IdentityDoubt, ...]) -> None:
        """Keep doubts with a stored consultation."""
        for one in doubts_:
            self._connection.execute(
                insert(doubts).values(
                    consultation=id,
                    doubt=one.doubt.value,
                    other=one.other.consultation,
                    patient=self._patient_of(id),
                    other_patient=one.other.patient,
                    content=rows.to_text(one.other),
                )
            )

    def answer(self, id: ConsultationId, doubt: IdentityDoubt, answer: Settlement) -> None:
        """Append what a person found; the newest holds.

        Raises:
            Conflict: ``identity.unknown`` for a doubt that nobody had.
        """
        code, other = doubt.key
        known = select(doubts.c.other).where(
            doubts.c.consultation == id, doubts.c.doubt == code, doubts.c.other == other
        )
        if self._connection.scalar(known) is None:
            raise Conflict("identity.unknown", consultation=id)
        self._connection.execute(
            insert(answers).values(
                consultation=id, doubt=code, other=other, content=rows.to_text(answer)
            )
        )

    def _patient_of(self, id: ConsultationId) -> str:
        return str(self._connection.scalar(select(c.c.patient).where(c.c.id == id)))

    def _conflict(self, new: Consultation) -> tuple[IdentityDoubt, ...]:
        latest = self._first(
            select(*_PERSON)
            .where(c.c.patient == new.patient.id)
            .order_by(c.c.received_at.desc(), c.c.id)
        )
        if latest is None:
            return ()
        here = (names.folded(new.patient.family), names.folded(new.patient.given))
        there = (names.folded(latest.family), names.folded(latest.given))
        if not conflicts(new.patient, latest, (*here, *there)):
            return ()
        return (IdentityDoubt(Doubt.CONFLICT, latest),)

    def _similar(self, new: Consultation, told_apart: frozenset[str]) -> list[IdentityDoubt]:
        who = new.patient
        newest = (
            select(c.c.patient, func.max(c.c.received_at).label("at"))
            .where(
                or_(
                    c.c.sounds_like == names.sounds_like(who.family, who.given),
                    c.c.sounds_like == names.sounds_like(who.given, who.family),  # swapped
                ),
                c.c.patient != who.id,
            )
            .group_by(c.c.patient)
            .subquery()
        )
        alike = self._connection.execute(
            select(*_PERSON)
            .join(newest, and_(newest.c.patient == c.c.patient, newest.c.at == c.c.received_at))
            .order_by(c.c.received_at.desc())
        )
        people = (_person(row) for row in alike)
        near = [
            person
            for person in people
            if near_birth(who.born, person.born, NEAR) and person.patient not in told_apart
        ]
        return [IdentityDoubt(Doubt.SIMILAR, person) for person in near[:_MOST]]

    def _photos(self, new: Consultation) -> list[IdentityDoubt]:
        digests = {photo.digest for photo in new.photos}
        if not digests:
            return []
        seen = self._connection.execute(
            select(*_PERSON)
            .join(photo_seen, photo_seen.c.consultation == c.c.id)
            .where(photo_seen.c.digest.in_(sorted(digests)), c.c.patient != new.patient.id)
            .distinct()
            .limit(_MOST)
        )
        return [IdentityDoubt(Doubt.PHOTO, _person(row)) for row in seen]

    def _told_apart(self, patient: PatientId) -> frozenset[str]:
        """Patients whom a person found to be others than this one, whichever way round."""
        answered = (
            select(doubts.c.patient, doubts.c.other_patient, answers.c.content)
            .join(
                answers,
                and_(
                    answers.c.consultation == doubts.c.consultation,
                    answers.c.doubt == doubts.c.doubt,
                    answers.c.other == doubts.c.other,
                ),
            )
            .where(
                doubts.c.doubt == Doubt.SIMILAR.value,
                or_(doubts.c.patient == patient, doubts.c.other_patient == patient),
            )
            .order_by(answers.c.seq)
        )
        found: dict[str, bool] = {}
        for one, other, content in self._connection.execute(answered):
            apart = rows.from_text(content, Settlement).settled.value == "different"
            found[other if one == patient else one] = apart
        return frozenset(who for who, apart in found.items() if apart)

    def _first(self, wanted: Select[tuple[str, str, str, str, object, str, str]]) -> Person | None:
        row = self._connection.execute(wanted.limit(1)).one_or_none()
        return None if row is None else _person(row)


def see_photos(connection: Connection, new: Consultation) -> None:
    """Remember which photos came with a consultation."""
    digests = sorted({photo.digest for photo in new.photos})
    if digests:
        connection.execute(
            insert(photo_seen), [{"digest": one, "consultation": new.id} for one in digests]
        )


def doubts_of(connection: Connection, id: str) -> tuple[IdentityDoubt, ...]:
    """The doubts kept with a consultation, each with its newest answer."""
    kept = connection.execute(_DOUBTS, {"id": id}).all()
    if not kept:
        return ()
    newest = {
        (row.doubt, row.other): rows.from_text(row.content, Settlement)
        for row in connection.execute(
            select(answers).where(answers.c.consultation == id).order_by(answers.c.seq)
        )
    }
    return tuple(
        IdentityDoubt(
            Doubt(row.doubt),
            rows.from_text(row.content, Person),
            newest.get((row.doubt, row.other)),
        )
        for row in kept
    )


def _person(row: AnyRow) -> Person:
    return Person(
        PatientId(row.patient),
        ConsultationId(row.id),
        row.family,
        row.given,
        row.born,
        Sex(row.sex),
        row.external_id,
    )
