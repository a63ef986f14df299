"""Boxes, cameras and commands, in SQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, case, func, select, tuple_

from central.core.exchange import camera_change
from central.core.fleet.clock_skew import BootClock
from central.core.fleet.devices import Box, BoxFact, Camera, CameraFact, CommandRecord
from central.core.values import CommandState, Page
from central.stores import tables
from central.stores.database.rows import Order, Rows, upsert_rows
from central.stores.ports import PageRequest
from central.stores.sql.exchange import SqlChanges
from protocol.messages import CameraState

_BOXES = Rows(tables.boxes, Box)
_BOX_FACTS = Rows(tables.box_states, BoxFact)
_CAMERAS = Rows(tables.cameras, Camera)
_FACTS = Rows(tables.camera_states, CameraFact)
_COMMANDS = Rows(tables.commands, CommandRecord)
_CLOCKS = Rows(tables.boot_clocks, BootClock)
_NEEDIEST_FIRST = (CameraState.OFFLINE, CameraState.DEGRADED, CameraState.UNKNOWN, CameraState.ONLINE)
_BOXES_BY_ID = Order(tables.boxes.c.id)
_CAMERAS_BY_KEY = Order(tables.cameras.c.key)
_BOX_FACTS_NEWEST_FIRST = Order(tables.box_states.c.position, newest_first=True)
_FACTS_NEWEST_FIRST = Order(tables.camera_states.c.position, newest_first=True)


class SqlBoxes:
    """`BoxStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, ids: Sequence[str]) -> Mapping[str, Box]:
        """See the port."""
        return {box.id: box for box in _BOXES.by(self._connection, "id", ids, lock=True)}

    def peek(self, ids: Sequence[str]) -> Mapping[str, Box]:
        """See the port."""
        return {box.id: box for box in _BOXES.by(self._connection, "id", ids)}

    def add(self, box: Box) -> None:
        """See the port."""
        _BOXES.insert(self._connection, [box])

    def save(self, boxes: Sequence[Box]) -> None:
        """See the port."""
        _BOXES.update(self._connection, boxes, "id")

    def find(self, page: PageRequest) -> Page[Box]:
        """See the port."""
        return _BOXES.page(self._connection, select(tables.boxes), _BOXES_BY_ID, page)

    def add_facts(self, facts: Sequence[BoxFact]) -> None:
        """See the port."""
        _BOX_FACTS.insert(self._connection, facts)

    def facts(self, box: str, page: PageRequest, start: datetime | None, end: datetime | None) -> Page[BoxFact]:
        """See the port."""
        of_box = select(tables.box_states).where(tables.box_states.c.box == box)
        statement = _recorded(of_box, tables.box_states, start, end)
        return _BOX_FACTS.page(self._connection, statement, _BOX_FACTS_NEWEST_FIRST, page)

    def clocks(self, boots: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], BootClock]:
        """See the port."""
        if not boots:
            return {}
        place = tuple_(tables.boot_clocks.c.box, tables.boot_clocks.c.boot)
        found = self._connection.execute(select(tables.boot_clocks).where(place.in_(boots))).mappings()
        return {(row["box"], row["boot"]): _CLOCKS.value(row) for row in found}

    def save_clocks(self, clocks: Mapping[tuple[str, int], BootClock]) -> None:
        """See the port."""
        rows = [_CLOCKS.row(clock) | {"box": box, "boot": boot} for (box, boot), clock in clocks.items()]
        upsert_rows(self._connection, tables.boot_clocks, rows, ("box", "boot"))


class SqlCameras:
    """`CameraStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, keys: Sequence[str]) -> Mapping[str, Camera]:
        """See the port."""
        return {camera.key: camera for camera in _CAMERAS.by(self._connection, "key", keys)}

    def of_boxes(self, boxes: Sequence[str]) -> Sequence[Camera]:
        """See the port."""
        found = _CAMERAS.by(self._connection, "box", boxes)
        return sorted((camera for camera in found if camera.retired_at is None), key=lambda camera: camera.key)

    def save(self, cameras: Sequence[Camera]) -> None:
        """See the port."""
        _CAMERAS.upsert(self._connection, cameras, ("key",))

    def add_facts(self, facts: Sequence[CameraFact]) -> None:
        """See the port."""
        _FACTS.insert(self._connection, facts)
        SqlChanges(self._connection).tell([camera_change(fact) for fact in facts])

    def find(self, page: PageRequest) -> Page[Camera]:
        """See the port."""
        present = select(tables.cameras).where(tables.cameras.c.retired_at.is_(None))
        return _CAMERAS.page(self._connection, present, _CAMERAS_BY_KEY, page)

    def neediest(self, limit: int) -> Sequence[Camera]:
        """See the port."""
        camera = tables.cameras.c
        need = case({state: place for place, state in enumerate(_NEEDIEST_FIRST)}, value=camera.state)
        statement = select(tables.cameras).where(camera.retired_at.is_(None)).order_by(need, camera.key).limit(limit)
        return [_CAMERAS.value(row) for row in self._connection.execute(statement).mappings()]

    def counts(self) -> Mapping[CameraState, int]:
        """See the port."""
        camera = tables.cameras.c
        statement = select(camera.state, func.count()).where(camera.retired_at.is_(None)).group_by(camera.state)
        return dict(self._connection.execute(statement).all())

    def facts(self, camera: str, page: PageRequest, start: datetime | None, end: datetime | None) -> Page[CameraFact]:
        """See the port."""
        of_camera = select(tables.camera_states).where(tables.camera_states.c.camera == camera)
        statement = _recorded(of_camera, tables.camera_states, start, end)
        return _FACTS.page(self._connection, statement, _FACTS_NEWEST_FIRST, page)


class SqlCommands:
    """`CommandStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, record: CommandRecord) -> None:
        """See the port."""
        row = _COMMANDS.row(record) | {"id": record.command.command}
        self._connection.execute(tables.commands.insert(), [row])

    def get(self, ids: Sequence[str]) -> Mapping[str, CommandRecord]:
        """See the port."""
        return {record.command.command: record for record in _COMMANDS.by(self._connection, "id", ids, lock=True)}

    def save(self, records: Sequence[CommandRecord]) -> None:
        """See the port."""
        rows = [_COMMANDS.row(record) | {"id": record.command.command} for record in records]
        upsert_rows(self._connection, tables.commands, rows, ("id",))

    def unfinished(self, limit: int) -> Sequence[CommandRecord]:
        """See the port."""
        waiting = tables.commands.c.state.in_([CommandState.REQUESTED, CommandState.ACCEPTED])
        statement = select(tables.commands).where(waiting).order_by(tables.commands.c.position).limit(limit)
        return [_COMMANDS.value(row) for row in self._connection.execute(statement).mappings()]


def _recorded(statement: Select[Any], facts: Table, start: datetime | None, end: datetime | None) -> Select[Any]:
    """Only facts recorded at or after `start` and before `end`."""
    if start is not None:
        statement = statement.where(facts.c.recorded_at >= start)
    if end is not None:
        statement = statement.where(facts.c.recorded_at < end)
    return statement
