"""Figures over time in the same database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, tuple_

from central.core.fleet.devices import SeriesPoint
from central.stores import tables
from central.stores.database.connections import Database
from central.stores.database.rows import Rows
from central.stores.ports import SeriesKey

_POINTS = Rows(tables.series, SeriesPoint)


class SqlSeries:
    """`SeriesStore` with transactions of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, points: Sequence[SeriesPoint]) -> None:
        """See the port."""
        if points:
            with self._database.writing() as connection:
                _POINTS.upsert(connection, points, ("metric", "entity", "at"))

    def read(
        self, metric: str, entity: str, start: datetime | None, end: datetime | None, limit: int
    ) -> Sequence[SeriesPoint]:
        """See the port."""
        point = tables.series.c
        statement = select(tables.series).where(point.metric == metric, point.entity == entity)
        if start is not None:
            statement = statement.where(point.at >= start)
        if end is not None:
            statement = statement.where(point.at < end)
        newest = statement.order_by(point.at.desc()).limit(limit)
        with self._database.reading() as connection:
            return [_POINTS.value(row) for row in connection.execute(newest).mappings()][::-1]

    def drop_old(self, before: datetime, after: SeriesKey | None, series_max: int, points_max: int) -> SeriesKey | None:
        """See the port."""
        old: list[SeriesKey] = []
        with self._database.reading() as connection:
            for _ in range(series_max):
                first = _first_point(connection, after)
                if first is None:
                    after = None
                    break
                after = SeriesKey(first.metric, first.entity)
                if first.at < before:
                    old.append(after)
        if old:
            with self._database.writing() as connection:
                for key in old:
                    _drop_points(connection, key, before, points_max)
        return after


def _first_point(connection: Connection, after: SeriesKey | None) -> SeriesPoint | None:
    """The oldest point of the series that follows `after`."""
    point = tables.series.c
    statement = select(tables.series).order_by(point.metric, point.entity, point.at).limit(1)
    if after is not None:
        statement = statement.where(tuple_(point.metric, point.entity) > tuple_(*after))
    row = connection.execute(statement).mappings().first()
    return None if row is None else _POINTS.value(row)


def _drop_points(connection: Connection, key: SeriesKey, before: datetime, points_max: int) -> None:
    point = tables.series.c
    of_series = (point.metric == key.metric, point.entity == key.entity)
    old = select(point.at).where(*of_series, point.at < before).order_by(point.at).limit(points_max)
    times = connection.execute(old).scalars().all()
    if times:
        connection.execute(tables.series.delete().where(*of_series, point.at <= times[-1]))
