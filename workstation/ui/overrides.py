"""Errors in what Qt calls of ours never end the program.

A method of Qt that Python overrides may be called while Python itself waits in Qt: a resize that
asks for a new layout, a repaint, an ``event`` that paints. An error that C code raised there (the
highest of nothing, a division by zero) is not a whole Python object yet, and PySide6 6.11 takes it
for one before it hands it on: a segmentation fault on Python 3.10 and 3.11. Whoever catches an
error makes it whole; so every override catches.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from types import FunctionType
from typing import Any

from shiboken6 import Shiboken

# Named here and not asked of Qt: classes are made on lanes too, and what Qt's own classes are asked
# for the first time on two threads at once brings the program down.
_ANSWERED = {"viewportEvent", "nativeEvent", "editorEvent", "helpEvent"}  # Qt asks: handled?
ASKED = _ANSWERED | {
    *("event", "eventFilter", "focusNextPrevChild", "createWidget"),
    *("sizeHint", "minimumSizeHint", "minimumSize", "maximumSize", "viewportSizeHint"),
    *("hasHeightForWidth", "heightForWidth", "minimumHeightForWidth", "expandingDirections"),
    *("addItem", "count", "itemAt", "takeAt", "isEmpty", "geometry", "setGeometry", "spacing"),
    *("rowCount", "columnCount", "index", "parent", "flags", "data", "setData", "headerData"),
    *("roleNames", "canFetchMore", "fetchMore", "mimeData", "supportedDropActions", "sort"),
    *("paint", "createEditor", "setEditorData", "setModelData", "updateEditorGeometry"),
    *("visualRect", "scrollTo", "indexAt", "moveCursor", "horizontalOffset", "verticalOffset"),
}


def _told(event: Callable[..., Any]) -> Callable[..., Any]:
    """Qt waits for no answer: the error is told where it happened, and the caller goes on."""

    @wraps(event)
    def heard(*given: Any) -> None:
        try:
            event(*given)
        except Exception:  # whatever it is, the window's faults say so and keep a report
            sys.excepthook(*sys.exc_info())

    return heard


def _made_whole(override: Callable[..., Any]) -> Callable[..., Any]:
    """Qt waits for an answer, and only PySide6 knows which one stands for none."""

    @wraps(override)
    def called(*given: Any) -> Any:
        try:
            return override(*given)
        except BaseException:  # caught, it is a whole object; so says the head of this file
            raise

    return called


def _guard(kind: type, /, **_: Any) -> None:
    for name, given in list(vars(kind).items()):
        if name.startswith("__") or not isinstance(given, FunctionType):
            continue
        of_qt = [b for b in kind.__mro__ if b.__module__.startswith("PySide6") and name in vars(b)]
        if of_qt and name.endswith("Event") and name not in _ANSWERED:
            setattr(kind, name, _told(given))
        elif of_qt and name in ASKED:
            setattr(kind, name, _made_whole(given))


def guard_all() -> None:
    """From now on every class made below a class of Qt has its overrides guarded."""
    hook: Any = classmethod(_guard)  # each class calls it of itself, as Python's own hook is called
    Shiboken.Object.__init_subclass__ = hook  # type: ignore[method-assign]  # there is no other place
