"""Runs inside the peers' environment: measures the parts of a checkout, one task a run, and prints one JSON object.

`python theirs.py CHECKOUT TASK < INPUT`; tasks are the functions below, which take the JSON of standard input.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import shown
from checkout import Theirs, motion_detector, object_tracker, part

cv2.setNumThreads(1)

Asked = dict[str, Any]


def i420(gray: shown.Gray) -> shown.Gray:
    """The picture with grey colours, as a decoder hands it over."""
    return np.concatenate([gray, np.full((gray.shape[0] // 2, gray.shape[1]), 128, np.uint8)])


def tracker(checkout: Path, asked: Asked) -> dict[str, Any]:
    """`looks`: per look a list of [label, score, x1, y1, x2, y2] in pixels; CPU milliseconds and ids of each look."""
    followed = object_tracker(checkout, shown.HEIGHT, shown.WIDTH, round(asked["fps"]))
    spent_ms, ids = [], []
    for number, look in enumerate(asked["looks"]):
        region = (0, 0, shown.WIDTH, shown.HEIGHT)
        seen = [(label, score, tuple(box), 1, 1.0, region) for label, score, *box in look]
        began = time.process_time()
        followed.match_and_update(f"f{number}", number / asked["fps"], seen)
        spent_ms.append(1000 * (time.process_time() - began))
        now = number / asked["fps"]
        by_box = {tuple(one["box"]): key for key, one in followed.tracked_objects.items() if one["frame_time"] == now}
        ids.append([by_box.get(tuple(box)) for _, _, *box in look])
    return {"spent_ms": spent_ms, "ids": ids}


def motion(checkout: Path, asked: Asked) -> dict[str, Any]:
    """Per scene (`sigma` or `walkers`, `frames`): whether each frame moved, and whether it was calibrating."""
    told = []
    for one in asked["scenes"]:
        detector = motion_detector(checkout, shown.HEIGHT, shown.WIDTH, round(shown.FPS))
        made = (
            shown.static_scene(one["sigma"], one["frames"])
            if "sigma" in one
            else shown.walkers_scene(one["walkers"], one["frames"])
        )
        frames = [(bool(detector.detect(i420(picture))), detector.is_calibrating()) for picture in made]
        told.append({"moved": [moved for moved, _ in frames], "calibrating": [held for _, held in frames]})
    return {"scenes": told}


def post_processing(checkout: Path, asked: Asked) -> dict[str, Any]:
    """Per tensor (`size`, `objects`, `seed`): objects kept as it is, and with boxes given as its NMS wants them."""
    module: Any = part(checkout, "frigate.util.model")
    as_it_is = module.cv2

    def as_wanted(boxes: shown.Floats, *rest: float, **named: float) -> Theirs:
        sides = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)
        return cv2.dnn.NMSBoxes(sides, *rest, **named)

    right = SimpleNamespace(dnn=SimpleNamespace(NMSBoxes=as_wanted))
    kept: dict[str, list[int]] = {"as_it_is": [], "boxes_right": []}
    for one in asked["tensors"]:
        output = shown.disjoint_objects(one["size"], one["objects"], one["seed"])
        for name, library in (("as_it_is", as_it_is), ("boxes_right", right)):
            module.cv2 = library
            found = module.post_process_yolo([output.copy()], one["size"], one["size"])
            kept[name].append(int((found[:, 1] > 0).sum()))
    module.cv2 = as_it_is
    return {**kept, "ms": {str(size): _post_ms(module, size) for size in asked["timed"]}}


def _post_ms(module: Theirs, size: int) -> float:
    output, spent_ms = shown.disjoint_objects(size, 20, 0), []
    for _ in range(60):
        began = time.process_time()
        module.post_process_yolo([output.copy()], size, size)
        spent_ms.append(1000 * (time.process_time() - began))
    return float(np.median(spent_ms))


def camera(checkout: Path, asked: Asked) -> dict[str, Any]:
    """Its chain on a stream for `seconds`: ffmpeg decodes and scales to 5 frames a second, Python looks for motion."""
    fps, width, height = round(shown.FPS), shown.WIDTH, shown.HEIGHT
    command = [
        *[asked["ffmpeg"], "-v", "error", "-nostdin", "-rtsp_transport", "tcp", "-i", asked["url"]],
        *["-r", str(fps), "-vf", f"fps={fps},scale={width}:{height}", "-threads", "2"],
        *["-f", "rawvideo", "-pix_fmt", "yuv420p", "pipe:"],
    ]
    detector, size = motion_detector(checkout, height, width, fps), width * height * 3 // 2
    decoder = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert decoder.stdout is not None
    frames, marks = 0, {}
    began_s = time.monotonic()
    while (data := decoder.stdout.read(size)) and len(data) == size:
        detector.detect(np.frombuffer(data, np.uint8).reshape(height * 3 // 2, width))
        frames += 1
        passed_s = time.monotonic() - began_s
        if passed_s >= asked["warm_up_s"] and "from" not in marks:
            marks["from"] = (_cpu_s(decoder.pid), passed_s, frames)
        if passed_s >= asked["warm_up_s"] + asked["seconds"]:
            break
    used, passed_s, seen = _cpu_s(decoder.pid), time.monotonic() - began_s, frames
    decoder.kill()
    decoder.wait()
    used_before, passed_before_s, seen_before = marks["from"]
    return {"cpu_s": used - used_before, "seconds": passed_s - passed_before_s, "frames": seen - seen_before}


def _cpu_s(decoder: int) -> float:
    """CPU of this process and of the decoder so far."""
    ticks = Path(f"/proc/{decoder}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return time.process_time() + (int(ticks[11]) + int(ticks[12])) / 100


TASKS = {task.__name__: task for task in (tracker, motion, post_processing, camera)}

if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[2]](Path(sys.argv[1]), json.load(sys.stdin))))
