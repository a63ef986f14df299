"""Points, boxes and polygons in fractions (0..1) of a picture; origin top left, x to the right, y down."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, Field

from protocol.texts import BadValue, Words

POLYGON_POINTS_MAX = 64
AREA_MIN = 1e-6
_CROSSES = Words(
    "多边形自相交：第 {first} 条边与第 {second} 条边相交；请沿区域一周依次列出各角点",
    "the polygon crosses itself: side {first} meets side {second}; list the corners in order around the zone",
)
_NO_AREA = Words(
    "多边形没有面积；请给出至少三个不在一条直线上的角点",
    "the polygon has no area; give at least three corners that are not on one line",
)

Fraction = Annotated[float, Field(ge=0.0, le=1.0)]
Point = tuple[Fraction, Fraction]
Box = tuple[Fraction, Fraction, Fraction, Fraction]
"""x1, y1, x2, y2 with x1 <= x2 and y1 <= y2."""

_Points = Sequence[tuple[float, float]]


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _within(a: tuple[float, float], b: tuple[float, float], p: tuple[float, float]) -> bool:
    return min(a[0], b[0]) <= p[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= p[1] <= max(a[1], b[1])


def segments_touch(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]
) -> bool:
    """Whether segments a-b and c-d share a point."""
    turns = (_turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b))
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    ends = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(turn == 0 and _within(*end) for turn, end in zip(turns, ends, strict=True))


def polygon_area(points: _Points) -> float:
    """Area in fractions of the picture, by the shoelace formula; orientation does not matter."""
    closed = [*points, points[0]]
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(closed))) / 2


def crossing_sides(points: _Points) -> tuple[int, int] | None:
    """The first two sides (numbered from 0; side i goes from corner i to i + 1) that cross or touch, else None."""
    count = len(points)
    sides = [(points[i], points[(i + 1) % count]) for i in range(count)]
    for i in range(count):
        for j in range(i + 1, count):
            adjacent = j == i + 1 or (i == 0 and j == count - 1)
            if not adjacent and segments_touch(*sides[i], *sides[j]):
                return i, j
    return None


def _simple(points: tuple[Point, ...]) -> tuple[Point, ...]:
    crossing = crossing_sides(points)
    if crossing:
        first, second = (side + 1 for side in crossing)
        raise BadValue(_CROSSES, first=first, second=second)
    if polygon_area(points) < AREA_MIN:
        raise BadValue(_NO_AREA)
    return points


Polygon = Annotated[tuple[Point, ...], Field(min_length=3, max_length=POLYGON_POINTS_MAX), AfterValidator(_simple)]
"""Corners of a simple (not self-crossing) polygon."""


def contains(polygon: _Points, x: float, y: float) -> bool:
    """Whether the point lies inside (even-odd rule; the border counts as inside on the lower left only)."""
    inside = False
    for (x1, y1), (x2, y2) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside
