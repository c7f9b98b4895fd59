"""Where the columns of the queue lie."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF

from workstation.language import noted, tr
from workstation.presenters.wording import TRIAGE
from workstation.ui.theme import theme
from workstation.ui.widgets import Column

NARROW = 820  # below this the table uses its compact widths
TITLES = {
    "triage": noted("Triage"),
    "waiting": noted("Waiting"),
    "patient": noted("Patient"),
    "request": noted("Request"),
    "stands_out": noted("What stands out"),
    "photos": noted("Photos"),
    "severity": noted("Severity"),
    "doctor": noted("Dr"),
}
ALIGNED = {"photos": Qt.AlignmentFlag.AlignRight, "doctor": Qt.AlignmentFlag.AlignHCenter}
SORTED_BY = noted("Sorted by level, then deadline, then age")
# name: (wide, compact) logical pixels at text scale 1; what stands out takes the rest
WIDTHS = {
    "triage": (106, 95),
    "waiting": (80, 78),
    "patient": (176, 152),
    "request": (92, 82),
    "photos": (52, 44),
    "severity": (84, 72),
    "doctor": (32, 28),
}
# Wide windows: share of the spare width that a column takes, and at most how much.
ROOMY = 1000
GROW = {"waiting": (0.06, 40), "patient": (0.2, 120), "request": (0.12, 80), "severity": (0.1, 60)}
EDGE, GAP, SCROLL_BAR = 14, 10, 10
CHIP = 38  # of a chip beside its word
LATE = "{gap} late"
FACT = 120  # least width of what stands out; below it the severity is left out


def columns(width: float) -> dict[str, Column]:
    """The columns of a list ``width`` wide; the scroll bar's room is always left free.

    In a narrow one ``severity`` is missing.
    """
    width -= SCROLL_BAR
    which = 1 if width < NARROW * theme.text_scale else 0
    widths = {name: theme.px(pair[which]) for name, pair in WIDTHS.items()}
    chips = QFontMetricsF(theme.font("captionStrong", 600))
    longest = max(chips.horizontalAdvance(tr(level)) for level in TRIAGE.values())
    widths["triage"] = max(widths["triage"], round(longest) + theme.px(CHIP))
    # The widths are those of English; where "late" is a longer word, its column is as much wider.
    waits = QFontMetricsF(theme.font("caption", 600))
    longer = waits.horizontalAdvance(tr(LATE, gap="")) - waits.horizontalAdvance(
        LATE.format(gap="")
    )
    widths["waiting"] += max(0, round(longer))
    spare = max(0.0, width - theme.px(ROOMY))
    for name, (share, most) in GROW.items():
        widths[name] += int(min(theme.px(most), spare * share))
    fixed = sum(widths.values()) + EDGE + GAP * 2
    if width - fixed < theme.px(FACT):
        # The fact that stands out is read whole before anything else is.
        fixed -= widths.pop("severity")
    widths["stands_out"] = int(max(90.0, width - fixed))
    placed: dict[str, Column] = {}
    x = float(EDGE)
    for name in (one for one in TITLES if one in widths):
        placed[name] = Column(x, widths[name])
        x += widths[name]
        if name in ("stands_out", "photos"):
            x += GAP
    return placed
