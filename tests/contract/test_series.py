"""Every store of series keeps the same figures, whatever it is made of."""

import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import quantiles
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central.core.fleet.devices import SeriesPoint
from central.core.fleet.series import SeriesHour, SeriesRetention, by_hour, day_of, together
from central.services.series_keeping import SeriesKeeping
from central.settings.series_address import SeriesBackEnd
from central.stores.open_stores import BEHIND, SqlStores, open_stores
from central.stores.ports import SeriesBacklog, SeriesKey, SeriesStore, StoreRejected
from central.stores.series.buffered import BufferedSeries
from central.stores.series.influx import InfluxSeries
from tests.support.central_stores import sqlite_stores
from tests.support.influxdb import Influxd, InfluxDoor
from tests.support.postgresql import database
from tests.support.speaking_box import later

BACK_ENDS = ("sqlite", "postgresql", "influxdb", "buffered")
HOUR_S = 3_600.0
DAY_S = 24 * HOUR_S
FPS = SeriesKey("fps", "b1.cam-1")
HOSTILE = (
    "' OR 1=1 --",
    'fps" WHERE x',
    "a\nb",
    "a\\",
    "",
    "#x",
    "fps,entity=b2",
    "中文",
    "'; DROP SERIES FROM fps; --",
)

_NUMBERS = count()


@pytest.fixture(params=BACK_ENDS)
def series(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SeriesStore]:
    """Return an empty store of each kind; `buffered` has handed nothing on yet, unless a test does."""
    kind = request.param
    with ExitStack() as stack:
        if kind == "postgresql":
            server = request.getfixturevalue("postgresql_url")
            url = stack.enter_context(database(server, f"series{next(_NUMBERS)}"))
            stores = open_stores(database_url=url, evidence_dir=tmp_path / "evidence")
            stack.callback(stores.close)
            yield stores.series
            return
        stores = stack.enter_context(sqlite_stores(tmp_path / "stores"))
        if kind == "sqlite":
            yield stores.series
            return
        door: InfluxDoor = request.getfixturevalue("door")
        behind = InfluxSeries(door.address(request.getfixturevalue("bucket")))
        stack.callback(behind.close)
        yield behind if kind == "influxdb" else BufferedSeries(cast("SqlStores", stores).database, behind, 1_000_000)


def test_every_back_end_is_opened_and_passes_this_suite() -> None:
    assert set(BEHIND) == set(SeriesBackEnd)
    assert set(SeriesBackEnd) <= set(BACK_ENDS)


@pytest.fixture
def bucket(influx: Influxd) -> str:
    """Return an empty bucket."""
    name = f"gw{next(_NUMBERS)}"
    influx.run(f'CREATE DATABASE "{name}"')
    return f"{name}/autogen"


def test_the_newest_come_oldest_first_and_the_last_written_counts(series: SeriesStore) -> None:
    points = [SeriesPoint(*FPS, later(n), float(n)) for n in range(5)]
    series.write([*points, SeriesPoint("fps", "b1.cam-2", later(0), 9.0)])
    series.write([replace(points[0], value=7.0)])
    series.write([])
    assert list(series.read(*FPS, None, None, 3)) == points[2:]
    assert [point.value for point in series.read(*FPS, later(0), later(2), 10)] == [7.0, 1.0]
    series.forward()
    assert [point.value for point in series.read(*FPS, None, None, 10)] == [7.0, 1.0, 2.0, 3.0, 4.0]
    assert series.read("fps", "b9", None, None, 10) == []
    assert series.backlog() == SeriesBacklog()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.dictionaries(
        st.datetimes(datetime(2001, 1, 1), datetime(2199, 1, 1)),  # noqa: DTZ001 - made aware below
        st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False).map(lambda value: value + 0.0),
        min_size=1,
        max_size=20,
    )
)
def test_every_number_and_microsecond_comes_back(values: dict[datetime, float], series: SeriesStore) -> None:
    entity = f"b{next(_NUMBERS)}"
    points = [SeriesPoint("fps", entity, at.replace(tzinfo=later(0).tzinfo), values[at]) for at in sorted(values)]
    series.write(points)
    assert list(series.read("fps", entity, None, None, 100)) == points
    series.forward()
    assert list(series.read("fps", entity, None, None, 100)) == points


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_refused_with_all_that_came_with_it(value: float, series: SeriesStore) -> None:
    with pytest.raises(StoreRejected, match="finite"):
        series.write([SeriesPoint(*FPS, later(0), 1.0), SeriesPoint(*FPS, later(1), value)])
    assert series.read(*FPS, None, None, 10) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_is_more_than_a_name(name: str, series: SeriesStore) -> None:
    series.write([SeriesPoint(*FPS, later(0), 1.0)])
    series.forward()
    for key in (SeriesKey(name, "b1.cam-1"), SeriesKey("fps", name)):
        assert series.read(*key, None, None, 10) == []
        assert series.read_hours(*key, None, None, 10) == []
        assert series.first(key, None) is None
        series.drop(key, later(9))
        series.drop_hours(key, later(9))
    assert len(series.read(*FPS, None, None, 10)) == 1


def test_the_oldest_is_found_and_the_old_dropped(series: SeriesStore) -> None:
    other = SeriesKey("fps", "b1.cam-2")
    series.write([SeriesPoint(*key, later(n), float(n)) for key in (FPS, other) for n in range(6)])
    series.forward()
    assert (series.first(FPS, None), series.first(FPS, later(3.5))) == (later(0), later(4))
    assert series.first(FPS, later(9)) is None
    series.drop(FPS, later(4))
    assert [point.value for point in series.read(*FPS, None, None, 10)] == [4.0, 5.0]
    assert len(series.read(*other, None, None, 10)) == 6


def test_hours_are_kept_and_the_fuller_one_stays(series: SeriesStore) -> None:
    hours = [SeriesHour(*FPS, later(n * HOUR_S), 240, 9.5 + n, 1.0, 12.0) for n in range(3)]
    series.write_hours([])
    series.write_hours(hours)
    series.write_hours([replace(hours[0], count=3, mean=1.0), replace(hours[1], count=241), hours[2]])
    kept = [hours[0], replace(hours[1], count=241), hours[2]]
    assert list(series.read_hours(*FPS, None, None, 10)) == kept
    assert list(series.read_hours(*FPS, later(HOUR_S), later(2 * HOUR_S), 10)) == kept[1:2]
    assert list(series.read_hours(*FPS, None, None, 1)) == kept[2:]
    assert series.read(*FPS, None, None, 10) == []
    series.drop_hours(FPS, later(2 * HOUR_S))
    assert list(series.read_hours(*FPS, None, None, 10)) == kept[2:]


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_series_are_listed_a_few_at_a_time(limit: int, series: SeriesStore) -> None:
    keys = [SeriesKey(metric, entity) for metric in ("cpu_share", "fps") for entity in ("b1", "b1.cam-1", "b2")]
    series.write([SeriesPoint(*key, later(0), 1.0) for key in keys[::2]])
    series.forward()
    series.write_hours([SeriesHour(*key, later(0), 1, 1.0, 1.0, 1.0) for key in keys[1:]])
    found: list[SeriesKey] = []
    while some := series.keys(found[-1] if found else None, limit):
        assert len(some) <= limit
        found += some
    assert found == keys


def test_figures_are_the_same_after_the_points_have_become_hours(series: SeriesStore) -> None:
    draw = random.Random(7)
    start = day_of(later(0)) + timedelta(days=1)
    points = [
        SeriesPoint(*FPS, start + timedelta(seconds=minute * 67, microseconds=minute), draw.uniform(0, 25))
        for minute in range(4 * 24 * 60)
    ]
    series.write(points)
    before = figures(series.read(*FPS, None, None, 10_000))
    now = points[-1].at + timedelta(days=2)
    keep(series, SeriesRetention(points_days=3), now)
    horizon = day_of(now - timedelta(days=3))
    kept = [point for point in points if point.at >= horizon]
    hours = by_hour(point for point in points if point.at < horizon)
    assert len(hours) > 48
    assert list(series.read(*FPS, None, None, 10_000)) == kept
    assert list(series.read_hours(*FPS, None, None, 10_000)) == hours
    whole = together([*hours, *by_hour(kept)])
    assert whole is not None
    assert (whole.count, whole.minimum, whole.maximum) == before[:3]
    assert whole.mean == pytest.approx(before[3], rel=1e-12)
    keep(series, SeriesRetention(points_days=3), now)
    assert list(series.read_hours(*FPS, None, None, 10_000)) == hours


def test_a_step_that_broke_off_after_writing_the_hours_is_done_again(series: SeriesStore) -> None:
    start = day_of(later(0))
    points = [SeriesPoint(*FPS, start + timedelta(minutes=10 * n), float(n)) for n in range(2 * 144)]
    series.write(points)
    series.write_hours(by_hour(points[:144]))
    keep(series, SeriesRetention(points_days=1), start + timedelta(days=3, hours=1))
    assert list(series.read_hours(*FPS, None, None, 100)) == by_hour(points)
    assert series.read(*FPS, None, None, 10) == []


def test_what_comes_after_its_hour_is_closed_changes_nothing_and_goes(series: SeriesStore) -> None:
    start, now = day_of(later(0)), day_of(later(0)) + timedelta(days=3)
    series.write([SeriesPoint(*FPS, start + timedelta(minutes=n), 5.0) for n in range(120)])
    keep(series, SeriesRetention(points_days=1), now)
    hours = list(series.read_hours(*FPS, None, None, 10))
    series.write([SeriesPoint(*FPS, start + timedelta(seconds=30), 99.0)])
    keep(series, SeriesRetention(points_days=1), now)
    assert list(series.read_hours(*FPS, None, None, 10)) == hours
    assert series.read(*FPS, None, None, 10) == []


def test_hours_go_by_what_they_tell_of(series: SeriesStore) -> None:
    start = day_of(later(0))
    cpu = SeriesKey("cpu_share", "b1")
    hours = [SeriesHour(*key, start + timedelta(days=n), 1, 1.0, 1.0, 1.0) for key in (FPS, cpu) for n in range(10)]
    series.write_hours(hours)
    keep(series, SeriesRetention(1, hours_machine_days=2, hours_picture_days=5), start + timedelta(days=9, hours=6))
    assert [hour.at for hour in series.read_hours(*FPS, None, None, 100)] == [hour.at for hour in hours[4:10]]
    assert [hour.at for hour in series.read_hours(*cpu, None, None, 100)] == [hour.at for hour in hours[17:]]


def keep(series: SeriesStore, retention: SeriesRetention, now: datetime) -> None:
    """Hand on what waits, and step until every day has had its turn."""
    keeping = SeriesKeeping(series, retention)
    keeping.forward(0.0)
    for _ in range(12):
        keeping.step(now)


def figures(points: Sequence[SeriesPoint]) -> tuple[int, float, float, float, float]:
    """Count, least, greatest, mean and 90th percentile."""
    values = [point.value for point in points]
    return len(values), min(values), max(values), sum(values) / len(values), quantiles(values, n=10)[-1]
