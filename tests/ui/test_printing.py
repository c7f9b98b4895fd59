"""Paper: pages at their true size, the draft mark only on drafts, and no printer is said in words."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from workstation import language
from workstation.domain.documents import DocumentState
from workstation.domain.pixels import Pixels
from workstation.presenters.records_wording import MARKS
from workstation.ui import print_queue, printing

LETTER = (2550, 3300)  # pixels of a US Letter page at 300 dpi


def page() -> Pixels:
    wide, high = LETTER
    return Pixels(wide, high, bytes([255]) * (wide * high * 4))


def printed(
    path: Path, mark: language.Sentence | None = None, pages: int = 1
) -> pypdfium2.PdfDocument:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    assert printing.draw(printer, (page(),) * pages, mark=mark)
    return pypdfium2.PdfDocument(path)


def darkest(document: pypdfium2.PdfDocument) -> int:
    return int(document[0].render(scale=0.5).to_numpy().min())


def test_pages_keep_their_size_and_number(qtbot, tmp_path):
    document = printed(tmp_path / "two.pdf", pages=2)
    assert len(document) == 2
    assert [round(side) for side in document[0].get_size()] == [612, 792]


def test_what_is_not_valid_carries_its_mark(qtbot, tmp_path):
    assert darkest(printed(tmp_path / "signed.pdf")) > 250
    assert darkest(printed(tmp_path / "draft.pdf", printing.DRAFT)) < 240
    for state in (DocumentState.AMENDED, DocumentState.VOID):
        assert darkest(printed(tmp_path / f"{state.value}.pdf", MARKS[state])) < 240
    assert DocumentState.CURRENT not in MARKS


def test_the_mark_speaks_as_the_pages_do_whatever_the_screen_speaks(qtbot, tmp_path):
    english = printed(tmp_path / "english.pdf", printing.DRAFT)[0].render(scale=0.5).to_numpy()
    language.use("es")
    try:
        spanish = printed(tmp_path / "spanish.pdf", printing.DRAFT)[0].render(scale=0.5).to_numpy()
    finally:
        language.use("en")
    assert (english == spanish).all()


def test_without_a_printer_it_is_said(qtbot):
    assert QPrinterInfo.availablePrinterNames() == []
    parent = QWidget()
    qtbot.addWidget(parent)
    assert printing.ask_and_print(parent, "RX-2026-0001", (page(),), mark=printing.DRAFT) == str(
        printing.NO_PRINTER
    )


def test_a_printer_that_fails_says_so_and_takes_nothing_back(qtbot, tmp_path):
    """Printing draws pixels that were taken from the signed file: it has no way to change it."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "no such folder" / "out.pdf"))
    drawn = printing.draw(printer, (page(),))
    assert not drawn and not list(tmp_path.iterdir())
    assert "not affected" in print_queue.outcome(printer, drawn=drawn)


def test_of_a_range_chosen_in_the_dialog_no_other_page_is_printed(qtbot, tmp_path, monkeypatch):
    parent = QWidget()
    qtbot.addWidget(parent)
    shades = [
        Pixels(*LETTER, bytes([255 - 20 * n]) * (LETTER[0] * LETTER[1] * 4)) for n in range(4)
    ]

    def chosen(dialog: QPrintDialog) -> QPrintDialog.DialogCode:
        printer = dialog.printer()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "some.pdf"))
        printer.setPrintRange(QPrinter.PrintRange.PageRange)
        printer.setFromTo(2, 3)
        return QPrintDialog.DialogCode.Accepted

    monkeypatch.setattr(printing, "no_printer", lambda: "")
    monkeypatch.setattr(QPrintDialog, "exec", chosen)
    assert printing.ask_and_print(parent, "RX-2026-0001", tuple(shades)) == ""
    made = pypdfium2.PdfDocument(tmp_path / "some.pdf")
    assert len(made) == 2
    found = [int(page.render(scale=0.05).to_numpy().mean()) for page in made]
    assert found == pytest.approx([235, 215], abs=3)
