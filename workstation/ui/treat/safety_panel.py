"""The safety panel: blockers, reasons, information, passed; each line with what clears it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from workstation.language import tr
from workstation.presenters.safety import LineState, PassedState, SafetyState
from workstation.ui import icons
from workstation.ui.arrival import laid_out_once
from workstation.ui.flowing import Flowing
from workstation.ui.theme import theme
from workstation.ui.treat.controls import Record
from workstation.ui.treat.fold import Fold
from workstation.ui.treat.line_card import LineCard
from workstation.ui.treat.tab_order import in_order
from workstation.ui.widgets import label

HEADING = 30  # what stands over the first line of a group
AROUND_COUNT = 90  # margins, pictures and gaps beside the number of checks
TABBED = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


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
        # Lines are made inside the body and stay there: Qt styles anew all of what moves.
        self._body = QWidget(self.viewport())
        self._rows = QVBoxLayout(self._body)
        self._rows.setContentsMargins(0, 0, 6, 8)
        self._rows.setSpacing(7)
        self._rows.addStretch(1)
        self._groups: dict[str, Group] = {}
        self._start = QWidget(self._body)  # never seen: Tab comes from here to the first line
        self._start.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._start.hide()
        self.setWidget(self._body)

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
        """Cards of lines that changed are made anew; the others stay with what was typed.

        Built once more meanwhile, whatever asked for it, this ends: the newer lines stay.
        """
        self._building = building = object()
        state = self._state
        assert state is not None, "built from a state"
        waiting = [*state.waits, *(state.folded if self._unfolded else ())]
        made: dict[str, LineCard] = {}
        for line in (*state.old, *state.blocks, *waiting, *state.reasons, *state.infos):
            waits = any(line is one for one in waiting)
            card = self._cards.get(line.code)
            shown = (line, waits, state.work_up)
            if card is None or (card.line, card.waiting, card.work_up) != shown:
                made[line.code] = self._card(line, waiting=waits)
                yield
            if self._building is not building:
                for other in made.values():
                    other.deleteLater()
                return
        with laid_out_once(self._body):
            self._put(state, made, before)

    def _put(
        self, state: SafetyState, made: dict[str, LineCard], before: SafetyState | None
    ) -> None:
        """Let every line stand where it belongs."""
        focused, held = self._focused(), self.focusWidget()
        was_open = [line.code for line in before.open] if before is not None else []
        place = self.verticalScrollBar().value()
        known = {**self._cards, **made}
        self._cards = {}
        parts: list[QWidget] = []
        for title, role, lines, count in (
            (tr("Answered here before"), "warn", state.old, ""),
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
                parts.append(self._group(title, role, count))
            for line in lines:
                self._cards[line.code] = known[line.code]
                parts.append(known[line.code])
        self._fold = None
        if state.folded:
            self._fold = self._folded(state)
            parts.append(self._fold)
            for line in state.folded if self._unfolded else ():
                self._cards[line.code] = known[line.code]
                parts.append(known[line.code])
        if not state.passed:
            self._passed = None
        elif self._passed is None:
            self._passed = PassedRow(self._opened, self._passed_toggled, self._body)
            self._passed.installEventFilter(self)
        if self._passed is not None:
            self._passed.show_checks(state.passed, state.topics)
            parts.append(self._passed)
        gone = self._arranged(parts)
        self.verticalScrollBar().setValue(place)
        if focused is not None:
            self._restore(focused, held, was_open)
        for part in gone:  # after the focus left them; a key on one of them may have led here
            part.hide()
            part.deleteLater()

    def _arranged(self, parts: list[QWidget]) -> list[QWidget]:
        """Put the parts one below the other, each in the order of Tab; those that stand no more."""
        rows, wanted = self._rows, set(parts)
        there = [w for at in range(rows.count()) if (w := _at(rows, at)) is not None]
        gone = [part for part in there if part not in wanted]
        for part in gone:
            rows.removeWidget(part)
            self._groups = {name: one for name, one in self._groups.items() if one is not part}
        for at, part in enumerate(parts):
            if _at(rows, at) is not part:
                rows.removeWidget(part)
                rows.insertWidget(at, part)
                part.show()  # the layout would only do so later, and what is not shown takes no focus
        if parts != [part for part in there if part in wanted]:
            in_order(self._start, parts)
        return gone

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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What Tab reaches from beside the panel is brought into view, as Tab does inside it."""
        if isinstance(event, QFocusEvent) and event.gotFocus() and event.reason() in TABBED:
            if isinstance(watched, LineCard):
                self._see(watched.line.code)
            elif isinstance(watched, QWidget):
                self.ensureWidgetVisible(watched, 0, 12)
        return super().eventFilter(watched, event)

    def _card(self, line: LineState, *, waiting: bool) -> LineCard:
        work_up = self._state is not None and self._state.work_up
        card = LineCard(
            line, self._today(), self._record, waiting=waiting, work_up=work_up, parent=self._body
        )
        card.installEventFilter(self)
        card.moved.connect(self._move)
        card.reasoned.connect(self.reasoned)
        card.taken_back.connect(self.taken_back)
        card.removed.connect(self.removed)
        return card

    def _group(self, title: str, role: str, count: str) -> Group:
        group = self._groups.get(title)
        if group is None:
            group = self._groups[title] = Group(title, role, self._body)
        group.count.setText(count)
        return group

    def _folded(self, state: SafetyState) -> Fold:
        """The closed row of questions that this decision does not ask; it opens to all of them."""
        fold = Fold(state.fold_title, self._body, wraps=True)
        fold.setChecked(self._unfolded)
        fold.toggled.connect(self._fold_toggled)
        return fold

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
            now = self._state.open if self._state is not None else ()
            order += [line.code for line in now]  # another medicine asks other questions
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
        self._count.setMinimumWidth(40)  # it wraps before it makes the panel wider
        head.addWidget(self._count)
        self._some = label("", "caption")
        self._some.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
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
        strong = QFontMetricsF(theme.font("body", 600)).horizontalAdvance(self._count.text())
        self._count.setWordWrap(strong > self.width() - AROUND_COUNT)
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


class Group(QWidget):
    """What stands over the lines of a group."""

    def __init__(self, title: str, role: str, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 5, 0, 0)
        row.setSpacing(8)
        name = label(title, "group")
        name.setProperty("tone", role)
        row.addWidget(name)
        self.count = label("", "caption")
        row.addWidget(self.count)
        row.addStretch()


def _at(rows: QVBoxLayout, at: int) -> QWidget | None:
    item = rows.itemAt(at)
    return item.widget() if item is not None else None


def _given(lines: tuple[LineState, ...]) -> str:
    still = sum(line.is_open for line in lines)
    return tr("all given") if not still else tr("{still} open", still=still)
