"""Counts by photo that always add up, and the last visit beside this one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workstation.domain.consultation import PastVisit
from workstation.domain.ids import PhotoId
from workstation.domain.lesions import COUNTED, EIGHT_KEYS, LesionType, Tally, ZoneId
from workstation.domain.photo import Photo
from workstation.domain.severity import Grade
from workstation.language import of_content, plural, tr
from workstation.presenters import wording
from workstation.presenters.criteria import grade_word
from workstation.presenters.tools import TYPE_NAMES, VIEW_SHORT, ZONE_SHORT, row_of


@dataclass(frozen=True, slots=True)
class CountsRow:
    """One lesion type: counts by photo, by zone and in all."""

    type: LesionType
    name: str
    cells: tuple[int, ...]
    total: int
    by_zone: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CountsTable:
    """Counts by photo and by zone.

    Columns, rows and the total always add up either way, being sums of the same cells.
    """

    photos: tuple[PhotoId, ...]
    columns: tuple[str, ...]
    rows: tuple[CountsRow, ...]
    counted: tuple[int, ...]
    total: int
    below: str
    zones: tuple[ZoneId, ...] = ()
    zone_columns: tuple[str, ...] = ()
    zone_counted: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PastRow:
    """One count then and now."""

    title: str
    then: int
    now: int

    @property
    def change(self) -> str:
        """``+3``, ``−4`` or ``same``."""
        step = self.now - self.then
        return tr("same") if not step else f"+{step}" if step > 0 else f"\u2212{-step}"


@dataclass(frozen=True, slots=True)
class PastLine:
    """The last visit beside this one; ``heading`` is its day and grade."""

    heading: str
    rows: tuple[PastRow, ...]


def counts_table(photos: Sequence[Photo], tally: Tally) -> CountsTable:
    """Counts by type and photo, of the types that count and of those that do not."""
    ids = tuple(photo.id for photo in photos)
    seen = {zone for (_, zone, _), _ in tally.cells}
    zones = tuple([zone for zone in ZoneId if zone in seen])
    column = {photo: number for number, photo in enumerate(ids)}
    place = {zone: number for number, zone in enumerate(zones)}
    found = {row_of(kind) for (_, _, kind), _ in tally.cells}
    kinds = (*EIGHT_KEYS, *(k for k in LesionType if k in found and k not in EIGHT_KEYS))
    by_kind = {kind: ([0] * len(ids), [0] * len(zones)) for kind in kinds}
    for (photo, zone, kind), number in tally.cells:
        cells, places = by_kind[row_of(kind)]
        cells[column[photo]] += number
        places[place[zone]] += number
    rows = [
        CountsRow(kind, tr(TYPE_NAMES[kind]), tuple(cells), sum(cells), tuple(places))
        for kind, (cells, places) in by_kind.items()
    ]
    graded = [row for row in rows if row.type in COUNTED]
    counted = tuple([sum([row.cells[i] for row in graded]) for i in range(len(ids))])
    waiting = tally.references
    below = ""
    if waiting:
        below = plural(
            waiting,
            "{n} reference annotation is not counted and not linked.",
            "{n} reference annotations are not counted and not linked.",
        )
    columns = _columns(photos)
    return CountsTable(
        ids,
        columns,
        tuple(rows),
        counted,
        sum(counted),
        below,
        zones,
        tuple(tr(ZONE_SHORT[zone]) for zone in zones),
        tuple([sum([row.by_zone[i] for row in graded]) for i in range(len(zones))]),
    )


def _columns(photos: Sequence[Photo]) -> tuple[str, ...]:
    names: list[str] = []
    for photo in photos:
        name = tr(VIEW_SHORT[photo.view])
        number = sum(1 for n in names if n.split(" ")[0] == name)
        names.append(f"{name} {number + 1}" if number else name)
    return tuple(names)


def past_line(past: Sequence[PastVisit], grade: Grade) -> PastLine | None:
    """The last visit's date, grade and counts beside this one's."""
    if not past:
        return None
    last = past[-1]
    then = dict(last.counts)
    word = grade_word(last.grade) if last.grade else tr("not graded")
    rows = tuple(
        PastRow(of_content(r.criterion.title), then[r.criterion.id], r.count)
        for r in grade.results
        if r.criterion.id in then
    )
    return PastLine(f"{wording.day(last.on)} · {word}", rows)
