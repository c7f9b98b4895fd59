"""Notices of what came in: of the system, or over the page; none ever takes the focus."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from workstation.language import tr
from workstation.presenters.notices import DesktopNotice, NoticesPresenter
from workstation.ui import icons

SHOWN_MS = 10_000


class DesktopNotices(QObject):
    """Shows notices by the tray where there is one; elsewhere the task bar's own mark has to do."""

    def __init__(self, window: QWidget, presenter: NoticesPresenter) -> None:
        super().__init__(window)
        self._window = window
        self._tray: QSystemTrayIcon | None = None
        self._shown = ""  # what stands over a page
        self._followed: object = None  # the desk whose pages are followed
        self._told = presenter.told.subscribe(self.show_notice)

    def show_notice(self, notice: DesktopNotice) -> None:
        """Tell what came in, over the page that is not the queue.

        While another window is worked in the system tells it as well, and the notice over the page
        waits for whoever comes back: the system's own is gone after seconds.
        """
        if self._window.isActiveWindow():
            self._inside(notice, stays=notice.pressing)
            return
        self._inside(notice, stays=True)
        QApplication.alert(self._window, 0 if notice.pressing else SHOWN_MS)
        if QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
            kind = QSystemTrayIcon.MessageIcon
            icon = kind.Warning if notice.pressing else kind.Information
            self._in_tray().showMessage(notice.title, notice.detail, icon, SHOWN_MS)

    def end(self) -> None:
        """Nobody is signed in."""
        self._told.close()
        if self._tray is not None:
            self._tray.hide()

    def _inside(self, notice: DesktopNotice, *, stays: bool) -> None:
        # The queue says it itself; elsewhere nobody would know before they come back to it.
        shell = getattr(self._window, "shell", None)
        if shell is not None and shell.current != "queue":
            link = (tr("To the queue"), lambda: shell.go("queue"))
            if notice.here:
                link = (tr("To the blockers"), lambda: shell.go("treat"))
            there = notice.here and shell.current == "treat"
            shell.toasts.show(notice.title, () if there else (link,), stays=stays)
            self._shown = notice.title
            if self._followed is not shell:
                self._followed = shell
                shell.pageStack.currentChanged.connect(lambda _: self._moved(shell))

    def _moved(self, shell: Any) -> None:
        """At the queue it has said all there is to say."""
        if self._shown and shell.current == "queue":
            if shell.toasts.text == self._shown:
                shell.toasts.clear()
            self._shown = ""

    def _in_tray(self) -> QSystemTrayIcon:
        if self._tray is None:
            self._tray = QSystemTrayIcon(icons.icon("inbox", "text2", 22), self)
            self._tray.activated.connect(lambda _: self._window.activateWindow())
            self._tray.messageClicked.connect(self._window.activateWindow)
            self._tray.show()
        return self._tray
