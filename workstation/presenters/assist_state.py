"""The proposals of one photo as the page shows them, with their words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from workstation.domain.detections import Detection, DetectorCard
from workstation.domain.lesions import LesionType, Point, ZoneId
from workstation.presenters.tools import TYPE_NAMES, ZONE_NAMES, key_of, row_of

LEAST = 0.35
"""Likelihood shown from, at first."""
LIKELY = 0.5
"""Below this a proposal is drawn grey and kept out of its zone's row."""

WEAK = {
    "small_comedones": "misses small comedones",
    "scars": "misses most scars",
    "deep_skin": "is weaker on deep skin",
    "drawn_photos": "was made on drawn photos, not on patients",
}


@dataclass(frozen=True, slots=True)
class Proposed:
    """One open proposal: where it is drawn, what it is called, how likely."""

    number: int
    at: Point
    radius: float
    type: LesionType
    zone: ZoneId
    likelihood: float

    @property
    def key(self) -> int:
        """The digit of its type, or of the type that lists it."""
        return key_of(row_of(self.type)) or 0

    @property
    def spoken(self) -> str:
        """The proposal for a screen reader."""
        return (
            f"Proposed: {TYPE_NAMES[self.type]}, {ZONE_NAMES[self.zone].lower()}, "
            f"likelihood {self.likelihood:.2f}, not counted"
        )


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """The likely proposals of one zone."""

    zone: ZoneId
    name: str
    types: tuple[LesionType, ...]
    number: int

    @staticmethod
    def of(proposals: Iterable[Proposed]) -> tuple[ZoneRow, ...]:
        """A row for each zone that has a likely proposal, in zone order."""
        likely = [p for p in proposals if is_likely(p.likelihood)]
        rows = []
        for zone in ZoneId:
            here = [p for p in likely if p.zone is zone]
            if here:
                kinds = {row_of(p.type) for p in here}
                types = tuple(kind for kind in LesionType if kind in kinds)
                rows.append(ZoneRow(zone, ZONE_NAMES[zone], types, len(here)))
        return tuple(rows)


@dataclass(frozen=True)
class AssistShown:
    """Everything the panel and the photo show of the proposals; ``on`` is False at first."""

    on: bool = False
    busy: bool = False
    problem: str = ""
    view: str = ""
    proposals: tuple[Proposed, ...] = ()
    selected: Proposed | None = None
    note: tuple[str, ...] = ()
    accepted: int = 0
    refused: int = 0
    zones: tuple[ZoneRow, ...] = ()
    unlikely: int = 0
    least: float = LEAST
    foot: str = ""

    @property
    def heading(self) -> str:
        """What the panel is about."""
        return f"Proposals on {self.view}"

    @property
    def line(self) -> str:
        """What became of the proposals of this photo."""
        if self.busy:
            return "Looking at the photo\u2026"
        open_ = len(self.proposals)
        return f"{open_} proposed · {self.accepted} accepted · {self.refused} refused"


def is_likely(likelihood: float) -> bool:
    """Whether a proposal is drawn white and accepted with its zone."""
    return likelihood >= LIKELY


def order(
    detections: Iterable[Detection], zone_at: Callable[[Point], ZoneId]
) -> tuple[Proposed, ...]:
    """Proposals in zone order, then from top to bottom: the order that J and K walk."""
    places = {zone: number for number, zone in enumerate(ZoneId)}
    made = [
        Proposed(d.number, d.at, d.radius, d.type, zone_at(d.at), d.likelihood) for d in detections
    ]
    return tuple(sorted(made, key=lambda p: (places[p.zone], p.at.y, p.at.x)))


def note_of(proposed: Proposed, mm_per_px: float | None) -> tuple[str, ...]:
    """Lines of the note beside the selected proposal; the first is its title."""
    size = ""
    if mm_per_px is not None:
        size = f"{round(proposed.radius * 4 * mm_per_px) / 2:g} mm · "
    return (
        f"Proposed: {TYPE_NAMES[proposed.type]} · {ZONE_NAMES[proposed.zone]}",
        f"{size}likelihood {proposed.likelihood:.2f} · not counted",
        "Enter accept · 1\u20138 accept as type",
        "Del refuse · J K next proposal",
    )


def foot(card: DetectorCard) -> str:
    """Who drew the proposals and where the detector is known to be weak."""
    whose = (
        "the detector of this computer"
        if card.name == "classical"
        else f"your clinic's model {card.name}"
    )
    known = [WEAK[code] for code in card.weak if code in WEAK]
    weak = f" It {', '.join(known[:-1])} and {known[-1]}." if len(known) > 1 else ""
    weak = weak or (f" It {known[0]}." if known else " Nobody has told where it is weak.")
    experimental = "Experimental. " if card.experimental else ""
    return (
        f"{experimental}Drawn by {whose}, version {card.version}.{weak} "
        "Every annotation that you accept is signed as yours."
    )
