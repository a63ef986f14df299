"""Frozen values as rows, rows as pages: what every SQL store does the same way."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Integer, RowMapping, Select, Table, bindparam, select, text
from sqlalchemy.dialects import postgresql, sqlite

from central.core.values import PAGE_LIMIT_MAX, Page
from central.stores.database.connections import WRITING
from central.stores.ports import BadCursor, PageRequest

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    T = TypeVar("T", bound=DataclassInstance)
else:
    T = TypeVar("T")

Row = dict[str, Any]


class Rows(Generic[T]):
    """The values of one dataclass in one table; `renamed` gives the column of a field that is called otherwise.

    `derived` columns repeat what a value says somewhere within, so that lists can ask for it.
    """

    def __init__(
        self,
        table: Table,
        kind: type[T],
        renamed: Mapping[str, str] | None = None,
        derived: Mapping[str, Callable[[T], object]] | None = None,
    ) -> None:
        names = renamed or {}
        self.derived = derived or {}
        self.table = table
        self._kind = kind
        pairs = ((field.name, names.get(field.name, field.name)) for field in fields(kind))
        self._columns = tuple(pair for pair in pairs if pair[1] in table.c)

    def row(self, value: T) -> Row:
        """Column values."""
        own = {column: getattr(value, name) for name, column in self._columns}
        return own | {column: derive(value) for column, derive in self.derived.items()}

    def value(self, row: RowMapping) -> T:
        """The value that a row keeps."""
        return self._kind(**{name: row[column] for name, column in self._columns})

    def insert(self, connection: Connection, values: Sequence[T]) -> None:
        """Append all."""
        insert_rows(connection, self.table, [self.row(value) for value in values])

    def upsert(self, connection: Connection, values: Sequence[T], keys: tuple[str, ...]) -> None:
        """Insert, or overwrite where `keys` (the columns of a unique index) are there."""
        upsert_rows(connection, self.table, [self.row(value) for value in values], keys)

    def update(
        self, connection: Connection, values: Sequence[T], key: str, only: tuple[str, ...] | None = None
    ) -> None:
        """Overwrite the rows named by column `key`; `only` these columns where given."""
        if values:
            kept = only or tuple(column for _, column in self._columns if column != key)
            assigned: Row = {column: bindparam(column) for column in kept}
            statement = self.table.update().where(self.table.c[key] == bindparam("row_key")).values(assigned)
            rows = [self.row(value) for value in values]
            connection.execute(
                statement, [{"row_key": row[key], **{column: row[column] for column in kept}} for row in rows]
            )

    def by(self, connection: Connection, key: str, wanted: Sequence[str], *, lock: bool = False) -> list[T]:
        """Rows whose column `key` is one of `wanted`, in order of it; `lock` them until a writer ends."""
        if not wanted:
            return []
        column = self.table.c[key]
        statement = select(self.table).where(column.in_(set(wanted))).order_by(column)
        if lock and connection.get_execution_options().get(WRITING, False):
            statement = statement.with_for_update()
        return [self.value(row) for row in connection.execute(statement).mappings()]

    def page(self, connection: Connection, statement: Select[Any], order: "Order", request: PageRequest) -> Page[T]:
        """A page of what `statement` selects of this table."""
        return page_of(connection, statement, order, request, self.value)


class Order:
    """In what order a list is given and continued: by a unique column."""

    def __init__(self, column: ColumnElement[Any], *, newest_first: bool = False) -> None:
        self.column = column
        self.newest_first = newest_first
        self._name = str(column.key)
        self._is_number = isinstance(column.type, Integer)

    def limit(self, statement: Select[Any], request: PageRequest) -> Select[Any]:
        """The rows after the cursor, and one more than wanted, to see whether there is more."""
        if request.cursor is not None:
            last = self._decode(request.cursor)
            statement = statement.where(self.column < last if self.newest_first else self.column > last)
        ordered = statement.order_by(self.column.desc() if self.newest_first else self.column)
        return ordered.limit(bounded(request.limit) + 1)

    def cursor(self, row: RowMapping) -> str:
        """What continues after `row`."""
        return base64.urlsafe_b64encode(str(row[self._name]).encode()).rstrip(b"=").decode()

    def _decode(self, cursor: str) -> int | str:
        try:
            text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
            return int(text[:18]) if self._is_number else text.replace("\x00", "")
        except (ValueError, binascii.Error):
            raise BadCursor("the cursor is not one of this list; start again without it") from None


def page_of(
    connection: Connection,
    statement: Select[Any],
    order: Order,
    request: PageRequest,
    value: Callable[[RowMapping], T],
) -> Page[T]:
    """A page of what `statement` selects."""
    rows = connection.execute(order.limit(statement, request)).mappings().all()
    shown = rows[: bounded(request.limit)]
    return Page(tuple(value(row) for row in shown), order.cursor(shown[-1]) if len(rows) > len(shown) else None)


def bounded(limit: int) -> int:
    """A limit inside what a list may give."""
    return max(1, min(limit, PAGE_LIMIT_MAX))


def hold(connection: Connection, table: Table) -> None:
    """Let nobody else add to a table until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE"))


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Append all."""
    if rows:
        connection.execute(table.insert(), list(rows))


def upsert_rows(connection: Connection, table: Table, rows: Sequence[Row], keys: tuple[str, ...]) -> None:
    """Insert, or overwrite where `keys` are there; rows with nothing but keys are left as they are."""
    if not rows:
        return
    insert = dialect_insert(connection, table)
    kept = [column for column in rows[0] if column not in keys]
    statement = (
        insert.on_conflict_do_update(index_elements=keys, set_={name: insert.excluded[name] for name in kept})
        if kept
        else insert.on_conflict_do_nothing(index_elements=keys)
    )
    connection.execute(statement, list(rows))


def insert_new_rows(connection: Connection, table: Table, rows: Sequence[Row], keys: tuple[str, ...]) -> None:
    """Insert those whose `keys` are not there yet."""
    if rows:
        insert = dialect_insert(connection, table)
        connection.execute(insert.on_conflict_do_nothing(index_elements=keys), list(rows))


def dialect_insert(connection: Connection, table: Table) -> "postgresql.Insert | sqlite.Insert":
    """The insert that knows ON CONFLICT."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
