"""Grids, components and responsible units, in SQL."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, Select, func, select

from central.core.places import PlaceBook, PlaceKind, Position, cell_of
from central.core.places.grid import SPAN_DEG_MAX, Grid, code_at
from central.core.places.nearest import Component, ResponsibleUnit
from central.stores.database.rows import Rows, insert_rows
from central.stores.tables import components, grids, place_books, responsible_units

_BOOKS = Rows(place_books, PlaceBook)
_GRIDS = Rows(
    grids,
    Grid,
    derived={
        "west": lambda grid: grid.west,
        "south": lambda grid: grid.south,
        "east": lambda grid: grid.east,
        "north": lambda grid: grid.north,
    },
)
_COMPONENTS = Rows(components, Component, derived={"cell": lambda one: cell_of(one.position)})
_UNITS = Rows(responsible_units, ResponsibleUnit)
_KEPT: dict[PlaceKind, Rows] = {  # type: ignore[type-arg]  # of three kinds of values
    PlaceKind.GRIDS: _GRIDS,
    PlaceKind.COMPONENTS: _COMPONENTS,
    PlaceKind.UNITS: _UNITS,
}


class SqlPlaces:
    """`PlaceStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def book(self, kind: PlaceKind) -> PlaceBook | None:
        """See the port."""
        statement = select(place_books).where(place_books.c.kind == kind).order_by(place_books.c.version.desc())
        row = self._connection.execute(statement.limit(1)).mappings().one_or_none()
        return None if row is None else _BOOKS.value(row)

    def add(self, book: PlaceBook, kept: Sequence[Grid] | Sequence[Component] | Sequence[ResponsibleUnit]) -> None:
        """See the port."""
        _BOOKS.insert(self._connection, [book])
        table = _KEPT[book.kind]
        insert_rows(self._connection, table.table, [table.row(one) | {"version": book.version} for one in kept])

    def grid_at(self, place: Position) -> str:
        """See the port."""
        columns, x, y = grids.c, place.longitude, place.latitude
        statement = select(grids).where(
            columns.version == _newest(PlaceKind.GRIDS).scalar_subquery(),
            columns.west.between(x - SPAN_DEG_MAX, x),
            columns.east >= x,
            columns.south <= y,
            columns.north >= y,
        )
        found = [_GRIDS.value(row) for row in self._connection.execute(statement).mappings()]
        return code_at(place, found) if found else ""

    def grid_names(self, codes: Collection[str] | None = None) -> Mapping[str, str]:
        """See the port."""
        statement = select(grids.c.code, grids.c.name).where(
            grids.c.version == _newest(PlaceKind.GRIDS).scalar_subquery()
        )
        if codes is not None:
            statement = statement.where(grids.c.code.in_(codes))
        rows = self._connection.execute(statement.order_by(grids.c.position))
        return {row.code: row.name for row in rows}

    def components_in(self, cells: Sequence[int], limit: int) -> Sequence[Component]:
        """See the port."""
        if not cells:
            return []
        here = (
            components.c.version == _newest(PlaceKind.COMPONENTS).scalar_subquery(),
            components.c.cell.in_(cells),
        )
        statement = select(components).where(*here).order_by(components.c.position).limit(limit)
        return [_COMPONENTS.value(row) for row in self._connection.execute(statement).mappings()]

    def component(self, wanted: str) -> tuple[int, Component] | None:
        """See the port."""
        version = _newest(PlaceKind.COMPONENTS).scalar_subquery()
        statement = select(components).where(components.c.id == wanted, components.c.version == version)
        row = self._connection.execute(statement.limit(1)).mappings().one_or_none()
        return None if row is None else (row["version"], _COMPONENTS.value(row))

    def all(self, kind: PlaceKind, limit: int) -> Sequence[Grid] | Sequence[Component] | Sequence[ResponsibleUnit]:
        """See the port."""
        kept = _KEPT[kind]
        statement = select(kept.table).where(kept.table.c.version == _newest(kind).scalar_subquery())
        rows = self._connection.execute(statement.order_by(kept.table.c.position).limit(limit)).mappings()
        return [kept.value(row) for row in rows]

    def units(self) -> Sequence[ResponsibleUnit]:
        """See the port."""
        here = responsible_units.c.version == _newest(PlaceKind.UNITS).scalar_subquery()
        statement = select(responsible_units).where(here).order_by(responsible_units.c.position)
        return [_UNITS.value(row) for row in self._connection.execute(statement).mappings()]


def _newest(kind: PlaceKind) -> Select[tuple[int]]:
    return select(func.max(place_books.c.version)).where(place_books.c.kind == kind)
