"""Column types that keep central's values the same in SQLite and PostgreSQL."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

from central.core.case_machine.audit import canonical, plain

Position = BigInteger().with_variant(Integer, "sqlite")
"""An ever-growing row number (SQLite counts by itself only in INTEGER)."""

_Enum = TypeVar("_Enum", bound=StrEnum)


def utc_month(at: datetime) -> int:
    """The month in which an aware time lies by UTC, counted from January of the year 0."""
    moment = at.astimezone(UTC)
    return moment.year * 12 + moment.month - 1


class UtcTime(TypeDecorator[datetime]):
    """Aware times: timestamptz in PostgreSQL, ISO 8601 text of fixed width (so it sorts) in SQLite."""

    impl = String(32)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The database's own type."""
        kind = DateTime(timezone=True) if dialect.name == "postgresql" else String(32)
        return dialect.type_descriptor(kind)

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """Aware only; a naive time is a bug."""
        as_text = dialect.name != "postgresql"

        def process(value: datetime | None) -> Any:  # noqa: ANN401 - what the driver takes
            if value is None:
                return None
            if value.tzinfo is None:
                raise ValueError("times must be aware")
            moment = value.astimezone(UTC)
            return moment.isoformat(timespec="microseconds") if as_text else moment

        return process

    def result_processor(
        self,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
        coltype: object,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> Callable[[Any], datetime | None]:
        """UTC again."""

        def process(value: Any) -> datetime | None:  # noqa: ANN401 - what the driver gives
            if value is None:
                return None
            moment: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
            return moment if moment.tzinfo is UTC else moment.astimezone(UTC)

        return process


class Word(TypeDecorator[_Enum]):
    """A member of a StrEnum, or of either of two that share no text, as its text."""

    impl = String(32)
    cache_ok = True

    def __init__(self, enum: type[_Enum], or_enum: type[_Enum] | None = None) -> None:
        super().__init__(32)
        self.enum, self.or_enum = enum, or_enum
        self._members: dict[str | None, _Enum | None] = {None: None}
        self._members |= {str(one): one for each in (enum, or_enum or ()) for one in each}

    def process_bind_param(self, value: _Enum | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """Its text."""
        return None if value is None else str(value)

    def result_processor(
        self,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
        coltype: object,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> Callable[[Any], _Enum | None]:
        """The member."""
        return self._members.__getitem__


class Document(TypeDecorator[Any]):
    """A frozen value of the given type as JSON text (text, so that both databases keep the same bytes)."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:  # noqa: ANN401 - any type that pydantic can describe
        super().__init__()
        self.kind = kind
        self._adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401, ARG002 - see above
        """JSON; NUL, which PostgreSQL cannot keep, stays escaped."""
        return None if value is None else json.dumps(self._adapter.dump_python(value, mode="json"), ensure_ascii=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002 - see above
        """The value."""
        return None if value is None else self._adapter.validate_json(value)


class Record(Document):
    """A frozen value as its canonical JSON: what a history vouches for, and what its fields at default need not say."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401, ARG002 - see above
        """Canonical JSON."""
        return None if value is None else canonical(plain(value)).decode()
