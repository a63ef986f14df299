"""Cut-outs of what was reported, to learn from: faces and number plates made unreadable before anything is written."""

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np

from edge_agent.video.frame import Picture
from edge_agent.video.snapshot import jpeg_of
from protocol.geometry import Box

CROPS_FOLDER = "crops"
MARGIN_SHARE = 0.15
SIDE_MIN_PX = 16
WIDTH_MAX_PX = 640
HEAD_SHARE, HEAD_MARGIN_SHARE = 0.3, 0.1
"""A head lies in this upper part of a person's box."""
PLATE_SHARE = 0.5
"""A plate lies in this lower part of a vehicle's box."""
BLOCKS = 4
"""A hidden part is shown as so many blocks along each side: not a blur that could be undone."""
CROPS_PER_CAMERA_MAX = 500


def crop_of(picture: Picture, box: Box, hidden: Iterable[Box]) -> bytes | None:
    """JPEG of `box` with a margin, after the boxes of `hidden` were made unreadable; None where nothing is left.

    `picture` has its privacy masks burnt in; it is not changed.
    """
    height, width = picture.shape[:2]
    canvas = picture.copy()
    for one in hidden:
        _hide(canvas, one)
    x1, y1, x2, y2 = box
    across, down = MARGIN_SHARE * (x2 - x1), MARGIN_SHARE * (y2 - y1)
    left, right = _span(x1 - across, x2 + across, width)
    top, bottom = _span(y1 - down, y2 + down, height)
    if right - left < SIDE_MIN_PX or bottom - top < SIDE_MIN_PX:
        return None
    return jpeg_of(np.ascontiguousarray(canvas[top:bottom, left:right]), WIDTH_MAX_PX)


def head_of(person: Box) -> Box:
    """Where a person's face can be."""
    x1, y1, x2, y2 = person
    margin = HEAD_MARGIN_SHARE * (x2 - x1)
    return max(0.0, x1 - margin), max(0.0, y1 - margin), min(1.0, x2 + margin), y1 + HEAD_SHARE * (y2 - y1)


def plate_of(vehicle: Box) -> Box:
    """Where a vehicle's plate can be."""
    x1, y1, x2, y2 = vehicle
    return x1, y2 - PLATE_SHARE * (y2 - y1), x2, y2


def _hide(canvas: Picture, box: Box) -> None:
    height, width = canvas.shape[:2]
    left, right = _span(box[0], box[2], width)
    top, bottom = _span(box[1], box[3], height)
    if right <= left or bottom <= top:
        return
    part = canvas[top:bottom, left:right]
    blocks = cv2.resize(part, (min(BLOCKS, right - left), min(BLOCKS, bottom - top)), interpolation=cv2.INTER_AREA)
    part[:] = cv2.resize(blocks, (right - left, bottom - top), interpolation=cv2.INTER_NEAREST)


def _span(low: float, high: float, length: int) -> tuple[int, int]:
    return max(0, int(np.floor(low * length))), min(length, int(np.ceil(high * length)))


class CropFolder:
    """One camera's crops, `{episode}.jpg`; beyond `CROPS_PER_CAMERA_MAX` the oldest go."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, episode: str, jpeg: bytes) -> None:
        """Write a crop; raises `OSError` when the disk refuses."""
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = sorted(self.folder.glob("*.jpg"), key=lambda path: path.stat().st_mtime_ns)
        for old in kept[: max(0, len(kept) - CROPS_PER_CAMERA_MAX + 1)]:
            old.unlink(missing_ok=True)
        aside = self.folder / f"{episode}.part"
        try:
            aside.write_bytes(jpeg)
            aside.replace(self.path(episode))
        except OSError:
            aside.unlink(missing_ok=True)
            raise

    def path(self, episode: str) -> Path:
        """Where the crop of an episode is, or would be."""
        return self.folder / f"{episode}.jpg"
