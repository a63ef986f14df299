"""Boxes as arrays: `[n, 4]` corners x1, y1, x2, y2 in picture heights on both axes."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

SIZE_MIN = 1e-4
AREA_MIN = 1e-8
CUT_SHARE = 0.25
"""When a box becomes narrower or wider by this share of itself between two looks, something covers or frees a part."""


def isotropic(boxes: Floats, aspect: float) -> Floats:
    """Boxes in fractions of a picture whose width / height is `aspect`, in picture heights."""
    heights: Floats = boxes * (aspect, 1.0, aspect, 1.0)
    return heights


def centres(boxes: Floats) -> Floats:
    """Centres, `[n, 2]`."""
    middle: Floats = (boxes[:, :2] + boxes[:, 2:]) / 2
    return middle


def sizes(boxes: Floats) -> Floats:
    """Mean of width and height, `[n]`."""
    return np.maximum((boxes[:, 2] - boxes[:, 0] + boxes[:, 3] - boxes[:, 1]) / 2, SIZE_MIN)


def areas(boxes: Floats) -> Floats:
    """Areas, `[n]`."""
    return np.maximum((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), AREA_MIN)


def extents(boxes: Floats) -> Floats:
    """Width and height, `[n, 2]`."""
    return np.maximum(boxes[:, 2:] - boxes[:, :2], SIZE_MIN)


def overlaps(first: Floats, second: Floats) -> Floats:
    """Intersection over union of `[n, 4]` with `[m, 4]` corner boxes: `[n, m]`."""
    (left, top, right, bottom), (lefts, tops, rights, bottoms) = first.T[:, :, None], second.T
    across = np.maximum(np.minimum(right, rights) - np.maximum(left, lefts), 0)
    shared = across * np.maximum(np.minimum(bottom, bottoms) - np.maximum(top, tops), 0)
    share: Floats = shared / (areas(first)[:, None] + areas(second)[None, :] - shared)
    return share


def steps(before: Floats, after: Floats) -> Floats:
    """How far across and down each box went, `[n, 2]`.

    It is the way of the centre, or of the slower side where something in front covers or frees the other.
    """
    change = after - before
    low, high = change[:, :2], change[:, 2:]
    extent = np.minimum(before[:, 2:] - before[:, :2], after[:, 2:] - after[:, :2])
    slower = np.where(low * high > 0, np.where(np.abs(low) < np.abs(high), low, high), 0.0)
    way: Floats = np.where(np.abs(high - low) > CUT_SHARE * extent, slower, (low + high) / 2)
    return way


def moved_sizes(before: Floats, after: Floats, growth_as_size: float) -> Floats:
    """How far each box went from `before` to `after`, in its own sizes, `[n]`.

    Only what opposite sides agree in is movement: a box of which a passer-by covers the legs, or half, has not moved.
    Going straight to or from the camera shows in width and height alike: growth by the factor e counts as
    `1 / growth_as_size` sizes.
    """
    change = (after - before).T
    across, down = _agreed(change[:2], change[2:])
    extent_before, extent_after = extents(before), extents(after)
    width_growth, height_growth = np.log(extent_after / extent_before).T
    width, height = (extent_before + extent_after).T
    moved: Floats = np.maximum(
        np.hypot(across, down) / ((width + height) / 4), _agreed(width_growth, height_growth) / growth_as_size
    )
    return moved


def _agreed(first: Floats, second: Floats) -> Floats:
    """How far both went the same way."""
    return np.where(first * second > 0, np.minimum(np.abs(first), np.abs(second)), 0.0)
