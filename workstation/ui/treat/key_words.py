"""Which keys do something where the focus is on Treat, for the line at the foot of the window."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QLineEdit, QWidget

from workstation.language import tr
from workstation.ui.actions import hints
from workstation.ui.treat.controls import ControlRow
from workstation.ui.treat.fields import Choice, Segmented
from workstation.ui.treat.line_card import LineCard
from workstation.ui.treat.several import Several
from workstation.ui.widgets.day_edit import DayEdit

Hints = tuple[tuple[str, str], ...]
W = TypeVar("W", bound=QWidget)


def key_hints(focus: QWidget | None) -> Hints:
    """(key, what it does) with the focus there; ``focus`` is None when it is on another page."""
    row = _around(focus, ControlRow)
    if focus is not None and row is not None:
        return (
            *_answering(focus),
            ("Tab", tr("next field")),
            ("\u21b5", tr("next, then record")),
            ("Esc", tr("to the line")),
        )
    ends = hints("undo", "keys")
    if isinstance(focus, LineCard):
        return (
            *_reasons(focus),
            *hints("case.open_item", "panel.next"),
            ("\u2191 \u2193", tr("move")),
            ("\u21b5", tr("resolve")),
            *ends,
        )
    if _around(focus, LineCard) is not None:
        return (("Tab", tr("next")), ("Esc", tr("to the line")), *hints("case.open_item"), *ends)
    return (*hints("case.open_item", "panel.next"), ("Tab", tr("next field")), *ends)


def _reasons(card: LineCard) -> Hints:
    """Digits that answer a line without opening it."""
    count = len(card.line.reasons) if card.line.is_open and card.line.level == "override" else 0
    if card.line.is_open and card.line.level == "warn":
        count = 1
    return ((_digits(count), tr("answer")),) if count else ()


def _answering(focus: QWidget) -> Hints:
    segments = _around(focus, Segmented)
    if segments is not None:
        return ((_digits(len(segments.buttons)), tr("choose")),)
    if isinstance(focus, DayEdit):
        return (("T", tr("today")), ("Y", tr("yesterday")), ("Alt \u2193", tr("calendar")))
    if isinstance(focus, Choice):
        return (("\u2191 \u2193", tr("choose")),)
    if isinstance(focus, Several):
        return (("Space", tr("choose")),)
    return (("0\u20139", tr("value")),) if isinstance(focus, QLineEdit) else ()


def _digits(count: int) -> str:
    return "1" if count == 1 else f"1\u2013{count}"


def _around(focus: QWidget | None, kind: type[W]) -> W | None:
    part = focus
    while part is not None and not isinstance(part, kind):
        part = part.parentWidget()
    return part
