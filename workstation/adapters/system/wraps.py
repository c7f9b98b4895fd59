"""Key wrapping and key derivation: AES-256-GCM under a key, HKDF for one key per purpose."""

from __future__ import annotations

import json
import os

from workstation.domain.errors import Corrupt

KEY_BYTES = 32
_NONCE = 12


def new_key() -> bytes:
    """32 random bytes."""
    return os.urandom(KEY_BYTES)


def wrap(key: bytes, secret: bytes, bound: tuple[str, ...]) -> bytes:
    """``secret`` encrypted under ``key``: nonce and ciphertext, usable only with equal ``bound``."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, secret, _bytes(bound))


def unwrap(key: bytes, wrapped: bytes, bound: tuple[str, ...]) -> bytes:
    """The secret of ``wrap``.

    Raises:
        Corrupt: ``store.key.wrap`` when the key, the bytes or what they are bound to differ.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _bytes(bound))
    except (InvalidTag, ValueError) as error:
        raise Corrupt("store.key.wrap") from error


def subkey(key: bytes, purpose: str) -> bytes:
    """The 32-byte key for one purpose, by HKDF-SHA256; purposes cannot be told from each other."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    label = f"derm-workstation/1/{purpose}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=label).derive(key)


def mark(key: bytes, text: str) -> str:
    """HMAC-SHA256 of ``text``, hexadecimal."""
    import hmac

    return hmac.new(key, text.encode(), "sha256").hexdigest()


def _bytes(bound: tuple[str, ...]) -> bytes:
    return json.dumps(bound, separators=(",", ":")).encode()
