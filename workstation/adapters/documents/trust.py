"""Whom a store trusts: its clinic's certificate authority, and whether that is a demonstration's."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from workstation.adapters.documents.chain import Chain, parted
from workstation.domain.errors import Refused
from workstation.domain.trust import TrustAdded

# Name-based identifiers below 2.25, so that nobody has to assign them. Every certificate of an
# authority carries exactly one: they cannot be mistaken for each other whatever the names say.
POLICY_CLINIC = x509.ObjectIdentifier("2.25.198062051689713148581755235771156104428")
POLICY_DEMONSTRATION = x509.ObjectIdentifier("2.25.228335869367066685651913035595141286768")

# pyHanko logs the text of what it finds suspicious, which may quote the document.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    _quiet = logging.getLogger(_name)
    _quiet.setLevel(logging.CRITICAL + 1)
    _quiet.propagate = False
    _quiet.addHandler(logging.NullHandler())


def is_demonstration(certificate: x509.Certificate) -> bool:
    """Whether a certificate carries the mark of a demonstration.

    Raises:
        Refused: ``signing.authority.unmarked`` when it carries neither mark, or both.
    """
    try:
        policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except (x509.ExtensionNotFound, ValueError) as error:
        raise Refused("signing.authority.unmarked") from error
    marks = {p.policy_identifier for p in policies} & {POLICY_CLINIC, POLICY_DEMONSTRATION}
    if len(marks) != 1:
        raise Refused("signing.authority.unmarked")
    return marks == {POLICY_DEMONSTRATION}


def hex_serial(certificate: x509.Certificate) -> str:
    """Serial number, lower-case hexadecimal without leading zeros."""
    return f"{certificate.serial_number:x}"


def common_name(certificate: x509.Certificate) -> str:
    """The name a certificate was issued to, or ""."""
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


@dataclass(frozen=True, slots=True)
class Trust:
    """The one trusted authority of a store, and what the clinic added in its records.

    ``times`` are authorities trusted for time stamps alone; ``own`` are certificates of other
    authorities, each with its chain, that clinicians here sign with; ``revoked`` are (serial in
    hexadecimal, from when) of certificates that no longer count.
    """

    authority: x509.Certificate
    demonstration: bool
    times: tuple[x509.Certificate, ...] = ()
    revoked: tuple[tuple[str, datetime], ...] = ()
    own: tuple[Chain, ...] = ()

    @staticmethod
    def of(anchor: bytes, *, demonstration: bool) -> Trust:
        """Trust in ``anchor`` (DER) for a store of that kind.

        Raises:
            Refused: ``signing.authority.unreadable``, ``signing.authority.unmarked``, or
                ``signing.authority.kind`` for a demonstration's authority in a clinic's store and
                the reverse.
        """
        try:
            authority = x509.load_der_x509_certificate(anchor)
            authority.verify_directly_issued_by(authority)
        except (ValueError, TypeError, InvalidSignature) as error:
            raise Refused("signing.authority.unreadable") from error
        if is_demonstration(authority) != demonstration:
            raise Refused("signing.authority.kind")
        return Trust(authority, demonstration)

    @property
    def der(self) -> bytes:
        """The authority's certificate."""
        return self.authority.public_bytes(Encoding.DER)

    def with_added(self, added: TrustAdded) -> Trust:
        """The same authority with what the clinic's records add to it or take from it."""
        return replace(
            self,
            times=tuple(x509.load_der_x509_certificate(one) for one in added.times),
            own=tuple(_parted(one) for one in added.signers),
            revoked=added.revoked,
        )

    def above(self, leaf: x509.Certificate) -> tuple[x509.Certificate, ...]:
        """The certificates that a signature of ``leaf`` carries over it, the topmost last."""
        return next((one.above for one in self.own if one.leaf == leaf), (self.authority,))

    def revoked_at(self, serial: str) -> datetime | None:
        """From when the certificate of that serial no longer counts; None while it does."""
        return min((at for known, at in self.revoked if known == serial), default=None)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the authority's certificate, hexadecimal, to compare by telephone."""
        return self.authority.fingerprint(hashes.SHA256()).hex()

    def issued(self, leaf: x509.Certificate) -> tuple[str, ...]:
        """Codes of why ``leaf`` may not sign here (none: it may).

        A certificate of another authority may when exactly it, with its chain, was taken into the
        clinic's records; it was examined then.
        """
        if any(one.leaf == leaf for one in self.own):
            return ()
        try:
            leaf.verify_directly_issued_by(self.authority)
        except (ValueError, TypeError, InvalidSignature):
            return ("signature.certificate.foreign",)
        wrong: list[str] = []
        try:
            usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
            limits = leaf.extensions.get_extension_for_class(x509.BasicConstraints).value
            if limits.ca or not (usage.digital_signature and usage.content_commitment):
                wrong.append("signature.certificate.use")
            if is_demonstration(leaf) != self.demonstration:
                wrong.append("signature.certificate.kind")
        except (x509.ExtensionNotFound, ValueError, Refused):
            wrong.append("signature.certificate.use")
        key = leaf.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
            wrong.append("signature.certificate.key")
        return tuple(wrong)


_parted = lru_cache(maxsize=64)(parted)  # the same few chains, at every document


def authority_of(certificate: bytes, now: datetime) -> tuple[str, str, datetime]:
    """(fingerprint, name, end) of an authority's certificate, DER.

    Raises:
        Refused: ``trust.anchor.unreadable``, ``trust.anchor.kind`` (not an authority's),
            ``trust.anchor.expired``.
    """
    try:
        found = x509.load_der_x509_certificate(certificate)
        limits = found.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound as error:
        raise Refused("trust.anchor.kind") from error
    except (ValueError, TypeError) as error:
        raise Refused("trust.anchor.unreadable") from error
    if not limits.ca:
        raise Refused("trust.anchor.kind")
    if not found.not_valid_before_utc <= now <= found.not_valid_after_utc:
        raise Refused("trust.anchor.expired")
    name = common_name(found) or found.subject.rfc4514_string()
    return found.fingerprint(hashes.SHA256()).hex(), name[:255], found.not_valid_after_utc
