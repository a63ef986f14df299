"""From a YOLO network's output tensor to candidate boxes, for each way of writing it down."""

import numpy as np

from edge_agent.inference.preprocess import Size
from edge_agent.inference.suppression import Candidates, Floats, best_classes

STRIDES = (8, 16, 32)
EXPONENT_MAX = 20.0
"""Larger logarithms of a box's side are no box; cut before they overflow."""


def cells(size: Size, stride: int) -> Size:
    """Columns and rows of the network's grid at a stride; sizes that do not divide are rounded up."""
    return -(-size[0] // stride), -(-size[1] // stride)


def anchors(size: Size, strides: tuple[int, ...] = STRIDES) -> int:
    """How many boxes a network without anchor boxes gives for an input."""
    return sum(columns * rows for columns, rows in (cells(size, stride) for stride in strides))


def decode_ultralytics(output: Floats, size: Size, score_min: float) -> Candidates:  # noqa: ARG001 - one signature for all
    """`[1, 4 + classes, n]`: centre and size in input pixels, then class scores."""
    table = output[0].T
    return best_classes(_corners(table[:, :4]), table[:, 4:], score_min)


def decode_yolox_decoded(output: Floats, size: Size, score_min: float) -> Candidates:  # noqa: ARG001 - one signature for all
    """`[1, n, 5 + classes]`: centre and size in input pixels, objectness, then class scores."""
    table = output[0]
    return best_classes(_corners(table[:, :4]), table[:, 4:5] * table[:, 5:], score_min)


def decode_yolox(output: Floats, size: Size, score_min: float) -> Candidates:
    """`[1, n, 5 + classes]`: centre as offset from the grid cell and size as logarithm, both in strides."""
    table = output[0]
    corner, stride = _grid(size)
    centre = (table[:, :2] + corner) * stride
    sides = np.exp(np.minimum(table[:, 2:4], EXPONENT_MAX)) * stride
    boxes = _corners(np.concatenate([centre, sides], axis=1))
    return best_classes(boxes, table[:, 4:5] * table[:, 5:], score_min)


def _grid(size: Size) -> tuple[Floats, Floats]:
    """Column and row `[n, 2]` and stride `[n, 1]` of every cell, finest grid first."""
    corners, strides = [], []
    for stride in STRIDES:
        columns, rows = cells(size, stride)
        x, y = np.meshgrid(np.arange(columns), np.arange(rows))
        corners.append(np.stack([x.ravel(), y.ravel()], axis=1))
        strides.append(np.full((columns * rows, 1), stride))
    return np.concatenate(corners).astype(np.float32), np.concatenate(strides).astype(np.float32)


def _corners(boxes: Floats) -> Floats:
    half = boxes[:, 2:4] / 2
    corners: Floats = np.concatenate([boxes[:, :2] - half, boxes[:, :2] + half], axis=1).astype(np.float32)
    return corners
