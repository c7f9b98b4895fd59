"""What a later version of the open consultation changed, until somebody says that they saw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from workstation.content.catalogue import Catalogue
from workstation.domain.photo import View
from workstation.domain.versions import Changed, Difference, Version
from workstation.language import noted, of_content, tr
from workstation.presenters import wording
from workstation.presenters.case import CaseFile
from workstation.presenters.case_state import CaseChange, Happened
from workstation.presenters.jobs import Lane, expected
from workstation.presenters.observable import Event
from workstation.workflow import versions as workflow

MOST_LINES = 4
MOST_LETTERS = 90
ARROW = " \u2192 "
NOT_SAID = noted("not said")
PATIENT = {
    "name": noted("Name"),
    "born": noted("Date of birth"),
    "sex": noted("Recorded sex"),
    "phone": noted("Phone"),
    "emergency": noted("Emergency contact"),
    "present_location": noted("Present location"),
    "address": noted("Address"),
    "allergies": noted("Allergies"),
    "medicines": noted("Medicines"),
    "rems_id": noted("iPLEDGE number"),
}


@dataclass(frozen=True)
class NewsView:
    """The strip: what came, and each thing that differs (``more`` of them are not listed)."""

    title: str
    lines: tuple[str, ...]
    more: int

    @property
    def detail(self) -> str:
        """The lines as one text."""
        rest = (tr("and {more} more; Details (Ctrl+I) show the whole intake", more=self.more),)
        return "\n".join((*self.lines, *(rest if self.more else ())))


def view(
    versions: tuple[Version, ...], catalogue: Catalogue, zone: tzinfo | None
) -> NewsView | None:
    """What nobody has seen yet; ``None`` when there is nothing."""
    unseen = [v for v in versions if v.seen_by is None]
    if not unseen:
        return None
    differing = [d for v in unseen for d in v.differences]
    at = wording.clock_seconds(unseen[-1].received_at, zone)[:5]
    number = len(differing)
    if not number:
        what = tr("nothing that is read here changed")
    else:
        what = (
            tr("1 thing changed") if number == 1 else tr("{number} things changed", number=number)
        )
    title = tr(
        "The sender sent this consultation again ({at}): {what}. Your draft is as you left it.",
        at=at,
        what=what,
    )
    lines = tuple(line(d, catalogue) for d in differing[:MOST_LINES])
    return NewsView(title, lines, max(0, number - MOST_LINES))


def line(difference: Difference, catalogue: Catalogue) -> str:
    """One difference as a line of plain text."""
    about = difference.about
    if difference.kind is Changed.OWN_WORDS:
        return tr("The patient\u2019s own words changed")
    if difference.kind is Changed.PHOTO:
        return tr("New photo: {view}", view=wording.VIEW[View(about)])
    if difference.kind is Changed.RESULT:
        test = catalogue.tests.get(about)
        return tr(
            "New result: {test} {after}",
            test=of_content(test.name) if test is not None else about,
            after=difference.after,
        )
    if difference.kind is Changed.SUPPLY:
        return tr("Supply of {about}: {after}", about=about, after=difference.after)
    if difference.kind is Changed.PATIENT:
        about = tr(PATIENT[about])
    elif difference.kind is Changed.RECORD:
        spec = catalogue.facts.get(about)
        about = of_content(spec.label) if spec is not None else about
    before, after = (_short(t) or NOT_SAID for t in (difference.before, difference.after))
    about = about.rstrip(".")
    return f"{about}{'' if about.endswith('?') else ':'} {before}{ARROW}{after}"


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= MOST_LETTERS else plain[: MOST_LETTERS - 1] + "\u2026"


class NewsPresenter:
    """Later versions of the open consultation as they are told. Called on the UI thread."""

    def __init__(self, case: CaseFile, zone: tzinfo | None) -> None:
        self._case, self._zone = case, zone
        self.changed: Event[NewsView | None] = Event()
        case.changed.subscribe(self._case_changed)

    @property
    def view(self) -> NewsView | None:
        """What is shown now."""
        state = self._case.state
        if state is None:
            return None
        return view(state.versions, self._case.desk.catalogue, self._zone)

    def seen(self) -> None:
        """The user saw what differs: kept with their name, and the strip goes."""
        state = self._case.state
        if state is None:
            return
        case, id = self._case, state.consultation.id
        shown = max((version.number for version in state.versions), default=0)

        def failed(error: Exception) -> None:
            expected(error)

        case.jobs.submit(
            lambda: workflow.seen(case.desk, case.session, id, shown),
            lambda _: case.news_seen(id, shown),
            failed,
            Lane.STORE,
        )

    def _case_changed(self, change: CaseChange) -> None:
        if change.happened in (Happened.OPENED, Happened.CLOSED, Happened.RESULT):
            self.changed.emit(self.view)
