"""What can be done now, by which shortcut: pages bind the actions of the table to what they do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from workstation.ui.actions import ACTIONS, BY_ID, WINDOW_CONTEXTS, Action

# Line edits take these for themselves on Linux unless they are claimed.
CLAIMED = frozenset(
    QKeySequence(key).toString() for key in ("Ctrl+K", "Ctrl+D", "Ctrl+J", "Ctrl+W", "Ctrl+L")
)


def always() -> str:
    """A ``can`` for what may always be done: no reason against it."""
    return ""


@dataclass(eq=False)
class _Bound:
    action: Action
    owner: QWidget
    run: Callable[[], None]
    can: Callable[[], str]
    shortcuts: list[QShortcut]
    focus: bool


class Commands(QObject):
    """Which actions can be done now, and the shortcuts that do them.

    ``refused`` carries the reason, in words, why an action was not done.
    """

    refused = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bound: list[_Bound] = []
        self._letters = True
        self._suspended = False
        self._watched: QWidget | None = None
        app = QApplication.instance()
        if isinstance(app, QApplication):
            # On what has the focus alone: a filter on the application would see every event.
            app.focusChanged.connect(self._watch)
            self._watch(None, app.focusWidget())

    def bind(
        self,
        id: str,
        owner: QWidget,
        run: Callable[[], None],
        can: Callable[[], str] = always,
        *,
        focus: bool = False,
    ) -> None:
        """Make ``run`` what the action does while ``owner`` is shown.

        ``can`` returns "" or the reason, in words, why it cannot be done now; keys, menus and the
        command list all ask it. ``focus`` restricts the keys to when ``owner`` itself has the
        focus (lists and the canvas: single letters); else any focus inside ``owner`` will do, and
        for window contexts any focus in its window. Hold keys get no shortcut: their widget
        handles them.
        """
        action = BY_ID[id]
        bound = _Bound(action, owner, run, can, [], focus)
        self._attach(bound)
        self._bound.append(bound)
        owner.destroyed.connect(lambda _=None, bound=bound: self._forget(bound))
        self._enable(bound)

    def trigger(self, id: str) -> bool:
        """Do an action by its id; False when it is not bound here or cannot be done now."""
        for bound in reversed(self._bound):
            if bound.action.id == id and bound.owner.isVisible():
                return self._run(bound)
        return False

    def available(self) -> tuple[tuple[Action, str], ...]:
        """Actions of what is shown, in table order, each with the reason against it ("" = none)."""
        if self._suspended:
            return ()
        reasons: dict[str, str] = {}
        for bound in self._bound:
            if bound.owner.isVisible():
                reasons[bound.action.id] = bound.can()
        return tuple((a, reasons[a.id]) for a in ACTIONS if a.id in reasons)

    def known(self) -> frozenset[str]:
        """Ids of all actions that some page has bound, shown or not."""
        return frozenset(bound.action.id for bound in self._bound)

    def rebind(self) -> None:
        """Take the keys in force: the user changed some."""
        for bound in self._bound:
            for shortcut in bound.shortcuts:
                shortcut.setEnabled(False)
                shortcut.deleteLater()
            bound.shortcuts.clear()
            self._attach(bound)
        self._enable()

    def suspend(self, suspended: bool) -> None:
        """Switch every key off (locked) or on."""
        self._suspended = suspended
        self._enable()

    @property
    def single_letters(self) -> bool:
        """Whether keys without Ctrl or Alt act."""
        return self._letters

    def set_single_letters(self, on: bool) -> None:
        """Switch single-letter keys on or off."""
        self._letters = on
        self._enable()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep text fields from taking keys that belong to the window."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and QKeySequence(event.keyCombination()).toString() in CLAIMED
            and not watched.property("takesKeys")  # it asks which key to use
        ):
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _watch(self, _: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = now
        if now is not None:
            now.installEventFilter(self)

    def _attach(self, bound: _Bound) -> None:
        action = bound.action
        if action.hold:
            return
        for key in action.in_force:
            shortcut = QShortcut(QKeySequence(key), bound.owner)
            shortcut.setContext(_context(action, focus=bound.focus))
            shortcut.setAutoRepeat(not action.single_letter or action.id.endswith("next"))
            shortcut.activated.connect(lambda bound=bound: self._run(bound))
            bound.shortcuts.append(shortcut)

    def _run(self, bound: _Bound) -> bool:
        if self._suspended:
            return False
        reason = bound.can()
        if reason:
            self.refused.emit(reason)
            return False
        bound.run()
        return True

    def _enable(self, *which: _Bound) -> None:
        for bound in which or self._bound:
            on = not self._suspended and (self._letters or not bound.action.single_letter)
            for shortcut in bound.shortcuts:
                if shortcut.isEnabled() != on:  # telling Qt again is no small thing
                    shortcut.setEnabled(on)

    def _forget(self, bound: _Bound) -> None:
        if bound in self._bound:
            bound.shortcuts.clear()
            self._bound.remove(bound)


def _context(action: Action, *, focus: bool) -> Qt.ShortcutContext:
    if focus:
        return Qt.ShortcutContext.WidgetShortcut
    if action.context in WINDOW_CONTEXTS:
        return Qt.ShortcutContext.WindowShortcut
    return Qt.ShortcutContext.WidgetWithChildrenShortcut
