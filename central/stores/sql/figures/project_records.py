"""Records of the project in SQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, exists, select

from central.core.project_records import VALUES, RecordKind, Revision
from central.core.values import Page
from central.stores.database.rows import Order, Row, hold, insert_rows, page_of
from central.stores.ports import PageRequest, RecordFilter
from central.stores.tables import project_records

_COLUMNS = project_records.c
_NEWEST_FIRST = Order(_COLUMNS.position, newest_first=True)
_OLDEST_FIRST = Order(_COLUMNS.number)


class SqlProjectRecords:
    """`RecordStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self) -> None:
        """See the port."""
        hold(self._connection, project_records)

    def add(self, revisions: Sequence[Revision]) -> None:
        """See the port."""
        insert_rows(self._connection, project_records, [_row(one) for one in revisions])

    def newest(self, kind: RecordKind, ids: Sequence[str]) -> Mapping[str, Revision]:
        """See the port."""
        if not ids:
            return {}
        statement = _newest().where(_COLUMNS.kind == kind, _COLUMNS.id.in_(set(ids)))
        return {one.id: one for one in self._all(statement)}

    def revisions(self, kind: RecordKind, name: str) -> Sequence[Revision]:
        """See the port."""
        statement = select(project_records).where(_COLUMNS.kind == kind, _COLUMNS.id == name)
        return self._all(statement.order_by(_COLUMNS.number))

    def history(self, kind: RecordKind, name: str, page: PageRequest) -> Page[Revision]:
        """See the port."""
        statement = select(project_records).where(_COLUMNS.kind == kind, _COLUMNS.id == name)
        return page_of(self._connection, statement, _OLDEST_FIRST, page, _revision)

    def standing(self, *kinds: RecordKind, known_at: datetime | None = None) -> Sequence[Revision]:
        """See the port."""
        statement = _newest(known_at).where(_COLUMNS.is_withdrawn.is_(False))
        if kinds:
            statement = statement.where(_COLUMNS.kind.in_(kinds))
        return self._all(statement.order_by(_COLUMNS.position))

    def page(self, wanted: RecordFilter, page: PageRequest) -> Page[Revision]:
        """See the port."""
        statement = _newest().where(_COLUMNS.kind == wanted.kind)
        if wanted.year is not None:
            statement = statement.where(_COLUMNS.year == wanted.year)
        if not wanted.with_withdrawn:
            statement = statement.where(_COLUMNS.is_withdrawn.is_(False))
        return page_of(self._connection, statement, _NEWEST_FIRST, page, _revision)

    def _all(self, statement: Select[Any]) -> list[Revision]:
        return [_revision(row) for row in self._connection.execute(statement).mappings()]


def _newest(known_at: datetime | None = None) -> Select[Any]:
    later = project_records.alias("later").c
    newer = exists().where(later.kind == _COLUMNS.kind, later.id == _COLUMNS.id, later.number > _COLUMNS.number)
    if known_at is None:
        return select(project_records).where(~newer)
    return select(project_records).where(_COLUMNS.entered_at <= known_at, ~newer.where(later.entered_at <= known_at))


def _row(one: Revision) -> Row:
    own = {name: getattr(one, name) for name in one.__dataclass_fields__}
    return own | {"record": one.record.model_dump(mode="json", exclude_none=True)}


def _revision(row: RowMapping) -> Revision:
    kept = {name: row[name] for name in Revision.__dataclass_fields__}
    return Revision(**kept | {"record": VALUES[row["kind"]].model_validate(row["record"])})
