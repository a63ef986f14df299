"""A back-end of series that is away, answers half or refuses: nothing is lost unseen, and nothing half is believed."""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import cast
from urllib.parse import urlencode

import pytest

from central.core.fleet.devices import SeriesPoint
from central.core.fleet.series import SeriesGap, SeriesGapReason, SeriesRetention, by_hour, day_of
from central.services.series_keeping import SeriesKeeping
from central.settings.series_address import SeriesAddress
from central.stores.open_stores import SqlStores, open_stores
from central.stores.ports import SeriesKey, StoreRejected, Stores, StoreUnavailable
from central.stores.series.buffered import BufferedSeries
from central.stores.series.influx import InfluxSeries
from tests.support.influxdb import TOKEN, Answer, Influxd, InfluxDoor, influx_door, influxd, victoria_metrics
from tests.support.ports import LOOPBACK, free_port
from tests.support.speaking_box import later
from tests.support.store_contents import rows
from tests.support.until import until

FPS = SeriesKey("fps", "b1.cam-1")
HEARTBEAT_S = 15
HOUR = [SeriesPoint(*FPS, later(n * HEARTBEAT_S), float(n % 25)) for n in range(240)]

_NUMBERS = count()


@pytest.fixture
def bucket(influx: Influxd) -> str:
    """Return an empty bucket."""
    name = f"buffer{next(_NUMBERS)}"
    influx.run(f'CREATE DATABASE "{name}"')
    return f"{name}/autogen"


@pytest.fixture
def behind(door: InfluxDoor, bucket: str) -> Iterator[InfluxSeries]:
    """Return the back-end itself."""
    store = InfluxSeries(door.address(bucket))
    yield store
    store.close()


def in_front_of(behind: InfluxSeries, stores: Stores, points_max: int = 1_000_000) -> BufferedSeries:
    """Return a buffer of so many points, in the database of these stores."""
    return BufferedSeries(cast("SqlStores", stores).database, behind, points_max)


def test_a_back_end_that_is_away_for_an_hour_loses_nothing(stores: Stores) -> None:
    with influxd() as server, influx_door(server.port) as door:
        server.run('CREATE DATABASE "away"')
        behind = InfluxSeries(door.address("away/autogen"))
        series = in_front_of(behind, stores)
        keeping = SeriesKeeping(series, SeriesRetention())
        series.write(HOUR[:10])
        assert keeping.forward(0.0) == 0
        server.process.kill()
        for point in HOUR[10:]:
            series.write([point])
        series.write([SeriesPoint(*FPS, HOUR[20].at, 99.0)])
        with pytest.raises(StoreUnavailable, match="InfluxDB at"):
            keeping.forward(1.0)
        with pytest.raises(StoreUnavailable, match="no whole answer"):
            series.read(*FPS, None, None, 1_000)
        asked = len(door.seen)
        assert keeping.forward(1.5) == 231
        assert len(door.seen) == asked
        assert (series.backlog().waiting, series.backlog().oldest_at) == (231, HOUR[10].at)
        server.start()
        behind.close()
        # A new start of central finds what waits in the database.
        again = InfluxSeries(door.address("away/autogen"))
        assert SeriesKeeping(in_front_of(again, stores), SeriesRetention()).forward(0.0) == 0
        read = again.read(*FPS, None, None, 1_000)
        assert [point.at for point in read] == [point.at for point in HOUR]
        assert [point.value for point in read] == [99.0 if n == 20 else point.value for n, point in enumerate(HOUR)]
        assert in_front_of(again, stores).backlog().lost == 0
        again.close()


def test_handing_on_that_broke_off_after_the_write_is_done_again(behind: InfluxSeries, stores: Stores) -> None:
    series = in_front_of(behind, stores)
    series.write(HOUR)
    behind.write(HOUR[:100])
    assert list(series.read(*FPS, None, None, 1_000)) == HOUR
    assert series.forward() == 0
    assert list(behind.read(*FPS, None, None, 1_000)) == HOUR


@pytest.mark.parametrize("at_once", [1, 7, 240])
def test_past_its_bound_the_oldest_goes_and_is_counted(at_once: int, behind: InfluxSeries, stores: Stores) -> None:
    series = in_front_of(behind, stores, points_max=50)
    for begin in range(0, len(HOUR), at_once):
        series.write(HOUR[begin : begin + at_once])
    backlog = series.backlog()
    assert (backlog.waiting, backlog.lost) == (50, 190)
    assert backlog.gaps == (SeriesGap(SeriesGapReason.FULL, HOUR[0].at, HOUR[189].at, 190),)
    assert series.forward() == 0
    assert list(behind.read(*FPS, None, None, 1_000)) == HOUR[190:]
    later_on = SeriesPoint(*FPS, HOUR[-1].at + timedelta(hours=3), 1.0)
    series.write([later_on] * 51)
    assert [gap.points for gap in series.backlog().gaps] == [1, 190]


def test_a_point_that_the_server_refuses_holds_up_no_other(
    behind: InfluxSeries, influx: Influxd, bucket: str, stores: Stores
) -> None:
    influx.run(f'ALTER RETENTION POLICY "autogen" ON "{bucket.partition("/")[0]}" DURATION 36500d')
    series = in_front_of(behind, stores)
    ancient = SeriesPoint(*FPS, later(-126 * 365 * 86_400), 5.0)
    series.write([*HOUR[:100], ancient, *HOUR[100:]])
    with pytest.raises(StoreRejected, match="partial write"):
        behind.write([*HOUR[:3], ancient])
    assert series.forward() == 0
    assert list(behind.read(*FPS, None, None, 1_000)) == HOUR
    (gap,) = series.backlog().gaps
    assert (gap.reason, gap.first_at, gap.points) == (SeriesGapReason.REFUSED, ancient.at, 1)
    assert "retention policy" in gap.detail


def truncated(_path: str, answer: Answer) -> Answer:
    """Break off in the middle of what the header promised."""
    return Answer(answer.status, answer.body[: len(answer.body) // 2], len(answer.body))


def cut(_path: str, answer: Answer) -> Answer:
    """Give half a JSON text as if it were all."""
    return Answer(answer.status, answer.body[: len(answer.body) // 2])


def error_inside(_path: str, _answer: Answer) -> Answer:
    """Say 200, and that it went wrong."""
    return Answer(200, json.dumps({"results": [{"statement_id": 0, "error": f"timeout {TOKEN}"}]}).encode())


def error_after_rows(_path: str, answer: Answer) -> Answer:
    """Give rows, and say then that it went wrong."""
    told = json.loads(answer.body)
    told["results"][0]["error"] = "shard 7 is gone"
    return Answer(200, json.dumps(told).encode())


def partial(_path: str, answer: Answer) -> Answer:
    """Give a part, marked as such."""
    told = json.loads(answer.body)
    told["results"][0]["partial"] = True
    return Answer(200, json.dumps(told).encode())


def lacking_a_column(_path: str, answer: Answer) -> Answer:
    """Lose a column on the way."""
    told = json.loads(answer.body)
    told["results"][0]["series"][0]["columns"] = ["time"]
    return Answer(200, json.dumps(told).encode())


def null_inside(_path: str, answer: Answer) -> Answer:
    """Have no number where one belongs."""
    told = json.loads(answer.body)
    told["results"][0]["series"][0]["values"][1][1] = None
    return Answer(200, json.dumps(told).encode())


def page(_path: str, _answer: Answer) -> Answer:
    """Be another server: a page of a proxy."""
    return Answer(200, b"<html>please log in</html>")


def broken_off(_path: str, _answer: Answer) -> Answer:
    """Promise more bytes than come."""
    return Answer(200, b"", 10)


def refusing(_path: str, _answer: Answer) -> Answer:
    """Know the token better than to repeat it, or not."""
    return Answer(401, json.dumps({"code": "unauthorized", "message": f"{'no ' * 80} {TOKEN}"}).encode())


READS = (truncated, cut, error_inside, error_after_rows, partial, lacking_a_column, null_inside, page, refusing)


@pytest.mark.parametrize("spoil", READS, ids=lambda spoil: spoil.__name__)
def test_half_an_answer_is_an_error_and_nothing_of_it_is_used(
    spoil: Callable[[str, Answer], Answer], door: InfluxDoor, behind: InfluxSeries, stores: Stores
) -> None:
    behind.write(HOUR)
    series = in_front_of(behind, stores)
    door.spoil = spoil
    with pytest.raises(StoreUnavailable, match="InfluxDB at") as refusal:
        series.read(*FPS, None, None, 1_000)
    assert TOKEN[:5] not in str(refusal.value)
    door.spoil = None
    assert list(series.read(*FPS, None, None, 1_000)) == HOUR


@pytest.mark.parametrize("spoil", [broken_off, page, refusing], ids=lambda spoil: spoil.__name__)
def test_a_write_that_is_answered_by_anything_but_204_is_kept_and_tried_again(
    spoil: Callable[[str, Answer], Answer], door: InfluxDoor, behind: InfluxSeries, stores: Stores
) -> None:
    series = in_front_of(behind, stores)
    series.write(HOUR)
    door.spoil = spoil
    with pytest.raises(StoreUnavailable, match="InfluxDB at") as refusal:
        series.forward()
    assert TOKEN not in str(refusal.value)
    assert series.backlog().waiting == len(HOUR)
    door.spoil = None
    assert series.forward() == 0
    assert list(behind.read(*FPS, None, None, 1_000)) == HOUR


def test_the_token_goes_into_a_header_and_nowhere_else(
    door: InfluxDoor, behind: InfluxSeries, stores: Stores, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    series = in_front_of(behind, stores)
    series.write(HOUR)
    series.forward()
    series.read(*FPS, None, None, 10)
    series.keys(None, 10)
    assert door.tokens == {f"Token {TOKEN}"}
    assert not any(TOKEN in path for path in door.seen)
    assert TOKEN not in caplog.text
    assert TOKEN not in repr(door.address("a/b"))


def test_hours_go_on_where_the_server_deletes_by_itself(door: InfluxDoor, influx: Influxd, bucket: str) -> None:
    long = f"hours{next(_NUMBERS)}"
    influx.run(f'CREATE DATABASE "{long}"')
    behind = InfluxSeries(door.address(bucket, f"?hours={long}/autogen&drop=server"))
    start = day_of(later(0))
    points = [SeriesPoint(*FPS, start + timedelta(minutes=20 * n), float(n)) for n in range(4 * 72)]
    behind.write(points)
    keeping = SeriesKeeping(behind, SeriesRetention(points_days=1))
    for _ in range(6):
        keeping.step(start + timedelta(days=4))
    assert list(behind.read_hours(*FPS, None, None, 1_000)) == by_hour(points[: 3 * 72])
    assert list(behind.read(*FPS, None, None, 1_000)) == points
    assert not any("DELETE" in path for path in door.seen)
    behind.close()


def test_victoria_metrics_takes_the_writes(tmp_path: Path) -> None:
    with victoria_metrics() as port:
        with influx_door(port) as door:
            address = door.address("any")
        vm = InfluxSeries(SeriesAddress(f"http://{LOOPBACK}:{port}", address.points, address.hours, token=TOKEN))
        stores = open_stores(database_url=f"sqlite:///{tmp_path}/central.db", evidence_dir=tmp_path / "evidence")
        series = in_front_of(vm, stores)
        series.write(HOUR)
        assert series.forward() == 0

        def exported() -> list[float] | None:
            connection = HTTPConnection(LOOPBACK, port, timeout=10)
            asked = {"match[]": 'fps_value{entity="b1.cam-1"}', "start": "0", "reduce_mem_usage": "1"}
            connection.request("GET", f"/api/v1/export?{urlencode(asked)}")
            lines = connection.getresponse().read().splitlines()
            connection.close()
            blocks = [json.loads(line) for line in lines]
            found = sorted(pair for one in blocks for pair in zip(one["timestamps"], one["values"], strict=True))
            return [value for _, value in found] if len(found) == len(HOUR) else None

        assert until(exported, what="all points in VictoriaMetrics") == [point.value for point in HOUR]
        vm.close()
        stores.close()


def test_what_the_chooser_opens_buffers_and_ends(door: InfluxDoor, bucket: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/central.db"
    stores = open_stores(database_url=url, evidence_dir=tmp_path / "evidence", series=door.address(bucket))
    stores.series.write(HOUR)
    assert len(rows(stores, "series_buffer")) == len(HOUR)
    stores.series.forward()
    assert (rows(stores, "series_buffer"), rows(stores, "series")) == ([], [])
    assert list(stores.series.read(*FPS, None, None, 1_000)) == HOUR
    stores.close()


def test_central_starts_while_the_back_end_is_away(tmp_path: Path) -> None:
    away = InfluxDoor(upstream=0, port=free_port())
    url = f"sqlite:///{tmp_path}/central.db"
    stores = open_stores(database_url=url, evidence_dir=tmp_path / "evidence", series=away.address("gw"))
    stores.series.write(HOUR)
    with pytest.raises(StoreUnavailable, match="InfluxDB at"):
        stores.series.forward()
    assert stores.series.backlog().waiting == len(HOUR)
    stores.close()
