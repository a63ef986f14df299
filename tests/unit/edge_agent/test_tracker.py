"""Identity over time: crossings, gaps, confusable labels, doubles."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.core.sampling import grace_with_cadence_s
from edge_agent.core.tracking.assignment import assign
from edge_agent.core.tracking.matching import label_group
from edge_agent.core.tracking.tracker import WEAK_S_MAX, Following, Tracks, step
from edge_agent.core.values import START_SCORE_DEFAULT, Detection
from protocol.geometry import Box

START = datetime(2026, 1, 1, tzinfo=UTC)
FPS = (1.0, 2.0, 5.0, 10.0)


def box(x: float, y: float, height: float = 0.2) -> Box:
    """A person with the feet at x, y."""
    return x - 0.1 * height, y - height, x + 0.1 * height, y


def follow(seen_at: Callable[[float], list[Detection]], length_s: float, fps: float) -> list[dict[Box, int]]:
    """Track ids by box for every look."""
    tracks, looks = Tracks(), []
    how = Following(grace_with_cadence_s(2.0, 1 / fps), 16 / 9)
    for number in range(round(length_s * fps)):
        now = START + timedelta(seconds=number / fps)
        tracks = step(tracks, seen_at(number / fps), now, how)
        looks.append({one.box: one.id for one in tracks.tracks if one.last_seen_at == now})
    return looks


def person(x: float, y: float, score: float = 0.8) -> Detection:
    return Detection("person", score, box(x, y), begins=score >= START_SCORE_DEFAULT)


@pytest.mark.parametrize("fps", FPS)
def test_two_people_who_cross_keep_their_identities(fps: float) -> None:
    def seen(t: float) -> list[Detection]:
        left, right = person(0.2 + 0.06 * t, 0.6), person(0.8 - 0.06 * t, 0.62)
        hidden = abs(left.box[0] - right.box[0]) < 0.02
        return [right] if hidden else [left, right]

    looks = follow(seen, 10, fps)
    first, last = looks[0], looks[-1]
    by_x = sorted(first.items()), sorted(last.items())
    assert [number for _, number in by_x[0]] == [number for _, number in reversed(by_x[1])]


@pytest.mark.parametrize("fps", FPS)
def test_a_passer_by_does_not_take_the_identity_of_one_who_stands(fps: float) -> None:
    def seen(t: float) -> list[Detection]:
        stander, walker = person(0.5, 0.6), person(0.1 + 0.08 * t, 0.61)
        covered = abs(walker.box[0] - stander.box[0]) < 0.02
        return [walker] if covered else [stander, walker]

    looks = follow(seen, 10, fps)
    stands = box(0.5, 0.6)
    assert {look[stands] for look in looks if stands in look} == {looks[0][stands]}


@pytest.mark.parametrize(("gap_s", "objects"), [(1.5, 1), (2.0, 1), (6.0, 2)])
@pytest.mark.parametrize("fps", FPS)
def test_an_object_survives_a_short_gap_and_no_long_one(fps: float, gap_s: float, objects: int) -> None:
    looks = follow(lambda t: [] if 5 < t < 5 + gap_s else [person(0.5, 0.6)], 20, fps)
    numbers = {number for look in looks for number in look.values()}
    assert len(numbers) == objects


def test_an_object_with_two_names_in_turn_is_one() -> None:
    looks = follow(lambda t: [Detection("car" if int(t) % 3 else "truck", 0.7, (0.2, 0.2, 0.5, 0.4))], 12, 2)
    assert len({number for look in looks for number in look.values()}) == 1


def test_an_object_with_two_names_at_once_is_one() -> None:
    pair = [Detection("car", 0.7, (0.2, 0.2, 0.5, 0.4)), Detection("truck", 0.5, (0.2, 0.2, 0.5, 0.41))]
    assert {len(look) for look in follow(lambda _: pair, 5, 2)} == {1}


def test_a_person_and_the_bike_below_are_two() -> None:
    pair = [Detection("person", 0.7, (0.4, 0.2, 0.5, 0.6)), Detection("bicycle", 0.6, (0.4, 0.25, 0.5, 0.62))]
    assert {len(look) for look in follow(lambda _: pair, 5, 2)} == {2}


def test_a_weak_detection_continues_but_never_begins() -> None:
    assert follow(lambda _: [person(0.5, 0.6, 0.2)], 5, 2)[-1] == {}
    looks = follow(lambda t: [person(0.5, 0.6, 0.8 if t < 1 else 0.2)], 10, 2)
    assert {number for look in looks for number in look.values()} == {1}
    assert looks[-1]


def test_a_detection_below_the_threshold_of_its_class_continues_but_never_begins() -> None:
    below = replace(person(0.5, 0.6), begins=False)
    assert follow(lambda _: [below], 5, 2)[-1] == {}
    looks = follow(lambda t: [person(0.5, 0.6) if t < 1 else below], 10, 2)
    assert {number for look in looks for number in look.values()} == {1}
    assert looks[-1]


def test_a_row_of_standing_people_stays_a_row() -> None:
    rng = np.random.default_rng(3)

    def seen(_: float) -> list[Detection]:
        return [person(0.1 + 0.05 * n + float(rng.normal(0, 0.001)), 0.6) for n in range(16) if rng.random() > 0.1]

    looks = follow(seen, 60, 2)
    assert {number for look in looks for number in look.values()} == set(range(1, 17)) or len(looks[-1]) <= 16
    places: dict[int, set[int]] = {}
    for look in looks:
        for found, number in look.items():
            places.setdefault(number, set()).add(round(((found[0] + found[2]) / 2 - 0.1) / 0.05))
    assert all(len(where) == 1 for where in places.values())


@pytest.mark.parametrize(("label", "other"), [("Car", "bus"), ("motorcycle", "bike"), ("stall", "Stall ")])
def test_label_groups(label: str, other: str) -> None:
    assert label_group(label) == label_group(other)


@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 10_000))
def test_the_assignment_is_the_cheapest(rows: int, columns: int, seed: int) -> None:
    costs = np.random.default_rng(seed).uniform(0, 1.4, (rows, columns))
    costs[costs > 1.2] = math.inf
    pairs = assign(costs, 1.0)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    assert all(costs[pair] <= 1.0 for pair in pairs)
    assert _total(costs, pairs) == pytest.approx(_cheapest_by_trying(costs), abs=1e-9)


def _total(costs: np.ndarray, pairs: list[tuple[int, int]]) -> float:
    """Total where everybody who could be paired and is not costs as much as the dearest pair."""
    return sum(float(costs[pair]) for pair in pairs) + (min(costs.shape) - len(pairs)) * 1.0


def _cheapest_by_trying(costs: np.ndarray) -> float:
    def best(row: int, free: frozenset[int], left_out: int) -> float:
        if row == costs.shape[0]:
            return max(0, left_out - max(0, costs.shape[0] - costs.shape[1])) * 1.0
        options = [best(row + 1, free, left_out + 1)]
        options += [costs[row, c] + best(row + 1, free - {c}, left_out) for c in free if costs[row, c] <= 1.0]
        return float(min(options))

    return best(0, frozenset(range(costs.shape[1])), 0)


@pytest.mark.parametrize("fps", [1.0, 2.0, 5.0])
def test_weak_detections_alone_do_not_keep_an_object_for_ever(fps: float) -> None:
    how = Following(grace_with_cadence_s(2.0, 1 / fps), 16 / 9)
    tracks, box = Tracks(), (0.4, 0.4, 0.5, 0.7)
    seen_s = 0.0
    for number in range(round(120 * fps)):
        at_s = number / fps
        seen = Detection("stall", 0.8, box) if at_s < 10 else Detection("stall", 0.2, box, begins=False)
        tracks = step(tracks, [seen], START + timedelta(seconds=at_s), how)
        seen_s = max([seen_s, *((track.last_seen_at - START).total_seconds() for track in tracks.tracks)])
    assert seen_s == pytest.approx(10 + WEAK_S_MAX, abs=1 / fps + 0.1)
    assert tracks.tracks == ()
