"""Which detection continues which object.

Each object is expected where it stands, or where its velocity carries it; the detections of one label group compete for
its objects by distance, overlap and likeness of size, and the cheapest assignment wins.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from edge_agent.core.tracking.assignment import assign
from edge_agent.core.tracking.boxes import Flags, Floats, areas, centres, overlaps, sizes
from edge_agent.core.tracking.objects import BOX, PLACE, SEEN_S, VELOCITY, Rows, Table, known_pace
from edge_agent.core.tracking.standing import stands

REACH_SIZES, REACH_SIZES_MAX = 0.7, 2.5
REACH_SIZES_PER_S, REACH_NEW_SIZES_PER_S = 0.6, 1.4
"""How far from its expected place an object may be, in its own size: at once, at most, and for each second unseen.

A pedestrian (size about 1.1 m) walks 1.3 sizes a second: so much is open for an object that was seen once, whose way is
not known; later only a change of its way must be allowed for."""
REACH_STANDING_SIZES = 0.5
STOP_SHARE = 0.6
"""How far from his place somebody who stands is looked for; and how much of his own pace is open to somebody fast, who
may stop or turn."""
COST_DISTANCE, COST_APART, COST_UNLIKE, COST_UNSEEN = 0.5, 0.3, 0.2, 0.2
"""The last for who has been unseen for a whole gap: of two that fit alike, the one that was seen last goes on."""
COST_MAX = 1.2
AREA_RATIO_MAX = 5.0
"""The four together: whoever is within reach may be meant. What is so many times as large is something else."""
WEAK_OVERLAP_MIN = 0.3
"""A weak detection only continues an object that it overlaps this much where the object is expected."""
COAST_S = 20.0
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
    groups = {label: label_group(label) for label in {*labels, *others}}
    numbers = {group: number for number, group in enumerate(set(groups.values()))}
    codes = {label: numbers[group] for label, group in groups.items()}
    first, second = (np.array([codes[label] for label in some], dtype=np.intp) for some in (labels, others))
    same: Flags = first[:, None] == second[None, :]
    return same


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """The detections of a look at `at_s`: boxes in picture heights, and which are strong enough to begin a track."""

    at_s: float
    box: Floats
    strong: Flags
    label: Sequence[str]


def expected(table: Table, now_s: float, gap_s: float) -> Floats:
    """Where each object is believed to be now: who has stood and is unseen for longer than the gap, at his place."""
    unseen_s = now_s - table[:, SEEN_S]
    coasting_s = COAST_S * (1 - np.exp(-unseen_s / COAST_S))
    way = table[:, VELOCITY] * coasting_s[:, None]
    boxes: Floats = table[:, BOX] + np.concatenate([way, way], axis=1)
    waits = (unseen_s > gap_s) & stands(table)
    if waits.any():
        boxes[waits] = table[waits, PLACE]
    return boxes


def match(table: Table, labels: Sequence[str], believed: Floats, found: Detections, gap_s: float) -> Rows:
    """The detection that continues each object, or -1. `believed`: where each is expected.

    Whoever stands is first looked for in his place, wherever his last box was, so that a row of bikes of which some are
    missed does not shift; what is left may be one of them who has set out. Weak detections come last.
    """
    taken = np.full(len(table), -1, dtype=np.intp)
    if not len(table) or not len(found.box):
        return taken
    still, unseen_s = stands(table), found.at_s - table[:, SEEN_S]
    unseen = np.minimum(unseen_s / gap_s, 1)
    there = _compare(np.where(still[:, None], table[:, PLACE], believed), unseen, labels, found)
    in_place = there.costs(np.where(still, REACH_STANDING_SIZES, _reach(table, there.size, unseen_s)))
    _choose(taken, in_place, found.strong)
    setting_out = (still & (taken < 0) & (unseen_s <= gap_s)).nonzero()[0]
    if len(setting_out):
        own_labels = [labels[row] for row in setting_out.tolist()]
        fits = _compare(believed[setting_out], unseen[setting_out], own_labels, found)
        costs = np.full((len(table), len(found.box)), math.inf)
        costs[setting_out] = fits.costs(_reach(table[setting_out], fits.size, unseen_s[setting_out]))
        _choose(taken, costs, found.strong)
    if not found.strong.all():
        close = np.where(there.overlap >= WEAK_OVERLAP_MIN, in_place, math.inf)
        _choose(taken, close, ~found.strong)
    return taken


def _choose(taken: Rows, costs: Floats, what: Flags) -> None:
    """Give those who have nothing yet what nobody has taken of `what`."""
    free = what.copy()
    free[taken[taken >= 0]] = False
    rows, columns = (taken < 0).nonzero()[0].tolist(), free.nonzero()[0].tolist()
    if rows and columns:
        for row, column in assign(costs[rows][:, columns], COST_MAX):
            taken[rows[row]] = columns[column]


@dataclass(frozen=True, slots=True, eq=False)
class _Fits:
    """Objects x detections: how well each detection fits; `size` of each object where it is expected."""

    possible: Flags
    distance: Floats
    overlap: Floats
    rest: Floats
    size: Floats

    def costs(self, reach: Floats) -> Floats:
        """Infinite where they cannot be the same, as beyond each object's `reach`."""
        far = self.distance / reach[:, None]
        return np.where(self.possible & (far <= 1), COST_DISTANCE * far + self.rest, math.inf)


def _compare(place: Floats, unseen: Floats, labels: Sequence[str], found: Detections) -> _Fits:
    """`place`: where each object is looked for; `unseen`: for how many gaps it has been unseen, at most one."""
    size, size_found = sizes(place), sizes(found.box)
    (x, y), (x_found, y_found) = centres(place).T[:, :, None], centres(found.box).T
    distance = 2 * np.hypot(x - x_found, y - y_found) / (size[:, None] + size_found[None, :])
    unlike = np.abs(np.log(areas(place))[:, None] - np.log(areas(found.box))[None, :]) / math.log(AREA_RATIO_MAX)
    overlap = overlaps(place, found.box)
    rest = COST_APART * (1 - overlap) + COST_UNLIKE * unlike + COST_UNSEEN * unseen[:, None]
    return _Fits(same_group(labels, found.label) & (unlike <= 1), distance, overlap, rest, size)


def _reach(table: Table, size: Floats, unseen_s: Floats) -> Floats:
    """How far from where it is expected each object may be found, in its sizes."""
    own_pace = np.hypot(table[:, VELOCITY.start], table[:, VELOCITY.start + 1]) / size
    pace = np.maximum(np.where(known_pace(table), REACH_SIZES_PER_S, REACH_NEW_SIZES_PER_S), STOP_SHARE * own_pace)
    reach: Floats = np.minimum(REACH_SIZES + pace * unseen_s, REACH_SIZES_MAX)
    return reach
