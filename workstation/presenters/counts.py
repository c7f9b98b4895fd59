"""Counts by photo that always add up, and the last visit beside this one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress
from operator import ne

from workstation.domain.consultation import PastVisit
from workstation.domain.ids import PhotoId
from workstation.domain.lesions import COUNTED, EIGHT_KEYS, Cell, LesionType, Tally, ZoneId
from workstation.domain.photo import Photo
from workstation.domain.severity import Grade
from workstation.language import chosen, of_content, plural, tr
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
    """Counts by type and photo, of the types that count and of those that do not.

    Counted on from the last table where one cell alone is another.
    """
    kept = _LAST[0] if _LAST else None
    table = None
    if kept is not None and kept.photos is photos and kept.language == chosen():
        table = _counted_on(kept, tally)
    if table is None:
        table = whole_table(photos, tally)
    _LAST[:] = [_Kept(photos, chosen(), tally.cells, tally.references, table)]
    return table


@dataclass(frozen=True, slots=True)
class _Kept:
    """A table with what it was made from."""

    photos: Sequence[Photo]
    language: str
    cells: tuple[tuple[Cell, int], ...]
    waiting: int
    table: CountsTable


_LAST: list[_Kept] = []


def _counted_on(kept: _Kept, tally: Tally) -> CountsTable | None:
    """The table of ``tally``; None where more than the number of one cell differs."""
    if len(kept.cells) != len(tally.cells) or kept.waiting != tally.references:
        return None
    differing = list(compress(range(len(tally.cells)), map(ne, kept.cells, tally.cells)))
    if not differing:
        return kept.table
    (cell, before), (same, now) = kept.cells[differing[0]], tally.cells[differing[0]]
    if len(differing) > 1 or cell != same:
        return None
    table, (photo, zone, kind), more = kept.table, cell, now - before
    column, place = table.photos.index(photo), table.zones.index(zone)
    number = next(n for n, row in enumerate(table.rows) if row.type is row_of(kind))
    old = table.rows[number]
    row = CountsRow(
        old.type,
        old.name,
        _more(old.cells, column, more),
        old.total + more,
        _more(old.by_zone, place, more),
    )
    rows = (*table.rows[:number], row, *table.rows[number + 1 :])
    if row.type not in COUNTED:
        return replace(table, rows=rows)
    return CountsTable(
        table.photos,
        table.columns,
        rows,
        _more(table.counted, column, more),
        table.total + more,
        table.below,
        table.zones,
        table.zone_columns,
        _more(table.zone_counted, place, more),
    )


def _more(numbers: tuple[int, ...], place: int, more: int) -> tuple[int, ...]:
    return (*numbers[:place], numbers[place] + more, *numbers[place + 1 :])


def whole_table(photos: Sequence[Photo], tally: Tally) -> CountsTable:
    """The table from every cell."""
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
