"""Writes the intake packages of the demo clinic: FHIR R4 bundles, zipped with photos or alone.

It writes as a stranger would, from the published questionnaires and the format alone. The same
``today`` gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from workstation.assets import resource
from workstation.demo.entries import entries_of
from workstation.demo.fhir import ROOT, SENDER, Json, concept, url_of
from workstation.demo.histories import told
from workstation.demo.people import PEOPLE, Person, Visit, person

BASE = date(2026, 11, 23)
"""The day the table of people is written for; every date moves with ``today - BASE``."""


_FRESH_DAYS = 3
_PRESSING = {
    person("halvorsen-mia").visits[-1].face: 11,
    person("becker-jonas").visits[-1].face: 4,
    person("carter-amara").visits[-1].face: 110,
    person("al-hashimi-noor").visits[-1].face: 9 * 60,
}
"""Minutes since the red flags of the table were sent: their clocks are still running."""

_MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png", "heic": "image/heic"}
_STAMP = re.compile(rb"\d{4}:\d{2}:\d{2} \d{2}:\d{2}:\d{2}")
_INLINE_MOST = 1_500_000  # bytes of photos that still travel inside the JSON


def visits_in_order() -> tuple[tuple[Person, Visit], ...]:
    """Every visit of every person, oldest first: the order of ``write_packages``."""
    pairs = ((who, visit) for who in PEOPLE for visit in who.visits)
    return tuple(sorted(pairs, key=lambda pair: (pair[1].day, pair[0].key)))


def write_packages(folder: Path, today: date, now: datetime | None = None) -> tuple[Path, ...]:
    """Write one package for each visit into ``folder``, oldest visit first.

    Dates move so that the table's last day is ``today``. With ``now`` (aware), what was sent on
    ``today`` was sent within the last hour; otherwise just after the day began.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, (who, visit) in enumerate(visits_in_order(), 1):
        kind, content = package(who, visit, today, now)
        path = folder / f"package-{number:03d}.{kind}"
        path.write_bytes(content)
        paths.append(path)
    return tuple(paths)


def package(
    who: Person, visit: Visit, today: date, now: datetime | None = None
) -> tuple[str, bytes]:
    """(``zip`` or ``json``, bytes) of one visit's package."""
    by = today - BASE
    photos = tuple(_photos(who, visit, by))
    # Some senders put everything into the bundle; they do so when the photos are small.
    size = sum(len(content) for _, _, content in photos)
    inline = size <= _INLINE_MOST and zlib.crc32(who.key.encode()) % 4 == 0
    entries = list(entries_of(who, visit, told(who, visit), by, sent_at(visit, today, now)))
    names: list[tuple[str, bytes]] = []
    for number, (view, suffix, content) in enumerate(photos, 1):
        name = f"photos/{number:02d}-{view.replace('_', '-')}.{suffix}"
        entries.extend(_photo_entries(who, visit, (view, suffix, content), name, inline, number))
        names.append((name, content))
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "identifier": {"system": SENDER, "value": external_id(who, visit)},
        "timestamp": sent_at(visit, today, now).isoformat(),
        "entry": entries,
    }
    plain = json.dumps(bundle, ensure_ascii=False, indent=None if inline else 1, default=_number)
    raw = plain.encode()
    return ("json", raw) if inline else ("zip", _zipped((("bundle.json", raw), *names)))


def _number(value: object) -> int | float:
    if not isinstance(value, Decimal):
        raise TypeError(type(value).__name__)
    return int(value) if value == value.to_integral_value() else float(value)


def external_id(who: Person, visit: Visit) -> str:
    """The sender's identifier of one visit's package."""
    return f"{who.mrn.replace(' ', '')}-{visit.number}"


def _zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members:
            member = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            member.compress_type = (
                zipfile.ZIP_DEFLATED if name.endswith(".json") else zipfile.ZIP_STORED
            )
            member.external_attr = 0o100600 << 16
            archive.writestr(member, content)
    return out.getvalue()


def sent_at(visit: Visit, today: date, now: datetime | None = None) -> datetime:
    """When the package was sent (UTC), never in the future.

    With ``now`` the visits of the table's last days are spread over the last two days before it,
    in their order and the most pressing ones minutes ago, as a clinic's queue would have them.
    """
    day = visit.day + (today - BASE)
    mark = zlib.crc32(f"{visit.day}{visit.number}{visit.face}".encode())
    ago = (BASE - visit.day).days
    if now is not None and ago <= _FRESH_DAYS:
        minutes = _PRESSING.get(visit.face) or ago * 11 * 60 + 20 + mark % (9 * 60)
        return now.astimezone(UTC).replace(microsecond=0) - timedelta(minutes=minutes)
    if day < today:
        return datetime(day.year, day.month, day.day, 14 + mark % 9, mark % 60, tzinfo=UTC)
    return datetime(day.year, day.month, day.day, 0, mark % 20, tzinfo=UTC)


def _photos(who: Person, visit: Visit, by: timedelta) -> Iterable[tuple[str, str, bytes]]:
    """(view, file ending, bytes) of each photo sent, with its camera date moved."""
    folder = resource("demo", "photos", who.key)
    for view in visit.views:
        extra = visit.extra(view)
        suffix = extra if extra in _MEDIA_TYPES else "jpg"
        content = (folder / f"{visit.number}-{view}.{suffix}").read_bytes()
        yield view, suffix, _moved_camera_date(content, by) if by else content


def _moved_camera_date(content: bytes, by: timedelta) -> bytes:
    """The photo with its EXIF dates moved; a PNG's chunk checksum is written anew."""

    def later(found: re.Match[bytes]) -> bytes:
        taken = datetime.strptime(found.group().decode(), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - cameras know no zone
        return (taken + by).strftime("%Y:%m:%d %H:%M:%S").encode()

    if content.startswith(b"\x89PNG"):
        at = content.find(b"eXIf")
        if at < 0:
            return content
        (length,) = struct.unpack(">I", content[at - 4 : at])
        chunk = _STAMP.sub(later, content[at : at + 4 + length])
        checksum = struct.pack(">I", zlib.crc32(chunk))
        return content[:at] + chunk + checksum + content[at + 8 + length :]
    at = content.find(b"Exif\0\0")
    if at < 0:
        return content
    return content[:at] + _STAMP.sub(later, content[at : at + 65_536]) + content[at + 65_536 :]


def _photo_entries(
    who: Person,
    visit: Visit,
    photo: tuple[str, str, bytes],
    name: str,
    inline: bool,
    number: int,
) -> Iterable[Json]:
    """The entries of one photo: Media or DocumentReference; inside the bundle, data or a Binary."""
    view, suffix, content = photo
    media_type = _MEDIA_TYPES[suffix]
    subject = {"reference": url_of(who.key)}
    attachment: Json = {
        "contentType": media_type,
        "extension": [{"url": ROOT + "sha256", "valueString": hashlib.sha256(content).hexdigest()}],
    }
    if not inline:
        attachment["url"] = name
    elif number % 2:
        attachment["data"] = base64.b64encode(content).decode()
    else:
        attachment["url"] = url_of(who.key, visit.number, "Binary", number)
        data = base64.b64encode(content).decode()
        binary = {"resourceType": "Binary", "contentType": media_type, "data": data}
        yield {"fullUrl": attachment["url"], "resource": binary}
    resource: Json
    if who.request in ("melasma", "rosacea"):
        resource = {
            "resourceType": "DocumentReference",
            "status": "current",
            "type": concept(ROOT + "view", view),
            "subject": subject,
            "content": [{"attachment": attachment}],
        }
    else:
        resource = {
            "resourceType": "Media",
            "status": "completed",
            "view": concept(ROOT + "view", view),
            "subject": subject,
            "content": attachment,
        }
    yield {"fullUrl": url_of(who.key, visit.number, "photo", number), "resource": resource}
