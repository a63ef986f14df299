"""One decoded picture that converts itself only when somebody asks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

import cv2
import numpy as np
import numpy.typing as npt

from protocol.geometry import Polygon

Picture = npt.NDArray[np.uint8]
"""uint8: HxWx3 (blue, green, red) or HxW (grey)."""


def burn_masks(picture: Picture, masks: Sequence[Polygon]) -> None:
    """Paint the polygons black, in place, whatever the picture's size and number of channels."""
    height, width = picture.shape[:2]
    for mask in masks:
        corners = np.array([(x * width, y * height) for x, y in mask]).round().astype(np.int32)
        cv2.fillPoly(picture, [corners], (0, 0, 0))


class Frame:
    """A picture and when it was taken. Everything that it hands out has the privacy masks burnt in.

    `source` is a `HxWx3` uint8 BGR array or an `av.VideoFrame`; the latter is converted on demand and turned
    upright by its display rotation.
    """

    __slots__ = ("_bgr", "_masks", "_source", "captured_at", "seq")

    def __init__(self, seq: int, captured_at: datetime, source: Any, masks: Sequence[Polygon] = ()) -> None:  # noqa: ANN401 - PyAV has no types
        self.seq = seq
        self.captured_at = captured_at
        self._source = source
        self._masks = tuple(masks)
        self._bgr: Picture | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, upright."""
        if isinstance(self._source, np.ndarray):
            return self._source.shape[1], self._source.shape[0]
        width, height = self._source.width, self._source.height
        return (height, width) if self._quarter_turns % 2 else (width, height)

    def bgr(self) -> Picture:
        """Colour picture, HxWx3 uint8, blue first. Shared between callers: copy before drawing."""
        if self._bgr is None:
            self._bgr = self._upright(self._full_bgr())
            burn_masks(self._bgr, self._masks)
        return self._bgr

    def gray(self, width: int, height: int) -> Picture:
        """Brightness, `height` x `width` uint8; cheaper than `bgr`."""
        turned = self._quarter_turns % 2 == 1
        shape = (height, width) if turned else (width, height)
        small = cv2.resize(self._brightness(), shape, interpolation=cv2.INTER_AREA)
        upright = self._upright(cast("Picture", small))
        burn_masks(upright, self._masks)
        return upright

    @property
    def _quarter_turns(self) -> int:
        rotation = 0 if isinstance(self._source, np.ndarray) else getattr(self._source, "rotation", 0)
        return round(rotation / 90) % 4

    def _upright(self, picture: Picture) -> Picture:
        turns = self._quarter_turns
        return np.ascontiguousarray(np.rot90(picture, turns)) if turns else picture

    def _full_bgr(self) -> Picture:
        if isinstance(self._source, np.ndarray):
            return cast("Picture", self._source.copy())
        return cast("Picture", self._source.to_ndarray(format="bgr24"))

    def _brightness(self) -> Picture:
        if isinstance(self._source, np.ndarray):
            return cast("Picture", cv2.cvtColor(self._source, cv2.COLOR_BGR2GRAY))
        if self._source.format.name in {"yuv420p", "yuvj420p", "nv12", "gray", "yuv422p", "yuvj422p", "yuv444p"}:
            plane = self._source.planes[0]
            lines = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
            return lines[: self._source.height, : self._source.width]
        return cast("Picture", self._source.to_ndarray(format="gray"))
