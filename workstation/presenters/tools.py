"""Tools of the photo canvas and the words of the Assess step."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from workstation.domain.lesions import EIGHT_KEYS, SCARS, LesionType, ZoneId
from workstation.domain.photo import QualityCode, View
from workstation.language import noted
from workstation.presenters import wording

SIZED = frozenset({LesionType.NODULE, LesionType.CYST})
"""Types whose diameter can be drawn while they are placed."""
DARK_MARKS = frozenset({LesionType.DARK_MARK, LesionType.ERYTHEMA_MARK})

TYPE_NAMES = {
    LesionType.OPEN_COMEDONE: noted("Open comedone"),
    LesionType.CLOSED_COMEDONE: noted("Closed comedone"),
    LesionType.PAPULE: noted("Papule"),
    LesionType.PUSTULE: noted("Pustule"),
    LesionType.NODULE: noted("Nodule"),
    LesionType.CYST: noted("Cyst"),
    LesionType.SCAR: noted("Scar"),
    LesionType.SCAR_ICE_PICK: noted("Ice-pick scar"),
    LesionType.SCAR_BOXCAR: noted("Boxcar scar"),
    LesionType.SCAR_ROLLING: noted("Rolling scar"),
    LesionType.SCAR_HYPERTROPHIC: noted("Hypertrophic scar"),
    LesionType.SCAR_KELOID: noted("Keloid"),
    LesionType.DARK_MARK: noted("Dark mark"),
    LesionType.ERYTHEMA_MARK: noted("Red mark"),
    LesionType.EXCORIATION: noted("Excoriation"),
    LesionType.OTHER: noted("Other", "lesion"),
}
MENU_TYPES = tuple(kind for kind in LesionType if kind not in EIGHT_KEYS)
"""Types without a key of their own; only menus offer them."""

ZONE_NAMES = {
    ZoneId.FOREHEAD: noted("Forehead"),
    ZoneId.RIGHT_CHEEK: noted("Right cheek"),
    ZoneId.LEFT_CHEEK: noted("Left cheek"),
    ZoneId.NOSE: noted("Nose"),
    ZoneId.CHIN: noted("Mouth and chin"),
    ZoneId.JAW_NECK: noted("Jaw and neck"),
    ZoneId.CHEST: noted("Chest"),
    ZoneId.UPPER_BACK: noted("Upper back"),
    ZoneId.SHOULDERS: noted("Shoulders"),
    ZoneId.OTHER: noted("Other skin"),
}
ZONE_SHORT = {
    **ZONE_NAMES,
    ZoneId.FOREHEAD: noted("Brow"),
    ZoneId.RIGHT_CHEEK: noted("R chk"),
    ZoneId.LEFT_CHEEK: noted("L chk"),
    ZoneId.CHIN: noted("Chin"),
    ZoneId.JAW_NECK: noted("Jaw"),
    ZoneId.UPPER_BACK: noted("Back"),
    ZoneId.SHOULDERS: noted("Shldr"),
    ZoneId.OTHER: noted("Other", "skin"),
}
VIEW_NAMES = wording.VIEW
VIEW_SHORT = {
    **VIEW_NAMES,
    View.LEFT45: noted("L45"),
    View.RIGHT45: noted("R45"),
    View.CHIN_UP: noted("Chin"),
    View.HAIRLINE: noted("Hair"),
    View.UPPER_BACK: noted("Back"),
    View.SHOULDERS: noted("Shldr"),
}
STANDARD_VIEWS = tuple(view for view in View if view is not View.OTHER)

QUALITY_CHIPS = {
    QualityCode.RESOLUTION: noted("Small"),
    QualityCode.BELOW_PREFERRED: noted("Small"),
    QualityCode.FOCUS: noted("Blurred"),
    QualityCode.LIGHT: noted("Dark"),
    QualityCode.OLD: noted("Old"),
}
QUALITY_SENTENCES = {
    QualityCode.RESOLUTION: noted("Too few pixels to tell small lesions"),
    QualityCode.BELOW_PREFERRED: noted("Fewer pixels than preferred"),
    QualityCode.FOCUS: noted("Not sharp"),
    QualityCode.LIGHT: noted("Too dark or too bright"),
    QualityCode.OLD: noted("Taken long before it was sent"),
    QualityCode.SCALE: noted("No ruler or coin in the photo"),
}


class Tool(Enum):
    """What a click on the photo does."""

    SELECT = "select"
    MARK = "mark"
    LASSO = "lasso"
    BORDER = "border"
    MEASURE = "measure"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """How the photo is shown, -100 to 100 each; never saved into the photo."""

    brightness: int = 0
    contrast: int = 0
    local: int = 0  # contrast against the skin around, which brings out borders
    redness: int = 0
    pigment: int = 0

    @property
    def is_neutral(self) -> bool:
        """Whether the photo is shown as it is."""
        return self == Adjustment()


@dataclass(frozen=True, slots=True)
class ToolState:
    """The tools as set; ``type`` is what the next annotation will be."""

    tool: Tool = Tool.MARK
    type: LesionType = LesionType.OPEN_COMEDONE
    zones: bool = True
    hidden: bool = False
    adjustment: Adjustment = Adjustment()
    adjusting: bool = False
    focus_mode: bool = False


def key_of(kind: LesionType) -> int | None:
    """The digit that sets a type, or ``None`` when only menus offer it."""
    return EIGHT_KEYS.index(kind) + 1 if kind in EIGHT_KEYS else None


def row_of(kind: LesionType) -> LesionType:
    """The one of the eight types under which the counts table lists ``kind``."""
    if kind in SCARS:
        return LesionType.SCAR
    if kind in DARK_MARKS:
        return LesionType.DARK_MARK
    return kind
