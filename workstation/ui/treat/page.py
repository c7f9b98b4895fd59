"""The Treat page: safety on the left, decision, prescription and monitoring plan on the right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.messages import SentMessage
from workstation.language import noted, tr
from workstation.presenters.clinical_wording import OTHER_TREATMENT
from workstation.presenters.treat import TreatPresenter, TreatState
from workstation.ui import form, icons
from workstation.ui.accessible import announce
from workstation.ui.actions import key_text
from workstation.ui.flowing import Flowing
from workstation.ui.making import in_turns, make
from workstation.ui.page import PageTools, Primary
from workstation.ui.theme import theme
from workstation.ui.treat import choices, verbs
from workstation.ui.treat.basket_bar import BasketBar, PharmacyRow
from workstation.ui.treat.decision_panel import DecisionPanel
from workstation.ui.treat.decision_row import DecisionRow
from workstation.ui.treat.directed_panel import DirectedPanel
from workstation.ui.treat.fold import Fold
from workstation.ui.treat.key_words import key_hints
from workstation.ui.treat.plan_table import PlanTable
from workstation.ui.treat.prescription_panel import PrescriptionPanel
from workstation.ui.treat.protocol_row import ProtocolRow
from workstation.ui.treat.rems_card import RemsCardView
from workstation.ui.treat.safety_panel import SafetyPanel
from workstation.ui.treat.timeline import Legend, Timeline
from workstation.ui.treat.work_up_panel import WorkUpPanel
from workstation.ui.widgets import Card, Chip, EmptyState, label
from workstation.ui.widgets.sized import on_its_line, with_text

HELD = noted(
    "These hold a prescription of ISOtretinoin. A work-up never contains it, so they may stand."
)
HELD_BESIDE = noted(
    "What waits for the work-up holds a prescription of ISOtretinoin only. What blocks signing holds this decision too."
)
HELD_BACK = noted(
    "These would hold a prescription. This decision orders no medicine, so they may stand."
)
UNDRAWN = (
    noted("Safety and prescription cannot be shown."),
    noted(
        "Do not decide by what was here before. Save and close, and open the consultation again."
    ),
)
UNLIMITED = 16_777_215  # QWIDGETSIZE_MAX
PLAN_AROUND = 64 + 20  # margins around the plan's head, and the bar that scrolls
SIDES = ((2500, 500), (1900, 460), (1440, 432), (0, 384))


class TreatPage(QWidget):
    """Renders ``TreatState``; every control calls one verb of the presenter."""

    changed = Signal()

    columns: QHBoxLayout
    safetySide: QFrame
    safetyRows: QVBoxLayout
    safetyHead: QHBoxLayout
    right: QScrollArea
    rightBody: QWidget
    rightRows: QVBoxLayout
    decisionCard: QFrame
    decisionRows: QVBoxLayout
    decisionHead: QHBoxLayout
    decisionTitle: QLabel
    decisions: QHBoxLayout
    planCard: QFrame
    planRows: QVBoxLayout
    planHead: QHBoxLayout
    planNote: QLabel
    planTitle: QLabel
    tableButton: QPushButton

    def __init__(
        self, presenter: TreatPresenter, tools: PageTools, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._presenter, self._tools = presenter, tools
        self._state: TreatState | None = None
        # Whether a state came while the page was out of sight; blockers that were told of.
        self._behind, self._blocked = False, 0
        self._arriving = False
        make(self, self._parts())

    def _parts(self) -> Iterator[None]:
        presenter, tools = self._presenter, self._tools
        form.load(self, "treat")
        yield
        self.setObjectName("page")
        self.blockers = Chip(kind="danger", text=tr("0 blockers"))
        self.ready = Chip(kind="ok", text=tr("Nothing blocks this decision"))
        self.safetyHead.addWidget(self.blockers)
        self.safetyHead.addWidget(self.ready)
        self.safety = SafetyPanel(presenter.today, presenter.record, self.safetySide)
        self.safety.reasoned.connect(self._reasoned)
        self.safety.taken_back.connect(presenter.take_reason_back)
        self.safety.removed.connect(presenter.basket.remove)
        self.safetyRows.addWidget(self.safety, 1)
        self.safetyHead.setContentsMargins(0, 0, 6, 2)
        self._build_note()
        self._build_decisions(presenter)
        yield
        yield from self._build_prescription(presenter)
        yield
        self.work_up = WorkUpPanel(presenter.today, presenter.record, self.rightBody)
        self.work_up.bridge_chosen.connect(presenter.choose_bridge)
        self.rightRows.insertWidget(1, self.work_up)
        yield
        self.decided = DecisionPanel(presenter.today(), self.rightBody)
        yield
        self._build_decided()
        self.legend = Legend(self.planCard)
        self.planHead.insertWidget(self.planHead.count() - 1, self.legend)
        self._build_protocol(presenter)
        yield
        self.timeline = Timeline(self.planCard)
        self.planRows.addWidget(self.timeline, 1)
        self.timeline.moved.connect(lambda key, day: self._moved(presenter.plan.typed(key, day)))
        self.table = PlanTable(self.planCard)
        self.table.typed_day.connect(lambda key, day: self._moved(presenter.plan.typed(key, day)))
        self.planRows.addWidget(self.table, 1)
        self.table.setVisible(False)
        self.tableButton.toggled.connect(self._show_table)
        yield
        self.rems = RemsCardView(self.rightBody)
        self.rems.confirmed.connect(lambda key: self._moved(presenter.rems.confirm(key)))
        self.rems.taken_back.connect(lambda key: self._moved(presenter.rems.take_back(key)))
        self.rems.copied.connect(lambda text: tools.toast(text, ()))
        self.rightRows.addWidget(self.rems)
        self._build_empty()
        self.rightRows.addStretch()
        self.rightRows.setStretchFactor(self.planCard, 1)
        yield
        self._attend(presenter, tools)

    def _attend(self, presenter: TreatPresenter, tools: PageTools) -> None:
        """Hear of the presenter and of keys."""
        for panel in (self.decisionCard, self.planCard):
            panel.setProperty("panel", True)
        tools.commands.bind("case.open_item", self, self.next_open_item, self._no_open_item)
        pressed = (self.basket, self.prescription, self.planCard, self.protocolFold)
        parts = verbs.Parts(*pressed, self.tableButton, presenter.calendar.of_open)
        verbs.bind(tools.commands, self, parts)
        self._subscription = presenter.changed.subscribe(self.show_state)
        self._problems = presenter.failed.subscribe(lambda text: tools.toast(text, ()))

    def _build_decisions(self, presenter: TreatPresenter) -> None:
        """Title, decisions and the day it comes back, on one line where they fit."""
        self.returns = Chip(kind="info", text="", icon="clock")
        self.decisionHead.addWidget(self.returns)
        self.row = DecisionRow(presenter.choose, self.decisionCard)
        self.decisionHead.insertWidget(1, self.row, 1)
        on_its_line(self.planTitle, self.planNote)
        title = self.decisionTitle  # beside the first row of decisions, in line with the fields
        with_text(title, lambda: title.setMinimumSize(theme.px(78) + 2, theme.px(28)))
        self.decisionHead.setAlignment(self.decisionTitle, Qt.AlignmentFlag.AlignTop)

    def _build_prescription(self, presenter: TreatPresenter) -> Iterator[None]:
        """The basket, the form of capsules, the form of directions and the pharmacy."""
        card = self.decisionCard
        self.basket, self.pharmacy = BasketBar(card), PharmacyRow(card)
        yield
        self.prescription = PrescriptionPanel(presenter.today(), presenter.record, card)
        yield
        self.directed = DirectedPanel(card)
        yield
        parts = (self.basket, self.prescription, self.directed, self.pharmacy)
        for part in parts:
            self.decisionRows.addWidget(part)
        self.decisionRows.insertWidget(self.decisionRows.indexOf(self.basket) + 1, self.pharmacy)
        self.pharmacy.setVisible(False)
        self.basket.pharmacy_opened.connect(self.pharmacy.open)
        choices.of_prescription(*parts, presenter)

    def _build_protocol(self, presenter: TreatPresenter) -> None:
        self.protocol = ProtocolRow(self.planCard)
        self.protocolFold = Fold(tr("Protocol"), self.planCard, brief=True)
        self.planRows.addWidget(self.protocol)
        self.planHead.insertWidget(2, self.protocolFold)
        self.setTabOrder(self.protocolFold, self.tableButton)  # in the order one reads them
        self.setTabOrder(self.tableButton, self.protocol.options)
        self.protocolFold.toggled.connect(self._fold_protocol)
        self.protocol.chosen.connect(presenter.protocol.choose)
        self.protocol.days_typed.connect(
            lambda text: self._moved(presenter.protocol.set_days(text))
        )
        self.protocol.monthly_set.connect(presenter.protocol.set_monthly)

    def _build_empty(self) -> None:
        """What stands in place of a plan, and of a page that could not be drawn."""
        self.empty = EmptyState(
            "pill", tr(OTHER_TREATMENT[0]), tr(OTHER_TREATMENT[1]), parent=self.rightBody
        )
        self.rightRows.addWidget(self.empty, 1)
        self.undrawn = EmptyState("triangle-alert", tr(UNDRAWN[0]), tr(UNDRAWN[1]), parent=self)
        self.columns.addWidget(self.undrawn, 1)
        self.undrawn.hide()

    def _build_note(self) -> None:
        self.noteText = Flowing(tr(HELD), "caption2")
        self.note = _held_note(self.noteText)
        self.safetyRows.insertWidget(1, self.note)

    def _build_decided(self) -> None:
        self.rightRows.insertWidget(1, self.decided)
        choices.of_decision(self.decided, self._presenter.cards)
        self.decided.last_dose_typed.connect(self._last_dose)

    # -- page

    def enter(self) -> None:
        """Propose on first arrival, then put the focus on the first open line."""
        self._arriving = True  # until it is drawn: once, and a part a turn
        try:
            self._presenter.enter()
            self._presenter.basket.favourites.load()
            state = self._presenter.shown
            if state is not None:
                self.show_state(state)
        except BaseException:  # whatever it was: later changes are drawn; raised again
            self._arriving = False
            raise
        in_turns(self._arrive())

    def _arrive(self) -> Iterator[None]:
        try:
            while self._behind and self._state is not None:
                yield from self._drawn(self._state)
        finally:
            self._arriving = False
        if self.safety.focus_next_open():
            return
        if self.prescription.daily.isVisible():
            self.prescription.daily.setFocus()
        elif self.safety.cards:  # a work-up has no dose, and a key goes nowhere from what is hidden
            self.safety.cards[0].setFocus()

    def leave(self) -> None:
        """Nothing decoded is held here."""

    def key_hints(self) -> tuple[tuple[str, str], ...]:
        """Keys that do something where the focus is."""
        return key_hints(self.focusWidget())

    def primary(self) -> Primary | None:
        """Review and sign; closed with its reason while the gate is closed."""
        state = self._state
        if state is None or (not state.available and state.card is None):
            return None
        asks = state.card is not None and state.card.send is not None
        text = tr("Send to the patient") if asks else tr("Review and sign")
        why = state.not_yours or state.gate
        return Primary(text, key_text("Ctrl+Return"), not why, why)

    def activate_primary(self) -> None:
        """Go to Sign; the gate is asked there again."""
        focus = self.focusWidget()
        if focus is not None:
            focus.clearFocus()  # half-typed text counts: fields take it over when they are left
        state = self._presenter.state
        if state is None or state.gate or state.not_yours:
            return
        if state.card is not None and state.card.send is not None:
            self._presenter.cards.send(self._was_sent)
        else:
            self._tools.go("sign")

    def step_chip(self) -> tuple[str, str] | None:
        """What stands beside the step."""
        state = self._presenter.shown
        if state is None or state.chosen is None:
            return None
        if state.safety.blocks:
            return "danger", state.safety.summary
        if state.work_up is not None and not state.gate:
            return "info", tr("Work-up")
        if state.card is not None:
            return ("ok", tr("Ready")) if not state.gate else ("warn", tr("To complete"))
        return ("ok", tr("Ready")) if not state.gate else ("warn", tr("Reasons"))

    def next_open_item(self) -> None:
        """Focus the next line that keeps signing closed."""
        self.safety.focus_next_open(self.safety.current)

    def _no_open_item(self) -> str:
        state = self._state
        return "" if state is not None and state.safety.open else tr("No safety item is open.")

    # -- showing

    def show_state(self, state: TreatState) -> None:
        """Show a state; the same state twice changes nothing, and out of sight nothing is drawn."""
        if state == self._state:
            return
        self._state = state
        if self.isVisible() and not self._arriving:
            self._render(state)
        else:
            self._behind = True
        self.changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while another page was shown."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._catch_up)  # entering may change the state once more

    def _catch_up(self) -> None:
        if not self._behind or self._arriving or self._state is None or not self.isVisible():
            return
        if self.updatesEnabled():  # else it is on its way, and entering it draws it
            self._render(self._state)

    def _render(self, state: TreatState) -> None:
        for _ in self._drawn(state):
            pass

    def _drawn(self, state: TreatState) -> Iterator[None]:
        """Draw a state in steps. What fails half-way leaves nothing that could be taken for its safety."""
        try:
            yield from self._parts_drawn(state)
        except Exception:  # whatever it was: half a page is not decided by; raised again
            self._show_whole(False)
            raise
        self._show_whole(True)

    def _show_whole(self, whole: bool) -> None:
        self.undrawn.setVisible(not whole)
        self.safetySide.setVisible(whole)
        self.right.setVisible(whole)

    def _parts_drawn(self, state: TreatState) -> Iterator[None]:
        self._behind = False
        yield from self.safety.shown(state.safety)
        blocked = len(state.safety.blocks)
        self.blockers.setVisible(bool(blocked))
        self.blockers.show_chip("danger", state.safety.summary or tr("0 blockers"))
        told, self._blocked = self._blocked, blocked
        if blocked > told:
            announce(self, state.safety.summary, pressing=True)
        self.ready.setVisible(state.chosen is not None and not state.gate)
        self.note.setVisible(bool(state.safety.waits or state.safety.folded))
        self.row.show_state(state.decisions)
        self.decided.setVisible(state.card is not None)
        if state.card is not None:
            self.decided.show_state(state.card)
        held = HELD_BACK if state.card is not None else HELD_BESIDE if blocked else HELD
        self.noteText.setText(tr(held))
        yield
        self.empty.setVisible(not state.available and state.card is None)
        self.prescription.setVisible(state.prescription is not None)
        if state.prescription is not None:
            self.prescription.show_state(state.prescription)
        basket = state.basket
        self.basket.setVisible(basket is not None)
        self.pharmacy.setVisible(basket is not None and self.basket.pharmacy.isChecked())
        if basket is not None:
            self.basket.show_state(basket)
            self.pharmacy.show_state(basket)
        directed = basket.directed if basket is not None else None
        self.directed.setVisible(directed is not None)
        if directed is not None:
            self.directed.show_state(directed)
        yield
        self.work_up.setVisible(state.work_up is not None)
        if state.work_up is not None:
            self.work_up.show_state(state.work_up)
        returns = state.work_up.returns if state.work_up is not None else ""
        if state.card is not None:
            returns = state.card.returns
        self.returns.setVisible(bool(returns))
        self.returns.show_chip("info", returns, "clock")
        self.rems.setVisible(state.rems is not None)
        if state.rems is not None:
            self.rems.show_state(state.rems)
        yield
        self._render_plan(state)

    def _render_plan(self, state: TreatState) -> None:
        self.planCard.setVisible(state.plan is not None)
        self.protocolFold.setVisible(state.protocol is not None)
        if state.protocol is not None:
            self.protocol.show_state(state.protocol)
            self.protocolFold.say(state.protocol.chosen, state.protocol.note)
        self._show_protocol()
        if state.plan is not None:
            self.planNote.setText(state.plan.title)
            self.planNote.setToolTip(state.plan.note)
            self._fit_plan_head()
            self.timeline.show_state(state.plan)
            self._limit_plan()
            if not self.table.isHidden():
                self.table.show_rows(state.plan.rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The safety side has the width of the window's size class."""
        width = self.window().width()
        self.safetySide.setFixedWidth(next(side for least, side in SIDES if width >= least))
        super().resizeEvent(event)
        self._fit_plan_head()

    def _fit_plan_head(self) -> None:
        """How long it runs, then the legend, give way where the head is too narrow for all."""
        room = self.width() - self.safetySide.width() - PLAN_AROUND
        parts = (self.planTitle, self.protocolFold, self.tableButton)
        wanted = sum(p.sizeHint().width() + 8 for p in parts if not p.isHidden())
        legend = wanted + self.legend.sizeHint().width() + 8
        self.legend.setVisible(legend <= room)
        self.planNote.setVisible(legend + self.planNote.sizeHint().width() + 8 <= room)

    def _limit_plan(self) -> None:
        """The plan is as tall as its lanes may get; the table takes what there is."""
        head = theme.px(64 if self.protocol.isHidden() else 104)
        limit = min(UNLIMITED, self.timeline.maximumHeight() + head)
        self.planCard.setMaximumHeight(limit if self.table.isHidden() else UNLIMITED)

    def _show_protocol(self) -> None:
        """Unfolded by hand, and whenever something speaks about the protocol taken."""
        state = None if self._state is None else self._state.protocol
        shown = state is not None and (self.protocolFold.isChecked() or state.told)
        self.protocol.setVisible(shown)
        self._limit_plan()

    def _fold_protocol(self, on: bool) -> None:
        self._show_protocol()
        if on and self.protocol.isVisible():
            self.protocol.options.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_table(self, on: bool) -> None:
        if on and self._state is not None and self._state.plan is not None:
            self.table.show_rows(self._state.plan.rows)
        self.table.setVisible(on)
        self.timeline.setVisible(not on)
        self.tableButton.setText(tr("Timeline") if on else tr("Edit plan"))
        if on:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._limit_plan()

    def _last_dose(self, day: date | None) -> None:
        refused = self._presenter.cards.set_last_dose(day) if day is not None else ""
        if refused:
            self._tools.toast(refused, ())

    def _was_sent(self, sent: SentMessage) -> None:
        self._tools.toast(
            tr("Sent {number}. The consultation waits for the patient.", number=sent.number), ()
        )

    def _moved(self, refused: str) -> None:
        if refused:
            self._tools.toast(refused, ())

    # -- recording

    def _reasoned(self, code: str, reason: str, text: str) -> None:
        refused = self._presenter.give_reason(code, reason, text)
        if refused:
            self._tools.toast(refused, ())


def _held_note(text: Flowing) -> QFrame:
    """Why lines that hold a prescription do not hold a work-up."""
    frame = Card(kind="info")
    row = QHBoxLayout(frame)
    row.setContentsMargins(12, 8, 12, 8)
    row.setSpacing(8)
    picture = label()
    icons.dress(picture, "info", "info", 18)
    row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(text, 1)
    holder = QFrame()
    outer = QHBoxLayout(holder)
    outer.setContentsMargins(0, 2, 6, 4)
    outer.addWidget(frame)
    return holder
