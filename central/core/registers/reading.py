"""Entries as people write them: cells by column, each refused with the column and what would be right."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta, tzinfo

from central.core.kpis.periods import YEARS, CalendarUnit, Period, period_of
from central.core.registers.entries import Register, Written
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


class EntryRefused(ValueError):
    """This cannot be entered; the text says where, why, and what would be right."""


def written_rows(register: Register, rows: Iterable[SheetRow], zone: tzinfo) -> list[Written]:
    """All rows of a table below its header. Raises `EntryRefused` with the row; nothing is taken then."""
    columns = COLUMNS[register]
    found = []
    for row, cells in _body(columns, rows):
        try:
            found.append(written_of(register, cells, zone, row))
        except EntryRefused as error:
            raise EntryRefused(f"row {row}, {error}") from None
    if not found:
        raise EntryRefused(f"there is no row below the header ({', '.join(columns)})")
    keys: dict[str, int] = {}
    for one in found:
        if one.key in keys:
            raise EntryRefused(f"row {one.row}: the same as row {keys[one.key]}; keep one of them")
        keys[one.key] = one.row
    return found


def written_of(register: Register, cells: Mapping[str, str], zone: tzinfo, row: int = 0) -> Written:
    """One entry of its cells by column. Raises `EntryRefused`."""
    columns = COLUMNS[register]
    if set(cells) != set(columns):
        raise EntryRefused(f"an entry of {register} names {', '.join(columns)}")
    return _READERS[register]({name: cell.strip() for name, cell in cells.items()}, zone, row)


def _roster(cells: Mapping[str, str], zone: tzinfo, row: int) -> Written:
    start, end = _moment("from", cells["from"], zone), _moment("to", cells["to"], zone)
    if end <= start:
        raise EntryRefused("to: a shift ends after it begins; one over midnight ends on the next day")
    if end - start > timedelta(hours=SHIFT_HOURS_MAX):
        raise EntryRefused(f"to: a shift has {SHIFT_HOURS_MAX} hours at most; write one row for each")
    return Written(Register.ROSTER, _name("seat", cells), _name("person", cells), start, end, row=row)


def _outside(cells: Mapping[str, str], zone: tzinfo, row: int) -> Written:
    month = _month(cells["month"], zone)
    source = _name("source", cells, SOURCE_CHARS_MAX)
    return Written(Register.OUTSIDE_CASES, "", "", month.begin, month.end, _count("cases", cells), source, row)


def _month(text: str, zone: tzinfo) -> Period:
    written = _MONTH.fullmatch(text)
    if written is None:
        raise EntryRefused(f"month: {text[:40]!r} is no month; write 2026-03")
    try:
        return period_of(CalendarUnit.MONTH, date(int(written[1]), int(written[2]), 1), zone)
    except ValueError as error:
        raise EntryRefused(f"month: {text!r}: {error}") from None


def _population(cells: Mapping[str, str], zone: tzinfo, row: int) -> Written:
    if not (cells["year"].isdecimal() and cells["year"].isascii() and int(cells["year"][:5]) in YEARS):
        raise EntryRefused(f"year: {cells['year'][:40]!r} is no year; write 2026")
    if not _COMMUNITY.fullmatch(cells["community"]):
        raise EntryRefused(f"community: {cells['community'][:40]!r} is no code of a community; it has 12 digits")
    people = _count("people", cells)
    if people == 0:
        raise EntryRefused("people: 0 people are no population; leave the community out where nobody lives")
    year = period_of(CalendarUnit.YEAR, date(int(cells["year"]), 1, 1), zone)
    source = _name("source", cells, SOURCE_CHARS_MAX)
    return Written(Register.POPULATION, cells["community"], "", year.begin, year.end, people, source, row)


def _duty(cells: Mapping[str, str], zone: tzinfo, row: int) -> Written:
    if not _CLASS.fullmatch(cells["class"]):
        raise EntryRefused(f"class: {cells['class'][:40]!r} is no class; write 04-01, or 04 for all of it")
    if not _GRID.fullmatch(cells["grid"]):
        raise EntryRefused(
            f"grid: {cells['grid'][:40]!r} is no code of a grid, nor what one begins with (6 to 16 digits)"
        )
    start, end = _moment("from", cells["from"], zone), _moment("to", cells["to"], zone)
    if end <= start:
        raise EntryRefused("to: the first day that does not count any more lies after `from`")
    if end - start > timedelta(days=366 * DUTY_YEARS_MAX):
        raise EntryRefused(f"to: a duty lasts {DUTY_YEARS_MAX} years at most; write it anew then")
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
        raise EntryRefused(f"the first row names the columns: {', '.join(columns)} ({'，'.join(columns.values())})")
    for number, cells in filled[1:]:
        yield number, {name: cells[at] if at < len(cells) else "" for name, at in places.items()}


def _name(column: str, cells: Mapping[str, str], chars_max: int = NAME_CHARS_MAX) -> str:
    text = cells[column]
    if not text or len(text) > chars_max or not text.isprintable():
        raise EntryRefused(f"{column}: name it, in one line of {chars_max} characters at most")
    return text


def _count(column: str, cells: Mapping[str, str]) -> int:
    text = cells[column]
    if not (text.isascii() and _COUNT.fullmatch(text)) or int(text) > AMOUNT_MAX:
        raise EntryRefused(f"{column}: {text[:40]!r} is no number from 0 to {AMOUNT_MAX}")
    return int(text)


def _moment(column: str, text: str, zone: tzinfo) -> datetime:
    try:
        if len(text) == len("2026-11-01"):
            found = datetime.combine(date.fromisoformat(text), time(), zone)
        else:
            found = datetime.fromisoformat(text)
    except ValueError:
        raise EntryRefused(f"{column}: {text[:40]!r} is no time; write 2026-11-01 or 2026-11-01 08:00") from None
    if found.year not in YEARS:
        raise EntryRefused(f"{column}: {text[:40]!r} lies outside the years {YEARS[0]} to {YEARS[-1]}")
    return found if found.tzinfo else found.replace(tzinfo=zone)
