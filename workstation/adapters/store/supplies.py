"""Supplies of a medicine: what was signed, what was said to be taken, and both as one course."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from workstation.adapters.store import rows
from workstation.adapters.store.schema import consultation_content as content
from workstation.adapters.store.schema import consultation_version as version
from workstation.adapters.store.schema import document_end, item, supply
from workstation.domain import supply_taken
from workstation.domain.derived_pregnancy import CATEGORY
from workstation.domain.dosing import Dispensed
from workstation.domain.draft import ItemKind
from workstation.domain.facts import Fact
from workstation.domain.ids import ConsultationId, DocumentId, PatientId

_UP_TO = (  # made once: it is asked each time a consultation is read
    select(supply.c.consultation, supply.c.reported, supply.c.content)
    .outerjoin(document_end, document_end.c.document == supply.c.document)
    .where(
        supply.c.patient == bindparam("who"),
        supply.c.submitted_at <= bindparam("until"),
        document_end.c.document.is_(None),
    )
    .order_by(supply.c.submitted_at, supply.c.seq)
)

# Answers of an earlier visit that the next one is compared with.
KEPT = (*supply_taken.NAMES, CATEGORY)


def add(
    connection: Connection,
    id: ConsultationId,
    who: PatientId,
    submitted_at: datetime,
    given: Dispensed,
    *,
    reported: bool,
    prescription: DocumentId | None = None,
) -> None:
    """Append a supply: ``reported`` by intake as really taken, or planned by ``prescription``."""
    connection.execute(
        insert(supply).values(
            patient=who,
            consultation=id,
            submitted_at=submitted_at,
            given_on=given.on,
            reported=reported,
            content=rows.to_text(given),
            document=prescription,
        )
    )


def merged(reported: Iterable[Dispensed], signed: Iterable[Dispensed]) -> tuple[Dispensed, ...]:
    """What was taken, oldest first, no supply counted twice.

    ``reported`` is in the order it was said: of two with one day the later one holds. A signed
    supply is a plan; a reported one dated on or after it and before the next signed one is the
    same supply as it was really taken, and replaces it.
    """
    said = {one.on: one for one in reported}
    planned = {one.on: one for one in signed}
    starts = sorted(planned)
    replaced = {starts[at - 1] for day in said if (at := bisect_right(starts, day)) > 0}
    kept = [planned[day] for day in starts if day not in replaced]
    return tuple(sorted((*said.values(), *kept), key=lambda one: one.on))


def of_earlier_visits(
    connection: Connection, id: str, patient: str, submitted_at: datetime
) -> tuple[Dispensed, ...]:
    """Supplies of the patient up to a consultation, without the one it was signed with itself.

    What an amended or void prescription planned is no supply.
    """
    found = connection.execute(_UP_TO, {"who": patient, "until": submitted_at}).all()
    reported = [
        replace(rows.from_text(s.content, Dispensed), handed_over=True) for s in found if s.reported
    ]
    signed = [
        rows.from_text(s.content, Dispensed)
        for s in found
        if not s.reported and s.consultation != id
    ]
    return merged(reported, signed)


def answered_at(
    connection: Connection, consultations: Sequence[str]
) -> dict[str, tuple[Fact, ...]]:
    """What was said at each of these consultations about the supply before it, and the category.

    From what was received, in its newest version, and from what was recorded at the desk.
    """
    texts: dict[str, str] = {
        id: text
        for id, text in connection.execute(
            select(content.c.consultation, content.c.content).where(
                content.c.consultation.in_(consultations)
            )
        )
    }
    for id, text in connection.execute(
        select(version.c.consultation, version.c.content)
        .where(version.c.consultation.in_(consultations))
        .order_by(version.c.number)
    ):
        texts[id] = text
    recorded = connection.execute(
        select(item.c.consultation, item.c.content)
        .where(
            item.c.consultation.in_(consultations),
            item.c.kind == ItemKind.FACT.value,
            item.c.name.in_(KEPT),
        )
        .order_by(item.c.position)
    ).all()
    found = {id: list(_said(text)) for id, text in texts.items()}
    for id, text in recorded:
        fact = rows.item_from_text(text)
        if isinstance(fact, Fact):
            found.setdefault(id, []).append(fact)
    return {id: tuple(facts) for id, facts in found.items()}


def _said(text: str) -> Iterable[Fact]:
    """The facts that are kept of a row of what was received; the rest of it is not read."""
    for raw in json.loads(text).get("facts", ()):
        if raw.get("name") in KEPT:
            yield rows.from_text(json.dumps(raw), Fact)
