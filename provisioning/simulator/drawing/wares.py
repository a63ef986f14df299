"""What is put down in the street: stalls, rubbish, goods outside a shop. Sizes in metres."""

from numpy.random import Generator

from provisioning.simulator.drawing.canvas import Box, Canvas, Spot
from provisioning.simulator.drawing.colours import RUBBER, WHITE, Colour, any_colour, chosen, happens, shaded
from provisioning.simulator.drawing.pen import Pen, write_glyphs

_SACKS: tuple[Colour, ...] = ((35, 35, 35), (60, 60, 58), (190, 190, 190), (150, 90, 50), (60, 120, 60))
_LITTER: tuple[Colour, ...] = ((235, 235, 235), (70, 110, 160), (200, 180, 90), (40, 60, 180))
_CRATES: tuple[Colour, ...] = (
    (85, 135, 180),
    (70, 70, 200),
    (200, 130, 50),
    (80, 180, 90),
    (60, 190, 230),
    (210, 210, 210),
)
_POLE: Colour = (140, 140, 140)
_BLANKET, _CANOPY = 3, 2


def draw_stall(canvas: Canvas, rng: Generator, spot: Spot) -> None:
    """Draw a vendor's stall: a cart under an umbrella or canopy, a bare cart, or a blanket with wares."""
    wide, kind = rng.uniform(1.2, 2.4), int(rng.integers(4))
    cloth = any_colour(rng, 60, 240)
    pen = Pen(canvas, spot)
    if kind == _BLANKET:
        _draw_blanket(pen, rng, wide, cloth)
    else:
        _draw_cart(canvas, pen, rng, wide, cloth)
    if kind < _CANOPY or happens(rng, 0.3):
        _draw_umbrella(pen, rng, wide)
    elif kind == _CANOPY:
        _draw_canopy(pen, rng, wide)


def _draw_blanket(pen: Pen, rng: Generator, wide: float, cloth: Colour) -> None:
    deep = 0.35
    pen.polygon([(-wide * 0.5, 0), (wide * 0.5, 0), (wide * 0.42, deep), (-wide * 0.42, deep)], cloth)
    for _ in range(int(rng.integers(8, 22))):
        where = rng.uniform(-0.4, 0.4) * wide, deep * rng.uniform(0.15, 0.9)
        pen.disc(*where, rng.uniform(0.04, 0.12), any_colour(rng, 60, 250), tall=rng.uniform(0.03, 0.1))


def _draw_cart(canvas: Canvas, pen: Pen, rng: Generator, wide: float, paint: Colour) -> None:
    high, wheel = rng.uniform(0.75, 1.0), 0.22
    pen.box(-wide * 0.5, wheel * 0.8, wide * 0.5, high, paint)
    pen.box(-wide * 0.52, high * 0.93, wide * 0.52, high * 1.06, shaded(paint, 0.7))
    for along in (-0.35, 0.35):
        pen.ring((along * wide, wheel), wheel, RUBBER, 0.06)
    if happens(rng, 0.5):
        (left, top), (right, bottom) = pen.at(-wide * 0.4, high * 0.75), pen.at(wide * 0.4, high * 0.45)
        write_glyphs(canvas, rng, Box(left, top, right, bottom), WHITE if happens(rng, 0.5) else (30, 40, 220))
    for _ in range(int(rng.integers(5, 14))):
        size, where, colour = rng.uniform(0.07, 0.2), rng.uniform(-0.45, 0.45) * wide, any_colour(rng, 80, 250, 0.8)
        if happens(rng, 0.5):
            pen.disc(where, high * 1.06 + size * 0.5, size, colour, tall=size * 0.8)
        else:
            pen.box(where - size, high * 1.05, where + size, high * 1.06 + size * 1.4, colour)
    if happens(rng, 0.3):
        pen.line((wide * 0.5, high * 0.8), (wide * 0.5 + 0.5, high), RUBBER, 0.05)


def _draw_umbrella(pen: Pen, rng: Generator, wide: float) -> None:
    radius, rim = rng.uniform(0.95, 1.45), rng.uniform(2.0, 2.5)
    crown, foot = radius * rng.uniform(0.3, 0.5), rng.uniform(-0.25, 0.25) * wide
    first = any_colour(rng, 90, 250, 0.85)
    second = (240, 240, 240) if happens(rng, 0.5) else shaded(first, 0.7)
    pen.line((foot, 0.25), (foot, rim), _POLE, 0.05)
    panels = int(rng.integers(4, 8))
    for index in range(panels):
        start, end = -1 + 2 * index / panels, -1 + 2 * (index + 1) / panels
        tip = (foot + (start + end) * 0.05 * radius, rim + crown)
        inner = [(foot + u * radius * 0.55, rim + crown * 0.75) for u in (end, start)]
        panel = [(foot + start * radius, rim), (foot + end * radius, rim), inner[0], tip, inner[1]]
        pen.polygon(panel, first if index % 2 else second)


def _draw_canopy(pen: Pen, rng: Generator, wide: float) -> None:
    eaves = rng.uniform(1.9, 2.3)
    for along in (-0.48, 0.48):
        pen.line((along * wide, 0.8), (along * wide, eaves), _POLE, 0.05)
    low, high = eaves - 0.15, eaves + 0.22
    cloth = any_colour(rng, 90, 250, 0.8)
    pen.polygon([(-wide * 0.62, low), (wide * 0.62, low), (wide * 0.5, high), (-wide * 0.5, high)], cloth)


def draw_rubbish(canvas: Canvas, rng: Generator, spot: Spot) -> None:
    """Draw exposed rubbish: one to six sacks and scattered litter."""
    sacks = int(rng.integers(1, 7))
    spread, heaped = 0.2 + 0.13 * sacks, sacks > len(_SACKS) // 2
    pen = Pen(canvas, spot)
    for _ in range(sacks):
        where, lift = rng.uniform(-1, 1) * spread * 0.6, rng.uniform(0, 0.18) * heaped
        _draw_sack(pen, rng, where, lift)
    for _ in range(int(rng.integers(0, 12))):
        size, where = rng.uniform(0.03, 0.12), rng.normal() * spread * 0.6
        scrap = [
            (where - size, rng.uniform(-0.1, 0.1)),
            (where + size, rng.uniform(-0.05, 0.1)),
            (where + size / 2, size),
        ]
        pen.polygon(scrap, chosen(rng, _LITTER))


def _draw_sack(pen: Pen, rng: Generator, where: float, lift: float) -> None:
    half = rng.uniform(0.16, 0.36)
    tall = half * rng.uniform(0.65, 1.05)
    colour = shaded(chosen(rng, _SACKS), rng.uniform(0.6, 1.2))
    pen.blob(where, lift + tall * 0.9, rng.uniform(0.75, 1.12, 10).tolist(), (half, tall), colour)
    pen.line((where - half * 0.1, lift + tall * 1.8), (where + half * 0.15, lift + tall * 2.05), colour, 0.05)
    for _ in range(2):
        fold = where - half * 0.5 + rng.random() * half, where - half * 0.5 + rng.random() * half
        gleam = shaded(colour, rng.uniform(1.2, 1.9))
        pen.line((fold[0], lift + tall * 1.5), (fold[1], lift + tall * 0.5), gleam, 0.0)


def draw_goods(canvas: Canvas, rng: Generator, spot: Spot) -> None:
    """Draw goods piled outside a shop: columns of crates, sometimes with fruit on top."""
    columns, size = int(rng.integers(2, 6)), rng.uniform(0.3, 0.55)
    usual, mixed = chosen(rng, _CRATES), happens(rng, 0.4)
    pen = Pen(canvas, spot)
    for column in range(columns):
        for row in range(int(rng.integers(1, 5))):
            paint = shaded(chosen(rng, _CRATES) if mixed else usual, rng.uniform(0.75, 1.15))
            _draw_crate(pen, rng, ((column - columns / 2) * size, row * size * 0.68), size, paint)
    if happens(rng, 0.3):
        for index in range(columns * 2):
            where = (index / 2 - columns / 2 + 0.25) * size
            pen.disc(where, size * 1.3, size * 0.2, any_colour(rng, 90, 250, 0.9))


def _draw_crate(pen: Pen, rng: Generator, corner: tuple[float, float], size: float, paint: Colour) -> None:
    left, low = corner
    high, right = low + size * rng.uniform(0.6, 0.75), left + size * 0.95
    pen.box(left, low, right, high, paint)
    lid = high + size * 0.13
    pen.polygon([(left, high), (right, high), (left + size, lid), (left + size * 0.1, lid)], shaded(paint, 1.2))
    pen.line((left, low), (right, low), shaded(paint, 0.5), 0.0)
    if happens(rng, 0.5):
        pen.line((left + size * 0.45, low), (left + size * 0.45, high), shaded(paint, 0.75), size * 0.08)
    else:
        for along in (0.25, 0.5, 0.75):
            pen.line((left + size * along, low), (left + size * along, high), shaded(paint, 0.65), 0.0)
