"""One picture of a camera's main stream, fetched beside everything else and let go of at once."""

from collections.abc import Sequence
from threading import Thread

import av
import cv2
import numpy as np
import numpy.typing as npt

from edge_agent.core.capture_time import TimeBase
from edge_agent.core.clock import Clock
from edge_agent.core.main_stream import WAIT_S
from edge_agent.video.frame import Frame
from edge_agent.video.rtsp_source import KeyFrames, RtspSource, Waits
from edge_agent.video.source import SourceFailed
from protocol.camera_url import CameraUrl
from protocol.geometry import Polygon
from protocol.messages import CameraReason

_WIDTH, _HEIGHT, _NEIGHBOURS = 96, 54, 9

Answer = Frame | SourceFailed


class MainStream:
    """`begin` connects in a thread of its own, `answer` gives what came; an answer after `forget` is dropped."""

    def __init__(self, url: CameraUrl, clock: Clock, masks: Sequence[Polygon]) -> None:
        self._url, self._clock, self._masks = url, clock, tuple(masks)
        self._thread: Thread | None = None
        self._answers: list[Answer] = []

    @property
    def busy(self) -> bool:
        """Whether a connection is still held, wanted or not."""
        return self._thread is not None and self._thread.is_alive()

    def begin(self, base: TimeBase) -> None:
        """Fetch the next key frame; capture times are told by `base`. Nothing while `busy`."""
        if not self.busy:
            self._answers = []
            self._thread = Thread(target=self._fetch, args=(base, self._answers), name="main stream", daemon=True)
            self._thread.start()

    def answer(self) -> Answer | None:
        """The picture, or why there is none; None as long as nobody knows."""
        return self._answers[0] if self._answers else None

    def forget(self) -> None:
        """Nobody waits any more."""
        self._answers = []

    def _fetch(self, base: TimeBase, answers: list[Answer]) -> None:
        try:
            answers.append(self._picture(base))
        except SourceFailed as failure:
            answers.append(failure)

    def _picture(self, base: TimeBase) -> Frame:
        until_s = self._clock.mono_s() + WAIT_S
        in_time = lambda: self._clock.mono_s() < until_s  # noqa: E731 - a name for the one expression used twice
        waits = Waits(WAIT_S, WAIT_S, for_first_key=True)
        source = RtspSource(self._url, self._clock, masks=self._masks, base=base, waits=waits)
        try:
            source.keys = KeyFrames(seen=lambda _: None, suffice=lambda: True, passed=in_time)
            frame = next(source.frames(), None)
            if frame is None:
                raise SourceFailed(CameraReason.TIMEOUT, f"no key frame within {WAIT_S:g} s")
            frame.bgr()
        except (av.error.FFmpegError, cv2.error, MemoryError, OSError, ValueError):
            raise SourceFailed(CameraReason.NO_VIDEO, "its picture cannot be converted") from None
        finally:
            source.close()
        return frame


def likeness(one: Frame, other: Frame) -> float:
    """How far two frames show the same view, whatever their sizes: correlation of their finer brightness, -1 to 1."""
    first, second = _finer(one), _finer(other)
    scale = float(np.sqrt((first * first).sum() * (second * second).sum()))
    return float((first * second).sum()) / scale if scale > 0 else 0.0


def _finer(frame: Frame) -> npt.NDArray[np.float32]:
    """Brightness without what is common to all streets: sky above, road below."""
    small = frame.gray(_WIDTH, _HEIGHT).astype(np.float32)
    around = np.asarray(cv2.blur(small, (_NEIGHBOURS, _NEIGHBOURS)), np.float32)
    fine = small - around
    return np.asarray(fine - fine.mean(), np.float32)
