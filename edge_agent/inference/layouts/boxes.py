"""Ways to write boxes, the grids that they come from, and what cannot be a box or a score."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from edge_agent.inference.preprocess import Size
from edge_agent.inference.suppression import Floats
from protocol.texts import Words

STRIDES = (8, 16, 32)
STRIDES_WITH_64 = (8, 16, 32, 64)

GRIDS_KEPT_MAX = 8
NORMALISED_MAX = 1.5
"""Boxes in fractions of the picture may lie a little outside; boxes in pixels are never all so small."""
BOX_SLACK = 0.5
SCORE_SLACK = 1e-3
SCORE_NAMED_MIN = 0.1

NOT_SCORES = Words(
    "得分不在 0 到 1 之间（是未经激活的原始输出吗？）", "its scores are not between 0 and 1 (raw logits?)"
)
NOT_CLASSES = Words("类别编号不是整数", "its class numbers are not whole")
LOOK_LIKE_FRACTIONS = Words("框像是画面的比例，不是像素", "its boxes look like fractions of the picture, not pixels")
FAR_OUTSIDE = Words("框远在画面之外", "its boxes lie far outside the picture")
NOT_FRACTIONS = Words("框大于画面的比例", "its boxes are larger than fractions of the picture")
NOT_CORNERS = Words("框不是左上角和右下角", "its boxes are not an upper left and a lower right corner")


def cells(size: Size, stride: int) -> Size:
    """Columns and rows of the network's grid at a stride; sizes that do not divide are rounded up."""
    return -(-size[0] // stride), -(-size[1] // stride)


def anchors(size: Size, strides: Iterable[int] = STRIDES) -> int:
    """How many boxes a network without anchor boxes gives for an input."""
    return sum(columns * rows for columns, rows in (cells(size, stride) for stride in strides))


@lru_cache(maxsize=GRIDS_KEPT_MAX)
def grid(size: Size, strides: tuple[int, ...] = STRIDES) -> tuple[Floats, Floats]:
    """Column and row `[n, 2]` and stride `[n, 1]` of every cell, finest grid first. Not to be written to."""
    corners, widths = [], []
    for stride in strides:
        columns, rows = cells(size, stride)
        x, y = np.meshgrid(np.arange(columns), np.arange(rows))
        corners.append(np.stack([x.ravel(), y.ravel()], axis=1))
        widths.append(np.full((columns * rows, 1), stride))
    return np.concatenate(corners).astype(np.float32), np.concatenate(widths).astype(np.float32)


def corners_of_centred(boxes: Floats) -> Floats:
    """Corners of boxes `[n, 4]` written as centre and size."""
    half = boxes[:, 2:4] / 2
    corners: Floats = np.concatenate([boxes[:, :2] - half, boxes[:, :2] + half], axis=1)
    return corners


def times(boxes: Floats, factors: tuple[float, float]) -> Floats:
    """Boxes in another unit: `factors` across and down; a picture's size makes pixels of fractions."""
    scaled: Floats = boxes * np.array([*factors, *factors], dtype=np.float32)
    return scaled


def scores_denied(scores: Floats) -> Words | None:
    """What speaks against numbers as scores."""
    outside = scores.size and (scores.min() < -SCORE_SLACK or scores.max() > 1 + SCORE_SLACK)
    return NOT_SCORES if outside else None


def classes_denied(classes: Floats) -> Words | None:
    """What speaks against numbers as class numbers; padding may be -1."""
    wrong = classes.size and ((classes != np.round(classes)).any() or classes.min() < -1)
    return NOT_CLASSES if wrong else None


def pixels_denied(boxes: Floats, size: Size) -> Words | None:
    """What speaks against boxes in pixels of the input, corners or centre and size."""
    largest = float(np.abs(boxes).max()) if boxes.size else 0.0
    if 0 < largest <= NORMALISED_MAX:
        return LOOK_LIKE_FRACTIONS
    if boxes.size and (boxes.min() < -BOX_SLACK * max(size) or largest > (1 + BOX_SLACK) * max(size)):
        return FAR_OUTSIDE
    return None


def fractions_denied(boxes: Floats) -> Words | None:
    """What speaks against boxes in fractions of the picture."""
    outside = boxes.size and (boxes.min() < -BOX_SLACK or boxes.max() > NORMALISED_MAX)
    return NOT_FRACTIONS if outside else None


def corners_denied(boxes: Floats, scores: Floats) -> Words | None:
    """What speaks against boxes as two corners, first the upper left; only boxes with a score worth naming count."""
    sure = boxes[scores >= SCORE_NAMED_MIN]
    turned = ((sure[:, 2] < sure[:, 0]) | (sure[:, 3] < sure[:, 1])).any()
    return NOT_CORNERS if turned else None
