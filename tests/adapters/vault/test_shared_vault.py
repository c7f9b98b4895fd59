"""The clinic's shared folder goes away: said within five seconds, at once after that, and mended by itself."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workstation.adapters.system.durable import Durable
from workstation.adapters.vault import shared
from workstation.adapters.vault.shared import GONE_SECONDS, SharedVault
from workstation.domain.errors import Corrupt, WorkstationError

KEYS = {"key": b"v" * 32, "address_key": b"a" * 32}


class Network:
    """Answers while it is up."""

    def __init__(self) -> None:
        self.asked = 0
        self.up = threading.Event()
        self.up.set()

    def __call__(self, folder: Path) -> None:
        self.asked += 1
        self.up.wait()


@pytest.fixture
def network() -> Iterator[Network]:
    made = Network()
    yield made
    made.up.set()


@pytest.fixture
def vault(tmp_path: Path, network: Network) -> SharedVault:
    (tmp_path / "share").mkdir()
    made = SharedVault(tmp_path / "share", **KEYS, durable=Durable(), answers=network)
    made.prepare()
    return made


def gone(act: Callable[[], object]) -> None:
    with pytest.raises(WorkstationError) as caught:
        act()
    assert caught.value.code == "vault.share.gone"


def test_it_keeps_and_gives_as_any_vault(vault: SharedVault) -> None:
    address = vault.put(b"one photo")
    assert vault.get(address) == b"one photo" and list(vault.addresses()) == [address]
    assert b"one photo" not in vault.sealed(address)
    vault.remove(address)
    with pytest.raises(Corrupt, match=r"vault\.blob\.missing"):
        vault.get(address)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a file whose opening waits")
def test_a_share_that_does_not_answer_is_said_in_time_and_comes_back(
    vault: SharedVault, network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe stands where a photo was: opening it waits for ever, as a file of a lost share does."""
    monkeypatch.setattr(shared, "_WATCHED_AFTER", 0.05)
    monkeypatch.setattr(shared, "_MAY_THINK", 0.15)
    address = vault.put(b"one photo")
    other = vault.put(b"another")
    path = tmp_path / "share" / address[:2] / address
    real = path.with_name("real")
    path.rename(real)
    os.mkfifo(path)
    network.up.clear()
    threads = threading.active_count()
    gone(lambda: vault.get(address))
    for act in (lambda: vault.get(other), lambda: vault.put(b"third"), vault.addresses):
        gone(act)
    assert network.asked == 1  # nobody waits again for what is known to be gone
    assert threading.active_count() <= threads + 2  # nor do the waiting ones pile up
    network.up.set()
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            assert vault.get(other) == b"another"
            break
        except WorkstationError:
            time.sleep(0.01)
    else:
        raise AssertionError("it did not come back")
    real.replace(path)
    assert vault.get(address) == b"one photo"


def test_the_seconds_fit_into_the_promise() -> None:
    assert shared._WATCHED_AFTER + shared._MAY_THINK < GONE_SECONDS <= 5


def test_a_slow_share_that_answers_is_waited_for(
    vault: SharedVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "_WATCHED_AFTER", 0.02)
    monkeypatch.setattr(shared, "_MAY_THINK", 5.0)
    usual = Durable.write

    def slowly(self: Durable, path: Path, content: bytes) -> None:
        time.sleep(0.2)
        usual(self, path, content)

    monkeypatch.setattr(Durable, "write", slowly)
    assert vault.get(vault.put(b"over a thin line")) == b"over a thin line"


def test_an_unmounted_share_is_gone_and_nothing_is_written_into_its_mount_point(
    vault: SharedVault, tmp_path: Path
) -> None:
    address = vault.put(b"one photo")
    (tmp_path / "share").rename(tmp_path / "away")
    (tmp_path / "share").mkdir()
    for act in (lambda: vault.get(address), lambda: vault.put(b"x"), vault.addresses):
        gone(act)
    assert list((tmp_path / "share").iterdir()) == []
    (tmp_path / "share").rmdir()
    gone(lambda: vault.get(address))
    (tmp_path / "away").rename(tmp_path / "share")
    assert vault.get(address) == b"one photo"


@pytest.mark.parametrize("number", [errno.ENOTCONN, errno.EIO, errno.ESTALE])
def test_a_share_that_breaks_off_in_the_middle_says_nothing_about_its_files(
    vault: SharedVault, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """As a dead server's mount behaves: the file is not damaged, nor missing; the share is gone."""
    address = vault.put(b"one photo")

    def breaks(*_: object, **__: object) -> bytes:
        raise OSError(number, os.strerror(number))

    acts = {
        "read_bytes": (lambda: vault.get(address), lambda: vault.sealed(address)),
        "stat": (lambda: vault.get(address), lambda: vault.put(b"another")),
    }
    for name, tried in acts.items():
        with monkeypatch.context() as broken:
            broken.setattr(Path, name, breaks)
            for act in tried:
                gone(act)
    assert vault.get(address) == b"one photo"
