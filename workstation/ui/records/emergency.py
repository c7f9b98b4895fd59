"""The window of emergency access: asking for it, and reviewing what others did with it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation.language import tr
from workstation.presenters import emergency as said
from workstation.presenters.emergency import AccessLine, EmergencyPresenter, EmergencyState
from workstation.ui.flowing import Flowing
from workstation.ui.records.following import FollowingDialog
from workstation.ui.settings.parts import Entry, emptied
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, Strip, overline, rule

WIDE, HIGH = 600, 300  # of the window, and at most of its list


class EmergencyDialog(FollowingDialog):
    """Follows an ``EmergencyPresenter`` while it is shown."""

    def __init__(self, presenter: EmergencyPresenter, parent: QWidget) -> None:
        super().__init__(parent, tr("Emergency access"), tr(said.ABOUT), WIDE)
        self._presenter = presenter
        self._shown: object = None
        rows = self.rows
        self.stands = Flowing("", "bodyMedium")
        rows.addWidget(self.stands)
        self.reason = QLineEdit()
        self.entry = Entry(tr("Why, in at least 10 characters"), self.reason)
        rows.addWidget(self.entry)
        self.read_button = Button(text=tr("Read records now"))
        self.read_button.setAutoDefault(False)
        self.read_button.clicked.connect(lambda: presenter.read(self.reason.text()))
        self.reason.returnPressed.connect(self.read_button.click)
        rows.addWidget(self.read_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.strip = Strip()
        rows.addWidget(self.strip)
        rows.addWidget(rule())
        rows.addWidget(overline(tr("To be reviewed, and reviewed").upper()))
        self.note = Flowing("", "body2")
        rows.addWidget(self.note)
        rows.addWidget(self._list())
        self.end_with_close(presenter.changed.subscribe(self.show_state))
        presenter.load()

    def show_state(self, state: EmergencyState) -> None:
        """What may be asked for, and the accesses."""
        self.stands.setText(state.stands)
        self.stands.setVisible(bool(state.stands))
        self.entry.setVisible(state.may_read)
        self.read_button.setVisible(state.may_read)
        self.read_button.setEnabled(not state.busy)
        self.note.setText(state.note)
        self.note.setVisible(bool(state.note))
        if state.problem:
            self.strip.say("danger", state.problem)
        else:
            self.strip.clear()
        self._scroll.setVisible(bool(state.lines))
        if state.lines != self._shown:
            self._shown = state.lines
            emptied(self._lines)
            for line in state.lines:
                self._lines.addWidget(self._row(line))
        for button in self.findChildren(Button, "review"):
            button.setEnabled(not state.busy)
        self.fit_soon()

    def _list(self) -> QWidget:
        holder = QWidget()
        self._lines = QVBoxLayout(holder)
        self._lines.setContentsMargins(0, 0, 8, 0)
        self._lines.setSpacing(12)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(tr("Emergency accesses"))
        self._scroll.setWidget(holder)
        return self._scroll

    def before_fit(self, wide: int) -> None:
        """The list is as high as its lines, up to ``HIGH``."""
        inner = wide - 40 - self._scroll.verticalScrollBar().sizeHint().width()
        high = self._lines.totalHeightForWidth(inner)
        self._scroll.setFixedHeight(min(max(high, 40), theme.px(HIGH)))

    def _row(self, line: AccessLine) -> QWidget:
        box = QWidget()
        row = QVBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(Flowing(line.who, "bodyMedium"))
        row.addWidget(Flowing(line.reason, "body2"))
        row.addWidget(Flowing(line.read, "caption"))
        if line.reviewed or line.own:
            row.addWidget(Flowing(line.reviewed or tr(said.OWN), "bodyMedium"))
            return box
        verbs = QHBoxLayout()
        verbs.setSpacing(8)
        for finding, words in said.FINDINGS.items():
            button = Button(text=tr(words))
            button.setObjectName("review")
            button.setAutoDefault(False)
            button.setAccessibleName(f"{tr(words)}: {line.who}")
            button.clicked.connect(
                lambda _=False, finding=finding: self._presenter.review(line.seq, finding)
            )
            verbs.addWidget(button)
        verbs.addStretch()
        row.addLayout(verbs)
        return box
