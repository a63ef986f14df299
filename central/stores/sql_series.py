"""Figures over time in the same database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from central.core.devices import SeriesPoint
from central.stores import tables
from central.stores.database.connections import Database
from central.stores.database.rows import Rows

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
