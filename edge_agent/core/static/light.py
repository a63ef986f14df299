"""Whether what stands somewhere is only light: the same ground, evenly darker or brighter, or behind a creeping edge.

A thing brings a surface of its own: the ratio of its brightness to that of the ground behind it varies from pixel to
pixel. A shadow scales the ground by one factor, does not end where the place ends, and covers the ground in the order
in which its edge comes by.
"""

from dataclasses import dataclass

import numpy as np

from edge_agent.core.static.foreground import Gray32, Mask

BRIGHTNESS_FLOOR = 8.0
"""Below this many levels a ratio says nothing."""
EVEN_SPREAD_MAX = 0.03
"""Spread of the logarithm of the ratio (median of the distances from its median) over a place that is one surface."""
UNEVEN_SPREAD_MIN = 0.22
"""So uneven is no light, however it came: bikes that are put down one by one make a front too."""
FACTOR_LOG_MAX = 0.9
"""Light changes by at most this much: to 0.4 or 2.5 times as bright."""
AROUND_SHARE_MIN = 0.25
"""So much of the ring around a place has another brightness too: the change does not end there."""
OWN_BORDER_RATIO = 1.2
TEXTURE_CORRELATION_MIN, TEXTURE_MIN = 0.6, 0.02
FRONT_S, FRONT_EXPLAINED_MIN, FRONT_S_PER_PX_MIN = 3.5, 0.6, 0.3
"""An edge that needs this long to cross a place, slower than three pixels a second."""
PERCENTILES = (10, 90)
STAIN_FACTOR_LOG, STAIN_SPREAD_MAX, STAIN_DRY_SHARE_MIN = (-0.5, -0.2), 0.05, 0.12
"""A stain is 0.6 to 0.8 times as bright as the ground, evenly, and leaves so much of its place as it was."""


@dataclass(frozen=True, slots=True)
class Surface:
    """Brightness of a place against its background's.

    `factor_log`: logarithm of the common ratio; `spread`: how unevenly the place keeps to it; `texture`: correlation of
    the fine structure with the background's, 0 where the background has none; `around`: share of the ring with another
    brightness.
    """

    factor_log: float
    spread: float
    texture: float
    around: float

    @property
    def even(self) -> bool:
        """Whether one factor explains the place."""
        return self.spread < EVEN_SPREAD_MAX and abs(self.factor_log) < FACTOR_LOG_MAX


@dataclass(frozen=True, slots=True)
class Front:
    """How a place came to be covered: over `length_s`, by a straight front at `s_per_px` as far as `explained` says.

    `outwards` says how much of the order is that of a spot which grew from its middle.
    """

    length_s: float
    explained: float
    s_per_px: float
    outwards: float

    @property
    def creeps(self) -> bool:
        """Whether an edge crept over the place; nothing that is put down does so."""
        straight = self.explained >= FRONT_EXPLAINED_MIN and self.s_per_px >= FRONT_S_PER_PX_MIN
        return self.length_s >= FRONT_S and straight


def surface(now: Gray32, before: Gray32, inner: Mask, around: Mask, other: Mask) -> Surface:
    """Compare levels `now` and `before` over `inner`; `other`: where the brightness is not the background's."""
    log_now, log_before = (np.log(np.maximum(each, BRIGHTNESS_FLOOR)) for each in (now, before))
    ratio = (log_now - log_before)[inner]
    middle = float(np.median(ratio)) if ratio.size else 0.0
    spread = float(np.median(np.abs(ratio - middle))) if ratio.size else 0.0
    share = float(other[around].mean()) if around.any() else 0.0
    return Surface(middle, spread, _texture(log_now, log_before, inner), share)


def is_stain(now: Gray32, before: Gray32, own: Mask, unchanged_share: float) -> bool:
    """Whether the pixels `own` of a place are splashes on the ground: all darker by one factor, dry ground between.

    `unchanged_share`: how much of the place still looks as the background does. A thing fills the place it stands on.
    """
    if not own.any():
        return False
    ratio = np.log(np.maximum(now[own], BRIGHTNESS_FLOOR)) - np.log(np.maximum(before[own], BRIGHTNESS_FLOOR))
    middle = float(np.median(ratio))
    even = float(np.median(np.abs(ratio - middle))) < STAIN_SPREAD_MAX
    darker = STAIN_FACTOR_LOG[0] <= middle <= STAIN_FACTOR_LOG[1]
    return even and darker and unchanged_share >= STAIN_DRY_SHARE_MIN


def _texture(log_now: Gray32, log_before: Gray32, inner: Mask) -> float:
    """Correlation of the steps between neighbours, along both axes."""
    steps_now, steps_before = [], []
    for axis in (0, 1):
        kept = inner & np.roll(inner, 2, axis)
        steps_now.append((log_now - np.roll(log_now, 2, axis))[kept])
        steps_before.append((log_before - np.roll(log_before, 2, axis))[kept])
    one, other = np.concatenate(steps_now), np.concatenate(steps_before)
    if one.size == 0 or np.sqrt(np.mean(other**2)) < TEXTURE_MIN:
        return 0.0
    return float(np.mean(one * other) / np.sqrt(np.mean(one**2) * np.mean(other**2) + 1e-12))


def front(since_s: Gray32, mask: Mask) -> Front:
    """Fit the moments of arrival over `mask` with a straight front, and with a spot that grows."""
    rows, columns = np.nonzero(mask)
    moments = since_s[mask].astype(np.float64)
    if moments.size == 0:
        return Front(0.0, 0.0, 0.0, 0.0)
    moments = moments - moments.min()
    first, last = np.percentile(moments, PERCENTILES)
    varied = float(((moments - moments.mean()) ** 2).sum())
    if varied < 1e-6:  # noqa: PLR2004 - all at once
        return Front(0.0, 0.0, 0.0, 0.0)
    across, down = columns - columns.mean(), rows - rows.mean()
    grid = np.stack([across, down, np.ones(len(rows))], axis=1)
    slope = np.linalg.lstsq(grid, moments, rcond=None)[0]
    rest = float(((moments - grid @ slope) ** 2).sum())
    away = np.hypot(across / max(1.0, across.std()), down / max(1.0, down.std()))
    outwards = float(np.corrcoef(away, moments)[0, 1]) if away.std() > 0 else 0.0
    return Front(float(last - first), 1 - rest / varied, float(np.hypot(slope[0], slope[1])), outwards)


def only_light(surface: Surface, front: Front, appeared: float, vanished: float) -> bool:
    """Whether a place is light and no thing; `appeared` and `vanished`: mean edge strength along its border."""
    if front.creeps:
        return surface.spread < UNEVEN_SPREAD_MIN
    if not surface.even:
        return False
    no_border = appeared < OWN_BORDER_RATIO * vanished
    return no_border or surface.around > AROUND_SHARE_MIN or surface.texture > TEXTURE_CORRELATION_MIN
