"""What a picture says about its camera without any model: dark, frozen. One look every `LOOK_S`."""

from dataclasses import dataclass

from protocol.messages import CameraReason

LOOK_S = 2.0
DARK_MEAN_MAX = 12.0
DARK_SPREAD_MAX = 6.0
FROZEN_S = 30.0
"""A living sensor's noise, or the next key frame, changes some pixel within this time."""


@dataclass(frozen=True, slots=True)
class Look:
    """Measures of one grey picture in full size: mean and spread of its levels 0..255, checksum of its pixels."""

    mean: float
    spread: float
    checksum: int


@dataclass(frozen=True, slots=True)
class PictureHealth:
    """The newest checksum, and since when (monotonic seconds) it has been the same."""

    checksum: int | None = None
    same_since_s: float = 0.0


def judge(health: PictureHealth, look: Look, mono_s: float) -> tuple[PictureHealth, CameraReason | None]:
    """The fault that this look shows, if any; a dark picture that also stands still is called dark."""
    same = look.checksum == health.checksum
    after = health if same else PictureHealth(look.checksum, mono_s)
    if look.mean <= DARK_MEAN_MAX and look.spread <= DARK_SPREAD_MAX:
        return after, CameraReason.DARK
    if mono_s - after.same_since_s >= FROZEN_S:
        return after, CameraReason.FROZEN
    return after, None
