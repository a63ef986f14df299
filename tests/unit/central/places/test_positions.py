"""How far apart things are, and the cells in which they are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.places import Bounds, Position, around, cell_of, cells_of, distance_m

CHINA = st.builds(Position, st.floats(18, 53.5), st.floats(73.5, 135))
OFFSETS = st.floats(-0.002, 0.002)


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        ((0, 0), (0, 0), 0),
        ((0, 0), (0, 1), 111_195),
        ((0, 0), (1, 0), 111_195),
        ((60, 105), (60, 106), 55_597),
        ((39.9087, 116.3975), (31.2304, 121.4737), 1_067_000),
        ((90, 0), (-90, 0), 20_015_115),
    ],
)
def test_distances(one: tuple[float, float], other: tuple[float, float], metres: float) -> None:
    assert distance_m(Position(*one), Position(*other)) == pytest.approx(metres, rel=0.005)


@given(CHINA, OFFSETS, OFFSETS, st.floats(0, 300))
def test_what_is_near_lies_in_the_cells_around(place: Position, north: float, east: float, radius_m: float) -> None:
    other = Position(place.latitude + north, place.longitude + east)
    if distance_m(place, other) <= radius_m:
        box = around(place, radius_m)
        assert other in box
        assert cell_of(other) in (cells_of(box, 100) or ())


@given(CHINA, CHINA)
def test_distance_is_the_same_both_ways(one: Position, other: Position) -> None:
    assert distance_m(one, other) == pytest.approx(distance_m(other, one), abs=1e-6)


def test_neighbouring_cells_have_numbers_of_their_own() -> None:
    corners = [Position(row / 100, column / 100) for row in (-9000, 0, 8999) for column in (-18000, 0, 17999)]
    assert len({cell_of(corner) for corner in corners}) == len(corners)
    assert max(cell_of(Position(90, 180)), 0) < 2**31


def test_a_box_of_too_many_cells_has_none() -> None:
    assert cells_of(Bounds(105, 34, 106, 35), 100) is None
    assert len(cells_of(Bounds(105.001, 34.001, 105.011, 34.001), 100) or ()) == 2


@pytest.mark.parametrize("wrong", [(91, 0), (0, 181), (float("nan"), 0), (0, float("inf"))])
def test_no_place_on_the_globe(wrong: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="latitude"):
        Position(*wrong)


def test_a_box_begins_in_the_south_west() -> None:
    with pytest.raises(ValueError, match="south-western"):
        Bounds(106, 34, 105, 35)
