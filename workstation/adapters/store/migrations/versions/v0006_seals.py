"""Schema 6: a keyed seal for every row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of seals; the rows are sealed when a password has opened the key."""
    op.create_table(
        "seal",
        sa.Column("table_name", sa.String(length=64), nullable=False),
        sa.Column("row_key", sa.String(length=512), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("table_name", "row_key", name="pk_seal"),
    )
    op.create_table(
        "seal_total",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("total", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_seal_total"),
    )
