"""How an evidence picture is made to fit its bytes: less quality first, then fewer pixels."""

from dataclasses import dataclass

QUALITIES_PERCENT = (85, 70, 55)
"""Below the last a plate can no longer be read: a smaller picture shows more in the same bytes."""
WIDTH_SHARE = 0.8
WIDTH_MIN_PX = 320
"""A smaller picture shows nobody what happened."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """Width and JPEG quality of one try."""

    width_px: int
    quality_percent: int = QUALITIES_PERCENT[0]


def smaller(tried: Encoding, size_bytes: int, bytes_max: int) -> Encoding | None:
    """What to try after `tried` gave `size_bytes`; None when that fits, or when nothing smaller is of any use."""
    if size_bytes <= bytes_max:
        return None
    lower = [quality for quality in QUALITIES_PERCENT if quality < tried.quality_percent]
    if lower:
        return Encoding(tried.width_px, max(lower))
    if tried.width_px <= WIDTH_MIN_PX:
        return None
    return Encoding(max(WIDTH_MIN_PX, round(tried.width_px * WIDTH_SHARE)), tried.quality_percent)
