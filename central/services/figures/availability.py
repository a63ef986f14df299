"""Device figures over a period, and what the platform itself was worth; maintenance, makers and witnesses."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from central.core.availability.boxes import box_timeline
from central.core.availability.maintenance import Maintenance, MaintenanceWindow, Scope, check_window
from central.core.availability.online_rate import Counted, DeviceTime, Rate, Snapshot, Times, device_time, rate
from central.core.availability.reliability import Reliability, reliability, together
from central.core.availability.spans import Span, common, merged, without
from central.core.availability.timelines import CONFIRMED_S
from central.core.availability.witnesses import (
    BOXES,
    BREAK_S,
    CENTRAL,
    Look,
    Statement,
    SystemTime,
    WitnessRun,
    after_look,
    boxes_statement,
    central_statement,
    probe_statement,
    system_time,
    worst,
)
from central.core.values import Actor, Page, derived_id
from central.services.figures.camera_rows import CameraRow, every_timeline, row_of, timelines_of
from central.services.fleet import all_boxes
from central.stores.ports import AskedCameras, PageRequest, Stores, Unit
from protocol.messages import CameraState
from protocol.texts import Told, Words

CAMERAS_A_PAGE = 500
DAYS_MAX = 400
NO_TIME = Words(zh="这一时段内没有应在线的摄像机", en="no camera had to be online in this period")


BACKWARD = Words(
    zh="时段应先开始后结束；请核对 from 和 to", en="a period ends after it starts; look at `from` and `to`"
)
TOO_LONG = Words(zh="一个时段最长 {most} 天；请分段查询", en="a period has {most} days at most; ask for parts of it")
NO_WINDOW = Words(zh="没有这个检修窗口", en="there is no such maintenance window")


class PeriodRefused(Told, ValueError):
    """This is no period of a figure; the text says why."""


class WindowUnknown(Told, LookupError):
    """There is no such maintenance window."""


class GroupedBy(StrEnum):
    """Over what failures are counted."""

    CAMERA = "camera"
    BOX = "box"
    VENDOR = "vendor"


class Draft(NamedTuple):
    """A maintenance window that is to be announced."""

    scope: Scope
    subject: str
    start: datetime
    end: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class OnlineReport:
    """在线率 of a period as known at `known_at`; `excused_late` windows were announced after they began."""

    span: Span
    known_at: datetime
    cameras: int
    time: DeviceTime
    target: float
    formal_since: datetime | None
    excused_late: int

    def rate(self, counted: Counted) -> Rate:
        """The figure, without planned maintenance and trial operation."""
        return rate([self.time.required], counted)

    @property
    def reason(self) -> Words | None:
        """Why there is no figure; None where there is one."""
        return None if self.time.required.total_s else NO_TIME


@dataclass(frozen=True, slots=True)
class SystemReport:
    """系统可用率 of a period: the worst witness at each moment, and what each one says."""

    span: Span
    worst: SystemTime
    witnesses: Mapping[str, SystemTime]
    falls: tuple[Span, ...] = ()


class Availability:
    """`formal_since`: when formal operation (正式运行) began; None where all of it counts."""

    def __init__(self, stores: Stores, formal_since: datetime | None = None, target: float = 0.95) -> None:
        self._stores = stores
        self.formal_since = formal_since
        self._target = target

    def snapshot(self, now: datetime, counted: Counted = Counted.ONLINE) -> Snapshot:
        """How many cameras are good now, and how many more may fail; those of boxes that are not heard are unknown."""
        with self._stores.reading() as unit:
            counts = Counter(unit.cameras.counts())
            for camera in unit.cameras.of_boxes([box.id for box in all_boxes(unit) if _is_silent(box.heard_at, now)]):
                counts[camera.state] -= 1
                counts[CameraState.UNKNOWN] += 1
        return Snapshot.of(counts.elements(), self._target, counted)

    def online(self, span: Span, known_at: datetime) -> OnlineReport:
        """在线率 and 完好率 of a period. Raises `PeriodRefused`."""
        required, planned, trial, count = Times(), Times(), Times(), 0
        with self._stores.reading() as unit:
            windows = unit.availability.windows(_checked(span))
            for camera, pieces, excused in every_timeline(unit, span, known_at, Maintenance(windows)):
                one = device_time(camera.key, pieces, excused, self.formal_since)
                required, planned, trial = (
                    required.plus(one.required),
                    planned.plus(one.planned),
                    trial.plus(one.trial),
                )
                count += bool(pieces)
        late = sum(one.is_retroactive and one.cancelled_at is None for one in windows)
        total = DeviceTime("", required, planned, trial)
        return OnlineReport(span, known_at, count, total, self._target, self.formal_since, late)

    def rows(self, span: Span, known_at: datetime, page: PageRequest) -> Page[CameraRow]:
        """The cameras behind the figures, by key; `cursor` is the last key. Raises `PeriodRefused`."""
        limit = min(max(1, page.limit), CAMERAS_A_PAGE)
        with self._stores.reading() as unit:
            found = self.some_rows(unit, span, known_at, AskedCameras(limit + 1, page.cursor or ""))
        return Page(tuple(found[:limit]), found[limit - 1].camera if len(found) > limit else None)

    def some_rows(self, unit: Unit, span: Span, known_at: datetime, asked: AskedCameras) -> Sequence[CameraRow]:
        """These cameras alone, within somebody's transaction. Raises `PeriodRefused`."""
        plan = Maintenance(unit.availability.windows(_checked(span)))
        watched = unit.availability.watched(span, known_at, asked)
        return [row_of(one, span, self.formal_since) for one in timelines_of(unit, watched, span, known_at, plan)]

    def all_rows(self, unit: Unit, span: Span, known_at: datetime) -> Iterator[CameraRow]:
        """The same of every camera, one after the other. Raises `PeriodRefused`."""
        plan = Maintenance(unit.availability.windows(_checked(span)))
        for one in every_timeline(unit, span, known_at, plan):
            yield row_of(one, span, self.formal_since)

    def reliability(self, span: Span, known_at: datetime, by: GroupedBy) -> Mapping[str, Reliability]:
        """MTBF and MTTR of cameras, boxes, or cameras by vendor ("" where none is known). Raises `PeriodRefused`."""
        with self._stores.reading() as unit:
            plan = Maintenance(unit.availability.windows(_checked(span)))
            if by is GroupedBy.BOX:
                return _of_boxes(unit, span, known_at, plan)
            found: dict[str, list[Reliability]] = {}
            for camera, pieces, excused in every_timeline(unit, span, known_at, plan):
                group = camera.vendor if by is GroupedBy.VENDOR else camera.key
                found.setdefault(group, []).append(reliability(pieces, span, excused))
        return {group: together(parts) for group, parts in sorted(found.items())}

    def system(self, span: Span, now: datetime) -> SystemReport:
        """系统可用率 of what has passed of a period. Raises `PeriodRefused`."""
        with self._stores.reading() as unit:
            return self.system_in(unit, span, now)

    def system_in(self, unit: Unit, span: Span, now: datetime) -> SystemReport:
        """The same within somebody's transaction. Raises `PeriodRefused`."""
        passed = Span(_checked(span).start, min(span.end, now))
        plan = Maintenance(unit.availability.windows(span)).of_platform()
        statements = _statements(unit, passed, now)
        each = {name: system_time(one, passed, plan) for name, one in statements.items()}
        found = worst(statements.values())
        falls = common(found.down, without([passed], plan) if passed.start < passed.end else ())
        return SystemReport(passed, system_time(found, passed, plan), each, falls)

    def announce(self, draft: Draft, actor: Actor, now: datetime) -> MaintenanceWindow:
        """Note planned maintenance; the same again is the same window. Raises `WindowRefused`."""
        window = _announced(draft, actor, now)
        with self._stores.writing() as unit:
            unit.availability.add_windows([window])
            return unit.availability.window(window.id) or window

    def announce_all(self, drafts: Sequence[Draft], actor: Actor, now: datetime) -> int:
        """Note all or none, in one transaction; how many they are. Raises `WindowRefused`."""
        windows = [_announced(draft, actor, now) for draft in drafts]
        with self._stores.writing() as unit:
            unit.availability.add_windows(windows)
        return len(windows)

    def cancel(self, name: str, now: datetime) -> MaintenanceWindow:
        """Take a window back; it stays in the list. Raises `WindowUnknown`."""
        with self._stores.writing() as unit:
            unit.availability.cancel_window(name, now)
            found = unit.availability.window(name)
        if found is None:
            raise WindowUnknown(NO_WINDOW)
        return found

    def windows(self, page: PageRequest) -> Page[MaintenanceWindow]:
        """Newest announced first; raises `BadCursor`."""
        with self._stores.reading() as unit:
            return unit.availability.list_windows(page)

    def set_makers(self, makers: Mapping[str, tuple[str, str]]) -> None:
        """Note vendor and model of devices."""
        with self._stores.writing() as unit:
            unit.availability.set_makers(makers)

    def take_runs(self, runs: Sequence[WitnessRun]) -> None:
        """Take what a probe wrote; the same again changes nothing."""
        with self._stores.writing() as unit:
            unit.availability.put_runs(runs)


class Ticker:
    """Central's own witness; `instance` names this process. Called each `TICK_S` by one thread."""

    def __init__(self, stores: Stores, instance: str) -> None:
        self._stores = stores
        self._instance = instance
        self._run: WitnessRun | None = None
        self._before: Look | None = None

    def tick(self, now: datetime, mono_s: float) -> None:
        """Write that central is up; raises `StoreUnavailable`, which is what a gap will say."""
        look = Look(now, mono_s)
        run = after_look(self._run, self._before, look, CENTRAL, self._instance)
        with self._stores.writing() as unit:
            unit.availability.put_runs([run])
        self._run, self._before = run, look


def _announced(draft: Draft, actor: Actor, now: datetime) -> MaintenanceWindow:
    check_window(*draft)
    start, end = draft.start.astimezone(UTC), draft.end.astimezone(UTC)
    name = derived_id("mw", draft.scope, draft.subject, start.isoformat(), end.isoformat(), draft.reason)
    return MaintenanceWindow(name, draft.scope, draft.subject, start, end, draft.reason, actor.name, now)


def _checked(span: Span) -> Span:
    if span.start >= span.end:
        raise PeriodRefused(BACKWARD)
    if span.end - span.start > timedelta(days=DAYS_MAX):
        raise PeriodRefused(TOO_LONG, most=DAYS_MAX)
    return span


def _of_boxes(unit: Unit, span: Span, known_at: datetime, plan: Maintenance) -> dict[str, Reliability]:
    deaf = _deaf(unit.availability.runs(span), known_at)
    facts = unit.availability.boxes_said(span, known_at)
    told = {box: list(said) for box, said in groupby(facts, key=lambda one: one.box)}
    found = {}
    for name, box in sorted(unit.boxes.peek(list(told)).items()):
        unheard = [Span(box.heard_at, known_at)] if box.heard_at and _is_silent(box.heard_at, known_at) else []
        pieces = box_timeline(told[name], span, known_at, merged([*deaf, *unheard]))
        found[name] = reliability(pieces, span, plan.of_box(name, box.site))
    return found


def _is_silent(heard_at: datetime | None, now: datetime) -> bool:
    """Nothing was heard for longer than a running central would leave untold."""
    return heard_at is not None and (now - heard_at).total_seconds() > CONFIRMED_S


def _deaf(runs: Iterable[WitnessRun], known_at: datetime) -> tuple[Span, ...]:
    """When central did not listen; before its first tick nothing says so."""
    own = [run for run in runs if run.witness == CENTRAL]
    last = max((run.ended_at for run in own), default=known_at)
    quiet = [Span(last, known_at)] if (known_at - last).total_seconds() > BREAK_S else []
    return merged([*central_statement(own).down, *quiet])


def _statements(unit: Unit, span: Span, now: datetime) -> dict[str, Statement]:
    runs = unit.availability.runs(span)
    found = {
        name: (central_statement if name == CENTRAL else probe_statement)(list(own))
        for name, own in groupby(runs, key=lambda run: run.witness)
    }
    facts = unit.availability.boxes_said(span, now)
    heard = {
        box: merged(
            Span(piece.start, piece.end) for piece in box_timeline(said, span, now) if piece.state is CameraState.ONLINE
        )
        for box, said in groupby(facts, key=lambda one: one.box)
    }
    listened = found[CENTRAL].up if CENTRAL in found else ()
    waits = unit.availability.waits(span)
    if waits or (heard and listened):
        found[BOXES] = boxes_statement(heard, listened, waits)
    return found
