"""The processes of cameras write the same log as the agent: JSON lines without anybody's password."""

import json
import subprocess
import sys
from pathlib import Path

from edge_agent.video.view_memory import ViewMemory
from protocol.configuration import CameraConfig
from tests.support.shared import REPOSITORY

PASSWORD = "Geheim-4411-secret"
PROCESS_S_MAX = 60
CAMERA = {"id": "c1", "url": "rtsp://127.0.0.1/x"}
CAMERA_PROCESS = f"""
import sys, time
from datetime import UTC, datetime
from functools import partial
from multiprocessing import Pipe
from pathlib import Path
import structlog
from edge_agent.core.clock import Clock
from edge_agent.pipeline import BoxPlace
from edge_agent.supervisor.camera_worker import run_camera
from edge_agent.supervisor.latest_frame import LatestFrame
from edge_agent.supervisor.reports import CameraSetup, Stop
from protocol.configuration import CameraConfig
folder = Path(sys.argv[1])
camera = CameraConfig.model_validate({CAMERA!r})
clock = Clock(partial(datetime.now, UTC), time.monotonic)
ours, theirs = Pipe()
ours.send(Stop())
run_camera(theirs, CameraSetup(BoxPlace("b1", UTC), camera, None, folder, folder / "views", clock), LatestFrame())
structlog.get_logger().warning("later", reason="no answer of rtsp://admin:{PASSWORD}@10.0.0.1/stream")
"""


def test_a_cameras_process_logs_as_the_agent_does(tmp_path: Path) -> None:
    damaged = ViewMemory(tmp_path / "views", CameraConfig.model_validate(CAMERA))._path
    damaged.parent.mkdir()
    damaged.write_bytes(b"no view")
    command = [sys.executable, "-c", CAMERA_PROCESS, str(tmp_path)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=PROCESS_S_MAX, check=True)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    told = [(line["event"], line["level"]) for line in lines]
    assert told == [("view_not_recalled", "warning"), ("later", "warning")]
    assert lines[0]["file"] == damaged.name
    assert PASSWORD not in done.stderr
    assert done.stdout == ""
