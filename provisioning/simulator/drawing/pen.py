"""Draws one thing in metres: x to the right of where it stands, height above the ground; the canvas has the pixels."""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from provisioning.simulator.drawing.canvas import Box, Canvas, Point, Spot
from provisioning.simulator.drawing.colours import Colour, happens

_GLYPHS_MAX = 8


class Pen:
    """A canvas seen from one spot on the ground; all lengths in metres, `facing` -1 mirrors left and right."""

    def __init__(self, canvas: Canvas, spot: Spot, *, facing: int = 1) -> None:
        self._canvas = canvas
        self._spot = spot
        self._facing = facing

    def at(self, right: float, up: float) -> Point:
        """Return the pixel of a point `right` metres beside the spot and `up` metres above the ground."""
        return self._spot.x + self._facing * right * self._spot.scale, self._spot.y - up * self._spot.scale

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        """Fill a polygon of (right, up) corners."""
        self._canvas.polygon([self.at(*point) for point in points], colour)

    def box(self, left: float, bottom: float, right: float, top: float, colour: Colour) -> None:
        """Fill an upright rectangle."""
        self.polygon([(left, bottom), (right, bottom), (right, top), (left, top)], colour)

    def disc(self, right: float, up: float, radius: float, colour: Colour, *, tall: float | None = None) -> None:
        """Fill an ellipse `radius` wide and `tall` (default as wide) high."""
        half_height = radius if tall is None else tall
        self._canvas.ellipse(self.at(right, up), radius * self._spot.scale, half_height * self._spot.scale, colour)

    def line(self, start: Point, end: Point, colour: Colour, width: float) -> None:
        """Draw a straight stroke."""
        self._canvas.line(self.at(*start), self.at(*end), colour, width * self._spot.scale)

    def ring(self, hub: Point, radius: float, colour: Colour, width: float, *, squeeze: float = 1) -> None:
        """Draw the rim of a wheel; `squeeze` < 1 shows it turned away."""
        scale = self._spot.scale
        self._canvas.ring(self.at(*hub), radius * scale, colour, width * scale, squeeze=squeeze)

    def blob(self, right: float, up: float, wobble: Sequence[float], size: Point, colour: Colour) -> None:
        """Fill a rounded lump: `wobble` scales the radius at each of its corners."""
        turn = np.linspace(0.0, 2 * np.pi, len(wobble) + 1)[:-1]
        rim = [
            (right + size[0] * w * np.cos(a), up + size[1] * w * np.sin(a)) for a, w in zip(turn, wobble, strict=True)
        ]
        self.polygon(rim, colour)


def write_glyphs(canvas: Canvas, rng: Generator, area: Box, colour: Colour) -> None:
    """Fill `area` (canvas pixels) with strokes that look like characters from afar."""
    height, width = area.y2 - area.y1, area.x2 - area.x1
    count = max(1, int(width / max(1.0, height * 1.15)))
    for index in range(min(count, _GLYPHS_MAX)):
        left = area.x1 + index * width / count
        for _ in range(int(rng.integers(3, 6))):
            start = (left + rng.random() * height * 0.85, area.y1 + rng.random() * height)
            upright = (start[0], area.y1 + rng.random() * height)
            level = (left + rng.random() * height * 0.85, start[1])
            canvas.line(start, upright if happens(rng, 0.5) else level, colour, height * 0.1)
