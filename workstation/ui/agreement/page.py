"""The agreement of two readings: both on the same photos, and the figures beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workstation.domain.ids import ConsultationId
from workstation.language import tr
from workstation.presenters import reading_words, wording
from workstation.presenters.agreement import AgreementPresenter, AgreementShown
from workstation.presenters.assess_state import AssessState
from workstation.presenters.banner import Banner, BannerPresenter
from workstation.presenters.tools import Tool
from workstation.ui.agreement import layer
from workstation.ui.agreement.panel import AgreementPanel
from workstation.ui.banner import PatientBanner
from workstation.ui.making import make
from workstation.ui.page import PageTools, Primary
from workstation.ui.reading.body import SeenBody
from workstation.ui.reading.page import Head
from workstation.ui.widgets import Button, Strip


class _Body(SeenBody):
    """Photos and canvas; ``walk`` steps through what one reader saw alone."""

    def _parts(self) -> Iterator[None]:
        yield from super()._parts()
        yield
        self.walk: Callable[[int], None] = lambda _: None
        self.drop: Callable[[], None] = lambda: None
        self.figures = AgreementPanel(self.panel.area.viewport())
        self._kept = self.panel.area.takeWidget()
        self.panel.area.setWidget(self.figures)
        self.panel.setAccessibleName(tr("Agreement"))

    def verbs(self) -> dict[str, Callable[[], None]]:
        """J and K walk what only one reader saw."""
        return super().verbs() | {
            "canvas.next": lambda: self.walk(1),
            "canvas.previous": lambda: self.walk(-1),
            "canvas.drop": self.drop,
        }

    def _render(self, state: AssessState | None) -> None:
        super()._render(state)
        if state is not None and state.tools.tool is Tool.MARK:
            self.presenter.use(Tool.SELECT)
            if self.presenter.tools.zones:
                self.presenter.toggle_zones()  # R shows them; at first they are in the way


class AgreementPage(QWidget):
    """Shows one comparison. ``read_wanted`` carries the consultation to be read."""

    changed = Signal()

    def __init__(
        self, presenter: AgreementPresenter, tools: PageTools, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAccessibleName(tr(reading_words.AGREEMENT))
        self.presenter, self._tools = presenter, tools
        self.edited = presenter.case
        self._entered = False
        make(self, self._parts())

    def _parts(self) -> Iterator[None]:
        presenter, tools = self.presenter, self._tools
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.banner, self.problem = PatientBanner(self), Strip(self)
        yield
        self.head = Head(self, tr(reading_words.AGREEMENT))
        back = Button(self.head, text=tr("Back to the queue"))
        back.clicked.connect(self._back)
        self.head.row.addWidget(back)
        self.body = _Body(presenter.assess, tools, self)
        yield
        self.body.walk, self.body.drop = self._walk, presenter.drop
        self.notices = self.body.notices
        for part in (self.banner, self.head, self.problem):
            column.addWidget(part)
        column.addWidget(self.body, 1)
        column.addStretch()  # without a comparison what is said stands at the top
        self.body.canvas.layers.append(self._paint)
        figures = self.body.figures
        figures.stepped.connect(self._walk)
        figures.write_wanted.connect(presenter.export)
        self._banner = BannerPresenter(presenter.case)
        self._banner.changed.subscribe(self._show_banner)
        self.body.changed.connect(self.changed)
        presenter.changed.subscribe(self.render_state)
        presenter.told.subscribe(lambda text: tools.toast(text, ()))
        presenter.case.refused.subscribe(lambda text: tools.toast(text, ()))
        bind = tools.commands.bind
        bind("agreement.next", figures, partial(self._walk, 1))
        bind("agreement.previous", figures, partial(self._walk, -1))
        for form in ("csv", "json"):
            bind(f"agreement.{form}", self, partial(presenter.export, form), self._nothing)

    # -- the page protocol

    def key_hints(self) -> tuple[tuple[str, str], ...]:
        """Keys of the photo."""
        return (
            ("J", tr("next seen by one")),
            ("K", tr("previous")),
            ("N", tr("next photo")),
            ("H", tr("hold to hide")),
            ("?", tr("all keys")),
        )

    def primary(self) -> Primary | None:
        """Nothing follows from this page."""
        return None

    def activate_primary(self) -> None:
        """Nothing follows from this page."""

    def step_chip(self) -> tuple[str, str] | None:
        """Not a step."""
        return None

    def begin(self, id: ConsultationId) -> None:
        """Compare the readings of a consultation."""
        self.presenter.begin(id)

    def enter(self) -> None:
        """The photo has the focus."""
        self._entered = True
        self.body.enter()

    def leave(self) -> None:
        """Keep nothing decoded while the page is covered."""
        self._entered = False
        self.body.leave()

    def render_state(self, shown: AgreementShown) -> None:
        """Show a state."""
        if shown.problem:
            said = wording.message(shown.problem)
            self.problem.say(
                "warn", said.title, said.detail, link=(tr("Back", sense="to go"), self._back)
            )
        else:
            self.problem.clear()
        there = self.presenter.compared is not None
        self.banner.setVisible(there)
        self.body.setVisible(there)
        self.head.about.setText(shown.about)
        self.body.figures.render_state(shown)
        self.body.canvas.update()
        if there and self._entered:
            self.body.canvas.setFocus()

    # -- inside

    def _nothing(self) -> str:
        return "" if self.presenter.compared is not None else tr("There is nothing to compare.")

    def _back(self) -> None:
        self._tools.go("queue")

    def _walk(self, step: int) -> None:
        chosen = self.presenter.walk(step)
        canvas = self.body.canvas
        if chosen is not None and canvas.view.show(chosen.annotation.at, 80):
            canvas.moved()
        canvas.setFocus()

    def _show_banner(self, banner: Banner | None) -> None:
        if banner is None:
            self.banner.forget()
        else:
            self.banner.show_banner(banner)

    def _paint(self, painter: QPainter) -> None:
        canvas = self.body.canvas
        layer.paint(painter, self.presenter.state, canvas.view, canvas.glyph_scale)
