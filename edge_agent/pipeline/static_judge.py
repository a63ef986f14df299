"""What a place of static foreground is: measured on the part of the picture around it, decided by the core."""

import numpy as np

from edge_agent.core.static.foreground import Gray32, Mask, Pixels, other_than, returned
from edge_agent.core.static.light import front, is_stain, only_light, surface
from edge_agent.core.static.regions import FILLED_SHARE, Judgement, Verdict, border_change, extent, verdict
from edge_agent.core.static.wetness import is_patch, spreads
from edge_agent.video.picture_measures import border_of, edges, filled, grown, shrunk

BORDER_HALF_WIDTH_PX = 2
RING_PX = (3, 8)
"""The ring around a place lies between these distances from it."""
MARGIN_PX = 16
"""More than the ring and what closes the gaps of a place need around it."""
INNER_PX_MIN = 12

Window = tuple[slice, slice]


def window_around(mask: Mask) -> Window:
    """The part of the picture that a mask (not empty) and its surroundings need."""
    x1, y1, x2, y2 = extent(mask)
    return slice(max(0, y1 - MARGIN_PX), y2 + MARGIN_PX), slice(max(0, x1 - MARGIN_PX), x2 + MARGIN_PX)


def whole(pixels: Pixels, levels: Gray32, window: Window, own: Mask) -> Mask:
    """The place of a region that owns these pixels: of a large plain thing only the rim or the corners stand out."""
    place = filled(own)
    x1, y1, x2, y2 = extent(own)
    inside = other_than(pixels.levels[window], levels[window])[y1:y2, x1:x2]
    if inside.mean() >= FILLED_SHARE:
        place[y1:y2, x1:x2] |= inside
    return place


def judge(pixels: Pixels, levels: Gray32, window: Window, place: Mask, own: Mask) -> Judgement:
    """What stands at `place`; `own`: those of its pixels whose cover stands. Both masks are of the window's size."""
    if returned(pixels, levels, window, own):
        return Judgement(Verdict.RETURNED, even=False)
    now, before = levels[window], pixels.levels[window]
    border = border_of(place, BORDER_HALF_WIDTH_PX)
    edges_now, edges_before = edges(now), edges(before)
    first = verdict(place, border, edges_now, edges_before)
    inner = shrunk(place, BORDER_HALF_WIDTH_PX)
    inner = inner if np.count_nonzero(inner) >= INNER_PX_MIN else place
    ring = grown(place, RING_PX[1]) & ~grown(place, RING_PX[0])
    look = surface(now, before, inner, ring, other_than(before, now))
    came = front(pixels.since[window], own)
    x1, y1, x2, y2 = extent(own)
    picture = pixels.levels.shape[1], pixels.levels.shape[0]
    patch = is_patch(look, (x2 - x1, y2 - y1), int(np.count_nonzero(own)), picture)
    if patch and spreads(came):
        return Judgement(Verdict.WET, look.even)
    change = border_change(border, np.hypot(*edges_now), np.hypot(*edges_before))
    light = first is Verdict.ARRIVED and only_light(look, came, *change)
    found = Verdict.SHADE if light else first
    return Judgement(found, look.even, patch=patch and found is Verdict.SHADE and not came.creeps)


def stain(pixels: Pixels, levels: Gray32, window: Window, place: Mask, own: Mask) -> bool:
    """Whether a place that begins to stand is only splashed ground; the arguments are those of `judge`."""
    now, before = levels[window], pixels.levels[window]
    return is_stain(now, before, own, float((~other_than(before, now))[place].mean()))
