"""The recovery key on paper: what it opens, what to do with it, and the key in large letters."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from workstation.language import noted, tr
from workstation.ui.paper import paragraph, put_on_paper, sheet

TITLE = noted("Recovery key")
LINES = (
    noted("Who has this key can open the records of this clinic without any password."),
    noted("Keep it apart from the computer. A new key ends this one."),
)


def print_key(parent: QWidget, code: str, *, paper: str) -> str:
    """Put the key on paper; a sentence about what came of it, or ""."""
    lines = tuple(tr(line) for line in LINES)
    content = sheet(tr(TITLE), lines, paragraph(code, large=True))
    return put_on_paper(parent, tr(TITLE), content, paper=paper.lower())
