"""Whose clock is right."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.fleet.clock_skew import MONO_MS_MAX, SKEW_S, BootClock, corrected_time, is_skewed, observe
from tests.support.speaking_box import later

TOLERANCE = timedelta(seconds=SKEW_S)


def heartbeats(ahead_s: float, delays_s: tuple[float, ...] = (0.0, 0.4, 0.1)) -> BootClock:
    clock = BootClock()
    for number, delay_s in enumerate(delays_s):
        at_s = number * 15.0
        clock = observe(clock, later(at_s + ahead_s), round(at_s * 1000), later(at_s + delay_s))
    return clock


def test_a_right_clock_is_left_alone() -> None:
    assert corrected_time(heartbeats(0.0), later(7), 7000, later(8)) == later(7)


@pytest.mark.parametrize("ahead_s", [-56 * 365 * 86_400.0, -3600.0, 3600.0])
def test_a_wrong_clock_is_put_right_by_counting_from_the_start(ahead_s: float) -> None:
    clock = heartbeats(ahead_s)
    assert is_skewed(clock.offset_ms)
    believed = corrected_time(clock, later(7 + ahead_s), 7000, later(90))
    assert abs(believed - later(7)) < timedelta(milliseconds=20)


def test_an_event_of_before_the_clock_was_set_is_put_right() -> None:
    clock = observe(heartbeats(-86_400.0), later(45), 45_000, later(45))
    assert clock.offset_ms == 0
    assert corrected_time(clock, later(7 - 86_400.0), 7000, later(90)) == later(7)


def test_a_clock_that_jumps_while_it_runs_is_noticed() -> None:
    clock = observe(heartbeats(0.0), later(45 - 600), 45_000, later(45))
    assert clock.offset_ms == 600_000


def test_a_slow_network_is_no_wrong_clock() -> None:
    assert not is_skewed(heartbeats(0.0, (5.0, 0.2, 4.0)).offset_ms)


def test_an_unknown_boot_is_believed() -> None:
    assert corrected_time(None, later(-500), 7000, later(90)) == later(-500)
    assert corrected_time(BootClock(), later(-500), 7000, later(90)) == later(-500)


def test_it_never_happened_after_it_was_received() -> None:
    assert corrected_time(heartbeats(3600.0), later(3607), 500_000, later(90)) == later(90)


@pytest.mark.parametrize("mono_ms", [MONO_MS_MAX + 1, 10**16 - 1, -1])
def test_an_impossible_counter_teaches_nothing(mono_ms: int) -> None:
    assert observe(BootClock(), later(0), mono_ms, later(0)) == BootClock()
    assert corrected_time(heartbeats(0.0), later(7), mono_ms, later(8)) == later(7)


def test_a_time_at_the_end_of_the_calendar_does_no_harm() -> None:
    first = datetime(1, 1, 2, tzinfo=UTC)
    assert observe(BootClock(), first, MONO_MS_MAX, later(0)) == BootClock()


@given(
    ahead_s=st.floats(-1e6, 1e6),
    delays_s=st.lists(st.floats(0, 1), min_size=1, max_size=20),
    event_s=st.floats(0, 300),
)
def test_a_corrected_time_is_near_the_truth(ahead_s: float, delays_s: list[float], event_s: float) -> None:
    clock = heartbeats(ahead_s, tuple(delays_s))
    believed = corrected_time(clock, later(event_s + ahead_s), round(event_s * 1000), later(10_000))
    assert abs(believed - later(event_s)) <= TOLERANCE + timedelta(seconds=1.1)
