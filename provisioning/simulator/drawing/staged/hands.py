"""People at work: what somebody carries, throws or tips, drawn over the person. Sizes in metres."""

from enum import StrEnum

from numpy.random import Generator

from provisioning.simulator.drawing.canvas import Canvas, Spot
from provisioning.simulator.drawing.colours import Colour
from provisioning.simulator.drawing.pen import Pen

_BUCKET: Colour = (200, 90, 40)
_WATER: Colour = (225, 215, 205)


class Load(StrEnum):
    """What is in somebody's hands."""

    NOTHING = "nothing"
    BAG = "bag"
    BOX = "box"
    BUCKET = "bucket"
    TIPPING = "tipping"
    """A bucket turned over, and the water that falls out of it."""
    REACHING = "reaching"
    """Both arms stretched out forward: throwing in, setting up."""


def draw_load(canvas: Canvas, rng: Generator, spot: Spot, load: Load, facing: int) -> None:
    """Draw what the person who stands at `spot` and looks to `facing` (-1 or 1) has in the hands."""
    pen = Pen(canvas, spot, facing=facing)
    match load:
        case Load.BAG:
            pen.line((0.12, 0.95), (0.3, 0.75), (140, 170, 215), 0.07)
            pen.blob(0.32, 0.48, rng.uniform(0.85, 1.1, 9).tolist(), (0.2, 0.24), (45, 45, 45))
        case Load.BOX:
            pen.box(0.08, 0.78, 0.6, 1.16, (95, 145, 185))
            pen.box(0.3, 0.78, 0.4, 1.16, (130, 180, 215))
            pen.line((-0.05, 1.1), (0.35, 0.9), (140, 170, 215), 0.08)
        case Load.BUCKET:
            pen.line((0.12, 0.95), (0.3, 0.72), (140, 170, 215), 0.07)
            pen.polygon([(0.18, 0.62), (0.46, 0.62), (0.42, 0.28), (0.22, 0.28)], _BUCKET)
        case Load.TIPPING:
            pen.line((0.05, 1.15), (0.5, 0.85), (140, 170, 215), 0.08)
            pen.polygon([(0.45, 1.05), (0.68, 0.95), (0.86, 0.68), (0.6, 0.62)], _BUCKET)
            pen.polygon([(0.62, 0.66), (0.86, 0.7), (1.15, 0.02), (0.8, 0.0)], _WATER)
        case Load.REACHING:
            for up in (1.05, 1.2):
                pen.line((0.05, up), (0.58, 0.92), (140, 170, 215), 0.07)
        case Load.NOTHING:
            pass
