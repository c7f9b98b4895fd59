"""What the photo canvas draws: marks and outlines of one photo, and what changed between two."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import hypot, inf

from workstation.domain.counting import stretch
from workstation.domain.ids import AnnotationId, PhotoId
from workstation.domain.lesions import (
    COUNTED,
    Annotation,
    LesionType,
    Placed,
    Point,
    Tally,
    ZoneId,
    ZoneOutline,
)
from workstation.domain.photo import Photo
from workstation.language import plural, tr
from workstation.presenters.tools import TYPE_NAMES, VIEW_NAMES, ZONE_NAMES

_FEW = 16  # changes that are sorted in one by one


@dataclass(frozen=True, slots=True)
class Mark:
    """One annotation as drawn: where, its type, and whether it is a reference (lighter)."""

    id: AnnotationId
    x: float
    y: float
    type: LesionType
    reference: bool
    zone: ZoneId
    radius: float | None = None  # photo pixels
    border: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class ZoneLabel:
    """A zone's outline on this photo and the words beside it.

    ``owned`` is False when the zone counts on another photo: drawn quieter, and the label says
    where it counts. Skin outside every outline has an empty polygon. The numbers of one photo's
    labels add up to the photo's badge.
    """

    zone: ZoneId
    polygon: tuple[Point, ...]
    owned: bool
    text: str


@dataclass(frozen=True, slots=True)
class MarkChanges:
    """What to draw anew on one photo; ``reset`` when everything before is to be forgotten."""

    photo: PhotoId
    put: tuple[Mark, ...]
    removed: tuple[AnnotationId, ...]
    reset: bool


class Shown:
    """The marks on the canvas; works out what changed without touching those that did not."""

    def __init__(self) -> None:
        self.photo: PhotoId | None = None
        self._whole: tuple[Placed, ...] = ()  # of every photo, as last taken
        self._by_x: list[tuple[float, float, AnnotationId]] = []

    def forget(self) -> None:
        """Nothing is on the canvas."""
        self.photo = None
        self._whole, self._by_x = (), []

    def take(self, photo: PhotoId, tally: Tally) -> MarkChanges:
        """What turns the canvas into ``photo`` as it is counted now."""
        reset = photo != self.photo
        if reset:
            self.forget()
        self.photo = photo
        gone, come = stretch(self._whole, tally.placed)
        before = {p.annotation.id: p for p in self._whole[gone] if p.annotation.photo == photo}
        after = {p.annotation.id: p for p in tally.placed[come] if p.annotation.photo == photo}
        self._whole = tally.placed
        put = [_mark(p) for id_, p in after.items() if not _same(before.get(id_), p)]
        removed = tuple(id_ for id_ in before if id_ not in after)
        self._sort(before.values(), after.values())
        return MarkChanges(photo, tuple(put), removed, reset)

    def all(self) -> MarkChanges | None:
        """All that is on the canvas, for one that was not there when it came; None for nothing."""
        if self.photo is None:
            return None
        here = tuple(_mark(p) for p in self._whole if p.annotation.photo == self.photo)
        return MarkChanges(self.photo, here, (), reset=True)

    def near(self, at: Point, distance: float) -> bool:
        """Whether any mark lies within ``distance`` photo pixels of a point."""
        first = bisect_left(self._by_x, (at.x - distance,))
        last = bisect_right(self._by_x, (at.x + distance, inf))
        return any(hypot(x - at.x, y - at.y) < distance for x, y, _ in self._by_x[first:last])

    def _sort(self, gone: Collection[Placed], come: Collection[Placed]) -> None:
        if len(gone) + len(come) > _FEW:
            dropped = {p.annotation.id for p in gone}
            kept = [place for place in self._by_x if place[2] not in dropped]
            self._by_x = sorted([*kept, *map(_place, come)])
            return
        for placed in gone:
            self._by_x.remove(_place(placed))
        for placed in come:
            insort(self._by_x, _place(placed))


def _place(placed: Placed) -> tuple[float, float, AnnotationId]:
    annotation = placed.annotation
    return annotation.at.x, annotation.at.y, annotation.id


def _same(old: Placed | None, new: Placed) -> bool:
    # Annotations are immutable and kept by the draft: the same object is unchanged.
    return (
        old is not None
        and old.annotation is new.annotation
        and old.counts is new.counts
        and old.zone is new.zone
    )


def _mark(placed: Placed) -> Mark:
    annotation = placed.annotation
    return Mark(
        annotation.id,
        annotation.at.x,
        annotation.at.y,
        annotation.type,
        not placed.counts,
        placed.zone,
        annotation.radius,
        annotation.border,
    )


def zone_labels(
    photo: Photo,
    photos: Iterable[Photo],
    outlines: Iterable[ZoneOutline],
    owner: Mapping[ZoneId, PhotoId],
    tally: Tally,
) -> tuple[ZoneLabel, ...]:
    """Outlines of a photo with counts where they count, else the photo that counts them."""
    views = {p.id: VIEW_NAMES[p.view] for p in photos}
    counted: dict[ZoneId, int] = {}
    for (where, zone, kind), number in tally.cells:
        if where == photo.id and kind in COUNTED:
            counted[zone] = counted.get(zone, 0) + number
    labels = []
    for outline in outlines:
        if outline.photo != photo.id or len(outline.polygon) < 3:
            continue
        owned = owner.get(outline.zone) == photo.id
        name = ZONE_NAMES[outline.zone]
        here = counted.get(outline.zone, 0)
        if owned:
            text = f"{name}  {here}"
        else:
            text = tr(
                "{name}: on {zone}",
                name=name,
                zone=views.get(owner.get(outline.zone, photo.id), ""),
            )
            text += f"  + {here}" if here else ""
        labels.append(ZoneLabel(outline.zone, outline.polygon, owned, text))
    shown = {label.zone for label in labels}
    for zone, number in counted.items():
        # Lesions outside every outline, or made to count in a zone this photo has no outline of.
        if zone not in shown and number:
            labels.append(ZoneLabel(zone, (), True, f"{ZONE_NAMES[zone]}  {number}"))
    return tuple(labels)


def walk(tally: Tally, photo: PhotoId) -> tuple[AnnotationId, ...]:
    """Annotations of a photo in zone order, then from top to bottom."""
    order = {zone: number for number, zone in enumerate(ZoneId)}
    here = [p for p in tally.placed if p.annotation.photo == photo]
    here.sort(key=lambda p: (order[p.zone], p.annotation.at.y, p.annotation.at.x))
    return tuple(p.annotation.id for p in here)


def stands_at(tally: Tally, photo: PhotoId, id_: AnnotationId) -> tuple[int, int]:
    """Where an annotation stands in ``walk`` (from 1), and of how many; without sorting them."""
    order = {zone: number for number, zone in enumerate(ZoneId)}
    here = [p for p in tally.placed if p.annotation.photo == photo]
    own = next(i for i, p in enumerate(here) if p.annotation.id == id_)
    zone, at = order[here[own].zone], here[own].annotation.at
    mine = (zone, at.y, at.x, own)
    before = 0
    for i, p in enumerate(here):
        theirs = order[p.zone]
        if theirs < zone:
            before += 1
        elif theirs == zone:
            before += (theirs, p.annotation.at.y, p.annotation.at.x, i) < mine
    return before + 1, len(here)


def described(annotation: Annotation, zone: ZoneId, counts: bool) -> str:
    """``Nodule, left cheek`` with what sets it apart, for lists and screen readers."""
    words = [tr(TYPE_NAMES[annotation.type]), tr(ZONE_NAMES[zone]).lower()]
    if not counts:
        words.append(
            tr("same lesion as another") if annotation.same_as else tr("reference, not counted")
        )
    elif annotation.counted_here:
        words.append(tr("counted here"))
    return ", ".join(words)


def reference_line(tally: Tally, photo: PhotoId) -> str:
    """The chip that says how many annotations of this photo are not counted on it."""
    # All that is annotated there but what counts; cells are few, annotations are not.
    whole, counted = (
        sum([n for (where, _, _), n in cells if where == photo])
        for cells in (tally.annotated, tally.cells)
    )
    number = whole - counted
    if not number:
        return ""
    return plural(
        number,
        "{n} lighter annotation is reference: counted on its own photo",
        "{n} lighter annotations are reference: counted on their own photo",
    )


def length(pixels: float, mm_per_px: float | None) -> str:
    """A measured line: millimetres only when this photo has a scale."""
    if mm_per_px is None:
        return tr("{pixels:,.0f} px \u00b7 no scale on this photo", pixels=pixels)
    return tr("{pixels:.1f} mm", pixels=pixels * mm_per_px)


def diameter(annotation: Annotation, mm_per_px: float | None) -> str:
    """The size in whole or half millimetres, or why there is none."""
    if annotation.radius is None:
        return tr("size not set")
    if mm_per_px is None:
        return tr("no scale on this photo")
    size = round(annotation.radius * 2 * mm_per_px * 2) / 2
    return tr("{size:g} mm", size=size)
