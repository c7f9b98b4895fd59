"""Small pieces of every page: cards, labels, chips, key caps, initials, empty states."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMargins, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from workstation.language import tr
from workstation.ui import form, icons
from workstation.ui.theme import theme
from workstation.ui.widgets.buttons import Button
from workstation.ui.widgets.painting import (
    CHIP_KINDS,
    chip_size,
    key_size,
    paint_chip,
    paint_key,
)
from workstation.ui.widgets.tips import plain_tip


def label(text: str = "", role: str = "body", parent: QWidget | None = None) -> QLabel:
    """A plain-text label of a type role (see ``QLabel[role=...]`` in the style sheet)."""
    made = QLabel(text, parent)
    made.setProperty("role", role)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


def overline(text: str, parent: QWidget | None = None) -> QLabel:
    """A section label in capitals."""
    made = label(text.upper(), "overline", parent)
    made.setAccessibleName(text)
    return made


def rule(parent: QWidget | None = None, *, upright: bool = False) -> QFrame:
    """A hairline."""
    made = QFrame(parent)
    made.setProperty("ruleV" if upright else "rule", "true")
    return made


def fill(frame: QWidget, content: QWidget | None) -> None:
    """Make ``content`` the only thing in ``frame``; what was there is deleted."""
    layout = frame.layout()
    if layout is None:
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
    while (item := layout.takeAt(0)) is not None:
        old = item.widget()
        if old is not None:
            old.hide()  # it goes only when the event loop comes round
            old.deleteLater()
    if content is not None:
        layout.addWidget(content)


class Wrapped(QLabel):
    """A label over several lines whose height follows its width inside layouts.

    Layouts that stand inside others ask for that height up to ten times each, and Qt sets the whole
    text anew each time: what it found is kept for as long as text and look stay.
    """

    def __init__(self, text: str = "", role: str = "body", parent: QWidget | None = None) -> None:
        self._heights: dict[int, int] = {}
        self._measured = ("", QMargins())
        super().__init__(text, parent)
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def minimumSizeHint(self) -> QSize:
        """One line: the height that is needed follows from the width it gets."""
        return QSize(40, self.fontMetrics().height())

    def heightForWidth(self, width: int) -> int:
        """The height of the whole text at that width."""
        measured = (self.text(), self.contentsMargins())
        if measured != self._measured:
            self._heights.clear()
            self._measured = measured
        known = self._heights.get(width)
        if known is None:
            known = super().heightForWidth(width)
            self._heights[width] = known
        return known

    def changeEvent(self, event: QEvent) -> None:
        """Another font, style or language."""
        self._heights.clear()
        super().changeEvent(event)


@form.register
class Card(QFrame):
    """A framed surface; ``kind`` is true (plain), quiet, danger, warn, info or sev."""

    def __init__(self, parent: QWidget | None = None, kind: str = "true") -> None:
        super().__init__(parent)
        self.setProperty("card", kind)

    def set_kind(self, kind: str) -> None:
        """Change the look."""
        self.setProperty("card", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self.update()


@form.register
class Chip(QWidget):
    """A word with an icon in a tinted box; never the only carrier of its meaning by colour."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        kind: str = "neutral",
        text: str = "",
        icon: str | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind, self._text, self._icon = kind, text, icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.theme_changed.connect(self.updateGeometry)
        self.show_chip(kind, text, icon)

    @property
    def text(self) -> str:
        """The word."""
        return self._text

    def show_chip(self, kind: str, text: str, icon: str | None = None) -> None:
        """Change kind, word and icon (None: the kind's own icon)."""
        self._kind, self._text, self._icon = kind, text, icon
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for icon and word."""
        name = CHIP_KINDS[self._kind].icon if self._icon is None else self._icon
        return chip_size(self._text, name).toSize()

    def minimumSizeHint(self) -> QSize:
        """Chips are never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        paint_chip(painter, QPointF(0, 0), self._kind, self._text, self._icon)
        painter.end()


@form.register
class KeyHint(QWidget):
    """A key cap with what it does."""

    def __init__(self, parent: QWidget | None = None, *, key: str = "", text: str = "") -> None:
        super().__init__(parent)
        self._key, self._text = key, text
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{key}: {text}")

    def sizeHint(self) -> QSize:
        """Room for cap and words."""
        cap = key_size(self._key)
        words = QFontMetricsF(theme.font("caption")).horizontalAdvance(self._text)
        return QSize(round(cap.width() + (6 + words if self._text else 0) + 1), theme.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        top = (self.height() - key_size(self._key).height()) / 2
        cap = paint_key(painter, QPointF(0, top), self._key)
        painter.setPen(theme.colour("text2"))
        painter.setFont(theme.font("caption"))
        area = QRectF(cap.right() + 6, 0, self.width(), self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self._text)
        painter.end()


@form.register
class KeyHints(QWidget):
    """Key hints in a row; hints that do not fit are left out from the right, never cut."""

    GAP = 18

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hints: tuple[tuple[str, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    @property
    def hints(self) -> tuple[tuple[str, str], ...]:
        """(key, text) pairs shown."""
        return self._hints

    def show_hints(self, hints: tuple[tuple[str, str], ...]) -> None:
        """Show other hints."""
        self._hints = hints
        self.setAccessibleName(", ".join(f"{key} {text}" for key, text in hints))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw those that fit."""
        painter = QPainter(self)
        metrics = QFontMetricsF(theme.font("caption"))
        x = 0.0
        for key, text in self._hints:
            cap = key_size(key)
            width = cap.width() + 6 + metrics.horizontalAdvance(text)
            if x + width > self.width():
                break
            paint_key(painter, QPointF(x, (self.height() - cap.height()) / 2), key)
            painter.setPen(theme.colour("text2"))
            painter.setFont(theme.font("caption"))
            area = QRectF(x + cap.width() + 6, 0, width, self.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)
            x += width + self.GAP
        painter.end()


@form.register
class Initials(QWidget):
    """A user's initials in a filled circle."""

    def __init__(self, parent: QWidget | None = None, *, size: int = 32, text: str = "") -> None:
        super().__init__(parent)
        self._text = text
        self.setFixedSize(size, size)

    def show_initials(self, text: str, name: str) -> None:
        """Show the initials; the whole name is read out and in the tooltip."""
        self._text = text
        self.setToolTip(plain_tip(name))
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.fixed("dark", "accent"))
        painter.drawEllipse(QRectF(self.rect()))
        painter.setPen(theme.fixed("dark", "onAccent"))
        painter.setFont(theme.font_px(self.height() * 0.36, 600))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)
        painter.end()


@form.register
class Emblem(QWidget):
    """The product's mark: a disc with a lighter or darker disc inside its upper right."""

    def __init__(self, parent: QWidget | None = None, *, size: int = 38) -> None:
        super().__init__(parent)
        self._on_rail = False
        self.setFixedSize(size, size)
        self.setAccessibleName(tr("Dermatology Workstation"))

    def set_on_rail(self, on_rail: bool) -> None:
        """Use the colours of the dark rail."""
        self._on_rail = on_rail
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        outer = theme.fixed("dark", "accent") if self._on_rail else theme.colour("accent")
        inner = theme.colour("rail" if self._on_rail else "surface")
        side = float(self.width())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(outer)
        painter.drawEllipse(QRectF(0, 0, side, side))
        painter.setBrush(inner)
        painter.drawEllipse(QRectF(side * 0.36, side * 0.08, side * 0.56, side * 0.56))
        painter.end()


class EmptyState(QWidget):
    """One sentence, one line of detail and one button."""

    def __init__(
        self,
        icon: str,
        title: str,
        detail: str,
        button: tuple[str, str, str, Callable[[], None]] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """``button``: text, icon, key cap, what it does."""
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        self._button: Button | None = None
        column.addStretch(2)
        picture = QLabel()
        icons.dress(picture, icon, "text3", 34)
        column.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(label(title, "panel"), 0, Qt.AlignmentFlag.AlignHCenter)
        if detail:
            column.addWidget(label(detail, "body2"), 0, Qt.AlignmentFlag.AlignHCenter)
        if button is not None:
            text, glyph, key, run = button
            made = Button(text=text, icon=glyph, key=key)
            made.clicked.connect(lambda _=False: run())
            self._button = made
            row = QHBoxLayout()
            row.addStretch()
            row.addWidget(made)
            row.addStretch()
            column.addLayout(row)
        column.addStretch(3)

    def focus_button(self) -> None:
        """Put the focus on its button, when it has one."""
        if self._button is not None:
            self._button.setFocus(Qt.FocusReason.OtherFocusReason)
