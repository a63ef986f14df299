"""Series whose points wait in central's own database until their back-end has them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from central.core.fleet.devices import SeriesPoint
from central.core.fleet.series import SeriesGap, SeriesGapReason, SeriesHour
from central.stores import tables
from central.stores.database.connections import Database
from central.stores.database.rows import Rows
from central.stores.ports import SeriesBacklog, SeriesKey, SeriesStore, StoreRejected
from central.stores.ports.series import require_finite

BATCH_MAX = 5_000
"""Points that one `forward` hands on."""
BIN = 100
"""Past its bound the buffer drops one part in so many more than it must, so that it need not be counted each time."""
SAME_GAP = timedelta(hours=1)
"""Losses for one reason that are no further apart are one gap."""
GAPS_SHOWN_MAX = 20
DETAIL_MAX = 200

_POINTS = Rows(tables.series_buffer, SeriesPoint)
_GAPS = Rows(tables.series_gaps, SeriesGap)
_WAITING = tables.series_buffer.c


class BufferedSeries:
    """`SeriesStore`: `write` asks nothing of the back-end, `read` shows what waits too.

    `points_max` bounds what waits; past it the oldest is dropped and recorded as a gap. Handing on may be broken off
    anywhere: what was written and not yet taken out is written again, over itself.
    """

    def __init__(self, database: Database, behind: SeriesStore, points_max: int) -> None:
        self._database = database
        self._behind = behind
        self._points_max = points_max

    def write(self, points: Sequence[SeriesPoint]) -> None:
        """See the port."""
        require_finite(points)
        if points:
            with self._database.writing() as connection:
                _POINTS.insert(connection, points)
                self._bound(connection)

    def read(
        self, metric: str, entity: str, start: datetime | None, end: datetime | None, limit: int
    ) -> Sequence[SeriesPoint]:
        """See the port."""
        # What waits first: a point that is handed on meanwhile is then found behind.
        waiting = self._waiting(SeriesKey(metric, entity), start, end, limit)
        stored = self._behind.read(metric, entity, start, end, limit)
        merged = {point.at: point for point in (*stored, *waiting)}
        return [merged[at] for at in sorted(merged)[-limit:]]

    def first(self, key: SeriesKey, start: datetime | None) -> datetime | None:
        """See the port."""
        waiting = select(func.min(_WAITING.at)).where(_WAITING.metric == key.metric, _WAITING.entity == key.entity)
        if start is not None:
            waiting = waiting.where(_WAITING.at >= start)
        with self._database.reading() as connection:
            here = connection.execute(waiting).scalar_one()
        there = self._behind.first(key, start)
        return min((at for at in (here, there) if at is not None), default=None)

    def drop(self, key: SeriesKey, before: datetime) -> None:
        """See the port."""
        self._behind.drop(key, before)
        old = (_WAITING.metric == key.metric, _WAITING.entity == key.entity, _WAITING.at < before)
        with self._database.writing() as connection:
            connection.execute(tables.series_buffer.delete().where(*old))

    def write_hours(self, hours: Sequence[SeriesHour]) -> None:
        """See the port."""
        self._behind.write_hours(hours)

    def read_hours(
        self, metric: str, entity: str, start: datetime | None, end: datetime | None, limit: int
    ) -> Sequence[SeriesHour]:
        """See the port."""
        return self._behind.read_hours(metric, entity, start, end, limit)

    def drop_hours(self, key: SeriesKey, before: datetime) -> None:
        """See the port."""
        self._behind.drop_hours(key, before)

    def keys(self, after: SeriesKey | None, limit: int) -> Sequence[SeriesKey]:
        """See the port."""
        there = self._behind.keys(after, limit)
        with self._database.reading() as connection:
            rows = connection.execute(select(_WAITING.metric, _WAITING.entity).distinct())
            here = {SeriesKey(row.metric, row.entity) for row in rows}
        return sorted({*there, *(key for key in here if after is None or key > after)})[:limit]

    def forward(self) -> int:
        """See the port. A point that the back-end refuses by itself becomes a gap, and holds up no other."""
        waiting = select(tables.series_buffer).order_by(_WAITING.position).limit(BATCH_MAX)
        with self._database.reading() as connection:
            rows = connection.execute(waiting).mappings().all()
        if not rows:
            return 0
        refused = self._hand_on([_POINTS.value(row) for row in rows])
        done = _WAITING.position.in_([row["position"] for row in rows])
        with self._database.writing() as connection:
            for point, why in refused:
                _record(connection, SeriesGap(SeriesGapReason.REFUSED, point.at, point.at, 1, why[:DETAIL_MAX]))
            connection.execute(tables.series_buffer.delete().where(done))
            return _count(connection)

    def backlog(self) -> SeriesBacklog:
        """See the port."""
        gap = tables.series_gaps.c
        newest = select(tables.series_gaps).order_by(gap.position.desc()).limit(GAPS_SHOWN_MAX)
        with self._database.reading() as connection:
            oldest = connection.execute(select(_WAITING.at).order_by(_WAITING.position).limit(1)).scalar_one_or_none()
            lost = connection.execute(select(func.sum(gap.points))).scalar_one()
            gaps = tuple(_GAPS.value(row) for row in connection.execute(newest).mappings())
            return SeriesBacklog(_count(connection), oldest, int(lost or 0), gaps)

    def close(self) -> None:
        """See the port."""
        self._behind.close()

    def _waiting(self, key: SeriesKey, start: datetime | None, end: datetime | None, limit: int) -> list[SeriesPoint]:
        """The newest that wait, the last written of one time at the end."""
        conditions = [_WAITING.metric == key.metric, _WAITING.entity == key.entity]
        if start is not None:
            conditions.append(_WAITING.at >= start)
        if end is not None:
            conditions.append(_WAITING.at < end)
        last = select(func.max(_WAITING.position)).where(*conditions).group_by(_WAITING.at)
        newest = last.order_by(_WAITING.at.desc()).limit(limit).scalar_subquery()
        statement = select(tables.series_buffer).where(_WAITING.position.in_(newest))
        with self._database.reading() as connection:
            return [_POINTS.value(row) for row in connection.execute(statement).mappings()]

    def _hand_on(self, points: Sequence[SeriesPoint]) -> list[tuple[SeriesPoint, str]]:
        """Write all; those that are refused even alone, and why."""
        try:
            self._behind.write(points)
        except StoreRejected as refusal:
            if len(points) == 1:
                return [(points[0], str(refusal))]
            half = len(points) // 2
            return [*self._hand_on(points[:half]), *self._hand_on(points[half:])]
        return []

    def _bound(self, connection: Connection) -> None:
        first, last = connection.execute(select(func.min(_WAITING.position), func.max(_WAITING.position))).one()
        if last - first < self._points_max or (waiting := _count(connection)) <= self._points_max:
            return
        too_many = waiting - self._points_max + self._points_max // BIN
        oldest = select(_WAITING.position).order_by(_WAITING.position).limit(too_many).scalar_subquery()
        dropping = tables.series_buffer.delete().where(_WAITING.position.in_(oldest)).returning(_WAITING.at)
        dropped = connection.execute(dropping).scalars().all()
        _record(connection, SeriesGap(SeriesGapReason.FULL, min(dropped), max(dropped), len(dropped)))


def _count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(tables.series_buffer)).scalar_one()


def _record(connection: Connection, gap: SeriesGap) -> None:
    """Keep a loss, as a part of the gap before it where they belong together."""
    column = tables.series_gaps.c
    newest = select(tables.series_gaps).where(column.reason == gap.reason).order_by(column.position.desc()).limit(1)
    row = connection.execute(newest).mappings().first()
    before = None if row is None else _GAPS.value(row)
    if row is None or before is None or gap.first_at - before.last_at > SAME_GAP:
        _GAPS.insert(connection, [gap])
        return
    longer = {
        "first_at": min(before.first_at, gap.first_at),
        "last_at": max(before.last_at, gap.last_at),
        "points": before.points + gap.points,
        "detail": gap.detail,
    }
    connection.execute(tables.series_gaps.update().where(column.position == row["position"]).values(longer))
