"""What it costs to watch the pictures of 16 cameras: share of one core, CPU time alone.

`python bench/picture_health.py [--looks 150]`; prints one JSON object. Goal: `core_share` at most 0.01 for each size of
picture. Frames are decoded before, as a camera's process has them anyway; each is looked at as in that process, every
`LOOK_S` seconds, with a view that is learned first. A standing and a changing street, with sensor noise.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import av
import cv2

from edge_agent.core.picture_health import LOOK_S
from edge_agent.core.picture_health.reference import LEARNING_LOOKS
from edge_agent.pipeline.picture_watch import Arrivals, PictureWatch
from edge_agent.video.frame import Frame
from protocol.configuration import CameraConfig
from tests.support.need import need_program

CAMERAS = 16
SIZES = ("640x360", "1280x720", "1920x1080")
FRAMES, FPS = 25, 15
START = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    """Measure each size and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--looks", type=int, default=150)
    wanted = parser.parse_args()
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps({size: measure(Path(folder), size, wanted.looks) for size in SIZES}, indent=1))


def measure(folder: Path, size: str, looks: int) -> dict[str, float]:
    """Milliseconds of a look, and the share of a core that 16 cameras take."""
    pictures = list(decoded(folder, size))
    camera = CameraConfig.model_validate({"id": f"cam-{size}", "url": "rtsp://127.0.0.1/x"})
    watch, spent_ms = PictureWatch(camera, folder), []
    for number in range(LEARNING_LOOKS + looks):
        at_s = number * LOOK_S
        frame = Frame(number, START + timedelta(seconds=at_s), pictures[number % len(pictures)])
        began = time.process_time()
        assert watch.look(frame, Arrivals(round(at_s * FPS), FPS), at_s)
        spent_ms.append(1000 * (time.process_time() - began))
    spent_ms = spent_ms[LEARNING_LOOKS:]
    mean_ms = statistics.mean(spent_ms)
    return {
        "look_ms_mean": round(mean_ms, 3),
        "look_ms_median": round(statistics.median(spent_ms), 3),
        "core_share": round(mean_ms / 1000 / LOOK_S * CAMERAS, 5),
    }


def decoded(folder: Path, size: str) -> Iterator[av.VideoFrame]:
    """Frames of a street with noise, as a camera's decoder gives them."""
    clip = folder / f"{size}.mp4"
    scene = f"testsrc2=size={size}:rate={FPS}:duration={FRAMES / FPS},noise=alls=6:allf=t"
    encode = "-c:v libx264 -profile:v high -preset veryfast -pix_fmt yuv420p"
    command = [str(need_program("ffmpeg")), *f"-v error -y -f lavfi -i {scene} {encode} {clip}".split()]
    subprocess.run(command, check=True, timeout=120)
    with av.open(str(clip)) as container:
        yield from container.decode(video=0)


if __name__ == "__main__":
    main()
