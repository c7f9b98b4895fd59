"""The strip that tells of a later version of the open consultation."""

from __future__ import annotations

from PySide6.QtCore import QObject

from workstation.language import tr
from workstation.presenters.news import NewsPresenter, NewsView
from workstation.ui.widgets import Strip


class News(QObject):
    """Fills ``strip`` while a consultation is open."""

    def __init__(self, presenter: NewsPresenter, strip: Strip) -> None:
        super().__init__(strip)
        self._presenter, self._strip = presenter, strip
        self._shown: NewsView | None = None
        presenter.changed.subscribe(self._show)

    def _show(self, view: NewsView | None) -> None:
        if view == self._shown:
            return
        self._shown = view
        if view is None:
            self._strip.clear()
        else:
            self._strip.say(
                "warn", view.title, view.detail, button=(tr("Seen"), self._presenter.seen)
            )
