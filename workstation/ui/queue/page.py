"""The queue page: filters, list, preview; every key acts on the list without a click."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import (
    QElapsedTimer,
    QEvent,
    QModelIndex,
    QObject,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QStackedWidget, QVBoxLayout, QWidget

from workstation.domain.accounts import Permission
from workstation.domain.ids import ConsultationId
from workstation.language import pairs, plural, tr
from workstation.presenters.paper_list import PaperList
from workstation.presenters.queue import QueuePresenter
from workstation.presenters.queue_rows import QueueState
from workstation.presenters.queue_verbs import QueueVerbs
from workstation.ui import form, layouts
from workstation.ui.actions import hints
from workstation.ui.making import make
from workstation.ui.page import PageTools, Primary, behind
from workstation.ui.paper import put_on_paper, sheet, table
from workstation.ui.queue.bands import Band
from workstation.ui.queue.columns import ALIGNED, SORTED_BY, TITLES, columns
from workstation.ui.queue.drops import Drops
from workstation.ui.queue.filters import Filters
from workstation.ui.queue.preview import LargePhoto, PreviewPanel
from workstation.ui.queue.rows import QueueRow
from workstation.ui.queue.verb_form import VerbForm
from workstation.ui.theme import theme
from workstation.ui.widgets import (
    EmptyState,
    Faces,
    ListHeader,
    PrimaryButton,
    RowsList,
    RowsModel,
    SearchField,
    fill,
)
from workstation.ui.widgets.sized import on_line_of_controls
from workstation.ui.widgets.typed_search import TypedSearch

POLL_MS = 15_000
LIST, KEPT_LISTS = "queue/list", ("mine", "all")  # what is shown first the next time
TAP_MS = 250
OPENS = (Permission.CLAIM, Permission.SECOND_READ)  # one of them opens a consultation
LEAST_WIDTH = 1000  # of the page, whatever the panels were given before
PREVIEW_FROM = 1150  # narrower pages leave the preview out; Space still shows the photo
ORDER_FROM = 1400  # the line above the list has room to say how it is sorted


class QueuePage(QWidget):
    """What waits. ``open_wanted`` carries the id of the consultation to open."""

    changed = Signal()
    open_wanted = Signal(str)
    read_wanted = Signal(str)
    agreement_wanted = Signal(str)

    filtersFrame: QFrame
    titleLabel: QLabel
    countLabel: QLabel
    searchField: SearchField
    openNextButton: PrimaryButton
    emergentBand: Band
    newsBand: Band
    problemBand: Band
    importBand: Band
    columnHeader: ListHeader
    listStack: QStackedWidget
    queueList: RowsList
    emptyHolder: QWidget
    previewFrame: QFrame

    def __init__(
        self, presenter: QueuePresenter, tools: PageTools, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._tools = tools
        self._faces = Faces(self, presenter.photos.face, self._face_arrived)
        self._empty: tuple[str, ...] = ()
        self._told_above: object = None
        self._drops: Drops | None = None
        make(self, self._parts())

    def _parts(self) -> Iterator[None]:
        presenter = self._presenter
        form.load(self, "queue")
        on_line_of_controls(self.titleLabel)
        yield
        self._filters = Filters(presenter, self.filtersFrame)
        fill(self.filtersFrame, self._filters)
        yield
        self._preview = PreviewPanel(presenter, self.previewFrame)
        fill(self.previewFrame, self._preview)
        fill(self.emptyHolder, None)
        yield
        self.columnHeader.show_titles(dict(pairs(TITLES.items())), columns, tr(SORTED_BY), ALIGNED)
        self._model = RowsModel(self, key=lambda row: row.id)
        self.queueList.setModel(self._model)
        self.queueList.setItemDelegate(QueueRow(self.queueList, self._faces.of))
        self.verbs = QueueVerbs(presenter)
        self.form = VerbForm(self.verbs)
        middle = self.columnHeader.parentWidget()
        above = middle.layout() if middle is not None else None
        if isinstance(above, QVBoxLayout):
            above.insertWidget(above.indexOf(self.columnHeader), self.form)
        self._peek = LargePhoto()
        self._peek.setParent(self)
        self._peek.hide()
        self._peek_clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(presenter.poll)
        if presenter.arrivals is not None:
            self._drops = Drops(presenter.arrivals, self, self.importBand)
        else:
            self.importBand.hide()
        for panel in (self.filtersFrame, self.queueList, self.previewFrame):
            panel.setProperty("panel", True)
        self._connect()
        self._bind()
        if layouts.remembered(LIST) in KEPT_LISTS:
            presenter.begin_with(layouts.remembered(LIST))
        self._list = presenter.state.wanted.scope
        self._told = presenter.changed.subscribe(self.render_state)
        self.render_state(presenter.state)

    # -- the page protocol

    def key_hints(self) -> tuple[tuple[str, str], ...]:
        """True for where the focus is."""
        if self.searchField.hasFocus():
            return (("\u21b5", tr("to the list")), ("Esc", tr("clear", sense="to do")))
        if not self.queueList.hasFocus():
            return (("Tab", tr("next")), ("Space", tr("choose")), ("?", tr("all keys")))
        return (
            ((" ".join(key for key, _ in hints("queue.next", "queue.previous")), tr("move")),)
            + tuple(
                (key, text.lower())
                for key, text in hints(
                    "queue.open",
                    "queue.peek",
                    "queue.claim",
                    "queue.defer",
                    "queue.level",
                    "queue.find",
                )
            )
            + (("F5", tr("refresh")), ("?", tr("all keys")))
        )

    def primary(self) -> Primary | None:
        """The step bar is not shown here; the page has its own button."""
        return None

    def step_chip(self) -> tuple[str, str] | None:
        """Not a step."""
        return None

    def activate_primary(self) -> None:
        """Ctrl+Enter opens the next free consultation."""
        self._open_next()

    def enter(self) -> None:
        """Show the list as it is now, with the focus on it."""
        self.render_state(self._presenter.state)
        self._presenter.load()
        self._timer.start()
        self._preview.load_photos()
        self.queueList.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Drop decoded pictures and stop asking."""
        self._timer.stop()
        self._faces.drop()
        self._preview.drop_photos()
        self._show_peek(False)

    # -- rendering

    def render_state(self, state: QueueState) -> None:
        """Show the state; the same state gives the same page.

        Behind another page nothing is drawn before it is entered.
        """
        if behind(self):
            self.changed.emit()
            return
        self._filters.render_state(state)
        self._preview.render_state(state)
        self._write_count()
        if state.wanted.scope != self._list:
            self._list = state.wanted.scope
            layouts.remember(LIST, self._list)
        self.openNextButton.setEnabled(bool(state.rows))
        self.openNextButton.setVisible(not self._closed_to_me())
        self._model.show_rows(state.rows, state.places)
        self.queueList.follow(state.index)
        told = (state.emergent, state.news, state.problem)
        if told != self._told_above:
            self._told_above = told
            self._render_bands(state)
        self._render_empty(state)
        self.changed.emit()

    def _render_bands(self, state: QueueState) -> None:
        emergent = state.emergent
        if emergent is None:
            self.emergentBand.hide()
        else:
            self.emergentBand.say(
                "danger",
                "phone-call",
                emergent.title,
                emergent.detail,
                (emergent.open_text, "phone", lambda: self.open_wanted.emit(emergent.first))
                if not self._closed_to_me()
                else (tr("Show"), "phone", partial(self._presenter.select, emergent.first)),
            )
        if state.news:
            words = tr(
                "{news}, press F5",
                news=plural(state.news, "{n} new consultation", "{n} new consultations"),
            )
            self.newsBand.say(
                "info", "refresh-cw", words, "", (tr("Show"), "", self._presenter.look_again)
            )
        else:
            self.newsBand.hide()
        if state.problem is not None:
            self.problemBand.say(
                "warn",
                "triangle-alert",
                state.problem.title,
                state.problem.detail,
                (tr("Close"), "", self._presenter.dismiss),
            )
        else:
            self.problemBand.hide()

    def _render_empty(self, state: QueueState) -> None:
        empty = state.loaded and not state.rows
        self.listStack.setCurrentIndex(1 if empty else 0)
        self.columnHeader.setVisible(not empty)
        if not empty:
            return
        wanted, unseen = state.wanted, state.unseen
        key = (wanted.text, str(state.filtered), str(state.count("scope:all")), str(unseen))
        if key == self._empty:
            return
        self._empty = key
        if unseen is not None:
            made = EmptyState("lock", unseen.title, unseen.detail)
        elif wanted.text:
            made = EmptyState(
                "search",
                tr("No consultation matches \u2018{text}\u2019.", text=wanted.text),
                tr("Names, identifiers and requests are searched.")
                if wanted.scope == "all"
                else tr(
                    "Names, identifiers and requests of this list are searched, no other list."
                ),
                (tr("Clear search"), "x", "Esc", self._clear_search),
            )
        elif state.filtered:
            made = EmptyState(
                "filter",
                tr("No consultation fits these filters."),
                "",
                (tr("Clear filters"), "x", "", self._presenter.clear_filters),
            )
        elif state.count("scope:all") == 0:
            made = EmptyState(
                "inbox",
                tr("No consultations yet."),
                tr("They appear here when packages arrive in the inbox folder."),
                (tr("Look again"), "refresh-cw", "F5", self._presenter.look_again)
                if self._drops is None or self._presenter.refusal(Permission.IMPORT)
                else (tr("Choose packages"), "folder", "", self._drops.choose),
            )
        else:
            made = EmptyState(
                "inbox",
                tr("Nothing waiting."),
                tr("{signed} signed today.", signed=state.count("signed_today")),
                (tr("Look again"), "refresh-cw", "F5", self._presenter.look_again),
            )
        fill(self.emptyHolder, made)
        if not self.searchField.hasFocus():
            # The list is hidden: without this the keys of the page would lead nowhere.
            made.focus_button()

    # -- inside

    def _connect(self) -> None:
        self.queueList.focused.connect(self._presenter.freeze)
        self.queueList.focused.connect(lambda _: self.changed.emit())
        self.queueList.clicked.connect(self._clicked)
        self.queueList.doubleClicked.connect(lambda _: self._open())
        self.queueList.peeked.connect(self._peeked)
        self.openNextButton.clicked.connect(self._open_next)
        self._preview.opened.connect(self._open)
        self._preview.deferred.connect(partial(self._ask, self.verbs.defer))
        self._preview.contacted.connect(partial(self._ask, self.verbs.contact))
        self._preview.photo.changed.connect(self._follow_peek)
        self._search = TypedSearch(self.searchField, self._presenter.search, self._to_list)
        self.searchField.installEventFilter(self)
        theme.theme_changed.connect(self._arrange)

    def _bind(self) -> None:
        bind, listed, verbs = self._tools.commands.bind, self.queueList, self._presenter
        bind("queue.next", listed, lambda: verbs.move(1), focus=True)
        bind("queue.previous", listed, lambda: verbs.move(-1), focus=True)
        bind("queue.first", listed, lambda: verbs.move_to(0), focus=True)
        bind("queue.last", listed, lambda: verbs.move_to(-1), focus=True)
        bind("queue.open", listed, self._open, self._can(*OPENS), focus=True)
        bind("queue.claim", listed, verbs.toggle_claim, self._can(Permission.CLAIM), focus=True)
        bind("queue.peek", listed, lambda: self._show_peek(True), self._can_open, focus=True)
        asks = self.verbs
        for id, ask, needs in (
            ("queue.ask", asks.ask, Permission.ASK_PATIENT),
            ("queue.defer", asks.defer, Permission.TRIAGE),
            ("queue.level", asks.level, Permission.TRIAGE),
            ("queue.contact", asks.contact, Permission.RECORD_CONTACT),
        ):
            bind(id, listed, partial(self._ask, ask), self._can(needs), focus=True)
        reads = self._can(Permission.SECOND_READ)
        bind("queue.second_read", listed, self._read_second, reads, focus=True)
        bind("queue.agreement", listed, self._agreement, self._can_open, focus=True)
        self._said = asks.said.subscribe(lambda text: self._tools.toast(text, ()))
        self.form.closed.connect(lambda: listed.setFocus(Qt.FocusReason.OtherFocusReason))
        bind("queue.refresh", self, verbs.look_again)
        bind("queue.find", self, self._search.begin)
        bind("queue.print", self, self.print_day_list)
        bind("find", self, self._search.begin)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Key hints follow the focus of the search field too."""
        if watched is self.searchField and event.type() in (
            QEvent.Type.FocusIn,
            QEvent.Type.FocusOut,
        ):
            QTimer.singleShot(0, self, self.changed.emit)
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Panels by window width (the rail is not part of the page)."""
        super().resizeEvent(event)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """The panels of a wide window give way when it is made narrow again."""
        least = super().minimumSizeHint()
        return QSize(min(least.width(), LEAST_WIDTH), least.height())

    def _arrange(self) -> None:
        width = self.width()
        # Larger text leaves less room: what counts is the width in letters, not in pixels.
        room = width / theme.text_scale
        wide, compact = room >= 1800, room < 1300
        self.previewFrame.setVisible(room >= PREVIEW_FROM)
        left = max(theme.px(240 if wide else 208), self._filters.wanted_width())
        right = theme.px(420 if wide else 256 if compact else 320)
        self.filtersFrame.setFixedWidth(left)
        self.previewFrame.setFixedWidth(right)
        self.searchField.setFixedWidth(theme.px(264))
        self._write_count()
        if self._peek.isVisible():
            self._show_peek(True)

    def _write_count(self) -> None:
        shown = plural(len(self._presenter.state.rows), "{n} consultation", "{n} consultations")
        order = "" if self.width() < ORDER_FROM else tr(": level, then deadline, then age")
        self.countLabel.setText(shown + order)

    def _clicked(self, index: QModelIndex) -> None:
        row = self._model.row(index.row())
        if row is not None:
            self._presenter.select(row.id)

    def _can_open(self) -> str:
        return "" if self._presenter.state.selected else tr("Nothing is selected in the queue.")

    def _can(self, *any_of: Permission) -> Callable[[], str]:
        """Whether the selected one may be dealt with so: by the user's role, then by what is there."""
        return lambda: self._presenter.refusal(*any_of) or self._can_open()

    def _closed_to_me(self) -> str:
        return self._presenter.refusal(*OPENS)

    def _open(self) -> None:
        selected = self._presenter.state.selected
        if selected is not None:
            self.open_wanted.emit(selected)

    def _read_second(self) -> None:
        if self._presenter.state.selected is not None:
            self.read_wanted.emit(self._presenter.state.selected)

    def _agreement(self) -> None:
        if self._presenter.state.selected is not None:
            self.agreement_wanted.emit(self._presenter.state.selected)

    def print_day_list(self) -> None:
        """Put what is listed on paper: initials and numbers, no names."""

        def found(made: PaperList, paper: str) -> None:
            content = sheet(made.title, made.lines, table(made.heads, made.rows))
            said = put_on_paper(self, made.title, content, paper=paper)
            if said:
                self._tools.toast(said, ())

        self._presenter.day_list(found)

    def _open_next(self) -> None:
        def found(id: ConsultationId | None) -> None:
            if id is None:
                self._tools.toast(
                    tr("Nothing is waiting. All consultations are open or signed."), ()
                )
            else:
                self.open_wanted.emit(id)

        self._presenter.next_waiting(None, found)

    def _to_list(self) -> None:
        self.queueList.setFocus(Qt.FocusReason.OtherFocusReason)

    def _clear_search(self) -> None:
        self.searchField.clear()
        self._search.leave()

    def _ask(self, about: Callable[[], None]) -> None:
        self._show_peek(False)  # the form opens below it
        about()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts the large photo away, else what was searched for."""
        if event.key() == Qt.Key.Key_Escape and self._peek.isVisible():
            self._show_peek(False)
        elif event.key() == Qt.Key.Key_Escape and self.searchField.text():
            self._clear_search()
        else:
            super().keyPressEvent(event)

    def _follow_peek(self) -> None:
        """The large photo is that of the chosen row, never of the one before."""
        if self._peek.isVisible():
            self._show_peek(True)

    def _peeked(self, pressed: bool) -> None:
        if pressed:
            self._peek_clock.restart()
            self._show_peek(not self._peek.isVisible())
        elif self._peek_clock.isValid() and self._peek_clock.elapsed() > TAP_MS:
            self._show_peek(False)

    def _show_peek(self, on: bool) -> None:
        on = on and self._presenter.state.preview is not None
        preview = self._presenter.state.preview
        if on and preview is not None:
            self._peek.whose = f"{preview.name} \u00b7 {preview.identity}"
            self._peek.show_image(self._preview.photo.image)
            corner = self.listStack.mapTo(self, self.listStack.rect().topLeft())
            self._peek.setGeometry(
                corner.x(), corner.y(), self.listStack.width(), self.listStack.height()
            )
            self._peek.raise_()
        else:
            self._peek.whose = ""
            self._peek.show_image(None)
        self._peek.setVisible(on)

    def _face_arrived(self, id: str) -> None:
        self.queueList.repaint_row(self._model.position(id))
