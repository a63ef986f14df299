"""Components (部件) and responsible units: read whole from tables or refused, and the nearest ones of a place."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from central.core.places import faults
from central.core.places.crs import Crs, to_wgs84
from central.core.places.grid import is_grid_code
from central.core.places.position import Position, distance_m
from central.core.standards import Refused
from central.core.standards.cells import squeezed, units_of
from central.core.standards.faults import (
    COLUMN_MISSING,
    COLUMN_TWICE,
    COLUMN_UNKNOWN,
    FORMULA,
    NO_HEADER,
    SHOWN_CHARS,
    TOO_LONG,
    Fault,
)
from central.core.standards.sheet import PASSED_OVER, Column, SheetRow, letter

HEADER_ROWS_MAX, FAULTS_MAX = 10, 200
COMPONENTS_NEAR_M, NEAREST_MAX = 100.0, 5

ID = Column("部件标识码", 32, ("部件编码", "标识码", "objcode"))
NAME = Column("部件名称", 64, ("名称", "objname", "name"))
CLASS = Column("小类代码", 8, ("部件小类代码", "小类"))
OWNER = Column("责任单位", 64, ("权属单位", "主管部门", "养护单位"))
ADDRESS = Column("位置", 200, ("地址", "所在位置", "位置描述"))
LONGITUDE, LATITUDE = Column("经度", 32, ("lon", "longitude", "x")), Column("纬度", 32, ("lat", "latitude", "y"))
UNIT = Column("单位代码", 64, ("责任单位代码",))
UNIT_NAME = Column("单位名称", 64, ("责任单位名称", "责任单位"))
KIND = Column("单位类别", 32, ("类别", "类型"))
GRIDS = Column("责任网格", 400, ("网格编码", "单元网格编码"))

COMPONENT_COLUMNS, COMPONENT_NEEDED = (ID, NAME, CLASS, OWNER, ADDRESS, LONGITUDE, LATITUDE), (ID, LONGITUDE, LATITUDE)
UNIT_COLUMNS, UNIT_NEEDED = (UNIT, UNIT_NAME, KIND, GRIDS, LONGITUDE, LATITUDE), (UNIT_NAME,)


@dataclass(frozen=True, slots=True)
class Component:
    """A thing that stands in the street. `code` is its class (`01-50`), `unit` who is responsible; WGS84."""

    id: str
    name: str
    code: str
    unit: str
    address: str
    latitude: float
    longitude: float

    @property
    def position(self) -> Position:
        """Where it stands."""
        return Position(self.latitude, self.longitude)


@dataclass(frozen=True, slots=True)
class ResponsibleUnit:
    """Who can be dispatched to: `id` is what a dispatch names. `grids` are those it is responsible for; WGS84."""

    id: str
    name: str
    kind: str = ""
    grids: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None

    @property
    def position(self) -> Position | None:
        """Where its people start from, as far as it is known."""
        if self.latitude is None or self.longitude is None:
            return None
        return Position(self.latitude, self.longitude)


class _Placed(Protocol):
    @property
    def position(self) -> Position | None: ...


T = TypeVar("T")
P = TypeVar("P", bound=_Placed)


@dataclass(frozen=True, slots=True)
class ComponentDraft:
    """Components that can be imported, in the table's order."""

    components: tuple[Component, ...]


@dataclass(frozen=True, slots=True)
class UnitDraft:
    """Units that can be imported, in the table's order."""

    units: tuple[ResponsibleUnit, ...]


def read_components(rows: Iterable[SheetRow], crs: Crs) -> ComponentDraft | Refused:
    """A table of components with positions in `crs`."""
    table = _Table(rows, COMPONENT_COLUMNS, COMPONENT_NEEDED, crs)
    found = table.each(_component)
    return Refused(tuple(table.faults)) if table.faults else ComponentDraft(tuple(found))


def read_units(rows: Iterable[SheetRow], crs: Crs) -> UnitDraft | Refused:
    """A table of responsible units; a position, in `crs`, need not be known."""
    table = _Table(rows, UNIT_COLUMNS, UNIT_NEEDED, crs)
    found = table.each(_unit)
    return Refused(tuple(table.faults)) if table.faults else UnitDraft(tuple(found))


def nearest(
    place: Position, found: Iterable[P], radius_m: float, limit: int = NEAREST_MAX
) -> tuple[tuple[float, P], ...]:
    """Those within `radius_m`, each with its distance in metres, the nearest first."""
    apart = [(distance_m(place, at), one) for one in found if (at := one.position) is not None]
    near = sorted(((metres, one) for metres, one in apart if metres <= radius_m), key=lambda pair: pair[0])
    return tuple(near[:limit])


def nearest_units(
    place: Position | None, grid: str, units: Sequence[ResponsibleUnit], limit: int = NEAREST_MAX
) -> tuple[tuple[float | None, ResponsibleUnit], ...]:
    """Those responsible for the grid first, then by distance, which is None where it is not known."""
    own = [unit for unit in units if grid and grid in unit.grids]
    others = [unit for unit in units if unit not in own] if place is not None else []
    return tuple((_apart(place, unit), unit) for group in (own, others) for unit in _by_distance(place, group))[:limit]


def _by_distance(place: Position | None, units: Iterable[ResponsibleUnit]) -> list[ResponsibleUnit]:
    return sorted(units, key=lambda unit: metres if (metres := _apart(place, unit)) is not None else float("inf"))


def _apart(place: Position | None, unit: ResponsibleUnit) -> float | None:
    return None if place is None or unit.position is None else distance_m(place, unit.position)


class _Cells:
    """One row's cells by column; what is wrong with one is noted."""

    def __init__(self, table: "_Table", row: int, texts: Mapping[Column, str]) -> None:
        self._table, self._row, self._texts = table, row, texts

    def text(self, column: Column) -> str:
        return self._texts.get(column, "")

    def fault(self, column: Column, words: faults.Words, /, **values: object) -> None:
        self._table.fault(self._row, column, words, **values)

    def place(self) -> Position | None:
        """Where it is; None where both cells are empty, or one of them is none."""
        told = self.text(LONGITUDE), self.text(LATITUDE)
        if told == ("", ""):
            return None
        x, y = (
            self._degrees(*one) for one in ((LONGITUDE, 180, faults.NO_LONGITUDE), (LATITUDE, 90, faults.NO_LATITUDE))
        )
        return to_wgs84(Position(y, x), self._table.crs).rounded if x is not None and y is not None else None

    def _degrees(self, column: Column, most: int, words: faults.Words) -> float | None:
        text = self.text(column)
        try:
            degrees = float(text)
        except ValueError:
            degrees = float("nan")
        if -most <= degrees <= most:
            return degrees
        self.fault(column, words, text=text[:SHOWN_CHARS])
        return None


def _component(cells: _Cells) -> tuple[str, Component | None]:
    told, place = squeezed(cells.text(CLASS)).replace("-", ""), cells.place()
    name = squeezed(cells.text(ID))
    digits = told or (name[6:10] if len(name) == 16 and name.isdecimal() else "")  # noqa: PLR2004 - 6 + 2 + 2 + 6
    if told and not (len(told) == 4 and told.isascii() and told.isdecimal()):  # noqa: PLR2004 - 大类 and 小类
        cells.fault(CLASS, faults.NO_CLASS, text=told[:SHOWN_CHARS])
    code = f"{digits[:2]}-{digits[2:]}" if digits else ""
    if place is None:
        return name, None
    owner, address = cells.text(OWNER), cells.text(ADDRESS)
    return name, Component(name, cells.text(NAME), code, owner, address, place.latitude, place.longitude)


def _unit(cells: _Cells) -> tuple[str, ResponsibleUnit | None]:
    name, place = cells.text(UNIT_NAME), cells.place()
    key = cells.text(UNIT) or name
    grids = units_of(cells.text(GRIDS))
    for grid in grids:
        if not is_grid_code(grid):
            cells.fault(GRIDS, faults.NO_GRID, text=grid[:SHOWN_CHARS])
    at = (place.latitude, place.longitude) if place is not None else (None, None)
    return key, ResponsibleUnit(key, name, cells.text(KIND), grids, *at)


class _Table:
    """A header and the rows below it."""

    def __init__(self, rows: Iterable[SheetRow], columns: Sequence[Column], needed: Sequence[Column], crs: Crs) -> None:
        self.crs = crs
        self.faults: list[Fault] = []
        self._needed = needed
        self._places: dict[Column, int] = {}
        told = (row for row in rows if any(map(str.strip, row.cells)) and not _is_remark(row))
        spellings = {spelling: column for column in columns for spelling in (column.name, *column.also)}
        header = next(
            (row for _, row in zip(range(HEADER_ROWS_MAX), told, strict=False) if _names(row, needed[0])), None
        )
        self._rows = told
        if header is None:
            named = "、".join(column.name for column in columns)
            self.faults.append(Fault(0, "", NO_HEADER, {"rows": HEADER_ROWS_MAX, "columns": named}))
            return
        self._read_header(header, spellings, "、".join(column.name for column in columns))

    def fault(self, row: int, column: Column, words: faults.Words, /, **values: object) -> None:
        """Note what is wrong with a cell."""
        at = f"{column.name} ({letter(self._places[column])})" if column in self._places else column.name
        self.faults.append(Fault(row, at, words, values))

    def each(self, read: Callable[[_Cells], tuple[str, T | None]]) -> list[T]:
        """What the rows say; each has a name of its own."""
        found: list[T] = []
        seen: dict[str, int] = {}
        if self.faults:
            return found
        for row in self._rows:
            texts = {column: _cell(row, index) for column, index in self._places.items()}
            self._check(row.number, texts)
            name, one = read(_Cells(self, row.number, texts))
            first = seen.setdefault(name, row.number)
            if first != row.number and name:
                self.fault(row.number, self._needed[0], faults.ID_TWICE, text=name[:SHOWN_CHARS], first=first)
            if one is not None:
                found.append(one)
            if len(self.faults) >= FAULTS_MAX:
                break
        if not found and not self.faults:
            self.fault(0, self._needed[0], faults.NO_ROWS)
        return found

    def _read_header(self, header: SheetRow, spellings: Mapping[str, Column], known: str) -> None:
        for index, cell in enumerate(header.cells):
            name = squeezed(cell)
            column = spellings.get(name) or spellings.get(name.lower())
            at = f"{name[:SHOWN_CHARS]} ({letter(index)})"
            if column is None:
                if name and name not in PASSED_OVER:
                    self.faults.append(Fault(header.number, at, COLUMN_UNKNOWN, {"columns": known}))
            elif column in self._places:
                self.faults.append(Fault(header.number, at, COLUMN_TWICE))
            else:
                self._places[column] = index
        missing = [column for column in self._needed if column not in self._places]
        self.faults += [Fault(header.number, column.name, COLUMN_MISSING) for column in missing]

    def _check(self, row: int, texts: Mapping[Column, str]) -> None:
        for column, text in texts.items():
            if text.startswith("="):
                self.fault(row, column, FORMULA)
            elif len(text) > column.chars_max:
                self.fault(row, column, TOO_LONG, most=column.chars_max)
        for column in self._needed:
            if not texts.get(column):
                self.fault(row, column, faults.EMPTY)


def _names(row: SheetRow, column: Column) -> bool:
    return bool({column.name, *column.also} & set(map(squeezed, row.cells)))


def _cell(row: SheetRow, index: int) -> str:
    return row.cells[index].strip() if index < len(row.cells) else ""


def _is_remark(row: SheetRow) -> bool:
    return next(cell for cell in row.cells if cell.strip()).lstrip().startswith("#")
