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
_FULL_OF_STUDIO = ((np.arange(256) - 16) * (255 / 219)).round().clip(0, 255).astype(np.uint8)
"""Level 0..255 of a level of a stream whose black is 16 and whose white is 235."""
_READ_AS_THEY_ARE = frozenset({"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "gray"})
"""Formats of eight bits a sample with brightness in a plane of its own; a stream of any other is converted."""
_FULL_RANGE = 2
_GREY = 128
_COLOUR_PX = 192
_PICKED_PER_CELL = 8


def burn_masks(picture: Picture, masks: Sequence[Polygon]) -> None:
    """Paint the polygons black, in place, whatever the picture's size and number of channels."""
    height, width = picture.shape[:2]
    for mask in masks:
        corners = np.array([(x * width, y * height) for x, y in mask]).round().astype(np.int32)
        cv2.fillPoly(picture, [corners], (0, 0, 0))


def _cell_means(plane: Picture, columns: int, rows: int) -> npt.NDArray[np.float32]:
    side = _PICKED_PER_CELL
    picked = cv2.resize(plane, (columns * side, rows * side), interpolation=cv2.INTER_NEAREST).astype(np.float32)
    return cast("npt.NDArray[np.float32]", cv2.resize(picked, (columns, rows), interpolation=cv2.INTER_AREA))


class Frame:
    """A picture and when it was taken. Everything that it hands out has the privacy masks burnt in.

    `source` is a `HxWx3` uint8 BGR array or an `av.VideoFrame`; the latter is converted on demand and turned
    upright by its display rotation.
    """

    __slots__ = ("_bgr", "_converted", "_masks", "_source", "captured_at", "seq")

    def __init__(self, seq: int, captured_at: datetime, source: Any, masks: Sequence[Polygon] = ()) -> None:  # noqa: ANN401 - PyAV has no types
        self.seq = seq
        self.captured_at = captured_at
        self._source = source
        self._masks = tuple(masks)
        self._bgr: Picture | None = None
        self._converted: Any = None

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

    def levels(self, long_side_px: int) -> Picture:
        """Small brightness picture of the same shape, black at 0 and white at 255 whatever the stream's range.

        Of each place four neighbours are averaged and the rest left out: about a tenth of the cost of `gray`.
        """
        whole = self._brightness()
        scale = min(1.0, long_side_px / max(whole.shape))
        size = max(1, round(whole.shape[1] * scale)), max(1, round(whole.shape[0] * scale))
        small = cv2.resize(whole, size, interpolation=cv2.INTER_LINEAR)
        if self._is_studio_range:
            small = cv2.LUT(small, _FULL_OF_STUDIO)
        upright = self._upright(cast("Picture", small))
        burn_masks(upright, self._masks)
        return upright

    def picked(self, columns: int, rows: int) -> Picture:
        """Brightness of single pixels, spread evenly: `rows` x `columns`, exactly as they were decoded."""
        whole = self._brightness()
        across, down = (rows, columns) if self._quarter_turns % 2 else (columns, rows)
        picked = self._upright(cast("Picture", cv2.resize(whole, (across, down), interpolation=cv2.INTER_NEAREST)))
        burn_masks(picked, self._masks)
        return picked

    def chroma(self, columns: int, rows: int) -> npt.NDArray[np.float32]:
        """Mean blue and red difference of each cell, `[2, rows, columns]`, of some of its pixels; grey is 0."""
        planes = self._colour_planes()
        if planes is None:
            return np.zeros((2, rows, columns), np.float32)
        across, down = (rows, columns) if self._quarter_turns % 2 else (columns, rows)
        cells = [_cell_means(plane, across, down) - np.float32(_GREY) for plane in planes]
        return np.stack([np.rot90(one, self._quarter_turns) for one in cells])

    @property
    def _is_studio_range(self) -> bool:
        """Whether black is 16 and white 235, as most cameras send."""
        if isinstance(self._source, np.ndarray) or self._planes.format.name.startswith(("yuvj", "gray")):
            return False
        return int(self._planes.color_range) != _FULL_RANGE

    def _colour_planes(self) -> tuple[Picture, Picture] | None:
        if isinstance(self._source, np.ndarray):
            small = cv2.resize(self._source, (_COLOUR_PX, _COLOUR_PX), interpolation=cv2.INTER_AREA)
            _, red, blue = cv2.split(cv2.cvtColor(small, cv2.COLOR_BGR2YCrCb))
            return cast("Picture", blue), cast("Picture", red)
        source = self._planes
        if source.format.name == "nv12":
            plane = source.planes[1]
            pairs = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : 2 * plane.width]
            return pairs[:, ::2], pairs[:, 1::2]
        if source.format.name == "gray":
            return None
        blue, red = (
            np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
            for plane in source.planes[1:3]
        )
        return blue, red

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
        source = self._planes
        plane = source.planes[0]
        return np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: source.height, : source.width]

    @property
    def _planes(self) -> Any:  # noqa: ANN401 - PyAV has no types
        """The decoded frame in one of `_READ_AS_THEY_ARE`."""
        if self._source.format.name in _READ_AS_THEY_ARE:
            return self._source
        if self._converted is None:
            self._converted = self._source.reformat(format="yuv420p")
        return self._converted
