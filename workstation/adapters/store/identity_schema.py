"""Tables about who somebody is: what is in doubt, what people found, which photos were seen."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from workstation.adapters.store.schema import metadata

_ID, _CODE = String(64), String(64)

identity_doubt = Table(
    "identity_doubt",
    metadata,
    Column("consultation", _ID, ForeignKey("consultation.id"), primary_key=True),
    Column("doubt", _CODE, primary_key=True),
    Column("other", _ID, primary_key=True),  # the consultation it may be confused with
    Column("patient", _ID, nullable=False),
    Column("other_patient", _ID, nullable=False),
    Column("content", Text, nullable=False),
)
Index("ix_identity_doubt_patient", identity_doubt.c.patient)
Index("ix_identity_doubt_other_patient", identity_doubt.c.other_patient)

identity_answer = Table(
    "identity_answer",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("consultation", _ID, ForeignKey("consultation.id"), nullable=False, index=True),
    Column("doubt", _CODE, nullable=False),
    Column("other", _ID, nullable=False),
    Column("content", Text, nullable=False),
    sqlite_autoincrement=True,
)

photo_seen = Table(
    "photo_seen",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("consultation", _ID, ForeignKey("consultation.id"), primary_key=True),
)
