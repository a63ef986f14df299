"""Which state a camera is in, and what is told about it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.core import camera_health as ch
from edge_agent.core.camera_health import Change, Health, Observation
from protocol.messages import CameraReason, CameraState

START = datetime(2026, 3, 1, tzinfo=UTC)
ONLINE, OFFLINE, DEGRADED = CameraState.ONLINE, CameraState.OFFLINE, CameraState.DEGRADED
REFUSALS = [reason for reason in CameraReason if reason not in ch.PICTURE_FAULTS and reason not in ch.VAGUE_REASONS]


@dataclass
class Camera:
    """One camera on a virtual clock; keeps what was reported."""

    health: Health = field(default_factory=lambda: ch.starting(START))
    mono_s: float = 100.0
    told: list[Change] = field(default_factory=list)

    def see(self, seen: Observation) -> Change | None:
        self.health, change = ch.observe(self.health, seen, START + timedelta(seconds=self.mono_s), self.mono_s)
        if change:
            self.told.append(change)
        return change

    def frames(self, seconds: float, every_s: float = 0.1) -> None:
        for _ in range(round(seconds / every_s)):
            self.mono_s += every_s
            self.see(ch.FramesFlow(START + timedelta(seconds=self.mono_s), self.mono_s))

    def wait(self, seconds: float, every_s: float = 0.5) -> None:
        for _ in range(round(seconds / every_s)):
            self.mono_s += every_s
            self.see(ch.TimePassed())

    def fail(self, reason: CameraReason) -> Change | None:
        return self.see(ch.OpenFailed(reason, "why"))

    @property
    def states(self) -> list[tuple[CameraState, CameraReason | None]]:
        return [(change.state, change.reason) for change in self.told]


def online() -> Camera:
    camera = Camera()
    camera.see(ch.OpenStarted())
    camera.frames(1)
    assert camera.states == [(ONLINE, None)]
    camera.told.clear()
    return camera


def test_first_frame_after_the_start_is_online_at_once() -> None:
    assert online().health.state is ONLINE


@pytest.mark.parametrize("reason", REFUSALS)
def test_the_first_refusal_is_told_at_once(reason: CameraReason) -> None:
    camera = Camera()
    camera.see(ch.OpenStarted())
    change = camera.fail(reason)
    assert change is not None
    assert (change.state, change.reason, change.detail) == (OFFLINE, reason, "why")


def test_an_end_of_the_stream_alone_is_no_state() -> None:
    camera = online()
    assert camera.see(ch.StreamEnded("over")) is None
    assert camera.fail(CameraReason.REFUSED) is not None


def test_a_dying_servers_vague_answer_waits_for_the_next() -> None:
    camera = online()
    camera.see(ch.StreamEnded("over"))
    assert camera.fail(CameraReason.NO_VIDEO) is None
    camera.fail(CameraReason.REFUSED)
    assert camera.states == [(OFFLINE, CameraReason.REFUSED)]


def test_a_vague_answer_twice_is_a_report() -> None:
    camera = online()
    camera.fail(CameraReason.NO_VIDEO)
    camera.fail(CameraReason.NO_VIDEO)
    assert camera.states == [(OFFLINE, CameraReason.NO_VIDEO)]


def test_silence_is_told_after_ten_seconds() -> None:
    camera = online()
    camera.wait(ch.FRAME_AGE_S - 0.5)
    assert not camera.told
    camera.wait(0.5)
    assert camera.states == [(OFFLINE, CameraReason.STALLED)]


def test_a_timeout_of_a_camera_that_gave_frames_is_a_stall() -> None:
    camera = online()
    camera.see(ch.StreamEnded("the camera fell silent"))
    camera.fail(CameraReason.TIMEOUT)
    camera.fail(CameraReason.TIMEOUT)
    assert camera.states == [(OFFLINE, CameraReason.STALLED)]


def test_a_camera_that_never_answers_times_out() -> None:
    camera = Camera()
    camera.wait(60)
    assert not camera.told
    camera.see(ch.OpenStarted())
    camera.wait(ch.FRAME_AGE_S)
    assert camera.states == [(OFFLINE, CameraReason.TIMEOUT)]


def test_recovery_must_hold() -> None:
    camera = online()
    camera.fail(CameraReason.REFUSED)
    camera.frames(ch.RECOVERY_HELD_S - 0.2)
    assert camera.states == [(OFFLINE, CameraReason.REFUSED)]
    camera.frames(0.5)
    assert camera.states[-1] == (ONLINE, None)


def test_a_flapping_camera_stays_offline() -> None:
    camera = online()
    for _ in range(20):
        camera.see(ch.StreamEnded("over"))
        camera.fail(CameraReason.REFUSED)
        camera.frames(3)
    assert camera.states == [(OFFLINE, CameraReason.REFUSED)]


def test_another_reason_must_be_heard_twice() -> None:
    camera = online()
    camera.fail(CameraReason.REFUSED)
    camera.fail(CameraReason.AUTH_FAILED)
    camera.fail(CameraReason.REFUSED)
    assert len(camera.told) == 1
    camera.fail(CameraReason.AUTH_FAILED)
    camera.fail(CameraReason.AUTH_FAILED)
    assert camera.states[-1] == (OFFLINE, CameraReason.AUTH_FAILED)
    assert camera.told[-1].since == camera.told[0].since


@pytest.mark.parametrize("fault", sorted(ch.PICTURE_FAULTS))
def test_a_picture_fault_must_hold_and_its_end_too(fault: CameraReason) -> None:
    camera = online()
    camera.see(ch.PictureJudged(fault, 0.25, 0.5))
    camera.frames(ch.held_s(fault) - 1)
    assert not camera.told
    camera.frames(2)
    assert camera.states == [(DEGRADED, fault)]
    assert (camera.told[0].value, camera.told[0].threshold) == (0.25, 0.5)
    camera.see(ch.PictureJudged(fault, 0.3, 0.5))
    assert ch.measured(camera.health) == (0.3, 0.5)
    camera.see(ch.PictureJudged(None))
    camera.frames(ch.RECOVERY_HELD_S + 1)
    assert camera.states == [(DEGRADED, fault), (ONLINE, None)]


def test_a_short_fault_does_not_take_the_place_of_a_long_one() -> None:
    camera = online()
    camera.see(ch.PictureJudged(CameraReason.LOW_FPS, 3, 5))
    camera.frames(ch.held_s(CameraReason.LOW_FPS) + 1)
    camera.see(ch.PictureJudged(CameraReason.COVERED, 0.9, 0.75))
    camera.frames(20)
    assert camera.states == [(DEGRADED, CameraReason.LOW_FPS)]
    assert ch.measured(camera.health) == (None, None), "what was measured belongs to another fault"
    camera.frames(50)
    assert camera.states[-1] == (DEGRADED, CameraReason.COVERED)
    assert camera.told[-1].value == 0.9


observations = st.one_of(
    st.just(("frames", None)),
    st.just(("wait", None)),
    st.just(("open", None)),
    st.just(("end", None)),
    st.just(("lost", None)),
    st.tuples(st.just("fail"), st.sampled_from(REFUSALS)),
    st.tuples(st.just("judge"), st.one_of(st.none(), st.sampled_from(sorted(ch.PICTURE_FAULTS)))),
)


@given(st.lists(st.tuples(observations, st.floats(0.1, 12)), max_size=60))
def test_reports_form_a_chain_and_health_tells_the_last(
    steps: list[tuple[tuple[str, CameraReason | None], float]],
) -> None:
    camera = Camera()
    camera.see(ch.OpenStarted())
    for (kind, reason), seconds in steps:
        match kind:
            case "frames":
                camera.frames(seconds, 0.5)
            case "wait":
                camera.wait(seconds)
            case "open":
                camera.see(ch.OpenStarted())
            case "end":
                camera.see(ch.StreamEnded("over"))
            case "lost":
                camera.see(ch.WorkerLost("killed"))
            case "fail":
                camera.fail(reason or CameraReason.REFUSED)
            case _:
                camera.see(ch.PictureJudged(reason))
    for before, after in zip(camera.told, camera.told[1:], strict=False):
        assert after.previous is before.state
        assert (after.state, after.reason) != (before.state, before.reason)
    if camera.told:
        last = camera.told[-1]
        assert (camera.health.state, camera.health.reason, camera.health.since) == (last.state, last.reason, last.since)


@given(draw=st.floats(0, 1), ended=st.booleans())
def test_nobody_waits_more_than_ten_seconds_for_bad_news(draw: float, *, ended: bool) -> None:
    camera = online()
    camera.mono_s += draw
    if ended:
        camera.see(ch.StreamEnded("over"))
    camera.wait(ch.FRAME_AGE_S + 0.5, 0.25)
    assert camera.health.state is OFFLINE
