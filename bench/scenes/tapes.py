"""Drawn streets on disk with what the detector saw: rules are tuned by playing them again, nothing drawn or detected.

A tape depends on the simulator, the plan and the model, and not on what is made of it: `edge_agent` may change.
"""

import hashlib
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from bench.scenes.kept import sha256_of
from bench.scenes.plan import CameraPlan, plan_camera
from bench.scenes.watch import Feed, Task, Watched, decoded, detector, sent, watch
from edge_agent.core.values import Detection
from edge_agent.inference.onnx_detector import WEAK_SHARE
from edge_agent.video.frame import Picture

SCORE_MIN = 0.1
"""Weaker detections are not on a tape: a threshold cannot be tried below `SCORE_MIN / WEAK_SHARE`."""
_SOURCES = ("provisioning/simulator/drawing", "provisioning/simulator/video", "bench/scenes/plan.py")
_SEEN = TypeAdapter(list[tuple[Detection, ...]])


class TapedFeed(Feed):
    """A camera whose frames and detections come from a tape, which the first use of it makes."""

    def __init__(self, plan: CameraPlan, fps: float, folder: Path) -> None:
        super().__init__(plan, fps)
        self._fps = fps
        path = folder / f"{plan.seed}-{_asked(plan, fps)}.npz"
        if not path.exists():
            self._record(path)
        with np.load(path) as tape:
            self._frames, ends = tape["frames"], tape["ends"]
            self._seen = _SEEN.validate_json(tape["seen"].tobytes())
        self._parts = list(zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True))

    def picture(self, t_s: float) -> Picture:
        """Return the frame of a second."""
        start, end = self._parts[round(t_s * self._fps)]
        return decoded(self._frames[start:end])

    def seen(self, t_s: float, picture: Picture) -> tuple[Detection, ...]:  # noqa: ARG002 - it is on the tape
        """Return the detections on the frame of that second, by the thresholds that hold now."""
        thresholds = detector().thresholds
        return tuple(
            Detection(one.label, one.score, one.box, one.score >= thresholds[one.label])
            for one in self._seen[round(t_s * self._fps)]
            if one.score >= WEAK_SHARE * thresholds[one.label]
        )

    def _record(self, path: Path) -> None:
        coded: list[Picture] = []
        seen: list[tuple[Detection, ...]] = []
        for number in range(int(self.plan.script.length_s * self._fps)):
            coded.append(sent(self.camera, self.plan, number / self._fps))
            seen.append(detector().everything(decoded(coded[-1]), SCORE_MIN))
        aside = path.with_suffix(".part")
        with aside.open("wb") as file:
            np.savez(
                file,
                frames=np.concatenate(coded),
                ends=np.cumsum([len(one) for one in coded]),
                seen=np.frombuffer(_SEEN.dump_json(seen), np.uint8),
            )
        aside.replace(path)


def watch_tape(task: Task, folder: Path) -> Watched:
    """What `watch_task` gives, from the folder's tape of that camera."""
    seed, minutes, scenes, mode, fps = task
    plan = plan_camera(seed, minutes, scenes)
    return watch(plan, mode, scenes, fps, TapedFeed(plan, fps, folder))


def _asked(plan: CameraPlan, fps: float) -> str:
    return hashlib.sha256(f"{plan} {fps:g} {sha256_of(*_SOURCES)}".encode()).hexdigest()[:16]
