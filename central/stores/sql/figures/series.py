"""Figures over time in the same database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, select, tuple_, union_all

from central.core.fleet.devices import SeriesPoint
from central.core.fleet.series import SeriesHour
from central.stores import tables
from central.stores.database.connections import Database
from central.stores.database.rows import Rows, dialect_insert
from central.stores.ports import SeriesBacklog, SeriesKey
from central.stores.ports.series import require_finite

_KEYS = ("metric", "entity", "at")
_POINTS = Rows(tables.series, SeriesPoint)
_HOURS = Rows(tables.series_hours, SeriesHour)


class SqlSeries:
    """`SeriesStore` with transactions of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, points: Sequence[SeriesPoint]) -> None:
        """See the port."""
        require_finite(points)
        if points:
            with self._database.writing() as connection:
                _POINTS.upsert(connection, points, _KEYS)

    def read(
        self, metric: str, entity: str, start: datetime | None, end: datetime | None, limit: int
    ) -> Sequence[SeriesPoint]:
        """See the port."""
        return self._newest(_POINTS, SeriesKey(metric, entity), start, end, limit)

    def first(self, key: SeriesKey, start: datetime | None) -> datetime | None:
        """See the port."""
        at = tables.series.c.at
        statement = select(at).where(*_within(tables.series, key, start, None)).order_by(at).limit(1)
        with self._database.reading() as connection:
            return connection.execute(statement).scalar_one_or_none()

    def drop(self, key: SeriesKey, before: datetime) -> None:
        """See the port."""
        self._drop(tables.series, key, before)

    def write_hours(self, hours: Sequence[SeriesHour]) -> None:
        """See the port."""
        if not hours:
            return
        with self._database.writing() as connection:
            insert = dialect_insert(connection, tables.series_hours)
            kept = {name: insert.excluded[name] for name in ("count", "mean", "minimum", "maximum")}
            statement = insert.on_conflict_do_update(
                index_elements=_KEYS, set_=kept, where=tables.series_hours.c["count"] <= insert.excluded["count"]
            )
            connection.execute(statement, [_HOURS.row(hour) for hour in hours])

    def read_hours(
        self, metric: str, entity: str, start: datetime | None, end: datetime | None, limit: int
    ) -> Sequence[SeriesHour]:
        """See the port."""
        return self._newest(_HOURS, SeriesKey(metric, entity), start, end, limit)

    def drop_hours(self, key: SeriesKey, before: datetime) -> None:
        """See the port."""
        self._drop(tables.series_hours, key, before)

    def keys(self, after: SeriesKey | None, limit: int) -> Sequence[SeriesKey]:
        """See the port."""
        found: list[SeriesKey] = []
        with self._database.reading() as connection:
            while len(found) < limit:
                after = _next_key(connection, after)
                if after is None:
                    break
                found.append(after)
        return found

    def forward(self) -> int:
        """Nothing ever waits here."""
        return 0

    def backlog(self) -> SeriesBacklog:
        """Nothing ever waits here."""
        return SeriesBacklog()

    def close(self) -> None:
        """The database is closed by who opened it."""

    def _newest(
        self, rows: "Rows[Any]", key: SeriesKey, start: datetime | None, end: datetime | None, limit: int
    ) -> list[Any]:
        statement: Select[Any] = select(rows.table).where(*_within(rows.table, key, start, end))
        newest = statement.order_by(rows.table.c.at.desc()).limit(limit)
        with self._database.reading() as connection:
            return [rows.value(row) for row in connection.execute(newest).mappings()][::-1]

    def _drop(self, table: Table, key: SeriesKey, before: datetime) -> None:
        with self._database.writing() as connection:
            connection.execute(table.delete().where(*_within(table, key, None, before)))


def _within(table: Table, key: SeriesKey, start: datetime | None, end: datetime | None) -> list[ColumnElement[bool]]:
    conditions = [table.c.metric == key.metric, table.c.entity == key.entity]
    if start is not None:
        conditions.append(table.c.at >= start)
    if end is not None:
        conditions.append(table.c.at < end)
    return conditions


def _next_key(connection: Connection, after: SeriesKey | None) -> SeriesKey | None:
    """The key that follows `after` in either table; the database compares, by its own order of texts."""
    nexts = [select(_next_in(table, after).subquery()) for table in (tables.series, tables.series_hours)]
    either = union_all(*nexts).subquery()
    row = connection.execute(select(either).order_by(either.c.metric, either.c.entity).limit(1)).first()
    return None if row is None else SeriesKey(row.metric, row.entity)


def _next_in(table: Table, after: SeriesKey | None) -> Select[tuple[str, str]]:
    metric, entity = table.c.metric, table.c.entity
    statement = select(metric, entity).order_by(metric, entity).limit(1)
    return statement if after is None else statement.where(tuple_(metric, entity) > tuple_(*after))
