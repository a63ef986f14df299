"""Detectors that suppress by themselves and name their outputs: nothing but the names tells them apart."""

import numpy as np

from edge_agent.inference.layouts import boxes as box
from edge_agent.inference.layouts.layout import Answer, Evidence, Layout, Signature, View, unsaid
from edge_agent.inference.layouts.nanodet import NORMALISED
from edge_agent.inference.layouts.ultralytics import STRETCHED
from edge_agent.inference.preprocess import Feed, corner_pad, stretch
from edge_agent.inference.suppression import Candidates, Floats
from protocol.texts import Words

SIZE_INPUT = "orig_target_sizes"
"""A second input, the width and height of the original picture, in whose pixels the boxes then come."""

BOXES_LABELS_SCORES = frozenset({"boxes", "labels", "scores"})
DETS_LABELS = frozenset({"dets", "labels"})
TENSORFLOW = frozenset({"detection_boxes", "detection_classes", "detection_scores"})


def _rows(answer: Answer, name: str, width: int) -> Floats:
    return answer[name].reshape(-1, width)


def _values(answer: Answer, name: str) -> Floats:
    return answer[name].reshape(-1)


def _decode_detr(answer: Answer, view: View, score_min: float) -> Candidates:
    """Corners in pixels of the original picture, scores, class numbers."""
    shares = (view.size[0] / view.picture[0], view.size[1] / view.picture[1])
    scores, classes = _values(answer, "scores"), _values(answer, "labels")
    return Candidates.of(box.times(_rows(answer, "boxes", 4), shares), scores, classes, score_min)


def _decode_torchvision(answer: Answer, view: View, score_min: float) -> Candidates:  # noqa: ARG001 - one signature for all
    """Corners in input pixels, scores, class numbers."""
    scores, classes = _values(answer, "scores"), _values(answer, "labels")
    return Candidates.of(_rows(answer, "boxes", 4), scores, classes, score_min)


def _decode_mmdeploy(answer: Answer, view: View, score_min: float) -> Candidates:  # noqa: ARG001
    """Corners in input pixels with the score behind them, class numbers."""
    table = _rows(answer, "dets", 5)
    return Candidates.of(table[:, :4], table[:, 4], _values(answer, "labels"), score_min)


def _decode_tensorflow(answer: Answer, view: View, score_min: float) -> Candidates:
    """Top, left, bottom, right in fractions of the input, scores, class numbers that begin at 1."""
    corners = box.times(_rows(answer, "detection_boxes", 4)[:, [1, 0, 3, 2]], view.size)
    scores, classes = _values(answer, "detection_scores"), _values(answer, "detection_classes") - 1
    return Candidates.of(corners, scores, classes, score_min)


def _named(seen: Signature, outputs: frozenset[str], *, size_input: bool = False) -> Evidence:
    fits = set(seen.outputs) >= outputs and (SIZE_INPUT in seen.inputs) == size_input
    return Evidence.NAMES if fits else Evidence.NONE


def _together(seen: Signature, name: str) -> Floats:
    return np.concatenate([probe[name].reshape(-1) for probe in seen.probes])


def _denies_boxes(seen: Signature, boxes: Floats, scores: str, classes: str) -> Words | None:
    numbers = box.scores_denied(_together(seen, scores)) or box.classes_denied(_together(seen, classes))
    return numbers or box.corners_denied(boxes, _together(seen, scores))


def _denies_detr(seen: Signature) -> Words | None:
    corners = _together(seen, "boxes").reshape(-1, 4)
    if 0 < np.abs(corners).max(initial=0) <= box.NORMALISED_MAX:
        return box.LOOK_LIKE_FRACTIONS
    return _denies_boxes(seen, corners, "scores", "labels")


def _denies_torchvision(seen: Signature) -> Words | None:
    corners = _together(seen, "boxes").reshape(-1, 4)
    return box.pixels_denied(corners, seen.size) or _denies_boxes(seen, corners, "scores", "labels")


def _denies_mmdeploy(seen: Signature) -> Words | None:
    table = _together(seen, "dets").reshape(-1, 5)
    numbers = box.scores_denied(table[:, 4]) or box.classes_denied(_together(seen, "labels"))
    return numbers or box.pixels_denied(table[:, :4], seen.size) or box.corners_denied(table[:, :4], table[:, 4])


def _denies_tensorflow(seen: Signature) -> Words | None:
    corners = _together(seen, "detection_boxes").reshape(-1, 4)
    return box.fractions_denied(corners) or _denies_boxes(seen, corners, "detection_scores", "detection_classes")


NAMED = (
    Layout(
        name="detr_sized",
        exporters="RT-DETR v1, v2, D-FINE, DEIM with `orig_target_sizes`",
        evidence=lambda seen: _named(seen, BOXES_LABELS_SCORES, size_input=True),
        denies=_denies_detr,
        feed=STRETCHED,
        decode=_decode_detr,
        class_count=unsaid,
    ),
    Layout(
        name="tensorflow_detection",
        exporters="TensorFlow Object Detection API by tf2onnx",
        evidence=lambda seen: _named(seen, TENSORFLOW),
        denies=_denies_tensorflow,
        feed=Feed(stretch, red_first=True),
        decode=_decode_tensorflow,
        class_count=unsaid,
    ),
    Layout(
        name="torchvision",
        exporters="torchvision detection",
        evidence=lambda seen: _named(seen, BOXES_LABELS_SCORES),
        denies=_denies_torchvision,
        feed=STRETCHED,
        decode=_decode_torchvision,
        class_count=unsaid,
    ),
    Layout(
        name="mmdeploy",
        exporters="MMDeploy end to end (RTMDet; for others say `mean` and `std` in the card)",
        evidence=lambda seen: _named(seen, DETS_LABELS),
        denies=_denies_mmdeploy,
        feed=Feed(corner_pad, NORMALISED.red_first, NORMALISED.mean, NORMALISED.std),
        decode=_decode_mmdeploy,
        class_count=unsaid,
    ),
)
