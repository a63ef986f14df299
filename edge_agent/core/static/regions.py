"""Which standing covers are things: regions with an identity, from arrival until they are gone.

A region owns its pixels, so that its identity needs no matching. What begins to stand is judged: *arrived* (it has a
border which the background had not), *uncovered* (the background had a border there and the picture has not: something
left), *returned* (it looks as the background did before something that stood there became the background), *shade* (the
ground's texture still shows, or there is no border), or a change of light (too much of the picture, or too many places,
in one moment).
"""

import math
from dataclasses import dataclass, replace
from enum import Enum, auto

import numpy as np

from edge_agent.core.static.foreground import Gray32, Mask, Pixels

REGIONS_MAX = 64
AREA_MIN_SHARE, SPECK_SHARE = 0.0005, 0.5
"""A thing covers so much of the picture; of one that has faded to half of that, nothing is left."""
SIDE_MIN_PX = 4
SAME_MOMENT_S = 2.5
SUDDEN_SHARE_MAX = 0.3
SUDDEN_PLACES_MAX, MOVING_SHARE_MAX = 8, 0.1
BORDER_RATIO_MIN = 0.8
"""Edges along the border that appeared against those that vanished; below this the background had the thing."""
BORDER_EDGE_MIN = 5.0
"""Mean edge strength that the faintest border of a thing adds: some five levels of brightness across it."""
TEXTURE_EDGE_MIN, TEXTURED_SHARE_MIN = 10.0, 0.25
SAME_DIRECTION_COSINE, TEXTURE_KEPT_SHARE = 0.8, 0.55
"""Where the ground has a texture and most of it still runs in the same direction, light has changed, not the thing."""
JUDGE_EVERY_S, JUDGE_UNTIL_S, JUDGED_VISIBLE_MIN = 2.0, 60.0, 0.5
"""A region of which so much is seen is judged again so often until it is so old: light betrays itself by moving on."""
DOUBT_S = 1.9
"""A region ends when each judgement for so long says that it is no thing: shadows of passers-by fall on things."""
SPREADS_UNTIL_S = 15.0
"""What has stood for longer is no water: what then darkens around it are passers-by."""
ABSORB_S = 10.0
"""What did not arrive is judged again for so long, lest a queue of cars become the street."""
ARRIVAL_PERCENTILE = 25
VISIBLE_SHARE_MIN, SURE_SHARE_MIN, KEPT_SHARE_MIN = 0.1, 0.25, 0.2
"""Less of a region is seen when something hides it; so much is surely the region; less is left when it is gone."""
JOIN_AREA_SHARE, INSIDE_SHARE, BESIDE_PX = 0.5, 0.6, 6
FILLED_SHARE = 0.8
"""Parts of one moment are one thing when the box around them is filled so far by something of another brightness."""


class Verdict(Enum):
    """What a place that begins to stand is."""

    ARRIVED = auto()
    UNCOVERED = auto()
    SHADE = auto()
    WET = auto()
    RETURNED = auto()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a place is.

    `even`: one factor of brightness explains it, as it does for shade, water and plain boxes. `patch`: shade that may
    be water which has only begun to spread.
    """

    verdict: Verdict
    even: bool
    patch: bool = False

    @property
    def stands(self) -> bool:
        """Whether a region begins here or goes on."""
        return self.verdict in {Verdict.ARRIVED, Verdict.WET}


@dataclass(frozen=True, slots=True)
class Region:
    """A thing that came to stand at `since_s`; `box` in pixels; `area_px` is the number of pixels it began with.

    `judged_s`: when it was last asked whether it is a thing; `doubted_s`: since when the answer has been no;
    `liquid`: it is ground that got wet;
    `even`: one factor of brightness explains it. `sure_s`: when it was last surely seen.
    """

    id: int
    box: tuple[int, int, int, int]
    area_px: int
    since_s: float
    seen_s: float
    visible_share: float
    hidden: bool = False
    judged_s: float = -math.inf
    doubted_s: float = math.inf
    liquid: bool = False
    even: bool = False
    sure_s: float = -math.inf


def verdict(place: Mask, border: Mask, edges_now: Gray32, edges_background: Gray32) -> Verdict:
    """What a place is, from the brightness gradients `[2, height, width]` in the picture and in the background.

    Whose border it is tells a thing from the trace of one that left; a shadow leaves the ground's own texture standing.
    """
    strength_now, strength_before = np.hypot(*edges_now), np.hypot(*edges_background)
    appeared, vanished = border_change(border, strength_now, strength_before)
    if appeared < BORDER_RATIO_MIN * vanished:
        return Verdict.UNCOVERED
    textured = place & (strength_before > TEXTURE_EDGE_MIN)
    if np.count_nonzero(textured) >= TEXTURED_SHARE_MIN * np.count_nonzero(place):
        along = (edges_now[:, textured] * edges_background[:, textured]).sum(axis=0)
        size = np.maximum(strength_now[textured] * strength_before[textured], 1.0)
        if (along > SAME_DIRECTION_COSINE * size).mean() >= TEXTURE_KEPT_SHARE:
            return Verdict.SHADE
    return Verdict.ARRIVED if appeared >= BORDER_EDGE_MIN else Verdict.SHADE


def border_change(border: Mask, strength_now: Gray32, strength_before: Gray32) -> tuple[float, float]:
    """Mean strength of the edges that appeared along a border, and of those that vanished."""
    change = strength_now[border] - strength_before[border]
    return float(np.maximum(change, 0).mean()), float(np.maximum(-change, 0).mean())


def sudden(pixels: Pixels, fresh: Mask) -> bool:
    """Whether what begins to stand now covers so much of the picture that the picture itself must have changed."""
    return bool(np.count_nonzero(fresh) > SUDDEN_SHARE_MAX * pixels.since.size)


def another_view(other: Mask, moving: Mask) -> bool:
    """Whether much of the picture has another brightness than the background, and nearly all of that stands still."""
    changed = np.count_nonzero(other)
    return bool(changed > SUDDEN_SHARE_MAX * other.size) and bool(
        np.count_nonzero(other & moving) < MOVING_SHARE_MAX * changed
    )


def arrival_s(pixels: Pixels, mask: Mask) -> float:
    """When most of a place came to be covered as it is now."""
    return float(np.percentile(pixels.since[mask], ARRIVAL_PERCENTILE))


def large_enough(place: Mask, fresh: Mask) -> bool:
    """Whether a place can be a thing: no speck and no thread. `fresh`: what of it has just begun to stand."""
    return bool(np.count_nonzero(place) >= AREA_MIN_SHARE * place.size) and broad_enough(extent(fresh))


def is_speck(owned: Mask) -> bool:
    """Whether less is left of a region than a thing has."""
    return bool(np.count_nonzero(owned) < SPECK_SHARE * AREA_MIN_SHARE * owned.size)


def broad_enough(box: tuple[int, int, int, int]) -> bool:
    """Whether a box is broader than the noise along an edge."""
    return min(box[2] - box[0], box[3] - box[1]) >= SIDE_MIN_PX


def around_both(box: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """The smallest box that holds two."""
    return min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3])


def belongs_to(part: Region, whole: Region) -> bool:
    """Whether a region is a part of a larger one, or the end of its shadow: of the same moment, inside or at its foot.

    The larger one is often recognised later, because a thing comes to rest while its shadow lies there already.
    """
    x1, y1, x2, y2 = whole.box
    around = x1 - BESIDE_PX, y1 - BESIDE_PX, x2 + BESIDE_PX, y2 + BESIDE_PX
    same_moment = abs(part.since_s - whole.since_s) <= SAME_MOMENT_S
    smaller = part.area_px <= JOIN_AREA_SHARE * whole.area_px
    at_foot = part.box[3] >= whole.box[3] - BESIDE_PX
    inside = share_within(part.box, whole.box) >= 1
    return same_moment and smaller and (at_foot or inside) and share_within(part.box, around) >= INSIDE_SHARE


def share_within(box: tuple[int, int, int, int], around: tuple[int, int, int, int]) -> float:
    """How much of a box lies in another."""
    width = min(box[2], around[2]) - max(box[0], around[0])
    height = min(box[3], around[3]) - max(box[1], around[1])
    return max(0, width) * max(0, height) / ((box[2] - box[0]) * (box[3] - box[1]))


def followed(region: Region, pixels: Pixels, owned: Mask) -> Region | None:
    """The region after a look, or None when it is gone.

    `owned`: its pixels which still have their cover. Most of them gone means that the street is bare again or
    something else stands there; a cover that is there but not seen is hidden by somebody.
    """
    kept = np.count_nonzero(owned) / region.area_px
    visible = np.count_nonzero(owned & pixels.matched) / region.area_px
    if kept < KEPT_SHARE_MIN or is_speck(owned) or not broad_enough(extent(owned)):
        return None
    if visible >= VISIBLE_SHARE_MIN:
        sure_s = pixels.at_s if visible >= SURE_SHARE_MIN else region.sure_s
        share = min(1.0, float(visible))
        return replace(region, box=extent(owned), seen_s=pixels.at_s, visible_share=share, hidden=False, sure_s=sure_s)
    return replace(region, hidden=True)


def to_judge(region: Region, at_s: float) -> bool:
    """Whether it is time to ask again whether the region is a thing."""
    seen = not region.hidden and region.visible_share >= JUDGED_VISIBLE_MIN
    return seen and at_s - region.judged_s >= JUDGE_EVERY_S and at_s - region.since_s <= JUDGE_UNTIL_S


def judged_again(region: Region, found: Judgement, at_s: float) -> Region | None:
    """The region after it was judged at `at_s`, or None where it has been judged to be light for `DOUBT_S`.

    What may yet spread is given time for that; what spreads soon is a liquid, and remains one when it has spread.
    """
    age_s = at_s - region.since_s
    if found.stands or region.liquid or (found.patch and age_s < ABSORB_S):
        liquid = region.liquid or (found.verdict is Verdict.WET and age_s <= SPREADS_UNTIL_S)
        return replace(region, judged_s=at_s, doubted_s=math.inf, liquid=liquid, even=found.even)
    doubted_s = min(region.doubted_s, at_s)
    return replace(region, judged_s=at_s, doubted_s=doubted_s) if at_s - doubted_s < DOUBT_S else None


def sooner(region: Region, by_s: float) -> Region:
    """The same region on a clock whose zero lies `by_s` later."""
    return replace(
        region,
        since_s=region.since_s - by_s,
        seen_s=region.seen_s - by_s,
        judged_s=region.judged_s - by_s,
        doubted_s=region.doubted_s - by_s,
        sure_s=region.sure_s - by_s,
    )


def extent(mask: Mask) -> tuple[int, int, int, int]:
    """Bounding box of a mask that is not empty: x1, y1, x2, y2 in pixels."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
