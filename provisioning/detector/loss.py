"""What the network shall say, and how wrong it is: Gaussian heat maps with a focal loss, boxes with generalised IoU."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from provisioning.detector.network import STRIDE, corners

BOX_WEIGHT = 4.0
CLASS_BOX_WEIGHTS = (1.0, 1.0, 1.5, 1.0, 3.0, 2.0)
"""How much the box of each class counts: the ragged outlines of rubbish, goods and bikes are hard to meet."""

_SPREAD = 0.144
"""Width of an object's Gaussian as a share of its size."""
_SPREAD_MIN_PX = 2.2
_REACH = 3.0
_BOX_HEAT_MIN = 0.25
"""Cells at least this hot also learn the box."""
_EPSILON = 1e-6


@dataclass(frozen=True, slots=True)
class Targets:
    """Heat [n, classes, rows, columns], corners [n, 4, rows, columns], weight of each cell's box [n, rows, columns]."""

    heat: Tensor
    boxes: Tensor
    weight: Tensor


def make_targets(labels: list[NDArray[np.float32]], classes: int, rows: int, columns: int) -> Targets:
    """Return the targets of a batch; each label is [n, 5] class, x1, y1, x2, y2 in pixels. Small objects win cells."""
    heat = np.zeros((len(labels), classes, rows, columns), np.float32)
    boxes = np.zeros((len(labels), 4, rows, columns), np.float32)
    weight = np.zeros((len(labels), rows, columns), np.float32)
    for index, label in enumerate(labels):
        areas = (label[:, 3] - label[:, 1]) * (label[:, 4] - label[:, 2])
        for row in label[np.argsort(-areas, kind="stable")]:
            kind = int(row[0])
            _paint(heat[index, kind], boxes[index], weight[index], row[1:], CLASS_BOX_WEIGHTS[kind])
    return Targets(torch.from_numpy(heat), torch.from_numpy(boxes), torch.from_numpy(weight))


def _paint(
    heat: NDArray[np.float32],
    boxes: NDArray[np.float32],
    weight: NDArray[np.float32],
    box: NDArray[np.float32],
    importance: float,
) -> None:
    x, y, wide, high = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, box[2] - box[0], box[3] - box[1]
    hot_columns, columns = _bump(x, wide, heat.shape[1])
    hot_rows, rows = _bump(y, high, heat.shape[0])
    bump = (hot_rows[:, None] * hot_columns[None, :]).astype(np.float32)
    area = (rows, columns)
    heat[area] = np.maximum(heat[area], bump)
    inner = bump > _BOX_HEAT_MIN
    share = bump / max(float(bump.sum()), _EPSILON)
    weight[area][inner] = (share * importance * np.log1p(wide * high / 16))[inner]
    for side in range(4):
        boxes[side][area][inner] = box[side]


def _bump(centre: float, length: float, cells: int) -> tuple[NDArray[np.float64], slice]:
    """Return a Gaussian along one axis, 1 at the cell that holds the centre, and the cells it covers."""
    spread = max(length * _SPREAD, _SPREAD_MIN_PX)
    hottest = min(cells - 1, max(0, int(centre / STRIDE)))
    first = max(0, min(hottest, int((centre - _REACH * spread) / STRIDE)))
    last = min(cells, max(hottest, int((centre + _REACH * spread) / STRIDE) + 1) + 1)
    away = (np.arange(first, last) - hottest) * STRIDE
    return np.exp(-(away**2) / (2 * spread * spread)), slice(first, last)


def heat_loss(logits: Tensor, heat: Tensor) -> Tensor:
    """Return the focal loss per object; cells near a centre count little as background."""
    scores = logits.sigmoid().clamp(1e-5, 1 - 1e-5)
    centre = heat.ge(1.0 - 1e-4).to(scores.dtype)
    found = centre * (1 - scores) ** 2 * scores.log()
    quiet = (1 - centre) * (1 - heat) ** 4 * scores**2 * (1 - scores).log()
    return -(found + quiet).sum() / centre.sum().clamp(min=1)


def box_loss(sides: Tensor, targets: Targets) -> Tensor:
    """Return the weighted mean of 1 - generalised IoU over the cells that hold an object."""
    told, true = corners(sides), targets.boxes
    inner = (torch.min(told[:, 2:], true[:, 2:]) - torch.max(told[:, :2], true[:, :2])).clamp(min=0).prod(1)
    outer = (torch.max(told[:, 2:], true[:, 2:]) - torch.min(told[:, :2], true[:, :2])).clamp(min=0).prod(1)
    union = _area(told) + _area(true) - inner + _EPSILON
    hull = outer.clamp(min=_EPSILON)
    generalised = inner / union - (hull - union) / hull
    return ((1 - generalised) * targets.weight).sum() / targets.weight.sum().clamp(min=_EPSILON)


def _area(boxes: Tensor) -> Tensor:
    return (boxes[:, 2:] - boxes[:, :2]).clamp(min=0).prod(1)
