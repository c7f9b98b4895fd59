"""Counting lesions once each, and counting on: an edit costs what it changed, not what is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import is_

from workstation.domain.ids import AnnotationId, PhotoId
from workstation.domain.lesions import (
    COUNTED,
    Annotation,
    Cell,
    LesionType,
    Placed,
    Tally,
    ZoneId,
    ZoneOutline,
    ZoneOwner,
)
from workstation.domain.photo import Photo
from workstation.domain.zones import PhotoZones, owners, zones_by_photo

_ZONES = {zone: number for number, zone in enumerate(ZoneId)}
_TYPES = {kind: number for number, kind in enumerate(LesionType)}


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Where lesions are counted: the zones of each photo, and which of them count on it."""

    zones: Mapping[PhotoId, PhotoZones]
    own: Mapping[PhotoId, frozenset[ZoneId]]


@dataclass(frozen=True, slots=True, eq=False)
class Count:
    """A tally and what it takes to count on from it.

    ``linked`` are the annotations that are linked and those they are linked to.
    """

    ground: Ground
    annotations: tuple[Annotation, ...]
    linked: frozenset[AnnotationId]
    tally: Tally


def ground(
    photos: Sequence[Photo], outlines: Iterable[ZoneOutline], chosen: Iterable[ZoneOwner] = ()
) -> Ground:
    """The ground of photos with the outlines in force; ``chosen`` are owners picked by hand."""
    zones = zones_by_photo(photos, outlines)
    own = {photo: {ZoneId.OTHER} for photo in zones}
    for zone, photo in owners(photos, zones, chosen).items():
        own[photo].add(zone)
    return Ground(zones, {photo: frozenset(found) for photo, found in own.items()})


def tally(
    photos: Sequence[Photo],
    annotations: Iterable[Annotation],
    outlines: Iterable[ZoneOutline],
    chosen: Iterable[ZoneOwner] = (),
) -> Tally:
    """Count every lesion once; ``chosen`` are owner photos picked by hand.

    An annotation counts when its photo owns its zone, when it lies in no zone, or when the
    clinician made it count here. Annotations linked by ``same_as`` are one lesion: the first that
    may count does, an owner's before one counted by hand. Annotations on photos that are not
    given are left out.
    """
    return count(ground(photos, outlines, chosen), tuple(annotations)).tally


def count(on: Ground, annotations: tuple[Annotation, ...]) -> Count:
    """Count everything."""
    marked = [a for a in annotations if a.photo in on.zones]
    places = [on.zones[a.photo].zone_at(a.at) for a in marked]
    native = [zone in on.own[a.photo] for a, zone in zip(marked, places, strict=True)]
    counts = [own or a.counted_here for own, a in zip(native, marked, strict=True)]
    waiting = [not c for c in counts]
    for group in _groups(marked):
        able = [i for i in group if native[i]] or [i for i in group if counts[i]]
        for i in group:
            counts[i] = i == able[0] if able else False
            waiting[i] = not able and i == group[0]
    cells: dict[Cell, int] = {}
    annotated: dict[Cell, int] = {}
    unlinked: dict[ZoneId, int] = {}
    for a, zone, c, w in zip(marked, places, counts, waiting, strict=True):
        cell = a.photo, zone, a.type
        annotated[cell] = annotated.get(cell, 0) + 1
        if c:
            cells[cell] = cells.get(cell, 0) + 1
        elif w and a.type in COUNTED:
            unlinked[zone] = unlinked.get(zone, 0) + 1
    placed = tuple(map(Placed, marked, places, counts))
    return Count(
        on, annotations, _linked(annotations), _tally(on, placed, cells, unlinked, annotated)
    )


def count_on(last: Count, annotations: tuple[Annotation, ...]) -> Count:
    """The count of ``annotations`` on the same ground, equal to counting everything.

    Only the stretch that differs from the last count is counted, and with it all that are linked
    when some of these are: which of those counts depends on the others.
    """
    before, on, held = last.annotations, last.ground, last.tally
    gone, come = stretch(before, annotations)
    if not (before[gone] or annotations[come]):
        return last
    differing = (*before[gone], *annotations[come])
    known = len(held.placed) == len(before) and all(a.photo in on.zones for a in annotations[come])
    if not known:
        return count(on, annotations)
    linked, some = last.linked, frozenset(a.id for a in differing)
    if not some.isdisjoint(linked) or any(a.same_as for a in differing):
        linked = _linked(annotations)
        some |= last.linked | linked
        old = count(on, tuple([a for a in before if a.id in some]))
        new = count(on, tuple([a for a in annotations if a.id in some]))
    else:
        old, new = count(on, before[gone]), count(on, annotations[come])
    found = _exchanged(on, held, old.tally, new.tally)
    fresh = {p.annotation.id: p for p in new.tally.placed}
    middle = tuple([fresh[a.id] for a in annotations[come]])
    placed = (*held.placed[: gone.start], *middle, *held.placed[gone.stop :])
    if len(fresh) > len(middle):
        placed = tuple([fresh.get(p.annotation.id, p) for p in placed])
    return Count(on, annotations, linked, replace(found, placed=placed))


def _exchanged(on: Ground, held: Tally, old: Tally, new: Tally) -> Tally:
    """The sums of a tally with a part of it, ``old``, counted anew."""
    sums = [dict(held.cells), dict(held.annotated)]
    unlinked = dict(held.unlinked)
    for sign, part in ((-1, old), (1, new)):
        for found, rows in zip(sums, (part.cells, part.annotated), strict=True):
            for cell, number in rows:
                found[cell] = found.get(cell, 0) + sign * number
        for zone, number in part.unlinked:
            unlinked[zone] = unlinked.get(zone, 0) + sign * number
    cells, annotated = sums
    return Tally(
        held.placed,
        _in_order(on, cells, len(held.cells)),
        _waiting(unlinked),
        _in_order(on, annotated, len(held.annotated)),
    )


def _linked(annotations: Iterable[Annotation]) -> frozenset[AnnotationId]:
    """The annotations that are linked and those they are linked to."""
    twins = [(a.id, a.same_as) for a in annotations if a.same_as is not None]
    return frozenset([id_ for pair in twins for id_ in pair])


def stretch(one: Sequence[object], other: Sequence[object]) -> tuple[slice, slice]:
    """Where two sequences differ: all before and all behind are the very same objects."""
    front = _alike(one, other)
    back = min(min(len(one), len(other)) - front, _alike(one[::-1], other[::-1]))
    return slice(front, len(one) - back), slice(front, len(other) - back)


def _alike(one: Sequence[object], other: Sequence[object]) -> int:
    """How many items from the front are the very same."""
    same = list(map(is_, one, other))
    return same.index(False) if False in same else len(same)


def _tally(
    on: Ground,
    placed: tuple[Placed, ...],
    cells: Mapping[Cell, int],
    unlinked: Mapping[ZoneId, int],
    annotated: Mapping[Cell, int],
) -> Tally:
    return Tally(placed, _ordered(on, cells), _waiting(unlinked), _ordered(on, annotated))


def _waiting(unlinked: Mapping[ZoneId, int]) -> tuple[tuple[ZoneId, int], ...]:
    return tuple([(zone, unlinked[zone]) for zone in _ZONES if unlinked.get(zone)])


def _ordered(on: Ground, found: Mapping[Cell, int]) -> tuple[tuple[Cell, int], ...]:
    photos = {photo: number for number, photo in enumerate(on.zones)}
    rows = [row for row in found.items() if row[1]]
    rows.sort(key=lambda row: (photos[row[0][0]], _ZONES[row[0][1]], _TYPES[row[0][2]]))
    return tuple(rows)


def _in_order(on: Ground, found: dict[Cell, int], before: int) -> tuple[tuple[Cell, int], ...]:
    """As ``_ordered``, of cells whose first ``before`` are in order and were all above zero.

    As long as no cell came and none went empty there is nothing to sort.
    """
    if len(found) == before and all(found.values()):
        return tuple(found.items())
    return _ordered(on, found)


def _groups(annotations: Sequence[Annotation]) -> list[list[int]]:
    """Indices of annotations that are linked to one another, directly or through others."""
    linked = [i for i, a in enumerate(annotations) if a.same_as is not None]
    if not linked:
        return []
    index: dict[AnnotationId, int] = {a.id: i for i, a in enumerate(annotations)}
    parent: dict[int, int] = {}

    def root(i: int) -> int:
        while parent.setdefault(i, i) != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i in linked:
        twin = annotations[i].same_as
        other = None if twin is None else index.get(twin)
        if other is not None:
            parent[max(root(i), root(other))] = min(root(i), root(other))
    groups: dict[int, list[int]] = {}
    for i in sorted(parent):
        groups.setdefault(root(i), []).append(i)
    return [group for group in groups.values() if len(group) > 1]
