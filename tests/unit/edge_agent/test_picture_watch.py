"""A camera's picture under watch in its process: when it is looked at, what is told, and a dome's zones meanwhile."""

import multiprocessing
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast

import numpy as np
from structlog.testing import capture_logs

from edge_agent.core.clock import Clock
from edge_agent.core.picture_health import LOOK_S
from edge_agent.core.picture_health.reference import LEARNING_LOOKS
from edge_agent.pipeline import BoxPlace
from edge_agent.pipeline.picture_watch import KEEP_S, Arrivals, PictureWatch
from edge_agent.supervisor.camera_worker import CameraWorker
from edge_agent.supervisor.latest_frame import LatestFrame
from edge_agent.supervisor.reports import CameraSetup, FromCamera, Judged
from edge_agent.video.frame import Frame, Picture
from protocol.configuration import CameraConfig
from protocol.messages import CameraReason

AT = datetime(2026, 3, 1, tzinfo=UTC)
FPS = 2


def scene(seed: int, number: int) -> Picture:
    """A view of blocks that differ by seed, with noise that differs by number."""
    blocks = np.random.default_rng(seed).integers(30, 220, (24, 40, 1), dtype=np.uint8)
    view = blocks.repeat(15, 0).repeat(16, 1).repeat(3, 2)
    return view + np.random.default_rng([seed, number]).integers(0, 6, (360, 640, 1), dtype=np.uint8)


def frame(seed: int, number: int) -> Frame:
    return Frame(number, AT + timedelta(seconds=number / FPS), scene(seed, number))


def config(kind: str = "fixed") -> CameraConfig:
    return CameraConfig.model_validate({"id": "c1", "url": "rtsp://127.0.0.1/x", "kind": kind, "analysis_fps": FPS})


def test_a_look_is_taken_now_and_then_and_the_view_outlives_the_process(tmp_path: Path) -> None:
    watch = PictureWatch(config(), tmp_path)
    looks = [watch.look(frame(1, n), Arrivals(n, 2.0), n / FPS) for n in range(100)]
    assert sum(looks) == round(100 / FPS / LOOK_S)
    for number in range(LEARNING_LOOKS):
        watch.look(frame(1, number), Arrivals(100 + number, 2.0), 50 + number * LOOK_S)
    assert not list(tmp_path.iterdir())
    watch.look(frame(1, 1), Arrivals(300, 2.0), KEEP_S + LOOK_S)
    assert list(tmp_path.iterdir())
    assert watch.finding is None
    again = PictureWatch(config(), tmp_path)
    for number in range(3):
        again.look(frame(2, number), Arrivals(number, 2.0), number * LOOK_S)
    assert again.finding is not None
    assert again.finding.reason is CameraReason.MOVED


def test_a_folder_that_cannot_be_written_costs_the_memory_alone(tmp_path: Path) -> None:
    (tmp_path / "views").write_text("in the way")
    watch = PictureWatch(config(), tmp_path / "views")
    for number in range(LEARNING_LOOKS + 10):
        watch.look(frame(1, number), Arrivals(number, 2.0), number * LOOK_S)
    with capture_logs() as lines:
        watch.keep()
    assert watch.keep_failures > 0
    assert [(line["event"], line["camera"]) for line in lines] == [("view_not_kept", config().id)]
    assert watch.finding is None


class Dome:
    """The worker of a dome camera on a virtual clock, and what it says."""

    def __init__(self, folder: Path) -> None:
        self.mono_s, self.number = 0.0, 0
        clock = Clock(lambda: AT + timedelta(seconds=self.mono_s), lambda: self.mono_s)
        setup = CameraSetup(BoxPlace("b1", UTC), config("dome"), None, folder, folder / "views", clock)
        self.pipe, theirs = multiprocessing.Pipe()
        self.worker = CameraWorker(setup, LatestFrame(), cast("Connection", theirs))

    def see(self, seed: int, seconds: float) -> list[FromCamera]:
        said: list[FromCamera] = []
        for _ in range(round(seconds * FPS)):
            self.mono_s += 1 / FPS
            self.number += 1
            self.worker._take(frame(seed, self.number))
            while self.pipe.poll():
                said.append(self.pipe.recv())
        return said

    @property
    def analysed(self) -> int:
        """Frames that reached the rules in this second."""
        return self.worker._counts._analysed


def test_zones_of_a_dome_sleep_while_it_looks_away(tmp_path: Path) -> None:
    dome = Dome(tmp_path)
    assert not [one for one in dome.see(1, 180) if isinstance(one, Judged)]
    told = [one for one in dome.see(2, 30) if isinstance(one, Judged)]
    assert {one.fault for one in told} == {CameraReason.OFF_PRESET}
    assert told[0].value is not None
    assert told[0].threshold is not None
    assert dome.worker._watch_picture.is_off_preset
    before = dome.analysed
    dome.see(2, 0.5)
    assert dome.analysed <= before
    told = [one for one in dome.see(1, 30) if isinstance(one, Judged)]
    assert [one.fault for one in told] == [None]
    assert not dome.worker._watch_picture.is_off_preset
    dome.worker._counts.begin(dome.mono_s)
    dome.see(1, 0.5)
    assert dome.analysed == 1
