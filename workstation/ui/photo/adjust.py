"""The bar that adjusts how a photo is shown; never saved into the photo."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QSlider, QWidget

from workstation.language import noted, tr
from workstation.presenters.tools import Adjustment
from workstation.ui import form
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, label

NAMES = (
    ("brightness", noted("Brightness")),
    ("contrast", noted("Contrast")),
    ("local", noted("Local contrast")),
    ("redness", noted("Redness")),
    ("pigment", noted("Pigment")),
)


class Docked(QWidget):
    """A strip that opens between toolbar and photo."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of a panel: these bars hold ordinary fields."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.setPen(theme.colour("border"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()


@form.register
class AdjustBar(Docked):
    """Brightness, contrasts, redness and pigment of the view; ``adjusted`` carries the values."""

    adjusted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 5, 12, 4)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(0)
        self._sliders: dict[str, QSlider] = {}
        for column, (name, text) in enumerate(NAMES):
            caption = label(tr(text), "captionStrong", self)
            caption.setWordWrap(True)  # large text leaves some of them less than a line
            slider = QSlider(Qt.Orientation.Horizontal, self)
            slider.setRange(-100, 100)
            slider.setAccessibleName(tr(text))
            slider.setMinimumHeight(24)
            slider.valueChanged.connect(self._tell)
            caption.setBuddy(slider)
            grid.addWidget(caption, 0, column, Qt.AlignmentFlag.AlignBottom)
            grid.addWidget(slider, 1, column)
            grid.setColumnStretch(column, 1)
            self._sliders[name] = slider
        self._reset = Button(self, text=tr("As taken"), kind="link")
        self._reset.clicked.connect(lambda: self.show_adjustment(Adjustment(), tell=True))
        grid.addWidget(self._reset, 0, len(NAMES), 2, 1)
        self.hide()

    def show_adjustment(self, adjustment: Adjustment, *, tell: bool = False) -> None:
        """Show how the view is adjusted."""
        for name, slider in self._sliders.items():
            slider.blockSignals(True)
            slider.setValue(getattr(adjustment, name))
            slider.blockSignals(False)
        if tell:
            self.adjusted.emit(adjustment)

    def _tell(self) -> None:
        values = {name: slider.value() for name, slider in self._sliders.items()}
        self.adjusted.emit(Adjustment(**values))
