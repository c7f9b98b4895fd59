"""Signing keys on PKCS#11 tokens: smart cards, USB keys, hardware modules.

The key never leaves the token. What the store keeps is where it is and its certificates, encrypted
under the account's secret, so that nobody can put another module in its place. The token's PIN is
kept nowhere: it is typed at each signature, as the signing PIN.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import load_der_public_key

from workstation.adapters.documents import chain as chains
from workstation.adapters.documents.chain import Chain
from workstation.adapters.documents.own_keys import marked
from workstation.adapters.documents.signature import DIGEST, canonical_value, mechanism
from workstation.adapters.documents.trust import hex_serial
from workstation.domain.errors import Corrupt, Refused, WorkstationError
from workstation.workflow.ports import TokenPlace

MAGIC = b"derm-workstation token 1\n"
_NONCE = 12


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key on a token; ``session`` is open while a signature is made, and only then."""

    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...]
    place: TokenPlace
    key_id: bytes
    session: Any = field(default=None, repr=False, compare=False)

    @property
    def serial(self) -> str:
        """Certificate serial, hexadecimal."""
        return hex_serial(self.certificate)

    @property
    def expires(self) -> datetime:
        """End of validity."""
        return self.certificate.not_valid_after_utc

    @property
    def demonstration(self) -> bool:
        """Whether it is a demonstration's."""
        return marked(self.certificate)

    @property
    def on_token(self) -> bool:
        """Whether the signing PIN is a token's own."""
        return True

    @contextmanager
    def ready(self, pin: str) -> Iterator[TokenKey]:
        """The key with its token open, for as long as the block runs.

        Raises:
            WorkstationError: ``token.library``, ``token.absent``, ``token.pin``,
                ``token.pin.locked``, ``token.fault``.
        """
        with open_token(self.place, pin) as session:
            yield replace(self, session=session)

    async def value(self, data: bytes) -> bytes:
        """The signature value over ``data``, as it stands in the CMS.

        Raises:
            WorkstationError: ``token.key`` when the key is not on the token any more,
                ``token.fault``.
        """
        from asn1crypto import algos
        from pkcs11.exceptions import PKCS11Error
        from pyhanko.sign.general import SigningError
        from pyhanko.sign.pkcs11 import PKCS11Signer

        if self.session is None:
            raise WorkstationError("token.closed")
        public = self.certificate.public_key()
        signer = PKCS11Signer(
            self.session,
            signing_cert=chains.asn1(self.certificate),
            ca_chain=(),
            key_id=self.key_id,
            use_raw_mechanism=True,
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": mechanism(public)}),
        )
        try:
            made = await signer.async_sign_raw(data, DIGEST)
        except SigningError as error:
            raise WorkstationError("token.key") from error
        except PKCS11Error as error:
            raise WorkstationError("token.fault") from error
        return canonical_value(bytes(made), public)


@contextmanager
def open_token(place: TokenPlace, pin: str) -> Iterator[Any]:
    """A session on the token of that label, logged in.

    Raises:
        WorkstationError: ``token.library`` (not installed, or no PKCS#11 module),
            ``token.absent``, ``token.pin``, ``token.pin.locked``, ``token.fault``.
    """
    try:
        from pkcs11 import exceptions as failures
        from pyhanko.config.pkcs11 import TokenCriteria
        from pyhanko.sign.pkcs11 import open_pkcs11_session
    except ImportError as error:
        raise WorkstationError("token.library.missing") from error
    if not Path(place.module).is_file():
        raise WorkstationError("token.library", module=place.module)
    try:
        session = open_pkcs11_session(
            place.module, token_criteria=TokenCriteria(label=place.label), user_pin=pin
        )
    except (failures.PinIncorrect, failures.PinInvalid, failures.PinLenRange) as error:
        raise WorkstationError("token.pin") from error
    except failures.PinLocked as error:
        raise WorkstationError("token.pin.locked") from error
    except (failures.PKCS11Error, RuntimeError) as error:
        found = "No token" in str(error) or isinstance(
            error, (failures.TokenNotPresent, failures.TokenNotRecognised)
        )
        code = "token.absent" if found else "token.library"
        raise WorkstationError(code, label=place.label, module=place.module) from error
    try:
        yield session
    finally:
        session.close()


def found(place: TokenPlace, pin: str) -> tuple[bytes, Any, list[x509.Certificate]]:
    """(key id, its public key or None, all certificates) of the one signing key on a token.

    Raises:
        WorkstationError: as ``open_token``. Refused: ``token.key.none``, ``token.key.several``.
    """
    with open_token(place, pin) as session:
        from pkcs11 import Attribute, ObjectClass

        certificates = [
            x509.load_der_x509_certificate(bytes(one[Attribute.VALUE]))
            for one in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
        ]
        keys = {
            bytes(one[Attribute.ID]): one
            for one in session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
            if place.key in ("", str(one[Attribute.LABEL]))
        }
        public = {
            bytes(one[Attribute.ID]): _public(one)
            for one in session.get_objects({Attribute.CLASS: ObjectClass.PUBLIC_KEY})
        }
    if not keys:
        raise Refused("token.key.none", label=place.label)
    if len(keys) > 1:
        raise Refused("token.key.several", label=place.label)
    (key_id,) = keys
    return key_id, public.get(key_id), certificates


def _public(held: Any) -> Any:
    from pkcs11 import KeyType
    from pkcs11.util.ec import encode_ec_public_key
    from pkcs11.util.rsa import encode_rsa_public_key

    if held.key_type is KeyType.EC:
        return load_der_public_key(encode_ec_public_key(held))
    if held.key_type is KeyType.RSA:
        return load_der_public_key(encode_rsa_public_key(held))
    return None


def packed(key: TokenKey, secret: bytes) -> bytes:
    """What the store keeps of a token's key."""
    plain = json.dumps(
        {
            "module": key.place.module,
            "label": key.place.label,
            "key": key.place.key,
            "id": key.key_id.hex(),
            "chain": base64.b64encode(Chain(key.certificate, key.above).der).decode(),
        }
    ).encode()
    nonce = os.urandom(_NONCE)
    return MAGIC + nonce + AESGCM(_key(secret)).encrypt(nonce, plain, MAGIC)


def unpacked(content: bytes, secret: bytes) -> TokenKey:
    """The key that ``packed`` describes; raises Corrupt ``signing.key.closed``."""
    sealed = content[len(MAGIC) :]
    try:
        plain = AESGCM(_key(secret)).decrypt(sealed[:_NONCE], sealed[_NONCE:], MAGIC)
        held = json.loads(plain)
        chain = chains.parted(base64.b64decode(held["chain"]))
    except (InvalidTag, ValueError, KeyError, IndexError) as error:
        raise Corrupt("signing.key.closed") from error
    place = TokenPlace(held["module"], held["label"], held["key"])
    return TokenKey(chain.leaf, chain.above, place, bytes.fromhex(held["id"]))


def _key(secret: bytes) -> bytes:
    return hashlib.sha256(MAGIC + secret).digest()
