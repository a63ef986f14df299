"""Facts about an object's way: since when it stands, and whether it was seen to come, the same at every frame rate."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from edge_agent.core.sampling import grace_with_cadence_s
from edge_agent.core.tracking.tracker import Following, Tracks, step
from edge_agent.core.values import Detection, Track
from protocol.geometry import Box

START = datetime(2026, 1, 1, tzinfo=UTC)
FPS = (1.0, 2.0, 5.0, 10.0)
ASPECT = 16 / 9
WIDTH, HEIGHT = 0.06, 0.2
"""A stall of (0.107 + 0.2) / 2 = 0.153 picture heights: 0.086 of the picture's width is one size."""
SIZE_X = 0.086


def stall(x: float, y: float = 0.6) -> Box:
    return x - WIDTH / 2, y - HEIGHT, x + WIDTH / 2, y


def follow(box_at: Callable[[float], Box | None], length_s: float, fps: float) -> list[tuple[float, Track]]:
    """The one track at each look, by seconds since the start."""
    tracks, looks = Tracks(), []
    how = Following(grace_with_cadence_s(2.0, 1 / fps), ASPECT)
    for number in range(round(length_s * fps) + 1):
        seen = box_at(number / fps)
        detections = [] if seen is None else [Detection("stall", 0.8, seen)]
        tracks = step(tracks, detections, START + timedelta(seconds=number / fps), how)
        looks += [(number / fps, one) for one in tracks.tracks]
    assert {one.id for _, one in looks} == {1}
    return looks


def since_s(track: Track) -> float:
    assert track.stands_since is not None
    return (track.stands_since - START).total_seconds()


@pytest.mark.parametrize("fps", FPS)
@pytest.mark.parametrize("pace", [0.4, 0.8, 1.3])
def test_who_comes_and_stops_stands_since_he_stopped(fps: float, pace: float) -> None:
    stops_s = 4 / pace
    looks = follow(lambda t: stall(0.2 + pace * SIZE_X * min(t, stops_s)), stops_s + 20, fps)
    assert all(one.stands_since is None for t, one in looks if 1 < t <= stops_s)
    settled = [one for t, one in looks if t >= stops_s + 5.5]
    assert all(one.came for one in settled)
    assert {round(since_s(one), 3) for one in settled} == {round(since_s(settled[0]), 3)}
    assert since_s(settled[0]) == pytest.approx(stops_s, abs=1)


@pytest.mark.parametrize("fps", FPS)
def test_who_has_stood_since_the_start_did_not_come(fps: float) -> None:
    rng = np.random.default_rng(5)

    def seen(_: float) -> Box:
        x1, y1, x2, y2 = np.array(stall(0.5)) + rng.normal(0, 0.004, 4)
        return float(x1), float(y1), float(x2), float(y2)

    looks = follow(seen, 600, fps)
    assert not any(one.came for _, one in looks)
    assert {one.stands_since for t, one in looks if t >= 5} == {START}


@pytest.mark.parametrize("fps", FPS)
def test_who_leaves_stands_no_longer(fps: float) -> None:
    looks = follow(lambda t: stall(0.3 + 0.8 * SIZE_X * max(0, t - 10)), 16, fps)
    assert all(since_s(one) == 0 for t, one in looks if 5 <= t <= 10)
    assert all(one.stands_since is None and one.came for t, one in looks if t >= 13)


@pytest.mark.parametrize("fps", FPS)
def test_who_moves_on_a_little_stands_anew_and_did_not_come(fps: float) -> None:
    looks = follow(lambda t: stall(0.3 + SIZE_X * min(1, max(0, t - 10))), 20, fps)
    assert since_s(looks[-1][1]) == pytest.approx(11, abs=1)
    assert not looks[-1][1].came


@pytest.mark.parametrize("fps", FPS)
@pytest.mark.parametrize("side", ["left", "right", "below", "single odd look"])
def test_half_a_box_covered_for_a_while_ends_no_stay(fps: float, side: str) -> None:
    x1, y1, x2, y2 = stall(0.5)
    half = {
        "left": ((x1 + x2) / 2, y1, x2, y2),
        "right": (x1, y1, (x1 + x2) / 2, y2),
        "below": (x1, y1, x2, (y1 + y2) / 2),
        "single odd look": (x1 + 0.35 * SIZE_X, y1, x2 + 0.35 * SIZE_X, y2),
    }[side]
    length_s = 0.05 if side == "single odd look" else 4
    looks = follow(lambda t: half if 20 <= t < 20 + length_s else (x1, y1, x2, y2), 40, fps)
    assert {one.stands_since for t, one in looks if t >= 5} == {START}


@pytest.mark.parametrize("fps", FPS)
def test_who_comes_in_at_the_border_came_though_he_stops_at_once(fps: float) -> None:
    def seen(t: float) -> Box:
        x1, y1, x2, y2 = stall(-WIDTH / 4 + SIZE_X * min(t, 1.2))
        return max(x1, 0.0), y1, x2, y2

    looks = follow(seen, 12, fps)
    assert looks[-1][1].came
    assert since_s(looks[-1][1]) == pytest.approx(1.2, abs=1)


@pytest.mark.parametrize("fps", FPS)
def test_who_stands_cut_by_the_border_did_not_come(fps: float) -> None:
    x1, y1, x2, y2 = stall(0.01)
    looks = follow(lambda t: (max(x1, 0.0), y1, x2 + 0.003 * (int(t) % 2), y2), 60, fps)
    assert not any(one.came for _, one in looks)


@pytest.mark.parametrize("fps", FPS)
@pytest.mark.parametrize("border", ["left", "right", "a few pixels before it"])
def test_who_stops_as_soon_as_he_is_whole_came_and_stands_where_he_stopped(fps: float, border: str) -> None:
    """His side at the border stays there until all of him is in: what he was first seen by is no place of his."""
    cart, whole_s = 0.16, 1.5
    margin = 0.008 if border == "a few pixels before it" else 0.0

    def seen(t: float) -> Box:
        inner = 0.06 + (cart - 0.02) * min(t / whole_s, 1)
        outer = max(inner - cart, margin)
        return (1 - inner, 0.4, 1 - outer, 0.7) if border == "right" else (outer, 0.4, inner, 0.7)

    looks = follow(seen, 16, fps)
    settled = [one for t, one in looks if t >= whole_s + 5]
    assert all(one.came for one in settled)
    assert since_s(settled[-1]) == pytest.approx(whole_s, abs=1)


@pytest.mark.parametrize("fps", FPS)
def test_who_stands_cut_by_the_border_stays_though_somebody_covers_half_of_him(fps: float) -> None:
    looks = follow(lambda t: (0.0, 0.4, 0.05 if 20 <= t < 23 else 0.1, 0.7), 40, fps)
    assert not any(one.came for _, one in looks)
    assert {one.stands_since for t, one in looks if t >= 5} == {START}


@pytest.mark.parametrize("fps", FPS)
def test_who_creeps_does_not_stand(fps: float) -> None:
    """A cart that is pushed at a fifth of its size a second."""
    looks = follow(lambda t: stall(0.2 + 0.2 * SIZE_X * t), 30, fps)
    assert not any(one.stands_since for _, one in looks)
    assert looks[-1][1].came


@pytest.mark.parametrize("fps", FPS)
def test_who_walks_straight_to_the_camera_moves(fps: float) -> None:
    """His head stays on the horizon, his feet come down and he grows."""

    def seen(t: float) -> Box:
        height = 0.1 * 1.15**t
        return 0.5 - 0.15 * height, 0.3, 0.5 + 0.15 * height, 0.3 + height

    looks = follow(seen, 12, fps)
    assert not any(one.stands_since for t, one in looks if t > 3)
    assert looks[-1][1].came


@pytest.mark.parametrize("fps", [2.0, 5.0, 10.0])
def test_others_who_pass_the_same_spot_in_turn_are_nobody_who_stands(fps: float) -> None:
    """A new one each three seconds, seen at the spot for a moment; a tracker may take them for one."""
    rows = []
    how = Following(grace_with_cadence_s(10.0, 1 / fps), ASPECT)
    tracks = Tracks()
    for number in range(round(120 * fps)):
        t = number / fps % 3.0
        seen = [Detection("stall", 0.8, stall(0.5 + (t - 0.5) * 1.2 * SIZE_X))] if t < 1.0 else []
        tracks = step(tracks, seen, START + timedelta(seconds=number / fps), how)
        rows += [one.stands_since for one in tracks.tracks if one.last_seen_at == tracks.looked_at]
    assert rows
    assert not any(rows)


def test_an_odd_box_does_not_hand_a_place_to_its_part() -> None:
    """Somebody walks past a parked car: its box is cut, then comes in two parts, then whole again."""
    whole, cut = (0.3, 0.4, 0.6, 0.6), (0.3, 0.4, 0.5, 0.6)
    parts = [(0.34, 0.4, 0.6, 0.6), (0.3, 0.41, 0.45, 0.6)]
    looks = [[whole]] * 20 + [[cut], parts] + [[whole]] * 10
    tracks, how = Tracks(), Following(4.0, ASPECT)
    for number, boxes in enumerate(looks):
        seen = [Detection("car", 0.9 - 0.4 * index, box) for index, box in enumerate(boxes)]
        tracks = step(tracks, seen, START + timedelta(seconds=number / 2), how)
    found = [one for one in tracks.tracks if one.last_seen_at == tracks.looked_at]
    assert [one.id for one in found] == [1]
    assert since_s(found[0]) == 0
