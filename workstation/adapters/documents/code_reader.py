"""Reading a QR code back from a text, a picture or a PDF, and proving it without the store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from PIL import Image

from workstation.adapters.documents.renderer import PdfRenderer
from workstation.adapters.documents.trust import common_name
from workstation.domain.errors import Refused, WorkstationError
from workstation.workflow import statement

_LARGEST = 64 * 1024 * 1024  # bytes of a picture or PDF
_LONGEST_TEXT = 4096
_SCALE = 200 / 72  # pixels per point at which pages are looked at


def codes_in(path: Path) -> Sequence[str]:
    """Texts of all QR codes in a picture or PDF; a text file is taken as it is.

    Raises:
        Refused: ``qr.file.unreadable``, ``qr.none`` (nothing found).
        WorkstationError: ``qr.reader.missing`` when a picture needs the reader that is not
            installed.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise Refused("qr.file.unreadable")
        content = path.read_bytes()
    except OSError as error:
        raise Refused("qr.file.unreadable") from error
    if content.startswith(statement.VERSION.encode()) and len(content) < _LONGEST_TEXT:
        return [content.decode("ascii", "replace").strip()]
    found = [code for picture in _pictures(path, content) for code in _decoded(picture)]
    if not found:
        raise Refused("qr.none")
    return found


def _pictures(path: Path, content: bytes) -> list[Image.Image]:
    if content.startswith(b"%PDF-"):
        pages = PdfRenderer().pages(content, _SCALE)
        return [
            Image.frombuffer("RGB", (p.width, p.height), bytes(p.data), "raw", "BGRX", 0, 1)
            for p in pages
        ]
    try:
        with Image.open(path, formats=("PNG", "JPEG", "WEBP")) as opened:
            return [opened.convert("L")]
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise Refused("qr.file.unreadable") from error


def _decoded(picture: Image.Image) -> list[str]:
    try:
        import zxingcpp
    except ImportError as error:
        raise WorkstationError("qr.reader.missing") from error
    square = zxingcpp.BarcodeFormat.QRCode
    return [one.text for one in zxingcpp.read_barcodes(picture) if one.format == square]


def prove(code: str, certificate: bytes) -> tuple[statement.Sealed, tuple[str, ...], str]:
    """(what it says, codes of what is wrong, the certificate's name) without any store.

    ``certificate`` is the clinic's certificate for its document key, DER or PEM.

    Raises:
        Refused: ``qr.form``, ``qr.certificate``.
    """
    try:
        pem = b"-----BEGIN CERTIFICATE-----" in certificate
        load = x509.load_pem_x509_certificate if pem else x509.load_der_x509_certificate
        held = load(certificate)
        key = held.public_key()
    except ValueError as error:
        raise Refused("qr.certificate") from error
    if not isinstance(key, Ed25519PublicKey):
        raise Refused("qr.certificate")
    read = statement.read(code)
    clinic = f"{common_name(held)}, {held.issuer.rfc4514_string()}"
    if read.key != statement.key_name(key.public_bytes_raw()):
        return read, ("qr.key.other",), clinic
    try:
        key.verify(read.signature, read.signed)
    except InvalidSignature:
        return read, ("qr.signature",), clinic
    return read, (), clinic
