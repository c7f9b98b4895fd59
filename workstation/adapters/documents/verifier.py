"""The strict verdict on a signed file: what is not exactly as signing made it is never valid."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from workstation.adapters.documents import hex_strings, timestamps
from workstation.adapters.documents.chain import asn1, certificate
from workstation.adapters.documents.signature import (
    hole_of,
    is_canonical_value,
    is_value_of,
    mechanism,
    rebuilt,
    signed_bytes,
)
from workstation.adapters.documents.trust import Trust, common_name, hex_serial

VALID, CHANGED, UNTRUSTED, UNSIGNED, BROKEN = (
    "valid",
    "changed",
    "untrusted",
    "unsigned",
    "broken",
)
LEVEL = timestamps.BASIC
SUBFILTER = "/ETSI.CAdES.detached"
_RANK = (BROKEN, CHANGED, UNTRUSTED)
_REVISIONS = 2  # the document and its signature
_MOST_STAMPS = 8

hex_strings.install()


@dataclass(frozen=True, slots=True)
class Verified:
    """A verdict: ``state`` and the stable codes of what was found wrong, worst first.

    ``signer``, ``serial``, ``signed_at`` and ``level`` are what the file says of itself; they
    mean something only when the state is valid.
    """

    state: str
    because: tuple[str, ...] = ()
    signer: str = ""
    serial: str = ""
    signed_at: datetime | None = None
    level: str = ""
    stamped_at: datetime | None = None  # the time that an authority states
    witness: str = ""  # where the audit trail stood; signing puts it in no other place


class _Wrong:
    """Collects (state, code) findings."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []

    def add(self, state: str, code: str) -> None:
        if (state, code) not in self.found:
            self.found.append((state, code))

    def check(self, holds: bool, state: str, code: str) -> bool:
        if not holds:
            self.add(state, code)
        return holds

    @property
    def state(self) -> str:
        states = {state for state, _ in self.found}
        return next((s for s in _RANK if s in states), VALID)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(code for rank in _RANK for state, code in self.found if state == rank)


def verify(
    pdf: bytes, trust: Trust, moment: datetime, expected_serial: str | None = None
) -> Verified:
    """The verdict on ``pdf`` as of ``moment`` against one authority.

    Valid only when all of this holds: the file starts with %PDF- and a strict reader takes it;
    exactly one form field, one signature and two revisions; it certifies with no changes allowed,
    PAdES, and covers the whole file but its own digits; these are upper-case, the CMS byte for
    byte what signing writes, followed by zeros; it carries exactly the signer's certificate and
    those above it; digest and signature are right; the certificate is of this authority, or one
    that the clinic took into its records with its chain, for signing, in validity then and now,
    and the expected one; and pyHanko, asked as a second
    opinion, finds it intact, valid, trusted, whole and unmodified.

    Above such a file only time stamps may lie, each byte for byte what stamping writes and each of
    an authority that the store trusts for times. With them the signature is judged as of the time
    that they prove.
    """
    if not pdf.startswith(b"%PDF-"):
        return Verified(BROKEN, ("signature.file.header",))
    try:
        return _layers(pdf, trust, moment, expected_serial)
    except MemoryError:
        raise  # says nothing of the file
    except Exception:  # whatever a crafted file makes a parser raise, it is not valid
        return Verified(BROKEN, ("signature.file.unreadable",))


def _layers(pdf: bytes, trust: Trust, moment: datetime, expected: str | None) -> Verified:
    stamps: list[tuple[bytes, timestamps.Stamp]] = []
    below = pdf
    while (one := timestamps.peel(below)) is not None:
        if len(stamps) == _MOST_STAMPS or not timestamps.is_as_written(below, one):
            return Verified(CHANGED, ("signature.timestamp.encoding",))
        stamps.append((below, one))
        below = one.before
    if not stamps:
        return _verify(pdf, trust, moment, expected)
    wrong = _Wrong()
    proved, level = moment, ""
    for file, stamp in stamps:
        judged = timestamps.judge(file, stamp, trust, proved)
        for state, code in judged.wrong:
            wrong.add(state, code)
        proved, level = min(judged.at, proved), level or judged.level
    made = _verify(below, trust, proved, expected)
    if made.signed_at is not None and judged.at < made.signed_at - timestamps.SKEW:
        wrong.add(UNTRUSTED, "signature.timestamp.early")
    if made.state == VALID and not wrong.found:
        return replace(made, level=level, stamped_at=judged.at)
    if wrong.found:
        return replace(made, state=wrong.state, because=(*wrong.codes, *made.because))
    return made


def _verify(pdf: bytes, trust: Trust, moment: datetime, expected: str | None) -> Verified:
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    signatures = reader.embedded_signatures
    if not signatures:
        return Verified(UNSIGNED, ("signature.none",))
    wrong = _Wrong()
    wrong.check(len(signatures) == 1, CHANGED, "signature.several")
    fields = reader.root["/AcroForm"]["/Fields"]
    wrong.check(len(fields) == 1, CHANGED, "signature.fields")
    wrong.check(reader.xrefs.total_revisions == _REVISIONS, CHANGED, "signature.revisions")
    embedded = signatures[0]
    signed = embedded.sig_object
    wrong.check(str(signed["/SubFilter"]) == SUBFILTER, BROKEN, "signature.subfilter")
    wrong.check(embedded.docmdp_level is MDPPerm.NO_CHANGES, CHANGED, "signature.certification")
    permitted = reader.root.get("/Perms", {})
    wrong.check(
        "/DocMDP" in permitted and permitted["/DocMDP"] is signed,
        CHANGED,
        "signature.certification",
    )
    hole = hole_of(pdf, tuple(int(x) for x in signed["/ByteRange"]))
    if hole is None:
        wrong.add(CHANGED, "signature.coverage")
        return Verified(wrong.state, wrong.codes)
    leaf = _check_cms(pdf, hole.start, hole.end, hole.der, trust, wrong)
    if leaf is None:
        return Verified(wrong.state, wrong.codes)
    signed_at = embedded.self_reported_timestamp
    _check_certificate(leaf, trust, signed_at, moment, expected, wrong)
    if wrong.state == VALID:
        _second_opinion(embedded, trust.above(leaf), moment, wrong)
    witness = str(signed.get("/ContactInfo", ""))
    who = common_name(leaf), hex_serial(leaf)
    return Verified(wrong.state, wrong.codes, *who, signed_at, LEVEL, witness=witness)


def _check_cms(
    pdf: bytes, start: int, end: int, der: bytes, trust: Trust, wrong: _Wrong
) -> x509.Certificate | None:
    """The signer's certificate when it can be told; findings go to ``wrong``."""
    content = cms.ContentInfo.load(der, strict=True)["content"]
    signers = content["signer_infos"]
    if not wrong.check(len(signers) == 1, BROKEN, "signature.cms.signers"):
        return None
    signer = signers[0]
    found = [choice.chosen.dump() for choice in content["certificates"]]
    serial = signer["sid"].chosen["serial_number"].native
    loaded = [certificate(one) for one in found if one != trust.der]
    leaf = next((one for one in loaded if one.serial_number == serial), None)
    if leaf is None:
        wrong.add(UNTRUSTED, "signature.certificates")
        return None
    der_of_leaf = leaf.public_bytes(Encoding.DER)
    above = tuple(one.public_bytes(Encoding.DER) for one in trust.above(leaf))
    wrong.check(sorted(found) == sorted((der_of_leaf, *above)), UNTRUSTED, "signature.certificates")
    key, value = leaf.public_key(), signer["signature"].native
    covered = signer["signed_attrs"].contents
    try:
        named = mechanism(key)
    except ValueError:
        wrong.add(UNTRUSTED, "signature.certificate.key")
        return leaf
    # Of a signer that is not known here, what stands beside the certificate is taken as it is.
    beside = tuple(one for one in found if one != der_of_leaf)
    wrong.check(
        rebuilt(covered, value, der_of_leaf, beside, named) == der, BROKEN, "signature.cms.encoding"
    )
    wrong.check(is_canonical_value(value, key), BROKEN, "signature.cms.value")
    digest = hashlib.sha256(pdf[: start - 1] + pdf[end + 1 :]).digest()
    attributes = {a["type"].native: a["values"] for a in signer["signed_attrs"]}
    wrong.check(attributes["message_digest"][0].native == digest, CHANGED, "signature.digest")
    wrong.check(is_value_of(value, signed_bytes(covered), key), CHANGED, "signature.value")
    return leaf


def _check_certificate(
    leaf: x509.Certificate,
    trust: Trust,
    signed_at: datetime | None,
    moment: datetime,
    expected: str | None,
    wrong: _Wrong,
) -> None:
    for code in trust.issued(leaf):
        wrong.add(UNTRUSTED, code)
    if expected is not None:
        wanted = expected.lower().lstrip("0")
        wrong.check(hex_serial(leaf) == wanted, UNTRUSTED, "signature.signer.other")
    if signed_at is None:
        wrong.add(UNTRUSTED, "signature.time.missing")
        return
    starts, ends = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    wrong.check(starts <= signed_at <= ends, UNTRUSTED, "signature.certificate.time")
    # Without a trusted time stamp nobody can tell that it was signed before the end.
    wrong.check(moment <= ends, UNTRUSTED, "signature.certificate.expired")
    revoked = trust.revoked_at(hex_serial(leaf))
    wrong.check(revoked is None or moment < revoked, UNTRUSTED, "signature.certificate.revoked")
    top = trust.above(leaf)[-1]
    whole = top.not_valid_before_utc, top.not_valid_after_utc
    wrong.check(whole[0] <= moment <= whole[1], UNTRUSTED, "signature.authority.expired")


def _second_opinion(
    embedded: Any, above: tuple[x509.Certificate, ...], moment: datetime, wrong: _Wrong
) -> None:
    known = [asn1(one) for one in above]
    context = ValidationContext(
        trust_roots=known[-1:], other_certs=known, allow_fetching=False, moment=moment
    )
    status = validate_pdf_signature(
        embedded,
        signer_validation_context=context,
        key_usage_settings=KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}),
    )
    wrong.check(bool(status.intact and status.valid), CHANGED, "signature.digest")
    wrong.check(bool(status.trusted), UNTRUSTED, "signature.certificate.foreign")
    wrong.check(
        status.coverage == SignatureCoverageLevel.ENTIRE_FILE, CHANGED, "signature.coverage"
    )
    wrong.check(status.modification_level == ModificationLevel.NONE, CHANGED, "signature.revisions")
    wrong.check(bool(status.docmdp_ok), CHANGED, "signature.certification")


def signing_certificate(pdf: bytes) -> x509.Certificate | None:
    """The certificate that the first signature of a file names, unchecked; None without one."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=True)
        first = reader.embedded_signatures[0]
        return x509.load_der_x509_certificate(first.signer_cert.dump())
    except MemoryError:
        raise  # says nothing of the file
    except Exception:  # whatever a file that is none of ours makes the parser raise
        return None
