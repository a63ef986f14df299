"""Whose clock is right: what central learns about a box's clock, and the time it believes an event has.

A message carries `time` (the box's wall clock) and `mono_ms` (milliseconds since the box's program started, a clock
that never jumps). Delays only ever make a message look later, so the earliest look is the truest.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

SKEW_S = 2.0
"""More than this is a wrong clock, not a slow network."""
MONO_MS_MAX = 10 * 365 * 86_400 * 1000
LEAK_MS = 2
"""How much an estimate may grow with each heartbeat (133 ppm), so that it follows two drifting clocks."""

_SKEW = timedelta(seconds=SKEW_S)
_LEAK = timedelta(milliseconds=LEAK_MS)


@dataclass(frozen=True, slots=True)
class BootClock:
    """What is known of a box's clock since one start of its program.

    `started_at`: when that was, by central's clock; `wall_started_at`: when it was by the box's clock, as last seen;
    `offset_ms`: central's clock minus the box's.
    """

    started_at: datetime | None = None
    offset_ms: int | None = None
    wall_started_at: datetime | None = None


def observe(clock: BootClock, time: datetime, mono_ms: int, received_at: datetime) -> BootClock:
    """Learn from a live message (a heartbeat or birth that was not retained)."""
    since_start = _since_start(mono_ms)
    if since_start is None:
        return clock
    try:
        started_at, wall_started_at = received_at - since_start, time - since_start
    except OverflowError:
        return clock
    offset_ms = round((received_at - time) / timedelta(milliseconds=1))
    jumped = clock.wall_started_at is not None and abs(wall_started_at - clock.wall_started_at) > _SKEW
    if clock.offset_ms is not None and not jumped:
        offset_ms = min(offset_ms, clock.offset_ms + LEAK_MS)
    if clock.started_at is not None:
        started_at = min(started_at, clock.started_at + _LEAK)
    return replace(clock, started_at=started_at, offset_ms=offset_ms, wall_started_at=wall_started_at)


def corrected_time(clock: BootClock | None, time: datetime, mono_ms: int, received_at: datetime) -> datetime:
    """When it happened, by central's clock: `time` itself unless the box's clock is shown to have been wrong then.

    `clock` is that of the boot that made the message; never later than `received_at` when corrected.
    """
    since_start = _since_start(mono_ms)
    if clock is None or clock.started_at is None or since_start is None:
        return time
    believed = min(clock.started_at + since_start, received_at)
    return time if abs(believed - time) <= _SKEW else believed


def is_skewed(offset_ms: int | None) -> bool:
    """Whether a box's clock is to be called wrong."""
    return offset_ms is not None and abs(offset_ms) > SKEW_S * 1000


def _since_start(mono_ms: int) -> timedelta | None:
    return timedelta(milliseconds=mono_ms) if 0 <= mono_ms <= MONO_MS_MAX else None
