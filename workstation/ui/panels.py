"""F6: from panel to panel of a page. A panel is any widget with the property ``panel``."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from workstation.ui.widgets.focus import controls

CLOSES = "closes"  # property of a button that closes its panel: one does not come in on it


def next_panel(page: QWidget, focus: QWidget | None, *, forward: bool) -> bool:
    """Put the focus on the first control of the next panel; False when the page has none."""
    panels = [w for w in page.findChildren(QWidget) if w.property("panel") and w.isVisible()]
    if not panels:
        return False
    inside = [n for n, p in enumerate(panels) if focus is not None and p.isAncestorOf(focus)]
    at = inside[-1] if inside else -1  # the innermost of panels that lie in one another
    step = 1 if forward else -1
    start = at if inside or forward else 0
    for away in range(1, len(panels) + 1):
        target = panels[(start + step * away) % len(panels)]
        reached = (*controls(target), *target.findChildren(QWidget))
        control = next((c for c in reached if _takes_keys(c)), None)
        if control is not None:
            control.setFocus(Qt.FocusReason.TabFocusReason)
            break
    return True


def _takes_keys(control: QWidget) -> bool:
    """Not what lies on a page that is behind another: keys would go where nobody sees them."""
    tab = bool(control.focusPolicy() & Qt.FocusPolicy.TabFocus) and not control.property(CLOSES)
    return tab and control.isEnabled() and control.isVisible()
