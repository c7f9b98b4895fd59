"""Edits of what counting rests on: zones, their owner photos, midline, mirrored photos, scale."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import hypot

from workstation.domain.draft import Item, ItemKind, Key
from workstation.domain.ids import PhotoId
from workstation.domain.lesions import (
    Annotation,
    Midline,
    Mirrored,
    Point,
    ZoneId,
    ZoneOutline,
    ZoneOwner,
    typed_by_size,
)
from workstation.domain.photo import Photo, Scale
from workstation.domain.zones import (
    mirrored_midline,
    mirrored_outline,
    moved_corner,
    photo_zones,
)
from workstation.language import plural, stored, tr
from workstation.presenters.assess_shown import AssessShown
from workstation.presenters.tools import VIEW_NAMES

LEAST_CORNERS = 3


@dataclass(frozen=True, slots=True)
class OwnerChoice:
    """A photo on which a zone may count, for the zone's menu."""

    photo: PhotoId
    name: str
    current: bool


class ZoneVerbs(AssessShown):
    """Verbs for zones, midline, mirroring and scale; each is one undo step."""

    # -- zones

    def zone_at(self, at: Point) -> ZoneId:
        """The zone that holds a point of the photo on the canvas."""
        outlines, _ = self._zones(self._open())
        here = tuple(o for o in outlines if o.photo == self._photo)
        return photo_zones(here).zone_at(at)

    def nearest_corner(self, at: Point) -> tuple[ZoneId, int] | None:
        """The corner nearest to a point: of the zone that holds it, else of any zone here."""
        outlines, _ = self._zones(self._open())
        here = [o for o in outlines if o.photo == self._photo and len(o.polygon) >= LEAST_CORNERS]
        holding = self.zone_at(at)
        asked = [o for o in here if o.zone is holding] or here
        corners = [
            (hypot(p.x - at.x, p.y - at.y), o.zone, number)
            for o in asked
            for number, p in enumerate(o.polygon)
        ]
        if not corners:
            return None
        _, zone, number = min(corners, key=lambda c: c[0])
        return zone, number

    def add_corner_at(self, zone: ZoneId, at: Point) -> None:
        """Put a corner of a zone's outline at a point, into the edge nearest to it."""
        outline = self._outline(zone)
        if outline is not None and len(outline.polygon) >= LEAST_CORNERS:
            ends = (*outline.polygon[1:], outline.polygon[0])
            edges = [_away(at, a, b) for a, b in zip(outline.polygon, ends, strict=True)]
            self.add_corner(zone, edges.index(min(edges)), at)

    def move_corner(self, zone: ZoneId, corner: int, to: Point) -> None:
        """Drag one corner of a zone's outline on this photo."""
        photo = self.photo
        outline = self._outline(zone)
        if photo is None or outline is None or not 0 <= corner < len(outline.polygon):
            return
        self._put_outline("zone.move", moved_corner(outline, corner, within(photo, to)))

    def add_corner(self, zone: ZoneId, after: int, at: Point) -> None:
        """Put a new corner behind an existing one, so that an outline can follow the skin."""
        photo = self.photo
        outline = self._outline(zone)
        if photo is None or outline is None or not 0 <= after < len(outline.polygon):
            return
        polygon = outline.polygon
        corners = (*polygon[: after + 1], within(photo, at), *polygon[after + 1 :])
        self._put_outline("zone.corner", replace(outline, polygon=corners))

    def remove_corner(self, zone: ZoneId, corner: int) -> None:
        """Take a corner away; the last three stay."""
        outline = self._outline(zone)
        if outline is None or len(outline.polygon) <= LEAST_CORNERS:
            return
        polygon = outline.polygon
        corners = (*polygon[:corner], *polygon[corner + 1 :])
        self._put_outline("zone.corner", replace(outline, polygon=corners))

    def is_drawn(self, zone: ZoneId) -> bool:
        """Whether the zone's outline on this photo was changed by hand."""
        return self._open().draft.get(ItemKind.ZONE, f"{self._photo}:{zone.value}") is not None

    def reset_zone(self, zone: ZoneId) -> None:
        """Use the view's template again."""
        if self._photo is not None:
            self.case.put_one("zone.reset", ItemKind.ZONE, f"{self._photo}:{zone.value}", None)

    def owner_choices(self, zone: ZoneId) -> tuple[OwnerChoice, ...]:
        """The photos that show a zone, the one that counts it marked; empty for skin of no zone."""
        state = self._open()
        _, zones = self._zones(state)
        owner = self._owners(state, zones).get(zone)
        return tuple(
            OwnerChoice(p.id, tr(VIEW_NAMES[p.view]), p.id == owner)
            for p in self.photos
            if zone in zones[p.id].zones
        )

    def own_zone(self, zone: ZoneId, photo: PhotoId) -> None:
        """Count a zone on another photo."""
        self.case.put_one("zone.owner", ItemKind.OWNER, zone.value, ZoneOwner(zone, photo))

    # -- midline and mirror

    def move_midline(self, end: str, to: Point) -> None:
        """Drag the ``top``, the ``bottom`` or the ``whole`` midline of a frontal photo."""
        photo = self.photo
        line = self._midline(self._open(), photo)
        if photo is None or line is None:
            return
        to = within(photo, to)
        if end == "whole":
            # The grip is the middle of the line; it moves sideways only.
            step = to.x - (line.top.x + line.bottom.x) / 2
            made = Midline(
                photo.id,
                within(photo, Point(line.top.x + step, line.top.y)),
                within(photo, Point(line.bottom.x + step, line.bottom.y)),
            )
        elif end == "top":
            made = replace(line, top=to)
        else:
            made = replace(line, bottom=to)
        self.case.put_one("midline.move", ItemKind.MIDLINE, photo.id, made)

    def mirror(self) -> None:
        """Take the photo for a mirror image, or no longer; zones and midline stay where they show."""
        photo, state = self.photo, self._open()
        if photo is None:
            return
        on = photo.id not in state.draft.mirrored
        puts: list[tuple[Key, Item | None]] = [
            (Key.of(ItemKind.MIRROR, photo.id), Mirrored(photo.id) if on else None)
        ]
        for outline in state.draft.outlines:
            if outline.photo == photo.id:
                key = Key.of(ItemKind.ZONE, f"{photo.id}:{outline.zone.value}")
                puts.append((key, mirrored_outline(outline, photo.width)))
        line = state.draft.get(ItemKind.MIDLINE, photo.id)
        if isinstance(line, Midline):
            key = Key.of(ItemKind.MIDLINE, photo.id)
            puts.append((key, mirrored_midline(line, photo.width)))
        self.case.put("photo.mirror", puts)
        self.said.emit(
            tr("Taken for a mirror image: left and right exchanged") if on else tr("Shown as sent")
        )

    # -- scale

    def set_scale(self, first: Point, second: Point, millimetres: float) -> None:
        """Set the photo's scale from a known length; too short a line is not taken."""
        length = hypot(second.x - first.x, second.y - first.y)
        if self._photo is None or length < 1 or millimetres <= 0:
            return
        scale = Scale(
            self._photo,
            millimetres / length,
            stored("{length} mm measured", length=f"{millimetres:g}"),
        )
        marked = [a for a in self._open().draft.annotations if a.photo == self._photo]
        small = [(a, self._by_size(a, scale.mm_per_px)) for a in marked]
        puts: list[tuple[Key, Item | None]] = [(Key.of(ItemKind.SCALE, self._photo), scale)]
        puts += [(Key.of(ItemKind.ANNOTATION, a.id), by) for a, by in small if by is not a]
        self.case.put("scale.set", puts)
        self._tell_small([a for a, by in small if by is not a])

    def drop_scale(self) -> None:
        """Sizes on this photo are in pixels again."""
        if self._photo is not None:
            self.case.put_one("scale.drop", ItemKind.SCALE, self._photo, None)

    # -- inside

    def _by_size(self, a: Annotation, mm_per_px: float | None = None) -> Annotation:
        """The annotation by its measured size: no nodule is smaller than one."""
        scale = self._scale(a.photo) if mm_per_px is None else mm_per_px
        return typed_by_size(a, scale, self.case.desk.catalogue.derivation.nodule_mm)

    def _tell_small(self, annotations: Iterable[Annotation]) -> None:
        """Say how many of what was called a nodule are papules by their size."""
        small = sum(self._by_size(a) is not a for a in annotations)
        if small:
            self.said.emit(
                tr(
                    "{nodules} under {size} mm: now papules (SZ-5MM). Undo takes it back.",
                    nodules=plural(small, "{n} nodule", "{n} nodules"),
                    size=self.case.desk.catalogue.derivation.nodule_mm,
                )
            )

    def _put_outline(self, label: str, outline: ZoneOutline) -> None:
        name = f"{outline.photo}:{outline.zone.value}"
        self.case.put_one(label, ItemKind.ZONE, name, outline)


def _away(at: Point, a: Point, b: Point) -> float:
    """How far a point lies from the edge between two corners."""
    dx, dy = b.x - a.x, b.y - a.y
    whole = dx * dx + dy * dy
    share = ((at.x - a.x) * dx + (at.y - a.y) * dy) / whole if whole else 0.0
    share = min(max(share, 0.0), 1.0)
    return hypot(a.x + share * dx - at.x, a.y + share * dy - at.y)


def within(photo: Photo, at: Point) -> Point:
    """The point, or the nearest one on the photo."""
    return Point(min(max(at.x, 0.0), float(photo.width)), min(max(at.y, 0.0), float(photo.height)))
