"""Key frames alone, from a real stream: at once, in order, and every frame again from the next key frame on."""

import subprocess
import time
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from edge_agent.core.clock import Clock
from edge_agent.video.frame import Frame
from edge_agent.video.rtsp_source import KeyFrames, RtspSource
from protocol.camera_url import CameraUrl
from tests.support.need import need_program
from tests.support.rtsp_server import STREAM, StartRtspServer, file_stream

FPS, GOP_S, LENGTH_S = 10, 1, 9
KEYS_FROM_S, KEYS_TO_S = 2.0, 6.0
CLOCK = Clock(partial(datetime.now, UTC), time.monotonic)


def clip(folder: Path, b_frames: int) -> Path:
    """A moving test picture whose key frames come every second."""
    path = folder / f"{b_frames}.mp4"
    source = f"testsrc2=size=320x180:rate={FPS}:duration={LENGTH_S}"
    coding = ["-c:v", "libx264", "-g", str(FPS * GOP_S), "-sc_threshold", "0", "-bf", str(b_frames)]
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, *coding, path], check=True)
    return path


@pytest.mark.parametrize("b_frames", [0, 2])
def test_key_frames_come_alone_and_at_once(tmp_path: Path, start_rtsp_server: StartRtspServer, b_frames: int) -> None:
    need_program("ffmpeg")
    server = start_rtsp_server({STREAM: file_stream(clip(tmp_path, b_frames))})
    source = RtspSource(CameraUrl(server.url()), CLOCK)
    keys: list[float] = []
    passed: list[float] = []
    began_s = time.monotonic()

    def suffice() -> bool:
        return KEYS_FROM_S <= time.monotonic() - began_s < KEYS_TO_S

    def passes() -> bool:
        passed.append(time.monotonic())
        return True

    source.keys = KeyFrames(seen=lambda _: keys.append(time.monotonic()), suffice=suffice, passed=passes)
    frames: list[tuple[float, Frame]] = [(time.monotonic() - began_s, frame) for frame in source.frames()]
    source.close()
    assert len(keys) >= LENGTH_S - 2
    alone = [(at_s, frame) for at_s, frame in frames if KEYS_FROM_S + 1.5 < at_s < KEYS_TO_S]
    after = [at_s for at_s, _ in frames if at_s > KEYS_TO_S + 1.5]
    assert 1 <= len(alone) <= 3
    assert len(passed) >= 2 * (FPS * GOP_S - 1)
    assert len(after) >= FPS / 2
    for at_s, frame in alone:
        late_s = at_s - (frame.captured_at - frames[0][1].captured_at).total_seconds() - frames[0][0]
        assert abs(late_s) < 0.8
    assert all(first.captured_at < second.captured_at for (_, first), (_, second) in pairwise(frames))
