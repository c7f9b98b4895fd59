"""Later versions of a consultation that its sender sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table; what was received before stays the first version."""
    op.create_table(
        "consultation_version",
        sa.Column("consultation", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("package_digest", sa.String(length=64), nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("differences", sa.Text(), nullable=False),
        sa.Column("seen_by", sa.String(length=64), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation"], ["consultation.id"], name="fk_consultation_version_consultation"
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["account.id"], name="fk_consultation_version_seen_by"
        ),
        sa.PrimaryKeyConstraint("consultation", "number", name="pk_consultation_version"),
    )
