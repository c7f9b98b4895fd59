"""F6: from panel to panel of a page. A panel is any widget with the property ``panel``."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


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
        control = _first(target)
        if control is not None:
            control.setFocus(Qt.FocusReason.TabFocusReason)
            break
    return True


def _first(panel: QWidget) -> QWidget | None:
    """Where Tab comes into the panel."""
    chain = [panel]
    while (following := chain[-1].nextInFocusChain()) is not None and following is not panel:
        chain.append(following)
    heard = [w for w in chain if _takes_keys(w)]
    inside = [w is panel or panel.isAncestorOf(w) for w in heard]
    for at, control in enumerate(heard):
        if inside[at] and not inside[at - 1]:
            return control
    return heard[0] if any(inside) else None


def _takes_keys(control: QWidget) -> bool:
    """Not what lies on a page that is behind another: keys would go where nobody sees them."""
    tab = bool(control.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return tab and control.isEnabled() and control.isVisible()
