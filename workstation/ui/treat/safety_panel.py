"""The safety panel: blockers, reasons, information, passed; each line with what clears it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from workstation.language import tr
from workstation.presenters.safety import LineState, PassedState, SafetyState
from workstation.ui import icons
from workstation.ui.flowing import Flowing
from workstation.ui.theme import theme
from workstation.ui.treat.controls import Record
from workstation.ui.treat.fold import Fold
from workstation.ui.treat.line_card import LineCard
from workstation.ui.widgets import label

HEADING = 30  # what stands over the first line of a group


class SafetyPanel(QScrollArea):
    """All lines in fixed groups. A line that did not change keeps its half-typed answer."""

    reasoned = Signal(str, str, str)
    taken_back = Signal(str)
    removed = Signal(str)

    def __init__(
        self,
        today: Callable[[], date],
        record: Record,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._today, self._record = today, record
        self._state: SafetyState | None = None
        self._cards: dict[str, LineCard] = {}
        self._passed: PassedRow | None = None
        self._fold: Fold | None = None
        self._opened = self._unfolded = False
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(tr("Safety"))
        self.setProperty("panel", True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # Lines are built in a body that stays where it was made: Qt styles anew all of what moves.
        self._place = QVBoxLayout(around := QWidget(self.viewport()))
        self._place.setContentsMargins(0, 0, 0, 0)
        self._body: QWidget | None = None
        self.setWidget(around)

    @property
    def cards(self) -> tuple[LineCard, ...]:
        """Lines in the order shown."""
        order = self._state.lines if self._state is not None else ()
        return tuple(self._cards[line.code] for line in order if line.code in self._cards)

    @property
    def current(self) -> str | None:
        """Code of the line that has the focus, or holds it."""
        return self._focused()

    def show_state(self, state: SafetyState) -> None:
        """Show other findings; the focus stays on its line, or goes to the next open one."""
        for _ in self.shown(state):
            pass

    def shown(self, state: SafetyState) -> Iterator[None]:
        """The same in steps, a line each; the lines of before show until the last."""
        if state == self._state:
            return
        before, self._state = self._state, state
        if before is not None and _same(before, state) and self._passed is not None:
            # A dose changes what was read by passed checks, not the lines: nothing moves.
            self._passed.show_checks(state.passed, state.topics)
            return
        yield from self._built(before)

    def _build(self, before: SafetyState | None) -> None:
        for _ in self._built(before):
            pass

    def _built(self, before: SafetyState | None) -> Iterator[None]:
        """Every line anew; cards of lines that did not change are kept with what was typed.

        Built once more meanwhile, whatever asked for it, this ends: the newer lines stay.
        """
        self._building = building = object()
        state = self._state
        assert state is not None, "built from a state"
        focused, held = self._focused(), self.focusWidget()
        was_open = [line.code for line in before.open] if before is not None else []
        place = self.verticalScrollBar().value()
        kept = self._cards
        self._cards = {}
        body = QWidget(self.widget())
        rows = QVBoxLayout(body)
        rows.setContentsMargins(0, 0, 6, 8)
        rows.setSpacing(7)
        for title, role, lines, count in (
            (
                tr("Blocks signing"),
                "danger",
                state.blocks,
                tr("{blocks} open", blocks=len(state.blocks)),
            ),
            (state.held, "info", state.waits, str(len(state.waits))),
            (tr("Needs your reason"), "warn", state.reasons, _given(state.reasons)),
            (tr("Good to know"), "info", state.infos, str(len(state.infos))),
        ):
            if lines:
                rows.addLayout(_group(title, role, count))
            for line in lines:
                rows.addWidget(self._card(line, kept, body, waiting=lines is state.waits))
                yield
                if self._building is not building:
                    body.deleteLater()
                    return
        self._fold = None
        if state.folded:
            rows.addWidget(self._folded(state, body))
            for line in state.folded if self._unfolded else ():
                rows.addWidget(self._card(line, kept, body, waiting=True))
        self._passed = None
        if state.passed:
            self._passed = PassedRow(self._opened, self._passed_toggled, body)
            self._passed.show_checks(state.passed, state.topics)
            rows.addWidget(self._passed)
        rows.addStretch(1)
        old, self._body = self._body, body
        self._place.addWidget(body)
        body.show()  # a layout would only do so later, and what is not shown takes no focus
        if old is not None:
            old.hide()
            self._place.removeWidget(old)
            old.deleteLater()  # a key on one of its lines may have led here
        self.verticalScrollBar().setValue(place)
        if focused is not None:
            self._restore(focused, held, was_open)

    def focus_next_open(self, after: str | None = None) -> bool:
        """Focus the next line that keeps signing closed; False when there is none."""
        if self._state is None:
            return False
        codes = [line.code for line in self._state.lines]
        open_codes = {line.code for line in self._state.open}
        start = codes.index(after) + 1 if after in codes else 0
        for code in codes[start:] + codes[:start]:
            if code in open_codes and code in self._cards:
                self._focus(self._cards[code])
                return True
        return False

    def _card(
        self, line: LineState, kept: dict[str, LineCard], body: QWidget, *, waiting: bool
    ) -> LineCard:
        card = kept.pop(line.code, None)
        work_up = self._state is not None and self._state.work_up
        shown = (line, waiting, work_up)
        if card is None or (card.line, card.waiting, card.work_up) != shown:
            card = LineCard(
                line, self._today(), self._record, waiting=waiting, work_up=work_up, parent=body
            )
            card.moved.connect(self._move)
            card.reasoned.connect(self.reasoned)
            card.taken_back.connect(self.taken_back)
            card.removed.connect(self.removed)
        else:
            card.setParent(body)
        self._cards[line.code] = card
        return card

    def _folded(self, state: SafetyState, body: QWidget) -> Fold:
        """The closed row of questions that this decision does not ask; it opens to all of them."""
        self._fold = Fold(state.fold_title, body)
        self._fold.setChecked(self._unfolded)
        self._fold.toggled.connect(self._fold_toggled)
        return self._fold

    def _fold_toggled(self, on: bool) -> None:
        self._unfolded = on
        QTimer.singleShot(0, self, self._fill_fold)

    def _fill_fold(self) -> None:
        self._build(self._state)
        if self._fold is not None:
            self._fold.setFocus(Qt.FocusReason.OtherFocusReason)

    def _passed_toggled(self, opened: bool) -> None:
        self._opened = opened

    def _focused(self) -> str | None:
        for code, card in self._cards.items():
            if card.hasFocus() or card.isAncestorOf(self.focusWidget() or self):
                return code
        return None

    def _restore(self, focused: str, held: QWidget | None, was_open: list[str]) -> None:
        """The focus stays where it was; from an answered line it goes to what is still open."""
        open_codes = {line.code for line in self._state.open} if self._state is not None else set()
        card = self._cards.get(focused)
        if focused in was_open and focused not in open_codes:
            order = was_open[was_open.index(focused) + 1 :] + was_open
            following = next((code for code in order if code in open_codes), None)
            if following is not None:
                self._focus(self._cards[following])
                return
        if card is not None and held is not None and card.isAncestorOf(held):
            held.setFocus(Qt.FocusReason.OtherFocusReason)
        elif card is not None:
            self._focus(card)
        elif self._passed is not None:
            self._passed.setFocus(Qt.FocusReason.TabFocusReason)

    def _focus(self, card: LineCard) -> None:
        card.setFocus(Qt.FocusReason.TabFocusReason)
        # Heights are settled by the event loop: only then is it known where the line stands.
        QTimer.singleShot(0, self, lambda: self._see(card.line.code))

    def _see(self, code: str) -> None:
        card = self._cards.get(code)
        if card is not None:
            self.ensureWidgetVisible(card, 0, 12)
            # Of a line taller than the panel its head is what has to show, with its group's name.
            bar, head = self.verticalScrollBar(), card.y() - HEADING
            bar.setValue(min(bar.value(), max(0, head)))

    def _move(self, step: int) -> None:
        cards = self.cards
        here = next((i for i, card in enumerate(cards) if card.hasFocus()), None)
        if here is not None and 0 <= here + step < len(cards):
            self._focus(cards[here + step])


class PassedRow(QFrame):
    """The closed row of passed checks; opens to every answer."""

    def __init__(self, opened: bool, toggled: Callable[[bool], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._passed: tuple[PassedState, ...] = ()
        self._topics, self._toggled = "", toggled
        self.setProperty("line", "ok")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 9, 12, 9)
        head = QHBoxLayout()
        head.setSpacing(8)
        picture = label()
        icons.dress(picture, "circle-check", "ok", 18)
        picture.setFixedWidth(20)
        head.addWidget(picture)
        self._count = label("", "bodyStrong")
        head.addWidget(self._count)
        self._some = label("", "caption")
        self._some.setMinimumWidth(10)
        head.addWidget(self._some, 1)
        self._arrow = label()
        head.addWidget(self._arrow)
        rows.addLayout(head)
        self._list = QWidget(self)
        self._rows = QVBoxLayout(self._list)
        self._rows.setContentsMargins(28, 4, 0, 0)
        self._rows.setSpacing(4)
        rows.addWidget(self._list)
        self._filled = False
        self._show(opened)

    def show_checks(self, passed: tuple[PassedState, ...], topics: str) -> None:
        """Show other passed checks; the row stays open or closed."""
        self._passed, self._topics = passed, topics
        count = (
            tr("1 check passed")
            if len(passed) == 1
            else tr("{passed} checks passed", passed=len(passed))
        )
        self._count.setText(count)
        self.setAccessibleName(count)
        self._filled = False
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._show(not self._list.isHidden())
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many names as fit; the open list has all of them."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        metrics = QFontMetricsF(theme.font("caption"))
        room = max(0, self._some.width() - 2)
        self._some.setText(metrics.elidedText(self._topics, Qt.TextElideMode.ElideRight, room))

    def _show(self, opened: bool) -> None:
        if opened and not self._filled:
            self._filled = True
            self._rows.addWidget(Flowing(tr("Looked for and not found:"), "captionStrong"))
            for check in self._passed:
                self._rows.addWidget(Flowing(check.title, "caption2"))
                if check.reads:
                    self._rows.addWidget(Flowing(" \u00b7 ".join(check.reads), "caption"))
        self._list.setVisible(opened)
        self._some.setVisible(not opened)
        self.setAccessibleDescription(tr("open") if opened else tr("closed"))
        icons.dress(self._arrow, "chevron-up" if opened else "chevron-down", "text3", 16)

    def _toggle(self) -> None:
        opened = self._list.isHidden()
        self._show(opened)
        self._toggled(opened)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click opens or closes."""
        self._toggle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter or Space opens or closes."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if enter and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._toggle()
        else:
            super().keyPressEvent(event)


def _same(before: SafetyState, after: SafetyState) -> bool:
    """Whether the same lines stand in the same groups."""

    def groups(state: SafetyState) -> tuple[object, ...]:
        shown = (state.blocks, state.waits, state.reasons, state.infos, state.folded)
        return (*shown, state.held)

    return groups(before) == groups(after)


def _group(title: str, role: str, count: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(2, 5, 0, 0)
    row.setSpacing(8)
    name = label(title, "group")
    name.setProperty("tone", role)
    row.addWidget(name)
    row.addWidget(label(count, "caption"))
    row.addStretch()
    return row


def _given(lines: tuple[LineState, ...]) -> str:
    still = sum(line.is_open for line in lines)
    return tr("all given") if not still else tr("{still} open", still=still)
