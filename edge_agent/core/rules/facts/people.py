"""Who is near a thing: passing by, looking after it, or doing something to it.

People are the measure: reach is counted in steps of about a metre, two widths of somebody across the picture and a
quarter of somebody's height in depth.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from edge_agent.core.values import Track
from protocol.geometry import Box

ATTENDS_S = 4.0
"""Who has been near a thing for so long, and stands, looks after it; a large thing takes that long to walk past."""
PASSES_S = 3.0
"""Who is near for less and does not stand only walks past."""
FORGOTTEN_S = 2.5
"""Somebody not seen for so long is not there; and who is not near for so long has gone away."""
_WIDTHS, _HEIGHTS = 2.0, 0.25


def near(thing: Box, person: Box, steps: float, *, flat: bool = False) -> bool:
    """Whether somebody is within so many steps (or so many sizes of the thing, if these are larger) of a thing.

    `flat`: it lies on the ground, such as water, and reaches from its upper edge to its lower; its size reaches no
    further.
    """
    width, height = person[2] - person[0], person[3] - person[1]
    across = max(thing[0] - person[2], person[0] - thing[2], 0.0)
    if flat:
        along = max(thing[1] - person[3], person[3] - thing[3], 0.0)
        return across <= steps * _WIDTHS * width and along <= max(steps, 1.0) * _HEIGHTS * height
    reach = steps * max(_WIDTHS * width, thing[2] - thing[0])
    depth_reach = max(steps, 1.0) * _HEIGHTS * max(height, thing[3] - thing[1])
    return across <= reach and abs(thing[3] - person[3]) <= depth_reach


@dataclass(frozen=True, slots=True)
class Nearness:
    """Since when somebody is near a thing, and when last."""

    since: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Attention:
    """Who was where at the detector's last look; pairs (thing, person) that are near; when a thing was last attended.

    `around`: things with anybody near now; `stopped`: those with somebody who does not only walk past.
    """

    people: tuple[Track, ...] = ()
    pairs: Mapping[tuple[int, int], Nearness] = field(default_factory=dict)
    attended_at: Mapping[int, datetime] = field(default_factory=dict)
    around: frozenset[int] = frozenset()
    stopped: frozenset[int] = frozenset()

    def attended(self, key: int, now: datetime) -> bool:
        """Whether somebody looks after the thing now."""
        return self.attended_at.get(key) == now


NOBODY_NEAR = Attention()


def present(people: Sequence[Track], now: datetime) -> tuple[Track, ...]:
    """People who are there: seen just now, or hidden behind something."""
    return tuple(one for one in people if one.hidden or (now - one.last_seen_at).total_seconds() <= FORGOTTEN_S)


def attention(
    before: Attention, people: tuple[Track, ...], things: Sequence[Track], now: datetime, steps: float
) -> Attention:
    """Attention after a look that judges `things`."""
    pairs: dict[tuple[int, int], Nearness] = {}
    attended = {thing.id: before.attended_at[thing.id] for thing in things if thing.id in before.attended_at}
    around: set[int] = set()
    stopped: set[int] = set()
    for thing in things:
        for person in people:
            known = before.pairs.get((thing.id, person.id))
            if near(thing.box, person.box, steps, flat=thing.liquid):
                known = Nearness(known.since if known else now, now)
                stands, stayed_s = person.stands_since is not None, (now - known.since).total_seconds()
                around.add(thing.id)
                if stands or stayed_s >= PASSES_S:
                    stopped.add(thing.id)
                if stands and stayed_s >= ATTENDS_S:
                    attended[thing.id] = now
            if known is not None and (now - known.last).total_seconds() <= FORGOTTEN_S:
                pairs[thing.id, person.id] = known
    return Attention(people, pairs, attended, frozenset(around), frozenset(stopped))
