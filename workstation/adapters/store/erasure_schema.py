"""The table of what was erased on request: its rows are what lets the append-only tables let go."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from workstation.adapters.store.columns import Moment
from workstation.adapters.store.schema import metadata

_ID = String(64)

erasure = Table(
    "erasure",
    metadata,
    Column("consultation", _ID, ForeignKey("consultation.id"), primary_key=True),
    Column("patient", _ID, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by_user", _ID, ForeignKey("account.id"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("last_result", Integer, nullable=False),  # of the patient, up to which results went
    Column("addresses", Text, nullable=False),  # vault files to remove, separated by spaces
)
Index("ix_erasure_patient", erasure.c.patient)
