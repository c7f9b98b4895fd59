"""The detector that ships: classical image processing on this computer, nothing sent anywhere."""

from __future__ import annotations

from workstation.adapters.detection.candidates import candidates
from workstation.adapters.detection.channels import channels
from workstation.adapters.detection.classifier import Classifier, fitted, proposals
from workstation.domain.detections import Detection, DetectorCard
from workstation.domain.lesions import LesionType, Point
from workstation.domain.pixels import Pixels


class ClassicalDetector:
    """Proposes lesions from colour contrast at several sizes; pure, safe from several threads."""

    def __init__(self, classifier: Classifier | None = None) -> None:
        self._given = classifier

    @property
    def card(self) -> DetectorCard:
        """Who proposes."""
        use = self._classifier
        return DetectorCard(use.name, use.version, use.experimental, use.weak)

    def detect(self, pixels: Pixels, scale: float = 1.0) -> tuple[Detection, ...]:
        """Detections, most likely first, in pixels of ``pixels`` times ``scale``."""
        seen = channels(pixels)
        factor = seen.factor * scale
        return tuple(
            Detection(
                number,
                LesionType(found.kind),
                Point(round(found.x * factor, 2), round(found.y * factor, 2)),
                round(found.radius * factor, 2),
                round(found.likelihood, 4),
            )
            for number, found in enumerate(proposals(candidates(seen), self._classifier), start=1)
        )

    @property
    def _classifier(self) -> Classifier:
        return self._given or fitted()
