"""What one step of the tracker costs with many walkers: milliseconds, median, 5th and 95th percentile.

Run: `python bench/tracker.py [OBJECTS] [STEPS]`. The walkers cross the picture at their own pace, are seen five times a
second, and one in ten is missed at each look. Wished: a median of at most 1 ms for 40 objects.
"""

import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from edge_agent.core.tracking.tracker import Following, Tracks, step
from edge_agent.core.values import START_SCORE_DEFAULT, Detection

START = datetime(2026, 1, 1, tzinfo=UTC)
FPS, GAP_S, ASPECT = 5.0, 2.4, 16 / 9
SEED, MISSED_SHARE, WARM_UP_STEPS = 7, 0.1, 10
WIDTH, HEIGHT, PACE_MAX, JITTER = 0.03, 0.12, 0.08, 0.001
"""Size of a walker, how far he goes in a second, and the detector's error, as shares of the picture."""


def looks(objects: int, steps: int) -> Iterator[tuple[Detection, ...]]:
    """Detections of each look."""
    rng = np.random.default_rng(SEED)
    at = rng.uniform(0, 1, (objects, 2)) * (1 - WIDTH, 1 - HEIGHT)
    pace = rng.uniform(-PACE_MAX, PACE_MAX, (objects, 2))
    for _ in range(steps):
        at = at + pace / FPS
        pace = np.where((at < 0) | (at > (1 - WIDTH, 1 - HEIGHT)), -pace, pace)
        seen = rng.uniform(size=objects) >= MISSED_SHARE
        corners = np.clip(at + rng.normal(0, JITTER, at.shape), 0, (1 - WIDTH, 1 - HEIGHT))
        scores = rng.uniform(0.3, 0.95, objects)
        yield tuple(
            _person(float(x), float(y), float(score)) for (x, y), score in zip(corners[seen], scores[seen], strict=True)
        )


def _person(x: float, y: float, score: float) -> Detection:
    return Detection("person", score, (x, y, x + WIDTH, y + HEIGHT), begins=score >= START_SCORE_DEFAULT)


def main(objects: int, steps: int) -> None:
    """Print one JSON object."""
    tracks, how, spent_ms = Tracks(), Following(GAP_S, ASPECT), []
    for number, seen in enumerate(looks(objects, steps)):
        began = time.perf_counter()
        tracks = step(tracks, seen, START + timedelta(seconds=number / FPS), how)
        spent_ms.append(1000 * (time.perf_counter() - began))
    settled = spent_ms[min(WARM_UP_STEPS, steps - 1) :]
    print(
        json.dumps(
            {
                "objects": objects,
                "steps": len(settled),
                "followed_at_end": len(tracks.tracks),
                "identities": tracks.next_id - 1,
                "step_ms_median": round(float(np.median(settled)), 3),
                "step_ms_5": round(float(np.percentile(settled, 5)), 3),
                "step_ms_95": round(float(np.percentile(settled, 95)), 3),
            }
        )
    )


if __name__ == "__main__":
    main(int((sys.argv[1:] or ["40"])[0]), int((sys.argv[2:] or ["500"])[0]))
