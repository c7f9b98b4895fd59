"""Counting lesions once each, and counting on: an edit costs what it changed, not what is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from itertools import count as naturals
from operator import attrgetter, is_

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

    ``twins`` says of each linked annotation which one it is linked to; ``linked`` are both.
    """

    ground: Ground
    annotations: tuple[Annotation, ...]
    twins: Mapping[AnnotationId, AnnotationId]
    linked: frozenset[AnnotationId]
    tally: Tally


_Judged = tuple[Placed, bool]  # an annotation as it is counted, and whether it waits to be


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
    twins = _twins(annotations)
    judged = _judged(on, [a for a in annotations if a.photo in on.zones])
    empty = Tally((), (), (), ())
    found = _exchanged(on, empty, (), judged, tuple([placed for placed, _ in judged]))
    return Count(on, annotations, twins, _linked(twins), found)


def count_on(last: Count, annotations: tuple[Annotation, ...]) -> Count:
    """The count of ``annotations`` on the same ground, equal to counting everything.

    Only the stretch that differs from the last count is counted, and with it all that are linked
    to some of it: which of those counts depends on the others.
    """
    before, on, held = last.annotations, last.ground, last.tally
    gone, come = stretch(before, annotations)
    old, new = before[gone], annotations[come]
    if not (old or new):
        return last
    if len(held.placed) != len(before) or not all([a.photo in on.zones for a in new]):
        return count(on, annotations)
    if any([a.same_as is not None or a.id in last.linked for a in (*old, *new)]):
        return _count_linked(last, annotations, gone, come)
    # What is not linked waits to be counted exactly when it does not count.
    less = [(p, not p.counts) for p in held.placed[gone]]
    more = [_alone(on, a) for a in new]
    middle = tuple([placed for placed, _ in more])
    placed = held.placed[: gone.start] + middle + held.placed[gone.stop :]
    found = _exchanged(on, held, less, more, placed)
    return Count(on, annotations, last.twins, last.linked, found)


def _count_linked(
    last: Count, annotations: tuple[Annotation, ...], gone: slice, come: slice
) -> Count:
    """As ``count_on``, where some of what differs is linked: with all that belong together."""
    before, on, held = last.annotations, last.ground, last.tally
    old, new = before[gone], annotations[come]
    twins = {id_: twin for id_, twin in last.twins.items() if id_ not in {a.id for a in old}}
    twins |= _twins(new)
    some = _together({a.id for a in (*old, *new)}, last.twins, twins)
    was, now = _where(before, some), _where(annotations, some)
    less = _judged(on, [before[n] for n in was])
    more = _judged(on, [annotations[n] for n in now])
    fresh = {n: one for n, (one, _) in zip(now, more, strict=True)}
    middle = [fresh[n] for n in range(come.start, come.stop)]
    placed = [*held.placed[: gone.start], *middle, *held.placed[gone.stop :]]
    for n, one in fresh.items():
        placed[n] = one
    found = _exchanged(on, held, less, more, tuple(placed))
    return Count(on, annotations, twins, _linked(twins), found)


def _together(
    some: set[AnnotationId], *links: Mapping[AnnotationId, AnnotationId]
) -> set[AnnotationId]:
    """``some`` and all that are linked to them, directly or through others, by any of ``links``."""
    beside: dict[AnnotationId, list[AnnotationId]] = {}
    for twins in links:
        for one, other in twins.items():
            beside.setdefault(one, []).append(other)
            beside.setdefault(other, []).append(one)
    found, asked = set(some), list(some)
    while asked:
        for id_ in beside.get(asked.pop(), ()):
            if id_ not in found:
                found.add(id_)
                asked.append(id_)
    return found


def _where(annotations: tuple[Annotation, ...], some: set[AnnotationId]) -> list[int]:
    """Places of the annotations that are among ``some``."""
    return list(compress(naturals(), map(some.__contains__, map(attrgetter("id"), annotations))))


def _alone(on: Ground, a: Annotation) -> _Judged:
    """One that is linked to no other."""
    zone = on.zones[a.photo].zone_at(a.at)
    counts = zone in on.own[a.photo] or a.counted_here
    return Placed(a, zone, counts), not counts


def _judged(on: Ground, marked: Sequence[Annotation]) -> list[_Judged]:
    """Annotations of known photos with all that they are linked to."""
    judged = [_alone(on, a) for a in marked]
    for group in _groups(marked):
        native = [i for i in group if judged[i][0].zone in on.own[marked[i].photo]]
        able = native or [i for i in group if judged[i][0].counts]
        for i in group:
            counts = bool(able) and i == able[0]
            waits = not able and i == group[0]
            judged[i] = Placed(marked[i], judged[i][0].zone, counts), waits
    return judged


def _exchanged(
    on: Ground,
    held: Tally,
    less: Iterable[_Judged],
    more: Iterable[_Judged],
    placed: tuple[Placed, ...],
) -> Tally:
    """The sums of a tally of ``placed``, from those of another that had ``less`` for ``more``."""
    cells, annotated, unlinked = dict(held.cells), dict(held.annotated), dict(held.unlinked)
    for sign, part in ((-1, less), (1, more)):
        for p, waits in part:
            a = p.annotation
            cell = a.photo, p.zone, a.type
            annotated[cell] = annotated.get(cell, 0) + sign
            if p.counts:
                cells[cell] = cells.get(cell, 0) + sign
            elif waits and a.type in COUNTED:
                unlinked[p.zone] = unlinked.get(p.zone, 0) + sign
    waiting = tuple([(zone, unlinked[zone]) for zone in _ZONES if unlinked.get(zone)])
    return Tally(
        placed,
        _in_order(on, cells, len(held.cells)),
        waiting,
        _in_order(on, annotated, len(held.annotated)),
    )


def _twins(annotations: Iterable[Annotation]) -> dict[AnnotationId, AnnotationId]:
    return {a.id: a.same_as for a in annotations if a.same_as is not None}


def _linked(twins: Mapping[AnnotationId, AnnotationId]) -> frozenset[AnnotationId]:
    return frozenset([*twins, *twins.values()])


def stretch(one: Sequence[object], other: Sequence[object]) -> tuple[slice, slice]:
    """Where two sequences differ: all before and all behind are the same."""
    shorter = min(len(one), len(other))
    if one[:shorter] == other[:shorter]:  # added at the end or taken away there, as most are
        return slice(shorter, len(one)), slice(shorter, len(other))
    front = _alike(one, other)
    back = min(min(len(one), len(other)) - front, _alike(one[::-1], other[::-1]))
    return slice(front, len(one) - back), slice(front, len(other) - back)


def _alike(one: Sequence[object], other: Sequence[object]) -> int:
    """How many items from the front are the very same."""
    same = list(map(is_, one, other))
    return same.index(False) if False in same else len(same)


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
