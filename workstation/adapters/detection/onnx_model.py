"""A clinic's own detector: an ONNX model described by a small TOML file beside it.

The file says ``name``, ``version``, ``model`` (file name), ``width`` and ``height`` of the input in
pixels, ``classes`` (our type codes, by the model's class number) and ``threshold``. The model takes
float32 (1, 3, height, width), RGB from 0 to 1, the photo fitted into the top-left corner on black;
its first output is (n, 6): left, top, right, bottom in input pixels, score 0 to 1, class number.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workstation.domain.detections import Detection, DetectorCard
from workstation.domain.errors import ContentError, WorkstationError
from workstation.domain.lesions import LesionType, Point
from workstation.domain.pixels import Pixels


@dataclass(frozen=True)
class Described:
    """What the TOML file says."""

    name: str
    version: str
    model: Path
    width: int
    height: int
    classes: tuple[LesionType, ...]
    threshold: float


def describe(path: Path) -> Described:
    """Read a model's description.

    Raises:
        ContentError: ``content.detector.invalid``.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        found = Described(
            str(raw["name"]),
            str(raw["version"]),
            path.parent / Path(raw["model"]).name,
            int(raw["width"]),
            int(raw["height"]),
            tuple(LesionType(code) for code in raw["classes"]),
            float(raw["threshold"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ContentError("content.detector.invalid", file=path.name) from error
    sizes = 32 <= found.width <= 4096 and 32 <= found.height <= 4096
    if not (sizes and found.classes and 0 <= found.threshold <= 1 and found.model.is_file()):
        raise ContentError("content.detector.invalid", file=path.name)
    return found


class OnnxDetector:
    """Runs the clinic's model on this computer; always called experimental.

    Raises:
        WorkstationError: ``detector.extra_missing`` when onnxruntime is not installed,
            ``detector.model`` when the model cannot be loaded or answers in another shape.
    """

    def __init__(self, path: Path) -> None:
        self._told = describe(path)
        try:
            import onnxruntime
        except ImportError as error:
            raise WorkstationError("detector.extra_missing") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(self._told.model), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime raises its own kinds, of no common base
            raise WorkstationError("detector.model") from error

    @property
    def card(self) -> DetectorCard:
        """Who proposes."""
        return DetectorCard(self._told.name, self._told.version, True, ())

    def detect(self, pixels: Pixels, scale: float = 1.0) -> tuple[Detection, ...]:
        """Detections, most likely first, in pixels of ``pixels`` times ``scale``."""
        import numpy as np
        from PIL import Image

        told = self._told
        plane = np.frombuffer(pixels.data, np.uint8).reshape(pixels.height, pixels.width, 4)
        factor = max(pixels.width / told.width, pixels.height / told.height)
        size = (max(1, int(pixels.width / factor)), max(1, int(pixels.height / factor)))
        small = Image.fromarray(np.ascontiguousarray(plane[..., 2::-1])).resize(size)
        given = np.zeros((1, 3, told.height, told.width), np.float32)
        given[0, :, : size[1], : size[0]] = np.asarray(small, np.float32).transpose(2, 0, 1) / 255
        try:
            rows = self._session.run(None, {self._session.get_inputs()[0].name: given})[0]
            rows = np.asarray(rows, float).reshape(-1, 6)
        except Exception as error:  # onnxruntime raises its own kinds, of no common base
            raise WorkstationError("detector.model") from error
        found: list[Detection] = []
        for left, top, right, bottom, score, kind in sorted(rows.tolist(), key=lambda r: -r[4]):
            x, y = (left + right) / 2 * factor, (top + bottom) / 2 * factor
            known = 0 <= kind < len(told.classes) and told.threshold <= score <= 1
            if known and 0 <= x <= pixels.width and 0 <= y <= pixels.height:
                radius = max(right - left, bottom - top) / 2 * factor * scale
                at = Point(x * scale, y * scale)
                number = len(found) + 1
                found.append(Detection(number, told.classes[int(kind)], at, radius, score))
        return tuple(found)


class Unusable:
    """Stands where a clinic's model could not be loaded; says so when it is asked."""

    def __init__(self, error: WorkstationError) -> None:
        self._error = error

    @property
    def card(self) -> DetectorCard:
        """Nobody proposes."""
        return DetectorCard("", "", True, ())

    def detect(self, pixels: Pixels, scale: float = 1.0) -> tuple[Detection, ...]:
        """Raise what went wrong."""
        raise self._error


def own_model(path: Path) -> OnnxDetector | Unusable | None:
    """The clinic's model described at ``path``; None when there is no such file."""
    if not path.is_file():
        return None
    try:
        return OnnxDetector(path)
    except WorkstationError as error:
        return Unusable(error)
