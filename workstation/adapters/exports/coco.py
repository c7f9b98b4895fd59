"""Annotations of one consultation as COCO JSON, without loss, and back.

Standard fields: ``images`` (id, file_name, width, height), ``categories`` (our eight-key types and
the others, by code), ``annotations`` (id, image_id, category_id, bbox, area, segmentation,
iscrowd). What COCO has no field for stands under ``workstation``, documented here:

``info.workstation``: ``format`` 1, the consultation's id, ``owners`` ({zone: photo id} where the
clinician chose another photo to count a zone on).
``images[].workstation``: ``photo`` id, ``view``, ``sha256`` of the original bytes, ``mm_per_px``
and ``scale_how`` when a scale is set, ``mirrored``, ``midline`` (top and bottom),
``zones`` ({zone: [[x, y], ...]}, those that were dragged).
``annotations[].workstation``: ``id``, ``at`` [x, y], ``radius`` (px or null), ``border``
[[x, y], ...], ``zone`` (told, not read back), ``note``, ``author``, ``made_at``, ``made_by``,
``counted_here``, ``same_as``, ``proposal`` (detector, version, type, likelihood, or null).

Coordinates are pixels of the upright full-size photo, origin at its top-left corner. Nothing of
the patient is in the file: no name, no birth date, no answers.
"""

from __future__ import annotations

import json
from typing import Any

from workstation.domain.draft import Item
from workstation.domain.errors import Refused
from workstation.domain.exchange import AnnotationSet, Exchanged, plain_annotation, read_annotation
from workstation.domain.ids import PhotoId
from workstation.domain.lesions import (
    Annotation,
    LesionType,
    Midline,
    Mirrored,
    Point,
    ZoneId,
    ZoneOutline,
    ZoneOwner,
)
from workstation.domain.photo import Photo, Scale

FORMAT = 1
KEY = "workstation"
POINT_SIDE = 1.0  # px; COCO knows no points: a lesion without size is a box of one pixel


def write(given: AnnotationSet) -> str:
    """COCO JSON of a consultation's annotations, scales, zones and mirrored photos."""
    photos = {photo.id: number for number, photo in enumerate(given.photos, start=1)}
    kinds = {kind: number for number, kind in enumerate(LesionType, start=1)}
    whole = {
        "info": {
            "description": "Lesion annotations",
            KEY: {
                "format": FORMAT,
                "consultation": given.consultation,
                "owners": {o.zone.value: o.photo for o in given.owners},
            },
        },
        "images": [_image(given, photo, photos[photo.id]) for photo in given.photos],
        "categories": [
            {"id": number, "name": kind.value, "supercategory": "lesion"}
            for kind, number in kinds.items()
        ],
        "annotations": [
            _annotation(given, a, number, photos[a.photo], kinds[a.type])
            for number, a in enumerate(given.annotations, start=1)
        ],
    }
    return json.dumps(whole, indent=1, ensure_ascii=True)


def read(text: str) -> Exchanged:
    """What a file of ``write`` says.

    Raises:
        Refused: ``annotations.format`` when it is no such file.
    """
    try:
        whole = json.loads(text)
        if whole["info"][KEY]["format"] != FORMAT:
            raise Refused("annotations.format")
        images = {image["id"]: image for image in whole["images"]}
        kinds = {row["id"]: LesionType(row["name"]) for row in whole["categories"]}
        annotations = tuple(
            read_annotation(
                {
                    **row[KEY],
                    "photo": images[row["image_id"]][KEY]["photo"],
                    "type": kinds[row["category_id"]].value,
                }
            )
            for row in whole["annotations"]
        )
        digests = {i[KEY]["photo"]: i[KEY]["sha256"] for i in images.values()}
        owners = whole["info"][KEY]["owners"].items()
        beside = (
            *(item for image in images.values() for item in _beside(image)),
            *(ZoneOwner(ZoneId(zone), PhotoId(photo)) for zone, photo in owners),
        )
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        OverflowError,
        RecursionError,
    ) as error:
        raise Refused("annotations.format") from error
    return Exchanged(whole["info"][KEY]["consultation"], digests, annotations, beside)


def _image(given: AnnotationSet, photo: Photo, number: int) -> dict[str, Any]:
    scale = next((s for s in given.scales if s.photo == photo.id), None)
    own: dict[str, Any] = {
        "photo": photo.id,
        "view": photo.view.value,
        "sha256": photo.digest,
        "mirrored": any(m.photo == photo.id for m in given.mirrored),
        "zones": {
            o.zone.value: [[p.x, p.y] for p in o.polygon]
            for o in given.outlines
            if o.photo == photo.id
        },
    }
    for line in given.midlines:
        if line.photo == photo.id:
            own["midline"] = [[line.top.x, line.top.y], [line.bottom.x, line.bottom.y]]
    if scale is not None:
        own |= {"mm_per_px": scale.mm_per_px, "scale_how": scale.how}
    return {
        "id": number,
        "file_name": f"{photo.digest[:16]}-{photo.view.value}",
        "width": photo.width,
        "height": photo.height,
        KEY: own,
    }


def _annotation(
    given: AnnotationSet, annotation: Annotation, number: int, image: int, kind: int
) -> dict[str, Any]:
    outline = annotation.border
    if len(outline) > 2:
        xs, ys = [p.x for p in outline], [p.y for p in outline]
        box = [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)]
        area = abs(
            sum(
                a.x * b.y - b.x * a.y
                for a, b in zip(outline, (*outline[1:], outline[0]), strict=True)
            )
            / 2
        )
    else:
        side = 2 * annotation.radius if annotation.radius is not None else POINT_SIDE
        box = [annotation.at.x - side / 2, annotation.at.y - side / 2, side, side]
        area = side * side
    own = plain_annotation(annotation)
    for told in ("photo", "type"):
        own.pop(told)
    return {
        "id": number,
        "image_id": image,
        "category_id": kind,
        "bbox": box,
        "area": area,
        "segmentation": [[v for p in outline for v in (p.x, p.y)]] if len(outline) > 2 else [],
        "iscrowd": 0,
        KEY: {**own, "zone": given.zone_of(annotation).value},
    }


def _beside(image: dict[str, Any]) -> list[Item]:
    own = image[KEY]
    photo = own["photo"]
    items: list[Item] = [
        ZoneOutline(photo, ZoneId(zone), tuple(Point(float(x), float(y)) for x, y in polygon))
        for zone, polygon in own["zones"].items()
    ]
    if "mm_per_px" in own:
        items.append(Scale(photo, float(own["mm_per_px"]), str(own["scale_how"])))
    if "midline" in own:
        top, bottom = (Point(float(x), float(y)) for x, y in own["midline"])
        items.append(Midline(photo, top, bottom))
    if own["mirrored"]:
        items.append(Mirrored(photo))
    return items
