"""Rows as the texts that seals vouch for.

A line is sealed as the text that its row keeps, so that one changed byte of the row shows. What is empty is left out:
a column that a later release adds changes no old seal.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import JsonValue
from sqlalchemy import Column, ColumnElement, Integer, RowMapping, String, type_coerce

from central.core.case_machine.audit import canonical, plain


def as_kept(column: Column[Any]) -> ColumnElement[Any]:
    """A column as the text that the database has, whether or not it can be read."""
    return column if isinstance(column.type, Integer) else type_coerce(column, String).label(column.name)


def content(row: Mapping[str, Any] | RowMapping, names: Collection[str]) -> Mapping[str, JsonValue]:
    """What the columns `names` of a row say, to be sealed."""
    texts = ((name, text_of(row[name])) for name in names)
    return {name: text for name, text in texts if text is not None}


def text_of(value: object) -> str | None:
    """A value, or what `as_kept` gives of it, as text; None where it says nothing."""
    match value:
        case None | "":
            return None
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case Mapping():
            return canonical(plain(value)).decode()
        case _:
            return str(value)
