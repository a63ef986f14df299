"""Cameras that send what nobody can show, or ask for memory that nobody has: told with a reason, in bounded memory."""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from itertools import count

import av
import numpy as np

from edge_agent.core.clock import Clock
from edge_agent.supervisor.memory import DATA_BYTES_MAX
from edge_agent.video.rtsp_source import FIRST_PICTURE_S, NEXT_PICTURE_S, PIXELS_MAX, RtspSource, Waits
from edge_agent.video.source import SourceFailed
from protocol.camera_url import CameraUrl
from protocol.messages import CameraReason
from tests.support.fake_rtsp import Behaviour, FakeRtspServer
from tests.support.rtp_stream import playing, promising
from tests.support.shared import REPOSITORY

FakeRtsp = Callable[[Behaviour], FakeRtspServer]
PASSWORD = "Geheim-4411-secret"
STEP_S = 0.1
PROCESS_S_MAX = 60
OPEN = """
import sys, time
from datetime import UTC, datetime
from edge_agent.core.clock import Clock
from edge_agent.supervisor.memory import keep_memory_small
from edge_agent.video.rtsp_source import RtspSource, Waits
from edge_agent.video.source import SourceFailed
from protocol.camera_url import CameraUrl
keep_memory_small()
try:
    RtspSource(CameraUrl(sys.argv[1]), Clock(lambda: datetime.now(UTC), time.monotonic))
except SourceFailed as failure:
    sys.exit(failure.reason)
"""


def coded(pictures: int, key_every: int = 1_000) -> list[list[bytes]]:
    """H.264 pictures, each as its units, of something small that moves."""
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = 96, 64, "yuv420p", Fraction(1, 10)
    options = f"keyint={key_every}:scenecut=0:bframes=0:repeat-headers=1:annexb=1:threads=1"
    encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "crf": "40", "x264-params": options}
    packets = []
    for number in range(pictures):
        level = np.full((64, 96, 3), 60 + number % 100, np.uint8)
        frame = av.VideoFrame.from_ndarray(level, format="rgb24")
        frame.pts, frame.time_base = number, Fraction(1, 10)
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    return [[unit for unit in re.split(b"\0\0\0\1|\0\0\1", bytes(one)) if unit] for one in packets]


def vast(side: int) -> list[bytes]:
    """The units of one black square."""
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = side, side, "yuv420p", Fraction(1, 10)
    options = "repeat-headers=1:annexb=1:threads=1:slice-max-size=1300"
    encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "qp": "51", "x264-params": options}
    frame = av.VideoFrame(side, side, "yuv420p")
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    frame.pts, frame.time_base = 0, Fraction(1, 10)
    packets = [*encoder.encode(frame), *encoder.encode(None)]
    return [unit for one in packets for unit in re.split(b"\0\0\0\1|\0\0\1", bytes(one)) if unit]


def watched(url: str) -> tuple[int, SourceFailed]:
    """How many pictures came, and how it ended, by a clock that goes on by `STEP_S` each time it is read."""
    ticks = count()
    clock = Clock(lambda: datetime.now(UTC), lambda: next(ticks) * STEP_S)
    source, shown = RtspSource(CameraUrl(url), clock, waits=Waits(for_first_key=True)), 0
    try:
        for _ in source.frames():
            shown += 1
    except SourceFailed as failure:
        return shown, failure
    finally:
        source.close()
    raise AssertionError("the stream ended without a failure")


def test_a_camera_that_never_sends_a_key_frame_is_told_so(fake_rtsp: FakeRtsp) -> None:
    enough = round(4 * FIRST_PICTURE_S / STEP_S)
    server = fake_rtsp(playing(coded(enough)[1:]))
    shown, failure = watched(server.url(user="viewer", password=PASSWORD))
    assert (shown, failure.reason) == (0, CameraReason.NO_VIDEO)
    assert "let the camera send a key frame every two seconds" in failure.detail
    assert PASSWORD not in str(failure)


def test_a_camera_that_changes_its_codec_amidst_is_told_so(fake_rtsp: FakeRtsp) -> None:
    unknown = [[bytes([2, 1]) + bytes(range(40))]] * round(4 * NEXT_PICTURE_S / STEP_S)
    shown, failure = watched(fake_rtsp(playing([*coded(30, key_every=5), *unknown])).url())
    assert shown >= 20
    assert failure.reason is CameraReason.NO_VIDEO
    assert "data of h264 comes, but no picture" in failure.detail


def test_pictures_that_nobody_has_memory_for_are_refused_with_the_cure(fake_rtsp: FakeRtsp) -> None:
    side = 5_008
    assert side * side > PIXELS_MAX
    shown, failure = watched(fake_rtsp(playing([vast(side)] * 3)).url())
    assert (shown, failure.reason) == (0, CameraReason.NO_VIDEO)
    assert "5008x5008 pixels, and 25 megapixels are the most" in failure.detail


def test_a_description_of_two_gigabytes_is_not_waited_for(fake_rtsp: FakeRtsp) -> None:
    server = fake_rtsp(promising(2 * DATA_BYTES_MAX))
    ended = subprocess.run(
        [sys.executable, "-c", OPEN, server.url()],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=PROCESS_S_MAX,
        check=False,
    )
    assert ended.stderr.strip() == CameraReason.NO_VIDEO
