"""What was deleted, in one sealed chain: a tombstone that is changed, or taken away, shows."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from central.core.case_machine.audit import FIRST, Head, Line, sealed
from central.core.retention import Tombstone, TombstoneKind
from central.core.values import Page
from central.stores.database.rows import Order, Rows, insert_new_rows, insert_rows
from central.stores.ports import PageRequest
from central.stores.sql.keeping.sealing import as_kept, content
from central.stores.tables import seals, tombstones

CHAIN = "tombstones"
_STONES = Rows(tombstones, Tombstone)
_NEWEST_FIRST = Order(tombstones.c.position, newest_first=True)
_SEALED = tuple(column.name for column in tombstones.c if column.name not in {"position", "seal"})


class SqlTombstones:
    """Tombstones over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, stones: Sequence[Tombstone]) -> None:
        """Append; two that append at once do it one after the other."""
        if not stones:
            return
        insert_new_rows(self._connection, seals, [{"chain": CHAIN, "lines": 0, "seal": FIRST}], ("chain",))
        head = self._connection.execute(select(seals).where(seals.c.chain == CHAIN).with_for_update()).one()
        number, seal, rows = head.lines, head.seal, []
        for stone in stones:
            number += 1
            row = _STONES.row(stone) | {"number": number}
            seal = sealed(seal, content(row, _SEALED))
            rows.append(row | {"seal": seal})
        insert_rows(self._connection, tombstones, rows)
        self._connection.execute(seals.update().where(seals.c.chain == CHAIN).values(lines=number, seal=seal))

    def page(self, page: PageRequest) -> Page[Tombstone]:
        """Newest first."""
        return _STONES.page(self._connection, select(tombstones), _NEWEST_FIRST, page)

    def of_case(self, case: str) -> Tombstone | None:
        """That of a case."""
        found = select(tombstones).where(tombstones.c.subject == case, tombstones.c.kind == TombstoneKind.CASE)
        newest = found.order_by(tombstones.c.position.desc()).limit(1)
        row = self._connection.execute(newest).mappings().first()
        return _STONES.value(row) if row is not None else None

    def head(self) -> Head:
        """How many there are, and the last seal."""
        found = self._connection.execute(select(seals).where(seals.c.chain == CHAIN)).one_or_none()
        return Head(0, FIRST, "") if found is None else Head(found.lines, found.seal, "")

    def lines(self, after: int, limit: int) -> Sequence[tuple[int, Line]]:
        """Those behind position `after`, oldest first, each with its position."""
        columns = [as_kept(column) for column in tombstones.c]
        statement = select(*columns).where(tombstones.c.position > after).order_by(tombstones.c.position)
        rows = self._connection.execute(statement.limit(limit)).mappings()
        return [(row["position"], Line(row["number"], content(row, _SEALED), row["seal"])) for row in rows]
