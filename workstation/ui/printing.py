"""Puts rendered pages on paper: what is not valid carries its mark, job names carry document numbers only."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from workstation.domain.pixels import Pixels
from workstation.language import Sentence, noted, tr
from workstation.ui.print_queue import outcome
from workstation.ui.theme import theme

NO_PRINTER = noted("No printer is set up on this computer. Export the file and print it elsewhere.")
POINTS = 300 / 72
DRAFT = noted("Draft, not valid")


def image_of(page: Pixels) -> QImage:
    """A picture of its own: the pixels behind ``page`` may go away."""
    image = QImage(page.data, page.width, page.height, page.width * 4, QImage.Format.Format_RGB32)
    return image.copy()


def no_printer() -> str:
    """A sentence where no printer is set up, else ""."""
    return "" if QPrinterInfo.availablePrinterNames() else tr(NO_PRINTER)


def ask_and_print(
    parent: QWidget, number: str, pages: tuple[Pixels, ...], *, mark: Sentence | None = None
) -> str:
    """Ask for a printer and print; a sentence about what became of it, "" when nobody printed.

    ``mark`` is written across each page. Whatever happens here, a signature stands.
    """
    missing = no_printer()
    if missing:
        return missing
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(number)
    dialog = QPrintDialog(printer, parent)
    dialog.setMinMax(1, max(1, len(pages)))
    if dialog.exec() != QPrintDialog.DialogCode.Accepted:
        return ""
    if printer.printRange() is QPrinter.PrintRange.PageRange:  # CUPS takes other choices itself
        pages = pages[printer.fromPage() - 1 : printer.toPage()]
    return outcome(printer, drawn=draw(printer, pages, mark=mark))


def draw(printer: QPrinter, pages: tuple[Pixels, ...], *, mark: Sentence | None = None) -> bool:
    """Draw the pages at their true size; whether the printer took them."""
    if not pages:
        return False
    first = pages[0]
    wide, high = first.width / POINTS, first.height / POINTS
    size = QPageSize(QRectF(0, 0, wide, high).size(), QPageSize.Unit.Point)
    printer.setPageSize(size)
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    printer.setFullPage(True)
    painter = QPainter()
    if not painter.begin(printer):
        return False
    for number, page in enumerate(pages):
        if number and not printer.newPage():
            painter.end()
            return False
        area = QRectF(painter.viewport())
        painter.drawImage(area, image_of(page))
        if mark is not None:
            _mark(painter, area, mark)
    return painter.end()


def _mark(painter: QPainter, area: QRectF, mark: Sentence) -> None:
    painter.save()
    colour = QColor(theme.fixed("light", "danger"))
    colour.setAlphaF(0.3)
    painter.setPen(colour)
    font = theme.font_px(24, 700)
    font.setPixelSize(max(24, round(area.width() / 11)))
    painter.setFont(font)
    painter.translate(area.center())
    painter.rotate(-34)
    tall = font.pixelSize() * 2
    painter.drawText(
        QRectF(-area.width(), -tall / 2, area.width() * 2, tall),
        Qt.AlignmentFlag.AlignCenter,
        mark.template,  # in English as the pages are, whatever the screen speaks
    )
    painter.restore()
