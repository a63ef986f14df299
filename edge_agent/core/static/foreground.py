"""What has come to stand in front of the empty street: pixel by pixel, in seconds of capture time, without a model.

The background is the per-pixel median of the first pictures, then follows slowly where nothing stands in front of it.
Each pixel in front of the background remembers what covers it (its *cover*), since when, and for how long it was really
seen. A passer-by covers a pixel with something else at every look, so his cover never grows old; what is put down keeps
the same cover, also when people walk past it: the older a cover, the longer it may be hidden. `since` is therefore the
moment of arrival, not the moment of recognition.

Pictures are compared twice: contrast-normalised (light and soft shadows drop out) and in plain brightness after the
picture's common gain was taken out (the halo that normalisation draws around things drops out). Both must differ.

Arrays are `height` x `width`; times are seconds on a clock of capture time whose zero is at most some days ago, because
they are kept in 32 bits.
"""

import math
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

Gray32 = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

WARMUP_LOOKS, WARMUP_LOOKS_MIN, WARMUP_S = 5, 3, 2.0
"""The first background is the median of five looks, or of at least three when two seconds have passed."""
NORMALISED_DIFFERENCE = 20.0
LEVELS_DIFFERENCE, LEVELS_SHARE = 5.0, 0.03
"""Brightness must differ by this many levels and this share of the background's brightness."""
COVER_TOLERANCE, COVER_LEVELS_TOLERANCE = 20.0, 6.0
"""A cover is still the same when its contrast is, or its brightness: a neighbour that comes changes the former only."""
AGREEMENT_SHARE = 0.8
"""A pixel's background is known when so many of the first looks agree on it; else something was passing."""
TRUST_S = 4.0
"""A background that was seen for less than this gives way to what stands in front of it for longer than it was seen."""
NEAR_COVER_PX = 3
"""So close to a standing cover the background waits: the soft edge of a thing must not creep into it."""
FAINT_DIFFERENCE = 5.0
COVER_MEMORY = 0.2
BACKGROUND_MEMORY_S = 20.0
COVERED_MEMORY_S = 1800.0
RETURNED_SHARE_MIN = 0.6
"""A place that looks as the background did before, over so much of it, is that background again."""
BARE_S = 0.9
HIDDEN_SHARE, HIDDEN_S_MAX = 0.5, 10.0
"""A cover may be hidden for this share of the time for which it was seen, at most `HIDDEN_S_MAX`."""
MATURE_S, SEEN_SHARE_MIN = 1.9, 0.5
BAND_ROWS = 64
"""Rows of the picture that are looked at together."""
GAIN_STEP_PX = 5
GAIN_BRIGHTNESS_MIN = 16.0
GAIN_MIN, GAIN_MAX = 0.25, 4.0
SATURATED, NEAR_SATURATED = 248.0, 210.0
CLIPPING, CLIPPING_GAIN_MIN, CLIPPED_NOISE_LEVELS = 150.0, 1.04, 2.0
"""A grey value of so much may have a colour at the end of its range, and keeps it but for noise; the picture must have
got so much brighter."""


@dataclass(frozen=True, slots=True)
class Pixels:
    """State of every pixel. `since` is infinite where nothing covers the background.

    `known_s` counts for how long the background was seen, up to `TRUST_S`. `former` is the brightness of the background
    that first gave way to what stood before it, where that happened; elsewhere what it was at first.
    """

    background: Gray32
    levels: Gray32
    former: Gray32
    known_s: Gray32
    cover: Gray32
    cover_levels: Gray32
    since: Gray32
    seen: Gray32
    held_s: Gray32
    covered: Mask
    matched: Mask
    at_s: float

    @property
    def mature(self) -> Mask:
        """Covers that stand: old enough, and seen for at least half of their age."""
        age_s = np.float32(self.at_s) - self.since
        return (age_s >= MATURE_S) & (self.held_s >= SEEN_SHARE_MIN * age_s)


_ARRAYS = tuple(field.name for field in fields(Pixels) if field.name != "at_s")


def begin(looks: list[tuple[Gray32, Gray32]], at_s: float) -> Pixels:
    """Background from the first looks, each contrast-normalised and in levels."""
    contrasts = np.stack([normalised for normalised, _ in looks])
    background = _median(contrasts)
    levels = _median(np.stack([plain for _, plain in looks]))
    agreement = (np.abs(contrasts - background) < NORMALISED_DIFFERENCE).mean(axis=0)
    known_s = np.where(agreement >= AGREEMENT_SHARE, np.float32(WARMUP_S), np.float32(0))
    return replace(bare(background, levels, at_s), known_s=known_s)


def warm(looks: int, passed_s: float) -> bool:
    """Whether that many looks over that time make a background."""
    return looks >= WARMUP_LOOKS or (looks >= WARMUP_LOOKS_MIN and passed_s >= WARMUP_S)


def bare(background: Gray32, levels: Gray32, at_s: float, former: Gray32 | None = None) -> Pixels:
    """Pixels with nothing in front of this background, which took the place of `former`."""
    shape = background.shape
    return Pixels(
        background=background,
        levels=levels,
        former=(levels if former is None else former).copy(),
        known_s=np.full(shape, TRUST_S, np.float32),
        cover=background.copy(),
        cover_levels=levels.copy(),
        since=np.full(shape, math.inf, np.float32),
        seen=np.full(shape, -math.inf, np.float32),
        held_s=np.zeros(shape, np.float32),
        covered=np.zeros(shape, np.bool_),
        matched=np.zeros(shape, np.bool_),
        at_s=at_s,
    )


def gain_of(pixels: Pixels, levels: Gray32) -> float:
    """How much brighter the whole picture is than the background: the median of the ratio over a grid of pixels.

    What is nearly over-exposed shows less than the whole gain.
    """
    grid = (slice(None, None, GAIN_STEP_PX), slice(None, None, GAIN_STEP_PX))
    known, now = pixels.levels[grid], levels[grid]
    usable = (known > GAIN_BRIGHTNESS_MIN) & ~pixels.covered[grid] & (now < NEAR_SATURATED)
    if np.count_nonzero(usable) < known.size // 10:
        usable = known > GAIN_BRIGHTNESS_MIN
    if not usable.any():
        return 1.0
    return float(np.clip(_median(now[usable] / known[usable]), GAIN_MIN, GAIN_MAX))


def _median(values: Gray32) -> Gray32:
    """Median along the first axis. NumPy's own loads its masked arrays first, a megabyte in each camera's process."""
    ordered = np.sort(values, axis=0)
    middle = len(ordered) // 2
    median: Gray32 = (ordered[middle] + ordered[(len(ordered) - 1) // 2]) / np.float32(2)
    return median


def observe(pixels: Pixels, normalised: Gray32, levels: Gray32, at_s: float, into: Pixels | None = None) -> Pixels:
    """Pixels after a look; `levels` already has the gain taken out. `at_s` must not lie before the last look.

    The arrays of the result are those of `into`, where it is given; it may be `pixels` itself, which is lost then.
    It goes band by band, so that what is only needed in between stays small. A band reaches into its neighbours as far
    as pixels have a say in each other: the result is that of the whole picture at once.
    """
    arrays = into or replace(pixels, **{name: np.empty_like(getattr(pixels, name)) for name in _ARRAYS})
    height = len(normalised)
    finished: tuple[int, Pixels] | None = None
    for top in range(0, height, BAND_ROWS):
        bottom = min(top + BAND_ROWS, height)
        first, end = max(0, top - NEAR_COVER_PX), min(bottom + NEAR_COVER_PX, height)
        band = _observed(_rows(pixels, first, end), normalised[first:end], levels[first:end], at_s)
        if finished is not None:
            _write(arrays, *finished)
        finished = top, _rows(band, top - first, bottom - first)
    if finished is not None:
        _write(arrays, *finished)
    return replace(arrays, at_s=at_s)


def _write(arrays: Pixels, top: int, band: Pixels) -> None:
    for name in _ARRAYS:
        part = getattr(band, name)
        getattr(arrays, name)[top : top + len(part)] = part


def _rows(pixels: Pixels, first: int, end: int) -> Pixels:
    return replace(pixels, **{name: getattr(pixels, name)[first:end] for name in _ARRAYS})


def _observed(pixels: Pixels, normalised: Gray32, levels: Gray32, at_s: float) -> Pixels:
    same = _same_cover(pixels, normalised, levels)
    covered = _differs(pixels, normalised, levels) | (same & _nearer_to_cover(pixels, normalised, levels))
    matched = covered & same
    now = np.float32(at_s)
    hidden_s = now - pixels.seen
    begun = covered & ~matched & (hidden_s > np.minimum(HIDDEN_SHARE * pixels.held_s, HIDDEN_S_MAX))
    gone = ~covered & (hidden_s > BARE_S)
    held_s = np.where(matched, pixels.held_s + np.float32(at_s - pixels.at_s), pixels.held_s)
    after = replace(
        pixels,
        cover=_followed(pixels.cover, normalised, matched, begun),
        cover_levels=_followed(pixels.cover_levels, levels, matched, begun),
        since=np.where(begun, now, np.where(gone, np.float32(math.inf), pixels.since)),
        seen=np.where(matched | begun, now, pixels.seen),
        held_s=np.where(begun | gone, 0, held_s).astype(np.float32),
        covered=covered,
        matched=matched,
        at_s=at_s,
    )
    passed_s = at_s - pixels.at_s
    return _settled(_adapted(after, normalised, levels, passed_s), passed_s)


def _same_cover(pixels: Pixels, normalised: Gray32, levels: Gray32) -> Mask:
    contrast = np.abs(normalised - pixels.cover) < COVER_TOLERANCE
    brightness = np.abs(levels - pixels.cover_levels) < COVER_LEVELS_TOLERANCE
    same: Mask = (contrast | brightness) & np.isfinite(pixels.since)
    return same


def _nearer_to_cover(pixels: Pixels, normalised: Gray32, levels: Gray32) -> Mask:
    """Where a faint cover, once it stands, is still more likely than the background; else it would flicker."""
    contrast = np.abs(normalised - pixels.cover) < np.abs(normalised - pixels.background) - FAINT_DIFFERENCE
    brightness = np.abs(levels - pixels.cover_levels) < np.abs(levels - pixels.levels)
    nearer: Mask = contrast & brightness & (pixels.held_s >= BARE_S)
    return nearer


def _followed(cover: Gray32, seen: Gray32, matched: Mask, begun: Mask) -> Gray32:
    return np.where(begun, seen, np.where(matched, cover + np.float32(COVER_MEMORY) * (seen - cover), cover))


def _adapted(pixels: Pixels, normalised: Gray32, levels: Gray32, passed_s: float) -> Pixels:
    """The background follows what is bare, hardly what is covered, and nothing in or beside a standing cover."""
    share = np.where(pixels.covered, _share(passed_s, COVERED_MEMORY_S), _share(passed_s, BACKGROUND_MEMORY_S))
    standing = pixels.covered & np.isfinite(pixels.since) & (pixels.held_s > MATURE_S)
    share = np.where(_near(standing), 0, share).astype(np.float32)
    background = pixels.background + share * (normalised - pixels.background)
    return replace(pixels, background=background, levels=pixels.levels + share * (levels - pixels.levels))


def _settled(pixels: Pixels, passed_s: float) -> Pixels:
    """Where the background was hardly ever seen, what stands for longer becomes it."""
    settled = (pixels.known_s < TRUST_S) & pixels.mature & pixels.matched & (pixels.held_s > pixels.known_s)
    after = absorbed(pixels, settled, pixels.cover, pixels.cover_levels) if settled.any() else pixels
    known_s = np.where(settled, pixels.held_s, np.where(pixels.covered, pixels.known_s, pixels.known_s + passed_s))
    return replace(after, known_s=np.minimum(known_s, TRUST_S).astype(np.float32))


def _near(mask: Mask) -> Mask:
    """The mask and everything within `NEAR_COVER_PX` of it, along both axes."""
    if not mask.any():
        return mask
    padded = np.pad(mask, NEAR_COVER_PX)
    height, width = mask.shape
    steps = range(2 * NEAR_COVER_PX + 1)
    wide = np.logical_or.reduce([padded[:, step : step + width] for step in steps])
    near: Mask = np.logical_or.reduce([wide[step : step + height] for step in steps])
    return near


def rescaled(pixels: Pixels, gain: float, smooth: Gray32) -> Pixels:
    """Pixels after the background's brightness followed a part of the picture's gain.

    A bare surface with a colour at the end of its range gets no brighter than `smooth`, the picture, shows it.
    """
    factor = np.float32(gain)
    levels = pixels.levels * factor
    if gain > 1:
        clipped = ~pixels.covered & (smooth >= CLIPPING) & (levels > smooth)
        levels = np.where(clipped, np.maximum(pixels.levels, smooth), levels)
    return replace(
        pixels,
        levels=levels,
        former=pixels.former * factor,
        cover_levels=pixels.cover_levels * factor,
    )


def sooner(pixels: Pixels, by_s: float) -> Pixels:
    """The same pixels on a clock whose zero lies `by_s` later."""
    by = np.float32(by_s)
    return replace(pixels, since=pixels.since - by, seen=pixels.seen - by, at_s=pixels.at_s - by_s)


def absorbed(pixels: Pixels, where: Mask, normalised: Gray32, levels: Gray32) -> Pixels:
    """Pixels after what is seen at `where` was declared background."""
    return replace(
        pixels,
        former=np.where(where & ~other_than(pixels.former, pixels.levels), pixels.levels, pixels.former),
        background=np.where(where, normalised, pixels.background),
        levels=np.where(where, levels, pixels.levels),
        since=np.where(where, np.float32(math.inf), pixels.since),
        held_s=np.where(where, np.float32(0), pixels.held_s),
        covered=pixels.covered & ~where,
        matched=pixels.matched & ~where,
    )


def shown_again(pixels: Pixels, where: Mask, normalised: Gray32, levels: Gray32) -> Pixels:
    """Pixels after the earlier background took its place again at `where`; what had become background is forgotten."""
    after = absorbed(pixels, where, normalised, levels)
    return replace(after, former=np.where(where, levels, pixels.former))


def returned(pixels: Pixels, levels: Gray32, window: tuple[slice, slice], own: Mask) -> bool:
    """Whether the pixels `own` of a window show again what was background there before it gave way."""
    gave_way = own & other_than(pixels.former[window], pixels.levels[window])
    again = gave_way & ~other_than(pixels.former[window], levels[window])
    return bool(np.count_nonzero(again) >= RETURNED_SHARE_MIN * np.count_nonzero(own))


def begun_anew(pixels: Pixels, where: Mask) -> Pixels:
    """Pixels after what covers them at `where` is taken for something that begins to stand only now."""
    return replace(
        pixels,
        since=np.where(where & np.isfinite(pixels.since), np.float32(pixels.at_s), pixels.since),
        held_s=np.where(where, np.float32(0), pixels.held_s),
    )


def _differs(pixels: Pixels, normalised: Gray32, levels: Gray32) -> Mask:
    differs: Mask = (np.abs(normalised - pixels.background) > NORMALISED_DIFFERENCE) & other_brightness(pixels, levels)
    return differs


def other_brightness(pixels: Pixels, levels: Gray32) -> Mask:
    """Where the brightness is not the background's: the inside of a large plain thing has no contrast, but this."""
    return other_than(pixels.levels, levels)


def other_than(before: Gray32, now: Gray32) -> Mask:
    """Where two pictures in levels differ by more than noise."""
    differs: Mask = np.abs(now - before) > _tolerance(before)
    return differs


def _tolerance(levels: Gray32) -> Gray32:
    return LEVELS_DIFFERENCE + LEVELS_SHARE * levels


def within_range(smooth: Gray32, gain: float, background: Gray32) -> Gray32:
    """The picture with its gain taken out; where it is over-exposed, as the background would be, the background.

    A coloured surface reaches the end of one colour's range before it is white: where the background would be so
    bright, whatever is not darker than it was, and less than it should be, may be the background.
    """
    levels: Gray32 = smooth / np.float32(gain)
    if gain > 1:
        due = background * np.float32(gain)
        blind = (smooth >= SATURATED) & (due >= SATURATED)
        if gain > CLIPPING_GAIN_MIN:
            blind |= (due >= CLIPPING) & (smooth >= background - CLIPPED_NOISE_LEVELS) & (smooth <= due)
        levels[blind] = background[blind]
    return levels


def _share(passed_s: float, memory_s: float) -> float:
    return 1 - math.exp(-passed_s / memory_s)
