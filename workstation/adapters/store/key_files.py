"""A clinic's sealed file and wrapped keys on its server, shared by all stations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, delete, insert, select, update

from workstation.adapters.store.engine import transaction
from workstation.adapters.store.schema import key_file

_LOCK = 0x6B657973  # one fixed number for all stations


class ServerKeyFiles:
    """The port ``KeyFiles`` on a server (and, for tests, on any database of the store)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self, name: str) -> bytes:
        """The content; raises FileNotFoundError."""
        with transaction(self._engine, write=False) as connection:
            found = connection.scalar(select(key_file.c.content).where(key_file.c.name == name))
        if found is None:
            raise FileNotFoundError(name)
        return bytes(found)

    def write(self, name: str, content: bytes) -> None:
        """Put ``content`` under ``name``; committed before returning."""
        with transaction(self._engine, write=True) as connection:
            changed = connection.execute(
                update(key_file).where(key_file.c.name == name).values(content=content)
            )
            if changed.rowcount == 0:
                connection.execute(insert(key_file).values(name=name, content=content))

    def remove(self, name: str) -> None:
        """Remove a file; fine when it is gone."""
        with transaction(self._engine, write=True) as connection:
            connection.execute(delete(key_file).where(key_file.c.name == name))

    def names(self) -> tuple[str, ...]:
        """All names but the sealed file's, in order."""
        with transaction(self._engine, write=False) as connection:
            found = connection.scalars(select(key_file.c.name)).all()
        return tuple(sorted(name for name in found if name.startswith("keys/")))

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the clinic's one lock for keys until the block ends, or the connection does."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({_LOCK})")
            try:
                yield
            finally:
                connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_LOCK})")
                connection.rollback()
