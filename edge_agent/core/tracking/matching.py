"""Which detection continues which object.

Each object is expected where it stands, or where its velocity carries it; the detections of one label group compete for
its objects by distance, overlap and likeness of size, and the cheapest assignment wins.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from edge_agent.core.tracking.assignment import assign
from edge_agent.core.tracking.boxes import Flags, Floats, areas, centres, overlaps, sizes
from edge_agent.core.tracking.objects import Objects, Rows

REACH_SIZES, REACH_SIZES_MAX = 0.4, 2.5
REACH_SIZES_PER_S, REACH_NEW_SIZES_PER_S = 0.6, 1.4
"""How far from its expected place an object may be, in its own size: at once, at most, and for each second unseen.

A pedestrian (size about 1.1 m) walks 1.3 sizes a second: so much is open for an object that was seen once, whose way is
not known; later only a change of its way must be allowed for."""
STOP_SHARE = 0.6
COST_DISTANCE, COST_APART, COST_UNLIKE = 0.5, 0.3, 0.2
COST_MAX = 1.0
AREA_RATIO_MAX = 5.0
WEAK_OVERLAP_MIN = 0.3
"""A weak detection only continues an object that it overlaps this much where the object is expected."""
COAST_S = 4.0
"""An unseen object is believed to slow down over this time."""
GROUPS_KNOWN_MAX = 1024

_GROUPS = (
    frozenset({"car", "truck", "bus", "van", "vehicle", "suv", "pickup"}),
    frozenset({"bicycle", "bike", "motorcycle", "motorbike", "scooter", "e-bike", "tricycle"}),
    frozenset({"person", "pedestrian", "people", "rider"}),
)
"""Names that detectors give to one and the same object in turn."""


@lru_cache(GROUPS_KNOWN_MAX)
def label_group(label: str) -> str:
    """One name for all labels that a detector gives to the same object in turn."""
    name = label.strip().lower()
    return next((min(group) for group in _GROUPS if name in group), name)


def same_group(labels: Sequence[str], others: Sequence[str]) -> Flags:
    """Whether two labels may name one object, `[labels, others]`."""
    codes: dict[str, int] = {}
    first, second = (
        np.array([codes.setdefault(label_group(label), len(codes)) for label in some], dtype=np.intp)
        for some in (labels, others)
    )
    same: Flags = first[:, None] == second[None, :]
    return same


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The detections of a look: boxes in picture heights, and which are strong enough to begin a track."""

    box: Floats
    strong: Flags
    label: Sequence[str]


def expected(objects: Objects, now_s: float, gap_s: float) -> Floats:
    """Where each object is believed to be now: who has stood and is unseen for longer than the gap, at his place."""
    unseen_s = now_s - objects.seen_s
    coasting_s = COAST_S * (1 - np.exp(-unseen_s / COAST_S))
    moved = np.nan_to_num(objects.velocity) * coasting_s[:, None]
    waits = objects.place.stands & (unseen_s > gap_s)
    return np.where(waits[:, None], objects.place.box, objects.box + np.tile(moved, 2))


def match(objects: Objects, labels: Sequence[str], found: Found, now_s: float, gap_s: float) -> Rows:
    """The detection that continues each object, or -1.

    Objects that were seen within the gap choose first; what they leave goes to those remembered for longer, which must
    be where they stood; weak detections come last.
    """
    taken = np.full(len(objects), -1, dtype=np.intp)
    if not len(objects) or not len(found.box):
        return taken
    recent = now_s - objects.seen_s <= gap_s
    costs, overlap = _costs(objects, labels, found, now_s, gap_s)
    _choose(taken, costs, recent, found.strong)
    _choose(taken, costs, ~recent, found.strong)
    _choose(taken, np.where(overlap >= WEAK_OVERLAP_MIN, costs, math.inf), recent | ~recent, ~found.strong)
    return taken


def _choose(taken: Rows, costs: Floats, who: Flags, what: Flags) -> None:
    """Give the free ones among `who` what nobody has taken of `what`."""
    free = what.copy()
    free[taken[taken >= 0]] = False
    rows, columns = np.flatnonzero(who & (taken < 0)), np.flatnonzero(free)
    if len(rows) and len(columns):
        for row, column in assign(costs[np.ix_(rows, columns)], COST_MAX):
            taken[rows[row]] = columns[column]


def _costs(
    objects: Objects, labels: Sequence[str], found: Found, now_s: float, gap_s: float
) -> tuple[Floats, npt.NDArray[np.float64]]:
    """Objects x detections: costs, infinite where they cannot be the same; and overlaps."""
    unseen_s, place = now_s - objects.seen_s, expected(objects, now_s, gap_s)
    size, size_found = sizes(place), sizes(found.box)
    apart = centres(place)[:, None, :] - centres(found.box)[None, :, :]
    distance = 2 * np.hypot(apart[:, :, 0], apart[:, :, 1]) / (size[:, None] + size_found[None, :])
    reach = np.where((unseen_s > gap_s) & objects.place.stands, REACH_SIZES, _reach(objects, size, unseen_s))
    unlike = np.abs(np.log(areas(place))[:, None] - np.log(areas(found.box))[None, :]) / math.log(AREA_RATIO_MAX)
    overlap = overlaps(place, found.box)
    costs = COST_DISTANCE * distance / reach[:, None] + COST_APART * (1 - overlap) + COST_UNLIKE * unlike
    possible = same_group(labels, found.label) & (distance <= reach[:, None]) & (unlike <= 1)
    return np.where(possible, costs, math.inf), overlap


def _reach(objects: Objects, size: Floats, unseen_s: Floats) -> Floats:
    velocity = objects.velocity
    known = ~np.isnan(velocity[:, 0])
    own_pace = np.nan_to_num(np.hypot(velocity[:, 0], velocity[:, 1])) / size
    pace = np.maximum(np.where(known, REACH_SIZES_PER_S, REACH_NEW_SIZES_PER_S), STOP_SHARE * own_pace)
    reach: Floats = np.minimum(REACH_SIZES + pace * unseen_s, REACH_SIZES_MAX)
    return reach
