"""Static foreground of one camera: from frames to tracks labelled `static`."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from edge_agent.core.sampling import Sampler
from edge_agent.core.static.foreground import (
    BACKGROUND_MEMORY_S,
    COVER_LEVELS_TOLERANCE,
    MATURE_S,
    Gray32,
    Pixels,
    bare,
    begin,
    gain_of,
    observe,
    other_brightness,
    rescaled,
    sooner,
    warm,
    within_range,
)
from edge_agent.core.static.regions import Region, another_view, sudden
from edge_agent.core.values import Track
from edge_agent.pipeline.static_regions import StaticRegions
from edge_agent.video.frame import Frame
from edge_agent.video.picture_measures import (
    moved_back,
    normalised,
    shift_between,
    smooth_picture,
)
from protocol.geometry import Box
from protocol.scene_rules import STATIC_LABEL

LOOK_S, LOOK_SLACK = 0.5, timedelta(milliseconds=50)
"""Looks lie on a grid of capture time, whatever the camera's rate, with room for frames that come unevenly."""
CLOCK_S_MAX = 100_000.0
"""Our clock's zero is set anew after about a day: 32 bits hold moments of that size to the hundredth of a second."""


@dataclass(frozen=True, slots=True)
class StaticLook:
    """What a look gave; `lost_view`: the picture changed as a whole, so that what stood there is unknown now."""

    tracks: tuple[Track, ...]
    lost_view: bool = False


class StaticWatch:
    """Keeps background and regions of one camera. Feed it frames in capture order."""

    def __init__(self) -> None:
        self._epoch_s = 0.0
        self._regions = StaticRegions((0, 0), 1)
        self.reset()

    def reset(self) -> None:
        """Forget background and regions; ids go on counting."""
        self._pixels: Pixels | None = None
        self._warmup: list[tuple[Gray32, Gray32]] = []
        self._began_s = 0.0
        self._looked_s = -np.inf
        self._sampler = Sampler(1 / LOOK_S, LOOK_SLACK)
        self._regions = StaticRegions((0, 0), self._regions.next_id)
        self._last_levels = np.zeros((0, 0), np.float32)
        self._another_view_s = 0.0

    @property
    def watching_since(self) -> datetime | None:
        """Since when what comes is told from what was there; None before the background is known."""
        return None if self._pixels is None else self._moment(self._began_s)

    def look(self, frame: Frame) -> StaticLook | None:
        """Regions after this frame, also those hidden now; None when the frame comes too soon after the last look."""
        at_s = frame.captured_at.timestamp() - self._epoch_s
        self._sampler, due = self._sampler.due(frame.captured_at)
        if 0 in frame.size or not (due or at_s < self._looked_s):
            return None
        smooth = smooth_picture(frame)
        if at_s < self._looked_s or self._last_levels.shape not in {smooth.shape, (0, 0)}:
            self.reset()
            return StaticLook((), lost_view=True)
        at_s = self._on_our_clock(at_s)
        self._looked_s = at_s
        if self._pixels is None:
            self._warm_up(smooth, at_s)
            return StaticLook(())
        lost_view = self._observe(self._pixels, smooth, at_s)
        return StaticLook(tuple(self._track(one, frame.captured_at) for one in self._regions), lost_view)

    def _on_our_clock(self, at_s: float) -> float:
        """Set our clock's zero to now when it lies too far away for 32 bits."""
        if abs(at_s) < CLOCK_S_MAX:
            return at_s
        self._epoch_s += at_s
        self._began_s, self._another_view_s = self._began_s - at_s, self._another_view_s - at_s
        if self._pixels is not None:
            self._pixels = sooner(self._pixels, at_s)
        self._regions.sooner(at_s)
        return 0.0

    def _warm_up(self, smooth: Gray32, at_s: float) -> None:
        if not self._warmup:
            self._began_s = at_s
        else:
            smooth = moved_back(smooth, shift_between(self._warmup[0][1], smooth))
        self._warmup.append((normalised(smooth), smooth))
        self._last_levels = smooth
        if warm(len(self._warmup), at_s - self._began_s):
            self._pixels = begin(self._warmup, at_s)
            self._regions = StaticRegions(smooth.shape, self._regions.next_id)
            self._another_view_s = at_s
            self._warmup.clear()

    def _observe(self, before: Pixels, smooth: Gray32, at_s: float) -> bool:
        gain = gain_of(before, smooth)
        smooth = moved_back(smooth, shift_between(before.levels, smooth))
        levels = within_range(smooth, gain, before.levels)
        contrast = normalised(levels)
        since_before = before.since.copy()
        pixels = observe(before, contrast, levels, at_s, into=before)
        pixels = self._regions.follow(since_before, pixels)
        fresh = self._regions.unowned(pixels.mature & pixels.matched)
        lost_view = sudden(pixels, fresh) or self._view_changed(pixels, levels)
        if lost_view:
            pixels = bare(contrast, levels, at_s, former=pixels.levels)
            self._regions.clear()
        elif fresh.any():
            pixels = self._regions.admit(pixels, fresh, contrast, levels)
        pixels = self._regions.judge_again(pixels, contrast, levels)
        share = 1 - float(np.exp(-(at_s - before.at_s) / BACKGROUND_MEMORY_S))
        self._pixels = rescaled(pixels, 1 + share * (gain - 1), smooth)
        return lost_view

    def _view_changed(self, pixels: Pixels, levels: Gray32) -> bool:
        """Whether another view has stood for as long as a thing must stand to be one."""
        last, self._last_levels = self._last_levels, levels
        moving = np.abs(levels - last) > COVER_LEVELS_TOLERANCE
        if not another_view(other_brightness(pixels, levels), moving):
            self._another_view_s = pixels.at_s
        return pixels.at_s - self._another_view_s >= MATURE_S

    def _track(self, region: Region, now: datetime) -> Track:
        seen_at = self._moment(region.seen_s) if region.hidden else now
        came_at = self._moment(region.since_s)
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
            liquid=region.liquid,
            sure_at=self._moment(region.sure_s),
        )

    def _moment(self, at_s: float) -> datetime:
        return datetime.fromtimestamp(self._epoch_s + at_s, UTC)

    def _fractions(self, box: tuple[int, int, int, int]) -> Box:
        height, width = self._last_levels.shape
        x1, y1, x2, y2 = box
        return x1 / width, y1 / height, x2 / width, y2 / height
