"""Whether the picture stands still.

A coder repeats a quiet picture to the bit from one key frame to the next, and every sensor's noise makes each key frame
another one. A frozen picture that is coded anew comes back in the same few versions. So a cell lives while it shows
what it has not shown before, and a picture is frozen when hardly any cell has lived for `FROZEN_S`: a running clock
keeps only the few cells alive that it is written in.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge_agent.core.picture_health.look import COLUMNS, ROWS, CellHashes, Finding, Watched
from protocol.messages import CameraReason

FROZEN_S = 60.0
"""Some key frames, also of a stream that has one in twenty seconds."""
LIVING_SHARE_MAX = 0.125
"""A clock and a line of text; the noise of a living sensor is everywhere."""
VERSIONS_MAX = 12
"""Of the looks that showed something new, the last so many are remembered."""


@dataclass(frozen=True, slots=True)
class Versions:
    """`known` [looks, rows, columns]: hashes of the last looks; `lived_s`: when each cell last showed a new one."""

    known: npt.NDArray[np.uint32]
    lived_s: npt.NDArray[np.float64]


def frozen(
    versions: Versions | None, hashes: CellHashes, watched: Watched, mono_s: float
) -> tuple[Versions, Finding | None]:
    """Versions after a look, and whether the picture stands; the value is the seconds for which it has."""
    if versions is None:
        return Versions(hashes[None], np.full((ROWS, COLUMNS), mono_s)), None
    is_new = ~(versions.known == hashes).any(axis=0)
    known = np.concatenate([versions.known, hashes[None]])[-VERSIONS_MAX:] if is_new.any() else versions.known
    after = Versions(known, np.where(is_new, mono_s, versions.lived_s))
    counted = np.sort(after.lived_s[~watched.ignored])
    if not counted.size:
        return after, None
    stands_s = mono_s - float(np.interp((1 - LIVING_SHARE_MAX) * (counted.size - 1), np.arange(counted.size), counted))
    return after, Finding(CameraReason.FROZEN, stands_s, FROZEN_S) if stands_s >= FROZEN_S else None
