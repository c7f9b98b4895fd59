"""Certificates that a clinic did not issue itself: whose they are, what for, and up to whom.

A key of one's own is trusted as exactly this certificate under exactly this chain. No other
certificate of the same authority is: an authority that serves the whole world says who somebody is,
not that they work here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from workstation.adapters.documents.signature import RESERVED, der_length
from workstation.domain.errors import Refused

CURVES = ("secp256r1", "secp384r1")
_LEAST_RSA, _MOST_RSA = 2048, 4096
_MOST_ABOVE = 4
_REST = 1500  # bytes of a CMS besides certificates and signature value, generously
_WEAK = (hashes.MD5, hashes.SHA1)
_PURPOSES = {
    "1.3.6.1.5.5.7.3.36",  # document signing (RFC 9336)
    "1.3.6.1.4.1.311.10.3.12",  # Microsoft document signing
    "1.2.840.113583.1.1.5",  # Adobe authentic documents
    ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string,
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE.dotted_string,
}


@dataclass(frozen=True, slots=True)
class Chain:
    """A signing certificate and the ones above it, its issuer first, the topmost last."""

    leaf: x509.Certificate
    above: tuple[x509.Certificate, ...]

    @property
    def der(self) -> bytes:
        """All of them one after the other, the leaf first."""
        return b"".join(one.public_bytes(Encoding.DER) for one in (self.leaf, *self.above))


def parted(der: bytes) -> Chain:
    """``Chain.der`` taken apart; raises ValueError."""
    found: list[x509.Certificate] = []
    while der:
        length = der_length(der)
        if length is None:
            raise ValueError("chain")
        found.append(x509.load_der_x509_certificate(der[:length]))
        der = der[length:]
    return Chain(found[0], tuple(found[1:]))


def build(leaf: x509.Certificate, others: Iterable[x509.Certificate]) -> Chain:
    """The chain above ``leaf``, as far as ``others`` reach.

    Raises:
        Refused: ``key.import.self_signed``, ``key.import.chain`` when its issuer is not there.
    """
    if leaf.issuer == leaf.subject:
        raise Refused("key.import.self_signed")
    known, last = list(others), leaf
    above: list[x509.Certificate] = []
    while last.issuer != last.subject and len(above) < _MOST_ABOVE:
        issuer = next((one for one in known if _issued(last, one)), None)
        if issuer is None:
            break
        known.remove(issuer)
        above.append(issuer)
        last = issuer
    if not above:
        raise Refused("key.import.chain", issuer=leaf.issuer.rfc4514_string())
    return Chain(leaf, tuple(above))


def _issued(leaf: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        leaf.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def check(chain: Chain, owner: str, now: datetime) -> None:
    """Refuse a certificate that is not ``owner``'s for signing documents today.

    Raises:
        Refused: ``key.import.*``, each with what its sentence needs.
    """
    leaf = chain.leaf
    if now < leaf.not_valid_before_utc:
        raise Refused("key.import.early", day=_day(leaf.not_valid_before_utc))
    if now > leaf.not_valid_after_utc:
        raise Refused("key.import.expired", day=_day(leaf.not_valid_after_utc))
    named = _names(leaf)
    if not any(is_same_person(owner, name) for name in named):
        raise Refused("key.import.name", name=named[0] if named else "nobody", owner=owner)
    if not _signs_documents(leaf):
        raise Refused("key.import.use")
    _check_strength(leaf, *chain.above)
    if not _is_sound(chain, now):
        raise Refused("key.import.chain.invalid")
    size = len(chain.der) + _value_size(leaf) + _REST
    if size > RESERVED:
        raise Refused("key.import.large", size=size, most=RESERVED)


def is_same_person(owner: str, name: str) -> bool:
    """Whether a certificate's name holds every word of an account's name; accents do not count."""
    have = _words(name)
    return bool(have) and all(word in have for word in _words(owner))


def _words(name: str) -> Sequence[str]:
    folded = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in plain).split()


def _names(leaf: x509.Certificate) -> list[str]:
    oids = x509.NameOID
    common = [str(a.value) for a in leaf.subject.get_attributes_for_oid(oids.COMMON_NAME)]
    given = [str(a.value) for a in leaf.subject.get_attributes_for_oid(oids.GIVEN_NAME)]
    family = [str(a.value) for a in leaf.subject.get_attributes_for_oid(oids.SURNAME)]
    return [*common, *([f"{given[0]} {family[0]}"] if given and family else [])]


def _signs_documents(leaf: x509.Certificate) -> bool:
    try:
        usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    try:
        if leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False
    except x509.ExtensionNotFound:
        pass  # without it a certificate is no authority's (RFC 5280, 4.2.1.9)
    try:
        purposes = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        if not any(one.dotted_string in _PURPOSES for one in purposes):
            return False
    except x509.ExtensionNotFound:
        pass  # without it every purpose is allowed (RFC 5280, 4.2.1.12)
    return bool(usage.digital_signature or usage.content_commitment)


def _check_strength(*certificates: x509.Certificate) -> None:
    for one in certificates:
        key = one.public_key()
        strong = (isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in CURVES) or (
            isinstance(key, rsa.RSAPublicKey) and _LEAST_RSA <= key.key_size <= _MOST_RSA
        )
        top = one.issuer == one.subject  # its own signature is nothing that anybody relies on
        if not strong or (not top and isinstance(one.signature_hash_algorithm, _WEAK)):
            raise Refused("key.import.weak")


def _is_sound(chain: Chain, now: datetime) -> bool:
    """The library's opinion of the whole path, as it will be asked at every check of a file."""
    import asyncio  # only what makes or takes in a key asks for it

    from pyhanko_certvalidator import CertificateValidator, ValidationContext
    from pyhanko_certvalidator.errors import PathError, ValidationError

    context = ValidationContext(
        trust_roots=[asn1(chain.above[-1])],
        other_certs=[asn1(one) for one in chain.above],
        allow_fetching=False,
        moment=now,
    )
    validator: Any = CertificateValidator(asn1(chain.leaf), validation_context=context)
    try:
        asyncio.run(validator.async_validate_path())
    except (PathError, ValidationError):
        return False
    return True


def _value_size(leaf: x509.Certificate) -> int:
    key = leaf.public_key()
    return key.key_size // 8 if isinstance(key, rsa.RSAPublicKey) else 104


@lru_cache(maxsize=64)
def certificate(der: bytes) -> x509.Certificate:
    """A certificate, parsed once; raises ValueError."""
    return x509.load_der_x509_certificate(der)


@lru_cache(maxsize=64)
def asn1(one: x509.Certificate) -> asn1_x509.Certificate:
    """A certificate as pyHanko takes it, parsed once."""
    return asn1_x509.Certificate.load(one.public_bytes(Encoding.DER))


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
