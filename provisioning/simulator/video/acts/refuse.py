"""Rubbish: left alone, watched by its owner, thrown down, tipped out, and at the bin."""

from collections.abc import Iterator
from dataclasses import replace

from provisioning.simulator.drawing.staged.hands import Load
from provisioning.simulator.video.acts.act import Act, Actor
from provisioning.simulator.video.things import Thing

TIPPING_S = 1.6
OVERFLOW_GAP_S = 5.0

_STOOPS_S = 0.8
_NEAR_WALL_DEPTH = 0.35
_OWNER_M = 0.55


def litter(act: Act) -> Iterator[Actor]:
    """Somebody sets a bag or two down and walks on; at the end it is picked up."""
    start, end = act.times
    yield act.exhibit(Thing.RUBBISH, act.spot, act.times)
    yield from _passes(act, start, Load.BAG, Load.NOTHING, 1)
    yield from _passes(act, end, Load.NOTHING, Load.BAG, 2)


def dump_solid(act: Act) -> Iterator[Actor]:
    """Somebody comes with a load, throws it down and goes back; the load stays until a cleaner comes."""
    start, end = act.times
    thing = Thing.RUBBLE if act.rng().random() < 0.5 else Thing.RUBBISH  # noqa: PLR2004 - as often one as the other
    yield act.exhibit(thing, act.spot, act.times)
    beside = act.beside(-0.7, 0.06)
    yield from act.errand([act.edge(beside), beside], start - _STOOPS_S / 2, _STOOPS_S, 1, (Load.BOX, Load.NOTHING))
    yield from _passes(act, end, Load.NOTHING, Load.BAG, 2)


def dump_liquid(act: Act) -> Iterator[Actor]:
    """Somebody comes with a bucket, tips it out and goes; the wet ground is drawn by `wet`."""
    start, _ = act.times
    stands = act.beside(-0.75, -0.02)
    from_door = act.place.depth <= _NEAR_WALL_DEPTH and act.distance_m(act.door(), act.spot) < act.ground.width
    origin = act.door() if from_door else act.edge(stands)
    yield act.actor(Thing.PERSON, act.walk([origin, stands], ends_s=start - 0.5), 1, Load.BUCKET)
    tips = ((start - 0.5, *stands), (start + TIPPING_S, *stands))
    yield act.actor(Thing.PERSON, tips, 1, Load.TIPPING)
    yield act.actor(Thing.PERSON, act.walk([stands, origin], starts_s=start + TIPPING_S), 1, Load.BUCKET)


def bag_attended(act: Act) -> Iterator[Actor]:
    """Somebody sets a bag down, waits beside it, and takes it away."""
    start, end = act.times
    yield act.exhibit(Thing.BAG, act.spot, act.times)
    beside = act.beside(_OWNER_M, 0.04)
    yield act.actor(Thing.PERSON, act.walk([act.edge(beside), beside], ends_s=start), 1, Load.BAG)
    waits = ((start, *beside), (end, *beside))
    yield replace(act.actor(Thing.PERSON, waits, 1), restless=True)
    yield act.actor(Thing.PERSON, act.walk([beside, act.edge(beside)], starts_s=end), 1, Load.BAG)


def _passes(act: Act, at_s: float, comes_with: Load, goes_with: Load, look: int) -> Iterator[Actor]:
    """Somebody crosses the picture, stoops at the place at `at_s` and goes on."""
    spot = act.beside(-0.4, 0.08)
    yield act.actor(Thing.PERSON, act.walk([act.edge(spot), spot], ends_s=at_s - _STOOPS_S / 2), look, comes_with)
    stoops = ((at_s - _STOOPS_S / 2, *spot), (at_s + _STOOPS_S / 2, *spot))
    yield act.actor(Thing.PERSON, stoops, look, Load.REACHING)
    away = act.walk([spot, act.edge(spot, far=True)], starts_s=at_s + _STOOPS_S / 2)
    yield act.actor(Thing.PERSON, away, look, goes_with)


def bin_overflow(act: Act) -> Iterator[Actor]:
    """One after the other brings a bag: on the bin, then around it; it overflows from `start_s` on."""
    start, end = act.times
    rng = act.rng()
    metre, base, x = act.ground.scale(act.fixtures.bin_base), act.fixtures.bin_base, act.fixtures.bin_x
    inwards = 1 if x < act.ground.width / 2 else -1
    yield act.exhibit(Thing.OVERFLOW, (x, base + 0.02 * metre), (start, end))
    for number in range(int(rng.integers(2, 5))):
        aside = inwards * (0.6 + 0.18 * number) * (1 if number % 3 else -0.9)
        spot = x + aside * metre, base + (0.08 + 0.07 * (number % 2)) * metre
        comes_s = start - OVERFLOW_GAP_S + number * OVERFLOW_GAP_S
        yield act.exhibit(Thing.BAG, spot, (comes_s, end), 10 + number)
        stands = spot[0] + inwards * 0.5 * metre, spot[1] + 0.05 * metre
        errand = [act.edge(stands, far=True), stands]
        yield from act.errand(errand, comes_s - 0.4, 0.8, 1 + number, (Load.BAG, Load.NOTHING))
    cleaner = x + inwards * 0.6 * metre, base + 0.2 * metre
    yield from act.errand([act.edge(cleaner), cleaner], end - 2.0, 2.0, 9, (Load.NOTHING, Load.BAG))


def bin_use(act: Act) -> Iterator[Actor]:
    """Somebody throws something into the bin and walks on."""
    start, end = act.times
    metre, base, x = act.ground.scale(act.fixtures.bin_base), act.fixtures.bin_base, act.fixtures.bin_x
    inwards = 1 if x < act.ground.width / 2 else -1
    spot = x + inwards * 0.55 * metre, base + 0.08 * metre
    errand = [act.edge(spot, far=True), spot]
    yield from act.errand(errand, start, end - start, 1, (Load.BAG, Load.NOTHING))
