"""The Treat page: safety on the left, decision, prescription and monitoring plan on the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation.presenters.clinical_wording import OTHER_TREATMENT
from workstation.presenters.treat import TreatPresenter, TreatState
from workstation.ui import form, icons
from workstation.ui.actions import hints, key_text
from workstation.ui.flowing import Flowing
from workstation.ui.page import PageTools, Primary
from workstation.ui.theme import theme
from workstation.ui.treat.basket_bar import BasketBar, PharmacyRow
from workstation.ui.treat.directed_panel import DirectedPanel
from workstation.ui.treat.plan_table import PlanTable
from workstation.ui.treat.prescription_panel import PrescriptionPanel
from workstation.ui.treat.safety_panel import SafetyPanel
from workstation.ui.treat.timeline import Legend, Timeline
from workstation.ui.treat.work_up_panel import WorkUpPanel
from workstation.ui.widgets import Card, Chip, EmptyState, label

HELD = "These hold a prescription of ISOtretinoin. A work-up never contains it, so they may stand."
UNLIMITED = 16_777_215  # QWIDGETSIZE_MAX
SIDES = ((2500, 500), (1900, 460), (1440, 432), (0, 384))


class TreatPage(QWidget):
    """Renders ``TreatState``; every control calls one verb of the presenter."""

    changed = Signal()

    safetySide: QFrame
    safetyRows: QVBoxLayout
    safetyHead: QHBoxLayout
    right: QScrollArea
    rightRows: QVBoxLayout
    decisionCard: QFrame
    decisionRows: QVBoxLayout
    decisionHead: QHBoxLayout
    decisions: QHBoxLayout
    planCard: QFrame
    planRows: QVBoxLayout
    planHead: QHBoxLayout
    planNote: QLabel
    tableButton: QPushButton

    def __init__(
        self, presenter: TreatPresenter, tools: PageTools, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._presenter, self._tools = presenter, tools
        self._state: TreatState | None = None
        form.load(self, "treat")
        self.setObjectName("page")
        self.blockers = Chip(kind="danger", text="0 blockers")
        self.ready = Chip(kind="ok", text="Nothing blocks this decision")
        self.safetyHead.addWidget(self.blockers)
        self.safetyHead.addWidget(self.ready)
        self.safety = SafetyPanel(presenter.today, presenter.record)
        self.safety.reasoned.connect(self._reasoned)
        self.safety.taken_back.connect(presenter.take_reason_back)
        self.safety.removed.connect(presenter.basket.remove)
        self.safetyRows.addWidget(self.safety, 1)
        self.safetyHead.setContentsMargins(0, 0, 6, 2)
        self.note = _held_note()
        self.safetyRows.insertWidget(1, self.note)
        self.returns = Chip(kind="info", text="", icon="clock")
        self.decisionHead.addWidget(self.returns)
        self._build_prescription(presenter)
        self.work_up = WorkUpPanel(presenter.today, presenter.record)
        self.work_up.bridge_chosen.connect(presenter.choose_bridge)
        self.rightRows.insertWidget(1, self.work_up)
        self.planHead.insertWidget(self.planHead.count() - 1, Legend())
        self.timeline = Timeline()
        self.planRows.addWidget(self.timeline, 1)
        self.timeline.moved.connect(lambda key, day: self._moved(presenter.plan.typed(key, day)))
        self.table = PlanTable()
        self.table.typed_day.connect(lambda key, day: self._moved(presenter.plan.typed(key, day)))
        self.planRows.addWidget(self.table, 1)
        self.table.setVisible(False)
        self.tableButton.toggled.connect(self._show_table)
        self.empty = EmptyState("pill", OTHER_TREATMENT[0], OTHER_TREATMENT[1])
        self.rightRows.addWidget(self.empty, 1)
        self.rightRows.addStretch()
        self.rightRows.setStretchFactor(self.planCard, 1)
        for panel in (self.decisionCard, self.planCard):
            panel.setProperty("panel", True)
        tools.commands.bind("case.open_item", self, self.next_open_item, self._no_open_item)
        self._subscription = presenter.changed.subscribe(self.show_state)
        self._problems = presenter.failed.subscribe(lambda text: tools.toast(text, ()))

    def _build_prescription(self, presenter: TreatPresenter) -> None:
        """The basket, the form of capsules, the form of directions and the pharmacy."""
        self.basket, self.pharmacy = BasketBar(), PharmacyRow()
        self.prescription, self.directed = PrescriptionPanel(), DirectedPanel()
        for part in (self.basket, self.prescription, self.directed, self.pharmacy):
            self.decisionRows.addWidget(part)
        self.prescription.product_chosen.connect(presenter.set_product)
        self.prescription.weight_typed.connect(presenter.set_weight)
        self.prescription.daily_typed.connect(presenter.set_daily)
        self.prescription.daily_stepped.connect(presenter.nudge_daily)
        self.prescription.supply_typed.connect(presenter.set_supply_days)
        self.prescription.combination_chosen.connect(presenter.choose_combination)
        self.prescription.ladder.chosen.connect(presenter.set_per_kg)
        self.prescription.substitution_set.connect(presenter.set_substitution)
        basket = presenter.basket
        self.basket.indication_chosen.connect(basket.choose_indication)
        self.basket.added.connect(basket.add)
        self.basket.removed.connect(basket.remove)
        self.basket.opened.connect(basket.show)
        self.basket.repeated.connect(basket.repeat_last)
        self.basket.favourite_taken.connect(basket.take_favourite)
        self.basket.favourite_kept.connect(
            lambda medicine, shared: basket.keep_favourite(medicine, shared=shared)
        )
        self.basket.favourite_forgotten.connect(basket.forget_favourite)
        self.directed.part_chosen.connect(basket.change)
        self.directed.days_typed.connect(basket.set_days)
        self.directed.refills_typed.connect(basket.set_refills)
        self.directed.quantity_typed.connect(basket.set_quantity)
        self.directed.substitution_set.connect(basket.set_substitution)
        self.pharmacy.typed.connect(basket.set_pharmacy)

    # -- page

    def enter(self) -> None:
        """Propose on first arrival, then put the focus on the first open line."""
        self._presenter.enter()
        self._presenter.basket.load_favourites()
        state = self._presenter.state
        if state is not None:
            self.show_state(state)
        if not self.safety.focus_next_open():
            self.prescription.daily.setFocus()

    def leave(self) -> None:
        """Nothing decoded is held here."""

    def key_hints(self) -> tuple[tuple[str, str], ...]:
        """Keys of this page."""
        return (
            *hints("case.open_item", "panel.next"),
            ("\u2191 \u2193", "move"),
            ("\u21b5", "resolve"),
            *hints("undo", "keys"),
        )

    def primary(self) -> Primary | None:
        """Review and sign; closed with its reason while the gate is closed."""
        state = self._state
        if state is None or not state.available:
            return None
        return Primary("Review and sign", key_text("Ctrl+Return"), not state.gate, state.gate)

    def activate_primary(self) -> None:
        """Go to Sign; the gate is asked there again."""
        state = self._presenter.state
        if state is not None and not state.gate:
            self._tools.go("sign")

    def step_chip(self) -> tuple[str, str] | None:
        """What stands beside the step."""
        state = self._presenter.state
        if state is None or state.chosen is None:
            return None
        if state.safety.blocks:
            return "danger", state.safety.summary
        if state.work_up is not None and not state.gate:
            return "info", "Work-up"
        return ("ok", "Ready") if not state.gate else ("warn", "Reasons")

    def next_open_item(self) -> None:
        """Focus the next line that keeps signing closed."""
        self.safety.focus_next_open(self.safety.current)

    def _no_open_item(self) -> str:
        state = self._state
        return "" if state is not None and state.safety.open else "No safety item is open."

    # -- showing

    def show_state(self, state: TreatState) -> None:
        """Show a state; the same state twice changes nothing."""
        if state == self._state:
            return
        self._state = state
        self.safety.show_state(state.safety)
        blocked = len(state.safety.blocks)
        self.blockers.setVisible(bool(blocked))
        self.blockers.show_chip("danger", state.safety.summary or "0 blockers")
        self.ready.setVisible(state.available and not blocked)
        self.note.setVisible(bool(state.safety.waits))
        self._show_decisions(state)
        self.empty.setVisible(not state.available)
        self.decisionCard.setVisible(state.available)
        self.prescription.setVisible(state.prescription is not None)
        if state.prescription is not None:
            self.prescription.show_state(state.prescription)
        basket = state.basket
        for part in (self.basket, self.pharmacy):
            part.setVisible(basket is not None)
        if basket is not None:
            self.basket.show_state(basket)
            self.pharmacy.show_state(basket)
        directed = basket.directed if basket is not None else None
        self.directed.setVisible(directed is not None)
        if directed is not None:
            self.directed.show_state(directed)
        self.work_up.setVisible(state.work_up is not None)
        if state.work_up is not None:
            self.work_up.show_state(state.work_up)
        returns = state.work_up.returns if state.work_up is not None else ""
        self.returns.setVisible(bool(returns))
        self.returns.show_chip("info", returns, "clock")
        self.planCard.setVisible(state.plan is not None)
        if state.plan is not None:
            self.planNote.setText(state.plan.title)
            self.planNote.setToolTip(state.plan.note)
            self.timeline.show_state(state.plan)
            self._limit_plan()
            self.table.show_rows(state.plan.rows)
        self.changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The safety side has the width of the window's size class."""
        width = self.window().width()
        self.safetySide.setFixedWidth(next(side for least, side in SIDES if width >= least))
        super().resizeEvent(event)

    def _show_decisions(self, state: TreatState) -> None:
        if self.decisions.count() != len(state.decisions):
            for decision in state.decisions:
                button = QPushButton(decision.title)
                button.setCheckable(True)
                button.setAccessibleName(decision.title)
                button.clicked.connect(
                    lambda _=False, kind=decision.kind: self._presenter.choose(kind)
                )
                self.decisions.addWidget(button)
        for index, decision in enumerate(state.decisions):
            item = self.decisions.itemAt(index)
            widget = item.widget() if item is not None else None
            if isinstance(widget, QPushButton):
                widget.setChecked(decision.chosen)

    def _limit_plan(self) -> None:
        """The plan is as tall as its lanes may get; the table takes what there is."""
        head = theme.px(70)
        limit = self.timeline.maximumHeight() + head
        self.planCard.setMaximumHeight(limit if self.table.isHidden() else UNLIMITED)

    def _show_table(self, on: bool) -> None:
        self.table.setVisible(on)
        self.timeline.setVisible(not on)
        self.tableButton.setText("Timeline" if on else "Edit plan")
        if on:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._limit_plan()

    def _moved(self, refused: str) -> None:
        if refused:
            self._tools.toast(refused, ())

    # -- recording

    def _reasoned(self, code: str, reason: str, text: str) -> None:
        refused = self._presenter.give_reason(code, reason, text)
        if refused:
            self._tools.toast(refused, ())


def _held_note() -> QFrame:
    """Why lines that hold a prescription do not hold a work-up."""
    frame = Card(kind="info")
    row = QHBoxLayout(frame)
    row.setContentsMargins(12, 8, 12, 8)
    row.setSpacing(8)
    picture = label()
    icons.dress(picture, "info", "info", 18)
    row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Flowing(HELD, "caption2"), 1)
    holder = QFrame()
    outer = QHBoxLayout(holder)
    outer.setContentsMargins(0, 2, 6, 4)
    outer.addWidget(frame)
    return holder
