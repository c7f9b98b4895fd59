"""Two finished readings beside each other: how far they agree, and what only one of them saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from workstation.domain.agreement import Agreement
from workstation.domain.ids import AnnotationId, ConsultationId, PhotoId
from workstation.domain.lesions import Annotation
from workstation.language import of_content, tr
from workstation.presenters import reading_words, wording
from workstation.presenters.assess import AssessPresenter
from workstation.presenters.jobs import Lane, expected
from workstation.presenters.observable import Event
from workstation.presenters.reading import SeenCase, seen
from workstation.presenters.tools import TYPE_NAMES
from workstation.workflow import second_read
from workstation.workflow.second_read import Compared


@dataclass(frozen=True, slots=True)
class CountRow:
    """Counts of one type in both readings, their difference, and the ICC with its interval."""

    name: str
    first: int
    second: int
    icc: str
    interval: str = ""  # empty where it cannot be told

    @property
    def difference(self) -> str:
        """``+2`` when the second reader saw two more."""
        return f"{self.second - self.first:+d}" if self.second != self.first else "0"


@dataclass(frozen=True, slots=True)
class Seen:
    """One annotation of a reading on the photo; ``first`` tells whose."""

    annotation: Annotation
    first: bool


@dataclass(frozen=True)
class AgreementShown:
    """Everything the page shows. ``problem`` is a code when there is nothing to show."""

    problem: str = ""
    about: str = ""
    rows: tuple[CountRow, ...] = ()
    grades: tuple[tuple[str, str], ...] = ()  # (what, words)
    caution: str = ""
    pairs: tuple[tuple[Annotation, Annotation], ...] = ()  # on the photo, not linked by a click
    alone: tuple[Seen, ...] = ()  # on the photo, made by one reader only
    chosen: Seen | None = None
    walked: str = ""
    legend: tuple[str, str, str] = ("", "", "")  # pairs, first only, second only, on all photos


NOTHING = AgreementShown()


class AgreementPresenter:
    """Holds one comparison; the first reading is drawn by the canvas, the second laid over it."""

    def __init__(self, case: SeenCase) -> None:
        self.case = case
        self.assess = AssessPresenter(case)
        self.changed: Event[AgreementShown] = Event()
        self.told: Event[str] = Event()
        self.state = NOTHING
        self.compared: Compared | None = None
        self._asked = 0
        self._chosen: AnnotationId | None = None
        self.assess.changed.subscribe(lambda _: self._render())

    def begin(self, id: ConsultationId) -> None:
        """Compare the newest finished second reading of a consultation with the first."""
        self.close()
        self._asked += 1
        asked = self._asked
        case = self.case

        def work() -> Compared:
            case.read_clinic()
            return second_read.compared(case.desk, case.session, id)

        def done(found: Compared) -> None:
            if asked == self._asked:
                self.compared = found
                case.show(partial(seen, case, found, found.first))
                self._render()

        def failed(error: Exception) -> None:
            error = expected(error)
            if asked == self._asked:
                self._set(AgreementShown(problem=error.code))

        case.jobs.submit(work, done, failed, Lane.READ)

    def close(self) -> None:
        """Show nothing."""
        self._asked += 1
        self.compared, self._chosen = None, None
        self.case.close()
        self._set(NOTHING)

    def walk(self, step: int) -> Seen | None:
        """Choose the next (+1) or previous (-1) annotation that only one reader made."""
        every = self._alone()
        if not every:
            return None
        ids = [s.annotation.id for s in every]
        at = ids.index(self._chosen) + step if self._chosen in ids else (0 if step > 0 else -1)
        chosen = every[at % len(every)]
        self._chosen = chosen.annotation.id
        self.assess.show(chosen.annotation.photo)
        self._render()
        return chosen

    def drop(self) -> None:
        """Choose nothing."""
        self._chosen = None
        self._render()

    def export(self, write: str) -> None:
        """Write the figures into the outbox as ``csv`` or ``json``; ``told`` says where."""
        found = self.compared
        if found is None:
            return
        case = self.case

        def failed(error: Exception) -> None:
            said = wording.message(expected(error).code)
            self.told.emit(said.line)

        case.jobs.submit(
            lambda: second_read.write_out(case.desk, case.session, found, write),
            lambda name: self.told.emit(reading_words.written(name)),
            failed,
            Lane.STORE,
        )

    # -- inside

    def _alone(self) -> tuple[Seen, ...]:
        """What one reader made alone, by photo as they hang, from top to bottom."""
        if self.compared is None:
            return ()
        order = {p.id: n for n, p in enumerate(self.assess.photos)}
        paired = self.compared.agreement.paired
        found = [Seen(a, True) for a in paired.first_only]
        found += [Seen(a, False) for a in paired.second_only]
        return tuple(
            sorted(found, key=lambda s: (order.get(s.annotation.photo, 0), s.annotation.at.y))
        )

    def _render(self) -> None:
        found = self.compared
        if found is None:
            return
        photo = self.assess.photo.id if self.assess.photo is not None else PhotoId("")
        every = self._alone()
        here = tuple(s for s in every if s.annotation.photo == photo)
        pairs = tuple(p for p in found.agreement.paired.both if p[0].photo == photo)
        at = next((n for n, s in enumerate(every) if s.annotation.id == self._chosen), -1)
        zone = wording.zone(self.case.clinic.time_zone)
        self._set(
            AgreementShown(
                about=reading_words.compared(found.reader, found.finished_at, zone),
                rows=rows_of(found.agreement),
                grades=_grades(found.agreement, self.case.desk.catalogue.rubric.grades),
                caution=reading_words.caution(found.agreement),
                pairs=pairs,
                alone=here,
                chosen=every[at] if at >= 0 else None,
                walked=tr("{at} of {every}", at=at + 1, every=len(every))
                if at >= 0
                else f"{len(every)}",
                legend=reading_words.legend(found.agreement),
            )
        )

    def _set(self, state: AgreementShown) -> None:
        if state != self.state:
            self.state = state
            self.changed.emit(state)


def rows_of(agreement: Agreement) -> tuple[CountRow, ...]:
    """A row for each type that either reader counted, and one for all."""
    rows = [
        CountRow(
            tr(TYPE_NAMES[t.type]),
            t.first,
            t.second,
            reading_words.figure(t.icc),
            reading_words.interval(t.interval),
        )
        for t in agreement.types
    ]
    first, second = (sum(r.first for r in rows), sum(r.second for r in rows))
    whole = reading_words.figure(agreement.total_icc)
    ends = reading_words.interval(agreement.total_interval)
    rows.append(CountRow(tr("All"), first, second, whole, ends))
    return tuple(rows)


def _grades(agreement: Agreement, words: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    known = dict(words)
    first, second = (of_content(known.get(g, g)) for g in agreement.grades)
    kappa = reading_words.figure(agreement.type_kappa)
    return (
        (tr("Grade"), first if first == second else f"{first} \u2192 {second}"),
        (tr("Type of paired annotations, kappa"), kappa),
    )
