"""Whose clock is right: what central learns about a box's clock, and the time it believes an event has."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class BootClock:
    """What is known of a box's clock since one start of it.

    `started_at`: the earliest moment, by central's clock, that messages let the start have; `offset_ms`: the least
    (received - time) of live heartbeats since the box's clock last jumped; `wall_started_at`: time - mono of the last.
    """

    started_at: datetime | None = None
    offset_ms: int | None = None
    wall_started_at: datetime | None = None
