"""The Treat and Sign pages in a window of a given size, over a world in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tests.ui.treat_world import World
from workstation.presenters.sign import SignPresenter
from workstation.presenters.treat import TreatPresenter
from workstation.ui.application import application
from workstation.ui.commands import Commands
from workstation.ui.page import PageTools
from workstation.ui.sign.page import SignPage
from workstation.ui.theme import theme
from workstation.ui.treat.line_card import LineCard
from workstation.ui.treat.page import TreatPage

# What rail, banner, step bar and status line leave of a window.
AROUND = (64, 125)
_open: list[QWidget] = []  # one window at a time: the focus is one


@dataclass
class Shown:
    """One page in its window, with what it told the shell."""

    window: QWidget
    page: Any
    presenter: Any
    world: World
    gone: list[str] = field(default_factory=list)
    toasts: list[str] = field(default_factory=list)
    links: dict[str, Any] = field(default_factory=dict)

    def told(self, text: str, links: Any) -> None:
        """Keep a notice and what it offers."""
        self.toasts.append(text)
        self.links.update(links)

    def card(self, code: str) -> LineCard:
        """The safety line with that code."""
        return next(card for card in self.page.safety.cards if card.line.code == code)

    def codes(self) -> list[str]:
        """Codes of the lines shown."""
        return [card.line.code for card in self.page.safety.cards]


def settle() -> None:
    """Let layouts and queued calls come to rest."""
    for _ in range(8):
        QApplication.processEvents()


def treat_page(made: World, size: tuple[int, int] = (1440, 900)) -> Shown:
    """The Treat page, entered."""
    return _shown(made, TreatPresenter(made.case), TreatPage, size)


def sign_page(made: World, size: tuple[int, int] = (1440, 900)) -> Shown:
    """The Sign page, entered."""
    return _shown(made, SignPresenter(made.case), SignPage, size)


def _shown(made: World, presenter: Any, page_class: Any, size: tuple[int, int]) -> Shown:
    application()
    theme.set_mode("light")
    before, window = list(_open), QWidget()
    _open[:] = [window]
    found = Shown(window, None, presenter, made)
    tools = PageTools(
        Commands(window),
        made.case.jobs,
        found.told,
        found.gone.append,
    )
    page = page_class(presenter, tools, window)
    found.page = page
    rows = QVBoxLayout(window)
    rows.setContentsMargins(AROUND[0], AROUND[1], 0, 0)
    rows.addWidget(page)
    window.resize(*size)
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window, 2000)
    for old in before:
        old.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    settle()
    page.enter()
    settle()
    return found


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the focus is."""
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifiers)
    settle()


def write(text: str) -> None:
    """Type where the focus is."""
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClicks(target, text)
    settle()


def unnamed(root: QWidget) -> list[str]:
    """Controls that assistive technology cannot name."""
    kinds = (QAbstractButton, QComboBox, QLineEdit)
    return [
        f"{type(w).__name__} {w.objectName()}"
        for w in _visible(root)
        if isinstance(w, kinds)
        and not (w.accessibleName() or (isinstance(w, QAbstractButton) and w.text()))
        and w.objectName() != "qt_spinbox_lineedit"
    ]


def clipped(root: QWidget) -> list[str]:
    """Labels and buttons whose text does not fit in the room they have."""
    found = []
    for widget in _visible(root):
        if isinstance(widget, QLabel) and widget.text() and widget.pixmap().isNull():
            need = widget.heightForWidth(widget.width()) if widget.wordWrap() else -1
            metrics = QFontMetricsF(widget.font())
            if need > widget.height() + 1:
                found.append(f"low {widget.height()} of {need}: {widget.text()[:50]}")
            elif not widget.wordWrap():
                wide = max(metrics.horizontalAdvance(line) for line in widget.text().split("\n"))
                if wide > widget.width() + 1.5 and widget.property("elided") is not True:
                    found.append(f"narrow {widget.width()} of {wide}: {widget.text()[:50]}")
        elif (
            isinstance(widget, QAbstractButton)
            and widget.text()
            and not isinstance(widget, QToolButton)  # of fields: an icon whose text is its name
        ):
            wide = QFontMetricsF(widget.font()).horizontalAdvance(widget.text())
            if wide > widget.width() + 0.5:
                found.append(f"button {widget.width()} of {wide}: {widget.text()}")
    return found


def _visible(root: QWidget) -> Iterator[QWidget]:
    here = root.window()
    return (w for w in root.findChildren(QWidget) if w.isVisible() and w.window() is here)
