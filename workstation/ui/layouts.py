"""Where the window stood and how wide the user made its parts; kept on this computer, no patient data.

Widths are kept by user, by the size of the screen and by the class of window they were made in, so
that a laptop and a wide screen each have their own.
"""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSplitter, QWidget

GROUP = "layout"
LAST = f"{GROUP}/last_user"
TITLE_BAR = 40  # px that the system may put around a window
_user = ""


def for_user(login: str) -> None:
    """Whose widths are kept from now on ("" nobody's)."""
    global _user  # noqa: PLW0603  # one desk, one signed-in user
    _user = login
    if login:
        QSettings().setValue(LAST, login)


def last_user() -> str:
    """Who signed in last on this computer; "" before anybody did."""
    return str(QSettings().value(LAST, ""))


def keep_window(window: QWidget) -> None:
    """Remember where the window stands, and whether it fills the screen."""
    QSettings().setValue(f"{GROUP}/window/{_screen()}", window.saveGeometry())


def restore_window(window: QWidget) -> bool:
    """Put the window where it stood the last time; False the first time on this screen."""
    kept = QSettings().value(f"{GROUP}/window/{_screen()}")
    return isinstance(kept, QByteArray) and window.restoreGeometry(kept)


def fit_window(window: QWidget) -> None:
    """On a screen with less room than the window asks for, fill the screen and no more.

    What the panels of the system take is left to them, so that the status line stays in sight.
    """
    screen = window.screen()
    room = screen.availableSize() - QSize(0, TITLE_BAR)
    window.setMinimumSize(window.minimumSize().boundedTo(room))
    if window.width() > room.width() or window.height() > room.height():
        window.resize(window.size().boundedTo(room))
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)


def remember(name: str, choice: str) -> None:
    """Keep what the user chose last on a page; nothing while nobody is signed in."""
    if _user:
        QSettings().setValue(f"{GROUP}/{_user}/{name}", choice)


def remembered(name: str) -> str:
    """What the user chose last; "" for nothing."""
    return str(QSettings().value(f"{GROUP}/{_user}/{name}", "")) if _user else ""


class Widths:
    """The widths a user gave the parts of one splitter."""

    def __init__(self, name: str, splitter: QSplitter) -> None:
        """``name`` of the page the splitter lies on."""
        self._name, self._splitter, self._of = name, splitter, ""
        splitter.splitterMoved.connect(self._keep)

    def lay_out(self, of: str, usual: list[int]) -> None:
        """Use the kept widths of this class of window, or the usual ones."""
        self._of = of
        kept = QSettings().value(self._key)
        sizes = [int(n) for n in kept] if isinstance(kept, list) else []
        fits = len(sizes) == len(usual) and all(n > 0 for n in sizes)
        self._splitter.setSizes(_scaled(sizes, sum(usual)) if fits else usual)

    def forget(self) -> None:
        """The usual widths again."""
        QSettings().remove(self._key)

    def _keep(self) -> None:
        if _user:
            QSettings().setValue(self._key, self._splitter.sizes())

    @property
    def _key(self) -> str:
        return f"{GROUP}/{_user}/{_screen()}/{self._name}/{self._of}"


def _scaled(sizes: list[int], whole: int) -> list[int]:
    """The same sides in a window a little wider or narrower: the largest part takes the rest."""
    wide = sizes.index(max(sizes))
    rest = whole - sum(n for at, n in enumerate(sizes) if at != wide)
    return [max(1, rest) if at == wide else n for at, n in enumerate(sizes)]


def _screen() -> str:
    size = QGuiApplication.primaryScreen().geometry()
    return f"{size.width()}x{size.height()}"
