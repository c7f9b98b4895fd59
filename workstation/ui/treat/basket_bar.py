"""The basket bar: what it is for, what is in it, what may be added, and where it is filled."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from workstation.language import noted, tr
from workstation.presenters.basket_state import BasketItem, BasketState
from workstation.ui.flowing import Flowing
from workstation.ui.theme import theme
from workstation.ui.treat.choice_card import ChoiceCard
from workstation.ui.treat.fold import Fold
from workstation.ui.treat.lists import CalmList
from workstation.ui.widgets import Button, label
from workstation.ui.widgets.buttons import IconButton
from workstation.ui.widgets.sized import with_text

ROLES = {"stop": "error", "hold": "error", "override": "warn", "warn": "warn", "": "caption"}
SAID = {
    "stop": noted("forbidden"),
    "hold": noted("blocked"),
    "override": noted("needs a reason"),
    "warn": noted("to see"),
}
WIDE = 840  # width from which three medicines stand beside each other
LARGE = 1.15  # text scale from which two items stand beside each other, else three


class BasketBar(QWidget):
    """Shows a ``BasketState``; every change is a signal with what was taken."""

    indication_chosen = Signal(str)
    added = Signal(str)
    removed = Signal(str)
    opened = Signal(str)
    repeated = Signal()
    favourite_taken = Signal(int)
    favourite_kept = Signal(str, bool)  # medicine, for the clinic
    favourite_forgotten = Signal(int)
    pharmacy_opened = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: BasketState | None = None
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        self._head = QGridLayout()
        self._head.setHorizontalSpacing(8)
        self._head.setVerticalSpacing(6)
        self.indication = CalmList(tr("Indication"), self, letters=14)
        self.indication.picked.connect(self.indication_chosen)
        self.add = CalmList(tr("Add a medicine"), self, letters=14)
        self.add.setPlaceholderText(tr("Add a medicine"))
        self.add.picked.connect(self._add)
        self.repeat = Button(text="", kind="secondary", icon="history")
        self.repeat.clicked.connect(lambda _: self.repeated.emit())
        self._head.addWidget(label(tr("For"), "body2"), 0, 0)
        self._head.addWidget(self.indication, 0, 1)
        self._head.addWidget(self.add, 0, 2)
        # In line with the fields of the panel.
        with_text(self, lambda: self._head.setColumnMinimumWidth(0, theme.px(78) + 2))
        self._head.setColumnStretch(1, 1)
        self._head.setColumnStretch(2, 1)
        self.favourites = Button(text=tr("Favourites"))
        self.pharmacy = Fold(tr("Pharmacy"))
        self.pharmacy.toggled.connect(self.pharmacy_opened)
        self.menu = QMenu(self.favourites)
        self.favourites.clicked.connect(lambda _: self.show_favourites())
        self._tools = QWidget(self)
        buttons = QHBoxLayout(self._tools)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(8)
        for button in (self.repeat, self.favourites, self.pharmacy):
            buttons.addWidget(button)
        self._head.addWidget(self._tools, 0, 3)
        for part in (self.indication, self.add, self.repeat, self.favourites):
            part.setProperty("dense", True)
        rows.addLayout(self._head)
        self.items = QGridLayout()
        self.items.setHorizontalSpacing(8)
        self.items.setVerticalSpacing(6)
        rows.addLayout(self.items)
        self.problem = Flowing("", "error")
        rows.addWidget(self.problem)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One row where everything fits, else the buttons below the lists."""
        super().resizeEvent(event)
        self._place_tools()

    def _place_tools(self) -> None:
        lists = self.indication.minimumSizeHint().width() + self.add.minimumSizeHint().width()
        wanted = lists + theme.px(88) + self._tools.sizeHint().width() + 32
        row, column = (0, 3) if wanted <= self.width() else (1, 1)
        held = self._head.itemAtPosition(row, column)
        if held is None or held.widget() is not self._tools:
            self._head.removeWidget(self._tools)
            left = Qt.AlignmentFlag.AlignLeft
            self._head.addWidget(self._tools, row, column, 1, 1 if column == 3 else 2, left)

    def minimumSizeHint(self) -> QSize:
        """As narrow as with the buttons below the lists."""
        return QSize(theme.px(360), super().minimumSizeHint().height())

    def show_state(self, state: BasketState) -> None:
        """Show another state."""
        if state == self._state:
            return
        before, self._state = self._state, state
        self.indication.show_choices(state.indications, state.indication)
        offered = tuple(
            (o.medicine, f"{o.title} ({o.note})" if o.note else o.title) for o in state.offered
        )
        self.add.show_choices(offered, "")
        self.add.setEnabled(bool(offered))
        self.repeat.setVisible(bool(state.repeat))
        self.repeat.setText(state.repeat)
        self.repeat.setAccessibleName(state.repeat)
        self.pharmacy.say(state.pharmacy[0], state.pharmacy_known)
        self._place_tools()
        if before is None or before.items != state.items:
            self._show_items(state.items)
        self.problem.setText(state.problem)
        self.problem.setVisible(bool(state.problem))

    @property
    def opened_medicine(self) -> str:
        """The medicine of the basket whose form is open ("" none)."""
        return "" if self._state is None or not self._state.items else self._state.open

    def show_favourites(self) -> None:
        """The menu of favourites."""
        self._fill_menu()
        self.menu.popup(self.favourites.mapToGlobal(self.favourites.rect().bottomLeft()))

    def _fill_menu(self) -> None:
        """The favourites, then what can be kept or taken away."""
        state = self._state
        self.menu.clear()
        if state is None:
            return
        for number, (words, shared) in enumerate(state.favourites):
            text = tr("{words} (clinic)", words=words) if shared else words
            self.menu.addAction(text, partial(self.favourite_taken.emit, number))
        if state.favourites:
            self.menu.addSeparator()
        opened = next((item for item in state.items if item.open), None)
        if opened is not None:
            id, title = opened.medicine, opened.title
            self.menu.addAction(
                tr("Keep {title}", title=title), lambda: self.favourite_kept.emit(id, False)
            )
            self.menu.addAction(
                tr("Keep {title} for the clinic", title=title),
                lambda: self.favourite_kept.emit(id, True),
            )
        for number, (words, _) in enumerate(state.favourites):
            self.menu.addAction(
                tr("Forget {words}", words=words), partial(self.favourite_forgotten.emit, number)
            )
        if not self.menu.actions():
            self.menu.addAction(
                tr("Nothing is kept yet: open a medicine, then keep it")
            ).setEnabled(False)

    def _add(self, medicine: str) -> None:
        self.add.setCurrentIndex(-1)
        self.added.emit(medicine)

    def _show_items(self, items: tuple[BasketItem, ...]) -> None:
        while self.items.count():
            held = self.items.takeAt(0)
            widget = held.widget() if held is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if len(items) == 1 and items[0].open:
            return  # its form says it all
        narrow = theme.text_scale > LARGE or self.width() < WIDE
        across = 2 if narrow or len(items) % 3 else 3
        for number, item in enumerate(items):
            self.items.addWidget(self._item(item), number // across, number % across)
        for column in range(3):
            self.items.setColumnStretch(column, 1 if column < across else 0)

    def _item(self, item: BasketItem) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        words = " \u00b7 ".join(
            str(part) for part in (item.detail, SAID.get(item.level, "")) if part
        )
        card = ChoiceCard(item.title, words, "", chosen=item.open, role=ROLES[item.level])
        card.taken.connect(lambda id=item.medicine: self.opened.emit(id))
        row.addWidget(card, 1)
        remove = IconButton(name=tr("Remove {title}", title=item.title), icon="x", size=16)
        remove.clicked.connect(lambda _=False, id=item.medicine: self.removed.emit(id))
        row.addWidget(remove)
        return box


class PharmacyRow(QWidget):
    """The patient's pharmacy: name, phone and address, kept with the patient; folded at first."""

    typed = Signal(str, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        title = label(tr("Pharmacy"), "body2")
        with_text(title, lambda: title.setMinimumWidth(theme.px(78) + 2))  # in line with the rest
        row.addWidget(title)
        self.fields: list[QLineEdit] = []
        for name, stretch in ((tr("Name"), 3), (tr("Phone"), 2), (tr("Address"), 4)):
            field = QLineEdit()
            field.setPlaceholderText(name)
            field.setAccessibleName(tr("Pharmacy, {name}", name=name.lower()))
            field.setProperty("dense", True)
            field.editingFinished.connect(self._typed)
            row.addWidget(field, stretch)
            self.fields.append(field)
        self.note = label("", "caption")
        row.addWidget(self.note)

    def open(self, on: bool) -> None:
        """Unfold, with the focus on the name, or fold."""
        self.setVisible(on)
        if on:
            self.fields[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def show_state(self, state: BasketState) -> None:
        """Show the pharmacy; fields being typed in keep their text."""
        for field, text in zip(self.fields, state.pharmacy, strict=True):
            if not (field.hasFocus() and field.isModified()) and field.text() != text:
                field.setText(text)
        self.note.setText(state.pharmacy_known)
        self.note.setVisible(bool(state.pharmacy_known))

    def _typed(self) -> None:
        if any(field.isModified() for field in self.fields):
            for field in self.fields:
                field.setModified(False)
            name, phone, address = (field.text() for field in self.fields)
            self.typed.emit(name, phone, address)
