"""Time stamps on signed documents, added authorities, and revoked signing certificates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three tables that only grow."""
    id, code = sa.String(length=64), sa.String(length=64)
    digest = sa.String(length=64)
    op.create_table(
        "document_stamp",
        sa.Column("document", id, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("pdf_digest", digest, nullable=False),
        sa.Column("address", digest, nullable=False),
        sa.Column("by_user", id, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="fk_document_stamp_document"),
        sa.ForeignKeyConstraint(["by_user"], ["account.id"], name="fk_document_stamp_by_user"),
        sa.PrimaryKeyConstraint("document", "position", name="pk_document_stamp"),
        sa.UniqueConstraint("pdf_digest", name="uq_document_stamp_pdf_digest"),
    )
    op.create_table(
        "anchor",
        sa.Column("fingerprint", digest, nullable=False),
        sa.Column("purpose", code, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("by_user", id, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["by_user"], ["account.id"], name="fk_anchor_by_user"),
        sa.PrimaryKeyConstraint("fingerprint", "purpose", name="pk_anchor"),
    )
    op.create_table(
        "revocation",
        sa.Column("serial", sa.String(length=64), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("reason", code, nullable=False),
        sa.Column("by_user", id, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["by_user"], ["account.id"], name="fk_revocation_by_user"),
        sa.PrimaryKeyConstraint("serial", name="pk_revocation"),
    )
    for table in ("document_stamp", "anchor", "revocation"):
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
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
