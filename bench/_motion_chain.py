"""A recorder's usual chain on one stream: `ffmpeg` decodes and scales to 5 frames a second, Python looks for motion.

Our own stand-in for what such recorders do: a picture 100 pixels high, contrast stretched, blurred, held against a
running average, thresholded, dilated, its contours taken. `python bench/_motion_chain.py FFMPEG URL WARM_UP_S SECONDS`
prints one JSON object: CPU seconds of both processes together, and frames.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

FPS, WIDTH, HEIGHT = 5, 1280, 720
SMALL_HEIGHT_PX, CONTRAST_PERCENT = 100, (4, 96)
THRESHOLD, AREA_MIN_PX = 30, 10
MEMORY, MEMORY_AT_START, FRAMES_AT_START = 0.01, 0.2, 20

Gray = npt.NDArray[np.uint8]


class MotionDetector:
    """Boxes of what differs from the running average."""

    def __init__(self) -> None:
        self._average: npt.NDArray[np.float32] | None = None
        self._frames = 0

    def detect(self, brightness: Gray) -> list[tuple[int, int, int, int]]:
        """x, y, width, height of each moving place, in pixels of the small picture."""
        width = round(SMALL_HEIGHT_PX * brightness.shape[1] / brightness.shape[0])
        small = cv2.resize(brightness, (width, SMALL_HEIGHT_PX), interpolation=cv2.INTER_NEAREST)
        low, high = np.percentile(small, CONTRAST_PERCENT)
        if low < high:
            small = np.clip((small.astype(np.float32) - low) * 255 / (high - low), 0, 255).astype(np.uint8)
        small = cv2.GaussianBlur(small, (3, 3), 1)
        if self._average is None:
            self._average = small.astype(np.float32)
        difference = cv2.absdiff(small, cv2.convertScaleAbs(self._average))
        _, over = cv2.threshold(difference, THRESHOLD, 255, cv2.THRESH_BINARY)
        contours, _ = cv2.findContours(cv2.dilate(over, None, iterations=1), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        self._frames += 1
        cv2.accumulateWeighted(small, self._average, MEMORY_AT_START if self._frames < FRAMES_AT_START else MEMORY)
        return [cv2.boundingRect(one) for one in contours if cv2.contourArea(one) > AREA_MIN_PX]


def main(ffmpeg: str, url: str, warm_up_s: float, seconds: float) -> dict[str, float]:
    """Watch the stream for `seconds` after the warm-up."""
    cv2.setNumThreads(1)
    command = [
        *[ffmpeg, "-v", "error", "-nostdin", "-rtsp_transport", "tcp", "-i", url],
        *["-r", str(FPS), "-vf", f"fps={FPS},scale={WIDTH}:{HEIGHT}", "-threads", "2"],
        *["-f", "rawvideo", "-pix_fmt", "yuv420p", "pipe:"],
    ]
    detector, size = MotionDetector(), WIDTH * HEIGHT * 3 // 2
    with subprocess.Popen(command, stdout=subprocess.PIPE) as decoder:
        assert decoder.stdout is not None
        frames, moved, began_s = 0, 0, time.monotonic()
        before: tuple[float, float, int] | None = None
        while len(data := decoder.stdout.read(size)) == size:
            picture = np.frombuffer(data, np.uint8)[: WIDTH * HEIGHT].reshape(HEIGHT, WIDTH)
            moved += bool(detector.detect(picture))
            frames += 1
            passed_s = time.monotonic() - began_s
            if before is None and passed_s >= warm_up_s:
                before = _cpu_s(decoder.pid), passed_s, frames
            if passed_s >= warm_up_s + seconds:
                break
        used, passed_s = _cpu_s(decoder.pid), time.monotonic() - began_s
        decoder.kill()
    assert before is not None, "the stream ended during the warm-up"
    return {
        "cpu_s": used - before[0],
        "seconds": passed_s - before[1],
        "frames": frames - before[2],
        "moved_frames": moved,
    }


def _cpu_s(decoder: int) -> float:
    """CPU of this process and of the decoder so far."""
    ticks = Path(f"/proc/{decoder}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return time.process_time() + (int(ticks[11]) + int(ticks[12])) / 100


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))))
