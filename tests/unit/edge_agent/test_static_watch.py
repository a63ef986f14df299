"""Static foreground on streets whose truth is known to the pixel."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import cv2
import numpy as np
import pytest

from edge_agent.core.rules import Look, Sighting, SightingPhase, Stream
from edge_agent.pipeline.static_watch import StaticWatch
from edge_agent.video.frame import Frame
from protocol.messages import EndReason
from protocol.scene_rules import StayRule
from tests.support.clips import Picture, Street, every
from tests.support.rules import alone

START = datetime(2026, 1, 1, tzinfo=UTC)
Thing = tuple[tuple[int, int, int, int], int]
BOX = (150, 90, 190, 120)


def seconds(at: datetime) -> float:
    return (at - START).total_seconds()


def watch(
    picture_at: Callable[[float], Picture], length_s: float, *, step_s: float = 0.5, dwell_s: float = 5.0
) -> list[tuple[Sighting, Sighting | None]]:
    """Raised stays with their ends (None: still there)."""
    static, rule = StaticWatch(), alone(StayRule(scene="stay", labels=("static",), dwell_s=dwell_s))
    raised: dict[int, Sighting] = {}
    ended: dict[int, Sighting] = {}
    for number, at_s in enumerate(every(step_s, length_s)):
        now = START + timedelta(seconds=at_s)
        seen = static.look(Frame(number, now, picture_at(at_s)))
        if seen is None:
            continue
        rule, told = (
            rule.close(EndReason.INTERRUPTED)
            if seen.lost_view
            else rule.step(Look(seen.tracks, now, max(0.5, step_s), Stream.REGIONS))
        )
        for one in told:
            if one.phase is SightingPhase.RAISED:
                raised[one.key] = one
            elif one.phase is SightingPhase.ENDED:
                ended[one.key] = one
    return [(one, ended.get(track)) for track, one in raised.items()]


@pytest.mark.parametrize(("step_s", "dwell_s"), [(0.1, 15.0), (0.2, 5.0), (0.5, 15.0), (1.0, 5.0)])
def test_what_comes_stays_and_leaves_is_told_with_its_true_times(step_s: float, dwell_s: float) -> None:
    street = Street()

    def at(t: float) -> Picture:
        return street.picture(things=[(BOX, 40)] if 10 <= t < 40 else [])

    ((up, end),) = watch(at, 50, step_s=step_s, dwell_s=dwell_s)
    assert end is not None
    assert seconds(up.started_at) == pytest.approx(10, abs=1.0)
    assert up.raised_at is not None
    assert seconds(up.raised_at) == pytest.approx(10 + dwell_s, abs=1.6)
    assert seconds(end.last_seen_at) == pytest.approx(40, abs=1.1)
    assert end.dwell_s == pytest.approx(30, abs=1.5)
    found = np.array(up.box) * (320, 180, 320, 180)
    assert np.abs(found - BOX).max() <= 6


@pytest.mark.parametrize("level", [10, 250])
@pytest.mark.parametrize("box", [(40, 60, 60, 75), (100, 60, 220, 170), (300, 150, 320, 180)])
def test_small_large_dark_and_bright_things_are_found(level: int, box: tuple[int, int, int, int]) -> None:
    street = Street()
    found = watch(lambda t: street.picture(things=[(box, level)] if t >= 8 else []), 20)
    assert len(found) == 1
    assert seconds(found[0][0].started_at) == pytest.approx(8, abs=1.0)


@pytest.mark.parametrize("ground_level", [30, 128, 220])
def test_a_plain_ground_without_any_texture_will_do(ground_level: int) -> None:
    plain = np.full((240, 320, 3), ground_level, np.uint8)

    def at(t: float) -> Picture:
        canvas = plain.copy()
        if 6 <= t < 26:
            cv2.rectangle(canvas, (100, 100), (179, 179), (120, 80, 255 - ground_level), cv2.FILLED)
        return canvas

    ((up, end),) = watch(at, 35)
    assert end is not None
    assert seconds(up.started_at) == pytest.approx(6, abs=1.0)
    assert end.dwell_s == pytest.approx(20, abs=1.5)


def test_two_things_far_apart_are_two() -> None:
    street = Street()
    things = {6: ((30, 100, 60, 130), 30), 9: ((230, 100, 260, 130), 230)}
    found = watch(lambda t: street.picture(things=[one for begin, one in things.items() if t >= begin]), 20)
    assert sorted(round(seconds(up.started_at)) for up, _ in found) == [6, 9]


def test_passers_by_never_stand() -> None:
    street = Street()

    def at(t: float) -> Picture:
        walkers = [((round(t * (18 + 5 * n) + 70 * n) % 340, 60 + 14 * n), 20 + 30 * n) for n in range(6)]
        return street.picture(things=[((x, y, x + 14, y + 44), level) for (x, y), level in walkers if x < 306])

    assert watch(at, 60) == []


def test_somebody_walking_past_does_not_break_the_stay() -> None:
    street = Street()

    def at(t: float) -> Picture:
        x = int((t * 25) % 400) - 40
        return street.picture(things=[(BOX, 40), ((x, 70, x + 16, 125), 200)] if t >= 6 else [])

    ((up, end),) = watch(at, 50)
    assert end is None
    assert seconds(up.started_at) == pytest.approx(6, abs=1.0)


def test_what_was_there_from_the_start_and_leaves_raises_nothing() -> None:
    street = Street()
    assert watch(lambda t: street.picture(things=[(BOX, 40)] if t < 12 else []), 60) == []


@pytest.mark.parametrize(
    ("name", "gain"),
    [
        ("drift", lambda t: 1 + 0.18 * np.sin(t / 8)),
        ("cloud", lambda t: 0.8 if 20 <= t < 40 else 1.0),
        ("exposure", lambda t: 1.35 if t >= 15 else 1.0),
    ],
)
def test_light_raises_nothing_and_hides_nothing(name: str, gain: Callable[[float], float]) -> None:
    street = Street(seed=hash(name) % 1000)
    assert watch(lambda t: street.picture(gain=gain(t)), 60) == []
    found = watch(lambda t: street.picture(gain=gain(t), things=[(BOX, 40)] if t >= 10 else []), 60)
    assert [round(seconds(up.started_at)) for up, _ in found] == [10]
    assert found[0][1] is None


@pytest.mark.parametrize("noise", [0.0, 8.0])
def test_noise_raises_nothing(noise: float) -> None:
    street = Street(noise=noise)
    assert watch(lambda _: street.picture(), 40, dwell_s=2.0) == []


def test_a_view_that_changes_as_a_whole_raises_nothing_and_ends_what_was_open() -> None:
    here, there = Street(seed=1), Street(seed=2)
    there.ground = 255 - cv2.rotate(there.ground, cv2.ROTATE_180)

    def at(t: float) -> Picture:
        return here.picture(things=[(BOX, 40)] if t >= 6 else []) if t < 20 else there.picture()

    ((up, end),) = watch(at, 60)
    assert end is not None
    assert seconds(up.started_at) == pytest.approx(6, abs=1.0)
    assert seconds(end.last_seen_at) <= 24


@pytest.mark.parametrize("size", [(64, 48), (90, 160), (161, 91)])
def test_every_size_and_shape_of_picture_will_do(size: tuple[int, int]) -> None:
    street = Street(size=size)
    width, height = size
    box = (width // 2, height // 2, width // 2 + max(8, width // 8), height // 2 + max(8, height // 8))
    found = watch(lambda t: street.picture(things=[(box, 30)] if t >= 6 else []), 15)
    assert len(found) == 1


def test_a_clock_that_goes_back_begins_anew() -> None:
    street, static = Street(), StaticWatch()
    for number in range(20):
        static.look(Frame(number, START + timedelta(seconds=number), street.picture(things=[(BOX, 40)])))
    seen = static.look(Frame(20, START, street.picture()))
    assert seen is not None
    assert seen.lost_view


def test_a_thing_has_stood_since_it_came_and_was_not_seen_to_move() -> None:
    street, static = Street(), StaticWatch()
    for number, at_s in enumerate(every(0.5, 15)):
        picture = street.picture(things=[(BOX, 40)] if at_s >= 5 else [])
        seen = static.look(Frame(number, START + timedelta(seconds=at_s), picture))
    assert seen is not None
    (track,) = seen.tracks
    assert track.stands_since == track.first_seen_at
    assert not track.came
    assert not track.liquid
