"""Debian's InfluxDB 1.6 and VictoriaMetrics, each on free loopback ports and in a folder of its own.

InfluxDB 1.6 answers InfluxQL, and has no v2 API yet: `InfluxDoor` stands before it, takes v2 writes to where 1.x takes
them, and can spoil answers on their way back.
"""

import json
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from central.settings.series_address import SeriesAddress, parse_series_url
from tests.support.need import need_program
from tests.support.ports import LOOPBACK, accepts, free_port
from tests.support.processes import Process, Processes, processes_in
from tests.support.until import until

START_S = 30.0
TOKEN = "tok-3f9a-not-for-logs"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back; `length` is what the header promises, None: the truth."""

    status: int
    body: bytes
    length: int | None = None


Spoil = Callable[[str, Answer], Answer]


class Influxd:
    """A running InfluxDB, which may be ended and started again with what it has."""

    def __init__(self, start_process: Processes, folder: Path) -> None:
        self.port, self._rpc_port = free_port(), free_port()
        self._program = need_program("influxd", package="influxdb")
        self._start_process = start_process
        self._config = folder / "influxdb.conf"
        self._config.write_text(_config(folder, self.port, self._rpc_port))
        self.process = self.start()

    def start(self) -> Process:
        """Start it, also after `process.stop()` or `process.kill()`."""
        self.process = self._start_process(self._program, "run", "-config", self._config, name=f"influxd-{self.port}")
        until(self._answers, within_s=START_S, what=lambda: f"influxd answering\n{self.process.report()}")
        return self.process

    def run(self, statement: str) -> None:
        """Run InfluxQL that changes something."""
        connection = HTTPConnection(LOOPBACK, self.port, timeout=START_S)
        connection.request("POST", f"/query?{urlencode({'q': statement})}")
        answer = json.loads(connection.getresponse().read())
        connection.close()
        assert "error" not in json.dumps(answer), answer

    def _answers(self) -> bool:
        assert self.process.running(), f"influxd ended: {self.process.report()}"
        return accepts(self.port)


def _config(folder: Path, port: int, rpc_port: int) -> str:
    return f"""
reporting-disabled = true
bind-address = "{LOOPBACK}:{rpc_port}"
[meta]
  dir = "{folder}/meta"
[data]
  dir = "{folder}/data"
  wal-dir = "{folder}/wal"
[monitor]
  store-enabled = false
[http]
  bind-address = "{LOOPBACK}:{port}"
  log-enabled = false
"""


@contextmanager
def influxd() -> Iterator[Influxd]:
    """Start InfluxDB in a temporary folder; skips when it is not installed."""
    with tempfile.TemporaryDirectory(prefix="gw-influx-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with processes_in(folder / "logs") as start:
            yield Influxd(start, folder)


@contextmanager
def victoria_metrics() -> Iterator[int]:
    """Start VictoriaMetrics in a temporary folder and hand out its port; skips when it is not installed."""
    program, port = need_program("victoria-metrics"), free_port()
    with tempfile.TemporaryDirectory(prefix="gw-vm-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with processes_in(folder / "logs") as start:
            options = (f"-httpListenAddr={LOOPBACK}:{port}", f"-storageDataPath={folder}/data", "-retentionPeriod=100y")
            server = start(program, *options, "-memory.allowedBytes=128MB", name="victoria-metrics")
            until(lambda: accepts(port), within_s=START_S, what=server.report)
            yield port


@dataclass
class InfluxDoor:
    """The way to InfluxDB: counts and remembers what passes, and spoils what comes back where a test says so."""

    upstream: int
    port: int = 0
    spoil: Spoil | None = None
    seen: list[str] = field(default_factory=list)
    tokens: set[str | None] = field(default_factory=set)

    def address(self, bucket: str, options: str = "", token: str = TOKEN) -> SeriesAddress:
        """What settings would say of a bucket behind this door."""
        return replace(parse_series_url(f"influxdb+http://{LOOPBACK}:{self.port}/{bucket}{options}"), token=token)


@contextmanager
def influx_door(upstream: int) -> Iterator[InfluxDoor]:
    """Open a door to the InfluxDB at a port of this machine."""
    door = InfluxDoor(upstream)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._pass()

        def do_POST(self) -> None:
            self._pass()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Say nothing."""

        def _pass(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            door.seen.append(self.path)
            door.tokens.add(self.headers.get("Authorization"))
            try:
                answer = _upstream(door.upstream, self.command, _as_v1(self.path), sent)
            except OSError:
                self.close_connection = True
                return
            if door.spoil is not None:
                answer = door.spoil(self.path, answer)
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(answer.body) if answer.length is None else answer.length))
            self.end_headers()
            self.wfile.write(answer.body)
            self.close_connection = self.close_connection or answer.length is not None

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    door.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield door
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _as_v1(path: str) -> str:
    """`/api/v2/write?bucket=db/rp` as 1.x says it: `/write?db=db&rp=rp`."""
    parts = urlsplit(path)
    if parts.path != "/api/v2/write":
        return path
    asked = parse_qs(parts.query)
    database, _, policy = asked["bucket"][0].partition("/")
    precision = {"us": "u"}.get(asked["precision"][0], asked["precision"][0])
    return "/write?" + urlencode({"db": database, "rp": policy, "precision": precision})


def _upstream(port: int, method: str, path: str, sent: bytes) -> Answer:
    connection = HTTPConnection(LOOPBACK, port, timeout=START_S)
    try:
        connection.request(method, path, sent)
        got = connection.getresponse()
        return Answer(got.status, got.read())
    finally:
        connection.close()
