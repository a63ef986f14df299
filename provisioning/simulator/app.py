"""Runs one simulated camera until it is told to stop: the only place of the simulator that reads the clock."""

import signal
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from types import FrameType

from provisioning.simulator.drawing.canvas import Picture
from provisioning.simulator.login import Login
from provisioning.simulator.rtsp_camera import Door, Form, RtspCamera
from provisioning.simulator.truth_log import TruthLog
from provisioning.simulator.video.camera import StreetCamera
from provisioning.simulator.video.script import Script
from provisioning.simulator.video_file import VideoFile

LOOPBACK = "127.0.0.1"
READY_S = 15.0
LOOK_EVERY_S = 0.5
STREET_SIZE = (640, 360)

DONE, FAILED, MISSING, INTERRUPTED = 0, 1, 3, 130


@dataclass(frozen=True, slots=True)
class CameraPlan:
    """What to serve and where. `video` replaces the drawn street; `start_at` (aware) is scene second 0, None = now."""

    port: int
    path: str
    script: Script
    seed: int
    fps: float
    size: tuple[int, int] | None = None
    video: Path | None = None
    login: Login | None = None
    start_at: datetime | None = None
    truth: Path | None = None
    loop: bool = False


class _Stop:
    """Remembers the first signal that asked for the end."""

    def __init__(self) -> None:
        self.event = Event()
        self.exit_code = DONE
        signal.signal(signal.SIGINT, self._heard)
        signal.signal(signal.SIGTERM, self._heard)

    def _heard(self, number: int, _: FrameType | None) -> None:
        if not self.event.is_set():
            self.exit_code = INTERRUPTED if number == signal.SIGINT else DONE
            self.event.set()


def run_camera(plan: CameraPlan, say: Callable[[str], None], complain: Callable[[str], None]) -> int:
    """Serve until SIGINT (130), SIGTERM (0) or the end of the video (0); `say` gets one line when clients may come.

    Returns 3 when the port cannot be had and 1 when no picture can be made any more. Raises VideoProblem and OSError of
    the truth file before anything is served.
    """
    stop = _Stop()
    with ExitStack() as stack:
        due, size = _pictures(plan, stop, stack, complain)
        try:
            camera = RtspCamera((LOOPBACK, plan.port), Door(plan.path, plan.login), Form(size, plan.fps), due)
        except OSError as error:
            complain(f"port {plan.port} on {LOOPBACK} cannot be used ({error.strerror}): stop what listens there "
                     "or choose another --port")  # fmt: skip
            return MISSING
        stack.callback(camera.close)
        if not camera.wait_encoding_started(READY_S):
            complain("the encoder gave no picture: PyAV needs libx264, reinstall gridwarden[provision]")
            return FAILED
        say(f"{camera.client_uri} ready: {plan.video or plan.script.name}, {size[0]}x{size[1]}, {plan.fps:g} fps")
        while not stop.event.wait(LOOK_EVERY_S):
            if not camera.is_serving():
                complain("the camera stopped: its picture could not be made")
                return FAILED
    return stop.exit_code


def _pictures(
    plan: CameraPlan, stop: _Stop, stack: ExitStack, complain: Callable[[str], None]
) -> tuple[Callable[[], Picture], tuple[int, int]]:
    if plan.video is not None:
        return _from_file(stack.enter_context(VideoFile(plan.video, plan.size, loop=plan.loop)), stop)
    size = plan.size or STREET_SIZE
    street = StreetCamera(plan.script, plan.seed, size, plan.fps, loop=plan.loop)
    start_at = plan.start_at or datetime.now(UTC)
    log = None
    if plan.truth is not None:
        log = stack.enter_context(TruthLog(plan.truth, plan.path, plan.script, start_at))

    def due() -> Picture:
        nonlocal log
        now = datetime.now(UTC)
        t_s = (now - start_at).total_seconds()
        if log is not None and log.is_due(t_s):
            try:
                log.note(street.ground_truth(t_s), now)
            except OSError as error:
                complain(f"{plan.truth}: the ground truth ends here ({error.strerror}); the pictures go on")
                log = None
        return street.frame(t_s)

    return due, size


def _from_file(file: VideoFile, stop: _Stop) -> tuple[Callable[[], Picture], tuple[int, int]]:
    start_at = datetime.now(UTC)
    last = file.first

    def due() -> Picture:
        nonlocal last
        picture = file.frame((datetime.now(UTC) - start_at).total_seconds())
        if picture is None:
            stop.event.set()
        else:
            last = picture
        return last

    return due, file.size
