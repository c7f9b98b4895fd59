"""The previewed documents of one sitting, drawn page by page behind the Sign step."""

from __future__ import annotations

from collections.abc import Callable

from workstation.domain.pixels import Pixels
from workstation.presenters.case import CaseFile
from workstation.presenters.jobs import Lane
from workstation.workflow.ports.pages import ON_PAPER
from workstation.workflow.sign import Preview, Previews

SCALE = 2.0  # pixels per point on the screen
Made = tuple[int, int]
"""Generation and revision of the consultation that previews were made from."""


class SignPages:
    """``told`` is called when a page is there; ``previews`` is None until the store gave them."""

    def __init__(
        self, case: CaseFile, told: Callable[[], None], failed: Callable[[Exception], None]
    ) -> None:
        self._case, self._told, self._failed = case, told, failed
        self.previews: Previews | None = None
        self.current = 0  # the document in front
        self.made: Made | None = None
        self._drawn: dict[int, tuple[Pixels, ...]] = {}

    @property
    def documents(self) -> tuple[Preview, ...]:
        """The documents in their order; none before they came."""
        return self.previews.documents if self.previews is not None else ()

    def of(self, index: int) -> tuple[Pixels, ...]:
        """The pages of a document; none while they are drawn."""
        return self._drawn.get(index, ())

    def show(self, index: int) -> bool:
        """Bring a document to the front; False when there is none of that number."""
        if not 0 <= index < len(self.documents):
            return False
        self.current = index
        return True

    def wait_for(self, made: Made) -> None:
        """Previews of that revision are on their way."""
        self.made = made

    def take(self, previews: Previews) -> None:
        """They came: tell, and draw their pages."""
        self.previews = previews
        self._told()
        for index, preview in enumerate(previews.documents):
            self._draw(index, preview)

    def forget(self) -> None:
        """What was previewed is not what would be signed now."""
        self.previews = None
        self._drawn = {}
        self.made = None
        self.current = 0

    def for_paper(self, done: Callable[[str, tuple[Pixels, ...]], None]) -> None:
        """(number, pages) of the document in front, for a draft on paper."""
        if not self.documents:
            return
        shown = self.documents[min(self.current, len(self.documents) - 1)]
        renderer = self._case.desk.renderer
        self._case.jobs.submit(
            lambda: renderer.pages(shown.pdf, ON_PAPER),
            lambda pages: done(shown.document.number, pages),
            self._failed,
            Lane.WORK,
            "sign.draft_pages",
        )

    def _draw(self, index: int, preview: Preview) -> None:
        made, renderer = self.made, self._case.desk.renderer

        def done(pages: tuple[Pixels, ...]) -> None:
            if made == self.made:
                self._drawn[index] = pages
                self._told()

        self._case.jobs.submit(
            lambda: renderer.pages(preview.pdf, SCALE),
            done,
            self._failed,
            Lane.WORK,
            f"sign.pages.{index}",
        )
