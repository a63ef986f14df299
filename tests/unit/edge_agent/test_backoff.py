"""How long to wait before a camera is opened again."""

import random

from hypothesis import given
from hypothesis import strategies as st

from edge_agent.core import backoff

DAY_S = 86_400.0


def opens(seconds: float, seed: int, *, password_wrong: bool, impatient: bool = False) -> list[float]:
    """Attempts within the time, on a virtual clock; `impatient`: somebody presses retry every second."""
    draw = random.Random(seed).random
    plan, now, found = backoff.at_start(0.0), 0.0, list[float]()
    while now <= seconds:
        if now >= plan.due_s:
            found.append(now)
            plan = backoff.after_open(plan, now)
            fail = backoff.after_wrong_password if password_wrong else backoff.after_failure
            plan = fail(plan, now, draw())
        if impatient:
            plan = backoff.retry_now(plan, now)
            now += 1
        else:
            now = plan.due_s
    return found


@given(st.integers(0, 50))
def test_a_dead_day_costs_at_most_1500_attempts(seed: int) -> None:
    assert 1_000 <= len(opens(DAY_S, seed, password_wrong=False)) <= 1_500


@given(seed=st.integers(0, 1000), impatient=st.booleans())
def test_a_wrong_password_is_tried_at_most_four_times_in_any_ten_minutes(seed: int, *, impatient: bool) -> None:
    times = opens(3_600, seed, password_wrong=True, impatient=impatient)
    for began in times:
        assert sum(1 for at in times if began <= at <= began + 600) <= 4


def test_the_first_attempt_after_good_frames_is_at_once_then_1_2_4_to_60() -> None:
    plan = backoff.after_held(backoff.at_start(0.0))
    waits = []
    for _ in range(9):
        plan = backoff.after_failure(plan, 0.0, 0.5)
        waits.append(plan.due_s)
    assert waits == [backoff.AT_ONCE_S, 1, 2, 4, 8, 16, 32, 60, 60]


@given(st.floats(0, 1), st.integers(0, 30))
def test_jitter_stays_within_half_and_one_and_a_half(draw: float, failures: int) -> None:
    plan = backoff.at_start(0.0)
    for _ in range(failures):
        plan = backoff.after_failure(plan, 0.0, draw)
    wait_s = backoff.after_failure(plan, 0.0, draw).due_s
    assert backoff.STEP_S_MIN / 2 <= wait_s <= backoff.STEP_S_MAX * 1.5


def test_a_right_password_forgets_the_wrong_ones() -> None:
    plan = backoff.at_start(0.0)
    for at in (0.0, 1.0, 2.0, 3.0):
        plan = backoff.after_wrong_password(backoff.after_open(plan, at), at, 0.0)
    assert backoff.retry_now(plan, 4.0).due_s == backoff.AUTH_WINDOW_S
    assert backoff.retry_now(backoff.after_held(plan), 4.0).due_s == 4.0


def test_one_host_is_not_asked_for_all_its_streams_at_once() -> None:
    full = ["nvr"] * backoff.OPENING_PER_HOST_MAX
    assert not backoff.may_open("nvr", full)
    assert backoff.may_open("other", full)
    assert backoff.may_open("nvr", full[1:])
