"""`provision probe` against a real RTSP server and against servers that misbehave."""

import json
import socket
from collections.abc import Callable
from pathlib import Path

import cv2
import pytest
from typer.testing import CliRunner

from provisioning.cli import app
from tests.support.fake_rtsp import Behaviour, FakeRtspServer, closing, rubbish, silence, status, wrong_password
from tests.support.ports import free_port
from tests.support.rtsp_server import Credentials, RtspServer, StartRtspServer, pattern_stream

FakeRtsp = Callable[[Behaviour], FakeRtspServer]
PASSWORD = "pa:ss@wo%rd"


def probed(url: str, *more: str) -> tuple[int, dict[str, str], str]:
    """Exit code, step -> case, and everything printed."""
    result = CliRunner().invoke(app, ["probe", url, "--json", "--lang", "en", *more])
    assert "pa:ss" not in result.output
    assert "pa%3Ass" not in result.output
    report = json.loads(result.stdout)
    assert report["ok"] == (result.exit_code == 0)
    return result.exit_code, {step["step"]: step["case"] for step in report["steps"]}, result.stdout


def test_a_working_camera_ticks_every_step(rtsp_server: RtspServer, tmp_path: Path) -> None:
    code, cases, said = probed(rtsp_server.url(), "--picture", str(tmp_path / "first.jpg"))
    assert code == 0
    assert cases == {
        "dns": "name_found",
        "tcp": "connected",
        "options": "speaks_rtsp",
        "auth": "open_to_all",
        "describe": "described",
        "codec": "codec_fits",
        "first_picture": "picture_saved",
        "size": "size_fits",
        "fps": "rate_fits",
        "gop": "key_frames_fit",
    }
    values = {step["step"]: step["values"] for step in json.loads(said)["steps"]}
    assert values["codec"] == {"codec": "h264"}
    assert values["size"] == {"width": 640, "height": 360}
    assert values["fps"]["fps"] == pytest.approx(15, abs=1.5)
    assert values["gop"]["gop_s"] == pytest.approx(1.0, abs=0.2)
    picture = cv2.imread(str(tmp_path / "first.jpg"))
    assert picture is not None
    assert picture.shape == (360, 640, 3)


@pytest.mark.parametrize("scheme", ["basic", "digest"])
def test_passwords(start_rtsp_server: StartRtspServer, scheme: str) -> None:
    server = start_rtsp_server(credentials=Credentials("admin", PASSWORD, scheme))  # type: ignore[arg-type]
    assert probed(server.url())[1]["auth"] == "password_accepted"
    code, cases, _ = probed(server.url(password="wrong"))
    assert (code, cases["auth"]) == (1, "password_wrong")
    code, cases, _ = probed(f"rtsp://127.0.0.1:{server.port}/stream")
    assert (code, cases["auth"]) == (1, "password_missing")


@pytest.mark.slow
def test_rare_frames_and_rare_key_frames_are_warnings(start_rtsp_server: StartRtspServer) -> None:
    server = start_rtsp_server({"/slow": pattern_stream(fps=2, gop_s=7)})
    code, cases, _ = probed(server.url("/slow"))
    assert (code, cases["fps"], cases["gop"]) == (0, "rate_low", "key_frames_rare")


def test_a_wrong_path(rtsp_server: RtspServer) -> None:
    code, cases, said = probed(rtsp_server.url("/other"))
    assert (code, cases["describe"]) == (1, "not_found")
    assert "ONVIF" in said


@pytest.mark.parametrize(
    ("behaviour", "step", "case"),
    [
        (status(404), "describe", "not_found"),
        (status(454), "describe", "describe_refused"),
        (status(503), "describe", "describe_refused"),
        (status(403), "auth", "forbidden"),
        (status(401, headers='WWW-Authenticate: Bearer realm="x"\r\n'), "auth", "scheme_unknown"),
        (status(200), "describe", "no_video"),
        (wrong_password("Basic"), "auth", "password_wrong"),
        (wrong_password("Digest"), "auth", "password_wrong"),
        (rubbish(), "options", "not_rtsp"),
        (closing(), "options", "closed"),
        (silence(), "options", "silent"),
        (Behaviour(lambda _: b"HTTP/1.1 400 Bad Request\r\n\r\n"), "options", "not_rtsp"),
        (Behaviour(lambda _: b"RTSP/1.0 999999"), "options", "silent"),
        (Behaviour(lambda _: b"RTSP/1.0 200 OK\r\nContent-Length: 9999999999\r\n\r\n"), "options", "not_rtsp"),
    ],
)
def test_misbehaving_servers_are_told_apart(fake_rtsp: FakeRtsp, behaviour: Behaviour, step: str, case: str) -> None:
    server = fake_rtsp(behaviour)
    code, cases, _ = probed(server.url(user="admin", password="pa%3Ass%40wo%25rd"))
    assert (code, cases.get(step), list(cases)[-1]) == (1, case, step)


def test_a_wrong_password_is_sent_once(fake_rtsp: FakeRtsp) -> None:
    server = fake_rtsp(wrong_password("Basic"))
    probed(server.url(user="admin", password="x"))
    assert sum("Authorization" in request for request in server.requests) == 1


def test_a_closed_port_and_an_unknown_name() -> None:
    assert probed(f"rtsp://127.0.0.1:{free_port()}/x")[1]["tcp"] == "refused"
    assert probed("rtsp://nobody.invalid/x")[1] == {"dns": "name_unknown"}


def test_rtsps_to_a_plain_port(rtsp_server: RtspServer) -> None:
    url = rtsp_server.url().replace("rtsp:", "rtsps:")
    code, cases, _ = probed(url)
    assert (code, cases["tcp"]) == (1, "tls_failed")


def test_a_port_that_accepts_nobody() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        port = server.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)  # noqa: FBT003 - the socket's own interface
            each.connect_ex(("127.0.0.1", port))
        assert list(probed(f"rtsp://127.0.0.1:{port}/x")[1].items())[-1] in {
            ("tcp", "no_connection"),
            ("options", "silent"),
        }
        for each in waiting:
            each.close()


@pytest.mark.parametrize(
    "url", ["", "camera", "http://192.0.2.1/x", "rtsp:///x", "file:///tmp/x", "rtsp://u:pa:ss@:99999/"]
)
def test_what_is_no_address_ends_with_2_and_is_not_repeated(url: str) -> None:
    result = CliRunner().invoke(app, ["probe", url, "--lang", "en"])
    assert result.exit_code == 2
    assert "rtsp://[USER:PASSWORD@]HOST" in result.output
    assert "pa:ss" not in result.output


def test_lines_for_people_in_chinese_and_the_address_from_standard_input(fake_rtsp: FakeRtsp) -> None:
    server = fake_rtsp(status(404))
    result = CliRunner().invoke(app, ["probe", "-", "--lang", "zh-CN"], input=server.url() + "\n")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith("✓ 域名解析: 127.0.0.1 → 127.0.0.1")
    assert "✗ RTSP 描述: 没有这个路径（404）" in result.stdout
    assert lines[-1] == "摄像机不可用，原因见 ✗。"


def test_a_picture_that_cannot_be_saved(rtsp_server: RtspServer, tmp_path: Path) -> None:
    code, cases, _ = probed(rtsp_server.url(), "--picture", str(tmp_path / "absent" / "first.jpg"))
    assert (code, cases.get("first_picture")) == (1, "picture_not_saved"), str(cases)
