"""Sampler, gate, cadence."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pytest

from edge_agent.core.sampling import (
    FOLLOW_S,
    SEED_FRAMES,
    SWEEP_S,
    Cadence,
    Gate,
    Sampler,
    grace_with_cadence_s,
    look,
    missed,
)
from edge_agent.core.values import Opening

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


def test_a_frame_that_is_early_by_no_more_than_the_slack_is_on_time() -> None:
    sampler, found = Sampler(2, timedelta(milliseconds=50)), []
    for seconds in (0, 0.44, 0.46, 1.03, 1.44, 1.47, 1.9, 2.1):
        sampler, due = sampler.due(at(seconds))
        if due:
            found.append(seconds)
    assert found == [0, 0.46, 1.03, 1.47, 2.1]


def street(seed: int = 1) -> npt.NDArray[np.float32]:
    """A still street of 480x270: house fronts, windows, kerbs."""
    rng, picture = np.random.default_rng(seed), np.full((270, 480), 110, np.float32)
    for x, y, width, height, level in rng.integers((0, 0, 8, 8, 20), (470, 260, 90, 70, 235), (90, 5)):
        picture[y : y + height, x : x + width] = level
    return picture


def seen(picture: npt.NDArray[np.float32], rng: np.random.Generator, sigma: float) -> npt.NDArray[np.uint8]:
    """As a noisy sensor gives it, made small as the agent does."""
    noisy = np.clip(picture + rng.normal(0, sigma, picture.shape), 0, 255)
    return noisy.reshape(90, 3, 160, 3).mean(axis=(1, 3)).astype(np.uint8)


def openings(pictures: Iterable[npt.NDArray[np.float32]], sigma: float, fps: float = 5) -> list[Opening | None]:
    rng, gate, opened = np.random.default_rng(1), Gate(), []
    for number, picture in enumerate(pictures):
        gate, opens = look(gate, seen(picture, rng, sigma), ZONES, at(number / fps), following=False)
        assert opens == (gate.opening is not None)
        opened.append(gate.opening)
    return opened


@pytest.mark.parametrize("sigma", [0.0, 2.0, 4.0, 8.0, 16.0, 30.0])
@pytest.mark.parametrize("fps", [2, 5])
def test_noise_is_never_taken_for_motion(sigma: float, fps: float) -> None:
    opened = openings([street()] * round(30 * fps), sigma, fps)
    assert opened[0] is Opening.NEW_VIEW
    sweeps = [number / fps for number, why in enumerate(opened) if why is not None]
    assert sweeps == pytest.approx(np.arange(0, 30, SWEEP_S).tolist(), abs=1.01 / fps)
    assert set(opened[1:]) <= {None, Opening.SWEEP}


@pytest.mark.parametrize("sigma", [2.0, 8.0])
@pytest.mark.parametrize(
    ("walkers", "width", "height"), [(1, 11, 28), (20, 11, 28), (40, 11, 28), (1, 6, 16), (20, 6, 16)]
)
def test_walkers_are_noticed_in_every_frame_few_or_many(sigma: float, walkers: int, width: int, height: int) -> None:
    rng, pictures = np.random.default_rng(7), []
    places = rng.uniform((0, 90), (470, 240), (walkers, 2))
    speeds = rng.choice([-8.0, -5.0, 5.0, 8.0], walkers)
    for number in range(60):
        picture = street()
        for (x, y), speed in zip(places, speeds, strict=True):
            left, top = round(x + number * speed) % 460, round(y)
            picture[top : top + height, left : left + width] -= 60
        pictures.append(picture)
    opened = openings(pictures, sigma)
    share = sum(why is Opening.MOTION for why in opened[1:]) / 59
    assert share >= 0.95


@pytest.mark.parametrize("gain", [0.5, 0.8, 1.25])
def test_another_light_begins_anew_and_is_no_motion(gain: float) -> None:
    opened = openings([street() * (1 if number < 30 else gain) for number in range(60)], 4.0)
    assert opened[30] is Opening.NEW_VIEW
    assert set(opened[1:30] + opened[31:]) <= {None, Opening.SWEEP}


@pytest.mark.parametrize("shift", [30, 160])
def test_another_view_begins_anew_and_is_no_motion(shift: int) -> None:
    opened = openings([np.roll(street(), 0 if number < 30 else shift, axis=1) for number in range(60)], 4.0)
    assert opened[30] is Opening.NEW_VIEW
    assert set(opened[1:30] + opened[31:]) <= {None, Opening.SWEEP}


@pytest.mark.parametrize("step", [12, 30, 80])
def test_a_camera_that_was_turned_leaves_no_ghost_of_its_old_view(step: int) -> None:
    begins, ends = 30, 40
    shifts = [step * min(max(0, number - begins + 1), ends - begins) for number in range(80)]
    opened = openings([np.roll(street(), shift, axis=1) for shift in shifts], 4.0)
    assert None not in opened[begins:ends]
    assert Opening.NEW_VIEW in opened[begins:ends]
    assert Opening.MOTION not in opened[ends + SEED_FRAMES :]


def test_what_moves_while_the_gate_begins_leaves_no_ghost() -> None:
    pictures = []
    for number in range(40):
        picture = street()
        if number < 3:
            picture[150:190, 100 + 60 * number : 130 + 60 * number] = 10
        pictures.append(picture)
    opened = openings(pictures, 4.0)
    assert Opening.MOTION in opened[:5]
    assert Opening.MOTION not in opened[5:]


def test_a_slow_sunset_is_no_motion() -> None:
    opened = openings([street() * (1 - number / 600) for number in range(300)], 4.0)
    assert Opening.MOTION not in opened


def test_a_look_that_the_detector_missed_is_made_up_for_at_once() -> None:
    picture, gate = np.full((90, 160), 120, np.uint8), Gate()
    gate, opens = look(gate, picture, ZONES, at(0), following=False)
    assert opens
    gate, opens = look(missed(gate), picture, ZONES, at(0.5), following=False)
    assert (opens, gate.opening) == (True, Opening.SWEEP)
    gate, opens = look(gate, picture, ZONES, at(1.0), following=False)
    assert not opens


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
