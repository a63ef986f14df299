"""Rates of a moment and of a period, failures and repairs, and what maintenance and trial operation set apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.availability.maintenance import Maintenance, MaintenanceWindow, Scope, WindowRefused, check_window
from central.core.availability.online_rate import Counted, Rate, Snapshot, Times, device_time, rate
from central.core.availability.reliability import Reliability, reliability, together
from central.core.availability.spans import Span, common, merged, seconds, without
from central.core.availability.timelines import Piece
from protocol.messages import CameraState
from tests.support.speaking_box import later

ONLINE, DEGRADED, OFFLINE, UNKNOWN = (
    CameraState.ONLINE,
    CameraState.DEGRADED,
    CameraState.OFFLINE,
    CameraState.UNKNOWN,
)
DAY = Span(later(0), later(86_400))


def span(start_s: float, end_s: float) -> Span:
    return Span(later(start_s), later(end_s))


def pieces(*parts: tuple[CameraState, float], since_s: float = 0.0) -> list[Piece]:
    found, at = [], 0.0
    for state, length in parts:
        began = later(since_s if at == 0 else at)
        found.append(Piece(later(at), later(at + length), state, began))
        at += length
    return found


SPANS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda two: span(*sorted(two))), max_size=8)


@given(SPANS, SPANS)
def test_a_second_lies_within_or_without(left: list[Span], right: list[Span]) -> None:
    mine, theirs = merged(left), merged(right)
    inside = {at for at in range(50) for one in left if one.start <= later(at) < one.end}
    outside = {at for at in range(50) for one in right if one.start <= later(at) < one.end}
    assert seconds(mine) == len(inside)
    assert seconds(common(mine, theirs)) == len(inside & outside)
    assert seconds(without(mine, theirs)) == len(inside - outside)


@pytest.mark.parametrize(
    ("dark", "total", "target", "spare"),
    [(0, 50, 0.95, 2), (2, 50, 0.95, 0), (3, 50, 0.95, -1), (0, 100, 0.07, 93), (0, 0, 0.95, 0), (0, 1000, 0.999, 1)],
)
def test_how_many_more_may_fail(dark: int, total: int, target: float, spare: int) -> None:
    found = Snapshot.of([OFFLINE] * dark + [ONLINE] * (total - dark), target)
    assert found.spare == spare
    assert found.lower == ((total - dark) / total if total else None)


def test_a_snapshot_leaves_unknown_open_and_counts_bad_pictures_as_online_only() -> None:
    states = [ONLINE, ONLINE, DEGRADED, OFFLINE, UNKNOWN]
    online, intact = Snapshot.of(states, 0.95), Snapshot.of(states, 0.95, Counted.INTACT)
    assert (online.lower, online.upper) == (0.6, 0.75)
    assert (intact.lower, intact.upper) == (0.4, 0.5)
    assert Snapshot.of([UNKNOWN], 0.95).upper is None


def test_no_time_is_no_rate() -> None:
    assert (rate([]).lower, rate([]).upper, rate([]).ceiling) == (None, None, None)
    unknown = rate([Times(unknown_s=5)])
    assert (unknown.lower, unknown.upper, unknown.ceiling) == (0.0, None, 1.0)


def test_learning_may_lift_a_rate_above_its_upper_bound_but_not_above_its_ceiling() -> None:
    before, after = Rate(50, 25, 100), Rate(75, 0, 100)
    assert before.upper == pytest.approx(2 / 3)
    assert (after.lower, before.ceiling) == (0.75, 0.75)


def test_maintenance_and_trial_stand_apart() -> None:
    found = device_time("c", pieces((ONLINE, 100), (OFFLINE, 100), (ONLINE, 100)), [span(150, 250)], later(50))
    assert found.trial == Times(online_s=50)
    assert found.planned == Times(online_s=50, offline_s=50)
    assert found.required == Times(online_s=100, offline_s=50)
    assert found.required.plus(found.planned).plus(found.trial).total_s == 300


def test_failures_and_repairs() -> None:
    two = pieces((ONLINE, 3600), (OFFLINE, 600), (ONLINE, 3600), (OFFLINE, 60), (UNKNOWN, 60), (OFFLINE, 60))
    found = reliability(two, DAY)
    assert found == Reliability(up_s=7200, down_s=720, failures=2, repairs=1, repair_s=600)
    assert (found.mtbf_h, found.mttr_min) == (1.0, 10.0)
    assert (Reliability(up_s=7200).mtbf_h, Reliability(up_s=7200).mttr_min) == (None, None)


def test_a_failure_of_before_is_repaired_here_and_did_not_begin_here() -> None:
    found = reliability(pieces((OFFLINE, 60), (ONLINE, 60), since_s=-540), DAY)
    assert (found.failures, found.repairs, found.repair_s) == (0, 1, 600)


def test_a_failure_that_outlasts_maintenance_begins_when_it_ends() -> None:
    dark = pieces((ONLINE, 100), (OFFLINE, 200), (ONLINE, 100))
    assert reliability(dark, DAY, [span(50, 300)]) == Reliability(up_s=150, failures=0)
    late = reliability(dark, DAY, [span(50, 250)])
    assert (late.failures, late.repairs, late.repair_s, late.up_s) == (1, 1, 50, 150)


STATES = st.lists(st.tuples(st.sampled_from(CameraState), st.integers(1, 100)), min_size=1, max_size=12)


@given(STATES, st.integers(1, 1200))
def test_periods_of_failures_add_up(parts: list[tuple[CameraState, int]], cut_s: int) -> None:
    timeline: list[Piece] = []
    at = 0
    for state, length in parts:
        if timeline and timeline[-1].state is state:
            timeline[-1] = timeline[-1]._replace(end=later(at + length))
        else:
            timeline.append(Piece(later(at), later(at + length), state, later(at)))
        at += length
    cut = later(min(cut_s, at))
    first = [one._replace(end=min(one.end, cut)) for one in timeline if one.start < cut]
    second = [one._replace(start=max(one.start, cut)) for one in timeline if one.end > cut]
    whole = reliability(timeline, span(0, at))
    halves = together([reliability(first, Span(later(0), cut)), reliability(second, Span(cut, later(at)))])
    assert (halves.up_s, halves.down_s) == (whole.up_s, whole.down_s)
    assert whole.failures <= halves.failures <= whole.failures + 1


def window(scope: Scope, subject: str, start_s: float = 0, end_s: float = 60) -> MaintenanceWindow:
    return MaintenanceWindow("w", scope, subject, later(start_s), later(end_s), "新装", "wang", later(-60))


def test_windows_reach_what_is_below_them() -> None:
    plan = Maintenance(
        [window(Scope.SITE, "s1"), window(Scope.BOX, "b1", 60, 90), window(Scope.CAMERA, "b1.c", 200, 210)]
    )
    assert plan.of_camera("b1.c", "b1", "s1") == (span(0, 90), span(200, 210))
    assert plan.of_camera("b2.c", "b2", "s1") == (span(0, 60),)
    assert plan.of_box("b1", "s1") == (span(0, 90),)
    assert plan.of_platform() == ()
    assert Maintenance([window(Scope.PLATFORM, "")]).of_camera("b9.c", "b9", "s9") == (span(0, 60),)


def test_told_too_late_is_known_as_such() -> None:
    told = window(Scope.PLATFORM, "", start_s=-120)
    assert told.is_retroactive
    assert not window(Scope.PLATFORM, "").is_retroactive


@pytest.mark.parametrize(
    ("scope", "subject", "end_s", "reason", "says"),
    [
        (Scope.BOX, "b1", 0, "x", "ends after"),
        (Scope.BOX, "b1", 32 * 86_400, "x", "hours at most"),
        (Scope.BOX, "b1", 60, "  ", "needs a reason"),
        (Scope.BOX, "b1", 60, "x" * 501, "characters at most"),
        (Scope.BOX, "", 60, "x", "name the box"),
        (Scope.PLATFORM, "b1", 60, "x", "leave it empty"),
    ],
)
def test_what_is_no_window(scope: Scope, subject: str, end_s: float, reason: str, says: str) -> None:
    with pytest.raises(WindowRefused, match=says):
        check_window(scope, subject, later(0), later(end_s), reason)
