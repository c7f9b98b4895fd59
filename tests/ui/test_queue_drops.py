"""Packages dropped on the queue page are handed on; the band counts and tells what became of them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from workstation.presenters.arrivals import Taking
from workstation.presenters.observable import Event
from workstation.ui.queue.bands import Band
from workstation.ui.queue.drops import Drops


class Noted:
    """Keeps what the page asks for."""

    def __init__(self):
        self.changed, self.state = Event(), Taking()
        self.added, self.cancelled, self.dismissed = [], 0, 0

    def poll(self):
        pass

    def add(self, paths):
        self.added.append(list(paths))

    def cancel(self):
        self.cancelled += 1

    def dismiss(self):
        self.dismissed += 1


def dropped(urls):
    mime = QMimeData()
    mime.setUrls(urls)
    return mime


def test_files_of_this_computer_are_taken_and_nothing_else(qtbot):
    page, noted = QWidget(), Noted()
    qtbot.addWidget(page)
    band = Band(page)
    Drops(noted, page, band)
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for urls, taken in (
        ([QUrl.fromLocalFile("/tmp/a.zip")], True),
        ([QUrl("https://example.org/a.zip")], False),
        ([], False),
    ):
        mime = dropped(urls)
        enter = QDragEnterEvent(
            QPointF(1, 1).toPoint(), Qt.DropAction.CopyAction, mime, buttons, keys
        )
        enter.ignore()
        QApplication.sendEvent(page, enter)
        assert enter.isAccepted() is taken
        drop = QDropEvent(QPointF(1, 1), Qt.DropAction.CopyAction, mime, buttons, keys)
        QApplication.sendEvent(page, drop)
    assert noted.added == [[Path("/tmp/a.zip")]]


def test_chosen_packages_are_taken_as_dropped_ones_are(qtbot, monkeypatch):
    page, noted = QWidget(), Noted()
    qtbot.addWidget(page)
    drops = Drops(noted, page, Band(page))
    answers = [(["/tmp/a.zip", "/tmp/b.zip"], ""), ([], "")]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: answers.pop(0))
    drops.choose()
    drops.choose()  # closed without a choice
    assert noted.added == [[Path("/tmp/a.zip"), Path("/tmp/b.zip")]]


def test_the_band_counts_and_then_tells(qtbot):
    page, noted = QWidget(), Noted()
    qtbot.addWidget(page)
    band = Band(page)
    Drops(noted, page, band)
    assert band.isHidden()
    noted.changed.emit(Taking(done=11, of=40, told=True))
    assert band.text == "Importing 12 of 40" and not band.isHidden()
    noted.changed.emit(Taking(done=11, of=40, told=True, photos=(33, 190)))
    assert band.text == "Importing 12 of 40, photo 34 of 190"
    band._button.click()
    assert noted.cancelled == 1
    noted.changed.emit(
        Taking(done=2, of=2, new=1, dropped=True, refused=(("b.zip", "Too large."),))
    )
    assert band.text == "1 taken, 1 refused b.zip: Too large."
    band._button.click()
    assert noted.dismissed == 1
    noted.changed.emit(Taking(done=3, of=3, new=3, noticed=(("c.zip", "Look twice."),)))
    assert band.text == "3 taken c.zip: Look twice."
    noted.changed.emit(Taking())
    assert band.isHidden()
