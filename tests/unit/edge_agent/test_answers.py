"""Models that answer the probe well and a picture of the street badly: told, and never taken for an empty street."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from onnx import NodeProto, TensorProto, helper, numpy_helper
from typer.testing import CliRunner

from edge_agent.cli import model_app
from edge_agent.core.turns import Request
from edge_agent.inference.detector import AnswerRefused
from edge_agent.inference.onnx_detector import OnnxDetector
from edge_agent.supervisor.bonds import start_fork_server, start_process
from edge_agent.supervisor.inference_worker import run_inference
from edge_agent.supervisor.latest_frame import LatestFrame
from edge_agent.supervisor.reports import Detect, LookRefused, ModelFiles, Ready, Seen
from tests.support.layout_models import NAMED, SIZE, Thing, v8
from tests.support.onnx_models import save_graph

GREY, BLACK = (np.full((SIZE[1], SIZE[0], 3), level, np.uint8) for level in (114, 0))
PROCESS_S_MAX = 60
node = helper.make_node
BRIGHTEST = node("ReduceMax", ["images"], ["brightest"], keepdims=0)
IS_BLACK = [BRIGHTEST, node("LessOrEqual", ["brightest", "zero"], ["black"]), node("Cast", ["black"], ["place"], to=7)]
ON_BLACK: dict[str, tuple[list[NodeProto], str]] = {
    "no numbers": (
        [BRIGHTEST, node("Div", ["brightest", "brightest"], ["one"]), node("Mul", ["table", "one"], ["output0"])],
        "values that are no numbers",
    ),
    "graph fault": ([*IS_BLACK, node("Gather", ["tables", "place"], ["output0"])], "cannot be run on a picture: "),
    "other shape": (
        [
            *IS_BLACK,
            node("Mul", ["place", "classes"], ["less"]),
            node("Sub", ["rows", "less"], ["left"]),
            node("Reshape", ["left", "flat"], ["end"]),
            node("Slice", ["table", "start", "end", "axis"], ["output0"]),
        ],
        "other shapes than its probe",
    ),
}


def model(folder: Path, case: str) -> Path:
    table = v8([Thing((20, 20, 50, 60), 0)])
    values = {
        "table": table,
        "tables": table[None],
        "zero": np.float32(0),
        "classes": np.int64(3),
        "rows": np.int64(7),
        "start": np.array([0]),
        "axis": np.array([1]),
        "flat": np.array([1]),
    }
    nodes = ON_BLACK[case][0]
    used = {name for one in nodes for name in one.input}
    graph = helper.make_graph(
        nodes,
        "two-faced",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, SIZE[1], SIZE[0]])],
        [helper.make_tensor_value_info("output0", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.array(value), name) for name, value in values.items() if name in used],
    )
    return save_graph(folder / "m.onnx", graph, metadata=NAMED)


@pytest.mark.parametrize("case", ON_BLACK)
def test_an_answer_that_cannot_be_read_is_no_empty_street(tmp_path: Path, case: str) -> None:
    detector = OnnxDetector(model(tmp_path, case))
    assert [one.label for one in detector.detect(GREY)] == ["person"]
    with pytest.raises(AnswerRefused, match=ON_BLACK[case][1]):
        detector.detect(BLACK)
    assert [one.label for one in detector.detect(GREY)] == ["person"]


@pytest.mark.parametrize("case", ON_BLACK)
def test_the_user_is_told_in_a_sentence(tmp_path: Path, case: str) -> None:
    cv2.imwrite(str(tmp_path / "black.png"), BLACK)
    words = ["check", str(model(tmp_path, case)), "--image", str(tmp_path / "black.png"), "--lang", "en"]
    told = CliRunner().invoke(model_app, words)
    assert (told.exit_code, told.stdout) == (2, "")
    assert ON_BLACK[case][1] in told.stderr
    assert len(told.stderr.splitlines()) == 1


def test_the_process_of_inference_loses_the_turn_says_why_and_goes_on(tmp_path: Path) -> None:
    slot = LatestFrame()
    files = ModelFiles(model(tmp_path, "no numbers"), None, None, None, None)
    process, pipe = start_process(start_fork_server(), "inference", run_inference, files, (slot,))
    try:
        said = []
        for number, picture in enumerate((BLACK, GREY), start=1):
            slot.put(number, picture)
            pipe.send(Detect(Request(0, number, 0.0, 2.0)))
            while not said or not isinstance(said[-1], Seen) or said[-1].asked != number:
                assert pipe.poll(PROCESS_S_MAX), "the process says nothing"
                said.append(pipe.recv())
        kinds = [type(one) for one in said]
        assert kinds == [Ready, LookRefused, Seen, Seen]
        assert said[2].detections is None
        assert [one.label for one in said[3].detections] == ["person"]
    finally:
        process.kill()
        process.join()
        pipe.close()
