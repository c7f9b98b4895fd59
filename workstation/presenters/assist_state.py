"""The proposals of one photo as the page shows them, with their words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from workstation.domain.detections import Detection, DetectorCard
from workstation.domain.lesions import LesionType, Point, ZoneId
from workstation.language import noted, tr
from workstation.presenters.tools import TYPE_NAMES, ZONE_NAMES, key_of, row_of

LEAST = 0.35
"""Likelihood shown from, at first."""
LIKELY = 0.5
"""Below this a proposal is drawn grey and kept out of its zone's row."""

WEAK = {
    "small_comedones": noted("misses small comedones"),
    "scars": noted("misses most scars"),
    "deep_skin": noted("is weaker on deep skin"),
    "drawn_photos": noted("was made on drawn photos, not on patients"),
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
        return tr(
            "Proposed: {type_names}, {zone_names}, likelihood {likelihood:.2f}, not counted",
            type_names=TYPE_NAMES[self.type],
            zone_names=tr(ZONE_NAMES[self.zone]).lower(),
            likelihood=self.likelihood,
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
                rows.append(ZoneRow(zone, tr(ZONE_NAMES[zone]), types, len(here)))
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
        return tr("Proposals on {view}", view=self.view)

    @property
    def line(self) -> str:
        """What became of the proposals of this photo."""
        if self.busy:
            return tr("Looking at the photo\u2026")
        open_ = len(self.proposals)
        return tr(
            "{open} proposed \u00b7 {accepted} accepted \u00b7 {refused} refused",
            open=open_,
            accepted=self.accepted,
            refused=self.refused,
        )


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
        size = tr("{radius:g} mm \u00b7 ", radius=round(proposed.radius * 4 * mm_per_px) / 2)
    return (
        tr(
            "Proposed: {type_names} \u00b7 {zone_names}",
            type_names=TYPE_NAMES[proposed.type],
            zone_names=ZONE_NAMES[proposed.zone],
        ),
        tr(
            "{size}likelihood {likelihood:.2f} \u00b7 not counted",
            size=size,
            likelihood=proposed.likelihood,
        ),
        tr("Enter accept \u00b7 1\u20138 accept as type"),
        tr("Del refuse \u00b7 J K next proposal"),
    )


def foot(card: DetectorCard) -> str:
    """Who drew the proposals and where the detector is known to be weak."""
    whose = (
        tr("the detector of this computer")
        if card.name == "classical"
        else tr("your clinic\u2019s model {name}", name=card.name)
    )
    known = [tr(WEAK[code]) for code in card.weak if code in WEAK]
    weak = (
        tr(" It {weaknesses} and {last}.", weaknesses=", ".join(known[:-1]), last=known[-1])
        if len(known) > 1
        else ""
    )
    weak = weak or (
        tr(" It {weakness}.", weakness=known[0])
        if known
        else tr(" Nobody has told where it is weak.")
    )
    experimental = tr("Experimental. ") if card.experimental else ""
    return tr(
        "{experimental}Drawn by {whose}, version {version}.{weak} Every annotation that you accept is signed as yours.",
        experimental=experimental,
        whose=whose,
        version=card.version,
        weak=weak,
    )
