"""What is measured at a look, and what is found in it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from protocol.messages import CameraReason

LOOK_S = 2.0
ROWS, COLUMNS = 8, 12
"""The picture is judged cell by cell, whatever its size and shape."""
CELL_HEIGHT_PX, CELL_WIDTH_PX = 8, 10
HEIGHT_PX, WIDTH_PX = ROWS * CELL_HEIGHT_PX, COLUMNS * CELL_WIDTH_PX
"""Size of the small pictures: about a hundredth of the picture's width a pixel, too coarse to know a face by."""

Gray32 = npt.NDArray[np.float32]
Cells = npt.NDArray[np.float32]
CellMask = npt.NDArray[np.bool_]
CellHashes = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Flow:
    """Pictures a second that came since the last look, and that the stream says it has; None where it says nothing."""

    fps: float
    declared_fps: float | None = None


@dataclass(frozen=True, slots=True)
class Measures:
    """What one picture measures. Levels are 0..255 with black at 0 and white at 255, whatever the stream's range.

    `burnt_share`: share of pixels at white. `hashes` [rows, columns]: of pixels picked from each cell, unsmoothed.
    `levels` [height, width]: small grey picture. `contrast`: the same against its neighbourhood, free of light.
    `fine` [rows, columns]: mean strength of the finest detail. `chroma` [2, rows, columns]: mean blue and red
    difference, 0 where the picture is grey.
    """

    mean: float
    spread: float
    burnt_share: float
    hashes: CellHashes
    levels: Gray32
    contrast: Gray32
    fine: Cells
    chroma: Cells
    flow: Flow | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """Which cells say nothing about the camera: painted black, or a clock. Whether it is a dome that may look away."""

    ignored: CellMask
    is_dome: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault with what was measured and what it was held against, in units that `docs/operations.md` names."""

    reason: CameraReason
    value: float
    threshold: float


def cells_of(picture: Gray32) -> npt.NDArray[np.float32]:
    """A small picture as `[rows, columns, pixels of the cell]`."""
    split = picture.reshape(ROWS, CELL_HEIGHT_PX, COLUMNS, CELL_WIDTH_PX)
    return split.swapaxes(1, 2).reshape(ROWS, COLUMNS, -1)
