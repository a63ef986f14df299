"""What a scene rule is shown, and what it tells about one episode."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from edge_agent.core.feedback import SpotMask
from edge_agent.core.rules.names import NOTHING_CALLED, Names
from edge_agent.core.values import Track
from protocol.geometry import Box
from protocol.messages import EndReason
from protocol.scenes import Scene


class Stream(Enum):
    """Where tracks come from: the detector's objects, or regions of static foreground."""

    OBJECTS = auto()
    REGIONS = auto()


@dataclass(frozen=True, slots=True)
class Claim:
    """A thing at `box` that a rule tells, or told just now, as `scene`: no other rule tells it a second time.

    Not `told` yet: it is certain and waits for its time; only scenes that come after it wait for it. `blind`: static
    foreground alone says so, and what else the thing may be nobody knows. `other_stream`: a box of
    an object against one of a region, which may be a part of it. `over`: its episode has ended.
    """

    scene: Scene
    box: Box
    stream: Stream = Stream.OBJECTS
    told: bool = True
    blind: bool = False
    other_stream: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a camera.

    `tracks` are all tracks of `stream`, seen now or not; `context` those of the other stream as it last was.
    `period_s` seconds lie between looks of this stream. `claims` are those of the camera's other rules. `masks` are
    spots that people rejected. `names`: what the detector calls everything.
    """

    tracks: tuple[Track, ...]
    now: datetime
    period_s: float
    stream: Stream = Stream.OBJECTS
    context: tuple[Track, ...] = ()
    claims: tuple[Claim, ...] = ()
    masks: tuple[SpotMask, ...] = ()
    names: Names = NOTHING_CALLED


class SightingPhase(Enum):
    """`ENTERED` and `PEAKED` ask only for a picture to be held; the others become reports."""

    ENTERED = auto()
    PEAKED = auto()
    RAISED = auto()
    ESCALATED = auto()
    ENDED = auto()


@dataclass(frozen=True, slots=True)
class Sighting:
    """One moment of an episode, which `key` names within its rule.

    `certain_at`: when the thing was certain to be there; `raised_at`: when it became a violation; None before that.
    What ended did so at `last_seen_at`. `held_share`: share of the looks since the start that saw it. `count` and
    `area_share` are the most so far.
    """

    phase: SightingPhase
    key: int
    started_at: datetime
    certain_at: datetime | None
    raised_at: datetime | None
    last_seen_at: datetime
    label: str
    score: float
    box: Box
    severity: int
    held_share: float
    count: int | None = None
    area_share: float | None = None
    end_reason: EndReason = EndReason.LEFT

    @property
    def dwell_s(self) -> float:
        """Last seen minus first seen in the zone."""
        return (self.last_seen_at - self.started_at).total_seconds()
