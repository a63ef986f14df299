"""Targets in SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, select

from central.core.kpis import INDICATORS
from central.core.kpis.targets import Target, Targets
from central.core.values import Page
from central.stores.database.rows import Order, Rows, hold, page_of
from central.stores.ports import PageRequest
from central.stores.tables import kpi_targets

_TARGETS = Rows(kpi_targets, Target, {"group": "of_group"})
_IN_ORDER = Order(kpi_targets.c.position)


class SqlTargets:
    """`TargetStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self) -> None:
        """See the port."""
        hold(self._connection, kpi_targets)

    def append(self, words: Sequence[Target]) -> None:
        """See the port."""
        _TARGETS.insert(self._connection, words)

    def page(self, indicator: str | None, page: PageRequest) -> Page[Target]:
        """See the port."""
        return page_of(self._connection, _said(indicator), _IN_ORDER, page, _TARGETS.value)

    def all(self, indicator: str | None = None) -> Targets:
        """See the port."""
        found = self._connection.execute(_said(indicator).order_by(kpi_targets.c.position)).mappings()
        return Targets(tuple(_TARGETS.value(row) for row in found))


def _said(indicator: str | None) -> Select[Any]:
    statement = select(kpi_targets).where(kpi_targets.c.indicator.in_(list(INDICATORS)))
    return statement if indicator is None else statement.where(kpi_targets.c.indicator == indicator)
