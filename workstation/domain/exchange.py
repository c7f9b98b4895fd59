"""Annotations on their way out of a consultation and back in: what is carried, and how it merges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from workstation.domain.draft import Draft, Item, ItemKind, Key
from workstation.domain.errors import Refused
from workstation.domain.ids import AnnotationId, ConsultationId, PhotoId, UserId
from workstation.domain.lesions import (
    Annotation,
    LesionType,
    MadeBy,
    Midline,
    Mirrored,
    Point,
    Proposal,
    ZoneId,
    ZoneOutline,
    ZoneOwner,
)
from workstation.domain.photo import Photo, Scale


@dataclass(frozen=True)
class AnnotationSet:
    """Everything drawn on the photos of one consultation, with the zone of each annotation."""

    consultation: ConsultationId
    photos: tuple[Photo, ...]
    annotations: tuple[Annotation, ...]
    scales: tuple[Scale, ...]
    outlines: tuple[ZoneOutline, ...]
    mirrored: tuple[Mirrored, ...]
    midlines: tuple[Midline, ...]
    owners: tuple[ZoneOwner, ...]
    zones: Mapping[AnnotationId, ZoneId]

    @staticmethod
    def of(
        draft: Draft, photos: tuple[Photo, ...], zones: Mapping[AnnotationId, ZoneId]
    ) -> AnnotationSet:
        """What a draft holds of it."""
        items = tuple(draft.items.values())
        return AnnotationSet(
            draft.consultation,
            photos,
            draft.annotations,
            tuple(i for i in items if isinstance(i, Scale)),
            tuple(i for i in items if isinstance(i, ZoneOutline)),
            tuple(i for i in items if isinstance(i, Mirrored)),
            tuple(i for i in items if isinstance(i, Midline)),
            tuple(i for i in items if isinstance(i, ZoneOwner)),
            zones,
        )

    def zone_of(self, annotation: Annotation) -> ZoneId:
        """The zone that an annotation lies in."""
        return self.zones.get(annotation.id, ZoneId.OTHER)


@dataclass(frozen=True)
class Exchanged:
    """What a file carries: annotations, and scales, outlines and mirrored photos ``beside`` them.

    ``digests`` are those of the original bytes of each photo, by photo id.
    """

    consultation: str
    digests: Mapping[str, str]
    annotations: tuple[Annotation, ...]
    beside: tuple[Item, ...]


def merge(
    draft: Draft, photos: tuple[Photo, ...], given: Exchanged
) -> tuple[tuple[Key, Item | None], ...]:
    """What each key of the draft is to hold so that everything in the file is there.

    Nothing is removed. An annotation of the same id is replaced; photos are known by their bytes.

    Raises:
        Refused: ``annotations.photo`` when a photo of the file is not of this consultation,
            ``annotations.place`` when an annotation lies outside its photo.
    """
    by_digest = {photo.digest: photo for photo in reversed(photos)}
    by_id = {photo.id: photo for photo in photos}
    here: dict[str, Photo] = {}
    for photo, digest in given.digests.items():
        own = by_id.get(PhotoId(photo))
        if own is not None and own.digest == digest:
            here[photo] = own  # a patient may have sent the same bytes twice
        elif digest in by_digest:
            here[photo] = by_digest[digest]
    puts: list[tuple[Key, Item | None]] = []
    puts += [_placed(here, item) for item in given.beside]
    for annotation in given.annotations:
        photo_ = _of(here, annotation.photo)
        for at in (annotation.at, *annotation.border):
            if not (0 <= at.x <= photo_.width and 0 <= at.y <= photo_.height):
                raise Refused("annotations.place", annotation=annotation.id)
        plain = {**plain_annotation(annotation), "photo": photo_.id}
        puts.append((Key.of(ItemKind.ANNOTATION, annotation.id), read_annotation(plain)))
    return tuple((key, item) for key, item in puts if draft.items.get(key) != item)


def plain_annotation(annotation: Annotation) -> dict[str, Any]:
    """An annotation as plain values, exactly."""
    proposal = annotation.proposal
    return {
        "id": annotation.id,
        "photo": annotation.photo,
        "type": annotation.type.value,
        "at": [annotation.at.x, annotation.at.y],
        "radius": annotation.radius,
        "border": [[p.x, p.y] for p in annotation.border],
        "note": annotation.note,
        "author": annotation.author,
        "made_at": annotation.made_at.isoformat(),
        "made_by": annotation.made_by.value,
        "counted_here": annotation.counted_here,
        "same_as": annotation.same_as,
        "proposal": None
        if proposal is None
        else {
            "detector": proposal.detector,
            "version": proposal.version,
            "type": proposal.type.value,
            "likelihood": proposal.likelihood,
        },
    }


def read_annotation(plain: Mapping[str, Any]) -> Annotation:
    """The annotation of ``plain_annotation``.

    Raises:
        ValueError, KeyError, TypeError: when it is not one.
    """
    proposal, radius = plain["proposal"], plain["radius"]
    made_at = datetime.fromisoformat(plain["made_at"])
    if made_at.tzinfo is None:
        raise ValueError("a moment without time zone")
    return Annotation(
        AnnotationId(_text(plain["id"])),
        PhotoId(_text(plain["photo"])),
        LesionType(plain["type"]),
        _point(plain["at"]),
        None if radius is None else float(radius),
        _text(plain["note"]),
        UserId(_text(plain["author"])),
        made_at,
        MadeBy(plain["made_by"]),
        bool(plain["counted_here"]),
        None if plain["same_as"] is None else AnnotationId(_text(plain["same_as"])),
        tuple(_point(p) for p in plain["border"]),
        None
        if proposal is None
        else Proposal(
            _text(proposal["detector"]),
            _text(proposal["version"]),
            LesionType(proposal["type"]),
            float(proposal["likelihood"]),
        ),
    )


def _placed(here: Mapping[str, Photo], item: Item) -> tuple[Key, Item]:
    """An item beside the annotations under its key, on this consultation's own photo."""
    match item:
        case Scale():
            owner = _of(here, item.photo).id
            return Key.of(ItemKind.SCALE, owner), replace(item, photo=owner)
        case ZoneOutline():
            owner = _of(here, item.photo).id
            return Key.of(ItemKind.ZONE, f"{owner}:{item.zone.value}"), replace(item, photo=owner)
        case Mirrored():
            owner = _of(here, item.photo).id
            return Key.of(ItemKind.MIRROR, owner), Mirrored(owner)
        case Midline():
            owner = _of(here, item.photo).id
            return Key.of(ItemKind.MIDLINE, owner), replace(item, photo=owner)
        case ZoneOwner():
            chosen = replace(item, photo=_of(here, item.photo).id)
            return Key.of(ItemKind.OWNER, item.zone.value), chosen
        case _:
            raise Refused("annotations.format")


def _of(here: Mapping[str, Photo], photo: str) -> Photo:
    if photo not in here:
        raise Refused("annotations.photo")
    return here[photo]


def _point(raw: Any) -> Point:
    x, y = raw
    return Point(float(x), float(y))


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise TypeError("not text")
    return raw
