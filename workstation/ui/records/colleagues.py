"""The window of what colleagues have open, with giving it back to the queue."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.language import tr
from workstation.presenters import colleagues as said
from workstation.presenters.colleagues import ColleagueLine, ColleaguesPresenter, ColleaguesState
from workstation.ui.flowing import Flowing
from workstation.ui.records.following import FollowingDialog
from workstation.ui.settings.parts import Entry, emptied
from workstation.ui.widgets import Button, Strip

WIDE = 560


class ColleaguesDialog(FollowingDialog):
    """Follows a ``ColleaguesPresenter`` while it is shown."""

    def __init__(self, presenter: ColleaguesPresenter, parent: QWidget) -> None:
        super().__init__(parent, tr("Work of colleagues"), tr(said.ABOUT), WIDE)
        self._presenter = presenter
        self._shown: object = None
        rows = self.rows
        self.note = Flowing("", "bodyMedium")
        rows.addWidget(self.note)
        self.reason = QLineEdit()
        self.entry = Entry(tr("Why, in at least 10 characters"), self.reason)
        rows.addWidget(self.entry)
        holder = QWidget()
        self._lines = QVBoxLayout(holder)
        self._lines.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(holder)
        self.strip = Strip()
        rows.addWidget(self.strip)
        self.end_with_close(presenter.changed.subscribe(self.show_state))
        presenter.load()

    def show_state(self, state: ColleaguesState) -> None:
        """Who has what."""
        note = state.refused or (tr(said.NOBODY) if state.loaded and not state.lines else "")
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.entry.setVisible(bool(state.lines))
        if state.problem:
            self.strip.say("danger", state.problem)
        else:
            self.strip.clear()
        if state.lines != self._shown:
            self._shown = state.lines
            emptied(self._lines)
            for line in state.lines:
                self._lines.addWidget(self._row(line))
        for button in self.findChildren(Button, "giveBack"):
            button.setEnabled(not state.busy)
        self.fit_soon()

    def _row(self, line: ColleagueLine) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Flowing(line.name, "bodyMedium"))
        words.addWidget(Flowing(line.words, "body2"))
        row.addLayout(words, 1)
        button = Button(text=tr("Give back to the queue"))
        button.setObjectName("giveBack")
        button.setAutoDefault(False)
        button.setAccessibleName(tr("Give back what {name} has open", name=line.name))
        button.clicked.connect(lambda: self._presenter.give_back(line.user, self.reason.text()))
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return box
