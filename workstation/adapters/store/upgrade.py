"""Bring a database to the newest schema in one transaction: old or new, never between."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from workstation.adapters.store.engine import is_current, transaction
from workstation.adapters.store.schema import HEAD
from workstation.domain.errors import Refused, WorkstationError


def upgrade(engine: Engine) -> bool:
    """Run what is missing; whether anything was.

    Raises:
        Refused: ``store.schema.newer`` when a newer program wrote the database.
    """
    if is_current(engine, HEAD):
        return False
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option(
        "script_location", str(Path(__file__).parent / "migrations").replace("%", "%%")
    )
    with transaction(engine, write=True) as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, HEAD)
        except CommandError as error:
            if "Can't locate revision" in str(error):
                raise Refused("store.schema.newer") from error
            raise WorkstationError("store.schema.failed") from error
    return True
