"""One camera's post in the main process: what it says in the log, and what its process may not do."""

from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from structlog.testing import capture_logs

from edge_agent.core.clock import Clock
from edge_agent.supervisor.camera_post import UNKEPT_TOLD_S, CameraPost, Means
from edge_agent.supervisor.latest_frame import LatestFrame
from edge_agent.supervisor.reports import CameraSetup, Figures
from protocol.configuration import CameraConfig

CLOCK = Clock(lambda: datetime(2026, 3, 1, tzinfo=UTC), lambda: 0.0)


def setup(name: str) -> CameraSetup:
    camera = CameraConfig.model_validate({"id": name, "url": "rtsp://127.0.0.1/x"})
    return CameraSetup("s1", "b1", camera, None, Path("none"), CLOCK)


def not_started(_setup: CameraSetup, _slot: LatestFrame) -> tuple[BaseProcess, Connection]:
    raise AssertionError("no process is needed here")


def unkept(pictures: int) -> Figures:
    return Figures(10.0, 1.0, None, 0, 320, 180, evidence_failures=pictures)


def test_pictures_that_the_disk_refuses_are_told_once_a_minute() -> None:
    post = CameraPost(setup("c1"), LatestFrame(), Means(not_started, CLOCK, lambda: 0.0))
    with capture_logs() as lines:
        for second in range(120):
            post.heard(unkept(second), float(second))
    assert [(line["event"], line["camera"], line["pictures"]) for line in lines] == [
        ("evidence_not_kept", "c1", 1),
        ("evidence_not_kept", "c1", 60),
    ]
    assert lines[0]["log_level"] == "error"
    with capture_logs() as lines:
        post.heard(unkept(0), 120.0 + UNKEPT_TOLD_S)
        post.heard(unkept(1), 121.0 + UNKEPT_TOLD_S)
    assert [line["pictures"] for line in lines] == [1], "a new process counts anew"
