"""Pictures of the main stream: fetched in bounded time, of the same view only, masked, and done without otherwise."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import active_count

import numpy as np
import pytest

from edge_agent.core import main_stream
from edge_agent.core.capture_time import base_of
from edge_agent.core.clock import Clock
from edge_agent.core.main_stream import APART_S, LIKENESS_MIN, WAIT_S
from edge_agent.core.values import Detection, ModelIdentity
from edge_agent.pipeline import BoxPlace, CameraPipeline
from edge_agent.pipeline.camera_pipeline import shows_now
from edge_agent.pipeline.main_pictures import MainPictures
from edge_agent.video.evidence_folder import EvidenceFolder
from edge_agent.video.frame import Frame
from edge_agent.video.main_stream import MainStream, likeness
from edge_agent.video.snapshot import picture_of
from edge_agent.video.source import SourceFailed
from protocol.camera_url import CameraUrl
from protocol.configuration import CameraConfig
from protocol.messages import CameraReason, EvidenceKind, SceneEvent
from provisioning.simulator.video.camera import StreetCamera
from provisioning.simulator.video.scenes import busy
from tests.support.clips import every, write_clip
from tests.support.fake_rtsp import Behaviour, FakeRtspServer, silence, status, wrong_password
from tests.support.until import until

CLOCK = Clock(partial(datetime.now, UTC), time.monotonic)
START = datetime(2026, 1, 1, tzinfo=UTC)
MASK = ((0.0, 0.0), (0.25, 0.0), (0.25, 0.25), (0.0, 0.25))
SUB, MAIN = (320, 180), (1280, 720)


def street(seed: int, size: tuple[int, int], at_s: float) -> np.ndarray:
    return StreetCamera(busy(), seed, size, 10.0).frame(at_s)


def seen(seed: int = 1, at_s: float = 30.0) -> Frame:
    return Frame(0, START, street(seed, SUB, at_s))


def main_clip(folder: Path, seed: int = 1) -> CameraUrl:
    picture = street(seed, MAIN, 32.0)
    return CameraUrl(f"file://{write_clip(folder / 'main.mp4', lambda _: picture, every(0.2, 1))}")


@dataclass
class Desk:
    """Main pictures of an address, on a clock that a test may move on."""

    url: CameraUrl | None
    later_s: float = 0.0
    done: list[tuple[str, Frame | None]] = field(default_factory=list)
    refused: list[SourceFailed] = field(default_factory=list)

    def __post_init__(self) -> None:
        stream = None if self.url is None else MainStream(self.url, CLOCK, [MASK])
        self.pictures = MainPictures(stream, lambda: time.monotonic() + self.later_s, self.refused.append)
        self.stream = stream

    def deed(self, name: str) -> Callable[[Frame | None], None]:
        return lambda main: self.done.append((name, main))

    def ask(self, name: str, frame: Frame | None = None) -> None:
        self.pictures.ask(self.deed(name), frame or seen(), base_of(START, time.monotonic()))

    def after(self, name: str) -> None:
        self.pictures.after(self.deed(name))

    def settled(self) -> list[str]:
        """Names of the deeds in order, once none waits."""

        def polled() -> bool:
            self.pictures.poll()
            return not self.pictures.waiting

        until(polled, within_s=20, what="all deeds")
        return [name for name, _ in self.done]


@pytest.fixture
def fake() -> Iterator[Callable[[Behaviour], FakeRtspServer]]:
    servers: list[FakeRtspServer] = []

    def start(behaviour: Behaviour) -> FakeRtspServer:
        servers.append(FakeRtspServer(behaviour))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def test_a_picture_of_the_main_stream_is_given_masked_and_the_order_is_kept(tmp_path: Path) -> None:
    desk = Desk(main_clip(tmp_path))
    desk.ask("raised")
    desk.ask("raised too")
    desk.after("ended")
    assert desk.done == []
    assert desk.settled() == ["raised", "raised too", "ended"]
    pictures = {main for _, main in desk.done}
    (main,) = pictures
    assert main is not None
    assert main.size == MAIN
    assert main.bgr()[:170, :310].max() == 0
    assert abs((main.captured_at - START).total_seconds()) < WAIT_S
    assert desk.refused == []
    until(lambda: not desk.stream.busy, what="the end of the connection")


def test_openings_are_apart_and_what_asks_in_between_goes_at_once(tmp_path: Path) -> None:
    desk = Desk(main_clip(tmp_path))
    desk.ask("first")
    desk.settled()
    desk.ask("second")
    assert desk.done[1] == ("second", None)
    desk.later_s = APART_S
    until(lambda: not desk.stream.busy, what="the end of the connection")
    desk.ask("third")
    desk.settled()
    assert desk.done[2][1] is not None


def test_without_a_main_stream_everything_goes_at_once() -> None:
    desk = Desk(None)
    desk.ask("raised")
    desk.after("ended")
    assert desk.done == [("raised", None), ("ended", None)]


def test_another_view_is_no_picture_of_this_one(tmp_path: Path) -> None:
    desk = Desk(main_clip(tmp_path, seed=2))
    desk.ask("raised")
    desk.settled()
    assert desk.done == [("raised", None)]
    assert "it shows another view than the first stream" in desk.refused[0].detail


def test_the_same_view_is_told_from_others_at_any_size() -> None:
    mains = {seed: Frame(0, START, street(seed, MAIN, 33.0)) for seed in range(4)}
    squeezed = {seed: Frame(0, START, street(seed, (352, 288), 30.0)) for seed in mains}
    for seed, main in mains.items():
        assert likeness(seen(seed), main) > LIKENESS_MIN
        assert likeness(squeezed[seed], main) > LIKENESS_MIN / 2
        assert all(likeness(seen(seed), other) < LIKENESS_MIN for at, other in mains.items() if at != seed)
    assert likeness(seen(), Frame(0, START, np.zeros((720, 1280, 3), np.uint8))) == 0


def test_a_main_stream_that_says_nothing_costs_a_moment(fake: Callable[[Behaviour], FakeRtspServer]) -> None:
    server = fake(silence())
    desk = Desk(CameraUrl(server.url(user="viewer", password="Geheim")))
    desk.ask("raised")
    desk.later_s = WAIT_S
    assert desk.settled() == ["raised"]
    assert desk.done == [("raised", None)]
    assert desk.refused[0].reason is CameraReason.TIMEOUT
    desk.later_s = 100 * APART_S
    desk.ask("next")
    assert desk.done[1] == ("next", None), "the first connection is still held: there is never a second"
    assert server.connections == 1


@pytest.mark.parametrize(("behaviour", "reason"), [(status(404), "not_found"), (wrong_password(), "auth_failed")])
def test_a_main_stream_that_refuses_is_told_without_its_password(
    fake: Callable[[Behaviour], FakeRtspServer], behaviour: Behaviour, reason: str
) -> None:
    desk = Desk(CameraUrl(fake(behaviour).url(user="viewer", password="Geheim")))
    desk.ask("raised")
    desk.settled()
    assert desk.done == [("raised", None)]
    assert desk.refused[0].reason == reason
    assert "Geheim" not in desk.refused[0].detail


def test_flushing_waits_for_nobody(fake: Callable[[Behaviour], FakeRtspServer]) -> None:
    desk = Desk(CameraUrl(fake(silence()).url()))
    desk.ask("raised")
    desk.after("ended")
    desk.pictures.flush()
    assert desk.done == [("raised", None), ("ended", None)]
    desk.pictures.poll()
    assert len(desk.done) == 2
    assert active_count() < 20


def test_a_wrong_password_is_not_tried_again_for_long() -> None:
    use = main_stream.at_start(0.0)
    for _ in range(4):
        at_s = use.due_s
        use = main_stream.after_refusal(main_stream.opened(use, at_s), CameraReason.AUTH_FAILED, at_s + 1)
        assert use.due_s >= at_s + 200
    assert use.due_s > 600
    fine = main_stream.gave(main_stream.opened(main_stream.at_start(0.0), 5.0))
    assert not main_stream.may_open(fine, 5.0 + APART_S - 0.1)
    assert main_stream.may_open(fine, 5.0 + APART_S)


def raised_event(folder: Path) -> tuple[CameraPipeline, SceneEvent]:
    rules = [{"scene": "stay", "labels": ["person"], "dwell_s": 5}]
    whole = [[0, 0], [1, 0], [1, 1], [0, 1]]
    config = CameraConfig.model_validate(
        {
            "id": "cam",
            "url": "rtsp://h/x",
            "privacy_masks": [MASK],
            "zones": [{"id": "z", "polygon": whole, "rules": rules}],
        }
    )
    model = ModelIdentity("m", "0" * 64, ("person",))
    line = CameraPipeline(BoxPlace("b", UTC), config, model, EvidenceFolder(folder))
    events: list[SceneEvent] = []
    for number in range(12):
        frame = Frame(number, START + timedelta(seconds=number / 2), np.full((180, 320, 3), 90, np.uint8), [MASK])
        line.wants(frame)
        events += line.step(frame, (Detection("person", 0.8, (0.5, 0.5, 0.75, 0.75)),))
    (raised,) = events
    return line, raised


def test_the_report_shows_the_main_picture_with_box_and_masks_at_its_size(tmp_path: Path) -> None:
    line, raised = raised_event(tmp_path)
    assert shows_now(raised)
    main = Frame(0, START + timedelta(seconds=6), np.full((720, 1280, 3), 90, np.uint8))
    (better,) = line.with_main((raised,), main)
    assert [one.kind for one in better.evidence] == [EvidenceKind.STARTED, EvidenceKind.RAISED]
    assert better.evidence[0] == raised.evidence[0]
    assert better.evidence[1].at == main.captured_at
    picture = picture_of((tmp_path / f"{better.evidence[1].sha256}.jpg").read_bytes())
    assert picture.shape == (720, 1280, 3)
    assert picture[4:172, 8:312].max() <= 16, "the mask is burnt in although the frame had none"
    assert picture[450, 639].tolist() == pytest.approx([40, 40, 240], abs=70), "the box's left side"
    assert better.model_copy(update={"evidence": raised.evidence}) == raised


def test_a_full_disk_keeps_the_picture_of_the_first_stream(tmp_path: Path) -> None:
    line, raised = raised_event(tmp_path / "evidence")
    for file in (tmp_path / "evidence").iterdir():
        file.unlink()
    (tmp_path / "evidence").rmdir()
    (tmp_path / "evidence").touch()
    main = Frame(0, START, np.full((720, 1280, 3), 90, np.uint8))
    assert line.with_main((raised,), main) == (raised,)
    assert line.evidence_failures == 1
