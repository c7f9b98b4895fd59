"""Annotations of one consultation as CSV for spreadsheets, without loss, and back.

One row for each annotation, scale, dragged zone outline, midline, mirrored photo and chosen owner of a
zone (column ``row``; ``outline`` is the border of an annotation, else the polygon or line). Texts
that a spreadsheet would take for a formula begin with an apostrophe, which reading takes off.
Numbers are written so that they come back as they were; points are ``x y; x y``.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from workstation.adapters.exports.tables import plain, safe
from workstation.domain.draft import Item
from workstation.domain.errors import Refused
from workstation.domain.exchange import AnnotationSet, Exchanged, plain_annotation, read_annotation
from workstation.domain.ids import PhotoId
from workstation.domain.lesions import (
    Annotation,
    Midline,
    Mirrored,
    Point,
    ZoneId,
    ZoneOutline,
    ZoneOwner,
)
from workstation.domain.photo import Scale

COLUMNS = (
    "row", "consultation", "photo", "photo_sha256", "view", "photo_width", "photo_height", "id",
    "type", "x", "y", "radius_px", "diameter_mm", "zone", "outline", "note", "author", "made_at",
    "made_by", "counted_here", "same_as", "proposed_by", "proposed_version", "proposed_type",
    "proposed_likelihood", "mm_per_px", "scale_how",
)  # fmt: skip
_TEXTS = (
    "note",
    "author",
    "scale_how",
    "proposed_by",
    "proposed_version",
    "id",
    "same_as",
    "photo",
)


def write(given: AnnotationSet) -> str:
    """CSV (RFC 4180) of a consultation's annotations, scales, zones and mirrored photos."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, restval="")
    writer.writeheader()
    photos = {photo.id: photo for photo in given.photos}
    scales = {scale.photo: scale.mm_per_px for scale in given.scales}

    def row(kind: str, photo: PhotoId, **own: Any) -> None:
        shown = photos[photo]
        base = {
            "row": kind,
            "consultation": given.consultation,
            "photo": photo,
            "photo_sha256": shown.digest,
            "view": shown.view.value,
            "photo_width": shown.width,
            "photo_height": shown.height,
        }
        cells = {**base, **own}
        writer.writerow({k: safe(v) if k in _TEXTS else v for k, v in cells.items()})

    for annotation in given.annotations:
        row(
            "annotation",
            annotation.photo,
            **_cells(annotation, scales.get(annotation.photo)),
            zone=given.zone_of(annotation).value,
        )
    for scale in given.scales:
        row("scale", scale.photo, mm_per_px=repr(scale.mm_per_px), scale_how=scale.how)
    for outline in given.outlines:
        row("zone", outline.photo, zone=outline.zone.value, outline=_points(outline.polygon))
    for mirrored in given.mirrored:
        row("mirrored", mirrored.photo)
    for line in given.midlines:
        row("midline", line.photo, outline=_points((line.top, line.bottom)))
    for owner in given.owners:
        row("owner", owner.photo, zone=owner.zone.value)
    return out.getvalue()


def read(text: str) -> Exchanged:
    """What a file of ``write`` says.

    Raises:
        Refused: ``annotations.format`` when it is no such file.
    """
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise Refused("annotations.format")
        rows = [{k: plain(v) if k in _TEXTS else v for k, v in r.items()} for r in reader]
        found: tuple[Annotation, ...] = tuple(
            _annotation(r) for r in rows if r["row"] == "annotation"
        )
        beside: tuple[Item, ...] = tuple(_beside(r) for r in rows if r["row"] != "annotation")
    except (ValueError, KeyError, TypeError, AttributeError, csv.Error) as error:
        raise Refused("annotations.format") from error
    digests = {r["photo"]: r["photo_sha256"] for r in rows}
    return Exchanged(rows[0]["consultation"] if rows else "", digests, found, beside)


def _cells(annotation: Annotation, mm_per_px: float | None) -> dict[str, Any]:
    plain, proposal = plain_annotation(annotation), annotation.proposal
    radius = annotation.radius
    cells = {k: plain[k] for k in ("id", "type", "note", "author", "made_at", "made_by")}
    cells |= {
        "x": repr(annotation.at.x),
        "y": repr(annotation.at.y),
        "radius_px": "" if radius is None else repr(radius),
        "diameter_mm": ""
        if radius is None or mm_per_px is None
        else f"{radius * 2 * mm_per_px:.2f}",
        "outline": _points(annotation.border),
        "counted_here": "yes" if annotation.counted_here else "no",
        "same_as": annotation.same_as or "",
    }
    if proposal is not None:
        cells |= {
            "proposed_by": proposal.detector,
            "proposed_version": proposal.version,
            "proposed_type": proposal.type.value,
            "proposed_likelihood": repr(proposal.likelihood),
        }
    return cells


def _annotation(row: dict[str, str]) -> Annotation:
    if row["counted_here"] not in ("yes", "no"):
        raise ValueError("counted_here")
    return read_annotation(
        {
            **{k: row[k] for k in ("id", "photo", "type", "note", "author", "made_at", "made_by")},
            "at": [float(row["x"]), float(row["y"])],
            "radius": float(row["radius_px"]) if row["radius_px"] else None,
            "border": [[p.x, p.y] for p in _read_points(row["outline"])],
            "counted_here": row["counted_here"] == "yes",
            "same_as": row["same_as"] or None,
            "proposal": {
                "detector": row["proposed_by"],
                "version": row["proposed_version"],
                "type": row["proposed_type"],
                "likelihood": float(row["proposed_likelihood"]),
            }
            if row["proposed_type"]
            else None,
        }
    )


def _beside(row: dict[str, str]) -> Item:
    photo = PhotoId(row["photo"])
    match row["row"]:
        case "scale":
            return Scale(photo, float(row["mm_per_px"]), row["scale_how"])
        case "zone":
            return ZoneOutline(photo, ZoneId(row["zone"]), _read_points(row["outline"]))
        case "mirrored":
            return Mirrored(photo)
        case "midline":
            top, bottom = _read_points(row["outline"])
            return Midline(photo, top, bottom)
        case "owner":
            return ZoneOwner(ZoneId(row["zone"]), photo)
        case _:
            raise ValueError("row")


def _points(points: tuple[Point, ...]) -> str:
    return "; ".join(f"{p.x!r} {p.y!r}" for p in points)


def _read_points(text: str) -> tuple[Point, ...]:
    pairs = (part.split() for part in text.split(";") if part.strip())
    return tuple(Point(float(x), float(y)) for x, y in pairs)
