"""Leaflets for the consultation that Records shows, drawn for paper; each is on the audit trail."""

from __future__ import annotations

from collections.abc import Callable

from workstation.domain.documents import SignedDocument
from workstation.domain.errors import WorkstationError
from workstation.domain.ids import ConsultationId
from workstation.domain.pixels import Pixels
from workstation.presenters.jobs import Jobs, Lane
from workstation.workflow import leaflets
from workstation.workflow.desk import Desk, Session
from workstation.workflow.ports.pages import ON_PAPER
from workstation.workflow.seal import Preview

Printed = Callable[[str, tuple[Pixels, ...]], None]
"""Called with the number of a leaflet and its pages."""


class RecordsLeaflets:
    """Makes them on the STORE lane; ``shown`` gives the signed document that is selected."""

    def __init__(
        self,
        desk: Desk,
        session: Callable[[], Session],
        jobs: Jobs,
        shown: Callable[[], SignedDocument | None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._desk, self._session, self._jobs = desk, session, jobs
        self._shown, self._failed = shown, failed
        self._made: Preview | None = None

    def handout(self, language: str, done: Printed) -> None:
        """The patient's handout."""
        self._draw(lambda id: leaflets.handout(self._desk, self._session(), id, language), done)

    def guardian_plan(self, language: str, done: Printed) -> None:
        """The dates for a minor's guardian."""
        self._draw(
            lambda id: leaflets.guardian_plan(self._desk, self._session(), id, language), done
        )

    def own(self, name: str, done: Printed) -> None:
        """A leaflet that a data file makes."""
        self._draw(lambda id: leaflets.own_leaflet(self._desk, self._session(), id, name), done)

    def write(self, number: str, told: Callable[[str], None]) -> None:
        """Put the leaflet made last into the outbox, where there is no paper; ``told`` its name."""
        made = self._made
        if made is None or made.document.number != number:
            return
        self._jobs.submit(
            lambda: self._desk.outbox.write(number, made.pdf).name, told, self._failed, Lane.STORE
        )

    def offered(self) -> tuple[tuple[str, str], ...]:
        """(name, title) of the leaflets that data files make; none, and said, when one is faulty."""
        try:
            return tuple(
                (one.name, one.title) for one in leaflets.own_leaflets(self._desk.catalogue)
            )
        except WorkstationError as error:
            self._failed(error)
            return ()

    def _draw(self, make: Callable[[ConsultationId], Preview], done: Printed) -> None:
        document = self._shown()
        if document is None:
            return

        def work() -> tuple[Preview, tuple[Pixels, ...]]:
            made = make(document.consultation)
            return made, self._desk.renderer.pages(made.pdf, ON_PAPER)

        def drawn(made: tuple[Preview, tuple[Pixels, ...]]) -> None:
            self._made = made[0]
            done(made[0].document.number, made[1])

        self._jobs.submit(work, drawn, self._failed, Lane.STORE)
