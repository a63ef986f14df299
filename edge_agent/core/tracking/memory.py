"""How long an unseen object is kept, and whether something stands in front of it.

What is not seen although its place is in plain view is gone; what is covered is only not seen. Who has stood for long
has earned a longer memory, for missed looks and far more for covered ones; both are bounded, so that nobody stays for
ever.
"""

from dataclasses import replace

import numpy as np

from edge_agent.core.tracking.boxes import Flags, Floats
from edge_agent.core.tracking.objects import Objects

ABSENT_SHARE, ABSENT_S_MAX = 0.4, 30.0
"""In plain view somebody may be missed for the gap and this share of the time that he has stood, at most so long."""
HIDDEN_S_MAX = 600.0
"""Behind something somebody is kept for two gaps and as long as he has stood, at most so long."""
COVERED_SHARE_MIN = 0.4
"""Detectors lose what is covered by about so much."""
NEARER_SLACK = 0.1
"""What stands nearer ends lower in the picture, or higher by no more than this share of the farther one's height."""
_PROBES = 6


def unseen(objects: Objects, expected: Floats, visible: Floats, looked_s: float, now_s: float) -> Objects:
    """Objects not found in this look; `visible`: boxes of all that was found, `looked_s`: when the last look was."""
    hidden = covered(expected, visible)
    passed_s = now_s - looked_s
    return replace(objects, hidden=hidden, absent_s=objects.absent_s + np.where(hidden, 0.0, passed_s))


def kept(objects: Objects, now_s: float, gap_s: float) -> Flags:
    """Whom to keep in memory."""
    stood_s = np.where(objects.place.stands, objects.place.within_s - objects.place.since_s, 0.0)
    hidden_s = now_s - objects.seen_s - objects.absent_s
    absent = objects.absent_s <= gap_s + np.minimum(ABSENT_SHARE * stood_s, ABSENT_S_MAX)
    keep: Flags = absent & (hidden_s <= 2 * gap_s + np.minimum(stood_s, HIDDEN_S_MAX))
    return keep


def covered(boxes: Floats, visible: Floats) -> Flags:
    """Whether visible boxes that stand nearer cover so much of each box that it cannot be expected to be found."""
    if not len(boxes) or not len(visible):
        return np.zeros(len(boxes), np.bool_)
    steps = (np.arange(_PROBES) + 0.5) / _PROBES
    across = boxes[:, 0, None] + steps * (boxes[:, 2] - boxes[:, 0])[:, None]
    down = boxes[:, 1, None] + steps * (boxes[:, 3] - boxes[:, 1])[:, None]
    x1, y1, x2, y2 = (visible[:, side][None, None, :] for side in range(4))
    in_columns = (across[:, :, None] >= x1) & (across[:, :, None] <= x2)
    in_rows = (down[:, :, None] >= y1) & (down[:, :, None] <= y2)
    height = (boxes[:, 3] - boxes[:, 1])[:, None]
    nearer = visible[None, :, 3] >= boxes[:, 3, None] - NEARER_SLACK * height
    inside = (in_rows & nearer[:, None, :])[:, :, None, :] & in_columns[:, None, :, :]
    share: Flags = inside.any(axis=3).mean(axis=(1, 2)) >= COVERED_SHARE_MIN
    return share
