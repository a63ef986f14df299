"""When a live frame was taken: the camera's own progress, tied to the monotonic clock, shown as wall time.

A stream's time stamps are even but start anywhere; arrival is uneven but real. So the first frame is anchored at its
arrival, the following ones by the stream's progress, and when both differ by more than `TOLERANCE_S` the anchor is set
anew. The wall clock enters once, as the base: when somebody sets it, no dwell changes. A new base is taken when nothing
is open, and at once after a leap: a box that starts without a clock is years wrong until it hears the time.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

TOLERANCE_S = 1.0
WALL_ERROR_S_MAX, WALL_LEAP_S = 1.0, 60.0
STEP_S_MIN = 0.001
"""A poor line bunches frames within the first; two frames with one time stamp lie the second apart."""


@dataclass(frozen=True, slots=True)
class TimeBase:
    """Wall time at monotonic zero."""

    zero: datetime

    def at(self, mono_s: float) -> datetime:
        """Wall time of a monotonic moment."""
        return self.zero + timedelta(seconds=mono_s)

    def error_s(self, now: datetime, mono_s: float) -> float:
        """How far the wall clock has been moved since the base was taken."""
        return (now - self.at(mono_s)).total_seconds()


def base_of(now: datetime, mono_s: float) -> TimeBase:
    """The base at this moment; `now` and `mono_s` are read together."""
    return TimeBase(now - timedelta(seconds=mono_s))


def is_wrong(base: TimeBase, now: datetime, mono_s: float, *, episodes_open: bool) -> bool:
    """Whether a new base is to be taken at this moment."""
    return abs(base.error_s(now, mono_s)) > (WALL_LEAP_S if episodes_open else WALL_ERROR_S_MAX)


@dataclass(frozen=True, slots=True)
class CaptureTime:
    """Anchor of one stream: `stream_s` of the stream is `mono_s`; `last_s` is what the last frame got."""

    stream_s: float | None = None
    mono_s: float = 0.0
    last_s: float = float("-inf")


def capture(time: CaptureTime, stream_s: float | None, mono_s: float) -> tuple[CaptureTime, float]:
    """Monotonic capture time of a frame that arrived at `mono_s`; always later than that of the frame before.

    `stream_s` is its time stamp in seconds, None when the stream gives none.
    """
    expected_s = mono_s
    if stream_s is not None and time.stream_s is not None:
        expected_s = time.mono_s + stream_s - time.stream_s
    if stream_s is None or time.stream_s is None or abs(expected_s - mono_s) > TOLERANCE_S:
        at_s = max(mono_s, time.last_s + STEP_S_MIN)
        return CaptureTime(stream_s, at_s, at_s), at_s
    at_s = max(expected_s, time.last_s + STEP_S_MIN)
    return replace(time, last_s=at_s), at_s
