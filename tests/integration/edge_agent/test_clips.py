"""A clip from a real camera over RTSP, through the real agent: it decodes again and shows the moment of the event."""

import io
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import av
import pytest

from edge_agent.video.frame import Picture
from edge_agent.video.snapshot import picture_of
from protocol.messages import EvidenceKind, EvidenceRef, SceneMessage
from tests.support.clips import Street
from tests.support.edge_box import EdgeBox
from tests.support.mosquitto import Mosquitto
from tests.support.need import need_program
from tests.support.processes import Processes
from tests.support.rtsp_server import STREAM, StartRtspServer, file_stream
from tests.support.scripted_central import EvidenceServer, ScriptedCentral
from tests.support.until import until

FPS, LENGTH_S, COMES_S, DWELL_S = 10, 50.0, 14.0, 8
SIZE = (320, 180)
CLOCK_CELL = (slice(2, 22), slice(2, 42))
"""Outside the zone: its brightness tells the second."""
ZONE = "[[0.0, 0.3], [1.0, 0.3], [1.0, 1.0], [0.0, 1.0]]"
RULE = f"{{scene: stay, labels: [static], dwell_s: {DWELL_S}}}"


def street_film(path: Path, b_frames: int) -> Path:
    """A street on which something is put down, with a clock in the corner; a key frame every two seconds."""
    street = Street(size=SIZE)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.options = {"preset": "veryfast", "g": str(2 * FPS), "sc_threshold": "0", "bf": str(b_frames)}
        for number in range(round(LENGTH_S * FPS)):
            at_s = number / FPS
            picture = street.picture(things=[((150, 100, 200, 140), 30)] if at_s >= COMES_S else [])
            picture[CLOCK_CELL] = level_of(at_s)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode(None))
    return path


def level_of(at_s: float) -> int:
    return 30 + 4 * int(at_s)


def second_of(picture: Picture) -> float:
    """What the clock in the corner says, to about a second."""
    return (float(picture[8:16, 8:36].mean()) - 30) / 4


def frames(mp4: bytes) -> Iterator[av.VideoFrame]:
    with av.open(io.BytesIO(mp4)) as container:
        yield from container.decode(video=0)


@pytest.mark.parametrize("b_frames", [0, 2])
def test_a_clip_decodes_again_is_ten_seconds_long_and_holds_the_moment(
    tmp_path: Path,
    start_process: Processes,
    start_rtsp_server: StartRtspServer,
    mosquitto: Mosquitto,
    b_frames: int,
) -> None:
    need_program("ffmpeg")
    server = start_rtsp_server({STREAM: file_stream(street_film(tmp_path / "street.mp4", b_frames))})
    with EvidenceServer() as uploads, ScriptedCentral(mosquitto.port) as central:
        box = EdgeBox(tmp_path / "box", start_process, mosquitto.port, uploads.url)
        zones = f"zones: [{{id: z, polygon: {ZONE}, rules: [{RULE}]}}]"
        box.configure([f'{{id: c1, url: "{server.url()}", evidence: {{clip: true}}, {zones}}}'])
        agent = box.start()
        refs: dict[EvidenceKind, EvidenceRef] = {}

        def raised() -> bool:
            told = [event for event in central.received.events.values() if isinstance(event, SceneMessage)]
            refs.update({ref.kind: ref for event in told for ref in event.data.evidence})
            return EvidenceKind.CLIP in refs

        until(raised, within_s=90, what="the report with its clip")
        clip, picture = refs[EvidenceKind.CLIP], refs[EvidenceKind.RAISED]
        until(lambda: {clip.sha256, picture.sha256} <= set(uploads.stored), within_s=30, what="clip and picture")
        assert uploads.types[clip.sha256] == clip.media_type == "video/mp4"
        assert uploads.types[picture.sha256] == "image/jpeg"
        assert agent.stop() == 0
    shown = list(frames(uploads.stored[clip.sha256]))
    times = [frame.time or 0.0 for frame in shown]
    assert all(first < second for first, second in pairwise(times))
    assert times[-1] - times[0] == pytest.approx(10, abs=1.5)
    seconds = [second_of(frame.to_ndarray(format="bgr24")) for frame in shown]
    moment = second_of(picture_of(uploads.stored[picture.sha256]))
    assert moment >= COMES_S + DWELL_S - 2
    assert min(seconds) <= moment <= max(seconds) + 0.5
    assert all(second > first - 1 for first, second in pairwise(seconds))
