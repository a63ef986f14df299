"""What is carried and put down: goods out of a shop's door, building material, boxes on their way into the shop."""

from collections.abc import Iterator
from dataclasses import replace

from provisioning.simulator.drawing.staged.hands import Load
from provisioning.simulator.video.acts.act import Act, Actor, Spot2, Way
from provisioning.simulator.video.things import Thing, boxes

TRIP_S = 6.0
"""From one armful to the next."""
HEAP_GROWS_S = 15.0

_TRIPS = 3
_TABLES_SHARE = 0.35
_TABLE_M = 1.5


def goods(act: Act) -> Iterator[Actor]:
    """Somebody carries goods out of the shop's door, armful by armful; what stands at the start is the first one."""
    start, end = act.times
    fast = min(TRIP_S, (end - start) / (2 * _TRIPS))
    grows = tuple((start + trip * fast, (trip + 1) / _TRIPS) for trip in range(_TRIPS))
    shrinks = tuple((end + trip * fast / 2, 1 - trip / _TRIPS) for trip in range(1, _TRIPS))
    gone_s = end + fast * _TRIPS / 2
    way: Way = ((start, *act.spot), (gone_s, *act.spot))
    yield Actor(Thing.GOODS, act.look, way, act.index, shares=grows + shrinks, evidence=True)
    if act.rng().random() < _TABLES_SHARE:
        yield act.exhibit(Thing.TABLE, act.beside(_TABLE_M, 0.02), (start + _TRIPS * fast, end), 3)
    before = act.beside(-0.15, 0.12)
    for trip in range(_TRIPS):
        yield from _errand_from_door(act, before, start + trip * fast, (Load.BOX, Load.NOTHING), trip)
    for trip in range(1, _TRIPS + 1):
        yield from _errand_from_door(act, before, end + trip * fast / 2, (Load.NOTHING, Load.BOX), trip)


def _errand_from_door(act: Act, spot: Spot2, at_s: float, loads: tuple[Load, Load], trip: int) -> Iterator[Actor]:
    stays_s = 1.0
    yield from act.errand([act.door(), spot], at_s - stays_s / 2, stays_s, 1 + trip % 2, loads)


def heap(act: Act) -> Iterator[Actor]:
    """Two people bring building material until a large heap lies there; at the end it is carried off again."""
    start, end = act.times
    parts = 5
    step = HEAP_GROWS_S / parts
    grows = tuple((start - HEAP_GROWS_S + (part + 1) * step, (part + 1) / parts) for part in range(parts))
    shrinks = tuple((end + part * step, 1 - part / parts) for part in range(1, parts))
    way: Way = ((grows[0][0], *act.spot), (end + HEAP_GROWS_S, *act.spot))
    yield Actor(Thing.HEAP, act.look, way, act.index, shares=grows + shrinks, evidence=True)
    yield from _carriers(act, [second for second, _ in grows], (Load.BOX, Load.NOTHING))
    yield from _carriers(act, [end + (part + 1) * step for part in range(parts)], (Load.NOTHING, Load.BOX))


def unloading(act: Act) -> Iterator[Actor]:
    """Boxes are put down on the pavement and soon carried on into the shop."""
    start, end = act.times
    grows = (start, 0.5), (start + (end - start) / 2, 1.0)
    yield replace(act.exhibit(Thing.HEAP, act.spot, act.times), look=boxes(act.look), shares=grows)
    yield from _carriers(act, [start, start + (end - start) / 2], (Load.BOX, Load.NOTHING))
    yield from _carriers(act, [end - 0.5, end], (Load.NOTHING, Load.BOX))


def _carriers(act: Act, moments: list[float], loads: tuple[Load, Load]) -> Iterator[Actor]:
    for number, second in enumerate(moments):
        spot = act.beside(-0.6 + 0.4 * (number % 4), 0.14)
        yield from act.errand([act.edge(spot), spot], second - 0.6, 1.2, 1 + number % 2, loads)
