"""Vehicles: a car that parks or only stops, and the water truck that wets the road."""

from collections.abc import Iterator

from provisioning.simulator.drawing.ground import Ground
from provisioning.simulator.video.acts.act import OUTSIDE_M, Act, Actor, Way
from provisioning.simulator.video.things import Thing

TRUCK_M_S = 2.5

_DRIVE_M_S = 5.0
_BRAKE_S = 2.0
_CAR_OUTSIDE_M = 4.0


def car(act: Act) -> Iterator[Actor]:
    """A car drives in, brakes, stands from start to end, and drives on."""
    (x, base), (start, end) = act.spot, act.times
    brakes = 0.5 * _DRIVE_M_S * _BRAKE_S * act.metre
    ahead = -1 if x < act.ground.width / 2 else 1
    enters = _outside(act, -ahead), base
    slows = x - ahead * brakes, base
    leaves = _outside(act, ahead), base
    come = act.walk([enters, slows], ends_s=start - _BRAKE_S, m_s=_DRIVE_M_S)
    last: Way = ((start - _BRAKE_S / 2, x - ahead * brakes / 4, base), (start, x, base))
    starts: Way = ((end, x, base), (end + _BRAKE_S / 2, x + ahead * brakes / 4, base))
    leave = act.walk([(starts[-1][1], base), leaves], starts_s=starts[-1][0], m_s=_DRIVE_M_S)
    yield Actor(Thing.CAR, act.look, (*come, *last, *starts, *leave[1:]), act.index, evidence=True)


def _outside(act: Act, side: int) -> float:
    outside = _CAR_OUTSIDE_M * act.metre
    return -outside if side < 0 else act.ground.width + outside


def water_truck(act: Act) -> Iterator[Actor]:
    """The water truck crosses the picture; the road behind it is wet."""
    yield Actor(Thing.TRUCK, act.look, truck_way(act.ground, act.spot[1], act.times[0]), act.index)


def truck_way(ground: Ground, base: float, start_s: float) -> Way:
    """Return the truck's way from left to right along row `base`."""
    metre = ground.scale(base)
    outside = (OUTSIDE_M + _CAR_OUTSIDE_M) * metre
    seconds = (ground.width + 2 * outside) / metre / TRUCK_M_S
    return (start_s, -outside, base), (start_s + seconds, ground.width + outside, base)
