"""Inference is a process of its own: its death or sleep costs detections for a moment, and no camera."""

import signal
from pathlib import Path

import numpy as np
import psutil
import pytest

from tests.support.edge_box import EdgeBox
from tests.support.mosquitto import Mosquitto
from tests.support.onnx_models import constant_model
from tests.support.processes import Process, Processes
from tests.support.rtsp_server import STREAM, StartRtspServer, pattern_stream
from tests.support.scripted_central import ScriptedCentral
from tests.support.shared import REPOSITORY
from tests.support.until import until

ZONE = "zones: [{id: z1, polygon: [[0,0],[1,0],[1,1],[0,1]], rules: [{scene: stay, labels: [person], dwell_s: 60}]}]"


def shipped_model() -> Path:
    found = sorted((REPOSITORY / "provisioning" / "detector").rglob("*.onnx"))
    if not found:
        pytest.skip("the demo detector is not in this checkout")
    return found[0]


def inference_process(agent: Process) -> psutil.Process | None:
    for pid in agent.survivors():
        try:
            if "onnxruntime" in Path("/proc", str(pid), "maps").read_text():
                return psutil.Process(pid)
        except OSError:
            continue
    return None


def models_loaded(agent: Process) -> int:
    return agent.err.count('"event": "model_loaded"')


def test_rules_that_the_model_cannot_serve_end_the_agent_before_it_begins(
    tmp_path: Path, start_process: Processes, mosquitto: Mosquitto
) -> None:
    seen = np.zeros((1, 6, 8400), np.float32)
    constant_model(tmp_path / "m.onnx", {"output0": seen}, metadata={"names": "{0: 'person', 1: 'car'}"})
    box = EdgeBox(tmp_path / "box", start_process, mosquitto.port)
    rules = "{scene: mobile_vendor}, {scene: vehicle_parking}, {scene: bike_parking}"
    zone = f"zones: [{{id: z1, polygon: [[0,0],[1,0],[1,1],[0,1]], rules: [{rules}]}}]"
    box.configure([f'{{id: c1, url: "rtsp://u:secret@127.0.0.1/x", {zone}}}'], f"model: {{path: {tmp_path}/m.onnx}}")
    agent = box.start()
    assert agent.wait(within_s=40) == 2
    first, second = [line for line in agent.err.splitlines() if line.startswith("camera")]
    assert "camera c1, zone z1: the scene `mobile_vendor` looks for stall" in first
    assert "camera c1, zone z1: the scene `bike_parking` looks for bike" in second
    assert "secret" not in agent.report()
    until(lambda: not agent.survivors(), within_s=5, what="the end of all processes")


@pytest.mark.slow
def test_inference_that_dies_or_hangs_is_replaced_and_cameras_stay(
    tmp_path: Path, start_process: Processes, mosquitto: Mosquitto, start_rtsp_server: StartRtspServer
) -> None:
    server = start_rtsp_server({STREAM: pattern_stream("snow", width=320, height=180, fps=10)})
    box = EdgeBox(tmp_path / "box", start_process, mosquitto.port)
    box.configure([f'{{id: c1, url: "{server.url()}", {ZONE}}}'], f"model: {{path: {shipped_model()}}}")
    with ScriptedCentral(mosquitto.port) as central:
        agent = box.start()
        central.wait_for_state("c1", "online", within_s=40)
        assert '"rests_on": "objects of the model"' in agent.err
        assert central.received.births[0].data.models[0].sha256
        for loaded, number in enumerate((signal.SIGKILL, signal.SIGSTOP), start=1):
            before = until(lambda: inference_process(agent), within_s=30, what=agent.report)
            before.send_signal(number)
            until(lambda more=loaded: models_loaded(agent) > more, within_s=40, what=agent.report)
            assert not before.is_running()
        assert [message.data.state for message in central.transitions()] == ["online"]
        assert agent.stop() == 0
        until(lambda: not agent.survivors(), within_s=5, what="the end of all processes")
