"""Programs that nobody here wrote agree: Poppler's pdfsig, qpdf, and OpenSSL on the bare bytes.

OpenSSL knows nothing of PDF. It is given the bytes that the signature covers, cut out here by the
range that stands in the file, and the CMS out of the gap; it checks digest, signature and chain.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import document_cases as cases
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from signing_office import Office

from workstation.adapters.documents.renderer import PdfRenderer
from workstation.workflow.compose import compose

_RANGE = re.compile(rb"/ByteRange ?\[ ?(\d+) (\d+) (\d+) (\d+) ?\]")


def parts_of(pdf: bytes) -> tuple[bytes, bytes]:
    """(what is signed, the CMS) as they lie in the file; no part of the program is asked."""
    found = _RANGE.search(pdf)
    assert found is not None
    first, before, after, rest = (int(one) for one in found.groups())
    hole = pdf[before + 1 : after - 1]
    der = bytes.fromhex(hole.decode("ascii"))
    length = int.from_bytes(der[2:4], "big") + 4
    return pdf[first : first + before] + pdf[after : after + rest], der[:length]


def openssl(folder: Path, pdf: bytes, anchor: bytes, purpose: str = "any") -> str:
    """What OpenSSL says of a signed file against one authority."""
    content, der = parts_of(pdf)
    for name, held in (("content", content), ("cms.der", der), ("anchor.pem", anchor)):
        (folder / name).write_bytes(held)
    done = subprocess.run(
        ["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "cms.der",
         "-content", "content", "-CAfile", "anchor.pem", "-purpose", purpose, "-out", "out",
         "-attime", str(int(cases.NOW.timestamp()))],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stderr


@pytest.mark.needs("openssl", "pdfsig", "qpdf")
def test_three_programs_agree_on_each_document_and_on_each_change(
    office: Office, tmp_path: Path
) -> None:
    anchor = office.trust.authority.public_bytes(Encoding.PEM)
    foreign = office.key.certificate.public_bytes(Encoding.PEM)
    for document in compose(cases.subject(demonstration=False)):
        pdf = office.sign(PdfRenderer().render(document))
        path = tmp_path / "signed.pdf"
        path.write_bytes(pdf)
        assert "CAdES Verification successful" in openssl(tmp_path, pdf, anchor)
        said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout  # fmt: skip
        assert "Signature is Valid" in said and "Total document signed" in said
        assert subprocess.run(["qpdf", "--check", path], capture_output=True, check=False).returncode == 0  # fmt: skip
        assert office.signer.verify(pdf, office.key.serial).state == "valid"

        # One byte of the page, one of the signed attributes, another authority: all of them say no.
        at = pdf.index(b"stream") + 40
        changed = pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]
        path.write_bytes(changed)
        assert "successful" not in openssl(tmp_path, changed, anchor)
        said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout  # fmt: skip
        assert "Signature is Valid" not in said
        assert office.signer.verify(changed, office.key.serial).state != "valid"
        assert "successful" not in openssl(tmp_path, pdf, foreign)


@pytest.mark.needs("openssl")
def test_openssl_refuses_what_covers_other_bytes(office: Office, tmp_path: Path) -> None:
    """The signature of one document around the bytes of another."""
    first, second = compose(cases.subject(demonstration=False))[:2]
    one = office.sign(PdfRenderer().render(first))
    other = office.sign(PdfRenderer().render(second))
    _, der = parts_of(other)
    anchor = office.trust.authority.public_bytes(Encoding.PEM)
    content, _ = parts_of(one)
    for name, held in (("content", content), ("cms.der", der), ("anchor.pem", anchor)):
        (tmp_path / name).write_bytes(held)
    done = subprocess.run(
        ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "cms.der", "-content",
         "content", "-CAfile", "anchor.pem", "-purpose", "any", "-out", "out"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0 and "content verify error" in done.stderr
