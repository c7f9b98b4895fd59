"""Walks the widgets of a window: names, focus, targets, contrast, cut text, overlap (A1, A2, A4, I2, I3)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QFontMetricsF, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QWidget,
)

from tests.ui import treat_pages
from workstation.ui.assess.canvas import PhotoCanvas
from workstation.ui.assess.spoken import SpokenAnnotations
from workstation.ui.details import Details
from workstation.ui.palette import CommandList, KeysSheet
from workstation.ui.widgets.focus import FocusRing
from workstation.ui.widgets.messages import _Toast as Toast

CONTROLS = (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QTabBar,
    PhotoCanvas,
)
OVER = (CommandList, KeysSheet, Details, Toast, FocusRing)  # what stands over pages
LEAST = 24  # side of a target
ARROW = 35  # what a choice takes beside its words: margins and the arrow
CONTRAST = 4.5
# Thin strokes reach their full colour in few pixels: measured, it may fall so much short.
MEASURED = 0.9


def visible(root: QWidget) -> Iterator[QWidget]:
    """Widgets that show."""
    here = root.window()  # a window of its own is looked at by itself
    return (w for w in root.findChildren(QWidget) if w.isVisible() and w.window() is here)


def controls(root: QWidget) -> Iterator[QWidget]:
    """What is operated, without the parts Qt builds its own controls of."""
    for widget in visible(root):
        if not isinstance(widget, CONTROLS) or isinstance(widget, QScrollBar):
            continue
        outer = widget.parentWidget()
        own = isinstance(outer, QComboBox | QLineEdit | QAbstractSpinBox)
        if widget.objectName().startswith("qt_") or own or isinstance(widget, SpokenAnnotations):
            continue  # the last is heard, never seen: the canvas takes its keys
        yield widget


def said(widget: QWidget) -> str:
    """What identifies a widget in a failure."""
    text = widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""
    name = widget.accessibleName() or text or widget.objectName()
    return f"{type(widget).__name__} {name[:60]!r}"


def nameless(root: QWidget) -> list[str]:
    """Controls assistive technology cannot name; a list of choices is not named by its choice."""
    found = []
    for widget in controls(root):
        about = QAccessible.queryAccessibleInterface(widget)
        name = widget.accessibleName()
        choice = root.parentWidget()
        if not name and isinstance(choice, QComboBox):
            name = choice.accessibleName()  # its open list is told as part of it
        if not name and not isinstance(widget, QComboBox) and about is not None:
            name = about.text(QAccessible.Text.Name)
        if not name:
            found.append(said(widget))
    return found


def unreachable(root: QWidget) -> list[str]:
    """Enabled controls that Tab does not reach and that no key of the page stands for."""
    return [
        said(w)
        for w in controls(root)
        if w.isEnabled()
        and not _by_arrows(w)
        and not w.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(w, QTabBar)  # Ctrl+Tab turns the documents
        and not isinstance(w.parentWidget(), CommandList)  # the arrows of its field walk the list
    ]


def _by_arrows(widget: QWidget) -> bool:
    """Whether it is one of several choices that the arrow keys walk."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return group is not None and any(
        button.focusPolicy() & Qt.FocusPolicy.TabFocus for button in group.buttons()
    )


def small(root: QWidget) -> list[str]:
    """Targets under 24 × 24."""
    return [
        f"{said(w)} {w.width()} x {w.height()}"
        for w in controls(root)
        if min(w.width(), w.height()) < LEAST
    ]


def overlapping(root: QWidget) -> list[str]:
    """Siblings of one layout that lie upon another."""
    found = []
    for parent in (root, *visible(root)):
        layout = parent.layout()
        if layout is None or isinstance(parent, QAbstractScrollArea):
            continue
        children = (w for w in parent.children() if isinstance(w, QWidget) and not w.isWindow())
        placed = [w for w in children if w.isVisible()]
        for n, one in enumerate(placed):
            for other in placed[n + 1 :]:
                shared = one.geometry().intersected(other.geometry())
                over = isinstance(one, OVER) or isinstance(other, OVER)
                if not shared.isEmpty() and not over:
                    found.append(f"{said(one)} and {said(other)} share {shared.size()}")
    return found


def outside(root: QWidget) -> list[str]:
    """Controls and labels of which a part lies outside the window and outside every scroll area."""
    found = []
    whole = root.rect()
    for widget in visible(root):
        if not isinstance(widget, (*CONTROLS, QLabel)) or isinstance(widget, QScrollBar):
            continue
        if _scrolled(widget, root):
            continue
        place = QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())
        if not whole.contains(place):
            found.append(f"{said(widget)} at {place}")
    return found


def _scrolled(widget: QWidget, root: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None and parent is not root:
        if isinstance(parent, QAbstractScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def cut(root: QWidget) -> list[str]:
    """Texts of labels, buttons and chosen choices that do not fit where they stand."""
    found = treat_pages.clipped(root)
    for widget in visible(root):
        if isinstance(widget, QComboBox) and not widget.isEditable():
            wide = QFontMetricsF(widget.font()).horizontalAdvance(widget.currentText())
            if wide > widget.width() - ARROW:
                found.append(f"choice {widget.width()} of {wide}: {widget.currentText()}")
    return found


def entries(menu: QWidget) -> list[str]:
    """What is wrong with the entries of a menu: no words, too low, partly outside of it."""
    if not isinstance(menu, QMenu):
        return []
    found = []
    whole = menu.width() >= menu.screen().availableGeometry().width()  # no room for its margins
    for action in menu.actions():
        if action.isSeparator() or not action.isVisible():
            continue
        place, words = menu.actionGeometry(action), action.text()
        wide = QFontMetricsF(menu.font()).horizontalAdvance(words.replace("\t", ""))
        if not words.strip():
            found.append(f"an entry without words at {place}")
        elif place.height() < LEAST:
            found.append(f"{words!r} is {place.height()} high")
        elif (not whole and not menu.rect().contains(place)) or wide > place.width():
            found.append(f"{words!r} takes {wide} of {place}")
    return found


def listed(root: QWidget) -> list[str]:
    """Rows of an open list of choices that are cut or too low."""
    found = []
    for view in visible(root):
        choice = root.parentWidget()
        if not isinstance(view, QListView) or not isinstance(choice, QComboBox):
            continue
        for row in range(view.model().rowCount()):
            index = view.model().index(row, 0)
            place, words = view.visualRect(index), str(index.data())
            wide = QFontMetricsF(view.font()).horizontalAdvance(words)
            if place.height() < LEAST or wide > view.viewport().width():
                found.append(f"{words!r} takes {wide} of {view.viewport().width()}, {place}")
    return found


def faint(root: QWidget, image: QImage) -> list[str]:
    """Texts whose strokes stand out less than 4.5 from what lies behind them, as measured."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    light = _luminance(raw[:, :, :3][:, :, ::-1])
    found = []
    if isinstance(root, QMenu):
        for action in root.actions():
            place = root.actionGeometry(action)
            inner = light[place.top() : place.bottom(), place.left() : place.right()]
            if action.isEnabled() and action.text() and inner.size >= 60:
                best = _strongest(inner)
                if best < CONTRAST * MEASURED:
                    found.append(f"{best:.1f}: {action.text()!r}")
        return found
    for widget in visible(root):
        if not isinstance(widget, QLabel | QAbstractButton) or not widget.isEnabled():
            continue
        text = widget.text().strip()
        if not text or (isinstance(widget, QLabel) and not widget.pixmap().isNull()):
            continue
        region = widget.visibleRegion().boundingRect()
        if region.size() != widget.size():
            continue  # covered or scrolled away in part: another view shows it whole
        corner = widget.mapTo(root, QPoint(0, 0))
        there = root.childAt(corner + widget.rect().center())
        if there is not widget and (there is None or not widget.isAncestorOf(there)):
            continue  # a sheet stands over it
        part = light[
            max(0, corner.y()) : corner.y() + widget.height(),
            max(0, corner.x()) : corner.x() + widget.width(),
        ]
        if part.size < 60:
            continue
        best = _strongest(part)
        if best < CONTRAST * MEASURED:
            found.append(f"{best:.1f}: {said(widget)}")
    return found


def _strongest(part: np.ndarray) -> float:
    """The contrast of what stands out most to what most of it is."""
    values, counts = np.unique(np.round(part, 4), return_counts=True)
    ground = values[int(counts.argmax())]
    darker, lighter = np.minimum(values, ground), np.maximum(values, ground)
    return float(((lighter + 0.05) / (darker + 0.05)).max())


def _luminance(rgb: np.ndarray) -> np.ndarray:
    channel = rgb.astype(np.float32) / 255
    linear = np.where(channel <= 0.04045, channel / 12.92, ((channel + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722], np.float32)


def problems(root: QWidget) -> list[str]:
    """All that is wrong with how what shows is made and placed."""
    checks = (nameless, unreachable, small, overlapping, outside, cut, entries, listed)
    return [f"{check.__name__}: {text}" for check in checks for text in check(root)]
