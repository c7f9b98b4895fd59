"""Settings: the list at the left, one page at a time at the right; each change is in force at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workstation.language import Sentence, noted, tr
from workstation.presenters.settings import SettingsPresenter
from workstation.presenters.settings_state import SettingsState
from workstation.ui import icons
from workstation.ui.actions import BY_ID
from workstation.ui.page import PageTools, Primary, behind
from workstation.ui.settings import clinic, plain
from workstation.ui.settings.account import account
from workstation.ui.settings.keys import keys
from workstation.ui.settings.rules import RulesPage
from workstation.ui.settings.signing import signing
from workstation.ui.theme import theme
from workstation.ui.widgets import Wrapped, label, rule
from workstation.ui.widgets.side_list import SideList

LIST = 194
PAGES: tuple[tuple[str, Sentence, str, Callable[[SettingsPresenter], QWidget]], ...] = (
    ("account", noted("Account and PIN"), "user", account),
    ("signing", noted("Signing keys"), "key-round", signing),
    ("display", noted("Display"), "contrast", plain.display),
    ("keys", noted("Keys"), "keyboard", keys),
    ("photos", noted("Photos"), "camera", plain.photos),
    ("severity", noted("Severity rubric"), "ruler", plain.severity),
    ("rules", noted("Safety rules"), "shield-check", RulesPage),
    ("prescribing", noted("Prescribing"), "pill", clinic.prescribing),
    ("lock", noted("Lock"), "lock", plain.lock),
    ("records", noted("Data and backup"), "hard-drive", clinic.records),
    ("about", noted("About"), "info", plain.program),
)
NOTE = noted("Changes are in force at once. Those of the clinic go on the audit trail.")


class SettingsPage(QWidget):
    """A page of the shell (see ``ui.page.Page``). Its pages are made when first looked at."""

    changed = Signal()

    def __init__(
        self, presenter: SettingsPresenter, tools: PageTools, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._presenter, self._tools = presenter, tools
        self._made: dict[str, QWidget] = {}
        self._told_of = ""  # digest of the rules that the page About names
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        side = QFrame()
        side.setProperty("bar", "true")
        side.setProperty("panel", True)
        column = QVBoxLayout(side)
        column.setContentsMargins(12, 14, 12, 14)
        column.setSpacing(10)
        column.addWidget(label(tr("Settings"), "title"))
        self.list = SideList(tr("Pages of Settings"))
        for id, name, icon, _ in PAGES:
            item = QListWidgetItem(tr(name))
            item.setIcon(icons.icon(icon, "text2", 16))
            item.setData(Qt.ItemDataRole.UserRole, id)
            self.list.addItem(item)
        self.list.currentRowChanged.connect(lambda at: self.show_page(PAGES[at][0]))
        self.list.left.connect(lambda: tools.go("back"))
        column.addWidget(self.list, 1)
        column.addWidget(Wrapped(tr(NOTE), "caption2"))
        row.addWidget(side)
        row.addWidget(rule(upright=True))
        self.stack = QStackedWidget()
        self.stack.setProperty("panel", True)
        row.addWidget(self.stack, 1)
        self._side = side
        self._dress()
        self._outworn = False  # the look changed while another page was shown
        theme.theme_changed.connect(self._look_changed)
        tools.commands.bind("settings.find", self, self._find)
        presenter.changed.subscribe(self.render_state)
        presenter.said.subscribe(self._say)

    @property
    def shown(self) -> str:
        """Id of the page shown."""
        return next((id for id, page in self._made.items() if page is self._now), "")

    @property
    def _now(self) -> QWidget | None:
        return self.stack.currentWidget()

    def show_page(self, id: str) -> None:
        """Show one of the pages."""
        at = [page[0] for page in PAGES].index(id)
        if self.list.currentRow() != at:
            self.list.setCurrentRow(at)  # comes back here
            return
        self.list.item(at).setSelected(True)  # Qt makes the first one current without choosing it
        page = self._made.get(id)
        digest = self._presenter.desk.catalogue.digest
        if page is not None and id == "about" and self._told_of != digest:
            self.stack.removeWidget(self._made.pop(id))
            page.deleteLater()
            page = None  # it names the rules in force, which are others by now
        if page is None:
            self._told_of = digest
            page = PAGES[at][3](self._presenter)
            self._made[id] = page
            self.stack.addWidget(page)
            page.render_state(self._presenter.state)  # type: ignore[attr-defined]  # all of them
        self.stack.setCurrentWidget(page)
        self.changed.emit()

    def render_state(self, state: SettingsState) -> None:
        """Show what is in force on the pages made so far."""
        for page in self._made.values():
            page.render_state(state)  # type: ignore[attr-defined]  # every page of PAGES has it

    # -- Page

    def key_hints(self) -> tuple[tuple[str, str], ...]:
        """Keys that are true here."""
        hints: tuple[tuple[str, str], ...] = (
            ("\u2191 \u2193", tr("page")),
            (BY_ID["panel.next"].cap, tr("next panel")),
        )
        if self.shown == "rules":
            hints += ((BY_ID["settings.find"].cap, tr("find a rule")),)
        return (*hints, ("Esc", tr("back", sense="to do")))

    def primary(self) -> Primary | None:
        """Nothing waits for an OK here."""
        return None

    def activate_primary(self) -> None:
        """There is none."""

    def step_chip(self) -> tuple[str, str] | None:
        """Settings is no step."""
        return None

    def enter(self) -> None:
        """Read again what others may have changed; the list has the focus."""
        self._presenter.load()
        self.show_page(self.shown or PAGES[0][0])
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """A recovery key that is still shown does not stay behind another page."""
        if self._presenter.state.recovery:
            self._presenter.hide_recovery_key()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back from every part of the page."""
        if event.key() == Qt.Key.Key_Escape:
            self._tools.go("back")
        else:
            super().keyPressEvent(event)

    # -- inside

    def showEvent(self, event: QShowEvent) -> None:
        """In the look of now."""
        if self._outworn:
            self._dress()
        super().showEvent(event)

    def _look_changed(self) -> None:
        if behind(self):
            self._outworn = True
        else:
            self._dress()

    def _dress(self) -> None:
        self._outworn = False
        self._side.setFixedWidth(theme.px(LIST))
        for at in range(self.list.count()):
            item = self.list.item(at)
            item.setSizeHint(QSize(0, theme.px(34)))
            item.setIcon(icons.icon(PAGES[at][2], "text2", 16))

    def _find(self) -> None:
        self.show_page("rules")
        page = self._made["rules"]
        assert isinstance(page, RulesPage)
        page.find_rule()

    def _say(self, notice: tuple[str, Callable[[], None] | None]) -> None:
        words, undo = notice
        self._tools.toast(words, ((tr("Undo"), undo),) if undo is not None else ())
