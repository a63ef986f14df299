"""Who and what is in the picture at a moment: pure functions of the script, the view and the scene second."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from provisioning.simulator.drawing.ground import Ground
from provisioning.simulator.pictures import BIKE, CAR, GOODS, PERSON, RUBBISH, STALL
from provisioning.simulator.video.script import Episode, Kind, Place, Script

ARRIVAL_S = 2.5
"""How long a thing takes from the edge of the frame to its place, and back."""
BIKES_IN_PILE = 8
WALK_M_S = 1.25
DRIVE_M_S = 7.0
STEPS_IN_CYCLE = 6
"""Drawn positions of the legs."""

_CYCLE_M = 1.4
_OUTSIDE_M = 3.0
_BIKE_GAP_M = 0.42
_VENDOR_M = 0.95
_CLASS_OF = {Kind.STALL: STALL, Kind.RUBBISH: RUBBISH, Kind.GOODS: GOODS, Kind.PERSON: PERSON, Kind.BIKES: BIKE}


@dataclass(frozen=True, slots=True)
class Actor:
    """Something on the line of row `base` that moves between (second, column) way points; gone before and after.

    `look` seeds its appearance, `episode` is the index of the episode it belongs to.
    """

    kind: int
    look: int
    base: float
    way: tuple[tuple[float, float], ...]
    episode: int


@dataclass(frozen=True, slots=True)
class Present:
    """An actor at one moment: column `x` (canvas pixels), row `base`; `step` is the leg position, `facing` 0 = own."""

    name: str
    kind: int
    look: int
    x: float
    base: float
    moving: bool
    facing: int = 0
    step: int = 0
    episode: int | None = None


def cast(script: Script, ground: Ground, seed: int) -> tuple[Actor, ...]:
    """Return the actors of all episodes."""
    return tuple(
        actor
        for index, episode in enumerate(script.episodes)
        if episode.place is not None
        for actor in _actors_of(episode, episode.place, ground, (index, _look(seed, index)))
    )


def _actors_of(episode: Episode, place: Place, ground: Ground, known_as: tuple[int, int]) -> Iterator[Actor]:
    index, look = known_as
    x, base = place.across * ground.width, ground.base(place.depth)
    metre = ground.scale(base)
    start, end, kind = episode.start_s, episode.end_s, _CLASS_OF[episode.kind]
    stays = _visit(x, start, end, ground, metre)
    match episode.kind:
        case Kind.STALL:
            yield Actor(STALL, look, base, stays, index)
            behind = tuple((second, column + _VENDOR_M * metre) for second, column in stays)
            yield Actor(PERSON, look + 1, base - 0.05 * metre, behind, index)
        case Kind.BIKES:
            gap = min(4.0, (end - start) / (2 * BIKES_IN_PILE))
            for number in range(BIKES_IN_PILE):
                parked = x + number * _BIKE_GAP_M * metre
                way = (*_visit(parked, start + number * gap, end, ground, metre)[:2], (end, parked))
                yield Actor(BIKE, look + number, base + (number % 3 - 1) * 0.04 * metre, way, index)
        case Kind.PERSON:
            yield Actor(PERSON, look, base, stays, index)
        case _:
            yield Actor(kind, look, base, ((start, x), (end, x)), index)
            yield Actor(
                PERSON, look + 1, base + 0.1 * metre, _visit(x + 0.5 * metre, start, start, ground, metre), index
            )


def _visit(x: float, start: float, end: float, ground: Ground, metre: float) -> tuple[tuple[float, float], ...]:
    """Return the way from the nearer edge to column `x`, where it stays from `start` to `end`, and back."""
    outside = -_OUTSIDE_M * metre if x < ground.width / 2 else ground.width + _OUTSIDE_M * metre
    return (start - ARRIVAL_S, outside), (start, x), (end, x), (end + ARRIVAL_S, outside)


def present_actors(actors: tuple[Actor, ...], ground: Ground, t_s: float) -> list[Present]:
    """Return the episodes' actors that are on the stage at that second."""
    return [
        _on_stage(f"e{actor.episode}-{number}", actor, ground, t_s)
        for number, actor in enumerate(actors)
        if actor.way[0][0] <= t_s < actor.way[-1][0]
    ]


def _on_stage(name: str, actor: Actor, ground: Ground, t_s: float) -> Present:
    seconds, columns = zip(*actor.way, strict=True)
    x = float(np.interp(t_s, seconds, columns))
    leg = next(index for index in range(1, len(seconds)) if t_s < seconds[index])
    pace = columns[leg] - columns[leg - 1]
    moving = pace != 0
    step = _step(x / ground.scale(actor.base)) if moving else 0
    facing = int(math.copysign(1, pace)) if moving else 0
    return Present(name, actor.kind, actor.look, x, actor.base, moving, facing, step, actor.episode)


def passers_by(script: Script, ground: Ground, seed: int, t_s: float) -> list[Present]:
    """Return the walkers and cars at that second; each crosses the frame for ever, with a new look each time."""
    rng = np.random.default_rng([seed, 41])
    passing = []
    for number in range(script.walkers + script.cars):
        drives = number >= script.walkers
        base = ground.base(rng.uniform(1.2, 1.45) if drives else rng.uniform(0.15, 1.0))
        metre, way, pace, offset = ground.scale(base), (-1) ** number, rng.uniform(0.85, 1.2), rng.random()
        span = ground.width + 2 * _OUTSIDE_M * metre * (1 + drives)
        travelled = offset * span + t_s * metre * pace * (DRIVE_M_S if drives else WALK_M_S)
        crossing, along = divmod(travelled, span)
        x = (along if way > 0 else span - along) - _OUTSIDE_M * metre * (1 + drives)
        look = _look(seed, int(crossing) * 97 + number)
        step = _step(travelled / metre)
        passing.append(
            Present(f"p{number}", CAR if drives else PERSON, look, x, base, moving=True, facing=way, step=step)
        )
    return passing


def _step(travelled_m: float) -> int:
    return int(travelled_m / _CYCLE_M * STEPS_IN_CYCLE) % STEPS_IN_CYCLE


def _look(seed: int, number: int) -> int:
    return (seed * 7_919 + number * 104_729) % 2_147_483_648
