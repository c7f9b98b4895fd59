"""The Assess page: strip, tools, photo, palette and rubric, joined to the presenter."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QImage, QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from workstation.domain.consultation import Consultation
from workstation.domain.ids import AnnotationId, PhotoId
from workstation.domain.lesions import LesionType, Point, ZoneId
from workstation.presenters import wording
from workstation.presenters.assess import AssessPresenter
from workstation.presenters.assess_shown import hung
from workstation.presenters.assess_state import AssessState
from workstation.presenters.assist import AssistPresenter
from workstation.presenters.exchange import ExchangePresenter
from workstation.presenters.jobs import Lane
from workstation.presenters.pictures import Arrived, Pictures, Unreadable
from workstation.presenters.tools import row_of
from workstation.ui import form
from workstation.ui.actions import hints
from workstation.ui.assess import menus
from workstation.ui.assess.assist import KEY_HINTS, Assist
from workstation.ui.assess.bars import Palette, Toolbar
from workstation.ui.assess.canvas import PhotoCanvas
from workstation.ui.assess.docked import EntryBar
from workstation.ui.assess.exchange import Exchange
from workstation.ui.assess.measuring import Ruler
from workstation.ui.assess.photo_strip import PhotoStrip
from workstation.ui.assess.recovery import RecoveryStrip
from workstation.ui.assess.rubric_panel import RubricPanel
from workstation.ui.page import PageTools, Primary
from workstation.ui.photo.adjust import AdjustBar
from workstation.ui.photo.pyramid import Pyramid, build, cost
from workstation.ui.theme import theme

# Page width from which: strip, panel, tile height.
SIZES = ((2100, 160, 420, 118), (1740, 140, 380, 92), (1300, 124, 352, 66), (0, 124, 332, 57))
AHEAD = 2  # photos of the next consultation that are fetched ahead
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
        form.load(self, "assess")
        self.presenter = presenter
        self.tools = tools
        self.pictures: Pictures[Pyramid] = Pictures(presenter.case.desk, tools.jobs, build, cost)
        self._generation = -1
        self._photo: PhotoId | None = None
        self.exchange: Exchange | None = None
        self._spoken = ""
        self._sized: tuple[int, int] | None = None
        self.adjust_bar = AdjustBar(self.canvas)
        self.entry_bar = EntryBar(self.canvas)
        self.recovery = RecoveryStrip()
        layout = self.centre.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(0, self.recovery)
        self.ruler = Ruler(self.canvas, self.entry_bar, presenter)
        self.notices: QWidget = self.canvas  # notices never cover the palette
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setAccessibleName("Photos, photo and rubric")
        for i in (1, 2):
            self.splitter.handle(i).installEventFilter(self)
        self._colour_splitter()
        theme.theme_changed.connect(self._colour_splitter)
        self.assist = Assist(
            AssistPresenter(presenter),
            self.canvas,
            self.panel,
            self.toolbar,
            lambda t: self.tools.toast(t, ()),
        )
        self._join()
        self._bind()
        if self.whole:
            self.exchange = self._exchange()
        self._render(presenter.state)

    # -- what the shell asks

    def key_hints(self) -> tuple[tuple[str, str], ...]:
        """Keys of the area that has the focus."""
        if self.window().focusWidget() is self.canvas:
            if self.assist.on:
                return KEY_HINTS
            return (
                ("1\u20138", "type"),
                ("Click", "add"),
                ("H", "hold to hide"),
                ("Q", "hold for loupe"),
                ("N", "next photo"),
                ("?", "all keys"),
            )
        return (("Tab", "next control"), *hints("panel.next", "keys"))

    def primary(self) -> Primary | None:
        """On to Treat."""
        return Primary("Continue to Treat", "Ctrl+Return", True, "")

    def activate_primary(self) -> None:
        """Go on."""
        self.tools.go("treat")

    def step_chip(self) -> tuple[str, str] | None:
        """Nothing stands beside this step."""
        return None

    def enter(self) -> None:
        """Show the open consultation again, with the focus on the photo."""
        self._render(self.presenter.state)
        self._want(full=False)
        self._want_thumbnails()
        # What was being typed when the page was covered is still there, and goes on.
        (self.canvas if self.entry_bar.isHidden() else self.entry_bar.field).setFocus()

    def leave(self) -> None:
        """Keep nothing of this consultation decoded while the page is covered."""
        self.panel.flush()
        self.canvas.keys.let_go()
        self.pictures.drop()
        self.strip.forget()
        self.canvas.show_picture(None)

    # -- joining

    def _join(self) -> None:
        presenter = self.presenter
        self.canvas.letters = lambda: self.tools.commands.single_letters
        self.canvas.attach(presenter)
        presenter.changed.subscribe(self._render)
        presenter.said.subscribe(self._say)
        self.pictures.arrived.subscribe(self._arrived)
        self.pictures.failed.subscribe(self._unreadable)
        self.canvas.needs_full.connect(lambda photo: self.pictures.want(PhotoId(photo), full=True))
        self.canvas.menu_wanted.connect(self._menu)
        self.canvas.note_wanted.connect(lambda id_: self.ask_note(AnnotationId(id_)))
        self.canvas.measured.connect(self.ruler.measured)
        self.canvas.viewed.connect(self._viewed)
        self.entry_bar.opened.connect(self._place_bars)
        self.strip.chosen.connect(lambda photo: self._show_photo(PhotoId(photo)))
        self.strip.ask_wanted.connect(presenter.ask_photo)
        self.recovery.kept.connect(presenter.keep_recovered)
        self.recovery.compare.connect(presenter.compare_recovered)
        self.recovery.undo.connect(presenter.undo_recovered)
        self.toolbar.pressed.connect(self._tool_pressed)
        self.palette_.chosen.connect(self._type_chosen)
        self.adjust_bar.adjusted.connect(presenter.adjust)
        self.entry_bar.closed.connect(self.canvas.setFocus)
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
        return "" if self.presenter.photo is not None else "There is no photo to work on."

    def _can_ask(self) -> str:
        asking = self.presenter.ask_patient is not None
        return "" if asking else "The patient cannot be asked from here."

    # -- rendering

    def _render(self, state: AssessState | None) -> None:
        if state is None:
            self._generation = -1
            self._photo = None
            self.pictures.show(None)
            self.strip.forget()
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
        photo = state.photo.id if state.photo is not None else None
        if photo != self._photo:
            self._photo = photo
            self._want(full=False)
        self._show_list()
        self._announce()
        self.changed.emit()

    def _opened(self, state: AssessState) -> None:
        self._generation = state.generation
        self._photo = None
        self._spoken = ""
        self.entry_bar.close_entry()
        if self.exchange is not None:
            self.exchange.strip.clear()
        case = self.presenter.case.state
        self.pictures.show(case.consultation if case is not None else None)
        self.strip.forget()
        self.canvas.forget_views()
        self.canvas.render_state(state)
        self._want_thumbnails()
        self._look_ahead()

    def _show_list(self) -> None:
        """Show the list of annotations, which costs something, only while it is open."""
        state = self.presenter.state
        if state is None or state.photo is None or not self.panel.list_section.is_open:
            return
        chosen = state.selection[0] if len(state.selection) == 1 else None
        rows = self.presenter.listed()
        self.panel.show_list(rows, wording.VIEW[state.photo.view], chosen)

    def _announce(self) -> None:
        spoken = self.panel.grade.spoken
        if spoken != self._spoken and self._spoken and QAccessible.isActive():
            event = QAccessibleAnnouncementEvent(self.canvas, spoken)
            QAccessible.updateAccessibility(event)
        self._spoken = spoken

    # -- photos

    def _want(self, *, full: bool) -> None:
        photo = self._photo
        if photo is None:
            self.canvas.show_picture(None, "No photos were supplied")
            return
        kept = self.pictures.best(photo)
        self.canvas.show_picture(kept[0] if kept is not None else None)
        self.pictures.want(photo, full=full)
        for other in self.presenter.neighbours():
            self.pictures.want(other)
        self.toolbar.show_zoom(self.canvas.view.percent)

    def _look_ahead(self) -> None:
        """Fetch the first views of the consultation that comes after this one."""
        generation = self.pictures.generation

        def found(consultation: Consultation | None) -> None:
            if generation == self.pictures.generation:
                photos = hung(consultation.photos) if consultation is not None else ()
                self.pictures.ahead(consultation, [p.id for p in photos[:AHEAD]])

        work = self.presenter.next_waiting()
        self.tools.jobs.submit(work, found, lambda _: None, Lane.READ)

    def _arrived(self, arrived: Arrived[Pyramid]) -> None:
        if arrived.photo == self._photo:
            self.canvas.show_picture(arrived.picture)

    def _unreadable(self, failed: Unreadable) -> None:
        if failed.photo == self._photo and self.canvas.pyramid is None:
            message = wording.message(failed.code)
            self.canvas.show_picture(None, f"{message.title} {message.detail}")

    def _want_thumbnails(self) -> None:
        generation = self.pictures.generation
        for photo in self.presenter.photos:
            if not self.strip.has_thumbnail(photo.id):
                work = partial(_thumbnail, self.presenter.thumbnail(photo.id))
                done = partial(self._thumbnail, generation, photo.id)
                self.tools.jobs.submit(work, done, lambda _: None, Lane.READ)

    def _thumbnail(self, generation: int, photo: PhotoId, image: QImage) -> None:
        if generation == self.pictures.generation and not image.isNull():
            self.strip.show_thumbnail(photo, image)

    def _show_photo(self, photo: PhotoId) -> None:
        self.presenter.show(photo)
        self.canvas.setFocus()

    def _cell(self, photo: str, kind: LesionType | None) -> None:
        self.presenter.show(PhotoId(photo))
        found = [self.canvas.marks.get(i) for i in self.canvas.marks.ids]
        counted = [m for m in found if m is not None and not m.reference]
        self.canvas.blink(frozenset(m.id for m in counted if kind in (None, row_of(m.type))))
        self.canvas.setFocus()

    def _zone_cell(self, zone: ZoneId, kind: LesionType | None) -> None:
        ids = self.presenter.show_counted(zone, kind)
        self.canvas.blink(frozenset(ids))
        self.canvas.setFocus()

    # -- tools

    def _tool_pressed(self, id_: str) -> None:
        if id_ == "undo":
            self.presenter.undo()
        elif id_ == "redo":
            self.presenter.redo()
        else:
            self._do(id_)
        self.canvas.setFocus()
        self._render(self.presenter.state)

    def _type_chosen(self, kind: LesionType) -> None:
        self.presenter.choose_type(kind)
        self._render(self.presenter.state)
        self.canvas.setFocus()

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

        self.entry_bar.ask(f"Note on {selected.title}", selected.note, accept)

    def _say(self, text: str) -> None:
        self.tools.toast(text, (("Undo", self.presenter.undo),))

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

    def _colour_splitter(self) -> None:
        # Between two dark bars a light line would glare.
        colour = theme.colour("canvasBar").name()
        self.splitter.setStyleSheet(f"QSplitter::handle {{ background: {colour}; }}")

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Give strip, photo and panel their widths for this window."""
        super().resizeEvent(event)
        for bar in (self.toolbar, self.palette_):
            bar.set_low(event.size().height() < LOW)
        self._lay_out(event.size().width())

    def eventFilter(self, watched: object, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """A double click on a splitter brings the usual widths back; an opened list is filled."""
        if watched is self.panel.rows_view:
            if event.type() == QEvent.Type.Show:
                self._show_list()
            return False
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self._sized = None
            self._lay_out(self.width())
        return False

    def _lay_out(self, width: int) -> None:
        strip, panel, tall = next(row[1:] for row in SIZES if width >= row[0])
        wanted = (theme.px(strip), theme.px(panel))
        self.strip.set_tall(tall)
        # Within one size of window the widths are the user's: only the photo takes up the rest.
        if self._sized != wanted:
            self._sized = wanted
            self.splitter.setSizes([wanted[0], max(1, width - sum(wanted) - 2), wanted[1]])


def _thumbnail(read: Callable[[], bytes]) -> QImage:
    return QImage.fromData(read())
