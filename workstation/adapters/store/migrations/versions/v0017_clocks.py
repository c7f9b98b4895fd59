"""Schema 17: since when the target of a consultation's level runs, where not since it was sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is open keeps the clock that it has: since it was sent."""
    for name in ("clock_from", "raised_at"):
        op.add_column("consultation", sa.Column(name, sa.BigInteger(), nullable=True))
