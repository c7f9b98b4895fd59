"""Keys a user may choose: what each platform and each field keeps for itself, and what is taken."""

from __future__ import annotations

import json
from collections.abc import Mapping

from PySide6.QtGui import QKeySequence

from workstation.language import noted, tr
from workstation.ui.actions import ACTIONS, CONTEXTS, WINDOW_CONTEXTS, Action, key_text

# Whole families of ux.md 5 that belong to Windows, macOS, Linux or to input methods.
_RESERVED = {
    "Ctrl+H": noted("macOS hides the program with it"),
    "Ctrl+M": noted("macOS minimises the window with it"),
    "Ctrl+Q": noted("macOS ends the program with it"),
    "Ctrl+Space": noted("input methods use it"),
    "Alt+F4": noted("Windows closes the window with it"),
    "F10": noted("Windows opens menus with it"),
    "F3": noted("macOS shows all windows with it"),
    "Ctrl+Esc": noted("Windows opens its start menu with it"),
    "Ctrl+Shift+U": noted("Linux types characters with it"),
    "Ctrl+.": noted("Linux input methods use it"),
    "Ctrl+;": noted("Linux input methods use it"),
    "Tab": noted("it moves the focus"),
    "Shift+Tab": noted("it moves the focus"),
    "[": noted("many keyboards need AltGr for it"),
    "]": noted("many keyboards need AltGr for it"),
    "'": noted("many keyboards type accents with it"),
    '"': noted("many keyboards type accents with it"),
}

# Where figures are a PIN, or choose an answer or a reason.
_DIGITS = frozenset({"safety", "sign"})


def reserved(key: str) -> str:
    """Why a key cannot be used ("" when it can); ``key`` in portable text."""
    name = QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
    if name in _RESERVED:
        return tr("Kept free: {reserved}.", reserved=_RESERVED[name])
    parts = name.split("+")
    if "Meta" in parts:
        return tr("Kept free: the system uses every key with Windows or Command.")
    if "Ctrl" in parts and "Alt" in parts:
        return tr("Kept free: Ctrl with Alt types characters on many keyboards.")
    if parts[0] == "Alt" and len(parts) == 2 and (len(parts[1]) == 1 or parts[1].startswith("F")):
        return tr("Kept free: Alt with a letter or F key opens menus and windows.")
    if parts[0] == "Ctrl" and parts[-1] in ("Left", "Right", "Up", "Down"):
        return tr("Kept free: macOS changes desktops with it.")
    return ""


def together(one: str, other: str) -> bool:
    """Whether two contexts can both hear a key."""
    return one == other or one in WINDOW_CONTEXTS or other in WINDOW_CONTEXTS


def taken(action: Action, key: str) -> str:
    """Who else has ``key`` where ``action`` works ("" nobody)."""
    wanted = QKeySequence(key)
    for other in ACTIONS:
        if other.id == action.id or not together(other.context, action.context):
            continue
        if any(QKeySequence(own) == wanted for own in other.in_force):
            return tr(
                "{key_text} is \u201c{text}\u201d ({contexts}).",
                key_text=key_text(key),
                text=other.text,
                contexts=CONTEXTS[other.context],
            )
    return ""


def typed(action: Action, key: str) -> str:
    """Why ``key`` would be missed where ``action`` hears it: something is typed or pressed with it."""
    name = QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
    *modifiers, last = name.split("+") if name not in ("+", "Shift++") else ("+",)
    if any(held in ("Ctrl", "Alt", "Meta") for held in modifiers) or (
        last.startswith("F") and last[1:].isdigit()
    ):
        return ""
    if action.context in WINDOW_CONTEXTS and key not in action.keys:
        return tr("Kept free: with a key like this one types, moves or presses on every page.")
    if action.context in _DIGITS and last.isdigit():
        return tr("Kept free: figures are typed here.")
    return ""


def refusal(action: Action, key: str) -> str:
    """Why ``action`` cannot have ``key``; "" when it can."""
    if not key:
        return ""
    return reserved(key) or typed(action, key) or taken(action, key)


def read(kept: str) -> dict[str, tuple[str, ...]]:
    """The user\u2019s own keys from the setting; what does not fit counts as not set."""
    try:
        told = json.loads(kept)
    except ValueError:
        return {}
    if not isinstance(told, dict):
        return {}
    known = {action.id for action in ACTIONS if not action.hold}
    return {
        id: tuple(str(key) for key in keys)
        for id, keys in told.items()
        if id in known and isinstance(keys, list)
    }


def written(own: Mapping[str, tuple[str, ...]]) -> str:
    """The setting for own keys."""
    return json.dumps({id: list(keys) for id, keys in sorted(own.items())})
