"""Schema 13: the counts beside the queue are read from an index of what is open."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_NAME, _TABLE = "ix_consultation_counts", "consultation"


def upgrade() -> None:
    """The same index with ``is_open`` before the rest."""
    op.drop_index(_NAME, _TABLE)
    columns = ["is_open", "status", "level", "request", "claim_user", "claim_until"]
    op.create_index(_NAME, _TABLE, columns, unique=False)
