"""The one shape of signature this clinic makes: where it lies in a file and its exact CMS bytes.

Signing and checking share it, so that a file is accepted only when its signature is, byte for
byte, what signing would have written around the same signed attributes and signature value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from asn1crypto import algos, cms
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

RESERVED = 8192  # bytes for the CMS; a leaf, its authority and no time stamp take about 2,000
FIELD = "Signature"
DIGEST = "sha256"
MECHANISM = "sha256_ecdsa"
# Order of P-256 (FIPS 186-5): of the two values of s that verify, only the lower one is used, so
# that a signature cannot be turned into another valid one without the key.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_UPPER_HEX = re.compile(rb"[0-9A-F]+\Z")  # as the library writes them


@dataclass(frozen=True, slots=True)
class Hole:
    """Where the signature's hexadecimal digits lie, and the bytes they stand for."""

    start: int
    end: int
    der: bytes


def canonical_value(signature: bytes) -> bytes:
    """An ECDSA value in DER with the lower s."""
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, _ORDER - s))


def is_canonical_value(signature: bytes) -> bool:
    """Whether a value is exactly what ``canonical_value`` writes."""
    try:
        return canonical_value(signature) == signature
    except ValueError:
        return False


def hole_of(pdf: bytes, byte_range: tuple[int, ...]) -> Hole | None:
    """The signature's place, or None unless it is the only gap of a range over the whole file,
    in upper-case digits, with nothing but zeros behind the CMS."""
    if len(byte_range) != 4:
        return None
    first, before, after, rest = byte_range
    if first != 0 or not 0 < before < after or rest < 0 or after + rest != len(pdf):
        return None
    if pdf[before : before + 1] != b"<" or pdf[after - 1 : after] != b">":
        return None
    digits = pdf[before + 1 : after - 1]
    if len(digits) != 2 * RESERVED or not _UPPER_HEX.match(digits):
        return None
    raw = bytes.fromhex(digits.decode("ascii"))
    length = der_length(raw)
    if length is None or any(raw[length:]):
        return None
    return Hole(before + 1, after - 1, raw[:length])


def der_length(raw: bytes) -> int | None:
    """Length of the one DER SEQUENCE that ``raw`` starts with."""
    if raw[:1] != b"\x30" or len(raw) < 2:
        return None
    head = raw[1]
    if head < 0x80:
        return head + 2
    size = head & 0x7F
    if not 1 <= size <= 4:
        return None
    length = int.from_bytes(raw[2 : 2 + size], "big") + 2 + size
    return length if length <= len(raw) else None


def rebuilt(signer: cms.SignerInfo, leaf: bytes, authority: bytes) -> bytes:
    """The CMS that signing writes around these signed attributes and this value."""
    own = asn1_x509.Certificate.load(leaf)
    digest = algos.DigestAlgorithm({"algorithm": DIGEST})
    attributes = cms.CMSAttributes(
        [cms.CMSAttribute.load(a.dump(force=True)) for a in signer["signed_attrs"]]
    )
    info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {"issuer": own.issuer, "serial_number": own.serial_number}
                    )
                }
            ),
            "digest_algorithm": digest,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": MECHANISM}),
            "signed_attrs": attributes,
            "signature": signer["signature"].native,
        }
    )
    certificates = [
        cms.CertificateChoices(name="certificate", value=asn1_x509.Certificate.load(der))
        for der in (leaf, authority)
    ]
    content = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": cms.DigestAlgorithms([digest]),
            "encap_content_info": {"content_type": "data"},
            "certificates": certificates,
            "signer_infos": [info],
        }
    )
    made: bytes = cms.ContentInfo({"content_type": "signed_data", "content": content}).dump()
    return made
