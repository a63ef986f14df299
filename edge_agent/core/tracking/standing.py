"""Who stands, since when, and who was seen to come: facts about each object's way.

An object has a *place*: where its box has been staying. It leaves the place when it is seen elsewhere for `LEAVE_S`, so
that no odd box and no half-covered look ends a stay; its new place is where it was found last, since it was first found
there. All is in capture seconds and in the object's own size, and so the same at one and at ten looks a second.
"""

from dataclasses import dataclass, replace

import numpy as np

from edge_agent.core.tracking.boxes import Flags, Floats, moved_sizes

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
CAME_SIZES = 1.5
CAME_FROM_EDGE_SIZES = 0.5
EDGE = 0.01
"""Nearer than this to the picture's border (in picture heights) a box is cut by it."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """One row for each object; `out_since_s` is nan while it is within its place."""

    box: Floats
    since_s: Floats
    within_s: Floats
    away: Floats
    away_since_s: Floats
    out_since_s: Floats
    origin: Floats
    came: Flags

    @property
    def stands(self) -> Flags:
        """Who has stayed long enough to be called standing; `since_s` then says since when."""
        stands: Flags = self.within_s - self.since_s >= STAND_S
        return stands


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """Where each object is now, and how long ago it was last seen before."""

    boxes: Floats
    passed_s: Floats
    now_s: float
    aspect: float


def begun(boxes: Floats, now_s: float) -> Places:
    """The places of objects that are seen for the first time."""
    now = np.full(len(boxes), now_s)
    return Places(boxes, now, now, boxes, now, np.full(len(boxes), np.nan), boxes, np.zeros(len(boxes), np.bool_))


def seen(before: Places, boxes: Floats, seen_s: Floats, now_s: float, aspect: float) -> Places:
    """The places after each object was found at `boxes`; `seen_s` is when it was last seen before that."""
    passed_s = now_s - seen_s
    out = moved_sizes(before.box, boxes, GROWTH_PER_SIZE) > PLACE_RADIUS_SIZES
    place = _mean(before.box, boxes, passed_s, before.within_s - before.since_s)
    after = replace(
        before,
        box=np.where(out[:, None], before.box, place),
        within_s=np.where(out, before.within_s, now_s),
        out_since_s=np.where(out, before.out_since_s, np.nan),
    )
    return _elsewhere(after, out, Sight(boxes, passed_s, now_s, aspect)) if out.any() else after


def _mean(place: Floats, boxes: Floats, passed_s: Floats, stayed_s: Floats) -> Floats:
    settling = passed_s / np.maximum(passed_s + stayed_s, 1e-6)
    share = np.where(stayed_s < PLACE_SETTLES_S, settling, 1 - np.exp(-passed_s / PLACE_MEMORY_S))
    mean: Floats = place + share[:, None] * (boxes - place)
    return mean


def _elsewhere(before: Places, out: Flags, sight: Sight) -> Places:
    """Those seen out of their places: where they are now, and whether that is their place from now on."""
    boxes, passed_s, now_s = sight.boxes, sight.passed_s, sight.now_s
    stays = ~np.isnan(before.out_since_s) & (moved_sizes(before.away, boxes, GROWTH_PER_SIZE) <= PLACE_RADIUS_SIZES)
    mean = _mean(before.away, boxes, passed_s, now_s - passed_s - before.away_since_s)
    away = np.where(stays[:, None], mean, boxes)
    away_since_s = np.where(stays, before.away_since_s, now_s)
    out_since_s = np.where(np.isnan(before.out_since_s), now_s, before.out_since_s)
    left = out & (now_s - out_since_s >= LEAVE_S)
    return replace(
        before,
        box=np.where(left[:, None], away, before.box),
        since_s=np.where(left, away_since_s, before.since_s),
        within_s=np.where(left, now_s, before.within_s),
        away=np.where(out[:, None], away, before.away),
        away_since_s=np.where(out, away_since_s, before.away_since_s),
        out_since_s=np.where(out & ~left, out_since_s, np.nan),
        came=before.came | (left & _has_come(before.origin, away, sight.aspect)),
    )


def _has_come(origin: Floats, place: Floats, aspect: float) -> Flags:
    went = moved_sizes(origin, place, GROWTH_PER_SIZE)
    from_edge = (_cut(origin, aspect) & ~_cut(place, aspect)).any(axis=1) & (went >= CAME_FROM_EDGE_SIZES)
    come: Flags = (went >= CAME_SIZES) | from_edge
    return come


def _cut(boxes: Floats, aspect: float) -> Flags:
    """Which sides (left, top, right, bottom) the picture's border cuts, `[n, 4]`."""
    return np.concatenate([boxes[:, :2] <= EDGE, boxes[:, 2:] >= np.array([aspect, 1.0]) - EDGE], axis=1)
