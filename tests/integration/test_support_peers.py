"""The tests' own real peers do what tests rely on."""

import contextlib
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import av
import paho.mqtt.client as mqtt
import pytest
from av.error import HTTPForbiddenError, HTTPNotFoundError, HTTPUnauthorizedError, InvalidDataError

from tests.support.fake_rtsp import Behaviour, FakeRtspServer, closing, rubbish, silence, status, wrong_password
from tests.support.mosquitto import Mosquitto, StartMosquitto
from tests.support.need import need_program
from tests.support.ports import accepts
from tests.support.rtsp_server import STREAM, Credentials, RtspServer, StartRtspServer, file_stream, pattern_stream

FakeRtsp = Callable[[Behaviour], FakeRtspServer]
READ_TIMEOUT_S = 2.0


def open_camera(url: str, timeout_s: float = 10.0) -> av.container.InputContainer:
    options = {"rtsp_transport": "tcp", "timeout": str(round(timeout_s * 1_000_000))}
    return av.open(url, options=options, timeout=(timeout_s, timeout_s))


def first_frame_size(url: str) -> tuple[int, int]:
    with open_camera(url) as container:
        frame = next(container.decode(video=0))
        return frame.width, frame.height


def answer_to_connect(broker: Mosquitto) -> str:
    """Return the broker's answer to CONNECT, in words."""
    answered = threading.Event()
    answers: list[str] = []
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)

    def on_connect(_client: mqtt.Client, _data: object, _flags: object, reason: object, _properties: object) -> None:
        answers.append(str(reason))
        answered.set()

    client.on_connect = on_connect
    client.connect(broker.host, broker.port)
    client.loop_start()
    try:
        assert answered.wait(10)
    finally:
        client.disconnect()
        client.loop_stop()
    return answers[0]


def test_broker_lets_everybody_in_by_default(mosquitto: Mosquitto) -> None:
    assert answer_to_connect(mosquitto) == "Success"


def test_broker_takes_a_configuration(start_mosquitto: StartMosquitto) -> None:
    assert answer_to_connect(start_mosquitto("allow_anonymous false\n")) == "Not authorized"


def test_broker_comes_back_on_its_port_after_a_kill(mosquitto: Mosquitto) -> None:
    mosquitto.process.kill()
    assert not accepts(mosquitto.port)
    mosquitto.start()
    assert answer_to_connect(mosquitto) == "Success"


def test_camera_serves_h264(rtsp_server: RtspServer) -> None:
    with open_camera(rtsp_server.url()) as container:
        assert container.streams.video[0].codec_context.name == "h264"
    assert first_frame_size(rtsp_server.url()) == (640, 360)


def test_one_server_carries_several_cameras(start_rtsp_server: StartRtspServer) -> None:
    small = pattern_stream("black", width=320, height=240, fps=5)
    server = start_rtsp_server({STREAM: pattern_stream(), "/small": small})
    assert first_frame_size(server.url("/small")) == (320, 240)
    with pytest.raises(HTTPNotFoundError):
        first_frame_size(server.url("/elsewhere"))


def test_a_file_is_played_once_to_each_client(start_rtsp_server: StartRtspServer, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    make = f"-v error -f lavfi -i testsrc2=size=320x240:rate=10:duration=2 -c:v libx264 -threads 1 -g 10 {clip}"
    subprocess.run([need_program("ffmpeg"), *make.split()], check=True, timeout=60)
    server = start_rtsp_server({STREAM: file_stream(clip)})
    for _client in range(2):
        with open_camera(server.url()) as container:
            assert sum(1 for _frame in container.decode(video=0)) >= 15


@pytest.mark.parametrize("scheme", ["basic", "digest"])
def test_camera_wants_its_password(start_rtsp_server: StartRtspServer, scheme: str) -> None:
    server = start_rtsp_server(credentials=Credentials("viewer", "p@ss:word/1", scheme))  # type: ignore[arg-type]
    assert first_frame_size(server.url()) == (640, 360)
    with pytest.raises(HTTPUnauthorizedError):
        first_frame_size(server.url(password="guessed"))


def test_frozen_camera_stalls_and_thaws(rtsp_server: RtspServer) -> None:
    with open_camera(rtsp_server.url(), READ_TIMEOUT_S) as container:
        frames = container.decode(video=0)
        next(frames)
        rtsp_server.freeze()
        # The freeze may cut a packet in two: a decoder that meets the half of it says InvalidDataError.
        with pytest.raises((av.error.ExitError, av.error.TimeoutError, InvalidDataError)):
            for _frame in frames:
                pass
    rtsp_server.thaw()
    assert first_frame_size(rtsp_server.url()) == (640, 360)


def test_killed_camera_ends_and_comes_back(rtsp_server: RtspServer) -> None:
    with open_camera(rtsp_server.url()) as container:
        frames = container.decode(video=0)
        next(frames)
        rtsp_server.kill()
        # The kill may cut the last packet in two: its decoder then says InvalidDataError instead of an end.
        with contextlib.suppress(InvalidDataError):
            assert sum(1 for _frame in frames) < 100
    with pytest.raises(av.error.ConnectionRefusedError):
        open_camera(rtsp_server.url())
    rtsp_server.start()
    assert first_frame_size(rtsp_server.url()) == (640, 360)


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (status(404), HTTPNotFoundError),
        (status(403), HTTPForbiddenError),
        (wrong_password("Digest"), HTTPUnauthorizedError),
        (wrong_password("Basic"), HTTPUnauthorizedError),
        (silence(), InvalidDataError),
        (closing(), InvalidDataError),
        (rubbish(), InvalidDataError),
    ],
)
def test_fake_camera_misbehaves_as_told(fake_rtsp: FakeRtsp, behaviour: Behaviour, error: type[Exception]) -> None:
    camera = fake_rtsp(behaviour)
    with pytest.raises(error):
        open_camera(camera.url(user="viewer", password="guessed"), READ_TIMEOUT_S)
    assert camera.connections >= 1
