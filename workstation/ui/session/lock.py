"""The lock page: opaque, without anything about a patient; the password brings all back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from workstation import __version__
from workstation.language import noted, tr
from workstation.presenters.session import SessionPresenter, SessionState
from workstation.ui import form
from workstation.ui.session.corner import CARD, Corner, watch_caps
from workstation.ui.theme import theme
from workstation.ui.widgets import (
    Button,
    Card,
    Emblem,
    Initials,
    PasswordField,
    PrimaryButton,
    Strip,
)

NOTE = noted(
    "What you did is saved. Everything comes back exactly as you left it, and intake goes on. Patient details stay hidden until you unlock."
)


class LockPage(QWidget):
    """Covers the desk while it is locked. ``switched`` asks for another user."""

    switched = Signal()

    cardFrame: Card
    emblem: Emblem
    clinicLabel: QLabel
    dateLabel: QLabel
    timeLabel: QLabel
    versionLabel: QLabel
    initials: Initials
    nameLabel: QLabel
    lockedLabel: QLabel
    passwordField: PasswordField
    capsStrip: Strip
    problemStrip: Strip
    unlockButton: PrimaryButton
    switchButton: Button
    noteLabel: QLabel

    def __init__(
        self, presenter: SessionPresenter, edition: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._presenter = presenter
        form.load(self, "lock")
        self._size_card()
        theme.theme_changed.connect(self._size_card)
        self.initials.setFixedSize(56, 56)
        self._corner = Corner(self, self.dateLabel, self.timeLabel, presenter.clock_line)
        self.versionLabel.setText(
            tr("Version {version} \u00b7 rules {edition}", version=__version__, edition=edition)
        )
        self.noteLabel.setText(tr(NOTE))
        watch_caps(self.passwordField, self.capsStrip)
        self._refused = False
        self.unlockButton.clicked.connect(self._unlock)
        self.passwordField.returnPressed.connect(self._unlock)
        self.switchButton.clicked.connect(self.switched)
        self._told = presenter.changed.subscribe(self.render_state)
        self.render_state(presenter.state)

    def render_state(self, state: SessionState) -> None:
        """Show who locked when, and what a wrong password means."""
        self.clinicLabel.setText(state.clinic)
        self.initials.show_initials(state.initials, state.name)
        self.nameLabel.setText(state.name)
        self.lockedLabel.setText(state.locked_line)
        self.unlockButton.set_busy(state.busy)
        self.passwordField.setReadOnly(state.busy)
        if state.problem is None:
            self.problemStrip.clear()
        elif state.problem.title not in self.problemStrip.text or self.problemStrip.isHidden():
            self.problemStrip.say("danger", state.problem.title, state.problem.detail)
        refused = state.problem is not None and not self._refused  # each try begins without one
        self._refused = state.problem is not None
        if refused:  # typed anew, wherever the focus was: not onto the eye
            self.passwordField.hide_again()
            self.passwordField.setFocus(Qt.FocusReason.OtherFocusReason)

    def _size_card(self) -> None:
        self.cardFrame.setFixedWidth(theme.px(CARD))

    def enter(self) -> None:
        """The desk was locked: the password can be typed at once."""
        self._corner.start()
        self.passwordField.hide_again()
        self.passwordField.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """The desk is open again."""
        self._corner.stop()
        self.passwordField.hide_again()

    def _unlock(self) -> None:
        password = self.passwordField.text()
        if password:
            self._presenter.unlock(password)
