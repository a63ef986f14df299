"""How a camera waits for the detector: what lies in its slot when its turn comes, what is counted, what is lost."""

import multiprocessing
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread
from typing import cast

import numpy as np
import pytest

from edge_agent.core.clock import Clock
from edge_agent.core.turns import Request
from edge_agent.core.values import ModelIdentity
from edge_agent.inference.preprocess import Fitting, letterbox
from edge_agent.pipeline import BoxPlace
from edge_agent.supervisor.bonds import start_fork_server, start_process
from edge_agent.supervisor.camera_worker import CameraWorker
from edge_agent.supervisor.inference_post import ANSWER_S_MAX, InferencePost
from edge_agent.supervisor.inference_worker import run_inference
from edge_agent.supervisor.latest_frame import LatestFrame
from edge_agent.supervisor.reports import (
    CameraSetup,
    Detect,
    Detected,
    DetectionWanted,
    Figures,
    ModelFiles,
    Ready,
    Seen,
    ToCamera,
    TurnLost,
)
from edge_agent.video.frame import Frame, Picture
from protocol.configuration import CameraConfig
from tests.support.growing_process import grow
from tests.support.layout_models import SIZE, Thing, write_model

AT = datetime(2026, 3, 1, tzinfo=UTC)
MODEL = ModelIdentity("m", "0" * 64, ("person",))
STAY = {"scene": "stay", "labels": ["person"], "dwell_s": 60}
WHOLE = [[0, 0], [1, 0], [1, 1], [0, 1]]
CAMERA = CameraConfig.model_validate(
    {
        "id": "c1",
        "url": "rtsp://127.0.0.1/x",
        "zones": [
            {"id": "slow", "polygon": WHOLE, "latency_s": 30, "rules": [STAY]},
            {"id": "fast", "polygon": WHOLE, "latency_s": 1, "rules": [STAY]},
            {"id": "unasked", "polygon": WHOLE, "latency_s": 0.1},
        ],
    }
)
STEP_S = 0.5
FITTING = Fitting(letterbox, (160, 128))


def picture(number: int) -> Picture:
    """What lies in the slot: the frame has twice its sides."""
    return np.full((90, 160, 3), 100 + number, np.uint8)


class Camera:
    """A camera's worker on a virtual clock, half a second between its frames; the test is the detector."""

    def __init__(self, folder: Path, slot: LatestFrame) -> None:
        self.mono_s, self.number, self.slot = 0.0, 0, slot
        clock = Clock(lambda: AT + timedelta(seconds=self.mono_s), lambda: self.mono_s)
        views = folder / "views"
        setup = CameraSetup(BoxPlace("b1", UTC), CAMERA, MODEL, folder, views, clock, fitting=FITTING)
        self._pipe, theirs = multiprocessing.Pipe()
        self._worker = CameraWorker(setup, slot, cast("Connection", theirs))

    def see(self, frames: int = 1, light: int = 0) -> None:
        for _ in range(frames):
            self.mono_s += STEP_S
            self.number += 1
            shown = picture(self.number + light).repeat(2, 0).repeat(2, 1)
            self._worker._take(Frame(self.number, AT + timedelta(seconds=self.mono_s), shown))

    def tell(self, answer: ToCamera) -> None:
        self._pipe.send(answer)
        self._worker._listen()

    def asked(self) -> list[DetectionWanted]:
        return [one for one in self._said() if isinstance(one, DetectionWanted)]

    def figures(self) -> Figures:
        """After another two frames, for which nobody asks: a look has just been taken."""
        self.see(2)
        return [one for one in self._said() if isinstance(one, Figures)][-1]

    def _said(self) -> list[object]:
        said = []
        while self._pipe.poll():
            said.append(self._pipe.recv())
        return said


@pytest.fixture
def camera(tmp_path: Path) -> Camera:
    return Camera(tmp_path, LatestFrame())


def test_the_newest_frame_is_looked_at_when_the_turn_comes_and_the_others_are_shed(camera: Camera) -> None:
    camera.see(4)
    assert camera.asked() == [DetectionWanted(1, due_s=STEP_S, latency_s=1)]
    seq, taken = camera.slot.take() or (0, None)
    assert seq == 4
    assert taken is not None
    assert (taken == picture(4)).all()
    camera.tell(Detected(1, 4, ()))
    assert (camera.figures().shed_frames, camera.figures().late_looks) == (3, 1)


def test_a_look_within_the_latency_is_not_late(camera: Camera) -> None:
    camera.see(2)
    camera.slot.take()
    camera.tell(Detected(1, 2, ()))
    assert (camera.figures().shed_frames, camera.figures().late_looks) == (1, 0)


def test_while_a_frame_is_looked_at_the_newest_waits_and_then_asks_for_itself(camera: Camera) -> None:
    camera.see()
    camera.slot.take()
    camera.see(2)
    camera.see(light=100)
    assert camera.slot.last() == 1
    assert len(camera.asked()) == 1
    camera.tell(Detected(1, 1, ()))
    assert camera.asked() == [DetectionWanted(2, due_s=4 * STEP_S, latency_s=1)]
    camera.slot.take()
    camera.tell(Detected(2, 2, ()))
    assert camera.figures().shed_frames == 2


def test_a_turn_that_went_to_a_frame_just_replaced_is_asked_for_again(camera: Camera) -> None:
    camera.see(2)
    assert [one.seq for one in camera.asked()] == [1]
    camera.tell(Detected(1, 1, ()))
    assert camera.asked() == [DetectionWanted(2, due_s=STEP_S, latency_s=1)]
    camera.slot.take()
    camera.tell(Detected(2, 2, ()))
    camera.tell(Detected(2, 2, ()))
    assert camera.asked() == []


def test_a_lost_turn_is_made_up_for_with_the_next_frame(camera: Camera) -> None:
    camera.see()
    camera.tell(TurnLost(7))
    assert len(camera.asked()) == 1
    camera.tell(TurnLost(1))
    camera.see()
    assert camera.asked() == [DetectionWanted(2, due_s=2 * STEP_S, latency_s=1)]
    camera.slot.take()
    camera.tell(Detected(2, 2, ()))
    assert camera.figures().shed_frames == 1


def test_numbers_go_on_in_a_process_that_takes_the_place_of_another(tmp_path: Path) -> None:
    slot = LatestFrame()
    Camera(tmp_path, slot).see(3)
    slot.take()
    after = Camera(tmp_path, slot)
    after.see()
    assert [one.seq for one in after.asked()] == [4]


def test_a_slot_gives_its_newest_picture_and_says_that_it_is_taken() -> None:
    slot = LatestFrame()
    assert slot.take() is None
    slot.put(1, picture(1))
    slot.put(2, picture(2))
    seq, taken = slot.take() or (0, None)
    assert (seq, slot.taken(), slot.last()) == (2, 2, 2)
    assert taken is not None
    assert (taken == picture(2)).all()


def test_inference_serves_the_earliest_deadline_first_and_what_lies_there_then(tmp_path: Path) -> None:
    model = write_model(tmp_path / "m.onnx", "ultralytics_v8", [Thing((20, 10, 60, 60), 0)])
    slots = tuple(LatestFrame() for _ in range(4))
    for place, slot in enumerate(slots[:3]):
        for seq in range(1, 2 + place):
            slot.put(seq, np.zeros((SIZE[1], SIZE[0], 3), np.uint8))
    ours, theirs = multiprocessing.Pipe()
    for place, (due_s, latency_s) in enumerate([(0, 10), (1, 10), (2, 0.5), (3, 0.1)]):
        ours.send(Detect(Request(place, 1, due_s, latency_s)))
    files = ModelFiles(model, None, "ultralytics_v8", 0.3, None)
    process = Thread(target=run_inference, args=(theirs, files, slots), daemon=True)
    process.start()
    assert isinstance(ours.recv(), Ready)
    said = [cast("Seen", ours.recv()) for _ in range(4)]
    ours.close()
    process.join()
    assert [(one.place, one.asked, one.seq) for one in said] == [(2, 1, 3), (3, 1, 0), (0, 1, 1), (1, 1, 2)]
    assert [one.detections and one.detections[0].label for one in said] == ["person", None, "person", "person"]


def test_a_long_queue_is_no_hang_but_silence_is_and_loses_every_turn() -> None:
    context, time_s, told = start_fork_server(), [0.0], list[tuple[int, Detected | TurnLost]]()

    def start() -> tuple[BaseProcess, Connection]:
        return start_process(context, "inference", grow, 0)

    clock = Clock(lambda: AT, lambda: time_s[0])
    post = InferencePost(start, clock, lambda: 0.0, lambda place, answer: told.append((place, answer)))
    try:
        post.ask(0, DetectionWanted(1, 0.0, 2.0))
        assert told == [(0, TurnLost(1))]
        post.start()
        post.heard(Ready(MODEL, FITTING))
        told.clear()
        for place in range(3):
            post.ask(place, DetectionWanted(5, 0.0, 2.0))
        for place in (0, 1):
            time_s[0] += 0.9 * ANSWER_S_MAX
            post.tick(time_s[0])
            post.heard(Seen(place, 5, 6, ()))
        assert told == [(0, Detected(5, 6, ())), (1, Detected(5, 6, ()))]
        post.heard(Seen(2, 4, 4, ()))
        time_s[0] += 1.1 * ANSWER_S_MAX
        post.tick(time_s[0])
        assert told[2:] == [(2, Detected(4, 4, ())), (2, TurnLost(5))]
        assert (post.restarts, post.pipe) == (1, None)
    finally:
        post.end()
