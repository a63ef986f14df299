"""Each output layout written by hand: the numbers by which a network of that kind would say where known objects are.

Nothing here is shared with the product: the formulas are written down a second time, in the other direction.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import TensorProto

from tests.support.onnx_models import constant_model

SIZE = (128, 96)
"""Width and height of the input."""
NAMES = ("person", "bike", "stall")
NAMED = {"names": "{0: 'person', 1: 'bike', 2: 'stall'}", "task": "detect"}
Box = tuple[float, float, float, float]
Outputs = dict[str, npt.NDArray[Any]]
CELL, CELLS = 8, 12 * 16 + 6 * 8 + 3 * 4
KEPT = 300


@dataclass(frozen=True, slots=True)
class Thing:
    """An object on the network's input: corners in pixels of it."""

    box: Box
    kind: int
    score: float = 0.9


def centred(box: Box, scale: tuple[float, float] = (1, 1)) -> Box:
    x1, y1, x2, y2 = box
    return (x1 + x2) / 2 / scale[0], (y1 + y2) / 2 / scale[1], (x2 - x1) / scale[0], (y2 - y1) / scale[1]


def cell_of(box: Box) -> tuple[int, int, int]:
    """Column, row and place of the finest cell under the middle of a box."""
    x, y, _, _ = centred(box)
    column, row = int(x // CELL), int(y // CELL)
    return column, row, row * (SIZE[0] // CELL) + column


def v8(things: Sequence[Thing], behind: int = 0) -> npt.NDArray[Any]:
    table = np.zeros((1, 4 + len(NAMES) + behind, CELLS), np.float32)
    for place, thing in enumerate(things):
        table[0, :4, place * 7], table[0, 4 + thing.kind, place * 7] = centred(thing.box), thing.score
    return table


def segment(things: Sequence[Thing]) -> Outputs:
    table = v8(things, behind=32)
    table[0, -32:] = 7.0
    return {"output0": table, "output1": np.ones((1, 32, SIZE[1] // 4, SIZE[0] // 4))}


def end2end(things: Sequence[Thing]) -> Outputs:
    rows = np.zeros((1, KEPT, 6), np.float32)
    for place, thing in enumerate(things):
        rows[0, place] = (*thing.box, thing.score, thing.kind)
    return {"output0": rows}


def rtdetr(things: Sequence[Thing]) -> Outputs:
    rows = np.zeros((1, KEPT, 6), np.float32)
    for place, thing in enumerate(things):
        rows[0, place] = (*centred(thing.box, SIZE), thing.score, thing.kind)
    return {"output0": rows}


def rtdetr_scores(things: Sequence[Thing]) -> Outputs:
    rows = np.zeros((1, KEPT, 4 + len(NAMES)), np.float32)
    for place, thing in enumerate(things):
        rows[0, place, :4], rows[0, place, 4 + thing.kind] = centred(thing.box, SIZE), thing.score
    return {"output0": rows}


def with_objectness(things: Sequence[Thing], count: int, *, always: bool = False) -> Outputs:
    rows = np.zeros((1, count, 5 + len(NAMES)), np.float32)
    rows[0, :, :4], rows[0, :, 4] = (60, 50, 10, 10), float(always)
    for thing in things:
        row = rows[0, cell_of(thing.box)[2]]
        objectness = 1.0 if always else math.sqrt(thing.score)
        row[:4], row[4], row[5 + thing.kind] = centred(thing.box), objectness, thing.score / objectness
    return {"output": rows}


def yolox_raw(things: Sequence[Thing]) -> Outputs:
    rows = np.zeros((1, CELLS, 5 + len(NAMES)), np.float32)
    for thing in things:
        column, row, place = cell_of(thing.box)
        x, y, width, height = centred(thing.box)
        rows[0, place, :4] = (x / CELL - column, y / CELL - row, math.log(width / CELL), math.log(height / CELL))
        rows[0, place, 4], rows[0, place, 5 + thing.kind] = thing.score, 1.0
    return {"output": rows}


def named_yolo(things: Sequence[Thing]) -> Outputs:
    corners, scores, kinds = finished(things, padding=20)
    return {
        "num_dets": np.array([[len(things)]], np.int32),
        "det_boxes": corners,
        "det_scores": scores,
        "det_classes": kinds.astype(np.int32),
    }


def rows_of_seven(things: Sequence[Thing]) -> Outputs:
    rows = [(0, *thing.box, thing.kind, thing.score) for thing in things]
    return {"output": np.array(rows, np.float32).reshape(-1, 7)}


def distribution(distance: float) -> list[float]:
    """Logits of eight bins whose expectation is `distance`, in strides."""
    low = min(6, int(distance))
    share = distance - low
    logits = [-60.0] * 8
    logits[low], logits[low + 1] = math.log(max(1 - share, 1e-9)), math.log(max(share, 1e-9))
    return logits


def corner_near(box: Box) -> tuple[int, int, int]:
    """As `cell_of`, for cells whose own place is their upper left corner: the corner nearest to the middle."""
    x, y, _, _ = centred(box)
    column, row = round(x / CELL), round(y / CELL)
    return column, row, row * (SIZE[0] // CELL) + column


def nanodet_maps(things: Sequence[Thing], count: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    scores, logits = np.zeros((count, len(NAMES)), np.float32), np.zeros((count, 32), np.float32)
    for thing in things:
        column, row, place = corner_near(thing.box)
        x1, y1, x2, y2 = (edge / CELL for edge in thing.box)
        sides = (column - x1, row - y1, x2 - column, y2 - row)
        scores[place, thing.kind] = thing.score
        logits[place] = [one for side in sides for one in distribution(side)]
    return scores, logits


def nanodet(things: Sequence[Thing]) -> Outputs:
    return {"output": np.concatenate(nanodet_maps(things, CELLS + 4), axis=1)[None]}


def nanodet_six(things: Sequence[Thing]) -> Outputs:
    scores, logits = nanodet_maps(things, CELLS)
    bounds = ((0, 192), (192, 240), (240, 252))
    classes = {f"cls{low}": scores[None, low:high] for low, high in bounds}
    return {**classes, **{f"dis{low}": logits[None, low:high] for low, high in bounds}}


def finished(
    things: Sequence[Thing], padding: int, scale: tuple[float, float] = (1, 1)
) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    corners, scores = np.zeros((1, len(things) + padding, 4), np.float32), np.zeros((1, len(things) + padding))
    kinds = np.zeros((1, len(things) + padding), np.int64)
    for place, thing in enumerate(things):
        corners[0, place] = np.array(thing.box) / (*scale, *scale)
        scores[0, place], kinds[0, place] = thing.score, thing.kind
    return corners, scores.astype(np.float32), kinds


def boxes_labels_scores(things: Sequence[Thing]) -> Outputs:
    corners, scores, kinds = finished(things, padding=30)
    return {"labels": kinds, "boxes": corners, "scores": scores}


def torchvision(things: Sequence[Thing]) -> Outputs:
    corners, scores, kinds = finished(things, padding=0)
    return {"boxes": corners[0], "labels": kinds[0], "scores": scores[0]}


def tensorflow(things: Sequence[Thing]) -> Outputs:
    corners, scores, kinds = finished(things, padding=10, scale=SIZE)
    return {
        "detection_scores": scores,
        "num_detections": np.array([len(things)], np.float32),
        "detection_boxes": corners[:, :, [1, 0, 3, 2]],
        "detection_classes": (kinds + 1).astype(np.float32),
    }


def mmdeploy(things: Sequence[Thing]) -> Outputs:
    corners, scores, kinds = finished(things, padding=10)
    return {"dets": np.concatenate([corners, scores[:, :, None]], axis=2), "labels": kinds}


@dataclass(frozen=True, slots=True)
class Case:
    """One layout.

    `fit`, `colours` and `white`: how a picture is to be fed: placed how, which colour first, and what the first colour
    of white pixels becomes. `suppresses`: the network removes doubles itself.
    """

    write: Callable[[Sequence[Thing]], Outputs]
    fit: str
    colours: str
    white: float
    suppresses: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)
    model: Mapping[str, Any] = field(default_factory=dict)
    in_picture: bool = False


NANODET_WHITE = (255 - 103.53) / 57.375
CASES: dict[str, Case] = {
    "ultralytics_v8": Case(lambda things: {"output0": v8(things)}, "letterbox", "RGB", 1, metadata=NAMED),
    "ultralytics_segment": Case(segment, "letterbox", "RGB", 1, metadata={**NAMED, "task": "segment"}),
    "ultralytics_end2end": Case(end2end, "letterbox", "RGB", 1, suppresses=True, metadata={"end2end": "True"}),
    "ultralytics_rtdetr": Case(rtdetr, "stretch", "RGB", 1, suppresses=True, metadata={"head": "RTDETRDecoder"}),
    "ultralytics_rtdetr_scores": Case(rtdetr_scores, "stretch", "RGB", 1, suppresses=True),
    "yolov5": Case(lambda things: with_objectness(things, 3 * CELLS), "letterbox", "RGB", 1),
    "yolov6": Case(lambda things: with_objectness(things, CELLS, always=True), "letterbox", "RGB", 1),
    "yolo_end2end": Case(named_yolo, "letterbox", "RGB", 1, suppresses=True),
    "yolov7_end2end": Case(rows_of_seven, "letterbox", "RGB", 1, suppresses=True),
    "yolox": Case(yolox_raw, "corner", "BGR", 255),
    "yolox_decoded": Case(lambda things: with_objectness(things, CELLS), "corner", "BGR", 255),
    "nanodet": Case(nanodet, "stretch", "BGR", NANODET_WHITE, model={"picture": "data"}),
    "nanodet_six": Case(nanodet_six, "stretch", "BGR", NANODET_WHITE),
    "detr_sized": Case(
        boxes_labels_scores,
        "stretch",
        "RGB",
        1,
        suppresses=True,
        model={"extra_inputs": ["orig_target_sizes"]},
        in_picture=True,
    ),
    "tensorflow_detection": Case(
        tensorflow,
        "stretch",
        "RGB",
        255,
        suppresses=True,
        model={"picture": "image_tensor:0", "kind": TensorProto.UINT8, "shape": (1, SIZE[1], SIZE[0], 3)},
    ),
    "torchvision": Case(torchvision, "stretch", "RGB", 1, suppresses=True),
    "mmdeploy": Case(mmdeploy, "corner", "BGR", NANODET_WHITE, suppresses=True),
}


def write_model(path: Path, name: str, things: Sequence[Thing]) -> Path:
    """A model of that layout that always sees these things."""
    case = CASES[name]
    how = {"shape": (1, 3, SIZE[1], SIZE[0]), **case.model}
    return constant_model(path, case.write(things), metadata=case.metadata, **how)
