"""The clinic's certificate authority and the clinicians' signing keys: P-256, PKCS#12."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization import pkcs12 as packing
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from workstation.adapters.documents.trust import (
    POLICY_CLINIC,
    POLICY_DEMONSTRATION,
    Trust,
    hex_serial,
    is_demonstration,
)
from workstation.domain.accounts import User
from workstation.domain.dates import Clock
from workstation.domain.errors import Corrupt, Refused

AUTHORITY_DAYS = 20 * 365
LEAF_DAYS = 3 * 365
_BACKDATED = timedelta(minutes=5)  # another station's clock may run a little behind
_LIST_HOLDS = timedelta(days=1)
_NAME_LIMIT = 64  # X.520 upper bound of names
# Document signing (RFC 9336), and e-mail protection, without which older readers do not look for
# the issuer of a document's certificate.
_PURPOSES = (ObjectIdentifier("1.3.6.1.5.5.7.3.36"), ExtendedKeyUsageOID.EMAIL_PROTECTION)
DEMONSTRATION_UNIT = "DEMONSTRATION ONLY, not valid for patients"
CLINIC_UNIT = "Document signing"


@dataclass(frozen=True, slots=True)
class LoadedKey:
    """A clinician's unlocked key, kept as one loaded object (parsing it anew costs more than
    signing). Never printed."""

    serial: str
    expires: datetime
    certificate: x509.Certificate
    authority: x509.Certificate
    private: ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def demonstration(self) -> bool:
        """Whether it was issued by a demonstration's authority."""
        return is_demonstration(self.certificate)


class ClinicAuthority:
    """Creates a clinic's authority and issues signing certificates; its key stays in its blob.

    The blob is a PKCS#12 encrypted under a secret of 32 random bytes that the caller makes.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def create(self, clinic_name: str, demonstration: bool, secret: bytes) -> bytes:
        """A new authority, named and marked as a demonstration's when it is one."""
        key = ec.generate_private_key(ec.SECP256R1())
        title = f"DEMONSTRATION {clinic_name}" if demonstration else clinic_name
        name = _name(title, clinic_name, demonstration)
        now = self._clock.now()
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _BACKDATED)
            .not_valid_after(now + timedelta(days=AUTHORITY_DAYS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(authority=True), critical=True)
            .add_extension(identifier, critical=False)
            .add_extension(_policy(demonstration), critical=False)
            .sign(key, hashes.SHA256())
        )
        return packing.serialize_key_and_certificates(
            b"authority", key, certificate, None, BestAvailableEncryption(_password(secret))
        )

    def issue(
        self, blob: bytes, secret: bytes, user: User, leaf_secret: bytes
    ) -> tuple[bytes, str]:
        """A key and certificate for ``user``: PKCS#12 under ``leaf_secret``, and the serial (hex).

        Raises:
            Corrupt: ``signing.authority.closed`` when the blob does not open.
        """
        signer, authority = _opened(blob, secret, "signing.authority.closed")
        demonstration = is_demonstration(authority)
        clinic = authority.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        key = ec.generate_private_key(ec.SECP256R1())
        now = self._clock.now()
        ends = min(now + timedelta(days=LEAF_DAYS), authority.not_valid_after_utc)
        issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
        title = f"{user.name}, {user.credentials}" if user.credentials else user.name
        certificate = (
            x509.CertificateBuilder()
            .subject_name(_name(title, str(clinic[0].value), demonstration, user.npi))
            .issuer_name(authority.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(max(now - _BACKDATED, authority.not_valid_before_utc))
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(authority=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(_PURPOSES), critical=False)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
            .add_extension(issuer_id, critical=False)
            .add_extension(_policy(demonstration), critical=False)
            .sign(signer, hashes.SHA256())
        )
        packed = packing.serialize_key_and_certificates(
            b"signing",
            key,
            certificate,
            [authority],
            BestAvailableEncryption(_password(leaf_secret)),
        )
        return packed, hex_serial(certificate)

    def load(self, pkcs12: bytes, leaf_secret: bytes) -> LoadedKey:
        """The signing key of a PKCS#12.

        Raises:
            Corrupt: ``signing.key.closed`` when it does not open with ``leaf_secret``,
                ``signing.key.foreign`` when its certificate is not of the authority beside it.
        """
        try:
            packed = packing.load_pkcs12(pkcs12, _password(leaf_secret))
        except (ValueError, TypeError) as error:
            raise Corrupt("signing.key.closed") from error
        key, leaf, others = packed.key, packed.cert, packed.additional_certs
        if not isinstance(key, ec.EllipticCurvePrivateKey) or leaf is None or len(others) != 1:
            raise Corrupt("signing.key.closed")
        authority = others[0].certificate
        try:
            wrong = Trust(authority, is_demonstration(authority)).issued(leaf.certificate)
        except Refused as error:
            raise Corrupt("signing.key.foreign") from error
        if wrong or key.public_key() != leaf.certificate.public_key():
            raise Corrupt("signing.key.foreign")
        return LoadedKey(
            serial=hex_serial(leaf.certificate),
            expires=leaf.certificate.not_valid_after_utc,
            certificate=leaf.certificate,
            authority=authority,
            private=key,
        )

    def revocation_list(
        self, blob: bytes, secret: bytes, revoked: Sequence[tuple[str, datetime]]
    ) -> bytes:
        """The authority's list of certificates that no longer count, DER, as of now.

        ``revoked`` are (serial in hexadecimal, from when).

        Raises:
            Corrupt: ``signing.authority.closed`` when the blob does not open.
        """
        signer, authority = _opened(blob, secret, "signing.authority.closed")
        now = self._clock.now()
        made = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(authority.subject)
            .last_update(now)
            .next_update(now + _LIST_HOLDS)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()),
                critical=False,
            )
            .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        )
        for serial, at in revoked:
            made = made.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(int(serial, 16))
                .revocation_date(at)
                .build()
            )
        return made.sign(signer, hashes.SHA256()).public_bytes(Encoding.DER)

    def trust_anchor(self, blob: bytes, secret: bytes) -> bytes:
        """The authority's certificate, DER; raises Corrupt ``signing.authority.closed``."""
        authority = _opened(blob, secret, "signing.authority.closed")[1]
        return Trust(authority, is_demonstration(authority)).der


def _opened(
    blob: bytes, secret: bytes, code: str
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    try:
        key, certificate, _ = packing.load_key_and_certificates(blob, _password(secret))
    except (ValueError, TypeError) as error:
        raise Corrupt(code) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or certificate is None:
        raise Corrupt(code)
    return key, certificate


def _password(secret: bytes) -> bytes:
    # PKCS#12 passwords are text: hexadecimal keeps all bits of a random secret.
    return secret.hex().encode()


def _name(title: str, clinic: str, demonstration: bool, npi: str | None = None) -> x509.Name:
    parts = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "US"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, clinic[:_NAME_LIMIT] or "Clinic"),
        x509.NameAttribute(
            NameOID.ORGANIZATIONAL_UNIT_NAME, DEMONSTRATION_UNIT if demonstration else CLINIC_UNIT
        ),
        x509.NameAttribute(NameOID.COMMON_NAME, title[:_NAME_LIMIT] or "Signer"),
    ]
    if npi:
        parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, f"NPI {npi}"))
    return x509.Name(parts)


def _policy(demonstration: bool) -> x509.CertificatePolicies:
    mark = POLICY_DEMONSTRATION if demonstration else POLICY_CLINIC
    return x509.CertificatePolicies([x509.PolicyInformation(mark, None)])


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
