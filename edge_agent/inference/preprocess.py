"""How a picture is laid into the network's input, and the way back. Part of the layout: a wrong one finds nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from edge_agent.inference.suppression import Floats

PADDING_LEVEL = 114
ROUNDING_SLACK = 1e-6
"""A side that divides exactly must not become a pixel shorter by the last digit of the division."""

Picture = npt.NDArray[np.uint8]
Size = tuple[int, int]
"""Width, height."""
Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Placed:
    """What lies in an input of `size`, HxWx3 uint8, grey around it; the original's `x` is at `x * scale_x + left`."""

    inner: Picture
    size: Size
    scale_x: float
    scale_y: float
    left: int
    top: int

    @property
    def picture(self) -> Picture:
        """The whole input."""
        if self.inner.shape[1::-1] == self.size:
            return self.inner
        canvas = np.full((self.size[1], self.size[0], 3), PADDING_LEVEL, np.uint8)
        canvas[self.rows, self.columns] = self.inner
        return canvas

    @property
    def rows(self) -> slice:
        """Where it lies, from top to bottom."""
        return slice(self.top, self.top + self.inner.shape[0])

    @property
    def columns(self) -> slice:
        """Where it lies, from left to right."""
        return slice(self.left, self.left + self.inner.shape[1])

    def boxes_back(self, boxes: Floats, size: Size) -> Floats:
        """Corner boxes `[n, 4]` of the input as fractions 0..1 of the original picture, cut at its border."""
        width, height = size
        shift = np.array([self.left, self.top] * 2, dtype=np.float32)
        scale = np.array([self.scale_x * width, self.scale_y * height] * 2, dtype=np.float32)
        back: Floats = (boxes - shift) / scale
        np.maximum(back, 0.0, out=back)
        return np.minimum(back, 1.0, out=back)


Place = Callable[[Picture, Size], Placed]
"""Lays a picture into an input of a size."""


def letterbox(picture: Picture, size: Size) -> Placed:
    """Keep the shape, centre, pad with grey."""
    inner = _inner(letterbox, picture, size)
    return _placed(picture, size, inner, round((size[0] - inner[0]) / 2 - 0.1), round((size[1] - inner[1]) / 2 - 0.1))


def corner_pad(picture: Picture, size: Size) -> Placed:
    """Keep the shape, upper left corner, pad with grey."""
    return _placed(picture, size, _inner(corner_pad, picture, size), 0, 0)


def stretch(picture: Picture, size: Size) -> Placed:
    """Fill the input, whatever becomes of the shape."""
    return _placed(picture, size, size, 0, 0)


_ROUNDED: Mapping[Place, Callable[[float], int]] = {
    letterbox: round,
    corner_pad: lambda side: int(side + ROUNDING_SLACK),
}
"""How places that keep the shape round the sides of what they lay down."""


def _inner(place: Place, picture: Picture, size: Size) -> Size:
    """How large the picture lies in the input."""
    rounded = _ROUNDED.get(place)
    if rounded is None:
        return size
    height, width = picture.shape[:2]
    ratio = min(size[0] / width, size[1] / height)
    return min(size[0], max(1, rounded(width * ratio))), min(size[1], max(1, rounded(height * ratio)))


@dataclass(frozen=True, slots=True)
class Fitting:
    """How large a picture is of use to one network: as large as it will lie in the input."""

    place: Place
    size: Size

    def made_small(self, picture: Picture) -> Picture:
        """The picture in that size, or as it is if it has fewer pixels. Placed, it is the same as the whole one."""
        width, height = _inner(self.place, picture, self.size)
        if width * height >= picture.shape[0] * picture.shape[1]:
            return picture
        return cast("Picture", cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR))


def _placed(picture: Picture, size: Size, inner: Size, left: int, top: int) -> Placed:
    height, width = picture.shape[:2]
    resized = picture
    if inner != (width, height):
        resized = cast("Picture", cv2.resize(picture, inner, interpolation=cv2.INTER_LINEAR))
    return Placed(resized, size, inner[0] / width, inner[1] / height, left, top)


@dataclass(frozen=True, slots=True)
class Feed:
    """How a picture becomes the network's numbers: placed, its colours in order, then `(level - mean) / std`.

    Levels are 0..255; `mean` and `std` stand in the order in which the network sees the colours. A network that takes
    bytes gets the levels themselves.
    """

    place: Place
    red_first: bool
    mean: Triple = (0.0, 0.0, 0.0)
    std: Triple = (1.0, 1.0, 1.0)

    def numbers(self, placed: Placed, room: Floats | None = None) -> Floats:
        """`[1, 3, H, W]`, written into `room` if there is any."""
        width, height = placed.size
        tensor = np.empty((1, 3, height, width), np.float32) if room is None else room
        rows, columns, whole = placed.rows, placed.columns, slice(None)
        borders = (
            (slice(rows.start), whole),
            (slice(rows.stop, None), whole),
            (rows, slice(columns.start)),
            (rows, slice(columns.stop, None)),
        )
        planes = cv2.split(placed.inner)
        ordered = planes[::-1] if self.red_first else planes
        for plane, target, mean, std in zip(ordered, tensor[0], self.mean, self.std, strict=True):
            scale, shift = np.float32(1 / std), np.float32(mean / std)
            for border in borders:
                target[border] = PADDING_LEVEL * scale - shift
            inside = target[rows, columns]
            np.multiply(plane, scale, out=inside)
            if mean:
                np.subtract(inside, shift, out=inside)
        return tensor

    def levels(self, placed: Placed) -> Picture:
        """`[1, H, W, 3]` uint8."""
        picture = placed.picture
        return np.ascontiguousarray(picture[None, :, :, ::-1] if self.red_first else picture[None])


RGB_UNIT_STD: Triple = (255.0, 255.0, 255.0)
"""With this as `std` levels become 0..1."""
