"""Training pictures: a random moment in front of a random camera, with the boxes of everything that can be seen."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from provisioning.simulator.drawing.canvas import NOBODY, Box, Canvas, Picture, Spot
from provisioning.simulator.drawing.colours import happens, side
from provisioning.simulator.drawing.figures import draw_bike, draw_car, draw_person
from provisioning.simulator.drawing.furniture import draw_furniture
from provisioning.simulator.drawing.ground import Ground
from provisioning.simulator.drawing.street import OVERSAMPLING, Street, build_street
from provisioning.simulator.drawing.wares import draw_goods, draw_rubbish, draw_stall
from provisioning.simulator.drawing.weather import expose

CLASSES = ("person", "stall", "bike", "car", "rubbish", "goods")
"""The names in class order, everywhere: labels, network, model card."""

PERSON, STALL, BIKE, CAR, RUBBISH, GOODS = range(6)
DRAW = (draw_person, draw_stall, draw_bike, draw_car, draw_rubbish, draw_goods)

WIDTH, HEIGHT = 416, 256
PICTURES_PER_CAMERA = 2
"""Pictures 2k and 2k + 1 come from the same camera."""

OBJECTS_MAX = 200
EDGE_MIN_PX = 8
VISIBLE_MIN_PX = 30
INSIDE_MIN = 0.35
VISIBLE_MIN = 0.25
WHOLE_MIN = 0.7
"""Boxes (canvas pixels, so half of it in the picture): an object is labelled when at least this large, this much of
its extent lies inside the frame and this share of it is not hidden; above WHOLE_MIN the box covers hidden parts too."""

_MOMENT = 5
_DEPTHS = ((0.0, 1.15), (0.02, 1.1), (0.05, 1.05), (0.75, 1.5), (0.02, 1.15), (0.0, 0.45))
SHADOW_M = ((0.3, 1.6), (1.0, 1.0), (0.7, 0.8), (2.2, 1.2), (0.6, 0.3), (0.9, 0.8))
"""Half width and height of what throws the shadow, by class."""


class Sample(NamedTuple):
    """A picture [256, 416, 3] uint8 BGR and its boxes [n, 5] float32: class, x1, y1, x2, y2 in picture pixels."""

    image: Picture
    boxes: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Crowd:
    """What may stand in a street: chance of each class (sum 1), and how many groups, from `least` to `most` - 1."""

    chances: tuple[float, ...]
    least: int
    most: int


USUAL = Crowd((0.34, 0.13, 0.17, 0.13, 0.12, 0.11), 0, 14)
"""The crowd of `sample`."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An object of class `kind` whose foot stands at column `x` on the line of row `base`."""

    kind: int
    x: float
    base: float


@dataclass(frozen=True, slots=True)
class _Sun:
    """Direct light: how far a shadow falls to the side for each metre of height, and how dark it is."""

    slant: float
    share: float


@dataclass(frozen=True, slots=True)
class _Drawn:
    kind: int
    owner: int
    extent: Box
    painted_px: int


def sample(seed: int) -> Sample:
    """Return picture number `seed`; the same number gives the same pixels and boxes, about 25 ms on one core."""
    street = _street(seed // PICTURES_PER_CAMERA)
    return draw_moment(street, np.random.default_rng([seed, _MOMENT]))


@lru_cache(maxsize=2)
def _street(seed: int) -> Street:
    return build_street(seed, WIDTH, HEIGHT)


def draw_moment(street: Street, rng: Generator, crowd: Crowd = USUAL) -> Sample:
    """Return the street with random objects, light and weather."""
    canvas = Canvas(street.background.copy())
    ground = street.ground
    placed = sorted(place_objects(rng, ground, crowd), key=lambda thing: thing.base)[:OBJECTS_MAX]
    night = happens(rng, 0.2)
    sun = _Sun(rng.uniform(-1.2, 1.2), rng.uniform(0.2, 0.6)) if not night and happens(rng, 0.5) else None
    if sun is not None:
        _cast_buildings(canvas, rng, ground, sun)
    drawn = [_draw(canvas, rng, ground, (owner, thing), sun) for owner, thing in enumerate(placed, start=1)]
    seen = visible_boxes(canvas.owners, [one for one in drawn if one is not None])
    size = (ground.width // OVERSAMPLING, ground.height // OVERSAMPLING)
    picture = np.asarray(cv2.resize(canvas.image, size, interpolation=cv2.INTER_AREA), np.uint8)
    rows = [(kind, box.x1, box.y1, box.x2, box.y2) for kind, box in seen]
    boxes = np.array(rows, np.float32).reshape(-1, 5)
    boxes[:, 1:] /= OVERSAMPLING
    return Sample(expose(picture, rng, night=night), boxes)


def place_objects(rng: Generator, ground: Ground, crowd: Crowd = USUAL) -> list[Placed]:
    """Return objects at random: a bike may bring a row of bikes, a stall its vendor."""
    placed: list[Placed] = []
    for _ in range(int(rng.integers(crowd.least, crowd.most))):
        kind = int(rng.choice(len(CLASSES), p=crowd.chances))
        base = ground.base(rng.uniform(*_DEPTHS[kind]))
        x, metre = rng.uniform(-0.02, 1.02) * ground.width, ground.scale(base)
        placed.append(Placed(kind, x, base))
        if kind == BIKE and happens(rng, 0.45):
            for index in range(1, int(rng.integers(2, 10))):
                shift = index * metre * rng.uniform(0.3, 0.55)
                placed.append(Placed(BIKE, x + shift, base + rng.normal() * 0.05 * metre))
        if kind == STALL and happens(rng, 0.6):
            beside = side(rng) * rng.uniform(0.5, 1.2) * metre
            placed.append(Placed(PERSON, x + beside, base - rng.uniform(-0.2, 0.25) * metre))
    return placed


def _draw(canvas: Canvas, rng: Generator, ground: Ground, one: tuple[int, Placed], sun: _Sun | None) -> _Drawn | None:
    owner, thing = one
    spot = ground.spot(thing.x, thing.base)
    if not EDGE_MIN_PX < spot.y <= ground.height + 1.2 * spot.scale:
        return None
    _cast_shadow(canvas, rng, spot, thing.kind, sun)
    canvas.begin(owner)
    DRAW[thing.kind](canvas, rng, spot)
    extent = canvas.extent()
    drawn = _Drawn(thing.kind, owner, extent, _pixels_of(canvas.owners, owner, extent))
    if happens(rng, 0.06):
        canvas.begin(NOBODY)
        draw_furniture(canvas, rng, spot.moved(rng.uniform(-2, 2), 0.1))
    return drawn


def _cast_buildings(canvas: Canvas, rng: Generator, ground: Ground, sun: _Sun) -> None:
    unit = ground.unit
    for _ in range(int(rng.integers(0, 3))):
        left, wide = rng.uniform(-0.2, 1) * ground.width, rng.uniform(0.2, 0.8) * ground.width
        top, lean = ground.wall + rng.uniform(-0.1, 0.3) * ground.height, sun.slant * 200 * unit
        feet = top + rng.uniform(40, 200) * unit, top + rng.uniform(40, 200) * unit
        corners = [(left, top), (left + wide, top), (left + wide + lean, feet[0]), (left + lean, feet[1])]
        canvas.darken(corners, rng.uniform(0.2, 0.5))


def _cast_shadow(canvas: Canvas, rng: Generator, spot: Spot, kind: int, sun: _Sun | None) -> None:
    half, tall = (length * spot.scale for length in SHADOW_M[kind])
    if sun is None:
        rim = cv2.ellipse2Poly(
            (int(spot.x), int(spot.y)), (max(1, int(half)), max(1, int(0.14 * spot.scale))), 0, 0, 360, 30
        )
        canvas.darken(np.asarray(rim, np.float64), rng.uniform(0.15, 0.4))
        return
    lean, rise = sun.slant * tall, tall * 0.35
    near = [(spot.x - half, spot.y), (spot.x + half, spot.y)]
    far = [(spot.x + half * 0.8 + lean, spot.y - rise), (spot.x - half * 0.8 + lean, spot.y - rise)]
    canvas.darken(near + far, sun.share)


def visible_boxes(owners: NDArray[np.uint8], drawn: list[_Drawn]) -> list[tuple[int, Box]]:
    """Return class and box of everything that can be told apart; see WHOLE_MIN for the rules."""
    seen: list[tuple[int, Box]] = []
    rows, columns = owners.shape
    for one in drawn:
        inside = one.extent.clipped(columns, rows)
        small = inside.x2 - inside.x1 < EDGE_MIN_PX or inside.y2 - inside.y1 < EDGE_MIN_PX
        if small or inside.area < INSIDE_MIN * one.extent.area:
            continue
        left_px = _pixels_of(owners, one.owner, inside)
        if left_px < VISIBLE_MIN_PX or left_px < VISIBLE_MIN * one.painted_px:
            continue
        whole = left_px >= WHOLE_MIN * one.painted_px
        seen.append((one.kind, inside if whole else _seen_part(owners, one.owner, inside)))
    return seen


def _window(owners: NDArray[np.uint8], area: Box) -> tuple[int, int, NDArray[np.uint8]]:
    left, top = max(0, int(area.x1)), max(0, int(area.y1))
    right, low = max(0, int(np.ceil(area.x2))), max(0, int(np.ceil(area.y2)))
    return left, top, owners[top : low + 1, left : right + 1]


def _pixels_of(owners: NDArray[np.uint8], owner: int, area: Box) -> int:
    return int(np.count_nonzero(_window(owners, area)[2] == owner))


def _seen_part(owners: NDArray[np.uint8], owner: int, area: Box) -> Box:
    left, top, window = _window(owners, area)
    rows, columns = np.nonzero(window == owner)
    return Box(left + columns.min(), top + rows.min(), left + columns.max() + 1.0, top + rows.max() + 1.0)
