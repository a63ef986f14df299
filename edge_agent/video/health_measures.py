"""What `core.picture_health` wants to know of a picture, in about a millisecond for 1080p."""

from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from edge_agent.core.picture_health import Flow, Measures, Watched
from edge_agent.core.picture_health.look import (
    COLUMNS,
    HEIGHT_PX,
    ROWS,
    WIDTH_PX,
    CellHashes,
    CellMask,
)
from edge_agent.core.zones import zone_mask
from edge_agent.video.frame import Frame, Picture
from edge_agent.video.picture_measures import normalised
from protocol.configuration import CameraConfig
from protocol.geometry import Polygon

FINE_LONG_SIDE_PX = 480
WHITE_LEVEL = 250
HASHED_ROWS, HASHED_COLUMNS = ROWS * 12, COLUMNS * 12
_WEIGHTS = (np.arange(144, dtype=np.uint64).reshape(12, 12) * 2_654_435_761 + 1_013_904_223).astype(np.uint32) | 1
"""Odd numbers, as different as can be: a change of any one pixel by one level changes the sum."""
PROBE_PX = 8
"""A cell is looked up in so many places each way to see whether a polygon touches it."""


def watched(camera: CameraConfig) -> Watched:
    """Which cells the clock or a privacy mask touches."""
    clock = (camera.health.clock_mask,) if camera.health.clock_mask else ()
    return Watched(_touched((*clock, *camera.privacy_masks)), is_dome=camera.kind == "dome")


def measured(frame: Frame, flow: Flow | None = None) -> Measures:
    """One look at a frame; its masks are burnt in."""
    fine = frame.levels(FINE_LONG_SIDE_PX)
    small = _small(fine)
    mean, spread = (float(value[0][0]) for value in cv2.meanStdDev(fine))
    strength = cv2.convertScaleAbs(cv2.Laplacian(fine, cv2.CV_16S))
    return Measures(
        mean=mean,
        spread=spread,
        burnt_share=float(np.count_nonzero(fine >= WHITE_LEVEL)) / fine.size,
        hashes=_hashes(frame.picked(HASHED_COLUMNS, HASHED_ROWS)),
        levels=small,
        contrast=normalised(small),
        fine=_of_cells(strength),
        chroma=frame.chroma(COLUMNS, ROWS),
        flow=flow,
    )


def _small(fine: Picture) -> npt.NDArray[np.float32]:
    """By way of twice its size, which OpenCV halves fast; anything else it averages five times slower."""
    double = cv2.resize(fine, (2 * WIDTH_PX, 2 * HEIGHT_PX), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.resize(double, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_AREA), np.float32)


def _of_cells(picture: cv2.typing.MatLike) -> npt.NDArray[np.float32]:
    """Mean of each cell; a picture of fewer pixels than cells is enlarged first."""
    height, width = max(picture.shape[0], ROWS), max(picture.shape[1], COLUMNS)
    if picture.shape[:2] != (height, width):
        picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_NEAREST)
    rows, columns = (np.arange(count + 1) * length // count for count, length in ((ROWS, height), (COLUMNS, width)))
    upto = np.asarray(cv2.integral(picture))[np.ix_(rows, columns)]
    sums = np.diff(np.diff(upto, axis=0), axis=1)
    return np.asarray(sums / np.outer(np.diff(rows), np.diff(columns)), np.float32)


def _hashes(picked: Picture) -> CellHashes:
    weighed = picked.astype(np.uint32).reshape(ROWS, 12, COLUMNS, 12) * _WEIGHTS[None, :, None, :]
    return cast("CellHashes", weighed.sum(axis=(1, 3), dtype=np.uint32))


def _touched(polygons: Sequence[Polygon]) -> CellMask:
    mask = zone_mask(polygons, COLUMNS * PROBE_PX, ROWS * PROBE_PX)
    return cast("CellMask", mask.reshape(ROWS, PROBE_PX, COLUMNS, PROBE_PX).any(axis=(1, 3)))
