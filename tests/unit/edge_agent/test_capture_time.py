"""Capture times that never run backwards."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.core.capture_time import TOLERANCE_S, CaptureTime, base_of, capture

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def captured(frames: list[tuple[float | None, float]]) -> list[float]:
    time, found = CaptureTime(), []
    for stream_s, mono_s in frames:
        time, at_s = capture(time, stream_s, mono_s)
        found.append(at_s)
    return found


def test_uneven_arrival_is_smoothed_by_the_streams_own_progress() -> None:
    assert captured([(5.0, 100.0), (5.1, 100.3), (5.2, 100.31)]) == [100.0, 100.1, 100.2]


def test_a_jump_of_the_stream_is_anchored_anew() -> None:
    assert captured([(5.0, 100.0), (9000.0, 100.1), (9000.1, 100.2)]) == pytest.approx([100.0, 100.1, 100.2])


def test_a_stream_without_time_stamps_uses_arrival() -> None:
    assert captured([(None, 100.0), (None, 100.5)]) == [100.0, 100.5]


@given(st.lists(st.tuples(st.one_of(st.none(), st.floats(0, 1e6)), st.floats(0, 2)), max_size=50))
def test_time_never_goes_back_and_stays_near_the_clock(steps: list[tuple[float | None, float]]) -> None:
    mono_s, frames = 100.0, []
    for stream_s, passed_s in steps:
        mono_s += passed_s
        frames.append((stream_s, mono_s))
    found = captured(frames)
    assert all(later > earlier for earlier, later in pairwise(found))
    for (_, arrived_s), at_s in zip(frames, found, strict=True):
        assert at_s >= arrived_s - TOLERANCE_S - 1e-6
        assert at_s <= arrived_s + TOLERANCE_S + 0.001 * len(frames) + 1e-6


def test_a_wall_clock_that_is_set_changes_no_dwell() -> None:
    base = base_of(NOW, 100.0)
    assert base.at(160.0) - base.at(100.0) == timedelta(seconds=60)
    assert base.error_s(NOW + timedelta(hours=1, seconds=60), 160.0) == 3600
