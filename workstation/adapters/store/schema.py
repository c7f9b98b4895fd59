"""The schema as SQLAlchemy Core tables; the migrations build the same and a test compares them.

A consultation is split: ``consultation`` holds what the queue sorts, filters and shows, and what
moves; ``consultation_content`` holds what was received, as JSON, and never changes. ``edit``,
``audit``, ``document``, ``document_end``, ``result``, ``contact`` and ``supply`` only grow: triggers
refuse the rest.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from workstation.adapters.store.columns import Exact, Moment

HEAD = "0017"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_ID = String(64)
_CODE = String(64)

store = Table(
    "store",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("kind", _CODE, nullable=False),
    Column("created_at", Moment, nullable=False),
)

clinic = Table(
    "clinic",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("content", Text, nullable=False),
)

account = Table(
    "account",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("login", String(64), nullable=False, unique=True),
    Column("initials", String(8), nullable=False),
    Column("content", Text, nullable=False),
    Column("pin_verifier", String(255), nullable=False),
    Column("pin_wrong", Integer, nullable=False),
    Column("pin_closed_until", Moment, nullable=True),
)

setting = Table(
    "setting",
    metadata,
    Column("scope", _ID, primary_key=True),  # "clinic", or a user's id
    Column("name", _CODE, primary_key=True),
    Column("content", Text, nullable=False),
)

key_file = Table(
    "key_file",  # used on a clinic's server only: sealed file and wrapped keys
    metadata,
    Column("name", String(128), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

patient = Table(
    "patient",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("created_at", Moment, nullable=False),
)

consultation = Table(
    "consultation",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("patient", _ID, ForeignKey("patient.id"), nullable=False),
    Column("visit", Integer, nullable=False),
    Column("previous", _ID, nullable=True),
    Column("request", _CODE, nullable=False),
    Column("source_system", String(255), nullable=False),
    Column("source_external_id", String(255), nullable=False),
    Column("submitted_at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("status", _CODE, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("returns_on", Date, nullable=True),
    Column("revision", Integer, nullable=False),
    # what the queue shows
    Column("level", Integer, nullable=False),
    Column("flag_codes", Text, nullable=False),
    Column("deadline", Moment, nullable=False),
    Column("stands_out", Text, nullable=False),
    Column("stands_out_level", _CODE, nullable=False),
    Column("severity", Text, nullable=False),
    Column("severity_source", _CODE, nullable=False),
    Column("family", Text, nullable=False),
    Column("given", Text, nullable=False),
    Column("born", Date, nullable=False),
    Column("sex", _CODE, nullable=False),
    Column("external_id", String(255), nullable=False),
    Column("photo_count", Integer, nullable=False),
    Column("views_missing", Text, nullable=False),
    Column("search_text", Text, nullable=False),
    Column("sounds_like", String(64), nullable=False),
    # the claim; the token only ever rises
    Column("claim_user", _ID, nullable=True),
    Column("claim_station", String(255), nullable=True),
    Column("claim_taken_at", Moment, nullable=True),
    Column("claim_until", Moment, nullable=True),
    Column("claim_token", Integer, nullable=False),
    # the draft's journal: the last edit in force (0: none) and how many were ever made
    Column("edit_cursor", Integer, nullable=False),
    Column("edit_count", Integer, nullable=False),
    Column("item_count", Integer, nullable=False),
    # how often documents were signed: a work-up is signed before its prescription
    Column("sitting", Integer, nullable=False),
    Column("finished_at", Moment, nullable=True),
    Column("grade", _CODE, nullable=True),
    Column("counts", Text, nullable=True),
    Column("daily", Exact, nullable=True),
    Column("weight", Exact, nullable=True),
    Column("content_edition", String(255), nullable=True),
    Column("level_received", Integer, nullable=True),  # as it came in
    Column("level_change", Text, nullable=True),  # the level that somebody set by hand
    # when the target of its level began to run, where that is not when it was sent
    Column("clock_from", Moment, nullable=True),
    Column("raised_at", Moment, nullable=True),
    UniqueConstraint("source_system", "source_external_id"),
)
# With the text that a search reads, so that only rows which are shown are fetched and deciphered. On
# a server it ends before that text: PostgreSQL takes no entry above 2.7 kB, and names have no limit.
Index(
    "ix_consultation_queue",
    consultation.c.is_open,
    consultation.c.level.desc(),
    consultation.c.deadline,
    consultation.c.submitted_at,
    consultation.c.id,
    consultation.c.search_text,
)
Index("ix_consultation_patient", consultation.c.patient, consultation.c.submitted_at)
Index(
    "ix_consultation_sounds_like",
    consultation.c.sounds_like,
    consultation.c.is_open,
    consultation.c.patient,
)
Index(
    "ix_consultation_counts",
    consultation.c.is_open,
    consultation.c.status,
    consultation.c.level,
    consultation.c.request,
    consultation.c.claim_user,
    consultation.c.claim_until,
)

consultation_content = Table(
    "consultation_content",
    metadata,
    Column("consultation", _ID, ForeignKey("consultation.id"), primary_key=True),
    Column("content", Text, nullable=False),
)

# What the sender sent again under the same number; the first version is ``consultation_content``.
consultation_version = Table(
    "consultation_version",
    metadata,
    Column("consultation", _ID, ForeignKey("consultation.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("package_digest", String(64), nullable=False),
    Column("submitted_at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("content", Text, nullable=False),
    Column("differences", Text, nullable=False),
    Column("seen_by", _ID, ForeignKey("account.id"), nullable=True),
    Column("seen_at", Moment, nullable=True),
)

item = Table(
    "item",
    metadata,
    Column("consultation", _ID, ForeignKey("consultation.id"), primary_key=True),
    Column("kind", _CODE, primary_key=True),
    Column("name", String(255), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("content", Text, nullable=False),
)

edit = Table(
    "edit",
    metadata,
    Column("consultation", _ID, ForeignKey("consultation.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("parent", Integer, nullable=False),
    Column("content", Text, nullable=False),
)
second_read_edit = Table(
    "second_read_edit",
    metadata,
    Column("consultation", _ID, ForeignKey("consultation.id"), primary_key=True),
    Column("reader", _ID, ForeignKey("account.id"), primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("content", Text, nullable=False),
)

Index("ix_edit_parent", edit.c.consultation, edit.c.parent, edit.c.seq)

result = Table(
    "result",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", _ID, nullable=False, unique=True),
    Column("patient", _ID, ForeignKey("patient.id"), nullable=False, index=True),
    Column("content", Text, nullable=False),
    sqlite_autoincrement=True,
)

contact = Table(
    "contact",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("consultation", _ID, ForeignKey("consultation.id"), nullable=False, index=True),
    Column("content", Text, nullable=False),
    sqlite_autoincrement=True,
)

message = Table(
    "message",
    metadata,
    Column("number", String(32), primary_key=True),
    Column("consultation", _ID, ForeignKey("consultation.id"), nullable=False, index=True),
    Column("content", Text, nullable=False),
)

supply = Table(
    "supply",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("patient", _ID, ForeignKey("patient.id"), nullable=False, index=True),
    Column("consultation", _ID, ForeignKey("consultation.id"), nullable=False),
    Column("submitted_at", Moment, nullable=False),
    Column("given_on", Date, nullable=False),
    Column("reported", Boolean, nullable=False),
    Column("content", Text, nullable=False),
    # the prescription it was planned by; none when intake reported it
    Column("document", _ID, nullable=True),
    sqlite_autoincrement=True,
)

number_series = Table(
    "number_series",
    metadata,
    Column("series", String(8), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

document_number = Table(
    "document_number",
    metadata,
    Column("consultation", _ID, ForeignKey("consultation.id"), primary_key=True),
    Column("sitting", Integer, primary_key=True, autoincrement=False),
    Column("kind", _CODE, primary_key=True),
    Column("number", String(32), nullable=False, unique=True),
)

document = Table(
    "document",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("consultation", _ID, ForeignKey("consultation.id"), nullable=False),
    Column("sitting", Integer, nullable=False),
    Column("kind", _CODE, nullable=False),
    Column("number", String(32), nullable=False, unique=True),
    Column("content_digest", String(64), nullable=False),
    Column("pdf_digest", String(64), nullable=False, unique=True),
    Column("address", String(64), nullable=False),
    Column("signer", _ID, ForeignKey("account.id"), nullable=False),
    Column("certificate", String(64), nullable=False),
    Column("signed_at", Moment, nullable=False),
    Column("level", String(16), nullable=False),
    Column("audit_head", String(64), nullable=False),
    UniqueConstraint("consultation", "sitting", "kind"),
)
Index("ix_document_signer", document.c.signer, document.c.signed_at)
Index(
    "ix_document_newest",
    document.c.signed_at.desc(),
    document.c.consultation,
    document.c.sitting,
    document.c.number,
)

# A document that no longer holds: amended by a new one, or void by a notice. The row of the
# document itself never changes.
document_end = Table(
    "document_end",
    metadata,
    Column("document", _ID, ForeignKey("document.id"), primary_key=True),
    Column("state", _CODE, nullable=False),
    Column("by_document", _ID, ForeignKey("document.id"), nullable=False),
    Column("reason_code", _CODE, nullable=False),
    Column("reason_text", Text, nullable=False),
    Column("by_user", _ID, ForeignKey("account.id"), nullable=False),
    Column("at", Moment, nullable=False),
)

# A signed document's file with a time stamp added; the row of the document never changes.
document_stamp = Table(
    "document_stamp",
    metadata,
    Column("document", _ID, ForeignKey("document.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("level", String(16), nullable=False),
    Column("time", Moment, nullable=False),
    Column("pdf_digest", String(64), nullable=False, unique=True),
    Column("address", String(64), nullable=False),
    Column("by_user", _ID, ForeignKey("account.id"), nullable=False),
    Column("at", Moment, nullable=False),
)

# An authority that somebody decided to trust besides the clinic's own.
anchor = Table(
    "anchor",
    metadata,
    Column("fingerprint", String(64), primary_key=True),
    Column("purpose", _CODE, primary_key=True),
    Column("name", String(255), nullable=False),
    Column("ends", Moment, nullable=False),
    Column("certificate", Text, nullable=False),
    Column("by_user", _ID, ForeignKey("account.id"), nullable=False),
    Column("at", Moment, nullable=False),
)

# A signing certificate that does not count from ``since`` on.
revocation = Table(
    "revocation",
    metadata,
    Column("serial", String(64), primary_key=True),
    Column("since", Moment, nullable=False),
    Column("reason", _CODE, nullable=False),
    Column("by_user", _ID, ForeignKey("account.id"), nullable=False),
    Column("at", Moment, nullable=False),
)

# A consultation opened again to amend what was signed, until it is signed or given up.
amendment = Table(
    "amendment",
    metadata,
    Column("consultation", _ID, ForeignKey("consultation.id"), primary_key=True),
    Column("sitting", Integer, nullable=False),
    Column("reason_code", _CODE, nullable=False),
    Column("reason_text", Text, nullable=False),
    Column("by_user", _ID, ForeignKey("account.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("edit_cursor", Integer, nullable=False),
    Column("status", _CODE, nullable=False),
    Column("returns_on", Date, nullable=True),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("station", String(255), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Index("ix_audit_subject", "subject", "action", "seq"),
)

seal = Table(
    "seal",  # of each row of the other tables (``seals``)
    metadata,
    Column("table_name", _CODE, primary_key=True),
    Column("row_key", String(512), primary_key=True),
    Column("mac", String(64), nullable=False),
)

seal_total = Table(
    "seal_total",
    metadata,
    Column("name", _CODE, primary_key=True),
    Column("total", String(64), nullable=False),
)
