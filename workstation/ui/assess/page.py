"""The Assess page: strip, tools, photo, palette and rubric, joined to the presenter."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from workstation.domain.draft import Edit
from workstation.domain.ids import AnnotationId, PhotoId
from workstation.domain.lesions import LesionType, Point, ZoneId
from workstation.language import pairs, tr
from workstation.presenters import wording
from workstation.presenters.assess import AssessPresenter
from workstation.presenters.assess_state import AssessState
from workstation.presenters.assist import AssistPresenter
from workstation.presenters.exchange import ExchangePresenter
from workstation.presenters.photo_sheet import PhotoSheetPresenter
from workstation.presenters.tools import row_of
from workstation.ui import form
from workstation.ui.accessible import announce
from workstation.ui.actions import hints
from workstation.ui.assess import menus
from workstation.ui.assess.assist import KEY_HINTS, Assist
from workstation.ui.assess.assist_panel import AssistPanel
from workstation.ui.assess.bars import Palette, Toolbar
from workstation.ui.assess.canvas import PhotoCanvas
from workstation.ui.assess.columns import Columns
from workstation.ui.assess.docked import EntryBar
from workstation.ui.assess.exchange import Exchange
from workstation.ui.assess.feed import PhotoFeed
from workstation.ui.assess.measuring import Ruler
from workstation.ui.assess.paper import Paper
from workstation.ui.assess.photo_strip import PhotoStrip
from workstation.ui.assess.recovery import RecoveryStrip
from workstation.ui.assess.rubric_panel import RubricPanel
from workstation.ui.making import make
from workstation.ui.page import PageTools, Primary
from workstation.ui.photo.adjust import AdjustBar
from workstation.ui.photo.keys import has_keys

LOW = 700  # page height below which the bars are as low as their buttons


class AssessPage(QWidget):
    """Count lesions on the photos and see the grade they give."""

    changed = Signal()
    agreement_wanted = Signal(str)
    whole = True  # False where the page shows less than an open consultation

    splitter: QSplitter
    strip: PhotoStrip
    centre: QWidget
    toolbar: Toolbar
    canvas: PhotoCanvas
    palette_: Palette
    panel: RubricPanel

    def __init__(
        self, presenter: AssessPresenter, tools: PageTools, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.presenter = presenter
        self.tools = tools
        self._generation = -1
        self._entered = False
        self._lent = False  # the photos are shown elsewhere, whether or not this page is
        self.exchange: Exchange | None = None
        self._spoken = ""
        make(self, self._parts())

    def _parts(self) -> Iterator[None]:
        """Make what is inside."""
        form.load(self, "assess")
        yield
        self.adjust_bar = AdjustBar(self.canvas)
        self.entry_bar = EntryBar(self.canvas)
        self.canvas.bars += [self.adjust_bar, self.entry_bar]
        self.recovery = RecoveryStrip(self.centre)
        layout = self.centre.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(0, self.recovery)
        self.notices: QWidget = self.canvas  # notices never cover the palette
        self.columns = Columns(self.splitter, self.strip)
        self.centre.setFocusProxy(self.canvas)
        yield
        proposals = AssistPanel(self.panel.inner)
        yield
        self._attend(proposals)

    def _attend(self, proposals: AssistPanel) -> None:
        """Hear of the presenter and of keys, and show what there is."""
        presenter, tools = self.presenter, self.tools
        self.feed = PhotoFeed(presenter, self.canvas, self.strip, tools.jobs)
        self.ruler = Ruler(self.canvas, self.entry_bar, presenter)
        self.assist = Assist(
            AssistPresenter(presenter),
            self.canvas,
            self.panel,
            self.toolbar,
            lambda t: self.tools.toast(t, ()),
            proposals,
        )
        self._join()
        self._bind()
        if self.whole:
            self.exchange = self._exchange()
            sheet = PhotoSheetPresenter(presenter.case)
            parts = (self.strip, self.centre, self.panel)
            self.paper = Paper(sheet, parts, tools, self._can)
        self._render(presenter.state)

    # -- what the shell asks

    def key_hints(self) -> tuple[tuple[str, str], ...]:
        """Keys of the area that has the focus."""
        if has_keys(self.canvas):
            if self.assist.on:
                return pairs(KEY_HINTS)
            return (
                ("1\u20138", tr("type")),
                (tr("Click"), tr("add")),
                ("H", tr("hold to hide")),
                ("Q", tr("hold for loupe")),
                ("N", tr("next photo")),
                ("?", tr("all keys")),
            )
        return (("Tab", tr("next control")), *hints("panel.next", "keys"))

    def primary(self) -> Primary | None:
        """On to Treat."""
        return Primary(tr("Continue to Treat"), "Ctrl+Return", True, "")

    def activate_primary(self) -> None:
        """Go on."""
        self.tools.go("treat")

    def step_chip(self) -> tuple[str, str] | None:
        """Nothing stands beside this step."""
        return None

    def enter(self) -> None:
        """Show the open consultation again, with the focus on the photo."""
        self._entered = True
        self._render(self.presenter.state)
        self.feed.again()
        self.toolbar.show_zoom(self.canvas.view.percent)
        # What was being typed when the page was covered is still there, and goes on.
        (self.canvas if self.entry_bar.isHidden() else self.entry_bar.field).setFocus()

    def leave(self) -> None:
        """Keep nothing of this consultation decoded while the page is covered."""
        self._entered = False
        self.panel.flush()
        self.canvas.keys.let_go()
        if not self._lent:
            self.feed.drop()

    # -- what a second screen asks

    def keep_photos(self, kept: bool) -> None:
        """Show the photos whether or not the page is shown; or only while it is."""
        self._lent = kept
        if kept and not self._entered:
            self.feed.again()
        elif not kept and not self._entered:
            self.feed.drop()

    def caption(self) -> str:
        """View and date of the photo."""
        state = self.presenter.state
        return state.chips[0] if state is not None and state.chips else ""

    # -- joining

    def _join(self) -> None:
        presenter = self.presenter
        self.canvas.letters = lambda: self.tools.commands.single_letters
        self.canvas.attach(presenter)
        presenter.changed.subscribe(self._render)
        presenter.said.subscribe(self._say)
        self.canvas.menu_wanted.connect(self._menu)
        self.canvas.note_wanted.connect(lambda id_: self.ask_note(AnnotationId(id_)))
        self.canvas.measured.connect(self.ruler.measured)
        self.canvas.viewed.connect(self._viewed)
        self.entry_bar.opened.connect(self._place_bars)
        self.entry_bar.opened.connect(self.changed)  # a notice makes room
        self.strip.chosen.connect(lambda photo: self._show_photo(PhotoId(photo)))
        self.strip.ask_wanted.connect(presenter.ask_photo)
        self.recovery.kept.connect(presenter.keep_recovered)
        self.recovery.compare.connect(presenter.compare_recovered)
        self.recovery.undo.connect(presenter.undo_recovered)
        self.toolbar.pressed.connect(self._tool_pressed)
        self.palette_.chosen.connect(self._type_chosen)
        self.adjust_bar.adjusted.connect(presenter.adjust)
        self.entry_bar.closed.connect(self._to_photo)
        self.panel.rows_view.installEventFilter(self)
        self.panel.grade.take = presenter.override
        self.panel.override_dropped.connect(presenter.drop_override)
        self.panel.sign_recorded.connect(presenter.record_sign)
        self.panel.note_written.connect(presenter.write_note)
        self.panel.cell_chosen.connect(self._cell)
        self.panel.counts.zone_chosen.connect(self._zone_cell)
        self.panel.row_chosen.connect(lambda id_: presenter.select((AnnotationId(id_),)))

    def _bind(self) -> None:
        commands = self.tools.commands
        for id_ in self.canvas.keys.verbs():
            can = self._can_ask if id_ == "canvas.ask_photo" else self._can
            commands.bind(id_, self.canvas, partial(self._do, id_), can, focus=True)
        commands.bind("canvas.counts", self.canvas, self.panel.toggle_counts, focus=True)
        commands.bind("canvas.compare", self.canvas, lambda: self.tools.go("followup"), focus=True)

    def _exchange(self) -> Exchange:
        """Files of annotations, and the second reading beside this one."""
        made = Exchange(ExchangePresenter(self.presenter.case), self.canvas, self.tools, self._can)
        layout = self.centre.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(0, made.strip)
        self.tools.commands.bind("canvas.agreement", self.canvas, self._agreement, focus=True)
        return made

    def _agreement(self) -> None:
        state = self.presenter.case.state
        if state is not None:
            self.agreement_wanted.emit(state.consultation.id)

    def _do(self, id_: str) -> None:
        self.canvas.keys.verbs()[id_]()

    def _can(self) -> str:
        return "" if self.presenter.photo is not None else tr("There is no photo to work on.")

    def _can_ask(self) -> str:
        asking = self.presenter.ask_patient is not None
        return "" if asking else tr("The patient cannot be asked from here.")

    # -- rendering

    def _render(self, state: AssessState | None) -> None:
        if state is None:
            self._generation = -1
            self.feed.open(look_ahead=False)
            self.canvas.forget_views()
            self.canvas.render_state(None)
            self.changed.emit()
            return
        if state.generation != self._generation:
            self._opened(state)
        self.recovery.show_recovered(state.recovered)
        self.strip.set_asking(self.presenter.ask_patient is not None)
        self.strip.show_items(state.supplied, state.strip)
        self.toolbar.show_tools(
            state.tools,
            can_undo=state.can_undo,
            can_redo=state.can_redo,
            loupe=self.canvas.loupe,
            mirrored=state.mirrored,
        )
        self.palette_.show_type(state.tools.type)
        if self.adjust_bar.isVisible() != state.tools.adjusting:
            self.adjust_bar.setVisible(state.tools.adjusting)
            self._place_bars()
        self.adjust_bar.show_adjustment(state.tools.adjustment)
        self.strip.setVisible(not state.tools.focus_mode)
        self.panel.setVisible(not state.tools.focus_mode)
        self.panel.render_state(state)
        self.feed.show(state.photo.id if state.photo is not None else None)
        self._show_list()
        self._announce()
        self.changed.emit()

    def _opened(self, state: AssessState) -> None:
        self._generation = state.generation
        self._spoken = ""
        self.entry_bar.close_entry()
        if self.exchange is not None:
            self.exchange.strip.clear()
        self.canvas.forget_views()
        self.canvas.render_state(state)
        self.feed.open(look_ahead=self.whole)

    def _show_list(self) -> None:
        """Show the list of annotations, which costs something, only while it is open."""
        state = self.presenter.state
        if state is None or state.photo is None or not self.panel.list_section.is_open:
            return
        chosen = state.selection[0] if len(state.selection) == 1 else None
        rows = self.presenter.listed()
        self.panel.show_list(rows, tr(wording.VIEW[state.photo.view]), chosen)

    def _announce(self) -> None:
        spoken = self.panel.grade.spoken
        if spoken != self._spoken and self._spoken:
            announce(self.canvas, spoken)
        self._spoken = spoken

    # -- photos

    def _to_photo(self) -> None:
        """Give the keys to the photo, wherever it is shown."""
        self.canvas.setFocus()
        if self.canvas.window() is not self.window():
            self.canvas.activateWindow()

    def _show_photo(self, photo: PhotoId) -> None:
        self.presenter.show(photo)
        self._to_photo()

    def _cell(self, photo: str, kind: LesionType | None) -> None:
        self.presenter.show(PhotoId(photo))
        found = [self.canvas.marks.get(i) for i in self.canvas.marks.ids]
        counted = [m for m in found if m is not None and not m.reference]
        self.canvas.blink(frozenset(m.id for m in counted if kind in (None, row_of(m.type))))
        self._to_photo()

    def _zone_cell(self, zone: ZoneId, kind: LesionType | None) -> None:
        ids = self.presenter.show_counted(zone, kind)
        self.canvas.blink(frozenset(ids))
        self._to_photo()

    # -- tools

    def shows(self, edit: Edit) -> bool:
        """Bring the photo of an edit into view; whether it can be seen here."""
        return self.presenter.shows(edit)

    def _tool_pressed(self, id_: str) -> None:
        if id_ not in ("undo", "redo"):
            self._do(id_)
        elif not self.tools.commands.trigger(id_):
            (self.presenter.undo if id_ == "undo" else self.presenter.redo)()
        self._to_photo()
        self._render(self.presenter.state)

    def _type_chosen(self, kind: LesionType) -> None:
        self.presenter.choose_type(kind)
        self._render(self.presenter.state)
        self._to_photo()

    def _menu(self, place: QPointF, hit: AnnotationId | None, at: Point) -> None:
        state = self.presenter.state
        if state is None:
            return
        if hit is None:
            menu = menus.skin_menu(self, self.presenter, at, self.canvas.near(), self.ruler)
        else:
            menu = menus.annotation_menu(
                self,
                self.presenter,
                state.selection or (hit,),
                state.selected,
                self.ask_note,
                self.ruler.ask_size,
            )
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place.toPoint())

    def ask_note(self, id_: AnnotationId) -> None:
        """Open the bar that takes the note of one annotation."""
        selected = self.presenter.state.selected if self.presenter.state else None
        if selected is None or selected.id != id_:
            return

        def accept(text: str) -> str:
            self.presenter.set_note(id_, text)
            return ""

        self.entry_bar.ask(tr("Note on {title}", title=selected.title), selected.note, accept)

    def _say(self, text: str) -> None:
        self.tools.toast(text, ((tr("Undo"), self.presenter.undo),))

    # -- sizes

    def _viewed(self) -> None:
        self.toolbar.show_zoom(self.canvas.view.percent)
        self._place_bars()

    def _place_bars(self) -> None:
        """Bars over the photo: it does not move for them, and no lesion they speak of is covered."""
        canvas = self.canvas
        low = canvas.height()
        if not self.adjust_bar.isHidden():
            tall = self.adjust_bar.sizeHint().height()
            low -= tall
            self.adjust_bar.setGeometry(0, low, canvas.width(), tall)
        if not self.entry_bar.isHidden():
            state = self.presenter.state
            spoken = canvas.place_of(state.selection[0]) if state and state.selection else None
            self.entry_bar.place(QRect(0, 0, canvas.width(), low), spoken)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give strip, photo and panel their widths for this window."""
        super().resizeEvent(event)
        for bar in (self.toolbar, self.palette_):
            bar.set_low(event.size().height() < LOW)
        self.columns.lay_out(event.size().width())

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """The list of annotations is filled when it opens."""
        if watched is self.panel.rows_view and event.type() == QEvent.Type.Show:
            self._show_list()
        return False
