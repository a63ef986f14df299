"""What opens the gate: a static noisy scene must not, walkers must, another light or view begins anew.

Run: `python bench/gate.py`; prints one JSON object. A frame is *moved* when the gate opens although neither the sweep
nor the first frame asks for it. Goals: no moved frame of a static scene after frame 5, for noise of 2, 4 and 8 levels
in the first 30 s at 5 frames a second; every frame after the first opens it while 1, 2, 6, 10 or 20 people walk. After
a light was switched or the camera was turned the background is learned anew: from the fifth frame on a static scene
opens nothing, and 20 walkers open every frame.
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
from edge_agent.core.values import Opening
from edge_agent.video.frame import Frame
from edge_agent.video.picture_measures import gate_picture

START = datetime(2026, 1, 1, tzinfo=UTC)
SIGMAS, WALKERS = (2.0, 4.0, 8.0), (1, 2, 6, 10, 20)
FRAMES, SETTLED_FRAMES = 150, 5
CHANGED_AT, TURNING_FRAMES, TURN_PX = 60, 5, 80
"""In the middle of a scene; a turn takes a second."""
CHANGES_SIGMA, CHANGES_WALKERS = 4.0, 20
GAINS = (0.5, 0.8, 1.25, 1.6)


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


def switched(pictures: Iterable[shown.Gray], gain: float) -> Iterator[shown.Gray]:
    """The scene, from `CHANGED_AT` on in another light."""
    for number, gray in enumerate(pictures):
        yield gray if number < CHANGED_AT else np.clip(gray * gain, 0, 255).astype(np.uint8)


def turned(pictures: Iterable[shown.Gray]) -> Iterator[shown.Gray]:
    """The scene while the camera is turned from `CHANGED_AT` on, for `TURNING_FRAMES`."""
    for number, gray in enumerate(pictures):
        yield np.roll(gray, TURN_PX * min(max(0, number - CHANGED_AT + 1), TURNING_FRAMES), axis=1)


def after_change(pictures: Iterable[shown.Gray], over_at: int) -> dict[str, float]:
    """Backgrounds learned anew, and share of the frames that motion opened once five frames have passed."""
    gate, opened = Gate(), []
    for number, gray in enumerate(pictures):
        now = START + timedelta(seconds=number / shown.FPS)
        small = gate_picture(Frame(number, now, np.repeat(gray[:, :, None], 3, axis=2)))
        gate, _ = look(gate, small, np.ones(small.shape, np.bool_), now, following=False)
        opened.append(gate.opening is Opening.MOTION)
    settled = opened[over_at + SETTLED_FRAMES :]
    return {"resets": gate.resets, "moved_share": round(sum(settled) / len(settled), 4)}


def changes() -> dict[str, dict[str, float]]:
    """Each change on a static scene and on one full of walkers."""
    found = {}
    for crowd in ("static", "walkers"):

        def scene(crowd: str = crowd) -> Iterator[shown.Gray]:
            static = crowd == "static"
            return shown.static_scene(CHANGES_SIGMA, FRAMES) if static else shown.walkers_scene(CHANGES_WALKERS, FRAMES)

        for gain in GAINS:
            found[f"light x {gain:g}, {crowd}"] = after_change(switched(scene(), gain), CHANGED_AT)
        found[f"camera turned, {crowd}"] = after_change(turned(scene()), CHANGED_AT + TURNING_FRAMES)
    return found


def main() -> None:
    figures = {
        "frames": FRAMES,
        "false_frames_after_5": {f"sigma {sigma:g}": false_frames(sigma) for sigma in SIGMAS},
        "recall": {f"{walkers} walkers": round(recall(walkers), 4) for walkers in WALKERS},
        "after_change": changes(),
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
