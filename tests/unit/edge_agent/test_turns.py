"""Turns of the detector: who goes next, what is promised of it, and a box full of cameras on a virtual clock."""

import random
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_agent.core.turns import Request, Waiting, asked, next_turn

ROUNDING_S = 1e-6
LATENCIES_S = st.floats(0.1, 60)


def order(waiting: Waiting) -> list[int]:
    places = []
    while waiting:
        turn, waiting = next_turn(waiting)
        places.append(turn.place)
    return places


@pytest.mark.parametrize(
    ("due_and_latency_s", "expected"),
    [
        ([(0, 2)], [0]),
        ([(0, 2), (1, 2), (0.5, 2)], [0, 2, 1]),
        ([(0, 10), (0, 10), (3, 0.5)], [2, 0, 1]),
        ([(3, 1), (0, 4), (2, 2)], [1, 2, 0]),
        ([(1, 1), (1, 1)], [0, 1]),
    ],
)
def test_the_earliest_deadline_goes_first_and_of_equal_ones_who_waited_longest(
    due_and_latency_s: list[tuple[float, float]], expected: list[int]
) -> None:
    requests = [Request(place, 1, due_s, latency_s) for place, (due_s, latency_s) in enumerate(due_and_latency_s)]
    for direction in (1, -1):
        waiting: Waiting = ()
        for request in requests[::direction]:
            waiting = asked(waiting, request)
        assert order(waiting) == expected


@given(st.lists(st.builds(Request, st.integers(0, 5), st.integers(1, 99), st.floats(0, 100), LATENCIES_S), max_size=30))
def test_a_camera_waits_once_and_asking_again_costs_it_nothing(requests: list[Request]) -> None:
    waiting: Waiting = ()
    for request in requests:
        before = {one.place: one for one in waiting}.get(request.place, request)
        waiting = asked(waiting, request)
        now = {one.place: one for one in waiting}[request.place]
        assert now.number == request.number
        assert now.due_s == min(before.due_s, request.due_s)
        assert now.deadline_s == pytest.approx(min(before.deadline_s, request.deadline_s))
    assert len(waiting) == len({request.place for request in requests})
    assert sorted(order(waiting)) == sorted({request.place for request in requests})


@dataclass(frozen=True)
class Done:
    """A look that was done at `done_s`."""

    request: Request
    done_s: float

    @property
    def waited_s(self) -> float:
        return self.done_s - self.request.due_s


def watched(latencies_s: list[float], look_s_max: float, pause_s: float, seed: int, looks: int = 300) -> list[Done]:
    """Cameras that ask again about `pause_s` after a look or, without a pause, with a frame that came during it."""
    draw = random.Random(seed)
    now_s, waiting, done = 0.0, Waiting(), list[Done]()
    asking = {place: (draw.uniform(0, pause_s), 0.0) for place in range(len(latencies_s))}
    while len(done) < looks:
        for place, (due_s, free_s) in list(asking.items()):
            if max(due_s, free_s) <= now_s:
                waiting = asked(waiting, Request(place, len(done), due_s, latencies_s[place]))
                del asking[place]
        assert len(waiting) <= len(latencies_s)
        if not waiting:
            now_s = min(max(times) for times in asking.values())
            continue
        turn, waiting = next_turn(waiting)
        begun_s, now_s = now_s, now_s + look_s_max * draw.uniform(0.3, 1)
        done.append(Done(turn, now_s))
        due_s = now_s + draw.expovariate(1 / pause_s) if pause_s else draw.uniform(begun_s, now_s)
        asking[turn.place] = (due_s, now_s)
    return done


@settings(max_examples=60)
@given(st.lists(LATENCIES_S, min_size=1, max_size=16), st.sampled_from([0.0, 0.2, 5.0]), st.integers(0, 10_000))
def test_no_deadline_is_missed_while_all_cameras_fit_into_the_shortest(
    latencies_s: list[float], pause_s: float, seed: int
) -> None:
    look_s = min(latencies_s) / (len(latencies_s) + 1)
    for one in watched(latencies_s, look_s, pause_s, seed):
        assert one.done_s <= one.request.deadline_s + ROUNDING_S


@settings(max_examples=60)
@given(st.lists(LATENCIES_S, min_size=1, max_size=16), st.floats(0.05, 20), st.integers(0, 10_000))
def test_at_overload_nobody_is_later_than_a_round(latencies_s: list[float], look_s: float, seed: int) -> None:
    round_s = (len(latencies_s) + 1) * look_s
    for one in watched(latencies_s, look_s, 0.0, seed):
        assert one.done_s <= one.request.deadline_s + round_s + ROUNDING_S


@settings(max_examples=60)
@given(st.integers(1, 16), st.floats(0.05, 20), st.integers(0, 10_000))
def test_at_overload_equal_cameras_take_turns(cameras: int, look_s: float, seed: int) -> None:
    done = watched([2.0] * cameras, look_s, 0.0, seed)
    assert max(one.waited_s for one in done) <= (cameras + 1) * look_s + ROUNDING_S
    places = [one.request.place for one in done]
    for place in range(cameras):
        turns = [number for number, other in enumerate(places) if other == place]
        assert {after - before for before, after in pairwise(turns)} <= {cameras}
