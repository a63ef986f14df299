"""Registers, views and activity in SQL."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, exists, func, literal, select, tuple_

from central.core.availability.spans import Span
from central.core.places.zone_grounds import ZoneGround
from central.core.registers import Entry, Register, Written
from central.core.values import ActorKind, Page
from central.stores.database.rows import Order, Row, Rows, hold, insert_new_rows, insert_rows, page_of
from central.stores.ports import PageRequest
from central.stores.ports.registers import AskedEntries, CameraView, DrawnGround
from central.stores.tables import camera_views, case_steps, cases, evidence_links, register_entries, zone_grounds

KEYS_A_STATEMENT = 500
SHIFT_MAX = timedelta(days=2)
"""No shift is as long, also where a day has 25 hours: which end later need not be looked at."""
_COLUMNS = register_entries.c
_NEWEST_FIRST = Order(_COLUMNS.position, newest_first=True)
_VIEWS = Rows(camera_views, CameraView)
_GROUNDS = Rows(zone_grounds, ZoneGround)
_LAST_DRAWN_FIRST = Order(zone_grounds.c.position, newest_first=True)
_LATER_GROUNDS = zone_grounds.alias("later").c
_VIEW_KEY = ("person", "camera", "day")
_WRITTEN = tuple(name for name in Written.__dataclass_fields__ if name != "row")
_NOTED = ("noted_by", "noted_at", "is_withdrawn")


class SqlRegisters:
    """`RegisterStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self) -> None:
        """See the port."""
        hold(self._connection, register_entries)

    def add(self, entries: Sequence[Entry]) -> None:
        """See the port."""
        insert_rows(self._connection, register_entries, [_row(one) for one in entries])

    def versions(self, register: Register, span: Span, known_at: datetime) -> Sequence[Entry]:
        """See the port."""
        statement = _last(known_at).where(
            _COLUMNS.register == register, _COLUMNS.starts_at < span.end, _COLUMNS.ends_at > span.start
        )
        return self._all(statement.order_by(_COLUMNS.position))

    def shifts(self, asked: AskedEntries) -> Sequence[Written]:
        """See the port."""
        order, after = (_COLUMNS.starts_at, _COLUMNS.subject, _COLUMNS.party), asked.after
        statement = _standing(Register.ROSTER, asked).where(_COLUMNS.ends_at < asked.span.end + SHIFT_MAX)
        if after is not None:
            place = (literal(getattr(after, one.key), one.type) for one in order)
            statement = statement.where(_COLUMNS.ends_at > after.starts_at, tuple_(*order) > tuple_(*place))
        return [entry.written for entry in self._all(statement.order_by(*order).limit(asked.limit))]

    def populations(self, asked: AskedEntries) -> Sequence[Written]:
        """See the port."""
        known = _standing(Register.POPULATION, asked)
        if asked.after is not None:
            known = known.where(_COLUMNS.subject > asked.after.subject)
        found = known.subquery().c
        newest = func.row_number().over(partition_by=found.subject, order_by=found.starts_at.desc()).label("newest")
        ranked = select(*found, newest).subquery().c
        statement = select(*ranked).where(ranked.newest == 1).order_by(ranked.subject).limit(asked.limit)
        return [entry.written for entry in self._all(statement)]

    def last(self, keys: Collection[str]) -> Mapping[str, Entry]:
        """See the port."""
        found: dict[str, Entry] = {}
        for some in _portions(keys):
            found |= {entry.written.key: entry for entry in self._all(_last().where(_COLUMNS.key.in_(some)))}
        return found

    def page(self, register: Register, page: PageRequest) -> Page[Entry]:
        """See the port."""
        statement = _last().where(_COLUMNS.register == register, _COLUMNS.is_withdrawn.is_(False))
        return page_of(self._connection, statement, _NEWEST_FIRST, page, _entry)

    def draw(self, grounds: Sequence[ZoneGround], by: str, at: datetime) -> None:
        """See the port."""
        noted = {"drawn_by": by, "drawn_at": at}
        insert_rows(self._connection, zone_grounds, [_GROUNDS.row(one) | noted for one in grounds])

    def zone_grounds(self, known_at: datetime) -> Sequence[ZoneGround]:
        """See the port."""
        one, later, newer = zone_grounds.c, _LATER_GROUNDS, _newer_ground()
        statement = select(zone_grounds).where(
            one.drawn_at <= known_at, ~exists().where(*newer, later.drawn_at <= known_at)
        )
        rows = self._connection.execute(statement.order_by(one.camera, one.zone)).mappings()
        return [_GROUNDS.value(row) for row in rows]

    def grounds(self, page: PageRequest) -> Page[DrawnGround]:
        """See the port."""
        statement = select(zone_grounds).where(~exists().where(*_newer_ground()))
        return page_of(self._connection, statement, _LAST_DRAWN_FIRST, page, _drawn)

    def see(self, views: Sequence[CameraView]) -> None:
        """See the port."""
        insert_new_rows(self._connection, camera_views, [_VIEWS.row(one) for one in views], _VIEW_KEY)

    def seen(self, person: str, cameras: Collection[str], day: date) -> Collection[str]:
        """See the port."""
        view, found = camera_views.c, set[str]()
        for some in _portions(cameras):
            statement = select(view.camera).where(view.person == person, view.camera.in_(some), view.day == day)
            found.update(self._connection.execute(statement).scalars())
        return found

    def cameras_of_picture(self, sha256: str) -> Sequence[str]:
        """See the port."""
        statement = select(cases.c.camera).join(evidence_links, evidence_links.c.case_id == cases.c.id).distinct()
        found = self._connection.execute(
            statement.where(evidence_links.c.sha256 == sha256, cases.c.camera.is_not(None)).limit(KEYS_A_STATEMENT)
        )
        return list(found.scalars())

    def views(self, span: Span) -> Sequence[CameraView]:
        """See the port."""
        moment = camera_views.c.first_at
        statement = select(camera_views).where(moment >= span.start, moment < span.end).order_by(camera_views.c.camera)
        return [_VIEWS.value(row) for row in self._connection.execute(statement).mappings()]

    def acts(self, persons: Collection[str], span: Span) -> Mapping[str, Sequence[datetime]]:
        """See the port."""
        step, found = case_steps.c, defaultdict[str, list[datetime]](list)
        for some in _portions(persons):
            statement = select(step.actor, step.at).where(
                step.actor.in_(some), step.actor_kind == ActorKind.PERSON, step.at >= span.start, step.at < span.end
            )
            for actor, at in self._connection.execute(statement.order_by(step.at)).all():
                found[actor].append(at)
        return found

    def _all(self, statement: Select[Any]) -> list[Entry]:
        return [_entry(row) for row in self._connection.execute(statement).mappings().all()]


def _last(known_at: datetime | None = None) -> Select[Any]:
    """Entries of which no later version was noted, up to `known_at`."""
    later = register_entries.alias("later").c
    newer = [later.key == _COLUMNS.key, later.position > _COLUMNS.position]
    statement = select(register_entries)
    if known_at is not None:
        newer.append(later.noted_at <= known_at)
        statement = statement.where(_COLUMNS.noted_at <= known_at)
    return statement.where(~exists().where(*newer))


def _standing(register: Register, asked: AskedEntries) -> Select[Any]:
    """Entries that touch a time and hold, as known then."""
    return _last(asked.known_at).where(
        _COLUMNS.register == register,
        _COLUMNS.is_withdrawn.is_(False),
        _COLUMNS.starts_at < asked.span.end,
        _COLUMNS.ends_at > asked.span.start,
        *([] if asked.subject is None else [_COLUMNS.subject == asked.subject]),
        *([] if asked.party is None else [_COLUMNS.party == asked.party]),
    )


def _portions(keys: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(set(keys))
    return (ordered[at : at + KEYS_A_STATEMENT] for at in range(0, len(ordered), KEYS_A_STATEMENT))


def _row(one: Entry) -> Row:
    written = {name: getattr(one.written, name) for name in _WRITTEN}
    return {"key": one.written.key} | written | {name: getattr(one, name) for name in _NOTED}


def _entry(row: RowMapping) -> Entry:
    written = Written(**{name: row[name] for name in _WRITTEN})
    return Entry(written, *(row[name] for name in _NOTED))


def _newer_ground() -> tuple[ColumnElement[bool], ...]:
    one, later = zone_grounds.c, _LATER_GROUNDS
    return (later.camera == one.camera, later.zone == one.zone, later.position > one.position)


def _drawn(row: RowMapping) -> DrawnGround:
    return DrawnGround(_GROUNDS.value(row), row["drawn_by"], row["drawn_at"])
