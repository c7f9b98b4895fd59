"""Prints or exports the annotated photo sheet from the Assess page."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QWidget

from workstation.domain.pixels import Pixels
from workstation.presenters.photo_sheet import PhotoSheetPresenter
from workstation.ui.page import PageTools


class Paper:
    """Two actions of the page. ``parts`` are what holds the focus: together the whole page."""

    def __init__(
        self,
        presenter: PhotoSheetPresenter,
        parts: Iterable[QWidget],
        tools: PageTools,
        can: Callable[[], str],
    ) -> None:
        self.presenter = presenter
        self._tools = tools
        presenter.told.subscribe(lambda text: tools.toast(text, ()))
        for part in parts:
            self._over = part
            tools.commands.bind("canvas.print", part, self.print_sheet, can)
            tools.commands.bind("canvas.export_sheet", part, presenter.write, can)

    def print_sheet(self) -> None:
        """Ask for a printer and print; nothing is made where there is none."""
        from workstation.ui.printing import no_printer

        missing = no_printer()
        if missing:
            self._tools.toast(missing, ())
        else:
            self.presenter.pages(self.put_on_paper)

    def put_on_paper(self, number: str, pages: tuple[Pixels, ...]) -> None:
        """Print pages of an open consultation: each carries the draft mark."""
        from workstation.ui.printing import DRAFT, ask_and_print

        said = ask_and_print(self._over, number, pages, mark=DRAFT)
        if said:
            self._tools.toast(said, ())
