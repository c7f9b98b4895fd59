"""One vault file: AES-256-GCM with a random nonce, bound to its address by associated data."""

from __future__ import annotations

import hashlib
import hmac
import os
import re

from workstation.domain.errors import Corrupt
from workstation.domain.ids import VaultAddress

MAGIC = b"DWV1"
NONCE = 12
TAG = 16
OVERHEAD = len(MAGIC) + NONCE + TAG
_ADDRESS = re.compile(r"[0-9a-f]{64}\Z")


def address_of(content: bytes, address_key: bytes) -> VaultAddress:
    """HMAC-SHA256 of the content, 64 hexadecimal digits: without the key it tells nothing."""
    return VaultAddress(hmac.new(address_key, content, hashlib.sha256).hexdigest())


def is_address(text: str) -> bool:
    """Whether ``text`` has the form of an address (so that it can be a file name)."""
    return bool(_ADDRESS.match(text))


def seal(content: bytes, address: VaultAddress, key: bytes) -> bytes:
    """The file's bytes: magic, nonce, ciphertext with tag. ``key`` has 32 bytes."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(NONCE)
    return b"".join((MAGIC, nonce, AESGCM(key).encrypt(nonce, content, _bound(address))))


def open_sealed(sealed: bytes, address: VaultAddress, key: bytes, address_key: bytes) -> bytes:
    """The content of a file's bytes.

    Raises:
        Corrupt: ``vault.blob.damaged`` when anything in it was changed, cut or exchanged.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if len(sealed) < OVERHEAD or not sealed.startswith(MAGIC):
        raise Corrupt("vault.blob.damaged", address=address)
    view = memoryview(sealed)
    nonce, body = view[len(MAGIC) : len(MAGIC) + NONCE], view[len(MAGIC) + NONCE :]
    try:
        content = AESGCM(key).decrypt(nonce, body, _bound(address))
    except InvalidTag as error:
        raise Corrupt("vault.blob.damaged", address=address) from error
    if not hmac.compare_digest(address_of(content, address_key), address):
        raise Corrupt("vault.blob.damaged", address=address)
    return content


def _bound(address: VaultAddress) -> bytes:
    return MAGIC + address.encode("ascii")
