"""How annotations and levels look to other colour vision: proof that shape and word carry them, too."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from workstation.domain.lesions import EIGHT_KEYS
from workstation.language import Sentence, noted, tr
from workstation.ui.photo import glyphs
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, paint_chip

# The skin tones that marks are measured on (design tokens, lesion markers).
SKIN = ("#EFC3A4", "#B37D60", "#66442F", "#3A241A")
CHIPS = (
    ("danger", noted("Blocks signing")),
    ("warn", noted("Needs your reason")),
    ("info", noted("Good to know")),
    ("ok", noted("Passed")),
)
WIDE, TONE, FOOT = 470, 36, 40
# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear light: recalled, not read again.
# They change a picture in Settings and nothing else.
VISIONS: tuple[tuple[Sentence, tuple[tuple[float, float, float], ...]], ...] = (
    (noted("As drawn"), ((1, 0, 0), (0, 1, 0), (0, 0, 1))),
    (
        noted("No red cones"),
        ((0.1523, 1.0526, -0.2049), (0.1145, 0.7863, 0.0992), (-0.0039, -0.0481, 1.052)),
    ),
    (
        noted("No green cones"),
        ((0.3673, 0.8606, -0.228), (0.2801, 0.6725, 0.0474), (-0.0118, 0.0429, 0.9689)),
    ),
    (
        noted("No blue cones"),
        ((1.2555, -0.0767, -0.1788), (-0.0784, 0.9308, 0.1476), (0.0047, 0.6914, 0.3039)),
    ),
    (noted("Grey"), ((0.2126, 0.7152, 0.0722),) * 3),
)


class Vision(QWidget):
    """A row of choices over the picture."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(10)
        row = QHBoxLayout()
        row.setSpacing(6)
        self.picture = _Picture()
        group = QButtonGroup(self)
        for at, (name, _) in enumerate(VISIONS):
            button = Button(text=tr(name), kind="segment")
            button.setCheckable(True)
            button.setChecked(at == 0)
            button.clicked.connect(lambda _=False, at=at: self.picture.see(at))
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.picture)


class _Picture(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._as = 0
        theme.theme_changed.connect(self.updateGeometry)
        self.see(0)

    def see(self, at: int) -> None:
        """Show it as with one of the visions."""
        self._as = at
        name = VISIONS[at][0]
        self.setAccessibleName(tr("Annotations and levels: {vision}", vision=name))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDE, len(SKIN) * TONE + theme.px(FOOT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawImage(0, 0, seen(self._drawn(), VISIONS[self._as][1]))
        painter.end()

    def _drawn(self) -> QImage:
        ratio = self.devicePixelRatioF()
        image = QImage(self.size() * ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(theme.colour("surface"))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        step = WIDE / len(EIGHT_KEYS)
        for row, tone in enumerate(SKIN):
            painter.fillRect(0, row * TONE, WIDE, TONE, theme.colour(tone))
            for at, kind in enumerate(EIGHT_KEYS):
                place = QPointF((at + 0.5) * step, (row + 0.5) * TONE)
                glyphs.paint(painter, kind, place, glyphs.radius_of(kind))
        x = 0.0
        for look, words in CHIPS:
            top = len(SKIN) * TONE + theme.px(FOOT) - theme.px(22) - 4
            x = paint_chip(painter, QPointF(x, top), look, tr(words)).right() + 8
        painter.end()
        return image


def seen(image: QImage, matrix: tuple[tuple[float, float, float], ...]) -> QImage:
    """The picture as another vision has it; the matrix works on linear light."""
    changed = image.copy()
    raw = np.frombuffer(changed.bits(), np.uint8).reshape(image.height(), image.width(), 4)
    light = _linear(raw[:, :, 2::-1].astype(np.float32) / 255)
    light = np.clip(light @ np.array(matrix, np.float32).T, 0, 1)
    raw[:, :, 2::-1] = np.round(_encoded(light) * 255).astype(np.uint8)
    return changed


def _linear(value: np.ndarray) -> np.ndarray:
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def _encoded(value: np.ndarray) -> np.ndarray:
    return np.where(value <= 0.0031308, value * 12.92, 1.055 * value ** (1 / 2.4) - 0.055)
