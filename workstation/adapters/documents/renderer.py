"""Documents to PDF with ReportLab, byte for byte the same each time, and PDF pages to pixels."""

from __future__ import annotations

import io
import threading
from functools import lru_cache

import pypdfium2
from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from workstation.adapters.documents import fonts
from workstation.adapters.documents.frames import BOX_HEIGHT, PAPERS, Layout, signature_rect
from workstation.adapters.documents.pen import INK, MUTED, SMALL, Pen, leading
from workstation.content.documents import read_page_words
from workstation.domain.documents import Document
from workstation.domain.errors import Refused
from workstation.domain.pixels import Pixels

# Streams are bytes: writing them in printable characters takes time and a quarter more room.
rl_config.useA85 = 0

_NAME_SIZE = 11.0
_PDFIUM = threading.Lock()  # PDFium may not be entered by two threads at once


@lru_cache(maxsize=4)
def _page_words(language: str) -> dict[str, str]:
    return dict(read_page_words(language))


def _canvas(target: io.BytesIO, size: tuple[float, float]) -> Canvas:
    fonts.face(fonts.INITIAL_FACE)
    canvas = Canvas(
        target,
        pagesize=size,
        invariant=1,
        pageCompression=1,
        initialFontName=fonts.INITIAL_FACE,
        pdfVersion=(1, 7),
        lang="en-US",
    )
    canvas.setCreator("Dermatology Workstation")
    canvas.setProducer("Dermatology Workstation")
    return canvas


class PdfRenderer:
    """Draws documents. The file carries no form, link, script or attachment.

    The document's information names the document, never the patient.
    """

    def render(self, document: Document, code: str = "") -> bytes:
        """The PDF of ``document`` with ``code`` as its QR code; the same gives the same bytes.

        Raises:
            Refused: ``document.glyph.missing`` when a character has no embedded glyph,
                ``document.overflow`` when something does not fit on a page of its own,
                ``document.paper.unknown``.
        """
        if document.paper not in PAPERS:
            raise Refused("document.paper.unknown")
        layout = Layout(document, _page_words(document.language), code)
        target = io.BytesIO()
        canvas = _canvas(target, (layout.width, layout.height))
        canvas.setTitle(f"{document.title} {document.number}")
        canvas.setAuthor(document.letterhead.name)
        canvas.setSubject(document.page_code)
        layout.draw(Pen(canvas))
        canvas.save()
        return target.getvalue()

    def pages(self, pdf: bytes, scale: float) -> tuple[Pixels, ...]:
        """Raster of each page, BGRX, at ``scale`` pixels per point; raises Refused
        ``document.pdf.unreadable``."""
        with _PDFIUM:
            try:
                opened = pypdfium2.PdfDocument(pdf)
            except pypdfium2.PdfiumError as error:
                raise Refused("document.pdf.unreadable") from error
            try:
                opened.init_forms()
                return tuple(_raster(opened, n, scale) for n in range(len(opened)))
            finally:
                opened.close()


def _raster(opened: pypdfium2.PdfDocument, number: int, scale: float) -> Pixels:
    page = opened[number]
    bitmap = page.render(scale=scale, prefer_bgrx=True, may_draw_forms=True)
    try:
        wide, high, stride = bitmap.width, bitmap.height, bitmap.stride
        raw = bytes(bitmap.buffer)
    finally:
        bitmap.close()
        page.close()
    if stride != wide * 4:
        raw = b"".join(raw[y * stride : y * stride + wide * 4] for y in range(high))
    return Pixels(wide, high, raw)


def signature_block(lines: tuple[str, ...], page_width: float, *, coded: bool = False) -> bytes:
    """A one-page PDF of the signature's visible block, in the size of its box.

    Raises:
        Refused: ``document.overflow`` when the lines do not fit; ``document.glyph.missing``.
    """
    box = signature_rect(page_width, coded=coded)
    wide = box.right - box.left
    fitted = [
        (part, _NAME_SIZE, "semibold")
        for part in fonts.wrap(lines[0], "semibold", _NAME_SIZE, wide - 24)
    ]
    for line in _joined(lines[1:], wide - 24):
        fitted.extend(
            (part, SMALL, "regular") for part in fonts.wrap(line, "regular", SMALL, wide - 24)
        )
    high = sum(leading(size) for _, size, _ in fitted)
    if high > BOX_HEIGHT - 4:
        raise Refused("document.overflow", page=0)
    target = io.BytesIO()
    canvas = _canvas(target, (wide, BOX_HEIGHT))
    pen = Pen(canvas)
    top = BOX_HEIGHT / 2 + high / 2
    for part, size, weight in fitted:
        pen.text(12, top, part, size, weight, INK if weight == "semibold" else MUTED)
        top -= leading(size)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def _joined(lines: tuple[str, ...], room: float) -> list[str]:
    """Short lines beside each other, as many as fit."""
    made: list[str] = []
    for line in lines:
        beside = f"{made[-1]} {chr(0xB7)} {line}" if made else line
        if made and fonts.width(beside, "regular", SMALL) <= room:
            made[-1] = beside
        else:
            made.append(line)
    return made
