"""Vendors: a carrier that rolls in and stays, one that only stops, and a stall that is set up by hand."""

from collections.abc import Iterator
from dataclasses import replace

from provisioning.simulator.drawing.staged.hands import Load
from provisioning.simulator.video.acts.act import ALWAYS_S, PUSH_M_S, Act, Actor, Spot2, Way
from provisioning.simulator.video.things import Thing, wheeled

SETUP_S = 9.0
"""How long a stall takes to be set up or taken down."""

_BEHIND_M = 1.25
_WORKS_M = 0.14
_STAGES = ((0.0, 0.3), (0.35, 0.5), (0.7, 0.75), (1.0, 1.0))
"""Share of the set-up time passed, share of the stall that stands then."""


def vendor(act: Act) -> Iterator[Actor]:
    """A vendor pushes the carrier in, sells beside it, and pushes it away again."""
    start, end = act.times
    edge = act.edge()
    come = act.walk([edge, act.spot], ends_s=start, m_s=PUSH_M_S)
    leave = act.walk([act.spot, edge], starts_s=end, m_s=PUSH_M_S)
    yield Actor(Thing.STALL, wheeled(act.look), come + leave, act.index, evidence=True)
    outwards = 1 if edge[0] > act.spot[0] else -1
    yield act.actor(Thing.PERSON, _beside(act, come, outwards), 1)
    stands = act.beside(outwards * _BEHIND_M, -0.04)
    yield replace(act.actor(Thing.PERSON, ((start, *stands), (end, *stands)), 1), restless=True)
    yield act.actor(Thing.PERSON, _beside(act, leave, -outwards), 1)


def passing_vendor(act: Act) -> Iterator[Actor]:
    """A vendor pushes the carrier through the picture and stops on the way from start to end."""
    start, end = act.times
    come = act.walk([act.edge(), act.spot], ends_s=start, m_s=PUSH_M_S)
    leave = act.walk([act.spot, act.edge(far=True)], starts_s=end, m_s=PUSH_M_S)
    way = come + leave
    yield Actor(Thing.STALL, wheeled(act.look), way, act.index, evidence=True)
    outwards = 1 if act.edge()[0] > act.spot[0] else -1
    yield act.actor(Thing.PERSON, _beside(act, way, outwards), 1)


def _beside(act: Act, way: Way, side: int) -> Way:
    return tuple((second, x + side * _BEHIND_M * act.metre, base - 0.04 * act.metre) for second, x, base in way)


def standing_stall(act: Act) -> Iterator[Actor]:
    """Somebody on foot sets a stall up, piece by piece, works at it, takes it down and goes."""
    start, end = act.times
    begun = start - SETUP_S
    up = tuple((begun + passed * SETUP_S, share) for passed, share in _STAGES)
    down = tuple((end + (1 - passed) * SETUP_S, share) for passed, share in reversed(_STAGES[:-1]))
    if start == 0:
        begun, up = ALWAYS_S, ((ALWAYS_S, 1.0),)
    way: Way = ((begun, *act.spot), (end + SETUP_S, *act.spot))
    yield Actor(Thing.STALL, act.look, way, act.index, shares=up + down, evidence=True)
    before, aside = act.beside(-0.2, _WORKS_M), act.beside(_BEHIND_M, -0.04)
    if start > 0:
        yield act.actor(Thing.PERSON, act.walk([act.edge(before), before], ends_s=begun), 1, Load.BOX)
        yield _works(act, begun, start)
        yield act.actor(Thing.PERSON, act.walk([before, aside], starts_s=start), 1)
    begins = start if start == 0 else start + act.distance_m(before, aside) / PUSH_M_S
    yield replace(act.actor(Thing.PERSON, ((begins, *aside), (end, *aside)), 1), restless=True)
    yield _works(act, end, end + SETUP_S)
    yield act.actor(Thing.PERSON, act.walk([before, act.edge(before)], starts_s=end + SETUP_S), 1, Load.BOX)


def _works(act: Act, start: float, end: float) -> Actor:
    """Somebody goes to and fro in front of the place, arms stretched out."""
    spots: list[Spot2] = [act.beside(shift, _WORKS_M) for shift in (-0.2, 0.4, -0.5, 0.3, -0.2)]
    seconds = [start + (end - start) * passed for passed in (0, 0.25, 0.5, 0.75, 1)]
    way = tuple((second, *spot) for second, spot in zip(seconds, spots, strict=True))
    return act.actor(Thing.PERSON, way, 1, Load.REACHING)
