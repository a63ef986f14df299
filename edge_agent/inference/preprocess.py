"""How a picture is laid into the network's input, and the way back. Part of the layout: a wrong one finds nothing."""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from edge_agent.inference.suppression import Floats

PADDING_LEVEL = 114

Picture = npt.NDArray[np.uint8]
Size = tuple[int, int]
"""Width, height."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The input picture (HxWx3 uint8), and where the original lies in it: `x' = x * scale_x + left`."""

    picture: Picture
    scale_x: float
    scale_y: float
    left: int
    top: int

    def boxes_back(self, boxes: Floats, size: Size) -> Floats:
        """Corner boxes `[n, 4]` of the input as fractions 0..1 of the original picture, cut at its border."""
        width, height = size
        shift = np.array([self.left, self.top] * 2, dtype=np.float32)
        scale = np.array([self.scale_x * width, self.scale_y * height] * 2, dtype=np.float32)
        back: Floats = np.clip((boxes - shift) / scale, 0.0, 1.0)
        return back


def letterbox(picture: Picture, size: Size) -> Placed:
    """Keep the shape, centre, pad with grey (Ultralytics)."""
    return _placed(picture, size, centred=True)


def corner_pad(picture: Picture, size: Size) -> Placed:
    """Keep the shape, upper left corner, pad with grey (YOLOX)."""
    return _placed(picture, size, centred=False)


def _placed(picture: Picture, size: Size, *, centred: bool) -> Placed:
    height, width = picture.shape[:2]
    ratio = min(size[0] / width, size[1] / height)
    rounded = round if centred else int
    inner = (min(size[0], max(1, rounded(width * ratio))), min(size[1], max(1, rounded(height * ratio))))
    resized = picture if inner == (width, height) else cv2.resize(picture, inner, interpolation=cv2.INTER_LINEAR)
    left = round((size[0] - inner[0]) / 2 - 0.1) if centred else 0
    top = round((size[1] - inner[1]) / 2 - 0.1) if centred else 0
    canvas = np.full((size[1], size[0], 3), PADDING_LEVEL, np.uint8)
    canvas[top : top + inner[1], left : left + inner[0]] = cast("Picture", resized)
    return Placed(canvas, inner[0] / width, inner[1] / height, left, top)


def rgb_unit(picture: Picture) -> Floats:
    """`[1, 3, H, W]`, red first, 0..1."""
    return np.ascontiguousarray(picture[:, :, ::-1].transpose(2, 0, 1)[None], dtype=np.float32) / np.float32(255)


def bgr_levels(picture: Picture) -> Floats:
    """`[1, 3, H, W]`, blue first, 0..255."""
    return np.ascontiguousarray(picture.transpose(2, 0, 1)[None], dtype=np.float32)
