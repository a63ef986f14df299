"""Who and what is in the picture at a moment: pure functions of the script, the view and the scene second."""

import math
from dataclasses import dataclass

import numpy as np

from provisioning.simulator.drawing.ground import Ground
from provisioning.simulator.video.acts.act import OUTSIDE_M, WALK_M_S, Actor, look_of
from provisioning.simulator.video.script import Script
from provisioning.simulator.video.things import STANDING, STEPS_IN_CYCLE, Appearance, Thing

DRIVE_M_S = 7.0

_CYCLE_M = 1.4
_RESTLESS_S = 2.7
_RESTLESS_M = 0.05


@dataclass(frozen=True, slots=True)
class Present:
    """An actor at one moment: column `x` (canvas pixels), row `base`; `share` of its height is there.

    `climbs`: it walks towards the viewer or away, so that its size changes all the time.
    """

    name: str
    appearance: Appearance
    x: float
    base: float
    moving: bool
    episode: int | None = None
    share: float = 1.0
    climbs: bool = False


def present_actors(actors: tuple[Actor, ...], ground: Ground, t_s: float) -> list[Present]:
    """Return the episodes' actors that are on the stage at that second."""
    return [
        _on_stage(f"e{actor.episode}-{number}", actor, ground, t_s)
        for number, actor in enumerate(actors)
        if actor.way[0][0] <= t_s < actor.way[-1][0] and actor.share_at(t_s) > 0
    ]


def _on_stage(name: str, actor: Actor, ground: Ground, t_s: float) -> Present:
    seconds, columns, rows = zip(*actor.way, strict=True)
    x, base = float(np.interp(t_s, seconds, columns)), float(np.interp(t_s, seconds, rows))
    leg = next(index for index in range(1, len(seconds)) if t_s < seconds[index])
    pace, climb = columns[leg] - columns[leg - 1], rows[leg] - rows[leg - 1]
    moving = pace != 0 or climb != 0
    step = (
        step_of((x + base * bool(climb)) / ground.scale(base)) if moving and actor.thing is Thing.PERSON else STANDING
    )
    facing = int(math.copysign(1, pace)) if pace else 0
    if actor.restless and not moving:
        x, facing = _shifted(actor.look, x, ground.scale(base), t_s)
    seen = Appearance(actor.thing, actor.look, facing, step, actor.load)
    return Present(name, seen, x, base, moving, actor.episode, actor.share_at(t_s), bool(climb))


def _shifted(look: int, x: float, metre: float, t_s: float) -> tuple[float, int]:
    """Return where somebody who shifts the weight now and then stands, and where he looks."""
    rng = np.random.default_rng([look, int(t_s / _RESTLESS_S + look % 7 / 7)])
    return x + metre * rng.uniform(-_RESTLESS_M, _RESTLESS_M), int(rng.integers(-1, 2))


def passers_by(script: Script, ground: Ground, seed: int, t_s: float) -> list[Present]:
    """Return the walkers and cars at that second; each crosses the frame for ever, with a new look each time."""
    rng = np.random.default_rng([seed, 41])
    passing = []
    for number in range(script.walkers + script.cars):
        drives = number >= script.walkers
        base = ground.base(rng.uniform(1.2, 1.45) if drives else rng.uniform(0.15, 1.0))
        metre, way, pace, offset = ground.scale(base), (-1) ** number, rng.uniform(0.85, 1.2), rng.random()
        span = ground.width + 2 * OUTSIDE_M * metre * (1 + drives)
        travelled = offset * span + t_s * metre * pace * (DRIVE_M_S if drives else WALK_M_S)
        crossing, along = divmod(travelled, span)
        x = (along if way > 0 else span - along) - OUTSIDE_M * metre * (1 + drives)
        look = look_of(seed, int(crossing) * 97 + number)
        thing, step = (Thing.CAR, STANDING) if drives else (Thing.PERSON, step_of(travelled / metre))
        passing.append(Present(f"p{number}", Appearance(thing, look, way, step), x, base, moving=True))
    return passing


def step_of(travelled_m: float) -> int:
    """Return the position of the legs after that way."""
    return int(travelled_m / _CYCLE_M * STEPS_IN_CYCLE) % STEPS_IN_CYCLE
