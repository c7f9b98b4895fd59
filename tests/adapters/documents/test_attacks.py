"""The known families of attack on signed PDFs: none of what comes out is ever valid."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from asn1crypto import algos
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from signing_office import Office

from workstation.adapters.documents.keys import HeldKey
from workstation.adapters.documents.signer import _HeldKey

RANGE = re.compile(rb"/ByteRange ?\[ ?(\d+) +(\d+) +(\d+) +(\d+) *\]")


def updated(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    change(writer)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def with_range(pdf: bytes, first: int, before: int, after: int, rest: int) -> bytes:
    """The file with another ByteRange in the same room."""
    found = RANGE.search(pdf)
    assert found is not None
    room = found.end() - found.start()
    text = f"/ByteRange [{first} {before} {after} {rest}".encode()
    return pdf[: found.start()] + text.ljust(room - 1) + b"]" + pdf[found.end() :]


def range_of(pdf: bytes) -> tuple[int, int, int, int]:
    found = RANGE.search(pdf)
    assert found is not None
    first, before, after, rest = (int(x) for x in found.groups())
    return first, before, after, rest


def test_shadow_hide_a_later_revision_uncovers_what_lay_below(
    office: Office, signed: bytes
) -> None:
    def uncover(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        resources = page["/Resources"]
        resources["/XObject"] = generic.DictionaryObject()
        writer.update_container(resources)

    assert office.signer.verify(updated(signed, uncover)).state != "valid"


def test_shadow_replace_another_font_or_form_value(office: Office, signed: bytes) -> None:
    def other_value(writer: IncrementalPdfFileWriter) -> None:
        fields = writer.root["/AcroForm"]["/Fields"]
        field = fields[0]
        field["/TU"] = generic.TextStringObject("ISOtretinoin 40 mg")
        writer.update_container(field)

    def other_font(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        fonts = page["/Resources"]["/Font"]
        names = list(fonts)
        fonts[names[0]] = fonts.raw_get(names[-1])
        writer.update_container(fonts)

    for change in (other_value, other_font):
        assert office.signer.verify(updated(signed, change)).state != "valid", change.__name__


def test_shadow_hide_and_replace_the_catalog(office: Office, signed: bytes) -> None:
    def root(writer: IncrementalPdfFileWriter) -> None:
        writer.root["/OpenAction"] = generic.DictionaryObject(
            {generic.NameObject("/S"): generic.NameObject("/JavaScript")}
        )
        writer.update_root()

    assert office.signer.verify(updated(signed, root)).state != "valid"


@pytest.mark.parametrize("moved", [64, 4096])
def test_wrapping_moves_the_second_range_behind_inserted_bytes(
    office: Office, signed: bytes, moved: int
) -> None:
    first, before, after, rest = range_of(signed)
    inserted = b"\n% another page\n".ljust(moved)
    wrapped = signed[:after] + inserted + signed[after:]
    assert office.signer.verify(with_range(wrapped, first, before, after, rest)).state != "valid"
    later = with_range(wrapped, first, before, after + moved, rest)
    assert office.signer.verify(later).state != "valid"


def test_a_byte_range_that_leaves_the_head_the_tail_or_everything_out(
    office: Office, signed: bytes
) -> None:
    first, before, after, rest = range_of(signed)
    for wrong in (
        (1, before - 1, after, rest),
        (first, before, after, rest - 1),
        (first, 0, after, 0),
        (first, before - 5, after, rest),
        (first, before, after - 5, rest + 5),
    ):
        assert office.signer.verify(with_range(signed, *wrong)).state != "valid", wrong


def test_a_removed_signature_is_not_valid(office: Office, signed: bytes) -> None:
    _, before, after, _ = range_of(signed)
    empty = signed[: before + 1] + b"0" * (after - before - 2) + signed[after - 1 :]
    cut = signed.replace(b"/Type /Sig", b"/Type /Non", 1)

    def no_fields(writer: IncrementalPdfFileWriter) -> None:
        writer.root["/AcroForm"]["/Fields"] = generic.ArrayObject()
        writer.update_container(writer.root["/AcroForm"])

    for file in (empty, cut, updated(signed, no_fields)):
        assert office.signer.verify(file).state != "valid"


def test_a_drawn_signature_is_no_signature(office: Office, preview: bytes) -> None:
    from workstation.adapters.documents.renderer import signature_block

    drawn = signature_block(("Rosa Kessler, MD", "Signed 22-Nov-2026 13:58"), 612.0)
    for file in (preview, drawn):
        assert office.signer.verify(file).state == "unsigned"


class Sha1(_HeldKey):
    """Signs with the weak digest throughout, as its signature says."""

    def __init__(self, key: HeldKey) -> None:
        super().__init__(key)
        self._signature_mechanism = algos.SignedDigestAlgorithm({"algorithm": "sha1_ecdsa"})

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        assert digest_algorithm == "sha1"
        return bytes(self._key.private.sign(data, ec.ECDSA(hashes.SHA1())))


def test_a_weak_digest_or_another_form_of_signature_is_refused(
    office: Office, preview: bytes
) -> None:
    def sign(**changes: object) -> bytes:
        settings: dict[str, object] = {
            "field_name": "Signature",
            "md_algorithm": "sha256",
            "subfilter": SigSeedSubFilter.PADES,
            "certify": True,
            "docmdp_permissions": MDPPerm.NO_CHANGES,
        }
        signer = PdfSigner(
            PdfSignatureMetadata(**(settings | changes)),
            signer=(Sha1 if changes.get("md_algorithm") == "sha1" else _HeldKey)(office.key),
            new_field_spec=SigFieldSpec("Signature", on_page=0, box=(36, 60, 500, 120)),
        )
        writer = IncrementalPdfFileWriter(io.BytesIO(preview), strict=True)
        return bytes(signer.sign_pdf(writer, bytes_reserved=16384).getvalue())

    assert office.signer.verify(sign()).state == "valid"  # so each change alone is what is refused
    for changes in (
        {"md_algorithm": "sha1"},
        {"subfilter": SigSeedSubFilter.ADOBE_PKCS7_DETACHED},
        {"certify": False},
        {"docmdp_permissions": MDPPerm.FILL_FORMS},
    ):
        assert office.signer.verify(sign(**changes)).state != "valid", changes


def test_one_patients_file_under_another_ones_name_fails_the_store(
    office: Office, signed: bytes
) -> None:
    """The mathematics alone say valid; which file belongs to whom is the store's word."""
    assert office.signer.verify(signed, office.key.serial).state == "valid"
    assert office.signer.verify(signed, office.other.serial).state == "untrusted"
