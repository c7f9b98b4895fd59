"""Annotations of one consultation as a FHIR R4 Bundle, without loss, and back.

A collection: one Media for each photo, one Observation for each thing that was drawn, derived from
the Media it was drawn on. Nothing of the patient is in the file: no subject, no date of birth.

``Bundle.identifier`` is the consultation. Media: identifiers (photo id, SHA-256 of the original
bytes), view, width, height, type of the original. Observation by its ``code``:

- a lesion type (PA, NO ...; ``lesion-type``): ``identifier`` the annotation's id, ``bodySite`` the
  zone (told, not read back), ``issued`` when and ``performer`` who made it, ``method`` how
  (``made-by``), ``note``; components ``place`` (x and y), ``radius`` and ``border``; extensions
  ``counted-here``, ``same-as`` (another annotation) and ``proposal``;
- ``scale``: ``valueQuantity`` in mm for each pixel, its text how it was found;
- ``outline`` of the zone in ``bodySite``, ``midline`` (top, bottom): places;
- ``mirrored``; ``counted-on``: the zone in ``bodySite`` counts on this photo by choice.

Places are SampledData of dimension 2: x and y in turn, pixels of the upright full-size photo, origin
at its top-left corner. Observations are preliminary: what is signed is the record.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

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
from workstation.domain.photo import Photo, Scale

Json = dict[str, Any]

ROOT = "urn:derm-workstation:annotations:"
FORMAT = ROOT + "bundle-1"
TYPE, DRAWN, PART = ROOT + "lesion-type", ROOT + "drawn", ROOT + "part"
ZONE, VIEW, MADE_BY = ROOT + "zone", ROOT + "view", ROOT + "made-by"
PHOTO, SHA256, ANNOTATION, USER = (
    ROOT + name for name in ("photo", "sha256", "annotation", "user")
)
COUNTED_HERE, SAME_AS, PROPOSAL = ROOT + "counted-here", ROOT + "same-as", ROOT + "proposal"
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, ROOT)
_NOT_ONE = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)


def write(given: AnnotationSet) -> str:
    """A Bundle of a consultation's annotations, scales, zones and mirrored photos."""
    links = {photo.id: _link(given.consultation, f"photo {photo.id}") for photo in given.photos}
    entries = [_media(photo, links[photo.id]) for photo in given.photos]
    drawn = [*(_lesion(given, a) for a in given.annotations), *_beside(given)]
    for number, (photo, observation) in enumerate(drawn):
        entries.append(
            {
                "fullUrl": _link(given.consultation, f"drawn {number}"),
                "resource": {
                    "resourceType": "Observation",
                    "status": "preliminary",
                    **observation,
                    "derivedFrom": [{"reference": links[photo]}],
                },
            }
        )
    whole = {
        "resourceType": "Bundle",
        "meta": {"profile": [FORMAT]},
        "identifier": {"system": ROOT + "consultation", "value": given.consultation},
        "type": "collection",
        "entry": entries,
    }
    return json.dumps(whole, indent=1, ensure_ascii=True)


def read(text: str) -> Exchanged:
    """What a file of ``write`` says.

    Raises:
        Refused: ``annotations.format`` when it is no such file.
    """
    try:
        whole = json.loads(text)
        if FORMAT not in whole["meta"]["profile"]:
            raise Refused("annotations.format")
        photos: dict[str, str] = {}
        digests: dict[str, str] = {}
        for entry in whole["entry"]:
            resource = entry["resource"]
            if resource["resourceType"] == "Media":
                named = {i["system"]: i["value"] for i in resource["identifier"]}
                photos[entry["fullUrl"]] = named[PHOTO]
                digests[named[PHOTO]] = named[SHA256]
        annotations: list[Annotation] = []
        beside: list[Item] = []
        for entry in whole["entry"]:
            resource = entry["resource"]
            if resource["resourceType"] == "Observation":
                photo = photos[resource["derivedFrom"][0]["reference"]]
                coding = resource["code"]["coding"][0]
                if coding["system"] == TYPE:
                    annotations.append(_annotation(resource, photo, coding["code"]))
                else:
                    beside.append(_item(resource, PhotoId(photo), coding["code"]))
        return Exchanged(whole["identifier"]["value"], digests, tuple(annotations), tuple(beside))
    except (*_NOT_ONE, RecursionError) as error:
        raise Refused("annotations.format") from error


# -- out


def _media(photo: Photo, link: str) -> Json:
    resource = {
        "resourceType": "Media",
        "identifier": [
            {"system": PHOTO, "value": photo.id},
            {"system": SHA256, "value": photo.digest},
        ],
        "status": "completed",
        "view": _coded(VIEW, photo.view.value),
        "width": photo.width,
        "height": photo.height,
        "content": {"contentType": photo.media_type},
    }
    return {"fullUrl": link, "resource": resource}


def _lesion(given: AnnotationSet, a: Annotation) -> tuple[PhotoId, Json]:
    parts: list[Json] = [_part("place", valueSampledData=_places((a.at,)))]
    if a.radius is not None:
        parts.append(_part("radius", valueQuantity={"value": a.radius, "unit": "px"}))
    if a.border:
        parts.append(_part("border", valueSampledData=_places(a.border)))
    told: list[Json] = [{"url": COUNTED_HERE, "valueBoolean": a.counted_here}]
    if a.same_as is not None:
        told.append({"url": SAME_AS, "valueString": a.same_as})
    if a.proposal is not None:
        p = a.proposal
        values = (
            {"url": "detector", "valueString": p.detector},
            {"url": "version", "valueString": p.version},
            {"url": "type", "valueCode": p.type.value},
            {"url": "likelihood", "valueDecimal": p.likelihood},
        )
        told.append({"url": PROPOSAL, "extension": list(values)})
    plain = plain_annotation(a)
    found: Json = {
        "extension": told,
        "identifier": [{"system": ANNOTATION, "value": a.id}],
        "code": _coded(TYPE, a.type.value),
        "issued": plain["made_at"],
        "performer": [{"identifier": {"system": USER, "value": a.author}}],
        "bodySite": _coded(ZONE, given.zone_of(a).value),
        "method": _coded(MADE_BY, a.made_by.value),
        "component": parts,
    }
    if a.note:
        found["note"] = [{"text": a.note}]
    return a.photo, found


def _beside(given: AnnotationSet) -> Iterable[tuple[PhotoId, Json]]:
    for scale in given.scales:
        value = {"value": scale.mm_per_px, "unit": "mm/px"}
        how = {"method": {"text": scale.how}} if scale.how else {}
        yield scale.photo, {**_drawn("scale"), "valueQuantity": value, **how}
    for outline in given.outlines:
        zone = {"bodySite": _coded(ZONE, outline.zone.value)}
        places = {"valueSampledData": _places(outline.polygon)}
        yield outline.photo, {**_drawn("outline"), **places, **zone}
    for line in given.midlines:
        yield (
            line.photo,
            {**_drawn("midline"), "valueSampledData": _places((line.top, line.bottom))},
        )
    for mirrored in given.mirrored:
        yield mirrored.photo, {**_drawn("mirrored"), "valueBoolean": True}
    for owner in given.owners:
        zone = {"bodySite": _coded(ZONE, owner.zone.value)}
        yield owner.photo, {**_drawn("counted-on"), "valueBoolean": True, **zone}


def _drawn(code: str) -> Json:
    return {"code": _coded(DRAWN, code)}


def _coded(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def _part(code: str, **value: Json) -> Json:
    return {"code": _coded(PART, code), **value}


def _places(points: Iterable[Point]) -> Json:
    # A number's shortest text that reads back as the same number.
    data = " ".join(repr(float(v)) for p in points for v in (p.x, p.y))
    return {"origin": {"value": 0}, "period": 1, "dimensions": 2, "data": data}


def _link(consultation: str, what: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_SPACE, f'{consultation} {what}')}"


# -- back


def _annotation(resource: Mapping[str, Any], photo: str, kind: str) -> Annotation:
    parts = {p["code"]["coding"][0]["code"]: p for p in resource["component"]}
    told = {e["url"]: e for e in resource["extension"]}
    proposal = None
    if PROPOSAL in told:
        own = {e["url"]: e for e in told[PROPOSAL]["extension"]}
        proposal = {
            "detector": own["detector"]["valueString"],
            "version": own["version"]["valueString"],
            "type": own["type"]["valueCode"],
            "likelihood": own["likelihood"]["valueDecimal"],
        }
    (at,) = _points(parts["place"])
    border = _points(parts["border"]) if "border" in parts else ()
    return read_annotation(
        {
            "id": resource["identifier"][0]["value"],
            "photo": photo,
            "type": kind,
            "at": (at.x, at.y),
            "radius": parts["radius"]["valueQuantity"]["value"] if "radius" in parts else None,
            "border": [(p.x, p.y) for p in border],
            "note": resource["note"][0]["text"] if "note" in resource else "",
            "author": resource["performer"][0]["identifier"]["value"],
            "made_at": resource["issued"],
            "made_by": resource["method"]["coding"][0]["code"],
            "counted_here": told[COUNTED_HERE]["valueBoolean"],
            "same_as": told[SAME_AS]["valueString"] if SAME_AS in told else None,
            "proposal": proposal,
        }
    )


def _item(resource: Mapping[str, Any], photo: PhotoId, code: str) -> Item:
    def zone() -> ZoneId:
        return ZoneId(resource["bodySite"]["coding"][0]["code"])

    match code:
        case "scale":
            how = resource["method"]["text"] if "method" in resource else ""
            return Scale(photo, float(resource["valueQuantity"]["value"]), str(how))
        case "outline":
            return ZoneOutline(photo, zone(), _points(resource))
        case "midline":
            top, bottom = _points(resource)
            return Midline(photo, top, bottom)
        case "mirrored":
            return Mirrored(photo)
        case "counted-on":
            return ZoneOwner(zone(), photo)
        case _:
            raise ValueError("not something that is drawn")


def _points(holder: Mapping[str, Any]) -> tuple[Point, ...]:
    sampled = holder["valueSampledData"]
    if sampled["dimensions"] != 2 or sampled["origin"]["value"] != 0:
        raise ValueError("not places on a photo")
    numbers = [float(text) for text in sampled["data"].split()]
    return tuple(Point(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True))
