"""Layouts, labels and refusals, on graphs without weights."""

import hashlib
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.inference.layouts.boxes import anchors
from edge_agent.inference.detector import ModelRefused
from edge_agent.inference.onnx_detector import OnnxDetector
from edge_agent.inference.preprocess import bgr_levels, corner_pad, letterbox, rgb_unit
from edge_agent.inference.suppression import Candidates, suppress
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


@pytest.mark.parametrize("size", [(416, 416), (640, 384), (100, 52)])
def test_the_grid_of_yolox_covers_every_cell(size: tuple[int, int]) -> None:
    table = np.zeros((1, anchors(size), 6), np.float32)
    table[0, :, 4:] = 1
    boxes = decode_yolox(table, size, 0.5).boxes
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    assert len(boxes) == anchors(size)
    assert (centres.min(axis=0) == 0).all()
    assert (centres[:, 0] < size[0] + 32).all()
    assert (centres[:, 1] < size[1] + 32).all()


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


REFUSED = {
    "end to end": ({"output0": np.ones((1, 300, 6))}, {}, "end-to-end"),
    "yolov5": ({"output": np.ones((1, 25200, 85))}, {}, "YOLOv5"),
    "several": ({"a": np.ones((1, 7, 100)), "b": np.ones((1, 7, 50))}, {}, "one output for each stride"),
    "segmentation": ({"output0": np.ones((1, 39, 8400))}, {"task": "segment"}, "segmentation"),
    "classifier": ({"out": np.ones((1, 1000))}, {}, "in no layout"),
    "square": ({"output0": np.ones((1, 84, 84))}, {}, "in no layout"),
    "normalised": ({"output0": ultralytics([(0.5, 0.5, 0.1, 0.1)], [0])}, NAMES, "fractions"),
    "logits": ({"output0": ultralytics([(320, 320, 64, 36)], [0]) * 9}, NAMES, "between 0 and 1"),
    "not a number": ({"output0": ultralytics([(320, 320, math.nan, 36)], [0])}, NAMES, "no numbers"),
    "wrong names": ({"output0": ultralytics([], [])}, {"names": "['a']", "head": "Detect"}, "names 1"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_refused_in_words(tmp_path: Path, case: str) -> None:
    outputs, metadata, words = REFUSED[case]
    path = constant_model(tmp_path / "m.onnx", outputs, metadata=metadata)
    with pytest.raises(ModelRefused, match=words):
        OnnxDetector(path)


def test_yolov6_is_not_taken_for_yolox(tmp_path: Path) -> None:
    table = np.full((1, 8400, 8), 1.0, np.float32)
    table[0, :, :4] = (300, 300, 50, 50)
    with pytest.raises(ModelRefused, match="YOLOv6"):
        OnnxDetector(constant_model(tmp_path / "m.onnx", {"outputs": table}))


def test_a_square_output_is_read_when_the_layout_is_said(tmp_path: Path) -> None:
    table = np.zeros((1, 84, 84), np.float32)
    table[0, :4, 0], table[0, 4, 0] = (320, 320, 64, 64), 0.9
    path = constant_model(tmp_path / "m.onnx", {"output0": table})
    (found,) = OnnxDetector(path, layout="ultralytics_v8").detect(np.zeros((640, 640, 3), np.uint8))
    assert found.box == pytest.approx((0.45, 0.45, 0.55, 0.55))


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "not an ONNX model"), (b"rubbish" * 100, "not an ONNX model"), (None, "no model file")],
)
def test_files_that_are_no_model(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "m.onnx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelRefused, match=words):
        OnnxDetector(path)


def test_a_truncated_file_and_two_inputs_are_refused(tmp_path: Path) -> None:
    path = constant_model(tmp_path / "m.onnx", {"output0": ultralytics([], [])}, metadata=NAMES)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ModelRefused, match="not an ONNX model"):
        OnnxDetector(path)
    two = constant_model(tmp_path / "t.onnx", {"labels": np.ones((1, 300))}, extra_inputs=["orig_target_sizes"])
    with pytest.raises(ModelRefused, match="2 inputs"):
        OnnxDetector(two)


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


@given(st.integers(0, 10_000), st.integers(1, 60))
def test_boxes_that_do_not_overlap_are_all_kept(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    places = rng.permutation(100)[:count]
    corners = np.stack([places % 10, places // 10], axis=1) * 64.0 + rng.uniform(0, 20, (count, 2))
    boxes = np.concatenate([corners, corners + rng.uniform(4, 43, (count, 2))], axis=1).astype(np.float32)
    scores, classes = rng.uniform(0.3, 1, count).astype(np.float32), rng.integers(0, 3, count)
    kept = suppress(Candidates(boxes, scores, classes), 0.5)
    assert len(kept) == count
    assert (np.diff(kept.scores) <= 0).all()


@given(st.integers(0, 10_000))
def test_what_is_kept_does_not_overlap_within_its_class_and_classes_do_not_compete(seed: int) -> None:
    rng = np.random.default_rng(seed)
    corners = rng.uniform(0, 100, (40, 2))
    boxes = np.concatenate([corners, corners + rng.uniform(20, 60, (40, 2))], axis=1).astype(np.float32)
    scores, classes = rng.uniform(0.3, 1, 40).astype(np.float32), rng.integers(0, 2, 40)
    both = suppress(Candidates(boxes, scores, classes), 0.5)
    apart = [suppress(Candidates(boxes, scores, classes).only(classes == kind), 0.5) for kind in (0, 1)]
    assert len(both) == sum(len(one) for one in apart)
    assert max(scores) == both.scores[0]


@given(st.integers(20, 900), st.integers(20, 900), st.sampled_from([(416, 416), (640, 384), (256, 416)]))
def test_placing_a_picture_can_be_undone(width: int, height: int, size: tuple[int, int]) -> None:
    picture = np.full((height, width, 3), 50, np.uint8)
    for place in (letterbox, corner_pad):
        placed = place(picture, size)
        assert placed.picture.shape == (size[1], size[0], 3)
        whole = np.argwhere((placed.picture == 50).all(axis=2))
        (top, left), (bottom, right) = whole.min(axis=0), whole.max(axis=0) + 1
        back = placed.boxes_back(np.array([[left, top, right, bottom]], np.float32), (width, height))
        assert back[0] == pytest.approx((0, 0, 1, 1), abs=1e-5)


def test_colour_order_and_range() -> None:
    picture = np.zeros((2, 2, 3), np.uint8)
    picture[:, :, 0] = 255
    assert rgb_unit(picture)[0, :, 0, 0].tolist() == [0, 0, 1]
    assert bgr_levels(picture)[0, :, 0, 0].tolist() == [255, 0, 0]
