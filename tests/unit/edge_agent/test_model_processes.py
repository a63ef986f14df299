"""What becomes of an agent whose model's process breaks down at its start, or comes back with another model."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import cast

import pytest
from structlog.testing import capture_logs

from edge_agent.core.clock import Clock
from edge_agent.core.values import ModelIdentity
from edge_agent.inference.detector import ModelRefused
from edge_agent.inference.preprocess import Fitting, letterbox
from edge_agent.supervisor.bonds import start_fork_server, start_process
from edge_agent.supervisor.inference_post import InferencePost
from edge_agent.supervisor.reports import Detected, DetectionWanted, ModelFiles, Ready, TurnLost
from edge_agent.supervisor.supervisor import Supervisor
from protocol.configuration import AgentConfig
from tests.support.growing_process import grow

CLOCK = Clock(lambda: datetime(2026, 3, 1, tzinfo=UTC), lambda: 0.0)
MODEL = ModelIdentity("m", "0" * 64, ("person",))
FITTING = Fitting(letterbox, (160, 128))
CONFIG = AgentConfig.model_validate(
    {"site": "s1", "box": "b1", "cameras": [{"id": "c1", "url": "rtsp://127.0.0.1/x", "zones": []}]}
)


class Deadly:
    """Ends the process that receives it, as a fault in the runtime does."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (1,)


def test_a_model_that_breaks_its_process_down_is_refused_at_once(tmp_path: Path) -> None:
    files = ModelFiles(tmp_path / "m.onnx", cast("Path", Deadly()), None, None, None)
    supervisor = Supervisor(CONFIG, tmp_path / "evidence", files, CLOCK, lambda: 0.0)
    with pytest.raises(ModelRefused, match=r"m\.onnx: the model broke down while it loaded; see what"):
        supervisor.prepare()


def test_another_model_in_the_place_of_the_loaded_one_is_not_taken_for_it() -> None:
    told = list[tuple[int, Detected | TurnLost]]()

    def start() -> tuple[BaseProcess, Connection]:
        return start_process(start_fork_server(), "inference", grow, 0)

    post = InferencePost(start, CLOCK, lambda: 0.0, lambda place, answer: told.append((place, answer)))
    try:
        for _ in range(2):
            post.start()
            post.heard(Ready(MODEL, FITTING))
            assert post.pipe is not None
            post.gone()
        post.start()
        with capture_logs() as lines:
            post.heard(Ready(replace(MODEL, sha256="1" * 64), FITTING))
        assert (post.pipe, post.identity) == (None, MODEL)
        (line,) = (line for line in lines if line["event"] == "model_changed")
        assert "restart the agent" in line["advice"]
        post.ask(0, DetectionWanted(1, 0.0, 2.0))
        assert told == [(0, TurnLost(1))]
    finally:
        post.end()
