"""Opening one untrusted photo inside a decode child: header, upright sRGB pixels, stored copies."""

from __future__ import annotations

import warnings
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING

from workstation.adapters.photos.formats import HEIF, PILLOW_NAMES, recognise
from workstation.domain.errors import Refused

if TYPE_CHECKING:
    from PIL.Image import Exif, Image
    from PIL.ImageCms import ImageCmsTransform

MOST_BYTES = 100 * 1024 * 1024
MOST_PIXELS = 100_000_000
LEAST_SIDE = 200
PREVIEW_SIDE = 1600
THUMBNAIL = (160, 120)
_NEARLY = 0.9  # of the size asked for: less blur than a screen shows

_MOST_PROFILE = 4 * 1024 * 1024
_LEVELS = 17  # of each channel, by which a conversion is tried out
_EXIF_BLOCK = 0x8769
_ORIENTATION = 0x0112
_TAKEN, _TAKEN_OFFSET = 0x9003, 0x9011
_TURNED = frozenset({5, 6, 7, 8})  # orientations that swap width and height
_TURN = {  # EXIF orientation: the transposition that makes it upright
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}


def prepare() -> None:
    """Set Pillow up once: bombs and truncated files are errors, HEIF is known."""
    import pi_heif
    from PIL import Image as Pillow
    from PIL import ImageFile

    warnings.simplefilter("error", Pillow.DecompressionBombWarning)
    Pillow.MAX_IMAGE_PIXELS = MOST_PIXELS
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    pi_heif.register_heif_opener(thumbnails=False)
    pi_heif.options.DECODE_THREADS = 1


class Picture:
    """A photo whose header was read and found within the limits.

    Raises:
        Refused: ``intake.photo.empty``, ``.bytes``, ``.format``, ``.pixels``, ``.small`` or
            ``.unreadable`` while opening; ``.truncated`` or ``.unreadable`` while decoding.
    """

    def __init__(self, content: bytes) -> None:
        if not content:
            raise Refused("intake.photo.empty")
        if len(content) > MOST_BYTES:
            raise Refused("intake.photo.bytes", bytes=len(content))
        media_type = recognise(content)
        if media_type is None:
            raise Refused("intake.photo.format")
        self.media_type = media_type
        self._image = _opened(content, media_type)
        self._profile = self._image.info.get("icc_profile")
        exif = _exif(self._image)
        self.taken_at = _taken_at(exif)
        # HEIF arrives already turned; whatever its tag says is no longer true.
        self.orientation = 1 if media_type == HEIF else _orientation(exif)
        width, height = self._image.size
        if width * height > MOST_PIXELS:
            raise Refused("intake.photo.pixels", width=width, height=height)
        if min(width, height) < LEAST_SIDE:
            raise Refused("intake.photo.small", width=width, height=height)
        self.width, self.height = self._turned((width, height))
        self._size = (self.width, self.height)

    @property
    def as_it_lies(self) -> bool:
        """Whether the pixels are upright as they are stored."""
        return self.orientation not in _TURN

    def aim(self, longest: int | None, *, quick: bool = False) -> tuple[int, int]:
        """Decide once how large ``upright`` will be: the longest side is at most ``longest``.

        ``quick`` is for what is looked at while better pixels are on their way: where the decoder
        itself can scale to nearly that size, its size is taken, and any further scaling is done
        with a short filter.
        """
        from PIL import Image as Pillow

        side = max(self.width, self.height)
        self._filter = Pillow.Resampling.HAMMING if quick else Pillow.Resampling.LANCZOS
        if longest is None or side <= longest:
            return self._size
        share = longest / side
        size = (max(1, round(self.width * share)), max(1, round(self.height * share)))
        least = tuple(ceil(n * _NEARLY) for n in size) if quick else size
        self._image.draft("RGB", self._turned(least))
        drafted = self._turned(self._image.size)
        self._size = drafted if quick and max(drafted) <= longest else size
        return self._size

    def upright(self) -> Image:
        """Upright sRGB pixels of the size aimed at; may be asked once (it frees as it goes)."""
        image, conversion = self.unconverted()
        return image if conversion is None else in_srgb(image, conversion)

    def unconverted(self) -> tuple[Image, ImageCmsTransform | None]:
        """As ``upright``, with what still has to be done to the colours of its RGB pixels."""
        from PIL import Image as Pillow

        image = self._image
        try:
            image.load()
        except OSError as error:
            code = "truncated" if "truncated" in str(error) else "unreadable"
            raise Refused(f"intake.photo.{code}") from error
        del self._image
        image = _plain(image)
        wanted = self._turned(self._size)
        if image.size != wanted:
            # Before it is turned: the fewer pixels, the less there is to turn.
            image = image.resize(wanted, self._filter, reducing_gap=2.0)
        if self.orientation in _TURN:
            image = image.transpose(Pillow.Transpose[_TURN[self.orientation]])
        return _to_convert(image, self._profile)

    def _turned(self, size: tuple[int, ...]) -> tuple[int, int]:
        """Upright width and height as stored, and the reverse."""
        width, height = size
        return (height, width) if self.orientation in _TURNED else (width, height)


def thumbnail(image: Image) -> bytes:
    """A JPEG that fits 160 x 120, without EXIF."""
    from PIL import Image as Pillow

    small = image.copy()
    small.thumbnail(THUMBNAIL, Pillow.Resampling.LANCZOS)
    return _jpeg(small, 85)


def preview(image: Image) -> bytes:
    """A JPEG of the given pixels, without EXIF."""
    return _jpeg(image, 88)


def _jpeg(image: Image, quality: int) -> bytes:
    out = BytesIO()
    image.info.clear()  # no EXIF, comment or profile travels with the copy
    image.save(out, "JPEG", quality=quality, subsampling=0)
    return out.getvalue()


def _opened(content: bytes, media_type: str) -> Image:
    from PIL import Image as Pillow

    try:
        return Pillow.open(BytesIO(content), formats=[PILLOW_NAMES[media_type]])
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning) as error:
        raise Refused("intake.photo.pixels") from error
    except MemoryError:
        raise
    except Exception as error:
        # Decoders answer damaged headers with many kinds of exception; each means the same here.
        raise Refused("intake.photo.unreadable") from error


def _exif(image: Image) -> Exif:
    from PIL import Image as Pillow

    try:
        return image.getexif()
    except MemoryError:
        raise
    except Exception:
        # Damaged EXIF does not make the pixels unreadable; it is as if there were none.
        return Pillow.Exif()


def _orientation(exif: Exif) -> int:
    try:
        found = exif.get(_ORIENTATION, 1)
    except MemoryError:
        raise
    except Exception:
        # A damaged tag turns nothing; the clinician sees how the photo stands.
        return 1
    return found if isinstance(found, int) else 1


def _taken_at(exif: Exif) -> datetime | None:
    """When the photo was taken; a camera clock without an offset is read as UTC."""
    try:
        block = exif.get_ifd(_EXIF_BLOCK)
        taken = datetime.strptime(str(block[_TAKEN]).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the offset follows
    except (KeyError, ValueError, TypeError, OSError, SyntaxError):
        return None
    offset = str(block.get(_TAKEN_OFFSET, "")).strip("\0 ")
    try:
        zone = datetime.strptime(offset, "%z").tzinfo if offset else UTC
    except ValueError:
        zone = UTC
    return taken.replace(tzinfo=zone)


def _plain(image: Image) -> Image:
    """RGB of any mode: 16 bits are scaled, transparency lies on white; CMYK waits for its profile."""
    from PIL import Image as Pillow

    if image.mode in ("RGB", "CMYK"):
        return image
    if image.mode.startswith("I;16") or image.mode == "I":
        import numpy as np

        scaled = (np.asarray(image).astype(np.uint32) >> 8).astype(np.uint8)
        return Pillow.fromarray(scaled).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        ground = Pillow.new("RGB", layered.size, (255, 255, 255))
        ground.paste(layered, mask=layered.getchannel("A"))
        return ground
    return image.convert("RGB")


def in_srgb(image: Image, conversion: ImageCmsTransform) -> Image:
    """The RGB image itself with its colours converted; several threads may do so at once."""
    from PIL import ImageCms

    # A profile that cannot be used counts as none: the pixels are taken as sRGB, as browsers do.
    with suppress(ImageCms.PyCMSError, OSError, ValueError):
        ImageCms.applyTransform(image, conversion, inPlace=True)
    return image


def _to_convert(image: Image, profile: bytes | None) -> tuple[Image, ImageCmsTransform | None]:
    """RGB pixels, and how their colours become sRGB by the embedded profile where they must."""
    from PIL import ImageCms

    if profile and len(profile) <= _MOST_PROFILE:
        try:
            conversion = _conversion(profile, image.mode)
            if image.mode == "RGB":
                return image, conversion
            turned = None if conversion is None else ImageCms.applyTransform(image, conversion)
            return (image.convert("RGB") if turned is None else turned), None
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a damaged profile is as none
    return (image if image.mode == "RGB" else image.convert("RGB")), None


@lru_cache(maxsize=4)
def _conversion(profile: bytes, mode: str) -> ImageCmsTransform | None:
    """How colours of a profile become sRGB, None where they are sRGB already.

    Kept, because the photos of one telephone carry one profile.
    """
    from PIL import ImageCms

    source = ImageCms.ImageCmsProfile(BytesIO(profile))
    if mode == "RGB" and "sRGB" in ImageCms.getProfileDescription(source):
        return None
    found = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, "RGB")
    return None if mode == "RGB" and _changes_nothing(found) else found


def _changes_nothing(conversion: ImageCmsTransform) -> bool:
    """Whether no colour moves by more than one level: many profiles are sRGB by another name."""
    from PIL import Image as Pillow
    from PIL import ImageChops, ImageCms

    levels = [round(n * 255 / (_LEVELS - 1)) for n in range(_LEVELS)]
    colours = bytes(v for r in levels for g in levels for b in levels for v in (r, g, b))
    before = Pillow.frombytes("RGB", (_LEVELS, _LEVELS**2), colours)
    after = ImageCms.applyTransform(before, conversion)
    if after is None:
        return False
    return max(ImageChops.difference(before, after).tobytes()) <= 1
