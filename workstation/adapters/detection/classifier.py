"""The fitted classifier of candidates: a small network whose weights are content, not code."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workstation.adapters.detection.candidates import Candidates
from workstation.assets import resource
from workstation.domain.errors import ContentError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Plane = NDArray[np.float32]

WORTH = 0.1
"""Candidates less likely than this are not proposed at all."""
APART = 1.3
"""Two proposals lie at least this many radii of the larger one apart."""
_NEAREST = 3.0
_CLIPPED = 6.0


@dataclass(frozen=True)
class Classifier:
    """Weights as fitted. ``classes[0]`` is no lesion; the last output is the log of the radius."""

    name: str
    version: str
    weak: tuple[str, ...]
    experimental: bool
    classes: tuple[str, ...]
    mean: Plane
    spread: Plane
    first: Plane
    first_bias: Plane
    second: Plane
    second_bias: Plane

    def judge(self, features: Plane) -> tuple[Plane, Plane]:
        """Probability of each class (n, classes) and radius in working pixels (n,)."""
        import numpy as np

        x = np.clip((features - self.mean) / self.spread, -_CLIPPED, _CLIPPED)
        z = np.maximum(x @ self.first + self.first_bias, 0) @ self.second + self.second_bias
        radius: Plane = np.exp(np.clip(z[:, -1], -1, 5))
        scores = z[:, :-1]
        raised = np.exp(scores - scores.max(1, keepdims=True))
        shares: Plane = raised / raised.sum(1, keepdims=True)
        return shares, radius


@cache
def fitted() -> Classifier:
    """The classifier that ships with the program."""
    return read(resource("assist", "classical.json"))


def read(path: Path) -> Classifier:
    """A classifier from its file.

    Raises:
        ContentError: ``content.detector.invalid`` when the file is not one.
    """
    import numpy as np

    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        planes = {
            key: np.asarray(raw["weights"][key], dtype=np.float32)
            for key in ("mean", "spread", "first", "first_bias", "second", "second_bias")
        }
        return Classifier(
            raw["name"],
            raw["version"],
            tuple(raw["weak"]),
            raw["experimental"],
            tuple(raw["classes"]),
            **planes,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ContentError("content.detector.invalid", file=path.name) from error


@dataclass(frozen=True, slots=True)
class Judged:
    """One proposal in working pixels, with the class it most resembles."""

    x: float
    y: float
    radius: float
    kind: str
    likelihood: float


def proposals(found: Candidates, classifier: Classifier) -> tuple[Judged, ...]:
    """The candidates worth proposing, one for each lesion, most likely first.

    Several candidates lie on one lesion: the most likely stands for all, its place is their
    weighted mean, and its type is what they resemble together.
    """
    import numpy as np

    if not len(found.x):
        return ()
    shares, radius = classifier.judge(found.features)
    likelihood = 1 - shares[:, 0]
    order = np.argsort(-likelihood, kind="stable")
    order = order[likelihood[order] >= WORTH]
    x, y, radius = found.x[order], found.y[order], radius[order]
    likelihood, shares = likelihood[order], shares[order]
    free = np.ones(len(order), bool)
    made: list[Judged] = []
    for i in range(len(order)):
        if not free[i]:
            continue
        away = np.hypot(x - x[i], y - y[i])
        near = away < radius[i]
        weight = likelihood[near] ** 2
        kind = int((weight[:, None] * shares[near, 1:]).sum(0).argmax()) + 1
        place = (
            float(np.average(x[near], weights=weight)),
            float(np.average(y[near], weights=weight)),
        )
        made.append(
            Judged(*place, float(radius[i]), classifier.classes[kind], float(likelihood[i]))
        )
        free &= away >= np.maximum(np.maximum(radius, radius[i]) * APART, _NEAREST)
    return tuple(made)
