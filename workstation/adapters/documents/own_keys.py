"""Keys that come from outside: a PKCS#12 file with its chain, read once and packed anew.

What is kept is encrypted under a random secret of the account; the file's own password is
forgotten with the call.
"""

from __future__ import annotations

from datetime import datetime

from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import KeySerializationEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization import pkcs12 as packing

from workstation.adapters.documents import chain as chains
from workstation.adapters.documents.chain import Chain
from workstation.adapters.documents.trust import common_name, hex_serial, is_demonstration
from workstation.domain.errors import Refused
from workstation.workflow.ports import AdoptedKey

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
LARGEST = 256 * 1024  # bytes of a PKCS#12 file; one with a long chain has about 10,000


def opened(content: bytes, password: str) -> tuple[PrivateKey, Chain]:
    """Key and chain of somebody's PKCS#12.

    Raises:
        Refused: ``key.import.unreadable`` (no PKCS#12), ``key.import.password``,
            ``key.import.empty`` (no key or no certificate), ``key.import.pair`` (the certificate
            is of another key), ``key.import.weak``, ``key.import.chain``,
            ``key.import.self_signed``.
    """
    try:
        if len(content) > LARGEST:
            raise ValueError("size")
        _ = asn1_pkcs12.Pfx.load(content, strict=True)["auth_safe"].native  # parsed
    except (ValueError, TypeError) as error:
        raise Refused("key.import.unreadable") from error
    try:
        packed = packing.load_pkcs12(content, password.encode() or None)
    except (ValueError, TypeError) as error:
        raise Refused("key.import.password") from error
    key, others = packed.key, [one.certificate for one in packed.additional_certs]
    leaf = packed.cert.certificate if packed.cert is not None else None
    if key is None or (leaf is None and not others):
        raise Refused("key.import.empty")
    if not isinstance(key, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey)):
        raise Refused("key.import.weak")
    if leaf is None or leaf.public_key() != key.public_key():
        raise Refused("key.import.pair")
    return key, chains.build(leaf, others)


def kept(key: PrivateKey, chain: Chain, password: bytes) -> bytes:
    """The PKCS#12 that the store keeps, under the text of a random secret."""
    return packing.serialize_key_and_certificates(
        b"signing", key, chain.leaf, chain.above, under(password)
    )


def under(password: bytes) -> KeySerializationEncryption:
    """How a PKCS#12 is encrypted under the text of 32 random bytes: AES-256.

    Deriving its key slowly protects passwords that people choose. These cannot be guessed, and it
    would cost each signing in a twelfth of a second.
    """
    how = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(1).hmac_hash(hashes.SHA256())
    return how.key_cert_algorithm(packing.PBES.PBESv2SHA256AndAES256CBC).build(password)


def check_kind(chain: Chain, *, demonstration: bool) -> None:
    """Refuse a demonstration's certificate in a clinic's store, and a real one in a demonstration.

    Raises:
        Refused: ``key.import.kind``, ``key.import.kind.demonstration``.
    """
    if marked(chain.leaf) == demonstration:
        return
    raise Refused("key.import.kind.demonstration" if demonstration else "key.import.kind")


def marked(certificate: x509.Certificate) -> bool:
    """Whether a certificate carries a demonstration's mark."""
    try:
        return is_demonstration(certificate)
    except Refused:
        return False


def told(chain: Chain, *, ours: bool, where: str = "") -> AdoptedKey:
    """What the records keep of a key; ``where`` names its token."""
    leaf = chain.leaf
    return AdoptedKey(
        serial=hex_serial(leaf),
        name=common_name(leaf)[:255],
        issuer=common_name(chain.above[0])[:255] or chain.above[0].subject.rfc4514_string()[:255],
        expires=leaf.not_valid_after_utc,
        fingerprint=leaf.fingerprint(hashes.SHA256()).hex(),
        chain=b"" if ours else chain.der,
        where=where,
    )


def check(chain: Chain, owner: str, now: datetime, *, demonstration: bool) -> None:
    """Refuse what must not sign here; raises Refused ``key.import.*``."""
    check_kind(chain, demonstration=demonstration)
    chains.check(chain, owner, now)
