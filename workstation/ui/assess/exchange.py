"""Joins files of annotations to the Assess page: actions, a notice, a strip for progress and refusals."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from workstation.language import noted, tr
from workstation.presenters.exchange import ExchangePresenter
from workstation.presenters.exchange_dicom import Progress
from workstation.ui.page import PageTools
from workstation.ui.widgets import Strip

FILES = noted("Annotations (*.json *.csv *.dcm)")


class Exchange:
    """Export to the outbox, import from a file that is chosen."""

    def __init__(
        self,
        presenter: ExchangePresenter,
        owner: QWidget,
        tools: PageTools,
        can: Callable[[], str],
    ) -> None:
        self.presenter = presenter
        self.strip = Strip(owner.parentWidget())
        self._owner = owner
        undo: tuple[tuple[str, Callable[[], None]], ...] = ((tr("Undo"), presenter.case.undo),)
        presenter.told.subscribe(lambda text: self._told(text, ()))
        presenter.took.subscribe(lambda text: self._told(text, undo))
        presenter.refused.subscribe(
            lambda said: self.strip.say(
                "warn", said.title, said.detail, link=(tr("Close"), self.strip.clear)
            )
        )
        presenter.dicom.changed.subscribe(self._progress)
        self._tools = tools
        verbs: dict[str, Callable[[], None]] = {
            "canvas.export_coco": partial(presenter.write, "coco"),
            "canvas.export_csv": partial(presenter.write, "csv"),
            "canvas.export_fhir": partial(presenter.write, "fhir"),
            "canvas.export_dicom": presenter.dicom.begin,
            "canvas.import": self.choose,
        }
        for id_, run in verbs.items():
            tools.commands.bind(id_, owner, run, can, focus=True)

    def choose(self) -> None:
        """Ask for the file, and take it."""
        path, _ = QFileDialog.getOpenFileName(self._owner, tr("Import annotations"), "", tr(FILES))
        if path:
            self.presenter.read(Path(path))

    def _progress(self, state: Progress | None) -> None:
        if state is None:
            self.strip.clear()
        else:
            cancel = (tr("Cancel"), self.presenter.dicom.cancel)
            self.strip.say("info", state.text, link=cancel, icon="download")

    def _told(self, text: str, links: tuple[tuple[str, Callable[[], None]], ...]) -> None:
        self.strip.clear()
        self._tools.toast(text, links)
