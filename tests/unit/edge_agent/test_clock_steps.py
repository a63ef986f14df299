"""The box's clock is set while a camera is watched: its reports tell the right time from then on."""

import multiprocessing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from edge_agent.core.clock import Clock
from edge_agent.core.values import Detection, ModelIdentity
from edge_agent.inference.preprocess import Fitting, letterbox
from edge_agent.pipeline import BoxPlace
from edge_agent.supervisor.camera_worker import CameraWorker
from edge_agent.supervisor.latest_frame import LatestFrame
from edge_agent.supervisor.reports import CameraSetup, Detected, DetectionWanted, Happened
from edge_agent.video.frame import Frame
from edge_agent.video.rtsp_source import RtspSource
from protocol.configuration import CameraConfig
from protocol.messages import EndReason, SceneEvent, ScenePhase

AT = datetime(2026, 3, 1, tzinfo=UTC)
STEP_S, DWELL_S = 0.5, 5.0
STALL = Detection("stall", 0.9, (0.4, 0.3, 0.6, 0.7))
CAMERA = CameraConfig.model_validate(
    {
        "id": "c1",
        "url": "rtsp://127.0.0.1/x",
        "zones": [
            {
                "id": "z1",
                "polygon": [[0, 0], [1, 0], [1, 1], [0, 1]],
                "rules": [{"scene": "stay", "labels": ["stall"], "dwell_s": DWELL_S}],
            }
        ],
    }
)


class Stream:
    """Stands for the camera's connection: its frames are counted from `base`."""

    base = None


class Watched:
    """A camera's worker on a virtual clock before which a stall stands."""

    def __init__(self, folder: Path) -> None:
        self.mono_s, self.set_by = 0.0, timedelta()
        self.clock = Clock(lambda: AT + self.set_by + timedelta(seconds=self.mono_s), lambda: self.mono_s)
        model = ModelIdentity("m", "0" * 64, ("stall",))
        fitting = Fitting(letterbox, (160, 128))
        setup = CameraSetup(BoxPlace("b1", UTC), CAMERA, model, folder, folder / "v", self.clock, fitting=fitting)
        self.pipe, theirs = multiprocessing.Pipe()
        self.worker = CameraWorker(setup, LatestFrame(), theirs)
        self.worker._source = cast("RtspSource", Stream())
        self.worker._source.base = self.worker._base

    def see(self, seconds: float) -> list[SceneEvent]:
        events = list[SceneEvent]()
        for _ in range(round(seconds / STEP_S)):
            self.mono_s += STEP_S
            at = self.worker._source.base.at(self.mono_s) if self.worker._source else AT
            self.worker._take(Frame(round(self.mono_s / STEP_S), at, np.full((90, 160, 3), 120, np.uint8)))
            while self.pipe.poll():
                said = self.pipe.recv()
                if isinstance(said, Happened):
                    events += said.events
                if isinstance(said, DetectionWanted):
                    self.pipe.send(Detected(said.seq, said.seq, (STALL,)))
                    self.worker._listen()
        return events


@pytest.mark.parametrize("step", [timedelta(days=365), timedelta(days=-365)])
def test_a_leap_of_the_clock_ends_what_is_open_and_begins_anew_at_the_right_time(
    tmp_path: Path, step: timedelta
) -> None:
    camera = Watched(tmp_path)
    (before,) = camera.see(2 * DWELL_S)
    camera.set_by = step
    ended, after = camera.see(2 * DWELL_S)
    assert (before.phase, before.raised_at) == (ScenePhase.RAISED, before.started_at + timedelta(seconds=DWELL_S))
    assert (ended.episode, ended.phase, ended.end_reason) == (before.episode, ScenePhase.ENDED, EndReason.INTERRUPTED)
    assert after.phase is ScenePhase.RAISED
    assert timedelta() < after.started_at - (AT + step) < timedelta(seconds=4 * DWELL_S)
    assert after.raised_at == after.started_at + timedelta(seconds=DWELL_S)


def test_a_small_correction_waits_for_the_end_of_what_is_open(tmp_path: Path) -> None:
    camera = Watched(tmp_path)
    camera.see(2 * DWELL_S)
    camera.set_by = timedelta(seconds=30)
    assert camera.see(DWELL_S) == []


def test_a_correction_while_nothing_is_open_holds_for_the_running_connection(tmp_path: Path) -> None:
    camera = Watched(tmp_path)
    camera.see(STEP_S)
    camera.set_by = timedelta(seconds=30)
    (raised,) = camera.see(2 * DWELL_S)
    assert raised.started_at >= AT + camera.set_by
