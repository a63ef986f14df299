"""Wet ground: what is tipped out spreads, rain darkens the street patch by patch, the water truck leaves a band.

Water darkens; the ground's texture stays visible through it. What stands on the ground is drawn over it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from provisioning.simulator.drawing.canvas import Picture
from provisioning.simulator.drawing.ground import Ground
from provisioning.simulator.drawing.street import OVERSAMPLING
from provisioning.simulator.video.acts.act import look_of
from provisioning.simulator.video.acts.vehicles import truck_way
from provisioning.simulator.video.script import Episode, Kind, Script

SPREADS_S, DRIES_S = 12.0, 25.0
"""A puddle grows for so long; it dries for so long before the end of its episode."""
RAIN_WETS_S = 45.0

_SPOT_DARK, _RAIN_DARK, _BAND_DARK = 0.42, 0.3, 0.28
_SPOT_M = (0.75, 1.35)
FLAT = 0.34
"""A puddle is so much shorter than wide, seen from a camera."""
_RAGGED, _RAGGED_PX = 0.22, 9
_SOFT, _RAIN_SOFT = 0.06, 0.3
_BAND_M = 1.1
_PATCH_PX = 60
_ALL = 1 << 14

Shade = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Wetting:
    """`order` [h, w]: the sooner a pixel of the window gets wet, the smaller it is; `window` on the picture."""

    episode: Episode
    order: Shade
    window: tuple[slice, slice]
    dark: float
    band: tuple[tuple[float, float], tuple[float, float]] | None = None


def wettings(script: Script, ground: Ground, seed: int) -> tuple[Wetting, ...]:
    """Return the wet places of a script, in picture pixels."""
    return tuple(_prepared(script, ground, seed))


def _prepared(script: Script, ground: Ground, seed: int) -> Iterator[Wetting]:
    size = ground.height // OVERSAMPLING, ground.width // OVERSAMPLING
    for index, episode in enumerate(script.episodes):
        look = look_of(seed, index)
        match episode.kind:
            case Kind.DUMP_LIQUID if episode.place is not None:
                x = episode.place.across * ground.width
                base = ground.base(episode.place.depth)
                yield _spot(episode, look, size, (x, ground.row(x, base), ground.scale(base)))
            case Kind.WET_ROAD:
                yield _rain(episode, look, size, ground)
            case Kind.SPRINKLER if episode.place is not None:
                yield _band(episode, look, size, ground)
            case _:
                pass


def _spot(episode: Episode, look: int, size: tuple[int, int], at: tuple[float, float, float]) -> Wetting:
    rng = np.random.default_rng([look, 67])
    x, y, metre = (value / OVERSAMPLING for value in at)
    half = rng.uniform(*_SPOT_M) * metre
    window = _window(size, (x - 1.6 * half, y - 1.6 * half * FLAT, x + 1.6 * half, y + 1.6 * half * FLAT))
    rows, columns = np.mgrid[window]
    across, down = (columns - x) / half, (rows - y) / (half * FLAT)
    lobes = sum(rng.uniform(0.04, 0.16) * np.cos(n * np.arctan2(down, across) + rng.uniform(0, 6.3)) for n in (2, 3, 5))
    order = np.hypot(across, down) + lobes + _RAGGED * _noise(rng, across.shape, _RAGGED_PX)
    return Wetting(episode, order.astype(np.float32), window, _SPOT_DARK)


def _rain(episode: Episode, look: int, size: tuple[int, int], ground: Ground) -> Wetting:
    rng = np.random.default_rng([look, 68])
    window = np.s_[max(0, int(ground.wall) // OVERSAMPLING) : size[0], 0 : size[1]]
    shape = size[0] - window[0].start, size[1]
    order = 0.5 + 0.22 * _noise(rng, shape, _PATCH_PX) + 0.1 * _noise(rng, shape, _RAGGED_PX)
    return Wetting(episode, order.astype(np.float32), window, _RAIN_DARK)


def _band(episode: Episode, look: int, size: tuple[int, int], ground: Ground) -> Wetting:
    assert episode.place is not None  # noqa: S101 - chosen by the caller
    rng = np.random.default_rng([look, 69])
    base = ground.base(episode.place.depth)
    metre = ground.scale(base) / OVERSAMPLING
    middle = np.array([ground.row(float(x * OVERSAMPLING), base) / OVERSAMPLING for x in range(size[1])])
    window = _window(size, (0, middle.min() - metre * _BAND_M, size[1], middle.max() + metre * _BAND_M))
    rows = np.arange(window[0].start, window[0].stop)[:, None]
    order = np.abs(rows - middle[None, :]) / (metre * _BAND_M * 0.7) + 0.2 * _noise(
        rng, (len(rows), size[1]), _RAGGED_PX
    )
    way = truck_way(ground, base, episode.start_s)
    first, last = ((second, x / OVERSAMPLING) for second, x, _ in (way[0], way[-1]))
    return Wetting(episode, order.astype(np.float32), window, _BAND_DARK, (first, last))


def darkened(picture: Picture, wet: tuple[Wetting, ...], t_s: float) -> None:
    """Darken the empty street by what is wet at that second."""
    for one in wet:
        if one.episode.start_s <= t_s < one.episode.end_s:
            _darken(picture[one.window], one, t_s)


def _darken(region: Picture, one: Wetting, t_s: float) -> None:
    since, left = t_s - one.episode.start_s, one.episode.end_s - t_s
    dries_s = min(DRIES_S, (one.episode.end_s - one.episode.start_s) / 3)
    strength = min(1.0, left / dries_s)
    match one.episode.kind:
        case Kind.DUMP_LIQUID:
            reach = 0.25 + 0.75 * min(1.0, since / SPREADS_S) ** 0.6
        case Kind.WET_ROAD:
            reach = 1.25 * since / RAIN_WETS_S
        case _:
            reach = 1.0
    soft = _RAIN_SOFT if one.episode.kind is Kind.WET_ROAD else _SOFT
    wet = np.clip((reach - one.order) / soft, 0, 1)
    if one.band is not None:
        (first_s, first_x), (last_s, last_x) = one.band
        front = first_x + (last_x - first_x) * min(1.0, (t_s - first_s) / (last_s - first_s))
        wet = wet * (np.arange(region.shape[1]) < front - region.shape[1] * 0.1)
    kept = ((1 - np.float32(one.dark * strength) * wet) * _ALL).astype(np.uint16)[..., None]
    region[:] = ((region.astype(np.uint32) * kept) // _ALL).astype(np.uint8)


def _window(size: tuple[int, int], edges: tuple[float, float, float, float]) -> tuple[slice, slice]:
    x1, y1, x2, y2 = edges
    top, left = min(max(0, int(y1)), size[0] - 2), min(max(0, int(x1)), size[1] - 2)
    return np.s_[top : min(size[0], max(top + 2, int(y2) + 1)), left : min(size[1], max(left + 2, int(x2) + 1))]


def _noise(rng: np.random.Generator, shape: tuple[int, ...], size_px: int) -> Shade:
    seeds = rng.standard_normal((shape[0] // size_px + 2, shape[1] // size_px + 2)).astype(np.float32)
    return np.asarray(cv2.resize(seeds, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)
