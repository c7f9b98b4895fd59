"""Lists and notes on paper: laid out in black at 9 points or more, on a printer or into a PDF file."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFont,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QFileDialog, QWidget

from workstation import assets
from workstation.language import noted, tr
from workstation.ui.print_queue import outcome
from workstation.ui.theme import FAMILIES
from workstation.ui.widgets import unbroken

MARGIN_MM = 12.7
DPI = 300
FOOT = 16  # points, for the number of the page
WRITTEN = noted("No printer is set up here. Written to {name}.")
NOT_WRITTEN = noted("Not written: {name} cannot be opened. Choose another place.")


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose head is repeated on each page, as rich text."""
    head = "".join(_tag("th", escape(words)) for words in heads)
    body = "".join(
        _tag("tr", "".join(_tag("td", escape(unbroken(words))) for words in row)) for row in rows
    )
    return _tag(
        "table",
        _tag("thead", _tag("tr", head)) + body,
        'width="100%" cellspacing="0"',
    )


def sheet(title: str, lines: Sequence[str], content: str) -> str:
    """A page set with a title and lines below it, as rich text."""
    return _tag("h1", escape(title)) + "".join(paragraph(line) for line in lines) + content


def paragraph(words: str, *, large: bool = False) -> str:
    """Words on their own, or a key in large fixed-width letters, as rich text."""
    return _tag("p", _tag("code", escape(words)) if large else escape(words))


def put_on_paper(parent: QWidget, name: str, content: str, *, paper: str) -> str:
    """Ask for a printer, or where to write a PDF when there is none; a sentence, or "".

    ``name`` is the print job's and the file's: it never names a patient. ``paper`` letter or a4.
    """
    if QPrinterInfo.availablePrinterNames():
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(name)
        dialog = QPrintDialog(printer, parent)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange, False)
        if dialog.exec() != QPrintDialog.DialogCode.Accepted:
            return ""
        return outcome(printer, drawn=lay_out(printer, content, paper=paper))
    path, _ = QFileDialog.getSaveFileName(parent, name, f"{name}.pdf", tr("PDF (*.pdf)"))
    if not path:
        return ""
    said = WRITTEN if write_pdf(Path(path), content, paper=paper) else NOT_WRITTEN
    return tr(said, name=Path(path).name)


def write_pdf(path: Path, content: str, *, paper: str) -> bool:
    """Write a PDF; whether the place could be written to."""
    try:
        path.touch()
    except OSError:
        return False
    writer = QPdfWriter(str(path))
    writer.setResolution(DPI)
    return lay_out(writer, content, paper=paper)


def lay_out(device: QPagedPaintDevice, content: str, *, paper: str) -> bool:
    """Draw rich text over as many pages as it takes; whether the device took them."""
    size = QPageSize.PageSizeId.A4 if paper == "a4" else QPageSize.PageSizeId.Letter
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    layout = QPageLayout(
        QPageSize(size), QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter
    )
    device.setPageLayout(layout)
    document = QTextDocument()
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setPointSizeF(10)
    document.setDefaultFont(font)
    document.setDefaultStyleSheet(assets.resource("theme", "paper.css").read_text("utf-8"))
    document.setDocumentMargin(0)
    # Laid out in the dots of the device, so that a point is a point on paper.
    document.documentLayout().setPaintDevice(device)
    page = QSizeF(layout.paintRectPixels(device.logicalDpiX()).size())
    foot = FOOT / 72 * device.logicalDpiX()
    document.setPageSize(page - QSizeF(0, foot))
    document.setHtml(_tag("body", content))
    return _draw(device, document, QRectF(0, page.height() - foot, page.width(), foot))


def _draw(device: QPagedPaintDevice, document: QTextDocument, foot: QRectF) -> bool:
    """Each page with its number below; whether the device took them all."""
    painter = QPainter()
    if not painter.begin(device):
        return False
    small = document.defaultFont()
    small.setPointSizeF(9)
    pages = document.pageCount()
    high = document.pageSize().height()
    for number in range(pages):
        if number and not device.newPage():
            painter.end()
            return False
        painter.save()
        painter.translate(0, -number * high)
        document.drawContents(painter, QRectF(0, number * high, foot.width(), high))
        painter.restore()
        painter.setFont(small)
        said = tr("Page {page} of {pages}", page=number + 1, pages=pages)
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, said)
    return painter.end()


def _tag(name: str, content: str, attribute: str = "") -> str:
    return f"<{name} {attribute}>{content}</{name}>"
