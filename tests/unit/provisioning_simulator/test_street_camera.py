"""The moving camera: frames depend on time alone, episodes are where the script says, when it says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.simulator.video.acts.plain import ARRIVAL_S, BIKES_IN_PILE
from provisioning.simulator.video.camera import SPRITES_MAX, SeenObject, StreetCamera, watched_view
from provisioning.simulator.video.scenes import SCENES
from provisioning.simulator.video.script import Episode, Kind, Place, Script, Weather

SIZE = (320, 180)
FPS = 10.0
ALONE = Place(0.5, 0.6)


def script(*episodes: Episode, walkers: int = 0, weather: Weather = Weather.CLEAR, length_s: float = 60.0) -> Script:
    return Script("test", length_s, walkers, 0, weather, episodes)


def camera(one: Script, *, seed: int = 1, loop: bool = False) -> StreetCamera:
    return StreetCamera(one, seed, SIZE, FPS, loop=loop)


def still(street: StreetCamera, t_s: float) -> list[SeenObject]:
    return [seen for seen in street.ground_truth(t_s).objects if not seen.moving and seen.episode is not None]


@pytest.mark.parametrize("weather", Weather)
def test_a_frame_depends_on_its_time_alone(weather: Weather) -> None:
    one = script(Episode(Kind.STALL, 2, 20, ALONE), walkers=3, weather=weather)
    forwards, jumping = camera(one), camera(one)
    for t_s in (0.0, 4.0, 3.3):
        jumping.frame(t_s + 11)
        assert np.array_equal(forwards.frame(t_s), jumping.frame(t_s))
    assert forwards.frame(1.0).shape == (SIZE[1], SIZE[0], 3)
    assert forwards.frame(1.0).dtype == np.uint8


def test_two_seeds_show_two_streets() -> None:
    assert watched_view(1, *SIZE) != watched_view(2, *SIZE)
    assert not np.array_equal(camera(script(), seed=1).frame(0), camera(script(), seed=2).frame(0))


@pytest.mark.parametrize("kind", [Kind.STALL, Kind.RUBBISH, Kind.GOODS, Kind.PERSON])
def test_a_thing_stands_from_its_start_to_its_end(kind: Kind) -> None:
    street = camera(script(Episode(kind, 10, 20, ALONE)))
    assert still(street, 9.9) == []
    there = [seen.label for seen in still(street, 10.0)]
    assert str(kind) in there
    boxes = {tuple(seen.box for seen in still(street, t_s) if seen.label == kind) for t_s in (10.0, 15.0, 19.9)}
    assert len(boxes) == 1
    assert still(street, 20.1) == []


def test_a_stall_comes_before_and_leaves_after() -> None:
    street = camera(script(Episode(Kind.STALL, 10, 20, ALONE)))
    assert street.ground_truth(10 - ARRIVAL_S - 0.1).objects == ()
    coming = street.ground_truth(10 - ARRIVAL_S / 4).objects
    leaving = street.ground_truth(20 + ARRIVAL_S / 4).objects
    assert {seen.label for seen in coming} == {seen.label for seen in leaving} == {"stall", "person"}
    assert all(seen.moving for seen in coming + leaving)
    assert street.ground_truth(20 + ARRIVAL_S).objects == ()


def test_bikes_pile_up_one_after_the_other() -> None:
    street = camera(script(Episode(Kind.BIKES, 5, 45, Place(0.3, 0.6))))
    counts = [sum(seen.label == "bike" for seen in still(street, t_s)) for t_s in (4.9, 5.0, 15.0, 44.9, 45.0)]
    assert counts[0] == counts[-1] == 0
    assert counts[1] == 1
    assert counts[1] < counts[2] < counts[3] <= BIKES_IN_PILE


def test_what_is_drawn_is_where_the_truth_says() -> None:
    with_stall, without = camera(script(Episode(Kind.STALL, 1, 30, ALONE))), camera(script())
    changed = np.abs(with_stall.frame(5).astype(int) - without.frame(5).astype(int)).sum(axis=2) > 30
    rows, columns = np.nonzero(changed)
    boxes = np.array([seen.box for seen in still(with_stall, 5)]) * [*SIZE, *SIZE]
    assert abs(columns.min() - boxes[:, 0].min()) <= 4
    assert abs(columns.max() - boxes[:, 2].max()) <= 4
    assert abs(rows.min() - boxes[:, 1].min()) <= 4


@settings(max_examples=15)
@given(t_s=st.floats(0, 3000), seed=st.sampled_from((1, 2)))
def test_the_truth_lies_inside_the_frame(t_s: float, seed: int) -> None:
    street = CAMERAS[seed]
    for seen in street.ground_truth(t_s).objects:
        x1, y1, x2, y2 = seen.box
        assert 0 <= x1 < x2 <= 1
        assert 0 <= y1 < y2 <= 1
        assert 0 < seen.visible <= 1
    assert len(street._sprites) <= SPRITES_MAX


CAMERAS = {seed: StreetCamera(SCENES["busy"](), seed, SIZE, FPS, loop=True) for seed in (1, 2)}


def test_a_hidden_object_is_not_told() -> None:
    behind, before = Episode(Kind.RUBBISH, 0, 50, Place(0.5, 0.5)), Episode(Kind.STALL, 10, 50, Place(0.5, 0.9))
    street = camera(script(behind, before), seed=3)
    assert {seen.label for seen in still(street, 9)} == {"rubbish"}
    shown = {seen.label: seen.visible for seen in still(street, 20)}
    assert shown.get("rubbish", 0.0) < 1.0
    assert shown["stall"] == 1.0


def test_a_black_frozen_or_covered_camera_shows_it() -> None:
    street = camera(SCENES["faults"]())
    normal, black, covered = (street.frame(t_s).mean(axis=2) for t_s in (10.0, 30.0, 100.0))
    assert black.mean() < 10
    assert black.std() < 5
    assert covered.std() < normal.std() / 3
    assert [street.ground_truth(t_s).picture for t_s in (10, 30, 60, 100)] == ["normal", "black", "frozen", "covered"]


def test_a_frozen_camera_repeats_itself_to_the_pixel_and_a_live_one_never() -> None:
    street = camera(SCENES["faults"]())
    assert np.array_equal(street.frame(56.0), street.frame(74.9))
    assert not np.array_equal(street.frame(50.0), street.frame(50.1))
    assert not np.array_equal(street.frame(30.0), street.frame(30.1))


def test_nothing_has_happened_before_the_start() -> None:
    street = camera(script(Episode(Kind.STALL, 5, 20, ALONE)))
    assert street.ground_truth(-100).objects == ()
    assert street.frame(-100).shape == (SIZE[1], SIZE[0], 3)


def test_a_loop_plays_the_episodes_again() -> None:
    one = script(Episode(Kind.STALL, 5, 20, ALONE), length_s=30)
    assert [seen.label for seen in still(camera(one, loop=True), 30 + 10)] == [
        seen.label for seen in still(camera(one), 10)
    ]
    assert still(camera(one), 30 + 10) == []
