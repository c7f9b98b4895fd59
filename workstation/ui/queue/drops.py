"""Packages dropped on the queue or chosen for it, and the band that tells how far they are."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from workstation.language import tr
from workstation.presenters.arrivals import Arrivals, Taking
from workstation.ui.queue.bands import Band

POLL_MS = 250


class Drops(QObject):
    """Lets files be dropped on ``page`` and shows in ``band`` what becomes of them."""

    def __init__(self, arrivals: Arrivals, page: QWidget, band: Band) -> None:
        super().__init__(page)
        self._arrivals, self._page, self._band = arrivals, page, band
        page.setAcceptDrops(True)
        page.installEventFilter(self)
        self._told = arrivals.changed.subscribe(self.show_taking)
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(arrivals.poll)
        self.show_taking(arrivals.state)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Files of this computer are taken, copied and never moved; nothing else is."""
        if isinstance(event, (QDragEnterEvent, QDragMoveEvent)):  # a drop is neither
            if _files(event):
                event.acceptProposedAction()
                return True
        elif isinstance(event, QDropEvent):
            files = _files(event)
            if files:
                event.acceptProposedAction()
                self._arrivals.add(files)
                return True
        return super().eventFilter(watched, event)

    def choose(self) -> None:
        """Ask for packages; they are taken as if they were dropped."""
        files, _ = QFileDialog.getOpenFileNames(self._page, tr("Choose packages"))
        if files:
            self._arrivals.add([Path(file) for file in files])

    def show_taking(self, state: Taking) -> None:
        """The count while it goes on, then what became of them until it is read."""
        if state.busy != self._timer.isActive():
            (self._timer.start if state.busy else self._timer.stop)()
        if not state.title:
            self._band.hide()
        elif state.busy:
            self._band.say(
                "info", "inbox", state.title, "", (tr("Cancel"), "", self._arrivals.cancel)
            )
        else:
            level = "warn" if state.refused or state.noticed else "info"
            icon = "triangle-alert" if level == "warn" else "inbox"
            close = (tr("Close"), "", self._arrivals.dismiss)
            self._band.say(level, icon, state.title, state.detail, close)


def _files(event: QDropEvent | QDragEnterEvent | QDragMoveEvent) -> list[Path]:
    urls = event.mimeData().urls()
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
