"""The Labs board: signed plans, messages of results, what is unread, and the rows shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Four tables and one index; plans signed before this are not known and come with the next."""
    text = sa.Text()
    id, code, long = sa.String(length=64), sa.String(length=64), sa.String(length=255)
    op.create_table(
        "signed_plan",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("patient", id, nullable=False),
        sa.Column("consultation", id, nullable=False),
        sa.Column("signer", id, nullable=False),
        sa.Column("signed_at", sa.BigInteger(), nullable=False),
        sa.Column("content", text, nullable=False),
        sa.ForeignKeyConstraint(["patient"], ["patient.id"], name="fk_signed_plan_patient"),
        sa.ForeignKeyConstraint(
            ["consultation"], ["consultation.id"], name="fk_signed_plan_consultation"
        ),
        sa.ForeignKeyConstraint(["signer"], ["account.id"], name="fk_signed_plan_signer"),
        sa.PrimaryKeyConstraint("seq", name="pk_signed_plan"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_signed_plan_patient", "signed_plan", ["patient"])
    op.create_table(
        "result_message",
        sa.Column("source_system", long, nullable=False),
        sa.Column("source_external_id", long, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("patient", id, nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["patient"], ["patient.id"], name="fk_result_message_patient"),
        sa.PrimaryKeyConstraint("source_system", "source_external_id", name="pk_result_message"),
    )
    op.create_table(
        "unread_result",
        sa.Column("result", id, nullable=False),
        sa.Column("patient", id, nullable=False),
        sa.ForeignKeyConstraint(["result"], ["result.id"], name="fk_unread_result_result"),
        sa.ForeignKeyConstraint(["patient"], ["patient.id"], name="fk_unread_result_patient"),
        sa.PrimaryKeyConstraint("result", name="pk_unread_result"),
    )
    op.create_index("ix_unread_result_patient", "unread_result", ["patient"])
    op.create_table(
        "due",
        sa.Column("patient", id, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("consultation", id, nullable=False),
        sa.Column("signer", id, nullable=False),
        sa.Column("is_read", sa.Boolean(), nullable=False),
        sa.Column("lane", code, nullable=False),
        sa.Column("role", code, nullable=False),
        sa.Column("is_after", sa.Boolean(), nullable=False),
        sa.Column("tests", text, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("window_first", sa.Date(), nullable=False),
        sa.Column("window_last", sa.Date(), nullable=False),
        sa.Column("shown_from", sa.Date(), nullable=False),
        sa.Column("shown_to", sa.Date(), nullable=False),
        sa.Column("result", id, nullable=True),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("last_dose", sa.Date(), nullable=True),
        sa.Column("readings", text, nullable=False),
        sa.Column("family", text, nullable=False),
        sa.Column("given", text, nullable=False),
        sa.Column("born", sa.Date(), nullable=False),
        sa.Column("sex", code, nullable=False),
        sa.Column("external_id", long, nullable=False),
        sa.Column("search_text", text, nullable=False),
        sa.ForeignKeyConstraint(["patient"], ["patient.id"], name="fk_due_patient"),
        sa.PrimaryKeyConstraint("patient", "position", name="pk_due"),
    )
    op.create_index("ix_due_shown", "due", ["shown_from", "shown_to"])
    op.create_index("ix_consultation_record", "consultation", ["external_id", "born"])
    for table in ("signed_plan", "result_message"):
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
