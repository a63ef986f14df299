"""YOLOX as its own exporter writes it: raw, or decoded inside the network. Told apart by how large the values are."""

import numpy as np

from edge_agent.inference.layouts import boxes as box
from edge_agent.inference.layouts.layout import Answer, Evidence, Layout, Signature, View, first
from edge_agent.inference.layouts.yolo import (
    BOX,
    CLASSES,
    OBJECTNESS,
    classes_last,
    decode_centred_pixels,
)
from edge_agent.inference.preprocess import Feed, corner_pad
from edge_agent.inference.suppression import Candidates, Floats, best_classes
from protocol.texts import Words

RAW_MAX, DECODED_MIN = 12.0, 20.0
"""Raw values are offsets and logarithms (some -3..5), decoded ones pixels: nothing lies between."""
EXPONENT_MAX = 20.0
"""Larger logarithms of a box's side are no box; cut before they overflow."""
OVERLAP_MAX = 0.5
LEVELS = Feed(corner_pad, red_first=False)

_OBJECTNESS_FIXED = Words("目标置信度总是 1，那是 YOLOv6 的写法", "its objectness is always 1, as YOLOv6 writes it")
_TOO_LARGE = Words("框的数值太大，不是网格偏移和对数", "its box values are too large for grid offsets and logarithms")
_TOO_SMALL = Words("框的数值太小，不是像素", "its box values are too small for pixels")


def _decode_raw(answer: Answer, view: View, score_min: float) -> Candidates:
    """`[1, n, 5 + classes]`: centre as offset from the grid cell and size as logarithm, both in strides."""
    table = first(answer)[0]
    with np.errstate(invalid="ignore"):
        near = np.flatnonzero(table[:, OBJECTNESS] >= score_min)
    rows = table[near]
    chosen, classes, scores = best_classes((rows[:, OBJECTNESS:CLASSES] * rows[:, CLASSES:]).T, score_min)
    corner, stride = (part[near[chosen]] for part in box.grid(view.size))
    centre = (rows[chosen, :2] + corner) * stride
    sides = np.exp(np.minimum(rows[chosen, 2:BOX], EXPONENT_MAX)) * stride
    corners = box.corners_of_centred(np.concatenate([centre, sides], axis=1))
    return Candidates.of(corners, scores, classes, score_min)


def _evidence(seen: Signature) -> Evidence:
    shape = seen.single(3)
    if shape is None or "names" in seen.metadata or "head" in seen.metadata:
        return Evidence.NONE
    _, count, columns = shape
    fits = columns > CLASSES and columns != count and count == box.anchors(seen.size)
    return Evidence.SHAPES if fits else Evidence.NONE


def _answers(seen: Signature) -> Floats:
    return np.concatenate([first(probe)[0] for probe in seen.probes])


def _scores_denied(answers: Floats) -> Words | None:
    if bool((answers[:, OBJECTNESS] == 1).all()):
        return _OBJECTNESS_FIXED
    return box.scores_denied(answers[:, OBJECTNESS:])


def _denies_raw(seen: Signature) -> Words | None:
    answers = _answers(seen)
    if np.abs(answers[:, :BOX]).max() > RAW_MAX:
        return _TOO_LARGE
    return _scores_denied(answers)


def _denies_decoded(seen: Signature) -> Words | None:
    answers = _answers(seen)
    if np.abs(answers[:, :BOX]).max() < DECODED_MIN:
        return _TOO_SMALL
    return box.pixels_denied(answers[:, :BOX], seen.size) or _scores_denied(answers)


YOLOX = (
    Layout(
        name="yolox",
        exporters="YOLOX",
        evidence=_evidence,
        denies=_denies_raw,
        feed=LEVELS,
        decode=_decode_raw,
        class_count=classes_last,
        overlap_max=OVERLAP_MAX,
    ),
    Layout(
        name="yolox_decoded",
        named=frozenset({"yolox"}),
        exporters="YOLOX with `--decode_in_inference`",
        evidence=_evidence,
        denies=_denies_decoded,
        feed=LEVELS,
        decode=decode_centred_pixels,
        class_count=classes_last,
        overlap_max=OVERLAP_MAX,
    ),
)
