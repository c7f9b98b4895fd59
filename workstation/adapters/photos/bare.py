"""A photo without what it tells beside its pixels: no place, no camera, no serial number, no comment.

Nothing of the pixels changes: JPEG, PNG and WebP are taken apart into their segments and only those
that the picture needs are kept. Two things stay that a viewer and the judgement of a photo's age need:
which way is up, and when it was taken. HEIC keeps its metadata all over the file, so that it is written
anew as JPEG from its pixels.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from workstation.adapters.dicom import jpeg
from workstation.adapters.photos.formats import JPEG, PNG, WEBP
from workstation.domain.errors import Refused

if TYPE_CHECKING:
    from workstation.adapters.photos.picture import Picture

_ORIENTATION, _TAKEN, _OFFSET, _BLOCK = 0x0112, 0x9003, 0x9011, 0x8769
_EXIF_MARK = b"Exif\0\0"
_PNG_HEAD = 8
_PNG_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB"}
)
_RIFF_HEAD = 12
_WEBP_TELLS = frozenset({b"EXIF", b"XMP "})
_EXIF_FLAG, _XMP_FLAG = 0x08, 0x04
_QUALITY = 95


def bare(picture: Picture, content: bytes) -> tuple[str, bytes]:
    """(media type, bytes) of the photo that ``content`` holds and ``picture`` opened.

    Raises:
        Refused: ``intake.photo.unreadable`` when its segments do not follow each other.
    """
    exif = _exif(picture)
    if picture.media_type == JPEG:
        frame = jpeg.bare(content)
        made = frame.content
        if frame.profile is not None:
            made = jpeg.with_profile(made, frame.profile)
        return JPEG, jpeg.with_exif(made, exif) if exif else made
    if picture.media_type == PNG:
        return PNG, b"".join(_png(content, exif.removeprefix(_EXIF_MARK)))
    if picture.media_type == WEBP:
        return WEBP, _webp(content, exif.removeprefix(_EXIF_MARK))
    return JPEG, _anew(picture, exif)


def _exif(picture: Picture) -> bytes:
    """Which way is up and when it was taken, as Pillow writes EXIF; empty when neither is told."""
    from PIL import Image

    exif = Image.Exif()
    if picture.orientation != 1:
        exif[_ORIENTATION] = picture.orientation
    if picture.taken_at is not None:
        block = exif.get_ifd(_BLOCK)
        block[_TAKEN] = picture.taken_at.strftime("%Y:%m:%d %H:%M:%S")
        block[_OFFSET] = f"{picture.taken_at:%z}"[:3] + ":" + f"{picture.taken_at:%z}"[3:5]
    return exif.tobytes() if picture.orientation != 1 or picture.taken_at is not None else b""


def _png(content: bytes, exif: bytes) -> Iterator[bytes]:
    yield content[:_PNG_HEAD]
    at, kind = _PNG_HEAD, b""
    while kind != b"IEND":
        if at + 12 > len(content):
            raise Refused("intake.photo.unreadable")
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        end = at + 12 + length
        if kind in _PNG_KEPT:
            yield content[at:end]
        if kind == b"IHDR" and exif:
            yield struct.pack(">I", len(exif)) + b"eXIf" + exif
            yield struct.pack(">I", zlib.crc32(b"eXIf" + exif))
        at = end


def _webp(content: bytes, exif: bytes) -> bytes:
    kept: list[bytes] = []
    at, extended = _RIFF_HEAD, False
    while at + 8 <= len(content):
        kind, length = struct.unpack("<4sI", content[at : at + 8])
        body = content[at + 8 : at + 8 + length]
        if kind == b"VP8X" and body:
            extended = True
            flags = body[0] & ~(_EXIF_FLAG | _XMP_FLAG) | (_EXIF_FLAG if exif else 0)
            body = bytes((flags,)) + body[1:]
        if kind not in _WEBP_TELLS:
            kept.append(_chunk(kind, body))
        at += 8 + length + length % 2
    if exif and extended:
        kept.append(_chunk(b"EXIF", exif))
    inside = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _anew(picture: Picture, exif: bytes) -> bytes:
    from io import BytesIO

    out = BytesIO()
    image = picture.upright()
    image.info.clear()
    image.save(out, "JPEG", quality=_QUALITY, subsampling=0, exif=exif)
    return out.getvalue()
