"""Polygons: simple ones pass, others are refused with the sides named."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from protocol.geometry import Polygon, contains, crossing_sides, polygon_area

POLYGON: TypeAdapter[tuple[tuple[float, float], ...]] = TypeAdapter(Polygon)
SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


@pytest.mark.parametrize(
    ("points", "says"),
    [
        ([[0, 0], [1, 1], [1, 0], [0, 1]], "side 1 meets side 3"),
        ([[0, 0], [1, 0], [0.5, 0], [0.5, 1]], "crosses itself"),
        ([[0, 0], [0.5, 0.5], [1, 1]], "no area"),
        ([[0, 0], [1, 0]], "at least 3"),
        ([[0, 0], [1.2, 0], [1, 1]], "less than or equal to 1"),
        ([[0, 0], [math.nan, 0], [1, 1]], "less_than_equal"),
    ],
)
def test_a_wrong_polygon_is_refused_with_the_reason(points: list[list[float]], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        POLYGON.validate_python(points)


def test_the_whole_picture_is_a_polygon() -> None:
    assert POLYGON.validate_python([[0, 0], [1, 0], [1, 1], [0, 1]]) == SQUARE
    assert polygon_area(SQUARE) == 1.0


@given(
    st.lists(st.floats(0.05, 0.45), min_size=3, max_size=12),
    st.floats(0, 2 * math.pi),
)
def test_a_star_around_a_centre_never_crosses_and_holds_its_centre(radii: list[float], turn: float) -> None:
    count = len(radii)
    points = [
        (0.5 + r * math.cos(turn + 2 * math.pi * i / count), 0.5 + r * math.sin(turn + 2 * math.pi * i / count))
        for i, r in enumerate(radii)
    ]
    assert crossing_sides(points) is None
    if count > 4:
        assert contains(points, 0.5, 0.5)
    assert contains(points, 2.0, 2.0) is False


@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_inside_the_square_is_inside(x: float, y: float) -> None:
    assert contains(SQUARE, x, y)
