"""Widths of strip, photo and panel: by the size of the window, until somebody drags a splitter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QSplitter

from workstation.language import tr
from workstation.ui.assess.photo_strip import PhotoStrip
from workstation.ui.layouts import Widths
from workstation.ui.theme import theme

# Page width from which: strip, panel, tile height.
SIZES = ((2100, 160, 420, 118), (1740, 140, 380, 92), (1300, 124, 352, 66), (0, 124, 332, 57))


class Columns(QObject):
    """Lays out one splitter of three. A double click on a splitter brings the usual widths back."""

    def __init__(self, splitter: QSplitter, strip: PhotoStrip) -> None:
        super().__init__(splitter)
        self._splitter, self._strip = splitter, strip
        self._sized: tuple[int, int] | None = None
        self._widths = Widths("assess", splitter)
        splitter.setStretchFactor(1, 1)
        splitter.setAccessibleName(tr("Photos, photo and rubric"))
        for i in (1, 2):
            splitter.handle(i).installEventFilter(self)

    def lay_out(self, width: int) -> None:
        """Give each its width for a page that is ``width`` wide."""
        strip, panel, tall = next(row[1:] for row in SIZES if width >= row[0])
        wanted = (theme.px(strip), theme.px(panel))
        self._strip.set_tall(tall)
        # Within one size of window the widths are the user's: only the photo takes up the rest.
        if self._sized != wanted:
            self._sized = wanted
            middle = max(1, width - sum(wanted) - 2)
            self._widths.lay_out(f"{wanted[0]}-{wanted[1]}", [wanted[0], middle, wanted[1]])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice the double click."""
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self._sized = None
            self._widths.forget()
            self.lay_out(self._splitter.width())
        return False
