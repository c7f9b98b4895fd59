"""Joins assisted detection to the Assess page: one layer on the photo, one panel, a few keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from workstation.domain.lesions import EIGHT_KEYS
from workstation.language import noted, tr
from workstation.presenters import wording
from workstation.presenters.assist import AssistPresenter
from workstation.presenters.assist_state import AssistShown
from workstation.ui.accessible import announce
from workstation.ui.assess import assist_layer
from workstation.ui.assess.assist_panel import AssistPanel
from workstation.ui.assess.bars import Toolbar
from workstation.ui.assess.canvas import PhotoCanvas
from workstation.ui.assess.rubric_panel import RubricPanel

KEY_HINTS = (
    ("\u21b5", noted("accept")),
    ("1\u20138", noted("accept as type")),
    ("Del", noted("refuse")),
    ("\u21e7 \u21b5", noted("accept zone")),
    ("A", noted("assist off")),
    ("?", noted("all keys")),
)


class Assist:
    """Proposals on one page; ``say`` shows a sentence when there can be none.

    ``proposals`` stands inside the ``panel``, whose place it takes while it shows.
    """

    def __init__(
        self,
        presenter: AssistPresenter,
        canvas: PhotoCanvas,
        panel: RubricPanel,
        toolbar: Toolbar,
        say: Callable[[str], None],
        proposals: AssistPanel,
    ) -> None:
        self.presenter = presenter
        self.panel = proposals
        self._canvas, self._rubric, self._toolbar, self._say = canvas, panel, toolbar, say
        self._drawn = False  # whether proposals were on the photo when it was last shown
        canvas.layers.append(self._paint)
        canvas.more_verbs = self.verbs
        canvas.pick = self.pick
        panel.show_instead(self.panel, False)
        self.panel.zone_accepted.connect(presenter.accept_zone)
        self.panel.unlikely_refused.connect(presenter.refuse_unlikely)
        self.panel.all_accepted.connect(presenter.accept_all)
        self.panel.all_refused.connect(presenter.refuse_all)
        self.panel.least_set.connect(presenter.set_least)
        presenter.changed.subscribe(self.render_state)

    @property
    def on(self) -> bool:
        """Whether proposals are shown."""
        return self.presenter.state.on

    def render_state(self, shown: AssistShown) -> None:
        """Show a state."""
        self._toolbar.buttons["canvas.assist"].setChecked(shown.on)
        if shown.on:
            self._rubric.show_instead(self.panel, True)
            self.panel.render_state(shown)
        else:
            if self._drawn:
                self._rubric.show_instead(self.panel, False)
            if shown.problem:
                told = wording.message(shown.problem)
                self._say(told.line)
        if shown.on or self._drawn:
            self._canvas.update()
        self._drawn = shown.on

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys of the photo do now: those of proposals come first while one is selected."""
        presenter = self.presenter
        found: dict[str, Callable[[], None]] = {
            "canvas.assist": self._toggle,
            "canvas.accept_zone": presenter.accept_zone,
            "canvas.accept_all": presenter.accept_all,
        }
        shown = presenter.state
        if shown.on and shown.proposals:
            found["canvas.next"] = lambda: self._walk(1)
            found["canvas.previous"] = lambda: self._walk(-1)
        if shown.on and shown.selected is not None:
            found |= {
                "canvas.add": presenter.accept,
                "canvas.remove": presenter.refuse,
                "canvas.drop": lambda: presenter.select(None),
            }
            for number, kind in enumerate(EIGHT_KEYS, start=1):
                found[f"canvas.type{number}"] = partial(presenter.accept, kind)
        return found

    def pick(self, at: QPointF) -> bool:
        """Select the proposal under a canvas point; whether there is one."""
        if not self.on or self._canvas.hidden_marks:
            return False
        found = assist_layer.hit(self.presenter.state, self._canvas.view, at)
        if found is not None:
            self.presenter.select(found.number)
        elif self.presenter.state.selected is not None:
            self.presenter.select(None)
        return found is not None

    def _toggle(self) -> None:
        if not self.presenter.available:
            self._say(tr("This computer has no detector."))
            return
        self.presenter.toggle()

    def _walk(self, step: int) -> None:
        found = self.presenter.walk(step)
        if found is None:
            return
        if self._canvas.view.show(found.at, 60):
            self._canvas.moved()
        announce(self._canvas, found.spoken)

    def _paint(self, painter: QPainter) -> QRectF | None:
        if not self.on:
            return None
        return assist_layer.paint(painter, self.presenter.state, self._canvas.view)
