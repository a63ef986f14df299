"""Series in InfluxDB 1.8, 2 or 3: written by the v2 API, read by InfluxQL, which all three answer.

A metric is a measurement with the tag `entity` and the field `value`; its hours are a measurement of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from central.core.fleet.devices import SeriesPoint
from central.core.fleet.series import HOUR, SeriesHour
from central.settings.series_address import Bucket, SeriesAddress
from central.stores.ports import SeriesBacklog, SeriesKey, StoreRejected
from central.stores.ports.series import require_finite
from central.stores.series.influx_ql import (
    HOUR_FIELDS,
    HOURS,
    POINT_FIELDS,
    HalfAnswer,
    Table,
    delete_range,
    is_name,
    micros,
    read_rows,
    select_range,
)
from central.stores.series.influx_server import LINES_MAX, InfluxServer

_Row = tuple[datetime, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class _Kept:
    """Where points or hours lie, and what is in a row of them."""

    bucket: Bucket
    suffix: str
    fields: tuple[str, ...]

    def rows(self, tables: Sequence[Table]) -> list[_Row]:
        return list(read_rows(tables, self.fields))


class InfluxSeries:
    """`SeriesStore` over one server; thread-safe. Nothing waits here: what cannot be written now is refused."""

    def __init__(self, address: SeriesAddress) -> None:
        self._server = InfluxServer(address)
        self._central_drops = address.central_drops
        self._points = _Kept(address.points, "", POINT_FIELDS)
        self._hours = _Kept(address.hours, HOURS, HOUR_FIELDS)

    def write(self, points: Sequence[SeriesPoint]) -> None:
        """See the port; also `StoreRejected` when the server keeps only a part."""
        require_finite(points)
        last = {(point.metric, point.entity, point.at): point for point in points}
        lines = [_line(point.metric, point, {"value": float(point.value)}) for point in last.values()]
        self._server.write(self._points.bucket, lines)

    def read(
        self, metric: str, entity: str, start: datetime | None, end: datetime | None, limit: int
    ) -> Sequence[SeriesPoint]:
        """See the port."""
        rows = self._newest(self._points, SeriesKey(metric, entity), start, end, limit)
        return [SeriesPoint(metric, entity, at, value) for at, (value,) in rows]

    def first(self, key: SeriesKey, start: datetime | None) -> datetime | None:
        """See the port."""
        if not is_name(key):
            return None
        query = f"{select_range(key, self._points.fields, '', start, None)} ORDER BY time LIMIT 1"
        rows = self._server.ask(self._points.bucket, query, self._points.rows)
        return rows[0][0] if rows else None

    def drop(self, key: SeriesKey, before: datetime) -> None:
        """See the port; left to the server where the address says so."""
        self._drop(self._points, key, before)

    def write_hours(self, hours: Sequence[SeriesHour]) -> None:
        """See the port."""
        lines = []
        for key in dict.fromkeys(SeriesKey(hour.metric, hour.entity) for hour in hours):
            own = [hour for hour in hours if (hour.metric, hour.entity) == key]
            first, last = min(hour.at for hour in own), max(hour.at for hour in own)
            there = {hour.at: hour.count for hour in self.read_hours(*key, first, last + HOUR, LINES_MAX)}
            fuller = [hour for hour in own if hour.count >= there.get(hour.at, 0)]
            lines += [_line(hour.metric + HOURS, hour, _hour_fields(hour)) for hour in fuller]
        self._server.write(self._hours.bucket, lines)

    def read_hours(
        self, metric: str, entity: str, start: datetime | None, end: datetime | None, limit: int
    ) -> Sequence[SeriesHour]:
        """See the port."""
        rows = self._newest(self._hours, SeriesKey(metric, entity), start, end, limit)
        return [SeriesHour(metric, entity, at, int(count), *figures) for at, (count, *figures) in rows]

    def drop_hours(self, key: SeriesKey, before: datetime) -> None:
        """See the port; left to the server where the address says so."""
        self._drop(self._hours, key, before)

    def keys(self, after: SeriesKey | None, limit: int) -> Sequence[SeriesKey]:
        """See the port."""
        buckets = dict.fromkeys((self._points.bucket, self._hours.bucket))
        query = 'SHOW TAG VALUES WITH KEY = "entity"'
        found = {key for bucket in buckets for key in self._server.ask(bucket, query, _keys)}
        return sorted(key for key in found if after is None or key > after)[:limit]

    def forward(self) -> int:
        """Nothing waits here."""
        return 0

    def backlog(self) -> SeriesBacklog:
        """Nothing waits here."""
        return SeriesBacklog()

    def close(self) -> None:
        """See the port."""
        self._server.close()

    def _newest(
        self, kept: _Kept, key: SeriesKey, start: datetime | None, end: datetime | None, limit: int
    ) -> list[_Row]:
        if not is_name(key):
            return []
        query = f"{select_range(key, kept.fields, kept.suffix, start, end)} ORDER BY time DESC LIMIT {limit:d}"
        return self._server.ask(kept.bucket, query, kept.rows)[::-1]

    def _drop(self, kept: _Kept, key: SeriesKey, before: datetime) -> None:
        if self._central_drops and is_name(key):
            self._server.ask(kept.bucket, delete_range(key, kept.suffix, before), list, deletes=True)


def _line(measurement: str, at: SeriesPoint | SeriesHour, fields: Mapping[str, float | int]) -> str:
    if not is_name(SeriesKey(at.metric, at.entity)):
        raise StoreRejected(f"{at.metric!r} of {at.entity!r}: no name of a metric and of a box or camera")
    values = ",".join(
        f"{name}={value}i" if type(value) is int else f"{name}={value!r}" for name, value in fields.items()
    )
    return f"{measurement},entity={at.entity} {values} {micros(at.at)}"


def _hour_fields(hour: SeriesHour) -> Mapping[str, float | int]:
    figures = {"mean": hour.mean, "minimum": hour.minimum, "maximum": hour.maximum}
    return {"count": hour.count} | {name: float(value) for name, value in figures.items()}


def _keys(tables: Sequence[Table]) -> list[SeriesKey]:
    if any(table.columns != ("key", "value") for table in tables):
        raise HalfAnswer("the list of series has other columns than key and value")
    return [SeriesKey(table.name.removesuffix(HOURS), str(row[1])) for table in tables for row in table.rows]
