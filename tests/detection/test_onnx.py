"""A clinic's own ONNX model behind the same port; a missing extra is said plainly."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.benchmarks.detection_photos import pixels_of
from workstation.adapters.detection.onnx_model import OnnxDetector, describe
from workstation.domain.errors import ContentError, WorkstationError
from workstation.domain.lesions import LesionType

TOML = """
name = "own"
version = "3"
model = "own.onnx"
width = 64
height = 64
classes = ["PA", "NO"]
threshold = 0.5
"""


def described(folder: Path, text: str = TOML) -> Path:
    path = folder / "own.toml"
    path.write_text(text)
    return path


def model(folder: Path, rows: list[list[float]]) -> Path:
    """A model that answers the same whatever it is shown, plus nought times its input."""
    import onnx

    helper, kinds = onnx.helper, onnx.TensorProto
    table = np.asarray(rows, np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("ReduceMean", ["image"], ["mean"], keepdims=0),
            helper.make_node("Mul", ["mean", "nought"], ["zero"]),
            helper.make_node("Add", ["rows", "zero"], ["found"]),
        ],
        "g",
        [helper.make_tensor_value_info("image", kinds.FLOAT, [1, 3, 64, 64])],
        [helper.make_tensor_value_info("found", kinds.FLOAT, list(table.shape))],
        [
            onnx.numpy_helper.from_array(table, "rows"),
            onnx.numpy_helper.from_array(np.zeros((), np.float32), "nought"),
        ],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path = folder / "own.onnx"
    path.write_bytes(made.SerializeToString())
    return path


def test_the_models_boxes_become_detections_of_the_full_photo(tmp_path: Path) -> None:
    rows = [
        [10, 20, 14, 26, 0.6, 0], [20, 20, 30, 30, 0.9, 1], [1, 1, 2, 2, 0.4, 0],
        [1, 1, 2, 2, 0.9, 7], [60, 1, 63, 2, 0.9, 0],
    ]  # fmt: skip
    model(tmp_path, rows)
    detector = OnnxDetector(described(tmp_path))
    found = detector.detect(pixels_of(Image.new("RGB", (300, 640), (200, 150, 120))), scale=2.0)
    assert [(d.type, d.at.x, d.at.y) for d in found] == [
        (LesionType.NODULE, 500.0, 500.0),
        (LesionType.PAPULE, 240.0, 460.0),
    ]
    assert found[0].radius == 100.0 and detector.card.experimental


def test_a_missing_extra_and_a_broken_model_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.onnx").write_bytes(b"not a model")
    path = described(tmp_path)
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "onnxruntime", None)
        with pytest.raises(WorkstationError, match=r"detector\.extra_missing"):
            OnnxDetector(path)
    with pytest.raises(WorkstationError, match=r"detector\.model"):
        OnnxDetector(path)


@pytest.mark.parametrize(
    "change",
    [
        ('"PA"', '"XX"'),
        ("width = 64", "width = 1"),
        ("threshold = 0.5", ""),
        ("own.onnx", "no.onnx"),
    ],
)
def test_a_wrong_description_is_refused(tmp_path: Path, change: tuple[str, str]) -> None:
    (tmp_path / "own.onnx").write_bytes(b"x")
    with pytest.raises(ContentError, match=r"content\.detector\.invalid"):
        describe(described(tmp_path, TOML.replace(*change)))
