"""Schema 10: doubts about who somebody is, what people found, and which photos were seen."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from workstation.adapters.store.migrations.versions.v0001_schema_1 import _append_only

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three tables; the photos of every consultation so far count as seen."""
    id, code, text = sa.String(length=64), sa.String(length=64), sa.Text()
    op.create_table(
        "identity_doubt",
        sa.Column("consultation", id, nullable=False),
        sa.Column("doubt", code, nullable=False),
        sa.Column("other", id, nullable=False),
        sa.Column("patient", id, nullable=False),
        sa.Column("other_patient", id, nullable=False),
        sa.Column("content", text, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation"], ["consultation.id"], name="fk_identity_doubt_consultation"
        ),
        sa.PrimaryKeyConstraint("consultation", "doubt", "other", name="pk_identity_doubt"),
    )
    op.create_index("ix_identity_doubt_patient", "identity_doubt", ["patient"])
    op.create_index("ix_identity_doubt_other_patient", "identity_doubt", ["other_patient"])
    op.create_table(
        "identity_answer",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("consultation", id, nullable=False),
        sa.Column("doubt", code, nullable=False),
        sa.Column("other", id, nullable=False),
        sa.Column("content", text, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation"], ["consultation.id"], name="fk_identity_answer_consultation"
        ),
        sa.PrimaryKeyConstraint("seq", name="pk_identity_answer"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_identity_answer_consultation", "identity_answer", ["consultation"])
    op.create_table(
        "photo_seen",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("consultation", id, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation"], ["consultation.id"], name="fk_photo_seen_consultation"
        ),
        sa.PrimaryKeyConstraint("digest", "consultation", name="pk_photo_seen"),
    )
    _see_photos()
    for table in ("identity_doubt", "identity_answer", "photo_seen"):
        _append_only(table)


def _see_photos() -> None:
    here = op.get_bind()
    stored = here.execute(sa.text("SELECT consultation, content FROM consultation_content"))
    for consultation, content in stored.all():
        digests = {photo["digest"] for photo in json.loads(content)["photos"]}
        for digest in sorted(digests):
            here.execute(
                sa.text("INSERT INTO photo_seen (digest, consultation) VALUES (:d, :c)"),
                {"d": digest, "c": consultation},
            )
