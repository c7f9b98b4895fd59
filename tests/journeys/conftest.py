"""One small clinic is made per run, by whichever worker comes first; every test has its own copy."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from clinic_day import Clinic, DeskClock, copy_of, make_clinic

from tests.kept_children import children_are_kept  # noqa: F401  # a fixture of every file here
from tests.kept_statements import keep_statements
from tests.uncaught import nothing_uncaught  # noqa: F401  # a fixture of every test here
from workstation import bootstrap, showcase
from workstation.adapters.photos.decoder import PhotoDecoder
from workstation.content import catalogue

_PATIENCE_SECONDS = 150

keep_statements()


@pytest.fixture(scope="session")
def base_store(tmp_path_factory: pytest.TempPathFactory, worker: str) -> Path:
    """The store that is copied; making it takes some ten seconds, so workers share it."""
    own = tmp_path_factory.getbasetemp()
    place = (own if worker == "alone" else own.parent) / "clinic-day"
    try:
        place.mkdir()
    except FileExistsError:
        end = time.monotonic() + _PATIENCE_SECONDS
        while not (place / "made").exists():
            assert not (place / "failed").exists(), "another worker could not make the clinic"
            assert time.monotonic() < end, "the worker that makes the clinic did not finish"
            time.sleep(0.1)
        return place / "store"
    try:
        make_clinic(place / "store", place / "packages")
    except BaseException:
        (place / "failed").touch()
        raise
    (place / "made").touch()
    return place / "store"


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """Name of the xdist worker, or ``alone``."""
    given = getattr(request.config, "workerinput", None)
    return "alone" if given is None else str(given["workerid"])


@pytest.fixture
def quick_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    """Content is read once, and decode children start when a photo needs them."""
    monkeypatch.setattr(catalogue, "load", _load_once)
    monkeypatch.setattr(PhotoDecoder, "warm", lambda _: None)


_load_once = cache(catalogue.load)
OpenClinic = Callable[[Path], Clinic]


@pytest.fixture
def open_clinic(quick_opening: None) -> Iterator[OpenClinic]:
    """Opens a store folder with the demonstration's user; closed after the test."""
    opened: list[bootstrap.Opened] = []

    def open_folder(folder: Path, clock: DeskClock | None = None) -> Clinic:
        clock = clock or DeskClock()
        found = bootstrap.open_desk(folder, showcase.LOGIN, showcase.PASSWORD, clock=clock)
        opened.append(found)
        return Clinic(found, clock)

    yield open_folder
    for one in opened:
        one.close()


@pytest.fixture
def clinic(base_store: Path, tmp_path: Path, open_clinic: OpenClinic) -> Clinic:
    """An open copy of the store, signed in as its dermatologist."""
    return open_clinic(copy_of(base_store, tmp_path / "store"))
