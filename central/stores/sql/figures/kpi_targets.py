"""Targets in SQL."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from central.core.kpis import INDICATORS
from central.core.kpis.targets import Target, Targets
from central.stores.database.rows import Rows
from central.stores.tables import kpi_targets

_TARGETS = Rows(kpi_targets, Target, {"group": "of_group"})


class SqlTargets:
    """`TargetStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, words: Sequence[Target]) -> None:
        """See the port."""
        _TARGETS.insert(self._connection, words)

    def all(self, indicator: str | None = None) -> Targets:
        """See the port."""
        known = kpi_targets.c.indicator.in_(list(INDICATORS))
        statement = select(kpi_targets).where(known).order_by(kpi_targets.c.position)
        if indicator is not None:
            statement = statement.where(kpi_targets.c.indicator == indicator)
        found = self._connection.execute(statement).mappings()
        return Targets(tuple(_TARGETS.value(row) for row in found))
