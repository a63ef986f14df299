"""Which standing covers are things: regions with an identity, from arrival until they are gone.

A region owns its pixels, so that its identity needs no matching. What has just begun to stand is judged once:
*arrived* (it has a border which the background had not), *uncovered* (the background had a border there and the picture
has not: something left), *shade* (neither has a border), or a *change of light* (too much of the picture, or too many
places, in one moment).
"""

from dataclasses import dataclass, replace
from enum import Enum, auto

import numpy as np
import numpy.typing as npt

from edge_agent.core.static_foreground import Gray32, Mask, Pixels

REGIONS_MAX = 64
AREA_MIN_SHARE = 0.0003
SIDE_MIN_PX = 4
SAME_MOMENT_S = 2.5
SUDDEN_SHARE_MAX = 0.3
SUDDEN_PLACES_MAX = 8
BORDER_RATIO_MIN = 0.8
"""The border's edges in the picture against those in the background; below this the background had the thing."""
BORDER_EDGE_MIN = 8.0
"""Mean edge strength of the faintest border that is one: some six levels of brightness across it."""
ARRIVAL_PERCENTILE = 25
VISIBLE_SHARE_MIN, KEPT_SHARE_MIN = 0.25, 0.4
JOIN_AREA_SHARE = 0.5

Owners = npt.NDArray[np.int32]


class Verdict(Enum):
    """What a place that begins to stand is."""

    ARRIVED = auto()
    UNCOVERED = auto()
    SHADE = auto()


@dataclass(frozen=True, slots=True)
class Region:
    """A thing that came to stand at `since_s`; `box` in pixels; `area_px` is the number of pixels it began with."""

    id: int
    box: tuple[int, int, int, int]
    area_px: int
    since_s: float
    seen_s: float
    visible_share: float
    hidden: bool = False


def verdict(border: Mask, edges_now: Gray32, edges_background: Gray32) -> Verdict:
    """Whose border it is: mean edge strength along it, in the picture and in the background."""
    now, before = float(edges_now[border].mean()), float(edges_background[border].mean())
    if now < BORDER_RATIO_MIN * before:
        return Verdict.UNCOVERED
    return Verdict.ARRIVED if now >= BORDER_EDGE_MIN else Verdict.SHADE


def sudden(pixels: Pixels, fresh: Mask) -> bool:
    """Whether what begins to stand now covers so much of the picture that the picture itself must have changed."""
    return float(np.count_nonzero(fresh)) > SUDDEN_SHARE_MAX * pixels.since.size


def arrival_s(pixels: Pixels, mask: Mask) -> float:
    """When most of a place came to be covered as it is now."""
    return float(np.percentile(pixels.since[mask], ARRIVAL_PERCENTILE))


def large_enough(mask_area_px: int, box: tuple[int, int, int, int], picture_px: int) -> bool:
    """Whether a place can be a thing: no speck and no thread."""
    x1, y1, x2, y2 = box
    return mask_area_px >= AREA_MIN_SHARE * picture_px and min(x2 - x1, y2 - y1) >= SIDE_MIN_PX


def followed(region: Region, pixels: Pixels, owned: Mask) -> Region | None:
    """The region after a look, or None when it is gone.

    `owned`: its pixels which still have their cover. Most of them gone means that the street is bare again or
    something else stands there; a cover that is there but not seen is hidden by somebody.
    """
    kept = np.count_nonzero(owned) / region.area_px
    visible = np.count_nonzero(owned & pixels.matched) / region.area_px
    if visible >= VISIBLE_SHARE_MIN:
        return replace(region, box=_extent(owned), seen_s=pixels.at_s, visible_share=min(1.0, visible), hidden=False)
    return replace(region, hidden=True) if kept >= KEPT_SHARE_MIN else None


def _extent(mask: Mask) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
