"""What a quiet 1080p camera costs: our process in each way of decoding, against a recorder's chain on the same stream.

`python bench/quiet_camera.py [--seconds 60]`; prints one JSON object. Goal: `adaptive_ratio` at most 0.35. The stream
is H.264 1080p25 of 4 Mbit/s with a key frame each two seconds, a still picture with the noise of a sensor. All watch it
at the same time, and CPU time is compared, so that other work on the machine counts for nobody. The chain is
`_motion_chain.py`; detectors are left out on both sides (`rest_of_agent_cpu_share` is what our other processes take).
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import psutil
import worker_cost

from tests.support.mosquitto import OPEN_TO_ALL, Mosquitto
from tests.support.need import need_program
from tests.support.processes import Process, Processes, processes_in
from tests.support.rtsp_server import STREAM, RtspServer, file_stream
from tests.support.scripted_central import ScriptedCentral, write_connection

BENCH = Path(__file__).resolve().parent
MODEL = BENCH.parent / "provisioning" / "detector" / "street.onnx"
CLIP_FPS, CLIP_GOP = 25, 50
ANALYSIS_FPS = 5
WARM_UP_S = 30.0
"""Half of it until all is quiet for adaptive decoding, the rest to be sure."""
SPARE_S = 60.0
CAMERAS = {"adaptive": ("adaptive", "person"), "full": ("full", "person"), "adaptive_static": ("adaptive", "static")}
"""Name of the camera: how it is decoded, and the label of its rule."""


def quiet_clip(folder: Path, length_s: float) -> Path:
    """A quiet 1080p street: a still picture with sensor noise, 25 frames a second, 4 Mbit/s, a key frame each 2 s."""
    clip = folder / "quiet-1080p.mp4"
    if clip.is_file():
        return clip
    scene = f"testsrc2=size=1920x1080:rate={CLIP_FPS}:duration={length_s},eq=saturation=0.6"
    still = f"loop=loop=-1:size=1:start=0,noise=alls=6:allf=t,trim=duration={length_s}"
    encode = f"-c:v libx264 -profile:v high -preset veryfast -bf 0 -b:v 4M -g {CLIP_GOP} -pix_fmt yuv420p"
    part = folder / "making.mp4"
    command = f"-v error -y -f lavfi -i {scene} -vf {still} {encode} {part}"
    subprocess.run([str(need_program("ffmpeg")), *command.split()], check=True, timeout=900)
    part.rename(clip)
    return clip


def measure(folder: Path, start: Processes, seconds: float) -> dict[str, object]:
    """Figures of one run."""
    clip = quiet_clip(folder, WARM_UP_S + seconds + SPARE_S)
    servers = {name: RtspServer(start, {STREAM: file_stream(clip)}, None) for name in CAMERAS}
    broker = Mosquitto(start, OPEN_TO_ALL)
    write_connection(folder, broker.port)
    config = folder / "edge.yaml"
    cameras = "".join(
        f'  - {{id: {name.replace("_", "-")}, url: "{servers[name].url()}", analysis_fps: {ANALYSIS_FPS}, '
        f"decode: {decode}, {worker_cost.ZONE % label}}}\n"
        for name, (decode, label) in CAMERAS.items()
    )
    config.write_text(f"site: s1\nbox: b1\nmodel: {{path: {MODEL}}}\ncameras:\n{cameras}")
    with ScriptedCentral(broker.port) as central, ThreadPoolExecutor(1) as beside:
        agent = start(sys.executable, "-c", worker_cost.RUN, str(config), name="agent", cwd=BENCH.parent)
        for name in CAMERAS:
            central.wait_for_state(name.replace("_", "-"), "online", within_s=60)
        chain = beside.submit(watched_by_chain, servers["adaptive"].url(), seconds)
        ours = {name: worker_of(agent, servers[name].port) for name in CAMERAS}
        rest = [psutil.Process(pid) for pid in agent.survivors() if pid not in {one.pid for one in ours.values()}]
        time.sleep(WARM_UP_S)
        before = {name: worker_cost.cpu_s(one) for name, one in ours.items()}
        rest_before = sum(map(worker_cost.cpu_s, rest))
        time.sleep(seconds)
        try:
            used = {name: worker_cost.cpu_s(one) - before[name] for name, one in ours.items()}
        except psutil.NoSuchProcess:
            sys.exit(f"a camera's process was replaced while it was measured; its agent says:\n{agent.report()}")
        rest_used = sum(map(worker_cost.cpu_s, rest)) - rest_before
        return figures(used, rest_used, chain.result(), seconds)


def watched_by_chain(url: str, seconds: float) -> dict[str, float]:
    """What the chain says of the stream."""
    words = [sys.executable, BENCH / "_motion_chain.py", need_program("ffmpeg"), url, str(WARM_UP_S), str(seconds)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=WARM_UP_S + seconds + SPARE_S)
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def worker_of(agent: Process, port: int) -> psutil.Process:
    """The process of ours that is connected to this camera."""
    ports = {one: {c.raddr.port for c in one.net_connections("tcp") if c.raddr} for one in worker_cost.workers(agent)}
    (found,) = [one for one, connected in ports.items() if port in connected]
    return found


def figures(used: dict[str, float], rest_s: float, chain: dict[str, float], seconds: float) -> dict[str, object]:
    """Shares of a core, and ratios to the chain."""
    chain_share = chain["cpu_s"] / chain["seconds"]
    shares = {name: round(spent / seconds, 4) for name, spent in used.items()}
    return {
        "seconds": seconds,
        "chain_cpu_share": round(chain_share, 4),
        "chain_fps": round(chain["frames"] / chain["seconds"], 2),
        "camera_cpu_share": shares,
        "rest_of_agent_cpu_share": round(rest_s / seconds, 4),
        **{f"{name}_ratio": round(share / chain_share, 3) for name, share in shares.items()},
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60.0)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, processes_in(Path(folder) / "processes") as start:
        print(json.dumps(measure(Path(folder), start, wanted.seconds), indent=1))


if __name__ == "__main__":
    main()
