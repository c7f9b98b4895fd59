"""Keys in Settings: every action with its key, changed by pressing another; conflicts inline."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMoveEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from workstation.language import tr
from workstation.presenters.settings import SettingsPresenter
from workstation.presenters.settings_state import SettingsState
from workstation.ui import keymap
from workstation.ui.actions import ACTIONS, CONTEXTS, Action, key_text
from workstation.ui.settings.parts import Pages, Switch, seen
from workstation.ui.widgets import Button, KeyHint, Strip, Wrapped, label

OWN = "keys.own"
_MODIFIERS = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_Meta,
    Qt.Key.Key_AltGr,
)
# Second keys that stay when the first is changed: nobody gives up the arrows for a letter.
_BESIDE = frozenset({"Up", "Down", "PgUp", "PgDown", "Backspace"})
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


def keys(presenter: SettingsPresenter) -> QWidget:
    """The page."""
    page = Pages(
        tr("Keys"), tr("Every key of the workstation. Yours go with you to each computer.")
    )
    letters = page.section(tr("Single letters"))
    switch = Switch(presenter, "keys.single_letters", tr("Single-letter keys"))
    letters.row(
        tr("Keys that are one letter or figure"),
        switch,
        tr(
            "They act in lists and on photos only, never while you type. Off: menus and Ctrl K do it."
        ),
    )
    page.follows(switch.render_state)
    change = _Change(presenter)
    page.column.addWidget(change)
    for context, title in CONTEXTS.items():
        actions = [a for a in ACTIONS if a.context == context and a.keys]
        if not actions:
            continue
        section = page.section(tr(title))
        table = _Table(actions)
        table.wanted.connect(change.begin)
        change.left.connect(table.focus)
        section.add(table)
        page.follows(table.render_state)
    page.follows(change.render_state)
    page.end()
    return page


class _Table(QWidget):
    """Actions of one context with their keys; a button each to change."""

    wanted = Signal(str)

    def __init__(self, actions: list[Action]) -> None:
        super().__init__()
        self._actions = actions
        self._shown: dict[str, tuple[str, ...]] = {}
        self._caps: dict[str, KeyHint] = {}
        self._buttons: dict[str, Button] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(4)
        self._grid.setHorizontalSpacing(16)
        self._grid.setColumnStretch(0, 1)
        for at, action in enumerate(actions):
            self._grid.addWidget(Wrapped(tr(action.text), "body"), at, 0)
            if action.hold:
                self._grid.addWidget(label(tr("held"), "caption2"), at, 2)
                continue
            button = Button(text=tr("Change"), kind="link")
            button.setAccessibleName(tr("Change the key of {text}", text=action.text))
            button.clicked.connect(lambda _=False, id=action.id: self.wanted.emit(id))
            self._grid.addWidget(button, at, 2)
            self._buttons[action.id] = button

    def render_state(self, state: SettingsState) -> None:
        """Show the keys in force; a button that has the focus keeps it."""
        for at, action in enumerate(self._actions):
            keys = action.in_force
            if self._shown.get(action.id) == keys:
                continue
            self._shown[action.id] = keys
            old = self._caps.pop(action.id, None)
            if old is not None:
                self._grid.removeWidget(old)
                old.hide()
                old.deleteLater()
            caps = tr(" or ").join(dict.fromkeys(key_text(key) for key in keys))
            self._caps[action.id] = cap = KeyHint(key=caps or tr("none"))
            self._grid.addWidget(cap, at, 1)

    def focus(self, id: str) -> None:
        """Go on at the button of an action, if it is one of these."""
        button = self._buttons.get(id)
        if button is not None:
            button.setFocus(Qt.FocusReason.OtherFocusReason)
            seen(button)


class _Press(QLineEdit):
    """Shows the key pressed in it; Tab leaves it, Esc gives up, Enter takes the key shown."""

    pressed_key = Signal(str)
    given_up = Signal()
    taken = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(False)
        self.setProperty("takesKeys", True)
        self.setAccessibleName(tr("Press the new key"))
        self.setPlaceholderText(tr("Press the new key"))
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def event(self, event: QEvent) -> bool:
        """Keys of the window are for this field while it asks for one."""
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the key."""
        key, plain = event.key(), not event.modifiers() & ~_KEYPAD
        if key == Qt.Key.Key_Escape and plain:
            self.given_up.emit()
        elif key in _ENTER and plain and self.text():
            self.taken.emit()
        elif key not in _MODIFIERS:
            pressed = _as_typed(event)
            self.setText(key_text(pressed))
            self.pressed_key.emit(pressed)


def _as_typed(event: QKeyEvent) -> str:
    """The key in portable text; Shift is no part of a sign that it is needed to type."""
    keys = event.keyCombination()
    sign = event.text()
    if event.modifiers() == Qt.KeyboardModifier.ShiftModifier and sign.strip():
        letter = sign.isalpha() or sign.isdigit()
        keys = (
            keys if letter else QKeyCombination(Qt.KeyboardModifier.NoModifier, Qt.Key(event.key()))
        )
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.PortableText)


class _Change(Strip):
    """Asks for a key, says at once why one cannot be had, and keeps the one that can."""

    left = Signal(str)  # id of the action that was asked about

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._action: Action | None = None
        self._key = ""
        self.field = _Press()
        self.field.setFixedWidth(150)
        self.field.pressed_key.connect(self._pressed)
        self.field.given_up.connect(self.leave)
        self.field.taken.connect(self._keep)
        self._row.insertWidget(2, self.field)
        self.field.hide()

    def begin(self, id: str) -> None:
        """Ask for a key for one action."""
        self._action = next(a for a in ACTIONS if a.id == id)
        self._key = ""
        self.field.clear()
        self.field.show()
        self._say(
            "info",
            tr("New key for \u201c{text}\u201d", text=self._action.text),
            tr("Esc gives up."),
        )
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, lambda: seen(self))  # it has its place only then

    def leave(self) -> None:
        """Nothing more is asked; the keys go on where it began."""
        action, self._action = self._action, None
        self.clear()
        if action is not None:
            self.left.emit(action.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc on one of its buttons gives up this key, and does not leave Settings."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def moveEvent(self, event: QMoveEvent) -> None:
        """The rows around it made room: it shows wherever the page stood."""
        super().moveEvent(event)
        if self._action is not None:
            seen(self)

    def render_state(self, state: SettingsState) -> None:
        """Nothing of it is in the settings until it is kept."""

    def _say(self, level: str, title: str, detail: str) -> None:
        button = (tr("Use this key"), self._keep) if self._key and level != "warn" else None
        self.say(level, title, detail, button=button, link=(tr("As shipped"), self._shipped))

    def _pressed(self, key: str) -> None:
        action = self._action
        if action is None:
            return
        self._key = key
        why = keymap.refusal(action, key)
        if why:
            self._say(
                "warn",
                tr("{key_text} cannot be used.", key_text=key_text(key)),
                tr("{why} Press another.", why=why),
            )
        else:
            self._say(
                "info",
                tr(
                    "{key_text} is free for \u201c{text}\u201d.",
                    key_text=key_text(key),
                    text=action.text,
                ),
                tr("\u21b5 uses it, Esc gives up."),
            )

    def _keep(self) -> None:
        action, key = self._action, self._key
        if action is None or keymap.refusal(action, key):
            return
        own = keymap.read(self._presenter.state.values[OWN])
        beside = (k for k in action.keys[1:] if k in _BESIDE and not keymap.taken(action, k))
        own[action.id] = tuple(dict.fromkeys((key, *beside)))
        self._store(own, f"{action.text}: {key_text(key)}.")

    def _shipped(self) -> None:
        action = self._action
        if action is None:
            return
        for key in action.keys:
            other = keymap.taken(action, key)
            if other:  # chosen for another action meanwhile: two would hear it, and none act
                self._key = ""
                self._say(
                    "warn",
                    tr("The shipped key is in use: {other}", other=other),
                    tr("Change that one first, or press another key here."),
                )
                self.field.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        own = keymap.read(self._presenter.state.values[OWN])
        own.pop(action.id, None)
        self._store(own, tr("{text} has its shipped key.", text=action.text))

    def _store(self, own: dict[str, tuple[str, ...]], words: str) -> None:
        self.leave()
        self._presenter.change(OWN, keymap.written(own), words=words)
