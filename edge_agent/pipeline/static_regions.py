"""The regions of one camera's static foreground: which pixels each owns, and what becomes of them look by look."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from edge_agent.core.static.foreground import Gray32, Mask, Pixels, absorbed, begun_anew, other_brightness, shown_again
from edge_agent.core.static.regions import (
    ABSORB_S,
    AREA_MIN_SHARE,
    FILLED_SHARE,
    INSIDE_SHARE,
    JOIN_AREA_SHARE,
    REGIONS_MAX,
    SAME_MOMENT_S,
    SUDDEN_PLACES_MAX,
    Judgement,
    Region,
    Verdict,
    around_both,
    arrival_s,
    belongs_to,
    extent,
    followed,
    judged_again,
    large_enough,
    share_within,
    sooner,
    to_judge,
)
from edge_agent.pipeline.static_judge import judge, stain, whole, window_around
from edge_agent.video.picture_measures import Component, components, grown

JOIN_WITHIN_PX = 6
PLACES_MAX = 128
JUDGED_AT_ONCE = 8


class StaticRegions:
    """Regions of a picture of `shape` (height, width); ids count on from `next_id`."""

    def __init__(self, shape: tuple[int, int], next_id: int) -> None:
        self.next_id = next_id
        self._regions: dict[int, Region] = {}
        self._owners: npt.NDArray[np.int32] = np.zeros(shape, np.int32)

    def __iter__(self) -> Iterator[Region]:
        return iter(self._regions.values())

    def unowned(self, mask: Mask) -> Mask:
        """Those pixels of a mask that belong to no region."""
        free: Mask = mask & (self._owners == 0)
        return free

    def clear(self) -> None:
        """Forget all regions."""
        self._regions.clear()
        self._owners[:] = 0

    def sooner(self, by_s: float) -> None:
        """Go over to a clock whose zero lies `by_s` later."""
        for one in list(self):
            self._regions[one.id] = sooner(one, by_s)

    def follow(self, since_before: Gray32, pixels: Pixels) -> Pixels:
        """Pixels whose cover changed lose their owner; regions without pixels are gone.

        What is left where a region was is no longer that thing: it stands for as long as it does without it.
        """
        self._owners[pixels.since != since_before] = 0
        for region in list(self._regions.values()):
            owned = self._owners == region.id
            after = followed(region, pixels, owned)
            if after is None:
                del self._regions[region.id]
                self._owners[owned] = 0
                pixels = begun_anew(pixels, owned)
            else:
                self._regions[region.id] = after
        return pixels

    def admit(self, pixels: Pixels, fresh: Mask, contrast: Gray32, levels: Gray32) -> Pixels:
        """Judge what begins to stand; what did not arrive becomes background after a while."""
        places = self._places(pixels, fresh, other_brightness(pixels, levels))
        if not places:
            return pixels
        if self._of_one_moment(pixels, [mask for _, mask in places]) > SUDDEN_PLACES_MAX:
            return absorbed(pixels, fresh, contrast, levels)
        for place, mask in places:
            window = window_around(place.mask)
            found = judge(pixels, levels, window, place.mask[window], mask[window])
            if found.verdict is not Verdict.RETURNED and self._joined(pixels, place, mask, found):
                continue
            splashed = found.verdict is Verdict.ARRIVED and stain(
                pixels, levels, window, place.mask[window], mask[window]
            )
            if found.stands and not splashed:
                self._add(pixels, mask, found)
            elif found.verdict is Verdict.RETURNED:
                pixels = shown_again(pixels, mask, contrast, levels)
            elif pixels.at_s - arrival_s(pixels, mask) >= ABSORB_S:
                pixels = absorbed(pixels, mask, contrast, levels)
        self._unite()
        return pixels

    def _unite(self) -> None:
        """Give the parts of one thing that were recognised one by one to the largest of them."""
        by_size = sorted(self._regions.values(), key=lambda one: -one.area_px)
        for part in reversed(by_size):
            whole = next((one for one in by_size if one.id != part.id and belongs_to(part, one)), None)
            if whole is not None:
                self._owners[self._owners == part.id] = whole.id
                now = self._regions[whole.id]
                self._regions[whole.id] = replace(now, area_px=now.area_px + part.area_px)
                del self._regions[part.id]

    def judge_again(self, pixels: Pixels, contrast: Gray32, levels: Gray32) -> Pixels:
        """Give up what turned out to be light, unless it may yet spread; a thing that spreads is a liquid."""
        due = [region for region in self._regions.values() if to_judge(region, pixels.at_s)]
        for region in sorted(due, key=lambda one: one.judged_s)[:JUDGED_AT_ONCE]:
            mask = self._owners == region.id
            window = window_around(mask)
            own = mask[window]
            found = judge(pixels, levels, window, whole(pixels, levels, window, own), own)
            after = judged_again(region, found, pixels.at_s)
            if after is not None:
                self._regions[region.id] = after
            else:
                background = shown_again if found.verdict is Verdict.RETURNED else absorbed
                pixels = background(pixels, mask, contrast, levels)
                self._owners[mask] = 0
                del self._regions[region.id]
        return pixels

    def _places(self, pixels: Pixels, fresh: Mask, other: Mask) -> list[tuple[Component, Mask]]:
        """What may be things, each with what of it is fresh; `other`: where the brightness is not the background's."""
        area_min = int(AREA_MIN_SHARE * fresh.size)
        found = [(place, place.mask & fresh) for place in components(fresh, PLACES_MAX, area_min)]
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

    def _joined(self, pixels: Pixels, place: Component, mask: Mask, found: Judgement) -> bool:
        """Whether the place is a part, seen later, of a region beside or around it; light joins what may be light."""
        region = self._neighbour(place)
        if region is None or not (found.stands or region.even):
            return False
        area = int(np.count_nonzero(mask))
        same_moment = abs(arrival_s(pixels, mask) - region.since_s) <= SAME_MOMENT_S
        if not same_moment and area > JOIN_AREA_SHARE * region.area_px:
            return False
        self._owners[mask] = region.id
        box = around_both(region.box, extent(mask))
        self._regions[region.id] = replace(region, box=box, area_px=region.area_px + area)
        return True

    def _neighbour(self, place: Component) -> Region | None:
        """The region that the place touches most, else one whose box holds most of it."""
        around = self._owners[grown(place.mask, JOIN_WITHIN_PX)]
        beside = around[around > 0]
        if len(beside):
            return self._regions[int(np.bincount(beside).argmax())]
        return next((one for one in self._regions.values() if share_within(place.box, one.box) >= INSIDE_SHARE), None)

    def _add(self, pixels: Pixels, mask: Mask, found: Judgement) -> None:
        since_s = arrival_s(pixels, mask)
        area = int(np.count_nonzero(mask))
        if len(self._regions) >= REGIONS_MAX:
            return
        self._regions[self.next_id] = Region(
            self.next_id,
            extent(mask),
            area,
            since_s,
            pixels.at_s,
            1.0,
            judged_s=pixels.at_s,
            liquid=found.verdict is Verdict.WET,
            even=found.even,
            sure_s=pixels.at_s,
        )
        self._owners[mask] = self.next_id
        self.next_id += 1
