"""What becomes of a print job once it is drawn: Qt says "done" of what the queue refused as well."""

from __future__ import annotations

import ctypes

from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from workstation.language import noted, tr

FAILED = noted(
    "Not printed: the printer did not take it. The document is not affected; print it again."
)
WAITS = noted("The printer {printer} is stopped: what you printed waits there until it goes on.")
SENT = noted("Sent to the printer {printer}.")
CUPS = ("libcups.so.2", "libcups.2.dylib")
ACCEPTED = 0x00FF  # the highest IPP status of success


def outcome(printer: QPrinter, *, drawn: bool) -> str:
    """A sentence about what was printed just now, asked on the thread that printed it."""
    to_file = bool(printer.outputFileName())
    if not drawn or (not to_file and _refused()):
        return tr(FAILED)
    if to_file:
        return ""
    name = printer.printerName()
    stopped = QPrinterInfo.printerInfo(name).state() in (
        QPrinter.PrinterState.Error,
        QPrinter.PrinterState.Aborted,
    )
    return tr(WAITS if stopped else SENT, printer=name)


def _refused() -> bool:
    """Whether the last request to CUPS failed; elsewhere painting itself fails.

    Qt hands the job over when painting ends and drops the answer, which CUPS keeps for the thread.
    """
    for name in CUPS:
        try:
            return int(ctypes.CDLL(name).cupsLastError()) > ACCEPTED
        except (OSError, AttributeError):
            continue
    return False
