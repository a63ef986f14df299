"""What opens the gate: a static noisy scene must not, walkers must, however many there are.

Run: `python bench/gate.py`; prints one JSON object. A frame is *moved* when the gate opens although neither the sweep
nor the first frame asks for it. Goals: no moved frame of a static scene after frame 5, for noise of 2, 4 and 8 levels
in the first 30 s at 5 frames a second; every frame after the first opens it while 1, 2, 6, 10 or 20 people walk.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent / "peers"))

import shown

from edge_agent.core.sampling import SWEEP_S, Gate, look
from edge_agent.video.frame import Frame
from edge_agent.video.picture_measures import gate_picture

START = datetime(2026, 1, 1, tzinfo=UTC)
SIGMAS, WALKERS = (2.0, 4.0, 8.0), (1, 2, 6, 10, 20)
FRAMES, SETTLED_FRAMES = 150, 5


def moved(pictures: Iterable[shown.Gray]) -> Iterator[bool]:
    """Of each frame after the first, whether change alone opened the gate."""
    gate, opened_at = Gate(), START
    for number, gray in enumerate(pictures):
        now = START + timedelta(seconds=number / shown.FPS)
        small = gate_picture(Frame(number, now, np.repeat(gray[:, :, None], 3, axis=2)))
        gate, opens = look(gate, small, np.ones(small.shape, np.bool_), now, following=False)
        if number:
            yield opens and (now - opened_at).total_seconds() < SWEEP_S
        opened_at = now if opens else opened_at


def false_frames(sigma: float, frames: int = FRAMES) -> int:
    """Moved frames of a static scene, after the gate has settled."""
    return sum(list(moved(shown.static_scene(sigma, frames)))[SETTLED_FRAMES - 1 :])


def recall(walkers: int, frames: int = FRAMES) -> float:
    """Share of the frames with walkers that opened the gate."""
    found = list(moved(shown.walkers_scene(walkers, frames)))
    return sum(found) / len(found)


def main() -> None:
    figures = {
        "frames": FRAMES,
        "false_frames_after_5": {f"sigma {sigma:g}": false_frames(sigma) for sigma in SIGMAS},
        "recall": {f"{walkers} walkers": round(recall(walkers), 4) for walkers in WALKERS},
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
