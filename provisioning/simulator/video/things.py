"""What can stand or move in a moving picture: how each thing is drawn, labelled and shaded."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.random import Generator

from provisioning.simulator.drawing.canvas import Canvas, Spot
from provisioning.simulator.drawing.figures import draw_bike, draw_car, draw_person
from provisioning.simulator.drawing.staged.fixtures import draw_overflow, draw_truck
from provisioning.simulator.drawing.staged.hands import Load, draw_load
from provisioning.simulator.drawing.staged.piles import draw_bag, draw_heap, draw_rubble, draw_table
from provisioning.simulator.drawing.wares import draw_goods, draw_rubbish, draw_stall
from provisioning.simulator.pictures import BIKE, CAR, GOODS, PERSON, RUBBISH, SHADOW_M, STALL

STEPS_IN_CYCLE = 6
"""Drawn positions of the legs."""
STANDING = -1
"""The step of somebody who does not walk."""

Draw = Callable[[Canvas, Generator, Spot], None]


class Thing(StrEnum):
    """What an actor is."""

    PERSON = "person"
    STALL = "stall"
    BIKE = "bike"
    CAR = "car"
    RUBBISH = "rubbish"
    GOODS = "goods"
    BAG = "bag"
    RUBBLE = "rubble"
    OVERFLOW = "overflow"
    TABLE = "table"
    HEAP = "heap"
    TRUCK = "truck"


@dataclass(frozen=True, slots=True)
class Shape:
    """`label` in the ground truth, half width of its shadow, and the free space it needs: beside, above, below it."""

    label: str
    shadow_m: float
    room_m: tuple[float, float, float] = (3.2, 3.6, 0.5)


_SMALL = (1.3, 2.4, 0.5)

SHAPES = {
    Thing.PERSON: Shape("person", SHADOW_M[PERSON][0], (1.5, 2.4, 0.5)),
    Thing.STALL: Shape("stall", SHADOW_M[STALL][0]),
    Thing.BIKE: Shape("bike", SHADOW_M[BIKE][0]),
    Thing.CAR: Shape("car", SHADOW_M[CAR][0]),
    Thing.RUBBISH: Shape("rubbish", SHADOW_M[RUBBISH][0]),
    Thing.GOODS: Shape("goods", SHADOW_M[GOODS][0]),
    Thing.BAG: Shape("rubbish", 0.35, _SMALL),
    Thing.RUBBLE: Shape("rubbish", 0.6, _SMALL),
    Thing.OVERFLOW: Shape("rubbish", 0.0, _SMALL),
    Thing.TABLE: Shape("goods", 0.8, _SMALL),
    Thing.HEAP: Shape("heap", 1.2, (2.2, 2.4, 0.5)),
    Thing.TRUCK: Shape("truck", 3.0, (5.2, 3.0, 0.5)),
}

_DRAW: dict[Thing, Draw] = {
    Thing.STALL: draw_stall,
    Thing.RUBBISH: draw_rubbish,
    Thing.GOODS: draw_goods,
    Thing.BAG: draw_bag,
    Thing.RUBBLE: draw_rubble,
    Thing.OVERFLOW: draw_overflow,
    Thing.TABLE: draw_table,
    Thing.HEAP: draw_heap,
}
_LOOKS_TRIED = 64
_STALLS, _BLANKET = 4, 3
_HEAPS, _BOXES = 3, 2


@dataclass(frozen=True, slots=True)
class Appearance:
    """How a thing looks at a moment; `facing` 0: as its look says, `step` STANDING or a position of the legs."""

    thing: Thing
    look: int
    facing: int = 0
    step: int = STANDING
    load: Load = Load.NOTHING


def drawing(seen: Appearance) -> Callable[[Canvas, Spot], None]:
    """Return what draws that appearance; the same appearance gives the same strokes."""
    facing = seen.facing or None

    def draw(canvas: Canvas, spot: Spot) -> None:
        rng = np.random.default_rng(seen.look)
        match seen.thing:
            case Thing.PERSON:
                stride = 0.3 if seen.step < 0 else float(np.sin(2 * np.pi * seen.step / STEPS_IN_CYCLE))
                draw_person(canvas, rng, spot, stride=stride, facing=facing)
                draw_load(canvas, rng, spot, seen.load, seen.facing or 1)
            case Thing.BIKE:
                draw_bike(canvas, rng, spot, facing=facing)
            case Thing.CAR:
                draw_car(canvas, rng, spot, facing=facing)
            case Thing.TRUCK:
                draw_truck(canvas, rng, spot, facing=seen.facing or 1)
            case thing:
                _DRAW[thing](canvas, rng, spot)

    return draw


def wheeled(look: int) -> int:
    """Return the first look from `look` on with which a stall has wheels and can be pushed."""
    return _first(look, lambda rng: (rng.uniform(), int(rng.integers(_STALLS)))[1] != _BLANKET)


def boxes(look: int) -> int:
    """Return the first look from `look` on with which a heap is one of cardboard boxes."""
    return _first(look, lambda rng: (rng.uniform(), int(rng.integers(_HEAPS)))[1] == _BOXES)


def _first(look: int, fits: Callable[[Generator], bool]) -> int:
    candidates = range(look, look + _LOOKS_TRIED)
    return next((one for one in candidates if fits(np.random.default_rng(one))), look)
