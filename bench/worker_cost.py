"""What one camera costs: CPU of its worker against `ffmpeg -f null` on the same stream, and memory of further workers.

`python bench/worker_cost.py [--cameras 3] [--seconds 60] [--labels static]`; prints one JSON object.
Targets: `cpu_ratio`
at most 1.4, `rss_mib_further_max` at most 60.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil

from tests.support.mosquitto import OPEN_TO_ALL, Mosquitto
from tests.support.need import need_program
from tests.support.processes import Process, Processes, processes_in
from tests.support.rtsp_server import STREAM, RtspServer, file_stream
from tests.support.scripted_central import ScriptedCentral, write_connection

WARM_UP_S = 10.0
GOP = 30
FPS = 15
RUN = (
    "import sys; from pathlib import Path; from edge_agent.app import run_agent; sys.exit(run_agent(Path(sys.argv[1])))"
)
ZONE = (
    "zones: [{id: z1, polygon: [[0.1,0.4],[0.9,0.4],[0.9,0.9],[0.1,0.9]], "
    "rules: [{scene: stay, labels: [%s], dwell_s: 60}]}]"
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cameras", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--labels", default="static", help="labels of the zone's rule; empty: no zone")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, processes_in(Path(folder) / "processes") as start:
        print(json.dumps(measure(Path(folder), start, wanted), indent=1))


def measure(folder: Path, start: Processes, wanted: argparse.Namespace) -> dict[str, object]:
    clip = make_clip(folder, wanted.seconds + 60)
    server = RtspServer(start, {STREAM: file_stream(clip)}, None)
    broker = Mosquitto(start, OPEN_TO_ALL)
    write_connection(folder, broker.port)
    config = folder / "edge.yaml"
    zone = f", {ZONE % wanted.labels}" if wanted.labels else ""
    cameras = "".join(f'  - {{id: cam-{n}, url: "{server.url()}"{zone}}}\n' for n in range(wanted.cameras))
    config.write_text(f"site: s1\nbox: b1\ncameras:\n{cameras}")
    with ScriptedCentral(broker.port) as central:
        agent = start(sys.executable, "-c", RUN, str(config), name="agent", cwd=Path(__file__).parents[1])
        for number in range(wanted.cameras):
            central.wait_for_state(f"cam-{number}", "online", within_s=30)
        ffmpeg = start(*ffmpeg_command(server.url()), name="ffmpeg")
        return figures(workers(agent), psutil.Process(ffmpeg.pid), wanted.seconds)


def make_clip(folder: Path, seconds: float) -> Path:
    """An idle street of noise: 720p, 15 frames a second, 2 Mbit/s, a key frame each two seconds."""
    clip = folder / "street.mp4"
    scene = f"testsrc2=size=1280x720:rate={FPS}:duration={seconds},tpad=stop=-1,eq=saturation=0.6"
    still = f"loop=loop=-1:size=1:start=0,noise=alls=6:allf=t,trim=duration={seconds}"
    encode = f"-c:v libx264 -profile:v main -preset veryfast -bf 0 -b:v 2M -g {GOP} -pix_fmt yuv420p"
    command = f"-v error -f lavfi -i {scene} -vf {still} {encode} {clip}"
    made = Processes(folder / "clip")(need_program("ffmpeg"), *command.split())
    made.wait(within_s=300)
    return clip


def ffmpeg_command(url: str) -> list[str]:
    return [
        str(need_program("ffmpeg")),
        *["-v", "error", "-nostdin", "-threads", "1", "-rtsp_transport", "tcp", "-i"],
        url,
        *["-an", "-f", "null", "-"],
    ]


def workers(agent: Process) -> list[psutil.Process]:
    """The camera processes: children of the fork server that hold sockets of their own."""
    found = []
    for pid in agent.survivors():
        process = psutil.Process(pid)
        if pid != agent.pid and any(c.raddr for c in process.net_connections(kind="tcp")):
            found.append(process)
    return found


def figures(cameras: list[psutil.Process], ffmpeg: psutil.Process, seconds: float) -> dict[str, object]:
    time.sleep(WARM_UP_S)
    everyone = [*cameras, ffmpeg]
    before = [cpu_s(process) for process in everyone]
    time.sleep(seconds)
    used = [cpu_s(process) - at_start for process, at_start in zip(everyone, before, strict=True)]
    rss = [process.memory_full_info() for process in cameras]
    cameras_cpu = used[:-1]
    return {
        "cameras": len(cameras),
        "seconds": seconds,
        "worker_cpu_share": [round(value / seconds, 4) for value in cameras_cpu],
        "ffmpeg_cpu_share": round(used[-1] / seconds, 4),
        "cpu_ratio": round(statistics.mean(cameras_cpu) / used[-1], 3),
        "rss_mib": [round(info.rss / 2**20, 1) for info in rss],
        "pss_mib": [round(info.pss / 2**20, 1) for info in rss],
        "rss_mib_further_max": round(max(info.rss for info in rss[1:] or rss) / 2**20, 1),
    }


def cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


if __name__ == "__main__":
    main()
