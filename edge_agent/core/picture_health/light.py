"""Too dark, too bright, or of one colour."""

import numpy as np

from edge_agent.core.picture_health.look import CellMask, Cells, Finding, Measures
from protocol.messages import CameraReason

DARK_MEAN_MAX = 12.0
DARK_SPREAD_MAX = 6.0
"""Of 255 levels: black, and black everywhere."""
BURNT_SHARE_MIN = 0.5
"""Of the pixels at white."""
CAST_LEVELS_MIN = 16.0
"""Levels away from the colours that the reference knows in this light."""
CAST_ALONE_LEVELS_MIN = 36.0
"""Without a reference: no street is so colourful everywhere."""
CAST_CELLS_SHARE_MIN = 0.8
"""A van or a wall of one colour fills some cells, a fault of the sensor nearly all."""
CAST_MEAN_MIN = 60.0
"""Below it lamps colour the picture, not the sensor."""


def dark(look: Measures) -> Finding | None:
    """Black, whatever lies behind it; a night street with lamps has too much spread."""
    if look.mean <= DARK_MEAN_MAX and look.spread <= DARK_SPREAD_MAX:
        return Finding(CameraReason.DARK, look.mean, DARK_MEAN_MAX)
    return None


def overexposed(look: Measures) -> Finding | None:
    """Most of the picture at white. Snow and fog are bright, not burnt out."""
    if look.burnt_share >= BURNT_SHARE_MIN:
        return Finding(CameraReason.OVEREXPOSED, look.burnt_share, BURNT_SHARE_MIN)
    return None


def colour_cast(look: Measures, reference: Cells | None, ignored: CellMask) -> Finding | None:
    """By day nearly all cells have moved to the same side, away from the reference's colours (else from grey)."""
    if look.mean < CAST_MEAN_MIN or ignored.all():
        return None
    threshold = CAST_ALONE_LEVELS_MIN if reference is None else CAST_LEVELS_MIN
    away = (look.chroma if reference is None else look.chroma - reference)[:, ~ignored]
    typical = np.median(away, axis=1)
    length = float(np.hypot(*typical))
    if length < threshold:
        return None
    along = typical @ away / length
    shared = float((along >= threshold / 2).mean())
    return Finding(CameraReason.COLOUR_CAST, length, threshold) if shared >= CAST_CELLS_SHARE_MIN else None
