"""One thing that comes within moments, stays and goes: what the demo and most tests need."""

from collections.abc import Iterator

from provisioning.simulator.drawing.ground import Ground
from provisioning.simulator.video.acts.act import OUTSIDE_M, Act, Actor, Way
from provisioning.simulator.video.script import Kind
from provisioning.simulator.video.things import Thing

ARRIVAL_S = 2.5
"""How long a thing takes from the edge of the frame to its place, and back."""
BIKES_IN_PILE = 8

_BIKE_GAP_M = 0.42
_VENDOR_M = 0.95


def stall(act: Act) -> Iterator[Actor]:
    """A stall rolls in with its vendor behind it."""
    x, base = act.spot
    stays = _visit(act, x, base, *act.times)
    yield Actor(Thing.STALL, act.look, stays, act.index, evidence=True)
    row = base - 0.05 * act.metre
    behind = tuple((second, column + _VENDOR_M * act.metre, row) for second, column, _ in stays)
    yield act.actor(Thing.PERSON, behind, 1)


def bikes(act: Act) -> Iterator[Actor]:
    """Bikes pile up one after the other and are gone at once."""
    (x, base), (start, end) = act.spot, act.times
    gap = min(4.0, (end - start) / (2 * BIKES_IN_PILE))
    for number in range(BIKES_IN_PILE):
        parked, row = x + number * _BIKE_GAP_M * act.metre, base + (number % 3 - 1) * 0.04 * act.metre
        way = (*_visit(act, parked, row, start + number * gap, end)[:2], (end, parked, row))
        yield Actor(Thing.BIKE, act.look + number, way, act.index, evidence=True)


def person(act: Act) -> Iterator[Actor]:
    """Somebody comes, stands and goes."""
    yield Actor(Thing.PERSON, act.look, _visit(act, *act.spot, *act.times), act.index, evidence=True)


def put_down(act: Act) -> Iterator[Actor]:
    """Rubbish or goods are there from one moment to the other; somebody was just beside them."""
    thing = Thing.RUBBISH if act.episode.kind is Kind.RUBBISH else Thing.GOODS
    (x, base), (start, end) = act.spot, act.times
    yield act.exhibit(thing, (x, base), (start, end))
    yield act.actor(Thing.PERSON, _visit(act, x + 0.5 * act.metre, base + 0.1 * act.metre, start, start), 1)


def _visit(act: Act, x: float, base: float, start: float, end: float) -> Way:
    """Return the way from the nearer edge to column `x`, where it stays from `start` to `end`, and back."""
    ground: Ground = act.ground
    outside = -OUTSIDE_M * act.metre if x < ground.width / 2 else ground.width + OUTSIDE_M * act.metre
    return (start - ARRIVAL_S, outside, base), (start, x, base), (end, x, base), (end + ARRIVAL_S, outside, base)
