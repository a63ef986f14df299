"""Drawn street life with its truth: who walks, stands, parks and passes before whom, and what a detector makes of it.

Lengths are metres on a street whose depth runs from 0 (far) to 1 (near); a picture is 16:9. Nearer things cover farther
ones: what is covered by more than three quarters is never found, what is half covered is found now and then and with
the box of its visible part. Missed and false detections and the jitter of boxes are drawn on top.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge_agent.core.values import START_SCORE_DEFAULT, Detection
from protocol.geometry import Box

ASPECT = 16 / 9
LENGTH_S = 60.0
STREET_TOP, STREET_DEPTH = 0.34, 0.6
"""Where the far end of the street lies in the picture, and how far down it reaches, in picture heights."""
METRE_FAR, METRE_NEAR = 0.045, 0.16
WALK_MPS, VEHICLE_MPS = (0.6, 1.9), (3.0, 7.0)
MISSED_SHARE, FALSE_A_LOOK, JITTER_SHARE = 0.1, 0.05, 0.03
VISIBLE_NONE, VISIBLE_ALL, VISIBLE_WHOLE_BOX = 0.25, 0.6, 0.75
"""Visible shares below which nothing is found, above which all is found, and above which the box is whole."""
_PROBES = 8

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Actor:
    """One thing: its size in metres, and the way of its foot point: times, metres across, depths."""

    label: str
    width_m: float
    height_m: float
    times_s: tuple[float, ...]
    across_m: tuple[float, ...]
    depth: tuple[float, ...]

    def box(self, at_s: float) -> Box | None:
        """Where it is in picture heights, None before and after its time."""
        if not self.times_s[0] <= at_s <= self.times_s[-1]:
            return None
        across = float(np.interp(at_s, self.times_s, self.across_m))
        depth = float(np.interp(at_s, self.times_s, self.depth))
        metre = METRE_FAR + (METRE_NEAR - METRE_FAR) * depth
        foot_x, foot_y = ASPECT / 2 + across * metre, STREET_TOP + STREET_DEPTH * depth
        half = self.width_m * metre / 2
        return foot_x - half, foot_y - self.height_m * metre, foot_x + half, foot_y


@dataclass(frozen=True, slots=True)
class Seen:
    """One detection and the number of the actor it is of; -1: of nobody."""

    actor: int
    detection: Detection


def actors(rng: np.random.Generator) -> list[Actor]:
    """A market street: walkers alone and in groups, some of whom stop, stalls, a row of bikes, vehicles."""
    cast: list[Actor] = []
    for _ in range(int(rng.integers(8, 14))):
        cast += _group(rng, int(rng.choice([1, 1, 1, 2, 3])))
    for _ in range(int(rng.integers(2, 5))):
        cast.append(_still(rng, "stall", (1.8, 2.0), float(rng.uniform(-5, 5)), float(rng.uniform(0.1, 0.7))))
    left, depth = float(rng.uniform(-5, 0)), float(rng.uniform(0.2, 0.6))
    for number in range(int(rng.integers(5, 9))):
        cast.append(_still(rng, "bicycle", (1.2, 1.0), left + 0.9 * number, depth + 0.004 * number))
    for _ in range(int(rng.integers(1, 4))):
        cast.append(_vehicle(rng))
    return cast


def _group(rng: np.random.Generator, members: int) -> list[Actor]:
    """Walkers side by side, in from one side and out at the other; some stop on their way."""
    begins, pace = float(rng.uniform(-5, LENGTH_S - 10)), float(rng.uniform(*WALK_MPS))
    depth, drift = float(rng.uniform(0, 1)), float(rng.uniform(-0.15, 0.15))
    metre = METRE_FAR + (METRE_NEAR - METRE_FAR) * depth
    end_m = ASPECT / 2 / metre + 1
    side = float(rng.choice([-1, 1]))
    stops_at, stops_s = float(rng.uniform(0.2, 0.8)), float(rng.choice([0, 0, rng.uniform(3, 25)]))
    crossing_s = 2 * end_m / pace
    times = np.cumsum([begins, stops_at * crossing_s, stops_s + 0.01, (1 - stops_at) * crossing_s])
    walk = []
    for _ in range(members):
        height, behind_m = float(rng.normal(1.68, 0.09)), float(rng.uniform(0, 1.6)) if members > 1 else 0.0
        aside = float(rng.uniform(-0.06, 0.06)) if members > 1 else 0.0
        across = side * (np.array([-1, 2 * stops_at - 1, 2 * stops_at - 1, 1]) * end_m) - side * behind_m
        depths = np.clip(depth + aside + drift * np.array([-0.5, stops_at - 0.5, stops_at - 0.5, 0.5]), 0, 1)
        walk.append(Actor("person", 0.55, height, tuple(times), tuple(across), tuple(depths)))
    return walk


def _still(rng: np.random.Generator, label: str, size_m: tuple[float, float], across: float, depth: float) -> Actor:
    scale = float(rng.uniform(0.9, 1.1))
    return Actor(label, size_m[0] * scale, size_m[1] * scale, (0, LENGTH_S), (across, across), (depth, depth))


def _vehicle(rng: np.random.Generator) -> Actor:
    begins, pace, depth = (
        float(rng.uniform(0, LENGTH_S - 10)),
        float(rng.uniform(*VEHICLE_MPS)),
        float(rng.uniform(0, 1)),
    )
    end_m = ASPECT / 2 / (METRE_FAR + (METRE_NEAR - METRE_FAR) * depth) + 2.5
    side, parks_s = float(rng.choice([-1, 1])), float(rng.choice([0, rng.uniform(5, 30)]))
    times = np.cumsum([begins, end_m / pace, parks_s + 0.01, end_m / pace])
    return Actor("car", 4.2, 1.5, tuple(times), (-side * end_m, 0, 0, side * end_m), (depth,) * 4)


def looks(seed: int, fps: float) -> Iterator[tuple[float, list[Seen]]]:
    """What a detector reports, `fps` times a second: seconds since the start, and its detections."""
    cast = actors(np.random.default_rng([seed, 1]))
    rng = np.random.default_rng([seed, 2])
    for number in range(round(LENGTH_S * fps)):
        at_s = number / fps
        yield at_s, _found(cast, at_s, rng)


def _found(cast: list[Actor], at_s: float, rng: np.random.Generator) -> list[Seen]:
    there = [(number, box) for number, one in enumerate(cast) if (box := _inside(one.box(at_s))) is not None]
    there.sort(key=lambda one: -one[1][3])
    boxes = np.array([box for _, box in there]).reshape(-1, 4)
    found = []
    for place, (number, box) in enumerate(there):
        share, extent = _visible(np.array(box), boxes[:place])
        likely = float(np.clip((share - VISIBLE_NONE) / (VISIBLE_ALL - VISIBLE_NONE), 0, 1))
        drawn, score = rng.uniform(), float(rng.uniform(0.3, 0.95))
        jitter = rng.normal(0, JITTER_SHARE, 4)
        if drawn < likely * (1 - MISSED_SHARE):
            whole = np.array(box) if share >= VISIBLE_WHOLE_BOX else extent
            found.append(Seen(number, _detection(cast[number].label, score, whole, jitter)))
    if rng.uniform() < FALSE_A_LOOK:
        x, y = float(rng.uniform(0, 1.6)), float(rng.uniform(0.3, 0.9))
        ghost = np.array([x, y - 0.1, x + 0.05, y])
        found.append(Seen(-1, _detection("person", float(rng.uniform(0.3, 0.6)), ghost, np.zeros(4))))
    return found


def _inside(box: Box | None) -> Box | None:
    """The part of a box that lies in the picture, None when that is less than half of it."""
    if box is None:
        return None
    x1, x2 = max(box[0], 0.0), min(box[2], ASPECT)
    return (x1, box[1], x2, min(box[3], 1.0)) if x2 - x1 > (box[2] - box[0]) / 2 else None


def _visible(box: Floats, nearer: Floats) -> tuple[float, Floats]:
    """Which share of a box is not covered, and the box around that."""
    steps = (np.arange(_PROBES) + 0.5) / _PROBES
    xs, ys = box[0] + steps * (box[2] - box[0]), box[1] + steps * (box[3] - box[1])
    free = np.ones((_PROBES, _PROBES), np.bool_)
    for x1, y1, x2, y2 in nearer:
        free &= ~(((ys >= y1) & (ys <= y2))[:, None] & ((xs >= x1) & (xs <= x2))[None, :])
    if not free.any():
        return 0.0, box
    rows, columns = np.flatnonzero(free.any(axis=1)), np.flatnonzero(free.any(axis=0))
    part = np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]) / _PROBES
    size = np.array([box[2] - box[0], box[3] - box[1]] * 2)
    return float(free.mean()), box[[0, 1, 0, 1]] + part * size


def _detection(label: str, score: float, box: Floats, jitter: Floats) -> Detection:
    width, height = box[2] - box[0], box[3] - box[1]
    x1, y1, x2, y2 = box + jitter * (width, height, width, height)
    corners = float(x1) / ASPECT, float(y1), float(x2) / ASPECT, float(y2)
    return Detection(label, score, corners, begins=score >= START_SCORE_DEFAULT)
