"""What a report does: open a case, join one, open one that had ended, or nothing, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from enum import StrEnum

from central.core.case_machine import OPEN, CaseStatus, Closing
from central.core.case_machine.stages import BUILT_IN_TIMING, Timing
from central.core.cases.casefile import Case, Episode
from central.core.places import Position, around, cells_of, distance_m
from central.core.standards import Recurrence
from protocol.messages import EndReason

DAY_S = 86_400.0
RADIUS_M_MAX = 5_000.0
CELLS_MAX = 1_000
"""More than any radius up to `RADIUS_M_MAX` touches within China."""
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")


class IgnoreReason(StrEnum):
    """Why a scene event concerns no case."""

    SCENE_IGNORED = "scene_ignored"


@dataclass(frozen=True, slots=True)
class Nearness:
    """Within how many seconds and metres reports of one class are of one case [YUNCHENG]."""

    window_s: float = DAY_S
    radius_m: float = 50.0


NEAR = Nearness()


@dataclass(frozen=True, slots=True)
class IntakePolicy:
    """When sightings are one case, which scenes this city does not want, whose days number its cases, its clocks.

    Seen again within `reopen_window_s` of its close a static object's case is opened again; within `repeat_window_s` a
    new case is linked to it (反复发案).
    """

    near: Nearness = NEAR
    reopen_window_s: float = DAY_S
    repeat_window_s: float = 30 * DAY_S
    scenes_ignored: frozenset[str] = frozenset()
    timezone: tzinfo = CHINA
    timing: Timing = BUILT_IN_TIMING


@dataclass(frozen=True, slots=True)
class Sighting:
    """When and where something was seen, by central's clock; `spot` joins camera key, zone and scene.

    `position` is the camera's. `has_left`: it was seen to leave at `last_seen_at`.
    """

    episode: str
    spot: str
    scene: str
    first_seen_at: datetime
    last_seen_at: datetime
    camera: str = ""
    position: Position | None = None
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What a person reports, as far as it decides which case it belongs to; `camera` is a key."""

    at: datetime
    scene: str | None = None
    camera: str | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """Where to look for cases that a report may belong to: those of a camera, and those within some cells."""

    camera: str | None
    cells: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Nothing known fits: a new case. `recurrence_of` is the ended case of this spot that it repeats, if any."""

    recurrence_of: str = ""


@dataclass(frozen=True, slots=True)
class MergeInto:
    """A new report of what an open case is about."""

    case: str


@dataclass(frozen=True, slots=True)
class AttachTo:
    """Another report of an episode that belongs to this case, open or not."""

    case: str


@dataclass(frozen=True, slots=True)
class Reopen:
    """What a closed case was about lies there still, or again."""

    case: str


@dataclass(frozen=True, slots=True)
class Ignore:
    """Kept as an event, no case."""

    reason: IgnoreReason


IntakeDecision = OpenCase | MergeInto | AttachTo | Reopen | Ignore


def spot_of(camera_key: str, zone: str, scene: str) -> str:
    """One name for "the same thing at the same place"."""
    return f"{camera_key}/{zone}/{scene}"


def near_of(camera: str | None, position: Position | None, near: Nearness) -> Near:
    """Where cases are that are near by; a superset, `decide` and `decide_told` look closer."""
    cells = cells_of(around(position, near.radius_m), CELLS_MAX) if position is not None else ()
    return Near(camera, cells or ())


def decide(sighting: Sighting, known: Case | None, cases: Iterable[Case], policy: IntakePolicy) -> IntakeDecision:
    """What a camera's sighting does.

    `known` is the case of the sighting's episode; `cases` are of the sighting's spot, or people's reports. Order of
    arrival does not matter: the distance of two sightings in time counts, whichever was first.
    """
    if known is not None:
        return Reopen(known.id) if _is_back(sighting, known, policy) else AttachTo(known.id)
    if sighting.scene in policy.scenes_ignored:
        return Ignore(IgnoreReason.SCENE_IGNORED)
    here = [case for case in cases if _is_here(sighting, case, policy.near)]
    nearest = _nearest(here, sighting.first_seen_at, sighting.last_seen_at, policy.near)
    if nearest is not None:
        return MergeInto(nearest)
    before = [(ended, case.id, case) for case in here if (ended := _closed_before(sighting, case)) is not None]
    if not before:
        return OpenCase()
    ended_at, _, last = max(before, key=lambda one: one[:2])
    if _is_back(sighting, last, policy):
        return Reopen(last.id)
    repeats = sighting.first_seen_at - ended_at <= timedelta(seconds=policy.repeat_window_s)
    return OpenCase(last.id if repeats else "")


def decide_told(told: Told, cases: Iterable[Case], near: Nearness) -> OpenCase | MergeInto:
    """What a person's report does: it joins an open case of the same class near by, and is a case of its own else.

    A report without a class is never joined by itself: what is there may be another problem.
    """
    here = [
        case
        for case in cases
        if told.scene is not None
        and case.scene == told.scene
        and _are_near(told.camera, told.position, case, near.radius_m)
    ]
    nearest = _nearest(here, told.at, told.at, near)
    return OpenCase() if nearest is None else MergeInto(nearest)


def stays(episode: Episode) -> bool:
    """Whether an episode keeps its case from being gone: it goes on, or nobody saw its object leave."""
    return episode.end_reason is not EndReason.LEFT


def _is_here(sighting: Sighting, case: Case, near: Nearness) -> bool:
    if case.spot is not None:
        return case.spot == sighting.spot
    return case.scene == sighting.scene and _are_near(sighting.camera, sighting.position, case, near.radius_m)


def _are_near(camera: str | None, position: Position | None, case: Case, radius_m: float) -> bool:
    if camera and case.camera == camera:
        return True
    return position is not None and case.position is not None and distance_m(position, case.position) <= radius_m


def _nearest(cases: Iterable[Case], first_at: datetime, last_at: datetime, near: Nearness) -> str | None:
    """The open case whose sightings are nearest in time."""
    window = timedelta(seconds=near.window_s)
    found = [
        (gap, case.id)
        for case in cases
        if case.status in OPEN and not case.state.parent and (gap := _gap(first_at, last_at, case)) <= window
    ]
    return min(found)[1] if found else None


def _gap(first_at: datetime, last_at: datetime, case: Case) -> timedelta:
    return max(max(first_at, case.first_seen_at) - min(last_at, case.last_seen_at), timedelta(0))


def _closed_before(sighting: Sighting, case: Case) -> datetime | None:
    """When the case was closed, if the sighting goes on after that."""
    if case.status is not CaseStatus.CLOSED:
        return None
    ended_at = case.ended_at
    return ended_at if sighting.last_seen_at > ended_at else None


def _is_back(sighting: Sighting, case: Case, policy: IntakePolicy) -> bool:
    """Whether the standard of a closed case wants it opened again. Who closed by force meant it."""
    ended_at, under = _closed_before(sighting, case), case.state.standard
    return (
        ended_at is not None
        and not sighting.has_left
        and under is not None
        and under.recurrence is Recurrence.REOPEN
        and case.state.closing is not Closing.SPECIAL
        and sighting.first_seen_at - ended_at <= timedelta(seconds=policy.reopen_window_s)
    )
