"""`stay`: tables, and the property that the number of looks a second does not matter."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.core.rules import Look, RunningRule, Sighting, SightingPhase, Stream
from edge_agent.core.rules.hold import Holds
from edge_agent.core.values import Track
from edge_agent.core.zones import foot_point, stands_in, zone_mask
from protocol.geometry import contains
from protocol.messages import EndReason
from protocol.scene_rules import StayRule
from tests.support.rules import alone

START = datetime(2026, 1, 1, tzinfo=UTC)
ZONE = ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))
INSIDE, OUTSIDE = (0.45, 0.3, 0.55, 0.6), (0.05, 0.3, 0.15, 0.6)
RULE = StayRule(scene="stay", labels=("person",), dwell_s=5)
SILENT_RULE = RULE.model_copy(update={"silence_s": 60.0})
DRIFTED, AWAY = (0.6, 0.3, 0.7, 0.6), (0.3, 0.3, 0.4, 0.6)


def track(
    at_s: float, box: tuple[float, float, float, float] = INSIDE, label: str = "person", number: int = 1
) -> Track:
    now = START + timedelta(seconds=at_s)
    return Track(number, label, box, 0.8, now, now)


def play(
    present: list[tuple[float, float]], fps: float, length_s: float, rule: StayRule = RULE
) -> list[tuple[SightingPhase, float, float, float | None]]:
    """Phase, start, last seen and raised in seconds of all that is told; `present`: when the track is in the zone."""
    watched, told = alone(rule, ZONE), []
    for number in range(round(length_s * fps) + 1):
        at_s = number / fps
        seen = any(begin <= at_s <= end for begin, end in present)
        look = Look((track(at_s),) if seen else (), START + timedelta(seconds=at_s), 1 / fps)
        watched, now_told = watched.step(look)
        told += [_figures(one) for one in now_told if one.phase is not SightingPhase.ENTERED]
    told += [_figures(one) for one in watched.close(EndReason.INTERRUPTED)[1]]
    return told


def _figures(one: Sighting) -> tuple[SightingPhase, float, float, float | None]:
    raised = None if one.raised_at is None else (one.raised_at - START).total_seconds()
    return one.phase, (one.started_at - START).total_seconds(), (one.last_seen_at - START).total_seconds(), raised


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        ([(2, 12)], [(SightingPhase.RAISED, 2, 7, 7), (SightingPhase.ENDED, 2, 12, 7)]),
        ([(2, 6)], []),
        ([(2, 6), (7.5, 14)], [(SightingPhase.RAISED, 2, 7.5, 7.5), (SightingPhase.ENDED, 2, 14, 7.5)]),
        ([(2, 5), (9, 12)], []),
        ([(2, 30)], [(SightingPhase.RAISED, 2, 7, 7), (SightingPhase.ENDED, 2, 30, 7)]),
    ],
)
def test_visits(present: list[tuple[float, float]], expected: list[tuple[SightingPhase, float, float, float]]) -> None:
    assert play(present, 2, 30) == expected


@given(st.floats(0, 20), st.floats(0.5, 40), st.floats(1, 20), st.sampled_from([1.0, 2.0, 5.0, 10.0]))
def test_the_dwell_does_not_depend_on_the_number_of_looks(
    begin: float, stay_s: float, dwell_s: float, fps: float
) -> None:
    rule = StayRule(scene="stay", labels=("person",), dwell_s=dwell_s)
    told = play([(begin, begin + stay_s)], fps, 70, rule)
    if stay_s >= dwell_s + 2 / fps:
        assert [phase for phase, *_ in told] == [SightingPhase.RAISED, SightingPhase.ENDED]
    if stay_s < dwell_s:
        assert told == []
    for phase, started, last_seen, raised in told:
        assert started == pytest.approx(begin, abs=1 / fps + 1e-3)
        assert raised is not None
        assert dwell_s - 1e-3 <= raised - started <= dwell_s + 1 / fps + 1e-3
        if phase is SightingPhase.ENDED:
            assert stay_s - 2 / fps - 1e-3 <= last_seen - started <= stay_s + 1e-3


@given(st.floats(2.6, 30), st.sampled_from([2.0, 5.0, 10.0]))
def test_a_gap_beyond_the_grace_begins_a_new_visit(gap_s: float, fps: float) -> None:
    told = play([(0, 10), (10 + gap_s, 20 + gap_s)], fps, 60)
    assert [phase for phase, *_ in told] == [SightingPhase.RAISED, SightingPhase.ENDED] * 2


def test_another_object_does_not_continue_the_stay() -> None:
    watched = alone(RULE, ZONE)
    for number in range(20):
        at_s = number / 2
        now = START + timedelta(seconds=at_s)
        look = Look((track(at_s, number=1 + int(at_s // 3)),), now, 0.5)
        watched, told = watched.step(look)
        assert all(one.phase is SightingPhase.ENTERED for one in told)


def test_other_labels_and_places_do_not_count() -> None:
    watched = alone(RULE, ZONE)
    for number in range(20):
        both = (track(number, OUTSIDE), track(number, INSIDE, "dog", 2))
        watched, told = watched.step(Look(both, START + timedelta(seconds=number), 1.0))
        assert told == ()
        assert watched.followed == frozenset()


def stand(
    watched: RunningRule, begin_s: float, end_s: float, box: tuple[float, float, float, float] = INSIDE
) -> tuple[RunningRule, list[float]]:
    """The rule after a thing stood there, under the first number that a tracker gives; and when it was raised."""
    raised = []
    for number in range(round((end_s - begin_s) * 2) + 1):
        at_s = begin_s + number / 2
        watched, told = watched.step(Look((track(at_s, box),), START + timedelta(seconds=at_s), 0.5))
        raised += [at_s for one in told if one.phase is SightingPhase.RAISED]
    return watched, raised


@pytest.mark.parametrize(
    ("reason", "again_from_s", "box", "told_again_at_s"),
    [
        (EndReason.INTERRUPTED, 21, INSIDE, 65),
        (EndReason.INTERRUPTED, 61, INSIDE, 66),
        (EndReason.INTERRUPTED, 70, INSIDE, 75),
        (EndReason.INTERRUPTED, 21, AWAY, 26),
        (EndReason.INTERRUPTED, 6, INSIDE, 65),
        (EndReason.INTERRUPTED, 3, INSIDE, 63),
        (EndReason.INTERRUPTED, -7200, INSIDE, -7140),
        (EndReason.PERMITTED, 21, INSIDE, 26),
    ],
    ids=[
        "silent",
        "silent till its dwell",
        "silence over",
        "elsewhere",
        "clock back",
        "to before it was told",
        "clock far back",
        "permitted",
    ],
)
def test_over_an_interruption_a_told_place_stays_silent_for_its_time(
    reason: EndReason, again_from_s: float, box: tuple[float, float, float, float], told_again_at_s: float
) -> None:
    watched, raised = stand(alone(SILENT_RULE, ZONE), 0, 20)
    assert raised == [5]
    watched, (ended,) = watched.close(reason)
    assert ended.end_reason is reason
    _, raised = stand(watched, again_from_s, again_from_s + 100, box)
    assert raised == [told_again_at_s]


def test_a_rule_without_silence_has_none_over_a_clock_set_back() -> None:
    watched, _ = stand(alone(RULE, ZONE), 100, 110)
    assert stand(watched.close(EndReason.INTERRUPTED)[0], 90, 100)[1] == [95]


def test_where_a_told_thing_stood_last_is_silent_over_every_interruption() -> None:
    watched, _ = stand(alone(SILENT_RULE, ZONE), 0, 10)
    watched, _ = stand(watched, 10.5, 20, DRIFTED)
    for begin_s in (21, 31, 41):
        watched, _ = watched.close(EndReason.INTERRUPTED)
        watched, raised = stand(watched, begin_s, begin_s + 9, DRIFTED)
        assert raised == []
    assert stand(watched, 50.5, 70, DRIFTED)[1] == [65]


def test_nothing_but_told_places_is_remembered_over_an_interruption() -> None:
    watched, _ = stand(alone(SILENT_RULE, ZONE), 0, 20)
    watched, _ = watched.step(Look((), START + timedelta(seconds=25), 0.5))
    assert watched.holds.ended
    assert watched.holds.lost
    after, _ = watched.close(EndReason.INTERRUPTED)
    assert after.memory is None
    assert after.holds == Holds(told=watched.holds.told)
    assert after.holds.told


def test_a_hidden_region_is_neither_ended_nor_seen() -> None:
    watched = alone(StayRule(scene="stay", labels=("static",), dwell_s=5), ZONE)
    shown = replace(track(0, label="static"), still=True)
    for number in range(20):
        now = START + timedelta(seconds=number)
        hidden = number >= 8
        one = (
            replace(shown, last_seen_at=START + timedelta(seconds=7), hidden=True)
            if hidden
            else replace(shown, last_seen_at=now)
        )
        watched, _ = watched.step(Look((one,), now, 1.0, Stream.REGIONS))
    assert len(watched.followed) == 1
    _, (ended,) = watched.step(Look((), START + timedelta(seconds=20), 1.0, Stream.REGIONS))
    assert _figures(ended) == (SightingPhase.ENDED, 0, 7, 5)


def test_a_region_counts_from_its_arrival_not_from_its_recognition() -> None:
    rule = StayRule(scene="stay", labels=("static",), dwell_s=5, held_share=0)
    late = replace(track(0, label="static"), still=True, last_seen_at=START + timedelta(seconds=6))
    _, told = alone(rule, ZONE).step(Look((late,), START + timedelta(seconds=6), 0.5, Stream.REGIONS))
    assert [one.phase for one in told] == [SightingPhase.ENTERED, SightingPhase.RAISED]
    assert told[1].dwell_s == 6


def test_an_object_stands_where_its_feet_are() -> None:
    head_inside = (0.45, 0.3, 0.55, 0.9)
    assert not stands_in(ZONE, track(0, head_inside))
    assert stands_in(ZONE, track(0, (0.45, 0.0, 0.55, 0.5)))
    half = replace(track(0, (0.6, 0.3, 0.95, 0.7)), still=True)
    assert not stands_in(ZONE, half)
    assert stands_in(ZONE, replace(half, box=(0.6, 0.3, 0.85, 0.7)))


def test_a_region_whose_roof_rises_above_the_zone_stands_in_it() -> None:
    tall = replace(track(0, (0.4, 0.0, 0.6, 0.45)), still=True)
    assert stands_in(ZONE, tall)
    assert not stands_in(ZONE, replace(tall, box=(0.4, 0.0, 0.6, 0.3)))


def test_feet_at_the_lower_edge_are_in_a_zone_that_reaches_it() -> None:
    whole = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    assert contains(whole, *foot_point((0.9, 0.8, 1.0, 1.0)))


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=3, max_size=6))
def test_the_mask_of_a_zone_agrees_with_the_point_test(corners: list[tuple[float, float]]) -> None:
    mask = zone_mask([tuple(corners)], 13, 7)
    for row in range(7):
        for column in range(13):
            assert mask[row, column] == contains(corners, (column + 0.5) / 13, (row + 0.5) / 7)


def test_a_wet_patch_is_no_object() -> None:
    rule = StayRule(scene="stay", labels=("static",), dwell_s=5)
    wet = replace(track(0, label="static"), still=True, liquid=True)
    now = START + timedelta(seconds=30)
    _, told = alone(rule, ZONE).step(Look((replace(wet, last_seen_at=now),), now, 0.5, Stream.REGIONS))
    assert told == ()
    dry = replace(wet, liquid=False, last_seen_at=now)
    assert alone(rule, ZONE).step(Look((dry,), now, 0.5, Stream.REGIONS))[1] != ()
