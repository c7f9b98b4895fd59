"""Shared painted pieces: buttons, chips, key caps, cards, photos, messages, search, focus ring."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workstation.ui.widgets.buttons import Button, IconButton, PrimaryButton
    from workstation.ui.widgets.columns import Column, ListHeader
    from workstation.ui.widgets.faces import Faces
    from workstation.ui.widgets.fields import PasswordField, SearchField
    from workstation.ui.widgets.focus import FocusRing
    from workstation.ui.widgets.lines import Words, fitting, paint_line, paint_lines, paint_patient
    from workstation.ui.widgets.messages import Strip, Toasts
    from workstation.ui.widgets.painting import (
        CHIP_KINDS,
        chip_size,
        key_size,
        paint_chip,
        paint_key,
        paint_row_ground,
        paint_wrapped,
        unbroken,
        wrap_lines,
    )
    from workstation.ui.widgets.person_photo import PhotoCircle
    from workstation.ui.widgets.pieces import (
        Card,
        Chip,
        Emblem,
        EmptyState,
        Initials,
        KeyHint,
        KeyHints,
        Wrapped,
        fill,
        label,
        overline,
        rule,
    )
    from workstation.ui.widgets.rows import RowDelegate, RowsList, RowsModel
    from workstation.ui.widgets.tips import plain_tip

__all__ = [
    "CHIP_KINDS",
    "Button",
    "Card",
    "Chip",
    "Column",
    "Emblem",
    "EmptyState",
    "Faces",
    "FocusRing",
    "IconButton",
    "Initials",
    "KeyHint",
    "KeyHints",
    "ListHeader",
    "PasswordField",
    "PhotoCircle",
    "PrimaryButton",
    "RowDelegate",
    "RowsList",
    "RowsModel",
    "SearchField",
    "Strip",
    "Toasts",
    "Words",
    "Wrapped",
    "chip_size",
    "fill",
    "fitting",
    "label",
    "overline",
    "paint_chip",
    "paint_row_ground",
    "key_size",
    "paint_key",
    "paint_line",
    "paint_lines",
    "paint_patient",
    "paint_wrapped",
    "plain_tip",
    "rule",
    "unbroken",
    "wrap_lines",
]

# A piece is imported when somebody asks for it: the first page needs few of them.
_ROOM = {
    "Button": "buttons",
    "CHIP_KINDS": "painting",
    "Card": "pieces",
    "Chip": "pieces",
    "Column": "columns",
    "Emblem": "pieces",
    "EmptyState": "pieces",
    "Faces": "faces",
    "FocusRing": "focus",
    "IconButton": "buttons",
    "Initials": "pieces",
    "KeyHint": "pieces",
    "KeyHints": "pieces",
    "ListHeader": "columns",
    "PasswordField": "fields",
    "PhotoCircle": "person_photo",
    "PrimaryButton": "buttons",
    "RowDelegate": "rows",
    "RowsList": "rows",
    "RowsModel": "rows",
    "SearchField": "fields",
    "Strip": "messages",
    "Toasts": "messages",
    "Words": "lines",
    "Wrapped": "pieces",
    "chip_size": "painting",
    "fill": "pieces",
    "fitting": "lines",
    "label": "pieces",
    "overline": "pieces",
    "paint_chip": "painting",
    "key_size": "painting",
    "paint_key": "painting",
    "paint_line": "lines",
    "paint_lines": "lines",
    "paint_patient": "lines",
    "paint_row_ground": "painting",
    "paint_wrapped": "painting",
    "plain_tip": "tips",
    "rule": "pieces",
    "unbroken": "painting",
    "wrap_lines": "painting",
}


def __getattr__(name: str) -> Any:
    room = _ROOM.get(name)
    if room is None:
        raise AttributeError(f"no shared piece is called {name}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{room}"), name)
    return found
