"""A button that unfolds a row of fields below, and says in short what stands in them."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from workstation.ui import icons
from workstation.ui.theme import theme
from workstation.ui.widgets import wrap_lines

LONGEST = 18  # letters of what is folded away; all of it is told on hover
ARROW = 14
LEAST = 120  # width that one that wraps asks for


class Fold(QPushButton):
    """``Pharmacy: Birch Pharmacy`` with a chevron; pressed while unfolded."""

    def __init__(
        self,
        name: str,
        parent: QWidget | None = None,
        *,
        brief: bool = False,
        wraps: bool = False,
    ) -> None:
        """``brief`` leaves the name out where there is something to say.

        One that ``wraps`` goes over more lines in a narrow panel, which it would else make wider.
        """
        super().__init__(name, parent)
        self._name, self._brief, self._wraps = name, brief, wraps
        self.setCheckable(True)
        self.setProperty("dense", True)
        self.setAccessibleName(name)

    def say(self, text: str, more: str = "") -> None:
        """What is folded away: in short on the button, whole on hover and for readers."""
        short = text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}\u2026"
        named = short if self._brief else f"{self._name}: {short}"
        self.setText(named if text else self._name)
        self.setAccessibleName(f"{self._name}: {text}" if text else self._name)
        told = ", ".join(part for part in (text, more) if part)
        self.setToolTip(told)
        self.setAccessibleDescription(more)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Room for the chevron."""
        metrics = QFontMetricsF(self.font())
        wide = max(metrics.horizontalAdvance(line) for line in self.text().split("\n"))
        return QSize(round(wide) + ARROW + 26, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), theme.px(LEAST)), hint.height()) if self._wraps else hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many lines as the width asks for."""
        super().resizeEvent(event)
        if self._wraps:
            lines = "\n".join(wrap_lines(self._name, self.font(), self.width() - ARROW - 26))
            if lines != self.text():
                self.setText(lines)
                self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button of the sheet with its words at the left and the chevron at the right."""
        super().paintEvent(event)
        painter = QPainter(self)
        shown = "chevron-up" if self.isChecked() else "chevron-down"
        place = self.rect().center().toPointF()
        place.setX(self.width() - ARROW - 6)
        place.setY(place.y() - ARROW / 2 + 0.5)
        icons.paint(painter, shown, place, "text2", ARROW)
        painter.end()
