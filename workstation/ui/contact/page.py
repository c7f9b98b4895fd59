"""The Contact page: clock, ways to reach the patient, the steps, and the record of each try."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from workstation.language import pairs, tr
from workstation.presenters import records_wording
from workstation.presenters.contact import (
    NOT_POSSIBLE,
    ContactPresenter,
    ContactState,
)
from workstation.presenters.contact_lines import Way
from workstation.ui import form, icons
from workstation.ui.contact.ring import ClockRing
from workstation.ui.contact.stop_card import StopCard
from workstation.ui.contact.try_form import TryForm, clear
from workstation.ui.correct_dialog import CorrectDialog
from workstation.ui.page import PageTools, Primary, behind
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, Card, Chip, Wrapped, label, overline, unbroken
from workstation.ui.widgets.sized import with_text

TICK_MS = 10_000
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
COPIES = 3  # phone, emergency number, place


class _CallButton(Button):
    """Stays where the keys are when an arrow says that somebody is there again."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go nowhere: Qt would take the focus to the next button."""
        if event.key() in _ARROWS:
            event.accept()
        else:
            super().keyPressEvent(event)


class ContactPage(QWidget):
    """Renders ``ContactState``; recording a try is its one act."""

    changed = Signal()

    area: QScrollArea
    flagRow: QHBoxLayout
    flagWords: QVBoxLayout
    flagHead: QHBoxLayout
    reach: QVBoxLayout
    steps: QVBoxLayout
    record: QVBoxLayout

    def __init__(
        self, presenter: ContactPresenter, tools: PageTools, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._presenter, self._tools = presenter, tools
        self._state: ContactState | None = None
        self._built = -1
        form.load(self, "contact")
        self.setObjectName("page")
        self.ring = ClockRing()
        self.flagRow.insertWidget(0, self.ring)
        self.level = Chip(kind="emergent", text=tr("Emergent"))
        self.codes = label("", "caption")
        self.flagHead.addWidget(self.level)
        self.flagHead.addWidget(self.codes)
        self.flagHead.addStretch()
        self.title = Wrapped("", "danger")
        self.words = Wrapped("", "body2")
        self.waiting = Wrapped("", "caption2")
        for row in (self.title, self.words, self.waiting):
            self.flagWords.addWidget(row)
        self.flagRow.setStretch(1, 1)
        self._build_call()
        self.trying = TryForm(presenter, self.record, self)
        self.trying.changed.connect(self.changed)
        self.stop = StopCard(self._ask_void, tools)
        rows = self.layout()
        assert isinstance(rows, QVBoxLayout), "the form lays its parts one below the other"
        rows.insertWidget(1, self.stop)
        self._told = presenter.told.subscribe(lambda text: tools.toast(text, ()))
        self._bind()
        self._clock = QTimer(self)
        self._clock.setInterval(TICK_MS)
        self._clock.timeout.connect(presenter.tick)
        self._subscription = presenter.changed.subscribe(self.render_state)

    def _build_call(self) -> None:
        holder = QWidget(self.flagRow.parentWidget())
        side = QVBoxLayout(holder)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(4)
        self.calling = _CallButton(text=tr("I am calling now"), icon="phone-call", key="\u21b5")
        self.calling.clicked.connect(self.call)
        self.alerted = Wrapped("", "caption2")
        self.alerted.setAlignment(Qt.AlignmentFlag.AlignRight)
        side.addWidget(self.calling, 0, Qt.AlignmentFlag.AlignRight)
        side.addWidget(self.alerted)
        holder.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        with_text(holder, lambda: holder.setFixedWidth(theme.px(230)))
        self.flagRow.addWidget(holder, 0, Qt.AlignmentFlag.AlignVCenter)

    # -- page

    def enter(self) -> None:
        """Show the flags; the focus is where the try is recorded."""
        state = self._presenter.state
        if state is not None:
            self.render_state(state)
        self._presenter.look()
        self._clock.start()
        self.calling.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """The clock rests."""
        self._clock.stop()

    def key_hints(self) -> tuple[tuple[str, str], ...]:
        """Keys of this page."""
        recorded = self._state is not None and self._state.recorded and not self.trying.filled
        forward = tr("go on") if recorded else tr("save this try")
        return (
            *((("\u21b5", tr("I am calling")),) if self.calling.hasFocus() else ()),
            ("1 2 3", tr("copy number or place")),
            ("Tab", tr("next field")),
            ("\u2190 \u2192", tr("who was reached")),
            ("Ctrl \u21b5", forward),
            ("?", tr("all keys")),
        )

    def primary(self) -> Primary | None:
        """Save the try; with one recorded, go on."""
        recorded = self._state is not None and self._state.recorded and not self.trying.filled
        text = tr("Continue to Assess") if recorded else tr("Save this try")
        return Primary(text, "Ctrl+Return", True, "")

    def activate_primary(self) -> None:
        """Save what was filled in, or go on when a contact is on record."""
        if self._state is not None and self._state.recorded and not self.trying.filled:
            self._tools.go("assess")
        else:
            self.save()

    def step_chip(self) -> tuple[str, str] | None:
        """Whether a contact is on record."""
        state = self._presenter.state
        if state is None:
            return None
        return ("ok", tr("Recorded")) if state.recorded else ("danger", tr("Contact first"))

    # -- acts

    def call(self) -> None:
        """Start a try: its time is kept, and the form is where it goes on."""
        self._presenter.call()
        self.trying.start()

    def save(self) -> None:
        """Record the try as filled in."""
        self.trying.save()

    def _ask_void(self) -> None:
        """Ask for the reason and the PIN: voiding is not undone."""
        stop = self._state.stop if self._state is not None else None
        if stop is not None:
            CorrectDialog(
                self,
                title=tr("Stop, and make {number} void?", number=stop.number),
                text=tr(
                    "{text} {pharmacy} A void notice is signed with your PIN. This cannot be undone. Stopping the treatment is then chosen on Treat.",
                    text=stop.text,
                    pharmacy=stop.pharmacy,
                ),
                reasons=dict(pairs(records_wording.VOID_REASONS.items())),
                do=tr("Stop and void"),
                keep=tr("Keep it"),
                with_pin=True,
                run=self._presenter.void,
            ).open()

    def copy(self, number: int) -> None:
        """Copy the ``number``-th thing that can be copied: phone, emergency number, place."""
        ways = self._state.ways[:COPIES] if self._state is not None else ()
        if number < len(ways) and ways[number].copied:
            QGuiApplication.clipboard().setText(ways[number].copied)
            self._tools.toast(tr("{label}: copied", label=ways[number].label), ())

    def _can_copy(self, number: int) -> str:
        ways = self._state.ways[:COPIES] if self._state is not None else ()
        there = number < len(ways) and bool(ways[number].copied)
        return "" if there else tr("This was not given at intake.")

    def _bind(self) -> None:
        self._tools.commands.bind("contact.call", self.calling, self.call, focus=True)
        for number in range(COPIES):
            self._tools.commands.bind(
                f"contact.copy{number + 1}",
                self,
                partial(self.copy, number),
                partial(self._can_copy, number),
            )

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round inside the page: a call is not lost to the rail."""
        stops = [
            widget
            for widget in self._chain()
            if widget.isVisible()
            and widget.isEnabled()
            and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        here = self.focusWidget()
        if not stops or here not in stops:
            return bool(super().focusNextPrevChild(forward))
        step = 1 if forward else -1
        target = stops[(stops.index(here) + step) % len(stops)]
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        target.setFocus(reason)
        self.area.ensureWidgetVisible(target)
        return True

    def _chain(self) -> list[QWidget]:
        """Widgets of the page in the order of Tab.

        ``nextInFocusChain`` is not asked: PySide files each answer under the widget asked, so that
        a label taken away later takes the window's page stack with it.
        """
        columns = (self.reach, self.steps, self.record)
        return [self.calling, *(widget for column in columns for widget in _inside(column))]

    # -- showing

    def render_state(self, state: ContactState) -> None:
        """Show a state; behind another page nothing is drawn before it is entered."""
        self._state = state
        if not behind(self):
            self._draw(state)
        self.changed.emit()

    def _draw(self, state: ContactState) -> None:
        self.ring.show_state(state)
        kind = "emergent" if state.emergent else "urgent"
        self.level.show_chip(kind, state.level)
        self.codes.setText(state.codes)
        self.title.setText(unbroken(state.title))
        self.words.setText(state.words)
        self.words.setVisible(bool(state.words))
        self.waiting.setText(unbroken(state.waiting))
        self.alerted.setText(unbroken(state.calling or state.alerted))
        self.stop.show_state(state.stop)
        if self._built != state.generation:
            self._built = state.generation
            self._show_ways(state.ways)
            self._show_steps(state)
            self.trying.offer(state.who)
        self.trying.show_tries(state)

    def _show_ways(self, ways: tuple[Way, ...]) -> None:
        clear(self.reach)
        self.reach.addWidget(overline(tr("Reach the patient")))
        for number, way in enumerate(ways):
            card = Card(self.reach.parentWidget())
            row = QHBoxLayout(card)
            row.setContentsMargins(14, 9, 12, 9)
            row.setSpacing(12)
            picture = label()
            icons.dress(picture, way.icon, "danger" if way.icon == "siren" else "text2", 20)
            row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
            column = QVBoxLayout()
            column.setSpacing(1)
            column.addWidget(overline(way.label))
            column.addWidget(Wrapped(way.value, "panel"))
            column.addWidget(Wrapped(way.detail, "caption"))
            row.addLayout(column, 1)
            if way.copied:
                button = Button(text=tr("Copy"), key=str(number + 1))
                button.setAccessibleName(tr("Copy {label}", label=way.label))
                button.clicked.connect(partial(self._copy_clicked, number))
                row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
            self.reach.addWidget(card)
        self.reach.addStretch()

    def _copy_clicked(self, number: int, _: bool = False) -> None:
        self.copy(number)

    def _show_steps(self, state: ContactState) -> None:
        clear(self.steps)
        self.steps.addWidget(overline(tr("Steps")))
        card = Card(self.steps.parentWidget())
        rows = QVBoxLayout(card)
        rows.setContentsMargins(14, 12, 14, 12)
        rows.setSpacing(9)
        for number, text in enumerate(state.steps, 1):
            row = QHBoxLayout()
            row.setSpacing(10)
            row.addWidget(
                Chip(kind="emergent", text=str(number), icon=""), 0, Qt.AlignmentFlag.AlignTop
            )
            row.addWidget(Wrapped(unbroken(text), "bodyMedium"), 1)
            rows.addLayout(row)
        self.steps.addWidget(card)
        if state.answers:
            self.steps.addWidget(overline(tr("What was answered")))
            box = Card(self.steps.parentWidget())
            grid = QVBoxLayout(box)
            grid.setContentsMargins(14, 10, 14, 10)
            grid.setSpacing(5)
            for question, answer in state.answers:
                row = QHBoxLayout()
                row.setSpacing(12)
                top = Qt.AlignmentFlag.AlignTop
                row.addWidget(Wrapped(unbroken(question), "body2"), 1, top)
                row.addWidget(Wrapped(unbroken(answer), "bodyStrong"), 1, top)
                grid.addLayout(row)
            self.steps.addWidget(box)
        note = QFrame(self.steps.parentWidget())
        note.setProperty("card", "info")
        row = QHBoxLayout(note)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(10)
        picture = label()
        icons.dress(picture, "info", "info", 18)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Wrapped(tr(NOT_POSSIBLE), "captionStrong"), 1)
        self.steps.addWidget(note)
        self.steps.addStretch()


def _inside(layout: QLayout) -> list[QWidget]:
    """Everything in a layout, from top to bottom."""
    found: list[QWidget] = []
    for number in range(layout.count()):
        item = layout.itemAt(number)
        widget, inner = (None, None) if item is None else (item.widget(), item.layout())
        if widget is not None:
            found += [widget, *widget.findChildren(QWidget)]
        elif inner is not None:
            found += _inside(inner)
    return found
