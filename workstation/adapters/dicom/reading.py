"""DICOM objects of strangers, read inside the decode child only.

Of an object nothing is believed but what is asked for: the pixels of one frame, and whom it names.
The transfer syntax is read from the first bytes before the object is parsed, so that nothing is
inflated; sizes are judged on the header before pixels are touched.
"""

from __future__ import annotations

import struct
import unicodedata
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from workstation.adapters.dicom import codes, jpeg
from workstation.domain.errors import Refused
from workstation.domain.photo import View

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

MOST_REPORT = 64 * 1024 * 1024
_PREAMBLE = 132
_MARK = slice(128, 132)
_SYNTAX_TAG = (0x0002, 0x0010)
_LONG = frozenset({b"OB", b"OW", b"OF", b"SQ", b"UT", b"UN"})
_KINDS = frozenset({codes.VL_PHOTOGRAPHIC, codes.SECONDARY_CAPTURE, codes.TRUE_COLOUR_CAPTURE})
_SYNTAXES = frozenset({codes.IMPLICIT, codes.EXPLICIT, codes.RLE, codes.JPEG_BASELINE})
_COLOURS = frozenset(
    {"MONOCHROME1", "MONOCHROME2", "PALETTE COLOR", "RGB", "YBR_FULL", "YBR_FULL_422"}
)
_MOST_PROFILE = 4 * 1024 * 1024
_TEXT = 64  # characters of a name or number
_TAKEN, _EXIF_BLOCK = 0x9003, 0x8769
_SEXES = {"F": "female", "M": "male", "O": "other"}
_PHOTO_KEYS = [
    "SOPClassUID", "SpecificCharacterSet", "PatientID", "PatientName", "PatientBirthDate",
    "PatientSex", "BurnedInAnnotation", "NumberOfFrames", "Rows", "Columns", "SamplesPerPixel",
    "PhotometricInterpretation", "PlanarConfiguration", "BitsAllocated", "BitsStored", "HighBit",
    "PixelRepresentation", "PixelData", "ICCProfile", "AcquisitionDateTime", "AcquisitionDate",
    "AcquisitionTime", "ContentDate", "ContentTime", "AcquisitionContextSequence",
    "RedPaletteColorLookupTableDescriptor", "GreenPaletteColorLookupTableDescriptor",
    "BluePaletteColorLookupTableDescriptor", "RedPaletteColorLookupTableData",
    "GreenPaletteColorLookupTableData", "BluePaletteColorLookupTableData",
]  # fmt: skip


class Limits(NamedTuple):
    """What any photo is held to: bytes of its file, pixels in all, pixels of its shorter side."""

    most_bytes: int
    most_pixels: int
    least_side: int


class Opened:
    """A photo object whose header was read and found within the limits.

    Raises:
        Refused: ``intake.dicom.*``, ``intake.photo.bytes``, ``.pixels`` or ``.small``.
    """

    def __init__(self, content: bytes, limits: Limits) -> None:
        if len(content) > limits.most_bytes:
            raise Refused("intake.photo.bytes", bytes=len(content))
        self.syntax = _checked_syntax(content, _SYNTAXES)
        self._set = _parsed(content, _PHOTO_KEYS)
        found = self._set
        if _word(found, "SOPClassUID") not in _KINDS:
            raise Refused("intake.dicom.kind")
        if _word(found, "BurnedInAnnotation").upper() == "YES":
            raise Refused("intake.dicom.burned_in")
        if _whole(found, "NumberOfFrames", 1) != 1:
            raise Refused("intake.dicom.frames")
        self.width, self.height = _whole(found, "Columns", 0), _whole(found, "Rows", 0)
        if self.width * self.height > limits.most_pixels:
            raise Refused("intake.photo.pixels", width=self.width, height=self.height)
        if min(self.width, self.height) < limits.least_side:
            raise Refused("intake.photo.small", width=self.width, height=self.height)
        self._colour = _word(found, "PhotometricInterpretation")
        plain = (_whole(found, "BitsAllocated", 0), _whole(found, "BitsStored", 8)) == (8, 8)
        if not plain or _whole(found, "PixelRepresentation", 0) != 0:
            raise Refused("intake.dicom.pixels")
        if self._colour not in _COLOURS or _whole(found, "SamplesPerPixel", 0) not in (1, 3):
            raise Refused("intake.dicom.pixels")

    def named(self) -> dict[str, str | None]:
        """Whom it names, as plain values."""
        found = self._set
        family = given = None
        name = found.get("PatientName")
        if name is not None:
            family, given = _line(str(name.family_name)), _line(str(name.given_name))
        born = _day(_word(found, "PatientBirthDate"))
        return {
            "record": _line(_word(found, "PatientID")),
            "family": family,
            "given": given,
            "born": None if born is None else born.isoformat(),
            "sex": _SEXES.get(_word(found, "PatientSex").upper()),
        }

    def view(self) -> str | None:
        """The view, where the object was written by this program."""
        for item in self._set.get("AcquisitionContextSequence") or ():
            # An item of another shape was written by others: it does not say our view.
            with suppress(AttributeError, IndexError, KeyError, TypeError):
                name, value = item.ConceptNameCodeSequence[0], item.ConceptCodeSequence[0]
                if (str(name.CodeValue), str(value.CodingSchemeDesignator)) == (
                    codes.IMAGE_VIEW.value,
                    codes.OWN,
                ) and str(value.CodeValue) in {view.value for view in View}:
                    return str(value.CodeValue)
        return None

    def photo(self) -> tuple[str, bytes]:
        """(media type, bytes): the JPEG frame as it is, any other pixels as PNG."""
        profile = self._set.get("ICCProfile")
        profile = bytes(profile) if profile and len(profile) <= _MOST_PROFILE else None
        if self.syntax == codes.JPEG_BASELINE:
            return "image/jpeg", self._frame(profile)
        return "image/png", self._png(profile)

    def _frame(self, profile: bytes | None) -> bytes:
        from pydicom.encaps import generate_frames

        frames = list(generate_frames(self._set.PixelData, number_of_frames=1))
        frame = jpeg.bare(frames[0])
        if (frame.width, frame.height) != (self.width, self.height):
            raise Refused("intake.dicom.pixels")
        made = frame.content
        if frame.components == 3:
            # A frame without Adobe's word is read as YCbCr by every decoder.
            red_green_blue = frame.transform == 0
            if self._colour == "RGB" and not red_green_blue:
                if frame.transform is not None:
                    raise Refused("intake.dicom.pixels")
                made = jpeg.as_rgb(made)
            elif self._colour.startswith("YBR") and red_green_blue:
                raise Refused("intake.dicom.pixels")
        elif frame.components != 1 or self._colour != "MONOCHROME2":
            raise Refused("intake.dicom.pixels")
        colours = frame.profile or profile
        if colours is not None:
            made = jpeg.with_profile(made, colours)
        exif = self._exif()
        return jpeg.with_exif(made, exif) if exif else made

    def _png(self, profile: bytes | None) -> bytes:
        from PIL import Image
        from pydicom.pixels import apply_color_lut, pixel_array

        found = self._set
        pixels = pixel_array(found)
        if self._colour == "PALETTE COLOR":
            pixels = apply_color_lut(pixels, found)
            if pixels.dtype != "uint8":
                pixels = (pixels >> 8).astype("uint8")
        elif self._colour == "MONOCHROME1":
            pixels = 255 - pixels
        if pixels.shape[:2] != (self.height, self.width):
            raise Refused("intake.dicom.pixels")
        out = BytesIO()
        image = Image.fromarray(pixels)
        image.save(out, "PNG", compress_level=1, icc_profile=profile, exif=self._exif() or b"")
        return out.getvalue()

    def _exif(self) -> bytes:
        """The moment it was taken as EXIF, so that its age is judged as any photo's is."""
        from PIL import Image

        taken = _taken(self._set)
        if taken is None:
            return b""
        exif = Image.Exif()
        exif.get_ifd(_EXIF_BLOCK)[_TAKEN] = taken.strftime("%Y:%m:%d %H:%M:%S")
        return exif.tobytes()


def report(content: bytes) -> bytes:
    """The COCO text of a measurement report that this program wrote, after a look at its regions.

    Raises:
        Refused: ``annotations.format`` when it is no such report, ``annotations.differs`` when its
            regions are not where its text says.
    """
    if len(content) > MOST_REPORT:
        raise Refused("annotations.format")
    try:
        _checked_syntax(content, frozenset({codes.IMPLICIT, codes.EXPLICIT}))
        found = _parsed(content, None)
    except Refused as error:
        raise Refused("annotations.format") from error
    if _word(found, "SOPClassUID") != codes.COMPREHENSIVE_SR:
        raise Refused("annotations.format")
    items = list(found.get("ContentSequence") or ())
    texts = [str(i.TextValue) for i in items if _name(i) == codes.ANNOTATIONS[:2]]
    if len(texts) != 1:
        raise Refused("annotations.format")
    raw = texts[0].encode()
    from workstation.adapters.exports import coco

    told = {a.id: a for a in coco.read(texts[0]).annotations}
    drawn = _regions(items)
    if set(told) != set(drawn):
        raise Refused("annotations.differs")
    for id, annotation in told.items():
        points = annotation.border or (annotation.at,)
        if _single([n for p in points for n in (p.x, p.y)]) != drawn[id]:
            raise Refused("annotations.differs", annotation=id)
    return raw


def _regions(items: list[Any]) -> dict[str, list[float]]:
    """The points of each measurement group's region by its tracking identifier."""
    found: dict[str, list[float]] = {}
    stack = list(items)
    while stack:
        item = stack.pop()
        below = list(item.get("ContentSequence") or ())
        marks = [str(i.TextValue) for i in below if _name(i) == ("112039", codes.DICOM)]
        for one in below:
            if marks and one.get("ValueType") == "SCOORD":
                points = [float(n) for n in one.GraphicData]
                # A border is a closed line: its first point stands again at its end.
                found[marks[0]] = points[:-2] if one.GraphicType == "POLYLINE" else points
        stack += below
    return found


def _single(numbers: list[float]) -> list[float]:
    """Numbers as DICOM's regions hold them: in single precision."""
    return list(struct.unpack(f"<{len(numbers)}f", struct.pack(f"<{len(numbers)}f", *numbers)))


def _name(item: Any) -> tuple[str, str]:
    with suppress(AttributeError, IndexError):  # an item without a name is none of ours
        one = item.ConceptNameCodeSequence[0]
        return str(one.CodeValue), str(one.CodingSchemeDesignator)
    return "", ""


def _parsed(content: bytes, keys: list[str] | None) -> Dataset:
    import pydicom

    try:
        return pydicom.dcmread(BytesIO(content), specific_tags=keys)
    except MemoryError:
        raise
    except Exception as error:
        # The library answers damaged objects with many kinds of exception; each means the same.
        raise Refused("intake.dicom.damaged") from error


def _checked_syntax(content: bytes, allowed: frozenset[str]) -> str:
    """The transfer syntax, from the meta group at the head of the file.

    Raises:
        Refused: ``intake.dicom.damaged``, ``intake.dicom.syntax``.
    """
    if content[_MARK] != b"DICM":
        raise Refused("intake.dicom.damaged")
    at = _PREAMBLE
    while at + 8 <= len(content):
        group, element, kind = struct.unpack("<HH2s", content[at : at + 6])
        if kind in _LONG:
            length = struct.unpack("<I", content[at + 8 : at + 12].ljust(4, b"\0"))[0]
            at += 12
        else:
            length = struct.unpack("<H", content[at + 6 : at + 8])[0]
            at += 8
        if group != _SYNTAX_TAG[0] or at + length > len(content):
            break
        if (group, element) == _SYNTAX_TAG:
            syntax = content[at : at + length].rstrip(b"\0 ").decode("ascii", "replace")
            if syntax not in allowed:
                raise Refused("intake.dicom.syntax")
            return syntax
        at += length
    raise Refused("intake.dicom.damaged")


def _word(found: Dataset, key: str) -> str:
    value = found.get(key)
    return value.strip() if isinstance(value, str) else ""


def _whole(found: Dataset, key: str, default: int) -> int:
    value = found.get(key)
    if value is None:
        return default
    try:
        return int(value)
    except (TypeError, ValueError):
        return -1


def _line(text: str) -> str | None:
    """One plain line of text, or nothing."""
    plain = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return " ".join(plain.split())[:_TEXT] or None


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def _taken(found: Dataset) -> datetime | None:
    moments = [
        _word(found, "AcquisitionDateTime"),
        _word(found, "AcquisitionDate") + _word(found, "AcquisitionTime"),
        _word(found, "ContentDate") + _word(found, "ContentTime"),
    ]
    for moment in moments:
        with suppress(ValueError):  # no time in it: the next one is asked
            return datetime.strptime(moment[:14], "%Y%m%d%H%M%S")  # noqa: DTZ007 - as EXIF: the camera's clock
    return None
