"""Rendered pages on the preview ground; that they are not valid is drawn by this viewer alone."""

from __future__ import annotations

from operator import is_

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from workstation.domain.pixels import Pixels
from workstation.language import Sentence, tr
from workstation.ui.printing import DRAFT, image_of
from workstation.ui.theme import theme
from workstation.ui.widgets import Card, Wrapped

MARGIN, SIDE, WIDEST = 10, 40, 1000


class PageView(QWidget):
    """One page scaled to the width it is given."""

    def __init__(self, pixmap: QPixmap, number: int, mark: Sentence | None) -> None:
        super().__init__()
        self._pixmap = pixmap
        self._mark = mark
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(tr("Page {number}", number=number))

    def hasHeightForWidth(self) -> bool:
        """Pages keep their shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height at a width, in logical pixels."""
        return round(width * self._pixmap.height() / max(1, self._pixmap.width()))

    def sizeHint(self) -> QSize:
        """A page as wide as the preview is at the reference window."""
        return QSize(632, self.heightForWidth(632))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the page and the viewer's own mark over it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        painter.drawPixmap(area, self._pixmap, QRectF(self._pixmap.rect()))
        if self._mark is not None:
            self._draw_mark(painter, area, tr(self._mark))
        painter.end()

    def _draw_mark(self, painter: QPainter, area: QRectF, words: str) -> None:
        painter.setOpacity(0.13)
        painter.setPen(theme.fixed("light", "danger"))
        painter.setFont(theme.font_px(max(24.0, area.width() / 11), 700))
        painter.translate(area.center())
        painter.rotate(-34)
        painter.drawText(
            QRectF(-area.width(), -60, area.width() * 2, 120),
            Qt.AlignmentFlag.AlignCenter,
            words,
        )


class _Ground(QWidget):
    """What the pages lie on."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("sunken" if theme.dark else "border2"))
        painter.end()


class Preview(QScrollArea):
    """The pages of one document, one below the other."""

    def __init__(self, parent: QWidget | None = None, *, mark: Sentence | None = DRAFT) -> None:
        super().__init__(parent)
        self._mark = mark
        self._shown: tuple[Pixels, ...] = ()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("Preview of the document"))
        self.setWidget(_Ground())

    def show_pages(self, pages: tuple[Pixels, ...], words: str = "") -> None:
        """Show other pages; an empty tuple leaves ``words``: why there are none."""
        same = len(pages) == len(self._shown) and all(map(is_, pages, self._shown))
        if same and pages:
            return
        self._shown = pages
        body = _Ground()
        rows = QVBoxLayout(body)
        rows.setSpacing(12)
        for number, page in enumerate(pages, 1):
            rows.addWidget(PageView(_pixmap(page), number, self._mark))
        if not pages and words:
            card = Card()
            inside = QVBoxLayout(card)
            inside.setContentsMargins(24, 20, 24, 20)
            said = Wrapped(words, "body2")
            said.setAlignment(Qt.AlignmentFlag.AlignCenter)
            inside.addWidget(said)
            rows.addStretch()
            rows.addWidget(card)
        rows.addStretch()
        self.setWidget(body)
        self._centre()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Pages stay in the middle and never wider than they are sharp."""
        super().resizeEvent(event)
        self._centre()

    def _centre(self) -> None:
        body = self.widget()
        rows = body.layout() if body is not None else None
        if rows is not None:
            side = max(SIDE, (self.viewport().width() - WIDEST) // 2)
            rows.setContentsMargins(side, MARGIN, side, MARGIN)

    def turn(self, step: int) -> None:
        """Scroll by most of a page."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + step * round(self.viewport().height() * 0.9))


def _pixmap(page: Pixels) -> QPixmap:
    return QPixmap.fromImage(image_of(page))
