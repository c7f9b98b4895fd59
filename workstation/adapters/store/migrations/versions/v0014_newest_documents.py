"""Schema 14: the newest documents are read from an index, however many there are."""

from __future__ import annotations

from alembic import op
from sqlalchemy import TextClause, text

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """In the order in which the Records page lists them."""
    newest = text("signed_at DESC")
    columns: list[str | TextClause] = [newest, "consultation", "sitting", "number"]
    op.create_index("ix_document_newest", "document", columns, unique=False)
