"""Every page, in both themes and three sizes: names, focus, targets, cut text, overlap (A1, A2, I2, I3)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QMainWindow,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QWidget,
)

from tests.ui import made_up, treat_pages
from tests.ui.desk_of_pages import desk_of, settle
from tests.ui.desktop import small_window
from workstation.ui.application import application
from workstation.ui.assess.canvas import PhotoCanvas
from workstation.ui.shell import Shell
from workstation.ui.theme import theme
from workstation.ui.widgets.focus import FocusRing

SIZES = ((1280, 800), (1440, 900), (2560, 1440))
THEMES = ("light", "dark")
CONTROLS = (
    QAbstractButton,
    QAbstractSlider,
    QComboBox,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QTabBar,
    PhotoCanvas,
)
LEAST = 24  # side of a target
PAGES = {
    "marsh-elena": ("queue", "assess", "treat", "sign"),
    "nwosu-ifeoma": ("assess", "treat", "sign"),
    "becker-jonas": ("contact", "treat", "sign"),
    "halvorsen-mia": ("contact",),
    "de-souza-caio": ("treat", "sign"),
    "lindqvist-astrid": ("followup",),
}


def visible(root: QWidget) -> Iterator[QWidget]:
    """Widgets that show."""
    return (w for w in root.findChildren(QWidget) if w.isVisible())


def controls(root: QWidget) -> Iterator[QWidget]:
    """What is operated, without the parts Qt builds its own controls of."""
    for widget in visible(root):
        if not isinstance(widget, CONTROLS) or isinstance(widget, QScrollBar):
            continue
        outer = widget.parentWidget()
        if widget.objectName().startswith("qt_") or isinstance(outer, QComboBox | QLineEdit):
            continue
        yield widget


def said(widget: QWidget) -> str:
    """What identifies a widget in a failure."""
    text = widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""
    name = widget.accessibleName() or text or widget.objectName()
    return f"{type(widget).__name__} {name[:60]!r}"


def nameless(root: QWidget) -> list[str]:
    """Controls assistive technology cannot name."""
    return [
        said(w)
        for w in controls(root)
        if not (w.accessibleName() or (isinstance(w, QAbstractButton) and w.text()))
    ]


def unreachable(root: QWidget) -> list[str]:
    """Enabled controls that Tab does not reach and that no key of the page stands for."""
    return [
        said(w)
        for w in controls(root)
        if w.isEnabled()
        and not _by_arrows(w)
        and not w.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(w, QTabBar)  # Ctrl+Tab turns the documents
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
        placed = [
            w
            for w in parent.children()
            if isinstance(w, QWidget) and w.isVisible() and not isinstance(w, FocusRing)
        ]
        for n, one in enumerate(placed):
            for other in placed[n + 1 :]:
                shared = one.geometry().intersected(other.geometry())
                if not shared.isEmpty():
                    found.append(f"{said(one)} and {said(other)} share {shared.size()}")
    return found


def outside(root: QWidget) -> list[str]:
    """Controls and labels of which a part lies outside the window and outside every scroll area."""
    found = []
    whole = root.rect()
    for widget in visible(root):
        if not isinstance(widget, (*CONTROLS, QLabel)) or isinstance(widget, QScrollBar):
            continue
        parents = []
        parent = widget.parentWidget()
        while parent is not None and parent is not root:
            parents.append(parent)
            parent = parent.parentWidget()
        if any(isinstance(p, QAbstractScrollArea) for p in parents):
            continue
        place = QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())
        if not whole.contains(place):
            found.append(f"{said(widget)} at {place}")
    return found


def problems(window: QWidget) -> list[str]:
    """All that is wrong with what is shown."""
    checks = (nameless, unreachable, small, overlapping, outside, treat_pages.clipped)
    return [f"{check.__name__}: {text}" for check in checks for text in check(window)]


def walk(window: QMainWindow, shell: Shell, pages: tuple[str, ...], where: str) -> list[str]:
    """Show each page in turn and collect what is wrong."""
    found = []
    for page in pages:
        shell.go(page)
        settle()
        assert shell.current == page
        found += [f"{where} {page}: {text}" for text in problems(window)]
    return found


@pytest.mark.parametrize("key", PAGES)
def test_pages_in_both_themes_at_three_sizes(key, qtbot) -> None:  # type: ignore[no-untyped-def]
    found: list[str] = []
    with desk_of(key) as (window, shell, _):
        for mode in THEMES:
            theme.set_mode(mode)
            for size in SIZES:
                window.resize(*size)
                settle()
                assert (window.width(), window.height()) == size
                found += walk(window, shell, PAGES[key], f"{size[0]} {mode}")
    assert not found, "\n".join(dict.fromkeys(found))


def test_the_photo_keeps_its_room_under_the_demonstration_strip(qtbot) -> None:  # type: ignore[no-untyped-def]
    with desk_of("marsh-elena") as (window, shell, _):
        window.resize(*SIZES[0])
        shell.go("assess")
        settle()
        assert shell.demonstrationStrip.isVisible()
        canvas = shell.findChild(PhotoCanvas)
        assert canvas.width() >= 740 and canvas.height() >= 590


@pytest.mark.parametrize("key", PAGES)
def test_pages_with_text_at_140_percent(key, qtbot) -> None:  # type: ignore[no-untyped-def]
    with desk_of(key) as (window, shell, _):
        window.resize(1440, 900)
        theme.set_text_scale(1.4)
        settle()
        found = walk(window, shell, PAGES[key], "140 %")
        assert (window.width(), window.height()) == (1440, 900)
    assert not found, "\n".join(dict.fromkeys(found))


@pytest.mark.parametrize("mode", THEMES)
def test_sign_in_lock_and_set_up(mode, qtbot) -> None:  # type: ignore[no-untyped-def]
    application()
    theme.set_mode(mode)
    found = []
    for exists in (True, False):
        window = small_window(made_up.SmallDesk(), exists=exists)
        qtbot.addWidget(window)
        for size in SIZES:
            window.resize(*size)
            window.show()
            settle()
            found += [f"{size[0]} {exists}: {text}" for text in problems(window)]
        window.close()
    theme.set_mode("light")
    assert not found, "\n".join(dict.fromkeys(found))


@pytest.mark.parametrize("page", ["queue", "contact", "assess", "treat", "sign"])
def test_the_focus_shows_after_tab(page, qtbot) -> None:  # type: ignore[no-untyped-def]
    key = "becker-jonas" if page == "contact" else "marsh-elena"
    with desk_of(key) as (window, shell, _):
        window.resize(1440, 900)
        shell.go(page)
        settle()
        for _ in range(6):
            focus = QApplication.focusWidget()
            assert focus is not None
            QTest.keyClick(focus, Qt.Key.Key_Tab)
            settle()
            now = QApplication.focusWidget()
            assert now is not None
            assert now is not focus, said(focus)
            with_focus = window.grab().toImage()
            place = QRect(now.mapTo(window, QPoint(0, 0)), now.size()).adjusted(-4, -4, 4, 4)
            now.clearFocus()
            settle()
            without = window.grab().toImage()
            now.setFocus(Qt.FocusReason.TabFocusReason)
            settle()
            assert with_focus.copy(place) != without.copy(place), said(now)


@pytest.mark.parametrize(("page", "kept"), [("assess", "palette_"), ("sign", "signButton")])
def test_a_notice_covers_neither_palette_nor_signing(page, kept, qtbot) -> None:  # type: ignore[no-untyped-def]
    with desk_of("marsh-elena") as (window, shell, _):
        window.resize(1440, 900)
        shell.toasts.show("Signed 13:58", (("Print", lambda: None),), stays=True)
        shell.go(page)
        settle()
        toast = next(w for w in shell.pageStack.children() if type(w).__name__ == "_Toast")
        part = getattr(shell.page(page), kept)
        place = QRect(part.mapTo(shell.pageStack, QPoint(0, 0)), part.size())
        assert toast.isVisible()
        assert not toast.geometry().intersects(place)
        assert shell.pageStack.childAt(toast.geometry().center()) in (
            toast,
            *toast.findChildren(QWidget),
        )


def test_the_keys_shown_follow_the_focus(qtbot) -> None:  # type: ignore[no-untyped-def]
    with desk_of("marsh-elena") as (window, shell, _):
        window.resize(1440, 900)
        shell.go("assess")
        settle()
        hints = shell.statusLine.hints
        assert ("H", "hold to hide") in hints.hints
        shell.page("assess").toolbar.buttons["canvas.mark"].setFocus()
        settle()
        assert ("H", "hold to hide") not in hints.hints
        shell.page("assess").canvas.setFocus()
        settle()
        assert ("H", "hold to hide") in hints.hints
