"""Episodes: each kind is there when and where its truth says, and changes nothing before it comes."""

import numpy as np
import numpy.typing as npt
import pytest

from protocol.geometry import contains, crossing_sides
from provisioning.simulator.video.acts.bikes import PILE_LIMIT
from provisioning.simulator.video.acts.people import CROWD_LIMIT
from provisioning.simulator.video.camera import StreetCamera
from provisioning.simulator.video.scenes import SCENES
from provisioning.simulator.video.script import Episode, Kind, Place, Script, Weather
from provisioning.simulator.video.truths import MEANINGS, EpisodeTruth

SIZE = (320, 180)
START_S, END_S, BEFORE_S = 60.0, 120.0, 20.0
PLACED = [kind for kind in Kind if kind.has_place]
WHOLE = [kind for kind in Kind if not kind.has_place and not kind.is_fault]
SEEDS = (1_001, 1_002, 1_003)
Picture = npt.NDArray[np.uint8]


def camera(*episodes: Episode, seed: int = SEEDS[0]) -> StreetCamera:
    return StreetCamera(Script("test", 400.0, 0, 0, Weather.CLEAR, episodes, furnished=True), seed, SIZE, 2.0)


def one(kind: Kind, seed: int = SEEDS[0]) -> tuple[StreetCamera, Episode]:
    episode = Episode(kind, START_S, END_S, place(kind, seed) if kind.has_place else None)
    return camera(episode, seed=seed), episode


def place(kind: Kind, seed: int) -> Place:
    """A place in the zone that the kind is about."""
    if kind not in MEANINGS or (kind.needs_fixtures is False and MEANINGS[kind].zone == "pavement"):
        return Place(0.6, 0.6)
    polygon = np.array(getattr(camera(seed=seed).places(), MEANINGS[kind].zone))
    depth = {"bin": 0.3, "shop": 0.08, "before_shop": 0.45, "bay": 0.35, "no_parking": 0.8, "carriageway": 1.15}
    return Place(float(polygon[:, 0].mean()), depth[MEANINGS[kind].zone])


def truth(street: StreetCamera) -> EpisodeTruth:
    return street.episodes()[0]


def changed(street: StreetCamera, bare: StreetCamera, t_s: float) -> npt.NDArray[np.bool_]:
    difference = street.frame(t_s).astype(int) - bare.frame(t_s).astype(int)
    changed: npt.NDArray[np.bool_] = np.abs(difference).sum(axis=2) > 24
    return changed


@pytest.mark.parametrize("kind", PLACED)
def test_a_kind_is_seen_while_it_lasts_and_not_before_or_after(kind: Kind) -> None:
    street, _ = one(kind)
    bare = camera()
    assert not changed(street, bare, BEFORE_S).any()
    assert not changed(street, bare, END_S + 100).any()
    lasting = [changed(street, bare, t_s).sum() for t_s in (START_S + 15, END_S - 30)]
    assert min(lasting) > 20


@pytest.mark.parametrize("kind", [kind for kind in PLACED if kind is not Kind.SPRINKLER and kind is not Kind.BIN_USE])
@pytest.mark.parametrize("seed", SEEDS)
def test_what_changed_fills_the_box_of_the_truth(kind: Kind, seed: int) -> None:
    street, _ = one(kind, seed)
    box = truth(street).box
    assert box is not None
    x1, y1, x2, y2 = (int(edge * side) for edge, side in zip(box, (*SIZE, *SIZE), strict=True))
    inside = changed(street, camera(seed=seed), (START_S + END_S) / 2)[y1 : y2 + 1, x1 : x2 + 1]
    assert inside.mean() > 0.2


@pytest.mark.parametrize("kind", [kind for kind in PLACED if MEANINGS.get(kind) and MEANINGS[kind].finding])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_finding_stands_in_the_zone_that_the_truth_names(kind: Kind, seed: int) -> None:
    street, _ = one(kind, seed)
    found = truth(street)
    zone = getattr(street.places(), found.zone)
    feet = [((box[0] + box[2]) / 2, box[3] - 0.02 * (box[3] - box[1])) for box in found.boxes]
    assert all(contains(zone, *foot) for foot in feet)


def test_limits_are_reached_at_the_start_and_by_nobody_else() -> None:
    counted = {Kind.BIKE_PILE: ("bike", PILE_LIMIT), Kind.CROWD: ("person", CROWD_LIMIT)}
    for kind, (label, limit) in counted.items():
        street, _ = one(kind)
        for t_s, reached in ((START_S - 0.1, False), (START_S + 0.1, True)):
            standing = [seen for seen in street.ground_truth(t_s).objects if seen.label == label and not seen.moving]
            hidden = len(truth(street).boxes) - len(standing)
            assert (len(standing) >= limit or (reached and hidden > 0)) is reached
    assert len(truth(one(Kind.FEW_BIKES)[0]).boxes) < PILE_LIMIT
    assert len(truth(one(Kind.LOITERERS)[0]).boxes) < CROWD_LIMIT


def test_a_stall_of_the_first_second_is_there_without_anybody_having_brought_it() -> None:
    street = camera(Episode(Kind.STANDING_STALL, 0.0, 50.0, Place(0.6, 0.6)))
    labels = [seen.label for seen in street.ground_truth(0.0).objects]
    assert "stall" in labels
    assert not any(seen.moving for seen in street.ground_truth(1.0).objects)


def test_a_stall_is_set_up_piece_by_piece() -> None:
    street, _ = one(Kind.STANDING_STALL)
    heights = [
        seen.box[3] - seen.box[1]
        for t_s in (START_S - 8.5, START_S - 4, START_S + 1)
        for seen in street.ground_truth(t_s).objects
        if seen.label == "stall"
    ]
    assert len(heights) == 3
    assert heights == sorted(heights)
    assert heights[0] < 0.5 * heights[-1]


def test_what_is_tipped_out_spreads_darkens_and_dries_while_the_ground_shows_through() -> None:
    street, _ = one(Kind.DUMP_LIQUID)
    bare = camera()
    x1, y1, x2, y2 = (int(edge * side) for edge, side in zip(truth(street).box or (), (*SIZE, *SIZE), strict=True))
    place = np.s_[y1:y2, x1:x2]
    wet = [changed(street, bare, t_s)[place].sum() for t_s in (START_S + 4, START_S + 7, START_S + 15)]
    assert wet == sorted(wet)
    assert wet[0] < 0.7 * wet[2]
    mask = np.zeros((SIZE[1], SIZE[0]), np.bool_)
    mask[place] = changed(street, bare, START_S + 20)[place]
    picture, ground = (np.asarray(shown.frame(START_S + 20)[mask], float) for shown in (street, bare))
    assert (picture < ground).mean() > 0.95
    assert np.corrcoef(picture.ravel(), ground.ravel())[0, 1] > 0.5
    assert changed(street, bare, END_S - 1)[place].sum() < 0.2 * wet[2]


def test_rain_wets_large_parts_little_by_little_and_the_truck_leaves_a_band() -> None:
    shares = [changed(one(Kind.WET_ROAD)[0], camera(), START_S + after).mean() for after in (2, 15, 39)]
    assert shares[0] < 0.02 < shares[1] < shares[2]
    assert shares[2] > 0.3
    truck, episode = one(Kind.SPRINKLER)
    assert episode.place is not None
    rows = np.nonzero(changed(truck, camera(), START_S + 25).any(axis=1))[0]
    assert rows.min() > 0.3 * SIZE[1]


@pytest.mark.parametrize("kind", WHOLE)
def test_light_and_lens_change_pictures_and_mean_nothing(kind: Kind) -> None:
    street, _ = one(kind)
    assert not changed(street, camera(), BEFORE_S).any()
    assert any(changed(street, camera(), START_S + after).any() for after in (7, 25, 40))
    assert street.episodes() == () or not truth(street).finding


def test_a_camera_that_looks_elsewhere_shows_none_of_its_objects() -> None:
    stands = Episode(Kind.VENDOR, 30.0, 200.0, Place(0.6, 0.6))
    street = camera(stands, Episode(Kind.ELSEWHERE, START_S, END_S))
    seen = [street.ground_truth(t_s) for t_s in (START_S - 1, START_S + 10, END_S + 1)]
    assert [truth.picture for truth in seen] == ["normal", "elsewhere", "normal"]
    assert [bool(truth.objects) for truth in seen] == [True, False, True]


@pytest.mark.parametrize("seed", range(1_001, 1_031))
def test_the_places_of_a_street_are_zones_that_can_be_drawn(seed: int) -> None:
    places = camera(seed=seed).places()
    polygons = [getattr(places, name) for name in places.__slots__ if name not in {"door_line", "pile_share"}]
    assert 0 < places.pile_share < 1
    assert all(0 <= value <= 1 for polygon in polygons for point in polygon for value in point)
    assert all(crossing_sides(polygon) is None for polygon in polygons)
    left, right = places.door_line
    assert left[0] < right[0]
    assert contains(places.pavement, (left[0] + right[0]) / 2, (left[1] + right[1]) / 2)


@pytest.mark.parametrize("name", SCENES)
def test_the_episodes_of_a_built_in_scene_lie_in_the_picture(name: str) -> None:
    script = SCENES[name]()
    street = StreetCamera(script, 3, SIZE, 2.0)
    for found in street.episodes():
        assert script.episodes[found.index].kind is found.kind
        assert all(0 <= edge <= 1 for box in found.boxes for edge in box)
