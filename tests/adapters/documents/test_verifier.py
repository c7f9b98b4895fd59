"""The strict verdict: valid only as made, never after any change, by the right signer only."""

from __future__ import annotations

import io
import random
from datetime import timedelta

import document_cases as cases
import pytest
from asn1crypto import cms
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from signing_office import BLOCK, Office, open_office

from workstation.adapters.documents.signature import RESERVED, canonical_value, is_canonical_value
from workstation.adapters.documents.verifier import BROKEN, CHANGED, UNSIGNED, UNTRUSTED, verify

SEED = 20261122


def hole(signed: bytes) -> tuple[int, int]:
    """First and last+1 position of the signature's digits."""
    start = signed.rindex(b"/Contents <") + len(b"/Contents <")
    return start, start + 2 * RESERVED


def with_cms(signed: bytes, der: bytes) -> bytes:
    """The file with another CMS in the hole."""
    start, end = hole(signed)
    return signed[:start] + der.hex().upper().ljust(end - start, "0").encode() + signed[end:]


def cms_of(signed: bytes) -> cms.ContentInfo:
    start, end = hole(signed)
    return cms.ContentInfo.load(bytes.fromhex(signed[start:end].decode()))


def flips(office: Office, signed: bytes, positions: list[int], chance: random.Random) -> list[int]:
    """Positions where one changed byte still verified as valid."""
    bad = []
    for position in positions:
        changed = bytearray(signed)
        changed[position] ^= chance.randrange(1, 256)
        if office.signer.verify(bytes(changed)).state == "valid":
            bad.append(position)
    return bad


def test_one_changed_byte_anywhere_is_never_valid(office: Office, signed: bytes) -> None:
    chance = random.Random(SEED)
    start, end = hole(signed)
    positions = [chance.randrange(len(signed)) for _ in range(60)]
    positions += [chance.randrange(start, start + 4200) for _ in range(40)]  # the CMS itself
    positions += [chance.randrange(end, len(signed)) for _ in range(20)]
    assert flips(office, signed, positions, chance) == []


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_every_byte_of_the_signature_and_3000_others(office: Office, signed: bytes) -> None:
    chance = random.Random(SEED + 1)
    start, end = hole(signed)
    positions = [*range(start - 400, start + 4400), *range(end - 40, len(signed))]
    positions += [chance.randrange(len(signed)) for _ in range(3000)]
    assert flips(office, signed, positions, chance) == []


def test_the_case_of_a_digit_counts(office: Office, signed: bytes) -> None:
    start, end = hole(signed)
    lower = signed[:start] + signed[start:end].lower() + signed[end:]
    verdict = office.signer.verify(lower)
    assert (verdict.state, verdict.because) == (CHANGED, ("signature.coverage",))


def test_something_behind_the_cms_is_not_padding(office: Office, signed: bytes) -> None:
    end = hole(signed)[1]
    assert office.signer.verify(signed[: end - 2] + b"01" + signed[end:]).state == CHANGED


@pytest.mark.parametrize(
    "more", [b"\n", b" ", b"%", b"\n%%EOF\n", b"\x00", b"1 0 obj\n<<>>\nendobj\n"]
)
def test_appended_bytes_are_never_valid(office: Office, signed: bytes, more: bytes) -> None:
    assert office.signer.verify(signed + more).state != "valid"


def test_bytes_before_or_missing_at_the_end_are_never_valid(office: Office, signed: bytes) -> None:
    assert office.signer.verify(b"\n" + signed).state == BROKEN
    for cut in (1, 5, 6, 100, 2000):
        assert office.signer.verify(signed[:-cut]).state != "valid"


def test_an_incremental_update_is_never_valid(office: Office, signed: bytes) -> None:
    def info(writer: IncrementalPdfFileWriter) -> None:
        writer.set_info(
            generic.DictionaryObject({generic.NameObject("/Title"): generic.TextStringObject("x")})
        )

    def field(writer: IncrementalPdfFileWriter) -> None:
        append_signature_field(writer, SigFieldSpec("Second"))

    def root(writer: IncrementalPdfFileWriter) -> None:
        writer.root["/Lang"] = generic.TextStringObject("fr")
        writer.update_root()

    def content(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        stream = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
        page["/Contents"] = stream
        writer.update_container(page)

    for change in (info, field, root, content):
        writer = IncrementalPdfFileWriter(io.BytesIO(signed), strict=False)
        change(writer)
        target = io.BytesIO()
        writer.write(target)
        changed = target.getvalue()
        assert changed.startswith(signed)
        assert changed != signed
        assert office.signer.verify(changed).state != "valid", change.__name__


def test_an_unsigned_file_is_unsigned(office: Office, preview: bytes) -> None:
    verdict = office.signer.verify(preview)
    assert (verdict.state, verdict.because) == (UNSIGNED, ("signature.none",))


@pytest.mark.parametrize("junk", [b"", b"%PDF-", b"%PDF-1.7\n%%EOF", b"PK\x03\x04", b"\x00" * 4096])
def test_junk_is_never_valid(office: Office, junk: bytes) -> None:
    assert office.signer.verify(junk).state == BROKEN


def test_another_doctor_of_the_same_clinic_is_not_the_expected_one(
    office: Office, preview: bytes
) -> None:
    made = office.signer.sign(preview, office.other, BLOCK, "r", "l", cases.NOW)
    assert office.signer.verify(made).state == "valid"
    verdict = office.signer.verify(made, office.key.serial)
    assert (verdict.state, verdict.because) == (UNTRUSTED, ("signature.signer.other",))


def test_the_expected_serial_may_be_written_with_zeros_or_capitals(
    office: Office, signed: bytes
) -> None:
    for written in (office.key.serial.upper(), "00" + office.key.serial):
        assert office.signer.verify(signed, written).state == "valid"


@pytest.mark.parametrize("demonstration", [True, False])
def test_another_authority_is_never_trusted(signed: bytes, demonstration: bool) -> None:
    elsewhere = open_office(demonstration=demonstration)
    assert elsewhere.signer.verify(signed).state != "valid"


def test_an_expired_certificate_is_not_valid_any_more(office: Office, signed: bytes) -> None:
    inside = verify(signed, office.trust, office.key.expires - timedelta(days=1))
    assert inside.state == "valid"
    after = verify(signed, office.trust, office.key.expires + timedelta(days=1))
    assert (after.state, after.because) == (UNTRUSTED, ("signature.certificate.expired",))


def test_other_certificates_in_the_cms_are_refused(office: Office, signed: bytes) -> None:
    made = cms_of(signed)
    own = [c.chosen for c in made["content"]["certificates"]]
    foreign = open_office(demonstration=False)
    from asn1crypto import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    third = x509.Certificate.load(foreign.key.certificate.public_bytes(Encoding.DER))
    for certificates in ([*own, third], own[:1], own[1:], []):
        changed = cms_of(signed)
        changed["content"]["certificates"] = [
            cms.CertificateChoices(name="certificate", value=c) for c in certificates
        ]
        assert office.signer.verify(with_cms(signed, changed.dump(force=True))).state != "valid"
    assert office.signer.verify(with_cms(signed, made.dump(force=True))).state == "valid"


def test_an_unsigned_attribute_or_another_encoding_is_refused(
    office: Office, signed: bytes
) -> None:
    changed = cms_of(signed)
    changed["content"]["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes(
        [cms.CMSAttribute({"type": "content_type", "values": ["data"]})]
    )
    verdict = office.signer.verify(with_cms(signed, changed.dump(force=True)))
    assert (verdict.state, verdict.because) == (BROKEN, ("signature.cms.encoding",))
    der = cms_of(signed).dump()
    assert der[1] == 0x82  # a longer form of the same length
    longer = der[:1] + b"\x83\x00" + der[2:]
    assert office.signer.verify(with_cms(signed, longer)).state != "valid"


def test_the_other_value_that_ecdsa_accepts_is_refused(office: Office, signed: bytes) -> None:
    from cryptography.hazmat.primitives.asymmetric.utils import (
        decode_dss_signature,
        encode_dss_signature,
    )

    changed = cms_of(signed)
    signer = changed["content"]["signer_infos"][0]
    r, s = decode_dss_signature(signer["signature"].native)
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    twin = encode_dss_signature(r, order - s)
    public = office.key.certificate.public_key()
    assert canonical_value(twin, public) == signer["signature"].native
    assert not is_canonical_value(twin, public)
    signer["signature"] = twin
    assert office.signer.verify(with_cms(signed, changed.dump(force=True))).state == BROKEN


def test_the_signature_of_another_document_does_not_fit(office: Office, signed: bytes) -> None:
    from dataclasses import replace

    from workstation.adapters.documents.renderer import PdfRenderer
    from workstation.workflow.compose import compose

    document = compose(cases.subject(demonstration=False))[0]
    other = office.sign(PdfRenderer().render(replace(document, number="RX-2026-0419")))
    start, end = hole(signed)
    theirs = hole(other)
    mixed = signed[:start] + other[theirs[0] : theirs[1]] + signed[end:]
    assert office.signer.verify(mixed).state == CHANGED
