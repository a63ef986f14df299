"""What is measured on a grey picture: small, smooth, contrast-normalised; and which pixels hang together."""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from edge_agent.video.frame import Frame, Picture

GATE_LONG_SIDE_PX = 320
STATIC_LONG_SIDE_PX = 416
SIDE_MIN_PX = 32
SMOOTHING_SIGMA_PX = 1.2
NEIGHBOURHOOD_SHARE = 0.1
"""Side of the neighbourhood that contrast is normalised over, as a share of the picture's long side."""
CONTRAST_FLOOR = 14.0
CONTRAST_SCALE = 45.0
SHIFT_STEP, SHIFT_PX_MIN, SHIFT_PX_MAX, SHIFT_RESPONSE_MIN = 2, 0.15, 6.0, 0.1
"""A trembling camera is measured on a picture so much smaller; what moved further is another view."""
CLOSING_PX = 13
"""Parts of one thing (the umbrella and the cart under it) lie closer together than this."""

Gray32 = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


def small_size(size: tuple[int, int], long_side_px: int) -> tuple[int, int]:
    """Width and height of the same shape whose longer side is at most `long_side_px`; never under `SIDE_MIN_PX`."""
    scale = min(1.0, long_side_px / max(size))
    return max(SIDE_MIN_PX, round(size[0] * scale)), max(SIDE_MIN_PX, round(size[1] * scale))


def gate_picture(frame: Frame) -> Picture:
    """Grey picture for the gate, freed of single-pixel noise."""
    return cast("Picture", cv2.blur(frame.gray(*small_size(frame.size, GATE_LONG_SIDE_PX)), (3, 3)))


def smooth_picture(frame: Frame) -> Gray32:
    """Grey picture for static foreground, in levels 0..255."""
    gray = frame.gray(*small_size(frame.size, STATIC_LONG_SIDE_PX))
    return cast("Gray32", cv2.GaussianBlur(gray, (0, 0), SMOOTHING_SIGMA_PX).astype(np.float32))


def shift_between(reference: Gray32, picture: Gray32) -> tuple[float, float]:
    """How far a trembling camera has moved the picture: right and down in pixels; (0, 0) where that cannot be told."""
    height, width = reference.shape
    if min(width, height) < 2 * SHIFT_STEP * SHIFT_PX_MAX:
        return 0.0, 0.0
    small = (width // SHIFT_STEP, height // SHIFT_STEP)
    one, other = (cv2.resize(each, small, interpolation=cv2.INTER_AREA) for each in (reference, picture))
    (right, down), response = cv2.phaseCorrelate(one, other, cv2.createHanningWindow(small, cv2.CV_32F))
    right, down = right * SHIFT_STEP, down * SHIFT_STEP
    likely = response >= SHIFT_RESPONSE_MIN and np.hypot(right, down) <= SHIFT_PX_MAX
    return (right, down) if likely and np.hypot(right, down) >= SHIFT_PX_MIN else (0.0, 0.0)


def moved_back(picture: Gray32, shift: tuple[float, float]) -> Gray32:
    """The picture as it would be had the camera not moved by `shift`."""
    if shift == (0.0, 0.0):
        return picture
    size = (picture.shape[1], picture.shape[0])
    move = np.array([[1, 0, -shift[0]], [0, 1, -shift[1]]], np.float32)
    return cast("Gray32", cv2.warpAffine(picture, move, size, borderMode=cv2.BORDER_REPLICATE))


def normalised(smooth: Gray32) -> Gray32:
    """Brightness against the neighbourhood's mean in units of its contrast: light and soft shadows drop out."""
    side = round(NEIGHBOURHOOD_SHARE * max(smooth.shape)) | 1
    mean = cv2.boxFilter(smooth, -1, (side, side))
    variance = cv2.boxFilter(smooth * smooth, -1, (side, side)) - mean * mean
    return cast("Gray32", CONTRAST_SCALE * (smooth - mean) / (np.sqrt(np.maximum(variance, 0)) + CONTRAST_FLOOR))


def edges(smooth: Gray32) -> Gray32:
    """Brightness gradient, `[2, height, width]`: across and down, in levels a pixel times eight."""
    across, down = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    return np.stack([across, down]).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Component:
    """Pixels that hang together and what they enclose: mask (of the whole picture), box x1, y1, x2, y2 in pixels."""

    mask: Mask
    box: tuple[int, int, int, int]


def components(mask: Mask, count_max: int, area_min_px: int = 1) -> tuple[Component, ...]:
    """The largest connected parts of at least that area, after small gaps were closed, largest first."""
    kernel = np.ones((CLOSING_PX, CLOSING_PX), np.uint8)
    closed = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
    _, labels, figures, _ = cv2.connectedComponentsWithStats(closed)
    largest = np.argsort(-figures[1:, cv2.CC_STAT_AREA], kind="stable")[:count_max] + 1
    large = [number for number in largest if figures[number, cv2.CC_STAT_AREA] >= area_min_px]
    return tuple(_component(labels == number, figures[number]) for number in large)


def filled(mask: Mask) -> Mask:
    """The mask with small gaps closed and everything that it encloses."""
    kernel = np.ones((CLOSING_PX, CLOSING_PX), np.uint8)
    return _enclosed(np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, kernel), np.uint8))


def _enclosed(mask: npt.NDArray[np.uint8]) -> Mask:
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    whole = np.zeros(mask.shape, np.uint8)
    cv2.drawContours(whole, outlines, -1, 1, cv2.FILLED)
    return whole > 0


def _component(mask: Mask, figures: npt.NDArray[np.int32]) -> Component:
    x, y, width, height = (int(value) for value in figures[:4])
    return Component(_enclosed(mask.astype(np.uint8)), (x, y, x + width, y + height))


def grown(mask: Mask, by_px: int) -> Mask:
    """The mask and everything within `by_px` of it."""
    return cv2.dilate(mask.astype(np.uint8), np.ones((2 * by_px + 1,) * 2, np.uint8)) > 0


def shrunk(mask: Mask, by_px: int) -> Mask:
    """The mask without everything within `by_px` of its border."""
    return ~grown(~mask, by_px)


def border_of(mask: Mask, half_width_px: int) -> Mask:
    """The band on both sides of the mask's border."""
    return grown(mask, half_width_px) & ~shrunk(mask, half_width_px)
