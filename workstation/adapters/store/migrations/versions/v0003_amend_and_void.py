"""Amended and void documents, consultations opened again, and supplies that name their prescription."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables and one column; supplies signed so far get the prescription they came with."""
    op.create_table(
        "document_end",
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("by_document", sa.String(length=64), nullable=False),
        sa.Column("reason_code", sa.String(length=64), nullable=False),
        sa.Column("reason_text", sa.Text(), nullable=False),
        sa.Column("by_user", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="fk_document_end_document"),
        sa.ForeignKeyConstraint(
            ["by_document"], ["document.id"], name="fk_document_end_by_document"
        ),
        sa.ForeignKeyConstraint(["by_user"], ["account.id"], name="fk_document_end_by_user"),
        sa.PrimaryKeyConstraint("document", name="pk_document_end"),
    )
    op.create_table(
        "amendment",
        sa.Column("consultation", sa.String(length=64), nullable=False),
        sa.Column("sitting", sa.Integer(), nullable=False),
        sa.Column("reason_code", sa.String(length=64), nullable=False),
        sa.Column("reason_text", sa.Text(), nullable=False),
        sa.Column("by_user", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("edit_cursor", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("returns_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation"], ["consultation.id"], name="fk_amendment_consultation"
        ),
        sa.ForeignKeyConstraint(["by_user"], ["account.id"], name="fk_amendment_by_user"),
        sa.PrimaryKeyConstraint("consultation", name="pk_amendment"),
    )
    op.add_column("supply", sa.Column("document", sa.String(length=64), nullable=True))
    _name_prescriptions()
    _append_only("document_end")


def _name_prescriptions() -> None:
    """Until now a consultation had one prescription at most, so its supply came with that one."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(
        "DROP TRIGGER supply_no_update" if sqlite else "DROP TRIGGER supply_no_change ON supply"
    )
    op.execute(
        "UPDATE supply SET document = (SELECT id FROM document WHERE "
        "document.consultation = supply.consultation AND document.kind = 'prescription') "
        "WHERE NOT reported"
    )
    if sqlite:
        op.execute(
            "CREATE TRIGGER supply_no_update BEFORE UPDATE ON supply "
            "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        )
    else:
        op.execute(
            "CREATE TRIGGER supply_no_change BEFORE UPDATE OR DELETE ON supply "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


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
