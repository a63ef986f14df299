"""The real agent with real RTSP cameras: what goes wrong is told with its reason, and nothing drags others down."""

import os
import signal
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import psutil
import pytest

from edge_agent.video.snapshot import picture_of
from protocol.messages import CommandResult, CommandStatus, EvidenceKind, EvidenceRef, Presence, SceneEvent
from tests.support.edge_box import EdgeBox
from tests.support.fake_rtsp import Behaviour, FakeRtspServer, silence, status, wrong_password
from tests.support.mosquitto import Mosquitto
from tests.support.onnx_models import constant_model
from tests.support.processes import Process, Processes
from tests.support.rtsp_server import STREAM, Credentials, RtspServer, StartRtspServer, pattern_stream
from tests.support.scripted_central import SECRET, EvidenceServer, ScriptedCentral
from tests.support.until import until

FakeRtsp = Callable[[Behaviour], FakeRtspServer]
PASSWORD = "Geheim-7788-secret"
JUDGEMENTS_OF_A_FLOOD = 600
"""Many times what a pipe to a process that reads nothing can hold of spot masks."""
SMALL = pattern_stream("snow", width=320, height=180, fps=10)


@dataclass
class Office:
    """A scripted central, its evidence server and a box."""

    central: ScriptedCentral
    server: EvidenceServer
    box: EdgeBox


@pytest.fixture
def office(tmp_path: Path, start_process: Processes, mosquitto: Mosquitto) -> Iterator[Office]:
    with EvidenceServer() as server, ScriptedCentral(mosquitto.port) as central:
        yield Office(central, server, EdgeBox(tmp_path / "box", start_process, mosquitto.port, server.url))


def camera(name: str, url: str, more: str = "") -> str:
    return f'{{id: {name}, url: "{url}"{more}}}'


def camera_processes(agent: Process) -> list[psutil.Process]:
    """Processes of cameras that hold a connection to their camera."""
    found = []
    for pid in agent.survivors():
        process = psutil.Process(pid)
        if pid != agent.pid and any(c.raddr for c in process.net_connections(kind="tcp")):
            found.append(process)
    return sorted(found, key=lambda process: process.pid)


def everything_written(agent: Process, box: EdgeBox, central: ScriptedCentral) -> bytes:
    kept = b"".join(path.read_bytes() for path in box.data_dir.rglob("*") if path.is_file())
    return agent.out.encode() + agent.err.encode() + kept + b"".join(central.received.raw)


def test_a_dying_and_a_stalling_camera_are_told_apart_and_come_back(office: Office, rtsp_server: RtspServer) -> None:
    office.box.configure([camera("c1", rtsp_server.url())])
    agent = office.box.start()
    office.central.wait_for_state("c1", "online")
    rtsp_server.freeze()
    stalled = office.central.wait_for_state("c1", "offline", "stalled", within_s=30)
    assert stalled.data.previous == "online"
    rtsp_server.thaw()
    office.central.wait_for_state("c1", "online", within_s=60)
    rtsp_server.kill()
    refused = office.central.wait_for_state("c1", "offline", "refused", within_s=20)
    picture = refused.data.last_picture
    assert picture is not None
    until(lambda: picture.sha256 in office.server.stored, what="the last good picture")
    rtsp_server.start()
    office.central.wait_for_state("c1", "online", within_s=60)
    assert agent.stop() == 0
    assert not [pid for pid in agent.survivors() if psutil.Process(pid).num_fds() > 100]


def test_reasons_of_cameras_that_never_give_a_picture(office: Office, fake_rtsp: FakeRtsp) -> None:
    locked, lost, mute = fake_rtsp(wrong_password()), fake_rtsp(status(404)), fake_rtsp(silence())
    office.box.configure(
        [
            camera("locked", locked.url(user="viewer", password=PASSWORD)),
            camera("lost", lost.url(user="viewer", password=PASSWORD)),
            camera("mute", mute.url(user="viewer", password=PASSWORD)),
            camera("closed", f"rtsp://viewer:{PASSWORD}@127.0.0.1:1/x"),
            camera("nowhere", f"rtsp://viewer:{PASSWORD}@no-such-host.invalid/x"),
        ]
    )
    agent = office.box.start()
    expected = {
        "locked": "auth_failed",
        "lost": "not_found",
        "closed": "refused",
        "nowhere": "unreachable",
        "mute": "timeout",
    }
    for name, reason in expected.items():
        office.central.wait_for_state(name, "offline", reason, within_s=30)
    assert locked.connections <= 2, "one open, which the library may make in two connections"
    until(lambda: office.central.received.heartbeats, what="a heartbeat")
    agent.stop()
    written = everything_written(agent, office.box, office.central)
    assert PASSWORD.encode() not in written
    assert SECRET.encode() not in written
    assert b"Traceback" not in written


def test_a_camera_that_is_down_at_the_start_is_found_later(office: Office, rtsp_server: RtspServer) -> None:
    rtsp_server.kill()
    office.box.configure([camera("c1", rtsp_server.url())])
    office.box.start()
    office.central.wait_for_state("c1", "offline", "refused")
    rtsp_server.start()
    office.central.wait_for_state("c1", "online", within_s=60)


def test_one_camera_process_killed_or_hung_stops_no_other(office: Office, start_rtsp_server: StartRtspServer) -> None:
    server = start_rtsp_server({STREAM: SMALL})
    office.box.configure([camera(f"c{number}", server.url()) for number in range(3)])
    agent = office.box.start()
    for number in range(3):
        office.central.wait_for_state(f"c{number}", "online", within_s=30)
    first, second, third = until(lambda: len(found := camera_processes(agent)) == 3 and found, what="three processes")
    first.send_signal(signal.SIGKILL)
    second.send_signal(signal.SIGSTOP)
    until(lambda: not second.is_running(), within_s=30, what="the end of the hung process")
    until(lambda: len(camera_processes(agent)) == 3, within_s=30, what="three processes again")
    assert third.is_running()
    assert third.pid in {process.pid for process in camera_processes(agent)}
    untouched = [len(office.central.transitions(f"c{number}")) == 1 for number in range(3)]
    assert sum(untouched) >= 2, "the hung one is told, the killed one is back before anybody misses it"


def test_a_flood_of_judgements_for_a_hung_camera_holds_nobody_up(
    office: Office, start_rtsp_server: StartRtspServer
) -> None:
    server = start_rtsp_server({STREAM: SMALL})
    office.box.configure([camera("c1", server.url())])
    agent = office.box.start()
    office.central.wait_for_state("c1", "online", within_s=30)
    (hung,) = until(lambda: len(found := camera_processes(agent)) == 1 and found, what="the camera's process")
    hung.send_signal(signal.SIGSTOP)
    said = {"name": "judged", "scene": "stay", "zone": "z1", "judgement": "rejected", "box": (0.1, 0.1, 0.5, 0.5)}
    said |= {"mask_until": datetime.now(UTC) + timedelta(days=1)}
    asked = [str(uuid.uuid4()) for _ in range(JUDGEMENTS_OF_A_FLOOD)]
    for number, command in enumerate(asked):
        office.central.command(command, "c1", episode=f"ep-{number}", **said)
    until(lambda: len(office.central.received.results) >= len(asked), within_s=60, what="an answer to each")
    assert {one.data.status for one in office.central.received.results} == {CommandStatus.DONE}
    until(lambda: not hung.is_running(), within_s=30, what="the end of the hung process")
    assert agent.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_process_outlives_the_agent(
    office: Office, start_rtsp_server: StartRtspServer, number: signal.Signals
) -> None:
    server = start_rtsp_server({STREAM: SMALL})
    office.box.configure([camera("c1", server.url()), camera("c2", server.url())])
    agent = office.box.start()
    for name in ("c1", "c2"):
        office.central.wait_for_state(name, "online", within_s=30)
    stopped = camera_processes(agent)[0]
    if number is signal.SIGKILL:
        stopped.send_signal(signal.SIGSTOP)
    os.killpg(agent.pid, number) if number is signal.SIGINT else agent.signal(number)
    assert agent.wait() == {signal.SIGKILL: -9, signal.SIGTERM: 0, signal.SIGINT: 130}[number]
    until(lambda: not agent.survivors(), within_s=5, what="the end of all processes")
    assert "Traceback" not in agent.out + agent.err


def test_a_snapshot_is_taken_once_and_answered_twice(office: Office, start_rtsp_server: StartRtspServer) -> None:
    server = start_rtsp_server({STREAM: SMALL})
    mask = ", privacy_masks: [[[0,0],[1,0],[1,1],[0,1]]]"
    office.box.configure([camera("c1", server.url(), mask), camera("dead", "rtsp://127.0.0.1:1/x")])
    office.box.start()
    office.central.wait_for_state("c1", "online", within_s=30)
    office.central.wait_for_state("dead", "offline", within_s=30)
    wanted, hopeless = str(uuid.uuid4()), str(uuid.uuid4())
    results = office.central.received.results

    def final(command: str) -> list[tuple[str, str]]:
        return [
            (m.data.status, m.data.evidence.sha256 if m.data.evidence else "")
            for m in results
            if m.data.command == command and m.data.status is not CommandStatus.ACCEPTED
        ]

    office.central.command(wanted, "c1")
    until(lambda: final(wanted), what="a result")
    office.central.command(wanted, "c1")
    until(lambda: len(final(wanted)) == 2, what="the same result")
    (status_first, sha256), again = final(wanted)
    assert (status_first, sha256) == again
    assert status_first == CommandStatus.DONE
    assert sha256 in office.server.stored
    office.central.command(hopeless, "dead")
    until(lambda: final(hopeless), what="a refusal")
    assert final(hopeless) == [(CommandStatus.FAILED, "")]


def test_a_zone_is_looked_at_on_demand(office: Office, start_rtsp_server: StartRtspServer) -> None:
    server = start_rtsp_server({STREAM: SMALL})
    zone = (
        ", zones: [{id: z1, polygon: [[0,0],[1,0],[1,1],[0,1]], rules: [{scene: stay, labels: [static], dwell_s: 60}]}]"
    )
    office.box.configure([camera("c1", server.url(), zone)])
    office.box.start()
    office.central.wait_for_state("c1", "online", within_s=30)
    asked, nowhere = str(uuid.uuid4()), str(uuid.uuid4())

    def answers(command: str) -> list[CommandResult]:
        found = [one.data for one in office.central.received.results if one.data.command == command]
        return [one for one in found if one.status is not CommandStatus.ACCEPTED]

    office.central.command(asked, "c1", name="look", zone="z1", seconds=4)
    until(lambda: answers(asked), what="an answer")
    (answer,) = answers(asked)
    assert (answer.status, len(answer.pictures)) == (CommandStatus.DONE, 2)
    assert answer.finding is not None
    assert answer.finding.presence in {Presence.GONE, Presence.CANNOT_TELL}
    assert {picture.sha256 for picture in answer.pictures} <= set(office.server.stored)
    office.central.command(nowhere, "c1", name="look", zone="z9")
    until(lambda: answers(nowhere), what="a refusal")
    assert [(one.status, one.detail) for one in answers(nowhere)] == [
        (CommandStatus.FAILED, "the camera has no such zone")
    ]


def test_credentials_of_every_scheme_open_the_camera(office: Office, start_rtsp_server: StartRtspServer) -> None:
    server = start_rtsp_server({STREAM: SMALL}, Credentials("viewer", "p@ss:word/1", "digest"))
    office.box.configure([camera("c1", server.url())])
    office.box.start()
    office.central.wait_for_state("c1", "online", within_s=30)


def sizes(office: Office, refs: tuple[EvidenceRef, ...]) -> dict[str, tuple[int, int]]:
    """Kind and width x height of pictures that came to the evidence server."""
    until(lambda: {one.sha256 for one in refs} <= set(office.server.stored), what="the pictures")
    pictures = {one.kind: picture_of(office.server.stored[one.sha256]) for one in refs}
    return {str(kind): (picture.shape[1], picture.shape[0]) for kind, picture in pictures.items()}


def test_pictures_of_reports_and_snapshots_come_from_the_main_stream_or_else_from_the_first(
    office: Office, start_rtsp_server: StartRtspServer, tmp_path: Path
) -> None:
    small, large = ({"width": width, "height": height, "fps": 10} for width, height in ((320, 180), (1280, 720)))
    streams = {STREAM: pattern_stream("smpte", **small), "/main": pattern_stream("smpte", **large)}
    server = start_rtsp_server(streams, Credentials("viewer", PASSWORD))
    table = np.zeros((1, 6, 8400), np.float32)
    table[0, :4, 5], table[0, 4, 5] = (320, 320, 60, 120), 0.8
    model = constant_model(tmp_path / "m.onnx", {"output0": table}, metadata={"names": "{0: 'person', 1: 'car'}"})
    rule = "{scene: stay, labels: [person], dwell_s: 2}"
    zone = f", zones: [{{id: z1, polygon: [[0,0],[1,0],[1,1],[0,1]], rules: [{rule}]}}]"
    masked = ", privacy_masks: [[[0,0],[0.25,0],[0.25,0.25],[0,0.25]]]"
    cameras = [("good", "/main", zone), ("lost", "/nowhere", zone), ("asked", "/main", "")]
    office.box.configure(
        [camera(name, server.url(), f', main_url: "{server.url(at)}"{masked}{more}') for name, at, more in cameras],
        f"model: {{path: {model}}}",
    )
    agent = office.box.start()
    raised: Callable[[str], list[SceneEvent]] = lambda name: [  # noqa: E731 - one expression
        one.data for one in office.central.scenes() if one.data.camera == name
    ]
    for name, width in (("good", 1280), ("lost", 320)):
        until(lambda wanted=name: raised(wanted), within_s=60, what=agent.report)
        found = sizes(office, raised(name)[0].evidence)
        assert found["raised"][0] == width
        assert found["started"][0] == 320
    (shown,) = [one for one in raised("good")[0].evidence if one.kind is EvidenceKind.RAISED]
    assert picture_of(office.server.stored[shown.sha256])[4:170, 8:310].max() <= 16
    assert '"event": "main_stream_refused"' in agent.err
    assert "not_found" in agent.err
    command = str(uuid.uuid4())
    office.central.command(command, "asked")
    done = until(
        lambda: [
            one.data.evidence
            for one in office.central.received.results
            if one.data.command == command and one.data.evidence is not None
        ],
        what="a snapshot",
    )
    assert sizes(office, tuple(done)) == {"snapshot": (1280, 720)}
    assert agent.stop() == 0
    pictures = {path.stem for path in (office.box.data_dir / "evidence").glob("*.jpg")}
    named = {ref.sha256 for one in office.central.scenes() for ref in one.data.evidence}
    assert pictures <= named | {one.sha256 for one in done}, "a picture that was replaced is not left behind"
    assert PASSWORD.encode() not in everything_written(agent, office.box, office.central)
