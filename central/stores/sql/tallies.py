"""Figures that are counted while they happen, in SQL."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, func, select

from central.core.values import Tally
from central.stores.database.rows import dialect_insert
from central.stores.tables import tallies


class SqlTallies:
    """`TallyStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, tally: Tally, counts: Mapping[str, int]) -> None:
        """See the port."""
        rows = [{"tally": tally, "subject": subject, "count": count} for subject, count in sorted(counts.items())]
        if rows:
            insert = dialect_insert(self._connection, tallies)
            statement = insert.on_conflict_do_update(
                index_elements=["tally", "subject"], set_={"count": tallies.c.count + insert.excluded.count}
            )
            self._connection.execute(statement, rows)

    def read(self, tally: Tally, subjects: Sequence[str]) -> Mapping[str, int]:
        """See the port."""
        known = tallies.c.subject.in_(set(subjects))
        statement = select(tallies.c.subject, tallies.c.count).where(tallies.c.tally == tally, known)
        found = (
            {row["subject"]: int(row["count"]) for row in self._connection.execute(statement).mappings()}
            if subjects
            else {}
        )
        return {subject: found.get(subject, 0) for subject in subjects}

    def total(self, tally: Tally) -> int:
        """See the port."""
        statement = select(func.sum(tallies.c.count)).where(tallies.c.tally == tally)
        return int(self._connection.execute(statement).scalar_one() or 0)
