"""This project's side of the comparison, on the same inputs."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import _drawn_walks
import numpy as np
import quiet_camera
import shown
import tracker_identity
import worker_cost

from edge_agent.core.tracking.tracker import Following, Tracks, step
from edge_agent.core.values import Detection
from edge_agent.inference.layouts.layout import View
from edge_agent.inference.layouts.table import LAYOUTS
from edge_agent.inference.suppression import Candidates, suppress
from tests.support.mosquitto import OPEN_TO_ALL, Mosquitto
from tests.support.processes import processes_in
from tests.support.rtsp_server import STREAM, RtspServer, file_stream
from tests.support.scripted_central import ScriptedCentral, write_connection

BENCH = Path(__file__).resolve().parents[1]
START = datetime(2026, 1, 1, tzinfo=UTC)
SCORE_MIN = 0.4
LAYOUT = next(one for one in LAYOUTS if one.name == "ultralytics_v8")
CAMERA_WARM_UP_S, CAMERA_S = 15.0, 60.0
CLIP_SPARE_S = 45.0

Look = Sequence[tuple[float, list[Detection]]]


def for_theirs(looks: Look) -> list[list[list[Any]]]:
    """Detections as [label, score, x1, y1, x2, y2] in pixels of the picture."""
    side = (shown.WIDTH, shown.HEIGHT, shown.WIDTH, shown.HEIGHT)
    return [
        [[one.label, one.score, *(round(part * px) for part, px in zip(one.box, side, strict=True))] for one in seen]
        for _, seen in looks
    ]


def tracker_ms(looks: Look) -> list[float]:
    """Milliseconds of CPU of each step."""
    tracks, how, spent_ms = Tracks(), Following(2.4, shown.WIDTH / shown.HEIGHT), []
    for at_s, seen in looks:
        began = time.process_time()
        tracks = step(tracks, seen, START + timedelta(seconds=at_s), how)
        spent_ms.append(1000 * (time.process_time() - began))
    return spent_ms


def identity_measures(taken: Sequence[list[tuple[int, Any, float]]]) -> dict[str, float]:
    """The figures of `bench/tracker_identity.py`."""
    return tracker_identity.measures([list(scene) for scene in taken])


def identities(seed: int, fps: float) -> list[tuple[int, int, float]]:
    """Actor, identity and seconds of each detection that our tracker took."""
    return tracker_identity.identities(seed, fps)


def walks(seed: int, fps: float) -> list[tuple[float, list[_drawn_walks.Seen]]]:
    """A minute of drawn street life."""
    return list(_drawn_walks.looks(seed, fps))


def post_processed(output: shown.Floats, size: int) -> Candidates:
    """What is left of a YOLO network's answer."""
    found = LAYOUT.decode({"output0": output}, View((size, size), (size, size)), SCORE_MIN)
    return suppress(found, LAYOUT.overlap_max)


def kept(tensors: Sequence[Mapping[str, int]]) -> int:
    """Objects left of all that the tensors hold."""
    return sum(
        len(post_processed(shown.disjoint_objects(one["size"], one["objects"], one["seed"]), one["size"]))
        for one in tensors
    )


def post_ms(size: int) -> float:
    """Median milliseconds of CPU of decoding and suppression."""
    output, spent_ms = shown.disjoint_objects(size, 20, 0), []
    for _ in range(60):
        began = time.process_time()
        post_processed(output.copy(), size)
        spent_ms.append(1000 * (time.process_time() - began))
    return float(np.median(spent_ms))


def quiet_clip(folder: Path) -> Path:
    """A quiet 1080p street, made once."""
    return quiet_camera.quiet_clip(folder, CAMERA_WARM_UP_S + CAMERA_S + CLIP_SPARE_S)


def camera_beside(folder: Path, clip: Path, theirs: Callable[[str], dict[str, Any]]) -> tuple[float, dict[str, Any]]:
    """CPU seconds of our camera's process in `CAMERA_S`, and the answer of `theirs`, which watches the same stream."""
    with processes_in(folder / "processes") as start:
        server = RtspServer(start, {STREAM: file_stream(clip)}, None)
        broker = Mosquitto(start, OPEN_TO_ALL)
        write_connection(folder, broker.port)
        config = folder / "edge.yaml"
        config.write_text(
            f"site: s1\nbox: b1\nmodel: {{path: {quiet_camera.MODEL}}}\ncameras:\n  - {{id: cam-0, "
            f'url: "{server.url()}", analysis_fps: {shown.FPS:g}, {worker_cost.ZONE % "person"}}}\n'
        )
        with ScriptedCentral(broker.port) as central, ThreadPoolExecutor(1) as beside:
            agent = start(sys.executable, "-c", worker_cost.RUN, str(config), name="agent", cwd=BENCH.parent)
            central.wait_for_state("cam-0", "online", within_s=60)
            answer = beside.submit(theirs, server.url())
            (worker,) = worker_cost.workers(agent)
            time.sleep(CAMERA_WARM_UP_S)
            before = worker_cost.cpu_s(worker)
            time.sleep(CAMERA_S)
            return worker_cost.cpu_s(worker) - before, answer.result()
