"""Nothing listens and nothing goes out: a day's work in a network with nothing in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from clinic_day import copy_of

CHILD = Path(__file__).with_name("alone.py")
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the system's own counts are asked"),
    pytest.mark.needs("unshare"),
]


def alone(*words: object) -> dict[str, Any]:
    """What the child's network counted."""
    apart = ["unshare", "--map-root-user", "--net"]
    if subprocess.run([*apart, "true"], check=False, capture_output=True).returncode != 0:
        message = "not run: this system lets nobody make a network of their own"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    done = subprocess.run(
        [*apart, sys.executable, str(CHILD), *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_a_day_from_package_to_signed_document_asks_nothing_of_the_network(
    base_store: Path, tmp_path: Path
) -> None:
    found = alone(copy_of(base_store, tmp_path / "store"), tmp_path)
    assert found.pop("sockets") == []
    assert len(found) >= 7 and set(found.values()) == {0}, found
    assert any((tmp_path / "store" / "outbox").glob("*.pdf"))  # it was signed and exported


def test_the_counts_show_who_knocks_and_who_listens(tmp_path: Path) -> None:
    found = alone(tmp_path, tmp_path, "knock")
    assert found["sockets"] and sum(v for k, v in found.items() if k != "sockets") > 0, found


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_tour_of_the_whole_program_asks_nothing_of_the_network(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    found = alone(tmp_path / "home", tmp_path / "tour", "tour")
    assert found.pop("sockets") == [] and set(found.values()) == {0}, found
