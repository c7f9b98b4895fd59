"""Schema 5: messages sent to patients, and the triage level that somebody set by hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workstation.adapters.store.migrations.versions.v0001_schema_1 import _append_only

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the columns; levels so far are those that came in."""
    op.add_column("consultation", sa.Column("level_received", sa.Integer(), nullable=True))
    op.execute("UPDATE consultation SET level_received = level")
    op.add_column("consultation", sa.Column("level_change", sa.Text(), nullable=True))
    op.create_table(
        "message",
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("consultation", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation"], ["consultation.id"], name="fk_message_consultation"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_message"),
    )
    op.create_index("ix_message_consultation", "message", ["consultation"], unique=False)
    _append_only("message")
