"""When something began and ended: what was seen for a moment moves neither, at any number of looks a second."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from edge_agent.core.rules import Look, SightingPhase, Stream
from edge_agent.core.rules.facts.group import Member, by_area, by_count, one_group
from edge_agent.core.rules.facts.standing import NOBODY, remembered_here, visits
from edge_agent.core.rules.hold import Found, Holds, Subject, Timing
from edge_agent.core.rules.holding import step as hold_step
from edge_agent.core.rules.running import timing_of
from edge_agent.core.static.foreground import bare
from edge_agent.core.static.regions import Region, followed
from edge_agent.core.tracking.tracker import Following, Tracks, step
from edge_agent.core.values import Detection, Track
from edge_agent.pipeline.static_watch import StaticWatch
from edge_agent.video.frame import Frame
from protocol.scene_rules import StayRule
from tests.support.clips import Street
from tests.support.rules import alone

START = datetime(2026, 1, 1, tzinfo=UTC)
BOX = (0.4, 0.5, 0.5, 0.7)
TIMING = Timing(dwell_s=5, grace_s=3, held_share=0.5, silence_s=0, seen_s=0, severity=1)


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


@pytest.mark.parametrize("fps", [2.0, 5.0, 10.0])
def test_one_look_after_a_thing_left_is_not_sure(fps: float) -> None:
    tracks = Tracks()
    for number in range(round(16 * fps) + 1):
        second = number / fps
        seen = second <= 12 or second == 15
        detections = [Detection("stall", 0.8, BOX)] if seen else []
        tracks = step(tracks, detections, at(second), Following(2.5, 16 / 9))
    (track,) = tracks.tracks
    assert track.last_seen_at == at(15)
    assert track.surely_seen_at == at(12)


def test_what_was_told_ends_when_it_was_last_surely_seen_though_not_before_it_was_told() -> None:
    for sure_s, told_s in ((10.0, 10.0), (2.0, 5.0)):
        holds, ends = Holds(), []
        for second in range(21):
            subject = Subject(1, "stall", 0.8, BOX, at(0), sure_at=at(min(second, sure_s)))
            found = Found((subject,)) if second <= 14 else Found()
            holds, told = hold_step(TIMING, holds, found, (), at(second))
            ends += [one.last_seen_at for one in told if one.phase is SightingPhase.ENDED]
        assert ends == [at(told_s)]


def test_until_it_is_certain_a_look_that_puts_a_group_earlier_than_the_others_counts_for_nothing() -> None:
    holds = Holds()
    for second, since_s in ((8.0, 1.0), (8.5, 4.0), (9.0, 3.0), (10.5, 4.0), (11.0, 7.0)):
        found = Found((Subject(0, "bike", 0.8, BOX, at(since_s)),))
        holds, _ = hold_step(replace(TIMING, dwell_s=60), holds, found, (), at(second))
    assert holds.holds[0].started_at == at(4)


@pytest.mark.parametrize(("seen_ago_s", "told"), [(1.0, 1), (6.0, 0)], ids=["just now", "only remembered"])
def test_a_group_that_is_only_remembered_is_not_told(seen_ago_s: float, told: int) -> None:
    """Who leaves passes by the others: for a moment they cover more ground than they ever held."""
    setting = alone(StayRule(scene="stay", labels=("static",), dwell_s=5, grace_s=10)).setting
    holds, raised = Holds(), 0
    for look in range(9):
        second = 20 + look / 2
        group = Subject(0, "bike", 0.8, BOX, at(0), seen_at=at(second - seen_ago_s))
        holds, said = hold_step(timing_of(setting, 0.5), holds, Found((group,)), (), at(second))
        raised += [one.phase for one in said].count(SightingPhase.RAISED)
    assert raised == told


def test_a_group_was_surely_there_while_all_of_its_limits_surely_were() -> None:
    """Six bikes of which two are gone since 0 s, while a third, wheeled away, covers the ground of the two."""
    bikes = [Track(n, "bike", (0.1 * n, 0.4, 0.1 * n + 0.1, 0.5), 0.8, at(-9), at(0)) for n in range(6)]
    stay, wheeled = [replace(one, last_seen_at=at(3)) for one in bikes[:3]], bikes[3]
    wide = replace(wheeled, box=(0.3, 0.4, 0.7, 0.5), last_seen_at=at(3))
    members = [Member(one, at(-9)) for one in (*stay, wide, *bikes[4:])]
    area, _ = by_area(members, ((0.0, 0.4), (0.6, 0.4), (0.6, 0.5), (0.0, 0.5)), 1.0)
    count = by_count(members, 6)
    (subject,) = one_group(members, [area, count], count=6, share=1.0).subjects
    assert (area.sure_at, count.sure_at, subject.seen_at, subject.sure_at) == (at(3), at(0), at(3), at(0))


@pytest.mark.parametrize(("last_seen_s", "here"), [(1.0, False), (0.0, True)], ids=["seen outside", "missed"])
def test_who_was_outside_when_last_seen_is_not_remembered_as_here(last_seen_s: float, *, here: bool) -> None:
    setting = alone(StayRule(scene="stay", labels=("static",), dwell_s=5)).setting
    track = Track(1, "static", BOX, 0.8, at(-5), at(0), still=True)
    before = visits(setting, NOBODY, Look((track,), at(0), 0.5, Stream.REGIONS), [track], lambda _: True)
    later = replace(track, last_seen_at=at(last_seen_s), hidden=last_seen_s < 1)
    look = Look((later,), at(1), 0.5, Stream.REGIONS)
    after = visits(setting, before, look, [later], lambda _: False)
    assert remembered_here(setting, after, [later], look) == ([later] if here else [])


@pytest.mark.parametrize(("rows", "sure_s", "hidden"), [(40, 20.0, False), (15, 10.0, False), (5, 10.0, True)])
def test_a_region_is_surely_seen_while_a_quarter_of_it_is(rows: int, sure_s: float, *, hidden: bool) -> None:
    owned = np.zeros((180, 320), np.bool_)
    owned[40:140, 100:140] = True
    matched = owned.copy()
    matched[40 + rows :] = False
    ground = np.zeros(owned.shape, np.float32)
    region = Region(1, (100, 40, 140, 140), int(owned.sum()), 5.0, 10.0, 1.0, sure_s=10.0)
    after = followed(region, replace(bare(ground, ground, 20.0), matched=matched), owned)
    assert after is not None
    assert (after.sure_s, after.hidden) == (sure_s, hidden)


@pytest.mark.parametrize(("fps", "looks_s"), [(2, [0, 0.5, 1, 1.5]), (5, [0, 0.6, 1, 1.6]), (10, [0, 0.5, 1, 1.5])])
def test_looks_at_static_ground_lie_on_one_grid_at_any_rate(fps: int, looks_s: list[float]) -> None:
    street, static = Street(size=(64, 48)), StaticWatch()
    frames = [Frame(number, at(number / fps), street.picture()) for number in range(2 * fps)]
    assert [one.captured_at for one in frames if static.look(one) is not None] == [at(second) for second in looks_s]
