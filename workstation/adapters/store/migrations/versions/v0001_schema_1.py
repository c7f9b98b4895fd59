"""Schema 1: all tables, their indexes, and triggers that keep the growing tables append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_GROWING = ("edit", "audit", "document", "result", "contact", "supply", "consultation_content")


def upgrade() -> None:
    """Build everything on an empty database."""
    _tables()
    for table in _GROWING:
        _append_only(table)


def _append_only(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _tables() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("initials", sa.String(length=8), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("pin_verifier", sa.String(length=255), nullable=False),
        sa.Column("pin_wrong", sa.Integer(), nullable=False),
        sa.Column("pin_closed_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("login", name="uq_account_login"),
    )
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("station", sa.String(length=255), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
    )
    op.create_table(
        "clinic",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clinic"),
    )
    op.create_table(
        "number_series",
        sa.Column("series", sa.String(length=8), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name="pk_number_series"),
    )
    op.create_table(
        "patient",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_patient"),
    )
    op.create_table(
        "store",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_store"),
    )
    op.create_table(
        "consultation",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("patient", sa.String(length=64), nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=True),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("source_system", sa.String(length=255), nullable=False),
        sa.Column("source_external_id", sa.String(length=255), nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("returns_on", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("flag_codes", sa.Text(), nullable=False),
        sa.Column("deadline", sa.BigInteger(), nullable=False),
        sa.Column("stands_out", sa.Text(), nullable=False),
        sa.Column("stands_out_level", sa.String(length=64), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("severity_source", sa.String(length=64), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("born", sa.Date(), nullable=False),
        sa.Column("sex", sa.String(length=64), nullable=False),
        sa.Column("external_id", sa.String(length=255), nullable=False),
        sa.Column("photo_count", sa.Integer(), nullable=False),
        sa.Column("views_missing", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("sounds_like", sa.String(length=64), nullable=False),
        sa.Column("claim_user", sa.String(length=64), nullable=True),
        sa.Column("claim_station", sa.String(length=255), nullable=True),
        sa.Column("claim_taken_at", sa.BigInteger(), nullable=True),
        sa.Column("claim_until", sa.BigInteger(), nullable=True),
        sa.Column("claim_token", sa.Integer(), nullable=False),
        sa.Column("edit_cursor", sa.Integer(), nullable=False),
        sa.Column("edit_count", sa.Integer(), nullable=False),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("sitting", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("grade", sa.String(length=64), nullable=True),
        sa.Column("counts", sa.Text(), nullable=True),
        sa.Column("daily", sa.String(40), nullable=True),
        sa.Column("weight", sa.String(40), nullable=True),
        sa.Column("content_edition", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(["patient"], ["patient.id"], name="fk_consultation_patient"),
        sa.PrimaryKeyConstraint("id", name="pk_consultation"),
        sa.UniqueConstraint(
            "source_system",
            "source_external_id",
            name="uq_consultation_source_system_source_external_id",
        ),
    )
    op.create_index(
        "ix_consultation_counts",
        "consultation",
        ["status", "level", "request", "claim_user", "claim_until"],
        unique=False,
    )
    op.create_index(
        "ix_consultation_patient", "consultation", ["patient", "submitted_at"], unique=False
    )
    op.create_index(
        "ix_consultation_queue",
        "consultation",
        ["is_open", sa.text("level DESC"), "deadline", "submitted_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_consultation_sounds_like",
        "consultation",
        ["sounds_like", "is_open", "patient"],
        unique=False,
    )
    op.create_table(
        "result",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("patient", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["patient"], ["patient.id"], name="fk_result_patient"),
        sa.PrimaryKeyConstraint("seq", name="pk_result"),
        sa.UniqueConstraint("id", name="uq_result_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_result_patient", "result", ["patient"], unique=False)
    op.create_table(
        "consultation_content",
        sa.Column("consultation", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation"], ["consultation.id"], name="fk_consultation_content_consultation"
        ),
        sa.PrimaryKeyConstraint("consultation", name="pk_consultation_content"),
    )
    op.create_table(
        "contact",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("consultation", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation"], ["consultation.id"], name="fk_contact_consultation"
        ),
        sa.PrimaryKeyConstraint("seq", name="pk_contact"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_contact_consultation", "contact", ["consultation"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("consultation", sa.String(length=64), nullable=False),
        sa.Column("sitting", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("pdf_digest", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("signer", sa.String(length=64), nullable=False),
        sa.Column("certificate", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation"], ["consultation.id"], name="fk_document_consultation"
        ),
        sa.ForeignKeyConstraint(["signer"], ["account.id"], name="fk_document_signer"),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
        sa.UniqueConstraint(
            "consultation", "sitting", "kind", name="uq_document_consultation_sitting_kind"
        ),
        sa.UniqueConstraint("number", name="uq_document_number"),
        sa.UniqueConstraint("pdf_digest", name="uq_document_pdf_digest"),
    )
    op.create_index("ix_document_signer", "document", ["signer", "signed_at"], unique=False)
    op.create_table(
        "document_number",
        sa.Column("consultation", sa.String(length=64), nullable=False),
        sa.Column("sitting", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation"], ["consultation.id"], name="fk_document_number_consultation"
        ),
        sa.PrimaryKeyConstraint("consultation", "sitting", "kind", name="pk_document_number"),
        sa.UniqueConstraint("number", name="uq_document_number_number"),
    )
    op.create_table(
        "edit",
        sa.Column("consultation", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("parent", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["consultation"], ["consultation.id"], name="fk_edit_consultation"),
        sa.PrimaryKeyConstraint("consultation", "seq", name="pk_edit"),
    )
    op.create_index("ix_edit_parent", "edit", ["consultation", "parent", "seq"], unique=False)
    op.create_table(
        "item",
        sa.Column("consultation", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["consultation"], ["consultation.id"], name="fk_item_consultation"),
        sa.PrimaryKeyConstraint("consultation", "kind", "name", name="pk_item"),
    )
    op.create_table(
        "supply",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("patient", sa.String(length=64), nullable=False),
        sa.Column("consultation", sa.String(length=64), nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("reported", sa.Boolean(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation"], ["consultation.id"], name="fk_supply_consultation"
        ),
        sa.ForeignKeyConstraint(["patient"], ["patient.id"], name="fk_supply_patient"),
        sa.PrimaryKeyConstraint("seq", name="pk_supply"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_supply_patient", "supply", ["patient"], unique=False)
