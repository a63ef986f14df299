"""YOLO exports with an objectness beside the class scores (v5, v6, v7), or suppression inside (v6, v7, v9)."""

import numpy as np

from edge_agent.inference.card.labels import labels_in
from edge_agent.inference.layouts import boxes as box
from edge_agent.inference.layouts.layout import Answer, Evidence, Layout, Shape, Signature, View, first, unsaid
from edge_agent.inference.layouts.ultralytics import LETTERBOXED
from edge_agent.inference.suppression import Candidates, Floats, best_classes
from protocol.texts import Words

ANCHORS_PER_CELL = 3
BOX, OBJECTNESS, CLASSES = 4, 4, 5
"""Values of a box, place of the objectness, first class score."""
ROW_OF_SEVEN = 7
OVERLAP_MAX = 0.6
END2END = frozenset({"num_dets", "det_boxes", "det_scores", "det_classes"})

_OBJECTNESS_VARIES = Words("目标置信度不总是 1", "its objectness is not always 1")
_NO_PICTURE_NUMBER = Words("各行不以画面编号开头", "its rows do not begin with the number of the picture")


def rows_by_objectness(table: Floats, score_min: float) -> tuple[Floats, Floats]:
    """The rows of `[n, 5 + classes]` that can reach a score, and their class scores `[classes, m]`."""
    with np.errstate(invalid="ignore"):
        rows = table[table[:, OBJECTNESS] >= score_min]
    return rows, (rows[:, OBJECTNESS:CLASSES] * rows[:, CLASSES:]).T


def decode_centred_pixels(answer: Answer, view: View, score_min: float) -> Candidates:  # noqa: ARG001 - one signature for all
    """`[1, n, 5 + classes]`: centre and size in input pixels, objectness, then class scores."""
    rows, by_class = rows_by_objectness(first(answer)[0], score_min)
    chosen, classes, scores = best_classes(by_class, score_min)
    return Candidates.of(box.corners_of_centred(rows[chosen, :BOX]), scores, classes, score_min)


def _decode_rows_of_seven(answer: Answer, view: View, score_min: float) -> Candidates:  # noqa: ARG001
    """`[m, 7]`: number of the picture, corners in input pixels, class number, score."""
    table = first(answer)
    return Candidates.of(table[:, 1:5], table[:, 6], table[:, 5], score_min)


def _decode_end2end(answer: Answer, view: View, score_min: float) -> Candidates:  # noqa: ARG001
    """Corners in input pixels, scores and class numbers, of which the first `num_dets` count."""
    count = max(0, int(answer["num_dets"].reshape(-1)[0]))
    corners = answer["det_boxes"].reshape(-1, 4)[:count]
    scores, classes = (answer[name].reshape(-1)[:count] for name in ("det_scores", "det_classes"))
    return Candidates.of(corners, scores, classes, score_min)


def leading_table(seen: Signature) -> Shape | None:
    """Shape `[1, n, values]` of the first output if the others, if any, are the raw heads behind it."""
    shapes = seen.shapes
    table = len(seen.inputs) == 1 and len(shapes[0]) == 3 and shapes[0][0] == 1 and shapes[0][2] > CLASSES  # noqa: PLR2004 - a table
    return shapes[0] if table and all(len(shape) == 5 for shape in shapes[1:]) else None  # noqa: PLR2004 - raw heads


def _evidence_v5(seen: Signature) -> Evidence:
    shape = leading_table(seen)
    counts = {ANCHORS_PER_CELL * box.anchors(seen.size, strides) for strides in (box.STRIDES, box.STRIDES_WITH_64)}
    if shape is None or shape[1] not in counts or seen.task != "detect":
        return Evidence.NONE
    names = labels_in(seen.metadata)
    return Evidence.METADATA if names and len(names) == shape[2] - CLASSES else Evidence.SHAPES


def _evidence_v6(seen: Signature) -> Evidence:
    shape = seen.single(3)
    plain = shape is not None and shape[2] > CLASSES and shape[1] == box.anchors(seen.size) != shape[2]
    return Evidence.SHAPES if plain else Evidence.NONE


def _evidence_rows_of_seven(seen: Signature) -> Evidence:
    shape = seen.single(2)
    return Evidence.SHAPES if shape is not None and shape[1] == ROW_OF_SEVEN else Evidence.NONE


def _evidence_end2end(seen: Signature) -> Evidence:
    return Evidence.NAMES if set(seen.outputs) >= END2END and len(seen.inputs) == 1 else Evidence.NONE


def _table(seen: Signature) -> Floats:
    return np.concatenate([first(probe)[0] for probe in seen.probes])


def _denies_v5(seen: Signature) -> Words | None:
    table = _table(seen)
    return box.scores_denied(table[:, OBJECTNESS:]) or box.pixels_denied(table[:, :BOX], seen.size)


def _denies_v6(seen: Signature) -> Words | None:
    if not (_table(seen)[:, OBJECTNESS] == 1).all():
        return _OBJECTNESS_VARIES
    return _denies_v5(seen)


def _denies_rows_of_seven(seen: Signature) -> Words | None:
    rows = np.concatenate([first(probe) for probe in seen.probes])
    if (rows[:, 0] != 0).any():
        return _NO_PICTURE_NUMBER
    numbers = box.classes_denied(rows[:, 5]) or box.scores_denied(rows[:, 6])
    return numbers or box.pixels_denied(rows[:, 1:5], seen.size) or box.corners_denied(rows[:, 1:5], rows[:, 6])


def _denies_end2end(seen: Signature) -> Words | None:
    corners = np.concatenate([probe["det_boxes"].reshape(-1, 4) for probe in seen.probes])
    scores, classes = (
        np.concatenate([probe[name].reshape(-1) for probe in seen.probes]) for name in ("det_scores", "det_classes")
    )
    numbers = box.scores_denied(scores) or box.classes_denied(classes)
    return numbers or box.pixels_denied(corners, seen.size) or box.corners_denied(corners, scores)


def classes_last(seen: Signature) -> int:
    """The class count of `[1, n, 5 + classes]`."""
    return seen.shapes[0][2] - CLASSES


YOLO = (
    Layout(
        name="yolov5",
        exporters="YOLOv5; YOLOv7 with `--grid`",
        evidence=_evidence_v5,
        denies=_denies_v5,
        feed=LETTERBOXED,
        decode=decode_centred_pixels,
        class_count=classes_last,
        overlap_max=OVERLAP_MAX,
    ),
    Layout(
        name="yolov6",
        exporters="YOLOv6",
        evidence=_evidence_v6,
        denies=_denies_v6,
        feed=LETTERBOXED,
        decode=decode_centred_pixels,
        class_count=classes_last,
        overlap_max=OVERLAP_MAX,
    ),
    Layout(
        name="yolo_end2end",
        exporters="YOLOv6, v7, v9 with named outputs and no TensorRT operator",
        evidence=_evidence_end2end,
        denies=_denies_end2end,
        feed=LETTERBOXED,
        decode=_decode_end2end,
        class_count=unsaid,
    ),
    Layout(
        name="yolov7_end2end",
        exporters="YOLOv7 with `--grid --end2end --max-wh`",
        evidence=_evidence_rows_of_seven,
        denies=_denies_rows_of_seven,
        feed=LETTERBOXED,
        decode=_decode_rows_of_seven,
        class_count=unsaid,
    ),
)
