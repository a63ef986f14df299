"""When key frames are enough: never without knowing them, never while something happens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.core.decoding import (
    KEY_INTERVAL_S_MAX,
    KEY_INTERVALS_KEPT,
    KEY_INTERVALS_MIN,
    QUIET_S,
    Decoding,
    begin,
    keys_suffice,
    with_hint,
    with_key_frame,
)
from protocol.configuration import DecodeMode


def watched(mode: DecodeMode, interval_s: float, length_s: float) -> tuple[Decoding, float]:
    """A stream after `length_s` with evenly spaced key frames, and the time of the last of them."""
    decoding, at_s = begin(mode, 0.0), 0.0
    while at_s <= length_s:
        decoding = with_key_frame(decoding, at_s)
        at_s += interval_s
    return decoding, at_s - interval_s


@pytest.mark.parametrize(
    ("mode", "interval_s", "length_s", "suffice"),
    [
        (DecodeMode.ADAPTIVE, 1.0, 30, True),
        (DecodeMode.ADAPTIVE, 2.0, 30, True),
        (DecodeMode.ADAPTIVE, 2.0, 8, False),
        (DecodeMode.ADAPTIVE, 4.0, 60, False),
        (DecodeMode.ADAPTIVE, 10.0, 100, False),
        (DecodeMode.FULL, 1.0, 30, False),
        (DecodeMode.KEYFRAMES, 1.0, 4, True),
        (DecodeMode.KEYFRAMES, 1.0, 2, False),
        (DecodeMode.KEYFRAMES, 10.0, 100, False),
    ],
    ids=[
        "quiet",
        "just often enough",
        "not yet quiet",
        "too rare",
        "far too rare",
        "switched off",
        "asked for",
        "not yet measured",
        "asked for, but too rare",
    ],
)
def test_key_frames_are_enough_when_they_are_known_and_nothing_happens(
    mode: DecodeMode, interval_s: float, length_s: float, *, suffice: bool
) -> None:
    decoding, now_s = watched(mode, interval_s, length_s)
    assert keys_suffice(decoding, now_s) is suffice


def test_a_hint_asks_for_every_frame_until_it_has_been_quiet_again() -> None:
    decoding, now_s = watched(DecodeMode.ADAPTIVE, 1.0, 30)
    hinted = with_hint(decoding, now_s)
    assert not keys_suffice(hinted, now_s)
    while now_s < 30 + QUIET_S:
        now_s += 1.0
        hinted = with_key_frame(hinted, now_s)
        assert keys_suffice(hinted, now_s) is (now_s - hinted.hinted_s >= QUIET_S)


def test_a_key_frame_that_does_not_come_asks_for_every_frame() -> None:
    decoding, now_s = watched(DecodeMode.KEYFRAMES, 1.0, 30)
    assert keys_suffice(decoding, now_s + KEY_INTERVAL_S_MAX - 0.1)
    assert not keys_suffice(decoding, now_s + KEY_INTERVAL_S_MAX + 0.1)


def test_a_clock_that_goes_back_begins_the_measurement_anew() -> None:
    decoding, now_s = watched(DecodeMode.KEYFRAMES, 1.0, 30)
    back = with_key_frame(decoding, now_s - 5)
    assert back.key_interval_s is None
    assert not keys_suffice(back, now_s - 5)


@given(st.lists(st.floats(0.02, 12), max_size=40), st.sampled_from(DecodeMode))
def test_rare_key_frames_are_never_enough_and_memory_is_bounded(intervals_s: list[float], mode: DecodeMode) -> None:
    decoding, now_s = with_key_frame(begin(mode, 0.0), 0.0), 0.0
    for interval_s in intervals_s:
        now_s += interval_s
        decoding = with_key_frame(decoding, now_s)
        assert len(decoding.key_intervals_s) <= KEY_INTERVALS_KEPT
        if keys_suffice(decoding, now_s):
            assert max(decoding.key_intervals_s) <= KEY_INTERVAL_S_MAX
            assert len(decoding.key_intervals_s) >= KEY_INTERVALS_MIN
            assert mode is not DecodeMode.FULL


@given(st.lists(st.floats(-0.49, 0.49), min_size=KEY_INTERVALS_KEPT, max_size=30))
def test_a_line_that_delays_key_frames_does_not_make_them_rarer(jitter_s: list[float]) -> None:
    decoding = begin(DecodeMode.KEYFRAMES, 0.0)
    for number, late_s in enumerate(jitter_s):
        decoding = with_key_frame(decoding, 2.0 * number + late_s, 2.0 * number)
    assert decoding.key_interval_s == pytest.approx(2.0)
    assert keys_suffice(decoding, 2.0 * (len(jitter_s) - 1) + jitter_s[-1])


@pytest.mark.parametrize("stamp_s", [0.1, -2.0, 90_000.0, None])
def test_stamps_that_have_nothing_to_do_with_the_time_are_not_believed(stamp_s: float | None) -> None:
    decoding = begin(DecodeMode.KEYFRAMES, 0.0)
    for number in range(10):
        decoding = with_key_frame(decoding, 4.0 * number, None if stamp_s is None else stamp_s * number)
    assert decoding.key_interval_s == pytest.approx(4.0)
    assert not keys_suffice(decoding, 36.0)
