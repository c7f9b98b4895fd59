"""The Labs page: filters, the table of all patients, and the form for one result."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.ids import ConsultationId
from workstation.language import pairs, plural, tr
from workstation.presenters import labs_wording as words
from workstation.presenters.labs import LabsPresenter
from workstation.presenters.labs_state import LabsState
from workstation.ui import form
from workstation.ui.actions import hints
from workstation.ui.labs.entry_panel import EntryPanel
from workstation.ui.labs.filters import LabsFilters
from workstation.ui.labs.review_panel import ReviewPanel
from workstation.ui.labs.rows import SORTED_BY, TITLES, LabsRow, columns, is_stacked
from workstation.ui.making import make
from workstation.ui.page import PageTools, Primary
from workstation.ui.queue.bands import Band
from workstation.ui.theme import theme
from workstation.ui.widgets import (
    Button,
    EmptyState,
    Faces,
    ListHeader,
    RowsList,
    RowsModel,
    SearchField,
    Wrapped,
    fill,
)
from workstation.ui.widgets.focus import tab_as_laid_out
from workstation.ui.widgets.sized import on_line_of_controls
from workstation.ui.widgets.typed_search import TypedSearch

POLL_MS = 15_000
PANEL, FILTERS = 380, 194
LEAST_WIDTH = 1000
NARROW = 1100  # below this the head has room for title, search and button alone


class LabsPage(QWidget):
    """What is due, overdue and unread. ``open_wanted`` carries a consultation to open."""

    changed = Signal()
    open_wanted = Signal(str)
    settled = Signal(str)  # an item was closed: its consultation is no longer open

    filtersFrame: QFrame
    titleLabel: QLabel
    countLabel: QLabel
    headLayout: QHBoxLayout
    searchField: SearchField
    problemBand: Band
    labsHeader: ListHeader
    _stacked = False  # the table's rows are the higher ones
    listStack: QStackedWidget
    labsList: RowsList
    emptyHolder: QWidget
    entryFrame: QFrame

    def __init__(
        self, presenter: LabsPresenter, tools: PageTools, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._presenter, self._tools = presenter, tools
        self._faces = Faces(self, presenter.photos.face, self._face_arrived)
        self._empty = self._noted = ""
        make(self, self._parts())

    def _parts(self) -> Iterator[None]:
        presenter = self._presenter
        form.load(self, "labs")
        on_line_of_controls(self.titleLabel)
        yield
        self._filters = LabsFilters(presenter, self.filtersFrame)
        fill(self.filtersFrame, self._filters)
        fill(self.emptyHolder, None)
        self.calendar = Button(text=tr("Calendar file"), icon="calendar")
        self.calendar.clicked.connect(lambda _=False: presenter.export_calendar())
        self.headLayout.addWidget(self.calendar)
        yield
        side = QVBoxLayout(self.entryFrame)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(0)
        holder = QWidget(self.entryFrame)
        self.review = ReviewPanel(holder)
        self.review.settled.connect(presenter.settle)
        self.review.void_wanted.connect(presenter.void)
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(12, 12, 12, 0)
        inner.addWidget(self.review)
        side.addWidget(holder)
        yield
        self.entry = EntryPanel(self.entryFrame)
        yield
        self.entry.typed.connect(presenter.type)
        self.entry.saved.connect(presenter.save)
        side.addWidget(self.entry, 1)
        self.nothing = Wrapped(tr("No row is chosen."), "body2", self.entryFrame)
        self.nothing.setContentsMargins(16, 2, 16, 0)
        side.addWidget(self.nothing, 1, Qt.AlignmentFlag.AlignTop)
        yield
        self.labsHeader.show_titles(dict(pairs(TITLES.items())), columns, tr(SORTED_BY))
        self._model = RowsModel(
            self, key=lambda row: (row.patient, row.position), worded=presenter.view
        )
        self.labsList.setModel(self._model)
        self.labsList.setItemDelegate(LabsRow(self.labsList, self._faces.of))
        self.labsList.clicked.connect(lambda index: presenter.select(index.row()))
        self.labsList.doubleClicked.connect(lambda _: self._open())
        self.labsList.focused.connect(lambda _: self.changed.emit())
        self._search = TypedSearch(self.searchField, presenter.search, self._to_table)
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(presenter.load)
        for panel in (self.filtersFrame, self.labsList, self.entryFrame):
            panel.setProperty("panel", True)
        theme.theme_changed.connect(self._arrange)
        self._bind()
        self._closed = presenter.settled.subscribe(self.settled.emit)
        self._told = presenter.changed.subscribe(self.render_state)
        tab_as_laid_out(self)  # filters, head and form came after what the form file holds
        self.render_state(presenter.state)

    # -- the page protocol

    def key_hints(self) -> tuple[tuple[str, str], ...]:
        """True for where the focus is."""
        only = bool(self._presenter.only_reads)
        reads = self._presenter.may_treat
        said = tr("save and read") if reads else tr("save the result")
        saving = () if only else (("Ctrl \u21b5", said),)
        if self.labsList.hasFocus():
            moving = (("J", tr("next")), ("K", tr("previous")))
            named = hints(*(() if only else ("labs.enter",)), "labs.open", "labs.find")
            return (*moving, *named, *saving, ("?", tr("all keys")))
        if self.searchField.hasFocus():
            return (("\u21b5", tr("to the list")), ("Esc", tr("clear", sense="to do")))
        return (*saving, ("Esc", tr("to the table")), ("Tab", tr("next")))

    def primary(self) -> Primary | None:
        """Not a step; what Ctrl+Enter does here, for the command list."""
        refusal = self._presenter.save_refusal()
        said = tr("Save and read") if self._presenter.may_treat else tr("Save result")
        return Primary(said, "Ctrl \u21b5", not refusal, refusal)

    def step_chip(self) -> tuple[str, str] | None:
        """Not a step."""
        return None

    def activate_primary(self) -> None:
        """Ctrl+Enter saves and reads."""
        self._presenter.save()

    def enter(self) -> None:
        """Read the board again, with the focus on the table."""
        self._presenter.load()
        self._timer.start()
        self.labsList.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Drop decoded pictures and stop asking."""
        self._timer.stop()
        self._faces.drop()
        self.entry.show_face(None)

    def show_item(self, id: ConsultationId) -> None:
        """Show an item of the queue with what there is to settle."""
        self._presenter.review(id)

    # -- rendering

    def render_state(self, state: LabsState) -> None:
        """Show the state; the same state gives the same page."""
        self._filters.render_state(state)
        self._model.show_rows(state.rows)
        self.countLabel.setText(
            tr("{rows}: state, then date", rows=plural(len(state.rows), "{n} row", "{n} rows"))
            if state.loaded
            else ""
        )
        self.labsList.follow(state.index)
        self._render_empty(state)
        self._keep_keys(state)
        self.review.show_review(
            state.review, can_void=self._presenter.may_void, may_treat=self._presenter.may_treat
        )
        said = state.told or state.note
        if said and said != self._noted:
            self._tools.toast(said, ())
        self._noted = said
        self.entry.setVisible(state.entry is not None)
        self.calendar.setVisible(state.unseen is None)
        closed = self._presenter.no_calendar
        self.calendar.setEnabled(not closed)
        self.calendar.setToolTip(
            closed or tr("Write this patient\u2019s plan as .ics, without names in titles")
        )
        self.nothing.setVisible(state.loaded and state.entry is None and state.review is None)
        if state.entry is not None:
            self.entry.reads = self._presenter.may_treat
            only = self._presenter.only_reads
            self.entry.show_state(state.entry, self._presenter.save_refusal(), state.note, only)
            row = state.selected
            self.entry.show_face(self._faces.of(row.consultation) if row is not None else None)
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
        self.changed.emit()

    def _keep_keys(self, state: LabsState) -> None:
        """A form that goes away leaves the keys to the table, not to the rail."""
        holder = QApplication.focusWidget()
        for panel, stays in ((self.entry, state.entry), (self.review, state.review)):
            if stays is None and holder is not None and panel.isAncestorOf(holder):
                self.labsList.setFocus(Qt.FocusReason.OtherFocusReason)

    def _render_empty(self, state: LabsState) -> None:
        empty = state.loaded and not state.rows
        self.listStack.setCurrentIndex(1 if empty else 0)
        self.labsHeader.setVisible(not empty)
        filtered = bool(state.wanted.states or state.wanted.groups)
        unseen = state.unseen
        key = f"{empty}{filtered}{state.wanted.text}{unseen}"
        if not empty or key == self._empty:
            return
        self._empty = key
        if unseen is not None:
            made = EmptyState("lock", unseen.title, unseen.detail)
        elif state.wanted.text:
            made = EmptyState(
                "search",
                tr("No row matches \u2018{text}\u2019.", text=state.wanted.text),
                tr("Names, identifiers and tests are searched."),
                (tr("Clear search"), "x", "Esc", self._clear_search),
            )
        elif filtered:
            made = EmptyState(
                "filter",
                tr("No row fits these filters."),
                "",
                (tr("Clear filters"), "x", "", self._clear),
            )
        else:
            made = EmptyState(
                "flask-conical",
                tr("No test is due and no result waits."),
                tr("Tests appear here when a plan is signed."),
                (tr("Look again"), "refresh-cw", "F5", self._presenter.load),
            )
        fill(self.emptyHolder, made)

    # -- inside

    def _bind(self) -> None:
        bind, listed, verbs = self._tools.commands.bind, self.labsList, self._presenter
        bind("labs.next", listed, lambda: verbs.move(1), focus=True)
        bind("labs.previous", listed, lambda: verbs.move(-1), focus=True)
        bind("labs.first", listed, lambda: verbs.move_to(0), focus=True)
        bind("labs.last", listed, lambda: verbs.move_to(-1), focus=True)
        bind("labs.enter", listed, self.entry.focus_value, self._no_entry, focus=True)
        bind("labs.open", listed, self._open, self._no_row, focus=True)
        bind("labs.find", self, self._search.begin)
        bind("labs.refresh", self, verbs.load)
        bind("labs.calendar", listed, verbs.export_calendar, lambda: verbs.no_calendar)
        bind("labs.table", self, self._to_table)
        bind("find", self, self._search.begin)

    def _no_entry(self) -> str:
        return self._presenter.only_reads or self._no_row()

    def _no_row(self) -> str:
        return "" if self._presenter.state.selected is not None else tr("Nothing is selected.")

    def _open(self) -> None:
        def found(id: ConsultationId | None) -> None:
            if id is None:
                self._tools.toast(tr(words.NOTHING_OPEN), ())
            else:
                self.open_wanted.emit(id)

        self._presenter.open_id(found)

    def _to_table(self) -> None:
        self.labsList.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _clear_search(self) -> None:
        self.searchField.clear()
        self._search.leave()

    def _clear(self) -> None:
        self.searchField.clear()
        self._presenter.clear_filters()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Panels by the width in letters."""
        super().resizeEvent(event)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """The panels of a wide window give way when it is made narrow again."""
        least = super().minimumSizeHint()
        return QSize(min(least.width(), LEAST_WIDTH), least.height())

    def _arrange(self) -> None:
        room = self.width() / theme.text_scale
        self.filtersFrame.setFixedWidth(max(theme.px(FILTERS), self._filters.wanted_width()))
        self.entryFrame.setFixedWidth(theme.px(PANEL if room >= 1300 else 340))
        head = self.width() - self.filtersFrame.width() - self.entryFrame.width()
        words = (self.titleLabel, self.countLabel, self.calendar)
        taken = sum(part.sizeHint().width() for part in words) + theme.px(220)
        self.countLabel.setVisible(room >= NARROW and taken <= head)
        wide = 220 if room >= 1300 else 180 if room >= NARROW else 140
        self.searchField.setFixedWidth(theme.px(wide))
        stacked = is_stacked(head)
        if stacked != self._stacked:
            self._stacked = stacked
            self.labsList.scheduleDelayedItemsLayout()

    def _face_arrived(self, id: str) -> None:
        self.labsList.viewport().update()  # one patient may have several rows
        row = self._presenter.state.selected
        if row is not None and row.consultation == id:
            self.entry.show_face(self._faces.of(id))
