"""What the public told beside what machines found, in SQL."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, or_, select

from central.core.availability.spans import Span
from central.core.kpis import COUNTERS
from central.core.kpis.registry.conditions import Known, every
from central.core.kpis.registry.counters import OF_MACHINES
from central.core.places import Bounds, Position
from central.core.values import PUBLIC_SOURCES
from central.stores.ports.kpis import Asked
from central.stores.ports.public_reports import Found, JoinedReport, Narrowed, VerifiedReport
from central.stores.sql.figures.fact_order import FactOrder
from central.stores.sql.figures.kpis import Columns, of_groups, order_of, sql_of, within
from central.stores.tables import case_facts, case_reports, cases

PREFIXES_MAX = 500
CAMERAS_MAX = 500
_FACT, _REPORT = case_facts.c, case_reports.c
_JOINED = FactOrder(_REPORT.at, _REPORT.position)
_TRUE = COUNTERS["registered_public_true"]
_CONFIRMED = every(OF_MACHINES, Known("reported_at"))


class SqlPublicReports:
    """`PublicReportStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def verified(self, asked: Asked, narrowed: Narrowed) -> Sequence[VerifiedReport]:
        """See the port."""
        known, fact, order = self._in_order(asked, narrowed.cursor)
        group = literal("") if asked.group_by is None else fact[asked.group_by]
        told_at = func.coalesce(fact.reported_at, fact.opened_at)
        statement = known.with_only_columns(
            *order.columns, fact.case_id, fact.number, fact.code, fact.grid, group, told_at
        ).where(
            sql_of(_TRUE.condition, asked.as_of, fact),
            *_begins(fact.code, narrowed.codes),
            *_begins(fact.grid, narrowed.grids),
        )
        if narrowed.group is not None and asked.group_by is not None:
            statement = statement.where(fact[asked.group_by] == narrowed.group)
        if narrowed.bounds is not None:
            statement = statement.add_columns(cases.c.latitude, cases.c.longitude)
            statement = statement.join(cases, cases.c.id == fact.case_id).where(_lies_in(cases.c, narrowed.bounds))
        rows = self._rows(statement.order_by(*order.columns).limit(narrowed.limit))
        return [
            VerifiedReport(order.cursor(row[:2]), case, number, code, grid, group, told, Position(*at) if at else None)
            for row in rows
            for case, number, code, grid, group, told, *at in [row[2:]]
        ]

    def joined(self, asked: Asked, opened: Span, narrowed: Narrowed) -> Sequence[JoinedReport]:
        """See the port."""
        assert narrowed.bounds is not None  # noqa: S101 - the port demands it
        period, fact = asked.period, (_FACT.case_id, _FACT.number, _FACT.camera, _FACT.zone)
        statement = (
            select(*_JOINED.columns, *fact, _REPORT.at, _REPORT.latitude, _REPORT.longitude)
            .join_from(case_facts, case_reports, _REPORT.case_id == _FACT.case_id)
            .where(
                _FACT.opened_at.between(opened.start, min(opened.end, asked.as_of)),
                sql_of(_CONFIRMED, asked.as_of),
                *of_groups(asked, _one(narrowed.group)),
                _REPORT.source.in_(sorted(PUBLIC_SOURCES)),
                and_(_REPORT.at >= period.begin, _REPORT.at < period.end, _REPORT.at <= asked.as_of),
                _lies_in(_REPORT, narrowed.bounds),
            )
        )
        if narrowed.cursor is not None:
            statement = statement.where(_JOINED.behind(narrowed.cursor))
        rows = self._rows(statement.order_by(*_JOINED.columns).limit(narrowed.limit))
        return [
            JoinedReport(_JOINED.cursor(row[:2]), case, number, camera, zone, told, Position(latitude, longitude))
            for row in rows
            for case, number, camera, zone, told, latitude, longitude in [row[2:]]
        ]

    def found(self, cameras: Collection[str], spans: Sequence[Span], as_of: datetime) -> Sequence[Found]:
        """See the port."""
        if not cameras or not spans:
            return []
        wanted = [sql_of(OF_MACHINES, as_of), _FACT.opened_at <= as_of]
        if len(set(cameras)) <= CAMERAS_MAX:
            wanted.append(_FACT.camera.in_(sorted(set(cameras))))
        statement = select(_FACT.camera, _FACT.zone, _FACT.scene, _FACT.opened_at).where(*wanted)
        found: list[Found] = []
        for span in spans:
            found += [Found(*row) for row in self._rows(statement.where(_FACT.opened_at.between(span.start, span.end)))]
        return found

    def _in_order(self, asked: Asked, cursor: str | None) -> tuple[Select[Any], Columns, FactOrder]:
        """Facts that were registered in the period, behind a cursor, and their order.

        PostgreSQL expects few that meet the rest, and would read and sort all; it does not look through `OFFSET`.
        """
        order = order_of(_TRUE.cohort)
        statement = select(case_facts).where(*within(asked, _TRUE.cohort))
        if cursor is not None:
            statement = statement.where(order.behind(cursor))
        if self._connection.dialect.name != "postgresql":
            return statement, _FACT, order
        found = statement.order_by(*order.columns).offset(0).subquery()
        return select(found), found.c, FactOrder(*(found.c[str(one.key)] for one in order.columns))

    def _rows(self, statement: Select[Any]) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._connection.execute(statement).all()]


def _one(group: str | None) -> list[str] | None:
    return None if group is None else [group]


def _begins(column: ColumnElement[str], prefixes: Collection[str]) -> list[ColumnElement[bool]]:
    """That a text begins with one of these; nothing where they are too many to be asked for."""
    if not prefixes or len(prefixes) > PREFIXES_MAX:
        return []
    by_length = groupby(sorted(set(prefixes), key=lambda one: (len(one), one)), key=len)
    return [or_(*(func.substr(column, 1, length).in_(list(some)) for length, some in by_length))]


def _lies_in(columns: Any, bounds: Bounds) -> ColumnElement[bool]:  # noqa: ANN401 - a table's columns
    return and_(
        columns.latitude.between(bounds.south, bounds.north), columns.longitude.between(bounds.west, bounds.east)
    )
