"""Bikes: ridden in and left one by one; few, many, or one that only stops."""

from collections.abc import Iterator

from provisioning.simulator.video.acts.act import Act, Actor, Spot2
from provisioning.simulator.video.things import Thing

PILE_LIMIT = 6
"""From this many bikes at one place on, it is a pile-up."""
PILE_GAP_S = 3.0

_PILE, _FEW = (9, 14), (2, 4)
_GAP_M = 0.42
_RIDE_M_S = 3.0
_TAKEN_AWAY_S = 1.2
_SADDLE_M = 0.28


def one(act: Act) -> Iterator[Actor]:
    """Somebody rides in, leaves the bike and walks away; later walks back and rides away."""
    yield from _parked(act, act.spot, *act.times, 0)


def pile(act: Act) -> Iterator[Actor]:
    """Bike after bike is left in a row, many more than may stand there; then they are fetched one after the other."""
    yield from _row(act, int(act.rng().integers(*_PILE)))


def few(act: Act) -> Iterator[Actor]:
    """Some bikes are left in a row, fewer than may stand there."""
    yield from _row(act, int(act.rng().integers(*_FEW)))


def _row(act: Act, count: int) -> Iterator[Actor]:
    start, end = act.times
    gap = min(PILE_GAP_S, (end - start) / (2 * count))
    first = start - gap * (min(count, PILE_LIMIT) - 1)
    for number in range(count):
        spot = act.beside((number - (count - 1) / 2) * _GAP_M, (number % 3 - 1) * 0.04)
        yield from _parked(act, spot, first + number * gap, end + number * _TAKEN_AWAY_S, number)


def _parked(act: Act, spot: Spot2, start: float, end: float, number: int) -> Iterator[Actor]:
    edge, bike, rider = act.edge(spot), 2 * number, 2 * number + 1
    come = act.walk([edge, spot], ends_s=start, m_s=_RIDE_M_S)
    leave = act.walk([spot, edge], starts_s=end, m_s=_RIDE_M_S)
    yield Actor(Thing.BIKE, act.look + bike, come + leave, act.index, evidence=True)
    lifted = _SADDLE_M * act.metre
    for way in (come, leave):
        yield act.actor(Thing.PERSON, tuple((second, x, base - lifted) for second, x, base in way), rider)
    beside = spot[0] - 0.3 * act.metre, spot[1] + 0.08 * act.metre
    yield act.actor(Thing.PERSON, act.walk([beside, act.edge(beside)], starts_s=start), rider)
    yield act.actor(Thing.PERSON, act.walk([act.edge(beside), beside], ends_s=end), rider)
