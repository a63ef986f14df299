"""How long an unseen object is kept, and whether something stands in front of it.

What is not seen although its place is in plain view is gone; what is covered is only not seen. Who has stood for long
has earned a longer memory, for missed looks and far more for covered ones; both are bounded, so that nobody stays for
ever.
"""

import numpy as np

from edge_agent.core.tracking.boxes import Flags, Floats, overlaps
from edge_agent.core.tracking.objects import ABSENT_S, HIDDEN, SEEN_S, SINCE_S, STAY_MISSED_S, WITHIN_S, Table
from edge_agent.core.tracking.standing import stands

ABSENT_SHARE, ABSENT_S_MAX = 0.4, 30.0
"""In plain view somebody may be missed for the gap and this share of the time that he has stood, at most so long."""
HIDDEN_GAPS, HIDDEN_S_MAX = 2, 600.0
"""Behind something somebody is kept for so many gaps and as long as he has stood, at most so long."""
COVERED_SHARE_MIN = 0.4
"""Detectors lose what is covered by about so much."""
NEARER_SLACK = 0.1
"""What stands nearer ends lower in the picture, or higher by no more than this share of the farther one's height."""
SAME_PLACE_OVERLAP = 0.6
"""What overlaps somebody's place so much does not hide him, but is himself under another identity, or his successor."""
_PROBES = 6


def miss(table: Table, expected: Floats, visible: Floats, passed_s: float) -> None:
    """Note, in place, that these objects were not found in a look `passed_s` after the last one.

    `visible`: boxes of all that was found.
    """
    hidden = covered(expected, visible)
    table[:, HIDDEN] = hidden
    table[:, ABSENT_S] += np.where(hidden, 0.0, passed_s)
    table[:, STAY_MISSED_S] += np.where(hidden, 0.0, passed_s)


def kept(table: Table, now_s: float, gap_s: float) -> Flags:
    """Whom to keep in memory."""
    stood_s = np.where(stands(table), table[:, WITHIN_S] - table[:, SINCE_S], 0.0)
    hidden_s = now_s - table[:, SEEN_S] - table[:, ABSENT_S]
    absent = table[:, ABSENT_S] <= gap_s + np.minimum(ABSENT_SHARE * stood_s, ABSENT_S_MAX)
    keep: Flags = absent & (hidden_s <= HIDDEN_GAPS * gap_s + np.minimum(stood_s, HIDDEN_S_MAX))
    return keep


def covered(boxes: Floats, visible: Floats) -> Flags:
    """Whether visible boxes that stand nearer cover so much of each box that it cannot be expected to be found."""
    if not len(boxes) or not len(visible):
        return np.zeros(len(boxes), np.bool_)
    steps = (np.arange(_PROBES) + 0.5) / _PROBES
    across = boxes[:, 0, None] + steps * (boxes[:, 2] - boxes[:, 0])[:, None]
    down = boxes[:, 1, None] + steps * (boxes[:, 3] - boxes[:, 1])[:, None]
    x1, y1, x2, y2 = visible.T
    in_columns = (across[:, :, None] >= x1) & (across[:, :, None] <= x2)
    in_rows = (down[:, :, None] >= y1) & (down[:, :, None] <= y2)
    height = (boxes[:, 3] - boxes[:, 1])[:, None]
    nearer = visible[None, :, 3] >= boxes[:, 3, None] - NEARER_SLACK * height
    nearer &= overlaps(boxes, visible) < SAME_PLACE_OVERLAP
    inside = (in_rows & nearer[:, None, :]) @ in_columns.transpose(0, 2, 1)
    share: Flags = inside.mean(axis=(1, 2)) >= COVERED_SHARE_MIN
    return share
