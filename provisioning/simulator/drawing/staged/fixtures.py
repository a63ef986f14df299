"""What belongs to a street that a technician draws zones on: a bin, a shop's open door, the water truck."""

from numpy.random import Generator

from provisioning.simulator.drawing.canvas import Canvas, Spot
from provisioning.simulator.drawing.colours import RUBBER, STEEL, Colour, chosen, shaded
from provisioning.simulator.drawing.pen import Pen
from provisioning.simulator.drawing.staged.piles import draw_bag

BIN_M = 1.05
TRUCK_M = 6.4
"""Height of a bin, length of the water truck."""

_BINS: tuple[Colour, ...] = ((70, 140, 60), (140, 90, 40), (90, 90, 90))


def draw_bin(canvas: Canvas, rng: Generator, spot: Spot) -> None:
    """Draw a wheeled street bin with its lid shut."""
    pen, paint = Pen(canvas, spot), chosen(rng, _BINS)
    pen.polygon([(-0.3, 0.08), (0.3, 0.08), (0.36, 0.92), (-0.36, 0.92)], paint)
    pen.box(-0.4, 0.9, 0.4, BIN_M, shaded(paint, 0.7))
    pen.box(-0.16, 0.45, 0.16, 0.7, shaded(paint, 1.5))
    for along in (-0.22, 0.22):
        pen.disc(along, 0.08, 0.08, RUBBER)


def draw_overflow(canvas: Canvas, rng: Generator, spot: Spot) -> None:
    """Draw what no longer fits: the lid stands open on bags that rise above the rim of the bin at `spot`."""
    pen = Pen(canvas, spot)
    for shift in (-0.16, 0.17, 0.0):
        draw_bag(canvas, rng, spot.moved(shift, -(0.86 + rng.uniform(0, 0.12))))
    pen.polygon([(-0.42, 1.0), (-0.34, 1.0), (-0.56, 1.62), (-0.64, 1.58)], (60, 70, 60))


def draw_door(canvas: Canvas, spot: Spot) -> None:
    """Draw a shop's open door at the foot of the wall: a dark opening in a bright frame."""
    pen = Pen(canvas, spot)
    pen.box(-0.98, 0, 0.98, 2.3, (185, 190, 195))
    pen.box(-0.86, 0, 0.86, 2.2, (38, 36, 34))
    pen.polygon([(-0.86, 0), (0.86, 0), (0.6, 0.35), (-0.6, 0.35)], (62, 66, 72))
    pen.box(-0.86, 1.95, 0.86, 2.2, (70, 90, 110))


def draw_truck(canvas: Canvas, rng: Generator, spot: Spot, *, facing: int = 1) -> None:
    """Draw a water truck that sprays the road behind it."""
    pen, half = Pen(canvas, spot, facing=facing), TRUCK_M / 2
    tank = shaded((190, 150, 60), rng.uniform(0.8, 1.2))
    for step in range(7):
        reach = 0.35 + 0.2 * step
        pen.line((-half + 0.3, 0.7), (-half - reach, 0.02), (235, 232, 228), 0.03)
    pen.box(-half, 0.6, half * 0.42, 2.3, tank)
    pen.box(-half, 1.2, half * 0.42, 1.5, (245, 245, 245))
    pen.polygon(
        [(half * 0.46, 0.5), (half, 0.5), (half, 1.35), (half * 0.88, 2.25), (half * 0.46, 2.25)], (235, 235, 235)
    )
    pen.polygon([(half * 0.6, 1.35), (half * 0.97, 1.35), (half * 0.86, 2.1), (half * 0.6, 2.1)], (80, 70, 60))
    pen.box(-half, 0.45, half, 0.62, (60, 60, 62))
    for along in (-0.72, -0.42, 0.7):
        pen.disc(along * half, 0.45, 0.45, RUBBER)
        pen.disc(along * half, 0.45, 0.2, STEEL)
