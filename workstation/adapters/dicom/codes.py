"""Codes that name views, places and lesions in DICOM objects, and the classes that are read.

SNOMED CT codes are those that DICOM PS3.16 lists (CID 4029 for skin regions, 218 and 7469 for
measurements, 6102 and 7151 for findings); what it has no code for stands under our own designator.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from workstation.domain.lesions import LesionType, ZoneId
from workstation.domain.photo import View

OWN = "99DERMWS"  # PS3.16 8: a private designator begins with 99
SNOMED = "SCT"
DICOM = "DCM"
UCUM = "UCUM"

VL_PHOTOGRAPHIC = "1.2.840.10008.5.1.4.1.1.77.1.4"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
TRUE_COLOUR_CAPTURE = "1.2.840.10008.5.1.4.1.1.7.4"
COMPREHENSIVE_SR = "1.2.840.10008.5.1.4.1.1.88.33"

IMPLICIT = "1.2.840.10008.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
RLE = "1.2.840.10008.1.2.5"
JPEG_BASELINE = "1.2.840.10008.1.2.4.50"


class Coded(NamedTuple):
    """A code, the designator of its scheme, and what it means in words."""

    value: str
    scheme: str
    meaning: str


IMAGE_VIEW = Coded("111031", DICOM, "Image View")
ANNOTATIONS = Coded("annotations", OWN, "Annotations as COCO")
RADIUS = Coded("131190003", SNOMED, "Radius")
DIAMETER = Coded("81827009", SNOMED, "Diameter")
MILLIMETRE = Coded("mm", UCUM, "millimeter")
PIXELS = Coded("{pixels}", UCUM, "pixels")
FINDING_KIND = Coded("95324001", SNOMED, "Skin lesion")
ZONE = Coded("zone", OWN, "Counting zone")
PROCEDURE = Coded("197157006", SNOMED, "Photography of patient")
LEFT = Coded("7771000", SNOMED, "Left")
RIGHT = Coded("24028007", SNOMED, "Right")

_FACE = Coded("73897004", SNOMED, "Skin of face")
_FOREHEAD = Coded("68698007", SNOMED, "Skin of forehead")
_CHIN = Coded("23747009", SNOMED, "Skin of chin")
_CHEEK = Coded("36141000", SNOMED, "Skin of cheek")
_FRONT_OF_CHEST = Coded("244106003", SNOMED, "Skin of anterior surface of thorax")
_BACK_OF_CHEST = Coded("244111001", SNOMED, "Skin of posterior surface of thorax")
_SHOULDER = Coded("16982005", SNOMED, "Shoulder")
_SKIN = Coded("39937001", SNOMED, "Skin")

VIEW_REGIONS: Mapping[View, tuple[Coded, Coded | None]] = {
    View.FRONT: (_FACE, None),
    View.LEFT45: (_FACE, LEFT),
    View.RIGHT45: (_FACE, RIGHT),
    View.CHIN_UP: (_CHIN, None),
    View.HAIRLINE: (_FOREHEAD, None),
    View.CHEST: (_FRONT_OF_CHEST, None),
    View.UPPER_BACK: (_BACK_OF_CHEST, None),
    View.SHOULDERS: (_SHOULDER, None),
    View.OTHER: (_SKIN, None),
}
ZONE_REGIONS: Mapping[ZoneId, tuple[Coded, Coded | None]] = {
    ZoneId.FOREHEAD: (_FOREHEAD, None),
    ZoneId.RIGHT_CHEEK: (_CHEEK, RIGHT),
    ZoneId.LEFT_CHEEK: (_CHEEK, LEFT),
    ZoneId.NOSE: (Coded("113179006", SNOMED, "Skin of nose"), None),
    ZoneId.CHIN: (_CHIN, None),
    ZoneId.JAW_NECK: (Coded("244097004", SNOMED, "Skin of jawline"), None),
    ZoneId.CHEST: (_FRONT_OF_CHEST, None),
    ZoneId.UPPER_BACK: (_BACK_OF_CHEST, None),
    ZoneId.SHOULDERS: (_SHOULDER, None),
    ZoneId.OTHER: (_SKIN, None),
}
_LISTED: Mapping[LesionType, Coded] = {
    LesionType.NODULE: Coded("27925004", SNOMED, "Nodule"),
    LesionType.CYST: Coded("367643001", SNOMED, "Cyst"),
    LesionType.SCAR: Coded("12402003", SNOMED, "Scar tissue"),
}


def lesion(kind: LesionType) -> Coded:
    """The finding that a lesion type is."""
    words = kind.name.replace("_", " ").capitalize()
    return _LISTED.get(kind) or Coded(kind.value, OWN, words)


def view(kind: View) -> Coded:
    """A standard view in our own words: DICOM has none for photos."""
    return Coded(kind.value, OWN, kind.value.replace("_", " ").capitalize())
