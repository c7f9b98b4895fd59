"""Putting a document time stamp on a signed file, and judging one.

The file that was signed stays as it is, byte for byte, below the new revision.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import cms
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from workstation.adapters.documents import stamped, timestamp_server
from workstation.adapters.documents.signature import der_length
from workstation.adapters.documents.stamped import TOKEN_RESERVED, Materials
from workstation.adapters.documents.trust import Trust
from workstation.domain.errors import WorkstationError

_DIGESTS = ("sha256", "sha384", "sha512")
_SIGNATURES = (
    "rsassa_pkcs1v15",
    *(f"{digest}_{kind}" for digest in _DIGESTS for kind in ("rsa", "ecdsa")),
)
BASIC, TIMED, LONG_TERM = "B-B", "B-T", "B-LTA"
# A clock may be wrong by this much; a token from before the signature is no witness of it.
SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Stamp:
    """The newest time stamp of a file: what lies below it and what it holds."""

    before: bytes
    materials: Materials
    token: bytes


@dataclass(frozen=True, slots=True)
class Judged:
    """``wrong`` are (state, code) findings; without any, ``at`` is a time that is proved."""

    wrong: tuple[tuple[str, str], ...]
    at: datetime
    level: str


def peel(pdf: bytes) -> Stamp | None:
    """The newest time stamp of a file; None when it has none.

    Raises:
        Exception: of any kind on a file that is not as this program writes it.
    """
    if stamped.SUBFILTER not in pdf:
        return None
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    found = reader.embedded_signatures
    if len(found) < 2 or str(found[-1].sig_object["/SubFilter"]).encode() != stamped.SUBFILTER:
        return None
    first, length, after, rest = (int(x) for x in found[-2].byte_range)
    held = reader.root["/DSS"]
    materials = Materials(
        tuple(one.data for one in _listed(held["/Certs"])),
        tuple(one.data for one in _listed(held["/CRLs"])),
    )
    raw = bytes(found[-1].pkcs7_content)
    return Stamp(pdf[: after + rest], materials, _first_value(raw))


def is_as_written(pdf: bytes, stamp: Stamp) -> bool:
    """Whether a file is, byte for byte, what stamping makes of these parts."""
    try:
        return stamped.revision(stamp.before, stamp.materials).with_token(stamp.token) == pdf
    except ValueError:
        return False


def judge(pdf: bytes, stamp: Stamp, trust: Trust, moment: datetime) -> Judged:
    """What a time stamp proves, against the authorities that the store trusts for times.

    ``stamp`` is what ``peel`` found and ``is_as_written`` accepted.

    ``moment`` is now, or the moment as of which the file is judged.
    """
    wrong: list[tuple[str, str]] = []
    content = cms.ContentInfo.load(stamp.token, strict=True)["content"]
    inside = tuple(one.chosen.dump() for one in content["certificates"])
    if not _is_plain(content):
        wrong.append(("broken", "signature.timestamp.encoding"))
    if not set(inside) <= set(stamp.materials.certificates):
        wrong.append(("changed", "signature.timestamp.certificates"))
    at: datetime = content["encap_content_info"]["content"].parsed["gen_time"].native
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    newest = reader.embedded_signatures[-1]
    roots = [_asn1(one) for one in trust.times]
    context = ValidationContext(
        trust_roots=roots,
        other_certs=[asn1_x509.Certificate.load(one) for one in inside],
        allow_fetching=False,
        moment=max(at, moment),
    )
    status = validate_pdf_timestamp(newest, validation_context=context)
    if not (status.intact and status.valid):
        wrong.append(("changed", "signature.timestamp.value"))
    elif not status.trusted:
        wrong.append(("untrusted", "signature.timestamp.foreign"))
    if not _is_later_only(reader, trust, at):
        wrong.append(("changed", "signature.revisions"))
    return Judged(tuple(wrong), at, _level(stamp, inside, trust, at))


def _is_plain(content: Any) -> bool:
    """Whether all of a token that no signature covers is what it has to be."""
    signers = content["signer_infos"]
    if len(signers) != 1 or len(content["digest_algorithms"]) != 1:
        return False
    signer = signers[0]
    named = signer["sid"].name == "issuer_and_serial_number"
    return bool(
        content["version"].native == "v3"
        and signer["version"].native == ("v1" if named else "v3")
        and content["digest_algorithms"][0].dump() == signer["digest_algorithm"].dump()
        and signer["digest_algorithm"]["algorithm"].native in _DIGESTS
        and signer["digest_algorithm"]["parameters"].native is None
        and signer["signature_algorithm"]["algorithm"].native in _SIGNATURES
        and not signer["unsigned_attrs"].native
        and not content["crls"].native
    )


def _is_later_only(reader: Any, trust: Trust, at: datetime) -> bool:
    """The library's opinion: nothing after the signature but validation data and time stamps."""
    first = reader.embedded_signatures[0]
    above = trust.above(x509.load_der_x509_certificate(first.signer_cert.dump()))
    context = ValidationContext(
        trust_roots=[_asn1(above[-1])],
        other_certs=[_asn1(one) for one in above],
        allow_fetching=False,
        moment=at,
    )
    status = validate_pdf_signature(
        first,
        signer_validation_context=context,
        key_usage_settings=KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}),
    )
    return bool(
        status.intact
        and status.valid
        and status.docmdp_ok
        and status.modification_level is ModificationLevel.LTA_UPDATES
    )


def stamp(
    pdf: bytes, server: str, leaf: x509.Certificate, trust: Trust, clinic_list: bytes
) -> bytes:
    """A signed file with validation data and a time stamp of ``server``.

    ``clinic_list`` is the clinic authority's own list of what it revoked, DER.

    Raises:
        WorkstationError: ``timestamp.server``, ``timestamp.answer``, ``timestamp.refused``.
    """
    above = trust.above(leaf)
    chain = tuple(one.public_bytes(Encoding.DER) for one in (leaf, *above))
    foreign = chain[:-1] if above != (trust.authority,) else ()
    # The certificates of the server are known with its first answer: it is asked twice.
    first = timestamp_server.ask(server, hashes_of(pdf))
    inside = _certificates(first)
    lists = (clinic_list, *_published((*foreign, *inside), trust)) if clinic_list else ()
    made = Materials(tuple(dict.fromkeys((*chain, *inside))), lists)
    try:
        prepared = stamped.revision(pdf, made)
    except ValueError as error:
        raise WorkstationError("timestamp.file") from error
    token = timestamp_server.ask(server, prepared.digest)
    if not set(_certificates(token)) <= set(made.certificates):
        raise WorkstationError("timestamp.answer")
    try:
        return prepared.with_token(token)
    except ValueError as error:
        raise WorkstationError("timestamp.answer") from error


def hashes_of(pdf: bytes) -> bytes:
    """SHA-256 of a file."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(pdf)
    return digest.finalize()


def _level(stamp: Stamp, inside: tuple[bytes, ...], trust: Trust, at: datetime) -> str:
    """B-LTA when for every certificate a list of its own authority lies in the file."""
    lists = [x509.load_der_x509_crl(one) for one in stamp.materials.lists]
    certificates = [x509.load_der_x509_certificate(one) for one in stamp.materials.certificates]
    tops = (*trust.times, trust.authority, *(one.above[-1] for one in trust.own))
    roots = {one.public_bytes(Encoding.DER) for one in tops}
    for one in certificates:
        der = one.public_bytes(Encoding.DER)
        if der in roots or (der in inside and not _places(one)):
            continue
        issuers = [*certificates, *tops]
        if not any(_covers(held, one, issuers, at) for held in lists):
            return TIMED
    return LONG_TERM


def _covers(
    held: x509.CertificateRevocationList,
    one: x509.Certificate,
    issuers: list[x509.Certificate],
    at: datetime,
) -> bool:
    if held.issuer != one.issuer or held.last_update_utc > at + SKEW:
        return False
    if held.get_revoked_certificate_by_serial_number(one.serial_number) is not None:
        return False
    return any(
        issuer.subject == held.issuer and held.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]  # other kinds of key are False
        for issuer in issuers
    )


def _published(inside: tuple[bytes, ...], trust: Trust) -> tuple[bytes, ...]:
    """The lists that the server's authorities publish; what cannot be had is left out (B-T)."""
    found: list[bytes] = []
    roots = {one.public_bytes(Encoding.DER) for one in trust.times}
    for der in inside:
        if der in roots:
            continue
        for place in _places(x509.load_der_x509_certificate(der))[:1]:
            try:
                made = timestamp_server.revocation_list(place)
                found.append(asn1_crl.CertificateList.load(made, strict=True).dump())
            except (WorkstationError, ValueError):
                continue
    return tuple(dict.fromkeys(found))


def _places(one: x509.Certificate) -> tuple[str, ...]:
    try:
        points = one.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    names = [name for point in points for name in point.full_name or ()]
    return tuple(str(n.value) for n in names if isinstance(n, x509.UniformResourceIdentifier))


def _certificates(token: bytes) -> tuple[bytes, ...]:
    held = cms.ContentInfo.load(token)["content"]["certificates"]
    return tuple(one.chosen.dump() for one in held)


def _first_value(raw: bytes) -> bytes:
    """The DER value at the start of ``raw``; what follows must be zeros."""
    if len(raw) != TOKEN_RESERVED:
        raise ValueError("token")
    length = der_length(raw)
    if length is None or any(raw[length:]):
        raise ValueError("token")
    return raw[:length]


def _listed(held: Any) -> list[Any]:
    return [one.get_object() if hasattr(one, "get_object") else one for one in held]


def _asn1(one: x509.Certificate) -> Any:
    return asn1_x509.Certificate.load(one.public_bytes(Encoding.DER))
