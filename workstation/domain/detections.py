"""Detections: lesions proposed by an algorithm, open until a person accepts or refuses each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from workstation.domain.ids import PhotoId
from workstation.domain.lesions import LesionType, Point, Proposal, Refusal


@dataclass(frozen=True, slots=True)
class Detection:
    """One proposed lesion on one photo; it counts nowhere.

    ``at`` and ``radius`` are pixels of the upright full-size photo; ``likelihood`` is 0 to 1.
    """

    number: int
    type: LesionType
    at: Point
    radius: float
    likelihood: float


@dataclass(frozen=True, slots=True)
class DetectorCard:
    """Which detector proposed: its name, its version, and codes of where it is known to be weak."""

    name: str
    version: str
    experimental: bool
    weak: tuple[str, ...]

    def proposal(self, detection: Detection) -> Proposal:
        """The origin that an accepted detection keeps."""
        return Proposal(self.name, self.version, detection.type, detection.likelihood)

    def refusal(self, photo: PhotoId, number: int) -> Refusal:
        """That its ``number``-th proposal on a photo was refused."""
        return Refusal(photo, self.name, self.version, number)

    def refused(self, photo: PhotoId, among: Iterable[Refusal]) -> frozenset[int]:
        """Numbers of its proposals on a photo that were refused; another version proposes anew."""
        return frozenset(
            r.number
            for r in among
            if (r.photo, r.detector, r.version) == (photo, self.name, self.version)
        )


def unmarked(
    detections: Iterable[Detection], marked: Iterable[Point], least: float = 0.0
) -> tuple[Detection, ...]:
    """The detections of likelihood ``least`` or more that no annotation lies on."""
    places = sorted((p.x, p.y) for p in marked)
    return tuple(d for d in detections if d.likelihood >= least and not _covered(d, places))


def _covered(detection: Detection, places: list[tuple[float, float]]) -> bool:
    """Whether one of the places, sorted by x, lies within the detection's radius."""
    x, y, reach = detection.at.x, detection.at.y, detection.radius
    for i in range(bisect_left(places, (x - reach, 0.0)), len(places)):
        across, down = places[i]
        if across > x + reach:
            return False
        if (across - x) ** 2 + (down - y) ** 2 <= reach**2:
            return True
    return False
