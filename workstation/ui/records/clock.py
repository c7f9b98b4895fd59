"""The window of the computer's clock: what it says beside the records, and confirming it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from workstation.language import tr
from workstation.presenters import clock as said
from workstation.presenters.clock import ClockPresenter, ClockState
from workstation.ui.flowing import Flowing
from workstation.ui.records.following import FollowingDialog
from workstation.ui.settings.parts import Entry
from workstation.ui.widgets import Button, Strip

WIDE = 560


class ClockDialog(FollowingDialog):
    """Follows a ``ClockPresenter`` while it is shown."""

    def __init__(self, presenter: ClockPresenter, parent: QWidget) -> None:
        super().__init__(parent, tr("The computer\u2019s clock"), tr(said.ABOUT), WIDE)
        self.times = Flowing("", "bodyMedium")
        self.state_strip = Strip()
        self.note = Flowing("", "body2")
        self.reason = QLineEdit()
        self.entry = Entry(tr("How it came to stand ahead, in at least 10 characters"), self.reason)
        self.confirm_button = Button(text=tr("Confirm the clock"))
        self.confirm_button.setAutoDefault(False)
        self.confirm_button.clicked.connect(lambda: presenter.confirm(self.reason.text()))
        self.reason.returnPressed.connect(self.confirm_button.click)
        self.problem = Strip()
        for part in (self.times, self.state_strip, self.note, self.entry, self.problem):
            self.rows.addWidget(part)
        self.rows.insertWidget(
            self.rows.indexOf(self.problem), self.confirm_button, 0, Qt.AlignmentFlag.AlignLeft
        )
        self.end_with_close(presenter.changed.subscribe(self.show_state))
        presenter.load()

    def show_state(self, state: ClockState) -> None:
        """Both times, and the way to confirm where there is something to confirm."""
        lines = [tr("This computer says {now}.", now=state.now)]
        if state.latest:
            lines.append(tr("The records reach to {latest}.", latest=state.latest))
        self.times.setText("\n".join(lines) if state.now else "")
        if state.behind:
            self.state_strip.say("danger", tr(said.BEHIND))
        else:
            self.state_strip.clear()
        self.note.setText(state.note)
        self.note.setVisible(bool(state.note))
        for part in (self.entry, self.confirm_button):
            part.setVisible(state.may_confirm)
        self.confirm_button.setEnabled(not state.busy)
        if state.problem:
            self.problem.say("danger", state.problem)
        else:
            self.problem.clear()
        self.fit_soon()
