"""An authority outside the clinic: root, intermediate, and certificates as clinicians get them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from workstation.adapters.documents.trust import POLICY_DEMONSTRATION

FILE_PASSWORD = "handed over in person"
DOCUMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
EMAIL = ExtendedKeyUsageOID.EMAIL_PROTECTION
SERVER = ExtendedKeyUsageOID.SERVER_AUTH


def new_key(kind: str = "p256") -> Any:
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:]))
    return ec.generate_private_key({"p256": ec.SECP256R1, "p384": ec.SECP384R1, "p521": ec.SECP521R1}[kind]())  # fmt: skip


@dataclass
class Outside:
    """One authority with an intermediate, valid around ``now``."""

    now: datetime
    middle_ends: timedelta = timedelta(days=2000)

    def __post_init__(self) -> None:
        self.root_key, self.middle_key = new_key(), new_key()
        self.root = self._made("Health Root", self.root_key, "Health Root", self.root_key, ca=True)
        self.middle = self._made(
            "Health Issuing", self.middle_key, "Health Root", self.root_key,
            ca=True, ends=self.middle_ends,
        )  # fmt: skip

    def leaf(
        self,
        key: Any,
        name: str = "Rosa Kessler",
        *,
        starts: timedelta = timedelta(days=-10),
        ends: timedelta = timedelta(days=700),
        usage: bool = True,
        purposes: Sequence[Any] = (DOCUMENTS, EMAIL),
        demonstration: bool = True,
    ) -> x509.Certificate:
        return self._made(
            name, key, "Health Issuing", self.middle_key, starts=starts, ends=ends,
            usage=usage, purposes=purposes, demonstration=demonstration,
        )  # fmt: skip

    def file(
        self,
        key: Any = None,
        leaf: x509.Certificate | None = None,
        chain: Sequence[x509.Certificate] | None = None,
        **of_leaf: Any,
    ) -> bytes:
        """A PKCS#12 as the authority hands it out."""
        key = key or new_key()
        return pkcs12.serialize_key_and_certificates(
            b"me",
            key,
            leaf or self.leaf(key, **of_leaf),
            [self.middle, self.root] if chain is None else list(chain),
            BestAvailableEncryption(FILE_PASSWORD.encode()),
        )

    def _made(
        self,
        name: str,
        key: Any,
        issuer: str,
        issuer_key: Any,
        *,
        ca: bool = False,
        starts: timedelta = timedelta(days=-20),
        ends: timedelta = timedelta(days=3000),
        usage: bool = True,
        purposes: Sequence[Any] = (),
        demonstration: bool = False,
    ) -> x509.Certificate:
        def named(common: str) -> x509.Name:
            return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])

        made = (
            x509.CertificateBuilder()
            .subject_name(named(name))
            .issuer_name(named(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now + starts)
            .not_valid_after(self.now + ends)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=usage and not ca, content_commitment=usage and not ca,
                    key_encipherment=not ca, data_encipherment=False, key_agreement=False,
                    key_cert_sign=ca, crl_sign=ca, encipher_only=False, decipher_only=False,
                ),
                critical=True,
            )
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
                critical=False,
            )
        )  # fmt: skip
        if purposes:
            made = made.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        if demonstration:
            policy = x509.PolicyInformation(POLICY_DEMONSTRATION, None)
            made = made.add_extension(x509.CertificatePolicies([policy]), critical=False)
        return made.sign(issuer_key, hashes.SHA256())
