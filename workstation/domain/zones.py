"""Counting zones: where an annotation lies, and which photo owns its zone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from statistics import fmean

from workstation.domain.ids import PhotoId
from workstation.domain.lesions import (
    DEFAULT_OWNER,
    Midline,
    Point,
    ZoneId,
    ZoneOutline,
    ZoneOwner,
)
from workstation.domain.photo import Photo, View

REQUIRED_VIEWS = (View.FRONT, View.LEFT45, View.RIGHT45)
"""Face views without which a grade is a lower bound (triage.md, PQ-VIEWS)."""

_ORDER = {zone: number for number, zone in enumerate(ZoneId)}
_REMEMBERED = 50_000

Corner = tuple[float, float]
Polygon = tuple[Point, ...]
_Edge = tuple[float, float, float, float, float]  # y of both ends, x of one, x and y to the other


@dataclass(frozen=True, slots=True)
class ZoneTemplate:
    """A zone's usual polygon in one view: corners as shares of the photo's width and height."""

    zone: ZoneId
    corners: tuple[Corner, ...]


@dataclass(frozen=True, slots=True)
class ZoneTemplates:
    """The templates of every standard view; a view without templates shows only ``OTHER``."""

    edition: str
    by_view: Mapping[View, tuple[ZoneTemplate, ...]]
    # Cameras make photos of few sizes: the polygons of each are worked out once.
    _sized: dict[tuple[View, float, float], tuple[tuple[ZoneId, Polygon], ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def outline(self, photo: Photo) -> tuple[ZoneOutline, ...]:
        """The templates of the photo's view, in its pixels."""
        return tuple([ZoneOutline(photo.id, zone, shape) for zone, shape in self._polygons(photo)])

    def _polygons(self, photo: Photo) -> tuple[tuple[ZoneId, Polygon], ...]:
        size = photo.view, photo.width, photo.height
        known = self._sized.get(size)
        if known is None:
            known = tuple(
                (
                    template.zone,
                    tuple(Point(x * photo.width, y * photo.height) for x, y in template.corners),
                )
                for template in self.by_view.get(photo.view, ())
            )
            if len(self._sized) >= _REMEMBERED:
                self._sized.clear()
            self._sized[size] = known
        return known


def outlines_of(
    photos: Iterable[Photo],
    templates: ZoneTemplates,
    drawn: Iterable[ZoneOutline] = (),
    mirrored: Collection[PhotoId] = (),
) -> tuple[ZoneOutline, ...]:
    """The polygons in force: the view's template until one was ``drawn`` for that photo and zone.

    On a ``mirrored`` photo the template is mirrored too; what was drawn lies where it was drawn.
    """
    by_place = {(outline.photo, outline.zone): outline for outline in drawn}
    found: list[ZoneOutline] = []
    for photo in photos:
        usual = {outline.zone: outline for outline in templates.outline(photo)}
        if photo.id in mirrored:
            usual = {zone: mirrored_outline(o, photo.width) for zone, o in usual.items()}
        if by_place:
            usual |= {o.zone: o for (where, _), o in by_place.items() if where == photo.id}
        found += [usual[zone] for zone in _ORDER if zone in usual]
    return tuple(found)


def inside(polygon: Sequence[Point], at: Point) -> bool:
    """Even-odd membership. A corner or edge belongs to the polygon on its right and below."""
    return _within(_edges(polygon), at.x, at.y)


def _edges(polygon: Sequence[Point]) -> tuple[_Edge, ...]:
    ends = zip(polygon, (*polygon[-1:], *polygon[:-1]), strict=True)
    return tuple((a.y, b.y, a.x, b.x - a.x, b.y - a.y) for a, b in ends)


def _within(edges: Iterable[_Edge], x: float, y: float) -> bool:
    within = False
    for top, bottom, left, across, down in edges:
        if (top > y) != (bottom > y) and x < left + (y - top) * across / down:
            within = not within
    return within


@dataclass(frozen=True, eq=False)
class PhotoZones:
    """The zones of one photo, ready for many questions."""

    outlines: tuple[ZoneOutline, ...]
    zones: frozenset[ZoneId] = field(init=False, repr=False)  # those that the photo shows
    _shapes: tuple[tuple[float, float, float, float, ZoneId, tuple[_Edge, ...]], ...] = field(
        init=False, repr=False
    )
    # Anchors do not move by themselves: answers are kept so that one edit costs one question.
    _answers: dict[tuple[float, float], ZoneId] = field(
        init=False, repr=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.outlines, key=lambda o: _ORDER[o.zone]))
        object.__setattr__(self, "outlines", ordered)
        shown = frozenset(o.zone for o in ordered if len(o.polygon) > 2)
        object.__setattr__(self, "zones", shown)
        shapes = tuple((*_box(o.polygon), o.zone, _edges(o.polygon)) for o in ordered)
        object.__setattr__(self, "_shapes", shapes)

    def zone_at(self, at: Point) -> ZoneId:
        """The first zone in ``ZoneId`` order that holds the point; ``OTHER`` outside all."""
        x, y = place = (at.x, at.y)
        known = self._answers.get(place)
        if known is not None:
            return known
        found = ZoneId.OTHER
        for left, top, right, bottom, zone, edges in self._shapes:
            if left <= x <= right and top <= y <= bottom and _within(edges, x, y):
                found = zone
                break
        if len(self._answers) >= _REMEMBERED:
            self._answers.clear()
        self._answers[place] = found
        return found


def photo_zones(outlines: tuple[ZoneOutline, ...]) -> PhotoZones:
    """``PhotoZones`` of one photo's outlines; the very same polygons share their answers."""
    return _photo_zones(_Shapes(outlines))


class _Shapes:
    """Outlines as a key that asks which polygons they are, not for each of their corners.

    It holds them, so that no other polygon can take the place of one of these in memory.
    """

    __slots__ = ("_hash", "_which", "outlines")

    def __init__(self, outlines: tuple[ZoneOutline, ...]) -> None:
        self.outlines = outlines
        self._which = tuple([(o.zone, id(o.polygon)) for o in outlines])
        self._hash = hash(self._which)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Shapes) and self._which == other._which


@lru_cache
def _photo_zones(shapes: _Shapes) -> PhotoZones:
    return PhotoZones(shapes.outlines)


def zones_by_photo(
    photos: Iterable[Photo], outlines: Iterable[ZoneOutline]
) -> dict[PhotoId, PhotoZones]:
    """The zones of each photo."""
    by_photo: dict[PhotoId, list[ZoneOutline]] = {photo.id: [] for photo in photos}
    for outline in outlines:
        if outline.photo in by_photo:
            by_photo[outline.photo].append(outline)
    return {photo: photo_zones(tuple(found)) for photo, found in by_photo.items()}


def owners(
    photos: Sequence[Photo],
    zones: Mapping[PhotoId, PhotoZones],
    chosen: Iterable[ZoneOwner] = (),
) -> dict[ZoneId, PhotoId]:
    """The photo on which each zone counts.

    It is the one ``chosen`` for it when that shows the zone, else the first photo of the zone's
    usual view, else the first photo that shows the zone; ``OTHER`` has no owner and counts wherever
    it lies.
    """
    found: dict[ZoneId, PhotoId] = {}
    for zone, view in DEFAULT_OWNER.items():
        showing = [photo for photo in photos if zone in zones[photo.id].zones]
        usual = [photo for photo in showing if photo.view is view]
        if showing:
            found[zone] = (usual or showing)[0].id
    for choice in chosen:
        if choice.photo in zones and choice.zone in zones[choice.photo].zones:
            found[choice.zone] = choice.photo
    return found


def missing_views(photos: Iterable[Photo]) -> tuple[str, ...]:
    """Required face views that were not supplied, as ``view:left45`` in hanging order."""
    supplied = {photo.view for photo in photos}
    return tuple(f"view:{view.value}" for view in REQUIRED_VIEWS if view not in supplied)


def moved_corner(outline: ZoneOutline, corner: int, to: Point) -> ZoneOutline:
    """The outline with one corner elsewhere."""
    polygon = outline.polygon
    return replace(outline, polygon=(*polygon[:corner], to, *polygon[corner + 1 :]))


def mirrored_outline(outline: ZoneOutline, width: float) -> ZoneOutline:
    """The outline turned round within a photo of that width."""
    return replace(outline, polygon=tuple(Point(width - p.x, p.y) for p in outline.polygon))


def mirrored_midline(line: Midline, width: float) -> Midline:
    """The midline turned round within a photo of that width."""
    top, bottom = line.top, line.bottom
    return Midline(line.photo, Point(width - top.x, top.y), Point(width - bottom.x, bottom.y))


def centre_of(polygon: Sequence[Point]) -> Point:
    """A point within a hand-drawn border: the mean of its corners, or one of them if that is out."""
    centre = Point(fmean(p.x for p in polygon), fmean(p.y for p in polygon))
    return centre if inside(polygon, centre) else polygon[len(polygon) // 2]


def _box(polygon: tuple[Point, ...]) -> tuple[float, float, float, float]:
    if not polygon:
        return (0.0, 0.0, -1.0, -1.0)
    xs, ys = [p.x for p in polygon], [p.y for p in polygon]
    return (min(xs), min(ys), max(xs), max(ys))
