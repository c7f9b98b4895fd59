"""The strip above every step while it is in doubt whom the open consultation is about."""

from __future__ import annotations

from workstation.domain.identity import Settled
from workstation.language import tr
from workstation.presenters.identity import IdentityPresenter, IdentityState
from workstation.ui.widgets import Strip


class IdentityNotice:
    """Says in ``strip`` what is in doubt, with the two answers; away while nothing is."""

    def __init__(self, strip: Strip, presenter: IdentityPresenter) -> None:
        self._strip, self._presenter = strip, presenter
        self._on_step = False
        self._subscription = presenter.changed.subscribe(lambda _: self._render())

    def on_step(self, on_step: bool) -> None:
        """Whether a step of the consultation is shown: elsewhere the strip stays away."""
        self._on_step = on_step
        self._render()

    def _render(self) -> None:
        state = self._presenter.state
        if state is None or not self._on_step:
            self._strip.clear()
        else:
            self._say(state)

    def _say(self, state: IdentityState) -> None:
        title = (
            state.title
            if not state.left
            else tr("{title} (and {left} more)", title=state.title, left=state.left)
        )
        settle = self._presenter.settle
        other = None if state.answered else (state.different, lambda: settle(Settled.DIFFERENT))
        self._strip.say(
            "danger",
            title,
            state.detail,
            button=(state.same, lambda: settle(Settled.SAME)),
            link=other,
            icon="users",
        )
