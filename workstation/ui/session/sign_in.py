"""The first page: user name and password; nothing heavy is imported before it shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from workstation import __version__
from workstation.language import noted, tr
from workstation.ui import form
from workstation.ui.session.corner import CARD, Corner, watch_caps
from workstation.ui.session.languages import LanguageChoice
from workstation.ui.theme import theme
from workstation.ui.widgets import Card, Emblem, PasswordField, PrimaryButton, Strip

if TYPE_CHECKING:
    from workstation.presenters.wording import Problem

NOTE = noted("Records are encrypted. They open with your password and nothing else.")
DEMO_NOTE = noted("Demonstration data: nobody in it exists. Nothing signed here is a prescription.")


class SignInPage(QWidget):
    """``submitted`` carries login and password; the password is not kept."""

    submitted = Signal(str, str)
    language_chosen = Signal(str)

    topLayout: QHBoxLayout
    cardFrame: Card
    emblem: Emblem
    clinicLabel: QLabel
    dateLabel: QLabel
    timeLabel: QLabel
    versionLabel: QLabel
    userBox: QComboBox
    passwordField: PasswordField
    capsStrip: Strip
    problemStrip: Strip
    signInButton: PrimaryButton
    noteLabel: QLabel

    def __init__(
        self,
        logins: tuple[str, ...],
        clock_line: Callable[[], tuple[str, str]],
        *,
        demonstration: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        form.load(self, "sign_in")
        self._size_card()
        theme.theme_changed.connect(self._size_card)
        self.languages = LanguageChoice()
        self.languages.chosen.connect(self.language_chosen)
        self.topLayout.insertWidget(0, self.languages)
        self._corner = Corner(self, self.dateLabel, self.timeLabel, clock_line)
        self.clinicLabel.setText(
            tr("Demonstration clinic") if demonstration else tr("Sign in to go on")
        )
        self.noteLabel.setText(tr(DEMO_NOTE if demonstration else NOTE))
        self.versionLabel.setText(tr("Version {version}", version=__version__))
        self.userBox.addItems(list(logins))
        self.userBox.setEditable(not logins)
        watch_caps(self.passwordField, self.capsStrip)
        self.problemStrip.clear()
        self.signInButton.clicked.connect(self._submit)
        self.passwordField.returnPressed.connect(self._submit)

    def _size_card(self) -> None:
        self.cardFrame.setFixedWidth(theme.px(CARD))

    def enter(self, *, another: bool = False) -> None:
        """The page is shown; ``another`` than who was here says first who it is."""
        self._corner.start()
        first = self.userBox if another and self.userBox.count() > 1 else self.passwordField
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """The page is covered; the password does not stay in it."""
        self._corner.stop()
        self.passwordField.hide_again()

    def choose(self, login: str) -> None:
        """Preset the user; one who has no account here changes nothing."""
        at = self.userBox.findText(login)
        if at >= 0:
            self.userBox.setCurrentIndex(at)
        elif self.userBox.isEditable():
            self.userBox.setEditText(login)

    def show_busy(self, busy: bool) -> None:
        """The store is being opened."""
        self.signInButton.set_busy(busy)
        self.passwordField.setEnabled(not busy)
        self.userBox.setEnabled(not busy)
        if busy:
            self.problemStrip.clear()

    def show_problem(self, message: Problem) -> None:
        """It did not work: what happened and what to do; the password is to be typed again."""
        self.show_busy(False)
        self.problemStrip.say("danger", message.title, message.detail)
        self.passwordField.hide_again()
        self.passwordField.setFocus(Qt.FocusReason.OtherFocusReason)

    def _submit(self) -> None:
        login, password = self.userBox.currentText().strip(), self.passwordField.text()
        if login and password and not self.signInButton.busy:
            self.submitted.emit(login, password)
