"""Looks a second of the agent against a bare ONNX Runtime loop: same model, same options, one thread, same run.

Run: `python bench/detector.py [MODEL.onnx ...]`; prints one JSON object. Goal: a ratio of at least 0.9.

The bare loop calls `session.run` on a tensor that is ready, and throws the answer away: no picture, no box. Against it
stand `detect` (a picture of 640x360 laid into the input, decoded, suppressed, as detections) in the same process, the
two in turn, and the agent's inference process: four cameras ask through its pipe, their pictures lie in shared memory
as large as the model takes them, turns go by deadline; here the two are measured in turn for a second each. Where other
work runs on the machine read the ratios of CPU time: `agent_ratio` then also holds how long the one who asks waited for
a processor. Without arguments: the demo detector, random
weights in the shape of a small YOLO, and YOLOX-nano where the shared folder has it.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import cv2
import numpy as np
import onnxruntime
import psutil

from bench import worker_cost
from bench._random_network import random_network
from edge_agent.core.turns import Request
from edge_agent.core.values import Detection
from edge_agent.inference.model_file import open_session
from edge_agent.inference.onnx_detector import OnnxDetector
from edge_agent.supervisor.bonds import end_process, start_fork_server, start_process
from edge_agent.supervisor.inference_worker import run_inference
from edge_agent.supervisor.latest_frame import LatestFrame
from edge_agent.supervisor.reports import Detect, ModelFiles, Ready, Seen
from edge_agent.video.frame import Picture
from provisioning.detector.card import MODEL
from provisioning.simulator.video.camera import StreetCamera
from provisioning.simulator.video.scenes import SCENES
from tests.support.shared import SHARED

DEMO = Path(__file__).resolve().parents[1] / "provisioning" / "detector" / MODEL
COCO, COCO_NAMES = SHARED / "real" / "yolox_nano.onnx", SHARED / "real" / "coco.names"
SIZE, SEED, FRAMES_AT_S = (640, 360), 1_000, (20.0, 30.0, 40.0, 50.0)
PAIRS, WARM_UP = 100, 5
CAMERAS, ROUNDS, ROUND_S, LATENCY_S = 4, 12, 1.0, 2.0
ANSWER_S_MAX = 60.0


@dataclass(frozen=True)
class Rate:
    """Looks a second, and the CPU time of each."""

    per_s: float
    cpu_s: float


@dataclass(frozen=True)
class Bare:
    """The runtime alone, on a tensor that is ready."""

    session: onnxruntime.InferenceSession
    feeds: dict[str, Any]

    def run(self) -> None:
        self.session.run(None, self.feeds)


def bare_loop(model: Path) -> Bare:
    """The model as the agent opens it."""
    session = open_session(model.read_bytes(), model)
    (taken,) = session.get_inputs()
    return Bare(session, {taken.name: np.random.default_rng(SEED).random(taken.shape, dtype=np.float32)})


def pictures() -> tuple[Picture, ...]:
    """Frames of a busy drawn street."""
    camera = StreetCamera(SCENES["busy"](), SEED, SIZE, 10)
    return tuple(camera.frame(at_s) for at_s in FRAMES_AT_S)


def in_turn(bare: Callable[[], object], detect: Callable[[Picture], tuple[Detection, ...]]) -> dict[str, float]:
    """Lower quartiles of both, one call of each after the other: time, CPU time, and what was seen."""
    shown, spent = pictures(), {"bare": [], "detect": []}
    seen = 0
    for number in range(WARM_UP + PAIRS):
        picture = shown[number % len(shown)]
        for name, work in (("bare", bare), ("detect", lambda now=picture: detect(now))):
            began, began_cpu = time.perf_counter(), time.process_time()
            result = work()
            spent[name].append((time.perf_counter() - began, time.process_time() - began_cpu))
        seen += len(result)
    bare_s, detect_s = (np.quantile(spent[name][WARM_UP:], 0.25, axis=0) for name in ("bare", "detect"))
    return {
        "bare_ms": round(1000 * float(bare_s[0]), 2),
        "detect_ms": round(1000 * float(detect_s[0]), 2),
        "detections_per_picture": round(seen / (WARM_UP + PAIRS), 1),
        "detect_ratio": round(float(bare_s[0] / detect_s[0]), 3),
        "detect_ratio_cpu": round(float(bare_s[1] / detect_s[1]), 3),
    }


class InferenceProcess:
    """The agent's inference process with cameras that always want a look."""

    def __init__(self, model: Path, labels: Path | None) -> None:
        self._slots, self._frames = tuple(LatestFrame() for _ in range(CAMERAS)), pictures()
        self._asked = 0
        files = ModelFiles(model, labels, None, None, None)
        context = start_fork_server()
        self._process, self._pipe = start_process(context, "inference", run_inference, files, self._slots)
        self._counted = psutil.Process(self._process.pid)
        ready = self._heard()
        if not isinstance(ready, Ready):
            raise SystemExit(f"{model}: {ready}")
        self._fitting = ready.fitting

    def looks(self, seconds: float) -> Rate:
        """How fast it looks; all that was asked for is answered when it returns."""
        began, began_cpu, answers = time.perf_counter(), worker_cost.cpu_s(self._counted), 0
        for place in range(CAMERAS):
            self._ask(place)
        while (passed_s := time.perf_counter() - began) < seconds:
            seen = self._heard()
            if not isinstance(seen, Seen) or seen.detections is None:
                raise SystemExit(f"inference did not look: {seen}")
            answers += 1
            self._ask(seen.place)
        for _ in range(CAMERAS):
            self._heard()
        used_s = worker_cost.cpu_s(self._counted) - began_cpu
        return Rate(answers / passed_s, used_s / (answers + CAMERAS))

    def end(self) -> None:
        end_process(self._process, self._pipe)

    def _ask(self, place: int) -> None:
        self._asked += 1
        frame = self._frames[self._asked % len(self._frames)]
        self._slots[place].put(self._asked, self._fitting.made_small(frame))
        self._pipe.send(Detect(Request(place, self._asked, time.monotonic(), LATENCY_S)))

    def _heard(self) -> object:
        if not self._pipe.poll(ANSWER_S_MAX):
            raise SystemExit(f"the inference process has said nothing for {ANSWER_S_MAX:g} s")
        return self._pipe.recv()


def bare_rate(bare: Bare, seconds: float) -> Rate:
    """How fast it runs."""
    began, began_cpu, runs = time.perf_counter(), time.process_time(), 0
    while (passed_s := time.perf_counter() - began) < seconds:
        bare.run()
        runs += 1
    return Rate(runs / passed_s, (time.process_time() - began_cpu) / runs)


def against_process(bare: Bare, model: Path, labels: Path | None) -> dict[str, float]:
    """Medians of the rounds."""
    process = InferenceProcess(model, labels)
    try:
        process.looks(ROUND_S)
        rounds = [(bare_rate(bare, ROUND_S), process.looks(ROUND_S)) for _ in range(ROUNDS)]
    finally:
        process.end()
    return {
        "bare_per_s": round(float(np.median([bare.per_s for bare, _ in rounds])), 1),
        "agent_per_s": round(float(np.median([agent.per_s for _, agent in rounds])), 1),
        "agent_ratio": round(float(np.median([agent.per_s / bare.per_s for bare, agent in rounds])), 3),
        "agent_ratio_cpu": round(float(np.median([bare.cpu_s / agent.cpu_s for bare, agent in rounds])), 3),
    }


def measure(model: Path) -> dict[str, object]:
    labels = COCO_NAMES if model == COCO else None
    detector, bare = OnnxDetector(model, labels=labels), bare_loop(model)
    figures = in_turn(bare.run, detector.detect)
    return {"layout": detector.layout.name, "input": detector.input_size, **figures} | against_process(
        bare, model, labels
    )


def main(named: list[str]) -> None:
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        known = [DEMO, random_network(Path(folder) / "random-yolo-640.onnx"), *([COCO] if COCO.is_file() else [])]
        figures = {model.stem: measure(model) for model in ([Path(name) for name in named] or known)}
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
