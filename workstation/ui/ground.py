"""The colour of the window's ground, found without what the rest of the look needs."""

from __future__ import annotations

import re

from workstation import assets


def colour(mode: str) -> str:
    """``#RRGGBB`` of the ground in ``light``, ``dark`` or as the ``system`` says."""
    if mode == "system":
        mode = "dark" if _system_is_dark() else "light"
    text = assets.resource("theme", "tokens.toml").read_text(encoding="utf-8")
    found = re.search(r'^bg\s*=\s*"(#\w+)"', text.partition(f"[{mode}]")[2], re.MULTILINE)
    assert found is not None, "each mode of the table has its ground"
    return found[1]


def _system_is_dark() -> bool:
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication

    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
