"""Shared painted pieces: buttons, chips, key caps, cards, photos, messages, search, focus ring."""

from workstation.ui.widgets.buttons import Button, IconButton, PrimaryButton
from workstation.ui.widgets.fields import PasswordField, SearchField
from workstation.ui.widgets.focus import FocusRing
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
    label,
    overline,
    rule,
)

__all__ = [
    "CHIP_KINDS",
    "Button",
    "Card",
    "Chip",
    "Emblem",
    "EmptyState",
    "FocusRing",
    "IconButton",
    "Initials",
    "KeyHint",
    "KeyHints",
    "PasswordField",
    "PhotoCircle",
    "PrimaryButton",
    "SearchField",
    "Spinner",
    "Strip",
    "Toasts",
    "Wrapped",
    "chip_size",
    "label",
    "overline",
    "paint_chip",
    "paint_row_ground",
    "paint_key",
    "paint_wrapped",
    "rule",
    "unbroken",
    "wrap_lines",
]
