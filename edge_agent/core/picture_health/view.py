"""Covered, moved, blurred: the look against the learned view."""

from dataclasses import dataclass

import numpy as np

from edge_agent.core.picture_health.look import WIDTH_PX, CellMask, Finding, Gray32
from edge_agent.core.picture_health.reference import Light, Match, Seen
from protocol.messages import CameraReason

COVERED_LOST_MIN = 0.75
UNCOVERED_LOST_MAX = 0.5
"""Covered from the first share of lost structure on, and until less than the second is lost."""
COVERED_FIT_MAX = 0.25
"""Fog takes the strength of all lines, but leaves them where they are."""
SUDDEN_S = 30.0
"""A cover comes within this time; fog takes longer. What lies there at the start came while nobody looked."""
ELSEWHERE_MAX = 0.25
"""Two views that have nothing in common agree in a sixth of their cells."""
COMPARABLE_CELLS_MIN = 12
"""Fewer cells with structure then and now, an eighth of all, do not say where the view lies."""
SHIFT_MIN_PX = 2.0
SHIFT_ALIKE_MIN = 0.3
"""Of the small picture; the fit of the shifted view, 1 when it is whole, must be so much to be a view at all."""
SHIFT_GAIN_MIN = 0.15
"""A shifted view fits the reference better, by this much of a whole fit, than it does in place."""
ELSEWHERE_PERCENT = 100.0
"""Told as the shift of a view of which nothing is found again."""
BLURRED_SHARE_MIN = 0.75
BLURRED_REST_MAX = 0.5
BLURRED_CELLS_MIN = 8
"""So many of at least so many cells have lost half of their finest lines: one smooth thing is no fault of the lens."""
BLURRED_TEXTURE_MIN = 0.4
"""With less of the coarse left it is no matter of sharpness."""
SHIFT_LOOKED_FOR_BELOW = 0.8
"""With more of the view in place than this nobody looks for a shift."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Monotonic seconds of the newest look that showed the view, and whether the lens has been covered since."""

    seen_s: float | None = None
    is_covered: bool = False


def covered(sight: Sight, match: Match, mono_s: float) -> tuple[Sight, Finding | None]:
    """Nearly all structure went at once and has not come back; the value is the share that is lost."""
    suddenly = sight.seen_s is None or mono_s - sight.seen_s <= SUDDEN_S
    begins = suddenly and match.lost >= COVERED_LOST_MIN and match.fit <= COVERED_FIT_MAX
    is_covered = begins or (sight.is_covered and match.lost >= UNCOVERED_LOST_MAX)
    in_sight = match.lost < UNCOVERED_LOST_MAX
    after = Sight(mono_s if in_sight else sight.seen_s, is_covered)
    return after, Finding(CameraReason.COVERED, match.lost, COVERED_LOST_MIN) if is_covered else None


def moved(light: Light, now: Seen, match: Match, ignored: CellMask, *, is_dome: bool) -> Finding | None:
    """The view lies elsewhere in the picture, or outside it; the value is the shift in percent of the width."""
    if match.comparable < COMPARABLE_CELLS_MIN or match.in_place >= SHIFT_LOOKED_FOR_BELOW:
        return None
    reason = CameraReason.OFF_PRESET if is_dome else CameraReason.MOVED
    threshold = 100 * SHIFT_MIN_PX / WIDTH_PX
    shift_px = _shift_px(_shown(light.contrast, ignored), _shown(now.contrast, ignored))
    if shift_px is not None:
        return Finding(reason, 100 * shift_px / WIDTH_PX, threshold)
    if match.in_place < ELSEWHERE_MAX:
        return Finding(reason, ELSEWHERE_PERCENT, threshold)
    return None


def blurred(light: Light, now: Seen, match: Match) -> Finding | None:
    """Nearly all cells have lost their finest lines, alone and against their coarser ones (which fog keeps).

    The value is what is left of the sharpness, 1 when it is the reference's.
    """
    cells = match.structured
    if int(cells.sum()) < BLURRED_CELLS_MIN:
        return None
    if float(np.median(now.texture[cells] / light.texture[cells])) < BLURRED_TEXTURE_MIN:
        return None
    sharpness = now.sharpness[cells] / light.sharpness[cells]
    detail = now.detail[cells] / light.detail[cells]
    rest = np.maximum(sharpness, detail)
    if float((rest < BLURRED_REST_MAX).mean()) < BLURRED_SHARE_MIN:
        return None
    return Finding(CameraReason.BLURRED, float(np.median(rest)), BLURRED_REST_MAX)


def _shown(contrast: Gray32, ignored: CellMask) -> Gray32:
    """The picture without its mean and without ignored cells."""
    height, width = contrast.shape[0] // ignored.shape[0], contrast.shape[1] // ignored.shape[1]
    shown = contrast * ~np.repeat(np.repeat(ignored, height, axis=0), width, axis=1)
    centred: Gray32 = (shown - shown.mean()).astype(np.float32)
    return centred


def _shift_px(reference: Gray32, now: Gray32) -> float | None:
    """How far the view has moved, where it fits clearly better there than in place; None where it does not."""
    spectrum = np.conj(np.fft.rfft2(reference)) * np.fft.rfft2(now)
    fit = np.fft.irfft2(spectrum, s=reference.shape)
    whole = float(np.sqrt((reference**2).sum() * (now**2).sum()))
    if whole <= 0:
        return None
    fit /= whole
    down, across = np.unravel_index(int(fit.argmax()), fit.shape)
    rows, columns = fit.shape
    shift = np.hypot(min(down, rows - down), min(across, columns - across))
    clear = fit.max() >= SHIFT_ALIKE_MIN and fit.max() >= fit[0, 0] + SHIFT_GAIN_MIN
    return float(shift) if clear and shift >= SHIFT_MIN_PX else None
