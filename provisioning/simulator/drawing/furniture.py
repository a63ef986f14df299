"""Street furniture: things that stand in every street and are nobody's finding. They are never labelled."""

from numpy.random import Generator

from provisioning.simulator.drawing.canvas import Canvas, Spot
from provisioning.simulator.drawing.colours import Colour, chosen, shaded
from provisioning.simulator.drawing.pen import Pen

_BINS: tuple[Colour, ...] = ((70, 140, 60), (140, 90, 40), (90, 90, 90))
_BOLLARDS: tuple[Colour, ...] = ((40, 40, 200), (60, 60, 60), (0, 200, 230))
_SIGNS: tuple[Colour, ...] = ((40, 40, 210), (200, 110, 40), (240, 240, 240))
_RAILING: Colour = (200, 200, 200)


def draw_furniture(canvas: Canvas, rng: Generator, spot: Spot) -> None:
    """Draw one piece of street furniture, any of seven kinds."""
    pen = Pen(canvas, spot)
    draw = _KINDS[int(rng.integers(len(_KINDS)))]
    draw(pen, rng)


def _draw_post(pen: Pen, rng: Generator) -> None:
    pen.line((0, 0), (0, rng.uniform(3, 7)), shaded((120, 120, 120), rng.uniform(0.5, 1.4)), 0.12)


def _draw_tree(pen: Pen, rng: Generator) -> None:
    pen.line((0, 0), (0, 2.2), (40, 60, 80), 0.2)
    for _ in range(9):
        size, leaf = rng.uniform(0.4, 0.8), shaded((50, 110, 60), rng.uniform(0.5, 1.3))
        pen.disc(rng.normal() * 0.6, 3.0 + rng.normal() * 0.5, size, leaf, tall=size * 0.8)


def _draw_bin(pen: Pen, rng: Generator) -> None:
    half, paint = 0.28, chosen(rng, _BINS)
    pen.box(-half, 0, half, 0.95, paint)
    pen.box(-half * 1.1, 0.93, half * 1.1, 1.05, shaded(paint, 0.7))
    pen.disc(0, 0.75, half * 0.5, (20, 20, 20), tall=half * 0.25)


def _draw_bollards(pen: Pen, rng: Generator) -> None:
    for index in range(int(rng.integers(1, 5))):
        pen.line((index * 0.9, 0), (index * 0.9, 0.75), chosen(rng, _BOLLARDS), 0.14)


def _draw_planter(pen: Pen, rng: Generator) -> None:
    pen.box(-0.7, 0, 0.7, 0.45, shaded((130, 140, 150), rng.uniform(0.6, 1.2)))
    for _ in range(8):
        pen.disc(rng.uniform(-0.6, 0.6), 0.55, 0.2, shaded((60, 130, 70), rng.uniform(0.5, 1.4)), tall=0.16)


def _draw_fence(pen: Pen, _: Generator) -> None:
    for index in range(10):
        pen.line((index * 0.3, 0), (index * 0.3, 0.9), _RAILING, 0.04)
    pen.line((0, 0.9), (2.7, 0.9), _RAILING, 0.05)


def _draw_sign(pen: Pen, rng: Generator) -> None:
    pen.line((0, 0), (0, 2.2), (120, 120, 120), 0.07)
    pen.disc(0, 2.2, 0.33, chosen(rng, _SIGNS))


_KINDS = (_draw_post, _draw_tree, _draw_bin, _draw_bollards, _draw_planter, _draw_fence, _draw_sign)
