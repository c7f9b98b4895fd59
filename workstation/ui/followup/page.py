"""The Compare page: two visits beside each other, and on to Treat or, unchanged, to Sign."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from workstation.domain.ids import PhotoId
from workstation.domain.lesions import Point
from workstation.language import tr
from workstation.presenters import wording
from workstation.presenters.followup import FollowupPresenter
from workstation.presenters.followup_state import FollowupState, PaneState
from workstation.presenters.pictures import Arrived, Pictures, Unreadable
from workstation.ui import form
from workstation.ui.actions import hints
from workstation.ui.arrival import Arrival
from workstation.ui.followup.bars import CompareBar, DifferenceBar
from workstation.ui.followup.canvas import CompareCanvas
from workstation.ui.followup.painted import NEWER, OLDER, SIDES
from workstation.ui.followup.panel import FollowupPanel
from workstation.ui.layouts import Widths
from workstation.ui.page import PageTools, Primary
from workstation.ui.photo.adjust import AdjustBar
from workstation.ui.photo.keys import has_keys
from workstation.ui.photo.pyramid import Pyramid, build, cost
from workstation.ui.theme import theme

# Page width from which: panel.
SIZES = ((2100, 520), (1740, 460), (1300, 400), (0, 344))
LOW = 700  # page height below which the bars are as low as their buttons
BUDGET = 224 * 1024 * 1024  # bytes of decoded pictures for each of the two visits


class FollowupPage(QWidget):
    """Compare two visits and see where the course stands."""

    changed = Signal()

    splitter: QSplitter
    centre: QWidget
    bar: CompareBar
    adjustBar: AdjustBar
    canvas: CompareCanvas
    differences: DifferenceBar
    panel: FollowupPanel

    def __init__(
        self, presenter: FollowupPresenter, tools: PageTools, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        form.load(self, "followup")
        self.presenter, self.tools = presenter, tools
        desk = presenter.case.desk
        self.pictures: dict[str, Pictures[Pyramid]] = {
            side: Pictures(desk, tools.jobs, build, cost, BUDGET) for side in SIDES
        }
        self._serving: dict[str, str] = {}
        self._photos: dict[str, PhotoId | None] = dict.fromkeys(SIDES)
        self._open = self._loading = False
        self._filling = Arrival(self.panel)
        self._sized = 0
        self.notices: QWidget = self.canvas
        self._widths = Widths("followup", self.splitter)
        self.splitter.setStretchFactor(0, 1)
        self.centre.setFocusProxy(self.canvas)
        self.splitter.setAccessibleName(tr("Photos and course"))
        self.splitter.handle(1).installEventFilter(self)
        self._join()
        self._bind()
        self._render(presenter.state)

    # -- what the shell asks

    def key_hints(self) -> tuple[tuple[str, str], ...]:
        """Keys of the area that has the focus."""
        if has_keys(self.canvas):
            return (
                ("C", tr("annotate")),
                ("S", tr("sync")),
                ("W", tr("swipe")),
                ("F", tr("hold to flicker")),
                ("Alt \u2190 \u2192", tr("earlier or later visit")),
                ("N", tr("next view")),
                ("H", tr("hold to hide")),
                ("?", tr("all keys")),
            )
        return (("Tab", tr("next control")), *hints("panel.next", "keys"))

    def primary(self) -> Primary | None:
        """Last month again and on to Sign where nothing changed, else on to Treat."""
        state = self.presenter.state
        if state is not None and state.short_way is not None and state.short_way.open:
            return Primary(tr("Repeat last and sign"), "Ctrl+Return", True, "")
        return Primary(tr("Continue to Treat"), "Ctrl+Return", True, "")

    def activate_primary(self) -> None:
        """Go on; the short way is asked for anew and leads to Treat when it has closed."""
        state = self.presenter.state
        short = state is not None and state.short_way is not None and state.short_way.open
        self.tools.go("sign" if short and self.presenter.repeat_last() else "treat")

    def step_chip(self) -> tuple[str, str] | None:
        """Nothing stands beside this step."""
        return None

    def enter(self) -> None:
        """Show both visits again, with the focus on the photos."""
        self._open = True
        self.presenter.enter()
        self._render(self.presenter.state)
        self.canvas.setFocus()

    def leave(self) -> None:
        """Keep nothing decoded while the page is covered."""
        self._open = False
        self._filling.finish()
        self.presenter.leave()
        self.canvas.let_go()
        for side in SIDES:
            self.pictures[side].drop()
            self._photos[side] = None
            self.canvas.show_picture(side, None)

    # -- what a second screen asks

    def keep_photos(self, kept: bool) -> None:
        """The photos show only while the page does, wherever they stand."""

    def caption(self) -> str:
        """View and days of the two photos."""
        state = self.presenter.state
        panes = [] if state is None else [p for p in (state.older, state.newer) if p is not None]
        titles = list(dict.fromkeys(p.title for p in panes))
        return " \u00b7 ".join((*titles, tr(" and ").join(p.when for p in panes))) if panes else ""

    # -- joining

    def _join(self) -> None:
        presenter = self.presenter
        self.canvas.letters = lambda: self.tools.commands.single_letters
        presenter.changed.subscribe(self._render)
        self.canvas.clicked.connect(self._point_clicked)
        self.canvas.held.connect(presenter.hide)
        self.canvas.needs_full.connect(self._want_full)
        self.bar.pressed.connect(self._pressed)
        self.adjustBar.adjusted.connect(presenter.adjust)
        self.panel.listed.connect(self._show_listed)
        for side in SIDES:
            self.pictures[side].arrived.subscribe(partial(self._arrived, side))
            self.pictures[side].failed.subscribe(partial(self._unreadable, side))

    def _bind(self) -> None:
        presenter, canvas = self.presenter, self.canvas
        self._verbs = {
            "compare.annotate": lambda: self.tools.go("assess"),
            "compare.sync": presenter.toggle_sync,
            "compare.swipe": presenter.toggle_swipe,
            "compare.align": presenter.toggle_aligning,
            "compare.unalign": presenter.drop_alignment,
            "compare.fit": canvas.toggle_fit,
            "compare.zoom_in": canvas.zoom_in,
            "compare.zoom_out": canvas.zoom_out,
            "compare.zoom_fit": canvas.fit,
            "compare.hide": self._toggle_hidden,
            "compare.ghosts": presenter.toggle_ghosts,
            "compare.adjust": presenter.toggle_adjusting,
            "compare.flicker": lambda: canvas.set_flicker(not canvas.flicker),
            "compare.earlier": lambda: presenter.step_visit(-1),
            "compare.later": lambda: presenter.step_visit(1),
            "compare.view_next": lambda: presenter.step_view(1),
            "compare.view_previous": lambda: presenter.step_view(-1),
            "compare.point": canvas.click_crosshair,
            "compare.drop": self._drop,
        }
        for id_, verb in self._verbs.items():
            self.tools.commands.bind(id_, canvas, verb, focus=True)

    def _pressed(self, id_: str) -> None:
        self._verbs[id_]()
        self._render(self.presenter.state)
        if self._open:
            self.canvas.setFocus()

    def _toggle_hidden(self) -> None:
        state = self.presenter.state
        self.presenter.hide(state is not None and not state.hidden)

    def _drop(self) -> None:
        if not self.presenter.cancel():
            self.canvas.crosshair = None
            self.canvas.update()

    def _point_clicked(self, at: Point, older: bool) -> None:
        self.presenter.click(at, older=older)

    def _show_listed(self, row: int) -> None:
        state = self.presenter.state
        if state is not None and row < len(state.listed):
            chosen = state.listed[row]
            self.canvas.show_place(Point(chosen.x, chosen.y), older=chosen.older)

    # -- rendering

    def _render(self, state: FollowupState | None) -> None:
        self.canvas.render_state(state)
        if state is None:
            for side in SIDES:
                self.pictures[side].show(None)
                self._serving.pop(side, None)
                self._photos[side] = None
                self.canvas.show_picture(side, None)
            self.changed.emit()
            return
        self.bar.show_state(state)
        self.adjustBar.setVisible(state.adjusting)
        self.adjustBar.show_adjustment(state.adjustment)
        self.differences.show_state(state)
        if not state.loading and self._open and self._loading:
            self._filling.of(lambda: self.panel.show_state(state))  # all of it is new
        elif not state.loading:
            self.panel.show_state(state)
        self._loading = state.loading
        if self._open:
            self._want(OLDER, state.older)
            self._want(NEWER, state.newer)
        self.changed.emit()

    # -- photos

    def _want(self, side: str, pane: PaneState | None) -> None:
        pictures = self.pictures[side]
        if pane is None:
            return
        if self._serving.get(side) != pane.consultation.id:
            self._serving[side] = pane.consultation.id
            self._photos[side] = None
            pictures.show(pane.consultation)
        photo = pane.photo.id if pane.photo is not None else None
        if photo == self._photos[side]:
            return
        self._photos[side] = photo
        kept = pictures.best(photo) if photo is not None else None
        self.canvas.show_picture(side, kept[0] if kept is not None else None)
        if photo is not None:
            pictures.want(photo)

    def _want_full(self, side: str) -> None:
        photo = self._photos[side]
        if photo is not None:
            self.pictures[side].want(photo, full=True)

    def _arrived(self, side: str, arrived: Arrived[Pyramid]) -> None:
        if arrived.photo == self._photos[side]:
            self.canvas.show_picture(side, arrived.picture)

    def _unreadable(self, side: str, failed: Unreadable) -> None:
        if failed.photo == self._photos[side] and self.canvas.picture(side) is None:
            message = wording.message(failed.code)
            self.canvas.show_picture(side, None, message.line)

    # -- sizes

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the panel its width for this window."""
        super().resizeEvent(event)
        self.bar.set_low(event.size().height() < LOW)
        self._lay_out(event.size().width())

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """A double click on the splitter brings the usual width back."""
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self._sized = 0
            self._widths.forget()
            self._lay_out(self.width())
        return False

    def _lay_out(self, width: int) -> None:
        panel = theme.px(next(wide for least, wide in SIZES if width >= least))
        # Within one size of window the width is the user's.
        if self._sized != panel:
            self._sized = panel
            self._widths.lay_out(str(panel), [max(1, width - panel - 1), panel])
