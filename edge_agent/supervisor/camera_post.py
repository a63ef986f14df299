"""One camera as the main process sees it: its process, its health, its next attempt."""

import fcntl
import struct
import termios
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import structlog

from edge_agent.core import backoff, camera_health
from edge_agent.core.backoff import Backoff
from edge_agent.core.camera_health import Change, FramesFlow, Health, Observation
from edge_agent.core.clock import Clock
from edge_agent.core.feedback import SpotMask
from edge_agent.link.machine import rss_bytes
from edge_agent.supervisor.bonds import end_process
from edge_agent.supervisor.latest_frame import LatestFrame
from edge_agent.supervisor.reports import (
    CameraSetup,
    Crashed,
    Ended,
    Figures,
    FirstFrame,
    FromCamera,
    Judged,
    LastPicture,
    MainStreamRefused,
    Masks,
    Open,
    OpenRefused,
    Stop,
    ToCamera,
)
from protocol.messages import CameraReason, CameraStatus

HUNG_S = 20.0
"""An attempt that has told nothing for this long hangs in the library: its process is killed."""
RSS_BYTES_MAX = 500_000_000
"""A camera's process needs far less; one that leaks is killed, and another takes its place."""
RSS_LOOK_S = 10.0
UNREAD_BYTES_MAX = 64_000
"""A pipe holds about three times as much; who fills it waits for its reader, who may hang for ever."""
TOLD_S = 60.0
"""Pictures that the disk refuses, and looks of the detector that are late, are told in the log at most this often."""
NO_FIGURES = Figures(fps=0.0, analysed_fps=0.0, latency_ms=None, shed_frames=0, width=0, height=0)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Means:
    """What a post is given: how to start its process and how large that may be, the clock, the draw for its pauses."""

    start: Callable[[CameraSetup, LatestFrame], tuple[BaseProcess, Connection]]
    clock: Clock
    draw: Callable[[], float]
    rss_bytes_max: int = RSS_BYTES_MAX


@dataclass(frozen=True, slots=True)
class Growth:
    """How far a count of a camera's process, which begins anew with each process, has been told, and when."""

    told: int = 0
    told_s: float = -TOLD_S

    def seen(self, count: int, mono_s: float) -> tuple["Growth", int]:
        """The count is this now: how much of it is to be told, mostly 0, and what has been told then."""
        if count <= self.told:
            return replace(self, told=count), 0
        if mono_s - self.told_s < TOLD_S:
            return self, 0
        return Growth(count, mono_s), count - self.told


class CameraPost:
    """Watches one camera. Its methods return the change that is to be reported, if any."""

    def __init__(self, setup: CameraSetup, slot: LatestFrame, means: Means) -> None:
        self.setup = setup
        self.slot = slot
        self.last_picture: LastPicture | None = None
        self.pipe: Connection | None = None
        self.process_id: int | None = None
        """Of the running process; other threads read it, so it is gone before the process is."""
        self._means = means
        self._process: BaseProcess | None = None
        self._health: Health = camera_health.starting(means.clock.now())
        self._backoff: Backoff = backoff.at_start(means.clock.mono_s())
        self._figures = NO_FIGURES
        self._connected = False
        self._trying_since_s: float | None = None
        self._seen_frames = 0
        self._rss_look_s = 0.0
        self._unkept, self._late = Growth(), Growth()
        self._lost = False
        self._leaving = False
        self._masks: tuple[SpotMask, ...] = ()
        self._masks_told = True

    @property
    def name(self) -> str:
        """Camera id."""
        return self.setup.camera.id

    @property
    def host(self) -> str:
        """Whose sessions are limited."""
        return self.setup.camera.url.host

    @property
    def opening(self) -> bool:
        """Whether an attempt is under way that has not brought a picture."""
        return self._trying_since_s is not None and not self._connected

    @property
    def attempt(self) -> int:
        """How many attempts there have been."""
        return self._backoff.attempt

    def open_due(self, mono_s: float) -> bool:
        """Whether the next attempt may begin."""
        return self._trying_since_s is None and mono_s >= self._backoff.due_s

    def wait_s(self, mono_s: float) -> float | None:
        """Seconds to the next attempt; None while one is under way."""
        return None if self._trying_since_s is not None else max(0.0, self._backoff.due_s - mono_s)

    def open(self, mono_s: float) -> Change | None:
        """Begin an attempt, with a new process where there is none."""
        if self._process is None:
            self._process, self.pipe = self._means.start(self.setup, self.slot)
            self.process_id = self._process.pid
            self.tell(Masks(self._masks))
            self._masks_told = True
        self._backoff = backoff.after_open(self._backoff, mono_s)
        self._trying_since_s, self._connected = mono_s, False
        self.tell(Open())
        return self._observe(camera_health.OpenStarted(), mono_s)

    def ask(self, message: ToCamera) -> bool:
        """Send what central wants, of which there may be any amount; False when the process does not listen."""
        return self.pipe is not None and _unread_bytes(self.pipe) <= UNREAD_BYTES_MAX and self.tell(message)

    def tell(self, message: ToCamera) -> bool:
        """Send to the process, which owes an answer or an attempt for each; False when there is none (any more)."""
        if self.pipe is None:
            return False
        try:
            self.pipe.send(message)
        except OSError:
            return False
        return True

    def mask(self, masks: tuple[SpotMask, ...]) -> None:
        """From now on, and for each process to come, these spots are masked."""
        if masks != self._masks:
            self._masks = masks
            self._masks_told = self.ask(Masks(masks))

    def heard(self, report: FromCamera, mono_s: float) -> Change | None:
        """The process said something about its camera."""
        match report:
            case Figures():
                self._tell_growth(report, mono_s)
                self._figures = report
            case LastPicture():
                self.last_picture = report
            case FirstFrame(width=width, height=height):
                self._connected = True
                _log.info("camera_opened", camera=self.name, width=width, height=height)
                return self._flow(mono_s)
            case Judged(fault=fault, value=value, threshold=threshold):
                return self._observe(camera_health.PictureJudged(fault, value, threshold), mono_s)
            case OpenRefused(reason=reason, detail=detail):
                return self._refused(reason, detail, mono_s)
            case Ended(detail=detail):
                self._stop_trying(mono_s)
                _log.info("camera_ended", camera=self.name, detail=detail)
                return self._observe(camera_health.StreamEnded(detail), mono_s)
            case MainStreamRefused(reason=reason, detail=detail):
                _log.warning("main_stream_refused", camera=self.name, reason=reason, detail=detail)
            case Crashed(detail=detail):
                _log.error("camera_process_failed", camera=self.name, detail=detail)
            case _:
                pass
        return None

    def gone(self, mono_s: float) -> Change | None:
        """The process has ended; without being asked it is a loss."""
        if self._leaving:
            self._kill()
            return None
        code = self._process.exitcode if self._process is not None else None
        _log.error("camera_process_gone", camera=self.name, exit_code=code)
        return self._lose(f"the decoder's process ended ({code})", mono_s)

    def tick(self, mono_s: float) -> Change | None:
        """Time passed: read the beat, look at ages, kill what hangs or leaks."""
        if not self._masks_told:
            self._masks_told = self.ask(Masks(self._masks))
        change = self._flow(mono_s) if self._connected else self._observe(camera_health.TimePassed(), mono_s)
        if camera_health.is_held(self._health, mono_s):
            self._backoff = backoff.after_held(self._backoff)
        if self._hangs(mono_s):
            _log.error("camera_process_hung", camera=self.name)
            return self._lose("the decoder did not answer and was killed", mono_s) or change
        if mono_s >= self._rss_look_s and self.process_id is not None:
            self._rss_look_s = mono_s + RSS_LOOK_S
            used = rss_bytes((self.process_id,))
            if used > self._means.rss_bytes_max:
                _log.error("camera_process_too_large", camera=self.name, rss_bytes=used)
                return self._lose("the decoder used too much memory and was killed", mono_s) or change
        return change

    def status(self) -> CameraStatus:
        """For the heartbeat."""
        health, figures = self._health, self._figures if self._connected else NO_FIGURES
        value, threshold = camera_health.measured(health)
        return CameraStatus(
            camera=self.name,
            state=health.state,
            reason=health.reason,
            since=health.since,
            last_frame_at=health.last_frame_at,
            attempt=self._backoff.attempt,
            fps=round(figures.fps, 2),
            analysed_fps=round(figures.analysed_fps, 2),
            width=figures.width,
            height=figures.height,
            latency_ms=figures.latency_ms and round(figures.latency_ms, 1),
            shed_frames=figures.shed_frames,
            late_looks=figures.late_looks,
            value=rounded(value),
            threshold=rounded(threshold),
        )

    def ask_to_stop(self) -> None:
        """Let the process end its episodes and leave."""
        self._leaving = True
        self.tell(Stop())

    def end(self) -> None:
        """End the process by force where it is still there."""
        self._kill()

    def take_loss(self) -> bool:
        """Whether a process was lost since this was last asked: its open episodes are nobody's."""
        lost, self._lost = self._lost, False
        return lost

    def _tell_growth(self, figures: Figures, mono_s: float) -> None:
        """Say that pictures are lost on their way to the disk, or that the detector is too slow for this box."""
        self._unkept, pictures = self._unkept.seen(figures.evidence_failures, mono_s)
        if pictures:
            _log.error("evidence_not_kept", camera=self.name, pictures=pictures)
        self._late, looks = self._late.seen(figures.late_looks, mono_s)
        if looks:
            _log.warning("looks_late", camera=self.name, looks=looks, shed_frames=figures.shed_frames)

    def _refused(self, reason: CameraReason, detail: str, mono_s: float) -> Change | None:
        self._trying_since_s, self._connected = None, False
        step = backoff.after_wrong_password if reason is CameraReason.AUTH_FAILED else backoff.after_failure
        self._backoff = step(self._backoff, mono_s, self._means.draw())
        _log.info("camera_not_opened", camera=self.name, reason=reason, detail=detail, attempt=self._backoff.attempt)
        return self._observe(camera_health.OpenFailed(reason, detail), mono_s)

    def _stop_trying(self, mono_s: float) -> None:
        if self._trying_since_s is not None:
            self._backoff = backoff.after_failure(self._backoff, mono_s, self._means.draw())
        self._trying_since_s, self._connected = None, False

    def _lose(self, detail: str, mono_s: float) -> Change | None:
        self._kill()
        self._lost = True
        self._stop_trying(mono_s)
        return self._observe(camera_health.WorkerLost(detail), mono_s)

    def _kill(self) -> None:
        self.process_id = None
        end_process(self._process, self.pipe)
        self._process = self.pipe = None

    def _hangs(self, mono_s: float) -> bool:
        """Frames stopped under an open connection, or an attempt says nothing at all."""
        if self._trying_since_s is None:
            return False
        if not self._connected:
            return mono_s - self._trying_since_s > HUNG_S
        beat_s, _ = self.slot.last_beat()
        return mono_s - max(beat_s, self._trying_since_s) >= camera_health.FRAME_AGE_S

    def _flow(self, mono_s: float) -> Change | None:
        """Frames since the last look, if there were any."""
        beat_s, frames = self.slot.last_beat()
        if frames == self._seen_frames:
            return self._observe(camera_health.TimePassed(), mono_s)
        self._seen_frames = frames
        at = _earlier(self._means.clock.now(), mono_s - beat_s)
        return self._observe(FramesFlow(at, beat_s), mono_s)

    def _observe(self, seen: Observation, mono_s: float) -> Change | None:
        self._health, change = camera_health.observe(self._health, seen, self._means.clock.now(), mono_s)
        return change


def _unread_bytes(pipe: Connection) -> int:
    """What the other end has not read yet."""
    (count,) = struct.unpack("i", fcntl.ioctl(pipe.fileno(), termios.TIOCOUTQ, struct.pack("i", 0)))
    return int(count)


def rounded(measure: float | None) -> float | None:
    """A measure as it is told: nobody needs more digits."""
    return None if measure is None else round(measure, 3)


def _earlier(now: datetime, by_s: float) -> datetime:
    return now - timedelta(seconds=max(0.0, by_s))
