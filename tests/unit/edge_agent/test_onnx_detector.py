"""Labels, thresholds and the card of a detector, on graphs without weights."""

import hashlib
import math
from pathlib import Path

import numpy as np
import pytest

from edge_agent.inference.detector import ModelRefused
from edge_agent.inference.layouts.boxes import anchors
from edge_agent.inference.onnx_detector import OnnxDetector
from tests.support.onnx_models import constant_model

PICTURE = np.zeros((360, 640, 3), np.uint8)
NAMES = {"names": "{0: 'person', 1: 'bike', 2: 'stall'}", "task": "detect"}


def ultralytics(boxes: list[tuple[float, float, float, float]], kinds: list[int], count: int = 8400) -> np.ndarray:
    """`[1, 4 + 3, count]`: centre-and-size pixels, scores 0.9."""
    table = np.zeros((1, 7, count), np.float32)
    for index, (box, kind) in enumerate(zip(boxes, kinds, strict=True)):
        table[0, :4, index * 7], table[0, 4 + kind, index * 7] = box, 0.9
    return table


def yolox(*, decoded: bool, cell: tuple[int, int] = (40, 20), objectness: float = 0.9) -> np.ndarray:
    """`[1, 3549, 5 + 3]` for 416: one box of class 1 at pixels (324, 164), 32 wide and 64 high, on the finest grid."""
    table = np.zeros((1, anchors((416, 416)), 8), np.float32)
    table[0, :, :4] = (300, 300, 10, 10) if decoded else (0.5, 0.5, 0.1, -0.1)
    index = cell[1] * 52 + cell[0]
    table[0, index, :4] = (324, 164, 32, 64) if decoded else (0.5, 0.5, math.log(4), math.log(8))
    table[0, index, 4], table[0, index, 6] = objectness, 1.0
    return table


def test_ultralytics_boxes_come_back_through_the_centred_letterbox(tmp_path: Path) -> None:
    output = ultralytics([(320, 320, 64, 36), (32, 158, 64, 36)], [0, 2])
    detector = OnnxDetector(constant_model(tmp_path / "m.onnx", {"output0": output}, metadata=NAMES))
    assert detector.layout.name == "ultralytics_v8"
    assert detector.identity.labels == ("person", "bike", "stall")
    first, second = detector.detect(PICTURE)
    assert (first.label, second.label) == ("person", "stall")
    assert first.box == pytest.approx((0.45, 0.45, 0.55, 0.55))
    assert second.box == pytest.approx((0, 0, 0.1, 0.1), abs=1e-6)


@pytest.mark.parametrize("layout", ["yolox", "yolox_decoded"])
def test_yolox_raw_and_decoded_are_told_apart_and_agree(tmp_path: Path, layout: str) -> None:
    output = yolox(decoded=layout == "yolox_decoded")
    detector = OnnxDetector(constant_model(tmp_path / "m.onnx", {"output": output}, shape=(1, 3, 416, 416)))
    assert detector.layout.name == layout
    (found,) = detector.detect(np.zeros((208, 416, 3), np.uint8))
    assert found.label == "1"
    assert found.score == pytest.approx(0.9)
    pixels = np.array(found.box) * (416, 208, 416, 208)
    assert pixels == pytest.approx([308, 132, 340, 196], abs=1e-3)


def test_labels_come_from_card_then_metadata_then_file_then_number(tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("a\nb\nc\n", encoding="utf-8")
    bare = constant_model(tmp_path / "bare.onnx", {"output0": ultralytics([], [])}, metadata={"head": "Detect"})
    named = constant_model(tmp_path / "named.onnx", {"output0": ultralytics([], [])}, metadata=NAMES)
    carded = constant_model(tmp_path / "carded.onnx", {"output0": ultralytics([], [])}, metadata=NAMES)
    (tmp_path / "carded.card.yaml").write_text("labels: [x, y, z]\nlicense: Apache-2.0\n", encoding="utf-8")
    assert OnnxDetector(bare).identity.labels == ("0", "1", "2")
    assert OnnxDetector(bare, labels=names).identity.labels == ("a", "b", "c")
    assert OnnxDetector(named, labels=names).identity.labels == ("person", "bike", "stall")
    assert OnnxDetector(carded).identity.labels == ("x", "y", "z")
    assert OnnxDetector(carded).identity.licence == "Apache-2.0"
    names.write_text("a\nb\n", encoding="utf-8")
    with pytest.raises(ModelRefused, match=r"3 classes, but .*names.txt names 2"):
        OnnxDetector(bare, labels=names)


def test_identity_names_the_bytes(tmp_path: Path) -> None:
    path = constant_model(tmp_path / "m.onnx", {"output0": ultralytics([], [])}, metadata=NAMES)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert str(OnnxDetector(path).identity) == f"m@{digest[:12]}"
    with pytest.raises(ModelRefused, match="not the model that the configuration names"):
        OnnxDetector(path, sha256="0" * 64)
    (tmp_path / "m.card.yaml").write_text(f"sha256: {'a' * 64}\n", encoding="utf-8")
    with pytest.raises(ModelRefused, match="for another file"):
        OnnxDetector(path)


def test_a_square_output_is_read_when_the_layout_is_said(tmp_path: Path) -> None:
    table = np.zeros((1, 84, 84), np.float32)
    table[0, :4, 0], table[0, 4, 0] = (320, 320, 64, 64), 0.9
    path = constant_model(tmp_path / "m.onnx", {"output0": table})
    (found,) = OnnxDetector(path, layout="ultralytics_v8").detect(np.zeros((640, 640, 3), np.uint8))
    assert found.box == pytest.approx((0.45, 0.45, 0.55, 0.55))


def test_open_dimensions_take_the_size_that_the_metadata_says(tmp_path: Path) -> None:
    output = ultralytics([(208, 128, 64, 64)], [0], count=anchors((416, 256)))
    path = constant_model(
        tmp_path / "m.onnx",
        {"output0": output},
        shape=("batch", 3, "height", "width"),
        metadata={**NAMES, "imgsz": "[256, 416]"},
    )
    detector = OnnxDetector(path)
    assert detector.input_size == (416, 256)
    assert len(detector.detect(PICTURE)) == 1


def test_weak_detections_are_reported_down_to_half_the_threshold(tmp_path: Path) -> None:
    output = ultralytics([(320, 320, 64, 64), (100, 320, 64, 64), (500, 320, 64, 64)], [0, 0, 0])
    output[0, 4, 7], output[0, 4, 14] = 0.3, 0.1
    path = constant_model(tmp_path / "m.onnx", {"output0": output}, metadata=NAMES)
    scores = [one.score for one in OnnxDetector(path, threshold=0.5).detect(PICTURE)]
    assert scores == pytest.approx([0.9, 0.3])
