"""Messages that never interrupt: strips inside a page, toasts over it, the spinner."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from shiboken6 import Shiboken

from workstation.language import tr
from workstation.ui import form, icons
from workstation.ui.accessible import announce
from workstation.ui.theme import theme
from workstation.ui.widgets.buttons import Button
from workstation.ui.widgets.focus import tab_before
from workstation.ui.widgets.pieces import Wrapped, label

TOAST_MS = 10_000
Link = tuple[str, Callable[[], None]]
LEVEL_ICONS = {
    "danger": "octagon-x",
    "warn": "triangle-alert",
    "info": "info",
    "ok": "circle-check",
}


@form.register
class Strip(QFrame):
    """What happened, what it means and what to do, with at most one button and one link.

    ``level`` is danger, warn or info. It stays until ``clear`` or until what it says is over.
    """

    def __init__(self, parent: QWidget | None = None, *, level: str = "warn") -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(14, 8, 12, 8)
        self._row.setSpacing(10)
        self._icon = QLabel(self)
        self._words = QVBoxLayout()
        self._words.setSpacing(2)
        self._title = Wrapped("", "bodyStrong", self)
        self._detail = Wrapped("", "body2", self)
        self._words.addWidget(self._title)
        self._words.addWidget(self._detail)
        self._row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addLayout(self._words, 1)
        self._links: list[QPushButton] = []
        self._level = level
        self.hide()

    @property
    def text(self) -> str:
        """Everything it says."""
        return " ".join(t for t in (self._title.text(), self._detail.text()) if t)

    def say(
        self,
        level: str,
        title: str,
        detail: str = "",
        *,
        button: Link | None = None,
        link: Link | None = None,
        icon: str = "",
    ) -> None:
        """Show a message."""
        before = self.text if self.isVisible() else ""
        self._level = level
        self.setProperty("card", level)
        self.style().unpolish(self)
        self.style().polish(self)
        icons.dress(self._icon, icon or LEVEL_ICONS[level], level, 18)
        self._title.setText(title)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self.setAccessibleName(self.text)
        for old in self._links:
            self._row.removeWidget(old)
            old.hide()  # it goes only when the event loop comes round
            old.deleteLater()
        self._links = []
        for given, kind in ((button, "secondary"), (link, "link")):
            if given is not None:
                made = Button(self, text=given[0], kind=kind)
                made.clicked.connect(lambda _=False, run=given[1]: run())
                QWidget.setTabOrder(self._tab_before(), made)
                self._row.addWidget(made, 0, Qt.AlignmentFlag.AlignVCenter)
                self._links.append(made)
        self.show()
        if self.text != before:
            announce(self, self.text, pressing=level == "danger")

    def clear(self) -> None:
        """Nothing to say."""
        self.hide()

    def _tab_before(self) -> QWidget:
        """What Tab leaves for the next button: made late, it would be the last of the window."""
        tab = Qt.FocusPolicy.TabFocus
        rows = (self._row.itemAt(at) for at in reversed(range(self._row.count())))
        inside = [w for row in rows if row is not None and (w := row.widget()) is not None]
        return next((one for one in inside if one.focusPolicy() & tab), None) or tab_before(self)


class _Toast(QWidget):
    def __init__(self, parent: QWidget, text: str, links: tuple[Link, ...], *, stays: bool) -> None:
        super().__init__(parent)
        self.stays = stays
        self.setAccessibleName(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 9, 12, 9)
        row.setSpacing(18)
        words = label(text)
        white = theme.fixed("light", "surface").name()
        accent = theme.fixed("dark", "accent").name()
        words.setStyleSheet(f"color: {white}")
        row.addWidget(words, 1)
        for name, run in links:
            link = QPushButton(name, self)
            link.setProperty("kind", "link")
            link.setStyleSheet(f"color: {accent}; font-weight: 600")
            link.clicked.connect(lambda _=False, run=run: self._follow(run))
            row.addWidget(link)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.timeout.connect(self.close)
        self.open = True
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def closeEvent(self, event: QCloseEvent) -> None:
        """It is deleted when the event loop comes round; from now on it is not there."""
        self.open = False
        super().closeEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Reading stops the clock."""
        self.timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        """The clock starts again; a notice that stays has none."""
        if not self.stays:
            self.timer.start(TOAST_MS)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The dark plate that toasts have in both themes; on dark pages it is lighter than these."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        table, edge, plate = (
            ("dark", "border2", "railSel") if theme.dark else ("light", "railSel", "rail")
        )
        painter.setPen(theme.fixed(table, edge))
        painter.setBrush(theme.fixed(table, plate))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.end()

    def _follow(self, run: Callable[[], None]) -> None:
        self.close()
        run()


class Toasts:
    """One notice at a time at the bottom centre of an area, for 10 s; hovering keeps it.

    One that stays comes back when others that came over it have had their time.
    """

    def __init__(self, area: QWidget) -> None:
        self._area = area
        self._within: QWidget | None = None
        self._last: _Toast | None = None
        self._staying: list[tuple[str, tuple[Link, ...]]] = []  # the newest last

    @property
    def _toast(self) -> _Toast | None:
        """What is shown now: it goes by itself, or with its area."""
        if self._last is not None and not (Shiboken.isValid(self._last) and self._last.open):
            self._last = None
        return self._last

    @property
    def text(self) -> str:
        """What is shown now, or ""."""
        return self._toast.accessibleName() if self._toast is not None else ""

    def show(self, text: str, links: tuple[Link, ...] = (), *, stays: bool = False) -> None:
        """Show a notice with links (label, what it does); ``stays`` waits to be closed."""
        if stays:
            self._forget(text)
            self._staying.append((text, links))
        self._put_away()
        given = (*links, (tr("Close"), lambda: None)) if stays else links
        followed = tuple((name, partial(self._follow, run, text)) for name, run in given)
        toast = self._last = _Toast(self._area, text, followed, stays=stays)
        toast.timer.timeout.connect(self._bring_back)
        toast.adjustSize()
        toast.setFixedWidth(min(max(380, toast.width()), max(200, self._area.width() - 40)))
        self.place()
        toast.raise_()
        toast.show()
        announce(toast, text)
        if not stays:
            toast.timer.start(TOAST_MS)

    def place(self) -> None:
        """Put it at the bottom centre again (the area was resized)."""
        toast = self._toast
        if toast is not None:
            room = self._area.rect()
            if (
                self._within is not None
                and self._within.isVisible()
                and self._area.isAncestorOf(self._within)
            ):
                room = QRect(self._within.mapTo(self._area, QPoint(0, 0)), self._within.size())
            x = room.center().x() - toast.width() // 2
            x = max(0, min(x, self._area.width() - toast.width()))
            toast.move(x, self._foot(room.bottom()) - toast.sizeHint().height() - 20)

    def _foot(self, foot: int) -> int:
        """Above the bars at the foot in which something is typed or adjusted."""
        for bar in getattr(self._within, "bars", ()):
            if bar.isVisible():
                top = bar.mapTo(self._area, QPoint(0, 0)).y()
                if top > foot - 2 * bar.height() - 20:
                    foot = min(foot, top + 10)
        return foot

    def lift(self, within: QWidget | None) -> None:
        """Put it above a page that was just brought to the front, inside its part ``within``."""
        self._within = within
        self.place()
        QTimer.singleShot(0, self._area, self.place)  # the page is laid out by then
        if self._toast is not None:
            self._toast.raise_()

    def clear(self) -> None:
        """Take it away; what stays behind it comes back."""
        toast = self._toast
        if toast is not None and toast.stays:
            self._forget(toast.accessibleName())
        self._put_away()
        self._bring_back()

    def _put_away(self) -> None:
        toast, self._last = self._toast, None
        if toast is not None:
            toast.close()

    def _follow(self, run: Callable[[], None], text: str) -> None:
        self._forget(text)
        run()
        self._bring_back()

    def _forget(self, text: str) -> None:
        self._staying = [one for one in self._staying if one[0] != text]

    def _bring_back(self) -> None:
        if self._staying and self._toast is None and Shiboken.isValid(self._area):
            self.show(*self._staying[-1], stays=True)
