"""Reading a document in full, and giving an amendment up."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.pixels import Pixels
from workstation.language import Sentence, tr
from workstation.ui.flowing import Flowing
from workstation.ui.sign.preview import Preview
from workstation.ui.widgets import Button, FocusRing


class ReadDialog(QDialog):
    """All pages of a signed document."""

    def __init__(
        self, number: str, pages: tuple[Pixels, ...], mark: Sentence | None, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._ring = FocusRing(self)
        self.setWindowTitle(number)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        self.preview = Preview(mark=mark)
        self.preview.setAccessibleName(tr("Pages of {number}", number=number))
        self.preview.show_pages(pages)
        rows.addWidget(self.preview)
        area = parent.window().size()
        self.resize(min(900, area.width() - 80), area.height() - 40)


class GiveUpDialog(QDialog):
    """Says what is lost and what stays; the button says what it does."""

    def __init__(self, number: str, do: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._ring = FocusRing(self)
        self.setWindowTitle(tr("Give up amendment"))
        self.setMinimumWidth(440)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 18, 20, 16)
        rows.setSpacing(10)
        rows.addWidget(Flowing(tr("Give up the amendment of {number}?", number=number), "panel"))
        rows.addWidget(
            Flowing(
                tr(
                    "What was changed since it was opened again is dropped. The signed documents hold as they are."
                ),
                "body2",
            )
        )
        foot = QHBoxLayout()
        foot.addStretch()
        self.keep = Button(text=tr("Keep amending"))
        self.keep.setDefault(True)
        self.keep.clicked.connect(self.reject)
        self.do = Button(text=tr("Give up amendment"), kind="danger")
        self.do.setAutoDefault(False)
        self.do.clicked.connect(do)
        self.do.clicked.connect(self.accept)
        foot.addWidget(self.keep)
        foot.addWidget(self.do)
        rows.addLayout(foot)
