"""What people did lately: whether somebody stopped, or turned back, at a place when something came to lie there."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from edge_agent.core.rules.facts.people import near
from edge_agent.core.values import Track
from protocol.geometry import Box

REMEMBERED = timedelta(seconds=180)
"""A region is known two or three seconds after it came, but much later behind somebody who stays before it: so long
back it must be known who was there."""
STEPS_EVERY = timedelta(seconds=0.4)
STEPS_MAX = 4096
"""Nine people at a time for as long as is remembered; of more people the memory is shorter."""
BEFORE, AFTER = timedelta(seconds=8), timedelta(seconds=5)
"""Around the arrival of a thing; when it came is known to a few seconds."""
REACH_STEPS = 1.0
"""About a metre: an arm's reach."""
STOPPED_S = 0.7
STOPPED_WIDTHS, STOPPED_HEIGHTS = 0.9, 0.2
"""Who walks past goes two widths in that time."""


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody was here."""

    at: datetime
    person: int
    box: Box


Steps = tuple[Step, ...]


def remembered(before: Steps, people: Sequence[Track], now: datetime) -> Steps:
    """Steps after a look of the detector, oldest first."""
    if before and now - before[-1].at < STEPS_EVERY:
        return before
    fresh = tuple(Step(now, one.id, one.box) for one in people if one.last_seen_at == now)
    old = bisect_left(before, now - REMEMBERED, key=_at)
    return (*before[old:], *fresh)[-STEPS_MAX:]


def somebody_near(steps: Steps, place: Box, arrival: datetime) -> bool:
    """Whether anybody was within reach of the place about that time."""
    return next(_within_reach(steps, place, arrival), None) is not None


def somebody_stopped(steps: Steps, place: Box, arrival: datetime, *, wet: bool = False) -> bool:
    """Whether somebody within reach stood still for a moment, or turned back, about that time.

    `wet`: the place is water on the ground; only those count than whom it is wider.
    """
    by_person: dict[int, list[Step]] = {}
    for step in _within_reach(steps, place, arrival, flat=wet):
        by_person.setdefault(step.person, []).append(step)
    width = place[2] - place[0] if wet else math.inf
    return any(_stopped(one) and _width(one) <= width for one in by_person.values())


def _within_reach(steps: Steps, place: Box, arrival: datetime, *, flat: bool = False) -> Iterator[Step]:
    first = bisect_left(steps, arrival - BEFORE, key=_at)
    last = bisect_right(steps, arrival + AFTER, key=_at)
    return (step for step in steps[first:last] if near(place, step.box, REACH_STEPS, flat=flat))


def _at(step: Step) -> datetime:
    return step.at


def _width(steps: Sequence[Step]) -> float:
    """How wide somebody is: arms are stretched out and drawn in again."""
    return min(step.box[2] - step.box[0] for step in steps)


def _stopped(steps: Sequence[Step]) -> bool:
    return any(
        (later.at - earlier.at).total_seconds() >= STOPPED_S and _same_spot(earlier.box, later.box)
        for number, earlier in enumerate(steps)
        for later in steps[number + 1 :]
    )


def _same_spot(box: Box, other: Box) -> bool:
    across = abs(box[0] + box[2] - other[0] - other[2]) / 2
    return across <= STOPPED_WIDTHS * min(box[2] - box[0], other[2] - other[0]) and abs(
        box[3] - other[3]
    ) <= STOPPED_HEIGHTS * (box[3] - box[1])
