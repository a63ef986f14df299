"""Static foreground of one camera: from frames to tracks labelled `static`."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from edge_agent.core.static.foreground import (
    BACKGROUND_MEMORY_S,
    COVER_LEVELS_TOLERANCE,
    MATURE_S,
    Gray32,
    Mask,
    Pixels,
    absorbed,
    bare,
    begin,
    gain_of,
    observe,
    other_brightness,
    rescaled,
    warm,
)
from edge_agent.core.static.regions import (
    ABSORB_S,
    FILLED_SHARE,
    INSIDE_SHARE,
    JOIN_AREA_SHARE,
    REGIONS_MAX,
    SAME_MOMENT_S,
    SUDDEN_PLACES_MAX,
    Region,
    Verdict,
    another_view,
    around_both,
    arrival_s,
    extent,
    followed,
    large_enough,
    share_within,
    sudden,
    verdict,
)
from edge_agent.core.values import Track
from edge_agent.video.frame import Frame
from edge_agent.video.picture_measures import (
    Component,
    border_of,
    components,
    edges,
    grown,
    normalised,
    smooth_picture,
)
from protocol.geometry import Box
from protocol.scene_rules import STATIC_LABEL

LOOK_S = 0.45
"""A look at most this often: two a second, also when frames come unevenly."""
BORDER_HALF_WIDTH_PX = 2
JOIN_WITHIN_PX = 6
PLACES_MAX = 128


@dataclass(frozen=True, slots=True)
class StaticLook:
    """What a look gave; `lost_view`: the picture changed as a whole, so that what stood there is unknown now."""

    tracks: tuple[Track, ...]
    lost_view: bool = False


class StaticWatch:
    """Keeps background and regions of one camera. Feed it frames in capture order."""

    def __init__(self) -> None:
        self._next_id = 1
        self.reset()

    def reset(self) -> None:
        """Forget background and regions; ids go on counting."""
        self._pixels: Pixels | None = None
        self._warmup: list[tuple[Gray32, Gray32]] = []
        self._began_s = 0.0
        self._looked_s = -np.inf
        self._regions: dict[int, Region] = {}
        self._owners = np.zeros((0, 0), np.int32)
        self._last_levels = np.zeros((0, 0), np.float32)
        self._another_view_s = 0.0

    @property
    def watching_since(self) -> datetime | None:
        """Since when what comes is told from what was there; None before the background is known."""
        return None if self._pixels is None else datetime.fromtimestamp(self._began_s, UTC)

    def look(self, frame: Frame) -> StaticLook | None:
        """Regions after this frame, also those hidden now; None when the frame comes too soon after the last look."""
        at_s = frame.captured_at.timestamp()
        if 0 <= at_s - self._looked_s < LOOK_S:
            return None
        smooth = smooth_picture(frame)
        if at_s < self._looked_s or self._last_levels.shape not in {smooth.shape, (0, 0)}:
            self.reset()
            return StaticLook((), lost_view=True)
        self._looked_s = at_s
        if self._pixels is None:
            self._warm_up(smooth, at_s)
            return StaticLook(())
        lost_view = self._observe(self._pixels, smooth, at_s)
        return StaticLook(tuple(self._track(one, frame.captured_at) for one in self._regions.values()), lost_view)

    def _warm_up(self, smooth: Gray32, at_s: float) -> None:
        if not self._warmup:
            self._began_s = at_s
        self._warmup.append((normalised(smooth), smooth))
        self._last_levels = smooth
        if warm(len(self._warmup), at_s - self._began_s):
            self._pixels = begin(self._warmup, at_s)
            self._owners = np.zeros(smooth.shape, np.int32)
            self._another_view_s = at_s
            self._warmup.clear()

    def _observe(self, before: Pixels, smooth: Gray32, at_s: float) -> bool:
        gain = gain_of(before, smooth)
        levels = smooth / np.float32(gain)
        contrast = normalised(levels)
        since_before = before.since.copy()
        pixels = observe(before, contrast, levels, at_s, into=before)
        self._follow(since_before, pixels)
        fresh = pixels.mature & pixels.matched & (self._owners == 0)
        lost_view = sudden(pixels, fresh) or self._view_changed(pixels, levels)
        if lost_view:
            pixels = bare(contrast, levels, at_s)
            self._regions.clear()
            self._owners[:] = 0
        elif fresh.any():
            pixels = self._admit(pixels, fresh, contrast, levels)
        share = 1 - float(np.exp(-(at_s - before.at_s) / BACKGROUND_MEMORY_S))
        self._pixels = rescaled(pixels, 1 + share * (gain - 1))
        return lost_view

    def _view_changed(self, pixels: Pixels, levels: Gray32) -> bool:
        """Whether another view has stood for as long as a thing must stand to be one."""
        last, self._last_levels = self._last_levels, levels
        moving = np.abs(levels - last) > COVER_LEVELS_TOLERANCE
        if not another_view(other_brightness(pixels, levels), moving):
            self._another_view_s = pixels.at_s
        return pixels.at_s - self._another_view_s >= MATURE_S

    def _follow(self, since_before: npt.NDArray[np.float64], pixels: Pixels) -> None:
        """Pixels whose cover changed lose their owner; regions without pixels are gone."""
        self._owners[pixels.since != since_before] = 0
        for region in list(self._regions.values()):
            owned = self._owners == region.id
            after = followed(region, pixels, owned)
            if after is None:
                del self._regions[region.id]
                self._owners[owned] = 0
            else:
                self._regions[region.id] = after

    def _admit(self, pixels: Pixels, fresh: Mask, contrast: Gray32, levels: Gray32) -> Pixels:
        """Judge what begins to stand; what did not arrive becomes background after a while."""
        places = self._places(pixels, fresh, other_brightness(pixels, levels))
        if not places:
            return pixels
        if self._of_one_moment(pixels, [mask for _, mask in places]) > SUDDEN_PLACES_MAX:
            return absorbed(pixels, fresh, contrast, levels)
        gradients = edges(levels), edges(pixels.levels)
        for place, mask in places:
            if self._joined(pixels, place, mask):
                continue
            if verdict(place.mask, border_of(place.mask, BORDER_HALF_WIDTH_PX), *gradients) is Verdict.ARRIVED:
                self._add(pixels, mask)
            elif pixels.at_s - arrival_s(pixels, mask) >= ABSORB_S:
                pixels = absorbed(pixels, mask, contrast, levels)
        return pixels

    def _places(self, pixels: Pixels, fresh: Mask, other: Mask) -> list[tuple[Component, Mask]]:
        """What may be things, each with what of it is fresh; `other`: where the brightness is not the background's."""
        found = [(place, place.mask & fresh) for place in components(fresh, PLACES_MAX)]
        large = [(place, mask) for place, mask in found if large_enough(place.mask, mask)]
        joined: list[tuple[Component, Mask]] = []
        for place, mask in large:
            for index, (first, first_mask) in enumerate(joined):
                x1, y1, x2, y2 = around_both(first.box, place.box)
                same_moment = abs(arrival_s(pixels, first_mask) - arrival_s(pixels, mask)) <= SAME_MOMENT_S
                if same_moment and other[y1:y2, x1:x2].mean() >= FILLED_SHARE:
                    whole = first.mask | place.mask
                    whole[y1:y2, x1:x2] |= other[y1:y2, x1:x2]
                    joined[index] = (Component(whole, (x1, y1, x2, y2)), first_mask | mask)
                    break
            else:
                joined.append((place, mask))
        return joined

    def _of_one_moment(self, pixels: Pixels, masks: list[Mask]) -> int:
        moments = sorted(arrival_s(pixels, mask) for mask in masks)
        return max(sum(1 for other in moments if 0 <= other - moment <= SAME_MOMENT_S) for moment in moments)

    def _joined(self, pixels: Pixels, place: Component, mask: Mask) -> bool:
        """Whether the place is a part, seen later, of a region beside or around it."""
        region = self._neighbour(place)
        if region is None:
            return False
        area = int(np.count_nonzero(mask))
        same_moment = abs(arrival_s(pixels, mask) - region.since_s) <= SAME_MOMENT_S
        if not same_moment and area > JOIN_AREA_SHARE * region.area_px:
            return False
        self._owners[mask] = region.id
        self._regions[region.id] = replace(region, area_px=region.area_px + area)
        return True

    def _neighbour(self, place: Component) -> Region | None:
        """The region that the place touches most, else one whose box holds most of it."""
        around = self._owners[grown(place.mask, JOIN_WITHIN_PX)]
        beside = around[around > 0]
        if len(beside):
            return self._regions[int(np.bincount(beside).argmax())]
        return next((one for one in self._regions.values() if share_within(place.box, one.box) >= INSIDE_SHARE), None)

    def _add(self, pixels: Pixels, mask: Mask) -> None:
        since_s = arrival_s(pixels, mask)
        area = int(np.count_nonzero(mask))
        if len(self._regions) >= REGIONS_MAX:
            return
        self._regions[self._next_id] = Region(self._next_id, extent(mask), area, since_s, pixels.at_s, 1.0)
        self._owners[mask] = self._next_id
        self._next_id += 1

    def _track(self, region: Region, now: datetime) -> Track:
        seen_at = datetime.fromtimestamp(region.seen_s, UTC) if region.hidden else now
        came_at = datetime.fromtimestamp(region.since_s, UTC)
        return Track(
            id=region.id,
            label=STATIC_LABEL,
            box=self._fractions(region.box),
            score=round(region.visible_share, 3),
            first_seen_at=came_at,
            last_seen_at=seen_at,
            still=True,
            hidden=region.hidden,
            stands_since=came_at,
        )

    def _fractions(self, box: tuple[int, int, int, int]) -> Box:
        height, width = self._owners.shape
        x1, y1, x2, y2 = box
        return x1 / width, y1 / height, x2 / width, y2 / height
