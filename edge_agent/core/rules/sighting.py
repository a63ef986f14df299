"""What a scene rule is shown, and what it tells about one visit."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from edge_agent.core.values import Track
from protocol.geometry import Box


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a camera: all tracks that it concerns, seen or not; `period_s` seconds lie between looks."""

    tracks: tuple[Track, ...]
    now: datetime
    period_s: float


class SightingPhase(Enum):
    """`ENTERED` asks only for a picture to be held; `RAISED` and `ENDED` become reports."""

    ENTERED = auto()
    RAISED = auto()
    ENDED = auto()


@dataclass(frozen=True, slots=True)
class Sighting:
    """One moment of a visit. `raised_at` is None only when `ENTERED`; a visit that ended did so at `last_seen_at`."""

    phase: SightingPhase
    track: int
    started_at: datetime
    raised_at: datetime | None
    last_seen_at: datetime
    label: str
    score: float
    box: Box

    @property
    def dwell_s(self) -> float:
        """Last seen minus first seen in the zone."""
        return (self.last_seen_at - self.started_at).total_seconds()
