"""Static foreground on streets whose truth is known to the pixel."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import cv2
import numpy as np
import pytest

from edge_agent.core.rules import Look, Sighting, SightingPhase, Stream
from edge_agent.core.static.foreground import absorbed, bare, gain_of, rescaled, returned, shown_again, within_range
from edge_agent.core.static.light import Front, Surface, is_stain, only_light
from edge_agent.core.static.regions import Region, belongs_to, followed
from edge_agent.core.values import Track
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


def railing(picture: Picture, box: tuple[int, int, int, int]) -> Picture:
    """White bars across a place."""
    x1, y1, x2, y2 = box
    for x in range(x1, x2, 8):
        cv2.rectangle(picture, (x, y1), (x + 2, y2 - 1), (235, 235, 235), cv2.FILLED)
    return picture


def test_the_street_behind_what_was_taken_for_the_street_is_no_thing_when_it_shows_again() -> None:
    street = Street()
    bars = (140, 80, 204, 124)
    street.ground = railing(street.ground.astype(np.uint8), bars).astype(np.float32)

    def at(t: float) -> Picture:
        picture = street.picture()
        if 10 <= t < 40:
            cv2.rectangle(picture, (148, 84), (196, 120), (118, 118, 118), cv2.FILLED)
        return picture

    assert [one for one in watch(at, 90) if seconds(one[0].started_at) > 35] == []


def test_what_is_left_of_a_thing_that_leaves_in_pieces_does_not_inherit_its_stay() -> None:
    street = Street()
    left, rest = (120, 80, 190, 130), (190, 80, 198, 130)

    def at(t: float) -> Picture:
        things = [(left, 40)] if 6 <= t < 40 else []
        return street.picture(things=[*things, (rest, 40)] if 6 <= t < 46 else things)

    ((up, _),) = watch(at, 60, dwell_s=15.0)
    assert seconds(up.started_at) == pytest.approx(6, abs=1.0)


def splashed(picture: Picture, seed: int) -> Picture:
    """Wet patches on dry ground along a kerb."""
    rng = np.random.default_rng(seed)
    wet = cv2.resize(rng.random((12, 40)).astype(np.float32), (160, 24), interpolation=cv2.INTER_CUBIC) > 0.6
    part = picture[100:124, 80:240]
    part[wet] = (part[wet] * 0.72).astype(np.uint8)
    return picture


@pytest.mark.parametrize("seed", range(4))
def test_splashes_beside_a_sprinkler_are_no_things(seed: int) -> None:
    street = Street()
    assert watch(lambda t: splashed(street.picture(), seed) if t >= 10 else street.picture(), 40) == []


def wetted(picture: Picture, reach: float) -> Picture:
    """A dark spot on the ground, `reach` of its final size."""
    across, down = round(30 * reach), round(10 * reach)
    spot = np.zeros(picture.shape[:2], np.uint8)
    cv2.ellipse(spot, (160, 110), (max(1, across), max(1, down)), 0, 0, 360, 1, cv2.FILLED)
    picture[spot > 0] = (picture[spot > 0] * 0.6).astype(np.uint8)
    return picture


@pytest.mark.parametrize("pauses_s", [0.0, 4.0], ids=["at once", "hidden by somebody while it begins to spread"])
def test_ground_that_gets_wet_from_a_spot_outwards_is_a_liquid(pauses_s: float) -> None:
    street, static = Street(), StaticWatch()
    tracks: tuple[Track, ...] = ()
    for number, at_s in enumerate(every(0.5, 30)):
        reach = 0.3 if at_s < 10 + pauses_s else min(1.0, 0.3 + (at_s - 10 - pauses_s) / 10)
        picture = street.picture() if at_s < 10 else wetted(street.picture(), reach)
        seen = static.look(Frame(number, START + timedelta(seconds=at_s), picture))
        tracks = seen.tracks if seen is not None else tracks
    assert {track.liquid for track in tracks} == {True}


def test_shade_that_does_not_spread_is_given_up() -> None:
    street, static = Street(), StaticWatch()
    tracks: tuple[Track, ...] = ()
    for number, at_s in enumerate(every(0.5, 40)):
        picture = street.picture() if at_s < 10 else wetted(street.picture(), 1.0)
        seen = static.look(Frame(number, START + timedelta(seconds=at_s), picture))
        tracks = seen.tracks if seen is not None else tracks
    assert tracks == ()


def test_parts_that_come_to_stand_one_by_one_are_one_thing() -> None:
    street = Street()
    parts = {10.0: ((100, 128, 124, 142), 60), 10.5: ((160, 90, 180, 112), 40), 11.5: ((104, 90, 200, 136), 40)}

    def at(t: float) -> Picture:
        return street.picture(things=[one for begin, one in reversed(parts.items()) if t >= begin])

    assert len(watch(at, 40)) == 1


LEVELS = np.full((30, 40), 120.0, np.float32)
ALL = np.ones(LEVELS.shape, np.bool_)
WINDOW = (slice(0, 30), slice(0, 40))


def test_a_place_has_returned_when_most_of_it_looks_as_it_did_before_it_gave_way() -> None:
    first = bare(LEVELS, LEVELS, 0.0)
    assert not returned(first, LEVELS, WINDOW, ALL)
    covered = absorbed(first, ALL, LEVELS, LEVELS * 0.5)
    assert returned(covered, LEVELS, WINDOW, ALL)
    assert not returned(covered, LEVELS * 0.8, WINDOW, ALL)
    half = LEVELS * 0.5
    half[:, :20] = 120
    assert not returned(covered, half, WINDOW, ALL)
    again = shown_again(covered, ALL, LEVELS, LEVELS)
    assert not returned(again, LEVELS * 0.5, WINDOW, ALL), "the same thing may come a second time"


@pytest.mark.parametrize(
    ("factor", "unchanged_share", "stain"),
    [(0.75, 0.3, True), (0.75, 0.0, False), (0.4, 0.3, False), (1.3, 0.3, False), (0.97, 0.3, False)],
)
def test_a_stain_darkens_evenly_and_leaves_dry_ground_between(
    factor: float, unchanged_share: float, *, stain: bool
) -> None:
    ground = np.random.default_rng(1).uniform(90, 150, LEVELS.shape).astype(np.float32)
    assert is_stain(ground * np.float32(factor), ground, ALL, unchanged_share) is stain
    uneven = ground * np.random.default_rng(2).uniform(0.5, 1.0, LEVELS.shape).astype(np.float32)
    assert not is_stain(uneven, ground, ALL, unchanged_share)
    assert not is_stain(ground, ground, ~ALL, unchanged_share)


@pytest.mark.parametrize(
    ("box", "area_px", "since_s", "part"),
    [
        ((60, 80, 80, 90), 80, 10.0, True),
        ((100, 80, 108, 92), 40, 12.0, True),
        ((60, 80, 80, 90), 80, 13.0, False),
        ((60, 80, 80, 90), 600, 10.0, False),
        ((120, 80, 140, 90), 80, 10.0, False),
        ((60, 50, 80, 60), 80, 10.0, True),
        ((60, 36, 80, 46), 80, 10.0, False),
    ],
)
def test_a_region_belongs_to_a_larger_one_of_its_moment_in_or_below_it(
    box: tuple[int, int, int, int], area_px: int, since_s: float, *, part: bool
) -> None:
    whole = Region(1, (40, 40, 100, 90), 1000, 10.0, 20.0, 1.0)
    assert belongs_to(Region(2, box, area_px, since_s, 20.0, 1.0), whole) is part


@pytest.mark.parametrize(
    ("seen", "gain", "levels"),
    [
        (120.0, 1.55, 100.0),
        (60.0, 1.5, 40.0),
        (210.0, 1.5, 140.0),
        (104.0, 1.04, 100.0),
        (250.0, 2.6, 100.0),
        (99.0, 1.55, 100.0),
        (93.0, 1.55, 60.0),
    ],
)
def test_a_colour_at_the_end_of_its_range_may_be_the_background(seen: float, gain: float, levels: float) -> None:
    picture, background = (np.full((4, 4), value, np.float32) for value in (seen, 100.0))
    assert within_range(picture, gain, background) == pytest.approx(levels)


def test_what_is_nearly_over_exposed_has_no_say_in_the_gain() -> None:
    background = LEVELS.copy()
    background[:, :24] = 190
    assert gain_of(bare(background, background, 0.0), np.minimum(background * 1.5, 255)) == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("seen", "covered", "levels"), [(228.0, False, 228.0), (228.0, True, 300.0), (140.0, False, 300.0)]
)
def test_bare_ground_gets_no_brighter_than_the_end_of_its_range(seen: float, levels: float, *, covered: bool) -> None:
    ground, picture = (np.full((4, 4), value, np.float32) for value in (200.0, seen))
    pixels = replace(bare(ground, ground, 0.0), covered=np.full((4, 4), covered))
    assert rescaled(pixels, 1.5, picture).levels == pytest.approx(levels)


@pytest.mark.parametrize(("spread", "light"), [(0.02, True), (0.18, True), (0.28, False)])
def test_an_edge_that_creeps_is_light_unless_what_it_leaves_is_uneven(spread: float, *, light: bool) -> None:
    creeping = Front(20.0, 0.85, 0.3, 0.0)
    assert only_light(Surface(-0.6, spread, 0.0, 0.1), creeping, 20.0, 5.0) is light


@pytest.mark.parametrize(("side_px", "stays"), [(6, True), (4, False)])
def test_a_region_that_faded_to_a_speck_is_gone(side_px: int, *, stays: bool) -> None:
    owned = np.zeros((360, 320), np.bool_)
    owned[100 : 100 + side_px, 100 : 100 + side_px] = True
    pixels = replace(bare(*(np.zeros(owned.shape, np.float32),) * 2, 0.0), matched=owned)
    assert (followed(Region(1, (100, 100, 107, 107), 49, 0.0, 0.0, 1.0), pixels, owned) is not None) is stays
