"""The focus ring: 2 px with a 2 px gap around the control that has the focus."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QLayout,
    QScrollArea,
    QSlider,
    QWidget,
)
from shiboken6 import isValid

from workstation.ui.theme import theme

GAP, WIDTH = 2, 2


def _upwards(widget: QWidget, window: QWidget | None) -> Iterator[QWidget]:
    """``widget`` and what it lies in, up to the window."""
    one: QWidget | None = widget
    while one is not None and one is not window and isValid(one):
        yield one
        one = one.parentWidget()


def controls(widget: QWidget) -> Iterator[QWidget]:
    """What Tab can reach in a widget, itself too, in the order of its layouts, shown or not.

    Qt's own chain is not asked: PySide files each answer under the widget asked, so that a button
    taken away later takes another, even the page stack, with it.
    """
    layout = widget.layout()
    if _by_tab(widget):
        yield widget
        inside = widget.widget() if isinstance(widget, QScrollArea) else None
        if inside is not None:  # Tab stops at what scrolls, and then at each control in it
            yield from controls(inside)
    elif layout is None:
        for child in widget.children():
            if isinstance(child, QWidget):
                yield from controls(child)
    else:
        for inner in _laid_out(layout):
            yield from controls(inner)


def tab_before(widget: QWidget) -> QWidget:
    """The control from which Tab comes to ``widget`` (itself where there is none)."""
    inner, outer = widget, widget.parentWidget()
    while outer is not None and not inner.isWindow():
        ahead: list[QWidget] = []
        for beside in _laid_out(outer.layout()):
            if beside is inner:
                break
            ahead += controls(beside)
        else:
            ahead = []  # it stands in no layout
        if ahead:
            return ahead[-1]
        inner, outer = outer, outer.parentWidget()
    return widget


def tab_as_laid_out(panel: QWidget) -> None:
    """Let Tab go through a panel in the order of its layouts.

    Qt goes by when a control was made: one made later, as rows of a list, would be the last of all.
    """
    before = tab_before(panel)
    for control in controls(panel):
        if before is not panel:
            QWidget.setTabOrder(before, control)
        before = control


def _laid_out(layout: QLayout | None) -> Iterator[QWidget]:
    """Widgets of a layout and of those in it, in their order."""
    for at in range(layout.count() if layout is not None else 0):
        item = layout.itemAt(at) if layout is not None else None
        widget = item.widget() if item is not None else None
        if widget is not None:
            yield widget
        else:
            yield from _laid_out(item.layout() if item is not None else None)


def _by_tab(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None


class FocusRing(QWidget):
    """Drawn over a window around its focused button, slider or label.

    Fields draw their own outline by the style sheet; lists and the canvas show their current row.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._target: QWidget | None = None
        self._watched: tuple[QWidget, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._moved)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the control that is ringed, and everything it lies in."""
        kinds = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)
        if event.type() in kinds and any(watched is one for one in self._watched):
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("focus"), WIDTH))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        painter.end()

    def _moved(self, _: QWidget | None, now: QWidget | None) -> None:
        for one in self._watched:
            if isValid(one):
                one.removeEventFilter(self)
        self._target, self._watched = None, ()
        ringed = (QAbstractButton, QSlider, QLabel)
        if (
            isinstance(now, ringed)
            and now.window() is self.parentWidget()
            and not now.property("ownFocus")
        ):
            self._target = now
            self._watched = tuple(_upwards(now, self.parentWidget()))
            for one in self._watched:
                one.installEventFilter(self)
        self._place()

    def _place(self) -> None:
        target, window = self._target, self.parentWidget()
        if target is None or window is None or not isValid(target) or not target.isVisible():
            self.hide()
            return
        rim = GAP + WIDTH
        corner = target.mapTo(window, QPoint(0, 0))
        whole = QRect(corner, target.size()).adjusted(-rim, -rim, rim, rim)
        for one in _upwards(target, window):  # as it lies now: it may have been moved elsewhere
            # In a scrolled panel the ring ends where the panel ends.
            if isinstance(one.parentWidget(), QAbstractScrollArea):
                whole = whole.intersected(QRect(one.mapTo(window, QPoint(0, 0)), one.size()))
        if whole.isEmpty():
            self.hide()
            return
        self.setGeometry(whole.intersected(window.rect()))
        self.raise_()
        self.show()
