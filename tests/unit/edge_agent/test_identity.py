"""Identity where it is hard: crossings, groups, passers-by, flickering rows, long stays; and what always holds."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_agent.core.sampling import grace_with_cadence_s
from edge_agent.core.tracking import tracker
from edge_agent.core.tracking.standing import STAND_S
from edge_agent.core.tracking.tracker import Following, Tracks, step
from edge_agent.core.values import Detection, Track

START = datetime(2026, 1, 1, tzinfo=UTC)
ASPECT = 16 / 9
FPS = (1.0, 2.0, 5.0, 10.0)
Seen = dict[str, Detection]


def thing(label: str, x: float, y: float, height: float, width: float) -> Detection:
    """`x` and `width` in picture heights, foot point at x, y."""
    return Detection(label, 0.8, ((x - width / 2) / ASPECT, y - height, (x + width / 2) / ASPECT, y))


def walker(x: float, y: float = 0.6, height: float = 0.2) -> Detection:
    return thing("person", x, y, height, 0.35 * height)


def following(fps: float) -> Following:
    return Following(grace_with_cadence_s(2.0, 1 / fps), ASPECT)


def identities(seen_at: Callable[[float], Seen], length_s: float, fps: float, count: int = 1) -> dict[str, list[int]]:
    """The identities that each named thing had, one for each look that showed it and at least `count` things.

    Of two who walk through each other, a single box cannot say whose it is: who is who is asked when both are seen.
    """
    tracks, had = Tracks(), defaultdict(list)
    for number in range(round(length_s * fps)):
        now, seen = START + timedelta(seconds=number / fps), seen_at(number / fps)
        tracks = step(tracks, list(seen.values()), now, following(fps))
        by_box = {one.box: one.id for one in tracks.tracks if one.last_seen_at == now}
        for name, detection in seen.items():
            if len(seen) >= count:
                had[name].append(by_box[detection.box])
    return had


def assert_one_each(had: dict[str, list[int]]) -> None:
    assert {name: set(numbers) for name, numbers in had.items() if len(set(numbers)) > 1} == {}
    assert len({numbers[0] for numbers in had.values()}) == len(had)


def without_covered(seen: Seen, *, from_share: float = 0.5) -> Seen:
    """What a detector is left with: nobody who is covered by so much of somebody nearer (lower in the picture)."""

    def covered(one: Detection, other: Detection) -> float:
        (a1, b1, a2, b2), (c1, d1, c2, d2) = one.box, other.box
        shared = max(0, min(a2, c2) - max(a1, c1)) * max(0, min(b2, d2) - max(b1, d1))
        return shared / ((a2 - a1) * (b2 - b1))

    return {
        name: one
        for name, one in seen.items()
        if all(covered(one, other) < from_share for other in seen.values() if other.box[3] > one.box[3])
    }


@pytest.mark.parametrize("fps", FPS)
@pytest.mark.parametrize("sizes", [(0.2, 0.2), (0.2, 0.26)], ids=["same size", "other size"])
@pytest.mark.parametrize("paces", [(0.06, 0.06), (0.15, 0.15), (0.05, 0.15), (0.19, 0.1)])
def test_two_walkers_cross(paces: tuple[float, float], sizes: tuple[float, float], fps: float) -> None:
    def seen(t: float) -> Seen:
        right = walker(0.9 + paces[0] * (t - 5), 0.6, sizes[0])
        left = walker(0.9 - paces[1] * (t - 5), 0.6 + (sizes[1] - 0.19) / 2, sizes[1])
        return without_covered({"right": right, "left": left})

    assert_one_each(identities(seen, 10, fps, count=2))


@pytest.mark.parametrize("fps", [2.0, 5.0, 10.0])
@pytest.mark.parametrize("seed", range(5))
def test_two_walkers_cross_while_one_look_in_five_misses_them(seed: int, fps: float) -> None:
    rng = np.random.default_rng(seed)

    def seen(t: float) -> Seen:
        both = {"right": walker(0.9 + 0.15 * (t - 5)), "left": walker(0.9 - 0.1 * (t - 5), 0.61)}
        return {name: one for name, one in without_covered(both).items() if rng.uniform() > 0.2}

    assert_one_each(identities(seen, 10, fps, count=2))


@pytest.mark.parametrize("fps", FPS)
@pytest.mark.parametrize("height", [0.2, 0.3])
def test_a_walker_passes_before_a_stall(fps: float, height: float) -> None:
    def seen(t: float) -> Seen:
        stall = thing("stall", 0.9, 0.6, 0.2, 0.2)
        return without_covered({"stall": stall, "walker": walker(0.9 + 0.12 * (t - 6), 0.64, height)}, from_share=0.3)

    assert_one_each(identities(seen, 12, fps))


@pytest.mark.parametrize("fps", FPS)
def test_a_group_passes_before_one_who_stands(fps: float) -> None:
    def seen(t: float) -> Seen:
        group = {f"g{n}": walker(0.2 + 0.11 * t + 0.1 * n, 0.64 + 0.002 * n, 0.22) for n in range(3)}
        return without_covered({"stands": walker(0.9), **group})

    had = identities(seen, 14, fps)
    assert set(had["stands"]) == {had["stands"][0]}


@pytest.mark.parametrize("fps", FPS)
def test_a_flickering_row_of_bikes_keeps_its_identities(fps: float) -> None:
    rng = np.random.default_rng(11)

    def seen(t: float) -> Seen:
        row = {
            f"b{n}": thing("bicycle", 0.3 + 0.09 * n + float(rng.normal(0, 0.002)), 0.6, 0.1, 0.12) for n in range(9)
        }
        return {name: one for name, one in row.items() if t < STAND_S + 1 or rng.uniform() > 0.4}

    assert_one_each(identities(seen, 120, fps))


@pytest.mark.parametrize("fps", FPS)
@pytest.mark.parametrize("pace", [0.0, 0.06, 0.13])
def test_two_seconds_unseen_are_survived_where_the_walker_is_expected(fps: float, pace: float) -> None:
    def seen(t: float) -> Seen:
        return {} if 4 < t < 6 else {"walker": walker(0.2 + pace * t)}

    assert_one_each(identities(seen, 10, fps))


def test_a_stall_stays_itself_for_four_hours() -> None:
    """One look a second, three in ten miss it, its box jitters, and people stop before it for up to a minute."""
    rng = np.random.default_rng(2)
    passers = [(float(at), float(rng.uniform(3, 60))) for at in np.cumsum(rng.uniform(60, 400, 60))]

    def seen(t: float) -> Seen:
        jitter = rng.normal(0, 0.004, 2)
        stall = thing("stall", 0.9 + float(jitter[0]), 0.6 + float(jitter[1]), 0.2, 0.2)
        there = {
            f"passer {n}": thing("person", 0.9 + 0.15 * min(0, t - at), 0.66, 0.3, 0.17)
            for n, (at, stays_s) in enumerate(passers)
            if at - 4 <= t <= at + stays_s
        }
        found = without_covered({"stall": stall, **there}, from_share=0.3)
        return {name: one for name, one in found.items() if name != "stall" or rng.uniform() > 0.3}

    assert len(set(identities(seen, 4 * 3600, 1)["stall"])) == 1


def follow(seen_at: Callable[[float], Iterable[Detection]], length_s: float, fps: float = 2.0) -> dict[float, Tracks]:
    tracks, looks = Tracks(), {}
    for number in range(round(length_s * fps)):
        tracks = step(tracks, list(seen_at(number / fps)), START + timedelta(seconds=number / fps), following(fps))
        looks[number / fps] = tracks
    return looks


def stall_of(tracks: Tracks) -> Track | None:
    return next((one for one in tracks.tracks if one.label == "stall"), None)


STALL = thing("stall", 0.9, 0.6, 0.2, 0.2)
TRUCK = thing("truck", 0.9, 0.66, 0.3, 0.5)


def test_a_covered_stall_is_hidden_and_comes_back_as_itself() -> None:
    looks = follow(lambda t: [TRUCK] if 300 <= t < 540 else [STALL], 600, fps=1)
    assert all(one.hidden is (300 <= t < 540) for t, tracks in looks.items() if (one := stall_of(tracks)) is not None)
    assert {one.id for tracks in looks.values() if (one := stall_of(tracks)) is not None} == {1}
    assert all(stall_of(tracks) is not None for tracks in looks.values())


def test_nobody_is_hidden_for_ever() -> None:
    looks = follow(lambda t: [TRUCK] if t >= 2000 else [STALL], 2000 + tracker.memory.HIDDEN_S_MAX + 60, fps=0.5)
    assert stall_of(looks[2000 + tracker.memory.HIDDEN_S_MAX - 10]) is not None
    assert stall_of(looks[max(looks)]) is None


def test_a_stall_that_left_behind_a_truck_is_forgotten_once_its_place_is_in_view() -> None:
    looks = follow(lambda t: [STALL] if t < 300 else [TRUCK] if t < 400 else [], 500)
    assert stall_of(looks[399.5]) is not None
    assert stall_of(looks[400 + tracker.memory.ABSENT_S_MAX + 3]) is None


def test_what_stands_farther_away_hides_nobody() -> None:
    behind = thing("truck", 0.9, 0.5, 0.3, 0.5)
    looks = follow(lambda t: [behind] if t >= 300 else [STALL], 310)
    assert all(not one.hidden for tracks in looks.values() if (one := stall_of(tracks)) is not None)


def test_a_short_visit_earns_a_short_memory() -> None:
    looks = follow(lambda t: [STALL] if t < 5 else [], 20)
    assert stall_of(looks[12]) is None


boxes = st.tuples(st.floats(0, 0.9), st.floats(0, 0.9), st.floats(0.002, 0.5), st.floats(0.002, 0.5)).map(
    lambda box: (box[0], box[1], min(1.0, box[0] + box[2]), min(1.0, box[1] + box[3]))
)
detections = st.lists(
    st.builds(Detection, st.sampled_from(["person", "car", "truck", "stall"]), st.floats(0.05, 1), boxes), max_size=9
)


@settings(deadline=None, max_examples=60)
@given(st.lists(detections, max_size=8), st.floats(0.1, 3))
def test_what_holds_for_any_detections(looks: list[list[Detection]], period_s: float) -> None:
    tracks, born, how = Tracks(), 0, Following(2.5, ASPECT)
    for number, seen in enumerate(looks):
        now = START + timedelta(seconds=number * period_s)
        before, tracks = tracks, step(tracks, seen, now, how)
        ids = [one.id for one in tracks.tracks]
        assert len(set(ids)) == len(ids)
        new = sorted(set(ids) - {one.id for one in before.tracks})
        assert all(one > born for one in new), "an identity came back"
        born = max([born, *new])
        shown = [(one.label, one.box) for one in tracks.tracks if one.last_seen_at == now]
        assert len(shown) <= len(seen)
        assert {box for _, box in shown} <= {one.box for one in seen}
        assert all(not one.hidden for one in tracks.tracks if one.last_seen_at == now)
        assert all(one.stands_since is None or one.first_seen_at <= one.stands_since <= now for one in tracks.tracks)


@settings(deadline=None, max_examples=60)
@given(st.lists(detections, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_detections_does_not_matter(looks: list[list[Detection]], shuffler: object) -> None:
    one, other, how = Tracks(), Tracks(), Following(2.5, ASPECT)
    for number, seen in enumerate(looks):
        now = START + timedelta(seconds=0.5 * number)
        shuffled = list(seen)
        shuffler.shuffle(shuffled)  # type: ignore[attr-defined]
        one, other = step(one, seen, now, how), step(other, shuffled, now, how)
        assert one.tracks == other.tracks


def test_memory_is_bounded() -> None:
    rng = np.random.default_rng(1)
    tracks = Tracks()
    for number in range(20):
        at = rng.uniform(0, 0.98, (100, 2)).tolist()
        seen = [Detection(f"kind {number}", 0.9, (x, y, x + 0.01, y + 0.01)) for x, y in at]
        tracks = step(tracks, seen, START + timedelta(seconds=number / 10), Following(60.0, ASPECT))
        assert len(tracks.tracks) <= tracker.TRACKS_MAX
    assert len(tracks.tracks) == tracker.TRACKS_MAX
