"""Sampler, gate, cadence."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from edge_agent.core.sampling import FOLLOW_S, SWEEP_S, Cadence, Gate, Sampler, grace_with_cadence_s, look

START = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = np.ones((90, 160), np.bool_)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("fps", "times", "taken"),
    [
        (2, [0, 0.1, 0.4, 0.5, 0.6, 1.0, 1.4, 1.5], [0, 0.5, 1.0, 1.5]),
        (1, [0, 0.999, 1.002, 1.5, 2.03, 7.7, 7.9, 8.0], [0, 0.999, 2.03, 7.7, 8.0]),
        (10, [0, 2, 4], [0, 2, 4]),
        (1, [5, 5.5, 6, 1, 1.5, 2], [5, 6, 1, 2]),
    ],
)
def test_frames_that_reach_the_next_multiple_are_taken(fps: float, times: list[float], taken: list[float]) -> None:
    sampler, found = Sampler(fps), []
    for seconds in times:
        sampler, due = sampler.due(at(seconds))
        if due:
            found.append(seconds)
    assert found == taken


@pytest.mark.parametrize("sigma", [2.0, 4.0, 8.0])
def test_noise_never_opens_the_gate_between_sweeps(sigma: float) -> None:
    rng, gate, opened = np.random.default_rng(1), Gate(), []
    for number in range(150):
        noise = rng.normal(0, sigma, (270, 480)).reshape(90, 3, 160, 3).mean(axis=(1, 3))
        picture = np.clip(120 + noise, 0, 255).astype(np.uint8)
        gate, opens = look(gate, picture, ZONES, at(number / 5), following=False)
        if opens:
            opened.append(number / 5)
    assert opened == pytest.approx(np.arange(0, 30, SWEEP_S).tolist(), abs=0.21)


def test_a_walker_opens_it_from_the_second_frame_on() -> None:
    gate, opened = Gate(), []
    for number in range(20):
        picture = np.full((90, 160), 120, np.uint8)
        picture[40:52, 5 + 4 * number : 10 + 4 * number] = 40
        gate, opens = look(gate, picture, ZONES, at(number / 5), following=False)
        opened.append(opens)
    assert all(opened)


def test_motion_outside_the_zones_is_passed_over() -> None:
    zones = np.zeros((90, 160), np.bool_)
    zones[60:, :] = True
    gate = Gate()
    for number in range(15):
        picture = np.full((90, 160), 120, np.uint8)
        picture[:40, 8 * number : 8 * number + 20] = 40
        gate, opens = look(gate, picture, zones, at(number / 5), following=False)
        assert opens == (number == 0)


def test_what_is_followed_is_looked_at_every_second() -> None:
    gate, looks = Gate(), []
    picture = np.full((90, 160), 120, np.uint8)
    for number in range(100):
        gate, opens = look(gate, picture, ZONES, at(number / 10), following=True)
        if opens:
            looks.append(number / 10)
    assert max(np.diff(looks)) <= FOLLOW_S + 0.1


def test_the_cadence_follows_a_slow_detector_and_forgets_idle_time() -> None:
    cadence = Cadence(0.5)
    for number in range(6):
        cadence = cadence.looked(at(3 * number), following=number > 0)
    assert cadence.period_s == 3
    idle = Cadence(0.5)
    for number in range(6):
        idle = idle.looked(at(4 * number), following=False)
    assert idle.period_s == 0.5


@pytest.mark.parametrize(
    ("grace_s", "period_s", "expected"), [(2, 0.5, 2.25), (2, 1, 2.5), (2, 5, 7.5), (0, 0.1, 0.15)]
)
def test_grace_is_never_less_than_a_look(grace_s: float, period_s: float, expected: float) -> None:
    assert grace_with_cadence_s(grace_s, period_s) == pytest.approx(expected)
