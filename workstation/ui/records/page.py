"""The Records page: lists on the left, what a document or entry is worth on the right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.accounts import Permission
from workstation.domain.pixels import Pixels
from workstation.language import Sentence, tr
from workstation.presenters import wording
from workstation.presenters.records import RecordsPresenter
from workstation.presenters.records_state import DocumentRow, RecordsState, against
from workstation.presenters.records_trail import EntryRow
from workstation.ui import form
from workstation.ui.actions import hints
from workstation.ui.making import make
from workstation.ui.page import PageTools, Primary
from workstation.ui.records import correcting
from workstation.ui.records.chips import ListChips
from workstation.ui.records.clock import ClockDialog
from workstation.ui.records.colleagues import ColleaguesDialog
from workstation.ui.records.detail import WIDE, DocumentPanel, EntryPanel
from workstation.ui.records.dialogs import ReadDialog
from workstation.ui.records.emergency import EmergencyDialog
from workstation.ui.records.explaining import ExplainingDialog
from workstation.ui.records.leaflets import leaflet_menu
from workstation.ui.records.person import PersonDialog
from workstation.ui.records.table import (
    DOCUMENTS,
    SORTED_BY,
    TRAIL,
    DocumentsRow,
    TrailRow,
    document_columns,
    row_key,
    titles,
    trail_columns,
)
from workstation.ui.theme import theme
from workstation.ui.widgets import (
    Button,
    EmptyState,
    Faces,
    ListHeader,
    RowsList,
    RowsModel,
    SearchField,
    fill,
)
from workstation.ui.widgets.sized import on_line_of_controls
from workstation.ui.widgets.typed_search import TypedSearch

TABS = ("documents", "trail")
HEAD = 18 + 16 + 5 * 12  # margins of the head and what lies between its parts
SEARCH, SEARCH_LEAST = 320, 280  # width of the search field, as the head has room
LARGE = 0.15  # text larger by this leaves the head to its title, search and button


class RecordsPage(QWidget):
    """Renders ``RecordsState``. ``open_wanted`` carries the consultation to open (an amendment)."""

    changed = Signal()
    open_wanted = Signal(str)
    read_wanted = Signal(str)
    agreement_wanted = Signal(str)

    titleLabel: QLabel
    aboutLabel: QLabel
    searchField: SearchField
    headLayout: QHBoxLayout
    headButtons: QHBoxLayout
    tabRow: QHBoxLayout
    chipRow: QHBoxLayout
    headerHolder: QVBoxLayout
    listStack: QStackedWidget
    detailFrame: QFrame

    def __init__(
        self, presenter: RecordsPresenter, tools: PageTools, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._presenter, self._tools = presenter, tools
        self._state: RecordsState | None = None
        self._faces = Faces(self, presenter.photos.face, self._face_arrived)
        make(self, self._parts())

    def _parts(self) -> Iterator[None]:
        presenter, tools = self._presenter, self._tools
        form.load(self, "records")
        on_line_of_controls(self.titleLabel)
        yield
        self.setObjectName("page")
        # It never holds the window open: it takes what the others leave, or goes.
        policy = self.aboutLabel.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        self.aboutLabel.setSizePolicy(policy)
        self.headLayout.setStretchFactor(self.aboutLabel, 1)
        self._build_head()
        yield
        self._build_lists()
        yield
        self._build_detail()
        yield
        self._search = TypedSearch(self.searchField, presenter.find, self.focus_list)
        self._bind()
        theme.theme_changed.connect(self._size)
        self._size()
        self._told = (
            presenter.changed.subscribe(self.show_state),
            presenter.failed.subscribe(lambda text: tools.toast(text, ())),
            presenter.told.subscribe(lambda text: tools.toast(text, ())),
            presenter.correcting.amending.subscribe(self.open_wanted.emit),
        )
        if presenter.person is not None:
            self._erased = presenter.person.erased.subscribe(lambda _: presenter.load())
        self.show_state(presenter.state)

    # -- the page protocol

    def key_hints(self) -> tuple[tuple[str, str], ...]:
        """True for where the focus is."""
        if self.searchField.hasFocus():
            return (("\u21b5", tr("to the list")), ("Esc", tr("clear", sense="to do")))
        moving = (("J", tr("next")), ("K", tr("previous")))
        if self._presenter.state.tab == "trail":
            return moving + hints("records.find", "records.tab", "panel.next")
        return moving + hints(
            "records.open", "records.verify", "records.print", "records.tab", "records.find"
        )

    def primary(self) -> Primary | None:
        """The step bar is not shown here."""
        return None

    def step_chip(self) -> tuple[str, str] | None:
        """Not a step."""
        return None

    def activate_primary(self) -> None:
        """Ctrl+Enter opens the document."""
        self.open_document()

    def enter(self) -> None:
        """Read the list; the keys go to it."""
        self._presenter.load()
        if self._presenter.state.tab == "trail":
            self._presenter.load_trail()
        self.focus_list()

    def look_for(self, number: str) -> None:
        """Show the document of a number when the page is entered, whatever was looked for before."""
        self._presenter.look_for(number)
        with QSignalBlocker(self.searchField):
            self.searchField.setText(number)

    def leave(self) -> None:
        """Drop decoded pictures."""
        self._faces.drop()
        self._document.show_face(None)

    # -- building

    def _build_head(self) -> None:
        verify = Button(text=tr("Verify a file"), icon="shield-check")
        verify.clicked.connect(self.choose_file)
        self.headButtons.addWidget(verify)
        self._more = Button(text=tr("More"), icon="users")
        self._more.clicked.connect(self._more_menu)
        self.headButtons.addWidget(self._more)
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(tr("Documents or audit trail"))
        for name in (tr("Documents"), tr("Audit trail")):
            self.tabs.addTab(name)
        self.tabs.currentChanged.connect(lambda at: self._presenter.show_tab(TABS[at]))
        self.tabRow.addWidget(self.tabs)
        self.tabRow.addStretch()
        self._chips = ListChips(self.chipRow, self._presenter)

    def _build_lists(self) -> None:
        self._headers = (ListHeader(), ListHeader())
        for header, wanted, columns in zip(
            self._headers, (DOCUMENTS, TRAIL), (document_columns, trail_columns), strict=True
        ):
            header.show_titles(titles(wanted), columns, tr(SORTED_BY))
            self.headerHolder.addWidget(header)
        self._models = (RowsModel(self, key=row_key), RowsModel(self, key=row_key))
        self.lists = (RowsList(), RowsList())
        for view, model, name in zip(
            self.lists, self._models, (tr("Signed documents"), tr("Audit trail")), strict=True
        ):
            view.setProperty("panel", True)
            view.setAccessibleName(name)
            view.setModel(model)
            self.listStack.addWidget(view)
        self.lists[0].setItemDelegate(DocumentsRow(self.lists[0], self._faces.of))
        self.lists[1].setItemDelegate(TrailRow(self.lists[1]))
        self.lists[0].selectionModel().currentChanged.connect(self._document_chosen)
        self.lists[1].selectionModel().currentChanged.connect(self._entry_chosen)
        self.lists[0].doubleClicked.connect(lambda _: self.open_document())
        self._empty = QWidget()
        self._empty_words = ""
        self.listStack.addWidget(self._empty)

    def _build_detail(self) -> None:
        column = QVBoxLayout(self.detailFrame)
        column.setContentsMargins(0, 0, 0, 0)
        self._document = DocumentPanel(
            {
                "open": self.open_document,
                "print": self.print_document,
                "export": self._presenter.export,
                "amend": self.amend,
                "give_up": self.give_up,
                "void": self.void,
                "handout": self._handout_menu,
                "stamp": self._presenter.stamp,
                "why": self.explain,
            },
            self._presenter.show_document,
        )
        self._entry = EntryPanel(self._presenter.load_trail, self.export_trail)
        self._panels = QStackedWidget()
        self._panels.addWidget(self._document)
        self._panels.addWidget(self._entry)
        column.addWidget(self._panels)

    def _bind(self) -> None:
        bind = self._tools.commands.bind
        shown = partial(self._against, "read")
        for view in self.lists:
            bind("records.next", view, partial(self._move, 1), focus=True)
            bind("records.previous", view, partial(self._move, -1), focus=True)
            bind("records.find", view, self._search.begin, focus=True)
        bind("records.open", self.lists[0], self.open_document, shown, focus=True)
        bind("records.verify", self.lists[0], self._presenter.verify, shown, focus=True)
        bind("records.explain", self.lists[0], self.explain, shown, focus=True)
        bind("records.print", self, self.print_document, partial(self._against, "copy"))
        bind("records.export", self, self._presenter.export, partial(self._against, "copy"))
        bind("records.handout", self, self._handout_menu, partial(self._against, "copy"))
        bind("records.amend", self, self.amend, partial(self._against, "amend"))
        bind("records.void", self, self.void, partial(self._against, "void"))
        bind("records.give_up", self, self.give_up, partial(self._against, "give_up"))
        for id, wanted, can in (
            ("records.second_read", self.read_wanted, self._no_reading),
            ("records.agreement", self.agreement_wanted, self._no_row),
        ):
            run = partial(self._hand_on, wanted.emit)
            bind(id, self.lists[0], run, can, focus=True)
        bind("records.person", self, self.one_person)
        bind("records.colleagues", self, self.colleagues)
        bind("records.emergency", self, self.emergency)
        bind("records.clock", self, self.clock)
        bind("records.tab", self, self._next_tab)
        bind("find", self, self._search.begin)

    def _row(self) -> DocumentRow | None:
        row = self.lists[0].currentIndex().data(Qt.ItemDataRole.UserRole)
        return row if isinstance(row, DocumentRow) else None

    def _no_row(self) -> str:
        return "" if self._row() is not None else tr("Choose a document first.")

    def _hand_on(self, to: Callable[[str], None]) -> None:
        row = self._row()
        if row is not None:
            to(row.consultation)

    def _size(self) -> None:
        more = theme.text_scale - 1.0
        self.searchField.setMinimumWidth(SEARCH_LEAST if more < LARGE else 200)
        self.searchField.setMaximumWidth(theme.px(SEARCH))
        self.detailFrame.setFixedWidth(round(WIDE * (1 + 0.35 * more)))
        self._fit_head()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is said beside the title stands there while it fits whole."""
        super().resizeEvent(event)
        self._fit_head()

    def _fit_head(self) -> None:
        room = self.width() - self.detailFrame.width() - self.titleLabel.sizeHint().width()
        room -= self.searchField.minimumWidth() + self.headButtons.sizeHint().width() + HEAD
        fits = room >= self.aboutLabel.sizeHint().width()
        self.aboutLabel.setVisible(fits)
        self.headLayout.setStretchFactor(self.searchField, 0 if fits else 1)

    # -- verbs

    def choose_file(self) -> None:
        """Check a PDF from anywhere."""
        path, _ = QFileDialog.getOpenFileName(self, tr("Verify a file"), "", tr("PDF (*.pdf)"))
        if path:
            self.tabs.setCurrentIndex(0)
            self._presenter.verify_path(path)

    def export_trail(self) -> None:
        """The whole trail as a table, to be checked by ``workstation audit --exported``."""
        path, _ = QFileDialog.getSaveFileName(
            self, tr("Export as CSV"), "audit-trail.csv", tr("Table (*.csv)")
        )
        self._presenter.export_trail(path)

    def _more_menu(self) -> None:
        menu = QMenu(self)
        menu.addAction(tr("Records of one person\u2026"), self.one_person)
        menu.addAction(tr("Work of colleagues\u2026"), self.colleagues)
        menu.addAction(tr("Emergency access\u2026"), self.emergency)
        menu.addAction(tr("The computer\u2019s clock\u2026"), self.clock)
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def one_person(self) -> None:
        """A copy for the patient, or erasing; of the selected row unless it is changed there."""
        if self._presenter.person is None:
            return
        row = self._row()
        born = wording.day(row.born) if row is not None and row.born is not None else ""
        record = row.record if row is not None else ""
        PersonDialog(self._presenter.person, self, record, born).open()

    def colleagues(self) -> None:
        """What others have open."""
        ColleaguesDialog(self._presenter.colleagues, self).open()

    def clock(self) -> None:
        """The computer's clock beside the records."""
        ClockDialog(self._presenter.clock, self).open()

    def emergency(self) -> None:
        """Reading without the right to, and its review."""
        dialog = EmergencyDialog(self._presenter.emergency, self)
        dialog.finished.connect(lambda _: self._presenter.load())  # it may be readable now
        dialog.open()

    def open_document(self) -> None:
        """Read all pages."""
        self._presenter.pages(self._read)

    def print_document(self) -> None:
        """Put the document on paper."""
        self._presenter.for_print(self._print)

    def explain(self) -> None:
        """Why the shown document was signed, by the rules of its day."""
        detail = self._presenter.state.detail
        if detail is not None and detail.document is not None:
            number = detail.document.number
            ExplainingDialog(self._presenter.explaining, number, self).open()

    def void(self) -> None:
        """Ask why, and for the PIN, and make the document void."""
        correcting.void(self, self._presenter, self.focus_list)

    def amend(self) -> None:
        """Ask why, and open the consultation again."""
        correcting.amend(self, self._presenter)

    def give_up(self) -> None:
        """Ask once, and end the open amendment unsigned."""
        correcting.give_up(self, self._presenter)

    # -- showing

    def show_state(self, state: RecordsState) -> None:
        """Show a state."""
        before, self._state = self._state, state
        trail = state.tab == "trail"
        at = TABS.index(state.tab)
        if self.tabs.currentIndex() != at:
            self.tabs.setCurrentIndex(at)
        every = state.counts.get("all", 0)
        self.tabs.setTabText(0, tr("Documents   {every}", every=wording.number(every)))
        self.tabs.setTabText(
            1, tr("Audit trail   {entries}", entries=wording.number(state.entries))
        )
        self.aboutLabel.setText(
            tr("every act, in order, chained")
            if trail
            else tr("signed documents are never changed")
        )
        self._fit_head()
        for header, wanted in zip(self._headers, (not trail, trail), strict=True):
            header.setVisible(wanted)
        self._chips.show_state(state)
        self._models[0].show_rows(state.rows)
        self._models[1].show_rows(state.trail.rows if state.trail is not None else ())
        self._show_selection(state)
        empty = state.empty if not trail else ""
        self._show_empty(empty, state.about_empty, searched=bool(state.text))
        self.listStack.setCurrentIndex(2 if empty else at)
        self._panels.setCurrentIndex(at)
        if before is None or before.detail != state.detail:
            self._show_detail(state)
        if before is None or before.trail != state.trail:
            self._entry.show_trail(state.trail)
        self.changed.emit()

    def _show_selection(self, state: RecordsState) -> None:
        self._select(0, self._models[0].position(state.selected))
        entry = state.trail.entry if state.trail is not None else None
        if entry is not None:
            self._select(1, self._models[1].position(entry.seq))

    def _select(self, which: int, at: int) -> None:
        if at >= 0:
            with QSignalBlocker(self.lists[which].selectionModel()):
                self.lists[which].follow(at)
            self.lists[which].viewport().update()

    def _show_empty(self, words: str, about: str, *, searched: bool) -> None:
        if words + about == self._empty_words:
            return
        self._empty_words = words + about
        offer = (tr("Clear search"), "x", "Esc", self._clear) if searched else None
        fill(self._empty, EmptyState("archive", words, about, offer) if words else None)

    def _clear(self) -> None:
        self.searchField.clear()
        self._presenter.find("")

    def _show_detail(self, state: RecordsState) -> None:
        detail = state.detail
        face = (
            self._faces.of(detail.row.consultation)
            if detail is not None and detail.row is not None
            else None
        )
        self._document._face = face
        self._document.show_detail(detail)

    def _face_arrived(self, id: str) -> None:
        self.lists[0].viewport().update()  # one patient may have several rows
        detail = self._presenter.state.detail
        if detail is not None and detail.row is not None and detail.row.consultation == id:
            self._document.show_face(self._faces.of(id))

    def _document_chosen(self, now: QModelIndex, _: QModelIndex) -> None:
        row = now.data(Qt.ItemDataRole.UserRole)
        if isinstance(row, DocumentRow) and row.key != self._presenter.state.selected:
            self._presenter.select(row.key)

    def _entry_chosen(self, now: QModelIndex, _: QModelIndex) -> None:
        row = now.data(Qt.ItemDataRole.UserRole)
        if isinstance(row, EntryRow):
            self._presenter.select_entry(row.seq)

    def _move(self, step: int) -> None:
        at = TABS.index(self._presenter.state.tab)
        count = self._models[at].rowCount()
        if count:
            row = max(0, min(count - 1, self.lists[at].currentIndex().row() + step))
            self.lists[at].setCurrentIndex(self._models[at].index(row))

    def _next_tab(self) -> None:
        self.tabs.setCurrentIndex(1 - self.tabs.currentIndex())
        self.focus_list()

    def focus_list(self) -> None:
        """The keys go to the list that is shown."""
        at = TABS.index(self._presenter.state.tab)
        self.lists[at].setFocus(Qt.FocusReason.OtherFocusReason)

    def _no_reading(self) -> str:
        return self._presenter.refusal(Permission.SECOND_READ) or self._no_row()

    def _against(self, verb: str) -> str:
        return against(self._presenter.state.detail, verb)

    def _read(self, number: str, pages: tuple[Pixels, ...], mark: Sentence | None) -> None:
        ReadDialog(number, pages, mark, self).open()

    def _print(self, number: str, pages: tuple[Pixels, ...], mark: Sentence | None = None) -> None:
        from workstation.ui.printing import ask_and_print

        said = ask_and_print(self, number, pages, mark=mark)
        if said:
            self._tools.toast(said, ())

    def _handout_menu(self) -> None:
        leaflet_menu(self, self._presenter.leaflets, self._print, self._tools.toast).popup(
            self._document.handout.mapToGlobal(QPoint(0, 0))
        )
