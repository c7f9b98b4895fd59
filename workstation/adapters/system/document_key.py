"""The clinic's document key: Ed25519, whose seed is derived from the store key and kept nowhere.

It signs what QR codes state. Ed25519 is deterministic, so a page is drawn byte for byte the same
each time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def _private(seed: bytes) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(seed)


def public(seed: bytes) -> bytes:
    """The public half, 32 bytes."""
    return _private(seed).public_key().public_bytes_raw()


def signed(seed: bytes, content: bytes) -> bytes:
    """64 bytes over ``content``."""
    return _private(seed).sign(content)
