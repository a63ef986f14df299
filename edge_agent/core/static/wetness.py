"""Whether a place is ground that got wet: tipped out liquid darkens it from a spot outwards and keeps its texture.

Not so: rain (large parts, everywhere), the band behind a water truck and a shadow's edge (a straight front), the shadow
of somebody who stands there (comes at once, does not spread).
"""

from edge_agent.core.static.light import Front, Surface

FACTOR_LOG_RANGE = (-0.9, -0.1)
"""Wet ground is darker: 0.4 to 0.9 times as bright."""
SPREAD_MAX = 0.06
"""A puddle is less even than a shadow: its rim is half wet."""
SPREADS_S = 2.5
OUTWARDS_MIN, STRAIGHT_MAX = 0.35, 0.6
AROUND_MAX = 0.35
AREA_SHARE_MAX = 0.06
"""Of the picture; larger is weather."""
LENGTH_SHARE_MAX, BAND_ASPECT = 0.5, 6.0
"""What crosses half of the picture, or is so much longer than wide, is a band."""


def spreads(front: Front) -> bool:
    """Whether a place grew from its middle outwards for some seconds."""
    grew = front.length_s >= SPREADS_S and front.outwards >= OUTWARDS_MIN
    return grew and front.explained < STRAIGHT_MAX


def is_patch(surface: Surface, size: tuple[int, int], area_px: int, picture: tuple[int, int]) -> bool:
    """Whether a place may be a wet patch as it looks now, however it came.

    `size` and `picture`: width and height in pixels; `area_px`: its pixels.
    """
    width, height = size
    band = width > LENGTH_SHARE_MAX * picture[0] or width > BAND_ASPECT * max(1, height) or height > 2 * width
    bounded = area_px <= AREA_SHARE_MAX * picture[0] * picture[1] and not band and surface.around <= AROUND_MAX
    darker = FACTOR_LOG_RANGE[0] <= surface.factor_log <= FACTOR_LOG_RANGE[1]
    return bounded and darker and surface.spread <= SPREAD_MAX
