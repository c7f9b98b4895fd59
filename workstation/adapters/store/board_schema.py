"""Tables of the Labs board: signed plans, messages of results, what is unread, and the rows shown.

``due`` is worked out from the others and written in the same transaction; it may be rebuilt.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from workstation.adapters.store.columns import Moment
from workstation.adapters.store.schema import _CODE, _ID, consultation, metadata

signed_plan = Table(
    "signed_plan",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("patient", _ID, ForeignKey("patient.id"), nullable=False, index=True),
    Column("consultation", _ID, ForeignKey("consultation.id"), nullable=False),
    Column("signer", _ID, ForeignKey("account.id"), nullable=False),
    Column("signed_at", Moment, nullable=False),
    Column("content", Text, nullable=False),
    sqlite_autoincrement=True,
)

result_message = Table(
    "result_message",
    metadata,
    Column("source_system", String(255), primary_key=True),
    Column("source_external_id", String(255), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("patient", _ID, ForeignKey("patient.id"), nullable=False),
    Column("received_at", Moment, nullable=False),
)

unread_result = Table(
    "unread_result",
    metadata,
    Column("result", _ID, ForeignKey("result.id"), primary_key=True),
    Column("patient", _ID, ForeignKey("patient.id"), nullable=False, index=True),
)

due = Table(
    "due",
    metadata,
    Column("patient", _ID, ForeignKey("patient.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("consultation", _ID, nullable=False),
    Column("signer", _ID, nullable=False),
    Column("is_read", Boolean, nullable=False),
    Column("lane", _CODE, nullable=False),
    Column("role", _CODE, nullable=False),
    Column("is_after", Boolean, nullable=False),
    Column("tests", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("window_first", Date, nullable=False),
    Column("window_last", Date, nullable=False),
    Column("shown_from", Date, nullable=False),
    Column("shown_to", Date, nullable=False),
    Column("result", _ID, nullable=True),
    Column("start_on", Date, nullable=True),
    Column("last_dose", Date, nullable=True),
    Column("readings", Text, nullable=False),
    Column("family", Text, nullable=False),
    Column("given", Text, nullable=False),
    Column("born", Date, nullable=False),
    Column("sex", _CODE, nullable=False),
    Column("external_id", String(255), nullable=False),
    Column("search_text", Text, nullable=False),
)
Index("ix_due_shown", due.c.shown_from, due.c.shown_to)
Index("ix_consultation_record", consultation.c.external_id, consultation.c.born)
