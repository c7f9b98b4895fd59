"""One unit-of-work suite, two databases: SQLCipher, and PostgreSQL where its test server installs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from store_world import FixedClock, bare_store, drop_database, fresh_database

from tests.kept_statements import keep_statements
from workstation.adapters.store.unit_of_work import SqlStore

keep_statements()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(params=["sqlcipher", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: FixedClock) -> Iterator[SqlStore]:
    url = None
    if request.param == "postgresql":
        url = fresh_database(request.getfixturevalue("server"), f"t{abs(hash(request.node.name))}")
    made = bare_store(url, tmp_path, clock)
    yield made
    made.close()
    if url is not None:
        drop_database(url)
