"""Video files of all kinds, and frames that convert themselves."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from edge_agent.video.file_source import CORRUPT_PACKETS_MAX, FILE_ANCHOR, FileSource
from edge_agent.video.frame import Frame
from edge_agent.video.source import SourceFailed
from protocol.messages import CameraReason
from tests.support.clips import Picture, damaged_clip, every, write_clip

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def grey(level: int, size: tuple[int, int] = (64, 48)) -> Picture:
    return np.full((size[1], size[0], 3), level, np.uint8)


def times(path: Path) -> list[float]:
    source = FileSource(path)
    found = [round((frame.captured_at - FILE_ANCHOR).total_seconds(), 3) for frame in source.frames()]
    source.close()
    source.close()
    return found


@pytest.mark.parametrize("at_s", [every(0.1, 2), [0, 0.1, 0.5, 2.0, 2.04], [0], [5.0, 5.5, 7.0]])
def test_times_are_those_of_the_file_counted_from_its_first_frame(tmp_path: Path, at_s: list[float]) -> None:
    path = write_clip(tmp_path / "clip.mp4", lambda t: grey(int(50 + 10 * t)), at_s)
    assert times(path) == pytest.approx([t - at_s[0] for t in at_s], abs=2e-3)


def test_a_stream_without_times_counts_by_its_frame_rate(tmp_path: Path) -> None:
    path = tmp_path / "raw.h264"
    with av.open(str(path), "w", format="h264") as container:
        stream = container.add_stream("libx264", rate=10, options={"bf": "0"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for level in range(30):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(grey(level * 8), format="bgr24")))
        container.mux(stream.encode(None))
    found = times(path)
    assert len(found) == 30
    assert np.diff(found) == pytest.approx([np.diff(found)[0]] * 29)


def test_files_that_are_no_video(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no video", encoding="utf-8")
    (tmp_path / "empty.mp4").touch()
    for name in ("text.mp4", "empty.mp4"):
        with pytest.raises(SourceFailed, match="not a video") as failed:
            FileSource(tmp_path / name)
        assert failed.value.reason is CameraReason.NO_VIDEO
    with pytest.raises(SourceFailed, match="no video file"):
        FileSource(tmp_path / "absent.mp4")
    with pytest.raises(SourceFailed):
        FileSource(tmp_path)


def test_a_damaged_file_gives_what_it_can(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    path = write_clip(tmp_path / "clip.mkv", lambda _: rng.integers(0, 255, (96, 128, 3), np.uint8), every(0.1, 4))
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 3000] = b"\x55" * 3000
    path.write_bytes(content)
    assert 5 <= len(times(path)) <= 40


def test_damage_here_and_there_is_passed_over_to_the_end_and_counted(tmp_path: Path) -> None:
    path = damaged_clip(tmp_path / "clip.mkv", 2 * (CORRUPT_PACKETS_MAX + 10))
    source = FileSource(path)
    found = [(frame.captured_at - FILE_ANCHOR).total_seconds() for frame in source.frames()]
    assert source.damaged_packets == CORRUPT_PACKETS_MAX + 10
    assert found == pytest.approx([n / 5 for n in range(CORRUPT_PACKETS_MAX + 10)])


@pytest.mark.parametrize("pixels", ["yuv420p", "yuv444p", "gray", "rgb24"])
def test_brightness_and_colour_agree_for_every_pixel_format(pixels: str) -> None:
    picture = cv2.GaussianBlur(np.random.default_rng(1).integers(0, 255, (50, 90, 3), np.uint8), (0, 0), 5)
    source = av.VideoFrame.from_ndarray(picture, format="bgr24").reformat(format=pixels)
    frame = Frame(0, NOW, source)
    assert frame.size == (90, 50)
    assert frame.bgr().shape == (50, 90, 3)
    expected = cv2.cvtColor(frame.bgr(), cv2.COLOR_BGR2GRAY).astype(float)
    assert np.corrcoef(expected.ravel(), frame.gray(90, 50).astype(float).ravel())[0, 1] > 0.97
    assert frame.gray(45, 25).shape == (25, 45)


@pytest.mark.parametrize("make", [lambda p: p, lambda p: av.VideoFrame.from_ndarray(p, format="bgr24")])
def test_privacy_masks_are_in_everything_that_a_frame_hands_out(make: Callable[[Picture], object]) -> None:
    picture = grey(200, (80, 60))
    frame = Frame(0, NOW, make(picture), [((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))])
    assert frame.bgr()[20:40, 25:55].max() == 0
    assert frame.gray(40, 30)[10:20, 12:28].max() == 0
    assert frame.bgr()[:10].min() > 180
    assert picture.min() == 200
