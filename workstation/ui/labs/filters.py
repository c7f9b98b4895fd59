"""The left panel of Labs: states, tests and whose patients, each with its count."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from workstation.language import tr
from workstation.presenters import labs_wording as words
from workstation.presenters.labs import LabsPresenter
from workstation.presenters.labs_state import LabsState
from workstation.ui.queue.filters import FilterRow
from workstation.ui.widgets import overline

ROLES = {"read": "info", "overdue": "danger", "open": "ok", "due": "warn", "later": "text2"}


class LabsFilters(QWidget):
    """All filter rows; each is a verb of the presenter."""

    def __init__(self, presenter: LabsPresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: dict[str, FilterRow] = {}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(scroll.focusPolicy().NoFocus)
        inside = QWidget(scroll.viewport())
        scroll.setWidget(inside)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(12, 12, 8, 8)
        self._column.setSpacing(0)
        self._section(tr("Labs"))
        self._row("all", tr("All open"), "", "", presenter.all_states)
        for state, (text, icon, _) in words.STATES.items():
            run = partial(presenter.toggle_state, state)
            self._row(f"state:{state}", tr(text), icon, ROLES[state], run)
        self._section(tr("Test"))
        for group, name in words.GROUPS.items():
            self._row(f"group:{group}", tr(name), "", "", partial(presenter.toggle_group, group))
        self._section(tr("Who"))
        self._row("mine", tr("My patients"), "", "", partial(presenter.set_mine, True))
        self._row("whole", tr("Whole clinic"), "", "", partial(presenter.set_mine, False))
        self._column.addStretch()
        self._scroll = scroll
        outer.addWidget(scroll)

    def render_state(self, state: LabsState) -> None:
        """Show counts and what is chosen."""
        wanted = state.wanted
        chosen = {f"state:{one}" for one in wanted.states}
        chosen |= {f"group:{one}" for one in wanted.groups}
        chosen.add("mine" if wanted.mine else "whole")
        if not wanted.states and not wanted.groups:
            chosen.add("all")
        for key, row in self._rows.items():
            count = state.count("all" if key == "whole" else key)
            row.show_count(count, checked=key in chosen)

    def wanted_width(self) -> int:
        """What the widest row and the scroll bar need."""
        rows = (row.sizeHint().width() for row in self._rows.values())
        return max(rows) + 20 + self._scroll.verticalScrollBar().sizeHint().width()

    def _section(self, title: str) -> None:
        if self._rows:
            self._column.addSpacing(8)
        heading = overline(title, self._column.parentWidget())
        heading.setContentsMargins(0, 0, 0, 4)
        self._column.addWidget(heading)

    def _row(self, key: str, text: str, icon: str, role: str, run: Callable[[], None]) -> None:
        row = FilterRow(text, icon, role, self._column.parentWidget())
        row.clicked.connect(lambda _=False: run())
        self._rows[key] = row
        self._column.addWidget(row)
