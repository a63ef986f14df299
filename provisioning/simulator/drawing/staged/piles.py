"""What is piled up in the street: bricks, sand, boxes, rubble, single bags, tables. Sizes in metres."""

from numpy.random import Generator

from provisioning.simulator.drawing.canvas import Canvas, Spot
from provisioning.simulator.drawing.colours import Colour, any_colour, chosen, shaded
from provisioning.simulator.drawing.pen import Pen

_BRICKS: tuple[Colour, ...] = ((60, 75, 150), (70, 90, 170), (120, 125, 130))
_EARTH: tuple[Colour, ...] = ((105, 160, 190), (80, 110, 140), (150, 155, 160))
_CARDBOARD: tuple[Colour, ...] = ((95, 145, 185), (80, 125, 165), (120, 165, 200))
_BAGS: tuple[Colour, ...] = ((35, 35, 35), (60, 58, 55), (190, 190, 190), (150, 90, 50), (60, 120, 60))


def draw_heap(canvas: Canvas, rng: Generator, spot: Spot) -> None:
    """Draw a large heap of building material: stacked bricks, loose sand or cardboard boxes, 1.6 to 3 m wide."""
    wide, kind = rng.uniform(1.6, 3.0), int(rng.integers(3))
    pen = Pen(canvas, spot)
    (_draw_bricks, _draw_sand, _draw_boxes)[kind](pen, rng, wide)


def _draw_bricks(pen: Pen, rng: Generator, wide: float) -> None:
    paint, courses = chosen(rng, _BRICKS), int(rng.integers(6, 11))
    for course in range(courses):
        low, shift = course * 0.11, 0.12 * (course % 2)
        left = -wide / 2 + 0.04 * course
        pen.box(left, low, -left, low + 0.11, shaded(paint, 0.55))
        for brick in range(int((wide - 0.08 * course) / 0.25)):
            start = left + shift + brick * 0.25
            pen.box(start, low + 0.015, min(start + 0.22, -left), low + 0.1, shaded(paint, rng.uniform(0.8, 1.25)))


def _draw_sand(pen: Pen, rng: Generator, wide: float) -> None:
    paint, tall = chosen(rng, _EARTH), wide * rng.uniform(0.28, 0.4)
    rim = [(-1.0, 0.0), (-0.72, 0.3), (-0.4, 0.72), (-0.1, 1.0), (0.18, 0.95), (0.5, 0.62), (0.8, 0.25), (1.0, 0.0)]
    ridge = [(x * wide / 2, y * tall * rng.uniform(0.9, 1.08)) for x, y in rim]
    pen.polygon(ridge, paint)
    pen.polygon([*ridge[3:], (0.1 * wide, 0.0)], shaded(paint, 0.8))
    for _ in range(40):
        across = rng.uniform(-0.45, 0.45)
        up = rng.random() * (1 - 2 * abs(across)) * tall * 0.9
        pen.disc(across * wide, up, rng.uniform(0.02, 0.06), shaded(paint, rng.uniform(0.6, 1.3)), tall=0.025)


def _draw_boxes(pen: Pen, rng: Generator, wide: float) -> None:
    columns = max(3, int(wide / 0.55))
    for column in range(columns):
        left, low = -wide / 2 + column * wide / columns, 0.0
        for _ in range(int(rng.integers(2, 4))):
            high, paint = rng.uniform(0.32, 0.48), shaded(chosen(rng, _CARDBOARD), rng.uniform(0.8, 1.15))
            pen.box(left, low, left + wide / columns * 0.96, low + high, paint)
            pen.box(left + wide / columns * 0.4, low, left + wide / columns * 0.55, low + high, shaded(paint, 1.25))
            pen.line((left, low), (left + wide / columns * 0.96, low), shaded(paint, 0.5), 0.02)
            low += high


def draw_bag(canvas: Canvas, rng: Generator, spot: Spot) -> None:
    """Draw one tied bag, 0.5 to 0.8 m wide."""
    half, colour = rng.uniform(0.25, 0.38), shaded(chosen(rng, _BAGS), rng.uniform(0.7, 1.15))
    tall = half * rng.uniform(0.75, 0.95)
    pen = Pen(canvas, spot)
    pen.blob(0, tall * 0.9, rng.uniform(0.85, 1.1, 10).tolist(), (half, tall), colour)
    pen.polygon([(-0.06, tall * 1.7), (0.06, tall * 1.7), (0.12, tall * 2.2), (-0.1, tall * 2.15)], shaded(colour, 0.8))
    for _ in range(3):
        x = rng.uniform(-0.6, 0.4) * half
        pen.line((x, tall * 1.5), (x + rng.uniform(-0.1, 0.15), tall * 0.5), shaded(colour, rng.uniform(1.3, 2.0)), 0.0)


def draw_rubble(canvas: Canvas, rng: Generator, spot: Spot) -> None:
    """Draw a tipped load of broken tiles, planks and plaster, about 1 m wide."""
    pen, wide = Pen(canvas, spot), rng.uniform(0.7, 1.2)
    pen.blob(0, 0.1, rng.uniform(0.8, 1.1, 12).tolist(), (wide / 2, 0.16), (120, 125, 130))
    for _ in range(int(rng.integers(10, 18))):
        x, y, size = rng.uniform(-0.5, 0.5) * wide, rng.uniform(0.02, 0.28), rng.uniform(0.08, 0.2)
        turn = rng.uniform(-0.1, 0.1)
        paint = shaded(chosen(rng, ((200, 205, 210), (90, 100, 150), (110, 150, 180))), rng.uniform(0.6, 1.1))
        pen.polygon([(x, y), (x + size, y + turn), (x + size * 0.8, y + size * 0.5), (x + 0.02, y + size * 0.6)], paint)
    for _ in range(2):
        x = rng.uniform(-0.4, 0.2) * wide
        pen.line((x, 0.05), (x + rng.uniform(0.4, 0.7), rng.uniform(0.2, 0.5)), (70, 110, 150), 0.07)


def draw_table(canvas: Canvas, rng: Generator, spot: Spot) -> None:
    """Draw a folding table with dishes and two stools, 1.8 m wide."""
    pen, top, cloth = Pen(canvas, spot), rng.uniform(0.68, 0.78), any_colour(rng, 90, 240)
    for along in (-0.42, 0.42):
        pen.line((along, 0), (along, top), (110, 110, 112), 0.05)
    pen.box(-0.55, top, 0.55, top + 0.06, shaded(cloth, 0.8))
    pen.polygon([(-0.55, top + 0.06), (0.55, top + 0.06), (0.45, top + 0.2), (-0.45, top + 0.2)], cloth)
    for along in (-0.85, 0.85):
        pen.box(along - 0.17, 0.38, along + 0.17, 0.46, (40, 60, 200))
        for leg in (-0.14, 0.14):
            pen.line((along + leg, 0), (along + leg, 0.4), (40, 60, 190), 0.04)
    for _ in range(4):
        pen.disc(rng.uniform(-0.4, 0.4), top + 0.15, 0.08, any_colour(rng, 120, 250), tall=0.05)
