"""The row of shops behind the pavement: windows, doors, signs, awnings and the storeys above."""

from collections.abc import Iterator
from dataclasses import dataclass

from numpy.random import Generator

from provisioning.simulator.drawing.canvas import Box, Canvas
from provisioning.simulator.drawing.colours import Colour, any_colour, happens, shaded
from provisioning.simulator.drawing.ground import Ground
from provisioning.simulator.drawing.pen import write_glyphs

_STOREY_M = 2.9
_GLASS: Colour = (70, 65, 60)
_SKY: Colour = (230, 215, 200)
_READABLE_PX = 16


@dataclass(frozen=True, slots=True)
class _Shop:
    left: float
    right: float
    foot_left: float
    foot_right: float
    storey: float
    glass: Colour
    bays: int

    @property
    def wide(self) -> float:
        return self.right - self.left

    def band(self, low: float, high: float, inset: float = 0.0) -> list[tuple[float, float]]:
        """Return the strip of the front between two heights, in storeys."""
        left, right = self.left + inset, self.right - inset
        return [
            (left, self.foot_left - self.storey * low),
            (right, self.foot_right - self.storey * low),
            (right, self.foot_right - self.storey * high),
            (left, self.foot_left - self.storey * high),
        ]

    def bay(self, index: int, margin: float) -> tuple[float, float]:
        """Return the left and right column of one bay, without `margin` (a share of the bay) on each side."""
        return self.left + self.wide * (index + margin) / self.bays, self.left + self.wide * (
            index + 1 - margin
        ) / self.bays


def draw_facade(canvas: Canvas, rng: Generator, ground: Ground) -> None:
    """Draw everything above the wall's foot, left to right."""
    width, foot = ground.width, ground.wall
    wall = [(0.0, 0.0), (width, 0.0), (width, ground.row(width, foot)), (0.0, ground.row(0, foot))]
    canvas.polygon(wall, any_colour(rng, 60, 220, rng.random() * 0.4))
    if happens(rng, 0.25):
        canvas.box(0, 0, width, max(0.0, ground.horizon), shaded(_SKY, rng.uniform(0.5, 1.1)))
    for shop in _shops(rng, ground):
        canvas.polygon(shop.band(0, 1.5), any_colour(rng, 60, 230, rng.random() * 0.5))
        for index in range(shop.bays):
            _draw_bay(canvas, rng, ground, shop, index)
        _draw_sign(canvas, rng, shop)
        _draw_storeys(canvas, rng, shop)


def _shops(rng: Generator, ground: Ground) -> Iterator[_Shop]:
    metre = ground.scale(ground.wall)
    left = -rng.uniform(0, 3) * metre
    while left < ground.width:
        right = left + max(20 * ground.unit, rng.uniform(2.5, 6) * metre)
        feet = ground.row(left, ground.wall), ground.row(right, ground.wall)
        storey = max(10 * ground.unit, _STOREY_M * metre)
        yield _Shop(left, right, *feet, storey, shaded(_GLASS, rng.uniform(0.3, 2.2)), int(rng.integers(2, 5)))
        left = right


def _draw_bay(canvas: Canvas, rng: Generator, ground: Ground, shop: _Shop, index: int) -> None:
    left, right = shop.bay(index, 0.08)
    feet, high = (ground.row(left, ground.wall), ground.row(right, ground.wall)), shop.storey
    low, top = 0.04 * high, 0.8 * high
    pane = [(left, feet[0] - low), (right, feet[1] - low), (right, feet[1] - top), (left, feet[0] - top)]
    canvas.polygon(pane, shaded(shop.glass, rng.uniform(0.7, 1.4)))
    if happens(rng, 0.4):
        for _ in range(5):
            x = left + rng.random() * (right - left)
            y = ground.row(x, ground.wall) - high * rng.uniform(0.1, 0.7)
            canvas.box(x, y - high * 0.08, min(right, x + high * 0.1), y, any_colour(rng, 40, 220))
    if happens(rng, 0.2):
        middle = (left + right) / 2
        canvas.line((middle, feet[0]), (middle, feet[0] - top), shaded(shop.glass, 0.5), 2 * ground.unit)


def _draw_sign(canvas: Canvas, rng: Generator, shop: _Shop) -> None:
    canvas.polygon(shop.band(0.9, 1.25, inset=2), any_colour(rng, 70, 240, rng.uniform(0.4, 1)))
    if shop.storey > _READABLE_PX:
        top = min(shop.foot_left, shop.foot_right) - shop.storey * 1.2
        area = Box(shop.left + shop.wide * 0.1, top, shop.left + shop.wide * 0.9, top + shop.storey * 0.22)
        write_glyphs(canvas, rng, area, (245, 245, 245) if happens(rng, 0.6) else (30, 220, 240))
    if happens(rng, 0.25):
        canvas.polygon(shop.band(0.68, 0.9), any_colour(rng, 80, 240, 0.8))


def _draw_storeys(canvas: Canvas, rng: Generator, shop: _Shop) -> None:
    for floor in range(1, 4):
        sill = shop.foot_left - shop.storey * (0.8 + 0.9 * floor)
        for index in range(shop.bays):
            left, right = shop.bay(index, 0.2)
            canvas.box(left, sill - shop.storey * 0.55, right, sill, shaded(shop.glass, rng.uniform(0.6, 1.5)))
