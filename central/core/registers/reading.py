"""Entries as people write them: cells by column, each refused with the column and what would be right."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta, tzinfo

from central.core.kpis.periods import YEARS, BadPeriod, CalendarUnit, Period, period_of
from central.core.registers import refusals
from central.core.registers.entries import Register, Written
from central.core.registers.refusals import TOLD_CHARS_MAX, EntryRefused, in_row, refused_in
from central.core.standards import SheetRow

NAME_CHARS_MAX, SOURCE_CHARS_MAX = 64, 200
AMOUNT_MAX = 100_000_000
SHIFT_HOURS_MAX = 24
DUTY_YEARS_MAX = 10
COLUMNS: Mapping[Register, Mapping[str, str]] = {
    Register.ROSTER: {"seat": "坐席", "person": "人员", "from": "开始", "to": "结束"},
    Register.OUTSIDE_CASES: {"month": "月份", "cases": "件数", "source": "来源"},
    Register.POPULATION: {"community": "社区", "year": "年份", "people": "人口", "source": "来源"},
    Register.INSPECTION_DUTY: {"class": "类别", "grid": "网格", "from": "开始", "to": "结束"},
}
"""Columns of each register, with the header that a table may have instead."""
_CLASS = re.compile(r"[0-9]{2}(-[0-9]{2})?")
_COMMUNITY = re.compile(r"[1-9][0-9]{11}")
_GRID = re.compile(r"[1-9][0-9]{5,15}")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_COUNT = re.compile(r"[0-9]{1,9}")


def written_rows(register: Register, rows: Iterable[SheetRow], zone: tzinfo) -> list[Written]:
    """All rows of a table below its header. Raises `EntryRefused` with the row; nothing is taken then."""
    columns = COLUMNS[register]
    found = []
    for row, cells in _body(columns, rows):
        try:
            found.append(written_of(register, cells, zone, row))
        except EntryRefused as error:
            raise in_row(row, error) from None
    if not found:
        raise EntryRefused(refusals.NO_ROW, columns=", ".join(columns))
    keys: dict[str, int] = {}
    for one in found:
        if one.key in keys:
            raise EntryRefused(refusals.SAME_ROW, row=one.row, other=keys[one.key])
        keys[one.key] = one.row
    return found


def written_of(register: Register, cells: Mapping[str, str], zone: tzinfo, row: int = 0) -> Written:
    """One entry of its cells by column. Raises `EntryRefused`."""
    columns = COLUMNS[register]
    if set(cells) != set(columns):
        raise EntryRefused(refusals.OTHER_COLUMNS, register=register, columns=", ".join(columns))
    return _READERS[register]({name: cell.strip() for name, cell in cells.items()}, zone, row)


def _roster(cells: Mapping[str, str], zone: tzinfo, row: int) -> Written:
    start, end = _moment("from", cells["from"], zone), _moment("to", cells["to"], zone)
    if end <= start:
        raise refused_in("to", refusals.SHIFT_ENDS)
    if end - start > timedelta(hours=SHIFT_HOURS_MAX):
        raise refused_in("to", refusals.SHIFT_LENGTH, hours=SHIFT_HOURS_MAX)
    return Written(Register.ROSTER, _name("seat", cells), _name("person", cells), start, end, row=row)


def _outside(cells: Mapping[str, str], zone: tzinfo, row: int) -> Written:
    month = _month(cells["month"], zone)
    source = _name("source", cells, SOURCE_CHARS_MAX)
    return Written(Register.OUTSIDE_CASES, "", "", month.begin, month.end, _count("cases", cells), source, row)


def _month(text: str, zone: tzinfo) -> Period:
    written = _MONTH.fullmatch(text)
    if written is None:
        raise refused_in("month", refusals.NO_MONTH, told=text[:TOLD_CHARS_MAX])
    try:
        return period_of(CalendarUnit.MONTH, date(int(written[1]), int(written[2]), 1), zone)
    except BadPeriod as error:
        raise refused_in("month", refusals.BAD_MONTH, told=text, why=error.words) from None
    except ValueError:
        raise refused_in("month", refusals.NO_MONTH, told=text[:TOLD_CHARS_MAX]) from None


def _population(cells: Mapping[str, str], zone: tzinfo, row: int) -> Written:
    if not (cells["year"].isdecimal() and cells["year"].isascii() and int(cells["year"][:5]) in YEARS):
        raise refused_in("year", refusals.NO_YEAR, told=cells["year"][:TOLD_CHARS_MAX])
    if not _COMMUNITY.fullmatch(cells["community"]):
        raise refused_in("community", refusals.NO_COMMUNITY, told=cells["community"][:TOLD_CHARS_MAX])
    people = _count("people", cells)
    if people == 0:
        raise refused_in("people", refusals.NOBODY)
    year = period_of(CalendarUnit.YEAR, date(int(cells["year"]), 1, 1), zone)
    source = _name("source", cells, SOURCE_CHARS_MAX)
    return Written(Register.POPULATION, cells["community"], "", year.begin, year.end, people, source, row)


def _duty(cells: Mapping[str, str], zone: tzinfo, row: int) -> Written:
    if not _CLASS.fullmatch(cells["class"]):
        raise refused_in("class", refusals.NO_CLASS, told=cells["class"][:TOLD_CHARS_MAX])
    if not _GRID.fullmatch(cells["grid"]):
        raise refused_in("grid", refusals.NO_GRID, told=cells["grid"][:TOLD_CHARS_MAX])
    start, end = _moment("from", cells["from"], zone), _moment("to", cells["to"], zone)
    if end <= start:
        raise refused_in("to", refusals.DUTY_ENDS)
    if end - start > timedelta(days=366 * DUTY_YEARS_MAX):
        raise refused_in("to", refusals.DUTY_LENGTH, years=DUTY_YEARS_MAX)
    return Written(Register.INSPECTION_DUTY, cells["class"], cells["grid"], start, end, row=row)


_READERS: Mapping[Register, Callable[[Mapping[str, str], tzinfo, int], Written]] = {
    Register.ROSTER: _roster,
    Register.OUTSIDE_CASES: _outside,
    Register.POPULATION: _population,
    Register.INSPECTION_DUTY: _duty,
}


def _body(columns: Mapping[str, str], rows: Iterable[SheetRow]) -> Iterator[tuple[int, dict[str, str]]]:
    """Number and cells by column of each row below the header."""
    filled = [(row.number, [cell.strip() for cell in row.cells]) for row in rows]
    filled = [(number, cells) for number, cells in filled if any(cells)]
    head = filled[0][1] if filled else []
    places = {name: head.index(title) for name, other in columns.items() for title in (name, other) if title in head}
    if set(places) != set(columns):
        raise EntryRefused(refusals.NO_HEAD, columns=", ".join(columns), titles="，".join(columns.values()))
    for number, cells in filled[1:]:
        yield number, {name: cells[at] if at < len(cells) else "" for name, at in places.items()}


def _name(column: str, cells: Mapping[str, str], chars_max: int = NAME_CHARS_MAX) -> str:
    text = cells[column]
    if not text or len(text) > chars_max or not text.isprintable():
        raise refused_in(column, refusals.NO_NAME, most=chars_max)
    return text


def _count(column: str, cells: Mapping[str, str]) -> int:
    text = cells[column]
    if not (text.isascii() and _COUNT.fullmatch(text)) or int(text) > AMOUNT_MAX:
        raise refused_in(column, refusals.NO_COUNT, told=text[:TOLD_CHARS_MAX], most=AMOUNT_MAX)
    return int(text)


def _moment(column: str, text: str, zone: tzinfo) -> datetime:
    try:
        if len(text) == len("2026-11-01"):
            found = datetime.combine(date.fromisoformat(text), time(), zone)
        else:
            found = datetime.fromisoformat(text)
    except ValueError:
        raise refused_in(column, refusals.NO_TIME, told=text[:TOLD_CHARS_MAX]) from None
    if found.year not in YEARS:
        raise refused_in(column, refusals.OTHER_YEARS, told=text[:TOLD_CHARS_MAX], first=YEARS[0], last=YEARS[-1])
    return found if found.tzinfo else found.replace(tzinfo=zone)
