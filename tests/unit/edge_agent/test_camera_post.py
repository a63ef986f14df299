"""One camera's post in the main process: what it says in the log, and what its process may not do."""

from datetime import UTC, datetime
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread

from structlog.testing import capture_logs

from edge_agent.core.clock import Clock
from edge_agent.core.feedback import MASKS_MAX, SpotMask
from edge_agent.core.values import ModelIdentity
from edge_agent.inference.preprocess import Fitting, letterbox
from edge_agent.pipeline import BoxPlace
from edge_agent.supervisor.bonds import start_fork_server, start_process
from edge_agent.supervisor.camera_post import TOLD_S, CameraPost, Means
from edge_agent.supervisor.inference_post import InferencePost
from edge_agent.supervisor.latest_frame import LatestFrame
from edge_agent.supervisor.reports import (
    CameraSetup,
    DetectionWanted,
    Figures,
    LookRefused,
    Masks,
    Ready,
    Snapshot,
    TurnLost,
)
from protocol.configuration import CameraConfig
from tests.support.growing_process import grow, stay_deaf

FITTING = Fitting(letterbox, (640, 640))
PROCESS_S_MAX = 60.0
LEAK_BYTES = 400_000_000
RSS_BYTES_MAX = 300_000_000
"""Far above what the libraries alone take, far below them and the leak."""
MODEL = ModelIdentity("m", "0" * 64, ("person",))
CLOCK = Clock(lambda: datetime(2026, 3, 1, tzinfo=UTC), lambda: 0.0)


def setup(name: str) -> CameraSetup:
    camera = CameraConfig.model_validate({"id": name, "url": "rtsp://127.0.0.1/x"})
    return CameraSetup(BoxPlace("b1", UTC), camera, None, Path("none"), Path("none"), CLOCK)


def not_started(_setup: CameraSetup, _slot: LatestFrame) -> tuple[BaseProcess, Connection]:
    raise AssertionError("no process is needed here")


def unkept(pictures: int) -> Figures:
    return Figures(10.0, 1.0, None, 0, 320, 180, evidence_failures=pictures)


def heard_first_frame(post: CameraPost, mono_s: float) -> int:
    """Wait until the process has grown, which counts as its first picture; its id."""
    assert post.pipe is not None
    assert post.pipe.poll(PROCESS_S_MAX), "the process says nothing"
    post.heard(post.pipe.recv(), mono_s)
    assert post.process_id is not None
    return post.process_id


def test_a_process_that_leaks_is_replaced_and_the_other_camera_goes_on() -> None:
    context = start_fork_server()
    sizes_bytes = {"steady": [0], "leaky": [LEAK_BYTES, 0]}

    def start(wanted: CameraSetup, _slot: LatestFrame) -> tuple[BaseProcess, Connection]:
        return start_process(context, wanted.camera.id, grow, sizes_bytes[wanted.camera.id].pop(0))

    means = Means(start, CLOCK, lambda: 0.0, rss_bytes_max=RSS_BYTES_MAX)
    steady, leaky = (CameraPost(setup(name), LatestFrame(), means) for name in sizes_bytes)
    try:
        for post in (steady, leaky):
            post.open(0.0)
        kept, lost = heard_first_frame(steady, 0.0), heard_first_frame(leaky, 0.0)
        with capture_logs() as lines:
            steady.tick(1.0)
            leaky.tick(1.0)
        assert [(line["event"], line["camera"]) for line in lines] == [("camera_process_too_large", "leaky")]
        assert not Path("/proc", str(lost)).exists()
        assert (steady.take_loss(), leaky.take_loss()) == (False, True)
        assert leaky.process_id is None
        assert leaky.open_due(120.0)
        leaky.open(120.0)
        assert heard_first_frame(leaky, 120.0) not in {kept, lost}
        leaky.tick(121.0)
        assert (steady.process_id, leaky.take_loss()) == (kept, False)
    finally:
        for post in (steady, leaky):
            post.end()


def test_orders_for_a_process_that_does_not_listen_hold_nobody_up() -> None:
    context = start_fork_server()
    post = CameraPost(
        setup("deaf"), LatestFrame(), Means(lambda *_: start_process(context, "deaf", stay_deaf), CLOCK, lambda: 0.0)
    )

    def flood() -> None:
        for number in range(200):
            box = (0.1, 0.1, 0.5, 0.5 + number / 1000)
            post.mask((SpotMask("deaf", "z1", "stay", box, CLOCK.now()),) * MASKS_MAX)
            post.tick(0.0)
            asked.append(post.ask(Snapshot(f"{number:036x}")))

    asked: list[bool] = []
    post.open(0.0)
    orders = Thread(target=flood, daemon=True)
    orders.start()
    orders.join(PROCESS_S_MAX)
    held_up = orders.is_alive()
    post.end()
    assert not held_up, f"after {len(asked)} orders"
    assert (len(asked), asked[0], asked[-1]) == (200, True, False)


def test_masks_that_did_not_fit_are_told_when_there_is_room() -> None:
    ours, theirs = Pipe()
    post = CameraPost(setup("late"), LatestFrame(), Means(not_started, CLOCK, lambda: 0.0))
    post.pipe = ours
    while post.ask(Snapshot("0" * 36)):
        pass
    masks = (SpotMask("late", "z1", "stay", (0.1, 0.1, 0.5, 0.5), CLOCK.now()),)
    post.mask(masks)
    while theirs.poll():
        assert theirs.recv() == Snapshot("0" * 36)
    post.tick(0.0)
    assert theirs.poll()
    assert theirs.recv() == Masks(masks)
    post.tick(0.5)
    assert not theirs.poll(), "once is enough"


def test_inference_that_leaks_is_replaced_and_what_was_asked_is_answered() -> None:
    context = start_fork_server()
    sizes_bytes, answers = [LEAK_BYTES, 0], []

    def start() -> tuple[BaseProcess, Connection]:
        return start_process(context, "inference", grow, sizes_bytes.pop(0))

    def grown() -> None:
        assert inference.pipe is not None
        assert inference.pipe.poll(PROCESS_S_MAX), "the process says nothing"
        inference.pipe.recv()

    inference = InferencePost(
        start, CLOCK, lambda: 0.0, lambda place, told: answers.append((place, told)), RSS_BYTES_MAX
    )
    try:
        inference.start()
        grown()
        inference.heard(Ready(MODEL, FITTING))
        inference.ask(3, DetectionWanted(7, 0.0, 2.0))
        with capture_logs() as lines:
            inference.tick(1.0)
        assert [line["event"] for line in lines] == ["inference_too_large", "inference_gone"]
        assert answers == [(3, TurnLost(7))]
        assert inference.process_id is None
        inference.tick(120.0)
        grown()
        inference.heard(Ready(MODEL, FITTING))
        inference.tick(140.0)
        assert (inference.restarts, sizes_bytes) == (1, [])
        assert inference.process_id is not None
    finally:
        inference.end()


def no_inference() -> tuple[BaseProcess, Connection]:
    raise AssertionError("nothing is started here")


def test_a_model_that_answers_nothing_readable_is_told_once_a_minute() -> None:
    seconds = iter(range(121))
    clock = Clock(CLOCK.now, lambda: float(next(seconds)))
    inference = InferencePost(no_inference, clock, lambda: 0.0, lambda _place, _told: None)
    with capture_logs() as lines:
        for _ in range(120):
            inference.heard(LookRefused("no numbers"))
    assert [(line["event"], line["looks"], line["detail"]) for line in lines] == [
        ("looks_refused", 1, "no numbers"),
        ("looks_refused", 60, "no numbers"),
    ]


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
        post.heard(unkept(0), 120.0 + TOLD_S)
        post.heard(unkept(1), 121.0 + TOLD_S)
    assert [line["pictures"] for line in lines] == [1], "a new process counts anew"


def test_a_detector_that_is_too_slow_is_told_once_a_minute() -> None:
    post = CameraPost(setup("c1"), LatestFrame(), Means(not_started, CLOCK, lambda: 0.0))
    with capture_logs() as lines:
        for second in range(100):
            post.heard(Figures(10.0, 1.0, None, 3 * second, 320, 180, late_looks=2 * second), float(second))
    assert [(line["event"], line["looks"], line["shed_frames"]) for line in lines] == [
        ("looks_late", 2, 3),
        ("looks_late", 120, 183),
    ]
    assert {line["log_level"] for line in lines} == {"warning"}
