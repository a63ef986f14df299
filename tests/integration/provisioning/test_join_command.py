"""`provision join` against a real HTTP server that answers as central does, or as it must not."""

import json
import socket
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from protocol.joining import JOIN_PATH, Connection
from provisioning.cli import app
from tests.support.ports import free_port

CODE = "ABCD-EFGH-IJKL-OBQR-2345"
SECRET = "s3cr3t-of-this-box"
CONNECTION = {
    "site": "demo",
    "box": "box-1",
    "central_url": "http://127.0.0.1:8080",
    "mqtt_host": "127.0.0.1",
    "mqtt_port": 1883,
    "mqtt_tls": False,
    "secret": SECRET,
}
PROBLEM = "application/problem+json"


@dataclass
class Central:
    """What the next answer is, and what was asked."""

    status: int = 201
    media_type: str = "application/json"
    body: bytes = json.dumps({"connection": CONNECTION, "later_field": 1}).encode()
    url: str = ""
    asked: list[tuple[str, bytes]] = field(default_factory=list)


@pytest.fixture
def central() -> Iterator[Central]:
    state = Central()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            state.asked.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(state.status)
            self.send_header("Content-Type", state.media_type)
            self.send_header("Content-Length", str(len(state.body)))
            self.end_headers()
            self.wfile.write(state.body)

        def log_message(self, *_arguments: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        state.url = f"http://127.0.0.1:{server.server_port}"
        yield state
        server.shutdown()
        thread.join()


def joined(central: str, out: Path, *more: str, code: str = CODE) -> tuple[int, str]:
    words = ["join", "--central", central, "--out", str(out), "--lang", "en", *more]
    result = CliRunner().invoke(app, words, input=code + "\n")
    assert SECRET not in result.output
    return result.exit_code, result.output


def test_the_connection_is_written_for_its_owner_alone(central: Central, tmp_path: Path) -> None:
    code, said = joined(central.url, tmp_path / "new" / "box", code=" abcd efgh ijkl obqr 2345")
    file = tmp_path / "new" / "box" / "connection.yaml"
    assert (code, "site demo, box box-1" in said) == (0, True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Connection.model_validate(YAML(typ="safe", pure=True).load(file)).secret.get_secret_value() == SECRET
    assert [path for path, _ in central.asked] == [JOIN_PATH]
    assert json.loads(central.asked[0][1])["code"] == CODE
    assert [entry.name for entry in file.parent.iterdir()] == ["connection.yaml"]


def test_the_code_may_come_from_a_file_or_an_option(central: Central, tmp_path: Path) -> None:
    (tmp_path / "code").write_text(CODE.lower() + "\n")
    assert joined(central.url, tmp_path / "a", "--code-file", str(tmp_path / "code"), code="")[0] == 0
    assert joined(central.url, tmp_path / "b", "--code", CODE, code="")[0] == 0
    assert joined(central.url, tmp_path / "c", "--code", CODE, "--code-file", str(tmp_path / "code"))[0] == 2
    assert joined(central.url, tmp_path / "d", "--code-file", str(tmp_path / "absent"))[0] == 2


def test_an_existing_connection_stays_and_the_code_is_not_spent(central: Central, tmp_path: Path) -> None:
    (tmp_path / "connection.yaml").write_text("old")
    code, said = joined(central.url, tmp_path)
    assert (code, "--force" in said, central.asked) == (2, True, [])
    assert (tmp_path / "connection.yaml").read_text() == "old"
    assert joined(central.url, tmp_path, "--force")[0] == 0
    assert SECRET in (tmp_path / "connection.yaml").read_text()


def test_a_refused_replacement_keeps_the_old_connection(central: Central, tmp_path: Path) -> None:
    (tmp_path / "connection.yaml").write_text("old")
    central.status, central.media_type, central.body = 403, PROBLEM, b"{}"
    assert joined(central.url, tmp_path, "--force")[0] == 2
    assert (tmp_path / "connection.yaml").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_an_unwritable_folder_does_not_spend_the_code(central: Central, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, said = joined(central.url, tmp_path / "file" / "below")
    assert (code, "not spent" in said, central.asked) == (2, True, [])


@pytest.mark.parametrize(
    ("answer", "code", "says"),
    [
        ((403, PROBLEM, b"{}"), 2, "add-box"),
        ((429, PROBLEM, b"{}"), 1, "Too many tries"),
        ((422, PROBLEM, b"{}"), 1, "versions may differ"),
        ((503, PROBLEM, b"{}"), 1, "HTTP 503"),
        ((403, "text/html", b"<h1>Forbidden</h1>"), 1, "not a Gridwarden"),
        ((404, "text/html", b""), 1, "not a Gridwarden"),
        ((200, "text/html", b"<h1>Welcome</h1>"), 1, "not a Gridwarden"),
        ((302, "text/html", b""), 1, "not a Gridwarden"),
        ((201, "application/json", b'{"connection": {"secret": "s3cr3t-of-this-box"}}'), 1, "cannot be read"),
        ((201, "text/html", b"welcome"), 1, "cannot be read"),
    ],
)
def test_every_refusal_says_what_to_do(
    central: Central, tmp_path: Path, answer: tuple[int, str, bytes], code: int, says: str
) -> None:
    central.status, central.media_type, central.body = answer
    exit_code, said = joined(central.url, tmp_path)
    assert (exit_code, says in said) == (code, True), said
    assert list(tmp_path.iterdir()) == []


def test_nobody_there_is_said_so(tmp_path: Path) -> None:
    code, said = joined(f"http://127.0.0.1:{free_port()}", tmp_path)
    assert (code, "refuses the connection" in said) == (1, True)


def test_an_unknown_name_is_said_so(tmp_path: Path) -> None:
    code, said = joined("http://nobody.invalid:8080", tmp_path)
    assert (code, "host name" in said) == (1, True)


def test_https_to_a_plain_port_is_said_so(central: Central, tmp_path: Path) -> None:
    code, said = joined(central.url.replace("http:", "https:"), tmp_path)
    assert (code, "certificate" in said) == (1, True)


def test_bytes_that_are_no_http_are_said_so(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            connection, _address = server.accept()
            with connection:
                connection.sendall(b"SSH-2.0-OpenSSH\r\n")
                connection.recv(65536)

        thread = threading.Thread(target=greet)
        thread.start()
        code, said = joined(f"http://127.0.0.1:{server.getsockname()[1]}", tmp_path)
        thread.join()
    assert (code, "not a Gridwarden" in said) == (1, True)
