"""Published months in SQL."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, RowMapping, exists, or_, select, tuple_

from central.core.kpis import BadPeriod, BoxMark, Period, Published, Snapshot, period_of
from central.core.kpis.periods import CalendarUnit
from central.core.kpis.publishing import Link, StreamTold, mark_of, month_name, month_of
from central.core.values import Page
from central.stores.database.rows import Order, Row, bounded, insert_rows, page_of
from central.stores.ports.kpi_months import MonthHead
from central.stores.ports.records import PageRequest
from central.stores.tables import boxes, cameras, events, kpi_months, streams

_COLUMNS = kpi_months.c
_NEWEST_FIRST = Order(_COLUMNS.position, newest_first=True)
_HEAD = tuple(MonthHead.__dataclass_fields__)
_MARKS = TypeAdapter(tuple[BoxMark, ...])
_FIGURES = TypeAdapter(tuple[Published, ...])


class SqlMonths:
    """`MonthStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, snapshot: Snapshot) -> None:
        """See the port."""
        insert_rows(self._connection, kpi_months, [_row(snapshot)])

    def newest(self, month: str) -> Link | None:
        """See the port."""
        return self._one(select(kpi_months).where(_COLUMNS.month == month).order_by(_COLUMNS.revision.desc()).limit(1))

    def get(self, month: str, revision: int) -> Link | None:
        """See the port."""
        return self._one(select(kpi_months).where(_COLUMNS.month == month, _COLUMNS.revision == revision))

    def heads(self, month: str | None, page: PageRequest) -> Page[MonthHead]:
        """See the port."""
        statement = select(_COLUMNS.position, *(_COLUMNS[name] for name in _HEAD))
        if month is not None:
            statement = statement.where(_COLUMNS.month == month)
        return page_of(self._connection, statement, _NEWEST_FIRST, page, _head)

    def after(self, month: str, revision: int, limit: int) -> Sequence[Link]:
        """See the port."""
        place = tuple_(_COLUMNS.month, _COLUMNS.revision)
        statement = select(kpi_months).where(place > tuple_(month, revision)).limit(bounded(limit))
        ordered = statement.order_by(_COLUMNS.month, _COLUMNS.revision)
        return [_link(row) for row in self._connection.execute(ordered).mappings()]

    def marks(self, month: Period) -> Sequence[BoxMark]:
        """See the port."""
        box, camera = boxes.c, cameras.c
        watched = exists().where(
            camera.box == box.id, or_(camera.retired_at.is_(None), camera.retired_at > month.begin)
        )
        asked = select(box.id, box.heard_at, box.outbox).where(box.added_at < month.end, watched).order_by(box.id)
        told = self._streams()
        marks = []
        for row in self._connection.execute(asked):
            waiting_s = None if row.outbox is None else row.outbox.oldest_age_s if row.outbox.depth else 0.0
            marks.append(mark_of(row.id, told.get(row.id, ()), row.heard_at, waiting_s, month))
        return marks

    def _streams(self) -> dict[str, list[StreamTold]]:
        stream, event = streams.c, events.c
        spoken = (
            select(event.corrected_time)
            .where(event.box == stream.box, event.epoch == stream.epoch, event.seq <= stream.upto)
            .order_by(event.seq.desc())
            .limit(1)
            .scalar_subquery()
        )
        found: defaultdict[str, list[StreamTold]] = defaultdict(list)
        statement = select(stream.box, stream.epoch, stream.upto, stream.top, stream.moved_at, spoken)
        for name, *told in self._connection.execute(statement.order_by(stream.box, stream.epoch)):
            found[name].append(StreamTold(*told))
        return dict(found)

    def _one(self, statement: Any) -> Link | None:  # noqa: ANN401 - a select of all columns
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else _link(row)


def _row(one: Snapshot) -> Row:
    return {
        "month": month_name(one.month),
        "zone": str(one.month.zone),
        "marks": _MARKS.dump_json(one.marks).decode(),
        "figures": _FIGURES.dump_json(one.figures, exclude_defaults=True).decode(),
        **{name: getattr(one, name) for name in ("revision", "as_of", "made_at", "made_by", "is_complete", "form")},
        "previous": one.previous,
        "seal": one.seal,
    }


def _head(row: RowMapping) -> MonthHead:
    return MonthHead(**{name: row[name] for name in _HEAD})


def _link(row: RowMapping) -> Link:
    marks: tuple[BoxMark, ...]
    figures: tuple[Published, ...]
    try:
        marks, figures = _MARKS.validate_json(row["marks"]), _FIGURES.validate_json(row["figures"])
    except ValidationError:
        marks, figures = (), ()
    kept = {name: row[name] for name in ("revision", "as_of", "made_at", "made_by", "previous", "seal", "form")}
    snapshot = Snapshot(month=_month(row["month"], row["zone"]), marks=marks, figures=figures, **kept)
    return Link(row["month"], row["revision"], snapshot)


def _month(written: str, zone: str) -> Period:
    try:
        return month_of(written, ZoneInfo(zone))
    except (BadPeriod, LookupError, ValueError, OSError):
        return period_of(CalendarUnit.MONTH, date(2000, 1, 1), UTC)
