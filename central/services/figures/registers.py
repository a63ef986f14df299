"""The registers that figures need: entered or imported whole, corrected by a later version, withdrawn; and views."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo

from pydantic import JsonValue

from central.core.availability.spans import Span
from central.core.kpis import ZONE
from central.core.places import Crs, PlaceKind
from central.core.places.grid import Grid
from central.core.places.zone_grounds import GroundRefused, read_zone_grounds
from central.core.registers import (
    Entry,
    Register,
    Written,
    overlap_of,
    standing,
    written_of,
    written_rows,
)
from central.core.registers.refusals import MEETS, NOT_IMPORTED, TOLD_CHARS_MAX, in_row, refused_in
from central.core.standards import SheetRow
from central.core.values import Actor, Page
from central.stores.ports import CameraView, DrawnGround, PageRequest, Stores, Unit
from protocol.texts import Words

GRIDS_MAX = 50_000


NO_CAMERA = Words(
    zh="没有摄像机“{camera}”；编号形如 盒子.摄像机", en="there is no camera '{camera}'; ids look like box.camera"
)


class EntryUnknown(LookupError):
    """There is no such entry in this register."""


class Registers:
    """`timezone`: whose days, months and years entries mean."""

    def __init__(self, stores: Stores, timezone: tzinfo = ZONE) -> None:
        self._stores = stores
        self._zone = timezone

    def enter(self, register: Register, cells: Mapping[str, str], actor: Actor, now: datetime) -> Entry:
        """Note one entry; the same again changes nothing. Raises `EntryRefused`."""
        written = written_of(register, cells, self._zone)
        self._keep(register, [written], actor, now)
        return Entry(written, actor.name, now)

    def enter_all(self, register: Register, rows: Iterable[SheetRow], actor: Actor, now: datetime) -> tuple[int, int]:
        """Note all rows of a table, or none; how many it has, and how many said something new. `EntryRefused`."""
        written = written_rows(register, rows, self._zone)
        return len(written), self._keep(register, written, actor, now)

    def enter_rows(
        self, register: Register, rows: Sequence[Mapping[str, str]], actor: Actor, now: datetime
    ) -> tuple[int, int]:
        """The same for rows of cells by column, numbered from 1 on. Raises `EntryRefused`."""
        columns = tuple(dict.fromkeys(name for cells in rows for name in cells))
        table = [tuple(cells.get(name, "") for name in columns) for cells in rows]
        return self.enter_all(register, [SheetRow(at, one) for at, one in enumerate([columns, *table])], actor, now)

    def withdraw(self, register: Register, key: str, actor: Actor, now: datetime) -> None:
        """Take an entry back; what was asked as of earlier still has it. Raises `EntryUnknown`."""
        with self._stores.writing() as unit:
            unit.registers.hold()
            found = unit.registers.last([key]).get(key)
            if found is None or found.is_withdrawn or found.written.register is not register:
                raise EntryUnknown("there is no such entry in this register")
            unit.registers.add([Entry(found.written, actor.name, now, is_withdrawn=True)])

    def entries(self, register: Register, page: PageRequest) -> Page[Entry]:
        """Last noted first; raises `BadCursor`."""
        with self._stores.reading() as unit:
            return unit.registers.page(register, page)

    def draw(self, features: Iterable[Mapping[str, JsonValue]], crs: Crs, actor: Actor, now: datetime) -> int:
        """Note where zones lie on the ground, all or none; how many. Raises `GroundRefused`, also for no camera."""
        grounds = read_zone_grounds(features, crs)
        cameras = {one.camera for one in grounds}
        with self._stores.writing() as unit:
            unknown = sorted(cameras - unit.cameras.get(sorted(cameras)).keys())
            if unknown:
                raise GroundRefused(NO_CAMERA, camera=unknown[0])
            unit.registers.draw(grounds, actor.name, now)
        return len(grounds)

    def grounds(self, page: PageRequest) -> Page[DrawnGround]:
        """The ground of each zone as drawn last, last drawn first. Raises `BadCursor`."""
        with self._stores.reading() as unit:
            return unit.registers.grounds(page)

    def see(self, person: Actor, cameras: Sequence[str], now: datetime) -> None:
        """Note that a person looks at cameras (调看); the first time of a day counts."""
        if cameras:
            day = now.astimezone(self._zone).date()
            with self._stores.writing() as unit:
                unit.registers.see([CameraView(person.name, camera, day, now) for camera in sorted(set(cameras))])

    def see_picture(self, person: Actor, sha256: str, now: datetime) -> None:
        """The same for a picture of a camera's case; pictures of people's reports are of no camera."""
        day = now.astimezone(self._zone).date()
        with self._stores.reading() as unit:
            cameras = unit.registers.cameras_of_picture(sha256)
            seen = unit.registers.seen(person.name, cameras, day)
        self.see(person, [camera for camera in cameras if camera not in seen], now)

    def _keep(self, register: Register, written: Sequence[Written], actor: Actor, now: datetime) -> int:
        with self._stores.writing() as unit:
            unit.registers.hold()
            _check(unit, register, written, now)
            known = unit.registers.last([one.key for one in written])
            new = [one for one in written if not _says(known.get(one.key), one)]
            unit.registers.add([Entry(one, actor.name, now) for one in new])
        return len(new)


def _says(entry: Entry | None, written: Written) -> bool:
    return entry is not None and not entry.is_withdrawn and entry.written.said == written.said


def _check(unit: Unit, register: Register, written: Sequence[Written], now: datetime) -> None:
    """Refuse what contradicts other entries or names what the city does not have."""
    match register:
        case Register.ROSTER:
            _check_roster(unit, written, now)
        case Register.POPULATION:
            _check_known("community", {one.subject: one for one in written}, _grid_codes(unit))
        case Register.INSPECTION_DUTY:
            _check_known("grid", {one.party: one for one in written}, _grid_codes(unit))
            _check_known("class", {one.subject: one for one in written}, _class_codes(unit))
        case _:
            pass


def _check_roster(unit: Unit, written: Sequence[Written], now: datetime) -> None:
    span = Span(min(one.starts_at for one in written), max(one.ends_at for one in written))
    keys = {one.key for one in written}
    kept = [one for one in standing(unit.registers.versions(Register.ROSTER, span, now)) if one.key not in keys]
    pair = overlap_of([*kept, *written])
    if pair is not None:
        one, other = pair if pair[1].row else pair[::-1]
        told = f"{one.subject}, {one.party}, {one.starts_at.isoformat()} - {one.ends_at.isoformat()}"
        raise in_row(other.row, refused_in("from", MEETS, told=told[:160]))


def _check_known(column: str, wanted: Mapping[str, Written], known: Collection[str]) -> None:
    """Each code is one of `known` or what some of them begin with; where nothing was imported, nothing is known."""
    if not known:
        return
    for code, written in wanted.items():
        if not any(one.startswith(code) for one in known):
            raise in_row(written.row, refused_in(column, NOT_IMPORTED, told=code[:TOLD_CHARS_MAX]))


def _grid_codes(unit: Unit) -> frozenset[str]:
    return frozenset(one.code for one in unit.places.all(PlaceKind.GRIDS, GRIDS_MAX) if isinstance(one, Grid))


def _class_codes(unit: Unit) -> frozenset[str]:
    book = unit.standards.book(unit.standards.version())
    return frozenset(one.code for one in book.standards) if book is not None else frozenset()
