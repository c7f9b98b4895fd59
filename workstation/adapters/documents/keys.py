"""The clinic's certificate authority and the clinicians' signing keys: P-256, PKCS#12."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization import pkcs12 as packing
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from workstation.adapters.documents.chain import Chain, build
from workstation.adapters.documents.own_keys import (
    PrivateKey,
    check,
    kept,
    marked,
    opened,
    told,
    under,
)
from workstation.adapters.documents.signature import canonical_value
from workstation.adapters.documents.token import MAGIC, TokenKey, found, packed, unpacked
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
from workstation.workflow.ports import AdoptedKey, TokenPlace

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
_CURVE = "secp256r1"
DOCUMENT_KEY = "QR code of documents"


@dataclass(frozen=True, slots=True)
class LoadedKey:
    """A clinician's unlocked key, kept as one loaded object (parsing it anew costs more than
    signing). ``above`` are the certificates over its own, the topmost last. Never printed."""

    serial: str
    expires: datetime
    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...]
    private: PrivateKey = field(repr=False)

    @property
    def authority(self) -> x509.Certificate:
        """The topmost certificate."""
        return self.above[-1]

    @property
    def demonstration(self) -> bool:
        """Whether it is a demonstration's."""
        return marked(self.certificate)

    @property
    def on_token(self) -> bool:
        """Whether the signing PIN is a token's own."""
        return False

    @contextmanager
    def ready(self, pin: str) -> Iterator[LoadedKey]:
        """The key, which needs no more than the session."""
        yield self

    async def value(self, data: bytes) -> bytes:
        """The signature value over ``data``, as it stands in the CMS."""
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())
        made = self.private.sign(data, ec.ECDSA(hashes.SHA256()))
        return canonical_value(made, self.certificate.public_key())


HeldKey = LoadedKey | TokenKey


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
            b"authority", key, certificate, None, under(_password(secret))
        )

    def issue(
        self, blob: bytes, secret: bytes, user: User, leaf_secret: bytes
    ) -> tuple[bytes, str]:
        """A key and certificate for ``user``: PKCS#12 under ``leaf_secret``, and the serial (hex).

        Raises:
            Corrupt: ``signing.authority.closed`` when the blob does not open.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        chain = self._certified(blob, secret, user, key.public_key())
        return kept(key, chain, _password(leaf_secret)), hex_serial(chain.leaf)

    def adopt_file(
        self, content: bytes, password: str, owner: User, leaf_secret: bytes, *, demonstration: bool
    ) -> tuple[bytes, AdoptedKey]:
        """Somebody's own key out of a PKCS#12 with its chain, packed under ``leaf_secret``.

        Raises:
            Refused: ``key.import.*`` (``own_keys.opened``, ``chain.check``).
        """
        key, chain = opened(content, password)
        check(chain, owner.name, self._clock.now(), demonstration=demonstration)
        return kept(key, chain, _password(leaf_secret)), told(chain, ours=False)

    def adopt_token(
        self,
        blob: bytes,
        secret: bytes,
        token: tuple[TokenPlace, str],
        owner: User,
        leaf_secret: bytes,
        *,
        demonstration: bool,
    ) -> tuple[bytes, AdoptedKey]:
        """The key on a token (place, PIN); one without certificate gets one of this authority.

        Raises:
            Refused: ``key.import.*``, ``token.key.*``. WorkstationError: ``token.*``.
            Corrupt: ``signing.authority.closed``.
        """
        place, pin = token
        key_id, public, certificates = found(place, pin)
        leaf = next((one for one in certificates if one.public_key() == public), None)
        if leaf is not None:
            chain = build(leaf, certificates)
            check(chain, owner.name, self._clock.now(), demonstration=demonstration)
        else:
            if not isinstance(public, ec.EllipticCurvePublicKey) or public.curve.name != _CURVE:
                raise Refused("token.key.kind")
            chain = self._certified(blob, secret, owner, public)
        key = TokenKey(chain.leaf, chain.above, place, key_id)
        return packed(key, leaf_secret), told(chain, ours=leaf is None, where=place.label)

    def _certified(
        self, blob: bytes, secret: bytes, user: User, public: ec.EllipticCurvePublicKey
    ) -> Chain:
        """A new certificate of this authority for ``user`` and that key."""
        signer, authority = _opened(blob, secret, "signing.authority.closed")
        demonstration = is_demonstration(authority)
        clinic = authority.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        now = self._clock.now()
        ends = min(now + timedelta(days=LEAF_DAYS), authority.not_valid_after_utc)
        issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
        title = f"{user.name}, {user.credentials}" if user.credentials else user.name
        certificate = (
            x509.CertificateBuilder()
            .subject_name(_name(title, str(clinic[0].value), demonstration, user.npi))
            .issuer_name(authority.subject)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(max(now - _BACKDATED, authority.not_valid_before_utc))
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(authority=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(_PURPOSES), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(issuer_id, critical=False)
            .add_extension(_policy(demonstration), critical=False)
            .sign(signer, hashes.SHA256())
        )
        return Chain(certificate, (authority,))

    def load(self, pkcs12: bytes, leaf_secret: bytes) -> HeldKey:
        """The signing key of a PKCS#12, or the way to the one on a token.

        Raises:
            Corrupt: ``signing.key.closed`` when it does not open with ``leaf_secret``,
                ``signing.key.foreign`` when its certificate is not under those beside it.
        """
        if pkcs12.startswith(MAGIC):
            return unpacked(pkcs12, leaf_secret)
        try:
            held = packing.load_pkcs12(pkcs12, _password(leaf_secret))
        except (ValueError, TypeError) as error:
            raise Corrupt("signing.key.closed") from error
        key, leaf = held.key, held.cert
        others = [one.certificate for one in held.additional_certs]
        if (
            not isinstance(key, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey))
            or leaf is None
            or not others
        ):
            raise Corrupt("signing.key.closed")
        try:
            chain = build(leaf.certificate, others)
        except Refused as error:
            raise Corrupt("signing.key.foreign") from error
        if key.public_key() != leaf.certificate.public_key() or len(chain.above) != len(others):
            raise Corrupt("signing.key.foreign")
        return LoadedKey(
            serial=hex_serial(leaf.certificate),
            expires=leaf.certificate.not_valid_after_utc,
            certificate=leaf.certificate,
            above=chain.above,
            private=key,
        )

    def described(self, pkcs12: bytes, leaf_secret: bytes) -> AdoptedKey:
        """What the records keep of a key that this authority issued."""
        key = self.load(pkcs12, leaf_secret)
        return told(Chain(key.certificate, key.above), ours=True)

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

    def certify_document_key(self, blob: bytes, secret: bytes, public: bytes) -> bytes:
        """A certificate for the clinic's document key (Ed25519, raw), DER.

        Raises:
            Corrupt: ``signing.authority.closed`` when the blob does not open.
        """
        signer, authority = _opened(blob, secret, "signing.authority.closed")
        demonstration = is_demonstration(authority)
        clinic = authority.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        key = ed25519.Ed25519PublicKey.from_public_bytes(public)
        now = self._clock.now()
        made = (
            x509.CertificateBuilder()
            .subject_name(_name(DOCUMENT_KEY, str(clinic[0].value), demonstration))
            .issuer_name(authority.subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(max(now - _BACKDATED, authority.not_valid_before_utc))
            .not_valid_after(authority.not_valid_after_utc)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(authority=False), critical=True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()),
                critical=False,
            )
            .add_extension(_policy(demonstration), critical=False)
            .sign(signer, hashes.SHA256())
        )
        return made.public_bytes(Encoding.DER)

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
