"""From the network's output to boxes: the reader of the evaluation and of the golden picture. No torch here."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

OVERLAP_MAX = 0.55
"""Of two boxes of one class that overlap more (IoU), the weaker one is dropped."""
FOUND_MAX = 200


@dataclass(frozen=True, slots=True)
class Found:
    """Boxes [n, 4] x1, y1, x2, y2 in input pixels, scores [n] from high to low, classes [n]."""

    boxes: Floats
    scores: Floats
    classes: NDArray[np.intp]


def to_input(picture: NDArray[np.uint8]) -> Floats:
    """Return a BGR picture as the model takes it: [1, 3, h, w] RGB in 0..1."""
    rgb = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB).astype(np.float32) / np.float32(255)
    return np.ascontiguousarray(rgb.transpose(2, 0, 1)[None])


def read_output(output: Floats, score_min: float) -> Found:
    """Return what [1, 4 + classes, n] (layout of Ultralytics v8) says with at least that score, overlaps removed."""
    table = output[0].T
    scores, classes = table[:, 4:].max(axis=1), table[:, 4:].argmax(axis=1)
    strong = np.nonzero(scores >= score_min)[0]
    strong = strong[np.argsort(-scores[strong], kind="stable")][:FOUND_MAX]
    centre, half = table[strong, :2], table[strong, 2:4] / 2
    boxes = np.concatenate([centre - half, centre + half], axis=1)
    kept = _without_overlaps(boxes, classes[strong])
    return Found(boxes[kept], scores[strong][kept], classes[strong][kept])


def _without_overlaps(boxes: Floats, classes: NDArray[np.intp]) -> list[int]:
    rivals = (overlaps(boxes, boxes) > OVERLAP_MAX) & (classes[:, None] == classes[None, :])
    kept: list[int] = []
    for index in range(len(boxes)):
        if not rivals[index, kept].any():
            kept.append(index)
    return kept


def overlaps(first: Floats, second: Floats) -> Floats:
    """Return the IoU of each pair of boxes, [n, m]."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    shared = (high - low).clip(0).prod(axis=2)
    union = _areas(first)[:, None] + _areas(second)[None, :] - shared
    result: Floats = shared / np.maximum(union, np.float32(1e-6))
    return result


def _areas(boxes: Floats) -> Floats:
    areas: Floats = (boxes[:, 2:] - boxes[:, :2]).clip(0).prod(axis=1)
    return areas
