"""What a scene event does: open a case, join one, or nothing, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from enum import StrEnum

from central.core.case_machine.stages import BUILT_IN_TIMING, Timing
from central.core.casefile import Case, Episode
from protocol.messages import EndReason

MERGE_WINDOW_S = 86_400.0
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")


class IgnoreReason(StrEnum):
    """Why a scene event concerns no case."""

    SCENE_IGNORED = "scene_ignored"


@dataclass(frozen=True, slots=True)
class IntakePolicy:
    """When sightings are one case, which scenes this city does not want, whose days number its cases, its clocks."""

    merge_window_s: float = MERGE_WINDOW_S
    scenes_ignored: frozenset[str] = frozenset()
    timezone: tzinfo = CHINA
    timing: Timing = BUILT_IN_TIMING


@dataclass(frozen=True, slots=True)
class Sighting:
    """When and where something was seen, by central's clock; `spot` joins camera key, zone and scene."""

    episode: str
    spot: str
    scene: str
    first_seen_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Nothing known fits: a new candidate."""


@dataclass(frozen=True, slots=True)
class MergeInto:
    """A new episode of a case that is open at this spot."""

    case: str


@dataclass(frozen=True, slots=True)
class AttachTo:
    """Another report of an episode that belongs to this case, open or not."""

    case: str


@dataclass(frozen=True, slots=True)
class Ignore:
    """Kept as an event, no case."""

    reason: IgnoreReason


IntakeDecision = OpenCase | MergeInto | AttachTo | Ignore


def spot_of(camera_key: str, zone: str, scene: str) -> str:
    """One name for "the same thing at the same place"."""
    return f"{camera_key}/{zone}/{scene}"


def decide(
    sighting: Sighting, known_case: str | None, open_cases: Iterable[Case], policy: IntakePolicy
) -> IntakeDecision:
    """`known_case` is the case of the sighting's episode; `open_cases` are open and of the sighting's spot.

    Order of arrival does not matter: the distance of two sightings counts, whichever was first.
    """
    if known_case is not None:
        return AttachTo(known_case)
    if sighting.scene in policy.scenes_ignored:
        return Ignore(IgnoreReason.SCENE_IGNORED)
    window = timedelta(seconds=policy.merge_window_s)
    near = [(gap, case.id) for case in open_cases if (gap := _distance(sighting, case)) <= window]
    return MergeInto(min(near)[1]) if near else OpenCase()


def stays(episode: Episode) -> bool:
    """Whether an episode keeps its case from being gone: it goes on, or nobody saw its object leave."""
    return episode.end_reason is not EndReason.LEFT


def _distance(sighting: Sighting, case: Case) -> timedelta:
    later_start = max(sighting.first_seen_at, case.first_seen_at)
    earlier_end = min(sighting.last_seen_at, case.last_seen_at)
    return max(later_start - earlier_end, timedelta(0))
