"""Signed documents as the records page lists them: newest first, found by name, number or code."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import ColumnElement, Connection, func, select, union

from workstation.adapters.store import names
from workstation.adapters.store.documents import document_of
from workstation.adapters.store.schema import account
from workstation.adapters.store.schema import consultation as c
from workstation.adapters.store.schema import document as d
from workstation.adapters.store.schema import document_end as e
from workstation.domain.documents import DocumentState
from workstation.domain.ids import PatientId
from workstation.domain.patient import Sex
from workstation.domain.records import RecordRow, RecordsFilter

_CODE = 8  # digits of a page code
_SERIES = 2  # letters before a document's number


def page(connection: Connection, wanted: RecordsFilter) -> tuple[RecordRow, ...]:
    """Documents newest first."""
    asked = (
        select(
            d,
            e.c.state,
            c.c.patient,
            c.c.family,
            c.c.given,
            c.c.born,
            c.c.sex,
            c.c.external_id,
            account.c.initials,
        )
        .join(c, c.c.id == d.c.consultation)
        .join(account, account.c.id == d.c.signer)
        .outerjoin(e, e.c.document == d.c.id)
        .where(*_conditions(wanted))
        .order_by(d.c.signed_at.desc(), d.c.consultation, d.c.sitting, d.c.number)
        .limit(wanted.limit)
    )
    return tuple(
        RecordRow(
            document=document_of(row),
            sitting=row.sitting,
            state=DocumentState.CURRENT if row.state is None else DocumentState(row.state),
            patient=PatientId(row.patient),
            family=row.family,
            given=row.given,
            born=row.born,
            sex=Sex(row.sex),
            external_id=row.external_id,
            doctor=row.initials,
        )
        for row in connection.execute(asked)
    )


def counts(connection: Connection) -> dict[str, int]:
    """How many documents there are by state, and ``all``."""
    made = Counter({state.value: 0 for state in DocumentState})
    for state, number in connection.execute(select(e.c.state, func.count()).group_by(e.c.state)):
        made[state] += number
    every = connection.scalar(select(func.count()).select_from(d)) or 0
    made[DocumentState.CURRENT.value] = every - made.total()
    return {**made, "all": every}


def _conditions(wanted: RecordsFilter) -> list[ColumnElement[bool]]:
    made: list[ColumnElement[bool]] = []
    if wanted.state is DocumentState.CURRENT:
        made.append(e.c.document.is_(None))
    elif wanted.state is not None:
        made.append(e.c.state == wanted.state.value)
    text = wanted.text.strip()
    if text:
        squeezed = text.lower().replace("-", "").replace(" ", "")
        # Each way of its own: one condition over both tables reads all of both, joined.
        found = [
            select(d.c.id)
            .join(c, c.c.id == d.c.consultation)
            .where(c.c.search_text.contains(names.search_text(text), autoescape=True))
        ]
        if len(text) <= _SERIES or any(ch.isdigit() or ch == "-" for ch in text):
            numbered = func.upper(d.c.number).contains(text.upper(), autoescape=True)
            found.append(select(d.c.id).where(numbered))
        if len(squeezed) <= _CODE and all(ch in "0123456789abcdef" for ch in squeezed):
            coded = d.c.content_digest.startswith(squeezed, autoescape=True)
            found.append(select(d.c.id).where(coded))
        made.append(d.c.id.in_(union(*found)))
    return made
