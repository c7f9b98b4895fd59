"""Schema 12: what was erased on request; append-only tables let go of exactly that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workstation.adapters.store.migrations.versions.v0001_schema_1 import _append_only

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_OF_CONSULTATION = "erasure.consultation = OLD.consultation"
LETS_GO = {
    "edit": _OF_CONSULTATION,
    "contact": _OF_CONSULTATION,
    "supply": _OF_CONSULTATION,
    "consultation_content": _OF_CONSULTATION,
    "message": _OF_CONSULTATION,
    "second_read_edit": _OF_CONSULTATION,
    "photo_seen": _OF_CONSULTATION,
    "signed_plan": _OF_CONSULTATION,
    "identity_doubt": f"({_OF_CONSULTATION} OR erasure.consultation = OLD.other)",
    "identity_answer": f"({_OF_CONSULTATION} OR erasure.consultation = OLD.other)",
    "result": "erasure.patient = OLD.patient AND erasure.last_result >= OLD.seq",
    "result_message": "erasure.patient = OLD.patient AND erasure.at >= OLD.received_at",
}


def upgrade() -> None:
    """Add the table, and put its condition on the deletes that an erasure needs."""
    id = sa.String(length=64)
    op.create_table(
        "erasure",
        sa.Column("consultation", id, nullable=False),
        sa.Column("patient", id, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by_user", id, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("last_result", sa.Integer(), nullable=False),
        sa.Column("addresses", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation"], ["consultation.id"], name="fk_erasure_consultation"
        ),
        sa.ForeignKeyConstraint(["by_user"], ["account.id"], name="fk_erasure_by_user"),
        sa.PrimaryKeyConstraint("consultation", name="pk_erasure"),
    )
    op.create_index("ix_erasure_patient", "erasure", ["patient"])
    _append_only("erasure")
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, condition in LETS_GO.items():
        (_on_sqlite if sqlite else _on_server)(table, condition)


def _on_sqlite(table: str, condition: str) -> None:
    op.execute(f"DROP TRIGGER {table}_no_delete")
    op.execute(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
        f"WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE {condition}) "
        "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
    )


def _on_server(table: str, condition: str) -> None:
    op.execute(f"DROP TRIGGER {table}_no_change ON {table}")
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE FUNCTION refuse_{table}_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NOT EXISTS (SELECT 1 FROM erasure WHERE {condition}) THEN "
        "RAISE EXCEPTION 'append-only'; END IF; RETURN OLD; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION refuse_{table}_delete()"
    )
