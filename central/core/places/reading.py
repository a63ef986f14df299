"""Tables of components (部件) and responsible units: read whole, or refused with everything that is wrong."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from central.core.places import faults
from central.core.places.crs import Crs, to_wgs84
from central.core.places.grid import FAULTS_MAX, is_grid_code
from central.core.places.nearest import Component, ResponsibleUnit
from central.core.places.position import Position
from central.core.standards import Refused
from central.core.standards.cells import squeezed, units_of
from central.core.standards.faults import SHOWN_CHARS
from central.core.standards.sheet import Column, SheetRow
from central.core.standards.table import Table
from protocol.texts import Words

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

T = TypeVar("T")


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
    table = Table(rows, COMPONENT_COLUMNS, COMPONENT_NEEDED, COMPONENT_COLUMNS)
    found = _each(table, COMPONENT_NEEDED, crs, _component)
    return Refused(tuple(table.faults)) if table.faults else ComponentDraft(tuple(found))


def read_units(rows: Iterable[SheetRow], crs: Crs) -> UnitDraft | Refused:
    """A table of responsible units; a position, in `crs`, need not be known."""
    table = Table(rows, UNIT_COLUMNS, UNIT_NEEDED, UNIT_COLUMNS)
    found = _each(table, UNIT_NEEDED, crs, _unit)
    return Refused(tuple(table.faults)) if table.faults else UnitDraft(tuple(found))


class _Cells:
    """One row's cells by column; what is wrong with one is noted."""

    def __init__(self, table: Table, row: int, texts: Mapping[Column, str], crs: Crs) -> None:
        self._table, self._row, self._texts, self._crs = table, row, texts, crs

    def text(self, column: Column) -> str:
        return self._texts.get(column, "")

    def fault(self, column: Column, words: Words, /, **values: object) -> None:
        self._table.fault(self._row, column, words, **values)

    def place(self) -> Position | None:
        """Where it is; None where both cells are empty, or one of them is none."""
        told = self.text(LONGITUDE), self.text(LATITUDE)
        if told == ("", ""):
            return None
        x, y = (
            self._degrees(*one) for one in ((LONGITUDE, 180, faults.NO_LONGITUDE), (LATITUDE, 90, faults.NO_LATITUDE))
        )
        return to_wgs84(Position(y, x), self._crs).rounded if x is not None and y is not None else None

    def _degrees(self, column: Column, most: int, words: Words) -> float | None:
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


def _each(table: Table, needed: Sequence[Column], crs: Crs, read: Callable[[_Cells], tuple[str, T | None]]) -> list[T]:
    """What the rows say; each has a name of its own."""
    found: list[T] = []
    seen: dict[str, int] = {}
    if table.faults:
        return found
    for row in table.rows:
        texts = table.texts(row)
        table.check(row.number, texts)
        for column in needed:
            if not texts.get(column):
                table.fault(row.number, column, faults.EMPTY)
        name, one = read(_Cells(table, row.number, texts, crs))
        first = seen.setdefault(name, row.number)
        if first != row.number and name:
            table.fault(row.number, needed[0], faults.ID_TWICE, text=name[:SHOWN_CHARS], first=first)
        if one is not None:
            found.append(one)
        if len(table.faults) >= FAULTS_MAX:
            break
    if not found and not table.faults:
        table.fault(0, needed[0], faults.NO_ROWS)
    return found
