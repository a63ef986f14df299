"""What is known of each followed object beside its `Track`: a table with one row for each.

A table is `[n, WIDTH]` floats; the constants below name its columns. Times are seconds of capture time since 1970,
lengths picture heights. Tables are never changed in place, except by who has just made them.
"""

import math

import numpy as np
import numpy.typing as npt

from edge_agent.core.tracking.boxes import Flags, Floats, steps

Table = Floats
Rows = npt.NDArray[np.intp]

BOX, VELOCITY = slice(0, 4), slice(4, 6)
"""Where it was seen last, and how it moves a second: 0 after a single sight."""
FIRST_S, SEEN_S = 6, 7
ABSENT_S, HIDDEN = 8, 9
"""For how long its place has been in plain view without it; 1 while something stands in front of it."""
PLACE, SINCE_S, WITHIN_S = slice(10, 14), 14, 15
"""Where its box has been staying, since when, and until when it was seen there."""
AWAY, AWAY_SINCE_S, OUT_SINCE_S = slice(16, 20), 20, 21
"""Where it has been found lately outside its place, since when there, and since when outside (`inf` while within)."""
ORIGIN, CAME = slice(22, 26), 26
"""Where it was seen first; 1 once it was seen to come."""
SURE_S = 27
"""When it was last found by a detection strong enough to begin a track."""
STAY_SEEN_S, STAY_MISSED_S = 28, 29
"""Since it came to its place: for how long it was seen there, and for how long it was not although nothing hid it."""
FOUND_SHARE, SURELY_S = 30, 31
"""In what share of the looks over the last second it was found, and when it was last found while that was half."""
WIDTH = 32

SHARE_MEMORY_S, SURE_SHARE = 1.0, 0.5

VELOCITY_MEMORY_S, VELOCITY_MEMORY_S_MAX, VELOCITY_MEMORY_SHARE = 0.5, 2.0, 0.25
"""How long an old velocity counts: a share of the object's age within these limits, so that one odd box of somebody who
has been standing for long does not send him off."""


def begun(boxes: Floats, now_s: float) -> Table:
    """Rows of objects that are seen for the first time."""
    table = np.zeros((len(boxes), WIDTH))
    for column in (BOX, PLACE, AWAY, ORIGIN):
        table[:, column] = boxes
    table[:, [FIRST_S, SEEN_S, SINCE_S, WITHIN_S, AWAY_SINCE_S, SURE_S, SURELY_S]] = now_s
    table[:, OUT_SINCE_S] = math.inf
    return table


def note_found(table: Table, found: Flags, now_s: float, look_s: float) -> None:
    """Bring up to date, in the table, how surely each object is seen after a look `look_s` after the last one."""
    table[:, FOUND_SHARE] += (1 - math.exp(-look_s / SHARE_MEMORY_S)) * (found - table[:, FOUND_SHARE])
    table[:, SURELY_S][found & (table[:, FOUND_SHARE] >= SURE_SHARE)] = now_s


def known_pace(table: Table) -> Flags:
    """Who was seen more than once."""
    known: Flags = table[:, SEEN_S] > table[:, FIRST_S]
    return known


def velocity(table: Table, boxes: Floats, now_s: float) -> Floats:
    """How each object moves when it is found at its box now."""
    passed_s = np.maximum(now_s - table[:, SEEN_S], 1e-6)
    measured = steps(table[:, BOX], boxes) / passed_s[:, None]
    age_s = table[:, SEEN_S] - table[:, FIRST_S]
    memory_s = np.minimum(np.maximum(VELOCITY_MEMORY_SHARE * age_s, VELOCITY_MEMORY_S), VELOCITY_MEMORY_S_MAX)
    share = np.where(age_s > 0, 1 - np.exp(-passed_s / memory_s), 1.0)
    smooth: Floats = table[:, VELOCITY] + share[:, None] * (measured - table[:, VELOCITY])
    return smooth
