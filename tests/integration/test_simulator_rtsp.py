"""The camera simulator over real RTSP/TCP: read by PyAV and OpenCV, guarded by a login, ended cleanly."""

import json
import os
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import SIGTERM

import av
import cv2
import numpy as np
import pytest

from tests.support.ports import LOOPBACK, accepts, free_port
from tests.support.processes import Process, Processes

SECRET = "pa:ss w@rd"
READY_S = 30.0
TCP = {"rtsp_transport": "tcp", "timeout": "10000000", "analyzeduration": "100000", "probesize": "32768"}
StartCamera = Callable[..., tuple[Process, str]]


@pytest.fixture
def start_camera(start_process: Processes) -> StartCamera:
    """Return `start_camera(*options) -> (process, url)` of a simulator that is ready."""

    def start(*options: str | Path, env: dict[str, str] | None = None) -> tuple[Process, str]:
        port = free_port()
        words = [sys.executable, "-m", "provisioning.main", "provision", "simulate-camera", "--port", str(port)]
        process = start_process(*words, *options, env=env, name=f"camera-{port}")
        process.wait_for("ready", within_s=READY_S)
        return process, f"rtsp://{LOOPBACK}:{port}/cam-1"

    return start


def read(url: str, frames: int) -> list[np.ndarray]:
    with av.open(url, options=TCP, timeout=(10.0, 10.0)) as container:
        assert container.streams.video[0].codec_context.name == "h264"
        decoded = container.decode(video=0)
        return [next(decoded).to_ndarray(format="bgr24") for _ in range(frames)]


def test_pyav_reads_moving_h264_pictures(start_camera: StartCamera) -> None:
    process, url = start_camera("--scene", "busy", "--size", "320x180")
    pictures = read(url, 12)
    assert {picture.shape for picture in pictures} == {(180, 320, 3)}
    assert pictures[0].std() > 15
    assert np.abs(pictures[0].astype(int) - pictures[-1].astype(int)).max() > 40
    assert process.out.splitlines() == [f"{url} ready: busy, 320x180, 10 fps"]


def test_opencv_reads_it_and_two_clients_at_once(start_camera: StartCamera, monkeypatch: pytest.MonkeyPatch) -> None:
    _, url = start_camera("--scene", "quiet")
    monkeypatch.setenv("OPENCV_FFMPEG_CAPTURE_OPTIONS", "rtsp_transport;tcp")
    limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, 10_000, cv2.CAP_PROP_READ_TIMEOUT_MSEC, 10_000]
    capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG, limits)
    try:
        assert capture.isOpened()
        assert len(read(url, 3)) == 3
        good, picture = capture.read()
        assert good
        assert picture.shape == (360, 640, 3)
    finally:
        capture.release()


@pytest.mark.parametrize(("how", "code"), [("interrupt", 130), ("terminate", 0)])
def test_it_ends_cleanly_also_with_a_client(start_camera: StartCamera, how: str, code: int) -> None:
    process, url = start_camera("--scene", "quiet", "--size", "320x180")
    with av.open(url, options=TCP, timeout=(10.0, 10.0)) as container:
        next(container.decode(video=0))
        if how == "interrupt":
            process.interrupt()
        else:
            process.signal(SIGTERM)
        assert process.wait() == code
    assert process.err == ""
    assert not accepts(int(url.split(":")[2].split("/")[0]))


@pytest.mark.parametrize(
    ("user", "secret", "path", "expected"),
    [
        ("eye", "pa%3Ass%20w%40rd", "cam-1", None),
        ("eye", "wrong", "cam-1", av.error.HTTPUnauthorizedError),
        ("", "", "cam-1", av.error.HTTPUnauthorizedError),
        ("eye", "pa%3Ass%20w%40rd", "other", av.error.HTTPNotFoundError),
    ],
)
def test_a_login_and_the_path_are_asked_for(
    start_camera: StartCamera, user: str, secret: str, path: str, expected: type[Exception] | None
) -> None:
    options = ("--user", "eye", "--password-env", "CAMERA_PASSWORD", "--size", "320x180")
    process, url = start_camera(*options, env={"CAMERA_PASSWORD": SECRET})
    address = url.replace("//", f"//{user}:{secret}@" if user else "//").replace("cam-1", path)
    if expected is None:
        assert len(read(address, 2)) == 2
    else:
        with pytest.raises(expected):
            read(address, 1)
    assert SECRET not in process.out + process.err


def test_it_listens_on_loopback_only(start_camera: StartCamera) -> None:
    _, url = start_camera("--scene", "quiet", "--size", "320x180")
    port = int(url.split(":")[2].split("/")[0])
    addresses = {one[4][0] for one in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    outside = [address for address in addresses if not str(address).startswith("127.")]
    assert not [address for address in outside if accepts(port, str(address))]


def test_the_scene_follows_the_wall_clock_and_the_truth_is_written(start_camera: StartCamera, tmp_path: Path) -> None:
    truth = tmp_path / "truth.jsonl"
    start_at = datetime.now(UTC) - timedelta(seconds=20)
    options = ("--scene", "street", "--size", "320x180", "--start-at", start_at.isoformat(), "--truth", truth)
    process, url = start_camera(*options)
    read(url, 25)
    process.signal(SIGTERM)
    assert process.wait() == 0
    head, *lines = [json.loads(line) for line in truth.read_text(encoding="utf-8").splitlines()]
    assert head["start_at"] == start_at.isoformat()
    assert len(lines) >= 2
    assert all(20 <= line["t_s"] < 60 for line in lines)
    standing = {seen["label"] for seen in lines[0]["objects"] if not seen["moving"]}
    assert {"stall", "rubbish"} <= standing


def test_a_video_file_is_played_and_the_camera_ends_with_it(start_camera: StartCamera, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    with av.open(str(film), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for number in range(60):
            picture = np.full((240, 320, 3), number * 4, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode(None))
    process, url = start_camera("--video", film)
    pictures = read(url, 10)
    assert pictures[0].shape == (240, 320, 3)
    assert pictures[-1].mean() > pictures[0].mean() + 5
    assert process.wait(within_s=20) == 0
    assert process.err == ""


def test_a_port_in_use_is_said_in_a_sentence(start_process: Processes) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        words = ["-m", "provisioning.main", "provision", "simulate-camera", "--port", str(port)]
        process = start_process(sys.executable, *words)
        assert process.wait(READY_S) == 3
    assert f"port {port}" in process.err
    assert "Traceback" not in process.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--scene", "nowhere.yaml"), "neither a file nor one of quiet"),
        (("--size", "640"), "like 640x360"),
        (("--video", os.devnull), "cannot be played as a video"),
        (("--start-at", "tomorrow"), "a time with its zone"),
        (("--user", "eye"), "--password-env"),
        (("--truth", "/nowhere/truth.jsonl"), "/nowhere/truth.jsonl"),
    ],
)
def test_a_mistake_is_answered_with_a_sentence(start_process: Processes, options: tuple[str, ...], said: str) -> None:
    process = start_process(sys.executable, "-m", "provisioning.main", "provision", "simulate-camera", *options)
    assert process.wait(READY_S) == 2
    assert said in process.err.replace("\n", " ")
    assert "Traceback" not in process.err
