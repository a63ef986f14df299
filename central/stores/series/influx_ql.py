"""Texts of InfluxQL, and what is believed of an answer: all of it, or nothing."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from central.stores.ports import SeriesKey

HOURS = ":hour"
"""What the hours of a metric are called after its name; no metric has a colon."""
HOUR_FIELDS = ("count", "mean", "minimum", "maximum")
POINT_FIELDS = ("value",)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_METRIC = re.compile(r"[a-z][a-z0-9_]{0,31}")
_ENTITY = re.compile(r"[a-z0-9]([a-z0-9.-]{0,94}[a-z0-9])?")


class HalfAnswer(Exception):
    """The answer is none, or not whole; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Table:
    """One series of an answer."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def is_name(key: SeriesKey) -> bool:
    """Whether such a series can be kept: everything that central measures can. No other name gets into a query."""
    return _METRIC.fullmatch(key.metric) is not None and _ENTITY.fullmatch(key.entity) is not None


def micros(moment: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def moment_of(value: int) -> datetime:
    """The time of so many microseconds."""
    return EPOCH + timedelta(microseconds=value)


def select_range(
    key: SeriesKey, fields: Sequence[str], suffix: str, start: datetime | None, end: datetime | None
) -> str:
    """Everything of one series at or after `start` and before `end`; order and limit are to be added."""
    wanted = ", ".join(identifier(name) for name in fields)
    return f"SELECT {wanted} FROM {identifier(key.metric + suffix)} WHERE {_where(key, start, end)}"  # noqa: S608 - all names and texts are quoted


def delete_range(key: SeriesKey, suffix: str, before: datetime) -> str:
    """Take away what lies before `before`."""
    return f"DELETE FROM {identifier(key.metric + suffix)} WHERE {_where(key, None, before)}"  # noqa: S608 - see above


def _where(key: SeriesKey, start: datetime | None, end: datetime | None) -> str:
    conditions = [f'"entity" = {literal(key.entity)}']
    if start is not None:
        conditions.append(f"time >= {micros(start)}u")
    if end is not None:
        conditions.append(f"time < {micros(end)}u")
    return " AND ".join(conditions)


def identifier(name: str) -> str:
    """A name in double quotes."""
    return '"' + _escaped(name, '"') + '"'


def literal(text: str) -> str:
    """A text in single quotes."""
    return "'" + _escaped(text, "'") + "'"


def _escaped(text: str, quote: str) -> str:
    if not text.isprintable():
        raise ValueError("control characters have no place in a query")
    return text.replace("\\", "\\\\").replace(quote, f"\\{quote}")


def read_answer(body: bytes) -> tuple[Table, ...]:
    """The series of an answer to one statement. Raises `HalfAnswer`."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise HalfAnswer(f"the answer is no whole JSON ({len(body)} bytes)") from None
    if not isinstance(answer, dict):
        raise HalfAnswer("the answer is no JSON object")
    _refuse_error(answer)
    results = answer.get("results")
    if not isinstance(results, list) or len(results) != 1 or not isinstance(results[0], dict):
        raise HalfAnswer("the answer has not the one result that was asked for")
    _refuse_error(results[0])
    series = results[0].get("series", [])
    if not isinstance(series, list):
        raise HalfAnswer("the answer's series are no list")
    return tuple(_table(one) for one in series)


def _refuse_error(part: Mapping[str, Any]) -> None:
    if "error" in part:
        raise HalfAnswer(f"it says: {said(part['error'])}")
    if part.get("partial"):
        raise HalfAnswer("it gave a part only (its max-row-limit is below what central asks for)")


def _table(one: object) -> Table:
    if not isinstance(one, dict):
        raise HalfAnswer("a series of the answer is no JSON object")
    _refuse_error(one)
    name, columns, rows = one.get("name", ""), one.get("columns"), one.get("values", [])
    if not isinstance(name, str) or not isinstance(columns, list) or not isinstance(rows, list):
        raise HalfAnswer("a series of the answer has no name, columns and values")
    if any(not isinstance(row, list) or len(row) != len(columns) for row in rows):
        raise HalfAnswer("a row of the answer has not one value for each column")
    return Table(name, tuple(map(str, columns)), tuple(map(tuple, rows)))


def read_rows(tables: Sequence[Table], fields: Sequence[str]) -> Iterator[tuple[datetime, tuple[float, ...]]]:
    """Time and numbers of each row of the one series that was asked for. Raises `HalfAnswer`."""
    if len(tables) > 1:
        raise HalfAnswer(f"the answer has {len(tables)} series, one was asked for")
    for table in tables:
        if table.columns != ("time", *fields):
            raise HalfAnswer(f"the answer has the columns {', '.join(table.columns)[:100]}")
        for at, *values in table.rows:
            if type(at) is not int:
                raise HalfAnswer("a time in the answer is no whole number of microseconds")
            yield _moment(at), tuple(map(_number, values))


def _moment(at: int) -> datetime:
    try:
        return moment_of(at)
    except OverflowError:
        raise HalfAnswer("a time in the answer is none") from None


def _number(value: object) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):  # type: ignore[arg-type]
        raise HalfAnswer("a value in the answer is no number")
    return float(value)  # type: ignore[arg-type]


def said(text: object) -> str:
    """What a server says, on one line; whoever shows it takes secrets out first, and shortens it then."""
    return " ".join((text.decode(errors="replace") if isinstance(text, bytes) else str(text)).split())
