"""The table of standards in its versions, in SQL."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, func, or_, select

from central.core.standards import ClassKind, Standard, StandardBook
from central.core.values import Page
from central.stores.database.rows import Order, Rows, insert_rows
from central.stores.ports import PageRequest
from central.stores.tables import standard_books, standards

_STANDARDS = Rows(standards, Standard)
_TABLES_ORDER = Order(standards.c.position)


class SqlStandards:
    """`StandardStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def version(self) -> int:
        """See the port."""
        return int(self._connection.execute(select(func.max(standard_books.c.version))).scalar_one() or 0)

    def systems(self) -> frozenset[str]:
        """See the port."""
        return frozenset(self._connection.execute(select(standards.c.system).distinct()).scalars())

    def add(self, book: StandardBook) -> None:
        """See the port."""
        row = {column.name: getattr(book, column.name) for column in standard_books.c}
        insert_rows(self._connection, standard_books, [row])
        rows = [_STANDARDS.row(one) | {"version": book.version} for one in book.standards]
        insert_rows(self._connection, standards, rows)

    def book(self, version: int) -> StandardBook | None:
        """See the port."""
        statement = select(standard_books).where(standard_books.c.version == version)
        row = self._connection.execute(statement).mappings().one_or_none()
        if row is None:
            return None
        found = select(standards).where(standards.c.version == version).order_by(standards.c.position)
        return StandardBook(
            **row, standards=tuple(_STANDARDS.value(one) for one in self._connection.execute(found).mappings())
        )

    def get(self, version: int, standard: str) -> Standard | None:
        """See the port."""
        statement = select(standards).where(standards.c.version == version, standards.c.id == standard)
        row = self._connection.execute(statement).mappings().one_or_none()
        return None if row is None else _STANDARDS.value(row)

    def of_codes(self, version: int, codes: Collection[str], limit: int) -> Sequence[Standard]:
        """See the port."""
        if not codes:
            return []
        here = (standards.c.version == version, standards.c.kind == ClassKind.EVENT, standards.c.code.in_(codes))
        statement = select(standards).where(*here).order_by(standards.c.position).limit(limit)
        return [_STANDARDS.value(row) for row in self._connection.execute(statement).mappings()]

    def find(self, version: int, code: str, page: PageRequest) -> Page[Standard]:
        """See the port."""
        statement = select(standards).where(standards.c.version == version)
        if code:
            of_group = standards.c.code.startswith(f"{code}-", autoescape=True)
            statement = statement.where(or_(standards.c.code == code, of_group))
        return _STANDARDS.page(self._connection, statement, _TABLES_ORDER, page)
