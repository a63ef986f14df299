"""A check by camera as it is kept: looks, conditions, verdict. Frozen values; times are by central's clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from central.core.camera_check.terms import CheckTerms
from central.core.case_machine import CameraWord
from central.core.cases.casefile import Episode
from protocol.messages import EvidenceRef, LookFinding, Presence


class Obstacle(StrEnum):
    """Why no camera can be asked."""

    NO_CAMERA = "no_camera"
    NO_ZONE = "no_zone"
    BOX_OFFLINE = "box_offline"
    CAMERA_OFFLINE = "camera_offline"
    CANNOT_LOOK = "cannot_look"


class Condition(StrEnum):
    """What must hold for a camera to pass a case, in the order in which people read it."""

    ASKABLE = "askable"
    ANSWERED = "answered"
    CLEAR = "clear"
    IN_TIME = "in_time"
    LASTING = "lasting"
    FRAMES = "frames"
    OBSERVED = "observed"
    HEALTHY = "healthy"
    ON_PRESET = "on_preset"
    LIT = "lit"
    OVER = "over"
    SEEN_WHEN_TAKEN = "seen_when_taken"
    PICTURED = "pictured"


@dataclass(frozen=True, slots=True)
class Point:
    """A condition, whether it holds, what was `seen` and what `limit` it was held against; `word` is no figure."""

    condition: Condition
    holds: bool
    seen: float | None = None
    limit: float | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """One look: asked by `command`, answered with a finding or a `failure`; neither while the box is at it."""

    command: str
    asked_at: datetime
    began_at: datetime | None = None
    ended_at: datetime | None = None
    finding: LookFinding | None = None
    pictures: tuple[EvidenceRef, ...] = ()
    failure: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.finding is not None or bool(self.failure)

    @property
    def length_s(self) -> float:
        """How long it lasted."""
        return (self.ended_at - self.began_at).total_seconds() if self.began_at and self.ended_at else 0.0

    @property
    def presence(self) -> Presence | None:
        """What it found."""
        return self.finding.presence if self.finding is not None else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The camera's word with all that it rests on. `observed_share`: of the `looked_s` of the looks that count.

    `is_proven`: it is acted on; else a person checks.
    """

    word: CameraWord
    at: datetime
    points: tuple[Point, ...]
    is_proven: bool = False
    looked_s: float = 0.0
    clear_s: float = 0.0
    frames: int = 0
    observed_share: float = 0.0
    pictures: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[Point, ...]:
        """Conditions that do not hold."""
        return tuple(point for point in self.points if not point.holds)


@dataclass(frozen=True, slots=True)
class CameraCheck:
    """The check of one "done". `next_at`: when to go on, None once it is over; without a verdict a person was first.

    `taken_at` is when the unit took the case, `due_at` the end of the checking stage.
    """

    id: str
    case: str
    handled_at: datetime
    terms: CheckTerms
    taken_at: datetime | None = None
    due_at: datetime | None = None
    next_at: datetime | None = None
    looks: tuple[Look, ...] = ()
    verdict: Verdict | None = None

    @property
    def running(self) -> Look | None:
        """The look that the box is at."""
        return self.looks[-1] if self.looks and not self.looks[-1].is_over else None

    @property
    def latest_start_at(self) -> datetime:
        """A clear look that begins later proves no handling."""
        return self.handled_at + timedelta(seconds=self.terms.within_s)

    @property
    def ends_at(self) -> datetime:
        """When a person takes over, whatever was seen."""
        room_s = 2 * (self.terms.clear_s + self.terms.look_s)
        bound = self.latest_start_at + timedelta(seconds=room_s)
        return bound if self.due_at is None else min(bound, self.due_at)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What central knows besides the looks: whether the camera can be asked, and the episodes that the box told."""

    obstacle: Obstacle | None = None
    is_dome: bool = False
    episodes: tuple[Episode, ...] = ()
