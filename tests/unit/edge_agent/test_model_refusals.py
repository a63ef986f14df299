"""Model files that are refused, each with a sentence that says why and what to do."""

import os
import re
from collections.abc import Callable, Sequence
from contextlib import chdir
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper

from edge_agent.inference import model_file
from edge_agent.inference.card.card import CardInput
from edge_agent.inference.detector import ModelRefused
from edge_agent.inference.layouts.boxes import anchors
from edge_agent.inference.network import Bounds, Network
from edge_agent.inference.onnx_detector import OnnxDetector
from protocol.texts import Language
from tests.support.onnx_models import constant_model, save_graph

NAMES = {"names": "{0: 'person', 1: 'bike', 2: 'stall'}", "task": "detect"}
CELLS = anchors((640, 640))


def one_box(box: tuple[float, float, float, float], score: float = 0.9) -> npt.NDArray[np.float32]:
    """Row 1: one object of class 0."""
    table = np.zeros((1, 7, CELLS), np.float32)
    table[0, :4, 0], table[0, 4, 0] = box, score
    return table


def rows(row: tuple[float, ...]) -> npt.NDArray[np.float32]:
    """A finished detection among padding."""
    table = np.zeros((1, 300, len(row)), np.float32)
    table[0, 0] = row
    return table


def always_sure() -> npt.NDArray[np.float32]:
    table = np.full((1, CELLS, 8), 0.5, np.float32)
    table[0, :, :4], table[0, :, 4] = (300, 300, 50, 50), 0.5
    table[0, 0, 4] = 3.0
    return table


REFUSED: dict[str, tuple[dict[str, npt.NDArray[Any]], dict[str, str], str]] = {
    "rows 3 or 4": (
        {"output0": rows((0, 0, 0, 0, 0, 0))},
        {},
        "may be ultralytics_end2end or ultralytics_rtdetr; say which by `layout:`",
    ),
    "yolox, raw or decoded": (
        {"output": np.full((1, CELLS, 8), 0.5) * ([30.0] * 4 + [1.0] * 4)},
        {},
        "not yolox: its box values are too large.*not yolox_decoded: its box values are too small",
    ),
    "raw heads": ({f"h{side}": np.ones((1, 3, side, side, 85)) for side in (80, 40, 20)}, {}, "need anchor boxes"),
    "several": ({"a": np.ones((1, 7, 100)), "b": np.ones((1, 7, 50))}, {}, "one output for each stride"),
    "pose": ({"output0": np.ones((1, 56, CELLS))}, {"task": "pose"}, "another task than detection"),
    "classifier": ({"out": np.ones((1, 1000))}, {}, "looks like a classifier"),
    "square": ({"output0": np.ones((1, 84, 84))}, {}, "in no layout"),
    "hugging face": ({"logits": np.ones((1, 300, 80)), "pred_boxes": np.ones((1, 300, 4))}, {}, "Hugging Face"),
    "normalised": ({"output0": one_box((0.5, 0.5, 0.1, 0.1))}, NAMES, "fractions"),
    "logits": ({"output0": one_box((320, 320, 64, 36), 8.1)}, NAMES, "between 0 and 1"),
    "far outside": ({"output0": one_box((3200, 320, 64, 36))}, NAMES, "far outside"),
    "not a number": ({"output0": one_box((320, 320, np.nan, 36))}, NAMES, "no numbers"),
    "endless": ({"output0": one_box((320, 320, np.inf, 36))}, NAMES, "no numbers"),
    "wrong names": ({"output0": one_box((320, 320, 9, 9))}, {"names": "['a']", "head": "Detect"}, "names 1"),
    "odd classes": ({"output0": rows((9, 9, 30, 30, 0.9, 1.5))}, {"end2end": "True"}, "class numbers are not whole"),
    "centre for corners": (
        {"output0": rows((320, 320, 64, 36, 0.9, 1))},
        {"end2end": "True"},
        "not an upper left and a lower right corner",
    ),
    "yolov5 of logits": (
        {"output": np.concatenate([always_sure()] * 3, axis=1)},
        {},
        "not yolov5: its scores are not between 0 and 1",
    ),
    "scalar": ({"out": np.array(1.0)}, {}, "in no layout"),
}


def assert_in_both_languages(refused: ModelRefused) -> None:
    """Nothing but names and what libraries say is alike, and nothing is left to be filled in."""
    chinese, english = refused.say(Language.CHINESE), refused.say(Language.ENGLISH)
    assert re.search("[\u4e00-\u9fff]", chinese)
    assert not re.search(r"\bthe model\b|\bits \w|; it looks like|Words\(", chinese)
    assert not re.search("[\u4e00-\u9fff]|Words\\(", english)


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_refused_in_words(tmp_path: Path, case: str) -> None:
    outputs, metadata, words = REFUSED[case]
    path = constant_model(tmp_path / "m.onnx", outputs, metadata=metadata)
    with pytest.raises(ModelRefused, match=words) as refused:
        OnnxDetector(path)
    assert_in_both_languages(refused.value)


@pytest.mark.parametrize("layout", ["yolov5", "detr_sized", "nanodet", "nanodet_six", "yolo_end2end", "mmdeploy"])
def test_a_layout_that_the_outputs_cannot_have_is_refused(tmp_path: Path, layout: str) -> None:
    path = constant_model(tmp_path / "m.onnx", {"out": np.full((1, 1000), 0.5)})
    with pytest.raises(ModelRefused, match=r"fits no layout|other shapes"):
        OnnxDetector(path, layout=layout)


def test_an_unknown_layout_is_named_with_those_known(tmp_path: Path) -> None:
    path = constant_model(tmp_path / "m.onnx", {"output0": one_box((320, 320, 9, 9))}, metadata=NAMES)
    with pytest.raises(ModelRefused, match=r"'yolo99' is unknown; known are ultralytics_v8, "):
        OnnxDetector(path, layout="yolo99")


INPUTS: dict[str, tuple[dict[str, Any], str]] = {
    "grey": ({"shape": (1, 1, 640, 640)}, "no dimension of 3 colours"),
    "batch": ({"shape": (8, 3, 640, 640)}, "8 pictures at a time"),
    "flat": ({"shape": (1, 3)}, "a float or uint8"),
    "text": ({"kind": TensorProto.STRING}, "a float or uint8"),
    "vast": ({"shape": (1, 3, 9000, 9000)}, "at most 4096 a side"),
    "two pictures": ({"extra_inputs": ["second"]}, r"2 inputs \(images, second\)"),
}


@pytest.mark.parametrize("case", INPUTS)
def test_inputs_that_cannot_be_fed(tmp_path: Path, case: str) -> None:
    how, words = INPUTS[case]
    path = constant_model(tmp_path / "m.onnx", {"output0": one_box((320, 320, 9, 9))}, metadata=NAMES, **how)
    with pytest.raises(ModelRefused, match=words) as refused:
        OnnxDetector(path)
    assert_in_both_languages(refused.value)


def _whole(path: Path) -> bytes:
    return constant_model(path, {"output0": one_box((320, 320, 9, 9))}, metadata=NAMES).read_bytes()


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty": (lambda path: path.write_bytes(b""), "not an ONNX model"),
    "rubbish": (lambda path: path.write_bytes(b"rubbish" * 100), "not an ONNX model"),
    "absent": (lambda path: None, "no model file"),  # noqa: ARG005 - nothing is written
    "folder": (lambda path: path.mkdir(), "is no file"),
    "pipe": (os.mkfifo, "is no file"),
    "truncated": (lambda path: path.write_bytes(_whole(path)[:100_000]), "not an ONNX model"),
    "cut by a byte": (lambda path: path.write_bytes(_whole(path)[:-1]), "not an ONNX model"),
}


@pytest.mark.parametrize("case", FILES)
def test_files_that_are_no_model(tmp_path: Path, case: str) -> None:
    write, words = FILES[case]
    write(tmp_path / "m.onnx")
    with pytest.raises(ModelRefused, match=words) as refused:
        OnnxDetector(tmp_path / "m.onnx")
    assert_in_both_languages(refused.value)


def test_a_file_of_two_gigabytes_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    with path.open("wb") as file:
        file.truncate(2_200_000_000)
    with pytest.raises(ModelRefused, match=f"larger than {model_file.MODEL_BYTES_MAX // 10**6} MB"):
        OnnxDetector(path)


def graph(nodes: list[NodeProto], initial: Sequence[TensorProto] = ()) -> GraphProto:
    picture = helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, 64, 64])
    answer = helper.make_tensor_value_info("output0", TensorProto.FLOAT, None)
    return helper.make_graph(nodes, "hostile", [picture], [answer], list(initial))


def test_a_custom_operator_is_refused(tmp_path: Path) -> None:
    node = helper.make_node("EfficientNMS_TRT", ["images"], ["output0"], domain="trt.plugins")
    model = helper.make_model(
        graph([node]), opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("trt.plugins", 1)], ir_version=9
    )
    path = tmp_path / "m.onnx"
    path.write_bytes(model.SerializeToString())
    with pytest.raises(ModelRefused, match=r"operator that the runtime does not have; export it without TensorRT"):
        OnnxDetector(path)


def test_weights_in_a_second_file_are_not_fetched(tmp_path: Path) -> None:
    table = one_box((320, 320, 9, 9))
    (tmp_path / "weights.bin").write_bytes(table.tobytes())
    tensor = numpy_helper.from_array(table, "w")
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="weights.bin")
    path = save_graph(tmp_path / "m.onnx", graph([helper.make_node("Identity", ["w"], ["output0"])], [tensor]))
    content = path.read_bytes()
    with chdir(tmp_path), pytest.raises(ModelRefused, match="second file; save it as one file"):
        OnnxDetector(path)
    path.write_bytes(content.replace(b"\n\x08location", b"\n\x88\x00location"))
    with chdir(tmp_path), pytest.raises(ModelRefused, match="second file"):
        OnnxDetector(path)


def test_a_model_that_does_not_come_to_an_end_is_stopped(tmp_path: Path) -> None:
    forever = numpy_helper.from_array(np.array(2**62, np.int64), "rounds")
    going = numpy_helper.from_array(np.ones((), np.bool_), "going")
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go"], ["go_on"]),
            helper.make_node("Sin", ["value"], ["next"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("round", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("value", TensorProto.FLOAT, [1, 3, 64, 64]),
        ],
        [
            helper.make_tensor_value_info("go_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("next", TensorProto.FLOAT, [1, 3, 64, 64]),
        ],
    )
    loop = helper.make_node("Loop", ["rounds", "going", "images"], ["output0"], body=body)
    path = save_graph(tmp_path / "m.onnx", graph([loop], [forever, going]))
    network = Network(path.read_bytes(), path, CardInput(), Bounds(look_s_max=0.3))
    with pytest.raises(ModelRefused, match=r"more than 0.3 s for one picture"):
        network.probed()


def test_a_flood_of_numbers_is_refused(tmp_path: Path) -> None:
    path = constant_model(tmp_path / "m.onnx", {"output0": one_box((320, 320, 9, 9))}, metadata=NAMES)
    network = Network(path.read_bytes(), path, CardInput(), Bounds(values_max=1000))
    with pytest.raises(ModelRefused, match="more than 1000 numbers"):
        network.probed()
