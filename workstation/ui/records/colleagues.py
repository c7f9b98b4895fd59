"""The window of what colleagues have open, with giving it back to the queue."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.language import tr
from workstation.presenters import colleagues as said
from workstation.presenters.colleagues import ColleagueLine, ColleaguesPresenter, ColleaguesState
from workstation.ui.flowing import Flowing
from workstation.ui.settings.parts import Entry, emptied
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, Strip

WIDE = 560


class ColleaguesDialog(QDialog):
    """Follows a ``ColleaguesPresenter`` while it is shown."""

    def __init__(self, presenter: ColleaguesPresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._shown: object = None
        self.setWindowTitle(tr("Work of colleagues"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(WIDE)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 18, 20, 16)
        rows.setSpacing(10)
        rows.addWidget(Flowing(tr("Work of colleagues"), "panel"))
        rows.addWidget(Flowing(tr(said.ABOUT), "body2"))
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
        foot = QHBoxLayout()
        foot.addStretch()
        self.close_button = Button(text=tr("Close"))
        self.close_button.setAutoDefault(False)
        self.close_button.clicked.connect(self.reject)
        foot.addWidget(self.close_button)
        rows.addLayout(foot)
        self._told = presenter.changed.subscribe(self.show_state)
        presenter.load()

    def done(self, result: int) -> None:
        """Listen no more."""
        self._told.close()
        super().done(result)

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
        QTimer.singleShot(0, self, self._fit)  # new lines have their fonts only then

    def showEvent(self, event: QShowEvent) -> None:
        """Fonts are known now."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        """As high as its sentences are at this width, so that no line is cut."""
        layout = self.layout()
        if layout is not None:
            wide = max(self.width(), theme.px(WIDE))
            layout.activate()
            self.resize(wide, layout.totalHeightForWidth(wide))

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
