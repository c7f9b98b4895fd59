"""A long copy tells how far it is, and within five seconds that it does not move."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from workstation.ui.widgets import file_progress
from workstation.ui.widgets.file_progress import ASK_MS, FileProgress


def test_a_folder_that_does_not_answer_is_told_until_it_does(qtbot, monkeypatch):
    monkeypatch.setattr(file_progress, "STILL_S", 0.05)
    page, at = QWidget(), [3]
    qtbot.addWidget(page)
    made = FileProgress(page, "Progress", lambda: made.show(True, (at[0], 9)))
    QVBoxLayout(page).addWidget(made.words)
    page.show()
    made.show(True, (3, 9))
    assert made.words.text() == "3 of 9 files"
    qtbot.waitUntil(lambda: "answers" in made.words.text())
    assert made.words.text().startswith("3 of 9 files")
    at[0] = 4
    qtbot.waitUntil(lambda: made.words.text() == "4 of 9 files")
    made.show(False, None)
    qtbot.wait(ASK_MS + 50)  # stopped: nothing is asked or said any more
    assert made.words.text() == "" and not made.words.isVisible()


def test_the_seconds_fit_into_the_promise():
    assert file_progress.STILL_S + ASK_MS / 1000 < 5
