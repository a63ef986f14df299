"""What the Ultralytics exporter writes: heads with and without suppression inside, RT-DETR, masks left aside."""

import numpy as np

from edge_agent.inference.card.labels import labels_in
from edge_agent.inference.layouts import boxes as box
from edge_agent.inference.layouts.layout import Answer, Evidence, Layout, Signature, View, first, unsaid
from edge_agent.inference.preprocess import RGB_UNIT_STD, Feed, letterbox, stretch
from edge_agent.inference.suppression import Candidates, Floats, best_classes
from protocol.texts import Words

OVERLAP_MAX = 0.6
KEPT_MAX = 1000
"""Exporters bake at most some hundred detections into a network that suppresses by itself."""
QUERIES = 300
MASK_VALUES = 32
BOX, FINISHED = 4, 6
"""Values of a box; of a finished detection: box, score, class."""

LETTERBOXED = Feed(letterbox, red_first=True, std=RGB_UNIT_STD)
STRETCHED = Feed(stretch, red_first=True, std=RGB_UNIT_STD)


def _classes_first(seen: Signature) -> int:
    return seen.shapes[0][1] - BOX


def _masked_classes(seen: Signature) -> int:
    return seen.shapes[0][1] - BOX - MASK_VALUES


def _decode_v8(answer: Answer, view: View, score_min: float) -> Candidates:  # noqa: ARG001 - one signature for all
    """`[1, 4 + classes, n]`: centre and size in input pixels, then class scores."""
    return _columns(first(answer)[0], score_min)


def _decode_segment(answer: Answer, view: View, score_min: float) -> Candidates:  # noqa: ARG001
    """As v8, with 32 values of a mask behind the scores."""
    return _columns(first(answer)[0][:-MASK_VALUES], score_min)


def _columns(table: Floats, score_min: float) -> Candidates:
    chosen, classes, scores = best_classes(table[BOX:], score_min)
    return Candidates.of(box.corners_of_centred(table[:BOX, chosen].T), scores, classes, score_min)


def _decode_end2end(answer: Answer, view: View, score_min: float) -> Candidates:  # noqa: ARG001
    """`[1, n, 6]`: corners in input pixels, score, class number."""
    table = first(answer)[0]
    return Candidates.of(table[:, :4], table[:, 4], table[:, 5], score_min)


def _decode_rtdetr(answer: Answer, view: View, score_min: float) -> Candidates:
    """`[1, n, 6]`: centre and size in fractions of the input, score, class number."""
    table = first(answer)[0]
    corners = box.times(box.corners_of_centred(table[:, :4]), view.size)
    return Candidates.of(corners, table[:, 4], table[:, 5], score_min)


def _decode_rtdetr_scores(answer: Answer, view: View, score_min: float) -> Candidates:
    """`[1, n, 4 + classes]`: centre and size in fractions of the input, then class scores."""
    table = first(answer)[0]
    chosen, classes, scores = best_classes(table[:, BOX:].T, score_min)
    corners = box.times(box.corners_of_centred(table[chosen, :BOX]), view.size)
    return Candidates.of(corners, scores, classes, score_min)


def _evidence_v8(seen: Signature) -> Evidence:
    shape = seen.single(3)
    if shape is None or seen.task != "detect" or seen.says("end2end") or seen.says("nms"):
        return Evidence.NONE
    _, rows, count = shape
    names = labels_in(seen.metadata)
    if BOX < rows < count and (seen.metadata.get("head") == "Detect" or (names and len(names) == rows - BOX)):
        return Evidence.METADATA
    plain = rows > BOX and rows != count and count in _anchor_counts(seen)
    return Evidence.SHAPES if plain else Evidence.NONE


def _anchor_counts(seen: Signature) -> set[int]:
    return {box.anchors(seen.size, strides) for strides in (box.STRIDES, box.STRIDES_WITH_64)}


def _evidence_segment(seen: Signature) -> Evidence:
    shapes = seen.shapes
    masks = len(shapes) == 2 and len(shapes[0]) == 3 and len(shapes[1]) == 4 and shapes[1][1] == MASK_VALUES  # noqa: PLR2004 - boxes and masks
    if not masks or len(seen.inputs) != 1 or not BOX + MASK_VALUES < shapes[0][1] < shapes[0][2]:
        return Evidence.NONE
    return Evidence.METADATA if seen.task == "segment" else Evidence.SHAPES


def _finished(seen: Signature) -> bool:
    shape = seen.single(3)
    return shape is not None and shape[2] == FINISHED and shape[1] <= KEPT_MAX and seen.task == "detect"


def _transformer(seen: Signature) -> bool:
    return seen.metadata.get("head") == "RTDETRDecoder"


def _evidence_end2end(seen: Signature) -> Evidence:
    if not _finished(seen) or _transformer(seen):
        return Evidence.NONE
    return Evidence.METADATA if seen.says("end2end") or seen.says("nms") else Evidence.SHAPES


def _evidence_rtdetr(seen: Signature) -> Evidence:
    if not _finished(seen):
        return Evidence.NONE
    return Evidence.METADATA if _transformer(seen) else Evidence.SHAPES


def _evidence_rtdetr_scores(seen: Signature) -> Evidence:
    shape = seen.single(3)
    if shape is None or shape[2] <= BOX or shape[2] == FINISHED or seen.task != "detect":
        return Evidence.NONE
    if _transformer(seen):
        return Evidence.METADATA
    return Evidence.SHAPES if shape[1] == QUERIES else Evidence.NONE


def _probed(seen: Signature) -> Floats:
    """All rows of both answers, a detection each."""
    return np.concatenate([first(probe)[0] for probe in seen.probes])


def _denies_v8(seen: Signature) -> Words | None:
    answers = np.concatenate([first(probe)[0].T for probe in seen.probes])
    return box.scores_denied(answers[:, BOX:]) or box.pixels_denied(answers[:, :BOX], seen.size)


def _denies_segment(seen: Signature) -> Words | None:
    answers = np.concatenate([first(probe)[0].T for probe in seen.probes])
    return box.scores_denied(answers[:, BOX:-MASK_VALUES]) or box.pixels_denied(answers[:, :BOX], seen.size)


def _denies_end2end(seen: Signature) -> Words | None:
    rows = _probed(seen)
    numbers = box.scores_denied(rows[:, 4]) or box.classes_denied(rows[:, 5])
    return numbers or box.pixels_denied(rows[:, :4], seen.size) or box.corners_denied(rows[:, :4], rows[:, 4])


def _denies_rtdetr(seen: Signature) -> Words | None:
    rows = _probed(seen)
    return box.fractions_denied(rows[:, :4]) or box.scores_denied(rows[:, 4]) or box.classes_denied(rows[:, 5])


def _denies_rtdetr_scores(seen: Signature) -> Words | None:
    rows = _probed(seen)
    return box.fractions_denied(rows[:, :BOX]) or box.scores_denied(rows[:, BOX:])


ULTRALYTICS = (
    Layout(
        name="ultralytics_v8",
        exporters="Ultralytics v8, v9, v11, v12, v5u, v3u; YOLOv9",
        evidence=_evidence_v8,
        denies=_denies_v8,
        feed=LETTERBOXED,
        decode=_decode_v8,
        class_count=_classes_first,
        overlap_max=OVERLAP_MAX,
    ),
    Layout(
        name="ultralytics_segment",
        exporters="Ultralytics segmentation, its masks left aside",
        evidence=_evidence_segment,
        denies=_denies_segment,
        feed=LETTERBOXED,
        decode=_decode_segment,
        class_count=_masked_classes,
        overlap_max=OVERLAP_MAX,
    ),
    Layout(
        name="ultralytics_end2end",
        exporters="Ultralytics with `nms=True`; v10 and YOLO26, end to end",
        evidence=_evidence_end2end,
        denies=_denies_end2end,
        feed=LETTERBOXED,
        decode=_decode_end2end,
        class_count=unsaid,
    ),
    Layout(
        name="ultralytics_rtdetr",
        exporters="Ultralytics RT-DETR 8.4",
        evidence=_evidence_rtdetr,
        denies=_denies_rtdetr,
        feed=STRETCHED,
        decode=_decode_rtdetr,
        class_count=unsaid,
    ),
    Layout(
        name="ultralytics_rtdetr_scores",
        exporters="Ultralytics RT-DETR, older 8.x",
        evidence=_evidence_rtdetr_scores,
        denies=_denies_rtdetr_scores,
        feed=STRETCHED,
        decode=_decode_rtdetr_scores,
        class_count=lambda seen: seen.shapes[0][2] - BOX,
    ),
)
