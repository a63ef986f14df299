"""How long this box was without central's watermark; it tells so afterwards, as a witness of central's availability."""

from dataclasses import dataclass, replace

from protocol.messages import WAITS_MAX

SILENT_S = 75.0
"""Central repeats a watermark each 30 s: two that went astray are no wait yet."""
TOLD_S = 600.0
"""A wait stands in each heartbeat for so long after its end, since heartbeats may go astray."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Between two watermarks, in monotonic seconds; `connected`: the broker was there all the while."""

    number: int
    since_s: float
    until_s: float
    connected: bool


@dataclass(frozen=True, slots=True)
class Waits:
    """`heard_s`: the last watermark; `parted_s`: when the connection first ended since; `total_s`: of all waits."""

    heard_s: float | None = None
    parted_s: float | None = None
    count: int = 0
    total_s: float = 0.0
    ended: tuple[Wait, ...] = ()


def parted(waits: Waits, mono_s: float) -> Waits:
    """The connection to the broker has ended."""
    if waits.heard_s is None or waits.parted_s is not None:
        return waits
    return replace(waits, parted_s=mono_s)


def heard(waits: Waits, mono_s: float) -> Waits:
    """A watermark arrived: a wait that was, is over. Before the first watermark of a start nothing is known."""
    since_s = _since_s(waits, mono_s)
    fresh = replace(waits, heard_s=mono_s, parted_s=None)
    if since_s is None:
        return fresh
    ended = Wait(waits.count + 1, since_s, mono_s, waits.parted_s is None)
    return replace(
        fresh,
        count=ended.number,
        total_s=waits.total_s + mono_s - since_s,
        ended=(*waits.ended, ended)[-WAITS_MAX:],
    )


def told(waits: Waits, mono_s: float) -> tuple[Wait, ...]:
    """What a heartbeat tells, oldest first."""
    return tuple(one for one in waits.ended if mono_s - one.until_s <= TOLD_S)


def _since_s(waits: Waits, mono_s: float) -> float | None:
    """When the wait began that is over now; None where none was. A silence began with its last watermark."""
    if waits.heard_s is None:
        return None
    silent_until_s = mono_s if waits.parted_s is None else waits.parted_s
    if silent_until_s - waits.heard_s > SILENT_S:
        return waits.heard_s
    return waits.parted_s
