"""Who stands, since when, and who was seen to come: facts about each object's way.

An object has a *place*: where its box has been staying. It leaves the place when it is seen elsewhere for `LEAVE_S`, so
that no odd box and no half-covered look ends a stay; its new place is where it was found last, since it was first found
there. All is in capture seconds and in the object's own size, and so the same at one and at ten looks a second.
"""

import math
from dataclasses import dataclass

import numpy as np

from edge_agent.core.tracking.boxes import Flags, Floats, extents, moved_sizes
from edge_agent.core.tracking.objects import (
    AWAY,
    AWAY_SINCE_S,
    BOX,
    CAME,
    ORIGIN,
    OUT_SINCE_S,
    PLACE,
    SINCE_S,
    STAY_MISSED_S,
    STAY_SEEN_S,
    WITHIN_S,
    Table,
)

PLACE_RADIUS_SIZES = 0.3
"""A box within this of its place is there: the detector's jitter is a tenth of it."""
GROWTH_PER_SIZE = 0.8
"""Going straight away by a third of one's size makes one's box smaller by a quarter."""
LEAVE_S = 0.9
"""A little under a second, so that at one look a second two looks elsewhere are enough."""
STAND_S = 4.0
"""Long enough that somebody far away who walks up to the camera has left his place before."""
PLACE_SETTLES_S, PLACE_MEMORY_S = 1.0, 10.0
"""A place is the mean of the boxes of its first second, and follows later ones slowly: who creeps leaves it behind."""
STAY_SLACK_S = 1.0
"""A stay begins anew when it was missed for this much longer than it was seen: others pass the same spot by turns."""
CAME_SIZES = 1.5
CAME_FROM_EDGE_SIZES = 0.4
"""It went so far from where it was first seen; less from the border, where only a part of it was seen at first."""
EDGE = 0.02
"""Nearer than this to the picture's border (in picture heights) a box is cut by it: of what is cut the detector sees a
few pixels too little."""


def stands(table: Table) -> Flags:
    """Who has stayed long enough to be called standing; `SINCE_S` then says since when."""
    long: Flags = table[:, WITHIN_S] - table[:, SINCE_S] >= STAND_S
    return long


@dataclass(frozen=True, slots=True)
class When:
    """A look at `now_s`, `look_s` after the one before. Who was unseen for longer than `gap_s` may have been away."""

    now_s: float
    look_s: float
    gap_s: float


def settle(table: Table, passed_s: Floats, when: When, aspect: float) -> None:
    """Bring the places up to date, in the table, after each object was seen at its `BOX` again after `passed_s`."""
    now_s = when.now_s
    boxes, place = table[:, BOX], table[:, PLACE]
    out = _moved(place, boxes, aspect) > PLACE_RADIUS_SIZES
    within = ~out
    mean = _mean(place, boxes, passed_s, table[:, WITHIN_S] - table[:, SINCE_S])
    np.copyto(place, mean, where=within[:, None])
    table[:, WITHIN_S][within] = now_s
    table[:, OUT_SINCE_S][within] = math.inf
    table[:, STAY_SEEN_S] += np.where(within, when.look_s, 0.0)
    table[:, STAY_MISSED_S] += np.where(within, 0.0, when.look_s)
    anew = within & (table[:, STAY_MISSED_S] > table[:, STAY_SEEN_S] + STAY_SLACK_S)
    table[:, SINCE_S][anew] = now_s
    table[:, STAY_SEEN_S][anew] = table[:, STAY_MISSED_S][anew] = 0.0
    if out.any():
        moved = table[out]
        _go(moved, passed_s[out], when, aspect)
        table[out] = moved
    arriving = (np.isinf(table[:, OUT_SINCE_S]) & (table[:, CAME] == 0)).nonzero()[0]
    if len(arriving):
        table[arriving, CAME] = _has_come(table[arriving, ORIGIN], table[arriving, PLACE], aspect)


def _go(table: Table, passed_s: Floats, when: When, aspect: float) -> None:
    """Those seen out of their places: where they are now, and whether that is their place from now on.

    Who turns up elsewhere after more than the gap has left, wherever he was meanwhile.
    """
    now_s = when.now_s
    boxes, away, since_s = table[:, BOX], table[:, AWAY], table[:, AWAY_SINCE_S]
    first = np.isinf(table[:, OUT_SINCE_S])
    stays = ~first & (_moved(away, boxes, aspect) <= PLACE_RADIUS_SIZES)
    mean = _mean(away, boxes, passed_s, now_s - passed_s - since_s)
    table[:, AWAY] = np.where(stays[:, None], mean, boxes)
    since_s[~stays] = now_s
    table[:, OUT_SINCE_S][first] = now_s
    left = (now_s - table[:, OUT_SINCE_S] >= LEAVE_S) | (passed_s > when.gap_s)
    np.copyto(table[:, PLACE], away, where=left[:, None])
    np.copyto(table[:, SINCE_S], since_s, where=left)
    table[:, WITHIN_S][left] = now_s
    table[:, STAY_SEEN_S][left] = table[:, STAY_MISSED_S][left] = 0.0
    table[:, OUT_SINCE_S][left] = math.inf


def _mean(place: Floats, boxes: Floats, passed_s: Floats, stayed_s: Floats) -> Floats:
    settling = passed_s / np.maximum(passed_s + stayed_s, 1e-6)
    share = np.where(stayed_s < PLACE_SETTLES_S, settling, 1 - np.exp(-passed_s / PLACE_MEMORY_S))
    mean: Floats = place + share[:, None] * (boxes - place)
    return mean


def _has_come(origin: Floats, place: Floats, aspect: float) -> Flags:
    moved, cut = moved_sizes(origin, place, GROWTH_PER_SIZE), _cut(origin, aspect)
    come: Flags = moved >= CAME_SIZES
    entered = (cut & ~_cut(place, aspect)).any(axis=1)
    if entered.any():
        come |= entered & (np.maximum(moved, _inwards(origin, place, cut)) >= CAME_FROM_EDGE_SIZES)
    return come


def _moved(before: Floats, after: Floats, aspect: float) -> Floats:
    """How far each box went, in its own sizes, `[n]`.

    What comes in at the border keeps its side there while the opposite one goes inwards: that is movement too. The
    other way round it is not: a passer-by who covers what the border cuts takes as much from it.
    """
    moved, cut = moved_sizes(before, after, GROWTH_PER_SIZE), _cut(before, aspect)
    return np.maximum(moved, _inwards(before, after, cut)) if cut.any() else moved


def _inwards(before: Floats, after: Floats, cut: Flags) -> Floats:
    """How far into the picture the side opposite to a `cut` one went, in sizes of the box, `[n]`."""
    inwards = np.concatenate([after[:, 2:] - before[:, 2:], before[:, :2] - after[:, :2]], axis=1)
    further: Floats = np.where(cut, inwards, 0.0).max(axis=1) / extents(after).mean(axis=1)
    return further


def _cut(boxes: Floats, aspect: float) -> Flags:
    """Which sides (left, top, right, bottom) the picture's border cuts, `[n, 4]`."""
    return np.concatenate([boxes[:, :2] <= EDGE, boxes[:, 2:] >= np.array([aspect, 1.0]) - EDGE], axis=1)
