"""The demo's shells against real peers: child processes, a paged API, a real sender of notices."""

import json
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import apprise
import pytest

from provisioning.demo.central_api import ApiUnavailable, CentralApi
from provisioning.demo.plan import Ports, Wishes, plan_demo
from provisioning.demo.processes import Child, CommandFailed, Interrupted, Interruption, answer_of
from provisioning.demo.receiver import NoticeReceiver
from provisioning.demo.stage import Stage, StageBroken, accepts
from tests.support.ports import free_port
from tests.support.processes import Processes
from tests.support.until import until

PARENT = """
import sys, time
from pathlib import Path
from provisioning.demo.processes import Child
folder, port = Path(sys.argv[1]), sys.argv[2]
Child("camera", ("provision", "simulate-camera", "--port", port), folder / "log", folder).start()
print("READY", flush=True)
while True: time.sleep(60)
"""


@contextmanager
def camera(folder: Path) -> Iterator[tuple[Child, int]]:
    port = free_port()
    child = Child("camera", ("provision", "simulate-camera", "--port", str(port)), folder / "logs" / "log", folder)
    child.start()
    try:
        yield child, port
    finally:
        child.ask_to_end()
        child.wait_ended()


def test_a_child_is_killed_started_again_on_its_port_and_ended(tmp_path: Path) -> None:
    with camera(tmp_path) as (child, port):
        until(lambda: child.tail().count("ready") == 1, within_s=30, what=child.tail)
        assert accepts(port)
        child.kill()
        assert (child.exit_code, child.expected_end, accepts(port)) == (-9, True, False)
        child.start()
        until(lambda: child.tail().count("ready") == 2, within_s=30, what=child.tail)
        assert not child.expected_end
        child.ask_to_end()
        child.wait_ended()
        assert child.exit_code == 0


def test_a_child_ends_with_its_parent(start_process: Processes, tmp_path: Path) -> None:
    parent = start_process(sys.executable, "-c", PARENT, tmp_path, str(free_port()))
    parent.wait_for("READY")
    assert len(parent.survivors()) == 2
    parent.kill()
    until(lambda: not parent.survivors(), what="the child ending")


def test_a_stage_notices_a_process_that_ends_by_itself(tmp_path: Path) -> None:
    child = Child("box-1", ("edge", "run", "--config", "absent.yaml"), tmp_path / "log", tmp_path)
    plan = plan_demo(Wishes(tmp_path, checked=True), Ports(1, 2, 3, (4, 5, 6, 7)))
    receiver = NoticeReceiver()
    try:
        stage = Stage(plan, receiver, {"box-1": child}, 0.0, float("inf"))
        child.start()
        with pytest.raises(StageBroken, match=r"box-1 ended by itself \(2\)") as broken:
            stage.wait(lambda: None, within_s=60)
        assert broken.value.what == "process_died"
        stage.deadline_s = 0.0
        child.expected_end = True
        with pytest.raises(StageBroken) as broken:
            stage.look_after()
        assert broken.value.what == "timed_out"
    finally:
        receiver.close()


def test_signals_are_noted_and_raise_where_somebody_looks() -> None:
    interruption = Interruption()
    before = signal.getsignal(signal.SIGTERM)
    with interruption.noted():
        interruption.check()
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(Interrupted, match="SIGTERM"):
            interruption.check()
    assert signal.getsignal(signal.SIGTERM) is before
    interruption.check()


def test_a_short_command_answers_or_says_why_not(tmp_path: Path) -> None:
    assert "simulate-camera" in answer_of(("provision", "--help"), tmp_path, within_s=60)
    with pytest.raises(CommandFailed, match="gridwarden provision nonsense ended with 2"):
        answer_of(("provision", "nonsense"), tmp_path, within_s=60)


@pytest.fixture
def paged() -> Iterator[str]:
    """A list of five things in pages of two, `broken`, and one picture."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            start = int(parse_qs(parts.query).get("cursor", ["0"])[0])
            allowed = self.headers["Authorization"] == "Bearer gw_token"
            status, body = 200 if allowed else 401, b"picture"
            if parts.path == "/api/v1/things":
                following = str(start + 2) if start + 2 < 5 else None
                items = [{"id": number} for number in range(start, min(start + 2, 5))]
                body = json.dumps({"items": items, "next": following}).encode()
            elif parts.path == "/api/v1/absent":
                status = 404
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_all_pages_of_a_list_are_read(paged: str) -> None:
    api = CentralApi(paged, "gw_token")
    assert [item["id"] for item in api.items("things")] == [0, 1, 2, 3, 4]
    assert api.picture("abc") == b"picture"
    assert api.is_healthy()


def test_an_api_that_refuses_is_unavailable(paged: str) -> None:
    for api, name in ((CentralApi(paged), "things"), (CentralApi(paged, "gw_token"), "absent")):
        with pytest.raises(ApiUnavailable, match=name):
            list(api.items(name))
    nobody = CentralApi(f"http://127.0.0.1:{free_port()}", "gw_token")
    assert not nobody.is_healthy()
    with pytest.raises(ApiUnavailable):
        nobody.picture("abc")


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # of one of the sender's plugins
def test_notices_arrive_as_the_sender_sent_them() -> None:
    receiver = NoticeReceiver()
    try:
        sender = apprise.Apprise()
        sender.add(f"json://127.0.0.1:{receiver.port}/")
        assert sender.notify(title="摄像机离线", body="人民路口东侧")
        assert [(notice.title, notice.text) for notice in receiver.notices] == [("摄像机离线", "人民路口东侧")]
        receiver.take(b"no JSON")
        assert len(receiver.notices) == 1
    finally:
        receiver.close()
