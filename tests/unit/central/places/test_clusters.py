"""What a map puts together."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.places import Position
from central.core.places.clusters import ZOOM_MAX, clusters

PLACES = st.builds(Position, st.floats(34.70, 34.80), st.floats(105.30, 105.40))
ITEMS = st.lists(st.tuples(PLACES, st.sampled_from(["open", "closed"])), max_size=40)


@given(ITEMS, st.integers(0, ZOOM_MAX))
def test_every_item_is_counted_once_at_every_zoom(items: list[tuple[Position, str]], zoom: int) -> None:
    found = clusters([(place, kind, number) for number, (place, kind) in enumerate(items)], zoom)
    assert sum((Counter(one.counts) for one in found), Counter()) == Counter(kind for _, kind in items)
    assert all((one.only is None) is (one.count > 1) for one in found)


@given(ITEMS)
def test_a_closer_look_never_shows_fewer_points(items: list[tuple[Position, str]]) -> None:
    told = [(place, kind, None) for place, kind in items]
    counts = [len(clusters(told, zoom)) for zoom in range(ZOOM_MAX + 1)]
    assert counts == sorted(counts)
    assert counts[-1] == len(items)


@pytest.mark.parametrize(("zoom", "points"), [(0, 1), (8, 1), (16, 2), (ZOOM_MAX, 3)])
def test_near_ones_are_one_point_in_their_middle(zoom: int, points: int) -> None:
    places = [Position(34.7301, 105.3301), Position(34.7303, 105.3303), Position(34.7501, 105.3501)]
    found = clusters([(place, "open", place) for place in places], zoom)
    assert len(found) == points
    if zoom == 16:
        assert found[0].position.latitude == pytest.approx(34.7302)
        assert found[1].only == places[2]
