"""Which frames are looked at: the sampler (by time), the gate (by change, sweep and live tracks), the cadence.

The gate keeps a running average of a small grey picture, seeded with the first frame, so that it works from the
second frame on. Change alone is not enough, because stalls and parked bikes do not move: every `SWEEP_S` the detector
looks anyway, and while something is being followed it looks at least every `FOLLOW_S`.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median

import numpy as np
import numpy.typing as npt

SWEEP_S = 4.0
FOLLOW_S = 0.95
"""A little under a second, so that a camera sampled at whole seconds is not looked at every other one."""
CHANGED_LEVELS_MIN = 18.0
CHANGED_SHARE_MIN = 0.003
CHANGED_PIXELS_MIN, CHANGED_PIXELS_ENOUGH = 4, 12
"""Below the first number it is noise; above the second it is somebody, however large the zones are."""
AVERAGE_S = 4.0
SAMPLE_SLACK = timedelta(milliseconds=2)
"""Time stamps of files are rounded to their time base; a frame this much early is on time."""
CADENCE_LOOKS_MAX = 9

_Gray = npt.NDArray[np.uint8]
_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sampler:
    """Takes the first frame, then every frame that reaches the next multiple of `1 / fps` after the first."""

    fps: float
    origin: datetime | None = None
    next_step: int = 0

    def due(self, at: datetime) -> tuple["Sampler", bool]:
        """Whether the frame captured at `at` is taken, and the sampler for the frame after it.

        A frame older than the first one taken restarts the count: the clock was set back.
        """
        if self.origin is None or at < self.origin:
            return replace(self, origin=at, next_step=1), True
        step = math.floor((at - self.origin + SAMPLE_SLACK).total_seconds() * self.fps)
        if step < self.next_step:
            return self, False
        return replace(self, next_step=step + 1), True


@dataclass(frozen=True, slots=True)
class Gate:
    """What the gate remembers; `average` is None until the first frame."""

    average: npt.NDArray[np.float32] | None = None
    averaged_at: datetime | None = None
    detected_at: datetime | None = None


def look(gate: Gate, gray: _Gray, zones: _Mask, now: datetime, *, following: bool) -> tuple[Gate, bool]:
    """Whether the detector should look at this frame, and the gate after it.

    `gray` and `zones` have the same shape; `zones` is true where any zone lies. `following`: tracks or episodes of
    the detector are alive.
    """
    picture = gray.astype(np.float32)
    if gate.average is None or gate.averaged_at is None or now < gate.averaged_at:
        return Gate(picture, now, now), True
    moved = _changed(picture - gate.average, zones)
    share = 1 - math.exp(-(now - gate.averaged_at).total_seconds() / AVERAGE_S)
    average = gate.average + np.float32(share) * (picture - gate.average)
    waited_s = math.inf if gate.detected_at is None else (now - gate.detected_at).total_seconds()
    detect = moved or waited_s >= (FOLLOW_S if following else SWEEP_S)
    return Gate(average, now, now if detect else gate.detected_at), detect


def _changed(difference: npt.NDArray[np.float32], zones: _Mask) -> bool:
    changed = int(np.count_nonzero((np.abs(difference) > CHANGED_LEVELS_MIN) & zones))
    share = CHANGED_SHARE_MIN * int(np.count_nonzero(zones))
    return changed >= max(CHANGED_PIXELS_MIN, min(CHANGED_PIXELS_ENOUGH, share))


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often somebody really looks, as the median of the last intervals: slow models and links stretch it."""

    nominal_s: float
    looked_at: datetime | None = None
    intervals_s: tuple[float, ...] = ()

    def looked(self, now: datetime, *, following: bool) -> "Cadence":
        """The cadence after a look; the interval counts only while something was `following` it."""
        if self.looked_at is None or not following or now <= self.looked_at:
            return replace(self, looked_at=now)
        interval_s = (now - self.looked_at).total_seconds()
        return replace(self, looked_at=now, intervals_s=(*self.intervals_s, interval_s)[-CADENCE_LOOKS_MAX:])

    @property
    def period_s(self) -> float:
        """Seconds between looks; the nominal value until three intervals are known."""
        known = len(self.intervals_s) >= 3  # noqa: PLR2004 - a median of less is a single value
        return max(self.nominal_s, median(self.intervals_s)) if known else self.nominal_s


def grace_with_cadence_s(grace_s: float, period_s: float) -> float:
    """How long something may go unseen: never less than one look, and half a look more for uneven frames."""
    return max(grace_s, period_s) + period_s / 2
