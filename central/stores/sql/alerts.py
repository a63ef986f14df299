"""Alerts and notices, in SQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, exists, or_, select

from central.core.alerting.alerts import Alert
from central.core.alerting.notices import Notice
from central.core.values import AlertState, NoticeKind, NoticeState, Page
from central.stores import tables
from central.stores.database.rows import Order, Rows
from central.stores.ports import PageRequest

_ALERTS = Rows(tables.alerts, Alert)
_NOTICES = Rows(tables.notices, Notice, {"values": "fillings"})
_NEWEST_FIRST = Order(tables.alerts.c.position, newest_first=True)


class SqlAlerts:
    """`AlertStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open_of(self, subjects: Sequence[str]) -> Sequence[Alert]:
        """See the port."""
        if not subjects:
            return []
        alert = tables.alerts.c
        statement = select(tables.alerts).where(alert.state == AlertState.OPEN, alert.subject.in_(subjects))
        return [_ALERTS.value(row) for row in self._connection.execute(statement).mappings()]

    def add(self, alerts: Sequence[Alert]) -> None:
        """See the port."""
        _ALERTS.insert(self._connection, alerts)

    def save(self, alerts: Sequence[Alert]) -> None:
        """See the port."""
        _ALERTS.update(self._connection, alerts, "id")

    def find(self, state: AlertState | None, page: PageRequest) -> Page[Alert]:
        """See the port."""
        statement = select(tables.alerts)
        if state is not None:
            statement = statement.where(tables.alerts.c.state == state)
        return _ALERTS.page(self._connection, statement, _NEWEST_FIRST, page)

    def get(self, ids: Sequence[str]) -> Sequence[Alert]:
        """See the port."""
        return _ALERTS.by(self._connection, "id", ids)


class SqlNotices:
    """`NoticeStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, notices: Sequence[Notice]) -> None:
        """See the port."""
        _NOTICES.insert(self._connection, notices)

    def due(self, now: datetime, limit: int) -> Sequence[Notice]:
        """See the port."""
        notice, problem = tables.notices.c, tables.notices.alias("problem").c
        told = exists().where(
            problem.alert == notice.alert,
            problem.kind == NoticeKind.PROBLEM,
            problem.state == NoticeState.DELIVERED,
        )
        statement = (
            select(tables.notices)
            .where(
                notice.state == NoticeState.PENDING,
                notice.next_attempt_at <= now,
                or_(notice.kind == NoticeKind.PROBLEM, and_(notice.kind == NoticeKind.RECOVERY, told)),
            )
            .order_by(notice.position)
            .limit(limit)
        )
        return [_NOTICES.value(row) for row in self._connection.execute(statement).mappings()]

    def of_alerts(self, alerts: Sequence[str]) -> Sequence[Notice]:
        """See the port."""
        if not alerts:
            return []
        notice = tables.notices.c
        statement = select(tables.notices).where(notice.alert.in_(alerts)).order_by(notice.position)
        return [_NOTICES.value(row) for row in self._connection.execute(statement).mappings()]

    def drop_old(self, before: datetime, limit: int) -> int:
        """See the port."""
        notice, alert, waiting = tables.notices.c, tables.alerts.c, tables.notices.alias("waiting").c
        over = exists().where(alert.id == notice.alert, alert.state == AlertState.CLEARED, alert.cleared_at < before)
        waits = exists().where(waiting.alert == notice.alert, waiting.state == NoticeState.PENDING)
        old = (
            select(notice.position)
            .where(notice.created_at < before, over, ~waits)
            .order_by(notice.created_at, notice.position)
            .limit(limit)
        )
        positions = self._connection.execute(old).scalars().all()
        if positions:
            self._connection.execute(tables.notices.delete().where(notice.position.in_(positions)))
        return len(positions)

    def get(self, notice: str) -> Notice | None:
        """See the port."""
        return next(iter(_NOTICES.by(self._connection, "id", [notice], lock=True)), None)

    def save(self, notices: Sequence[Notice]) -> None:
        """See the port."""
        _NOTICES.update(self._connection, notices, "id")
