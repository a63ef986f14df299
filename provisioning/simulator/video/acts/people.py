"""People who stand together: a crowd, or a few who talk."""

from collections.abc import Iterator
from dataclasses import replace

from provisioning.simulator.video.acts.act import Act, Actor
from provisioning.simulator.video.things import Thing

CROWD_LIMIT = 6
"""From this many people who stand together on, it is a crowd."""

_CROWD, _FEW = (8, 13), (2, 4)
_GAP_M = 0.62
_ROWS = 3
_COMES_EVERY_S = 1.5
_PARTY = 100


def crowd(act: Act) -> Iterator[Actor]:
    """More and more people gather at one place, and part at the end."""
    yield from _gather(act, int(act.rng().integers(*_CROWD)))


def loiterers(act: Act) -> Iterator[Actor]:
    """Two or three people meet, talk and part."""
    yield from _gather(act, int(act.rng().integers(*_FEW)))


def _gather(act: Act, count: int) -> Iterator[Actor]:
    start, end = act.times
    rng = act.rng()
    first = start - _COMES_EVERY_S * (min(count, CROWD_LIMIT) - 1)
    columns = -(-count // _ROWS)
    for number in range(count):
        column, row = divmod(number, _ROWS)
        right = (column - (columns - 1) / 2) * _GAP_M + 0.25 * (row - 1) + rng.uniform(-0.1, 0.1)
        spot = act.beside(
            right if count > _ROWS else (number - 0.5) * _GAP_M, 0.16 * (row - 1) + rng.uniform(-0.02, 0.02)
        )
        comes_s, goes_s = first + number * _COMES_EVERY_S, end + rng.uniform(0, 3)
        far = bool(number % 2)
        yield act.actor(Thing.PERSON, act.walk([act.edge(spot, far=far), spot], ends_s=comes_s), _PARTY + number)
        waits = ((comes_s, *spot), (goes_s, *spot))
        yield replace(act.actor(Thing.PERSON, waits, _PARTY + number), restless=True, evidence=True)
        yield act.actor(Thing.PERSON, act.walk([spot, act.edge(spot, far=far)], starts_s=goes_s), _PARTY + number)
