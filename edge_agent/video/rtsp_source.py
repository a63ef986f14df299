"""Frames of a live camera over RTSP/TCP, every failure told as a reason.

The library's own time-outs are set in both ways it knows, and still nobody relies on them: whoever runs this watches
the age of the last frame from outside and kills the process.
"""

import errno
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import av

from edge_agent.core.capture_time import CaptureTime, TimeBase, base_of, capture
from edge_agent.core.clock import Clock
from edge_agent.video.clip import ClipRecorder
from edge_agent.video.frame import Frame
from edge_agent.video.source import SourceFailed
from protocol.camera_url import CameraUrl, redact
from protocol.geometry import Polygon
from protocol.messages import CameraReason

OPEN_S = 5.0
READ_S = 5.0
SILENT_SHARE = 0.8
"""A failure after this share of the time-out was silence, an earlier one was an answer."""
FIRST_PICTURE_S, NEXT_PICTURE_S = 12.0, 8.0
"""Of data without a picture: before the first one a key frame is waited for, which may be ten seconds away."""
_NO_PICTURE = "no key frame, or a codec other than it said; let the camera send a key frame every two seconds"
DETAIL_LENGTH_MAX = 300
SIDE_MAX_PX, PIXELS_MAX = 16_384, 25_000_000
"""More pixels need more memory than a camera's process may have."""
ANALYSE_US = 500_000
PROBE_BYTES = 500_000

_REASONS: tuple[tuple[type[BaseException], CameraReason], ...] = (
    (av.error.HTTPUnauthorizedError, CameraReason.AUTH_FAILED),
    (av.error.HTTPForbiddenError, CameraReason.AUTH_FAILED),
    (av.error.HTTPNotFoundError, CameraReason.NOT_FOUND),
    (ConnectionRefusedError, CameraReason.REFUSED),
    (TimeoutError, CameraReason.TIMEOUT),
    (av.error.ExitError, CameraReason.TIMEOUT),
)
_UNREACHABLE = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN, errno.EIO})
_LIBRARY_ERRORS = (av.error.FFmpegError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds that the library may wait for the open and for each read.

    `for_first_key`: frames begin with what came while the stream was recognised, which is late, not with what is new.
    """

    open_s: float = OPEN_S
    read_s: float = READ_S
    for_first_key: bool = False


@dataclass(frozen=True, slots=True)
class KeyFrames:
    """Who decides whether key frames are enough. `seen` is told of each key frame, in seconds of the stream.

    `passed` is told of each frame left out; when it says False, the frames end.
    """

    seen: Callable[[float | None], None]
    suffice: Callable[[], bool]
    passed: Callable[[], bool]


ALL_FRAMES = KeyFrames(seen=lambda _: None, suffice=lambda: False, passed=lambda: True)


class RtspSource:
    """Implements `FrameSource` on a camera. A failed or ended one is thrown away; a new attempt makes a new one."""

    def __init__(
        self,
        url: CameraUrl,
        clock: Clock,
        *,
        masks: Sequence[Polygon] = (),
        base: TimeBase | None = None,
        waits: Waits | None = None,
    ) -> None:
        """Connect; raises `SourceFailed`, whose text holds no password."""
        self._clock, self._masks = clock, tuple(masks)
        self.base = base or base_of(clock.now(), clock.mono_s())
        """What the next frames' times are counted from."""
        self._waits = waits or Waits()
        self._container = _open(url, clock, self._waits)
        if not self._container.streams.video:
            self._container.close()
            raise SourceFailed(CameraReason.NO_VIDEO, "the stream has no video track")
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = "NONE"
        self._stream.codec_context.thread_count = 1
        self.keys = ALL_FRAMES
        """Who decides how much is decoded."""
        self._recorder: ClipRecorder | None = None
        self._among_keys = self._ended = False

    @property
    def codec(self) -> str:
        """Name of the video codec."""
        return str(self._stream.codec_context.name)

    def record(self) -> ClipRecorder:
        """Keep the packets for clips from now on."""
        self._recorder = ClipRecorder(self.codec, bytes(self._stream.codec_context.extradata or b""))
        return self._recorder

    @property
    def declared_fps(self) -> float | None:
        """Pictures a second as the stream says."""
        rate = self._stream.average_rate
        return float(rate) if rate else None

    def frames(self) -> Iterator[Frame]:
        """Every decoded frame; ends when the camera ends the stream.

        Raises `SourceFailed` with `stalled` when the camera falls silent, or with what else broke the stream.
        """
        time, mono_s = CaptureTime(), self._clock.mono_s
        for seq, (picture, stream_s) in enumerate(self._pictures()):
            time, at_s = capture(time, stream_s, mono_s())
            yield Frame(seq, self.base.at(at_s), picture, self._masks)

    def close(self) -> None:
        """Let go of the connection; safe to call twice."""
        try:
            self._container.close()
        except _LIBRARY_ERRORS:
            return

    def _pictures(self) -> Iterator[tuple[Any, float | None]]:
        """Every picture with its time stamp in seconds of the stream."""
        packets = self._container.demux(self._stream)
        asked_s = shown_s = self._clock.mono_s()
        patience_s = FIRST_PICTURE_S
        while not self._ended:
            try:
                packet = next(packets)
                pictures = self._decoded(packet)
            except (StopIteration, EOFError):
                return
            except _LIBRARY_ERRORS as error:
                raise self._broken(error, self._clock.mono_s() - asked_s) from None
            if self._was_silent(self._clock.mono_s() - asked_s):
                raise SourceFailed(CameraReason.STALLED, "the camera fell silent")
            if self._recorder is not None:
                context = self._stream.codec_context
                self._recorder.take(packet, (context.width, context.height), self._clock.mono_s())
            if not pictures and asked_s - shown_s > patience_s:
                raise SourceFailed(CameraReason.NO_VIDEO, f"data of {self.codec} comes, but no picture: {_NO_PICTURE}")
            yield from pictures
            asked_s = self._clock.mono_s()
            if pictures:
                shown_s, patience_s = asked_s, NEXT_PICTURE_S

    def _decoded(self, packet: Any) -> list[tuple[Any, float | None]]:  # noqa: ANN401 - PyAV has no types
        """Pictures of a packet: none, where key frames are enough and it is another, or where it is damaged.

        A decoder holds pictures back until it knows their order; a key frame alone is asked for at once, and its time
        is then that of its packet. Whoever wants every frame again has them from the next key frame on.
        """
        if packet.is_keyframe:
            self.keys.seen(_seconds(packet))
            self._among_keys = self.keys.suffice()
        elif self._among_keys:
            self._ended = not self.keys.passed()
            return []
        try:
            pictures = packet.decode()
            if not self._among_keys:
                return [(one, one.time) for one in pictures if _has_size(one)]
            context = self._stream.codec_context
            pictures = [*pictures, *context.decode(None)]
            context.flush_buffers()
        except av.error.InvalidDataError:
            return []
        return [(one, _seconds(packet)) for one in pictures[-1:] if _has_size(one)]

    def _was_silent(self, waited_s: float) -> bool:
        """Whether a read took its whole time-out; the library then hands out what it had buffered as if it were new."""
        return waited_s >= SILENT_SHARE * self._waits.read_s

    def _broken(self, error: BaseException, waited_s: float) -> SourceFailed:
        silent = isinstance(error, TimeoutError | av.error.ExitError) or self._was_silent(waited_s)
        reason = CameraReason.STALLED if silent else CameraReason.NO_VIDEO
        return SourceFailed(reason, _words(error))


def _open(url: CameraUrl, clock: Clock, waits: Waits) -> Any:  # noqa: ANN401 - PyAV has no types
    options = {
        "rtsp_transport": "tcp",
        "timeout": str(round(max(waits.open_s, waits.read_s) * 1_000_000)),
        "analyzeduration": str(ANALYSE_US),
        "probesize": str(PROBE_BYTES),
    }
    if not waits.for_first_key:
        options["fflags"] = "nobuffer"
    began_s = clock.mono_s()
    try:
        return av.open(url.reveal(), options=options, timeout=(waits.open_s, waits.read_s), metadata_errors="ignore")
    except _LIBRARY_ERRORS as error:
        raise SourceFailed(_open_reason(error, clock.mono_s() - began_s, waits), _words(error)) from None


def _open_reason(error: BaseException, waited_s: float, waits: Waits) -> CameraReason:
    """What a failed open means; the elapsed time tells silence from rubbish, because the error is the same."""
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    if isinstance(error, av.error.InvalidDataError) and waited_s >= SILENT_SHARE * waits.open_s:
        return CameraReason.TIMEOUT
    if isinstance(error, OSError) and error.errno in _UNREACHABLE:
        return CameraReason.UNREACHABLE
    return CameraReason.NO_VIDEO


def _has_size(picture: Any) -> bool:  # noqa: ANN401 - PyAV has no types
    """Whether there is anything to see; raises `SourceFailed` where there is too much."""
    if picture.width * picture.height > PIXELS_MAX:
        words = f"its pictures have {picture.width}x{picture.height} pixels, and {PIXELS_MAX // 10**6} megapixels are"
        raise SourceFailed(CameraReason.NO_VIDEO, f"{words} the most that is looked at; take its sub-stream")
    return bool(0 < picture.width <= SIDE_MAX_PX and 0 < picture.height <= SIDE_MAX_PX)


def _seconds(packet: Any) -> float | None:  # noqa: ANN401 - PyAV has no types
    return None if packet.pts is None else float(packet.pts * packet.time_base)


def _words(error: BaseException) -> str:
    """The library's text without address and password, in one line."""
    if isinstance(error, MemoryError):
        return "what the camera sends needs more memory than its process may have"
    text = getattr(error, "strerror", None) or str(error)
    return redact(" ".join(str(text).split()))[:DETAIL_LENGTH_MAX]
