"""A video file played as a camera's picture, in real time, at the size and rate of the simulated camera."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np

from provisioning.simulator.drawing.canvas import Picture

SIDE_MAX = 4_096
LAST_PICTURE_S = 1.0
"""How long the last picture of a file stays before the camera ends."""


class VideoProblem(ValueError):
    """A file that is not a readable video; the text says which and why."""


class VideoFile:
    """Frames of a file by time: `frame(t)` for t that never goes back; None after the end unless `loop`."""

    def __init__(self, path: Path, size: tuple[int, int] | None, *, loop: bool) -> None:
        self._loop = loop
        self._container, own = _open(path)
        self.size = size or own
        self._last_s = 0.0
        self._frames = self._decoded()
        first = next(self._frames, None)
        if first is None:
            raise VideoProblem(f"{path}: holds no picture; give a video that plays")
        self.first = self._shown = first[1]
        self._next = next(self._frames, None)

    def frame(self, t_s: float) -> Picture | None:
        """Return the picture [height, width, 3] BGR that is due `t_s` seconds after the start of the file."""
        while self._next is not None and self._next[0] <= t_s:
            self._shown = self._next[1]
            self._next = next(self._frames, None)
        return None if self._next is None and t_s > self._last_s + LAST_PICTURE_S else self._shown

    def _decoded(self) -> Iterator[tuple[float, Picture]]:
        """Yield second and picture of each frame; when looping, the seconds go on after the end."""
        round_starts_s = 0.0
        while True:
            interval_s = 0.0
            for frame in self._container.decode(video=0):
                at_s = round_starts_s + (frame.time or 0.0)
                interval_s, self._last_s = max(0.0, at_s - self._last_s), at_s
                width, height = self.size
                yield at_s, np.asarray(frame.to_ndarray(format="bgr24", width=width, height=height), np.uint8)
            if not self._loop:
                return
            round_starts_s = self._last_s + max(interval_s, 0.001)
            self._container.seek(0)

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _open(path: Path) -> tuple["av.container.InputContainer", tuple[int, int]]:
    try:
        container = av.open(str(path))
        stream = container.streams.video[0]
    except (OSError, av.error.FFmpegError, IndexError) as error:
        raise VideoProblem(f"{path}: cannot be played as a video ({error})") from error
    stream.thread_count = 1
    width, height = stream.width & ~1, stream.height & ~1
    if not 0 < width <= SIDE_MAX or not 0 < height <= SIDE_MAX:
        raise VideoProblem(f"{path}: pictures of {width}x{height} pixels; at most {SIDE_MAX} a side can be served")
    return container, (width, height)
