"""Which frames are looked at: the sampler (by time), the gate (by change, sweep and live tracks), the cadence.

The gate keeps a running average of a small grey picture, seeded with the median of the first frames, so that it works
from the second frame on. How much must change is measured against the picture's own noise. When most of what has
edges changes at once, that is another light or another view and no motion: the average begins anew. Change alone is
not enough, because stalls and parked bikes do not move: every `SWEEP_S` the detector looks anyway, and while
something is being followed it looks at least every `FOLLOW_S`.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median

import numpy as np
import numpy.typing as npt

from edge_agent.core.values import Opening

SWEEP_S = 4.0
FOLLOW_S = 0.95
"""A little under a second, so that a camera sampled at whole seconds is not looked at every other one."""
CHANGED_LEVELS_MIN = 14.0
"""Less than this is what a codec does to a still picture, however little noise there is."""
CHANGED_NOISES_MIN = 6.0
"""So many standard deviations of the picture's noise."""
NOISE_QUANTILE, NOISE_QUANTILE_SIGMAS = 0.25, 0.3186
"""A quarter of the differences of Gaussian noise is below 0.3186 standard deviations: things that move, even in half of
the picture, hardly shift it."""
NOISE_GROWTH_MAX, NOISE_MEMORY_S = 1.3, 10.0
"""Noise that seems to grow faster than this is something that moves."""
NOISE_STEP_PX = 3
"""Noise is measured on each third pixel along both axes."""
CHANGED_SHARE_MIN = 0.003
CHANGED_PIXELS_MIN, CHANGED_PIXELS_ENOUGH = 4, 10
"""Below the first number it is noise; above the second it is somebody, however large the zones are."""
GAIN_CHANGE_MIN = 0.06
"""When the middle of all brightness ratios has moved by more than this at once, the light was switched."""
GAIN_LEVELS_MIN = 16.0
"""Darker pixels say nothing about the light."""
VIEW_CHANGED_SHARE_MIN = 0.25
VIEW_EDGES_CHANGED_SHARE_MIN = 0.6
VIEW_EDGE_LEVELS, VIEW_EDGES_SHARE_MIN = 8.0, 0.02
"""Another view: so much of the picture changed, and so much of what had edges, where there were enough edges."""
SEED_FRAMES = 5
AVERAGE_S = 4.0
SAMPLE_SLACK = timedelta(milliseconds=2)
"""Time stamps of files are rounded to their time base; a frame this much early is on time."""
CADENCE_LOOKS_MAX = 9

_Gray = npt.NDArray[np.uint8]
_Levels = npt.NDArray[np.float32]
_Seeds = tuple[_Gray, ...]
_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sampler:
    """Takes the first frame, then every frame that reaches the next multiple of `1 / fps` after the first.

    A frame that is early by no more than `slack` is on time.
    """

    fps: float
    slack: timedelta = SAMPLE_SLACK
    origin: datetime | None = None
    next_step: int = 0

    def due(self, at: datetime) -> tuple["Sampler", bool]:
        """Whether the frame captured at `at` is taken, and the sampler for the frame after it.

        A frame older than the first one taken restarts the count: the clock was set back.
        """
        if self.origin is None or at < self.origin:
            return replace(self, origin=at, next_step=1), True
        step = math.floor((at - self.origin + self.slack).total_seconds() * self.fps)
        if step < self.next_step:
            return self, False
        return replace(self, next_step=step + 1), True


@dataclass(frozen=True, slots=True)
class Gate:
    """What the gate remembers; `average` is None until the first frame, `seeds` are the first frames of a view.

    `opening` says why the last frame opened it, None where it did not; `resets` counts new views after the first;
    `noise` is in levels, None until the second frame; it is the sensor's and outlives a view: measured anew on a camera
    that is still turning it would be far too much to see that it turns.
    """

    average: _Levels | None = None
    averaged_at: datetime | None = None
    detected_at: datetime | None = None
    seeds: tuple[_Gray, ...] = ()
    opening: Opening | None = None
    resets: int = 0
    noise: float | None = None


def look(gate: Gate, gray: _Gray, zones: _Mask, now: datetime, *, following: bool) -> tuple[Gate, bool]:
    """Whether the detector should look at this frame, and the gate after it.

    `gray` and `zones` have the same shape; `zones` is true where any zone lies. `following`: tracks or episodes of
    the detector are alive.
    """
    picture = gray.astype(np.float32)
    average = gate.average
    if average is None or gate.averaged_at is None or now < gate.averaged_at or average.shape != picture.shape:
        return Gate(picture, now, now, (gray,), Opening.NEW_VIEW, gate.resets), True
    difference, passed_s = np.abs(picture - average), (now - gate.averaged_at).total_seconds()
    noise = _noise(difference, gate.noise, passed_s)
    changed = difference > max(CHANGED_LEVELS_MIN, CHANGED_NOISES_MIN * noise)
    if _light_switched(picture, average) or _view_changed(changed, average):
        return Gate(picture, now, now, (gray,), Opening.NEW_VIEW, gate.resets + 1, gate.noise), True
    opening = _opening(gate, now, moved=_changed(changed, zones), following=following)
    detected_at = gate.detected_at if opening is None else now
    after, seeds = _averaged(gate.seeds, gray, average, passed_s)
    return Gate(after, now, detected_at, seeds, opening, gate.resets, noise), opening is not None


def missed(gate: Gate) -> Gate:
    """The gate after the detector could not look at what opened it: the next frame opens it again."""
    return replace(gate, detected_at=None)


def _opening(gate: Gate, now: datetime, *, moved: bool, following: bool) -> Opening | None:
    if moved:
        return Opening.MOTION
    waited_s = math.inf if gate.detected_at is None else (now - gate.detected_at).total_seconds()
    if waited_s >= (FOLLOW_S if following else SWEEP_S):
        return Opening.FOLLOW if following else Opening.SWEEP
    return None


def _averaged(seeds: _Seeds, gray: _Gray, average: _Levels, passed_s: float) -> tuple[_Levels, _Seeds]:
    """The average after this frame: the median of the first frames, then a running one."""
    if seeds:
        seeds = (*seeds, gray)
        return np.median(np.stack(seeds), axis=0).astype(np.float32), seeds if len(seeds) < SEED_FRAMES else ()
    return average + np.float32(1 - math.exp(-passed_s / AVERAGE_S)) * (gray - average), ()


def _noise(difference: _Levels, before: float | None, passed_s: float) -> float:
    """Standard deviation of what changes everywhere, in levels."""
    some = difference[::NOISE_STEP_PX, ::NOISE_STEP_PX].ravel()
    place = int(NOISE_QUANTILE * (len(some) - 1))
    seen = float(np.partition(some, place)[place]) / NOISE_QUANTILE_SIGMAS
    if before is None:
        return seen
    share = 1 - math.exp(-passed_s / NOISE_MEMORY_S)
    return min(seen, NOISE_GROWTH_MAX * before + share * (seen - before) if seen > before else seen)


def _light_switched(picture: _Levels, average: _Levels) -> bool:
    before, after = (one[::NOISE_STEP_PX, ::NOISE_STEP_PX].ravel() for one in (average, picture))
    bright = (before > GAIN_LEVELS_MIN) | (after > GAIN_LEVELS_MIN)
    if not bright.any():
        return False
    ratios = (after[bright] + 1) / (before[bright] + 1)
    middle = len(ratios) // 2
    return abs(math.log(float(np.partition(ratios, middle)[middle]))) > GAIN_CHANGE_MIN


def _view_changed(changed: _Mask, average: _Levels) -> bool:
    if np.count_nonzero(changed) < VIEW_CHANGED_SHARE_MIN * changed.size:
        return False
    edges = np.zeros(changed.shape, np.bool_)
    edges[:, 1:] |= np.abs(np.diff(average, axis=1)) > VIEW_EDGE_LEVELS
    edges[1:, :] |= np.abs(np.diff(average, axis=0)) > VIEW_EDGE_LEVELS
    count = int(np.count_nonzero(edges))
    enough = count >= VIEW_EDGES_SHARE_MIN * changed.size
    return enough and int(np.count_nonzero(changed & edges)) >= VIEW_EDGES_CHANGED_SHARE_MIN * count


def _changed(changed: _Mask, zones: _Mask) -> bool:
    count = int(np.count_nonzero(changed & zones))
    share = CHANGED_SHARE_MIN * int(np.count_nonzero(zones))
    return count >= max(CHANGED_PIXELS_MIN, min(CHANGED_PIXELS_ENOUGH, share))


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
