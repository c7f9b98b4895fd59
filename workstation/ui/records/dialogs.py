"""Reading a document in full."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QDialog,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.pixels import Pixels
from workstation.language import tr
from workstation.ui.sign.preview import Preview


class ReadDialog(QDialog):
    """All pages of a signed document."""

    def __init__(self, number: str, pages: tuple[Pixels, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(number)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        self.preview = Preview(draft=False)
        self.preview.setAccessibleName(tr("Pages of {number}", number=number))
        self.preview.show_pages(pages)
        rows.addWidget(self.preview)
        area = parent.window().size()
        self.resize(min(900, area.width() - 80), area.height() - 40)
