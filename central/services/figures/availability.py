"""Device figures over a period, and what the platform itself was worth."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import groupby

from central.core.availability.boxes import box_timeline
from central.core.availability.maintenance import Maintenance
from central.core.availability.online_rate import Counted, DeviceTime, Rate, Snapshot, Times, device_time, rate
from central.core.availability.reliability import Reliability, reliability, together
from central.core.availability.spans import Span, common, merged, without
from central.core.availability.timelines import CONFIRMED_S
from central.core.availability.witnesses import (
    SystemTime,
    since_first_word,
    system_time,
    worst,
)
from central.core.kpis.targets import Targets
from central.core.values import Page
from central.services.figures.camera_rows import CameraRow, every_timeline, row_of, timelines_of
from central.services.figures.witnesses import deaf, statements
from central.services.fleet import all_boxes
from central.stores.ports import AskedCameras, PageRequest, Stores, Unit
from protocol.messages import CameraState
from protocol.texts import Told, Words

CAMERAS_A_PAGE = 500
SNAPSHOT, PLATFORM = "camera_online_snapshot", "platform_availability"
RATES = {Counted.ONLINE: "camera_online_rate", Counted.INTACT: "camera_intact_rate"}
"""The figures whose targets hold for each."""
DAYS_MAX = 400
NO_TIME = Words(zh="这一时段内没有应在线的摄像机", en="no camera had to be online in this period")
NO_WITNESS = Words(
    zh="到这一时段结束为止，没有任何见证（平台心跳、边缘盒、外部探测）的记录",
    en="by the end of this period no witness (ticks of the platform, boxes, a probe outside) had said anything",
)

BACKWARD = Words(
    zh="时段应先开始后结束；请核对 from 和 to", en="a period ends after it starts; look at `from` and `to`"
)
TOO_LONG = Words(zh="一个时段最长 {most} 天；请分段查询", en="a period has {most} days at most; ask for parts of it")


class PeriodRefused(Told, ValueError):
    """This is no period of a figure; the text says why."""


class GroupedBy(StrEnum):
    """Over what failures are counted."""

    CAMERA = "camera"
    BOX = "box"
    VENDOR = "vendor"


@dataclass(frozen=True, slots=True)
class OnlineReport:
    """在线率 of a period as known at `known_at`; `excused_late` windows were announced after they began.

    `target` is of 在线率, `intact_target` of 完好率, for which there is none unless somebody said one.
    """

    span: Span
    known_at: datetime
    cameras: int
    time: DeviceTime
    target: float
    formal_since: datetime | None
    excused_late: int
    intact_target: float | None = None

    def target_of(self, counted: Counted) -> float | None:
        """What a rate should reach."""
        return self.target if counted is Counted.ONLINE else self.intact_target

    def rate(self, counted: Counted) -> Rate:
        """The figure, without planned maintenance and trial operation."""
        return rate([self.time.required], counted)

    @property
    def reason(self) -> Words | None:
        """Why there is no figure; None where there is one."""
        return None if self.time.required.total_s else NO_TIME


@dataclass(frozen=True, slots=True)
class SystemReport:
    """系统可用率 of a period: the worst witness at each moment, and what each one says.

    Counted from the first word of any witness on, `counted_from`; None where there is none.
    """

    span: Span
    worst: SystemTime
    witnesses: Mapping[str, SystemTime]
    falls: tuple[Span, ...] = ()
    target: float | None = None
    counted_from: datetime | None = None

    @property
    def reason(self) -> Words | None:
        """Why there is no figure; None where there is one."""
        return None if self.witnesses else NO_WITNESS


class Availability:
    """`formal_since`: when formal operation (正式运行) began; None where all of it counts.

    `online_target`: of 在线率, where nobody said another one. `zone`: the city's, in which targets hold from a day on.
    """

    def __init__(
        self,
        stores: Stores,
        formal_since: datetime | None = None,
        online_target: float = 0.95,
        zone: tzinfo = UTC,
    ) -> None:
        self._stores = stores
        self.formal_since = formal_since
        self._online_target = online_target
        self._zone = zone

    def snapshot(self, now: datetime, counted: Counted = Counted.ONLINE) -> Snapshot:
        """How many cameras are good now, and how many more may fail; those of boxes that are not heard are unknown."""
        with self._stores.reading() as unit:
            counts = Counter(unit.cameras.counts())
            for camera in unit.cameras.of_boxes([box.id for box in all_boxes(unit) if _is_silent(box.heard_at, now)]):
                counts[camera.state] -= 1
                counts[CameraState.UNKNOWN] += 1
            targets = unit.targets.all()
        snapshot_of = [SNAPSHOT] if counted is Counted.ONLINE else []
        said = (self._said(targets, name, now) for name in (*snapshot_of, RATES[counted]))
        target = next((one for one in said if one is not None), self._default(counted))
        return Snapshot.of(counts.elements(), target, counted)

    def online(self, span: Span, known_at: datetime) -> OnlineReport:
        """在线率 and 完好率 of a period. Raises `PeriodRefused`."""
        required, planned, trial, count = Times(), Times(), Times(), 0
        with self._stores.reading() as unit:
            windows = unit.availability.windows(_checked(span), known_at)
            for camera, pieces, excused in every_timeline(unit, span, known_at, Maintenance(windows)):
                one = device_time(camera.key, pieces, excused, self.formal_since)
                required, planned, trial = (
                    required.plus(one.required),
                    planned.plus(one.planned),
                    trial.plus(one.trial),
                )
                count += bool(pieces)
            targets = unit.targets.all()
        late = sum(one.is_retroactive and one.cancelled_at is None for one in windows)
        total = DeviceTime("", required, planned, trial)
        online, intact = (self._said(targets, RATES[one], span.start) for one in (Counted.ONLINE, Counted.INTACT))
        target = self._online_target if online is None else online
        return OnlineReport(span, known_at, count, total, target, self.formal_since, late, intact)

    def rows(self, span: Span, known_at: datetime, page: PageRequest) -> Page[CameraRow]:
        """The cameras behind the figures, by key; `cursor` is the last key. Raises `PeriodRefused`."""
        limit = min(max(1, page.limit), CAMERAS_A_PAGE)
        with self._stores.reading() as unit:
            found = self.some_rows(unit, span, known_at, AskedCameras(limit + 1, page.cursor or ""))
        return Page(tuple(found[:limit]), found[limit - 1].camera if len(found) > limit else None)

    def some_rows(self, unit: Unit, span: Span, known_at: datetime, asked: AskedCameras) -> Sequence[CameraRow]:
        """These cameras alone, within somebody's transaction. Raises `PeriodRefused`."""
        plan = Maintenance(unit.availability.windows(_checked(span), known_at))
        watched = unit.availability.watched(span, known_at, asked)
        return [row_of(one, span, self.formal_since) for one in timelines_of(unit, watched, span, known_at, plan)]

    def all_rows(self, unit: Unit, span: Span, known_at: datetime) -> Iterator[CameraRow]:
        """The same of every camera, one after the other. Raises `PeriodRefused`."""
        plan = Maintenance(unit.availability.windows(_checked(span), known_at))
        for one in every_timeline(unit, span, known_at, plan):
            yield row_of(one, span, self.formal_since)

    def reliability(self, span: Span, known_at: datetime, by: GroupedBy) -> Mapping[str, Reliability]:
        """MTBF and MTTR of cameras, boxes, or cameras by vendor ("" where none is known). Raises `PeriodRefused`."""
        with self._stores.reading() as unit:
            plan = Maintenance(unit.availability.windows(_checked(span), known_at))
            if by is GroupedBy.BOX:
                return _of_boxes(unit, span, known_at, plan)
            found: dict[str, list[Reliability]] = {}
            for camera, pieces, excused in every_timeline(unit, span, known_at, plan):
                group = camera.vendor if by is GroupedBy.VENDOR else camera.key
                found.setdefault(group, []).append(reliability(pieces, span, excused))
        return {group: together(parts) for group, parts in sorted(found.items())}

    def system(self, span: Span, now: datetime) -> SystemReport:
        """系统可用率 of what has passed of a period, as recorded up to `now`. Raises `PeriodRefused`."""
        with self._stores.reading() as unit:
            report, targets = self.system_in(unit, span, now), unit.targets.all(PLATFORM)
        return replace(report, target=self._said(targets, PLATFORM, span.start))

    def system_in(self, unit: Unit, span: Span, now: datetime) -> SystemReport:
        """The same within somebody's transaction, without the target. Raises `PeriodRefused`."""
        passed = Span(_checked(span).start, min(span.end, now))
        plan = Maintenance(unit.availability.windows(span, now)).of_platform()
        counted = since_first_word(passed, unit.availability.first_word(passed, now))
        told = statements(unit, counted, now) if counted.start < counted.end else {}
        if not told:
            return SystemReport(passed, SystemTime(0.0, 0.0, 0.0, 0), {})
        each = {name: system_time(one, counted, plan) for name, one in told.items()}
        found = worst(told.values())
        falls = common(found.down, without([counted], plan))
        return SystemReport(passed, system_time(found, counted, plan), each, falls, counted_from=counted.start)

    def _said(self, targets: Targets, name: str, moment: datetime) -> float | None:
        found = targets.on(name, moment.astimezone(self._zone).date())
        return None if found is None else found.value

    def _default(self, counted: Counted) -> float | None:
        return self._online_target if counted is Counted.ONLINE else None


def _checked(span: Span) -> Span:
    if span.start >= span.end:
        raise PeriodRefused(BACKWARD)
    if span.end - span.start > timedelta(days=DAYS_MAX):
        raise PeriodRefused(TOO_LONG, most=DAYS_MAX)
    return span


def _of_boxes(unit: Unit, span: Span, known_at: datetime, plan: Maintenance) -> dict[str, Reliability]:
    silent = deaf(unit.availability.runs(span, known_at), known_at)
    facts = unit.availability.boxes_said(span, known_at)
    told = {box: list(said) for box, said in groupby(facts, key=lambda one: one.box)}
    found = {}
    for name, box in sorted(unit.boxes.peek(list(told)).items()):
        unheard = [Span(box.heard_at, known_at)] if box.heard_at and _is_silent(box.heard_at, known_at) else []
        pieces = box_timeline(told[name], span, known_at, merged([*silent, *unheard]))
        found[name] = reliability(pieces, span, plan.of_box(name, box.site))
    return found


def _is_silent(heard_at: datetime | None, now: datetime) -> bool:
    """Nothing was heard for longer than a running central would leave untold."""
    return heard_at is not None and (now - heard_at).total_seconds() > CONFIRMED_S
