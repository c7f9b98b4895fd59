"""Schema 7: second readings, a journal of their own beside the draft's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workstation.adapters.store.migrations.versions.v0001_schema_1 import _append_only

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the journal."""
    op.create_table(
        "second_read_edit",
        sa.Column("consultation", sa.String(length=64), nullable=False),
        sa.Column("reader", sa.String(length=64), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation"], ["consultation.id"], name="fk_second_read_edit_consultation"
        ),
        sa.ForeignKeyConstraint(["reader"], ["account.id"], name="fk_second_read_edit_reader"),
        sa.PrimaryKeyConstraint(
            "consultation", "reader", "round", "seq", name="pk_second_read_edit"
        ),
    )
    _append_only("second_read_edit")
