"""JPEG files by their segments: what a frame needs is kept, everything that only tells is left out."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from workstation.domain.errors import Refused

_SOI, _SOS, _ADOBE, _ICC_SEGMENT, _COMMENT = 0xD8, 0xDA, 0xEE, 0xE2, 0xFE
_BASELINE = 0xC0
_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_APPLICATIONS = range(0xE0, 0xF0)
_PROFILE = b"ICC_PROFILE\0"
_PIECE = 65_000  # bytes of a profile in one segment
_ADOBE_MARK = b"Adobe"
_ADOBE_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Frame:
    """A JPEG without what only tells. ``transform`` is Adobe's word on colour, ``None`` without one."""

    content: bytes
    baseline: bool
    width: int
    height: int
    components: int
    transform: int | None
    profile: bytes | None


def bare(content: bytes) -> Frame:
    """The frame of a JPEG file: no EXIF, no comment, no profile, no thumbnail.

    Raises:
        Refused: ``intake.photo.unreadable`` when the segments do not follow each other.
    """
    kept = [b"\xff\xd8"]
    profile: list[bytes] = []
    size: tuple[int, int, int, int] | None = None
    transform: int | None = None
    rest = len(content)
    for marker, body, after in _segments(content):
        if marker == _SOS:
            rest = after
            break
        if marker in _FRAMES and len(body) >= 6:
            height, width, components = struct.unpack(">HHB", body[1:6])
            size = (marker, width, height, components)
        if marker == _ADOBE and body.startswith(_ADOBE_MARK) and len(body) >= _ADOBE_LENGTH:
            transform = body[11]
        elif marker == _ICC_SEGMENT and body.startswith(_PROFILE):
            profile.append(body[len(_PROFILE) + 2 :])
            continue
        elif marker in _APPLICATIONS or marker == _COMMENT:
            continue
        kept.append(segment(marker, body))
    if size is None:
        raise Refused("intake.photo.unreadable")
    kept.append(content[rest:])
    made = b"".join(kept)
    marker, width, height, components = size
    return Frame(
        made, marker == _BASELINE, width, height, components, transform, b"".join(profile) or None
    )


def with_profile(frame: bytes, profile: bytes) -> bytes:
    """The JPEG with a colour profile in it."""
    pieces = [profile[at : at + _PIECE] for at in range(0, len(profile), _PIECE)]
    segments = (
        segment(_ICC_SEGMENT, _PROFILE + bytes((number, len(pieces))) + piece)
        for number, piece in enumerate(pieces, 1)
    )
    return frame[:2] + b"".join(segments) + frame[2:]


def as_rgb(frame: bytes) -> bytes:
    """The JPEG with Adobe's word that its three components are red, green and blue."""
    return frame[:2] + segment(_ADOBE, b"Adobe\0\x64\0\0\0\0\0") + frame[2:]


def with_exif(frame: bytes, exif: bytes) -> bytes:
    """The JPEG with an EXIF block, as Pillow writes one."""
    return frame[:2] + segment(0xE1, exif) + frame[2:]


def segment(marker: int, body: bytes) -> bytes:
    """A segment with its marker and length."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def _segments(content: bytes) -> Iterator[tuple[int, bytes, int]]:
    """(marker, body, where the segment begins) up to and with the start of the scan."""
    if content[:2] != bytes((0xFF, _SOI)):
        raise Refused("intake.photo.unreadable")
    at = 2
    while True:
        begun = at
        if at + 4 > len(content) or content[at] != 0xFF:
            raise Refused("intake.photo.unreadable")
        while content[at] == 0xFF:  # fill bytes may stand before a marker
            at += 1
            if at + 3 > len(content):
                raise Refused("intake.photo.unreadable")
        marker = content[at]
        length = struct.unpack(">H", content[at + 1 : at + 3])[0]
        if length < 2 or at + 1 + length > len(content):
            raise Refused("intake.photo.unreadable")
        yield marker, content[at + 3 : at + 1 + length], begun
        if marker == _SOS:
            return
        at += 1 + length
