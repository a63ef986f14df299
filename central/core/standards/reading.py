"""Reads a table of standards: a whole draft, or everything that is wrong with it.

Blank cells take over what stands above, as cities' tables are written. Two things are never taken over from another
class: its name, and what the optional columns say of it (计时标准, 复发, 本地扩展).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from central.core.standards import cells, faults
from central.core.standards.book import ClassKind, Recurrence, Standard, standard_id
from central.core.standards.codes import STREET_ORDER, is_local
from central.core.standards.faults import SHOWN_CHARS, Fault
from central.core.standards.sheet import (
    CLASS_CODE,
    CLASS_NAME,
    CLOSING,
    CONDITION,
    DEPARTMENT,
    GROUP_CODE,
    GROUP_NAME,
    KIND,
    LAYOUT,
    LIMIT,
    LOCAL,
    OPTIONAL,
    RECURRENCE,
    SYSTEM,
    TEMPLATE,
    UNITS,
    Column,
    SheetRow,
)
from central.core.standards.table import Table
from protocol.scenes import CodeLayout

STANDARDS_MAX = 5_000
_OF_ONE_CLASS = (SYSTEM, RECURRENCE, LOCAL)
_MAY_BE_EMPTY = frozenset({UNITS, DEPARTMENT, *OPTIONAL})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Draft:
    """A table that can become a book, in the table's order."""

    layout: CodeLayout
    standards: tuple[Standard, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A table that cannot, with all its faults in the order of rows."""

    faults: tuple[Fault, ...]


def read_standards(rows: Iterable[SheetRow], systems: Collection[str]) -> Draft | Refused:
    """`systems` are the names of the time systems there are. Rows that are empty or start with # are passed over."""
    table = Table(rows, (*TEMPLATE, *OPTIONAL), TEMPLATE, TEMPLATE)
    if table.faults:
        return Refused(tuple(table.faults))
    reader = _Reader(table, systems)
    for count, row in enumerate(table.rows):
        if count == STANDARDS_MAX:
            table.fault(row.number, GROUP_CODE, faults.TOO_MANY_ROWS, rows=STANDARDS_MAX)
            break
        reader.take(row)
    if not reader.standards and not table.faults:
        table.fault(table.header_row, GROUP_CODE, faults.NO_ROWS)
    if table.faults:
        return Refused(tuple(table.faults))
    return Draft(reader.standards[0].layout, tuple(reader.standards))


class _Reader:
    """The rows below a header, taken one after the other."""

    def __init__(self, table: Table, systems: Collection[str]) -> None:
        self._table = table
        self._systems = systems
        self._above: dict[Column, str] = {}
        self._names: dict[tuple[ClassKind, str], tuple[str, int]] = {}
        self._seen: dict[str, int] = {}
        self._layout: tuple[CodeLayout, int] | None = None
        self.standards: list[Standard] = []

    def take(self, row: SheetRow) -> None:
        """Read a row: a standard more, or its faults."""
        own = {column: text for column, text in self._table.texts(row).items() if text}
        if not own:
            return
        before = len(self._table.faults)
        self._check_own(row.number, own)
        texts = self._above | own
        if self._is_other(own, KIND, GROUP_CODE, CLASS_CODE):
            texts |= {column: own.get(column, "") for column in _OF_ONE_CLASS}
        for column in self._table.places:
            if not texts.get(column) and column not in _MAY_BE_EMPTY:
                self._table.fault(row.number, column, faults.NEEDED)
        self._above = texts
        if len(self._table.faults) == before:
            self._add(row.number, texts)

    def _is_other(self, own: Mapping[Column, str], *keys: Column) -> bool:
        return any(key in own and cells.squeezed(own[key]) != cells.squeezed(self._above.get(key, "")) for key in keys)

    def _check_own(self, row: int, own: Mapping[Column, str]) -> None:
        self._table.check(row, own)
        is_other_group = self._is_other(own, KIND, GROUP_CODE) and bool(self._above)
        code = own.get(GROUP_CODE, "")
        if is_other_group and GROUP_NAME not in own:
            self._table.fault(row, GROUP_NAME, faults.NAME_NEEDED, code=code[:SHOWN_CHARS])
        if is_other_group and CLASS_CODE not in own:
            self._table.fault(row, CLASS_CODE, faults.CODE_NEEDED, code=code[:SHOWN_CHARS])
        elif self._above and CLASS_NAME not in own and (is_other_group or self._is_other(own, CLASS_CODE)):
            self._table.fault(row, CLASS_NAME, faults.NAME_NEEDED, code=own.get(CLASS_CODE, code)[:SHOWN_CHARS])

    def _add(self, row: int, texts: Mapping[Column, str]) -> None:
        before = len(self._table.faults)
        read = partial(self._read, row, texts)
        layout, kind = read(LAYOUT, cells.layout_of), read(KIND, cells.kind_of)
        limit, units = read(LIMIT, cells.limit_of), read(UNITS, cells.units_of)
        system = read(SYSTEM, lambda text: cells.system_of(text, self._systems))
        if layout is None or kind is None:
            return
        if self._layout is not None and self._layout[0] is not layout:
            self._table.fault(row, LAYOUT, faults.OTHER_LAYOUT, first=self._layout[1])
            return
        self._layout = self._layout or (layout, row)
        group = read(GROUP_CODE, lambda text: cells.group_of(text, layout, kind))
        code = None if group is None else read(CLASS_CODE, lambda text: cells.class_of(text, group))
        if group is None or code is None:
            return
        self._check_name(row, GROUP_NAME, (kind, group), texts[GROUP_NAME])
        self._check_name(row, CLASS_NAME, (kind, code), texts[CLASS_NAME])
        recurrence = read(RECURRENCE, lambda text: cells.recurrence_of(text, _usual(layout, kind, group)))
        local = read(LOCAL, lambda text: cells.is_own(text, is_local(layout, kind, code)))
        one = standard_id(layout, kind, code, texts[CONDITION])
        first = self._seen.setdefault(one, row)
        if first != row:
            self._table.fault(row, CONDITION, faults.DOUBLED, first=first)
        if limit is None or system is None or units is None or recurrence is None or local is None:
            return
        if len(self._table.faults) == before:
            self.standards.append(
                Standard(
                    id=one,
                    layout=layout,
                    kind=kind,
                    code=code,
                    group=texts[GROUP_NAME],
                    name=texts[CLASS_NAME],
                    condition=texts[CONDITION],
                    closing=texts[CLOSING],
                    limit=limit,
                    system=system,
                    recurrence=recurrence,
                    units=units,
                    department=texts.get(DEPARTMENT, ""),
                    local=local,
                )
            )

    def _read(self, row: int, texts: Mapping[Column, str], column: Column, reader: Callable[[str], T]) -> T | None:
        """What a cell means; None where that cannot be read, which is noted."""
        try:
            return reader(texts.get(column, ""))
        except cells.Unreadable as wrong:
            self._table.fault(row, column, wrong.words, **wrong.values)
            return None

    def _check_name(self, row: int, column: Column, key: tuple[ClassKind, str], name: str) -> None:
        known, first = self._names.setdefault(key, (name, row))
        if known != name:
            self._table.fault(
                row, column, faults.NAMED_TWICE, code=key[1], first=first, name=known, text=name[:SHOWN_CHARS]
            )


def _usual(layout: CodeLayout, kind: ClassKind, group: str) -> Recurrence:
    """What recurrence means where a table does not say it: street order comes and goes, all else still lies there."""
    is_street_order = kind is ClassKind.EVENT and group == STREET_ORDER[layout]
    return Recurrence.NEW_CASE if is_street_order else Recurrence.REOPEN
