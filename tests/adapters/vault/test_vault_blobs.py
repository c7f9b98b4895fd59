"""Vault files: what was put comes back, or it is said what is wrong; nothing is readable."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.adapters.system.durable import Durable
from workstation.adapters.vault import cipher
from workstation.adapters.vault.blobs import FolderVault
from workstation.domain.errors import Corrupt
from workstation.domain.ids import VaultAddress

KEY, ADDRESS_KEY = b"k" * 32, b"a" * 32


def _vault(folder: Path, key: bytes = KEY) -> FolderVault:
    return FolderVault(folder, key=key, address_key=ADDRESS_KEY, durable=Durable())


def _only(folder: Path) -> Path:
    return next(p for p in folder.rglob("*") if p.is_file())


def _code(action) -> str:
    with pytest.raises(Corrupt) as caught:
        action()
    return caught.value.code


def test_the_same_content_is_one_file(tmp_path: Path) -> None:
    vault = _vault(tmp_path)
    address = vault.put(b"content")
    assert vault.put(b"content") == address
    assert vault.get(address) == b"content"
    assert vault.put(b"") != address
    assert vault.get(vault.put(b"")) == b""
    assert len(list(vault.addresses())) == 2
    vault.remove(address)
    vault.remove(address)
    assert _code(lambda: vault.get(address)) == "vault.blob.missing"


@settings(max_examples=50, deadline=None)
@given(content=st.binary(max_size=300), at=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_any_flipped_byte_is_found(content: bytes, at: int, flip: int) -> None:
    address = cipher.address_of(content, ADDRESS_KEY)
    sealed = bytearray(cipher.seal(content, address, KEY))
    assert cipher.open_sealed(bytes(sealed), address, KEY, ADDRESS_KEY) == content
    sealed[at % len(sealed)] ^= flip
    assert (
        _code(lambda: cipher.open_sealed(bytes(sealed), address, KEY, ADDRESS_KEY))
        == "vault.blob.damaged"
    )


@pytest.mark.parametrize("length", [0, 3, 4, 16, 31, 32, 50, -1])
def test_truncated_files_are_damaged(tmp_path: Path, length: int) -> None:
    vault = _vault(tmp_path)
    address = vault.put(b"x" * 100)
    path = _only(tmp_path)
    path.write_bytes(path.read_bytes()[:length])
    assert _code(lambda: vault.get(address)) == "vault.blob.damaged"
    assert vault.put(b"x" * 100) == address  # storing it anew repairs it
    assert vault.get(address) == b"x" * 100


def test_exchanged_files_and_wrong_keys_are_damaged(tmp_path: Path) -> None:
    vault = _vault(tmp_path)
    one, two = vault.put(b"one"), vault.put(b"two")
    (tmp_path / one[:2] / one).write_bytes((tmp_path / two[:2] / two).read_bytes())
    assert _code(lambda: vault.get(one)) == "vault.blob.damaged"
    assert _code(lambda: _vault(tmp_path, b"z" * 32).get(two)) == "vault.blob.damaged"


@pytest.mark.parametrize(
    "address", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n", "0" * 64]
)
def test_addresses_never_leave_the_folder(tmp_path: Path, address: str) -> None:
    assert _code(lambda: _vault(tmp_path).get(VaultAddress(address))) == "vault.blob.missing"


def test_nonces_differ_and_content_is_hidden(tmp_path: Path) -> None:
    address = cipher.address_of(b"content", ADDRESS_KEY)
    assert cipher.seal(b"content", address, KEY) != cipher.seal(b"content", address, KEY)
    vault = _vault(tmp_path)
    vault.put(b"\xff\xd8\xff\xe0 Quillfeather" * 99)
    raw = _only(tmp_path).read_bytes()
    assert b"Quillfeather" not in raw and b"\xff\xd8\xff" not in raw
    if os.name == "posix":
        assert _only(tmp_path).stat().st_mode & 0o077 == 0


def test_the_address_tells_nothing_without_its_key() -> None:
    assert cipher.address_of(b"x", b"1" * 32) != cipher.address_of(b"x", b"2" * 32)
