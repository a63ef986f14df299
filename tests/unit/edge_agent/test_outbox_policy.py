"""When reports are sent, sent again, given up or covered by a gap."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.core import outbox_policy as policy
from edge_agent.core.outbox_policy import GAP_BYTES, Sent, Stored
from protocol.messages import SeqRange, Watermark

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_few_hundred_go_at_once_then_fifty_a_second() -> None:
    pace = policy.full_pace(0.0)
    pace, first = policy.take(pace, 1000, 0.0, 0.0)
    pace, second = policy.take(pace, 1000, 1.0, 0.0)
    assert (first, second) == (200, 50)


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(0, 300), st.floats(0, 1)), max_size=50))
def test_the_backlog_never_exceeds_burst_and_rate(steps: list[tuple[float, int, float]]) -> None:
    pace, now, sent = policy.full_pace(0.0), 0.0, 0
    for passed_s, wanted, draw in steps:
        now += passed_s
        pace, granted = policy.take(pace, wanted, now, draw)
        sent += granted
        assert granted <= wanted
        assert sent <= policy.BACKLOG_BURST + policy.BACKLOG_PER_S * now + 1e-6


def test_live_reports_have_room_when_the_backlog_has_filled_its_part() -> None:
    flight = {seq: Sent(0.0) for seq in range(policy.WINDOW_MAX - policy.LIVE_RESERVE)}
    assert policy.room(flight, live=False) == 0
    assert policy.room(flight, live=True) == policy.LIVE_RESERVE


def test_patience_doubles_to_two_minutes_and_progress_restores_it() -> None:
    progress, waits = policy.progressed(0.0), []
    for _ in range(6):
        waits.append(progress.wait_s)
        progress = policy.after_resend(progress, 0.0)
    assert waits == [10, 20, 40, 80, 120, 120]
    assert not policy.resend_due(policy.progressed(100.0), 109.9)
    assert policy.resend_due(policy.progressed(100.0), 110.0)


@pytest.mark.parametrize(("patience", "at_s"), [(policy.Patience(), 105.0), (policy.Patience(2, 3.0), 9.0)])
def test_a_report_refused_again_and_again_is_given_up(patience: policy.Patience, at_s: float) -> None:
    flight: policy.Flight = {7: Sent(0.0), 8: Sent(0.0)}
    resends = 0
    for round_number in range(1, 1000):
        verdict = policy.judge_missing(flight, [SeqRange(first=7, last=7)], round_number * 1.0, patience)
        flight, resends = verdict.flight, resends + len(verdict.resend)
        if verdict.give_up:
            break
    assert verdict.give_up == (7,)
    assert (resends, round_number) == (patience.resends, at_s)
    assert set(flight) == {8}


def test_a_report_that_was_not_sent_yet_is_not_missed() -> None:
    verdict = policy.judge_missing({}, [SeqRange(first=1, last=500)], 100.0, policy.Patience())
    assert (verdict.resend, verdict.give_up) == ((), ())


def test_central_is_there_while_it_spoke_within_45_seconds() -> None:
    there = policy.central_spoke(100.0)
    assert policy.is_there(there, 145.0)
    assert not policy.is_there(there, 145.1)
    assert not policy.is_there(policy.CentralPresence(), 0.0)


def test_a_kept_state_counts_only_while_it_is_young() -> None:
    def stated(age_s: float, *, online: bool = True) -> bool:
        told = policy.central_stated(
            policy.CentralPresence(),
            online=online,
            retained_at=NOW - timedelta(seconds=age_s),
            now=NOW,
            mono_s=1000.0,
        )
        return policy.is_there(told, 1000.0)

    assert stated(10)
    assert not stated(3600)
    assert not stated(10, online=False)


def test_reconnects_spread_between_moments_and_a_minute() -> None:
    assert policy.reconnect_wait_s(1, 0.0) == policy.RECONNECT_S_MIN
    assert policy.reconnect_wait_s(50, 1.0) == policy.RECONNECT_S_MAX


rows = st.lists(st.tuples(st.integers(1, 5), st.integers(300, 2000), st.booleans()), max_size=80).map(
    lambda made: [Stored(seq, *row) for seq, row in enumerate(made, start=1)]
)


@given(rows, st.integers(1, 60_000))
def test_victims_are_the_mildest_and_oldest_and_gaps_stay(stored: list[Stored], free_bytes: int) -> None:
    runs = policy.choose_victims(stored, free_bytes)
    chosen = [row for row in stored if any(run.first <= row.seq <= run.last for run in runs)]
    assert not any(row.fixed for row in chosen)
    assert sum(run.count for run in runs) == len(chosen)
    assert sum(run.size_bytes for run in runs) == sum(row.size_bytes for row in chosen)
    assert all(run.size_bytes > 0 and run.first <= run.last for run in runs)
    worst = max((row.severity for row in chosen), default=0)
    if worst > 1:
        held = [Stored(r.seq, r.severity, r.size_bytes, r.fixed or r.severity >= worst) for r in stored]
        milder = policy.choose_victims(held, free_bytes)
        assert sum(run.size_bytes - GAP_BYTES for run in milder) < free_bytes


def test_victims_are_no_more_than_needed() -> None:
    stored = [Stored(seq, 3, 600) for seq in range(1, 101)]
    (run,) = policy.choose_victims(stored, 6_000)
    assert (run.first, run.last, run.count) == (1, 11, 11)


def test_the_mildest_goes_first_wherever_it_stands() -> None:
    stored = [Stored(1, 5, 5000), Stored(2, 1, 2000), Stored(3, 1, 2000), Stored(4, 5, 5000)]
    (run,) = policy.choose_victims(stored, 1_000)
    assert (run.first, run.last) == (2, 2)


@pytest.mark.parametrize(
    ("missing", "kept_first", "gaps", "expected"),
    [
        ([], 100, [], []),
        ([(1, 99)], 100, [], [(1, 99)]),
        ([(1, 120)], 100, [], [(1, 99)]),
        ([(100, 120)], 100, [], []),
        ([(1, 10), (40, 50)], 100, [], [(1, 10), (40, 50)]),
        ([(1, 10), (40, 50)], 100, [(5, 6)], [(40, 50)]),
    ],
)
def test_only_what_was_deleted_and_is_in_no_gap_is_forgotten(
    missing: list[tuple[int, int]], kept_first: int, gaps: list[tuple[int, int]], expected: list[tuple[int, int]]
) -> None:
    found = policy.forgotten(_ranges(missing), kept_first, _ranges(gaps))
    assert list(found) == _ranges(expected)


@pytest.mark.parametrize(
    ("upto", "named", "kept_first", "expected"),
    [
        (99, [], 100, []),
        (120, [], 100, []),
        (40, [], 100, [(41, 99)]),
        (0, [], 100, [(1, 99)]),
        (0, [], 1, []),
        (40, [(41, 50)], 100, [(41, 50)]),
    ],
)
def test_a_central_that_names_nothing_misses_what_lies_above_its_watermark(
    upto: int, named: list[tuple[int, int]], kept_first: int, expected: list[tuple[int, int]]
) -> None:
    watermark = Watermark(epoch="0123456789abcdef", upto=upto, missing=tuple(_ranges(named)))
    assert list(policy.missed(watermark, kept_first)) == _ranges(expected)


def _ranges(pairs: list[tuple[int, int]]) -> list[SeqRange]:
    return [SeqRange(first=first, last=last) for first, last in pairs]


def test_brief_sessions_in_a_row_are_a_contest_and_wait_long() -> None:
    attempts = policy.Attempts()
    for _ in range(2):
        attempts = policy.after_session(attempts, 9.9)
    assert not policy.is_contested(attempts)
    assert policy.reconnect_wait_s(attempts.failures, 1.0) == 1.0, "held for more than five seconds"
    attempts = policy.after_session(policy.after_refusal(attempts), 0.1)
    assert policy.is_contested(attempts)
    assert policy.reconnect_wait_s(attempts.failures, 1.0) == policy.RECONNECT_S_MAX
    attempts = policy.after_session(attempts, 10.0)
    assert attempts == policy.Attempts()
