"""Who stands in a zone.

An object stands where its feet are: the bottom centre of its box. A region of static foreground has no feet (it
may be the visible half of a heap): it is in a zone when its centre is, or when at least `REGION_SHARE_MIN` of its box
is, or of the lower half of its box: the roof of a stall hides what lies behind the zone.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from edge_agent.core.values import Track
from protocol.geometry import Box, Polygon, contains

REGION_SHARE_MIN = 0.5
FOOT_LIFT_SHARE = 0.02
"""The foot point lies this share of the box's height above its lower edge: a box cut by the picture's border would
otherwise end exactly on the border of a zone that reaches there."""
_PROBES = 5


def foot_point(box: Box) -> tuple[float, float]:
    """Where an object touches the ground, in fractions of the picture."""
    x1, y1, x2, y2 = box
    return (x1 + x2) / 2, min(max(y2 - FOOT_LIFT_SHARE * (y2 - y1), 0.0), 1.0 - 1e-6)


def stands_in(polygon: Polygon, track: Track) -> bool:
    """Whether the track counts for the zone."""
    if not track.still:
        return contains(polygon, *foot_point(track.box))
    x1, y1, x2, y2 = track.box
    middle = (y1 + y2) / 2
    return contains(polygon, (x1 + x2) / 2, middle) or any(
        share_inside(polygon, box) >= REGION_SHARE_MIN for box in (track.box, (x1, middle, x2, y2))
    )


def share_inside(polygon: Polygon, box: Box) -> float:
    """Share of the box that lies in the polygon, by a grid of points."""
    x1, y1, x2, y2 = box
    steps = [(i + 0.5) / _PROBES for i in range(_PROBES)]
    inside = sum(contains(polygon, x1 + u * (x2 - x1), y1 + v * (y2 - y1)) for u in steps for v in steps)
    return inside / _PROBES**2


def zone_mask(polygons: Iterable[Polygon], width: int, height: int) -> npt.NDArray[np.bool_]:
    """`height` x `width` booleans: true where the middle of a pixel lies in any polygon. Even-odd rule."""
    xs = (np.arange(width) + 0.5) / width
    ys = (np.arange(height) + 0.5) / height
    mask = np.zeros((height, width), dtype=np.bool_)
    for polygon in polygons:
        mask |= _inside(polygon, xs[None, :], ys[:, None])
    return mask


def _inside(polygon: Polygon, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    inside = np.zeros(np.broadcast_shapes(x.shape, y.shape), dtype=np.bool_)
    with np.errstate(over="ignore", invalid="ignore"):  # a nearly level side is divided by nearly nothing, then unused
        for (x1, y1), (x2, y2) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
            if y1 != y2:
                inside ^= ((y1 > y) != (y2 > y)) & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return inside


def covered_share(box: Box, by: Box) -> float:
    """Share of a box that another covers; 0 where it has no area."""
    area = _area(box)
    return _shared(box, by) / area if area > 0 else 0.0


def overlap_of_smaller(box: Box, other: Box) -> float:
    """Share of the smaller box that lies in the other; 0 where one has no area."""
    smaller = min(_area(box), _area(other))
    return _shared(box, other) / smaller if smaller > 0 else 0.0


def intersection_over_union(box: Box, other: Box) -> float:
    """Shared area as a share of the area that either covers; 0 where one has no area."""
    shared, areas = _shared(box, other), (_area(box), _area(other))
    union = sum(areas) - shared
    return shared / union if union > 0 and min(areas) > 0 else 0.0


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _shared(box: Box, other: Box) -> float:
    width = min(box[2], other[2]) - max(box[0], other[0])
    height = min(box[3], other[3]) - max(box[1], other[1])
    return max(0.0, width) * max(0.0, height)
