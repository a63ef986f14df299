"""What availability figures are computed from, in SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Label, Table, case, exists, func, literal, or_, select, tuple_
from sqlalchemy import text as sql

from central.core.availability.boxes import BoxSaid
from central.core.availability.maintenance import MaintenanceWindow
from central.core.availability.spans import Span
from central.core.availability.timelines import Said
from central.core.availability.witnesses import BoxWait, WitnessRun
from central.core.values import FactSource, Page
from central.stores.database.columns import UtcTime
from central.stores.database.rows import Order, Rows, dialect_insert, insert_new_rows, upsert_rows
from central.stores.ports import AskedCameras, PageRequest, Watched
from central.stores.tables import (
    box_states,
    box_waits,
    boxes,
    camera_states,
    cameras,
    device_makers,
    maintenance_windows,
    witness_runs,
)
from protocol.messages import CameraState

_WINDOWS = Rows(maintenance_windows, MaintenanceWindow)
_RUNS = Rows(witness_runs, WitnessRun)
_NEWEST_FIRST = Order(maintenance_windows.c.position, newest_first=True)
_ROWS_AT_ONCE = 100
"""More would live long enough to keep the garbage collector busy, fewer would be asked for one by one."""
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class SqlAvailability:
    """`AvailabilityStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def watched(self, span: Span, known_at: datetime, asked: AskedCameras) -> Sequence[Watched]:
        """See the port."""
        one, fact = cameras.c, camera_states.alias("told").c
        vendor = func.coalesce(device_makers.c.vendor, "").label("vendor")
        told = (fact.camera == one.key, fact.since < span.end, fact.recorded_at <= known_at)
        wanted = [one.key > asked.after, or_(one.retired_at.is_(None), one.retired_at > span.start)]
        if asked.failed:
            head, _ = self._bounds_of_camera(span, known_at)
            begun = func.coalesce(self._a_little_before(head.element), literal(_LONG_AGO, UtcTime))
            wanted.append(exists().where(*told, fact.state == CameraState.OFFLINE, fact.since >= begun))
        else:
            wanted.append(or_(one.since < span.end, exists().where(*told)))
        if asked.field is not None:
            of = {"camera": one.key, "box": one.box, "vendor": vendor.element}
            wanted.append(of[asked.field] == asked.group)
        statement = (
            select(one.key, one.box, one.site, one.since, one.retired_at, boxes.c.heard_at, vendor)
            .join(boxes, boxes.c.id == one.box)
            .outerjoin(device_makers, device_makers.c.device == one.key)
            .where(*wanted)
            .order_by(one.key)
            .limit(asked.limit)
        )
        return [Watched(*row) for row in self._connection.execute(statement)]

    def said(self, keys: Sequence[str], span: Span, known_at: datetime) -> Sequence[Said]:
        """See the port."""
        fact = camera_states.c
        head = self._bounds_of_camera(span, known_at)
        bounds = select(cameras.c.key, *head).where(cameras.c.key.in_(keys)).cte("bounds").prefix_with("MATERIALIZED")
        statement = (
            select(fact.camera, fact.state, fact.previous, fact.source, fact.since, fact.recorded_at)
            .join(bounds, bounds.c.key == fact.camera)
            .where(
                fact.since >= func.coalesce(self._a_little_before(bounds.c.head), literal(_LONG_AGO, UtcTime)),
                fact.since <= func.coalesce(bounds.c.tail, literal(span.end, UtcTime)),
                fact.recorded_at <= known_at,
            )
            .order_by(fact.camera, fact.since, fact.position)
        )
        found = self._connection.execute(statement).partitions(_ROWS_AT_ONCE)
        return [Said(*row) for rows in found for row in rows]

    def boxes_said(self, span: Span, known_at: datetime) -> Sequence[BoxSaid]:
        """See the port."""
        fact = box_states.c
        head = self._nearest(box_states, fact.box == boxes.c.id, span, known_at)
        bounds = select(boxes.c.id, *head).cte("bounds").prefix_with("MATERIALIZED")
        statement = (
            select(fact.box, fact.state, fact.since, fact.recorded_at)
            .join(bounds, bounds.c.id == fact.box)
            .where(
                fact.since >= func.coalesce(bounds.c.head, literal(_LONG_AGO, UtcTime)),
                fact.since < span.end,
                fact.recorded_at <= known_at,
            )
            .order_by(fact.box, fact.since, fact.position)
        )
        return [BoxSaid(*row) for row in self._connection.execute(statement)]

    def windows(self, span: Span, known_at: datetime) -> Sequence[MaintenanceWindow]:
        """See the port."""
        window = maintenance_windows.c
        touching = (window.end > span.start, window.start < span.end, window.announced_at <= known_at)
        statement = select(maintenance_windows).where(*touching).order_by(window.start, window.position)
        found = (_WINDOWS.value(row) for row in self._connection.execute(statement).mappings())
        return [one.as_known(known_at) for one in found]

    def add_windows(self, windows: Sequence[MaintenanceWindow]) -> None:
        """See the port."""
        insert_new_rows(self._connection, maintenance_windows, [_WINDOWS.row(one) for one in windows], ("id",))

    def window(self, name: str) -> MaintenanceWindow | None:
        """See the port."""
        return next(iter(_WINDOWS.by(self._connection, "id", [name])), None)

    def cancel_window(self, name: str, at: datetime) -> None:
        """See the port."""
        window = maintenance_windows.c
        here = (window.id == name, window.cancelled_at.is_(None))
        self._connection.execute(maintenance_windows.update().where(*here).values(cancelled_at=at))

    def list_windows(self, page: PageRequest) -> Page[MaintenanceWindow]:
        """See the port."""
        return _WINDOWS.page(self._connection, select(maintenance_windows), _NEWEST_FIRST, page)

    def set_makers(self, makers: Mapping[str, tuple[str, str]]) -> None:
        """See the port."""
        rows: list[dict[str, Any]] = [
            {"device": device, "vendor": vendor, "model": model} for device, (vendor, model) in makers.items()
        ]
        upsert_rows(self._connection, device_makers, rows, ("device",))

    def put_runs(self, runs: Sequence[WitnessRun]) -> None:
        """See the port."""
        self._note_runs([(run, run.started_at) for run in runs])

    def add_runs(self, runs: Sequence[WitnessRun], recorded_at: datetime) -> None:
        """See the port."""
        run = witness_runs.c
        began = min((one.started_at for one in runs), default=recorded_at)
        here = select(witness_runs).where(run.witness.in_({one.witness for one in runs}), run.started_at >= began)
        told = {_RUNS.value(row) for row in self._connection.execute(here).mappings()} if runs else set()
        self._note_runs([(one, recorded_at) for one in runs if one not in told])

    def drop_runs(self, before: datetime, limit: int) -> int:
        """See the port."""
        run, other = witness_runs.c, witness_runs.alias("other").c
        later = exists().where(other.witness == run.witness, other.ended_at > run.ended_at)
        old = select(run.position).where(run.ended_at < before, later).order_by(run.ended_at).limit(limit)
        positions = self._connection.execute(old).scalars().all()
        if positions:
            self._connection.execute(witness_runs.delete().where(run.position.in_(positions)))
        return len(positions)

    def runs(self, span: Span, known_at: datetime) -> Sequence[WitnessRun]:
        """See the port."""
        run, other = witness_runs.c, witness_runs.alias("other").c
        same = (other.witness == run.witness, other.recorded_at <= known_at)
        before = select(func.max(other.ended_at)).where(*same, other.ended_at <= span.start)
        after = select(func.min(other.started_at)).where(*same, other.started_at >= span.end)
        touching = (run.ended_at > span.start) & (run.started_at < span.end)
        beside = or_(run.ended_at == before.scalar_subquery(), run.started_at == after.scalar_subquery())
        wanted = select(witness_runs).where(run.recorded_at <= known_at, or_(touching, beside))
        statement = wanted.order_by(run.witness, run.started_at, run.ended_at)
        found = (_RUNS.value(row) for row in self._connection.execute(statement).mappings())
        return [replace(one, ended_at=max(one.started_at, min(one.ended_at, known_at))) for one in found]

    def put_waits(self, waits: Sequence[BoxWait], recorded_at: datetime) -> None:
        """See the port."""
        if not waits:
            return
        rows: dict[tuple[str, int, int], dict[str, Any]] = {
            (one.box, one.boot, one.number): {
                "box": one.box,
                "boot": one.boot,
                "number": one.number,
                "since": one.span.start,
                "until": one.span.end,
                "connected": one.connected,
                "recorded_at": recorded_at,
            }
            for one in waits
        }
        insert, stood = dialect_insert(self._connection, box_waits), box_waits.c
        told = insert.excluded
        first_told = case((told.since > stood.until, told.recorded_at), else_=stood.recorded_at)
        kept = {name: told[name] for name in ("since", "until", "connected")} | {"recorded_at": first_told}
        keys = ("box", "boot", "number")
        self._connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=kept), list(rows.values()))

    def drop_waits(self, before: datetime, limit: int) -> int:
        """See the port."""
        wait = box_waits.c
        key = (wait.box, wait.boot, wait.number)
        statement = select(*key).where(wait.until < before).order_by(wait.until).limit(limit)
        old = [tuple(row) for row in self._connection.execute(statement)]
        if old:
            self._connection.execute(box_waits.delete().where(tuple_(*key).in_(old)))
        return len(old)

    def waits(self, span: Span, known_at: datetime) -> Sequence[BoxWait]:
        """See the port."""
        wait = box_waits.c
        statement = (
            select(wait.box, wait.boot, wait.number, wait.since, wait.until, wait.connected)
            .where(wait.until > span.start, wait.since < span.end, wait.recorded_at <= known_at)
            .order_by(wait.since, wait.box)
        )
        found = self._connection.execute(statement)
        return [BoxWait(row.box, row.boot, row.number, Span(row.since, row.until), row.connected) for row in found]

    def first_word(self, span: Span, known_at: datetime) -> datetime | None:
        """See the port."""
        run, wait = witness_runs.c, box_waits.c
        of_runs = select(func.min(run.started_at)).where(run.started_at < span.end, run.recorded_at <= known_at)
        first: datetime | None = self._connection.scalar(of_runs)
        if first is not None and first <= span.start:
            return first
        of_waits = select(func.min(wait.since)).where(wait.since < span.end, wait.recorded_at <= known_at)
        return min((one for one in (first, self._connection.scalar(of_waits)) if one is not None), default=None)

    def _note_runs(self, runs: Sequence[tuple[WitnessRun, datetime]]) -> None:
        rows = [_RUNS.row(run) | {"recorded_at": recorded_at} for run, recorded_at in runs]
        upsert_rows(self._connection, witness_runs, rows, ("witness", "instance", "started_at", "recorded_at"))

    def _a_little_before(self, moment: ColumnElement[datetime]) -> ColumnElement[datetime]:
        """Three seconds: facts of one state may differ by two in when it began."""
        if self._connection.dialect.name == "postgresql":
            return moment.op("-", return_type=UtcTime())(sql("interval '3 seconds'"))
        return func.strftime("%Y-%m-%dT%H:%M:%f000+00:00", moment, "-3 seconds")

    def _bounds_of_camera(self, span: Span, known_at: datetime) -> tuple[Label[datetime], Label[datetime]]:
        """When a camera's last word up to the span's start and its first from the end began."""
        fact = camera_states.c
        spoken = fact.source != FactSource.RULE
        return self._nearest(camera_states, fact.camera == cameras.c.key, span, known_at, spoken)

    @staticmethod
    def _nearest(
        facts: Table, same: ColumnElement[bool], span: Span, known_at: datetime, *also: ColumnElement[bool]
    ) -> tuple[Label[datetime], Label[datetime]]:
        """When the last fact up to the span's start and the first from its end began."""
        fact = facts.c
        known = select(fact.since).where(same, fact.recorded_at <= known_at, *also).limit(1)
        head = known.where(fact.since <= span.start).order_by(fact.since.desc()).scalar_subquery()
        tail = known.where(fact.since >= span.end).order_by(fact.since).scalar_subquery()
        return head.label("head"), tail.label("tail")
