"""A picture and, beside it, a map of which object painted each pixel: boxes and occlusion come from the map."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from provisioning.simulator.drawing.colours import Colour

Picture = NDArray[np.uint8]
Mask = NDArray[np.uint8]
Point = tuple[float, float]

NOBODY = 0
"""The owner of pixels that belong to the street itself."""

_SHADOW_BLUR_PX = 5

cv2.setNumThreads(1)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something touches the ground: x, y in canvas pixels, and how many pixels a metre has there."""

    x: float
    y: float
    scale: float

    def moved(self, right_m: float, down_m: float = 0.0) -> "Spot":
        """Return the spot that many metres to the right and towards the viewer, at the same scale."""
        return Spot(self.x + right_m * self.scale, self.y + down_m * self.scale, self.scale)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels; x2, y2 are exclusive."""

    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def area(self) -> float:
        """Square pixels, 0 for an empty box."""
        return max(0.0, self.x2 - self.x1) * max(0.0, self.y2 - self.y1)

    def clipped(self, width: float, height: float) -> "Box":
        """Return the part inside a frame of that size."""
        return Box(max(0.0, self.x1), max(0.0, self.y1), min(width, self.x2), min(height, self.y2))

    def times(self, factor: float) -> "Box":
        """Return the box in a picture scaled by `factor`."""
        return Box(self.x1 * factor, self.y1 * factor, self.x2 * factor, self.y2 * factor)


class Canvas:
    """Draws on a BGR picture and signs each stroke with the owner set by `begin`."""

    def __init__(self, image: Picture) -> None:
        self.image = image
        self.owners: Mask = np.zeros(image.shape[:2], np.uint8)
        self._owner = NOBODY
        self._extent = [np.inf, np.inf, -np.inf, -np.inf]

    def begin(self, owner: int) -> None:
        """Sign the following strokes with `owner` (0..255) and start measuring their extent."""
        self._owner = owner
        self._extent = [np.inf, np.inf, -np.inf, -np.inf]

    def extent(self) -> Box:
        """Return the rectangle around all strokes since `begin`, also outside the frame and under others."""
        return Box(*self._extent)

    def polygon(self, points: Sequence[Point] | NDArray[np.float64], colour: Colour) -> None:
        """Fill a polygon."""
        corners = np.asarray(points, np.float64)
        self._reach(corners, 0.0)
        pixels = [np.round(corners).astype(np.int32)]
        cv2.fillPoly(self.image, pixels, colour)
        cv2.fillPoly(self.owners, pixels, (self._owner,))

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """Fill an upright rectangle."""
        self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], colour)

    def ellipse(self, centre: Point, radius_x: float, radius_y: float, colour: Colour) -> None:
        """Fill an upright ellipse."""
        turn = np.linspace(0.0, 2 * np.pi, 19)[:-1]
        rim = np.stack([centre[0] + radius_x * np.cos(turn), centre[1] + radius_y * np.sin(turn)], axis=1)
        self.polygon(rim, colour)

    def line(self, start: Point, end: Point, colour: Colour, width: float = 1.0) -> None:
        """Draw a straight stroke, at least one pixel wide."""
        thick = max(1, round(width))
        self._reach(np.array([start, end], np.float64), thick / 2)
        first, last = _pixel(start), _pixel(end)
        cv2.line(self.image, first, last, colour, thick)
        cv2.line(self.owners, first, last, (self._owner,), thick)

    def ring(self, centre: Point, radius: float, colour: Colour, width: float = 1.0, *, squeeze: float = 1.0) -> None:
        """Draw the rim of a wheel; `squeeze` < 1 shows it turned away."""
        thick = max(1, round(width))
        half = (max(1, round(radius * squeeze)), max(1, round(radius)))
        reach = np.array([(centre[0] - half[0], centre[1] - half[1]), (centre[0] + half[0], centre[1] + half[1])])
        self._reach(reach, thick / 2)
        cv2.ellipse(self.image, _pixel(centre), half, 0, 0, 360, colour, thick)
        cv2.ellipse(self.owners, _pixel(centre), half, 0, 0, 360, (self._owner,), thick)

    def darken(self, points: Sequence[Point] | NDArray[np.float64], share: float) -> None:
        """Lay a soft shadow that takes `share` (0..1) of the light; it belongs to nobody."""
        corners = np.round(np.asarray(points)).astype(np.int32)
        left, top, width, height = cv2.boundingRect(corners)
        x1, y1 = max(0, left), max(0, top)
        x2, y2 = min(self.image.shape[1], left + width), min(self.image.shape[0], top + height)
        if x2 <= x1 or y2 <= y1:
            return
        shade = np.zeros((y2 - y1, x2 - x1), np.float32)
        cv2.fillPoly(shade, [corners - np.array([x1, y1], np.int32)], (share,))
        if min(shade.shape) > _SHADOW_BLUR_PX:
            shade = cv2.blur(shade, (_SHADOW_BLUR_PX, _SHADOW_BLUR_PX)).astype(np.float32)
        region = self.image[y1:y2, x1:x2]
        region[:] = (region * (1 - shade[..., None])).astype(np.uint8)

    def _reach(self, points: NDArray[np.float64], margin: float) -> None:
        low, high = points.min(axis=0) - margin, points.max(axis=0) + margin
        known = self._extent
        self._extent = [min(known[0], low[0]), min(known[1], low[1]), max(known[2], high[0]), max(known[3], high[1])]


def _pixel(point: Point) -> tuple[int, int]:
    return round(point[0]), round(point[1])
