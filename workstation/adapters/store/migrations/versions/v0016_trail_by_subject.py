"""Schema 16: what the trail says of one subject is found by an index."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The entries themselves stay as they are."""
    op.create_index("ix_audit_subject", "audit", ["subject", "action", "seq"], unique=False)
