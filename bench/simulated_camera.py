"""What a simulated camera costs: `python bench/simulated_camera.py [--seconds N] [--scene NAME]`.

Starts `gridwarden provision simulate-camera` (640x360, 10 frames a second), reads it as an edge box does and prints the
share of one core that drawing, H.264 and RTSP took together, beside the budget.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import av
import psutil

from tests.support.ports import LOOPBACK, free_port
from tests.support.processes import Process

BUDGET_CORE = 0.15
SETTLE_S = 5.0
READY_S = 30.0
COMMAND = ("-m", "provisioning.main", "provision", "simulate-camera")


def main() -> int:
    """Print one JSON line a scene; 1 when a scene is over the budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--scene", action="append", help="may be given again; default quiet and busy")
    options = parser.parse_args()
    good = True
    for scene in options.scene or ("quiet", "busy"):
        measured = measure(scene, options.seconds)
        ratio = round(measured["cores"] / BUDGET_CORE, 2)
        print(json.dumps({"simulated_camera": scene, **measured, "budget": BUDGET_CORE, "ratio": ratio}), flush=True)
        good &= ratio <= 1
    return 0 if good else 1


def measure(scene: str, seconds: float) -> dict[str, float]:
    """Return cores, frames a second, kbit/s and memory (MB) of one camera with one client."""
    port = free_port()
    words = [sys.executable, *COMMAND, "--port", str(port), "--scene", scene, "--seed", "2", "--loop"]
    with tempfile.TemporaryDirectory() as folder, Process(words, Path(folder), name="camera") as process:
        process.wait_for("ready", within_s=READY_S)
        camera = psutil.Process(process.pid)
        url = f"rtsp://{LOOPBACK}:{port}/cam-1"
        with av.open(url, options={"rtsp_transport": "tcp"}, timeout=(10.0, 10.0)) as stream:
            packets = stream.demux(video=0)
            _count(packets, SETTLE_S)
            before, started = sum(camera.cpu_times()[:2]), time.monotonic()
            frames, size = _count(packets, seconds)
            wall = time.monotonic() - started
            spent = sum(camera.cpu_times()[:2]) - before
        memory = camera.memory_info().rss / 1e6
    return {
        "cores": round(spent / wall, 3),
        "fps": round(frames / wall, 1),
        "kbit_s": round(size * 8 / 1000 / wall),
        "memory_mb": round(memory),
    }


def _count(packets: Iterator[av.Packet], seconds: float) -> tuple[int, int]:
    end, frames, size = time.monotonic() + seconds, 0, 0
    for packet in packets:
        frames, size = frames + 1, size + packet.size
        if time.monotonic() >= end:
            break
    return frames, size


if __name__ == "__main__":
    sys.exit(main())
