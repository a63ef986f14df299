"""Hours of series: what is exact in them, what is not, and how long they stay."""

import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.fleet.devices import Metric, SeriesPoint
from central.core.fleet.series import SeriesRetention, by_hour, day_of, hour_of, together
from tests.support.speaking_box import later

VALUES = st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=50)


@given(values=VALUES, step_s=st.integers(1, 7_200))
def test_hours_say_what_their_points_say(values: list[float], step_s: int) -> None:
    points = [SeriesPoint("fps", "b1", later(n * step_s), value) for n, value in enumerate(values)]
    hours = by_hour(points)
    assert [hour.at for hour in hours] == sorted({hour_of(point.at) for point in points})
    whole = together(hours)
    assert whole is not None
    assert (whole.count, whole.minimum, whole.maximum) == (len(values), min(values), max(values))
    exact = math.fsum(value / len(values) for value in values)
    assert math.isclose(whole.mean, exact, rel_tol=1e-12, abs_tol=1e-12 * max(map(abs, values)))
    for hour in hours:
        assert hour.minimum <= hour.mean <= hour.maximum


def test_series_are_not_mixed() -> None:
    points = [SeriesPoint(metric, entity, later(0), 1.0) for metric in ("cpu", "fps") for entity in ("b1", "b2")]
    assert [(hour.metric, hour.entity, hour.count) for hour in by_hour(points)] == [
        (point.metric, point.entity, 1) for point in points
    ]
    assert by_hour([]) == []
    assert together([]) is None


@pytest.mark.parametrize(
    ("metric", "days"),
    [
        (Metric.FPS, 1_100),
        (Metric.LATENCY_MS, 1_100),
        (Metric.CPU_SHARE, 400),
        (Metric.OUTBOX_DEPTH, 400),
        ("new", 400),
    ],
)
def test_how_long_the_hours_of_a_metric_stay(metric: str, days: int) -> None:
    now = later(0)
    assert SeriesRetention().hours_before(metric, now) == day_of(now - timedelta(days=days))
    assert SeriesRetention().points_before(now) == day_of(now - timedelta(days=90))
    longer = SeriesRetention(points_days=2_000)
    assert longer.hours_before(metric, now) == longer.points_before(now)
