"""Labels, thresholds and the card of a detector, on graphs without weights."""

import hashlib
import math
import pickle
import re
import typing
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge_agent.core.rules.serving import labels_by_class
from edge_agent.core.values import START_SCORE_DEFAULT
from edge_agent.inference.detector import ModelRefused
from edge_agent.inference.layouts.boxes import anchors
from edge_agent.inference.layouts.table import LAYOUTS
from edge_agent.inference.onnx_detector import OnnxDetector
from protocol.configuration import ModelLayout
from protocol.scenes import ObjectClass
from tests.support.onnx_models import constant_model
from tests.support.shared import shared_file
from tests.support.sources import REPOSITORY

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


def test_thresholds_of_the_card_hold_for_each_class_and_the_configured_one_goes_before(tmp_path: Path) -> None:
    boxes = [(100.0 * place, 320.0, 64.0, 64.0) for place in range(1, 6)]
    output = ultralytics(boxes, [0, 0, 1, 1, 2])
    for place, (kind, score) in enumerate(zip([0, 0, 1, 1, 2], [0.7, 0.45, 0.45, 0.15, 0.3], strict=True)):
        output[0, 4 + kind, place * 7] = score
    path = constant_model(tmp_path / "m.onnx", {"output0": output}, metadata=NAMES)
    (tmp_path / "m.card.yaml").write_text("thresholds: {person: 0.6, bike: 0.4}\n", encoding="utf-8")
    seen = [(one.label, round(one.score, 2), one.begins) for one in OnnxDetector(path).detect(PICTURE)]
    assert seen == [("person", 0.7, True), ("person", 0.45, False), ("bike", 0.45, True), ("stall", 0.3, False)]
    assert OnnxDetector(path).identity.start_score == pytest.approx(START_SCORE_DEFAULT)
    configured = OnnxDetector(path, threshold=0.5)
    assert configured.identity.start_score == pytest.approx(0.5)
    assert [(one.label, one.begins) for one in configured.detect(PICTURE)] == [
        ("person", True),
        ("person", False),
        ("bike", False),
        ("stall", False),
    ]


def test_the_card_says_what_labels_mean_else_common_names_do(tmp_path: Path) -> None:
    path = constant_model(tmp_path / "m.onnx", {"output0": ultralytics([], [])}, metadata=NAMES)
    (tmp_path / "m.card.yaml").write_text("classes: {stall: goods, person: null}\n", encoding="utf-8")
    classes = OnnxDetector(path).identity.classes
    assert [classes.of(label) for label in ("person", "bike", "stall", "sofa")] == [
        None,
        ObjectClass.BIKE,
        ObjectClass.GOODS,
        None,
    ]
    assert labels_by_class(OnnxDetector(path).identity) == {
        ObjectClass.BIKE: frozenset({"bike"}),
        ObjectClass.GOODS: frozenset({"stall"}),
    }
    assert pickle.loads(pickle.dumps(classes)) == classes  # noqa: S301 - as between the agent's processes


def test_the_card_says_how_a_model_was_trained_otherwise_than_its_layout(tmp_path: Path) -> None:
    path = constant_model(tmp_path / "m.onnx", {"output0": ultralytics([(320, 160, 64, 32)], [0])}, metadata=NAMES)
    (tmp_path / "m.card.yaml").write_text("input: {fit: corner, colour: BGR, range: 0..255}\n", encoding="utf-8")
    (found,) = OnnxDetector(path).detect(PICTURE)
    assert found.box == pytest.approx((0.45, 0.4, 0.55, 0.4889), abs=1e-3)
    feed = OnnxDetector(path).card.input.feed(LAYOUTS[0].feed)
    assert (feed.red_first, feed.mean, feed.std) == (False, (0, 0, 0), (1, 1, 1))


def test_configuration_and_card_must_not_say_two_layouts(tmp_path: Path) -> None:
    path = constant_model(tmp_path / "m.onnx", {"output0": ultralytics([], [])}, metadata=NAMES)
    (tmp_path / "m.card.yaml").write_text("layout: yolov5\n", encoding="utf-8")
    with pytest.raises(ModelRefused, match="card says yolov5, but the model is read as ultralytics_v8"):
        OnnxDetector(path, layout="ultralytics_v8")


def test_a_model_that_does_not_show_its_classes_numbers_them_or_takes_any_names(tmp_path: Path) -> None:
    rows = np.zeros((1, 300, 6), np.float32)
    rows[0, 0] = (288, 302, 352, 338, 0.9, 7)
    path = constant_model(tmp_path / "m.onnx", {"output0": rows}, metadata={"end2end": "True"})
    assert OnnxDetector(path).identity.labels == ()
    assert [one.label for one in OnnxDetector(path).detect(PICTURE)] == ["7"]
    names = tmp_path / "names.txt"
    names.write_text("a\nb\n", encoding="utf-8")
    assert [one.label for one in OnnxDetector(path, labels=names).detect(PICTURE)] == ["7"]


def test_the_configuration_knows_every_layout() -> None:
    assert typing.get_args(ModelLayout) == tuple(layout.name for layout in LAYOUTS)


def test_the_page_of_models_lists_every_layout() -> None:
    page = (REPOSITORY / "docs" / "models.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?), (RGB|BGR) \| (ours|its own) \|$", page, re.MULTILINE)
    placed = {"letterbox": "letterboxed", "corner_pad": "in the corner", "stretch": "stretched"}
    assert rows == [
        (
            layout.name,
            layout.exporters,
            placed[layout.feed.place.__name__],
            "RGB" if layout.feed.red_first else "BGR",
            "its own" if layout.overlap_max is None else "ours",
        )
        for layout in LAYOUTS
    ]


@pytest.mark.real
def test_a_real_model_finds_people_on_a_real_street() -> None:
    video, model = shared_file("real", "vtest.avi"), shared_file("real", "yolox_nano.onnx")
    capture = cv2.VideoCapture(str(video))
    ok, frame = capture.read()
    capture.release()
    assert ok
    detector = OnnxDetector(model, labels=shared_file("real", "coco.names"))
    people = [one.score for one in detector.detect(np.asarray(frame, np.uint8)) if one.label == "person"]
    assert detector.layout.name == "yolox"
    assert len([score for score in people if score > 0.5]) >= 3
    assert max(people) > 0.75
