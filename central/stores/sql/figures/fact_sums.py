"""Sums over facts of cases in SQL."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, case, func, select

from central.core.kpis import COUNTERS, STAGED, Cell, Duration, Leg, Timed, joined
from central.stores.ports.kpis import Asked, Summed
from central.stores.sql.figures.kpis import sql_of, within
from central.stores.tables import case_facts

_COLUMNS = case_facts.c


class SqlFactSums:
    """`FactSums` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def cells(self, asked: Asked, formula: Duration) -> Sequence[Cell]:
        """See the port."""
        counted, seconds = COUNTERS[formula.counter], _COLUMNS[formula.field]
        wanted = (*within(asked, counted.cohort), sql_of(counted.condition, asked.as_of), seconds.is_not(None))
        key = (_COLUMNS.code, _COLUMNS.unit)
        if formula.field == STAGED:
            moments = (_COLUMNS.found_at, _COLUMNS.registered_at, _COLUMNS.dispatched_at)
            found = self._connection.execute(select(*key, seconds, *moments).where(*wanted))
            return joined((Timed(*row) for row in found), STAGED)
        summed = select(*key, func.count(), func.sum(seconds)).where(*wanted).group_by(*key).order_by(*key)
        found = self._connection.execute(summed)
        return [Cell(row[0], row[1], row[2], {Leg.HANDLING: int(row[3])}) for row in found]

    def durations(self, asked: Asked, formulas: Collection[Duration]) -> Mapping[Duration, Summed]:
        """See the port."""
        told: dict[Duration, Summed] = {}
        for cohort in sorted({COUNTERS[one.counter].cohort for one in formulas}):
            mine = [one for one in formulas if COUNTERS[one.counter].cohort is cohort]
            kept = [case((sql_of(COUNTERS[one.counter].condition, asked.as_of), _COLUMNS[one.field])) for one in mine]
            sums = [made(one) for one in kept for made in (func.count, func.sum)]
            row = self._connection.execute(select(*sums).where(*within(asked, cohort))).one()
            told |= {one: Summed(row[2 * at], int(row[2 * at + 1] or 0)) for at, one in enumerate(mine)}
        return told
