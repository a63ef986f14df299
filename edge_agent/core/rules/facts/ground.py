"""Boxes on the ground of a zone: how much of it they cover, and which of them stand beyond a door line."""

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from edge_agent.core.zones import FOOT_LIFT_SHARE, zone_mask
from protocol.geometry import Box, Point, Polygon, contains

RASTER = 64
"""Cells of a zone's raster, across and down: a cell is 1/4096 of the box around the zone."""
ZONES_KEPT_MAX = 128
FOOT_PROBES = 8
FAR = 8.0
"""Beyond every picture, in pictures."""
_ARC_STEPS = 4

_Cells = npt.NDArray[np.bool_]
Side = tuple[tuple[float, float], ...]


class ZoneRaster:
    """A zone as cells of the box around it."""

    def __init__(self, polygon: Polygon) -> None:
        columns, rows = zip(*polygon, strict=True)
        self._left, self._top = min(columns), min(rows)
        self._width, self._height = max(columns) - self._left, max(rows) - self._top
        self.cells: _Cells = zone_mask([self._moved(polygon)], RASTER, RASTER)
        self.count = max(1, int(np.count_nonzero(self.cells)))

    def under(self, boxes: Iterable[Box]) -> _Cells:
        """Cells of the zone whose middle lies in any of the boxes."""
        under = np.zeros((RASTER, RASTER), np.bool_)
        for x1, y1, x2, y2 in boxes:
            left, right = self._column(x1), self._column(x2)
            top, low = self._row(y1), self._row(y2)
            under[top:low, left:right] = True
        return under & self.cells

    def within(self, other: Side) -> _Cells:
        """Cells of the zone whose middle lies in another polygon."""
        return zone_mask([self._moved(other)], RASTER, RASTER) & self.cells

    def share(self, cells: _Cells) -> float:
        """Share of the zone that these cells of it are."""
        return int(np.count_nonzero(cells)) / self.count

    def _moved(self, polygon: Side) -> Side:
        return tuple(((x - self._left) / self._width, (y - self._top) / self._height) for x, y in polygon)

    def _column(self, x: float) -> int:
        return min(max(int((x - self._left) / self._width * RASTER + 0.5), 0), RASTER)

    def _row(self, y: float) -> int:
        return min(max(int((y - self._top) / self._height * RASTER + 0.5), 0), RASTER)


@lru_cache(maxsize=ZONES_KEPT_MAX)
def raster_of(polygon: Polygon) -> ZoneRaster:
    """The raster of a zone, made once."""
    return ZoneRaster(polygon)


def area_share(polygon: Polygon, boxes: Iterable[Box]) -> float:
    """Share of the zone under the boxes together; what overlaps counts once."""
    raster = raster_of(polygon)
    return raster.share(raster.under(boxes))


def beyond_share(polygon: Polygon, door_line: Sequence[Point], box: Box) -> float:
    """Share of a box's lower edge that lies beyond the door line: on the side where most of the zone is."""
    shape, street_within = _street(polygon, tuple(door_line))
    y = box[3] - FOOT_LIFT_SHARE * (box[3] - box[1])
    steps = [box[0] + (number + 0.5) / FOOT_PROBES * (box[2] - box[0]) for number in range(FOOT_PROBES)]
    beyond = sum(contains(shape, x, y) is street_within for x in steps)
    return beyond / FOOT_PROBES


def street_share(polygon: Polygon, door_line: Sequence[Point]) -> float:
    """Share of the zone on the side of the door line where most of it is: 0.5 to 1."""
    within = _share_within(polygon, _one_side(tuple(door_line)))
    return max(within, 1 - within)


@lru_cache(maxsize=ZONES_KEPT_MAX)
def _street(polygon: Polygon, door_line: tuple[Point, ...]) -> tuple[Side, bool]:
    """One side of the door line as a polygon, and whether the street lies in it."""
    side = _one_side(door_line)
    return side, _share_within(polygon, side) >= 0.5  # noqa: PLR2004 - the larger half


def _share_within(polygon: Polygon, side: Side) -> float:
    raster = raster_of(polygon)
    return raster.share(raster.within(side))


def _one_side(door_line: tuple[Point, ...]) -> Side:
    """The line, lengthened straight beyond both ends, and closed by an arc far away."""
    first = _lengthened(door_line[1], door_line[0])
    last = _lengthened(door_line[-2], door_line[-1])
    begin, end = (math.atan2(y - 0.5, x - 0.5) for x, y in (last, first))
    turn = (end - begin) % (2 * math.pi)
    angles = [begin + turn * step / _ARC_STEPS for step in range(1, _ARC_STEPS)]
    arc = [(0.5 + 2 * FAR * math.cos(angle), 0.5 + 2 * FAR * math.sin(angle)) for angle in angles]
    return (first, *door_line, last, *arc)


def _lengthened(inner: Point, end: Point) -> tuple[float, float]:
    length = math.hypot(end[0] - inner[0], end[1] - inner[1])
    return end[0] + (end[0] - inner[0]) / length * FAR, end[1] + (end[1] - inner[1]) / length * FAR
