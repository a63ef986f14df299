"""在线率 and 完好率: of a moment, and of a period with what unknown time may still make of it.

Online is a stream that decodes, whatever it shows (`online`, `degraded`); intact (完好) is online with a good picture.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import NamedTuple, Self

from central.core.availability.spans import Span, common, seconds, without
from central.core.availability.timelines import Piece
from protocol.messages import CameraState


class Counted(StrEnum):
    """What a rate takes for good."""

    ONLINE = "online_rate"
    INTACT = "intact_rate"


GOOD = {
    Counted.ONLINE: frozenset({CameraState.ONLINE, CameraState.DEGRADED}),
    Counted.INTACT: frozenset({CameraState.ONLINE}),
}
"""The states that each takes for good."""


class Times(NamedTuple):
    """Seconds in each state."""

    online_s: float = 0.0
    degraded_s: float = 0.0
    offline_s: float = 0.0
    unknown_s: float = 0.0

    @property
    def total_s(self) -> float:
        """All of it."""
        return self.online_s + self.degraded_s + self.offline_s + self.unknown_s

    def plus(self, other: "Times") -> "Times":
        """Both together."""
        return Times(
            self.online_s + other.online_s,
            self.degraded_s + other.degraded_s,
            self.offline_s + other.offline_s,
            self.unknown_s + other.unknown_s,
        )


class DeviceTime(NamedTuple):
    """What became of a device's time in a period: what counts, and what is shown apart from it."""

    device: str
    required: Times
    planned: Times = Times()
    """In planned maintenance."""
    trial: Times = Times()
    """Before formal operation (正式运行) began."""

    @property
    def total_s(self) -> float:
        """All time in service."""
        return self.required.total_s + self.planned.total_s + self.trial.total_s


class Rate(NamedTuple):
    """`hits_s` of `total_s`, of which `unknown_s` may still become either.

    `lower` counts unknown time as offline and `upper` leaves it out, as the trade prints them; `ceiling` counts it as
    online. What is learnt later moves `lower` and `ceiling` towards each other and never apart; it may lift `upper`.
    """

    hits_s: float
    unknown_s: float
    total_s: float

    @property
    def lower(self) -> float | None:
        """None where nothing was required."""
        return self.hits_s / self.total_s if self.total_s else None

    @property
    def upper(self) -> float | None:
        """None where nothing is known."""
        known_s = self.total_s - self.unknown_s
        return min(1.0, self.hits_s / known_s) if known_s > 0 else None

    @property
    def ceiling(self) -> float | None:
        """None where nothing was required."""
        return min(1.0, (self.hits_s + self.unknown_s) / self.total_s) if self.total_s else None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How many of `total` cameras are good at a moment; `spare` more may fail before the rate is below `target`.

    A negative `spare` is how many have to come back; None where there is no target.
    """

    good: int
    unknown: int
    total: int
    target: float | None

    @property
    def lower(self) -> float | None:
        """None without cameras."""
        return self.good / self.total if self.total else None

    @property
    def upper(self) -> float | None:
        """None where nothing is known."""
        known = self.total - self.unknown
        return self.good / known if known else None

    @property
    def spare(self) -> int | None:
        """Exact: a target of 0.95 is 95 of 100."""
        if self.target is None:
            return None
        return self.good - ceil(Fraction(str(self.target)) * self.total)

    @classmethod
    def of(cls, states: Iterable[CameraState], target: float | None, counted: Counted = Counted.ONLINE) -> Self:
        """Count states."""
        found = list(states)
        good = sum(state in GOOD[counted] for state in found)
        return cls(good, found.count(CameraState.UNKNOWN), len(found), target)


def is_met(lower: float | None, target: float | None) -> bool | None:
    """Whether a target is reached by the lower bound of a rate; None where there is no rate or no target."""
    return None if lower is None or target is None else lower >= target


def device_time(
    device: str, pieces: Sequence[Piece], planned: Sequence[Span] = (), formal_since: datetime | None = None
) -> DeviceTime:
    """Share out a device's time; `planned`: its maintenance, merged. Time before `formal_since` is trial operation."""
    required, excused, trial = [0.0] * 4, [0.0] * 4, [0.0] * 4
    for piece in pieces:
        place = _PLACE[piece.state]
        start = piece.start
        if formal_since is not None and start < formal_since:
            end = min(piece.end, formal_since)
            trial[place] += (end - start).total_seconds()
            start = end
        if start >= piece.end:
            continue
        span = (Span(start, piece.end),)
        apart_s = seconds(common(span, planned)) if planned else 0.0
        excused[place] += apart_s
        required[place] += seconds(without(span, planned)) if apart_s else (piece.end - start).total_seconds()
    return DeviceTime(device, Times(*required), Times(*excused), Times(*trial))


def rate(times: Iterable[Times], counted: Counted = Counted.ONLINE) -> Rate:
    """The rate over the time of any devices and periods."""
    hits_s = unknown_s = total_s = 0.0
    for one in times:
        hits_s += one.online_s + (one.degraded_s if counted is Counted.ONLINE else 0.0)
        unknown_s += one.unknown_s
        total_s += one.total_s
    return Rate(hits_s, unknown_s, total_s)


_PLACE = {
    CameraState.ONLINE: 0,
    CameraState.DEGRADED: 1,
    CameraState.OFFLINE: 2,
    CameraState.UNKNOWN: 3,
}
