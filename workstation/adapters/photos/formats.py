"""Photo formats that are taken, told by their first bytes; names and declared types never decide."""

from __future__ import annotations

JPEG = "image/jpeg"
PNG = "image/png"
WEBP = "image/webp"
HEIF = "image/heic"

PILLOW_NAMES: dict[str, str] = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP", HEIF: "HEIF"}

# Brands of HEVC still pictures; AVIF and video brands are left out on purpose.
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
_HEAD = 32


def recognise(content: bytes) -> str | None:
    """Media type of a photo by its magic bytes, or ``None`` for anything that is not taken."""
    head = content[:_HEAD]
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return HEIF
    return None
