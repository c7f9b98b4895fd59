"""Shared painted pieces: buttons, chips, key caps, cards, photos, messages, search, focus ring."""

from workstation.ui.widgets.buttons import Button, IconButton, PrimaryButton
from workstation.ui.widgets.columns import Column, ListHeader
from workstation.ui.widgets.faces import Faces
from workstation.ui.widgets.fields import PasswordField, SearchField
from workstation.ui.widgets.focus import FocusRing
from workstation.ui.widgets.lines import Words, fitting, paint_line, paint_lines, paint_patient
from workstation.ui.widgets.messages import Spinner, Strip, Toasts
from workstation.ui.widgets.painting import (
    CHIP_KINDS,
    chip_size,
    paint_chip,
    paint_key,
    paint_row_ground,
    paint_wrapped,
    unbroken,
    wrap_lines,
)
from workstation.ui.widgets.pieces import (
    Card,
    Chip,
    Emblem,
    EmptyState,
    Initials,
    KeyHint,
    KeyHints,
    PhotoCircle,
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
    "Spinner",
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
