"""Prints one page on a queue of the print server that CUPS_SERVER names; says what the window says."""

from __future__ import annotations

import sys

from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from workstation.domain.pixels import Pixels
from workstation.ui import printing
from workstation.ui.print_queue import outcome

_ = QApplication(sys.argv[:1])
printer = QPrinter(QPrinter.PrinterMode.HighResolution)
printer.setPrinterName(sys.argv[1])
printer.setDocName("RX-2026-0001")
page = Pixels(300, 388, bytes([255]) * (300 * 388 * 4))
print(outcome(printer, drawn=printing.draw(printer, (page,), mark=printing.DRAFT)))
