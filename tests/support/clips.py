"""Small video files made in a test: pictures are functions of time, pixels are exactly known."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
TIME_BASE = Fraction(1, 1000)


def write_clip(path: Path, picture_at: Callable[[float], Picture], times_s: Iterable[float]) -> Path:
    """Encode `picture_at(t)` (even width and height) for every time; the times may lie unevenly."""
    with av.open(str(path), "w") as container:
        stream = None
        for at_s in times_s:
            picture = picture_at(at_s)
            if stream is None:
                stream = container.add_stream("libx264", rate=30, options={"crf": "18", "preset": "ultrafast"})
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt = "yuv420p"
                stream.codec_context.time_base = TIME_BASE
                stream.time_base = TIME_BASE
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = round(at_s * 1000), TIME_BASE
            container.mux(stream.encode(frame))
        if stream is not None:
            container.mux(stream.encode(None))
    return path


def damaged_clip(path: Path, frames: int) -> Path:
    """Frames 0.1 s apart, each coded by itself, of which every second one cannot be decoded."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 120, np.uint8), format="bgr24")
            for packet in stream.encode(frame):
                written = packet
                if number % 2:
                    written = av.Packet(b"\x55" * packet.size)
                    written.pts, written.dts, written.time_base = packet.pts, packet.dts, packet.time_base
                    written.stream, written.is_keyframe = stream, True
                container.mux(written)
    return path


def every(step_s: float, length_s: float) -> list[float]:
    """Times 0, step, 2 step ... below the length."""
    return [number * step_s for number in range(round(length_s / step_s))]


class Street:
    """A paved ground with a wall behind; the same seed is the same street. Draw on the copy that `picture` returns."""

    def __init__(self, seed: int = 1, size: tuple[int, int] = (320, 180), noise: float = 2.0) -> None:
        self._noise, self.size = noise, size
        rng = np.random.default_rng(seed)
        width, height = size
        ground = np.full((height, width, 3), 120, np.float32)
        ground += cv2.resize(rng.normal(0, 14, (height // 8 + 1, width // 8 + 1)).astype(np.float32), size)[:, :, None]
        ground[: height // 4] = (90, 110, 130)
        for x in range(0, width, max(8, width // 10)):
            cv2.line(ground, (x, height // 4), (x - width // 6, height), (96, 96, 96), 1)
        self.ground = ground
        self._rng = rng

    def picture(self, *, gain: float = 1.0, things: Iterable[tuple[tuple[int, int, int, int], int]] = ()) -> Picture:
        """The street with filled boxes (x1, y1, x2, y2 in pixels, brightness), sensor noise and a gain of the light."""
        canvas = self.ground.copy()
        for (x1, y1, x2, y2), level in things:
            cv2.rectangle(canvas, (x1, y1), (x2 - 1, y2 - 1), (level, level * 0.9, level * 0.8), cv2.FILLED)
            cv2.line(canvas, (x1, (y1 + y2) // 2), (x2 - 1, (y1 + y2) // 2), (level * 0.6,) * 3, 2)
        noise = self._rng.normal(0, self._noise, canvas.shape)
        return np.clip(canvas * gain + noise, 0, 255).astype(np.uint8)
