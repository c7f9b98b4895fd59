"""Schema 15: a search of the queue reads an index alone, in the order of the queue."""

from __future__ import annotations

from alembic import op
from sqlalchemy import TextClause, text

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_NAME, _TABLE = "ix_consultation_queue", "consultation"


def upgrade() -> None:
    """The same index with the searched text at its end; a server keeps the one it has."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.drop_index(_NAME, _TABLE)
    queue: list[str | TextClause] = [
        "is_open",
        text("level DESC"),
        "deadline",
        "submitted_at",
        "id",
    ]
    op.create_index(_NAME, _TABLE, [*queue, "search_text"], unique=False)
