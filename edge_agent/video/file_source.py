"""Frames of a video file, in the file's own time."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av

from edge_agent.video.frame import Frame
from edge_agent.video.source import SourceFailed
from protocol.geometry import Polygon
from protocol.messages import CameraReason
from protocol.texts import Words

FILE_ANCHOR = datetime(1970, 1, 1, tzinfo=UTC)
"""Capture time of a file's first frame, unless the caller knows better."""
FPS_ASSUMED = 25.0
"""For files that say neither when a frame was taken nor how many a second there are."""
CORRUPT_PACKETS_MAX = 50
"""Damaged packets in a row before the rest of the file counts as unreadable."""
SIZE_MAX = 16_384
_NO_FILE = Words("没有视频文件 {path}", "there is no video file {path}")
_UNREADABLE = Words("{path} 不是可读的视频：{why}", "{path} is not a video that can be read: {why}")
_NO_TRACK = Words("{path} 没有视频轨道", "{path} has no video track")
_NO_PICTURE = Words("{path} 没有可解码的画面", "{path} has no picture that can be decoded")


class FileSource:
    """Implements `FrameSource` on a file. `duration_s` is None where the container does not say."""

    def __init__(self, path: Path, *, masks: Sequence[Polygon] = (), anchor: datetime = FILE_ANCHOR) -> None:
        """Open the file; raises `SourceFailed` with one sentence for the user."""
        self._path, self._masks, self._anchor = path, masks, anchor
        if not path.is_file():
            raise SourceFailed(CameraReason.NOT_FOUND, _NO_FILE, path=path)
        try:
            self._container = av.open(str(path), metadata_errors="ignore")
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise SourceFailed(CameraReason.NO_VIDEO, _UNREADABLE, path=path, why=_text(error)) from None
        if not self._container.streams.video:
            self._container.close()
            raise SourceFailed(CameraReason.NO_VIDEO, _NO_TRACK, path=path)
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = "AUTO"
        self.damaged_packets = 0
        """What could not be decoded so far: nothing is known of that time."""

    @property
    def duration_s(self) -> float | None:
        """Length as the container says."""
        return None if self._container.duration is None else self._container.duration / av.time_base

    def frames(self) -> Iterator[Frame]:
        """Every frame that decodes; raises `SourceFailed` when not a single one does."""
        seq, first_s, last_s = 0, 0.0, -1.0
        step_s = 1 / self._fps()
        for picture in self._pictures():
            at_s = picture.time if picture.time is not None else first_s + last_s + step_s
            if seq == 0:
                first_s = at_s
            passed_s = at_s - first_s if seq == 0 or at_s - first_s > last_s else last_s + step_s
            yield Frame(seq, self._anchor + timedelta(seconds=passed_s), picture, self._masks)
            seq, last_s = seq + 1, passed_s
        if seq == 0:
            raise SourceFailed(CameraReason.NO_VIDEO, _NO_PICTURE, path=self._path)

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self._container.close()

    def _fps(self) -> float:
        rate = self._stream.average_rate or self._stream.guessed_rate
        return float(rate) if rate else FPS_ASSUMED

    def _pictures(self) -> Iterator[Any]:
        in_a_row = 0
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
                for picture in packet.decode():
                    in_a_row = 0
                    if 0 < picture.width <= SIZE_MAX and 0 < picture.height <= SIZE_MAX:
                        yield picture
            except (StopIteration, EOFError):
                return
            except (av.error.FFmpegError, OSError):
                self.damaged_packets += 1
                in_a_row += 1
                if in_a_row > CORRUPT_PACKETS_MAX:
                    return


def _text(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
