"""What a decoder sees of a camera: codec, first picture, size, frame rate, distance of key frames."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import av
import cv2
import numpy as np

from protocol.camera_url import CameraUrl, redact
from provisioning.probe.findings import Case, StepFailed

OPEN_S = 8.0
OPENS_MAX = 3
OPEN_AGAIN_S = 1.0
READ_S = 5.0
PICTURE_S = 12.0
MEASURE_S = 12.0
KEY_FRAMES_WANTED = 3
MEASURE_S_MIN = 2.0
PACKETS_MAX = 2_000
JUMP_STEPS = 10
WHY_LENGTH_MAX = 200
_OPTIONS = {"rtsp_transport": "tcp", "timeout": str(int(READ_S * 1_000_000)), "analyzeduration": "1000000"}

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Times of one stretch of video: frames a second, and seconds between key frames (None: fewer than two came)."""

    fps: float
    gop_s: float | None


@dataclass(frozen=True, slots=True)
class Tick:
    """One packet: its time in seconds, and whether a decoder can start there."""

    at_s: float
    is_key: bool


def rhythm_of(ticks: Sequence[Tick]) -> Rhythm:
    """Frame rate and key frame distance (median) of packets in the order of their arrival.

    A step back or a jump is the sender's clock being set, mostly after the first packet: it counts as a usual step.
    """
    steps_s = np.diff([tick.at_s for tick in ticks])
    if not (steps_s > 0).any():
        return Rhythm(0.0, None)
    usual_s = float(np.median(steps_s[steps_s > 0]))
    steps_s[(steps_s <= 0) | (steps_s > JUMP_STEPS * usual_s)] = usual_s
    times_s = np.concatenate([[0.0], np.cumsum(steps_s)])
    gaps_s = np.diff(times_s[[tick.is_key for tick in ticks]])
    return Rhythm(len(steps_s) / float(times_s[-1]), float(np.median(gaps_s)) if gaps_s.size else None)


class CameraVideo:
    """An opened stream. Methods raise `StepFailed`."""

    def __init__(self, container: "av.container.InputContainer", clock: Clock) -> None:
        self._stream = container.streams.video[0]
        self._packets = container.demux(self._stream)
        self._clock = clock
        self._ticks: list[Tick] = []

    @property
    def codec(self) -> str:
        """Name of the codec, like `h264`."""
        return str(self._stream.codec_context.name)

    def first_picture(self) -> "av.VideoFrame":
        """Decode until there is a picture."""
        started_s = self._clock()
        while self._clock() - started_s < PICTURE_S:
            for frame in self._decode_next():
                return frame
        raise StepFailed(Case.NO_PICTURE, limit_s=PICTURE_S)

    def rhythm(self) -> Rhythm:
        """Watch packets until `KEY_FRAMES_WANTED` key frames came, at most `MEASURE_S` seconds."""
        started_s = self._clock()
        while self._clock() - started_s < MEASURE_S and len(self._ticks) < PACKETS_MAX:
            if not self._watch_next() or self._has_enough(self._clock() - started_s):
                break
        return rhythm_of(self._ticks)

    def _has_enough(self, watched_s: float) -> bool:
        keys = sum(tick.is_key for tick in self._ticks)
        return watched_s >= MEASURE_S_MIN and keys >= KEY_FRAMES_WANTED

    def _watch_next(self) -> "av.Packet[av.VideoStream] | None":
        """Note the time of the next packet with content; None at the end of the stream, and when it stalls."""
        try:
            packet = next(self._packets, None)
        except av.FFmpegError:
            return None
        if packet is None or packet.size == 0:
            return None
        stamp = packet.dts if packet.dts is not None else packet.pts
        at_s = self._clock() if stamp is None or packet.time_base is None else float(stamp * packet.time_base)
        self._ticks.append(Tick(at_s, bool(packet.is_keyframe)))
        return packet

    def _decode_next(self) -> Sequence["av.VideoFrame"]:
        packet = self._watch_next()
        if packet is None:
            raise StepFailed(Case.NO_PICTURE, limit_s=PICTURE_S)
        try:
            return packet.decode()
        except av.FFmpegError:
            return []


@contextmanager
def opened(url: CameraUrl, clock: Clock) -> Iterator[CameraVideo]:
    """Open the stream with every time-out set; raises `StepFailed`, its text without the password."""
    with _open(url, OPENS_MAX) as container:
        if not container.streams.video:
            raise StepFailed(Case.NO_VIDEO)
        yield CameraVideo(container, clock)


def _open(url: CameraUrl, tries: int) -> "av.container.InputContainer":
    """Open, and try again after a pause: some cameras need a moment to end the session of the step before."""
    try:
        return av.open(url.reveal(), timeout=(OPEN_S, READ_S), options=_OPTIONS)
    except (av.FFmpegError, OSError) as error:
        why = redact(error.strerror or type(error).__name__)[:WHY_LENGTH_MAX]
    if tries <= 1:
        raise StepFailed(Case.NOT_OPENED, why=why)
    Event().wait(OPEN_AGAIN_S)
    return _open(url, tries - 1)


def save_picture(frame: "av.VideoFrame", path: Path) -> None:
    """Write a JPEG; raises `StepFailed` when the folder does not take it."""
    _encoded, jpeg = cv2.imencode(".jpg", frame.to_ndarray(format="bgr24"))
    try:
        path.write_bytes(jpeg.tobytes())
    except OSError as error:
        raise StepFailed(Case.PICTURE_NOT_SAVED, path=str(path), why=error.strerror) from None
