"""Keys of the photo: single presses by the action table, held keys by press and release."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from time import monotonic

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from workstation.domain.lesions import Point
from workstation.presenters.tools import Tool
from workstation.ui.actions import ACTIONS
from workstation.ui.assess.corners import Corners
from workstation.ui.assess.surface import Surface
from workstation.ui.held_keys import HeldKeys

TAP_S = 0.2
FAST = 10
# Scan codes of the keys 1 to 8 where the platform reports them (Windows; X11 and Wayland): on
# AZERTY the unshifted row types other characters.
_FIRST = 2 if sys.platform == "win32" else 10
_SCAN = {_FIRST + digit - 1: digit for digit in range(1, 9)}
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_REPEATING = frozenset({"canvas.next", "canvas.previous", "canvas.zoom_in", "canvas.zoom_out"})
_PLAIN = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier


class Keys:
    """What each key does on one canvas."""

    def __init__(self, canvas: Surface) -> None:
        self._canvas = canvas
        self.corners = Corners(canvas)
        self._held = HeldKeys(canvas)
        self.space = False
        self._hiding_since: float | None = None
        self._was_hidden = False

    def _table(self) -> dict[str, str]:
        return {
            QKeySequence(key).toString(): action.id
            for action in ACTIONS
            if action.context == "canvas" and not action.hold
            for key in action.in_force
        }

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What each action of the photo does; held ones act as if tapped."""
        canvas, presenter = self._canvas, self._canvas.presenter
        if presenter is None:
            return {}
        verbs: dict[str, Callable[[], None]] = {
            f"canvas.type{n}": partial(presenter.choose_key, n) for n in range(1, 9)
        }
        verbs |= {
            "canvas.select": lambda: presenter.use(Tool.SELECT),
            "canvas.mark": lambda: presenter.use(Tool.MARK),
            "canvas.lasso": lambda: presenter.use(Tool.LASSO),
            "canvas.border": lambda: presenter.use(Tool.BORDER),
            "canvas.measure": lambda: presenter.use(Tool.MEASURE),
            "canvas.zones": presenter.toggle_zones,
            "canvas.hide": lambda: presenter.hide(not presenter.tools.hidden),
            "canvas.loupe": self.toggle_loupe,
            "canvas.adjust": presenter.toggle_adjusting,
            "canvas.mirror": presenter.mirror,
            "canvas.ask_photo": presenter.ask_photo,
            "canvas.photo_next": lambda: presenter.step_photo(1),
            "canvas.photo_previous": lambda: presenter.step_photo(-1),
            "canvas.fit": canvas.toggle_fit,
            "canvas.zoom_in": canvas.zoom_in,
            "canvas.zoom_out": canvas.zoom_out,
            "canvas.zoom_fit": canvas.fit,
            "canvas.next": lambda: self._walk(1),
            "canvas.previous": lambda: self._walk(-1),
            "canvas.remove": self._remove,
            "canvas.add": self._add,
            "canvas.focus": presenter.toggle_focus,
            "canvas.count_here": presenter.count_here,
            "canvas.drop": self._drop,
        }
        return verbs | canvas.more_verbs()

    def press(self, event: QKeyEvent) -> bool:
        """A key went down; whether it was ours."""
        if self._canvas.presenter is None or self._canvas.state is None:
            return False
        key = event.key()
        if key in _ARROWS and event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
        ):
            return self._arrow(event)
        if self._hold(event):
            return True
        id_ = self._table().get(_written(event))
        if id_ is None:
            digit = self._digit(event)
            id_ = f"canvas.type{digit}" if digit else None
        if id_ is None or not self._allowed(event):
            return False
        if event.isAutoRepeat() and id_ not in _REPEATING:
            return True
        verb = self.verbs().get(id_)
        if verb is None:
            return False  # the shortcut of somebody else
        verb()
        return True

    def release(self, event: QKeyEvent) -> bool:
        """A key went up; whether it was a held one of ours."""
        if event.isAutoRepeat():
            return event.key() in (Qt.Key.Key_H, Qt.Key.Key_Q, Qt.Key.Key_Space)
        let_go: Callable[[], None]
        if event.key() == Qt.Key.Key_H and self._hiding_since is not None:
            tapped = monotonic() - self._hiding_since < TAP_S
            let_go = partial(self._show_again, tapped and not self._was_hidden)
        elif event.key() == Qt.Key.Key_Q and self._canvas.loupe:
            let_go = partial(self._canvas.set_loupe, False)
        elif event.key() == Qt.Key.Key_Space and self.space:
            let_go = self._end_pan
        else:
            return False
        self._held.released(event, let_go)
        return True

    def let_go(self) -> None:
        """Release every hold, and show what a tap had hidden: focus went elsewhere."""
        self._held.forget()
        self._hiding_since = None
        self.space = False
        self._canvas.set_loupe(False)
        self._hide(False)
        self._canvas.cancel_gesture()

    def toggle_loupe(self) -> None:
        """Take or lay down the loupe, for those who cannot hold a key."""
        if self._canvas.pointer is None:
            self._canvas.pointer = self._canvas.middle
        self._canvas.set_loupe(not self._canvas.loupe)

    # -- inside

    def _allowed(self, event: QKeyEvent) -> bool:
        text = event.text()
        return self._canvas.letters() or not (text.isprintable() and text.strip())

    def _hold(self, event: QKeyEvent) -> bool:
        if event.modifiers() not in _PLAIN:
            return False
        key = event.key()
        if key not in (Qt.Key.Key_H, Qt.Key.Key_Q, Qt.Key.Key_Space):
            return False
        if not self._canvas.letters():
            return False
        if self._held.goes_on(event):
            return True
        if key == Qt.Key.Key_H:
            presenter = self._canvas.presenter
            self._hiding_since = monotonic()
            self._was_hidden = presenter is not None and presenter.tools.hidden
            self._hide(True)
        elif key == Qt.Key.Key_Q:
            if self._canvas.pointer is None:
                self._canvas.pointer = self._canvas.middle
            self._canvas.set_loupe(True)
        else:
            self.space = True
            self._canvas.refresh()
        return True

    def _show_again(self, hidden: bool) -> None:
        self._hiding_since = None
        self._hide(hidden)

    def _end_pan(self) -> None:
        self.space = False
        self._canvas.cancel_gesture()
        self._canvas.refresh()

    def _hide(self, hidden: bool) -> None:
        if self._canvas.presenter is not None:
            self._canvas.presenter.hide(hidden)

    def _digit(self, event: QKeyEvent) -> int | None:
        if event.modifiers() not in _PLAIN:
            return None
        if Qt.Key.Key_1 <= event.key() <= Qt.Key.Key_8:
            return int(event.key()) - int(Qt.Key.Key_0)
        text = event.text()
        if not text or (text.isascii() and text.isalnum()):
            return None
        return _SCAN.get(event.nativeScanCode())

    def _arrow(self, event: QKeyEvent) -> bool:
        canvas, presenter = self._canvas, self._canvas.presenter
        if presenter is None or canvas.state is None or canvas.state.photo is None:
            return False
        dx, dy = _ARROWS[Qt.Key(event.key())]
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = (FAST if shift else 1) / canvas.view.zoom
        if canvas.state.selection and not self.corners.busy:
            across = -dx if canvas.view.mirrored else dx
            presenter.move(canvas.state.selection, across * step, dy * step)
            return True
        step *= 2
        dx = -dx if canvas.view.mirrored else dx
        here = canvas.crosshair
        if here is None:
            here = canvas.view.to_photo(canvas.middle)
        else:
            photo = canvas.state.photo
            here = Point(
                min(max(here.x + dx * step, 0.0), float(photo.width)),
                min(max(here.y + dy * step, 0.0), float(photo.height)),
            )
        canvas.crosshair = here
        if canvas.view.show(here, 40):
            canvas.moved()
        canvas.update()
        return True

    def _add(self) -> None:
        canvas, presenter = self._canvas, self._canvas.presenter
        if presenter is None:
            return
        if canvas.crosshair is None:
            canvas.crosshair = canvas.view.to_photo(canvas.middle)
            canvas.update()
            return
        if self.corners.wanted:
            self.corners.put(canvas.crosshair)
            return
        presenter.add(canvas.crosshair, near=canvas.near())

    def _remove(self) -> None:
        if not self.corners.take_back() and self._canvas.presenter is not None:
            self._canvas.presenter.remove()

    def _walk(self, step: int) -> None:
        canvas, presenter = self._canvas, self._canvas.presenter
        if presenter is None:
            return
        presenter.walk(step)
        if canvas.state is not None and canvas.state.selection:
            mark = canvas.marks.get(canvas.state.selection[0])
            if mark is not None and canvas.view.show(Point(mark.x, mark.y), 60):
                canvas.moved()

    def _drop(self) -> None:
        canvas = self._canvas
        if self.corners.drop():
            canvas.update()
        elif not canvas.cancel_gesture():
            if canvas.presenter is not None:
                canvas.presenter.drop()
            canvas.crosshair = None
            canvas.ruler = None
            canvas.update()


def _written(event: QKeyEvent) -> str:
    plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    shift_typed = plain == Qt.KeyboardModifier.ShiftModifier and not event.text().isalpha()
    if shift_typed and event.text().strip():
        plain = Qt.KeyboardModifier.NoModifier  # "+" is Shift and "=" on many layouts
    key = event.key()
    return QKeySequence(int(key) | plain.value).toString()
