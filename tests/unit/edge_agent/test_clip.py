"""Clips from packets of a real encoder: they decode again, whole, in order, whatever the camera did."""

import io
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

import av
import numpy as np
import pytest

from edge_agent.video.clip import ClipNotCut, ClipRecorder

FPS = 10
SIZE, OTHER_SIZE = (160, 90), (320, 180)


def packets(
    length_s: float,
    size: tuple[int, int] = SIZE,
    *,
    b_frames: int = 0,
    headers: bool = True,
    begin_s: float = 0.0,
) -> tuple[bytes, list[av.Packet]]:
    """Parameters of the codec and packets of a picture whose brightness tells the second."""
    context = coder("libx264", size)
    context.options = {
        "preset": "ultrafast",
        "bf": str(b_frames),
        "g": str(FPS),
        "sc_threshold": "0",
        "x264-params": f"repeat-headers={int(headers)}",
    }
    if not headers:
        context.flags |= 1 << 22  # AV_CODEC_FLAG_GLOBAL_HEADER
    made = encoded(context, length_s, begin_s)
    return bytes(context.extradata or b""), made


def hevc_packets(length_s: float) -> list[av.Packet]:
    """The same in H.265, whose pictures lean on the group before: a key frame does not cut them off."""
    context = coder("libx265", SIZE)
    words = f"log-level=none:keyint={FPS}:min-keyint={FPS}:scenecut=0:bframes=3:open-gop=1:repeat-headers=1"
    context.options = {"preset": "ultrafast", "x265-params": words}
    return encoded(context, length_s, 0.0)


def coder(name: str, size: tuple[int, int]) -> av.VideoCodecContext:
    context = av.CodecContext.create(name, "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height, context.pix_fmt = *size, "yuv420p"
    context.time_base = Fraction(1, 90_000)
    context.framerate = Fraction(FPS)
    return context


def encoded(context: av.VideoCodecContext, length_s: float, begin_s: float) -> list[av.Packet]:
    size, made = (context.width, context.height), list[av.Packet]()
    for number in range(round(length_s * FPS)):
        level = 40 + 4 * (number // FPS)
        frame = av.VideoFrame.from_ndarray(np.full((size[1], size[0]), level, np.uint8), format="gray")
        frame = frame.reformat(format="yuv420p")
        frame.pts, frame.time_base = round((begin_s + number / FPS) * 90_000), context.time_base
        made += context.encode(frame)
    return made + context.encode(None)


def recorder_of(parameters: bytes, made: list[av.Packet], size: tuple[int, int] = SIZE) -> ClipRecorder:
    recorder = ClipRecorder("h264", parameters)
    feed(recorder, made, size)
    return recorder


def feed(recorder: ClipRecorder, made: list[av.Packet], size: tuple[int, int]) -> None:
    for packet in made:
        recorder.take(packet, size, 0.0)


def decoded(mp4: bytes | None) -> Iterator[av.VideoFrame]:
    assert mp4 is not None
    with av.open(io.BytesIO(mp4)) as container:
        yield from container.decode(video=0)


def levels(frames: list[av.VideoFrame]) -> list[int]:
    return [round(float(frame.to_ndarray(format="gray").mean())) for frame in frames]


@pytest.mark.parametrize("b_frames", [0, 3])
@pytest.mark.parametrize("headers", [True, False])
def test_it_decodes_again_ten_seconds_long_and_up_to_now(b_frames: int, headers: bool) -> None:  # noqa: FBT001 - a table
    frames = list(decoded(recorder_of(*packets(25, b_frames=b_frames, headers=headers)).mp4()))
    times = [frame.time for frame in frames]
    assert times == sorted(times)
    assert len(frames) == pytest.approx(10 * FPS, abs=FPS / 2)
    assert times[0] == pytest.approx(0, abs=0.01)
    assert times[-1] == pytest.approx(10, abs=0.6)
    seen = levels(frames)
    assert seen[-1] == pytest.approx(40 + 4 * 24, abs=2)
    assert seen[0] == pytest.approx(40 + 4 * 15, abs=4)
    assert all(second >= first - 1 for first, second in pairwise(seen))


def test_a_clip_of_h265_has_only_pictures_that_can_be_decoded() -> None:
    recorder = ClipRecorder("hevc", b"")
    feed(recorder, hevc_packets(25), SIZE)
    frames = list(decoded(recorder.mp4()))
    assert len(frames) == pytest.approx(10 * FPS, abs=FPS / 2)
    assert levels(frames)[-1] == pytest.approx(40 + 4 * 24, abs=3)
    assert not any(frame.is_corrupt for frame in frames)
    assert all(first.pts < second.pts for first, second in pairwise(frames) if first.pts is not None)


def test_a_change_of_size_in_the_middle_clears_and_the_new_stream_is_cut_as_itself() -> None:
    parameters, before = packets(20)
    recorder = recorder_of(parameters, before)
    feed(recorder, packets(4, OTHER_SIZE, begin_s=20)[1], OTHER_SIZE)
    frames = list(decoded(recorder.mp4()))
    assert {(frame.width, frame.height) for frame in frames} == {OTHER_SIZE}
    assert len(frames) == 4 * FPS


def test_time_stamps_that_jump_back_begin_anew() -> None:
    parameters, first = packets(20, begin_s=1000)
    recorder = recorder_of(parameters, first)
    feed(recorder, packets(3)[1], SIZE)
    assert len(list(decoded(recorder.mp4()))) == 3 * FPS


def test_there_is_no_clip_before_there_are_pictures_nor_of_a_codec_that_mp4_readers_do_not_know() -> None:
    parameters, made = packets(2)
    assert ClipRecorder("h264", parameters).mp4() is None
    other = ClipRecorder("mjpeg", b"")
    feed(other, made, SIZE)
    assert other.mp4() is None


def test_a_stream_that_never_says_what_it_is_is_an_error_with_words() -> None:
    recorder = recorder_of(b"", packets(3, headers=False)[1])
    with pytest.raises(ClipNotCut, match=r"parameters of its codec|no clip can be made"):
        recorder.mp4()


def test_the_index_stands_before_the_pictures_so_that_browsers_play_at_once() -> None:
    mp4 = recorder_of(*packets(5)).mp4()
    assert mp4 is not None
    assert mp4[4:8] == b"ftyp"
    assert mp4.index(b"moov") < mp4.index(b"mdat")
