"""An item to be settled: what its results ask for, what may be taken back, who was told."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from workstation.language import noted, tr
from workstation.presenters.labs_state import ReviewView
from workstation.ui import icons
from workstation.ui.flowing import Flowing
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, Card, label, overline
from workstation.ui.widgets.sized import with_text

TOLD = noted("Who was told, and what was agreed")


class ReviewPanel(Card):
    """Stands above the form while an item is open; ``settled`` carries who was told."""

    settled = Signal(str)
    void_wanted = Signal(str)  # the PIN as typed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, kind="danger")
        self._shown: ReviewView | None = None
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 10, 12, 12)
        rows.setSpacing(6)
        head = QHBoxLayout()
        self._sign = QLabel()
        self.title = Flowing("", "bodyStrong")
        head.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.title, 1)
        rows.addLayout(head)
        self.lines = Flowing("", "body2")
        rows.addWidget(self.lines)
        self.void_title = overline(tr("May still lie undispensed"))
        self.void = Flowing("", "body2")
        self.void_button = Button(
            text=tr("Void this prescription"), kind="danger", icon="file-text"
        )
        self.void_button.clicked.connect(lambda _=False: self._void())
        self.pin = QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setMaxLength(6)
        self.pin.setPlaceholderText("PIN")
        self.pin.setAccessibleName(tr("PIN that signs the void notice"))
        self.pin.returnPressed.connect(self._void)
        signing = QHBoxLayout()
        signing.addWidget(self.pin)
        signing.addWidget(self.void_button, 1)
        with_text(self.pin, lambda: self.pin.setFixedWidth(theme.px(84)))
        self.message = Flowing("", "caption2")
        self.copy = Button(text=tr("Copy the message to the patient"), icon="copy")
        self.copy.clicked.connect(lambda _=False: self._copy())
        rows.addWidget(self.void_title)
        rows.addWidget(self.void)
        rows.addLayout(signing)
        rows.addWidget(self.message)
        rows.addWidget(self.copy)
        self.told_label = label(tr(TOLD), "caption2")
        self.told = QLineEdit()
        self.told.setAccessibleName(tr(TOLD))
        self.told_label.setBuddy(self.told)
        self.done = Button(text=tr("Settle and close the item"), kind="secondary", icon="check")
        self.done.clicked.connect(lambda _=False: self.settled.emit(self.told.text()))
        rows.addWidget(self.told_label)
        rows.addWidget(self.told)
        rows.addWidget(self.done)
        self.hide()

    def show_review(self, view: ReviewView | None, *, can_void: bool, may_treat: bool) -> None:
        """Show an item, or nothing."""
        self.setVisible(view is not None)
        if view is None:
            self._shown = None
            return
        if self._shown is None or self._shown.consultation != view.consultation:
            self.told.clear()
        self._shown = view
        icons.dress(self._sign, "octagon-x", "danger", 18)
        self.title.setText(view.title)
        said = "\n".join(f"{verdict}. {because}" for _, verdict, because in view.lines)
        self.lines.setText(said)
        there = bool(view.prescription)
        self.void.setText(
            tr(
                "{prescription} may be dispensed until {until}. {pharmacy}",
                prescription=view.prescription,
                until=view.until,
                pharmacy=view.pharmacy,
            )
        )
        self.message.setText(view.message)
        for part in (self.void_title, self.void, self.message, self.copy):
            part.setVisible(there)
        self.pin.setVisible(there and can_void)
        self.void_button.setVisible(there and can_void)
        self.done.setEnabled(may_treat)
        self.setAccessibleName(f"{view.title}. {said}")

    def _void(self) -> None:
        pin = self.pin.text()
        self.pin.clear()
        self.void_wanted.emit(pin)

    def _copy(self) -> None:
        if self._shown is not None:
            QGuiApplication.clipboard().setText(self._shown.message)
