"""One unit-of-work suite, two databases: SQLCipher, and PostgreSQL where its test server installs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from store_world import FixedClock, bare_store

from workstation.adapters.store.unit_of_work import SqlStore


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(params=["sqlcipher", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: FixedClock) -> Iterator[SqlStore]:
    url = None
    if request.param == "postgresql":
        url = _fresh_database(request.getfixturevalue("server"), f"t{abs(hash(request.node.name))}")
    made = bare_store(url, tmp_path, clock)
    yield made
    made.close()


def _fresh_database(server: str, name: str) -> str:
    from sqlalchemy import create_engine, make_url

    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)
