"""The shell's own bars: rail, demonstration strip, lock warning and status line."""

from __future__ import annotations

from collections.abc import Container

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from workstation.language import noted, tr
from workstation.ui import form, icons
from workstation.ui.actions import BY_ID
from workstation.ui.steps import FOLLOW_UP, STEPS
from workstation.ui.theme import theme
from workstation.ui.widgets import Emblem, Initials, KeyHints, label
from workstation.ui.widgets.enter import PaintedButton

RAIL, PLATE = 64, 56  # least width of the rail, and of the plate of an entry
PLACES_BELOW = frozenset({"settings", "help"})  # places that stand among the low entries
STATUS = 28


class RailButton(PaintedButton):
    """An entry of the rail: icon over its name; the chosen one has a plate."""

    def __init__(self, text: str, icon: str, key: str) -> None:
        super().__init__()
        self._icon = icon
        self.setText(text)
        self.setCheckable(True)
        self.setAccessibleName(text)
        self.setToolTip(f"{text} ({key})" if key else text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def fit(self) -> int:
        """Take the room of the name at the present size of text; the width that was taken."""
        self.setFont(theme.font("overline"))
        widest = QFontMetrics(theme.font("overline", 600)).horizontalAdvance(self.text())
        self.setFixedSize(max(PLATE, widest + 4), theme.px(50))
        return self.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        if chosen or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("railSel"))
            painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        colour = theme.fixed("light", "surface") if chosen else theme.colour("railText")
        at = QPointF((self.width() - 20) / 2, self.height() / 2 - 19)
        icons.paint(painter, self._icon, at, colour.name(), 20)
        painter.setPen(colour)
        painter.setFont(theme.font("overline", 600 if chosen else 500))
        words = QRectF(0, self.height() / 2 + 4, self.width(), self.height() / 2 - 6)
        painter.drawText(words, Qt.AlignmentFlag.AlignHCenter, self.text())
        painter.end()


@form.register
class Rail(QWidget):
    """The dark column at the left. Only what exists is in it."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(RAIL)
        theme.theme_changed.connect(self._fit)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 12, 1, 12)
        self._column.setSpacing(6)
        emblem = Emblem(self, size=28)
        emblem.set_on_rail(True)
        self._column.addWidget(emblem, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addSpacing(8)
        self._upper = QVBoxLayout()
        self._upper.setSpacing(6)
        self._column.addLayout(self._upper)
        self._column.addStretch()
        self._lower = QVBoxLayout()
        self._lower.setSpacing(6)
        self._column.addLayout(self._lower)
        self.user = Initials(self, size=32)
        self._column.addSpacing(4)
        self._column.addWidget(self.user, 0, Qt.AlignmentFlag.AlignHCenter)
        self._buttons: dict[str, RailButton] = {}

    def add(self, id: str, text: str, icon: str, key: str, *, low: bool = False) -> None:
        """Add an entry; ``low`` ones stand at the bottom, and but for two are no places."""
        button = RailButton(text, icon, key)
        button.setCheckable(not low or id in PLACES_BELOW)
        button.clicked.connect(lambda _=False: self._clicked(id))
        self._buttons[id] = button
        self._fit()
        (self._lower if low else self._upper).addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)

    @property
    def entries(self) -> tuple[str, ...]:
        """Ids of all entries."""
        return tuple(self._buttons)

    def set_current(self, id: str) -> None:
        """Mark where we are."""
        for name, button in self._buttons.items():
            if button.isCheckable():
                button.setChecked(name == id)

    def set_available(self, id: str, available: bool) -> None:
        """Show an entry only while it leads somewhere."""
        self._buttons[id].setVisible(available)

    def _fit(self) -> None:
        # Names are never cut: large text and longer languages take a wider rail.
        widest = max((button.fit() for button in self._buttons.values()), default=0)
        self.setFixedWidth(max(RAIL, widest + 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("rail"))
        painter.end()

    def _clicked(self, id: str) -> None:
        button = self._buttons[id]
        if button.isCheckable():
            button.setChecked(True)
        self.chosen.emit(id)


def furnish(rail: Rail, pages: Container[str]) -> None:
    """Add the entries of the pages there are, and what stands at the bottom."""
    rail.add("queue", tr("Queue"), "inbox", BY_ID["go.queue"].cap)
    if any(step in pages for step in STEPS):
        rail.add("consult", tr("Consult"), "scan-face", BY_ID["go.assess"].cap)
        rail.set_available("consult", False)
    if FOLLOW_UP in pages:
        follow_up = BY_ID["go.followup"]
        rail.add(FOLLOW_UP, tr(follow_up.text), follow_up.icon, follow_up.cap)
        rail.set_available(FOLLOW_UP, False)
    if "labs" in pages:
        rail.add("labs", tr("Labs"), "flask-conical", BY_ID["go.labs"].cap)
    if "records" in pages:
        rail.add("records", tr("Records"), "archive", BY_ID["go.records"].cap)
    rail.add("keys", tr("Keys"), "keyboard", BY_ID["keys"].cap, low=True)
    for id in ("settings", "help"):
        if id in pages:
            rail.add(id, tr(BY_ID[id].text), BY_ID[id].icon, BY_ID[id].cap, low=True)
    rail.add("lock", tr("Lock", sense="rail"), "lock", BY_ID["lock"].cap, low=True)


@form.register
class DemonstrationStrip(QWidget):
    """Says on every page that nobody here exists."""

    TEXT = noted("Demonstration data")
    MORE = noted("Nobody here exists. Nothing signed here is a prescription.")

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(f"{self.TEXT}. {self.MORE}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def sizeHint(self) -> QSize:
        """A low line over the whole width."""
        return QSize(300, theme.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Amber with hatched ends, so that it is not taken for part of a page."""
        painter = QPainter(self)
        fill, ink = theme.colour("warn"), theme.colour("warnBg")
        painter.fillRect(self.rect(), fill)
        painter.setPen(ink)
        bold, plain = theme.font("captionStrong", 700), theme.font("caption", 500)
        painter.setFont(bold)
        first = painter.fontMetrics().horizontalAdvance(tr(self.TEXT))
        painter.setFont(plain)
        second = painter.fontMetrics().horizontalAdvance(tr(self.MORE))
        x = (self.width() - first - second - 36) / 2
        icons.paint(painter, "triangle-alert", QPointF(x, self.height() / 2 - 7), ink.name(), 14)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(bold)
        painter.drawText(QRectF(x + 22, 0, first + 4, self.height()), middle, tr(self.TEXT))
        painter.setFont(plain)
        painter.drawText(
            QRectF(x + 34 + first, 0, second + 4, self.height()), middle, tr(self.MORE)
        )
        painter.end()


@form.register
class LockWarning(QWidget):
    """The strip 30 s before the desk locks itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        picture = QLabel()
        white = theme.fixed("light", "surface").name()
        icons.dress(picture, "lock", white, 16)
        self._words = label("", "bodyStrong")
        self._words.setStyleSheet(f"color: {white}")
        row.addWidget(picture)
        row.addWidget(self._words, 1)
        self.hide()

    def show_seconds(self, seconds: int | None) -> None:
        """How long is left; None hides it."""
        if seconds is None:
            self.hide()
            return
        self._words.setText(
            tr("Locking in {seconds}\u00a0s. Move the mouse to stay.", seconds=seconds)
        )
        self.setAccessibleName(self._words.text())
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The dark plate of notices."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.fixed("light", "rail"))
        painter.end()


@form.register
class StatusLine(QWidget):
    """Key hints of the focused area at the left, save state and rules edition at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 1, 14, 0)
        row.setSpacing(8)
        self.hints = KeyHints(self)
        self._icon = QLabel()
        self._state = label("", "caption")
        self._edition = label("", "caption")
        self._shown = ""
        row.addWidget(self.hints, 1)
        row.addWidget(self._icon)
        row.addWidget(self._state)
        row.addWidget(self._edition)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """What it says at the right."""
        return f"{self._state.text()} {self._edition.text()}".strip()

    def sizeHint(self) -> QSize:
        """One low line."""
        return QSize(400, theme.px(STATUS))

    def show_state(self, text: str, *, good: bool) -> None:
        """Save state in words; amber with a triangle while something is not saved."""
        icons.dress(
            self._icon, "circle-check" if good else "triangle-alert", "ok" if good else "warn", 14
        )
        self._icon.setVisible(bool(text))
        self._state.setProperty("role", "caption" if good else "warn")
        self._state.style().unpolish(self._state)
        self._state.style().polish(self._state)
        self._state.setText(text)
        self._say_edition()

    def show_edition(self, edition: str) -> None:
        """Edition of the rules in use."""
        self._shown = edition
        self._say_edition()

    def _say_edition(self) -> None:
        """With a dot between it and what stands before it."""
        alone = tr("Rules {edition}", edition=self._shown)
        after = tr("\u00b7  Rules {edition}", edition=self._shown)
        said = after if self._state.text() else alone
        self._edition.setText(said if self._shown else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Surface with a hairline above."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.fillRect(0, 0, self.width(), 1, theme.colour("border"))
        painter.end()
