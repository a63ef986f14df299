"""Retention in SQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, or_, select

from central.core.case_machine import OPEN
from central.core.case_machine.audit import Head, Line
from central.core.kpis.registry.persons import PERSONS
from central.core.retention import CaseAge, LegalHold, Rule, Tombstone, TombstoneKind
from central.core.values import Page, Tally
from central.stores import tables
from central.stores.database.connections import WRITING
from central.stores.database.rows import Rows, insert_new_rows
from central.stores.ports import Buried, PageRequest, Window
from central.stores.sql.keeping.tombstones import SqlTombstones
from central.stores.sql.tallies import SqlTallies

_HOLDS = Rows(tables.legal_holds, LegalHold, {"case": "case_id"})
_CASE, _EVENT, _LINK = tables.cases.c, tables.events.c, tables.evidence_links.c


class SqlRetention:
    """`RetentionStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tombstones = SqlTombstones(connection)

    def ended(self, after: int, before: datetime, limit: int) -> Window:
        """See the port."""
        statement = select(_CASE.position, _CASE.id, _CASE.status, _CASE.updated_at).where(_CASE.position > after)
        rows = self._connection.execute(statement.order_by(_CASE.position).limit(limit)).all()
        found = tuple(row.id for row in rows if row.status not in OPEN and row.updated_at < before)
        return Window(found, rows[-1].position if len(rows) == limit else None)

    def ages(self, cases: Sequence[str]) -> Mapping[str, CaseAge]:
        """See the port."""
        if not cases:
            return {}
        names = (_CASE.id, _CASE.number, _CASE.status, _CASE.updated_at, _CASE.merged_into, _CASE.parent)
        statement = select(*names).where(_CASE.id.in_(cases)).order_by(_CASE.id)
        if self._connection.get_execution_options().get(WRITING, False):
            statement = statement.with_for_update()
        rows = self._connection.execute(statement).all()
        kin: dict[str, set[str]] = {row.id: {other for other in (row.merged_into, row.parent) if other} for row in rows}
        belonging = select(_CASE.id, _CASE.merged_into, _CASE.parent)
        for column in (_CASE.merged_into, _CASE.parent):
            for row in self._connection.execute(belonging.where(column.in_(cases), column != "")):
                kin.get(getattr(row, column.name), set()).add(row.id)
        held = {hold.case for hold in self.holds(cases)}
        return {
            row.id: CaseAge(row.id, row.number, row.status, row.updated_at, row.id in held, frozenset(kin[row.id]))
            for row in rows
        }

    def bury_cases(self, cases: Sequence[str], rule: Rule, now: datetime) -> Buried:
        """See the port."""
        if not cases:
            return Buried()
        events = select(_EVENT.id).where(_EVENT.case_id.in_(cases))
        links = or_(_LINK.case_id.in_(cases), _LINK.event.in_(events), self._of_looks(cases))
        counts = self._counts(tables.events, _EVENT.case_id, cases)
        pictures = self._counts(tables.evidence_links, _LINK.case_id, cases)
        rows = self._connection.execute(select(tables.cases).where(_CASE.id.in_(cases)).order_by(_CASE.position)).all()
        stones = [
            Tombstone(
                TombstoneKind.CASE,
                row.id,
                rule.text,
                now,
                {
                    "number": row.number,
                    "status": str(row.status),
                    "opened_at": row.opened_at.isoformat(),
                    "updated_at": row.updated_at.isoformat(),
                    "lines": row.lines,
                    "seal": row.seal,
                    "reports": counts.get(row.id, 0),
                    "pictures": pictures.get(row.id, 0),
                },
            )
            for row in rows
        ]
        self._release(links)
        for table in reversed(tables.metadata.sorted_tables):
            for column in table.c:
                if any(key.column is _CASE.id for key in column.foreign_keys):
                    self._connection.execute(table.delete().where(column.in_(cases)))
        self._connection.execute(tables.cases.delete().where(_CASE.id.in_(cases)))
        self._forget_persons(cases)
        self._tombstones.add(stones)
        return Buried(len(rows), sum(counts.values()))

    def loose_reports(self, after: int, before: datetime, limit: int) -> Window:
        """See the port."""
        statement = select(_EVENT.position, _EVENT.id, _EVENT.case_id, _EVENT.received_at)
        statement = statement.where(_EVENT.position > after).order_by(_EVENT.position).limit(limit)
        rows = self._connection.execute(statement).all()
        found = tuple(row.id for row in rows if row.case_id is None and row.received_at < before)
        return Window(found, rows[-1].position if len(rows) == limit else None)

    def bury_reports(self, events: Sequence[str], rule: Rule, now: datetime) -> Buried:
        """See the port."""
        if not events:
            return Buried()
        place = (_EVENT.box, _EVENT.epoch, _EVENT.seq, _EVENT.received_at)
        chosen = (_EVENT.id.in_(events), _EVENT.case_id.is_(None))
        rows = self._connection.execute(select(*place).where(*chosen).order_by(*place[:3])).all()
        stones = [
            Tombstone(TombstoneKind.REPORTS, box, rule.text, now, _stream_details(epoch, list(group)))
            for (box, epoch), group in groupby(rows, lambda row: (row.box, row.epoch))
        ]
        self._release(_LINK.event.in_(events) & _LINK.case_id.is_(None))
        self._connection.execute(tables.events.delete().where(*chosen))
        self._tombstones.add(stones)
        return Buried(reports=len(rows))

    def released(self, limit: int) -> Sequence[str]:
        """See the port."""
        picture = tables.released_pictures.c.sha256
        return self._connection.execute(select(picture).order_by(picture).limit(limit)).scalars().all()

    def still_needed(self, pictures: Sequence[str]) -> frozenset[str]:
        """See the port."""
        needed = select(_LINK.sha256).where(_LINK.sha256.in_(pictures)).distinct()
        return frozenset(self._connection.execute(needed).scalars())

    def forget_pictures(self, needed: Sequence[str], gone: Sequence[str]) -> None:
        """See the port."""
        released, picture = tables.released_pictures, tables.evidence.c
        self._connection.execute(released.delete().where(released.c.sha256.in_([*needed, *gone])))
        stored = select(func.sum(picture.bytes)).where(picture.sha256.in_(gone), picture.stored_at.is_not(None))
        freed = self._connection.execute(stored).scalar() or 0
        self._connection.execute(tables.evidence.delete().where(picture.sha256.in_(gone)))
        SqlTallies(self._connection).add(Tally.EVIDENCE_BYTES, {"": -int(freed)})

    def tombstones(self, page: PageRequest) -> Page[Tombstone]:
        """See the port."""
        return self._tombstones.page(page)

    def stone_of(self, case: str) -> Tombstone | None:
        """See the port."""
        return self._tombstones.of_case(case)

    def stones_head(self) -> Head:
        """See the port."""
        return self._tombstones.head()

    def stones(self, after: int, limit: int) -> Sequence[tuple[int, Line]]:
        """See the port."""
        return self._tombstones.lines(after, limit)

    def case_named(self, name: str) -> str | None:
        """See the port."""
        named = select(_CASE.id).where(or_(_CASE.id == name, _CASE.number == name))
        return self._connection.execute(named).scalars().first()

    def hold(self, hold: LegalHold) -> None:
        """See the port."""
        _HOLDS.insert(self._connection, [hold])

    def lift(self, case: str, lifted_by: str, lifted_at: datetime) -> None:
        """See the port."""
        hold = tables.legal_holds
        statement = hold.update().where(hold.c.case_id == case, hold.c.lifted_at.is_(None))
        self._connection.execute(statement.values(lifted_by=lifted_by, lifted_at=lifted_at))

    def holds(self, cases: Sequence[str] | None = None) -> Sequence[LegalHold]:
        """See the port."""
        hold = tables.legal_holds.c
        statement = select(tables.legal_holds).where(hold.lifted_at.is_(None)).order_by(hold.position)
        if cases is not None:
            statement = statement.where(hold.case_id.in_(cases))
        return [_HOLDS.value(row) for row in self._connection.execute(statement).mappings()]

    def _forget_persons(self, cases: Sequence[str]) -> None:
        """What figures keep of a case names nobody once its history is gone."""
        facts = tables.case_facts
        self._connection.execute(facts.update().where(facts.c.case_id.in_(cases)).values(dict.fromkeys(PERSONS, "")))

    def _of_looks(self, cases: Sequence[str]) -> ColumnElement[bool]:
        """What looks for these cases brought: linked with their command as well."""
        brought = select(_LINK.sha256, _LINK.command).where(_LINK.case_id.in_(cases), _LINK.command.is_not(None))
        rows = self._connection.execute(brought).all()
        pictures, commands = {row.sha256 for row in rows}, {row.command for row in rows}
        return _LINK.case_id.is_(None) & _LINK.sha256.in_(pictures) & _LINK.command.in_(commands)

    def _counts(self, table: Table, column: ColumnElement[Any], cases: Sequence[str]) -> dict[str, int]:
        statement = select(column, func.count()).select_from(table).where(column.in_(cases)).group_by(column)
        return {row[0]: row[1] for row in self._connection.execute(statement)}

    def _release(self, links: ColumnElement[bool]) -> None:
        """Drop references to pictures, and remember the pictures."""
        pictures = self._connection.execute(select(_LINK.sha256).where(links).distinct()).scalars().all()
        released = [{"sha256": picture} for picture in pictures]
        insert_new_rows(self._connection, tables.released_pictures, released, ("sha256",))
        self._connection.execute(tables.evidence_links.delete().where(links))


def _stream_details(epoch: str, rows: Sequence[Any]) -> dict[str, Any]:
    received = [row.received_at for row in rows]
    return {
        "epoch": epoch,
        "first": rows[0].seq,
        "last": rows[-1].seq,
        "count": len(rows),
        "received_first": min(received).isoformat(),
        "received_last": max(received).isoformat(),
    }
